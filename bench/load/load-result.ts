/** What a load generator prints, as JSON. */
export interface LoadResult {
  /** Answers in all, those that came after the end included. */
  readonly answers: number;
  /** Answers a second until the end. */
  readonly perSecond: number;
  /** Latencies from a request's write to its answer's read, microseconds, right to 3 in a hundred. */
  readonly p50Us: number;
  readonly p90Us: number;
  readonly p99Us: number;
  /** Exactly. */
  readonly maxUs: number;
  /** Answers without the expected text, and lines that answer nothing. */
  readonly errors: number;
  /** Requests that had no answer three seconds after the end. */
  readonly lost: number;
  /** The start of the first such line; empty without errors. */
  readonly firstError: string;
}

/**
 * Reads what a load generator printed.
 *
 * @throws Error when it is no result, or one with errors or lost requests: then the rates mean nothing
 */
export function parseLoadResult(text: string): LoadResult {
  const value: unknown = JSON.parse(text);
  if (!isLoadResult(value)) throw new Error(`The load generator printed no result: ${text.slice(0, 200)}`);
  if (value.errors > 0 || value.lost > 0) {
    const lost = value.lost > 0 ? ` and ${value.lost} had no answer` : '';
    throw new Error(
      `${value.errors} of ${value.answers} requests failed${lost}. The first: ${value.firstError}`,
    );
  }
  return value;
}

const NUMBERS = ['answers', 'perSecond', 'p50Us', 'p90Us', 'p99Us', 'maxUs', 'errors', 'lost'] as const;

function isLoadResult(value: unknown): value is LoadResult {
  if (typeof value !== 'object' || value === null) return false;
  const members: Readonly<Record<string, unknown>> = { ...value };
  return NUMBERS.every((name) => typeof members[name] === 'number') && typeof members.firstError === 'string';
}
