import type { RemotePlace } from '../../protocol/remote-allow.ts';

/** Files on a network, as an engine that cannot wait sees them. `node/` implements it over a thread that fetches. */
export interface RemoteFiles {
  /** Says whose statement runs from now on, until `end`: files that it names are asked for once, and stay the same. */
  begin(statement: RemoteStatement): void;
  /**
   * Ends the statement.
   *
   * @returns sentences for its user, such as that a file is a copy because its server could not be reached
   */
  end(): readonly string[];
  /**
   * Finds out what files are, without blocking the thread, so that the statement that reads them need not.
   *
   * @throws CoreError as `open`
   */
  prepare(addresses: readonly string[]): Promise<void>;
  /** Lets something happen for which nothing is sent: files are what the cache has. */
  keptOnly<T>(use: () => T): T;
  /** @throws CoreError REMOTE_DENIED when an address may not be read */
  admit(address: string): void;
  /**
   * The addresses of files that a pattern means, sorted. Outside of a statement nothing is sent: then it is what the last
   * statement found.
   *
   * @throws CoreError as `open`; CAPABILITY_DENIED for an address whose server has no lists
   */
  list(pattern: string): readonly string[];
  /**
   * Opens a file. Outside of a statement nothing is sent: then it is what the cache has.
   *
   * @throws CoreError REMOTE_DENIED, REMOTE_UNREACHABLE, REMOTE_STATUS, REMOTE_RESPONSE, REMOTE_LIMIT, CANCELLED,
   *   DEADLINE_EXCEEDED
   */
  open(address: string): RemoteFile;
}

/** What the statements of a session may read. */
export interface RemoteGate {
  readonly allow: readonly RemotePlace[];
  /** Entries of the folder's `quern.json` that the user has not allowed yet. */
  readonly asks: readonly RemotePlace[];
  /** The folder of the `quern.json`; absent without entries that ask. */
  readonly askedBy?: string;
}

/** What a statement gives to files that it waits for. */
export interface RemoteStatement {
  /** @throws CoreError CANCELLED, DEADLINE_EXCEEDED when it has to stop */
  readonly check: () => void;
  /** Told how far a file is, such as `12 of 40 MB from data.example.org`; at most ten calls a second. */
  readonly onProgress: (text: string) => void;
}

/** A file that is open. */
export interface RemoteFile {
  /** Bytes. */
  readonly size: number;
  /** Seconds since 1970; 0 when the server does not say. */
  readonly modified: number;
  /** A text that is another for each state of the file; of a file whose server tells none, each time it is opened. */
  readonly state: string;
  /** Says that a range is going to be read from its beginning: it is fetched with as few requests as may be. */
  expect(start: number, byteLength: number): void;
  /**
   * Fills `bytes` from a position, at least in part.
   *
   * @returns how many there were; 0 at the end
   * @throws CoreError as `RemoteFiles.open`, and REMOTE_CHANGED
   */
  read(bytes: Uint8Array, position: number): number;
  /** Idempotent. */
  close(): void;
}
