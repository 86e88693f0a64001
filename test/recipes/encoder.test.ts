// Samples that are moved before they are encoded: each presentation by its own draw, test samples not at all.

import { describe, expect, it } from 'vitest';
import type { ChipImage } from '../../host/image/image.ts';
import { EventList } from '../../host/machine/event-list.ts';
import { type Encoder, shifting } from '../../host/recipes/common/encoder.ts';

const SHAPE = { planes: 2, height: 3, width: 4, pixelBytes: 2 };

/** Keeps what it was given. */
class Witness implements Encoder {
  seen: number[] = [];

  encode(_: EventList, __: number, sample: Uint8Array): void {
    this.seen = [...sample];
  }

  encodeForTraining(events: EventList, first: number, sample: Uint8Array): void {
    this.encode(events, first, sample);
  }
}

/** The sample moved, place by place. */
const moved = (sample: Uint8Array, down: number, right: number): number[] =>
  Array.from(sample, (_, place) => {
    const [byte, x] = [place % 2, Math.floor(place / 2) % 4];
    const [y, plane] = [Math.floor(place / 8) % 3, Math.floor(place / 24)];
    const [fromY, fromX] = [y - down, x - right];
    const isInside = fromY >= 0 && fromY < 3 && fromX >= 0 && fromX < 4;
    return isInside ? sample[((plane * 3 + fromY) * 4 + fromX) * 2 + byte]! : 0;
  });

describe('an encoder that moves samples', () => {
  const events = new EventList({ ports: [] } as unknown as ChipImage);
  const sample = Uint8Array.from({ length: 48 }, (_, i) => i + 1);

  it('moves training samples by every distance within reach, and test samples not at all', () => {
    const witness = new Witness();
    const encoder = shifting(witness, SHAPE, 1, 7);
    const ways = [-1, 0, 1].flatMap((down) => [-1, 0, 1].map((right) => moved(sample, down, right).join()));
    const found = new Set<number>();
    for (let n = 0; n < 100; n++) {
      encoder.encodeForTraining(events, 0, sample, n);
      const way = ways.indexOf(witness.seen.join());
      expect(way).toBeGreaterThanOrEqual(0);
      found.add(way);
    }
    expect(found.size).toBe(9);
    encoder.encode(events, 0, sample);
    expect(witness.seen).toEqual([...sample]);
  });

  it('moves a presentation alike whenever it is encoded, and is the encoder itself if there is no reach', () => {
    const witness = new Witness();
    const encoder = shifting(witness, SHAPE, 2, 7);
    encoder.encodeForTraining(events, 0, sample, 5);
    const first = witness.seen;
    encoder.encodeForTraining(events, 0, sample, 6);
    encoder.encodeForTraining(events, 0, sample, 5);
    expect(witness.seen).toEqual(first);
    expect(shifting(witness, SHAPE, 0, 7)).toBe(witness);
  });
});
