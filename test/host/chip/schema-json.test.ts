import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { shippedChipDir } from '../../../host/chip/chip-file.ts';
import { chipJsonSchema, chipJsonSchemaText } from '../../../host/chip/schema-json.ts';
import { CHILD, shippedText } from './chip-fixture.ts';

describe('the JSON Schema of chip files', () => {
  it('in chip-config is the one that the program makes (vitest -u writes it anew)', async () => {
    await expect(chipJsonSchemaText()).toMatchFileSnapshot(join(shippedChipDir(), 'schema.json'));
  });

  const schema = z.fromJSONSchema(chipJsonSchema() as Parameters<typeof z.fromJSONSchema>[0]);

  it.each(['loihi1', 'loihi1-davies', 'loihi1-idle-skip', 'loihi2'])(
    'accepts the shipped chip %s',
    (name) => {
      const text = shippedText(name);
      expect(text).toMatch(/^# yaml-language-server: \$schema=\.\/schema\.json\n/);
      expect(schema.safeParse(parse(text)).error?.issues).toBeUndefined();
    },
  );

  it.each([
    'core: { compartments: 1024 }',
    'core: { compartments: 4 steps }',
    'core: { comparments: 4 compartments }',
    'timing: { axonIn: 3 pJ }',
    'timing: { axonIn: { value: 3 } }',
    'semantics: { weightRead: soon }',
  ])('refuses %s', (section) => {
    expect(schema.safeParse(parse(CHILD + section)).success).toBe(false);
  });
});
