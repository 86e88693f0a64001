// Makes a checkout ready: installs what package-lock.json asks for and builds what is older than its sources.
// Plain Node, since nothing is installed yet when it runs.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const NODE_MIN = [20, 19];

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** Runs npm; its output is shown only if it fails. */
function npm(what, args) {
  process.stderr.write(`${what} …\n`);
  const isWindows = process.platform === 'win32';
  const { status, stdout, stderr, error } = spawnSync('npm', args, {
    cwd: root,
    encoding: 'utf8',
    shell: isWindows,
  });
  if (error !== undefined) fail(`npm could not be started: ${error.message}`);
  if (status !== 0) fail(`npm ${args.join(' ')} failed:\n${stdout}${stderr}`);
}

/** Time of the last change below a path; 0 if there is nothing. */
function lastChange(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, lastChange(join(path, name))), 0);
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < NODE_MIN[0] || (major === NODE_MIN[0] && minor < NODE_MIN[1])) {
  fail(`Seamount needs Node ${NODE_MIN.join('.')} or newer; this is ${process.versions.node}`);
}

const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
const installed = join(root, 'node_modules', '.seamount-lock');
if (!existsSync(installed) || readFileSync(installed, 'utf8') !== lock) {
  npm('installing dependencies', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  writeFileSync(installed, lock);
}

const built = join(root, 'dist', '.built');
const sources = [
  'assembly',
  'host',
  'bench',
  'scripts/bundle.mjs',
  'asconfig.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'package-lock.json',
];
const newest = Math.max(...sources.map((name) => lastChange(join(root, name))));
if (newest > lastChange(built)) {
  npm('building', ['run', 'build']);
  mkdirSync(dirname(built), { recursive: true });
  writeFileSync(built, '');
}
