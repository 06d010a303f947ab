import type { RpcErrorObject } from '../../protocol/errors.ts';
import type { RemoteCacheResult, RemoteCredential } from '../../protocol/remote.ts';

/*
 * Messages of the thread that fetches: `Fetch*` between it and engine workers, over a port for each, and `Thread*`
 * between it and the host's main thread.
 */

/** Asked by an engine worker, which waits for the answer with its id. */
export type FetchAsk =
  | {
      readonly type: 'open';
      readonly id: number;
      readonly address: string;
      /** Nothing is sent: what is not kept is an error. */
      readonly keptOnly: boolean;
    }
  /** Asks for the files that a pattern means. */
  | { readonly type: 'list'; readonly id: number; readonly address: string }
  | {
      readonly type: 'read';
      readonly id: number;
      /** From `OpenedRemote`. */
      readonly file: number;
      readonly position: number;
      readonly byteLength: number;
      readonly keptOnly: boolean;
    }
  /** A range is going to be read from its beginning; nothing is fetched yet. */
  | { readonly type: 'expect'; readonly file: number; readonly start: number; readonly end: number }
  | { readonly type: 'close'; readonly file: number }
  /** A statement has ended: what was fetched is to be found after the next start, too. */
  | { readonly type: 'save' }
  /** Nobody waits any more: whatever is under way for the engine ends. */
  | { readonly type: 'cancel' };

/** A file that the thread has open for an engine. */
export interface OpenedRemote {
  readonly file: number;
  readonly size: number;
  /** Seconds since 1970, 0 when unknown. */
  readonly modified: number;
  /** Another text for each state of the file. */
  readonly state: string;
}

/** Told to an engine worker; each is followed by a count and a notification at a shared place. */
export type FetchTell =
  | { readonly type: 'opened'; readonly id: number; readonly opened: OpenedRemote }
  | { readonly type: 'listed'; readonly id: number; readonly addresses: readonly string[] }
  /** At least one byte, unless the position is the file's end. */
  | { readonly type: 'bytes'; readonly id: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: 'failed'; readonly id: number; readonly error: RpcErrorObject }
  | { readonly type: 'progress'; readonly text: string }
  | { readonly type: 'warning'; readonly text: string };

/** What a session's statements may read, and how. */
export interface RemoteRights {
  readonly allow: readonly string[];
  readonly credentials: readonly RemoteCredential[];
  /** A server may be silent for so long, milliseconds. */
  readonly timeoutMs: number;
}

/** From the main thread. */
export type ThreadAsk =
  /** A new engine; `port` takes `FetchAsk`. */
  | {
      readonly type: 'attach';
      readonly engine: number;
      readonly port: object;
      readonly signals: SharedArrayBuffer;
      /** The place in `signals` that is counted up for each message. */
      readonly index: number;
    }
  | { readonly type: 'rights'; readonly engine: number; readonly rights: RemoteRights }
  | { readonly type: 'detach'; readonly engine: number }
  | { readonly type: 'cache'; readonly id: number; readonly clear: boolean };

/** To the main thread. */
export type ThreadTell =
  | { readonly type: 'cache'; readonly id: number; readonly result: RemoteCacheResult }
  | { readonly type: 'warning'; readonly text: string };

/** What the thread starts with. */
export interface ThreadStart {
  /** Absolute. */
  readonly cacheFolder: string;
  readonly cacheBytes: number;
}
