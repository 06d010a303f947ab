import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { PluginFunction } from '../wasm-core/protocol/plugins.ts';
import { compileModule } from '../wasm-core/runtime/compile-module.ts';
import { createDuckDbEngine } from '../wasm-core/sql/duckdb/node/engine.ts';
import type { SessionPlugin } from '../wasm-core/sql/engine.ts';
import { compare, geometricMean, type Measurement, markdown } from './measure.ts';

/*
 * Our SQL path, rows to a results file and all, beside native DuckDB with one thread over the same files; and plugin
 * functions beside the same arithmetic in DuckDB's own functions.
 */

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

async function main(): Promise<void> {
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
    const engines = await compareAll(QUERIES, (name, sql) => ({
      name,
      peer: 'native DuckDB, one thread',
      runs: 5,
      ours: () => ours(sql),
      theirs: () => theirs(sql),
    }));
    await ours(
      `create table points as ${POINTS}; create table words as select 'Some Words ' || i as s from range(300000) t(i)`,
    );
    const pairs: Readonly<Record<string, readonly [string, string]>> = {
      'haversine, a plugin in WAT, 3 million rows': [
        'select sum(haversine_miles(a, c, b, d)) from points',
        `select sum(${HAVERSINE}) from points`,
      ],
      'slug, a plugin in AssemblyScript, 300,000 rows': [
        'select max(slug(s)) from words',
        "select max(regexp_replace(lower(strip_accents(s)), '[^a-z0-9]+', '-', 'g')) from words",
      ],
    };
    const functions: Measurement[] = [];
    for (const [name, [plugin, builtIn]] of Object.entries(pairs)) {
      const peer = "the same in the engine's own functions";
      functions.push(
        await compare({ name, peer, runs: 5, ours: () => ours(plugin), theirs: () => ours(builtIn) }),
      );
    }
    report({ engines, functions });
  } finally {
    await engine.dispose();
    rmSync(base, { recursive: true, force: true });
  }
}

async function compareAll(
  queries: Readonly<Record<string, string>>,
  options: (name: string, sql: string) => Parameters<typeof compare>[0],
): Promise<Measurement[]> {
  const rows: Measurement[] = [];
  for (const [name, sql] of Object.entries(queries)) rows.push(await compare(options(name, sql)));
  return rows;
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

function report(tables: {
  readonly engines: readonly Measurement[];
  readonly functions: readonly Measurement[];
}): void {
  const mean = geometricMean(tables.engines).toFixed(2);
  console.log(
    `\n${cpus().length} cores, Node ${process.version}, medians of 5, ours and the peer in turn.\n`,
  );
  console.log(`## SQL over files, geometric mean ${mean}\n\n${markdown(tables.engines)}\n`);
  console.log(`## Plugin functions\n\n${markdown(tables.functions)}`);
  mkdirSync('out', { recursive: true });
  writeFileSync('out/bench.json', `${JSON.stringify(tables, null, 2)}\n`);
}

void main();
