import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { PluginFunction } from '../wasm-core/protocol/plugins.ts';
import { compileModule } from '../wasm-core/runtime/compile-module.ts';
import { createDuckDbEngine } from '../wasm-core/sql/duckdb/node/engine.ts';
import type { SessionPlugin } from '../wasm-core/sql/engine.ts';
import { geometricMean, inTurn, median, timeMs } from './measure.ts';
import { type Row, type SuiteResult, versus } from './report.ts';

const DATA = path.resolve('examples/data');
const FLIGHTS = `'${DATA}/flights-3m.parquet'`;
const AIRPORTS = `'${DATA}/airports.csv'`;

const QUERIES: Readonly<Record<string, string>> = {
  'count and mean by group': `select origin, count(*), avg(delay) from ${FLIGHTS} group by origin`,
  'filter and sort': `select * from ${FLIGHTS} where delay > 600 order by delay desc, date, origin, destination`,
  'join Parquet with CSV': `select a.state, count(*) from ${FLIGHTS} f join ${AIRPORTS} a on a.iata = f.origin group by all`,
  'window over routes': `with routes as (select origin, destination, count(*) n from ${FLIGHTS} group by all) from routes qualify rank() over (partition by origin order by n desc) <= 3`,
  'distinct pairs': `select count(distinct (origin, destination)) from ${FLIGHTS}`,
  'text functions': `select sum(length(upper(origin || '-' || destination))) from ${FLIGHTS}`,
  'all three million rows': `select * from ${FLIGHTS}`,
};

const HAVERSINE = `2 * 3958.7613 * asin(sqrt(pow(sin(radians(b - a) / 2), 2) + cos(radians(a)) * cos(radians(b)) * pow(sin(radians(d - c) / 2), 2)))`;
const POINTS =
  'select (i % 90)::double a, (i % 80)::double b, (i % 170)::double c, (i % 110)::double d from range(3000000) t(i)';

const FUNCTIONS: Readonly<Record<string, { readonly plugin: string; readonly builtIn: string }>> = {
  'haversine, a plugin in WAT, 3 million rows': {
    plugin: 'select sum(haversine_miles(a, c, b, d)) from points',
    builtIn: `select sum(${HAVERSINE}) from points`,
  },
  'slug, a plugin in AssemblyScript, 300,000 rows': {
    plugin: 'select max(slug(s)) from words',
    builtIn: "select max(regexp_replace(lower(strip_accents(s)), '[^a-z0-9]+', '-', 'g')) from words",
  },
};

const ROUNDS = 5;

/**
 * Our SQL path, rows to a results file and all, beside native DuckDB with one thread over the same files; and plugin
 * functions beside the same arithmetic in DuckDB's own functions.
 */
export async function sqlSuite(): Promise<SuiteResult> {
  const base = mkdtempSync(path.join(tmpdir(), 'quern-bench-'));
  const resultsFolder = path.join(base, 'results');
  mkdirSync(resultsFolder);
  const engine = createDuckDbEngine({ distFolder: path.resolve('dist') });
  const session = await engine.openSession({ folder: base, allow: [DATA], resultsFolder });
  await session.setPlugins(await Promise.all(['geo.wat', 'text.ts'].map(loadPlugin)));
  const ours = async (sql: string) => {
    const { statements } = await session.run({ sql, memoryMb: 64, signal: new AbortController().signal });
    for (const { file } of statements) if (file) rmSync(file.path);
  };
  const native = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  const theirs = async (sql: string) => (await native.run(sql)).fetchAllChunks();
  try {
    const rows = await compareQueries(ours, theirs);
    return {
      title: 'SQL over files, and plugin functions',
      notes: [`Medians of ${ROUNDS}; ours writes its rows to a results file, the peer fetches them.`],
      rows: [...rows, meanOf(rows), ...(await compareFunctions(ours))],
    };
  } finally {
    await engine.dispose();
    rmSync(base, { recursive: true, force: true });
  }
}

type Runner = (sql: string) => Promise<unknown>;

async function compareQueries(ours: Runner, theirs: Runner): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [what, sql] of Object.entries(QUERIES)) {
    const peerName = 'native DuckDB, one thread';
    rows.push(await compare({ what, peerName, ours: () => ours(sql), theirs: () => theirs(sql) }));
  }
  return rows;
}

async function compareFunctions(run: Runner): Promise<Row[]> {
  const words = "select 'Some Words ' || i as s from range(300000) t(i)";
  await run(`create table points as ${POINTS}; create table words as ${words}`);
  const rows: Row[] = [];
  for (const [what, { plugin, builtIn }] of Object.entries(FUNCTIONS)) {
    const peerName = "the engine's own functions";
    rows.push(await compare({ what, peerName, ours: () => run(plugin), theirs: () => run(builtIn) }));
  }
  return rows;
}

async function compare(options: {
  readonly what: string;
  readonly peerName: string;
  readonly ours: () => Promise<unknown>;
  readonly theirs: () => Promise<unknown>;
}): Promise<Row> {
  const { what, peerName } = options;
  const ways = { ours: () => timeMs(options.ours), theirs: () => timeMs(options.theirs) };
  const times = await inTurn({ rounds: ROUNDS, ways });
  return versus({ what, ours: median(times.ours), peer: median(times.theirs), unit: 'ms', peerName });
}

function meanOf(rows: readonly Row[]): Row {
  return { what: 'geometric mean of the queries', ratio: geometricMean(rows.map((r) => r.ratio ?? 1)) };
}

interface CompiledSource {
  readonly name: string;
  readonly wasm: string;
  readonly functions: readonly PluginFunction[];
}

async function loadPlugin(file: string): Promise<SessionPlugin> {
  const output = execFileSync(process.execPath, ['dist/compile.js', `examples/plugins/${file}`], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const { name, wasm, functions } = JSON.parse(output) as CompiledSource;
  const bytes = Buffer.from(wasm, 'base64');
  return { compiled: await compileModule({ bytes, digest: name, name }), functions };
}
