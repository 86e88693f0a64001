// Sparse lists of assembly/synapse.ts in C: entries [target byte offset u16 | weight i16], behind the number of them.
//
//   sparse rows columns fan queued lists → per list of rows; hash of the accumulators

#include "bench.h"

/** The first word of a list is its length; as an entry it has the lower half in `weight`, the upper in `offset`. */
struct entry {
  int16_t weight;
  uint16_t offset;
};

__attribute__((noinline)) static void accumulate(int32_t *acc, const struct entry *entries, const uint32_t *rows,
                                                 int count) {
  for (int row = 0; row < count; row++) {
    const struct entry *entry = entries + rows[row];
    const int length = (uint16_t)entry->weight;
    entry++;
    // Two loads of 16 bits, four entries a turn: much faster than one load that is taken apart.
#pragma GCC unroll 4
    for (int i = 0; i < length; i++) *(int32_t *)((uint8_t *)acc + entry[i].offset) += entry[i].weight;
  }
}

static int queued, lists, list, columns;
static struct entry *entries;
static uint32_t *places;
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
  entries = take((size_t)rows * (size_t)(fan + 1) * sizeof *entries);
  places = take((size_t)lists * (size_t)queued * 4);
  accumulators = take((size_t)columns * 4);
  for (int row = 0; row < rows; row++) {
    struct entry *entry = entries + (size_t)row * (size_t)(fan + 1);
    entry++->weight = (int16_t)fan;
    for (int i = 0; i < fan; i++) {
      const uint32_t draw = mix((uint32_t)(row * fan + i));
      const uint32_t target = (uint32_t)(i * spread) + draw % (uint32_t)spread;
      entry[i] = (struct entry){.weight = (int16_t)(2 * ((int)(draw >> 24) - 128)), .offset = (uint16_t)(4 * target)};
    }
  }
  for (int i = 0; i < lists * queued; i++) places[i] = mix((uint32_t)i) % (uint32_t)rows * (uint32_t)(fan + 1);
  return serve(turn, result);
}
