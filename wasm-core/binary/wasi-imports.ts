import type { ValueType } from '../protocol/plugins.ts';

/** The import module of WASI preview 1, the system interface that C, Rust and Go programs are compiled for. */
export const WASI_MODULE = 'wasi_snapshot_preview1';

/** One function of WASI with its WebAssembly type. */
export interface WasiImport {
  readonly module: typeof WASI_MODULE;
  readonly name: string;
  readonly kind: 'function';
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/**
 * Parameters of each function, `i` for i32 and `I` for i64, after
 * https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/witx/wasi_snapshot_preview1.witx as its ABI lowers them:
 * a text or a list is pointer and length, each result but the error number a pointer at the end.
 */
const PARAMETERS = {
  args_get: 'ii',
  args_sizes_get: 'ii',
  clock_res_get: 'ii',
  clock_time_get: 'iIi',
  environ_get: 'ii',
  environ_sizes_get: 'ii',
  fd_advise: 'iIIi',
  fd_allocate: 'iII',
  fd_close: 'i',
  fd_datasync: 'i',
  fd_fdstat_get: 'ii',
  fd_fdstat_set_flags: 'ii',
  fd_fdstat_set_rights: 'iII',
  fd_filestat_get: 'ii',
  fd_filestat_set_size: 'iI',
  fd_filestat_set_times: 'iIIi',
  fd_pread: 'iiiIi',
  fd_prestat_dir_name: 'iii',
  fd_prestat_get: 'ii',
  fd_pwrite: 'iiiIi',
  fd_read: 'iiii',
  fd_readdir: 'iiiIi',
  fd_renumber: 'ii',
  fd_seek: 'iIii',
  fd_sync: 'i',
  fd_tell: 'ii',
  fd_write: 'iiii',
  path_create_directory: 'iii',
  path_filestat_get: 'iiiii',
  path_filestat_set_times: 'iiiiIIi',
  path_link: 'iiiiiii',
  path_open: 'iiiiiIIii',
  path_readlink: 'iiiiii',
  path_remove_directory: 'iii',
  path_rename: 'iiiiii',
  path_symlink: 'iiiii',
  path_unlink_file: 'iii',
  poll_oneoff: 'iiii',
  proc_exit: 'i',
  proc_raise: 'i',
  random_get: 'ii',
  sched_yield: '',
  sock_accept: 'iii',
  sock_recv: 'iiiiii',
  sock_send: 'iiiii',
  sock_shutdown: 'ii',
} as const;

/** The name of a function of WASI preview 1. */
export type WasiFunctionName = keyof typeof PARAMETERS;

/** Every function of WASI preview 1. Each gives an error number, but `proc_exit`, which does not come back. */
export const WASI_IMPORTS: readonly WasiImport[] = Object.entries(PARAMETERS).map(([name, letters]) => ({
  module: WASI_MODULE,
  name,
  kind: 'function',
  parameters: [...letters].map((letter): ValueType => (letter === 'I' ? 'i64' : 'i32')),
  results: name === 'proc_exit' ? [] : ['i32'],
}));
