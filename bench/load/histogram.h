/*
 * Counts of nanoseconds in buckets of 1/32 of a power of two, so a percentile is right to 3 in a hundred. The layout is
 * that of HdrHistogram (https://github.com/HdrHistogram/HdrHistogram_c) with five bits; histogram.ts is its twin.
 */
#ifndef BENCH_HISTOGRAM_H
#define BENCH_HISTOGRAM_H
#include <stddef.h>
#include <stdint.h>

enum { SUB_BITS = 5, SUB_COUNT = 1 << SUB_BITS, BUCKET_COUNT = (64 - SUB_BITS) * SUB_COUNT };

struct histogram {
  uint64_t counts[BUCKET_COUNT];
  uint64_t total, largest;
};

static inline void histogram_add(struct histogram *h, uint64_t value) {
  int shift = 63 - __builtin_clzll(value | SUB_COUNT) - SUB_BITS;
  h->counts[(size_t)shift * SUB_COUNT + (value >> shift)]++;
  h->total++;
  if (value > h->largest) h->largest = value;
}

/* The middle of the bucket that holds the given share of all values; 0 when there are none. */
static inline double histogram_at(const struct histogram *h, double share) {
  uint64_t before = 0;
  for (size_t i = 0; i < BUCKET_COUNT; i++) {
    before += h->counts[i];
    if (h->counts[i] == 0 || before < share * h->total) continue;
    if (i < SUB_COUNT) return i;
    size_t shift = i / SUB_COUNT - 1;
    double lowest = (double)((uint64_t)(SUB_COUNT + i % SUB_COUNT) << shift);
    return lowest + (double)((uint64_t)1 << shift) / 2;
  }
  return 0;
}
#endif
