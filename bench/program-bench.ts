// Neuron microcode: the library's CUBA LIF as the core runs it, its generated function included, against a kernel written by
// hand that does all of the same.

import type { ChipImage } from '../host/image/image.ts';
import { mix32 } from '../host/mix32.ts';
import { LIBRARY } from '../host/program/library.ts';
import { alternate, type Row, type Target, timed, timeRow } from './bench.ts';
import { compileKernel, hash, instantiateKernel, populationImage, Workbench } from './workbench.ts';

const COMPARTMENTS = 1024;
const SHARED = {
  keepU: 3686,
  keepV: 3968,
  threshold: 64000,
  refractory: 3,
  vMin: -(2 ** 23) + 1,
  vMax: 2 ** 23 - 1,
};
/** Updates after which both sides must be in the same state. */
const CHECKED = 100;

function programImage(): ChipImage {
  return populationImage(
    {
      name: 'cells',
      size: COMPARTMENTS,
      coreClass: 'core',
      program: {
        text: LIBRARY['cuba-lif'],
        parameters: { ...SHARED, bias: Array.from({ length: COMPARTMENTS }, (_, i) => mix32(i) & 0xfff) },
      },
    },
    'loihi2',
  );
}

interface ByHand {
  readonly repeatUpdate: (...numbers: number[]) => void;
  readonly countsSoFar: () => bigint;
}

/** Input of one step, in accumulator units. */
function giveInput({ words, map }: Workbench): void {
  const { accumulators } = map.cores[0]!;
  for (let i = 0; i < COMPARTMENTS; i++) words[accumulators / 4 + i] = mix32(i) >>> 20;
}

/** Hash of the state words, spike bits and payloads. */
function stateHash({ bytes, map }: Workbench): number {
  const { groups, payloads } = map.cores[0]!;
  const { spikeBits, program } = groups[0]!;
  return [
    [program!.state, 3 * program!.columnBytes] as const,
    [spikeBits, COMPARTMENTS / 8] as const,
    [payloads, 4 * COMPARTMENTS] as const,
  ].reduce((sum, [place, count]) => hash(sum, bytes.subarray(place, place + count)), 0);
}

const TARGET: Target = { what: 'neuron microcode, time / kernel written by hand', bar: 1.6, stretch: 1.1 };

export async function programRows(): Promise<Row[]> {
  const own = await Workbench.open(programImage(), 0);
  const other = await Workbench.open(own.image, 0);
  const hand = instantiateKernel<ByHand>(await compileKernel('cuba-lif'), other.core.memory);
  const { chip, cores } = own.map;
  const { record, groups, accumulators, payloads } = cores[0]!;
  const group = groups[0]!;
  const { state, columnBytes, parameters } = group.program!;
  const { keepU, keepV, threshold, refractory, vMin, vMax } = SHARED;
  const generated = (turns: number): bigint => own.loops.repeatProgram(chip, record, group.record, turns);
  const byHand = (turns: number): void =>
    hand.repeatUpdate(
      COMPARTMENTS,
      accumulators,
      state,
      columnBytes,
      parameters[2]!,
      payloads,
      group.spikeBits,
      keepU,
      keepV,
      threshold,
      refractory,
      vMin,
      vMax,
      turns,
    );
  giveInput(own);
  giveInput(other);
  const counts = generated(CHECKED);
  byHand(CHECKED);
  if (counts !== hand.countsSoFar() || stateHash(own) !== stateHash(other))
    throw new Error(`the generated and the written kernel disagree (${counts}, ${hand.countsSoFar()})`);
  if (own.words[group.program!.function >> 2] === 0) throw new Error('the program was not compiled');
  const result = await alternate(TARGET.what, 'compartments/s', [
    { name: 'generated', units: COMPARTMENTS, run: (turns) => timed(() => void generated(turns)) },
    { name: 'by hand', units: COMPARTMENTS, run: (turns) => timed(() => byHand(turns)) },
  ]);
  return [timeRow(result, TARGET)];
}
