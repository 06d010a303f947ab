/** Where a statement's time went, microseconds: the engine had what is left of `micros` without `functionMicros`. */
export interface StatementCost {
  readonly micros: number;
  /** Inside plugin functions, transfer included. */
  readonly functionMicros: number;
  /** Of these, moving batches between the engine and the plugins' memories; calls for single rows move as they run. */
  readonly transferMicros: number;
  /** Rows that plugin functions were called with. */
  readonly functionRows: number;
  /** Instructions that plugin functions executed. */
  readonly functionFuel: number;
  /** The same by function, in the order of their first calls; absent when none was called. */
  readonly functions?: readonly FunctionCost[];
}

/** What one plugin function did in a statement. */
export interface FunctionCost {
  readonly name: string;
  /** Chunks of rows that it was called with. */
  readonly calls: number;
  readonly rows: number;
  readonly micros: number;
  readonly transferMicros: number;
  readonly fuel: number;
}
