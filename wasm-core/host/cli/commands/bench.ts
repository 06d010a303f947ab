import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { HostConnection } from '../../../connect/host-connection.ts';
import { type BenchRunResult, HOST_OPERATIONS } from '../../../protocol/bench.ts';
import { CoreError } from '../../../protocol/errors.ts';
import type { BytesValue } from '../../../protocol/methods.ts';
import { type BaselineFileChoice, readBaselines, saveBaselines } from '../bench/baselines.ts';
import { findBenchFiles } from '../bench/bench-files.ts';
import { benchReport, writeReport } from '../bench/bench-report.ts';
import { batchText, benchSummary, machineText } from '../bench/bench-text.ts';
import { isRegression, type JudgedBench, judge, withReferences } from '../bench/judge.ts';
import { planChain } from '../bench/plan-chain.ts';
import { planPlugins } from '../bench/plan-plugins.ts';
import { matches, planSql } from '../bench/plan-sql.ts';
import type { BenchBatch, BenchOptions } from '../bench/planned.ts';
import { runBatch } from '../bench/run-batch.ts';
import type { Cli } from '../cli.ts';
import { readInput } from '../input.ts';
import { wholeNumber } from '../options.ts';
import { print } from '../output.ts';
import { ReportedFailure, UsageError } from '../report-error.ts';
import { addSessionOptions } from './run.ts';

/** `quern bench [PATH…]`. */
export function addBench(program: Command, cli: Cli): void {
  const command = program
    .command('bench')
    .description('measure SQL, plugins, chains and the host, and compare with before')
    .argument('[paths...]', 'SQL files, plugins, chain files, and folders (default: the current one)')
    .option('--host', 'measure the host itself')
    .option('--unmetered', 'measure calls and process of plugins without counting fuel, too')
    .option('--filter <text>', 'measure only benchmarks whose FILE#NAME has this text in it')
    .option('--runs <n>', 'samples of each (default: as many as the time allows)', wholeNumber)
    .option('--time-ms <n>', 'time for measuring each (default: 3000)', wholeNumber)
    .option('--warm-up <n>', 'runs of each before (default: until their times stay alike)', wholeNumber)
    .option('--input <text>', 'the input of process and of chains (default: a short text)')
    .option('--input-file <file>', 'the same from a file')
    .option('--save [file]', 'write what was measured as baseline (default: quern.bench.json)')
    .option('--baseline <file>', 'compare with this file (default: the nearest quern.bench.json)')
    .option('--check', 'exit with 1 when something is worse than its baseline')
    .option('--markdown <file>', 'write a report as Markdown')
    .option('--svg <file>', 'write pictures of the times')
    .option('--threshold <percent>', 'the least change of time that counts (default: 5)', percentage)
    .option('--any-machine', 'compare times with those of another machine, too');
  addSessionOptions(command)
    .addHelpText('after', NOTES)
    .action((paths: readonly string[], options: BenchOptions) => bench(cli, paths, options));
}

const NOTES = `
Of a SQL file the queries with a comment -- @bench NAME are measured, or all of them when none has that; other
statements in front of them run once. Of a plugin each function is; name several to compare them. Of folders the
*.bench.sql files are. A time is worse when it is longer by the threshold, in a test at a level of 1 % and in a second
measurement; fuel when there is 0.1 % more of it. --timeout-ms and --fuel are for each run.`;

async function bench(cli: Cli, paths: readonly string[], options: BenchOptions): Promise<void> {
  if (options.check && options.save !== undefined)
    throw new UsageError('give one of --check and --save, not both');
  const named = paths.length === 0 && options.host !== true ? ['.'] : paths;
  const files = findBenchFiles(named);
  const input = await inputOf(options);
  const baselines = readBaselines(options);
  // From here on Ctrl+C cancels instead of ending us at once.
  cli.signal.throwIfAborted();
  const connection = await cli.connect();
  const work = new BenchWork({ cli, connection, options, baselines });
  for (const file of files.sql) await work.batch(file, () => planSql(cli, connection, { file, options }));
  if (files.plugins.length > 0) {
    const { plugins } = files;
    await work.batch(plugins[0], () => planPlugins(cli, connection, { files: plugins, options, input }));
  }
  for (const file of files.chains) {
    await work.batch(file, () => planChain(cli, connection, { file, options, input }));
  }
  if (options.host) await work.batch(undefined, async () => hostBatch(options));
  await work.end();
}

function hostBatch(options: BenchOptions): BenchBatch {
  const names = HOST_OPERATIONS.filter((name) => matches('host', name, options));
  return names.map((operation) => ({
    file: undefined,
    name: operation,
    target: { type: 'host', operation },
  }));
}

/** What a run of the command works with. */
interface BenchParts {
  readonly cli: Cli;
  readonly connection: HostConnection;
  readonly options: BenchOptions;
  readonly baselines: BaselineFileChoice;
}

/** Measures batches one after the other, and tells of each when it is done. */
class BenchWork {
  readonly #parts: BenchParts;
  readonly #all: JudgedBench[] = [];
  #run: BenchRunResult | undefined;

  constructor(parts: BenchParts) {
    this.#parts = parts;
  }

  /**
   * Plans and measures benchmarks; when they cannot be planned that is a failure of theirs, and others go on.
   *
   * @param file what they are of, for such a failure
   */
  async batch(file: string | undefined, plan: () => Promise<BenchBatch>): Promise<void> {
    const { cli, connection, options } = this.#parts;
    try {
      const batch = await plan();
      if (batch.length === 0) return;
      const { done, run } = await runBatch(cli, connection, { batch, options });
      this.#run ??= run;
      const judged = done.map((one) => judge(one, this.#judging(run)));
      await this.#tell(withReferences(await this.#confirmed(judged), options));
    } catch (error) {
      if (cli.interrupted || !(error instanceof CoreError) || error.kind === 'HOST_LOST') throw error;
      const { kind, message, details } = error;
      const name = file === undefined ? 'host' : path.basename(file);
      const outcome = { outcome: 'failed', name, type: 'statement', kind, message, details } as const;
      const bench = { file, name, target: { type: 'host', operation: 'connect' } } as const;
      await this.#tell([{ bench, outcome, id: name }]);
    }
  }

  /** @throws ReportedFailure when something failed, or is worse than it may be */
  async end(): Promise<void> {
    const { cli, options, baselines } = this.#parts;
    const run = this.#run;
    if (cli.json) await print(jsonText(this.#all, run));
    if (this.#all.length === 0) return cli.say('There are no benchmarks in what was named.');
    if (options.save !== undefined && run !== undefined) {
      const count = await saveBaselines(baselines, this.#all, run);
      cli.say(`${count} written to ${baselines.path}`);
    }
    const isCompared = options.save === undefined && baselines.baselines !== undefined;
    if (run !== undefined) {
      const against = isCompared ? path.basename(baselines.path) : undefined;
      await writeReport(benchReport(this.#all, run, against), options);
      cli.say(machineText(run));
    }
    cli.say(benchSummary(this.#all, isCompared));
    const hasFailed = this.#all.some(({ outcome }) => outcome.outcome === 'failed');
    if (hasFailed || (options.check && this.#all.some(isRegression))) throw new ReportedFailure();
  }

  /** Times that seem longer are measured once more, since a machine has its moods; fuel has none. */
  async #confirmed(judged: readonly JudgedBench[]): Promise<readonly JudgedBench[]> {
    const { cli, connection, options } = this.#parts;
    const doubtful = judged.filter(
      ({ comparison }) => comparison?.type === 'compared' && comparison.time?.verdict === 'slower',
    );
    if (!options.check || doubtful.length === 0) return judged;
    cli.explain(`Measuring ${doubtful.length} once more`);
    const batch = doubtful.map(({ bench }) => bench);
    const { done, run } = await runBatch(cli, connection, { batch, options });
    const again = new Map(done.map((one) => [one.bench, judge(one, this.#judging(run))]));
    return judged.map((one) => again.get(one.bench) ?? one);
  }

  #judging({ machine }: BenchRunResult) {
    const { options, baselines } = this.#parts;
    const known = options.save === undefined ? baselines.baselines : undefined;
    return { baselines: known, folder: path.dirname(baselines.path), machine, options };
  }

  async #tell(batch: readonly JudgedBench[]): Promise<void> {
    this.#all.push(...batch);
    if (!this.#parts.cli.json) await print(batchText(batch, path.basename(this.#parts.baselines.path)));
  }
}

function jsonText(all: readonly JudgedBench[], run: BenchRunResult | undefined): string {
  const benchmarks = all.map(({ id, bench, outcome, comparison, reference }) => ({
    id,
    ...(bench.file !== undefined && { file: bench.file }),
    ...(bench.line !== undefined && { line: bench.line }),
    ...(bench.group !== undefined && { group: bench.group }),
    ...outcome,
    ...(comparison && { comparison }),
    ...(reference && { reference }),
  }));
  const { machine, versions, load, at } = run ?? {};
  return JSON.stringify({ benchmarks, machine, versions, load, at });
}

/** Without any a short text, so that nobody is waited for. */
async function inputOf(options: BenchOptions): Promise<BytesValue> {
  const isGiven = options.input !== undefined || options.inputFile !== undefined;
  return isGiven ? await readInput(options) : { utf8: 'some text' };
}

function percentage(text: string): number {
  const value = Number(text.replace(/%$/, ''));
  if (/^[\d.]+%?$/.test(text) && value > 0 && value <= 1000) return value;
  throw new InvalidArgumentError('It takes a percentage above 0.');
}
