import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Histogram } from './histogram.ts';
import type { LoadResult } from './load-result.ts';

/*
 * The load generator where there is no C compiler, called as load.c is and printing the same. It costs about as much as
 * a host in JavaScript does, so figures made with it are not those of the C program.
 *
 * load.cjs SOCKET CLIENTS DEPTH SECONDS METHOD PARAMS EXPECTED
 */

/** Ids are numbers of ten digits, so that a line keeps its length. A slot's ids are its number modulo the depth. */
const FIRST_ID = 1_000_000_000;
const ID_MARK = '"id":';
const DRAIN_MS = 3000;

interface Run {
  readonly depth: number;
  readonly expected: string;
  readonly head: string;
  readonly tail: string;
  readonly latencies: Histogram;
  endMs: number;
  answers: number;
  inTime: number;
  errors: number;
  firstError: string;
}

class Client {
  underWay = 0;
  private readonly socket: Socket;
  private readonly run: Run;
  private readonly sentMs: Float64Array;
  private readonly nextId: Float64Array;
  private rest = '';

  static async open(socketPath: string, run: Run): Promise<Client> {
    const socket = connect(socketPath).setEncoding('latin1');
    await once(socket, 'connect');
    const params = { protocol: 1, client: 'load/1' };
    socket.write(`${JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'host/hello', params })}\n`);
    await once(socket, 'data');
    return new Client(socket, run);
  }

  private constructor(socket: Socket, run: Run) {
    this.socket = socket;
    this.run = run;
    this.sentMs = new Float64Array(run.depth);
    this.nextId = Float64Array.from({ length: run.depth }, (_, slot) => FIRST_ID + slot);
    socket.on('data', (text) => this.read(String(text)));
  }

  start(): void {
    const now = performance.now();
    let output = '';
    for (let slot = 0; slot < this.run.depth; slot++) output += this.request(slot, now);
    this.socket.write(output, 'latin1');
  }

  close(): void {
    this.socket.destroy();
  }

  /** One read, the lines in it, and one write of the requests that follow. */
  private read(text: string): void {
    const now = performance.now();
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    let output = '';
    for (const line of lines) output += this.answer(line, now);
    if (output !== '') this.socket.write(output, 'latin1');
  }

  private answer(line: string, now: number): string {
    const { run } = this;
    const id = Number.parseInt(line.slice(line.indexOf(ID_MARK) + ID_MARK.length), 10);
    const slot = (id - FIRST_ID) % run.depth;
    if (!(id >= FIRST_ID) || id + run.depth !== this.nextId[slot]) return this.fault(line);
    this.underWay--;
    run.answers++;
    if (!line.includes(run.expected)) this.fault(line);
    if (now >= run.endMs) return '';
    run.inTime++;
    run.latencies.add(Math.round((now - (this.sentMs[slot] ?? now)) * 1e6));
    return this.request(slot, now);
  }

  private fault(line: string): string {
    if (this.run.errors++ === 0) this.run.firstError = line.slice(0, 240);
    return '';
  }

  private request(slot: number, now: number): string {
    const id = this.nextId[slot] ?? FIRST_ID;
    this.nextId[slot] = id + this.run.depth;
    this.sentMs[slot] = now;
    this.underWay++;
    return this.run.head + id + this.run.tail;
  }
}

async function main(args: readonly string[]): Promise<void> {
  const [socket = '', clientCount, depth, seconds, method = '', params = '', expected = ''] = args;
  const run: Run = {
    depth: Number(depth),
    expected,
    head: `{"jsonrpc":"2.0",${ID_MARK}`,
    tail: `,"method":"${method}","params":${params}}\n`,
    latencies: new Histogram(),
    endMs: 0,
    answers: 0,
    inTime: 0,
    errors: 0,
    firstError: '',
  };
  const clients: Client[] = [];
  for (let i = 0; i < Number(clientCount); i++) clients.push(await Client.open(socket, run));
  const underWay = () => clients.reduce((sum, client) => sum + client.underWay, 0);
  run.endMs = performance.now() + Number(seconds) * 1000;
  for (const client of clients) client.start();
  await sleep(Number(seconds) * 1000);
  while (underWay() > 0 && performance.now() < run.endMs + DRAIN_MS) await sleep(5);
  console.log(JSON.stringify(resultOf(run, { seconds: Number(seconds), lost: underWay() })));
  for (const client of clients) client.close();
}

function resultOf(run: Run, { seconds, lost }: { seconds: number; lost: number }): LoadResult {
  const at = (share: number) => run.latencies.at(share) / 1000;
  return {
    answers: run.answers,
    perSecond: run.inTime / seconds,
    p50Us: at(0.5),
    p90Us: at(0.9),
    p99Us: at(0.99),
    maxUs: run.latencies.largest / 1000,
    errors: run.errors,
    lost,
    firstError: run.firstError,
  };
}

void main(process.argv.slice(2));
