/**
 * The error numbers of WASI preview 1 that Quern gives, after
 * https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/witx/typenames.witx.
 */
export const ERRNO = {
  SUCCESS: 0,
  BADF: 8,
  EXIST: 20,
  FAULT: 21,
  ILSEQ: 25,
  INVAL: 28,
  ISDIR: 31,
  MFILE: 33,
  NAMETOOLONG: 37,
  NOENT: 44,
  NOSPC: 51,
  NOTDIR: 54,
  NOTEMPTY: 55,
  NOTSUP: 58,
  SPIPE: 70,
  NOTCAPABLE: 76,
} as const;

/** One of the error numbers. */
export type Errno = (typeof ERRNO)[keyof typeof ERRNO];

/**
 * Thrown to answer a call with an error number. Not an `Error`: a guest can provoke as many as it likes, and each
 * would collect a stack that nobody reads.
 */
export class Refusal {
  readonly errno: Errno;

  constructor(name: keyof typeof ERRNO) {
    this.errno = ERRNO[name];
  }
}
