// The parts of the pages that figures make.

import { type Comparison, factorOf, isScored, scoreOf, studyOf } from './compare.ts';
import { NBP_EMBEDDED_STEP_S, NBP_MEASURED, type NbpRun } from './nbp.ts';
import { markdownTable, show, showRange } from './page.ts';
import type { Prediction } from './predictions.ts';
import type { SensitivityRow } from './sensitivity.ts';

const percent = (x: number): string => `${x >= 0 ? '+' : ''}${(100 * x).toFixed(1)} %`;

function nbpTable(inference: NbpRun, training: NbpRun): string {
  const off = (model: number, measured: number): string => percent(model / measured - 1);
  const row = (what: string, unit: 'J' | 's', model: number, measured: number, limit: string): string[] => [
    what,
    show(model, unit),
    show(measured, unit),
    off(model, measured),
    limit,
  ];
  const { byVisitsJ, stepS } = training;
  const withProcessors = (seconds: number): number => seconds + NBP_EMBEDDED_STEP_S;
  return markdownTable(
    ['per sample or step', 'model', 'measured', 'off', 'allowed'],
    [
      row('inference energy', 'J', inference.energyJ.value, NBP_MEASURED.inferenceJ, 'within 15 %'),
      row(
        'training energy, every plastic synapse visited (`learning.visits: allPlastic`)',
        'J',
        byVisitsJ['all plastic'],
        NBP_MEASURED.trainingJ,
        'within 30 %',
      ),
      row(
        'training energy, synapses of axons that spiked (`activeAxons`)',
        'J',
        byVisitsJ['active axons'],
        NBP_MEASURED.trainingJ,
        'shown',
      ),
      row(
        'training step, with embedded processors',
        's',
        withProcessors(stepS.whole),
        NBP_MEASURED.trainingStepS,
        'within 2 times',
      ),
      row('training step, chip alone', 's', stepS.whole, NBP_MEASURED.trainingStepS, 'shown'),
      row(
        'inference step, with embedded processors',
        's',
        withProcessors(inference.stepS.whole),
        NBP_MEASURED.inferenceStepS,
        'shown, not counted',
      ),
      row('inference step, chip alone', 's', inference.stepS.whole, NBP_MEASURED.inferenceStepS, 'shown'),
    ],
  );
}

/** The calibration check. */
export function nbpText(inference: NbpRun, training: NbpRun): string {
  const each = (count: bigint, { samples }: NbpRun): string =>
    Math.round(Number(count) / samples).toLocaleString('en');
  const counts = markdownTable(
    ['events per sample', 'inference', 'training'],
    (
      [
        ['synaptic operations', 'synapticOps'],
        ['messages', 'messages'],
        ['hops along x', 'meshHopsEastWest'],
        ['hops along y', 'meshHopsNorthSouth'],
        ['spikes', 'spikes'],
        ['visits, every plastic synapse', 'synapseVisitsAllPlastic'],
        ['visits, axons that spiked', 'synapseVisitsActiveAxons'],
      ] as const
    ).map(([name, counter]) => [
      name,
      each(inference.counts[counter], inference),
      each(training.counts[counter], training),
    ]),
  );
  const spiking = `Of the training step, ${show(training.stepS.learning, 's')} are the learning engine of the busiest core and ${show(training.stepS.spiking, 's')} the spiking phase.`;
  return [
    nbpTable(inference, training),
    `${inference.samples} test images, ${training.samples} training samples. ${spiking}`,
    counts,
  ].join('\n\n');
}

/** Score and table of the predictions. */
export function comparisonText(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map(({ prediction, measured, ratio, isCovered }) => {
    const { unit } = prediction;
    const got = measured.low === measured.high ? show(measured.low, unit) : showRange(measured, unit);
    return [
      prediction.what,
      show(prediction.value, unit),
      prediction.low === prediction.high ? '' : showRange(prediction, unit),
      got,
      ratio === undefined ? 'range' : `${ratio.toFixed(2)}`,
      `${isCovered ? 'yes' : '**no**'}${prediction.standing === 'not blind' ? ', not blind' : ''}`,
      measured.why,
    ];
  });
  const table = markdownTable(
    ['figure', 'model', 'interval', 'measured', 'model / measured', 'covered', 'why it differs'],
    rows,
  );
  const all = scoreOf(comparisons);
  const studies = new Set(comparisons.filter(isScored).map(studyOf));
  const means = [...studies].map((study) =>
    Math.log(scoreOf(comparisons.filter((comparison) => studyOf(comparison) === study)).meanFactor),
  );
  const byStudy = Math.exp(means.reduce((sum, mean) => sum + mean, 0) / means.length);
  const of = (unit: Prediction['unit']): string => {
    const { points, meanFactor, covered } = scoreOf(
      comparisons.filter(({ prediction }) => prediction.unit === unit),
    );
    return `${unit === 'J' ? 'energies' : 'times'}: factor ${meanFactor.toFixed(2)}, ${covered} of ${points} covered`;
  };
  const score = [
    `- Geometric mean of how many times the model is off: **${all.meanFactor.toFixed(2)}** over ${all.points} measured points (${of('J')}; ${of('s')}).`,
    `- Worst: ${all.worst.prediction.what}, off by a factor of ${factorOf(all.worst.ratio!).toFixed(1)}.`,
    `- The intervals cover **${all.covered} of ${all.points}** points.`,
    `- Studies differ in how many figures they give: with one mean for each of the ${studies.size} studies the factor is **${byStudy.toFixed(2)}**.`,
    '- Not in these numbers: figures that are not blind, and the two ranges.',
  ].join('\n');
  return `${score}\n\n${table}`;
}

/** What doubling does. */
export function sensitivityText(rows: readonly SensitivityRow[]): string {
  const names = Object.keys(rows[0]?.change ?? {});
  return markdownTable(
    ['parameter, doubled', 'known as', 'assumed', ...names],
    rows.map(({ parameter, status, isAssumed, change }) => [
      `\`${parameter}\``,
      status,
      isAssumed ? 'yes' : '',
      ...names.map((name) => percent(change[name]!)),
    ]),
  );
}

/** What is predicted. */
export function predictionsText(predictions: readonly Prediction[]): string {
  const rows = predictions.map(({ what, unit, standing, how, ...span }) => [
    what,
    show(span.value, unit),
    span.low === span.high ? '' : showRange(span, unit),
    standing === 'bounded' ? 'bounded, not predicted' : standing,
    how,
  ]);
  return markdownTable(['figure', 'model', 'interval', 'standing', 'how'], rows);
}

/** The same of mode `cycle`. */
export function cycleSensitivityText(rows: readonly Pick<SensitivityRow, 'parameter' | 'change'>[]): string {
  const names = Object.keys(rows[0]?.change ?? {});
  return markdownTable(
    ['parameter of mode `cycle`, doubled', ...names],
    rows.map(({ parameter, change }) => [`\`${parameter}\``, ...names.map((name) => percent(change[name]!))]),
  );
}
