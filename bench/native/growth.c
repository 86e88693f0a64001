// Steps of many cores: all compartments are updated, then rows are added to all accumulators.
//
//   growth cores rows columns queued lists least shift keepU keepV threshold → per step; hash of the first core's v

#include "bench.h"
#include "dense.h"
#include "lif.h"

/** What the core notes of compartments in a step in which they get input: bench/native/lif.h. */
enum { NOTES = 1 };

static int cores, rows, columns, queued, lists, least, shift, keep_u, keep_v, threshold, list;
static struct compartments *groups;
static uint8_t **weights;
static uint32_t *places;

static void step(void) {
  for (int core = 0; core < cores; core++) update(groups + core, keep_u, keep_v, threshold, 1, NOTES);
  for (int core = 0; core < cores; core++)
    accumulate(groups[core].acc, weights[core], places + list * queued, queued, columns, least, shift);
  list = list + 1 == lists ? 0 : list + 1;
}

static void result(unsigned long long numbers[3]) { numbers[0] = hash(0, groups->voltage, (size_t)columns * 4); }

int main(int argc, char **argv) {
  if (argc != 11) return 2;
  cores = atoi(argv[1]), rows = atoi(argv[2]), columns = atoi(argv[3]), queued = atoi(argv[4]);
  lists = atoi(argv[5]), least = atoi(argv[6]), shift = atoi(argv[7]);
  keep_u = atoi(argv[8]), keep_v = atoi(argv[9]), threshold = atoi(argv[10]);
  const size_t size = (size_t)rows * (size_t)columns, bytes = (size_t)columns * 4;
  groups = take((size_t)cores * sizeof *groups);
  weights = take((size_t)cores * sizeof *weights);
  places = take((size_t)lists * (size_t)queued * 4);
  for (int core = 0; core < cores; core++) {
    groups[core] = (struct compartments){.count = columns, .acc = take(bytes), .current = take(bytes),
                                         .voltage = take(bytes), .biases = take(bytes), .refractory = take(bytes),
                                         .bits = take((size_t)columns / 8)};
    weights[core] = take(size);
    for (size_t i = 0; i < size; i++) weights[core][i] = core == 0 ? (uint8_t)mix((uint32_t)i) : weights[0][i];
  }
  // One row of each of so many equal parts, so that no row comes twice.
  const int part = rows / queued;
  for (int i = 0; i < lists * queued; i++)
    places[i] = ((uint32_t)(i % queued * part) + mix((uint32_t)i) % (uint32_t)part) * (uint32_t)columns;
  return serve(step, result);
}
