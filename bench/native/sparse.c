// Sparse lists of assembly/synapse.ts in C: entries [target byte offset u16 | weight i16], behind the number of them.
//
//   sparse rows columns fan queued lists → per list of rows; hash of the accumulators

#include "bench.h"

__attribute__((noinline)) static void accumulate(int32_t *acc, const uint32_t *entries, const uint32_t *rows, int count) {
  for (int row = 0; row < count; row++) {
    const uint32_t *entry = entries + rows[row];
    const uint32_t length = *entry++;
    for (uint32_t i = 0; i < length; i++)
      *(int32_t *)((uint8_t *)acc + (entry[i] >> 16)) += (int16_t)entry[i];
  }
}

static int queued, lists, list, columns;
static uint32_t *entries, *places;
static int32_t *accumulators;

static void turn(void) {
  accumulate(accumulators, entries, places + list * queued, queued);
  list = list + 1 == lists ? 0 : list + 1;
}

static void result(unsigned long long numbers[3]) {
  numbers[0] = hash(0, accumulators, (size_t)columns * 4);
}

int main(int argc, char **argv) {
  if (argc != 6) return 2;
  const int rows = atoi(argv[1]), fan = atoi(argv[3]);
  columns = atoi(argv[2]), queued = atoi(argv[4]), lists = atoi(argv[5]);
  const int spread = columns / fan;
  entries = take((size_t)rows * (size_t)(fan + 1) * 4);
  places = take((size_t)lists * (size_t)queued * 4);
  accumulators = take((size_t)columns * 4);
  for (int row = 0; row < rows; row++) {
    uint32_t *entry = entries + (size_t)row * (size_t)(fan + 1);
    *entry++ = (uint32_t)fan;
    for (int i = 0; i < fan; i++) {
      const uint32_t draw = mix((uint32_t)(row * fan + i));
      const uint32_t target = (uint32_t)(i * spread) + draw % (uint32_t)spread;
      entry[i] = target << 18 | (uint16_t)(2 * ((int)(draw >> 24) - 128));
    }
  }
  for (int i = 0; i < lists * queued; i++) places[i] = mix((uint32_t)i) % (uint32_t)rows * (uint32_t)(fan + 1);
  return serve(turn, result);
}
