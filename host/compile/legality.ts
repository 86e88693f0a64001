// Legality: what a product of a learning rule can read on the chip, and when. A product that is always 0,
// because what it reads happens later, has decayed or does not exist, is refused by name. [HW 4.2], [HW 4.3],
// [HW 4.6]

import type { Chip } from '../chip/schema.ts';
import { didYouMean, UserError } from '../errors.ts';
import { encodeProduct } from '../microcode/encode.ts';
import { parseRule } from '../microcode/parse.ts';
import { gateName, type Product, type RuleVariable } from '../microcode/rule.ts';
import type {
  CoreClass,
  Network,
  Population,
  Projection,
  SpikeWindow,
  TraceParameters,
} from '../network/network.ts';
import { writtenTraces } from '../program/program.ts';
import { assumptionsOf } from './assumptions.ts';
import { extensionsOf } from './extensions.ts';
import { checkNoise, checkPayloads } from './physics.ts';
import { programOf } from './program-limits.ts';
import { checkStack } from './stack.ts';

export interface Legality {
  readonly chip: string;
  /** Emulator features that no documented chip has. */
  readonly extensions: readonly string[];
  /** Open questions that were decided by an option or by the network's author. */
  readonly assumptions: readonly string[];
}

/** A trace whose expected value stays below this is as good as 0. */
const NOTHING = 0.01;

/** Everything that one product's reads depend on. */
interface Context {
  readonly chip: Chip;
  readonly network: Network;
  readonly projection: Projection;
  readonly post: Population;
  readonly coreClass: CoreClass;
  readonly product: Product;
  readonly rule: string;
}

/** Names of the ways in which a product reads what is not there. */
export type Illegality =
  | 'empty-trace'
  | 'not-causal'
  | 'decayed-trace'
  | 'cleared-flag'
  | 'no-post-spikes'
  | 'no-reward'
  | 'constant-variable';

/** A product that is always 0 on the chip. */
export class IllegalProduct extends UserError {
  /** Why, without rule, projection and product. */
  readonly reason: string;

  constructor({ rule, product, projection }: Context, code: Illegality, why: string, hint: string) {
    const reason = `always 0: ${why}`;
    super(`rule "${rule}" on "${projection.name}": product "${product.text}" is ${reason}`, {
      code,
      path: `rule "${rule}"`,
      hint,
    });
    this.reason = reason;
  }
}

function windowOf(network: Network, name: string): SpikeWindow | undefined {
  return [...network.ports, ...network.populations].find((item) => item.name === name)?.spikes;
}

/** Whose spikes drive the post traces of a population. */
function postSource(network: Network, population: Population): Population {
  if (population.postSpikes !== 'parent') return population;
  return network.populations.find(({ join }) => join?.children.includes(population.name)) ?? population;
}

/** Largest expected value of a trace `steps` steps after a spike. */
function remaining(chip: Chip, trace: TraceParameters, steps: number): number {
  if (trace.tau === 0) return trace.impulse; // within the epoch of the spike; callers treat other epochs as 0
  const factor =
    chip.semantics.traceDecay === 'linear' ? Math.max(0, 1 - 1 / trace.tau) : Math.exp(-1 / trace.tau);
  return trace.impulse * factor ** steps;
}

/** Fewest steps from a spike of `source` to a read in `read`, both windows repeating every `period` steps. */
function shortestWait(source: SpikeWindow, read: { first: number; last: number }, period: number): number {
  if (source.first <= read.last) return Math.max(0, read.first - source.last);
  return read.first + period - source.last;
}

function stepsOf(network: Network, window: SpikeWindow): number | undefined {
  return network.presentations.find(({ name }) => name === window.presentation)?.steps;
}

/**
 * Refuses a read of `trace`, driven by spikes in `source`, at times in `read`, if nothing can be left of it.
 * Spikes of an earlier presentation count as far as the trace lasts.
 */
function checkRead(
  context: Context,
  variable: string,
  trace: TraceParameters | undefined,
  source: SpikeWindow | undefined,
  read: SpikeWindow | undefined,
  moment: string,
): void {
  const { chip, network, product } = context;
  if (trace === undefined || trace.impulse === 0) {
    throw new IllegalProduct(
      context,
      'empty-trace',
      `${variable} has no impulse`,
      `give ${variable} an impulse and a time constant`,
    );
  }
  if (trace.impulse < 0) return; // refused with the registers, whoever reads it
  if (source === undefined || read === undefined || source.presentation !== read.presentation) return;
  const period = stepsOf(network, source);
  if (period === undefined) return;
  const wait = shortestWait(source, read, period);
  const later = source.first > read.last;
  const left = later && trace.tau === 0 ? 0 : remaining(chip, trace, wait);
  if (left >= NOTHING) return;
  const steps = (window: SpikeWindow) => `steps ${window.first}-${window.last}`;
  throw new IllegalProduct(
    context,
    later ? 'not-causal' : 'decayed-trace',
    `gated by ${gateName(product.gate)} it reads ${variable} ${moment} (${steps(read)} of "${read.presentation}"), but the spikes that drive ${variable} come in ${steps(source)}${
      later ? '' : ' and have decayed by then'
    }, and what is left of the presentation before is ${left.toExponential(1)}`,
    later
      ? `gate it by the later spike, with a trace of the earlier one that lasts until then (y0*x1), or read both at the end of the epoch (u0*x1*y1) [HW 4.2]`
      : `gate it by the spike that is nearer in time, read at the end of the epoch (u<k>), or let ${variable} last longer [HW 4.2]`,
  );
}

/** The moments at which a product reads traces, as a window of steps. */
function readWindow(context: Context): { window: SpikeWindow | undefined; moment: string } {
  const { network, projection, post, product, coreClass } = context;
  if (product.gate.kind === 'x0')
    return { window: windowOf(network, projection.from), moment: 'at the pre spike' };
  const own = postSource(network, post).spikes;
  if (product.gate.kind === 'y0') return { window: own, moment: 'at the post spike' };
  const period = own === undefined ? undefined : stepsOf(network, own);
  const epoch = coreClass.epochSteps ?? 1;
  // Only an epoch as long as the presentation ends at a known step of it.
  if (own === undefined || period !== epoch) return { window: undefined, moment: '' };
  return {
    window: { presentation: own.presentation, first: period - 1, last: period - 1 },
    moment: 'at the end of the epoch',
  };
}

/**
 * Refuses a product whose flags and traces never meet in one epoch: x0 and y0 are cleared when an epoch ends. [HW 4.3]
 * Only for epochs that divide the presentation, so that they lie at the same steps of it every time.
 */
function checkEpochs(context: Context): void {
  const { chip, network, projection, post, coreClass, product } = context;
  const pre = windowOf(network, projection.from);
  const own = postSource(network, post).spikes;
  if (pre === undefined || own === undefined || pre.presentation !== own.presentation) return;
  const period = stepsOf(network, pre);
  const length = coreClass.epochSteps ?? 1;
  if (period === undefined || period % length !== 0 || period === length) return;
  const ends = Array.from({ length: period / length }, (_, epoch) => (epoch + 1) * length - 1);
  const meets = ({ first, last }: SpikeWindow, end: number): boolean => first <= end && last > end - length;
  const holds = (trace: TraceParameters | undefined, source: SpikeWindow, end: number): boolean => {
    if (trace === undefined || meets(source, end)) return true;
    if (trace.tau === 0) return false;
    const wait = source.last <= end ? end - source.last : end + period - source.last;
    return remaining(chip, trace, wait) >= NOTHING;
  };
  const isPossible = (variable: string, end: number): boolean => {
    if (variable === 'x0') return meets(pre, end);
    if (variable === 'y0') return meets(own, end);
    // Gated by a spike, traces are read at that spike, which checkRead looks at.
    if (product.gate.kind !== 'u') return true;
    if (variable === 'x1' || variable === 'x2') return holds(projection.preTraces?.[variable], pre, end);
    if (variable === 'y1' || variable === 'y2' || variable === 'y3')
      return holds(post.postTraces?.[variable], own, end);
    return true;
  };
  const read = [gateName(product.gate), ...product.factors.map(({ variable }) => variable)];
  if (ends.some((end) => read.every((variable) => isPossible(variable, end)))) return;
  throw new IllegalProduct(
    context,
    'cleared-flag',
    `spikes of "${projection.from}" come in steps ${pre.first}-${pre.last} of "${pre.presentation}", those of "${postSource(network, post).name}" in steps ${own.first}-${own.last}, and in no learning epoch of ${length} steps is there something of all that it reads`,
    'make the epoch as long as the presentation, present the input again in the later epoch, or read a trace that lasts in place of x0 or y0, which are cleared at the end of an epoch [HW 4.3]',
  );
}

/** Back-propagated spikes can be switched off for a compartment: then no post spike is ever noted. [HW 4.7] */
function checkPostSpikesOn(context: Context): void {
  const { post, product } = context;
  if (post.postSpikes !== 'none') return;
  const written = post.program === undefined ? new Set<number>() : writtenTraces(programOf(post));
  const read = [gateName(product.gate), ...product.factors.map(({ variable }) => variable)].find(
    (name) => name.startsWith('y') && !written.has(Number(name.slice(1))),
  );
  if (read === undefined) return;
  throw new IllegalProduct(
    context,
    'no-post-spikes',
    `it reads ${read}, and population "${post.name}" has postSpikes none`,
    'set postSpikes to self or parent [HW 4.7]',
  );
}

function checkProduct(context: Context): void {
  checkPostSpikesOn(context);
  checkEpochs(context);
  const { network, projection, post, product } = context;
  const { window, moment } = readWindow(context);
  const preWindow = windowOf(network, projection.from);
  const postWindow = postSource(network, post).spikes;
  for (const { variable, constant } of product.factors) {
    if (variable === 'x1' || variable === 'x2') {
      checkRead(context, variable, projection.preTraces?.[variable], preWindow, window, moment);
    } else if (variable === 'y1' || variable === 'y2' || variable === 'y3') {
      const program = post.program === undefined ? undefined : programOf(post);
      if (program !== undefined && writtenTraces(program).has(Number(variable.slice(1)))) continue;
      checkRead(context, variable, post.postTraces?.[variable], postWindow, window, moment);
    } else if (variable === 'r0' || variable === 'r1') {
      checkReward(context, variable);
    } else if ((variable === 't' || variable === 'd') && constant === 0) {
      checkSynapticVariable(context, variable);
    }
  }
}

function checkReward(context: Context, variable: string): void {
  const { network, coreClass } = context;
  if (variable === 'r1' && coreClass.reward === undefined) {
    throw new IllegalProduct(
      context,
      'no-reward',
      `core class "${coreClass.name}" has no reward trace`,
      'give the core class a reward impulse',
    );
  }
  if (!network.rewards.some((reward) => reward.coreClass === coreClass.name)) {
    throw new IllegalProduct(
      context,
      'no-reward',
      `no reward channel reaches core class "${coreClass.name}"`,
      'connect a port or a single compartment to its reward channel; one channel serves a whole core [HW 4.6]',
    );
  }
}

function checkSynapticVariable(context: Context, variable: 't' | 'd'): void {
  const { network, projection, rule } = context;
  const lines = network.rules.find(({ name }) => name === rule)?.lines ?? [];
  const changes = lines.some((line) => parseRule(rule, line).target === variable);
  if (changes) return;
  if (variable === 'd' && projection.synapse.delay !== undefined && projection.synapse.delay !== 0) return;
  throw new IllegalProduct(
    context,
    'constant-variable',
    `${variable} starts at 0 and no line of the rule changes it`,
    `add a line "d${variable} = …"`,
  );
}

/** Every product of every projection that learns. */
function contextsOf(network: Network, chip: Chip): Context[] {
  return network.projections.flatMap((projection) => {
    const rule = network.rules.find(({ name }) => name === projection.rule);
    // A model's own traces are the model's affair: they are not the chip's, and no window bounds them.
    if (rule === undefined || projection.own !== undefined) return [];
    const post = network.populations.find(({ name }) => name === projection.to)!;
    const coreClass = network.coreClasses.find(({ name }) => name === post.coreClass)!;
    return rule.lines
      .flatMap((line) => parseRule(`rule "${rule.name}"`, line).products)
      .map((product) => ({ chip, network, projection, post, coreClass, product, rule: rule.name }));
  });
}

function legalityOf(network: Network, chip: Chip): Legality {
  return {
    chip: chip.name,
    extensions: extensionsOf(network, chip),
    assumptions: assumptionsOf(network, chip),
  };
}

/**
 * Checks every product of every learning rule against what the chip can read.
 * @throws UserError naming rule, projection, product and reason
 */
export function checkLegality(network: Network, chip: Chip): Legality {
  const contexts = contextsOf(network, chip);
  checkPostSpikes(network);
  checkStack(network, chip);
  checkPayloads(network, chip);
  checkNoise(network, chip);
  for (const context of contexts) checkProduct(context);
  checkWindows(network);
  return legalityOf(network, chip);
}

/** What the chip makes of one product on one projection. */
export interface ProductVerdict {
  readonly rule: string;
  readonly projection: string;
  readonly product: string;
  /** What decides when it is evaluated. */
  readonly gate: string;
  /** When that is, in words. */
  readonly moment: string;
  /** What it reads, and whose it is. */
  readonly reads: readonly string[];
  /** Why the chip cannot do it; undefined if it can. */
  readonly refusal?: { readonly code: string; readonly reason: string; readonly instead?: string };
}

/** Looks at every product, those after a refused one included. */
export function inspectProducts(
  network: Network,
  chip: Chip,
): { readonly verdicts: readonly ProductVerdict[]; readonly legality: Legality } {
  const verdicts = contextsOf(network, chip).map((context): ProductVerdict => {
    const { rule, projection, product } = context;
    const verdict = {
      rule,
      projection: projection.name,
      product: product.text,
      gate: gateName(product.gate),
      moment: momentOf(product.gate),
      reads: product.factors.map(({ variable }) => describeRead(context, variable)),
    };
    try {
      encodeProduct(chip, `rule "${rule}"`, product);
      checkProduct(context);
      return verdict;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const { code, hint } = error.details;
      const reason =
        error instanceof IllegalProduct ? error.reason : error.message.replace(`rule "${rule}": `, '');
      return { ...verdict, refusal: { code, reason, ...(hint === undefined ? {} : { instead: hint }) } };
    }
  });
  return { verdicts, legality: legalityOf(network, chip) };
}

/** When a gate lets its product be evaluated. [HW 4.2] */
function momentOf(gate: Product['gate']): string {
  if (gate.kind === 'x0') return 'at the pre spike';
  if (gate.kind === 'y0') return 'at the post spike';
  return gate.k === 0 ? 'at the end of every epoch' : `at the end of every ${2 ** gate.k} epochs`;
}

/** Which register of which compartment or axon a factor is. */
function describeRead({ network, projection, post, coreClass }: Context, variable: RuleVariable): string {
  if (variable.startsWith('x')) return `${variable} of "${projection.from}"`;
  if (variable.startsWith('y')) return `${variable} of "${postSource(network, post).name}"`;
  if (variable.startsWith('r')) return `${variable} of core class "${coreClass.name}"`;
  return `${variable} of the synapse`;
}

/** A compartment whose synapses learn from its parent's spikes needs a parent, and has it for itself. [HW 4.7] */
function checkPostSpikes(network: Network): void {
  const listeners = network.populations.filter(
    ({ name, postSpikes }) =>
      postSpikes === 'parent' &&
      network.projections.some(({ to, rule }) => to === name && rule !== undefined),
  );
  for (const { name } of listeners) {
    const parent = network.populations.find(({ join }) => join?.children.includes(name));
    if (parent === undefined) {
      throw new UserError(`population "${name}" learns from its parent's spikes, but none pops it`, {
        code: 'bad-network',
        path: `population "${name}"`,
      });
    }
  }
}

/** Spike windows must name a presentation and lie within it, or they would prove nothing. */
function checkWindows(network: Network): void {
  const names = network.presentations.map(({ name }) => name);
  for (const { name, spikes } of [...network.ports, ...network.populations]) {
    if (spikes === undefined) continue;
    const steps = stepsOf(network, spikes);
    if (steps === undefined) {
      throw new UserError(
        `"${name}": no presentation is named "${spikes.presentation}"${didYouMean(spikes.presentation, names)}`,
        { code: 'bad-network', path: name },
      );
    }
    if (spikes.first < 0 || spikes.last < spikes.first || spikes.last >= steps) {
      throw new UserError(
        `"${name}": spike window ${spikes.first}-${spikes.last} is not within 0-${steps - 1}`,
        { code: 'bad-network', path: name },
      );
    }
  }
}
