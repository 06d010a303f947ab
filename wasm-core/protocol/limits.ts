import { CoreError } from './errors.ts';

/** What one run may use. Absent members take the default. */
export interface Limits {
  /** Wall clock, 1 to 600,000 milliseconds. */
  readonly timeoutMs?: number;
  /** Guest memory in MiB, 1 to 4,096. */
  readonly memoryMb?: number;
  /** Bytes of output, 1 to 1 GiB. */
  readonly maxOutputBytes?: number;
  /** Instructions that the guest executes, 1 to 2^53 - 1; without it only the clock ends a run. */
  readonly fuel?: number;
}

/** What one function may use in one statement, beside the statement's own limits. */
export type FunctionLimits = Pick<Limits, 'timeoutMs' | 'memoryMb' | 'fuel'>;

/** Limits with every member decided. */
export interface ResolvedLimits {
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly maxOutputBytes: number;
  /** Absent: as much as the run needs. */
  readonly fuel?: number | undefined;
}

/** What a run gets when its request names no limits. */
export const DEFAULT_LIMITS: ResolvedLimits = {
  timeoutMs: 10_000,
  memoryMb: 64,
  maxOutputBytes: 16 * 1024 * 1024,
};

/** The longest line that either side sends or takes, in bytes. Larger payloads go by path. */
export const MAX_LINE_BYTES = 8 * 1024 * 1024;

/** The deepest nesting of arrays and objects in one line. */
export const MAX_JSON_DEPTH = 128;

/** WebAssembly's page size in bytes. */
export const PAGE_BYTES = 65_536;

/** The lowest and the highest value of each limit. */
export const LIMIT_RANGES = {
  timeoutMs: [1, 600_000],
  memoryMb: [1, 4096],
  maxOutputBytes: [1, 1024 * 1024 * 1024],
  fuel: [1, Number.MAX_SAFE_INTEGER],
} as const;

/**
 * Checks limits that came over a border and fills in the defaults.
 *
 * @throws CoreError PARAMS_INVALID with the member and its range
 */
export function resolveLimits(limits: unknown, defaults: ResolvedLimits = DEFAULT_LIMITS): ResolvedLimits {
  if (limits === undefined) return defaults;
  if (typeof limits !== 'object' || limits === null || Array.isArray(limits)) {
    throw new CoreError('PARAMS_INVALID', 'limits must be an object, for example {"timeoutMs": 1000}.');
  }
  const given: Record<string, number> = {};
  for (const [name, value] of Object.entries(limits)) {
    if (value === undefined) continue;
    given[name] = checkLimit(name, value);
  }
  return { ...defaults, ...given };
}

function checkLimit(name: string, value: unknown): number {
  if (!Object.hasOwn(LIMIT_RANGES, name)) {
    const known = Object.keys(LIMIT_RANGES).join(', ');
    throw new CoreError('PARAMS_INVALID', `limits.${name} is not a limit; use one of ${known}.`);
  }
  const [low, high] = LIMIT_RANGES[name as keyof typeof LIMIT_RANGES];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < low || value > high) {
    throw new CoreError('PARAMS_INVALID', `limits.${name} must be a whole number from ${low} to ${high}.`);
  }
  return value;
}
