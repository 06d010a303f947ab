import type { Socket } from 'node:net';
import { LineSplitter } from '../connect/line-splitter.ts';
import { CoreError, toRpcError } from '../protocol/errors.ts';
import type { HostEvent, HostEventType } from '../protocol/events.ts';
import {
  parseIncoming,
  type RequestId,
  type RpcNotification,
  type RpcRequest,
} from '../protocol/json-rpc.ts';
import { MAX_LINE_BYTES } from '../protocol/limits.ts';
import type { HostNotifications } from '../protocol/methods.ts';
import type { Call, Client } from './context.ts';
import type { Dispatch } from './dispatch.ts';
import type { EventHub } from './events.ts';
import { decodeLine } from './framing.ts';
import type { HotExecute } from './hot-execute.ts';
import { JsonText } from './json-text.ts';
import type { Log } from './log.ts';
import { OutgoingLines } from './outgoing-lines.ts';
import type { Wakefulness } from './wakefulness.ts';

/** What a connection works with. */
export interface ConnectionContext {
  readonly dispatch: Dispatch;
  readonly events: EventHub;
  readonly log: Log;
  readonly hot: HotExecute;
  readonly wakefulness: Wakefulness;
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
  name = '';
  readonly #socket: Socket;
  readonly #context: ConnectionContext;
  readonly #splitter = new LineSplitter();
  readonly #outgoing: OutgoingLines;
  readonly #inFlight = new Map<RequestId, PendingCall>();
  readonly #listener = (event: HostEvent): void => this.notify('event', event);
  readonly #isFree = (id: RequestId): boolean => !this.#inFlight.has(id);
  #answeredAtOnce = 0;
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

  subscribe(types: readonly HostEventType[]): void {
    this.#context.events.add(this.#listener, types);
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
    this.#outgoing.hold();
    this.#answeredAtOnce = 0;
    try {
      this.#splitter.push(chunk, (line) => this.#line(line));
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      this.#refuse(error);
    }
    this.#outgoing.flush();
    if (this.#answeredAtOnce > 0) this.#context.wakefulness.answered(this, this.#answeredAtOnce);
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

  #line(line: Buffer): void {
    if (this.greeted && this.#context.hot.answer(line, this.#outgoing, this.#isFree)) {
      this.#answeredAtOnce++;
      return;
    }
    try {
      const incoming = parseIncoming(decodeLine(line));
      if (incoming.type === 'request') this.#request(incoming.request);
      else this.#notification(incoming.notification);
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      const { id, ...details } = error.details as { readonly id?: RequestId };
      this.#answerError(id ?? null, new CoreError(error.kind, error.message, details));
    }
  }

  #request({ id, method, params }: RpcRequest): void {
    if (this.#inFlight.has(id)) {
      const message = `A request with the id ${JSON.stringify(id)} is still under way; use another.`;
      this.#answerError(id, new CoreError('REQUEST_INVALID', message));
      return;
    }
    const call = new PendingCall(id, this);
    try {
      const result = this.#context.dispatch(method, params, call);
      if (result instanceof Promise) void this.#answerLater(call, result);
      else this.#answer(id, result);
    } catch (error) {
      this.#answerError(id, error);
    }
  }

  async #answerLater(call: PendingCall, result: Promise<unknown>): Promise<void> {
    const { id } = call;
    this.#inFlight.set(id, call);
    try {
      this.#answer(id, await result);
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
    const body = result instanceof JsonText ? result.text : JSON.stringify(result);
    const idText = typeof id === 'number' ? id : JSON.stringify(id);
    const line = `{"jsonrpc":"2.0","id":${idText},"result":${body}}`;
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

/** A request under way. What only long runs need is made when it is asked for. */
class PendingCall implements Call {
  readonly id: RequestId;
  readonly client: Client;
  #controller: AbortController | undefined;
  #aborted = false;

  constructor(id: RequestId, client: Client) {
    this.id = id;
    this.client = client;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#aborted) this.#controller.abort();
    return this.#controller.signal;
  }

  abort(): void {
    this.#aborted = true;
    this.#controller?.abort();
  }
}
