// Dense accumulation of assembly/synapse.ts in C with 128-bit vectors: the same formulation and results.
//
// Stored weights are bytes, w - least. Sixteen of them are eight 16-bit words: `t` sums the words modulo 2^16, `h` their
// high bytes, and the sum of the low bytes is t - 256 h.

#include <immintrin.h>
#include <stdint.h>

/** Adds the sums of 16 columns to their accumulators. */
static inline void flush(int32_t *acc, __m128i t, __m128i h, __m128i bias, __m128i shift) {
  const __m128i even = _mm_sub_epi16(t, _mm_slli_epi16(h, 8));
  const __m128i zero = _mm_setzero_si128();
  const __m128i even0 = _mm_sll_epi32(_mm_add_epi32(_mm_unpacklo_epi16(even, zero), bias), shift);
  const __m128i even1 = _mm_sll_epi32(_mm_add_epi32(_mm_unpackhi_epi16(even, zero), bias), shift);
  const __m128i odd0 = _mm_sll_epi32(_mm_add_epi32(_mm_unpacklo_epi16(h, zero), bias), shift);
  const __m128i odd1 = _mm_sll_epi32(_mm_add_epi32(_mm_unpackhi_epi16(h, zero), bias), shift);
  __m128i *place = (__m128i *)acc;
  place[0] = _mm_add_epi32(place[0], _mm_unpacklo_epi32(even0, odd0));
  place[1] = _mm_add_epi32(place[1], _mm_unpackhi_epi32(even0, odd0));
  place[2] = _mm_add_epi32(place[2], _mm_unpacklo_epi32(even1, odd1));
  place[3] = _mm_add_epi32(place[3], _mm_unpackhi_epi32(even1, odd1));
}

__attribute__((noinline)) static void accumulate(int32_t *acc, const uint8_t *weights, const uint32_t *rows,
                                                 int count, int columns, int least, int shift) {
  const __m128i bias = _mm_set1_epi32(count * least), by = _mm_cvtsi32_si128(shift);
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
    for (int q = 0; q < 4; q++) flush(acc + column + 16 * q, t[q], h[q], bias, by);
  }
}
