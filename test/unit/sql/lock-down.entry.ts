import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { lockDown } from '../../../wasm-core/sql/scripts/node/lock-down.ts';

/*
 * A process that gives up what reaches out of it, and then tries to reach out with whatever JavaScript can still name:
 * `node --experimental-permission … lock-down.entry.cjs PORT PID`. It prints what each attempt gave. With a
 * third argument it gives up nothing and tries the first way alone, to show that it is one.
 */
const [port = '', pid = '', open] = process.argv.slice(2);
const write = writeSync;
const { reallyExit } = process as unknown as { reallyExit(code: number): never };
const exit = reallyExit.bind(process);
const load = createRequire(__filename);

const ATTEMPTS = [
  `load('net').connect(${port}, '127.0.0.1')`,
  `new (load('net').Socket)().connect(${port}, '127.0.0.1')`,
  `load('net').createServer(() => {}).listen(0)`,
  `load('http').get('http://127.0.0.1:${port}/')`,
  `load('http').request('http://127.0.0.1:${port}/').end()`,
  `load('http2').connect('http://127.0.0.1:${port}/')`,
  `load('tls').connect(${port}, '127.0.0.1')`,
  `load('https').get('https://127.0.0.1:${port}/')`,
  `load('dgram').createSocket('udp4').send('x', ${port}, '127.0.0.1')`,
  `load('dns').lookup('localhost', () => {})`,
  `load('dns/promises').lookup('localhost')`,
  `load('_http_client').ClientRequest('http://127.0.0.1:${port}/')`,
  `load('_tls_wrap').connect(${port}, '127.0.0.1')`,
  `load('module').createRequire('/x')('net').connect(${port})`,
  `load('module')._load('net').connect(${port})`,
  `load('process').binding('tcp_wrap').TCP`,
  `process.binding('tcp_wrap').TCP`,
  `load('process').getBuiltinModule('net').connect(${port})`,
  `load('process').kill(${pid}, 0)`,
  `load('process')._kill(${pid}, 0)`,
  `load('process').dlopen({ exports: {} }, '/x.node')`,
  `load('process').stdin.constructor.name`,
  `load('child_process').spawnSync('true').status.toFixed()`,
  `load('fs').readFileSync('/etc/passwd').length.toFixed()`,
  `new (load('worker_threads').Worker)('1', { eval: true })`,
  `load('inspector').open(0)`,
  `new (load('inspector').Session)().connect()`,
  `load('vm').runInThisContext('1').toFixed()`,
  `load('v8').setFlagsFromString('--expose-gc') ?? 'done'`,
  `load('repl').start().context`,
  `load('cluster').fork()`,
  `new (load('wasi').WASI)({ version: 'preview1' })`,
  `fetch('http://127.0.0.1:${port}/')`,
  `new WebSocket('ws://127.0.0.1:${port}/')`,
];

/** Whether an attempt gives anything. */
async function attempt(code: string): Promise<string> {
  try {
    const evaluate = new Function('load', `return ${code}`) as (load: unknown) => unknown;
    const value = await evaluate(load);
    return `reached ${typeof value}`;
  } catch (error) {
    return error instanceof Error ? error.name : 'thrown';
  }
}

async function main(): Promise<void> {
  const imported = (name: string): Promise<object> => import(name) as Promise<object>;
  if (open === undefined) lockDown();
  const results: Record<string, string> = {};
  for (const code of open === undefined ? ATTEMPTS : ATTEMPTS.slice(0, 1))
    results[code] = await attempt(code);
  for (const name of ['node:net', 'node:http', 'node:dgram', 'node:child_process', 'node:worker_threads']) {
    const module = await imported(name).catch(() => ({}));
    const functions = Object.entries(module).filter(([, value]) => typeof value === 'function');
    results[`import ${name}`] = functions.length === 0 ? 'nothing' : `reached ${String(functions[0]?.[0])}`;
  }
  write(1, JSON.stringify(results));
  exit(0);
}

void main();
