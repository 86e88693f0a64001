// A complete and plausible report: BioGrad on the embedded digits, on Loihi 1. Figures are of the right size and
// agree with each other where a page shows both; none is a result.

import type { Percentiles, TornadoRow } from '../../../host/energy/uncertainty.ts';
import { COUNTER_NAMES, type CounterName } from '../../../host/measure/counters.ts';
import type {
  Checkpoint,
  CoefficientRow,
  LatencyRow,
  Report,
  VisitRow,
} from '../../../host/report/report.ts';

const HEIGHT = 28;
const WIDTH = 28;
const TRAIN = 12_000;
const EPOCHS = 3;
const PRESENTED = TRAIN * EPOCHS;

const COUNTS: Readonly<Record<string, number>> = {
  synapticOps: 41_230.4,
  synapticOpsDense: 39_850.1,
  synapticOpsSparse: 1_380.3,
  synapticUpdates: 1_893.2,
  synapseVisits: 205_824,
  synapseVisitsAllPlastic: 205_824,
  synapseVisitsActiveAxons: 43_518.7,
  synapseVisitsAllPlasticWithError: 98_301.5,
  synapseVisitsActiveAxonsWithError: 20_744.9,
  compartmentUpdatesActive: 7_904.3,
  compartmentUpdatesInactive: 9_212.8,
  spikes: 186.42,
  messages: 402.9,
  messagesWithinTile: 263.5,
  meshHopsEastWest: 88.1,
  meshHopsNorthSouth: 51.36,
  traceUpdates: 1_215.6,
  learningEpochs: 5,
  managementWrites: 0.0342,
  microcodeSwaps: 0.0114,
  inputAxonEvents: 517.2,
  injectedSpikes: 101.6,
  rewardSpikes: 0.0213,
  randomDraws: 1_024,
  weightClips: 12.7,
  barriers: 20.22,
};

function counts(scale: (name: CounterName) => number): Record<CounterName, number> {
  const entries = COUNTER_NAMES.map((name) => [name, (COUNTS[name] ?? 0) * scale(name)]);
  return Object.fromEntries(entries) as Record<CounterName, number>;
}

const whole = (factor: number) => {
  const scaled = counts(() => factor);
  for (const name of COUNTER_NAMES) scaled[name] = Math.round(scaled[name]);
  return scaled;
};

const CHECKPOINTS: readonly Checkpoint[] = Array.from({ length: 20 }, (_, i) => {
  const samples = ((i + 1) * PRESENTED) / 20;
  const progress = samples / PRESENTED;
  return {
    samples,
    accuracy: Number((0.981 - 0.11 * Math.exp(-5 * progress) + 0.004 * Math.sin(9 * i)).toFixed(4)),
    alignmentDeg: {
      EB: 21 + 66 * Math.exp(-9 * progress) + Math.sin(5 * i),
      EA: 24 + 64 * Math.exp(-7 * progress) + Math.cos(4 * i),
    },
  };
});

const VISIT_PJ = 120;
const OTHER_J = 2.462e-6;
const DAVIES_OTHER_J = 2.0922e-6;
const VISIT_NS = 6.1;

function visitRow(reading: string, visits: number): VisitRow {
  const learning = visits * VISIT_PJ * 1e-12;
  return {
    reading,
    visitsPerTrainingSample: visits,
    learningPerTrainingSampleJ: learning,
    perTrainingSampleJ: learning + OTHER_J,
    byProfileJ: { 'sana-fe': learning + OTHER_J, davies2018: learning + DAVIES_OTHER_J },
    learningTimePerTrainingSampleS: (visits * VISIT_NS * 1e-9) / 3,
  };
}

const BY_VISITS = [
  visitRow('every plastic synapse, every epoch', 205_824),
  visitRow('synapses of axons that spiked, every epoch', 43_518.7),
  visitRow('every plastic synapse, epochs with an error', 98_301.5),
  visitRow('synapses of axons that spiked, epochs with an error', 20_744.9),
];

function coefficient(
  profile: string,
  name: string,
  pj: number,
  kind: string | null,
  source: string,
  interval?: readonly [number, number],
): CoefficientRow {
  const [low, high] = interval ?? [pj, pj];
  return { profile, name, value: pj * 1e-12, low: low * 1e-12, high: high * 1e-12, class: kind, source };
}

const REGRESSION = '[E] SANA-FE regression to Nahuku measurements [HW 6.2]';
const TABLE_2 = '[P] Davies 2018, Table 2 [HW 6.1]';
const GUESS = '[A] no public figure. Nine times a message; at most half as much again as 66 mW for 100 ns';

const COEFFICIENTS: readonly CoefficientRow[] = [
  coefficient('sana-fe', 'compartmentAccess', 51.2, 'fitted', REGRESSION),
  coefficient('sana-fe', 'compartmentUpdate', 21.6, 'fitted', REGRESSION),
  coefficient('sana-fe', 'spike', 69.3, 'fitted', REGRESSION),
  coefficient('sana-fe', 'message', 111, 'fitted', `${REGRESSION}; 76.8 pJ in an earlier version`),
  coefficient('sana-fe', 'hopEastWest', 3, 'circuit-simulation', TABLE_2),
  coefficient('sana-fe', 'hopNorthSouth', 4.2, 'fitted', `${REGRESSION}; Davies 2018 has 4.0 pJ (C14)`),
  coefficient('sana-fe', 'synapticOpDense', 35.5, 'fitted', REGRESSION),
  coefficient('sana-fe', 'synapticOpSparse', 33.6, 'fitted', REGRESSION),
  coefficient('sana-fe', 'synapseVisit', VISIT_PJ, 'circuit-simulation', `${TABLE_2}, pairwise STDP (U11)`),
  coefficient(
    'sana-fe',
    'traceUpdate',
    0,
    'guess',
    '[A] unknown (U11); at most a compartment update',
    [0, 21.6],
  ),
  coefficient('sana-fe', 'randomDraw', 6, 'fitted', REGRESSION),
  coefficient('sana-fe', 'managementWrite', 1000, 'guess', GUESS, [0, 10_000]),
  coefficient('davies2018', 'compartmentActive', 81, 'circuit-simulation', TABLE_2),
  coefficient('davies2018', 'compartmentInactive', 52, 'circuit-simulation', TABLE_2),
  coefficient('davies2018', 'messageWithinTile', 1.7, 'circuit-simulation', TABLE_2),
  coefficient('davies2018', 'synapticOpDense', 23.6, 'circuit-simulation', `${TABLE_2}, a minimum (C15)`),
  coefficient('davies2018', 'synapseVisit', VISIT_PJ, 'circuit-simulation', TABLE_2),
  coefficient('davies2018', 'managementWrite', 1000, null, 'as in profile sana-fe', [0, 10_000]),
];

function latency(name: string, valueS: number, kind: string, source: string | null): LatencyRow {
  return { name, valueS, lowS: valueS, highS: valueS, class: kind, source };
}

const LIMITS: Readonly<Record<string, number>> = {
  compartments: 1024,
  synapseMemory: 16_384,
  inputAxons: 4096,
  outputAxons: 4096,
  dendriticAccumulators: 8192,
  compartmentProfiles: 32,
  thresholdProfiles: 8,
  synapseFormats: 15,
  preTraceProfiles: 3,
};
const RESOURCES = Object.keys(LIMITS);

const CORES: readonly (readonly [string, readonly number[]])[] = [
  ['hidden', [256, 15_870, 1590, 264, 2048, 4, 3, 6, 1]],
  ['hidden', [256, 15_870, 1590, 264, 2048, 4, 3, 6, 1]],
  ['output', [97, 4_212, 1184, 131, 776, 9, 6, 11, 2]],
  ['feedback', [520, 6_944, 388, 530, 4160, 6, 5, 9, 3]],
];

const PER_CORE = CORES.map(([coreClass, used], core) => ({
  core,
  coreClass,
  use: Object.fromEntries(RESOURCES.map((resource, i) => [resource, used[i]!])),
}));

function utilization(resource: string): { max: number; mean: number; limit: number } {
  const used = PER_CORE.map(({ use }) => use[resource]!);
  const mean = used.reduce((a, b) => a + b, 0) / used.length;
  return { max: Math.max(...used), mean, limit: LIMITS[resource]! };
}

/** Blobs of both signs with some noise, as hidden neurons get from digits. */
function field(neuron: number): number[] {
  let state = (neuron + 1) * 2_654_435_761;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const blobs = Array.from({ length: 5 }, () => ({
    x: 5 + 18 * random(),
    y: 5 + 18 * random(),
    size: 2 + 3 * random(),
    height: (random() < 0.5 ? -1 : 1) * (40 + 70 * random()),
  }));
  return Array.from({ length: HEIGHT * WIDTH }, (_, i) => {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    const signal = blobs.reduce(
      (sum, blob) => sum + blob.height * Math.exp(-((x - blob.x) ** 2 + (y - blob.y) ** 2) / blob.size ** 2),
      0,
    );
    return 2 * Math.round((signal + 16 * (random() - 0.5)) / 2);
  });
}

/** What nine in ten draws would say of a figure, roughly. */
function drawn(joules: number): Percentiles {
  return { p5: 0.8 * joules, p50: joules, p95: 1.25 * joules };
}

function drawnAll<Name extends string>(of: Readonly<Record<Name, number>>): Record<Name, Percentiles> {
  return Object.fromEntries(
    Object.entries(of).map(([name, joules]) => [name, drawn(joules as number)]),
  ) as Record<Name, Percentiles>;
}

const LEARNING_J = 205_824 * VISIT_PJ * 1e-12;

const BY_UNIT = {
  compartment: 1.0472e-6,
  noise: 6.144e-9,
  spikeOut: 1.2919e-8,
  mesh: 4.52e-8,
  inputAxon: 0,
  synapse: 1.3504e-6,
  learning: LEARNING_J,
  management: 1.37e-10,
};
const BY_PHASE = { forward: 1.512e-6, error: 2.2531e-5, management: 9.1e-9, sleep: 3.1088e-6, inference: 0 };
const BY_PART = {
  forward: 1.512e-6,
  error: 1.111e-6,
  learning: 2.142e-5,
  sleep: 3.1088e-6,
  management: 9.1e-9,
};

const TORNADO: readonly TornadoRow[] = [
  {
    name: 'learning visits',
    kind: 'learning visits',
    class: null,
    lowJ: 43_518.7 * VISIT_PJ * 1e-12 + OTHER_J,
    highJ: LEARNING_J + OTHER_J,
    lowAt: 'activeAxons',
    highAt: 'allPlastic',
  },
  {
    name: 'synapseVisit',
    kind: 'coefficient',
    class: 'circuit-simulation',
    lowJ: 1.89e-5,
    highJ: 3.95e-5,
    lowAt: 80e-12,
    highAt: 180e-12,
  },
  {
    name: 'profile',
    kind: 'profile',
    class: null,
    lowJ: LEARNING_J + DAVIES_OTHER_J,
    highJ: LEARNING_J + OTHER_J,
    lowAt: 'davies2018',
    highAt: 'sana-fe',
  },
  {
    name: 'traceUpdate',
    kind: 'coefficient',
    class: 'guess',
    lowJ: LEARNING_J + OTHER_J,
    highJ: LEARNING_J + OTHER_J + 2.6e-8,
    lowAt: 0,
    highAt: 21.6e-12,
  },
];

const REPORT: Report = {
  schema: 'seamount.report/1',
  precision: 'chip',
  chip: {
    name: 'loihi1',
    generation: 'loihi1',
    title: 'Intel Loihi (2018), recommended defaults',
    status:
      'Limits and widths are published, or taken from public software for the chip; times and energies are constants ' +
      'fitted to a Nahuku board. Learning energy is one published number from before silicon.',
  },
  recipe: {
    name: 'biograd',
    title: 'BioGrad',
    about:
      'Gradient-based learning with dendrites, spiking error neurons and a sleep phase that aligns the feedback ' +
      'weights; after Tang et al. 2021 (arXiv 2110.14092), a reconstruction for Loihi 1.',
    settings: {
      hidden: 256,
      feedback: 'sleep',
      forwardSteps: 11,
      latencySteps: 9,
      pixelMin: 16,
      inputDropout: 16,
      hiddenThreshold: 600,
      activeLevel: 48,
      errorHigh: 1792,
      errorLow: 320,
      hiddenStep: 6,
      outputStep: 4,
      rateDrops: [0.4, 0.75],
      sleepLevel: 8,
      sleepEvery: 4000,
    },
  },
  data: {
    name: 'digits',
    title: 'Digits (drawn by program)',
    synthetic: true,
    sources: [
      {
        name: 'digits version 1, seed 1, 12000 training and 2000 test images',
        sha256: '596be063cfc1aa03e3e2c20da69bfc627d8ab62e66e46233d7f2c1c2a0b05b92',
      },
    ],
  },
  seed: 1,
  versions: { seamount: '0.1.0', node: '20.20.2', core: '3fa1c07be2d94a10' },
  samples: {
    train: TRAIN,
    test: 2000,
    epochs: EPOCHS,
    presented: PRESENTED,
    stepsPerTrainingSample: 20,
    stepsPerTestSample: 45,
  },
  accuracy: {
    train: 0.9835,
    test: 0.9765,
    perEpoch: [0.9605, 0.973, 0.9765],
    readout: 'spike counts of the readout compartments on a ramp of 32 levels',
    otherReadouts: [],
    ties: 0.0145,
    checkpoints: CHECKPOINTS,
  },
  approximation: null,
  legality: {
    chip: 'loihi1',
    extensions: [],
    assumptions: [
      'a learning epoch visits every plastic synapse (learning.visits) [HW 8.1]',
      'weights are read early: before the updates of the same epoch (semantics.weightRead) [HW 9]',
      'stackOut code of the join "or" is not public (U2) [HW 2.5]',
    ],
  },
  hostWeightWrites: 0,
  hostStateReads: 0,
  counts: {
    total: whole(PRESENTED),
    perTrainingSample: counts(() => 1),
    perTestSample: counts((name) => (/Visits|Updates$|learning|management|reward/.test(name) ? 0 : 1.62)),
    perPhase: {
      forward: whole(PRESENTED * 0.55),
      error: whole(PRESENTED * 0.35),
      management: whole(0),
      sleep: whole(PRESENTED * 0.1),
      inference: whole(0),
    },
  },
  time: {
    perTrainingSampleS: 4.6116e-4,
    perTestSampleS: 9.81e-5,
    perStepS: { mean: 2.281e-5, max: 4.3912e-4 },
    byPhaseS: {
      forward: { spikingS: 2.71e-5, learningS: 0, managementS: 0 },
      error: { spikingS: 1.13e-5, learningS: 3.812e-4, managementS: 0 },
      management: { spikingS: 1.2e-7, learningS: 0, managementS: 3.4e-9 },
      sleep: { spikingS: 9.86e-6, learningS: 3.1477e-5, managementS: 9.96e-8 },
      inference: { spikingS: 0, learningS: 0, managementS: 0 },
    },
    mode: 'analytic',
    cycle: null,
    coefficients: [
      latency('synapticOpDense', 3.8e-9, 'fitted', '[E] SANA-FE regression [HW 6.2]'),
      latency('learningVisit', 6.1e-9, 'circuit-simulation', TABLE_2),
      { ...latency('managementWrite', 1e-7, 'guess', null), lowS: 2e-8, highS: 1.7e-6 },
    ],
  },
  energy: {
    perTrainingSampleJ: { value: LEARNING_J + OTHER_J, low: 7.314444e-6, high: LEARNING_J + OTHER_J },
    perTestSampleJ: { value: 3.841e-6, low: 2.215e-6, high: 3.841e-6 },
    byUnitJ: BY_UNIT,
    byPhaseJ: BY_PHASE,
    byPartJ: BY_PART,
    byCoreJ: CORES.map(([coreClass], core) => ({
      core,
      coreClass,
      perTrainingSampleJ: ((LEARNING_J + OTHER_J) * [0.37, 0.37, 0.02, 0.24][core]!) as number,
    })),
    dynamicJ: (LEARNING_J + OTHER_J) * PRESENTED,
    staticJ: 1.7266,
    embeddedJ: 1.0957,
    ioJ: null,
    staticPowerW: {
      value: 0.104,
      low: 0.0297,
      high: 0.104,
      class: 'measured',
      source: '[P] Frady 2020, a 32-chip Nahuku; low: idle Wolf Mountain board (C12) [HW 6.3]',
    },
    embeddedPowerW: {
      value: 0.066,
      low: 0.065,
      high: 0.136,
      class: 'measured',
      source: '[P] Frady 2020, 32 chips, idle [HW 6.3]',
    },
    ioPowerW: null,
    unknowns: [
      'Which synapses a learning epoch visits is not public.',
      'The energy of input and output is not known.',
    ],
    uncertainty: {
      draws: 1000,
      perTrainingSampleJ: drawn(LEARNING_J + OTHER_J),
      perTrainingSampleAnyChoiceJ: { p5: 7.4e-6, p50: 1.9e-5, p95: 3.3e-5 },
      perTestSampleJ: drawn(3.841e-6),
      byUnitJ: drawnAll(BY_UNIT),
      byPhaseJ: drawnAll(BY_PHASE),
      byPartJ: drawnAll(BY_PART),
      dynamicJ: drawn((LEARNING_J + OTHER_J) * PRESENTED),
      staticJ: drawn(1.2),
      embeddedJ: drawn(1.3),
      ioJ: null,
      tornado: TORNADO,
    },
    profile: 'sana-fe',
    learningVisits: 'allPlastic',
    byProfileJ: { 'sana-fe': LEARNING_J + OTHER_J, davies2018: LEARNING_J + DAVIES_OTHER_J },
    byVisits: BY_VISITS,
    notModelled: { 'sana-fe': [], davies2018: ['spike', 'randomDraw', 'inputAxonEvent'] },
    coefficients: COEFFICIENTS,
  },
  mapping: {
    chips: 1,
    cores: PER_CORE.length,
    utilization: Object.fromEntries(RESOURCES.map((resource) => [resource, utilization(resource)])),
    perCore: PER_CORE,
    area: {
      coreM2: 0.41e-6,
      usedCoresM2: 1.64e-6,
      diesM2: 60e-6,
      memoryPerCoreBytes: 212_992,
      memories: [
        { name: 'synapses', bytes: 131_072, usedMeanBytes: 58_718 },
        { name: 'tables, traces and profiles', bytes: 34_816, usedMeanBytes: null },
      ],
      perCore: PER_CORE.map(({ core }) => ({ core, areaM2: 0.41e-6, usedBytes: 121_768 })),
    },
  },
  emulator: {
    wallS: 76.4,
    trainingSamplesPerS: PRESENTED / 76.4,
    synapticOpsPerS: 1.943e7,
    threads: 8,
    build: 'release',
  },
  layers: { spikesPerTestSample: { input: 101.6, hidden: 58.31, error: 1.42, feedback: 6.08, forced: 12.6 } },
  receptiveFields: { height: HEIGHT, width: WIDTH, neurons: Array.from({ length: 48 }, (_, i) => field(i)) },
};

/** The fixture, with sections replaced. */
export function fixtureReport(changes: Partial<Report> = {}): Report {
  return { ...REPORT, ...changes };
}
