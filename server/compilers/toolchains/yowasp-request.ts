/** A folder: its files' contents, and its folders, by name. */
export interface YowaspTree {
  readonly [name: string]: YowaspTree | string | Uint8Array;
}

/** Sent to the process that runs @yowasp/clang when there is a source to compile. */
export interface YowaspRequest {
  /** Absolute path of the package's module. */
  readonly bundle: string;
  /** Names in them are paths in `files`. */
  readonly args: readonly string[];
  readonly files: YowaspTree;
  /** Names of files at the root that are wanted. */
  readonly outputs: readonly string[];
  /** Absolute. */
  readonly outputFolder: string;
}
