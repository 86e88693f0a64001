// What the native kernels share. Each is a process that reads a number of turns per line, works that long, and answers
// with its CPU time in ns and what it has computed so far: counts, and a hash of its results.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const uint32_t GOLDEN = 0x9e3779b9u;

static inline uint32_t mix(uint32_t x) {
  x = (x ^ (x >> 16)) * 0x85ebca6bu;
  x = (x ^ (x >> 13)) * 0xc2b2ae35u;
  return x ^ (x >> 16);
}

/** Zeroed memory in whole cache lines; it has to be there. */
static inline void *take(size_t bytes) {
  const size_t whole = (bytes + 63) / 64 * 64;
  void *memory = aligned_alloc(64, whole);
  if (memory == NULL) exit(1);
  return memset(memory, 0, whole);
}

static inline uint32_t hash(uint32_t start, const void *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) start = start * 31 + ((const uint8_t *)bytes)[i];
  return start;
}

/** `turn` is called so often; `result` is asked afterwards, for three numbers. */
static inline int serve(void (*turn)(void), void (*result)(unsigned long long numbers[3])) {
  unsigned turns;
  while (scanf("%u", &turns) == 1) {
    struct timespec begin, end;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
    for (unsigned i = 0; i < turns; i++) turn();
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    unsigned long long numbers[3] = {0, 0, 0};
    result(numbers);
    const long long ns = (end.tv_sec - begin.tv_sec) * 1000000000LL + (end.tv_nsec - begin.tv_nsec);
    printf("%lld %llu %llu %llu\n", ns, numbers[0], numbers[1], numbers[2]);
    fflush(stdout);
  }
  return 0;
}
