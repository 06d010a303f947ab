/*
 * SQL functions from plain C functions: write the function, name its SQL types, and the macros make its exports.
 *
 *   static double inverse(double x) { return 1 / x; }
 *   QUERN_FUNCTION(DOUBLE, inverse, DOUBLE)
 *
 * Needs no C library: clang --target=wasm32 -O2 -ffreestanding -nostdlib -Wl,--no-entry -o plugin.wasm plugin.c
 * How values cross is told in docs/plugin-abi.md, and how to write each kind of function in docs/c.md.
 */
#ifndef QUERN_H
#define QUERN_H

#include <stdbool.h>
#include <stdint.h>

#include "quern-memory.h"

/* Values --------------------------------------------------------------------------------------------------------- */

/* Bytes of a BLOB. The length of NULL is UINT32_MAX; arguments are valid during the call. */
typedef struct quern_bytes {
  const uint8_t *data;
  uint32_t length;
} quern_bytes;

/* UTF-8 of a VARCHAR. */
typedef quern_bytes quern_text;

typedef __int128 quern_i128;
typedef unsigned __int128 quern_u128;

typedef struct quern_interval {
  int32_t months, days;
  int64_t micros;
} quern_interval;

/* Most significant byte first, after RFC 9562. */
typedef struct quern_uuid {
  uint8_t bytes[16];
} quern_uuid;

/* NULL for results of type VARCHAR and BLOB. */
#define QUERN_NULL_TEXT ((quern_bytes){0, UINT32_MAX})

static inline bool quern_is_null_text(quern_bytes value) { return value.length == UINT32_MAX; }

/* Results of the types that end in _OR_NULL: QUERN_SOME(f64, x) is a value, QUERN_NONE(f64) is NULL. */
#define QUERN_SOME(T, x) ((quern_##T##_or_null){.value = (x)})
#define QUERN_NONE(T) ((quern_##T##_or_null){.is_null = true})

/* One column of a batch, as the host writes it and takes it; see quern_get_*. */
typedef struct quern_column {
  uint32_t rows, nulls;
  const uint8_t *valid;
  const int32_t *offsets;
  const uint8_t *data;
  const struct quern_column *children;
  uint32_t child_count, constant;
} quern_column;

typedef struct quern_batch {
  uint32_t rows, column_count;
  const int32_t *states;
  int32_t state;
  quern_column columns[];
} quern_batch;

/* A value of type STRUCT or ARRAY: a row of its column. The row holds for the children of a STRUCT. */
typedef struct quern_cell {
  const quern_column *column;
  uint32_t row;
} quern_cell;

/* The rows of a child that are the elements of a LIST or an ARRAY, or the entries of a MAP. */
typedef struct quern_list {
  const quern_column *items;
  uint32_t start, length;
} quern_list;

/* Columns that are read ------------------------------------------------------------------------------------------ */

static inline uint32_t quern_row_of(const quern_column *column, uint32_t row) { return column->constant ? 0 : row; }

static inline bool quern_bit(const uint8_t *bits, uint32_t i) { return bits[i >> 3] >> (i & 7) & 1; }

static inline bool quern_is_null(const quern_column *column, uint32_t row) {
  return column->nulls && !quern_bit(column->valid, quern_row_of(column, row));
}

/* A child: the elements of a LIST or an ARRAY, a field of a STRUCT in the same row, the entries of a MAP. */
static inline const quern_column *quern_child(const quern_column *column, uint32_t index) {
  return &column->children[index];
}

static inline quern_bytes quern_get_bytes(const quern_column *column, uint32_t row) {
  const uint32_t at = quern_row_of(column, row);
  const uint32_t from = (uint32_t)column->offsets[at];
  return (quern_bytes){column->data + from, (uint32_t)column->offsets[at + 1] - from};
}

static inline quern_text quern_get_text(const quern_column *column, uint32_t row) { return quern_get_bytes(column, row); }

static inline bool quern_get_boolean(const quern_column *column, uint32_t row) {
  return quern_bit(column->data, quern_row_of(column, row));
}

static inline quern_cell quern_get_cell(const quern_column *column, uint32_t row) {
  return (quern_cell){column, quern_row_of(column, row)};
}

/* The elements of a LIST, or the entries of a MAP, which are structs of key and value. */
static inline quern_list quern_get_list(const quern_column *column, uint32_t row) {
  const uint32_t at = quern_row_of(column, row);
  const uint32_t from = (uint32_t)column->offsets[at];
  return (quern_list){column->children, from, (uint32_t)column->offsets[at + 1] - from};
}

/* The elements of an ARRAY of this length. */
static inline quern_list quern_elements(quern_cell array, uint32_t length) {
  return (quern_list){array.column->children, array.row * length, length};
}

/* Columns that are built ----------------------------------------------------------------------------------------- */

/* What a result is made of; its buffers are kept from batch to batch and only grow. */
typedef struct quern_builder {
  quern_column column;
  uint32_t rows, used, width, list, each, child_count;
  struct quern_builder **children;
  quern_buffer valid, offsets, data, records;
} quern_builder;

/* The shapes of results, for static variables: `static quern_builder word = QUERN_VALUES;
 * static quern_builder words = QUERN_LIST_OF(&word);`. A MAP is a list of structs of key and value. */
#define QUERN_VALUES {.rows = 0}
#define QUERN_LIST_OF(child) {.list = 1, .child_count = 1, .children = (quern_builder *[]){child}}
#define QUERN_ARRAY_OF(child, n) {.each = (n), .child_count = 1, .children = (quern_builder *[]){child}}
#define QUERN_STRUCT_OF(...)                                                              \
  {.each = 1, .children = (quern_builder *[]){__VA_ARGS__},                               \
   .child_count = sizeof((quern_builder *[]){__VA_ARGS__}) / sizeof(quern_builder *)}

/* The bits of a validity bitmap are all ones but where a row is NULL, so that a row with a value touches none. */
static inline void quern_reserve_bits(quern_builder *b, uint32_t rows) {
  const uint32_t have = b->valid.size;
  if ((rows + 7) / 8 <= have) return;
  quern_grow(&b->valid, rows / 8 + 64);
  quern_fill(b->valid.start + have, 255, b->valid.size - have);
}

__attribute__((unused)) static void quern_begin(quern_builder *b) {
  if (b->column.nulls) quern_fill(b->valid.start, 255, b->valid.size);
  b->column.nulls = b->rows = b->used = 0;
  *(int32_t *)quern_reserve(&b->offsets, 256) = 0;
  for (uint32_t i = 0; i < b->child_count; i++) quern_begin(b->children[i]);
}

/* What is said of one row, whose room was made: quern_set_T writes a value, and quern_put_T makes room and appends. */
static inline void quern_set_end(quern_builder *b, uint32_t row, uint32_t end) {
  ((int32_t *)b->offsets.start)[row + 1] = (int32_t)end;
}

static inline void quern_set_null(quern_builder *b, uint32_t row) {
  quern_reserve_bits(b, row + 1);
  b->valid.start[row >> 3] &= (uint8_t)~(1u << (row & 7));
  b->column.nulls++;
  if (!b->width) quern_set_end(b, row, b->used);
}

/* Room for rows whose type is known later, or has offsets. */
static inline void quern_expect_bytes(quern_builder *b, uint32_t rows) { quern_reserve(&b->offsets, (rows + 1) * 4); }

/* One more row of a LIST, an ARRAY or a STRUCT: what was put into its children since the last. */
static inline void quern_put_nested(quern_builder *b) {
  quern_expect_bytes(b, b->rows + 1);
  quern_set_end(b, b->rows, b->list ? b->children[0]->rows : 0);
  b->rows++;
}

/* One more row: NULL. */
__attribute__((unused)) static void quern_put_null(quern_builder *b) {
  quern_expect_bytes(b, b->rows + 1);
  quern_set_null(b, b->rows);
  for (uint32_t i = 0; i < b->child_count; i++) {
    for (uint32_t k = 0; k < b->each; k++) quern_put_null(b->children[i]);
  }
  if (b->list) quern_set_end(b, b->rows, b->children[0]->rows);
  b->rows++;
}

static inline void quern_set_bytes(quern_builder *b, uint32_t row, quern_bytes value) {
  if (quern_is_null_text(value)) {
    quern_set_null(b, row);
    return;
  }
  if (value.length > 0x7fffffffu - b->used) __builtin_trap();
  quern_copy(quern_reserve(&b->data, b->used + value.length) + b->used, value.data, value.length);
  b->used += value.length;
  quern_set_end(b, row, b->used);
}

static inline void quern_put_bytes(quern_builder *b, quern_bytes value) {
  quern_expect_bytes(b, b->rows + 1);
  quern_set_bytes(b, b->rows++, value);
}

static inline void quern_put_text(quern_builder *b, quern_text value) { quern_put_bytes(b, value); }

static inline void quern_expect_boolean(quern_builder *b, uint32_t rows) {
  quern_reserve(&b->data, rows / 8 + 1);
  b->width = 1;
}

static inline void quern_set_boolean(quern_builder *b, uint32_t row, bool value) {
  uint8_t *byte = &b->data.start[row >> 3];
  *byte = (uint8_t)((*byte & ~(1u << (row & 7))) | (uint32_t)value << (row & 7));
}

static inline void quern_put_boolean(quern_builder *b, bool value) {
  quern_expect_boolean(b, b->rows + 1);
  quern_set_boolean(b, b->rows++, value);
}

/* The column, once all rows are there. */
__attribute__((unused)) static const quern_column *quern_finish(quern_builder *b) {
  quern_reserve_bits(b, b->rows);
  /* A column of NULLs alone has not met its type yet: none is wider than 16 bytes. */
  quern_reserve(&b->data, b->rows * (b->width ? b->width : b->child_count || b->used ? 0 : 16) + 16);
  quern_column *records = (quern_column *)quern_reserve(&b->records, b->child_count * sizeof(quern_column));
  for (uint32_t i = 0; i < b->child_count; i++) records[i] = *quern_finish(b->children[i]);
  b->column = (quern_column){.rows = b->rows, .nulls = b->column.nulls, .valid = b->column.nulls ? b->valid.start : 0,
    .offsets = (const int32_t *)b->offsets.start, .data = b->data.start, .children = records,
    .child_count = b->child_count};
  return &b->column;
}

/* quern_get_T, quern_put_T and what the macros below need, for each type of fixed width. */
#define QUERN_FIXED(T, ctype)                                                                            \
  typedef struct quern_##T##_or_null {                                                                   \
    ctype value;                                                                                         \
    bool is_null;                                                                                        \
  } quern_##T##_or_null;                                                                                 \
  static inline ctype quern_get_##T(const quern_column *column, uint32_t row) {                          \
    return ((const ctype *)column->data)[quern_row_of(column, row)];                                     \
  }                                                                                                      \
  static inline void quern_expect_##T(quern_builder *b, uint32_t rows) {                                 \
    quern_reserve(&b->data, rows * sizeof(ctype));                                                       \
    b->width = sizeof(ctype);                                                                            \
  }                                                                                                      \
  static inline void quern_set_##T(quern_builder *b, uint32_t row, ctype value) {                        \
    ((ctype *)b->data.start)[row] = value;                                                               \
  }                                                                                                      \
  static inline void quern_put_##T(quern_builder *b, ctype value) {                                      \
    quern_expect_##T(b, b->rows + 1);                                                                    \
    quern_set_##T(b, b->rows++, value);                                                                  \
  }                                                                                                      \
  QUERN_NULLABLE(T, ctype)

#define QUERN_NULLABLE(T, ctype)                                                                         \
  static inline quern_##T##_or_null quern_get_##T##_or_null(const quern_column *column, uint32_t row) {  \
    if (quern_is_null(column, row)) return QUERN_NONE(T);                                                \
    return QUERN_SOME(T, quern_get_##T(column, row));                                                    \
  }                                                                                                      \
  static inline void quern_expect_##T##_or_null(quern_builder *b, uint32_t rows) {                       \
    quern_expect_##T(b, rows);                                                                           \
  }                                                                                                      \
  static inline void quern_set_##T##_or_null(quern_builder *b, uint32_t row, quern_##T##_or_null value) { \
    if (value.is_null) quern_set_null(b, row);                                                           \
    else quern_set_##T(b, row, value.value);                                                             \
  }

/* Types that the row form passes by pointer, which need not be aligned. */
#define QUERN_WIDE(T, ctype)                                                                             \
  QUERN_FIXED(T, ctype)                                                                                  \
  static inline ctype quern_load_##T(const void *from) {                                                 \
    ctype value;                                                                                         \
    __builtin_memcpy(&value, from, sizeof value);                                                        \
    return value;                                                                                        \
  }                                                                                                      \
  static inline const void *quern_keep_##T(ctype value) {                                                \
    ctype *room = (ctype *)quern_room(sizeof value);                                                     \
    *room = value;                                                                                       \
    return room;                                                                                         \
  }

typedef struct quern_boolean_or_null {
  bool value, is_null;
} quern_boolean_or_null;
QUERN_NULLABLE(boolean, bool)
QUERN_FIXED(i8, int8_t)
QUERN_FIXED(i16, int16_t)
QUERN_FIXED(i32, int32_t)
QUERN_FIXED(i64, int64_t)
QUERN_FIXED(u8, uint8_t)
QUERN_FIXED(u16, uint16_t)
QUERN_FIXED(u32, uint32_t)
QUERN_FIXED(u64, uint64_t)
QUERN_FIXED(f32, float)
QUERN_FIXED(f64, double)
QUERN_WIDE(i128, quern_i128)
QUERN_WIDE(u128, quern_u128)
QUERN_WIDE(interval, quern_interval)
QUERN_WIDE(uuid, quern_uuid)

static inline quern_bytes quern_get_bytes_or_null(const quern_column *column, uint32_t row) {
  return quern_is_null(column, row) ? QUERN_NULL_TEXT : quern_get_bytes(column, row);
}

#include "quern-functions.h"

#endif
