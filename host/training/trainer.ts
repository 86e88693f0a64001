// Training on the chip: presents samples in the order of seed and epoch, starts what the recipe wants done between
// them, and evaluates copies of the chip now and then. The host writes no weight and reads no state meanwhile.

import type { Checkpoint, Milestone } from './checkpoint.ts';
import { Course } from './course.ts';
import type { EvaluationPool } from './evaluation-pool.ts';
import type { Executor } from './executor.ts';
import type { TrainPlan } from './plan.ts';

/** Samples of the training set that milestones are measured on. */
const MILESTONE_SAMPLES = 500;
/** Milestones over the whole training, evenly spread; the first stretch has some more, ever closer to its start. */
const MILESTONES = 20;
const FIRST_MILESTONE = 50;
/** Samples between two looks at the clock and at signals. */
const CHUNK = 50;

/** What the trainer tells while it works. */
export interface TrainingObserver {
  /** After every chunk. */
  readonly progress: (presented: number, samplesPerS: number, milestone: Milestone | undefined) => void;
  /** True to stop after this chunk. */
  readonly shouldStop: () => boolean;
  /** Keeps a checkpoint; called now and then, and when training stops early. */
  readonly keep: (checkpoint: Checkpoint) => void;
}

export interface TrainingOutcome {
  readonly finished: boolean;
  readonly checkpoint: Checkpoint;
}

/** Seconds between two checkpoints on disk. */
const KEEP_EVERY_S = 5;

export class Trainer {
  readonly machine: Executor;
  readonly #plan: TrainPlan;
  readonly #pool: EvaluationPool;
  readonly #course: Course;
  readonly #hash: string;
  readonly #milestoneSteps: number;
  #presented = 0;
  #wallS = 0;
  #milestones: Milestone[] = [];
  #perEpoch: number[] = [];
  #earlierAccess = { weightWrites: 0, stateReads: 0 };
  readonly #pending = new Set<Promise<void>>();
  #failure: unknown;

  constructor(plan: TrainPlan, machine: Executor, pool: EvaluationPool, hash: string) {
    this.#plan = plan;
    this.#pool = pool;
    this.#hash = hash;
    this.machine = machine;
    this.#course = new Course(this.machine, plan.lesson, plan.train, plan.seed);
    this.#milestoneSteps = Math.max(1, Math.round(plan.task.trainingPresentations / MILESTONES));
  }

  /** Host accesses to the chip in training, those before a resume included. */
  get access(): { weightWrites: number; stateReads: number } {
    const { weightWrites, stateReads } = this.machine.access;
    return {
      weightWrites: this.#earlierAccess.weightWrites + weightWrites,
      stateReads: this.#earlierAccess.stateReads + stateReads,
    };
  }

  resume(checkpoint: Checkpoint): void {
    this.machine.restore(checkpoint.state);
    this.#presented = checkpoint.presented;
    this.#wallS = checkpoint.wallS;
    this.#milestones = [...checkpoint.milestones];
    this.#perEpoch = [...checkpoint.perEpoch];
    this.#earlierAccess = { ...checkpoint.access };
  }

  checkpoint(): Checkpoint {
    return {
      planHash: this.#hash,
      presented: this.#presented,
      wallS: this.#wallS,
      milestones: this.#milestones,
      perEpoch: this.#perEpoch,
      access: this.access,
      state: this.machine.snapshot(),
    };
  }

  /** Trains until the end or until the observer wants to stop. */
  async run(observer: TrainingObserver): Promise<TrainingOutcome> {
    const total = this.#plan.task.trainingPresentations;
    let kept = performance.now();
    observer.keep(this.checkpoint());
    while (this.#presented < total) {
      const begin = performance.now();
      const before = this.#presented;
      this.#presented = Math.min(total, this.#nextStop(before));
      this.#course.present(before, this.#presented);
      this.#wallS += (performance.now() - begin) / 1000;
      this.#evaluateIfDue();
      observer.progress(this.#presented, this.#presented / this.#wallS, this.#milestones.at(-1));
      await new Promise<void>((resolve) => setImmediate(resolve)); // lets signals and evaluations through
      const stop = observer.shouldStop();
      if (stop || performance.now() - kept > KEEP_EVERY_S * 1000) {
        await this.settle();
        observer.keep(this.checkpoint());
        kept = performance.now();
      }
      if (stop) return { finished: false, checkpoint: this.checkpoint() };
    }
    await this.settle();
    return { finished: true, checkpoint: this.checkpoint() };
  }

  /** Waits for the evaluations under way. */
  async settle(): Promise<void> {
    await Promise.all(this.#pending);
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Chunks end where an evaluation is due. */
  #nextStop(presented: number): number {
    const { count } = this.#plan.train;
    const next = (step: number): number => (Math.floor(presented / step) + 1) * step;
    let early = FIRST_MILESTONE;
    while (early <= presented) early *= 2;
    return Math.min(presented + CHUNK, early, next(this.#milestoneSteps), next(count));
  }

  #evaluateIfDue(): void {
    const presented = this.#presented;
    const { train, test, task } = this.#plan;
    const share = presented / FIRST_MILESTONE;
    const isEarly = presented < this.#milestoneSteps && Number.isInteger(Math.log2(share));
    if (isEarly || presented % this.#milestoneSteps === 0 || presented === task.trainingPresentations) {
      this.#evaluate('train', Math.min(MILESTONE_SAMPLES, train.count), ({ evaluation, alignmentDeg }) => {
        const accuracy = evaluation.correct / evaluation.count;
        this.#milestones = [...this.#milestones, { presented, accuracy, alignmentDeg }].sort(
          (a, b) => a.presented - b.presented,
        );
      });
    }
    if (presented % train.count === 0 && presented < task.trainingPresentations) {
      const epoch = presented / train.count - 1;
      this.#evaluate('test', test.count, ({ evaluation }) => {
        this.#perEpoch[epoch] = evaluation.correct / evaluation.count;
      });
    }
  }

  #evaluate(
    set: 'train' | 'test',
    count: number,
    done: (answer: Awaited<ReturnType<EvaluationPool['evaluate']>>) => void,
  ): void {
    const job: Promise<void> = this.#pool
      .evaluate(this.machine.snapshot(), set, count)
      .then(done, (error: unknown) => {
        this.#failure = error;
      })
      .finally(() => this.#pending.delete(job));
    this.#pending.add(job);
  }
}
