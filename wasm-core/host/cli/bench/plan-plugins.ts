import path from 'node:path';
import type { HostConnection } from '../../../connect/host-connection.ts';
import {
  benchmarkArguments,
  benchmarkText,
  exampleCall,
} from '../../../protocol/bench/function-benchmarks.ts';
import { UniqueNames } from '../../../protocol/bench/sql-benchmarks.ts';
import type { BytesValue, ModuleInfo } from '../../../protocol/methods.ts';
import type { PluginFunction } from '../../../protocol/plugins.ts';
import type { Cli } from '../cli.ts';
import { isSource } from '../compile.ts';
import { limitsOf } from '../options.ts';
import { loadPlugins } from '../run/load-plugins.ts';
import { matches } from './plan-sql.ts';
import type { BenchBatch, BenchOptions, PlannedBench } from './planned.ts';
import { workspaceFolderOf } from './workspace-folder.ts';

/**
 * The benchmarks of plugins: each function over many rows of SQL, by single calls in both forms, and `process`. What has
 * one name in several files is a group, whose reference is the first of them: versions, or other languages.
 *
 * @param files absolute
 * @param options.input of `process`
 * @throws ReportedFailure when one does not compile; CoreError as `module/load`
 */
export async function planPlugins(
  cli: Cli,
  connection: HostConnection,
  {
    files,
    options,
    input,
  }: {
    readonly files: readonly string[];
    readonly options: BenchOptions;
    readonly input: BytesValue;
  },
): Promise<BenchBatch> {
  const planned: PlannedBench[] = [];
  for (const file of files) {
    // A namespace of its own: other versions of the plugin have the same names.
    const namespace = file;
    const name = path.basename(file, path.extname(file));
    const kind = isSource(file) ? 'source' : 'wasm';
    await loadPlugins(cli, connection, { namespace, files: [{ path: file, name, kind }] });
    const { modules } = await connection.request('module/list', { namespace });
    const [info] = modules;
    if (info === undefined) throw new Error(`${file} was loaded and is not there`);
    planned.push(...(await planModule(connection, { file, info, options, input })));
  }
  return planned.filter(({ name, file = '' }) => matches(file, name, options));
}

async function planModule(
  connection: HostConnection,
  plugin: {
    readonly file: string;
    readonly info: ModuleInfo;
    readonly options: BenchOptions;
    readonly input: BytesValue;
  },
): Promise<PlannedBench[]> {
  const { file, info, options, input } = plugin;
  const folder = workspaceFolderOf(file);
  const limits = limitsOf(options);
  const ref = { module: info.name, namespace: file, folder, ...limits };
  const { session } = await connection.request('sql/open', {
    folder,
    namespace: file,
    allow: [process.cwd()],
  });
  const names = new UniqueNames();
  const bench = (name: string, group: string, target: PlannedBench['target']): PlannedBench => ({
    file,
    name,
    group,
    target,
  });
  const ofFunction = (fn: PluginFunction): PlannedBench[] => {
    const sql = benchmarkText(fn, benchmarkArguments(fn));
    const name = names.take(fn.name);
    const rows = bench(name, name, { type: 'statement', session, sql, ...limits });
    const args = (fn.kind ?? 'scalar') === 'scalar' ? exampleCall(fn) : undefined;
    if (args === undefined) return [rows];
    const call = { type: 'call', ...ref, function: fn.name, arguments: args } as const;
    return [
      rows,
      bench(`${name}, calls`, `${name}, calls`, { ...call, unmetered: false }),
      ...(options.unmetered
        ? [bench(`${name}, calls unmetered`, `${name}, calls`, { ...call, unmetered: true })]
        : []),
    ];
  };
  const run = { type: 'process', ...ref, input } as const;
  const ofProcess = (): PlannedBench[] => [
    bench('process', 'process', { ...run, unmetered: false }),
    ...(options.unmetered ? [bench('process unmetered', 'process', { ...run, unmetered: true })] : []),
  ];
  return [...info.functions.flatMap(ofFunction), ...(info.process ? ofProcess() : [])];
}
