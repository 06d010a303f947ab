import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compileWat, sqlFunction } from '../test/support/wat.ts';
import type { PluginFunction } from '../wasm-core/protocol/plugins.ts';
import { createDuckDbEngine } from '../wasm-core/sql/duckdb/node/engine.ts';
import type { EngineSession, SessionPlugin } from '../wasm-core/sql/engine.ts';
import { nativePeer, type Peer, stockPeer } from './functions/peers.ts';
import { CREATE_TABLE } from './functions/table.ts';
import { inTurn, median, timeMs } from './measure.ts';
import { type Bar, type Row, type SuiteResult, versus } from './report.ts';

/** Rows of our table; a smaller number is for development. */
const ROW_COUNT = Number(process.env.QUERN_BENCH_ROWS ?? 10_000_000);
/** Rows of the tables of engines that call a JavaScript function for each row; their times are scaled up. */
const PEER_ROW_COUNT = Math.min(ROW_COUNT, 1_000_000);
const ROUNDS = 5;

interface Case {
  readonly what: string;
  /** An expression over the table `t`, or what follows SELECT. */
  readonly sql: string;
  /** The same with the engine's own functions. */
  readonly builtIn: string;
  readonly atMost?: number;
}

// `sum` of the engine's own a + b is another function than `sum` of ours: its columns' statistics tell it that 64 bits
// are enough. `bit_xor` is the same for both.
const MIX = 'sqrt(a::double * b::double + d * (d + 1.5))';
const CASES: readonly Case[] = [
  {
    what: 'a + b, batch form',
    sql: 'bit_xor(add_batches(a, b))',
    builtIn: 'bit_xor(a + b)',
    atMost: 1.5,
  },
  {
    what: 'a + b, batch form, four rows at a time',
    sql: 'bit_xor(add_vectors(a, b))',
    builtIn: 'bit_xor(a + b)',
    atMost: 1.5,
  },
  { what: 'a + b, row form', sql: 'bit_xor(add_rows(a, b))', builtIn: 'bit_xor(a + b)', atMost: 2.5 },
  {
    what: 'a + b, row form, through another function',
    sql: 'bit_xor(add_calls(a, b))',
    builtIn: 'bit_xor(a + b)',
    atMost: 2.5,
  },
  {
    what: 'a + b, row form, with a global of its own',
    sql: 'bit_xor(add_counted(a, b))',
    builtIn: 'bit_xor(a + b)',
    atMost: 2.5,
  },
  {
    what: 'arithmetic and a root, batch form',
    sql: 'sum(mix_batches(a, b, d))',
    builtIn: `sum(${MIX})`,
    atMost: 1.5,
  },
  {
    what: 'arithmetic and a root, row form',
    sql: 'sum(mix_rows(a, b, d))',
    builtIn: `sum(${MIX})`,
    atMost: 2.5,
  },
  {
    what: 'upper case, batch form',
    sql: 'sum(strlen(upper_batches(s)))',
    builtIn: 'sum(strlen(upper(s)))',
    atMost: 1.5,
  },
  { what: 'upper case, row form', sql: 'sum(strlen(upper_rows(s)))', builtIn: 'sum(strlen(upper(s)))' },
  { what: 'a sum as an aggregate', sql: 'total(a)', builtIn: 'sum(a)', atMost: 2 },
  {
    what: 'a sum as an aggregate, in 77 groups',
    sql: 'bit_xor(x) from (select total(a) x from t group by b)',
    builtIn: 'bit_xor(x) from (select sum(a)::bigint x from t group by b)',
    atMost: 2,
  },
  {
    what: 'a sum as an aggregate, four rows at a time',
    sql: 'total_vectors(a)',
    builtIn: 'sum(a)',
    atMost: 2,
  },
];

const FUNCTIONS: readonly PluginFunction[] = [
  sqlFunction('add_batches', ['INTEGER', 'INTEGER'], 'INTEGER'),
  sqlFunction('add_vectors', ['INTEGER', 'INTEGER'], 'INTEGER'),
  sqlFunction('add_rows', ['INTEGER', 'INTEGER'], 'INTEGER'),
  sqlFunction('add_calls', ['INTEGER', 'INTEGER'], 'INTEGER'),
  sqlFunction('add_counted', ['INTEGER', 'INTEGER'], 'INTEGER'),
  sqlFunction('mix_batches', ['INTEGER', 'INTEGER', 'DOUBLE'], 'DOUBLE'),
  sqlFunction('mix_rows', ['INTEGER', 'INTEGER', 'DOUBLE'], 'DOUBLE'),
  sqlFunction('upper_batches', ['VARCHAR'], 'VARCHAR'),
  sqlFunction('upper_rows', ['VARCHAR'], 'VARCHAR'),
  { ...sqlFunction('total', ['INTEGER'], 'BIGINT'), kind: 'aggregate' },
  { ...sqlFunction('total_vectors', ['INTEGER'], 'BIGINT'), kind: 'aggregate' },
];

/** Plugin functions over rows in memory, beside the engine's own functions and JavaScript functions of other engines. */
export async function functionsSuite(): Promise<SuiteResult> {
  const base = mkdtempSync(path.join(tmpdir(), 'quern-bench-'));
  const resultsFolder = path.join(base, 'results');
  mkdirSync(resultsFolder);
  const engine = createDuckDbEngine({ distFolder: path.resolve('dist') });
  try {
    const session = await engine.openSession({ folder: base, allow: [], resultsFolder });
    const wat = readFileSync(path.resolve('bench/functions/functions.wat'), 'utf8');
    await session.setPlugins([{ compiled: await compileWat(wat, 'functions'), functions: FUNCTIONS }]);
    const run = runnerOf(session);
    await run(CREATE_TABLE(ROW_COUNT));
    const rows: Row[] = [];
    const failures: string[] = [];
    for (const one of CASES) {
      rows.push(await orFailed(one, failures, () => builtInRow(run, one)));
    }
    rows.push(...(await peerRows(run)));
    rows.push(...(await memoryRows(run)));
    rows.push(await registrationRow(session, run));
    return { title: 'Plugin functions over rows in memory', notes: [...NOTES, ...failures], rows };
  } finally {
    await engine.dispose();
    rmSync(base, { recursive: true, force: true });
  }
}

const NOTES = [
  `${ROW_COUNT.toLocaleString('en-US')} rows; medians of ${ROUNDS}, whole statements with their results files.`,
  'All results are compared with those of the engine’s own functions.',
  `Engines with JavaScript functions had ${PEER_ROW_COUNT.toLocaleString('en-US')} rows; their times are scaled up.`,
  'Memory is that of the process, after a collection where `node --expose-gc` allows one.',
];

type Run = (sql: string) => Promise<unknown>;

function runnerOf(session: EngineSession): Run {
  return async (sql) => {
    const options = { sql, memoryMb: 64, signal: new AbortController().signal };
    const { statements } = await session.run(options);
    for (const { file } of statements) if (file) rmSync(file.path);
  };
}

/** A row without figures, which reaches no bar, where a case fails; a note says how. */
async function orFailed(one: Case, failures: string[], measure: () => Promise<Row>): Promise<Row> {
  try {
    return await measure();
  } catch (error) {
    failures.push(`${one.what} failed: ${error instanceof Error ? error.message : String(error)}`);
    const { what, atMost } = one;
    return { what, bars: atMost === undefined ? [] : [{ of: 'ratio', atMost }] };
  }
}

function selectOf(sql: string): string {
  return sql.includes(' from ') ? `select ${sql}` : `select ${sql} from t`;
}

async function builtInRow(run: Run, { what, sql, builtIn, atMost }: Case): Promise<Row> {
  const same = `case when (${selectOf(sql)}) = (${selectOf(builtIn)}) then 1 else error('${what}: another sum') end`;
  await run(`select ${same}`);
  const ways = {
    ours: () => timeMs(() => run(selectOf(sql))),
    peer: () => timeMs(() => run(selectOf(builtIn))),
  };
  const times = await inTurn({ rounds: ROUNDS, ways });
  const bars: readonly Bar[] = atMost === undefined ? [] : [{ of: 'ratio', atMost }];
  return versus({
    what,
    ours: median(times.ours),
    peer: median(times.peer),
    unit: 'ms',
    peerName: "the engine's own function",
    bars,
  });
}

const SCALAR_CALLS: Readonly<Record<string, string>> = {
  'a + b, row form': 'select sum(add_rows(a, b)) from t',
  'upper case, row form': 'select sum(strlen(upper_rows(s))) from t',
};

async function peerRows(run: Run): Promise<Row[]> {
  const makers: Readonly<Record<string, (rowCount: number) => Promise<Peer>>> = {
    'createScalarFunction of duckdb-wasm': stockPeer,
    'native DuckDB, one thread, JavaScript function': nativePeer,
  };
  const rows: Row[] = [];
  for (const [peerName, make] of Object.entries(makers)) {
    const peer = await make(PEER_ROW_COUNT);
    for (const [what, sql] of Object.entries(SCALAR_CALLS)) {
      const ways = { ours: () => timeMs(() => run(sql)), peer: () => timeMs(() => peer.run(sql)) };
      const times = await inTurn({ rounds: 3, ways });
      const scaled = (median(times.peer) * ROW_COUNT) / PEER_ROW_COUNT;
      rows.push(versus({ what, ours: median(times.ours), peer: scaled, unit: 'ms', peerName }));
    }
    peer.close();
  }
  return rows;
}

async function memoryRows(run: Run): Promise<Row[]> {
  const sql = 'select sum(add_rows(a, b)) + sum(strlen(upper_rows(s))) from (from t limit 10000)';
  const repeat = async (times: number) => {
    for (let i = 0; i < times; i++) await run(sql);
    globalThis.gc?.();
    return process.memoryUsage.rss() / 2 ** 20;
  };
  const early = await repeat(100);
  const late = await repeat(900);
  return [
    versus({
      what: 'memory after 1,000 statements',
      ours: late,
      peer: early,
      unit: 'MiB',
      peerName: 'after 100 statements',
      bars: [{ of: 'ratio', atMost: 1.05 }],
    }),
  ];
}

async function registrationRow(session: EngineSession, run: Run): Promise<Row> {
  const count = 500;
  const names = Array.from({ length: count }, (_, index) => `f${index}`);
  const exports = names.map((name) => `(func (export "${name}") (param i32) (result i32) local.get 0)`);
  const plugin: SessionPlugin = {
    compiled: await compileWat(`(module ${exports.join('\n')})`, 'many'),
    functions: names.map((name) => sqlFunction(name, ['INTEGER'], 'INTEGER')),
  };
  const started = performance.now();
  await session.setPlugins([plugin]);
  await run(`select f${count - 1}(1)`);
  const ours = performance.now() - started;
  const bars: readonly Bar[] = [{ of: 'ours', atMost: 1000 }];
  return { what: `registering ${count} functions, and a call`, ours, unit: 'ms', bars };
}
