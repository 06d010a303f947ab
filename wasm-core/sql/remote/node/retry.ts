import { setTimeout as sleep } from 'node:timers/promises';
import { CoreError } from '../../../protocol/errors.ts';
import type { RemoteAddress } from '../remote-address.ts';
import { NetworkFailure } from './http-request.ts';

/** Pauses before an attempt is made again, milliseconds; behind the last one it has failed. */
const PAUSES_MS = [50, 250, 1000, 3000];

/** A server may ask for a longer pause, up to this, milliseconds. */
const MAX_PAUSE_MS = 30_000;

/** A server said that the same request may succeed later. */
export class RetryLater extends Error {
  /** What is said when it does not. */
  readonly failure: CoreError;
  readonly pauseMs: number | undefined;

  constructor(failure: CoreError, pauseMs: number | undefined) {
    super(failure.message);
    this.failure = failure;
    this.pauseMs = pauseMs;
  }
}

/** Counts attempts at one thing, and waits between them. */
export class Attempts {
  readonly #address: RemoteAddress;
  #failed = 0;

  constructor(address: RemoteAddress) {
    this.#address = address;
  }

  /** Something came: what fails next is a new failure. */
  progressed(): void {
    this.#failed = 0;
  }

  /**
   * Waits until the next attempt may be made.
   *
   * @throws CoreError REMOTE_UNREACHABLE, REMOTE_STATUS when there is none left; what it was given, when no attempt helps
   */
  async again(error: unknown, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!isPassing(error)) throw error instanceof NetworkFailure ? unreachable(this.#address, error) : error;
    const pause = PAUSES_MS[this.#failed++];
    if (pause === undefined)
      throw error instanceof RetryLater ? error.failure : unreachable(this.#address, error);
    const asked = error instanceof RetryLater ? (error.pauseMs ?? 0) : 0;
    await sleep(Math.max(pause, Math.min(asked, MAX_PAUSE_MS)), undefined, { signal });
  }
}

/** Whether a failure is one of the network, which a copy may stand in for. */
export function isOffline(error: unknown): error is NetworkFailure {
  return error instanceof NetworkFailure && !isOfCertificate(error);
}

/** REMOTE_UNREACHABLE with what the network said. */
export function unreachable(
  { shown, origin, written }: RemoteAddress,
  { code, message }: NetworkFailure,
): CoreError {
  const advice = isOfCertificate({ code })
    ? 'Its certificate is not trusted; name that of its issuer in NODE_EXTRA_CA_CERTS.'
    : 'Check the address and the network, then run the statement again.';
  return new CoreError(
    'REMOTE_UNREACHABLE',
    `'${shown}' could not be read (${code}: ${message}). ${advice}`,
    {
      origin,
      written,
      code,
    },
  );
}

function isPassing(error: unknown): error is NetworkFailure | RetryLater {
  return error instanceof RetryLater || isOffline(error);
}

/** A server that cannot prove who it is will not do so a second later. */
function isOfCertificate({ code }: { readonly code: string }): boolean {
  return /CERT|^ERR_TLS|^ERR_SSL|UNABLE_TO_|EPROTO|SELF_SIGNED/.test(code);
}
