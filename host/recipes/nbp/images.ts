// Images as the network sees them: the border cut off, then black and white.

import type { Settings } from './settings.ts';

/** A grey image with a border. */
export interface Frame {
  readonly height: number;
  readonly width: number;
}

export class Binarizer {
  readonly height: number;
  readonly width: number;
  readonly #pixelMin: number;
  /** Place in the grey image, by input. */
  readonly #pixel: Uint32Array;

  constructor(frame: Frame, { crop, pixelMin }: Settings) {
    this.height = Math.max(0, frame.height - 2 * crop);
    this.width = Math.max(0, frame.width - 2 * crop);
    this.#pixelMin = pixelMin;
    this.#pixel = Uint32Array.from({ length: this.inputs }, (_, i) => {
      const row = crop + Math.floor(i / this.width);
      return row * frame.width + crop + (i % this.width);
    });
  }

  /** Inputs: what is left, row by row. */
  get inputs(): number {
    return this.height * this.width;
  }

  /** Calls `spike` for every active input, in order. */
  active(image: Uint8Array, spike: (input: number) => void): void {
    for (let i = 0; i < this.#pixel.length; i++) if (image[this.#pixel[i]!]! >= this.#pixelMin) spike(i);
  }
}
