// The folder of a run: what was asked (`run.yaml`), where it stands (`snapshot.smnt`), what came out (`report.json`,
// `report.html`, `samples.csv`). Every file is written by rename, so a killed run leaves whole files.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import * as z from 'zod';
import { UserError } from '../errors.ts';
import { makeFolder, TEMPORARY, writeFileAtomically } from '../report/write.ts';
import type { RunPlan, TrainRequest } from './plan.ts';

const RUN_FILE = 'run.yaml';
const SNAPSHOT_FILE = 'snapshot.smnt';

const requestSchema = z.strictObject({
  recipe: z.string(),
  data: z.string(),
  chip: z.string(),
  samples: z.exactOptional(z.number()),
  epochs: z.exactOptional(z.number()),
  test: z.exactOptional(z.number()),
  seed: z.number(),
  timing: z.string(),
  precision: z.exactOptional(z.string()),
  settings: z.record(z.string(), z.unknown()),
});

const runSchema = z.looseObject({ request: requestSchema, planHash: z.string() });

/** Hash of everything that a run's result depends on. */
export function planHash(plan: RunPlan, versions: Readonly<Record<string, string>>): string {
  const inputs = {
    recipe: plan.recipe.name,
    settings: plan.settings,
    data: plan.dataset.sources.map(({ sha256 }) => sha256),
    chip: plan.chip.files.map(({ sha256 }) => sha256),
    train: plan.train.count,
    test: plan.test.count,
    epochs: plan.epochs,
    seed: plan.seed,
    timing: plan.timing,
    core: versions.core,
    ...(plan.precision === 'chip' ? {} : { precision: plan.precision }),
  };
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
}

/** `2026-01-31T12-00-00`, fit for a folder name. */
function timeStamp(now: Date): string {
  return now.toISOString().slice(0, 19).replaceAll(':', '-');
}

/** The folder of a new run: `--out`, or `./runs/<recipe>-<time>`. */
export function newRunFolder(out: string | undefined, recipe: string, cwd: string, now: Date): string {
  const folder = resolve(cwd, out ?? join('runs', `${recipe}-${timeStamp(now)}`));
  if (existsSync(join(folder, RUN_FILE))) {
    throw new UserError(`${folder} already holds a run`, {
      code: 'run-exists',
      path: '--out',
      hint: `continue it with --resume ${folder}, or choose another folder`,
    });
  }
  return folder;
}

export class RunFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Makes the folder and says what is asked of the run. */
  begin(plan: RunPlan, hash: string, versions: Readonly<Record<string, string>>): void {
    makeFolder(this.path);
    const { samples, epochs, test, ...rest } = plan.request;
    const run = {
      request: {
        ...rest,
        ...(samples === undefined ? {} : { samples }),
        ...(epochs === undefined ? {} : { epochs }),
        ...(test === undefined ? {} : { test }),
      },
      planHash: hash,
      settings: plan.settings,
      data: { name: plan.dataset.name, synthetic: plan.dataset.synthetic, sources: plan.dataset.sources },
      chip: { name: plan.chip.chip.name, files: plan.chip.files },
      versions,
    };
    this.write(RUN_FILE, stringify(run));
  }

  write(name: string, content: string | Uint8Array): void {
    writeFileAtomically(join(this.path, name), content);
  }

  /** False if the run was killed before its first snapshot. */
  get hasSnapshot(): boolean {
    return existsSync(this.snapshotFile);
  }

  /** Removes what a killed run was about to write. */
  removeLeftovers(): void {
    for (const name of readdirSync(this.path)) {
      if (TEMPORARY.test(name)) rmSync(join(this.path, name), { force: true });
    }
  }

  get snapshotFile(): string {
    return join(this.path, SNAPSHOT_FILE);
  }

  get isFinished(): boolean {
    return existsSync(join(this.path, 'report.json'));
  }

  writeSnapshot(content: Uint8Array): void {
    this.write(SNAPSHOT_FILE, content);
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), 'utf8');
  }

  /**
   * What was asked of a run that is to be resumed.
   * @throws UserError if the folder does not hold a run
   */
  request(): { request: TrainRequest; planHash: string } {
    const file = join(this.path, RUN_FILE);
    if (!existsSync(file)) {
      throw new UserError(`${this.path} does not hold a run: there is no ${RUN_FILE} in it`, {
        code: 'no-run',
        path: '--resume',
      });
    }
    const parsed = runSchema.safeParse(parse(readFileSync(file, 'utf8')));
    if (!parsed.success) {
      const issue = parsed.error.issues[0]!;
      throw new UserError(`${issue.path.join('.')}: ${issue.message}`, { code: 'bad-run', file });
    }
    return parsed.data;
  }
}
