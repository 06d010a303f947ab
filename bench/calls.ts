import { assemble, sha256, sqlFunction } from '../test/support/wat.ts';
import { processForm } from '../wasm-core/binary/abi.ts';
import { compileModule } from '../wasm-core/runtime/compile-module.ts';
import type { CompiledModule } from '../wasm-core/runtime/compiled-module.ts';
import { extismCalls } from './calls/extism.ts';
import { plainAdd, plainRun, plainUpper } from './calls/plain.ts';
import { inTurn, median, microsPerCall } from './measure.ts';
import { boundFunction, wholeRun } from './ours.ts';
import { type Bar, type Row, type SuiteResult, versus } from './report.ts';

const TEXT = 'Hello, World';
const UPPER_TEXT = 'HELLO, WORLD';
const ROUNDS = 41;
const STRING = 'string in, string out';
const WHOLE_RUN = 'whole run, instance and memory its own';

/** Calls from the host's own code, in this process, beside plain V8 and Extism. */
export async function callsSuite(): Promise<SuiteResult> {
  const bytes = await assemble(CALLS_WAT);
  const compiled = await compileModule({ bytes, digest: sha256(bytes), name: 'calls' });
  const ours = ourCalls(compiled);
  const rows = await plainRows(ours, await WebAssembly.compile(Buffer.from(bytes)));
  return {
    title: 'Calls from the host, in one process',
    notes: [
      `Calls: best of ${ROUNDS} batches of 5 ms, since the machine can only make them slower; whole runs: medians, since each leaves a memory behind that is freed later.`,
      `The string is ${JSON.stringify(TEXT)}.`,
      'Extism answers through promises; its whole run is createPlugin of a compiled module, call, close.',
    ],
    rows: [...rows, ...(await extismRows(ours))],
  };
}

interface Calls {
  readonly add: () => unknown;
  readonly upper: () => unknown;
  readonly run: () => unknown;
}

function ourCalls(compiled: CompiledModule): Calls {
  const form = processForm(compiled);
  if (form === undefined) throw new Error('the module of the calls suite has no process');
  const add = boundFunction(compiled, sqlFunction('add', ['DOUBLE', 'DOUBLE'], 'DOUBLE'));
  const upper = boundFunction(compiled, sqlFunction('upper', ['VARCHAR'], 'VARCHAR'));
  return {
    add: checked(() => add(1.5, 2.25), 3.75),
    upper: checked(() => upper(TEXT), UPPER_TEXT),
    run: checkedRun(wholeRun(compiled, form)),
  };
}

async function plainRows(ours: Calls, module: WebAssembly.Module): Promise<Row[]> {
  const [add, upper] = [plainAdd(module), plainUpper(module)];
  return [
    await compareCalls(
      { what: 'typed call, two DOUBLE', bars: [{ of: 'ours', atMost: 0.2 }] },
      { ours: ours.add, theirs: checked(() => add(1.5, 2.25), 3.75) },
    ),
    await compareCalls(
      { what: STRING, bars: [{ of: 'ours', atMost: 0.5 }] },
      { ours: ours.upper, theirs: checked(() => upper(TEXT), UPPER_TEXT) },
    ),
    await compareCalls(
      { what: WHOLE_RUN, bars: [] },
      { ours: ours.run, theirs: checkedRun(plainRun(module)) },
    ),
  ];
}

async function compareCalls(
  { what, bars }: { readonly what: string; readonly bars: readonly Bar[] },
  calls: { readonly ours: () => unknown; readonly theirs: () => unknown },
): Promise<Row> {
  const [ours, theirs] = [microsPerCall(calls.ours), microsPerCall(calls.theirs)];
  const micros = await inTurn({ rounds: ROUNDS, ways: { ours, theirs } });
  const peerName = 'plain V8';
  return versus({ what, ...figuresOf(what, micros), unit: 'µs', peerName, bars });
}

/** The same string and the same whole run through Extism. */
async function extismRows(ours: Calls): Promise<Row[]> {
  const extism = await extismCalls();
  const pairs = [
    { what: STRING, call: ours.upper, peer: () => extism.upper(TEXT), count: 500 },
    { what: WHOLE_RUN, call: ours.run, peer: () => extism.wholeRun(TEXT), count: 20 },
  ];
  const rows: Row[] = [];
  for (const { what, call, peer, count } of pairs) {
    if ((await peer()) !== UPPER_TEXT) throw new Error('the Extism plugin gave another text');
    const ways = { ours: microsPerCall(call), theirs: () => microsOfPromises(peer, count) };
    const micros = await inTurn({ rounds: ROUNDS, ways });
    rows.push(versus({ what, ...figuresOf(what, micros), unit: 'µs', peerName: 'Extism' }));
  }
  await extism.close();
  return rows;
}

function figuresOf(
  what: string,
  micros: { readonly ours: readonly number[]; readonly theirs: readonly number[] },
): { readonly ours: number; readonly peer: number } {
  const of = (values: readonly number[]) => (what === WHOLE_RUN ? median(values) : Math.min(...values));
  return { ours: of(micros.ours), peer: of(micros.theirs) };
}

async function microsOfPromises(call: () => Promise<unknown>, count: number): Promise<number> {
  const started = performance.now();
  for (let i = 0; i < count; i++) await call();
  return ((performance.now() - started) * 1000) / count;
}

/** A call that gave the right result once. */
function checked<T>(call: () => T, expected: T): () => T {
  const result = call();
  if (result !== expected) throw new Error(`a call gave ${String(result)} instead of ${String(expected)}`);
  return call;
}

function checkedRun(run: (input: Uint8Array) => Uint8Array): () => unknown {
  const input = new TextEncoder().encode(TEXT);
  checked(() => new TextDecoder().decode(run(input)), UPPER_TEXT);
  return () => run(input);
}

const CALLS_WAT = `(module
  (memory (export "memory") 1)
  (func (export "add") (param f64 f64) (result f64) (f64.add (local.get 0) (local.get 1)))
  (func $upper (param $p i32) (param $n i32)
    (local $i i32) (local $c i32)
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $i) (local.get $n)))
      (local.set $c (i32.load8_u (i32.add (local.get $p) (local.get $i))))
      (if (i32.lt_u (i32.sub (local.get $c) (i32.const 97)) (i32.const 26))
        (then (i32.store8 (i32.add (local.get $p) (local.get $i)) (i32.sub (local.get $c) (i32.const 32)))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $next))))
  (func $pack (param $high i32) (param $low i32) (result i64)
    (i64.or (i64.shl (i64.extend_i32_u (local.get $high)) (i64.const 32)) (i64.extend_i32_u (local.get $low))))
  (func (export "alloc") (param i32) (result i32) (i32.const 4096))
  (func (export "upper") (param $p i32) (param $n i32) (result i64)
    (call $upper (local.get $p) (local.get $n))
    (call $pack (local.get $n) (local.get $p)))
  (func (export "process") (param $p i32) (param $n i32) (result i64)
    (call $upper (local.get $p) (local.get $n))
    (call $pack (local.get $p) (local.get $n))))`;
