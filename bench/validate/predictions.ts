// What the model says of every published measurement whose network is public enough. Rules that hold for all, taken
// before anything is compared: the activity is the range of span.ts unless it is published; energy is dynamic energy
// of the cores, and where a publication does not say what its figure is, the interval reaches up to a total with static
// and embedded power; time on Loihi 1 has the embedded processors' constant of [HW 6.4] in its value and upper end and
// nothing but the chip in its lower end. No constant comes from the measurements that are compared.

import { loadChip } from '../../host/chip/load.ts';
import type { Chip } from '../../host/chip/schema.ts';
import {
  ATTRACTOR_DENSITY,
  attractors,
  DVS_GESTURE,
  EMSTDP_CONV,
  emstdpDense,
  KEYWORD_SPOTTING,
  mobileNet,
  NXTF_MNIST,
  NXTF_NMNIST,
  PILOTNET_LIF,
  scaledKeywordSpotting,
  sStdp,
} from './networks.ts';
import { costOfShapes, costOfShapesOver, withSharedKernels } from './shapes.ts';
import { exactly, plusSpan, type Span, scaleSpan, timesSpan } from './span.ts';
import { type ActivityCosts, energyOver, stepEnergy, timeOver } from './step-cost.ts';
import { emulateOver } from './synthetic.ts';

export type Unit = 'J' | 's';

export interface Prediction extends Span {
  /** Of the measurement that it is compared with. */
  readonly id: string;
  readonly what: string;
  readonly unit: Unit;
  /**
   * Predicted: every input is public. Bounded: some are not, and stand in the interval. Not blind: a constant comes from
   * the measurement itself; it is shown and not counted.
   */
  readonly standing: 'predicted' | 'bounded' | 'not blind';
  readonly how: string;
}

/** Seconds that embedded processors add to a step where they work in every step [HW 6.4]. */
const EMBEDDED_STEP: Span = { low: 0, value: 37e-6, high: 37e-6 };
const STEPS = {
  /** Two phases of 64 steps [R]; the answer needs the first. */
  emstdpTraining: exactly(128),
  emstdpInference: exactly(64),
  /** Steps of a sample [A]. */
  sStdp: { low: 32, value: 64, high: 128 },
  nxtfMnist: exactly(100),
  /** Recordings of 300 ms in bins of 1 ms [A]. */
  nxtfNmnist: { low: 100, value: 300, high: 350 },
  nxtfCifar: exactly(400),
  keywordSpotting: exactly(10),
  pilotNet: exactly(16),
} satisfies Record<string, Span>;

interface Workload {
  readonly energy: Span;
  readonly chipTime: Span;
  readonly chips: number;
}

function workload(chip: Chip, costs: ActivityCosts, chips = 1): Workload {
  return { energy: energyOver(chip, costs), chipTime: timeOver(costs), chips };
}

/** Two parts of one network that work side by side. */
function together(a: Workload, b: Workload): Workload {
  const chipTime = {
    value: Math.max(a.chipTime.value, b.chipTime.value),
    low: Math.max(a.chipTime.low, b.chipTime.low),
    high: Math.max(a.chipTime.high, b.chipTime.high),
  };
  return { energy: plusSpan(a.energy, b.energy), chipTime, chips: Math.max(a.chips, b.chips) };
}

function embeddedTime({ chipTime }: Workload, steps: Span): Span {
  return timesSpan(plusSpan(chipTime, EMBEDDED_STEP), steps);
}

/** Energy of a figure that may be a total. */
function energyUpToTotal(chip: Chip, work: Workload, steps: Span): Span {
  const dynamic = timesSpan(work.energy, steps);
  const { high: seconds } = embeddedTime(work, steps);
  const { staticPower, embeddedPower } = chip.energy;
  const power = (staticPower?.high ?? 0) + (embeddedPower?.high ?? 0);
  return { ...dynamic, high: dynamic.high + power * work.chips * seconds };
}

/** Duration of an inference of the enlarged keyword spotting networks, as measured: the host sets the pace. */
const KWS_SECONDS: ReadonlyMap<number, number> = new Map([
  [0, 1 / 125.8],
  [1, 1 / 114.7],
  [2, 1 / 114.4],
  [4, 1 / 114.3],
  [6, 1 / 114.4],
  [8, 1 / 114.0],
  [10, 1 / 114.0],
]);
const KWS_BASE_SECONDS = 1 / 297;

function emstdp(loihi1: Chip): Prediction[] {
  const fixed = workload(loihi1, costOfShapesOver(EMSTDP_CONV, loihi1));
  const learning = together(
    fixed,
    workload(
      loihi1,
      emulateOver((end) => emstdpDense(true, end), loihi1),
    ),
  );
  const answering = together(
    fixed,
    workload(
      loihi1,
      emulateOver((end) => emstdpDense(false, end), loihi1),
    ),
  );
  const how = 'dense part emulated, convolutions from shapes [R]; activity and learning epochs not published';
  const base = { standing: 'bounded', how } as const;
  return [
    {
      ...base,
      id: 'emstdp-training-energy',
      what: 'EMSTDP, MNIST, energy of a training sample',
      unit: 'J',
      ...energyUpToTotal(loihi1, learning, STEPS.emstdpTraining),
    },
    {
      ...base,
      id: 'emstdp-training-time',
      what: 'EMSTDP, MNIST, time of a training sample',
      unit: 's',
      ...embeddedTime(learning, STEPS.emstdpTraining),
    },
    {
      ...base,
      id: 'emstdp-inference-energy',
      what: 'EMSTDP, MNIST, energy of an inference',
      unit: 'J',
      ...energyUpToTotal(loihi1, answering, STEPS.emstdpInference),
    },
    {
      ...base,
      id: 'emstdp-inference-time',
      what: 'EMSTDP, MNIST, time of an inference',
      unit: 's',
      ...embeddedTime(answering, STEPS.emstdpInference),
    },
  ];
}

function lin(loihi1: Chip): Prediction[] {
  const how = 'emulated; activity, steps of a sample and learning epochs not published';
  return [true, false].map((plastic) => {
    const work = workload(
      loihi1,
      emulateOver((end) => sStdp(plastic, end), loihi1),
    );
    const name = plastic ? 'training' : 'inference';
    return {
      id: `lin-${name}-energy`,
      what: `Lin 2018, MNIST 1920-10, energy of ${plastic ? 'a training sample' : 'an inference'}`,
      unit: 'J',
      standing: 'bounded',
      how,
      ...energyUpToTotal(loihi1, work, STEPS.sStdp),
    };
  });
}

function matsuo(loihi1: Chip): Prediction {
  // Synaptic operations and visits go with the density; what compartments do does not.
  const costs = emulateOver(attractors, loihi1);
  const at = (end: keyof Span): number => {
    const { counts, steps } = costs[end];
    const share = (n: bigint): bigint => BigInt(Math.round(Number(n) * ATTRACTOR_DENSITY[end]));
    const thinned = {
      ...costs[end],
      counts: {
        ...counts,
        synapticOps: share(counts.synapticOps),
        synapticOpsDense: share(counts.synapticOpsDense),
        synapseVisits: share(counts.synapseVisits),
        synapseVisitsAllPlastic: share(counts.synapseVisitsAllPlastic),
        synapseVisitsActiveAxons: share(counts.synapseVisitsActiveAxons),
      },
      steps,
    };
    return stepEnergy(loihi1, thinned)[end];
  };
  return {
    id: 'matsuo-step-energy',
    what: 'Matsuo 2024, attractors, dynamic energy of the cores in a step',
    unit: 'J',
    standing: 'bounded',
    how: 'emulated with all connections, scaled by their density; activity, density and epochs not published',
    value: at('value'),
    low: at('low'),
    high: at('high'),
  };
}

function nxtf(loihi1: Chip): Prediction[] {
  const cases = [
    {
      id: 'nxtf-mnist',
      what: 'NxTF, MNIST',
      work: workload(loihi1, costOfShapesOver(NXTF_MNIST, loihi1)),
      steps: STEPS.nxtfMnist,
      how: 'from shapes [A] that fill the published 14 cores; activity not published',
    },
    {
      id: 'nxtf-nmnist',
      what: 'NxTF, N-MNIST',
      work: workload(
        loihi1,
        emulateOver(() => NXTF_NMNIST, loihi1),
      ),
      steps: STEPS.nxtfNmnist,
      how: 'emulated; activity and steps not published',
    },
    {
      id: 'nxtf-cifar10',
      what: 'NxTF, CIFAR-10 MobileNet',
      work: workload(
        loihi1,
        costOfShapesOver(mobileNet(), { ...loihi1, topology: { ...loihi1.topology, chips: 7 } }),
        7,
      ),
      steps: STEPS.nxtfCifar,
      how: 'from shapes [A] on the published cores and chips; activity not published; hops between chips take no time',
    },
  ];
  return cases.flatMap(({ id, what, work, steps, how }): Prediction[] => [
    {
      id: `${id}-energy`,
      what: `${what}, energy of a sample`,
      unit: 'J',
      standing: 'bounded',
      how,
      ...energyUpToTotal(loihi1, work, steps),
    },
    {
      id: `${id}-time`,
      what: `${what}, time of a sample`,
      unit: 's',
      standing: 'bounded',
      how,
      ...embeddedTime(work, steps),
    },
  ]);
}

/** Energy above idle of something the host paces: the cores, and embedded processors at work all the time. */
function pacedEnergy(chip: Chip, cores: Span, seconds: number): Span {
  const { embeddedPower } = chip.energy;
  return plusSpan(cores, scaleSpan(embeddedPower ?? exactly(0), seconds));
}

function keywordSpotting(loihi1: Chip): Prediction[] {
  const base = workload(
    loihi1,
    emulateOver(() => KEYWORD_SPOTTING, loihi1),
  );
  const cores = timesSpan(base.energy, STEPS.keywordSpotting);
  const dynamic = pacedEnergy(loihi1, cores, KWS_BASE_SECONDS);
  const how = 'emulated; duration as measured, since the host sets it; activity not published';
  const common = { unit: 'J', standing: 'bounded', how } as const;
  const ends = [0, 1, 2, 4, 6, 8, 10];
  const series = ends.map((n) => {
    const work = workload(
      loihi1,
      emulateOver(() => scaledKeywordSpotting(n), loihi1),
    );
    return timesSpan(work.energy, STEPS.keywordSpotting);
  });
  const [first, last] = [series[0]!, series.at(-1)!];
  const perNeuronStep = (end: keyof Span): number => (last[end] - first[end]) / (10 * 2560 * 10);
  return [
    {
      ...common,
      id: 'kws-dynamic-energy',
      what: 'keyword spotting, energy above idle of an inference',
      ...dynamic,
    },
    {
      ...common,
      id: 'kws-total-energy',
      what: 'keyword spotting, total energy of an inference',
      // The lower end of the static power comes from the logs of this very measurement.
      ...plusSpan(dynamic, exactly((loihi1.energy.staticPower?.value ?? 0) * KWS_BASE_SECONDS)),
    },
    ...ends.map((n, i) => ({
      ...common,
      id: `kws-scaled-${n}-energy`,
      what: `keyword spotting enlarged, N = ${n}, energy above idle of an inference`,
      ...pacedEnergy(loihi1, series[i]!, KWS_SECONDS.get(n)!),
    })),
    {
      ...common,
      id: 'kws-slope',
      what: 'keyword spotting enlarged, dynamic energy of one more neuron in a step',
      how: 'emulated, N = 10 less N = 0; activity not published',
      value: perNeuronStep('value'),
      low: perNeuronStep('low'),
      high: perNeuronStep('high'),
    },
  ];
}

function pilotNet(loihi2: Chip): Prediction[] {
  const chip = withSharedKernels(loihi2);
  const work = workload(chip, costOfShapesOver(PILOTNET_LIF, chip));
  const frame = timesSpan(work.energy, STEPS.pilotNet);
  const seconds = timesSpan(work.chipTime, STEPS.pilotNet);
  const how = 'from shapes and cores as published; activity not published; costs of Loihi 2 are guesses';
  const common = { standing: 'bounded', how } as const;
  return [
    {
      ...common,
      id: 'pilotnet-lif-step-time',
      what: 'PilotNet LIF, Loihi 2, time of a step',
      unit: 's',
      ...work.chipTime,
    },
    {
      ...common,
      id: 'pilotnet-lif-dynamic-energy',
      what: 'PilotNet LIF, Loihi 2, dynamic energy of a frame',
      unit: 'J',
      ...frame,
    },
    {
      ...common,
      standing: 'not blind',
      id: 'pilotnet-lif-total-energy',
      what: 'PilotNet LIF, Loihi 2, total energy of a frame',
      unit: 'J',
      how: `${how}; static power comes from these runs`,
      ...plusSpan(frame, timesSpan(chip.energy.staticPower ?? exactly(0), seconds)),
    },
    {
      ...common,
      standing: 'not blind',
      id: 'pilotnet-sdnn-total-energy',
      what: 'PilotNet sigma-delta, Loihi 2, total energy of a frame',
      unit: 'J',
      how: 'one step of the LIF network (layer shapes alike [A]) and static power, which comes from these runs, for the measured 59.3 ms a frame',
      ...plusSpan(work.energy, scaleSpan(chip.energy.staticPower ?? exactly(0), 1 / 16.87)),
    },
  ];
}

/** SANA-FE's own simulation gives the firings, 365,277 in 1,000 steps, so this one has its activity. */
function dvsGesture(loihi1: Chip): Prediction[] {
  const neurons = DVS_GESTURE.reduce(
    (sum, { channels, height, width }) => sum + channels * height * width,
    0,
  );
  const cost = costOfShapes(DVS_GESTURE, loihi1, 365.277 / neurons);
  const how = 'from shapes, firings of SANA-FE spread evenly over the layers; cores [A]';
  const common = { standing: 'predicted', how } as const;
  return [
    {
      ...common,
      id: 'dvs-step-energy',
      what: 'DVS gesture, dynamic energy of the cores in a step',
      unit: 'J',
      ...stepEnergy(loihi1, cost),
    },
    {
      ...common,
      id: 'dvs-step-time',
      what: 'DVS gesture, time of a step',
      unit: 's',
      ...exactly(cost.stepS),
    },
  ];
}

/** By study: the beginning of a prediction's id. */
export const STUDIES: Readonly<Record<string, () => Prediction[]>> = {
  emstdp: () => emstdp(loadChip('loihi1').chip),
  lin: () => lin(loadChip('loihi1').chip),
  matsuo: () => [matsuo(loadChip('loihi1').chip)],
  nxtf: () => nxtf(loadChip('loihi1').chip),
  kws: () => keywordSpotting(loadChip('loihi1').chip),
  pilotnet: () => pilotNet(loadChip('loihi2').chip),
  dvs: () => dvsGesture(loadChip('loihi1').chip),
};

/** All of them, with the shipped chips. */
export function predictions(): Prediction[] {
  return Object.values(STUDIES).flatMap((study) => study());
}
