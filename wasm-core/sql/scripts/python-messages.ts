/*
 * Messages of Python scripts. Between the engine worker and the host's main thread they go over a message port; between
 * the main thread and the sandbox's process they are frames: a length in 4 bytes, little endian, then UTF-8.
 */

/** From the engine worker to the main thread. `run` numbers the processes, so that a late word of an old one is known. */
export type PythonAsk =
  /** Starts a process; the one before is gone. */
  | { readonly type: 'start'; readonly run: number; readonly memoryMb: number }
  /** A frame for the process. */
  | { readonly type: 'frame'; readonly run: number; readonly text: string }
  /** Ends the process. */
  | { readonly type: 'kill'; readonly run: number };

/** From the main thread to the engine worker, each followed by a wake-up in `SIGNAL.script`. */
export type PythonTell =
  /** A frame of the process. The first says that it is up. */
  | { readonly type: 'frame'; readonly run: number; readonly text: string }
  /** It has ended. */
  | { readonly type: 'ended'; readonly run: number; readonly reason: string };

/** JSON text in a frame to the process; each is answered by one frame. `rows` is an array of arrays of arguments. */
export type PythonRequest =
  | { readonly type: 'load'; readonly id: number; readonly code: string; readonly function: string }
  | { readonly type: 'call'; readonly id: number; readonly rows: readonly (readonly unknown[])[] }
  | { readonly type: 'end' };

/** What the interpreter itself takes of its memory; what scripts may hold comes on top. MiB. */
export const INTERPRETER_MB = 48;
