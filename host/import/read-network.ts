// Networks from files, by their kind: the own YAML, lava-dl's `.net`, a folder that SLAYER wrote.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { UserError } from '../errors.ts';
import type { Network } from '../network/network.ts';
import { readLavaDl } from './lava-dl.ts';
import { type LayerStack, networkOfLayers } from './layers.ts';
import { readNetworkFile } from './network-file.ts';
import { isSlayerFolder, readSlayerFolder } from './slayer.ts';

export interface NetworkSource {
  readonly network: Network;
  /** What it was made from, if that was layers. */
  readonly stack?: LayerStack;
}

const READ =
  'read are network files (.yaml), lava-dl networks (.net) and SLAYER folders (network.yaml and ...Fc1.txt)';

function ofLayers(path: string, stack: LayerStack): NetworkSource {
  return { network: networkOfLayers(basename(path, '.net'), stack), stack };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** SANA-FE's networks and chips have a map where the own files have a name. */
const SANA_FE = /^(network|architecture):[ \t]*$/m;

function refuseSanaFe(path: string): void {
  if (!existsSync(path) || !SANA_FE.test(readFileSync(path, 'utf8'))) return;
  throw new UserError(`SANA-FE files are not read (${path}); ${READ}`, { code: 'unknown-format', path });
}

/** True for what can only be a file or a folder, and no recipe. */
export function isNetworkPath(name: string): boolean {
  return /[\\/]/.test(name) || extname(name) !== '' || isFolder(name);
}

/**
 * Reads a network.
 * @throws UserError if there is none, it is of a kind that is not read, or it is wrong
 */
export async function readNetwork(path: string): Promise<NetworkSource> {
  if (isFolder(path)) {
    if (isSlayerFolder(path)) return ofLayers(path, readSlayerFolder(path));
    throw new UserError(`${path} is a folder without network.yaml and ...Fc1.txt; ${READ}`, {
      code: 'unknown-format',
      path,
    });
  }
  const kind = extname(path).toLowerCase();
  if (kind === '.yaml' || kind === '.yml') {
    refuseSanaFe(path);
    return { network: readNetworkFile(path) };
  }
  if (kind === '.net') return ofLayers(path, await readLavaDl(path));
  throw new UserError(`networks of kind "${kind}" are not read (${path}); ${READ}`, {
    code: 'unknown-format',
    path,
    got: kind,
  });
}
