import { CoreError } from '../../protocol/errors.ts';

/** A place where a file could not be read, and why. */
export interface Problem {
  /** In the file. */
  readonly offset: number;
  readonly message: string;
}

/**
 * Reads something of which the part before a fault counts.
 *
 * @returns what the bytes were refused for; undefined when all was read
 */
export function leniently(read: () => void): Problem | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return { offset: Number(error.details.offset ?? 0), message: error.message };
  }
}
