// Dense accumulation alone.
//
//   dense rows columns queued lists least shift → per list of rows; hash of the accumulators

#include "bench.h"
#include "dense.h"

static int rows, columns, queued, lists, least, shift, list;
static uint8_t *weights;
static uint32_t *places;
static int32_t *accumulators;

static void turn(void) {
  accumulate(accumulators, weights, places + list * queued, queued, columns, least, shift);
  list = list + 1 == lists ? 0 : list + 1;
}

static void result(unsigned long long numbers[3]) {
  numbers[0] = hash(0, accumulators, (size_t)columns * 4);
}

int main(int argc, char **argv) {
  if (argc != 7) return 2;
  rows = atoi(argv[1]), columns = atoi(argv[2]), queued = atoi(argv[3]);
  lists = atoi(argv[4]), least = atoi(argv[5]), shift = atoi(argv[6]);
  const size_t size = (size_t)rows * (size_t)columns;
  weights = take(size);
  places = take((size_t)lists * (size_t)queued * 4);
  accumulators = take((size_t)columns * 4);
  for (size_t i = 0; i < size; i++) weights[i] = (uint8_t)mix((uint32_t)i);
  for (int i = 0; i < lists * queued; i++) places[i] = mix((uint32_t)i) % (uint32_t)rows * (uint32_t)columns;
  return serve(turn, result);
}
