/*
 * XXH64, the 64-bit xxHash of Yann Collet, after its specification:
 * https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
 *
 * Fast and well spread, and not for secrets: whoever wants a collision can make one.
 */
#include "quern.h"

static const uint64_t PRIME1 = 0x9E3779B185EBCA87ull;
static const uint64_t PRIME2 = 0xC2B2AE3D27D4EB4Full;
static const uint64_t PRIME3 = 0x165667B19E3779F9ull;
static const uint64_t PRIME4 = 0x85EBCA77C2B2AE63ull;
static const uint64_t PRIME5 = 0x27D4EB2F165667C5ull;

static uint64_t rotate(uint64_t x, int bits) { return x << bits | x >> (64 - bits); }

/* WebAssembly is little-endian, as the hash is, and loads need no alignment. */
static uint64_t load64(const uint8_t *p) {
  uint64_t value;
  __builtin_memcpy(&value, p, 8);
  return value;
}

static uint64_t load32(const uint8_t *p) {
  uint32_t value;
  __builtin_memcpy(&value, p, 4);
  return value;
}

static uint64_t round64(uint64_t lane, uint64_t input) { return rotate(lane + input * PRIME2, 31) * PRIME1; }

static uint64_t merge(uint64_t hash, uint64_t lane) { return (hash ^ round64(0, lane)) * PRIME1 + PRIME4; }

/* The part of 32-byte stripes; moves *at behind the last whole one. */
static uint64_t stripes(const uint8_t **at, const uint8_t *end, uint64_t seed) {
  uint64_t a = seed + PRIME1 + PRIME2, b = seed + PRIME2, c = seed, d = seed - PRIME1;
  const uint8_t *p = *at;
  for (; end - p >= 32; p += 32) {
    a = round64(a, load64(p));
    b = round64(b, load64(p + 8));
    c = round64(c, load64(p + 16));
    d = round64(d, load64(p + 24));
  }
  *at = p;
  uint64_t hash = rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18);
  return merge(merge(merge(merge(hash, a), b), c), d);
}

static uint64_t hash64(const uint8_t *p, uint32_t length, uint64_t seed) {
  const uint8_t *end = p + length;
  uint64_t hash = length >= 32 ? stripes(&p, end, seed) : seed + PRIME5;
  hash += length;
  for (; end - p >= 8; p += 8) hash = rotate(hash ^ round64(0, load64(p)), 27) * PRIME1 + PRIME4;
  if (end - p >= 4) {
    hash = rotate(hash ^ load32(p) * PRIME1, 23) * PRIME2 + PRIME3;
    p += 4;
  }
  for (; p < end; p++) hash = rotate(hash ^ *p * PRIME5, 11) * PRIME1;
  hash = (hash ^ hash >> 33) * PRIME2;
  hash = (hash ^ hash >> 29) * PRIME3;
  return hash ^ hash >> 32;
}

/* xxhash64('abc'::BLOB) is 4952883123889572249, which is 0x44BC2CF5AD770999. */
static uint64_t xxhash64(quern_bytes data) { return hash64(data.data, data.length, 0); }
QUERN_FUNCTION(UBIGINT, xxhash64, BLOB)

/* xxhash64_seeded('abc'::BLOB, 0) is xxhash64('abc'::BLOB). */
static uint64_t xxhash64_seeded(quern_bytes data, uint64_t seed) { return hash64(data.data, data.length, seed); }
QUERN_FUNCTION(UBIGINT, xxhash64_seeded, BLOB, UBIGINT)
