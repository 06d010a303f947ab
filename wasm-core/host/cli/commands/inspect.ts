import path from 'node:path';
import type { Command } from 'commander';
import { ModuleInspector } from '../../../binary/inspect/inspector.ts';
import {
  MAX_WASM_ROWS,
  type WasmAnswers,
  type WasmLines,
  type WasmList,
  type WasmQuestion,
  type WasmRow,
} from '../../../protocol/wasm-viewer.ts';
import { readModuleFile } from '../../module-file.ts';
import type { Cli } from '../cli.ts';
import { callsText, headingText, lineText } from '../inspect/function-lines.ts';
import { comparisonText, overviewText } from '../inspect/overview-text.ts';
import { print, standardOutput } from '../output.ts';
import { ReportedFailure, UsageError } from '../report-error.ts';

interface InspectOptions {
  readonly function?: string;
  readonly wat?: boolean;
  readonly compare?: string;
}

/** `quern inspect FILE.wasm`. */
export function addInspect(program: Command, cli: Cli): void {
  program
    .command('inspect')
    .description('show what is in a .wasm file; nothing of it is run')
    .argument('<file>', 'a module, whole or broken')
    .option('--function <function>', "one function's code with offsets, and its calls; by index or name")
    .option('--wat', 'the text of the module, or of the function')
    .option('--compare <file>', 'what differs from another module')
    .addHelpText('after', NOTES)
    .action((file: string, options: InspectOptions) => inspect(cli, file, options));
}

const NOTES = `
The exit code is 1 when the file could not be read to its end; what could be read is shown.`;

async function inspect(cli: Cli, file: string, options: InspectOptions): Promise<void> {
  const { compare, wat } = options;
  if (compare !== undefined && (wat || options.function !== undefined)) {
    throw new UsageError('give --compare alone');
  }
  if (wat && cli.json) throw new UsageError('give one of --wat and --json, not both');
  const inspector = new ModuleInspector(await readModuleFile(path.resolve(file)));
  const index = options.function === undefined ? undefined : inspector.functionNamed(options.function);
  if (wat) return await printPieces(inspector.text(index));
  if (compare !== undefined) return await printComparison(cli, inspector, compare);
  if (index !== undefined) return await printFunction(cli, inspector, index);
  await printOverview(cli, inspector);
  if (ask(inspector, { kind: 'overview' }).problems.length > 0) throw new ReportedFailure();
}

/** Functions of the overview for people. */
const LARGEST = 20;

async function printOverview(cli: Cli, inspector: ModuleInspector): Promise<void> {
  const overview = ask(inspector, { kind: 'overview' });
  const imports = [...rowsOf(inspector, 'imports')];
  const exports = [...rowsOf(inspector, 'exports')];
  if (cli.json) {
    const functions = [...rowsOf(inspector, 'functions')];
    return await print(JSON.stringify({ ...overview, imports, exports, functions }));
  }
  const wish = { search: '', sort: 3, descending: true, first: 0, count: LARGEST } as const;
  const { rows } = ask(inspector, { kind: 'rows', list: 'functions', ...wish });
  const functions = rows.filter(({ cells }) => cells[3] !== 'imported');
  await print(overviewText(overview, { imports, exports, functions }));
}

async function printComparison(cli: Cli, inspector: ModuleInspector, other: string): Promise<void> {
  const comparison = inspector.compare(await readModuleFile(path.resolve(other)), other);
  const changes = [...rowsOf(inspector, 'changes')];
  if (cli.json) return await print(JSON.stringify({ ...comparison, changes }));
  await print(comparisonText(comparison, changes));
}

async function printFunction(cli: Cli, inspector: ModuleInspector, index: number): Promise<void> {
  const calls = ask(inspector, { kind: 'calls', function: index });
  if (cli.json) {
    const parts = [...linesOf(inspector, index)];
    const lines = parts.flatMap((part) => part.lines);
    return await print(JSON.stringify({ ...parts[0], lines, calls }));
  }
  await printPieces(functionPieces(inspector, index));
  await print(callsText(calls));
}

function* functionPieces(inspector: ModuleInspector, index: number): Generator<string> {
  for (const part of linesOf(inspector, index)) {
    if (part.first === 0) yield headingText(part);
    for (const line of part.lines) yield lineText(line);
    if (part.problem !== undefined && part.first + part.lines.length === part.total)
      yield `;; ${part.problem}\n`;
  }
}

/** All lines of a function, in the portions that an inspector gives; one portion at least. */
function* linesOf(inspector: ModuleInspector, index: number): Generator<WasmLines> {
  let first = 0;
  let part: WasmLines;
  do {
    part = ask(inspector, { kind: 'lines', function: index, first, count: MAX_WASM_ROWS });
    yield part;
    first += part.lines.length;
  } while (first < part.total);
}

function* rowsOf(inspector: ModuleInspector, list: WasmList): Generator<WasmRow> {
  let first = 0;
  let total: number;
  do {
    const wish = { search: '', descending: false, first, count: MAX_WASM_ROWS };
    const page = ask(inspector, { kind: 'rows', list, ...wish });
    yield* page.rows;
    first += page.rows.length;
    total = page.total;
  } while (first < total);
}

/** An answer is of the kind of its question. */
function ask<Q extends WasmQuestion>(inspector: ModuleInspector, question: Q): WasmAnswers[Q['kind']] {
  return inspector.answer(question) as WasmAnswers[Q['kind']];
}

/** Text in pieces that are longer than a line, since each write costs. */
const PIECE_LENGTH = 64 * 1024;

async function printPieces(pieces: Iterable<string>): Promise<void> {
  const output = standardOutput();
  let waiting = '';
  for (const piece of pieces) {
    waiting += piece;
    if (waiting.length < PIECE_LENGTH) continue;
    await output.write(waiting);
    waiting = '';
  }
  await output.write(waiting);
}
