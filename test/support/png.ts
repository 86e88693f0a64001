// Reads back a PNG of 8-bit RGB: every chunk's CRC is checked, and no filter is understood but 0.

import { crc32, inflateSync } from 'node:zlib';

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** uint8, [height][width][3] */
  readonly rgb: Uint8Array;
}

/** @throws Error if the bytes are not such a PNG */
export function decodePng(bytes: Buffer): Picture {
  if (bytes.subarray(0, 8).toString('latin1') !== '\x89PNG\r\n\x1a\n') throw new Error('no PNG signature');
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < bytes.length; ) {
    const size = bytes.readUInt32BE(at);
    const typed = bytes.subarray(at + 4, at + 8 + size);
    if (crc32(typed) !== bytes.readUInt32BE(at + 8 + size)) throw new Error('wrong CRC');
    chunks.set(typed.subarray(0, 4).toString('latin1'), typed.subarray(4));
    at += 12 + size;
  }
  if ([...chunks.keys()].join() !== 'IHDR,IDAT,IEND') throw new Error(`chunks ${[...chunks.keys()].join()}`);
  const header = chunks.get('IHDR')!;
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  if (header.subarray(8).join() !== '8,2,0,0,0') throw new Error('not 8-bit RGB');
  const rows = inflateSync(chunks.get('IDAT')!);
  const stride = width * 3 + 1;
  if (rows.length !== height * stride) throw new Error(`${rows.length} bytes of rows`);
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    if (rows[y * stride] !== 0) throw new Error('a filter');
    rgb.set(rows.subarray(y * stride + 1, (y + 1) * stride), y * width * 3);
  }
  return { width, height, rgb };
}
