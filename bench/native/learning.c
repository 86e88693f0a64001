// The rule of bench/kernels/learning.ts in C with 128-bit vectors, the same bits. Data are those of bench/rule-bench.ts.
//
//   learning rows columns key → per epoch; weights changed, weights clipped, hash of the weights

#include <immintrin.h>

#include "bench.h"

enum { RESET_EPOCHS = 32 };

static uint32_t key_of(uint32_t key, uint32_t coordinate) {
  return mix(key ^ (mix(coordinate + GOLDEN) + (key << 6)));
}

static inline __m128i words(__m128i x) {
  x = _mm_mullo_epi32(_mm_xor_si128(x, _mm_srli_epi32(x, 16)), _mm_set1_epi32((int)0x85ebca6b));
  x = _mm_mullo_epi32(_mm_xor_si128(x, _mm_srli_epi32(x, 13)), _mm_set1_epi32((int)0xc2b2ae35));
  return _mm_xor_si128(x, _mm_srli_epi32(x, 16));
}

static inline __m128i sum_of(__m128i begin, __m128i y1, __m128i y2, __m128i s1, __m128i s2) {
  const __m128i first = _mm_srli_epi16(_mm_mullo_epi16(y1, s1), 2);
  const __m128i second = _mm_srai_epi16(_mm_mullo_epi16(y2, s2), 1);
  return _mm_adds_epi16(_mm_adds_epi16(begin, first), second);
}

static inline __m128i added(__m128i sum, __m128i random) {
  return _mm_srli_epi16(_mm_xor_si128(random, _mm_cmpgt_epi16(sum, _mm_set1_epi16(-1))), 8);
}

static unsigned long long changed, clipped;

__attribute__((noinline)) static void learn_row(uint8_t *weights, int columns, const uint8_t *y1,
                                                const uint8_t *y2, int x1, int x2, uint32_t key) {
  const __m128i s1 = _mm_set1_epi16((int16_t)(3 * x1)), s2 = _mm_set1_epi16((int16_t)-x2);
  const __m128i offset = _mm_set1_epi8(-128), zero = _mm_setzero_si128();
  __m128i counter = _mm_add_epi32(_mm_set1_epi32((int)key),
                                  _mm_mullo_epi32(_mm_set_epi32(3, 2, 1, 0), _mm_set1_epi32((int)GOLDEN)));
  __m128i clips = zero;
  unsigned changes = 0;
  for (int at = 0; at < columns; at += 16) {
    const __m128i before = _mm_loadu_si128((const __m128i *)(weights + at));
    const __m128i a = _mm_loadu_si128((const __m128i *)(y1 + at));
    const __m128i b = _mm_loadu_si128((const __m128i *)(y2 + at));
    const __m128i centred = _mm_xor_si128(before, offset);
    const __m128i low = sum_of(_mm_unpacklo_epi8(zero, centred), _mm_cvtepu8_epi16(a), _mm_cvtepu8_epi16(b), s1, s2);
    const __m128i high =
        sum_of(_mm_unpackhi_epi8(zero, centred), _mm_unpackhi_epi8(a, zero), _mm_unpackhi_epi8(b, zero), s1, s2);
    const __m128i low_added = added(low, words(counter));
    const __m128i high_added = added(high, words(_mm_add_epi32(counter, _mm_set1_epi32((int)(4 * GOLDEN)))));
    clips = _mm_sub_epi16(clips, _mm_cmpgt_epi16(low, _mm_add_epi16(low, low_added)));
    clips = _mm_sub_epi16(clips, _mm_cmpgt_epi16(high, _mm_add_epi16(high, high_added)));
    const __m128i after = _mm_xor_si128(_mm_packs_epi16(_mm_srai_epi16(_mm_adds_epi16(low, low_added), 8),
                                                        _mm_srai_epi16(_mm_adds_epi16(high, high_added), 8)),
                                        offset);
    _mm_storeu_si128((__m128i *)(weights + at), after);
    changes += 16 - (unsigned)__builtin_popcount((unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(after, before)));
    counter = _mm_add_epi32(counter, _mm_set1_epi32((int)(8 * GOLDEN)));
  }
  int16_t counts[8];
  memcpy(counts, &clips, sizeof counts);
  for (int i = 0; i < 8; i++) clipped += (unsigned long long)counts[i];
  changed += changes;
}

static int rows, columns;
static uint32_t block_key, epoch;
static size_t size;
static uint8_t *weights, *first, *y1, *y2, *x1, *x2;

static void learn_epoch(void) {
  if (epoch % RESET_EPOCHS == 0) memcpy(weights, first, size);
  const uint32_t key = key_of(block_key, ++epoch);
  for (int row = 0; row < rows; row++)
    learn_row(weights + (size_t)row * (size_t)columns, columns, y1, y2, x1[row], x2[row],
              key_of(key_of(key, (uint32_t)row), 0));
}

static void result(unsigned long long numbers[3]) {
  numbers[0] = changed;
  numbers[1] = clipped;
  numbers[2] = hash(0, weights, size);
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  rows = atoi(argv[1]), columns = atoi(argv[2]);
  block_key = (uint32_t)strtoul(argv[3], NULL, 10);
  size = (size_t)rows * (size_t)columns;
  weights = take(size), first = take(size);
  y1 = take((size_t)columns), y2 = take((size_t)columns);
  x1 = take((size_t)rows), x2 = take((size_t)rows);
  for (size_t i = 0; i < size; i++) first[i] = (uint8_t)mix((uint32_t)i);
  for (int i = 0; i < columns; i++) y1[i] = mix((uint32_t)i) >> 8 & 31, y2[i] = mix((uint32_t)i) >> 16 & 31;
  for (int i = 0; i < rows; i++) x1[i] = mix((uint32_t)i) >> 8 & 31, x2[i] = mix((uint32_t)i) >> 16 & 31;
  return serve(learn_epoch, result);
}
