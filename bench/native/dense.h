// Dense accumulation of assembly/synapse.ts in C with 128-bit vectors: the same formulation and results.
//
// Stored weights are bytes, w - least. Sixteen of them are eight 16-bit words: `t` sums the words modulo 2^16, `h` their
// high bytes, and the sum of the low bytes is t - 256 h: of up to 128 rows.

#include <immintrin.h>
#include <stdint.h>

static inline void widen(__m128i *place, __m128i pairs, __m128i units) {
  *place = _mm_add_epi32(*place, _mm_madd_epi16(pairs, units));
}

/** Adds the sums of 16 columns to their accumulators: (sum, count) times (1 << shift, least << shift). */
static inline void flush(int32_t *acc, __m128i t, __m128i h, __m128i counts, __m128i units) {
  const __m128i even = _mm_sub_epi16(t, _mm_slli_epi16(h, 8));
  const __m128i low = _mm_unpacklo_epi16(even, h), high = _mm_unpackhi_epi16(even, h);
  __m128i *place = (__m128i *)acc;
  widen(place, _mm_unpacklo_epi16(low, counts), units);
  widen(place + 1, _mm_unpackhi_epi16(low, counts), units);
  widen(place + 2, _mm_unpacklo_epi16(high, counts), units);
  widen(place + 3, _mm_unpackhi_epi16(high, counts), units);
}

__attribute__((noinline)) static void accumulate(int32_t *acc, const uint8_t *weights, const uint32_t *rows,
                                                 int count, int columns, int least, int shift) {
  const __m128i counts = _mm_set1_epi16((short)count);
  const __m128i units = _mm_set1_epi32((1 << shift) + least * (1 << shift) * 65536);
  for (int column = 0; column < columns; column += 64) {
    __m128i t[4], h[4];
    for (int q = 0; q < 4; q++) t[q] = h[q] = _mm_setzero_si128();
    for (int row = 0; row < count; row++) {
      const uint8_t *bytes = weights + rows[row] + column;
#pragma GCC unroll 4
      for (int q = 0; q < 4; q++) {
        const __m128i x = _mm_load_si128((const __m128i *)(bytes + 16 * q));
        t[q] = _mm_add_epi16(t[q], x);
        h[q] = _mm_add_epi16(h[q], _mm_srli_epi16(x, 8));
      }
    }
#pragma GCC unroll 4
    for (int q = 0; q < 4; q++) flush(acc + column + 16 * q, t[q], h[q], counts, units);
  }
}
