// Management schedules: presentations and their entries, each a write that the core does when it is due.

import type { ChipImage, EntryImage } from '../image/image.ts';
import { hasWideFactors, productBytes } from './load-rule.ts';
import type { CoreMap, MemoryMap } from './memory-map.ts';
import type { Fields, RecordWriter } from './record-writer.ts';

/** True if some synapses of a core learn. */
function canLearn({ learningAxons, blocks }: CoreMap): boolean {
  return learningAxons > 0 || blocks.some(({ wide }) => wide !== null && wide.plastic !== null);
}

export class ScheduleLoader {
  readonly #image: ChipImage;
  readonly #map: MemoryMap;
  readonly #writer: RecordWriter;

  constructor(image: ChipImage, map: MemoryMap, writer: RecordWriter) {
    this.#image = image;
    this.#map = map;
    this.#writer = writer;
  }

  /** Loads the schedules into program records: all writes, or those to the cores that `owns` names. */
  load(programs: MemoryMap['programs'], owns: (core: number) => boolean = () => true): void {
    const { layout } = this.#writer;
    this.#image.presentations.forEach(({ steps, entries }, p) => {
      const { record, entries: address } = programs[p]!;
      const words = entries
        .filter((entry) => entry.kind === 'phase' || owns(entry.core))
        .flatMap((entry) => this.#entryWords(entry));
      if (words.length > Math.max(1, entries.length))
        throw new Error('a management entry takes more than one record');
      this.#writer.record(record, {
        PROGRAM_STEPS: steps,
        PROGRAM_ENTRIES: address,
        PROGRAM_ENTRY_COUNT: words.length,
      });
      words.forEach((fields, i) => {
        this.#writer.record(address + i * layout.ENTRY_STRIDE, fields);
      });
    });
  }

  #entryWords(entry: EntryImage): Fields[] {
    const { layout } = this.#writer;
    if (entry.kind === 'phase') {
      return [{ ENTRY_STEP: entry.step, ENTRY_OPERATION: layout.OPERATION_PHASE, ENTRY_VALUE: entry.phase }];
    }
    const map = this.#map.cores[entry.core]!;
    const common = { ENTRY_STEP: entry.step, ENTRY_CORE: map.record };
    if (entry.kind === 'learning') {
      const on = entry.on && canLearn(map) ? 1 : 0;
      return [
        {
          ...common,
          ENTRY_OPERATION: layout.OPERATION_WRITE,
          ENTRY_ADDRESS: map.record + layout.CORE_LEARN_ON,
          ENTRY_VALUE: on,
        },
      ];
    }
    if (entry.kind === 'reset') {
      return [
        {
          ...common,
          ENTRY_OPERATION: layout.OPERATION_RESET,
          ENTRY_ADDRESS: map.groups[entry.group]!.record,
        },
      ];
    }
    if (entry.kind === 'postImpulse') {
      const address =
        map.groups[entry.group]!.postProfile + entry.trace * layout.TRACE_STRIDE + layout.TRACE_IMPULSE;
      return [
        {
          ...common,
          ENTRY_OPERATION: layout.OPERATION_WRITE,
          ENTRY_ADDRESS: address,
          ENTRY_VALUE: entry.impulse | (entry.fraction << 16),
        },
      ];
    }
    return [this.#productEntry(entry, map, common)];
  }

  /** A product is one word of coefficient and shifts: mantissa, down and up lie in three neighbouring bytes. */
  #productEntry(entry: EntryImage & { kind: 'product' }, map: CoreMap, common: Fields): Fields {
    const { layout } = this.#writer;
    const address = map.products + (map.ruleStart[entry.rule]! + entry.index) * layout.PRODUCT_STRIDE;
    const bytes = productBytes(layout, entry.product, hasWideFactors(this.#image));
    const coefficient = new DataView(bytes.buffer).getUint32(layout.PRODUCT_COEFFICIENT, true);
    return {
      ...common,
      ENTRY_OPERATION: layout.OPERATION_MICROCODE,
      ENTRY_ADDRESS: address + layout.PRODUCT_COEFFICIENT,
      ENTRY_VALUE: coefficient,
    };
  }
}
