// SHA-256 (FIPS 180-4) for bytes made in memory. Node's own is faster, but the generated set must also be made
// in a browser, whose Web Crypto answers only asynchronously.

/** The first 32 bits of the fractional part of the `root`-th root of an integer: how the standard defines its constants. */
function fraction32(value: number, root: 2 | 3): number {
  // Exact: the largest r with r^root <= value * 2^(32 * root), less its whole part.
  const target = BigInt(value) << BigInt(32 * root);
  let r = 0n;
  for (let bit = 40n; bit >= 0n; bit--) {
    const candidate = r | (1n << bit);
    if (candidate ** BigInt(root) <= target) r = candidate;
  }
  return Number(r & 0xffffffffn) | 0;
}

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((p) => n % p !== 0)) primes.push(n);
  return primes;
}

const PRIMES = firstPrimes(64);
const ROUND_KEYS = Int32Array.from(PRIMES, (p) => fraction32(p, 3));
const INITIAL = Int32Array.from(PRIMES.slice(0, 8), (p) => fraction32(p, 2));

function rotate(x: number, bits: number): number {
  return (x >>> bits) | (x << (32 - bits));
}

/** Mixes the 64-byte block at `offset` into `state`; `w` is scratch, int32 [64]. */
function compress(state: Int32Array, view: DataView, offset: number, w: Int32Array): void {
  for (let i = 0; i < 16; i++) w[i] = view.getInt32(offset + 4 * i);
  for (let i = 16; i < 64; i++) {
    const w15 = w[i - 15]!;
    const w2 = w[i - 2]!;
    const s0 = rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 >>> 3);
    const s1 = rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 >>> 10);
    w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0;
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let f = state[5]!;
  let g = state[6]!;
  let h = state[7]!;
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUND_KEYS[i]! + w[i]!) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
  state[5]! += f;
  state[6]! += g;
  state[7]! += h;
}

/** SHA-256 of the chunks joined end to end, as 64 lower-case hex digits. */
export function sha256Hex(chunks: readonly Uint8Array[]): string {
  const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  // A 1 bit, zeros, and the length in bits as uint64, to a whole number of blocks.
  const padded = new Uint8Array(Math.ceil((size + 9) / 64) * 64);
  let at = 0;
  for (const chunk of chunks) {
    padded.set(chunk, at);
    at += chunk.length;
  }
  padded[size] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(size) * 8n);
  const state = Int32Array.from(INITIAL);
  const w = new Int32Array(64);
  for (let offset = 0; offset < padded.length; offset += 64) compress(state, view, offset, w);
  return [...state].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}
