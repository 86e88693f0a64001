// Published systems that learn, beside which a run is shown. A line says what of it can be compared and what cannot:
// most give one energy without saying whether it is dynamic, and their networks differ.

export interface PublishedSystem {
  readonly name: string;
  readonly chip: string;
  /** Where the weight change is computed. */
  readonly learns: 'on the chip' | 'on a host, with the chip in the loop' | 'before, off the chip';
  readonly rule: string;
  readonly task: string;
  /** 0..1; null = not published or not found. */
  readonly accuracy: number | null;
  /** Per training sample; null = not published or not found. */
  readonly trainingJ: number | null;
  /** Per answered sample. */
  readonly inferenceJ: number | null;
  readonly trainingS: number | null;
  readonly comparable: string;
  readonly notComparable: string;
  readonly source: string;
}

const RENNER = 'Renner et al. 2024, Table 1';

export const PUBLISHED_SYSTEMS: readonly PublishedSystem[] = [
  {
    name: 'nBP, Renner et al. 2024',
    chip: 'Loihi, 14 nm',
    learns: 'on the chip',
    rule: 'binary exact back-propagation, 400-400-10',
    task: 'MNIST, 20 × 20',
    accuracy: 0.963,
    trainingJ: 0.59e-3,
    inferenceJ: 2.5e-6,
    trainingS: 1.5e-3,
    comparable: 'measured on Loihi; training and inference; the network is public (recipe nbp)',
    notComparable:
      'the inference figure can only be dynamic; that the training figure is, too, is assumed. Time holds the embedded processors',
    source: `[P] ${RENNER} [HW 8.1]`,
  },
  {
    name: 'S-STDP, Lin et al. 2018',
    chip: 'Loihi, 14 nm',
    learns: 'on the chip',
    rule: 'supervised STDP, one layer, 1920-10',
    task: 'MNIST',
    accuracy: 0.964,
    trainingJ: 0.553e-3,
    inferenceJ: 12.8e-6,
    trainingS: null,
    comparable: 'measured on Loihi',
    notComparable: 'one layer on features made elsewhere; dynamic or total is not said',
    source: `[2] via ${RENNER} [HW 8.3]`,
  },
  {
    name: 'EMSTDP, Shrestha et al. 2021',
    chip: 'Loihi, 14 nm',
    learns: 'on the chip',
    rule: 'direct feedback alignment in two phases, conv-conv-100-10',
    task: 'MNIST',
    accuracy: 0.947,
    trainingJ: 8.4e-3,
    inferenceJ: 2.47e-3,
    trainingS: 20e-3,
    comparable: 'measured on Loihi; a rule with feedback of its own',
    notComparable: 'convolutions, trained before, are in the figure; dynamic or total is not said',
    source: `[2] via ${RENNER} [HW 8.3]`,
  },
  {
    name: 'BioGrad, Tang et al. 2021',
    chip: 'Loihi, 14 nm',
    learns: 'on the chip',
    rule: 'dendrites, error neurons, sleep; one hidden layer',
    task: 'MNIST',
    accuracy: 0.9332,
    trainingJ: null,
    inferenceJ: null,
    trainingS: null,
    comparable: 'the rule of recipe biograd, which is a reconstruction of it',
    notComparable: 'the energy is published as a ratio to a graphics processor only (400 times less)',
    source: '[P] [HW 8.3]',
  },
  {
    name: 'CLP-SNN, 2025',
    chip: 'Loihi 2, Intel 4',
    learns: 'on the chip',
    rule: 'prototypes, few-shot',
    task: 'OpenLORIS',
    accuracy: null,
    trainingJ: 0.05e-3,
    inferenceJ: null,
    trainingS: 0.33e-3,
    comparable: 'measured learning on Loihi 2: the size of a figure',
    notComparable: 'another task, rule and chip; features come from a network trained before',
    source: '[P]',
  },
  {
    name: 'Park, Lee, Jeon 2020',
    chip: '65 nm, made for the task',
    learns: 'on the chip',
    rule: 'direct spike-only feedback, 784-200-200-10',
    task: 'MNIST',
    accuracy: 0.9783,
    trainingJ: 254e-9,
    inferenceJ: 236e-9,
    trainingS: null,
    comparable: 'task and kind of rule; what a chip made for one network needs',
    notComparable: 'no general chip: no routing, no programmable rule; another technology',
    source: '[P] inference, [D] training: 7.5 % more',
  },
  {
    name: 'Chen et al. 2019',
    chip: '10 nm',
    learns: 'on the chip',
    rule: 'supervised STDP, 236 × 20',
    task: 'MNIST',
    accuracy: 0.88,
    trainingJ: null,
    inferenceJ: 1.0e-6,
    trainingS: null,
    comparable: 'inference of a network that learned on its chip',
    notComparable: 'a network of 20 neurons; the energy of training was not found',
    source: '[P]; accuracy [R]',
  },
  {
    name: 'SPOON, Frenkel et al. 2020',
    chip: '28 nm, made for the task',
    learns: 'on the chip',
    rule: 'direct random target projection, event-driven convolutions',
    task: 'MNIST',
    accuracy: 0.953,
    trainingJ: null,
    inferenceJ: 313e-9,
    trainingS: null,
    comparable: 'inference; learning adds 16.8 % of power',
    notComparable: 'no general chip; 0.6 V; energy per training sample is not published',
    source: '[P]',
  },
  {
    name: 'Göltz et al. 2021',
    chip: 'BrainScaleS-2, 65 nm',
    learns: 'on a host, with the chip in the loop',
    rule: 'first-spike times',
    task: 'MNIST, 16 × 16',
    accuracy: 0.969,
    trainingJ: null,
    inferenceJ: 8.4e-6,
    trainingS: null,
    comparable: 'inference',
    notComparable: 'gradients are computed on a host, whose energy is in no figure',
    source: '[R]',
  },
];
