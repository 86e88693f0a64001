// The one integer hash of the host: a bijection of 32 bits in which every input bit reaches every output bit.

/** The finalizer of MurmurHash3 (Appleby, public domain); uint32 to uint32. */
export function mix32(x: number): number {
  let h = x | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
