/** Options of `quern run`, parsed. */
export interface RunOptions {
  readonly execute?: string;
  readonly plugins?: readonly string[];
  readonly allow?: readonly string[];
  /** One of `FORMATS`. */
  readonly format?: string;
  readonly out?: string;
  readonly limit?: number;
  readonly param?: readonly string[];
  readonly timeoutMs?: number;
  readonly memoryMb?: number;
  readonly fuel?: number;
}
