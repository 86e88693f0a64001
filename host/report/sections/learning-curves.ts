// How accuracy and alignment came about: checkpoints on a copy of the chip, over training samples.

import { accuracyScale, angleScale, type Curve, curvePlot } from '../curve-plot.ts';
import { formatDegrees, formatPercent, isKnown, UNKNOWN } from '../format.ts';
import { html, type Markup } from '../markup.ts';
import { card, cards } from '../page.ts';
import { HALF_WIDTH, seriesColor } from '../plot.ts';
import type { Report } from '../report.ts';
import { dataTitle } from '../wording.ts';

/** Accuracy at the checkpoints. */
export function checkpointCurve({ accuracy }: Report, name: string, color: string): Curve {
  const points = accuracy.checkpoints.map(({ samples: x, accuracy: y }) => ({ x, y }));
  return { name, color, mark: 'line', points };
}

/** Accuracy on the test set after each epoch. */
export function epochCurve({ accuracy, samples }: Report, name: string, color: string): Curve {
  const points = Array.from(accuracy.perEpoch, (y, epoch) => ({ x: (epoch + 1) * samples.train, y }));
  return { name, color, mark: 'marks', points, note: formatPercent(accuracy.test, 2) };
}

/** Feedback matrices in the order in which the checkpoints first name them. */
export function matrices({ accuracy }: Report): string[] {
  return [...new Set(accuracy.checkpoints.flatMap(({ alignmentDeg }) => Object.keys(alignmentDeg)))];
}

/** Last known angle of a feedback matrix, in degrees; undefined if there is none. */
export function finalAngle({ accuracy }: Report, matrix: string): number | undefined {
  return accuracy.checkpoints.map(({ alignmentDeg }) => alignmentDeg[matrix]).findLast(isKnown);
}

/** Angle of a feedback matrix at the checkpoints; unknown while one of the two matrices is 0. */
export function alignmentCurve(
  report: Report,
  matrix: string,
  name: string,
  color: string,
  mark: Curve['mark'],
): Curve {
  const { checkpoints } = report.accuracy;
  const points = checkpoints.map(({ samples: x, alignmentDeg }) => ({ x, y: alignmentDeg[matrix] }));
  return { name, color, mark, points, note: formatDegrees(finalAngle(report, matrix)) };
}

export const UNALIGNED = { value: 90, text: '90° unaligned' } as const;

async function accuracyCard(report: Report): Promise<Markup> {
  const curves = [
    checkpointCurve(report, 'slice of the training set', seriesColor(0)),
    epochCurve(report, 'test set, after each epoch', seriesColor(1)),
  ];
  if (!curves.some(({ points }) => points.some(({ y }) => isKnown(y))))
    return card('Accuracy', null, html`<p class="empty">${UNKNOWN}</p>`);
  const scale = accuracyScale(curves);
  const plot = await curvePlot(curves, scale, {
    width: HALF_WIDTH,
    label: 'Accuracy over training samples',
  });
  const remark =
    scale.kind === 'errorLog' ? 'The axis is logarithmic in the error.' : 'The axis does not begin at 0.';
  return card('Accuracy', remark, plot);
}

async function alignmentCard(report: Report): Promise<Markup> {
  const remark =
    'Angle between feedback weights and the forward weights that they stand for, by feedback matrix of the recipe.';
  const names = matrices(report);
  const curves = names.map((matrix, i) =>
    alignmentCurve(report, matrix, matrix, seriesColor(i), i % 2 === 0 ? 'line' : 'dashed'),
  );
  if (curves.every(({ points }) => !points.some(({ y }) => isKnown(y)))) {
    const reason =
      names.length === 0 ? 'No feedback matrices are named.' : 'The angles of this run are unknown.';
    return card('Alignment of the feedback', remark, html`<p class="empty">${reason}</p>`);
  }
  const plot = await curvePlot(curves, angleScale(curves), {
    width: HALF_WIDTH,
    label: 'Alignment angle over training samples',
    reference: UNALIGNED,
  });
  return card('Alignment of the feedback', remark, plot);
}

/** The two plots side by side. */
export async function learningCurves(report: Report): Promise<Markup> {
  const { accuracy } = report;
  const others = accuracy.otherReadouts.map(
    ({ description, test }) => html` Read out from ${description}: ${formatPercent(test, 2)}.`,
  );
  const note = html`<p class="note">Read out from ${accuracy.readout}. ${formatPercent(accuracy.ties, 2)} of the test
samples of ${dataTitle(report)} ended in a tie, which goes to the lowest class.${others}</p>`;
  const plots = await Promise.all([accuracyCard(report), alignmentCard(report)]);
  return html`${cards(...plots)}${note}`;
}
