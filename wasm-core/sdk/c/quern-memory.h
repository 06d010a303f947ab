/*
 * Memory for plugins in C that have no library: a heap, which is also the host's `alloc` and `free`, buffers that grow,
 * and room that is used again for each row. `quern.h` includes it.
 *
 * What is `weak` here is one for the whole module, however many of its files include this one.
 */
#ifndef QUERN_MEMORY_H
#define QUERN_MEMORY_H

#include <stdint.h>

/* Blocks that were given back wait for the next of their size: four sizes from each power of two to the next. */
typedef struct quern_heap_state {
  uint32_t end, limit, waiting[112];
} quern_heap_state;

__attribute__((weak)) quern_heap_state quern_heap;

static inline uint32_t quern_class_of(uint32_t *size) {
  if (*size < 64) *size = 64;
  const uint32_t power = 31u - (uint32_t)__builtin_clz(*size - 1);
  const uint32_t steps = (*size - 1) >> (power - 2);
  *size = (steps + 1) << (power - 2);
  return (power - 5) * 4 + (steps & 3);
}

/* At least so many bytes, aligned to 16; 0 when there is no room. It is for the host, and for what outlives a call. */
__attribute__((weak, export_name("alloc"))) void *quern_alloc(uint32_t size) {
  if (size > 0xe0000000u) return 0;
  uint32_t *waiting = &quern_heap.waiting[quern_class_of(&size)];
  if (*waiting) {
    uint32_t *block = (uint32_t *)*waiting;
    *waiting = *block;
    return block;
  }
  if (size > quern_heap.limit - quern_heap.end) {
    const uint32_t pages = (size >> 16) + ((size & 65535) != 0);
    const uint32_t grown = (uint32_t)__builtin_wasm_memory_grow(0, pages);
    if (grown == UINT32_MAX) return 0;
    if (grown << 16 != quern_heap.limit) quern_heap.end = grown << 16;
    quern_heap.limit = (grown + pages) << 16;
  }
  quern_heap.end += size;
  return (void *)(quern_heap.end - size);
}

/* Takes back what `quern_alloc` gave for this size. */
__attribute__((weak, export_name("free"))) void quern_free(void *block, uint32_t size) {
  if (!block) return;
  uint32_t *waiting = &quern_heap.waiting[quern_class_of(&size)];
  *(uint32_t *)block = *waiting;
  *waiting = (uint32_t)block;
}

__attribute__((target("bulk-memory"), noinline, unused)) static void quern_copy_many(void *to, const void *from,
                                                                                   uint32_t length) {
  __builtin_memcpy(to, from, length);
}

__attribute__((target("bulk-memory"), noinline, unused)) static void quern_fill(void *to, uint8_t byte, uint32_t length) {
  __builtin_memset(to, byte, length);
}

/* Copies bytes that do not overlap. Short ones go in words, which is faster than the instruction for long ones. */
static inline void quern_copy(uint8_t *to, const uint8_t *from, uint32_t length) {
  if (length > 16) {
    quern_copy_many(to, from, length);
  } else if (length >= 8) {
    __builtin_memcpy(to, from, 8);
    __builtin_memcpy(to + length - 8, from + length - 8, 8);
  } else if (length >= 4) {
    __builtin_memcpy(to, from, 4);
    __builtin_memcpy(to + length - 4, from + length - 4, 4);
  } else if (length) {
    to[0] = from[0];
    to[length / 2] = from[length / 2];
    to[length - 1] = from[length - 1];
  }
}

typedef struct quern_buffer {
  uint8_t *start;
  uint32_t size;
} quern_buffer;

/* Makes room for so many bytes; what was written stays. Ends the call when there is no room. */
__attribute__((noinline, unused)) static void quern_grow(quern_buffer *buffer, uint32_t size) {
  const uint32_t more = buffer->size + buffer->size / 2;
  const uint32_t wanted = size > more ? size : more;
  uint8_t *start = quern_alloc(wanted);
  if (!start) __builtin_trap();
  if (buffer->size) quern_copy_many(start, buffer->start, buffer->size);
  quern_free(buffer->start, buffer->size);
  *buffer = (quern_buffer){start, wanted};
}

static inline uint8_t *quern_reserve(quern_buffer *buffer, uint32_t size) {
  if (size > buffer->size) quern_grow(buffer, size);
  return buffer->start;
}

/* Room for what a function makes: it is used again for the next row. Blocks that were outgrown during a row wait. */
typedef struct quern_scratch_state {
  quern_buffer block;
  uint32_t used;
  struct quern_outgrown {
    quern_buffer block;
    struct quern_outgrown *next;
  } *outgrown;
} quern_scratch_state;

__attribute__((weak)) quern_scratch_state quern_scratch;

__attribute__((noinline, unused)) static void quern_forget_outgrown(void) {
  while (quern_scratch.outgrown) {
    const quern_buffer block = quern_scratch.outgrown->block;
    quern_scratch.outgrown = quern_scratch.outgrown->next;
    quern_free(block.start, block.size);
  }
}

static inline void quern_forget_row(void) {
  if (!quern_scratch.used) return;
  quern_scratch.used = 0;
  if (quern_scratch.outgrown) quern_forget_outgrown();
}

/* So many bytes, aligned to 16, that last until the function returns its result. Ends the call when there is no room. */
static inline void *quern_room(uint32_t size) {
  quern_scratch_state *s = &quern_scratch;
  if (size > 0xd0000000u) __builtin_trap();
  const uint32_t wanted = (size + 15) & ~15u;
  if (wanted > s->block.size - s->used) {
    const quern_buffer old = s->block;
    s->block = (quern_buffer){0, 0};
    /* Each block begins with the place of the one that it outgrew. */
    quern_grow(&s->block, wanted + 16 < old.size * 2 ? old.size * 2 : wanted + 256);
    s->used = 16;
    if (old.start) {
      struct quern_outgrown *note = (struct quern_outgrown *)s->block.start;
      *note = (struct quern_outgrown){old, s->outgrown};
      s->outgrown = note;
    }
  }
  s->used += wanted;
  return s->block.start + s->used - wanted;
}

#endif
