// The end of a run in the terminal: what it reached and what it cost, in columns that fit a narrow window.

import { stripVTControlCharacters, styleText } from 'node:util';
import { SAMPLE_PARTS } from '../recipes/recipe.ts';
import {
  formatCount,
  formatDuration,
  formatPercent,
  formatRange,
  formatSeed,
  formatShare,
  formatSi,
  isKnown,
  UNKNOWN,
} from './format.ts';
import type { Approximation, Report } from './report.ts';
import { phaseTotalS, timedPhases } from './sections/time-section.ts';
import { percentilesText } from './sections/uncertainty-card.ts';
import { dataTitle, MODELLED, notModelledByUnit, readingTitle, unitTitle } from './wording.ts';

export interface SummaryOptions {
  readonly color: boolean;
  /** Columns of the terminal; less than 60 is taken as 60. */
  readonly width: number;
}

const LEAST_WIDTH = 60;
const NAME_WIDTH = 24;
const VALUE_WIDTH = 12;
const SHARE_WIDTH = 10;
const INDENT = '  ';

/** Text of a file must not command the terminal; and spaces that do not break are plain ones here. */
function plain(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[\u00a0\u202f]/g, ' ')
    .replace(/\p{Cc}+/gu, ' ');
}

/** Lines no longer than a width; a longer word is cut apart. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of plain(text).split(/ +/)) {
    for (let rest = word; rest !== ''; ) {
      const space = line === '' ? '' : ' ';
      if (line.length + space.length + rest.length <= width) {
        line += space + rest;
        rest = '';
      } else if (line !== '') {
        lines.push(line);
        line = '';
      } else {
        lines.push(rest.slice(0, width));
        rest = rest.slice(width);
      }
    }
  }
  return [...lines, line].filter((item, i) => item !== '' || i === 0);
}

class Summary {
  readonly #lines: string[] = [];
  readonly #width: number;
  readonly #color: boolean;

  constructor({ color, width }: SummaryOptions) {
    this.#width = Math.max(LEAST_WIDTH, Math.floor(width) || 80);
    this.#color = color;
  }

  #styled(style: 'bold' | 'dim', text: string): string {
    // The caller knows where the text goes, so the stream is not asked again.
    return this.#color ? styleText(style, text, { validateStream: false }) : text;
  }

  title(text: string): void {
    for (const line of wrapped(text, this.#width)) this.#lines.push(this.#styled('bold', line));
  }

  section(name: string, value = ''): void {
    const gap = value === '' ? '' : ' '.repeat(Math.max(1, NAME_WIDTH + INDENT.length - name.length));
    this.#lines.push('', this.#styled('bold', `${plain(name)}${gap}${plain(value)}`));
  }

  /** A name, a value flush right, and a share or a remark behind it. */
  row(name: string, value: string, more = '', depth = 1): void {
    const indent = INDENT.repeat(depth);
    const room = NAME_WIDTH + INDENT.length - indent.length;
    const label = plain(name);
    const cut = label.length > room ? `${label.slice(0, room - 1)}…` : label.padEnd(room);
    const left = `${indent}${cut}${plain(value).padStart(VALUE_WIDTH)}`;
    const isShare = /^(< )?[\d.]+ %$/.test(plain(more));
    if (isShare) this.#lines.push(`${left}${plain(more).padStart(SHARE_WIDTH)}`);
    else if (more === '') this.#lines.push(left.trimEnd());
    else this.#remark(`${left}  `, more);
  }

  /** A name and text that may take several lines. */
  text(name: string, text: string): void {
    this.#remark(`${INDENT}${plain(name).padEnd(NAME_WIDTH)}`, text);
  }

  /** Text below everything else. */
  remark(text: string): void {
    this.#lines.push('');
    this.#remark('', text);
  }

  #remark(left: string, text: string): void {
    const [first, ...others] = wrapped(text, this.#width - left.length);
    this.#lines.push(left + this.#styled('dim', first!));
    for (const line of others) this.#lines.push(' '.repeat(left.length) + this.#styled('dim', line));
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}

function accuracy(out: Summary, { accuracy: reached, samples }: Report): void {
  out.section('Accuracy');
  out.row('test set', formatPercent(reached.test, 2), `${formatCount(samples.test)} samples`);
  out.row('training set', formatPercent(reached.train, 2), 'a slice of it, after training');
  if (reached.perEpoch.length > 1) {
    const epochs = Array.from(reached.perEpoch, (value) => formatPercent(value, 2));
    out.text('test set by epoch', epochs.join(', '));
  }
  out.row('ties', formatPercent(reached.ties, 2), 'answers that go to the lowest class');
  out.text('readout', reached.readout);
  for (const { name, description, test } of reached.otherReadouts)
    out.row(`test set, by ${name}`, formatPercent(test, 2), description);
}

function approximation(out: Summary, shown: Approximation, { samples }: Report): void {
  out.section('Relative L2 error');
  out.row('test points', formatPercent(shown.relativeL2.test, 2), formatCount(samples.test));
  out.row('training points', formatPercent(shown.relativeL2.train, 2), formatCount(samples.train));
  out.row('trials', formatCount(shown.trials), `an epoch is ${formatCount(shown.trialsPerEpoch)}`);
  out.text('readout', shown.readout);
  for (const [i, text] of shown.host.entries()) out.text(i === 0 ? 'host' : '', text);
}

function energy(out: Summary, report: Report): void {
  const { energy: joules } = report;
  const { value, low, high } = joules.perTrainingSampleJ;
  out.section('Energy per training sample, dynamic');
  out.row('total', formatSi(value, 'J'), `range ${formatRange(low, high, 'J')}`);
  if (joules.uncertainty !== null)
    out.text('nine in ten draws', percentilesText(joules.uncertainty.perTrainingSampleJ));
  const missing = notModelledByUnit(report);
  const units = Object.entries(joules.byUnitJ).sort(([, a], [, b]) => b - a);
  const sum = units.reduce((total, [, part]) => total + part, 0);
  out.row('by unit', '');
  for (const [unit, part] of units) {
    const isMissing = missing.has(unit);
    if (isMissing && part === 0) out.row(unitTitle(unit), UNKNOWN, '', 2);
    else out.row(unitTitle(unit), `${isMissing ? '>= ' : ''}${formatSi(part, 'J')}`, share(part, sum), 2);
  }
  parts(out, joules);
  out.row('by phase', '');
  const phases = Object.entries(joules.byPhaseJ).filter(([, part]) => part !== 0);
  const phaseSum = phases.reduce((total, [, part]) => total + part, 0);
  for (const [name, part] of phases) out.row(name, formatSi(part, 'J'), share(part, phaseSum), 2);
  out.text('energy profile', joules.profile);
  out.text('learning visits', readingTitle(joules.learningVisits));
  const names = joules.notModelled[joules.profile] ?? [];
  if (names.length > 0) out.text('not modelled', names.join(', '));
}

/** The parts that all recipes share, where the recipe's own phases are others. */
function parts(out: Summary, { byPartJ, byPhaseJ }: Report['energy']): void {
  const used = SAMPLE_PARTS.filter((part) => byPartJ[part] > 0);
  const sum = used.reduce((total, part) => total + byPartJ[part], 0);
  if (used.every((part) => byPhaseJ[part] === byPartJ[part])) return;
  out.row('by part', '');
  for (const part of used) out.row(part, formatSi(byPartJ[part], 'J'), share(byPartJ[part], sum), 2);
}

function share(part: number, sum: number): string {
  return sum > 0 && isKnown(part) ? formatShare(part / sum) : '';
}

function time(out: Summary, { time: seconds }: Report): void {
  out.section('Time per training sample, on the chip');
  out.row('total', formatSi(seconds.perTrainingSampleS, 's'), seconds.mode);
  if (seconds.byPhaseS === null) return;
  const { phases, totalS } = timedPhases(seconds.byPhaseS);
  out.row('by phase', '');
  for (const [name, parts] of phases) {
    const total = phaseTotalS(parts);
    out.row(name, formatSi(total, 's'), share(total, totalS), 2);
  }
}

/** Energy and time of the chip. */
function cost(out: Summary, report: Report): void {
  const { energy: joules, samples } = report;
  energy(out, report);
  out.section('Static energy');
  out.row('whole run', formatSi(joules.staticJ, 'J'), 'not in the figures above');
  const statics = joules.staticJ === null ? null : joules.staticJ / samples.presented;
  out.row('per training sample', formatSi(statics, 'J'));
  out.row(
    'embedded processors',
    formatSi(joules.embeddedJ, 'J'),
    'whole run, idle; not in the figures above',
  );
  out.row('input and output', formatSi(joules.ioJ, 'J'));
  for (const [i, text] of joules.unknowns.entries()) out.text(i === 0 ? 'unknown' : '', text);
  time(out, report);
}

function management(out: Summary, { counts }: Report): void {
  out.row(
    'management writes',
    formatCount(counts.perTrainingSample.managementWrites),
    'per training sample, on the chip',
  );
  out.row(
    'microcode swaps',
    formatCount(counts.perTrainingSample.microcodeSwaps),
    'of these, coefficients of learning rules',
  );
}

/**
 * The summary of a run as lines of text, the last one ended.
 * @example
 * process.stdout.write(renderSummary(report, { color: process.stdout.isTTY, width: 80 }));
 */
export function renderSummary(report: Report, options: SummaryOptions): string {
  const { recipe, chip, samples, seed, precision, emulator } = report;
  const isTwin = precision === 'float';
  const out = new Summary(options);
  const where = isTwin ? `full-precision twin of the network for ${chip.name}` : `chip ${chip.name}`;
  out.title(`${recipe.title} on ${dataTitle(report)}, ${where}, seed ${formatSeed(seed)}`);
  const presented = `${formatCount(samples.train)} training samples x ${formatCount(samples.epochs)}`;
  if (report.approximation === null) accuracy(out, report);
  else approximation(out, report.approximation, report);
  if (!isTwin) cost(out, report);
  out.section('Host and emulator');
  out.row('weights written', formatCount(report.hostWeightWrites), 'by the host while training');
  out.row('states read', formatCount(report.hostStateReads), 'by the host while training');
  if (!isTwin) management(out, report);
  out.row('presented', formatCount(samples.presented), `${presented}, ${formatDuration(emulator.wallS)}`);
  out.row(
    'speed',
    formatCount(Math.round(emulator.trainingSamplesPerS)),
    'training samples per second of wall time',
  );
  out.remark(isTwin ? `${chip.status}; it has no energy and no time.` : MODELLED);
  return out.toString();
}
