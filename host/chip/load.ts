// Loading a chip: the file, the files that it extends, the checks. The result keeps where every number came from.

import { basename, dirname } from 'node:path';
import { UserError } from '../errors.ts';
import { type ChipDocument, readChipDocument } from './chip-document.ts';
import { type ChipFile, chipNames, findChipFile, readChipFile, shippedChipDir } from './chip-file.ts';
import { mergeDocuments } from './chip-merge.ts';
import { validateChip } from './chip-validate.ts';
import { precompiledFolder, shippedChip, writePrecompiled } from './precompiled.ts';
import { chipError, nonEmpty, type Problem } from './problem.ts';
import type { Provenance } from './provenance.ts';
import type { Chip } from './schema.ts';

export interface LoadOptions {
  /** Folders in which a name is looked for before the shipped chips. */
  readonly chipDirs?: readonly string[];
}

export interface LoadedChip {
  readonly chip: Chip;
  /**
   * By dotted path, e.g. `timing.axonIn`, `energy.profiles.sana-fe.spike`, `timing.barrier.4`. An option that no
   * file names (it has its default) has no entry.
   */
  readonly provenance: ReadonlyMap<string, Provenance>;
  /** The file that was asked for, then those that it extends; `sha256` hexadecimal, of the bytes. */
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
}

/** A chip as `chip list` shows it. */
export interface ChipListing {
  readonly name: string;
  readonly title: string;
  readonly status: string;
  readonly generation: Chip['generation'];
  readonly extends: string | null;
  readonly file: string;
}

interface ChainLink {
  readonly file: ChipFile;
  readonly document: ChipDocument;
}

interface Chain {
  readonly links: readonly ChainLink[];
  /** Problems of the chain itself: a parent that does not exist, a cycle. */
  readonly problems: readonly Problem[];
}

/** Reads a file and those that it extends, as far as they can be found. */
function readChain(path: string, chipDirs: readonly string[]): Chain {
  const links: ChainLink[] = [];
  let next = path;
  for (;;) {
    const file = readChipFile(next);
    const document = readChipDocument(file.text, file.label);
    links.push({ file, document });
    const parent = document.leaves.get('extends');
    if (parent === undefined || typeof parent.value !== 'string') return { links, problems: [] };

    const { line, column } = parent.provenance;
    const details = { path: 'extends', file: file.label, line, column, got: parent.value };
    try {
      next = findChipFile(parent.value, chipDirs, dirname(file.path));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const { code, hint } = error.details;
      const problem = {
        message: error.message,
        details: { ...details, code, ...(hint === undefined ? {} : { hint }) },
      };
      return { links, problems: [problem] };
    }
    const first = links.findIndex((link) => link.file.path === next);
    if (first >= 0) {
      const cycle = [...links.slice(first), links[first]].map((link) => link?.file.label).join(' → ');
      return {
        links,
        problems: [
          { message: `extends goes in a circle: ${cycle}`, details: { ...details, code: 'extends-cycle' } },
        ],
      };
    }
  }
}

/**
 * Loads a chip.
 *
 * @param nameOrFile the name of a chip (`loihi1`) or the path of a YAML file, relative to the working directory
 * @throws UserError with file, line, column, path, got and limit; all problems of all files, one a line
 */
export function loadChip(nameOrFile: string, options: LoadOptions = {}): LoadedChip {
  const chipDirs = options.chipDirs ?? [];
  const path = findChipFile(nameOrFile, chipDirs, process.cwd());
  const shipped = chipDirs.length === 0 ? shippedChip(path) : undefined;
  return shipped ?? readChip(path, nameOrFile, chipDirs);
}

/** Reads and checks a chip and all that it extends. */
function readChip(path: string, nameOrFile: string, chipDirs: readonly string[]): LoadedChip {
  const chain = readChain(path, chipDirs);
  const documents = chain.links.map((link) => link.document);
  const found: Problem[] = [...chain.problems, ...documents.flatMap((document) => document.problems)];

  // Without all of its files a chip lacks values for which this file is not to blame.
  const isWhole = chain.problems.length === 0;
  const merged = mergeDocuments(documents);
  const suspects = new Set(documents.flatMap((document) => [...document.suspects]));
  const label = documents[0]?.file ?? nameOrFile;
  const checked = isWhole ? validateChip(merged, label, suspects) : { problems: [] };
  const problems = nonEmpty('problems' in checked ? [...found, ...checked.problems] : found);
  if (problems !== undefined) throw chipError(problems);
  if (!('chip' in checked)) throw new Error('a chip without problems did not pass the schema');

  return {
    chip: checked.chip,
    provenance: new Map([...merged.leaves].map(([path, leaf]) => [path, leaf.provenance])),
    files: chain.links.map(({ file }) => ({ name: basename(file.path), sha256: file.sha256 })),
  };
}

/** Reads the shipped chips, so that loading one of them does not have to. */
export function precompileChips(folder = precompiledFolder()): void {
  for (const name of chipNames()) {
    const path = findChipFile(name, [], shippedChipDir());
    writePrecompiled(folder, path, readChip(path, name, []));
  }
}

/**
 * All chips that can be loaded by name, sorted by name.
 *
 * @throws UserError if one of them does not load
 */
export function listChips(options: LoadOptions = {}): ChipListing[] {
  return chipNames(options.chipDirs).map((name) => {
    const { chip, provenance } = loadChip(name, options);
    const { title, status, generation } = chip;
    const file = provenance.get('name')?.file ?? name;
    return { name, title, status, generation, extends: chip.extends ?? null, file };
  });
}
