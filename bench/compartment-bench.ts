// Compartments alone: one group updated by the core's own function, against C that computes the same.

import type { ChipImage } from '../host/image/image.ts';
import { mix32 } from '../host/mix32.ts';
import { alternate, type Row, ratioRow, skippedRow, type Target, timed } from './bench.ts';
import { hasCompiler, NativeProgram, NO_COMPILER } from './native.ts';
import { hash, populationImage, Workbench } from './workbench.ts';

const COMPARTMENTS = 1024;
const DECAY_U = 409;
const DECAY_V = 127;
const THRESHOLD = 1000;
const REFRACTORY = 3;
/** What the core notes of compartments: bench/native/lif.h. */
const NOTES = 1;
/** Updates after which both sides must be in the same state. */
const CHECKED = 100;

function compartmentImage(): ChipImage {
  return populationImage(
    {
      name: 'cells',
      size: COMPARTMENTS,
      coreClass: 'core',
      compartment: {
        decayU: DECAY_U,
        decayV: DECAY_V,
        threshold: THRESHOLD,
        refractory: REFRACTORY,
        bias: {
          mantissa: Int16Array.from({ length: COMPARTMENTS }, (_, i) => mix32(i) & 0xfff),
          exponent: 0,
        },
      },
    },
    'loihi1',
  );
}

/** Input of one step, in accumulator units. */
function giveInput({ words, map }: Workbench): void {
  const { accumulators } = map.cores[0]!;
  for (let i = 0; i < COMPARTMENTS; i++) words[accumulators / 4 + i] = mix32(i) >>> 20;
}

function stateHash({ bytes, map }: Workbench): number {
  const { current, voltage, refractory, groups } = map.cores[0]!;
  const columns = [current, voltage, refractory].map((place) => [place, 4 * COMPARTMENTS] as const);
  return [...columns, [groups[0]!.spikeBits, COMPARTMENTS / 8] as const].reduce(
    (sum, [place, count]) => hash(sum, bytes.subarray(place, place + count)),
    0,
  );
}

const COUNTED: Target = { what: 'CUBA LIF, full semantics / the same in C', bar: 0.85, stretch: 1 };
const UNCOUNTED: Target = {
  what: 'CUBA LIF, core with its counts / C that does not count',
  bar: null,
  stretch: null,
};

export async function compartmentRows(): Promise<Row[]> {
  if (!hasCompiler()) return [COUNTED, UNCOUNTED].map((target) => skippedRow(target, NO_COMPILER));
  const bench = await Workbench.open(compartmentImage(), 0);
  const { layout } = bench.core;
  const { chip, cores } = bench.map;
  const { record, groups } = cores[0]!;
  const group = groups[0]!.record;
  const word = (place: number): number => bench.words[(group + place) >> 2]!;
  const parameters = [
    COMPARTMENTS,
    word(layout.GROUP_KEEP_U),
    word(layout.GROUP_KEEP_V),
    word(layout.GROUP_THRESHOLD),
    word(layout.GROUP_REFRACT_DELAY),
  ];
  const update = (turns: number): bigint => bench.loops.repeatUpdate(chip, record, group, turns);
  giveInput(bench);
  const active = Number(update(CHECKED) & 0xffffffffn);
  const own = stateHash(bench);
  const rows: Row[] = [];
  for (const [target, notes] of [
    [COUNTED, NOTES],
    [UNCOUNTED, 0],
  ] as const) {
    const native = new NativeProgram('lif', [...parameters, notes]);
    const [nativeActive, , other] = (await native.run(CHECKED)).numbers;
    if (own !== other || (notes > 0 && active !== nativeActive))
      throw new Error(`${target.what}: the two sides disagree`);
    const result = await alternate(target.what, 'compartments/s', [
      { name: 'core', units: COMPARTMENTS, run: (turns) => timed(() => update(turns)) },
      { name: 'C', units: COMPARTMENTS, run: async (turns) => (await native.run(turns)).seconds },
    ]);
    native.end();
    rows.push(ratioRow(result, target));
  }
  return rows;
}
