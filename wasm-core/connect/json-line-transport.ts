import type { Socket } from 'node:net';
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageReader,
  type MessageWriter,
} from 'vscode-jsonrpc/node';
import { MAX_LINE_BYTES } from '../protocol/limits.ts';
import { LineSplitter } from './line-splitter.ts';

/** Reads JSON-RPC messages, one a line. A line that is not JSON ends the connection: the peer is no host of ours. */
export class LineMessageReader extends AbstractMessageReader implements MessageReader {
  readonly #socket: Socket;
  readonly #splitter = new LineSplitter();

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
  }

  listen(callback: DataCallback): Disposable {
    const onData = (chunk: Buffer): void => {
      try {
        this.#splitter.push(chunk, (line) =>
          callback(JSON.parse(Buffer.from(line).toString('utf8')) as Message),
        );
      } catch (error) {
        this.fireError(error);
        this.#socket.destroy();
      }
    };
    const onClose = (): void => this.fireClose();
    this.#socket.on('data', onData);
    this.#socket.once('close', onClose);
    return {
      dispose: () => {
        this.#socket.off('data', onData);
        this.#socket.off('close', onClose);
      },
    };
  }
}

/** Writes JSON-RPC messages, one a line. */
export class LineMessageWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #socket: Socket;
  #lastRequestId: number | string | undefined;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.once('close', () => this.fireClose());
  }

  /** The id of the request that was written last; read it right after `sendRequest`, which writes synchronously. */
  get lastRequestId(): number | string | undefined {
    return this.#lastRequestId;
  }

  write(message: Message): Promise<void> {
    if ('method' in message && 'id' in message) this.#lastRequestId = message.id as number | string;
    const line = `${JSON.stringify(message)}\n`;
    const byteLength = Buffer.byteLength(line) - 1;
    if (byteLength > MAX_LINE_BYTES) {
      return Promise.reject(
        new Error(
          `The request has ${byteLength} bytes, and at most ${MAX_LINE_BYTES} go in one. Make it smaller; a module can be loaded by its path.`,
        ),
      );
    }
    return new Promise((resolve, reject) => {
      this.#socket.write(line, (error) => (error ? reject(error) : resolve()));
    });
  }

  end(): void {
    this.#socket.end();
  }
}
