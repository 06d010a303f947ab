/**
 * Every error that crosses a border of Quern, by family. The number is the JSON-RPC `error.code`, the key is
 * `error.data.kind`. `docs/errors.md` describes each; a test holds the two together.
 */
export const ERROR_CODES = {
  // Protocol: the request never reached a feature. The first five numbers are JSON-RPC's own.
  JSON_INVALID: { code: -32700, family: 'protocol' },
  REQUEST_INVALID: { code: -32600, family: 'protocol' },
  METHOD_UNKNOWN: { code: -32601, family: 'protocol' },
  PARAMS_INVALID: { code: -32602, family: 'protocol' },
  INTERNAL: { code: -32603, family: 'protocol' },
  LINE_TOO_LONG: { code: -33001, family: 'protocol' },
  DEPTH_EXCEEDED: { code: -33002, family: 'protocol' },
  VERSION_MISMATCH: { code: -33003, family: 'protocol' },
  HELLO_REQUIRED: { code: -33004, family: 'protocol' },
  HOST_UNAVAILABLE: { code: -33005, family: 'protocol' },
  HOST_LOST: { code: -33006, family: 'protocol' },
  SOCKET_PATH_INVALID: { code: -33007, family: 'protocol' },
  SESSION_UNKNOWN: { code: -33008, family: 'protocol' },

  // SQL: what the engine says of a statement.
  SQL_PARSE: { code: -33101, family: 'sql' },
  SQL_BIND: { code: -33102, family: 'sql' },
  SQL_RUN: { code: -33103, family: 'sql' },
  SQL_ENGINE_LOST: { code: -33105, family: 'sql' },
  HISTORY_UNKNOWN: { code: -33106, family: 'sql' },
  DATABASE_LOCKED: { code: -33107, family: 'sql' },

  // Memory: a cap was reached, or a guest named memory that it does not own.
  MEMORY_LIMIT: { code: -33201, family: 'memory' },
  MEMORY_BOUNDS: { code: -33202, family: 'memory' },
  OUTPUT_LIMIT: { code: -33203, family: 'memory' },
  INPUT_LIMIT: { code: -33204, family: 'memory' },
  STATE_LIMIT: { code: -33205, family: 'memory' },

  // Format: bytes that are not what they should be.
  FORMAT_WASM: { code: -33301, family: 'format' },
  FORMAT_UNSUPPORTED: { code: -33302, family: 'format' },
  FORMAT_MANIFEST: { code: -33303, family: 'format' },
  FORMAT_DATA: { code: -33304, family: 'format' },
  FORMAT_CHAIN: { code: -33305, family: 'format' },
  FILE_NOT_FOUND: { code: -33306, family: 'format' },
  FILE_IS_DIRECTORY: { code: -33307, family: 'format' },
  FILE_IO: { code: -33308, family: 'format' },
  FORMAT_WORKSPACE: { code: -33309, family: 'format' },
  FILE_EXISTS: { code: -33310, family: 'format' },
  FORMAT_SEALED: { code: -33311, family: 'format' },
  FILE_CHANGED: { code: -33312, family: 'format' },
  FORMAT_BENCH: { code: -33313, family: 'format' },

  // WebAssembly: a module, its functions and its runs.
  MODULE_UNKNOWN: { code: -33401, family: 'wasm' },
  FUNCTION_UNKNOWN: { code: -33402, family: 'wasm' },
  IMPORT_UNKNOWN: { code: -33403, family: 'wasm' },
  EXPORT_MISSING: { code: -33404, family: 'wasm' },
  ABI_MISMATCH: { code: -33405, family: 'wasm' },
  ARGUMENT_INVALID: { code: -33406, family: 'wasm' },
  RESULT_INVALID: { code: -33407, family: 'wasm' },
  TRAP: { code: -33408, family: 'wasm' },
  GUEST_ERROR: { code: -33409, family: 'wasm' },
  FUEL_EXHAUSTED: { code: -33410, family: 'wasm' },
  SCRIPT_ERROR: { code: -33411, family: 'wasm' },
  REPLAY_UNKNOWN: { code: -33420, family: 'wasm' },

  // Files on a network.
  REMOTE_UNREACHABLE: { code: -33701, family: 'remote' },
  REMOTE_STATUS: { code: -33702, family: 'remote' },
  REMOTE_RESPONSE: { code: -33703, family: 'remote' },
  REMOTE_CHANGED: { code: -33704, family: 'remote' },
  REMOTE_LIMIT: { code: -33705, family: 'remote' },

  // Denied until granted.
  CAPABILITY_DENIED: { code: -33501, family: 'capability' },
  PATH_DENIED: { code: -33502, family: 'capability' },
  LOCK_MISMATCH: { code: -33503, family: 'capability' },
  REMOTE_DENIED: { code: -33504, family: 'capability' },
  KEY_WRONG: { code: -33505, family: 'capability' },

  CANCELLED: { code: -32800, family: 'cancelled' },
  DEADLINE_EXCEEDED: { code: -33601, family: 'deadline' },
} as const satisfies Record<string, { readonly code: number; readonly family: ErrorFamily }>;

export type ErrorFamily =
  | 'protocol'
  | 'sql'
  | 'memory'
  | 'format'
  | 'wasm'
  | 'remote'
  | 'capability'
  | 'cancelled'
  | 'deadline';

/** A documented error kind, the string that clients test. */
export type ErrorKind = keyof typeof ERROR_CODES;

/** What an error carries beside its text: always its kind, and what the kind's page in `docs/errors.md` names. */
export type ErrorData = { readonly kind: ErrorKind } & { readonly [key: string]: unknown };

/**
 * An error with a documented kind, whose message says what happened, with which value, and what to do.
 * Callers test `kind`, never the text. A bug is a plain `Error` instead.
 */
export class CoreError extends Error {
  readonly kind: ErrorKind;
  readonly details: Readonly<Record<string, unknown>>;

  /**
   * @param kind one of `ERROR_CODES`
   * @param message one or two sentences for the user, no stack, no prefix
   * @param details JSON-safe facts, sent as `error.data` beside `kind`
   */
  constructor(kind: ErrorKind, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'CoreError';
    this.kind = kind;
    this.details = details;
  }
}

/** The JSON-RPC error object of an error: a `CoreError` keeps its kind, anything else is INTERNAL. */
export function toRpcError(error: unknown): RpcErrorObject {
  if (error instanceof CoreError) {
    const data = { ...error.details, kind: error.kind };
    return { code: ERROR_CODES[error.kind].code, message: error.message, data };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: ERROR_CODES.INTERNAL.code, message, data: { kind: 'INTERNAL' } };
}

/** The `CoreError` of a JSON-RPC error object received from a peer; a kind that we do not know becomes INTERNAL. */
export function fromRpcError(error: { readonly message: string; readonly data?: unknown }): CoreError {
  const data = typeof error.data === 'object' && error.data !== null ? error.data : {};
  const { kind, ...details } = data as { kind?: unknown };
  return new CoreError(isErrorKind(kind) ? kind : 'INTERNAL', error.message, details);
}

/** Whether a string received from a peer is a kind that this version knows. */
export function isErrorKind(value: unknown): value is ErrorKind {
  return typeof value === 'string' && Object.hasOwn(ERROR_CODES, value);
}

/** An error as it travels in a JSON-RPC response. */
export interface RpcErrorObject {
  readonly code: number;
  readonly message: string;
  readonly data: ErrorData;
}
