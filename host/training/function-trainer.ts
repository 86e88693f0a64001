// Training a function on the chip: presents the points of a batch, gathers what the network sends, and hands the loss to
// the recipe, which says what to present next. The host writes no weight and reads no state meanwhile.

import type { Compiled } from '../compile/compile.ts';
import type { PointSet, Problem } from '../data/functions/problem.ts';
import { relativeL2 } from '../data/functions/problem.ts';
import { EventList } from '../machine/event-list.ts';
import type { Probed } from '../machine/probes.ts';
import type { FunctionLesson } from '../recipes/function-recipe.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type Executor, executorOf } from './executor.ts';
import type { FunctionPlan } from './function-plan.ts';
import type { TrainingOutcome } from './trainer.ts';

/** Seconds between two checkpoints on disk. */
const KEEP_EVERY_S = 5;

/** A chip, or its twin, that is asked for the values at points. */
export class Respondent {
  readonly machine: Executor;
  readonly events: EventList;
  readonly #lesson: FunctionLesson;
  readonly #answers: Probed;

  constructor(machine: Executor, lesson: FunctionLesson) {
    this.machine = machine;
    this.events = new EventList(machine.image);
    this.#lesson = lesson;
    this.#answers = machine.probes.add(lesson.answers, 'payload', lesson.stepsPerPoint);
  }

  /** Values at the points first .. first + count - 1 of a set. */
  values({ inputs, count: all }: PointSet, first: number, count: number): Float64Array {
    const width = inputs.length / all;
    const { events, machine } = this;
    return Float64Array.from({ length: count }, (_, i) => {
      events.clear();
      const point = inputs.subarray((first + i) * width, (first + i + 1) * width);
      machine.present(this.#lesson.ask(events, point), events);
      return this.#lesson.valueOf(machine.probes.drainSent(this.#answers)[0]!);
    });
  }

  /** Does what brings no answer. */
  present(presentation: string): void {
    this.machine.present(presentation, this.events);
    this.machine.probes.drainSent(this.#answers);
  }
}

export interface FunctionObserver {
  readonly progress: (presented: number, samplesPerS: number, error: number | undefined) => void;
  readonly shouldStop: () => boolean;
  readonly keep: (checkpoint: Checkpoint) => void;
}

export class FunctionTrainer {
  readonly #plan: FunctionPlan;
  readonly #trained: Respondent;
  /** A copy for evaluations. */
  readonly #examined: Respondent;
  readonly #hash: string;
  #trials = 0;
  #wallS = 0;
  #perEpoch: number[] = [];
  #earlierAccess = { weightWrites: 0, stateReads: 0 };

  /** @param threads of the chip that trains */
  constructor(plan: FunctionPlan, { image }: Compiled, hash: string, threads: number | 'auto' = 1) {
    const { precision, timing, lesson } = plan;
    this.#plan = plan;
    this.#hash = hash;
    this.#trained = new Respondent(executorOf(image, precision, timing, threads), lesson);
    this.#examined = new Respondent(executorOf(image, precision, timing), lesson);
  }

  get machine(): Executor {
    return this.#trained.machine;
  }

  /** Host accesses to the chip in training, those before a resume included. */
  get access(): { weightWrites: number; stateReads: number } {
    const { weightWrites, stateReads } = this.machine.access;
    return {
      weightWrites: this.#earlierAccess.weightWrites + weightWrites,
      stateReads: this.#earlierAccess.stateReads + stateReads,
    };
  }

  /** Points that a trial presents. */
  get #perTrial(): number {
    return this.#plan.lesson.passes * this.#plan.problem.batch;
  }

  resume(checkpoint: Checkpoint): void {
    this.machine.restore(checkpoint.state);
    this.#trials = checkpoint.presented / this.#perTrial;
    this.#wallS = checkpoint.wallS;
    this.#perEpoch = [...checkpoint.perEpoch];
    this.#earlierAccess = { ...checkpoint.access };
  }

  checkpoint(): Checkpoint {
    return {
      planHash: this.#hash,
      presented: this.#trials * this.#perTrial,
      wallS: this.#wallS,
      milestones: [],
      perEpoch: this.#perEpoch,
      access: this.access,
      state: this.machine.snapshot(),
    };
  }

  /** Trains until the end or until the observer wants to stop. */
  async run(observer: FunctionObserver): Promise<TrainingOutcome> {
    const { task, recipe, test } = this.#plan;
    let kept = performance.now();
    observer.keep(this.checkpoint());
    while (this.#trials < task.trials) {
      const begin = performance.now();
      this.#trial(this.#trials);
      this.#trials++;
      this.#wallS += (performance.now() - begin) / 1000;
      if (this.#trials % recipe.trialsPerEpoch === 0)
        this.#perEpoch.push(this.examine(this.machine.snapshot(), test).error);
      const presented = this.#trials * this.#perTrial;
      observer.progress(presented, presented / this.#wallS, this.#perEpoch.at(-1));
      await new Promise<void>((resolve) => setImmediate(resolve)); // lets signals through
      const stop = observer.shouldStop();
      if (stop || performance.now() - kept > KEEP_EVERY_S * 1000) {
        observer.keep(this.checkpoint());
        kept = performance.now();
      }
      if (stop) return { finished: false, checkpoint: this.checkpoint() };
    }
    return { finished: true, checkpoint: this.checkpoint() };
  }

  #trial(n: number): void {
    const { problem, lesson } = this.#plan;
    const first = this.#firstOf(n, problem);
    const trial = lesson.trial(n);
    let loss = 0;
    for (let next = trial.next(loss); !next.done; next = trial.next(loss)) {
      if (next.value === 'batch') {
        loss = problem.loss(this.#trained.values(problem.train, first, problem.batch), first);
        continue;
      }
      const { presentation, fill } = next.value;
      this.#trained.events.clear();
      fill?.(this.#trained.events);
      this.#trained.present(presentation);
    }
  }

  /** Batches take turns. */
  #firstOf(n: number, { batch, train }: Problem): number {
    return (n % (train.count / batch)) * batch;
  }

  /** Values at the points of a set on a copy of the chip, and their error. */
  examine(state: Uint8Array, set: PointSet): { readonly values: Float64Array; readonly error: number } {
    this.#examined.machine.restore(state);
    const values = this.#examined.values(set, 0, set.count);
    return { values, error: relativeL2(values, set.truth) };
  }

  /** The copy that was examined last. */
  get examined(): Executor {
    return this.#examined.machine;
  }
}
