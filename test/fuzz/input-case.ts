// What the ports of a random case send.

import type { ChipImage } from '../../host/image/image.ts';
import type { PortEvent } from '../../host/model/chip.ts';
import type { FuzzCase, SeededCase } from './fuzz-case.ts';
import { hash, valueAt } from './seeded.ts';

/** What a port with payloads sends. */
function payloadOf(payloads: SeededCase, i: number): number {
  const kind = payloads.seed % 8;
  if (kind === 0) return valueAt(payloads, i, -(2 ** 31), 2 ** 31 - 1);
  return kind < 4 ? valueAt(payloads, i, -9, 9) : valueAt(payloads, i, -255, 255);
}

/** What all ports send in each step; a few elements twice. */
export function inputOf(fuzz: FuzzCase, { ports }: ChipImage): PortEvent[][] {
  const count = ports.reduce((sum, { size }) => sum + size, 0);
  return Array.from({ length: fuzz.steps }, (_, step) =>
    ports.flatMap(({ first, size }, p) => {
      const port = fuzz.ports[p];
      const density = port?.density ?? 16;
      return Array.from({ length: size }, (_, i) => first + i).flatMap((element) => {
        const place = step * count + element;
        const random = hash(fuzz.inputSeed, place);
        if (random % 64 >= density) return [];
        const event = (again: number): PortEvent => {
          const payloads = port?.payloads ?? null;
          return { element, payload: payloads === null ? 1 : payloadOf(payloads, 2 * place + again) };
        };
        return (random >>> 8) % 64 === 0 ? [event(0), event(1)] : [event(0)];
      });
    }),
  );
}
