// Traces of a wide plastic block, which are its own, with every option on which public models differ: when a
// spike is seen, whether the impulse or the decay comes first, how a payload sets x1, how fractions are rounded.
// [HW 4.3], [HW 4.4], C7, C8, C9

import {
  BLOCK_COLUMNS,
  BLOCK_DELAY,
  BLOCK_PLASTIC,
  BLOCK_ROWS,
  CHIP_TAPE,
  CHIP_TIME,
  GRADED_CARRY,
  GRADED_NONE,
  GRADED_OVERWRITE,
  PLASTIC_COLUMN_BASE,
  PLASTIC_DECIDE_FIRST,
  PLASTIC_DELIVERED,
  PLASTIC_DROP_SECOND,
  PLASTIC_EPOCH_STEPS,
  PLASTIC_GRADED,
  PLASTIC_IMPULSE_FIRST,
  PLASTIC_ON_ARRIVAL,
  PLASTIC_OPTIONS,
  PLASTIC_PAIRED_DECAY,
  PLASTIC_POST_DECISIONS,
  PLASTIC_POST_HISTORY,
  PLASTIC_POST_PENDING,
  PLASTIC_POST_TIME,
  PLASTIC_POST_TRACE,
  PLASTIC_PRE_DECISIONS,
  PLASTIC_PRE_HISTORY,
  PLASTIC_PRE_TIME,
  PLASTIC_PRE_TRACE,
  PLASTIC_SECOND_UP,
  PLASTIC_SHARED,
  PLASTIC_TRACE_KEY,
  PLASTIC_TRACES,
  PLASTIC_USED_TRACES,
  TAPE_LENGTH,
  TAPE_POST_AGAIN,
  TAPE_POST_DECAY,
  TAPE_POST_IMPULSE,
  TAPE_PRE_DECAY,
  TAPE_PRE_IMPULSE,
  WIDE_TRACE_FACTOR,
  WIDE_TRACE_FRACTION,
  WIDE_TRACE_IMPULSE,
  WIDE_TRACE_STRIDE,
} from './layout';
import { Random } from './random';
import { historyOf } from './wide-history';

const TRACE_MAX: i32 = 127;
const PRE_TRACES: u32 = 2;
const POST_TRACES: u32 = 3;
/** Places of the post traces among a plastic block's five trace records and streams. */
const FIRST_POST: u32 = 2;
const DECAY_DRAW: u32 = 0;
const IMPULSE_DRAW: u32 = 1;
const AGAIN_DRAW: u32 = 2;

class Draws {
  /** Entry of a list of the tape that belongs to this step; a list of one entry is a constant. */
  @inline static place(tape: usize, time: u32): usize {
    return <usize>min<u32>(time, load<u32>(tape, TAPE_LENGTH)) - 1;
  }

  static word(chip: usize, plastic: usize, trace: u32, element: u32, step: u32, kind: u32): u32 {
    const shared = (load<u32>(plastic, PLASTIC_OPTIONS) & PLASTIC_SHARED) != 0;
    const isPost = trace >= FIRST_POST;
    const key = Random.key(load<u32>(plastic, PLASTIC_TRACE_KEY), shared ? load<u32>(chip, CHIP_TIME) : step);
    // The place in the whole projection, wherever its columns lie.
    const place = isPost ? element + load<u32>(plastic, PLASTIC_COLUMN_BASE) : element;
    return Random.word(Random.key(key, shared ? (isPost ? 1 : 0) : place * 8 + trace), kind);
  }

  /** A number in 0..1; a fraction above it is rounded up. */
  static decay(chip: usize, plastic: usize, trace: u32, element: u32, step: u32): f64 {
    const tape: usize = load<u32>(chip, CHIP_TAPE);
    if (tape == 0)
      return <f64>(Draws.word(chip, plastic, trace, element, step, DECAY_DRAW) >> 8) / <f64>(1 << 24);
    const list: usize = load<u32>(tape + (trace >= FIRST_POST ? TAPE_POST_DECAY : TAPE_PRE_DECAY));
    return load<f64>(list + (Draws.place(tape, load<u32>(chip, CHIP_TIME)) << 3));
  }

  /** A number in 0..127; a fraction above it is rounded up. */
  static impulse(chip: usize, plastic: usize, trace: u32, element: u32, step: u32, again: bool): i32 {
    const tape: usize = load<u32>(chip, CHIP_TAPE);
    const kind = again ? AGAIN_DRAW : IMPULSE_DRAW;
    if (tape == 0) return <i32>(Draws.word(chip, plastic, trace, element, step, kind) >> 25);
    const post = again ? TAPE_POST_AGAIN : TAPE_POST_IMPULSE;
    const list: usize = load<u32>(tape + (trace >= FIRST_POST ? post : TAPE_PRE_IMPULSE));
    return load<i32>(list + (Draws.place(tape, load<u32>(chip, CHIP_TIME)) << 2));
  }
}

class WideTrace {
  @inline static parameters(plastic: usize, trace: u32): usize {
    return <usize>load<u32>(plastic, PLASTIC_TRACES) + trace * WIDE_TRACE_STRIDE;
  }

  /** 1 if the decay of x is rounded up. */
  @inline static up(x: i32, factor: f64, random: f64): i32 {
    const product = <f64>x * factor;
    return random < product - Math.floor(product) ? 1 : 0;
  }

  @inline static decayed(x: i32, factor: f64, up: i32): i32 {
    return <i32>Math.floor(<f64>x * factor) + up;
  }

  @inline static impulse(x: i32, parameters: usize, random: i32): i32 {
    const up = random < <i32>load<u32>(parameters, WIDE_TRACE_FRACTION) ? 1 : 0;
    return min(max(x + <i32>load<u32>(parameters, WIDE_TRACE_IMPULSE) + up, 0), TRACE_MAX);
  }
}

/** Step of the epoch, 1 .. length, that the present time step is. */
function epochStep(chip: usize, plastic: usize): u32 {
  const steps = load<u32>(plastic, PLASTIC_EPOCH_STEPS);
  const rest = load<u32>(chip, CHIP_TIME) % steps;
  return rest == 0 ? steps : rest;
}

/** Half of a payload, ties to even, in eight bits. */
function halfPayload(payload: i32): i32 {
  const half = payload >> 1;
  return (half + ((payload & 1) != 0 && (half & 1) != 0 ? 1 : 0)) & 255;
}

/** What a payload does to x1. False if the spike does not count for x0. */
function takePayload(plastic: usize, row: u32, payload: i32): bool {
  const graded = load<u32>(plastic, PLASTIC_GRADED);
  if (graded == GRADED_NONE) return true;
  const place = <usize>load<u32>(plastic, PLASTIC_PRE_TRACE) + (row << 2);
  const half = halfPayload(payload);
  if (graded == GRADED_OVERWRITE) {
    store<i32>(place, half);
    return true;
  }
  const sum = load<i32>(place) + half;
  if (graded != GRADED_CARRY) {
    store<i32>(place, min(sum, TRACE_MAX));
    return true;
  }
  store<i32>(place, sum > TRACE_MAX ? sum - TRACE_MAX : sum);
  return sum > TRACE_MAX;
}

function notePre(chip: usize, plastic: usize, rows: u32, row: u32): void {
  const times: usize = load<u32>(plastic, PLASTIC_PRE_TIME);
  const options = load<u32>(plastic, PLASTIC_OPTIONS);
  if (load<i32>(times + (row << 2)) != 0 && (options & PLASTIC_DROP_SECOND) == 0) {
    // The earlier spike gives up its time; its impulse goes to the trace as of the epoch's start [C7].
    for (let i: u32 = 0; i < PRE_TRACES; i++) {
      const place = <usize>load<u32>(plastic, PLASTIC_PRE_TRACE) + ((i * rows + row) << 2);
      const parameters = WideTrace.parameters(plastic, i);
      // Rounding up is a number below every fraction but 0.
      const random =
        options & PLASTIC_SECOND_UP
          ? -load<i32>(parameters, WIDE_TRACE_FRACTION)
          : Draws.impulse(chip, plastic, i, row, load<u32>(chip, CHIP_TIME), true);
      store<i32>(place, WideTrace.impulse(load<i32>(place), parameters, random));
    }
  }
  store<i32>(times + (row << 2), epochStep(chip, plastic));
}

function notePost(chip: usize, plastic: usize, columns: u32, column: u32): void {
  const times: usize = load<u32>(plastic, PLASTIC_POST_TIME);
  const drop = (load<u32>(plastic, PLASTIC_OPTIONS) & PLASTIC_DROP_SECOND) != 0;
  if (load<i32>(times + (column << 2)) != 0 && !drop && load<u32>(plastic, PLASTIC_DELIVERED) == 0) {
    for (let i: u32 = 0; i < POST_TRACES; i++) {
      const place = <usize>load<u32>(plastic, PLASTIC_POST_TRACE) + ((i * columns + column) << 2);
      const trace = FIRST_POST + i;
      const random = Draws.impulse(chip, plastic, trace, column, load<u32>(chip, CHIP_TIME), true);
      store<i32>(place, WideTrace.impulse(load<i32>(place), WideTrace.parameters(plastic, trace), random));
    }
  }
  store<i32>(times + (column << 2), epochStep(chip, plastic));
}

/** A pre spike of this step. */
export function noteWidePre(chip: usize, plastic: usize, rows: u32, row: u32, payload: i32): void {
  if (load<u32>(plastic, PLASTIC_OPTIONS) & PLASTIC_ON_ARRIVAL) return; // the history of messages tells
  if (takePayload(plastic, row, payload)) notePre(chip, plastic, rows, row);
}

/** A post spike of this step; `learns`: learning is on. */
export function noteWidePost(chip: usize, block: usize, column: u32, learns: bool): void {
  const plastic: usize = load<u32>(block, BLOCK_PLASTIC);
  if (load<u32>(plastic, PLASTIC_OPTIONS) & PLASTIC_ON_ARRIVAL) {
    const pending = <usize>load<u32>(plastic, PLASTIC_POST_PENDING) + column;
    store<u8>(pending, load<u8>(pending) | 2);
  } else if (learns) notePost(chip, plastic, load<u32>(block, BLOCK_COLUMNS), column);
}

/** Decides, from the traces as they are, which decays of this step will be rounded up. */
export function decideDecays(chip: usize, block: usize): void {
  const plastic: usize = load<u32>(block, BLOCK_PLASTIC);
  const rows = load<u32>(block, BLOCK_ROWS);
  const columns = load<u32>(block, BLOCK_COLUMNS);
  decideSide(chip, plastic, 0, PRE_TRACES, rows, PLASTIC_PRE_TRACE, PLASTIC_PRE_DECISIONS);
  decideSide(chip, plastic, FIRST_POST, POST_TRACES, columns, PLASTIC_POST_TRACE, PLASTIC_POST_DECISIONS);
}

function decideSide(
  chip: usize,
  plastic: usize,
  first: u32,
  count: u32,
  size: u32,
  traces: u32,
  decisions: u32,
): void {
  const time = load<u32>(chip, CHIP_TIME);
  for (let i: u32 = 0; i < count; i++) {
    const factor = load<f64>(WideTrace.parameters(plastic, first + i), WIDE_TRACE_FACTOR);
    for (let j: u32 = 0; j < size; j++) {
      const at: usize = (i * size + j) << 2;
      const x = load<i32>(<usize>load<u32>(plastic + traces) + at);
      const up = WideTrace.up(x, factor, Draws.decay(chip, plastic, first + i, j, time));
      store<i32>(<usize>load<u32>(plastic + decisions) + at, up);
    }
  }
}

/** Notes the spikes that arrive in this step, where an epoch sees them only then; none if nothing learns now. */
export function noteArrivals(chip: usize, block: usize, learns: bool): void {
  const plastic: usize = load<u32>(block, BLOCK_PLASTIC);
  const rows = load<u32>(block, BLOCK_ROWS);
  const columns = load<u32>(block, BLOCK_COLUMNS);
  const time = load<u32>(chip, CHIP_TIME);
  const back: u32 = 1 + load<u32>(block, BLOCK_DELAY);
  for (let row: u32 = 0; learns && row < rows && back < time; row++) {
    const payload = load<i32>(historyOf(block, time - back) + (row << 2));
    if (payload != 0 && takePayload(plastic, row, payload)) notePre(chip, plastic, rows, row);
  }
  for (let column: u32 = 0; column < columns; column++) {
    const pending = <usize>load<u32>(plastic, PLASTIC_POST_PENDING) + column;
    const spikes = load<u8>(pending);
    if (learns && (spikes & 1) != 0) notePost(chip, plastic, columns, column);
    store<u8>(pending, spikes >> 1);
  }
}

/** The course of all traces through the epoch that ends now: index 0 its start, q after (or in) step q. */
export function traceCourses(chip: usize, block: usize): void {
  const plastic: usize = load<u32>(block, BLOCK_PLASTIC);
  const rows = load<u32>(block, BLOCK_ROWS);
  const columns = load<u32>(block, BLOCK_COLUMNS);
  for (let i: u32 = 0; i < PRE_TRACES; i++)
    courses(
      chip,
      plastic,
      i,
      rows,
      <usize>load<u32>(plastic, PLASTIC_PRE_TRACE) + ((i * rows) << 2),
      load<u32>(plastic, PLASTIC_PRE_TIME),
      <usize>load<u32>(plastic, PLASTIC_PRE_HISTORY) + historyBytes(plastic, i, rows),
    );
  for (let i: u32 = 0; i < POST_TRACES; i++)
    courses(
      chip,
      plastic,
      FIRST_POST + i,
      columns,
      <usize>load<u32>(plastic, PLASTIC_POST_TRACE) + ((i * columns) << 2),
      load<u32>(plastic, PLASTIC_POST_TIME),
      <usize>load<u32>(plastic, PLASTIC_POST_HISTORY) + historyBytes(plastic, i, columns),
    );
}

/** Offset of trace i in a history of `size` neurons. */
export function historyBytes(plastic: usize, i: u32, size: u32): usize {
  return (i * (load<u32>(plastic, PLASTIC_EPOCH_STEPS) + 1) * size) << 2;
}

function courses(
  chip: usize,
  plastic: usize,
  trace: u32,
  size: u32,
  values: usize,
  times: usize,
  history: usize,
): void {
  const options = load<u32>(plastic, PLASTIC_OPTIONS);
  const steps = load<u32>(plastic, PLASTIC_EPOCH_STEPS);
  const start = load<u32>(chip, CHIP_TIME) - steps;
  const parameters = WideTrace.parameters(plastic, trace);
  const impulseFirst = (options & PLASTIC_IMPULSE_FIRST) != 0;
  // A third factor has its course for the rules, and stays what was delivered.
  const keeps = trace < FIRST_POST || load<u32>(plastic, PLASTIC_DELIVERED) == 0;
  for (let j: u32 = 0; j < size; j++) {
    const at: usize = (<usize>j) << 2;
    const spikeStep = load<u32>(times + at);
    let x = load<i32>(values + at);
    store<i32>(history + at, x);
    for (let q: u32 = 1; q <= steps; q++) {
      if (!impulseFirst) x = decay(chip, plastic, options, trace, j, size, x, start + q);
      if (q == spikeStep)
        x = WideTrace.impulse(x, parameters, Draws.impulse(chip, plastic, trace, j, start + q, false));
      store<i32>(history + ((<usize>(q * size)) << 2) + at, x);
      if (impulseFirst) x = decay(chip, plastic, options, trace, j, size, x, start + q);
    }
    if (keeps) store<i32>(values + at, x);
  }
}

function decay(
  chip: usize,
  plastic: usize,
  options: u32,
  trace: u32,
  element: u32,
  size: u32,
  x: i32,
  step: u32,
): i32 {
  if (options & PLASTIC_PAIRED_DECAY && (step & 1) != 0) return x;
  const factor = load<f64>(WideTrace.parameters(plastic, trace), WIDE_TRACE_FACTOR);
  if (options & PLASTIC_DECIDE_FIRST) {
    const post = trace >= FIRST_POST;
    const decisions: usize = load<u32>(plastic + (post ? PLASTIC_POST_DECISIONS : PLASTIC_PRE_DECISIONS));
    const index = (post ? trace - FIRST_POST : trace) * size + element;
    return WideTrace.decayed(x, factor, load<i32>(decisions + (index << 2)));
  }
  return WideTrace.decayed(
    x,
    factor,
    WideTrace.up(x, factor, Draws.decay(chip, plastic, trace, element, step)),
  );
}

/** Traces that rules read and that are not 0 or got a spike in this epoch. */
export function liveTraces(block: usize): u32 {
  const plastic: usize = load<u32>(block, BLOCK_PLASTIC);
  const used = load<u32>(plastic, PLASTIC_USED_TRACES);
  const rows = load<u32>(block, BLOCK_ROWS);
  const columns = load<u32>(block, BLOCK_COLUMNS);
  let live: u32 = 0;
  for (let i: u32 = 0; i < PRE_TRACES + POST_TRACES; i++) {
    if ((used & (1 << i)) == 0) continue;
    const isPost = i >= FIRST_POST;
    const size = isPost ? columns : rows;
    const times: usize = load<u32>(plastic + (isPost ? PLASTIC_POST_TIME : PLASTIC_PRE_TIME));
    const values =
      <usize>load<u32>(plastic + (isPost ? PLASTIC_POST_TRACE : PLASTIC_PRE_TRACE)) +
      (((isPost ? i - FIRST_POST : i) * size) << 2);
    for (let at: usize = 0; at < size << 2; at += 4)
      if ((load<i32>(values + at) | load<i32>(times + at)) != 0) live++;
  }
  return live;
}

/** Forgets the spikes of the epoch. */
export function forgetSpikes(block: usize): void {
  const plastic: usize = load<u32>(block, BLOCK_PLASTIC);
  memory.fill(load<u32>(plastic, PLASTIC_PRE_TIME), 0, load<u32>(block, BLOCK_ROWS) << 2);
  memory.fill(load<u32>(plastic, PLASTIC_POST_TIME), 0, load<u32>(block, BLOCK_COLUMNS) << 2);
}
