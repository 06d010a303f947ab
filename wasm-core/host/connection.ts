import type { Socket } from 'node:net';
import { LineSplitter } from '../connect/line-splitter.ts';
import { CoreError, toRpcError } from '../protocol/errors.ts';
import {
  parseIncoming,
  type RequestId,
  type RpcNotification,
  type RpcRequest,
} from '../protocol/json-rpc.ts';
import { MAX_LINE_BYTES } from '../protocol/limits.ts';
import type { HostEvent, HostNotifications } from '../protocol/methods.ts';
import type { Client } from './context.ts';
import type { Dispatch } from './dispatch.ts';
import type { EventHub } from './events.ts';
import { decodeLine } from './framing.ts';
import type { Log } from './log.ts';
import { OutgoingLines } from './outgoing-lines.ts';

/** What a connection works with. */
export interface ConnectionContext {
  readonly dispatch: Dispatch;
  readonly events: EventHub;
  readonly log: Log;
  /** Called once, when the connection is over and what it ran is cancelled. */
  readonly onClose: (connection: Connection) => void;
}

/** So many requests of one connection run at once; the rest waits in its socket. */
const MAX_IN_FLIGHT = 256;
/** How long a client that was refused may take to read why, milliseconds. */
const REFUSAL_MS = 2000;

/** One client's connection: reads lines, hands requests on, writes answers. */
export class Connection implements Client {
  greeted = false;
  readonly #socket: Socket;
  readonly #context: ConnectionContext;
  readonly #splitter = new LineSplitter();
  readonly #outgoing: OutgoingLines;
  readonly #inFlight = new Map<RequestId, AbortController>();
  readonly #listener = (event: HostEvent): void => this.notify('event', event);
  #refused = false;
  #closed = false;

  constructor(socket: Socket, context: ConnectionContext) {
    this.#socket = socket;
    this.#context = context;
    this.#outgoing = new OutgoingLines(socket, () => this.#adjustReading());
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) => context.log.info(`A connection failed: ${error.message}`));
    socket.once('end', () => this.close());
    socket.once('close', () => this.close());
  }

  notify<N extends keyof HostNotifications>(method: N, params: HostNotifications[N]): void {
    if (this.#closed || this.#outgoing.isFull) return;
    this.#outgoing.push(JSON.stringify({ jsonrpc: '2.0', method, params }));
  }

  subscribe(): void {
    this.#context.events.add(this.#listener);
  }

  /** Cancels what it runs, sends what is ready, and ends it. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#context.events.remove(this.#listener);
    for (const run of this.#inFlight.values()) run.abort();
    this.#outgoing.flush();
    this.#socket.destroySoon();
    this.#context.onClose(this);
  }

  #read(chunk: Buffer): void {
    if (this.#refused) return;
    try {
      this.#splitter.push(chunk, (line) => this.#line(line));
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      this.#refuse(error);
    }
    this.#adjustReading();
  }

  /** Where the next line begins is not known any more: says why, and goes on reading only so that the client can. */
  #refuse(error: CoreError): void {
    this.#refused = true;
    this.#answerError(null, error);
    this.#outgoing.flush();
    this.#socket.end();
    setTimeout(() => this.close(), REFUSAL_MS).unref();
  }

  #line(line: Uint8Array): void {
    try {
      const incoming = parseIncoming(decodeLine(line));
      if (incoming.type === 'request') void this.#request(incoming.request);
      else this.#notification(incoming.notification);
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      const { id, ...details } = error.details as { readonly id?: RequestId };
      this.#answerError(id ?? null, new CoreError(error.kind, error.message, details));
    }
  }

  async #request({ id, method, params }: RpcRequest): Promise<void> {
    if (this.#inFlight.has(id)) {
      const message = `A request with the id ${JSON.stringify(id)} is still under way; use another.`;
      return this.#answerError(id, new CoreError('REQUEST_INVALID', message));
    }
    const run = new AbortController();
    this.#inFlight.set(id, run);
    try {
      const result = await this.#context.dispatch(method, params, { id, client: this, signal: run.signal });
      this.#answer(id, result);
    } catch (error) {
      this.#answerError(id, error);
    } finally {
      this.#inFlight.delete(id);
      this.#adjustReading();
    }
  }

  #notification({ method, params }: RpcNotification): void {
    // Notifications have no answer, so one that we do not know is passed over.
    if (method !== '$/cancelRequest' || typeof params !== 'object' || params === null) return;
    const { id } = params as { readonly id?: unknown };
    if (typeof id === 'string' || typeof id === 'number') this.#inFlight.get(id)?.abort();
  }

  #answer(id: RequestId, result: unknown): void {
    if (this.#closed) return;
    const line = JSON.stringify({ jsonrpc: '2.0', id, result });
    // A UTF-16 unit is at most three bytes of UTF-8, so that short lines need not be measured.
    if (line.length * 3 <= MAX_LINE_BYTES || Buffer.byteLength(line) <= MAX_LINE_BYTES) {
      this.#outgoing.push(line);
      return;
    }
    const message = `The answer has more than ${MAX_LINE_BYTES} bytes, which is the most that goes in one line. Make the output smaller, or split the input.`;
    this.#answerError(id, new CoreError('OUTPUT_LIMIT', message, { maxLineBytes: MAX_LINE_BYTES }));
  }

  #answerError(id: RequestId | null, error: unknown): void {
    if (!(error instanceof CoreError)) this.#context.log.error(error);
    if (this.#closed) return;
    this.#outgoing.push(JSON.stringify({ jsonrpc: '2.0', id, error: toRpcError(error) }));
  }

  /** A client that asks faster than it reads, or than we can run, is read no further until that is better. */
  #adjustReading(): void {
    if (this.#closed || this.#refused) return;
    if (this.#outgoing.isFull || this.#inFlight.size >= MAX_IN_FLIGHT) this.#socket.pause();
    else if (this.#socket.isPaused()) this.#socket.resume();
  }
}
