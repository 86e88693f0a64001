// The network: 784-H-10 with dendrites and somas, error neurons that spike, and apical compartments that carry the
// feedback. All signals between them are spikes; the order of events comes from gate neurons that a start spike
// sets off through delays. Strengths are in units of 64 (one weight unit); one level of W1 is two units, one of W2 one,
// halved `outputScale` times.
//
// D  dendrite: its v is the drive, offset by `OFFSET` because voltages are held at 0 or above; input weights end here
// R  soma: pops D, adds it up and fires; its spikes go to the outputs
// O  output integrator, offset like D; OR reads it against a level that a gate sets
// P, M  errors: the label's output is not high enough; another class's output is too high
// EA, EB  relays: P then M, and M then P; the feedback weights are on their axons
// A  apical compartment: fires with a probability that grows with the feedback, if its neuron was active

import { NetworkBuilder } from '../../network/builder.ts';
import type {
  CompartmentParameters,
  Projection,
  ScheduleEntry,
  SynapseParameters,
} from '../../network/network.ts';
import { uniformWeights } from '../common/random-weights.ts';
import { slowerBy } from '../common/rate-drops.ts';
import type { Task } from '../recipe.ts';
import { pulse, STRONGEST } from './pulse.ts';
import type { Settings } from './settings.ts';
import { FRAME, sleepPadding, testSteps, timeline } from './timeline.ts';

/** What D and O hold at rest while they are open: a negative drive or sum of this size is cut off at 0. */
const OFFSET = 8192;
const OUTPUT_OFFSET = 255 * 64;
/** Thresholds, in units: D and O fire only when forced; OR only when read. */
const FORCED = 31_250;
const READ = OUTPUT_OFFSET + 229 * 128;
/** One spike between relays, and what opens P and M for one step. */
const UNIT = 4096;
const RELAY_THRESHOLD = 2000;
const ERROR_THRESHOLD = 6000;
/** A: what its soma and the gate of a slot add; both are needed, and two soma pulses must not do. */
const SOMA_PULSE = 255 * 16;
const SLOT_PULSE = 255 * 32;
/** A: what the gate adds in sleep, where the soma's pulse must do it alone and feedback must not matter. */
const SLEEP_PULSE = SLOT_PULSE + 255 * 8;
/** Memory neurons (copies only): one spike of the soma, and what reads the memory. */
const COUNT_UNIT = 16;
const COUNT_READ = 8192;

/** Memoryless: register 4095. The current has the core's offset bit on top and forgets everything. */
const FORGET = 4095;
const PLASTIC: SynapseParameters = { signMode: 'mixed', bits: 8, exponent: 0 };
/** Output weights count half, or less: at most one unit a level at O, so that sums of many spikes stay below `FORCED`. */
const OUTPUT_EXPONENT = -1;

const memoryless = (threshold: number): CompartmentParameters => ({
  decayU: FORGET,
  decayV: FORGET,
  threshold,
});
const integrator = (threshold: number): CompartmentParameters => ({ decayU: FORGET, decayV: 0, threshold });

/**
 * What the noise of A can add, in units: 127 · 2^k units of v, and what two pulses of the soma leave behind of
 * themselves, since register 4095 without an offset bit keeps 1/4096 of v [HW 2.3].
 */
function noiseUnits(settings: Settings): number {
  return Math.ceil((127 * 2 ** settings.hiddenNoise) / 64) + Math.ceil((2 * SOMA_PULSE) / 4096);
}

/** The engine's smallest exponent is -7 [HW 4.2]. */
const LEAST_EXPONENT = 7;
/** The timed sign: a forced post spike 2 steps before the end of the epoch gives +, at its end -. */
const TIMED = { y1: { impulse: 127, tau: 1 }, y2: { impulse: 126.5, tau: 2 } };

/**
 * The rule of a timed sign with steps of about 65/2^a levels, if the impulses do the rest; `sign` is that of the
 * earlier post spike.
 */
export function timedRule(a: number, sign: 1 | -1): string {
  const [first, second] = sign > 0 ? ['', '-'] : ['-', '+'];
  const exponent = Math.min(a, LEAST_EXPONENT);
  return `dw = ${first}5*2^-${exponent}*u0*x0*y2 ${second} 6*2^-${exponent}*u0*x0*y1`;
}

/**
 * Exact steps of 64/2^a levels: + with a reward spike, - without. Never less than a level: below it steps would be
 * rounded at random, and copies would part.
 */
function coincidenceRule(a: number): string {
  const exponent = Math.max(1, LEAST_EXPONENT - a);
  return `dw = 2^${exponent + 1}*y0*x0*r1 - 2^${exponent}*y0*x0`;
}

/** The impulses of a timed sign whose steps are 65/2^a levels, if the rule's exponent is no less than the engine's. */
function timedImpulses(a: number): { y1: number; y2: number } {
  const factor = 2 ** Math.min(0, LEAST_EXPONENT - a);
  return { y1: TIMED.y1.impulse * factor, y2: TIMED.y2.impulse * factor };
}

/** Post traces of a population that learns by a timed sign from the start. */
function timedTraces(a: number) {
  const { y1, y2 } = timedImpulses(a);
  return { y1: { ...TIMED.y1, impulse: y1 }, y2: { ...TIMED.y2, impulse: y2 } };
}

function transposed(matrix: Int16Array, rows: number, columns: number, sign: 1 | -1): Int16Array {
  return Int16Array.from(
    { length: rows * columns },
    (_, i) => sign * matrix[(i % rows) * columns + Math.floor(i / rows)]!,
  );
}

class BioGrad {
  readonly #settings: Settings;
  readonly #task: Task;
  readonly #net: NetworkBuilder;
  readonly #copies: boolean;

  constructor(settings: Settings, task: Task) {
    this.#settings = settings;
    this.#task = task;
    this.#net = new NetworkBuilder('biograd', task.seed);
    this.#copies = settings.feedback === 'copies';
  }

  build() {
    this.#phases();
    this.#coreClasses();
    this.#ports();
    this.#populations();
    this.#plastic();
    this.#forward();
    this.#errors();
    this.#feedback();
    if (this.#copies) this.#memory();
    else this.#forcedBySlots();
    if (this.#settings.feedback === 'sleep') this.#sleep();
    this.#test();
    this.#presentations();
    return this.#net.build();
  }

  /** Units at O of a sum of output weights. */
  #atOutput(levels: number): number {
    return levels / 2 ** this.#settings.outputScale;
  }

  #add(projections: readonly Projection[]): void {
    for (const projection of projections) this.#net.project(projection);
  }

  #phases(): void {
    for (const name of ['forward', 'error', 'learning', 'management']) this.#net.phase(name);
    this.#net.phase('sleep', 'sleep').phase('inference');
  }

  #coreClasses(): void {
    const { steps } = timeline(this.#settings);
    const { hiddenNoise, hiddenCores } = this.#settings;
    const reward = { impulse: 1, tau: 0 };
    this.#net
      .coreClass({
        name: 'hidden',
        negVmLimit: 0,
        epochSteps: steps,
        ...(hiddenCores === 0 ? {} : { cores: hiddenCores }),
      })
      .coreClass({
        name: 'output',
        negVmLimit: 0,
        epochSteps: this.#copies ? 2 : steps,
        ...(this.#copies ? { reward } : {}),
      })
      .coreClass({
        name: 'feedback',
        negVmLimit: 0,
        epochSteps: 2,
        learning: this.#copies,
        reward,
        noise: { exponent: hiddenNoise + 7, mantissaOffset: 0, target: 'dendrite' },
      });
  }

  #ports(): void {
    const { height, width, classes } = this.#task;
    const { latencySteps } = this.#settings;
    const train = { presentation: 'train', first: 0, last: latencySteps - 1 };
    this.#net
      .port({ name: 'image', size: height * width + 1, spikes: train }) // the last one is always on
      .port({ name: 'label', size: classes })
      .port({ name: 'start', size: 1 })
      .port({ name: 'infer', size: 1 });
    if (this.#settings.feedback === 'sleep') {
      this.#net.port({ name: 'dream', size: this.#settings.hidden }).port({ name: 'doze', size: 1 });
    }
    if (this.#settings.feedback !== 'random') this.#net.port({ name: 'feedback reward', size: 1 });
    if (this.#copies) this.#net.port({ name: 'output reward', size: 1 });
  }

  #populations(): void {
    const { hidden, hiddenThreshold, hiddenStep, outputStep } = this.#settings;
    const { classes } = this.#task;
    const t = timeline(this.#settings);
    const net = this.#net;
    const forced = {
      presentation: 'train',
      first: this.#copies ? t.error + 1 : t.firstForce,
      last: this.#copies ? t.error + 3 : t.secondForce,
    };
    const fromHidden = { presentation: 'train', first: 1, last: this.#copies ? t.error + 3 : t.error };
    net
      .population({
        name: 'D',
        size: hidden,
        coreClass: 'hidden',
        compartment: integrator(FORCED),
        postTraces: timedTraces(hiddenStep),
        spikes: { presentation: 'train', first: t.firstForce, last: t.secondForce },
      })
      .population({
        name: 'R',
        size: hidden,
        coreClass: 'hidden',
        compartment: { ...integrator(2 * hiddenThreshold), bias: { mantissa: -4096, exponent: 7 } },
        join: { operation: 'add', children: ['D'] },
        spikes: fromHidden,
      })
      .population({
        name: 'O',
        size: classes,
        coreClass: 'output',
        compartment: integrator(FORCED),
        postTraces: timedTraces(outputStep),
        spikes: forced,
      })
      .population({
        name: 'OR',
        size: classes,
        coreClass: 'output',
        compartment: memoryless(READ),
        join: { operation: 'add', children: ['O'] },
      });
    for (const name of ['P', 'M'])
      net.population({ name, size: classes, coreClass: 'output', compartment: memoryless(ERROR_THRESHOLD) });
    for (const name of ['EA', 'EB'])
      net.population({ name, size: classes, coreClass: 'output', compartment: memoryless(RELAY_THRESHOLD) });
    for (const name of [
      'gate end',
      'gate read',
      'gate close',
      'gate first',
      'gate second',
      'gate stop',
      'gate ramp',
      'gate ramp end',
    ]) {
      net.population({ name, size: 1, coreClass: 'output', compartment: memoryless(RELAY_THRESHOLD) });
    }
    net.population({
      name: 'A',
      size: hidden,
      coreClass: 'feedback',
      compartment: { ...memoryless(SOMA_PULSE + SLOT_PULSE + noiseUnits(this.#settings)), noise: true },
    });
  }

  /** The three plastic matrices; both feedback matrices stand for -W2 (EA) and +W2 (EB), transposed. */
  #plastic(): void {
    const { hidden, hiddenInit, outputInit, feedbackInit, feedback, hiddenStep, outputStep } = this.#settings;
    const { height, width, classes } = this.#task;
    const inputs = height * width + 1;
    const w2 = uniformWeights(this.#task, 1, hidden * classes, outputInit);
    this.#net
      .rule('hidden', timedRule(hiddenStep, -1))
      .rule('output', this.#copies ? coincidenceRule(outputStep) : timedRule(outputStep, 1));
    if (feedback === 'copies') this.#net.rule('feedback', coincidenceRule(outputStep));
    if (feedback === 'sleep') this.#net.rule('feedback', `dw = 2^7*y0*x0*r1 - 2^6*y0*x0 - 8*y0*r1*w`);
    const matrix = (
      name: string,
      from: string,
      to: string,
      weights: Int16Array,
      synapse: SynapseParameters,
      rule?: string,
    ): void => {
      const projection = { name, from, to, connection: { kind: 'all', weights }, synapse } as const;
      this.#net.project(rule === undefined ? projection : { ...projection, rule });
    };
    matrix('W1', 'image', 'D', uniformWeights(this.#task, 0, inputs * hidden, hiddenInit), PLASTIC, 'hidden');
    const atOutput = { ...PLASTIC, exponent: OUTPUT_EXPONENT - this.#settings.outputScale };
    matrix('W2', 'R', 'O', w2, atOutput, 'output');
    const start = (k: number, sign: 1 | -1): Int16Array => {
      if (feedback === 'copies') {
        const isEqual = this.#settings.copiesStart === 'equal';
        const first = isEqual ? w2 : uniformWeights(this.#task, 2 + k, hidden * classes, outputInit);
        return transposed(first, hidden, classes, sign);
      }
      if (feedback === 'sleep') return new Int16Array(classes * hidden);
      const random = uniformWeights(this.#task, 2, classes * hidden, feedbackInit);
      return k === 0 ? random : random.map((w) => -w);
    };
    const rule = feedback === 'random' ? undefined : 'feedback';
    matrix('BA', 'EA', 'A', start(0, -1), PLASTIC, rule);
    matrix('BB', 'EB', 'A', start(1, 1), PLASTIC, rule);
  }

  /** A gate fires so that it acts in step `acts`; the start spike of step 0 reaches it through a delay. */
  #gate(gate: string, port: string, acts: number): void {
    this.#add(pulse(`${port} -> ${gate}`, port, gate, UNIT, acts - 2));
  }

  #forward(): void {
    const t = timeline(this.#settings);
    const { activeLevel, hiddenThreshold, errorHigh, errorLow } = this.#settings;
    this.#add(pulse('open D', 'start', 'D', OFFSET));
    this.#add(pulse('open O', 'start', 'O', OUTPUT_OFFSET));
    this.#gate('gate end', 'start', t.readHigh);
    this.#gate('gate read', 'start', t.readLow);
    this.#gate('gate close', 'start', t.error);
    for (const delay of [0, 1]) this.#add(pulse(`clear R ${delay}`, 'gate end', 'R', -STRONGEST, delay));
    this.#add(pulse('read OR high', 'gate end', 'OR', READ - OUTPUT_OFFSET - this.#atOutput(errorHigh)));
    this.#add(pulse('read OR low', 'gate read', 'OR', READ - OUTPUT_OFFSET - this.#atOutput(errorLow)));
    this.#add(pulse('close D', 'gate close', 'D', -STRONGEST, this.#copies ? 0 : 1));
    // Nothing else may arrive at O in that step, or the sum would wrap.
    this.#add(pulse('empty O', 'gate close', 'O', -STRONGEST, this.#copies ? 0 : 2));
    // The soma's state was cleared: it fires again if its dendrite's drive alone, with this pulse, is enough.
    if (!this.#copies) this.#add(pulse('read D', 'gate read', 'R', 2 * (hiddenThreshold - activeLevel), 1));
  }

  #errors(): void {
    for (const to of ['P', 'M']) this.#add(pulse(`open ${to}`, 'gate close', to, UNIT));
    this.#add(pulse('label is P', 'label', 'P', UNIT, 0, 'one-to-one'));
    this.#add(pulse('label is not M', 'label', 'M', -2 * UNIT, 0, 'one-to-one'));
    this.#add(pulse('high is not P', 'OR', 'P', -2 * UNIT, 1, 'one-to-one'));
    this.#add(pulse('low is M', 'OR', 'M', UNIT, 0, 'one-to-one'));
    this.#add(pulse('P first', 'P', 'EA', UNIT, 0, 'one-to-one'));
    this.#add(pulse('M second', 'M', 'EA', UNIT, 2, 'one-to-one'));
    this.#add(pulse('M first', 'M', 'EB', UNIT, 0, 'one-to-one'));
    this.#add(pulse('P second', 'P', 'EB', UNIT, 2, 'one-to-one'));
    // Outputs learn in the two steps in which they are forced; copies learn where relays and errors coincide.
    const [p, m] = this.#copies ? [0, 2] : [2, 4];
    this.#add(pulse('force O by P', 'P', 'O', STRONGEST, p, 'one-to-one'));
    this.#add(pulse('force O by M', 'M', 'O', STRONGEST, m, 'one-to-one'));
  }

  #feedback(): void {
    const t = timeline(this.#settings);
    this.#gate('gate first', 'start', t.firstSlot);
    this.#gate('gate second', 'start', t.secondSlot);
    this.#add(pulse('first slot', 'gate first', 'A', SLOT_PULSE));
    // Neurons that should fire more must clear a higher bar: without it activity grows without limit.
    this.#add(pulse('second slot', 'gate second', 'A', SLOT_PULSE - 2 * this.#settings.activityCost));
    this.#add(pulse('force D', 'A', 'D', STRONGEST, 0, 'one-to-one'));
  }

  /**
   * The soma's last spike, of step `error`, opens its apical compartment in both slots. The delays differ by two,
   * and no soma fires two steps before that spike, so no compartment is opened twice at once.
   */
  #forcedBySlots(): void {
    const t = timeline(this.#settings);
    this.#add(pulse('soma opens first', 'R', 'A', SOMA_PULSE, t.firstSlot - t.error - 1, 'one-to-one'));
    this.#add(pulse('soma opens second', 'R', 'A', SOMA_PULSE, t.secondSlot - t.error - 1, 'one-to-one'));
  }

  /** Copies: a memory of which neurons were active makes somas and apical compartments fire beside the errors. */
  #memory(): void {
    const { hidden } = this.#settings;
    const t = timeline(this.#settings);
    const net = this.#net;
    net.population({
      name: 'memory',
      size: hidden,
      coreClass: 'feedback',
      compartment: integrator(COUNT_READ + COUNT_UNIT / 2),
    });
    net.population({
      name: 'gate last',
      size: 1,
      coreClass: 'output',
      compartment: memoryless(RELAY_THRESHOLD),
    });
    this.#gate('gate last', 'start', t.secondForce);
    this.#add(pulse('count', 'R', 'memory', COUNT_UNIT, 0, 'one-to-one'));
    this.#add(pulse('read memory', 'gate close', 'memory', COUNT_READ));
    for (const delay of [0, 2]) {
      this.#add(pulse(`flag R ${delay}`, 'memory', 'R', 2 * OFFSET, delay, 'one-to-one'));
      this.#add(pulse(`flag A ${delay}`, 'memory', 'A', STRONGEST, delay, 'one-to-one'));
      this.#add(pulse(`open A ${delay + 1}`, 'memory', 'A', SOMA_PULSE, delay + 1, 'one-to-one'));
    }
    // The flags of A must not force D; the spikes of the slots, one step later, must.
    this.#add(pulse('block D first', 'gate first', 'D', -STRONGEST));
    this.#add(pulse('block D second', 'gate second', 'D', -STRONGEST));
    this.#add(pulse('empty O again', 'gate last', 'O', -STRONGEST));
    this.#add(pulse('forget', 'gate last', 'memory', -STRONGEST));
    net
      .reward({ from: 'output reward', coreClass: 'output' })
      .reward({ from: 'feedback reward', coreClass: 'feedback' });
  }

  /** A frame of sleep needs no gates: all its delays are short. */
  #sleep(): void {
    const sleepLevel = this.#atOutput(this.#settings.sleepLevel);
    this.#add(pulse('dream', 'dream', 'R', 2 * OFFSET, 0, 'one-to-one'));
    this.#add(pulse('doze: open O', 'doze', 'O', OUTPUT_OFFSET, FRAME.open - 1));
    this.#add(
      pulse('doze: read negative', 'doze', 'OR', READ - OUTPUT_OFFSET + sleepLevel, FRAME.readNegative - 1),
    );
    this.#add(
      pulse('doze: read positive', 'doze', 'OR', READ - OUTPUT_OFFSET - sleepLevel, FRAME.readPositive - 1),
    );
    this.#add(pulse('doze: P unless fired', 'doze', 'P', 2 * UNIT, FRAME.error - 1));
    this.#add(pulse('doze: open M', 'doze', 'M', UNIT, FRAME.error - 1));
    this.#add(pulse('doze: first flag', 'doze', 'A', SLEEP_PULSE, FRAME.firstFlag - 1));
    this.#add(pulse('doze: second flag', 'doze', 'A', SLEEP_PULSE, FRAME.secondFlag - 1));
    this.#add(pulse('doze: empty O', 'doze', 'O', -STRONGEST, FRAME.empty - 1));
    this.#net.reward({ from: 'feedback reward', coreClass: 'feedback' });
  }

  #test(): void {
    const { forwardSteps, rampLevels } = this.#settings;
    const rampStep = this.#atOutput(this.#settings.rampStep);
    const first = forwardSteps + 1; // the ramp's first read, with the last spikes of the somas
    const last = forwardSteps + rampLevels;
    this.#add(pulse('test: open D', 'infer', 'D', OFFSET));
    this.#add(pulse('test: open O', 'infer', 'O', OUTPUT_OFFSET));
    this.#gate('gate stop', 'infer', first);
    this.#gate('gate ramp', 'infer', first);
    this.#gate('gate ramp end', 'infer', last);
    this.#add(pulse('ramp goes on', 'gate ramp', 'gate ramp', UNIT));
    this.#add(pulse('ramp ends', 'gate ramp end', 'gate ramp', -2 * UNIT));
    this.#add(pulse('test: close D', 'gate stop', 'D', -STRONGEST));
    this.#add(pulse('test: clear R', 'gate stop', 'R', -STRONGEST));
    this.#add(pulse('ramp: raise O', 'gate ramp', 'O', rampStep));
    // The i-th read finds outputs above top - i steps; the lowest level lies 1000 below 0.
    const top = rampStep * rampLevels - this.#atOutput(1000);
    const coarse = Math.round((READ - OUTPUT_OFFSET - (top + rampStep)) / 128) * 128;
    this.#add(pulse('ramp: read', 'gate ramp', 'OR', coarse));
    this.#add(pulse('test: empty O', 'gate ramp end', 'O', -STRONGEST, 1));
    if (this.#copies) this.#add(pulse('test: forget', 'gate ramp end', 'memory', -STRONGEST));
  }

  /** Steps halved `halvings` times: by the exponents of the rules while they fit, then by the impulses. */
  #rateEntries(halvings: number): ScheduleEntry[] {
    const { hiddenStep, outputStep } = this.#settings;
    const entries: ScheduleEntry[] = [{ step: 0, kind: 'phase', phase: 'management' }];
    const timed = (rule: string, population: string, a: number, sign: 1 | -1): void => {
      entries.push({ step: 0, kind: 'rule', rule, line: timedRule(a, sign) });
      entries.push({ step: 0, kind: 'postImpulses', population, impulses: timedImpulses(a) });
    };
    timed('hidden', 'D', hiddenStep + halvings, -1);
    if (!this.#copies) timed('output', 'O', outputStep + halvings, 1);
    else
      for (const rule of ['output', 'feedback'])
        entries.push({ step: 0, kind: 'rule', rule, line: coincidenceRule(outputStep + halvings) });
    return entries;
  }

  #presentations(): void {
    const { hidden, feedback, rateDrops } = this.#settings;
    const t = timeline(this.#settings);
    const net = this.#net;
    net.presentation('train', t.steps, [
      { step: 0, kind: 'phase', phase: 'forward' },
      { step: t.error, kind: 'phase', phase: 'error' },
    ]);
    const off = (step: number, ...classes: string[]) =>
      classes.map((coreClass) => ({ step, kind: 'learning', coreClass, on: false }) as const);
    const on = (step: number, ...classes: string[]) =>
      classes.map((coreClass) => ({ step, kind: 'learning', coreClass, on: true }) as const);
    net.presentation('deploy', 1, [
      { step: 0, kind: 'phase', phase: 'inference' },
      ...off(0, 'hidden', 'output', 'feedback'),
    ]);
    net.presentation('test', testSteps(this.#settings), [{ step: 0, kind: 'phase', phase: 'inference' }]);
    for (let halvings = 1; halvings <= rateDrops.length; halvings++)
      net.presentation(slowerBy(halvings), t.steps, this.#rateEntries(halvings));
    if (feedback !== 'sleep') return;
    const wakeSteps = 2;
    net.presentation('fall asleep', sleepPadding(t.steps, this.#settings.sleepNeurons ?? hidden, wakeSteps), [
      { step: 0, kind: 'phase', phase: 'sleep' },
      ...off(0, 'hidden', 'output'),
      ...on(0, 'feedback'),
    ]);
    net.presentation('frame', FRAME.steps);
    net.presentation('wake up', wakeSteps, [...on(1, 'hidden', 'output'), ...off(1, 'feedback')]);
  }
}

/** Builds the network for a task. */
export function bioGradNetwork(settings: Settings, task: Task) {
  return new BioGrad(settings, task).build();
}
