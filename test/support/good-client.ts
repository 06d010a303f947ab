import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HostConnection } from '../../wasm-core/connect/host-connection.ts';
import type { HostHome } from './host-process.ts';
import { assemble, UPPER_WAT } from './wat.ts';

/** A call that takes longer failed, milliseconds. */
const SLOWEST_MS = 5000;
/** Between two calls, so that they load the host and leave it room, milliseconds. */
const PAUSE_MS = 2;
const NAMESPACE = 'good-client';

/**
 * Does something hostile to a host while a second client calls a good module all the time, and asserts that each of
 * the good calls gave what it should, in time.
 *
 * @param home its host runs
 * @returns what `fault` gave
 */
export async function whileGood<T>(home: HostHome, fault: () => Promise<T>): Promise<T> {
  const client = await GoodClient.start(home);
  try {
    return await fault();
  } finally {
    await client.stop();
  }
}

/** A client that calls a good module over and over, and checks every answer. */
export class GoodClient {
  readonly #connection: HostConnection;
  readonly #calling: Promise<void>;
  #calls = 0;
  #slowestMs = 0;
  #failure: unknown;
  #stopping = false;

  /** Connects, loads its module and begins to call. */
  static async start(home: HostHome): Promise<GoodClient> {
    const connection = await home.connect();
    const base64 = Buffer.from(await assemble(UPPER_WAT)).toString('base64');
    await connection.request('module/load', { bytes: { base64 }, name: 'good', namespace: NAMESPACE });
    return new GoodClient(connection);
  }

  private constructor(connection: HostConnection) {
    this.#connection = connection;
    this.#calling = this.#callOnAndOn();
  }

  /**
   * Ends the calls.
   *
   * @throws AssertionError when one gave the wrong answer, none, or a late one
   */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#calling;
    this.#connection.dispose();
    if (this.#failure !== undefined) throw this.#failure;
    assert.ok(this.#calls > 0, 'no good call was made');
    assert.ok(this.#slowestMs < SLOWEST_MS, `a good call took ${Math.round(this.#slowestMs)} ms`);
  }

  /** Never rejects: what went wrong is told by `stop`. */
  async #callOnAndOn(): Promise<void> {
    try {
      do {
        await this.#call();
        await sleep(PAUSE_MS);
      } while (!this.#stopping);
    } catch (error) {
      this.#failure = error;
    }
  }

  async #call(): Promise<void> {
    const text = `call ${this.#calls}`;
    const params = { module: 'good', namespace: NAMESPACE, input: { utf8: text } };
    const started = performance.now();
    const signal = AbortSignal.timeout(2 * SLOWEST_MS);
    const { output } = await this.#connection.request('module/execute', params, { signal });
    this.#slowestMs = Math.max(this.#slowestMs, performance.now() - started);
    assert.deepEqual(output, { utf8: text.toUpperCase() });
    this.#calls++;
  }
}
