// What a reader wants first: how good, at what energy and time per training sample, how sure.

import {
  formatCount,
  formatDuration,
  formatPercent,
  formatRange,
  formatSeed,
  formatSi,
  isKnown,
  UNKNOWN,
} from '../format.ts';
import { html, type Markup } from '../markup.ts';
import { valueText } from '../page.ts';
import type { Report } from '../report.ts';
import { dataTitle } from '../wording.ts';
import { percentilesText } from './uncertainty-card.ts';

function tile(name: string, value: string, more: Markup): Markup {
  const kind = value === UNKNOWN ? 'value unknown' : 'value';
  return html`<div class="tile"><span class="name">${name}</span><span class="${kind}">${value}</span><span class="more">${more}</span></div>`;
}

/** The interval on a line from 0 to its upper end. */
function intervalBar({ value, low, high }: Report['energy']['perTrainingSampleJ']): Markup | null {
  if (!(high > 0) || !isKnown(value) || !isKnown(low)) return null;
  const share = (x: number) => `${((100 * x) / high).toFixed(1)}%`;
  return html`<div class="interval" aria-hidden="true"><i style="left: ${share(low)}; width: ${share(high - low)}"></i><b style="left: ${share(value)}"></b></div>`;
}

/** What nine in ten draws of the coefficients say. */
function drawnText({ energy }: Report): Markup | null {
  const text = percentilesText(energy.uncertainty?.perTrainingSampleJ);
  return text === UNKNOWN
    ? null
    : html`<span class="nowrap" title="nine in ten draws of the coefficients">P5 – P95: ${text}</span><br>`;
}

/** What the run learned, first of all. */
function resultTile({ accuracy, approximation, samples }: Report): Markup {
  return approximation === null
    ? tile(
        'Test accuracy',
        formatPercent(accuracy.test, 2),
        html`${formatCount(samples.test)} test samples · slice of the training set ${formatPercent(accuracy.train, 2)}`,
      )
    : tile(
        'Relative L2 error',
        formatPercent(approximation.relativeL2.test, 2),
        html`${formatCount(samples.test)} test points · training points ${formatPercent(approximation.relativeL2.train, 2)}`,
      );
}

/** No chip ran, so there is no energy and no chip time. */
function twinTiles(report: Report): Markup {
  const { samples, seed, emulator } = report;
  return html`<div class="tiles">
${resultTile(report)}
${tile('Training samples', formatCount(samples.presented), html`${formatCount(samples.train)} × ${formatCount(samples.epochs)}, seed ${formatSeed(seed)}, ${formatDuration(emulator.wallS)}`)}
</div>`;
}

function tiles(report: Report): Markup {
  const { energy, time, samples, emulator } = report;
  const { low, high, value } = energy.perTrainingSampleJ;
  const isTimed = time.perTrainingSampleS !== null;
  return html`<div class="tiles">
${resultTile(report)}
${tile(
  'Energy per training sample',
  formatSi(value, 'J'),
  html`${intervalBar(energy.perTrainingSampleJ)}<span class="nowrap">range ${formatRange(low, high, 'J')}</span><br>${drawnText(report)}dynamic, modelled; <span class="nowrap">profile ${energy.profile}</span>`,
)}
${tile(
  'Time per training sample',
  formatSi(time.perTrainingSampleS, 's'),
  isTimed
    ? html`chip time, modelled (${time.mode}); ${formatCount(samples.stepsPerTrainingSample)} steps per sample`
    : html`this run did not model chip time (mode ${time.mode})`,
)}
${tile(
  'Emulator speed',
  isKnown(emulator.trainingSamplesPerS)
    ? `${formatCount(Math.round(emulator.trainingSamplesPerS))}/s`
    : UNKNOWN,
  html`training samples per second of wall time; ${formatSi(emulator.synapticOpsPerS, '')} synaptic operations/s`,
)}
</div>`;
}

function fact(name: string, value: Markup | string): Markup {
  return html`<div><dt>${name}</dt><dd>${typeof value === 'string' ? valueText(value) : value}</dd></div>`;
}

function facts(report: Report): Markup {
  const { samples, energy, time, mapping, emulator, seed, hostWeightWrites } = report;
  const { chips, cores } = mapping;
  return html`<dl class="card facts">
${fact('Static energy per training sample', formatSi(energy.staticJ === null ? null : energy.staticJ / samples.presented, 'J'))}
${fact('Energy per test sample, dynamic', formatSi(energy.perTestSampleJ.value, 'J'))}
${fact('Time per test sample', formatSi(time.perTestSampleS, 's'))}
${fact('Host weight writes in training', formatCount(hostWeightWrites))}
${fact('Training samples presented', html`${formatCount(samples.presented)} <span class="mute nowrap">(${formatCount(samples.train)} × ${formatCount(samples.epochs)})</span>`)}
${fact('Mapped to', `${formatCount(cores)} ${cores === 1 ? 'core' : 'cores'} on ${formatCount(chips)} ${chips === 1 ? 'chip' : 'chips'}`)}
${fact('Seed', formatSeed(seed))}
${fact('Wall time, without evaluation', formatDuration(emulator.wallS))}
</dl>`;
}

/** Title, key figures and facts of a run. */
export function headline(report: Report): Markup {
  const { recipe, chip, precision } = report;
  const isTwin = precision === 'float';
  return html`<p class="eyebrow">Seamount run report</p>
<h1>${recipe.title} on ${dataTitle(report)}</h1>
<p class="on">${isTwin ? `full-precision twin of the network for` : 'on'} ${chip.title} <code>${chip.name}</code>${isTwin ? `: ${chip.status}` : null}</p>
<p class="about">${recipe.about}</p>
${
  isTwin
    ? twinTiles(report)
    : html`${tiles(report)}
${facts(report)}`
}`;
}
