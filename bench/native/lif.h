// The compartment update of assembly/compartment.ts in C with 128-bit vectors: current and voltage with their decays and
// widths, bias, limits of v, refractory period, spike bits; the same results. With `notes` of 1 it also counts active
// compartments and notes overflows, with 2 it notes rest, too, as the core does.

#include <immintrin.h>
#include <stdint.h>
#include <string.h>

enum { V_MIN = -(1 << 23) + 1, V_MAX = (1 << 23) - 1 };

struct compartments {
  int count;
  int32_t *acc, *current, *voltage, *biases, *refractory;
  uint8_t *bits;
  /** Counts of all updates so far. */
  unsigned long long active, overflows;
  int at_rest;
};

/** What decay multiplies with: keep, and above it what the sign of x is worth. */
static inline __m128i keeping(int keep) { return _mm_set1_epi32(keep + -4095 * 65536); }

/**
 * x * keep / 4096, rounded toward zero: products of 16 bits of x's upper 16 bits and of its lowest 8. Beside the former
 * stands -1 if x is negative, beside the latter 255, and 256 * 4095 - 255 * 4095 is the carry.
 */
static inline __m128i decay(__m128i x, __m128i keep) {
  const __m128i order = _mm_setr_epi8(0, -1, 3, -1, 4, -1, 7, -1, 8, -1, 11, -1, 12, -1, 15, -1);
  const __m128i low = _mm_madd_epi16(_mm_shuffle_epi8(x, order), keep);
  const __m128i high = _mm_madd_epi16(_mm_srai_epi32(x, 8), keep);
  return _mm_srai_epi32(_mm_add_epi32(high, _mm_srai_epi32(low, 8)), 4);
}

#define WRAP(x, bits) _mm_srai_epi32(_mm_slli_epi32(x, 31 - (bits)), 31 - (bits))

__attribute__((always_inline)) static inline void update(struct compartments *group, int keep_u, int keep_v,
                                                         int threshold, int delay, int notes) {
  const int count = group->count;
  int32_t *acc = group->acc, *current = group->current, *voltage = group->voltage;
  int32_t *biases = group->biases, *refractory = group->refractory;
  uint8_t *bits = group->bits;
  const __m128i keepU = keeping(keep_u), keepV = keeping(keep_v);
  const __m128i above = _mm_set1_epi32(threshold), restart = _mm_set1_epi32(delay - 1);
  const __m128i half = _mm_set1_epi32(1 << 15);
  const __m128i least = _mm_set1_epi32(V_MIN), most = _mm_set1_epi32(V_MAX);
  const __m128i zero = _mm_setzero_si128();
  __m128i strays = zero, reach = zero, remains = zero, moved = zero, idle = zero;
  unsigned word = 0, any = 0;
  for (int i = 0; i < count; i += 4) {
    const __m128i input = _mm_load_si128((const __m128i *)(acc + i));
    _mm_store_si128((__m128i *)(acc + i), zero);
    const __m128i u0 = _mm_load_si128((const __m128i *)(current + i));
    const __m128i v0 = _mm_load_si128((const __m128i *)(voltage + i));
    const __m128i b = _mm_load_si128((const __m128i *)(biases + i));
    const __m128i left = _mm_load_si128((const __m128i *)(refractory + i));
    const __m128i q = _mm_srai_epi32(_mm_slli_epi32(input, 16), 10);
    const __m128i wide = _mm_add_epi32(decay(u0, keepU), q), u = WRAP(wide, 23);
    const __m128i sum = _mm_add_epi32(u, b), t = WRAP(sum, 23);
    __m128i v = _mm_add_epi32(decay(v0, keepV), t);
    v = _mm_min_epi32(_mm_max_epi32(v, least), most);
    const __m128i waits = _mm_cmpgt_epi32(left, zero);
    v = _mm_andnot_si128(waits, v);
    const __m128i fired = _mm_cmpgt_epi32(v, above);
    v = _mm_andnot_si128(fired, v);
    const __m128i wait = _mm_or_si128(_mm_add_epi32(left, waits), _mm_and_si128(fired, restart));
    _mm_store_si128((__m128i *)(current + i), u);
    _mm_store_si128((__m128i *)(voltage + i), v);
    _mm_store_si128((__m128i *)(refractory + i), wait);
    if (notes > 0) {
      reach = _mm_or_si128(reach, _mm_add_epi32(input, half));
      strays = _mm_or_si128(strays, _mm_or_si128(_mm_xor_si128(wide, u), _mm_xor_si128(sum, t)));
      const __m128i rest = _mm_or_si128(_mm_or_si128(input, b), _mm_or_si128(u0, v0));
      idle = _mm_sub_epi32(idle, _mm_cmpeq_epi32(rest, zero));
    }
    if (notes > 1) {
      remains = _mm_or_si128(remains, _mm_or_si128(_mm_or_si128(u, b), _mm_or_si128(v, wait)));
      moved = _mm_or_si128(moved, _mm_or_si128(_mm_or_si128(_mm_xor_si128(u, u0), _mm_xor_si128(v, v0)),
                                               _mm_or_si128(left, input)));
    }
    const unsigned fires = (unsigned)_mm_movemask_ps((__m128)fired);
    any |= fires;
    if (i & 4) bits[i >> 3] = (uint8_t)(word | fires << 4);
    else word = fires;
  }
  if (notes > 0) {
    int32_t lanes[4];
    memcpy(lanes, &idle, sizeof lanes);
    group->active += (unsigned)(count - lanes[0] - lanes[1] - lanes[2] - lanes[3]);
    strays = _mm_or_si128(strays, _mm_srli_epi32(reach, 16));
    group->overflows += !_mm_testz_si128(strays, strays);
  }
  if (notes > 1)
    group->at_rest = _mm_testz_si128(remains, remains) || (any == 0 && _mm_testz_si128(moved, moved));
}
