// Writes docs/fidelity.md from docs/fidelity.yaml. With --check it writes nothing and fails if the page is stale.

import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const docs = join(dirname(dirname(fileURLToPath(import.meta.url))), 'docs');
const page = join(docs, 'fidelity.md');
const { implemented, notImplemented, conflicts } = parse(readFileSync(join(docs, 'fidelity.yaml'), 'utf8'));

const code = (names = []) => names.map((name) => `\`${name}\``).join('<br>');
const link = (file) => `[${file.replace(/^test\//, '')}](../${file})`;

const lines = [
  '# Fidelity',
  '',
  'Made by `npm run fidelity` from `docs/fidelity.yaml`. Sections are those of the hardware reference, letters those of',
  'its conflict (C) and unknown (U) lists and its worked traces (A). Tags: P published, E from emulators compared with',
  'chips, S from software that programs chips, R recalled, D derived, A assumed.',
  '',
  '## Implemented',
  '',
  '| section | what | known from | option | tests |',
  '| --- | --- | --- | --- | --- |',
  ...implemented.map(
    ({ hw, what, tag, options, tests }) =>
      `| ${hw} | ${what} | ${tag} | ${code(options)} | ${tests.map(link).join('<br>')} |`,
  ),
  '',
  '## Not implemented',
  '',
  '| section | what |',
  '| --- | --- |',
  ...notImplemented.map(({ hw, what }) => `| ${hw} | ${what} |`),
  '',
  '## Conflicts',
  '',
  'Where public sources disagree, and the option that decides; `seamount chip show` has the values, a chip file sets them.',
  '',
  '| conflict | about | option | tests |',
  '| --- | --- | --- | --- |',
  ...conflicts.map(
    ({ conflict, about, nothing, options, tests = [] }) =>
      `| ${conflict} | ${about} | ${nothing ?? code(options)} | ${tests.map(link).join('<br>')} |`,
  ),
  '',
];
const text = lines.join('\n');

if (!process.argv.includes('--check')) writeFileSync(page, text);
else if (readFileSync(page, 'utf8') !== text) {
  process.stderr.write('docs/fidelity.md is stale: run "npm run fidelity"\n');
  process.exitCode = 1;
}
