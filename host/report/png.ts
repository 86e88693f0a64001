// Writes PNG images of 8-bit RGB: enough for weights and colour bars, without a dependency. [PNG 3rd edition, 5, 11]

import { crc32, deflateSync } from 'node:zlib';

/** An image of 8-bit RGB. */
export interface RgbImage {
  /** Pixels, >= 1. */
  readonly width: number;
  /** Pixels, >= 1. */
  readonly height: number;
  /** uint8, [height][width][3], row-major, top row first. */
  readonly rgb: Uint8Array;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const BIT_DEPTH = 8;
const TRUECOLOUR = 2;

/** Length, type, data, and the CRC of type and data. */
function chunk(type: string, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(data.length + 12);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, data.length + 8)), data.length + 8);
  return bytes;
}

/** The bytes of a PNG file. */
export function encodePng({ width, height, rgb }: RgbImage): Buffer {
  if (!(width >= 1 && height >= 1) || rgb.length !== width * height * 3)
    throw new RangeError(`${rgb.length} bytes are not an image of ${width}x${height} RGB pixels`);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([BIT_DEPTH, TRUECOLOUR], 8);
  const stride = width * 3;
  // Every row begins with its filter, 0 = none: weights are noise to a filter.
  const rows = Buffer.alloc(height * (stride + 1));
  for (let y = 0; y < height; y++) rows.set(rgb.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** An image as a `data:` address. */
export function pngDataUri(image: RgbImage): string {
  return `data:image/png;base64,${encodePng(image).toString('base64')}`;
}
