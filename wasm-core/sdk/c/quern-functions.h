/*
 * The macros that make a plugin's exports from its plain C functions; `quern.h` includes it.
 *
 *   QUERN_FUNCTION(R, name, A, B)   both forms, for functions whose types have a row form
 *   QUERN_BATCH(R, name, A, B)      the batch form alone, for types that end in _OR_NULL, and LIST, MAP, ARRAY, STRUCT
 *   QUERN_BUILD(out, name, A, B)    the batch form of `void name(quern_builder *, A, B)`, which puts one row into `out`
 *   QUERN_MANIFEST({…})             the manifest, as JSON
 *
 * R and the types of the one to six parameters are SQL's names without what stands in brackets. DECIMAL is BIGINT here up
 * to width 18, and HUGEINT above. A row with a NULL where a parameter's type takes none is NULL.
 */
#ifndef QUERN_FUNCTIONS_H
#define QUERN_FUNCTIONS_H

#define QUERN_EXPORT(name) __attribute__((export_name(name)))

#define QUERN_FUNCTION(R, name, ...)                                                                     \
  QUERN_EXPORT(#name) QUERN_ROW_OUT(R) name##__row(QUERN_EACH(QUERN_IN, __VA_ARGS__)) {                  \
    quern_forget_row();                                                                                  \
    return QUERN_ROW_BACK(R, name(QUERN_EACH(QUERN_ARGUMENT, __VA_ARGS__)));                             \
  }                                                                                                      \
  QUERN_BATCH(R, name, __VA_ARGS__)

#define QUERN_BATCH(R, name, ...)                                                                        \
  static quern_builder name##__column = QUERN_VALUES;                                                    \
  QUERN_ROWS(name, name##__column, QUERN_CALL(quern_expect_, R)(out, rows), quern_set_null(out, row),     \
             QUERN_CALL(quern_set_, R)(out, row, name(QUERN_EACH(QUERN_GET, __VA_ARGS__))),              \
             out->rows = rows, __VA_ARGS__)

#define QUERN_BUILD(builder, name, ...)                                                                  \
  QUERN_ROWS(name, builder, , quern_put_null(out), name(out, QUERN_EACH(QUERN_GET, __VA_ARGS__)),        \
             quern_check_rows(out, rows), __VA_ARGS__)

/* Ends the call of a function that put another number of rows than one for each call. */
static inline void quern_check_rows(const quern_builder *b, uint32_t rows) {
  if (b->rows != rows) __builtin_trap();
}

/* JSON is no C, but made of its tokens; twice a text, it is one for the assembler. */
#define QUERN_MANIFEST(...) QUERN_MANIFEST_TEXT(#__VA_ARGS__)
#define QUERN_MANIFEST_TEXT(text) __asm__(".section .custom_section.quern,\"\",@\n.ascii " #text "\n.text\n");

/* Loops over a batch; the columns are copied, so that the compiler knows that no result is written over them. */
#define QUERN_ROWS(name, builder, before, put_null, put, after, ...)                                     \
  QUERN_EXPORT(#name "__batch") const quern_column *name##__batch(const quern_batch *batch, uint32_t size) { \
    (void)size;                                                                                          \
    quern_builder *out = &builder;                                                                       \
    const uint32_t rows = batch->rows;                                                                   \
    QUERN_EACH_THEN(QUERN_COLUMN, __VA_ARGS__)                                                           \
    const bool has_null = QUERN_EACH_OR(QUERN_HAS_NULL, __VA_ARGS__);                                    \
    quern_begin(out);                                                                                    \
    before;                                                                                              \
    for (uint32_t row = 0; row < rows; row++) {                                                          \
      quern_forget_row();                                                                                \
      if (has_null && (QUERN_EACH_OR(QUERN_MISSING, __VA_ARGS__))) put_null;                             \
      else put;                                                                                          \
    }                                                                                                    \
    after;                                                                                               \
    return quern_finish(out);                                                                            \
  }

#define QUERN_COLUMN(T, i) const quern_column c##i = batch->columns[i];
#define QUERN_HAS_NULL(T, i) (QUERN_TAKES_NULL(T) ? 0 : c##i.nulls)
#define QUERN_MISSING(T, i) (!QUERN_TAKES_NULL(T) && quern_is_null(&c##i, row))
#define QUERN_TAKES_NULL(T) QUERN_JOIN(QUERN_TAKES_NULL_, QUERN_NAME_##T)
#define QUERN_GET(T, i) QUERN_JOIN(quern_get_, QUERN_NAME_##T)(&c##i, row)
#define QUERN_CALL(what, T) QUERN_JOIN(what, QUERN_NAME_##T)

/* The row form of a type: a value, a pointer to one, or bytes and their length. */
#define QUERN_IN(T, i) QUERN_FORM(QUERN_IN_, T)(QUERN_NAME_##T, a##i)
#define QUERN_ARGUMENT(T, i) QUERN_FORM(QUERN_ARGUMENT_, T)(QUERN_NAME_##T, a##i)
#define QUERN_ROW_OUT(T) QUERN_FORM(QUERN_OUT_, T)(QUERN_NAME_##T)
#define QUERN_ROW_BACK(T, value) QUERN_FORM(QUERN_BACK_, T)(QUERN_NAME_##T, value)
#define QUERN_FORM(what, T) QUERN_JOIN(what, QUERN_JOIN(QUERN_FORM_, QUERN_NAME_##T))

#define QUERN_IN_VALUE(T, a) QUERN_JOIN(QUERN_C_, T) a
#define QUERN_ARGUMENT_VALUE(T, a) a
#define QUERN_OUT_VALUE(T) QUERN_JOIN(QUERN_C_, T)
#define QUERN_BACK_VALUE(T, value) value

#define QUERN_IN_WIDE(T, a) const void *a
#define QUERN_ARGUMENT_WIDE(T, a) QUERN_JOIN(quern_load_, T)(a)
#define QUERN_OUT_WIDE(T) const void *
#define QUERN_BACK_WIDE(T, value) QUERN_JOIN(quern_keep_, T)(value)

#define QUERN_IN_BYTES(T, a) const uint8_t *a##_data, uint32_t a##_length
#define QUERN_ARGUMENT_BYTES(T, a) ((quern_bytes){a##_data, a##_length})
#define QUERN_OUT_BYTES(T) uint64_t
#define QUERN_BACK_BYTES(T, value) quern_packed(value)

static inline uint64_t quern_packed(quern_bytes value) { return (uint64_t)value.length << 32 | (uint32_t)value.data; }

#define QUERN_GLUE(a, b) a##b
#define QUERN_JOIN(a, b) QUERN_GLUE(a, b)

/* f(A, 0), f(B, 1) … for the types given; _THEN has nothing between them, and _OR `||`. */
#define QUERN_EACH(f, ...) QUERN_JOIN(QUERN_EACH_, QUERN_COUNT(__VA_ARGS__))(f, __VA_ARGS__)
#define QUERN_EACH_1(f, A) f(A, 0)
#define QUERN_EACH_2(f, A, B) QUERN_EACH_1(f, A), f(B, 1)
#define QUERN_EACH_3(f, A, B, C) QUERN_EACH_2(f, A, B), f(C, 2)
#define QUERN_EACH_4(f, A, B, C, D) QUERN_EACH_3(f, A, B, C), f(D, 3)
#define QUERN_EACH_5(f, A, B, C, D, E) QUERN_EACH_4(f, A, B, C, D), f(E, 4)
#define QUERN_EACH_6(f, A, B, C, D, E, F) QUERN_EACH_5(f, A, B, C, D, E), f(F, 5)
#define QUERN_EACH_THEN(f, ...) QUERN_JOIN(QUERN_THEN_, QUERN_COUNT(__VA_ARGS__))(f, __VA_ARGS__)
#define QUERN_THEN_1(f, A) f(A, 0)
#define QUERN_THEN_2(f, A, B) QUERN_THEN_1(f, A) f(B, 1)
#define QUERN_THEN_3(f, A, B, C) QUERN_THEN_2(f, A, B) f(C, 2)
#define QUERN_THEN_4(f, A, B, C, D) QUERN_THEN_3(f, A, B, C) f(D, 3)
#define QUERN_THEN_5(f, A, B, C, D, E) QUERN_THEN_4(f, A, B, C, D) f(E, 4)
#define QUERN_THEN_6(f, A, B, C, D, E, F) QUERN_THEN_5(f, A, B, C, D, E) f(F, 5)
#define QUERN_EACH_OR(f, ...) QUERN_JOIN(QUERN_OR_, QUERN_COUNT(__VA_ARGS__))(f, __VA_ARGS__)
#define QUERN_OR_1(f, A) f(A, 0)
#define QUERN_OR_2(f, A, B) QUERN_OR_1(f, A) || f(B, 1)
#define QUERN_OR_3(f, A, B, C) QUERN_OR_2(f, A, B) || f(C, 2)
#define QUERN_OR_4(f, A, B, C, D) QUERN_OR_3(f, A, B, C) || f(D, 3)
#define QUERN_OR_5(f, A, B, C, D, E) QUERN_OR_4(f, A, B, C, D) || f(E, 4)
#define QUERN_OR_6(f, A, B, C, D, E, F) QUERN_OR_5(f, A, B, C, D, E) || f(F, 5)
#define QUERN_COUNT(...) QUERN_SEVENTH(__VA_ARGS__, 6, 5, 4, 3, 2, 1, 0)
#define QUERN_SEVENTH(a, b, c, d, e, f, n, ...) n

/* What the functions of quern.h for a SQL type end in. */
#define QUERN_NAME_BOOLEAN boolean
#define QUERN_NAME_TINYINT i8
#define QUERN_NAME_SMALLINT i16
#define QUERN_NAME_INTEGER i32
#define QUERN_NAME_BIGINT i64
#define QUERN_NAME_HUGEINT i128
#define QUERN_NAME_UTINYINT u8
#define QUERN_NAME_USMALLINT u16
#define QUERN_NAME_UINTEGER u32
#define QUERN_NAME_UBIGINT u64
#define QUERN_NAME_UHUGEINT u128
#define QUERN_NAME_FLOAT f32
#define QUERN_NAME_DOUBLE f64
#define QUERN_NAME_VARCHAR bytes
#define QUERN_NAME_BLOB bytes
#define QUERN_NAME_DATE i32
#define QUERN_NAME_TIME i64
#define QUERN_NAME_TIMESTAMP i64
#define QUERN_NAME_TIMESTAMP_S i64
#define QUERN_NAME_TIMESTAMP_MS i64
#define QUERN_NAME_TIMESTAMP_NS i64
#define QUERN_NAME_TIMESTAMPTZ i64
#define QUERN_NAME_INTERVAL interval
#define QUERN_NAME_UUID uuid
#define QUERN_NAME_LIST list
#define QUERN_NAME_MAP list
#define QUERN_NAME_ARRAY cell
#define QUERN_NAME_STRUCT cell
#define QUERN_NAME_BOOLEAN_OR_NULL boolean_or_null
#define QUERN_NAME_TINYINT_OR_NULL i8_or_null
#define QUERN_NAME_SMALLINT_OR_NULL i16_or_null
#define QUERN_NAME_INTEGER_OR_NULL i32_or_null
#define QUERN_NAME_BIGINT_OR_NULL i64_or_null
#define QUERN_NAME_HUGEINT_OR_NULL i128_or_null
#define QUERN_NAME_UTINYINT_OR_NULL u8_or_null
#define QUERN_NAME_USMALLINT_OR_NULL u16_or_null
#define QUERN_NAME_UINTEGER_OR_NULL u32_or_null
#define QUERN_NAME_UBIGINT_OR_NULL u64_or_null
#define QUERN_NAME_UHUGEINT_OR_NULL u128_or_null
#define QUERN_NAME_FLOAT_OR_NULL f32_or_null
#define QUERN_NAME_DOUBLE_OR_NULL f64_or_null
#define QUERN_NAME_VARCHAR_OR_NULL bytes_or_null
#define QUERN_NAME_BLOB_OR_NULL bytes_or_null
#define QUERN_NAME_DATE_OR_NULL i32_or_null
#define QUERN_NAME_TIME_OR_NULL i64_or_null
#define QUERN_NAME_TIMESTAMP_OR_NULL i64_or_null
#define QUERN_NAME_TIMESTAMP_S_OR_NULL i64_or_null
#define QUERN_NAME_TIMESTAMP_MS_OR_NULL i64_or_null
#define QUERN_NAME_TIMESTAMP_NS_OR_NULL i64_or_null
#define QUERN_NAME_TIMESTAMPTZ_OR_NULL i64_or_null
#define QUERN_NAME_INTERVAL_OR_NULL interval_or_null
#define QUERN_NAME_UUID_OR_NULL uuid_or_null

#define QUERN_FORM_boolean VALUE
#define QUERN_FORM_i8 VALUE
#define QUERN_FORM_i16 VALUE
#define QUERN_FORM_i32 VALUE
#define QUERN_FORM_i64 VALUE
#define QUERN_FORM_u8 VALUE
#define QUERN_FORM_u16 VALUE
#define QUERN_FORM_u32 VALUE
#define QUERN_FORM_u64 VALUE
#define QUERN_FORM_f32 VALUE
#define QUERN_FORM_f64 VALUE
#define QUERN_FORM_i128 WIDE
#define QUERN_FORM_u128 WIDE
#define QUERN_FORM_interval WIDE
#define QUERN_FORM_uuid WIDE
#define QUERN_FORM_bytes BYTES

#define QUERN_C_boolean bool
#define QUERN_C_i8 int8_t
#define QUERN_C_i16 int16_t
#define QUERN_C_i32 int32_t
#define QUERN_C_i64 int64_t
#define QUERN_C_u8 uint8_t
#define QUERN_C_u16 uint16_t
#define QUERN_C_u32 uint32_t
#define QUERN_C_u64 uint64_t
#define QUERN_C_f32 float
#define QUERN_C_f64 double

#define QUERN_TAKES_NULL_boolean 0
#define QUERN_TAKES_NULL_i8 0
#define QUERN_TAKES_NULL_i16 0
#define QUERN_TAKES_NULL_i32 0
#define QUERN_TAKES_NULL_i64 0
#define QUERN_TAKES_NULL_u8 0
#define QUERN_TAKES_NULL_u16 0
#define QUERN_TAKES_NULL_u32 0
#define QUERN_TAKES_NULL_u64 0
#define QUERN_TAKES_NULL_f32 0
#define QUERN_TAKES_NULL_f64 0
#define QUERN_TAKES_NULL_i128 0
#define QUERN_TAKES_NULL_u128 0
#define QUERN_TAKES_NULL_interval 0
#define QUERN_TAKES_NULL_uuid 0
#define QUERN_TAKES_NULL_bytes 0
#define QUERN_TAKES_NULL_list 0
#define QUERN_TAKES_NULL_cell 0
#define QUERN_TAKES_NULL_boolean_or_null 1
#define QUERN_TAKES_NULL_i8_or_null 1
#define QUERN_TAKES_NULL_i16_or_null 1
#define QUERN_TAKES_NULL_i32_or_null 1
#define QUERN_TAKES_NULL_i64_or_null 1
#define QUERN_TAKES_NULL_u8_or_null 1
#define QUERN_TAKES_NULL_u16_or_null 1
#define QUERN_TAKES_NULL_u32_or_null 1
#define QUERN_TAKES_NULL_u64_or_null 1
#define QUERN_TAKES_NULL_f32_or_null 1
#define QUERN_TAKES_NULL_f64_or_null 1
#define QUERN_TAKES_NULL_i128_or_null 1
#define QUERN_TAKES_NULL_u128_or_null 1
#define QUERN_TAKES_NULL_interval_or_null 1
#define QUERN_TAKES_NULL_uuid_or_null 1
#define QUERN_TAKES_NULL_bytes_or_null 1

#endif
