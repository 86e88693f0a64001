// How close a learned function came: the error over training, and answers beside the truth.

import { type Curve, curvePlot, type Scale } from '../curve-plot.ts';
import { formatCount, formatPercent, isKnown, UNKNOWN } from '../format.ts';
import { html, type Markup } from '../markup.ts';
import { card, cards } from '../page.ts';
import { HALF_WIDTH, INK, type PlotSpec, renderPlot, seriesColor } from '../plot.ts';
import type { Approximation, ApproximationCut, Report } from '../report.ts';

/** Decades and their halves that an error axis may begin, end and have a label at. */
const TICKS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2];
const LABEL = "format(100 * datum.value, '.3~f') + ' %'";

function errorScale(errors: readonly number[]): Scale {
  const low = TICKS.findLast((tick) => tick <= Math.min(...errors)) ?? TICKS[0]!;
  const high = TICKS.find((tick) => tick >= Math.max(...errors)) ?? TICKS.at(-1)!;
  const ticks = TICKS.filter((tick) => tick >= low && tick <= high);
  return { kind: 'log', domain: [low, Math.max(high, 2 * low)], ticks, label: LABEL };
}

async function errorCard({ perEpoch }: Approximation, perEpochSamples: number): Promise<Markup> {
  const known = perEpoch.filter(isKnown);
  if (known.length === 0) return card('Error', null, html`<p class="empty">${UNKNOWN}</p>`);
  const points = perEpoch.map((y, epoch) => ({ x: (epoch + 1) * perEpochSamples, y }));
  const curve: Curve = { name: 'test points, after each epoch', color: seriesColor(0), mark: 'line', points };
  const plot = await curvePlot([curve], errorScale(known), {
    width: HALF_WIDTH,
    label: 'Relative L2 error over training samples',
  });
  return card('Relative L2 error', 'The axis is logarithmic.', plot);
}

/** Truth as a line, answers as points over it. */
export async function cutPlot({ title, axis, x, truth, answers }: ApproximationCut): Promise<Markup> {
  const rows = x.map((at, i) => ({ x: at, truth: truth[i]!, answer: answers[i]! }));
  const value = { type: 'quantitative', title: null } as const;
  const spec: PlotSpec = {
    encoding: { x: { field: 'x', type: 'quantitative', title: axis, axis: { grid: false, domain: true } } },
    layer: [
      {
        data: { values: rows },
        mark: { type: 'line', color: INK, strokeWidth: 1.5 },
        encoding: { y: { ...value, field: 'truth' } },
      },
      {
        data: { values: rows },
        mark: { type: 'point', size: 16, filled: true, color: seriesColor(1), opacity: 1 },
        encoding: { y: { ...value, field: 'answer' } },
      },
    ],
  };
  const padding = { left: 52, right: 22, top: 10, bottom: 44 };
  return renderPlot(
    spec,
    { width: HALF_WIDTH, height: 270, padding },
    `Answers and truth of ${title} over ${axis}`,
  );
}

async function cutCard(cut: ApproximationCut): Promise<Markup> {
  const plot = await cutPlot(cut);
  const legend = html`<ul class="legend"><li><span class="key line" style="--c: ${INK}"></span>truth</li><li><span class="key marks" style="--c: ${seriesColor(1)}"></span>answers of the chip</li></ul>`;
  return card(cut.title, null, html`${legend}${plot}`);
}

/** The section in place of accuracy. */
export async function approximationSection({ samples }: Report, shown: Approximation): Promise<Markup> {
  const perEpochSamples = samples.presented / Math.max(1, shown.perEpoch.length);
  const plots = await Promise.all([errorCard(shown, perEpochSamples), ...shown.cuts.map(cutCard)]);
  const { train, test } = shown.relativeL2;
  return html`${cards(...plots)}<p class="note">Relative L2 error ${formatPercent(test, 2)} on the test points, ${formatPercent(train, 2)} on the training points,
after ${formatCount(shown.trials)} trials. Read out from ${shown.readout}. ${shown.host.join(' ')}</p>`;
}
