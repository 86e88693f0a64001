// The measurements, as published: what the predictions of predictions.json are compared with. [HW 8.2 to 8.5]

export interface Measured {
  readonly id: string;
  /** Both ends are the same unless only a range is public. */
  readonly low: number;
  readonly high: number;
  readonly source: string;
  /** Why the model's figure differs. */
  readonly why: string;
}

const exact = (id: string, value: number, source: string, why: string): Measured => ({
  id,
  low: value,
  high: value,
  source,
  why,
});

const RENNER = 'Renner et al. 2024, table 1';
const NXTF = 'Rueckauer et al. 2021, second-hand';
const ABR = 'logs of github.com/abr/power_benchmarks';
const LAVA = 'Lava-DL benchmark notebooks';

const EMSTDP_ENERGY =
  'power over the published time is 420 mW in training and 247 mW in inference, above what a chip takes at rest: the figure ' +
  'holds static power, processors and perhaps the board';
const NXTF_ENERGY = 'activity, and whether processors are in the figure, are unknown';
const KWS_SERIES = 'see below';

export const MEASURED: readonly Measured[] = [
  exact('emstdp-training-energy', 8.4e-3, RENNER, EMSTDP_ENERGY),
  exact(
    'emstdp-training-time',
    20e-3,
    RENNER,
    'reading counts and writing labels and errors between the phases is not modelled',
  ),
  exact('emstdp-inference-energy', 2.47e-3, RENNER, EMSTDP_ENERGY),
  exact(
    'emstdp-inference-time',
    10e-3,
    RENNER,
    'as in training; half the steps take half the published time, so the time goes with steps',
  ),
  exact(
    'lin-training-energy',
    0.553e-3,
    RENNER,
    'steps, activity and learning epochs are unknown; a learning epoch in every one of 240 steps would meet it',
  ),
  exact(
    'lin-inference-energy',
    12.8e-6,
    RENNER,
    'met by chance as much as by skill: activity and steps are assumed',
  ),
  exact(
    'matsuo-step-energy',
    23e-6,
    'Matsuo et al. 2024, abstract',
    'visits of plastic synapses decide: met with most connections present and a learning epoch in every step, or two',
  ),
  exact('nxtf-mnist-energy', 0.66e-3, NXTF, NXTF_ENERGY),
  exact(
    'nxtf-mnist-time',
    6.65e-3,
    NXTF,
    'met within the interval; half of the model is the constant of embedded processors',
  ),
  exact('nxtf-nmnist-energy', 0.29e-3, NXTF, NXTF_ENERGY),
  exact(
    'nxtf-nmnist-time',
    6.46e-3,
    NXTF,
    '22 µs a step if there are 300: less than the embedded constant, which was derived from another program',
  ),
  exact('nxtf-cifar10-energy', 102e-3, NXTF, NXTF_ENERGY),
  exact(
    'nxtf-cifar10-time',
    340e-3,
    NXTF,
    '850 µs a step: synchronising seven chips, and their links, are not modelled',
  ),
  exact(
    'kws-dynamic-energy',
    271.6e-6,
    ABR,
    'embedded processors at work take more than the idle 66 mW of another board',
  ),
  exact(
    'kws-total-energy',
    371.9e-6,
    ABR,
    "static power of this board is 29.7 mW, of the chip file's 104 mW",
  ),
  exact('kws-scaled-0-energy', 620e-6, ABR, KWS_SERIES),
  exact('kws-scaled-1-energy', 681e-6, ABR, KWS_SERIES),
  exact('kws-scaled-2-energy', 704e-6, ABR, KWS_SERIES),
  exact('kws-scaled-4-energy', 734e-6, ABR, KWS_SERIES),
  exact('kws-scaled-6-energy', 768e-6, ABR, KWS_SERIES),
  exact('kws-scaled-8-energy', 802e-6, ABR, KWS_SERIES),
  exact('kws-scaled-10-energy', 836e-6, ABR, KWS_SERIES),
  exact('kws-slope', 0.615e-9, `${ABR}, middle of 0.59 to 0.64 nJ`, 'activity is unknown; 6 % would meet it'),
  exact('pilotnet-lif-step-time', 152.85e-6, LAVA, 'see below'),
  exact('pilotnet-lif-dynamic-energy', 1.093544e-3, LAVA, 'see below'),
  exact('pilotnet-lif-total-energy', 1.661103e-3, LAVA, 'static power is from this run'),
  exact('pilotnet-sdnn-total-energy', 16.343833e-3, LAVA, 'static power during 59 ms is nearly all of it'),
  {
    id: 'dvs-step-energy',
    low: 1e-6,
    high: 4e-6,
    source: 'range in plots of the SANA-FE papers',
    why: 'at the upper end: every compartment is taken as active',
  },
  {
    id: 'dvs-step-time',
    low: 10e-6,
    high: 60e-6,
    source: 'range in plots of the SANA-FE papers',
    why: 'within it; the largest core decides, and the placement is assumed',
  },
];
