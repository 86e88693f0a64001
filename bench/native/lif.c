// The compartment update alone.
//
//   lif compartments keepU keepV threshold refractory notes → per update of all; active compartments, updates that
//   overflowed, hash of u, v, refractory counters and spike bits

#include "bench.h"
#include "lif.h"

static struct compartments group;
static int keep_u, keep_v, threshold, delay;

__attribute__((noinline)) static void update_noting(void) { update(&group, keep_u, keep_v, threshold, delay, 2); }
__attribute__((noinline)) static void update_counting(void) { update(&group, keep_u, keep_v, threshold, delay, 1); }
__attribute__((noinline)) static void update_alone(void) { update(&group, keep_u, keep_v, threshold, delay, 0); }

static void result(unsigned long long numbers[3]) {
  const size_t bytes = (size_t)group.count * 4;
  uint32_t sum = hash(hash(0, group.current, bytes), group.voltage, bytes);
  sum = hash(hash(sum, group.refractory, bytes), group.bits, (size_t)group.count / 8);
  numbers[0] = group.active;
  numbers[1] = group.overflows;
  numbers[2] = sum;
}

int main(int argc, char **argv) {
  if (argc != 7) return 2;
  const int count = atoi(argv[1]);
  keep_u = atoi(argv[2]), keep_v = atoi(argv[3]), threshold = atoi(argv[4]), delay = atoi(argv[5]);
  const size_t bytes = (size_t)count * 4;
  group = (struct compartments){.count = count, .acc = take(bytes), .current = take(bytes), .voltage = take(bytes),
                                .biases = take(bytes), .refractory = take(bytes), .bits = take((size_t)count / 8)};
  for (int i = 0; i < count; i++) {
    group.acc[i] = (int32_t)(mix((uint32_t)i) >> 20);
    group.biases[i] = (int32_t)(mix((uint32_t)i) & 0xfff);
  }
  void (*const updates[])(void) = {update_alone, update_counting, update_noting};
  return serve(updates[atoi(argv[6]) % 3], result);
}
