/*
 * What a plugin in JavaScript is made on: QuickJS with the functions that the wrappers of
 * server/compilers/javascript/javascript-plugin.ts call. QuickJS is included and not linked, since nothing public lists the
 * exports of a module that was not run.
 *
 * A program is one block of bytes: the file's name, then for each function its name, the type of its result, how many
 * parameters it has and their types, then an empty name, then the source up to a last byte of 0. Names end with 0, types
 * are the numbers of `enum type`.
 */
#include "quickjs.c"
#include <wasi/api.h>
/* QuickJS forbids them to itself. */
#undef malloc
#undef free
#undef realloc

#define EXPORT(name) __attribute__((export_name(#name)))
#define HOST(module, name) __attribute__((import_module(module), import_name(name)))

HOST("env", "abort") void host_abort(const uint16_t *message, const uint16_t *file, uint32_t line, uint32_t column);
HOST("host", "log_at") void host_log_at(uint32_t level, const char *text, uint32_t length);

enum type { BOOLEAN, TINYINT, SMALLINT, INTEGER, UTINYINT, USMALLINT, UINTEGER, BIGINT, UBIGINT, FLOAT, DOUBLE, VARCHAR, BLOB };

/* A column of docs/plugin-abi.md. */
struct column {
  uint32_t rows, nulls;
  const uint8_t *validity;
  const int32_t *offsets;
  const uint8_t *data;
  struct column *children;
  uint32_t child_count, is_constant;
};

struct batch {
  uint32_t rows, columns;
};

struct function {
  const char *name;
  enum type result;
  uint32_t parameter_count;
  const uint8_t *parameters;
  JSValue value;
};

/* Memory that grows and is kept from call to call. */
struct buffer {
  uint8_t *bytes;
  uint32_t used, capacity;
};

static const char *program;
static uint32_t program_length;
static JSContext *context;
static struct function *functions;
static struct column result;
static struct buffer validity, offsets, data;

/* Time begins at 0 and moves on 1 µs at each look, as in docs/wasi.md. */
static uint64_t microseconds;

int gettimeofday(struct timeval *restrict tv, void *restrict zone) {
  microseconds++;
  tv->tv_sec = microseconds / 1000000;
  tv->tv_usec = microseconds % 1000000;
  return 0;
}

/* The zone is UTC: libc's own would ask for the environment. */
struct tm *localtime_r(const time_t *restrict time, struct tm *restrict out) { return gmtime_r(time, out); }

/* An assertion of QuickJS's; libc's would write to a stream. */
_Noreturn void __assert_fail(const char *text, const char *file, int line, const char *function) { __builtin_trap(); }

/* Stand for WASI (--wrap in build.sh), so that libc's streams import nothing; nobody writes to them. */
__wasi_errno_t __wrap___wasi_fd_close(__wasi_fd_t file) { return __WASI_ERRNO_BADF; }
__wasi_errno_t __wrap___wasi_fd_seek(__wasi_fd_t file, __wasi_filedelta_t offset, __wasi_whence_t from, __wasi_filesize_t *at) {
  return __WASI_ERRNO_BADF;
}
__wasi_errno_t __wrap___wasi_fd_write(__wasi_fd_t file, const __wasi_ciovec_t *texts, size_t count, __wasi_size_t *written) {
  return __WASI_ERRNO_BADF;
}

/* UTF-16 with its byte length in front, as AssemblyScript has its texts. */
static const uint16_t *utf16(const char *text) {
  const uint8_t *at = (const uint8_t *)text, *end = at + strlen(text);
  uint32_t *block = malloc(sizeof(uint32_t) + 2 * (end - at) + 2);
  if (block == NULL) return NULL;
  uint16_t *units = (uint16_t *)(block + 1);
  uint32_t count = 0;
  while (at < end) {
    int c = *at < 0x80 ? *at++ : unicode_from_utf8(at, end - at, &at);
    if (c < 0) c = 0xFFFD, at++;
    if (c > 0xFFFF) {
      units[count++] = get_hi_surrogate(c);
      c = get_lo_surrogate(c);
    }
    units[count++] = c;
  }
  *block = 2 * count;
  return units;
}

static _Noreturn void stop(const char *message, uint32_t line, uint32_t column) {
  host_abort(utf16(message), line > 0 && program != NULL ? utf16(program) : NULL, line, column);
  __builtin_trap();
}

static uint32_t read_number(const char **text) {
  uint32_t number = 0;
  while (**text >= '0' && **text <= '9') number = number * 10 + (*(*text)++ - '0');
  return number;
}

/* The first place in a stack that is in the program: "    at slug (name.js:3:7)". */
static void place_in_stack(const char *stack, uint32_t *line, uint32_t *column) {
  size_t length = strlen(program);
  *line = *column = 0;
  for (const char *at = stack; (at = strstr(at, program)) != NULL; at++) {
    const char *number = at + length;
    if ((at != stack && at[-1] != '(' && at[-1] != ' ') || *number++ != ':') continue;
    *line = read_number(&number);
    if (*number++ == ':') *column = read_number(&number);
    if (*line > 0) return;
  }
}

/* The message of what was thrown; `line` is 0 where nothing tells. What is returned is never freed. */
static const char *thrown(uint32_t *line, uint32_t *column) {
  JSValue error = JS_GetException(context);
  *line = *column = 0;
  if (JS_IsError(context, error)) {
    JSValue stack = JS_GetPropertyStr(context, error, "stack");
    const char *text = JS_IsString(stack) ? JS_ToCString(context, stack) : NULL;
    if (text != NULL) place_in_stack(text, line, column);
  }
  const char *message = JS_ToCString(context, error);
  return message != NULL ? message : "an exception that cannot be told";
}

static _Noreturn void stop_with_exception(void) {
  uint32_t line, column;
  const char *message = thrown(&line, &column);
  stop(message, line, column);
}

static void *needed(void *memory) {
  if (memory == NULL) stop("out of memory", 0, 0);
  return memory;
}

static JSValue console_write(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv, int level) {
  DynBuf line;
  js_dbuf_init(ctx, &line);
  for (int i = 0; i < argc; i++) {
    size_t length;
    const char *text = JS_ToCStringLen(ctx, &length, argv[i]);
    if (text == NULL) {
      dbuf_free(&line);
      return JS_EXCEPTION;
    }
    if (i > 0) dbuf_putc(&line, ' ');
    dbuf_put(&line, (const uint8_t *)text, length);
    JS_FreeCString(ctx, text);
  }
  host_log_at(level, (const char *)line.buf, line.size);
  dbuf_free(&line);
  return JS_UNDEFINED;
}

static void add_console(void) {
  static const char *const names[] = {"error", "warn", "info", "debug", "log"};
  static const int levels[] = {0, 1, 2, 3, 2};
  JSValue global = JS_GetGlobalObject(context), console = JS_NewObject(context);
  for (int i = 0; i < 5; i++) {
    JSValue write = JS_NewCFunctionMagic(context, console_write, names[i], 1, JS_CFUNC_generic_magic, levels[i]);
    JS_SetPropertyStr(context, console, names[i], write);
  }
  JS_SetPropertyStr(context, global, "console", console);
  JS_FreeValue(context, global);
}

static void open_context(void) {
  JSRuntime *runtime = needed(JS_NewRuntime());
  /* Below the size of the stack that build.sh asks for, so that deep recursion is an error of JavaScript's. */
  JS_SetMaxStackSize(runtime, 192 * 1024);
  context = needed(JS_NewContext(runtime));
  add_console();
}

/* Reads the head of the program. Gives the source. */
static const char *read_functions(void) {
  const char *at = program + strlen(program) + 1;
  uint32_t count = 0;
  for (; *at != 0; count++) {
    functions = needed(realloc(functions, (count + 1) * sizeof *functions));
    struct function *function = &functions[count];
    function->name = at;
    at += strlen(at) + 1;
    function->result = *at++;
    function->parameter_count = (uint8_t)*at++;
    function->parameters = (const uint8_t *)at;
    function->value = JS_UNDEFINED;
    at += function->parameter_count;
  }
  return at + 1;
}

static JSValue compiled(const char *source) {
  return JS_Eval(context, source, program + program_length - 1 - source, program,
                 JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY);
}

/* The value of a promise, after all that can go on without the world outside has; other values as they are. */
static JSValue settled(JSValue value) {
  if (!JS_IsObject(value)) return value;
  int state = JS_PromiseState(context, value);
  if (state < 0) return value;
  JSContext *ctx;
  int ran;
  while ((ran = JS_ExecutePendingJob(JS_GetRuntime(context), &ctx)) > 0);
  if (ran < 0) return JS_EXCEPTION;
  state = JS_PromiseState(context, value);
  if (state == JS_PROMISE_PENDING) {
    JS_FreeValue(context, value);
    return JS_ThrowTypeError(context, "its promise never settles: there are no timers and no network to wait for");
  }
  JSValue inner = JS_PromiseResult(context, value);
  JS_FreeValue(context, value);
  return state == JS_PROMISE_REJECTED ? JS_Throw(context, inner) : inner;
}

/* Runs the program once, and finds its functions. */
static void start(void) {
  open_context();
  const char *source = read_functions();
  JSValue module = compiled(source);
  if (JS_IsException(module)) stop_with_exception();
  JSModuleDef *definition = JS_VALUE_GET_PTR(module);
  JSValue evaluated = settled(JS_EvalFunction(context, module));
  if (JS_IsException(evaluated)) stop_with_exception();
  JSValue exports = JS_GetModuleNamespace(context, definition);
  const char *at = program + strlen(program) + 1;
  for (uint32_t i = 0; *at != 0; i++) {
    functions[i].value = JS_GetPropertyStr(context, exports, functions[i].name);
    if (!JS_IsFunction(context, functions[i].value)) {
      JS_ThrowTypeError(context, "%s is no function", functions[i].name);
      stop_with_exception();
    }
    at = (const char *)functions[i].parameters + functions[i].parameter_count;
  }
}

static int bit(const uint8_t *bitmap, uint32_t index) { return bitmap[index >> 3] >> (index & 7) & 1; }

static JSValue argument(const struct column *column, enum type type, uint32_t row) {
  if (column->is_constant) row = 0;
  if (column->validity != NULL && !bit(column->validity, row)) return JS_NULL;
  const uint8_t *bytes = column->data;
  switch (type) {
    case BOOLEAN: return JS_NewBool(context, bit(bytes, row));
    case TINYINT: return JS_NewInt32(context, ((const int8_t *)bytes)[row]);
    case SMALLINT: return JS_NewInt32(context, ((const int16_t *)bytes)[row]);
    case INTEGER: return JS_NewInt32(context, ((const int32_t *)bytes)[row]);
    case UTINYINT: return JS_NewInt32(context, bytes[row]);
    case USMALLINT: return JS_NewInt32(context, ((const uint16_t *)bytes)[row]);
    case UINTEGER: return JS_NewUint32(context, ((const uint32_t *)bytes)[row]);
    case BIGINT: return JS_NewBigInt64(context, ((const int64_t *)bytes)[row]);
    case UBIGINT: return JS_NewBigUint64(context, ((const uint64_t *)bytes)[row]);
    case FLOAT: return JS_NewFloat64(context, ((const float *)bytes)[row]);
    case DOUBLE: return JS_NewFloat64(context, ((const double *)bytes)[row]);
    default: break;
  }
  uint32_t start = column->offsets[row], length = column->offsets[row + 1] - start;
  if (type == VARCHAR) return JS_NewStringLen(context, (const char *)bytes + start, length);
  JSValue copy = JS_NewArrayBufferCopy(context, bytes + start, length);
  if (JS_IsException(copy)) return copy;
  /* It reads three arguments, however many there are. */
  JSValueConst of[] = {copy, JS_UNDEFINED, JS_UNDEFINED};
  JSValue array = JS_NewTypedArray(context, 3, of, JS_TYPED_ARRAY_UINT8);
  JS_FreeValue(context, copy);
  return array;
}

static uint8_t *reserve(struct buffer *buffer, uint32_t length) {
  uint64_t wanted = (uint64_t)buffer->used + length;
  if (wanted > INT32_MAX) stop("its results are larger than 2 GiB", 0, 0);
  if (wanted > buffer->capacity) {
    uint64_t doubled = (uint64_t)buffer->capacity * 2;
    buffer->capacity = wanted > doubled ? wanted : doubled > INT32_MAX ? INT32_MAX : doubled;
    buffer->bytes = needed(realloc(buffer->bytes, buffer->capacity));
  }
  uint8_t *at = buffer->bytes + buffer->used;
  buffer->used += length;
  return at;
}

static uint32_t width(enum type type) {
  static const uint8_t widths[] = {0, 1, 2, 4, 1, 2, 4, 8, 8, 4, 8, 0, 0};
  return widths[type];
}

static int fail_result(const struct function *function, const char *wanted, JSValueConst value) {
  const char *type = JS_AtomToCString(context, js_operator_typeof(context, value));
  if (JS_IsNumber(value) || JS_IsBigInt(context, value)) {
    const char *text = JS_ToCString(context, value);
    JS_ThrowTypeError(context, "%s gave the %s %s, and its result is declared as %s", function->name, type, text, wanted);
  } else JS_ThrowTypeError(context, "%s gave a value of type %s, and its result is declared as %s", function->name, type, wanted);
  return -1;
}

static int put_number(const struct function *function, const char *wanted, JSValueConst value, double low, double high) {
  double number;
  if (!JS_IsNumber(value) || JS_ToFloat64(context, &number, value) || number != trunc(number) || number < low || number > high)
    return fail_result(function, wanted, value);
  int64_t whole = number;
  uint32_t length = width(function->result);
  memcpy(reserve(&data, length), &whole, length);
  return 0;
}

static int put_big(const struct function *function, const char *wanted, JSValueConst value) {
  int64_t whole;
  if (JS_IsNumber(value)) {
    double number;
    JS_ToFloat64(context, &number, value);
    double low = function->result == UBIGINT ? 0 : -MAX_SAFE_INTEGER;
    if (number != trunc(number) || number < low || number > MAX_SAFE_INTEGER) return fail_result(function, wanted, value);
    whole = number;
  } else {
    if (!JS_IsBigInt(context, value) || JS_ToBigInt64(context, &whole, value)) return fail_result(function, wanted, value);
    /* JavaScript takes the number modulo 2^64. */
    JSValue back = function->result == UBIGINT ? JS_NewBigUint64(context, whole) : JS_NewBigInt64(context, whole);
    int is_same = JS_StrictEq(context, back, value);
    JS_FreeValue(context, back);
    if (!is_same) return fail_result(function, wanted, value);
  }
  memcpy(reserve(&data, 8), &whole, 8);
  return 0;
}

/* A surrogate without its other half, which QuickJS writes as three bytes, becomes U+FFFD, as TextEncoder has it. */
static void mend_surrogates(uint8_t *text, uint32_t length) {
  for (uint32_t i = 0; i + 2 < length; i++)
    if (text[i] == 0xED && text[i + 1] >= 0xA0) memcpy(text + i, "\xEF\xBF\xBD", 3);
}

static int put_bytes(const struct function *function, JSValueConst value) {
  if (function->result == VARCHAR) {
    if (!JS_IsString(value)) return fail_result(function, "VARCHAR, which is a string", value);
    size_t length;
    const char *text = JS_ToCStringLen(context, &length, value);
    if (text == NULL) return -1;
    uint8_t *at = reserve(&data, length);
    memcpy(at, text, length);
    mend_surrogates(at, length);
    JS_FreeCString(context, text);
    return 0;
  }
  if (!JS_IsObject(value) || JS_VALUE_GET_OBJ(value)->class_id != JS_CLASS_UINT8_ARRAY)
    return fail_result(function, "BLOB, which is a Uint8Array", value);
  size_t start, length, element, size;
  JSValue buffer = JS_GetTypedArrayBuffer(context, value, &start, &length, &element);
  if (JS_IsException(buffer)) return -1;
  const uint8_t *bytes = JS_GetArrayBuffer(context, &size, buffer);
  if (length > 0 && bytes != NULL) memcpy(reserve(&data, length), bytes + start, length);
  JS_FreeValue(context, buffer);
  return 0;
}

static int put_value(const struct function *function, JSValueConst value, uint32_t row) {
  double number;
  switch (function->result) {
    case BOOLEAN:
      if (!JS_IsBool(value)) return fail_result(function, "BOOLEAN", value);
      if (JS_VALUE_GET_BOOL(value)) data.bytes[row >> 3] |= 1 << (row & 7);
      return 0;
    case TINYINT: return put_number(function, "TINYINT", value, INT8_MIN, INT8_MAX);
    case SMALLINT: return put_number(function, "SMALLINT", value, INT16_MIN, INT16_MAX);
    case INTEGER: return put_number(function, "INTEGER", value, INT32_MIN, INT32_MAX);
    case UTINYINT: return put_number(function, "UTINYINT", value, 0, UINT8_MAX);
    case USMALLINT: return put_number(function, "USMALLINT", value, 0, UINT16_MAX);
    case UINTEGER: return put_number(function, "UINTEGER", value, 0, UINT32_MAX);
    case BIGINT: return put_big(function, "BIGINT", value);
    case UBIGINT: return put_big(function, "UBIGINT", value);
    case FLOAT:
    case DOUBLE:
      if (!JS_IsNumber(value)) return fail_result(function, function->result == FLOAT ? "FLOAT" : "DOUBLE", value);
      JS_ToFloat64(context, &number, value);
      if (function->result == DOUBLE) memcpy(reserve(&data, 8), &number, 8);
      else {
        float single = number;
        memcpy(reserve(&data, 4), &single, 4);
      }
      return 0;
    default: return put_bytes(function, value);
  }
}

static void put_null(enum type type, uint32_t row) {
  result.nulls++;
  validity.bytes[row >> 3] &= ~(1 << (row & 7));
  uint32_t length = width(type);
  if (length > 0) memset(reserve(&data, length), 0, length);
}

static void clear_result(enum type type, uint32_t rows) {
  validity.used = offsets.used = data.used = 0;
  memset(reserve(&validity, (rows + 7) / 8), 0xFF, (rows + 7) / 8);
  memset(reserve(&offsets, 4 * (rows + 1)), 0, 4);
  /* Room at least for one, so that an address is there to be given. */
  reserve(&data, 8);
  data.used = 0;
  if (type == BOOLEAN) memset(reserve(&data, (rows + 7) / 8), 0, (rows + 7) / 8);
  result.rows = rows;
  result.nulls = 0;
}

static void call_row(const struct function *function, const struct column *columns, uint32_t row) {
  uint32_t count = function->parameter_count;
  JSValue arguments[count + 1];
  for (uint32_t i = 0; i < count; i++) {
    arguments[i] = argument(&columns[i], function->parameters[i], row);
    if (JS_IsException(arguments[i])) stop_with_exception();
  }
  JSValue value = settled(JS_Call(context, function->value, JS_UNDEFINED, count, arguments));
  for (uint32_t i = 0; i < count; i++) JS_FreeValue(context, arguments[i]);
  if (JS_IsException(value)) stop_with_exception();
  if (JS_IsNull(value) || JS_IsUndefined(value)) put_null(function->result, row);
  else if (put_value(function, value, row)) stop_with_exception();
  JS_FreeValue(context, value);
}

/* Room for the program; what is there when `js_call` or `js_check` comes is the program from then on. */
EXPORT(js_room) void *js_room(uint32_t length) {
  program_length = length;
  return (void *)(program = needed(malloc(length)));
}

/* Whether there is no program yet. */
EXPORT(js_is_new) int js_is_new(void) { return program == NULL; }

/* Calls a function for the rows of a batch, in the batch form of docs/plugin-abi.md. */
EXPORT(js_call) struct column *js_call(const struct batch *batch, uint32_t length, uint32_t index) {
  if (context == NULL) start();
  const struct function *function = &functions[index];
  const struct column *columns = (const struct column *)((const uint8_t *)batch + 16);
  clear_result(function->result, batch->rows);
  int has_offsets = function->result >= VARCHAR;
  for (uint32_t row = 0; row < batch->rows; row++) {
    call_row(function, columns, row);
    if (has_offsets) ((int32_t *)offsets.bytes)[row + 1] = data.used;
  }
  result.validity = result.nulls > 0 ? validity.bytes : NULL;
  result.offsets = has_offsets ? (const int32_t *)offsets.bytes : NULL;
  result.data = data.bytes;
  return &result;
}

/*
 * Parses the program and runs none of it. Gives the names of what it exports, a line feed behind each; where it is wrong,
 * "!", the line, the column, 0 where they are not known, and the message, with a space behind each number.
 */
EXPORT(js_check) const char *js_check(void) {
  open_context();
  JSValue module = compiled(read_functions());
  DynBuf answer;
  js_dbuf_init(context, &answer);
  if (JS_IsException(module)) {
    uint32_t line, column;
    const char *message = thrown(&line, &column);
    dbuf_printf(&answer, "!%u %u ", line, column);
    dbuf_putstr(&answer, message);
  } else {
    JSModuleDef *definition = JS_VALUE_GET_PTR(module);
    for (int i = 0; i < definition->export_entries_count; i++) {
      const char *name = JS_AtomToCString(context, definition->export_entries[i].export_name);
      dbuf_putstr(&answer, needed((void *)name));
      dbuf_putc(&answer, '\n');
    }
  }
  dbuf_putc(&answer, 0);
  return (const char *)needed(answer.buf);
}

EXPORT(alloc) void *alloc_bytes(uint32_t length) { return malloc(length); }

EXPORT(free) void free_bytes(void *memory, uint32_t length) { free(memory); }
