// The model shares the image format with the rest of the program and nothing else, or it could not tell who is right.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requireModelled } from '../../host/model/semantics.ts';
import { compileSmall, SILENT } from '../support/small-network.ts';

const FOLDER = join(import.meta.dirname, '../../host/model');

describe('the reference model', () => {
  it('imports types of the image, and otherwise only itself', () => {
    for (const file of readdirSync(FOLDER)) {
      const text = readFileSync(join(FOLDER, file), 'utf8');
      const imports = [...text.matchAll(/^import (type )?[^;]*? from '([^']+)';/gms)];
      const foreign = imports.filter(([, type, from]) =>
        from!.startsWith('./') ? false : from !== '../image/image.ts' || type === undefined,
      );
      expect(foreign.map(([, , from]) => `${file}: ${from}`)).toEqual([]);
    }
  });

  it('refuses an option that it does not have', () => {
    const { image } = compileSmall({ populations: [{ name: 'cell', size: 1, compartment: SILENT }] });
    expect(() => requireModelled(image)).not.toThrow();
    const other = { ...image, semantics: { ...image.semantics, currentOverflow: 'saturate' as 'none' } };
    expect(() => requireModelled(other)).toThrow('the model does not know currentOverflow: saturate');
  });
});
