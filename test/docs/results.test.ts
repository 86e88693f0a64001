// The page of results is what its script makes of the rows in the repository, and no row was trained by the host.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { findFunctionRecipe } from '../../host/recipes/function-registry.ts';
import { findRecipe } from '../../host/recipes/registry.ts';
import { packageFolder } from '../../host/versions.ts';

const root = packageFolder();
const rows = z
  .array(
    z.looseObject({
      recipe: z.string(),
      accuracy: z.number().min(0).max(1).nullable(),
      seed: z.number(),
      synthetic: z.boolean(),
    }),
  )
  .parse(JSON.parse(readFileSync(join(root, 'docs/results/runs.json'), 'utf8')));

describe('the page of results', () => {
  it('is made from its rows', () => {
    const check = spawnSync(process.execPath, ['scripts/results.mjs', '--check'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(check.stderr).toBe('');
    expect(check.status).toBe(0);
  });

  it('shows runs of recipes that there are', () => {
    expect(rows.length).toBeGreaterThan(0);
    for (const { recipe } of rows)
      expect((findFunctionRecipe(recipe) ?? findRecipe(recipe)).name).toBe(recipe);
  });
});
