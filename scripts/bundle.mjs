// Makes the bundle of the command line (host/bundle.ts) of the built modules and runs a small network with it, so that what a
// run needs is kept as byte code.

import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { BUNDLE_FILES, COMPILER_NOTES, loadBundle } from '../dist/host/bundle.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = dirname(BUNDLE_FILES.script);

/**
 * A module that asks where it is gets the place that it has outside of the bundle, and packages that are imported when they
 * are needed stay there: V8 forgets with its byte code how a script imports, so that the loader does it.
 */
const outside = {
  name: 'outside',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]dist[\\/]host[\\/].*\.js$/ }, ({ path }) => {
      const place = JSON.stringify(relative(folder, path).replaceAll('\\', '/'));
      const url = `require('node:url').pathToFileURL(require('node:path').join(__dirname, ${place})).href`;
      const source = readFileSync(path, 'utf8').replaceAll('import.meta.url', url);
      return { contents: source.replaceAll(/\bimport\('(?!\.)/g, "importPackage('") };
    });
  },
};

/** Commander loads it for commands that are other programs, of which there is none; it takes others with it. */
const lateChildProcess = {
  name: 'late child process',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path: 'child_process', namespace: 'late' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'late' }, () => ({
      contents: "exports.spawn = (...args) => require('node:child_process').spawn(...args);",
    }));
  },
};

/** The script is a function, as Node makes one of a CommonJS module. */
async function writeScript() {
  await build({
    entryPoints: [join(root, 'dist/host/command-line.js')],
    outfile: BUNDLE_FILES.script,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    banner: { js: '(function (module, require, importPackage, __dirname) {' },
    footer: { js: '})' },
    external: ['msgpackr', 'piscina'], // for few commands
    plugins: [outside, lateChildProcess],
    logLevel: 'warning',
  });
  copyFileSync(COMPILER_NOTES, BUNDLE_FILES.notes);
}

async function writeByteCode() {
  const bundle = loadBundle();
  const network = join(root, 'examples/pair-stdp.yaml');
  const { write } = process.stdout;
  process.stdout.write = () => true; // what the run says is not asked for
  await bundle.commandLine(['node', 'seamount', 'run', network, '--steps', '10']);
  process.stdout.write = write;
  writeFileSync(BUNDLE_FILES.byteCode, bundle.byteCode());
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
await writeScript();
await writeByteCode();
