import type { Socket } from 'node:net';
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type DataCallback,
  type Disposable,
  type Message,
} from 'vscode-jsonrpc/node';

/*
 * JSON-RPC messages as lines: one JSON object, UTF-8, ended by LF. See docs/protocol.md.
 */

const LF = 0x0a;

/** Reads messages from a socket. A line may arrive in any number of pieces, cut anywhere. */
export class LineMessageReader extends AbstractMessageReader {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
  }

  listen(callback: DataCallback): Disposable {
    let pieces: Buffer[] = [];
    const onData = (data: Buffer) => {
      let from = 0;
      for (let end = data.indexOf(LF); end >= 0; end = data.indexOf(LF, from)) {
        pieces.push(data.subarray(from, end));
        from = end + 1;
        this.#deliver(Buffer.concat(pieces), callback);
        pieces = [];
      }
      if (from < data.length) pieces.push(data.subarray(from));
    };
    this.#socket.on('data', onData);
    this.#socket.on('error', (error) => this.fireError(error));
    this.#socket.on('close', () => this.fireClose());
    return { dispose: () => this.#socket.off('data', onData) };
  }

  #deliver(line: Buffer, callback: DataCallback): void {
    try {
      callback(JSON.parse(line.toString('utf8')) as Message);
    } catch (error) {
      this.fireError(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

/** Writes messages to a socket. */
export class LineMessageWriter extends AbstractMessageWriter {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
  }

  write(message: Message): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.write(`${JSON.stringify(message)}\n`, (error) => (error ? reject(error) : resolve()));
    });
  }

  end(): void {
    this.#socket.end();
  }
}
