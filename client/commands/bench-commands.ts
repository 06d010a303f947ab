import * as vscode from 'vscode';
import { assertNever } from '../../wasm-core/protocol/assert-never.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import { findParameters } from '../../wasm-core/protocol/parameters.ts';
import { isQuery } from '../../wasm-core/protocol/query.ts';
import type { BenchNode } from '../bench/bench-model.ts';
import type { BenchPageAsk } from '../bench/bench-panel.ts';
import { type BenchSubject, subjectKey } from '../bench/bench-subject.ts';
import type { BenchTree } from '../bench/bench-tree.ts';
import type { Benches } from '../bench/benches.ts';
import { chainSubject } from '../bench/chain-subjects.ts';
import { type CompareParts, chooseComparison } from '../bench/compare-choice.ts';
import { functionSubject } from '../bench/function-subjects.ts';
import { hostSubjects } from '../bench/host-subjects.ts';
import type { KeptRun } from '../bench/kept-runs.ts';
import { fileSubjects, statementSubject } from '../bench/sql-subjects.ts';
import type { ChainPanel } from '../chains/chain-panel.ts';
import { functionTarget } from '../functions/function-target.ts';
import { documentFolder } from '../host/sessions.ts';
import type { EditHistory } from '../run/edit-history.ts';
import type { ParameterValues } from '../run/parameter-values.ts';
import { cursorChoice, type StatementSource, targetChoice } from '../run/run-choice.ts';
import { parseRunTarget } from '../run/run-target.ts';
import { checkTrust } from '../trust.ts';
import type { FunctionCommandParts } from './function-commands.ts';
import type { Commands } from './register.ts';

/** What commands about benchmarks work with. */
export interface BenchCommandParts extends Omit<FunctionCommandParts, 'runner'> {
  readonly benches: Benches;
  readonly tree: BenchTree;
  readonly edits: EditHistory;
  readonly values: ParameterValues;
  readonly statements: StatementSource;
  readonly modules: CompareParts['modules'];
  readonly chains: Pick<ChainPanel, 'inputOf'>;
}

/** Commands that measure, and that show what was measured. */
export function benchCommands(parts: BenchCommandParts): Commands {
  const { benches, languages, args, tree } = parts;
  return {
    'quern.benchmarkStatement': async (argument) => {
      if (await checkTrust()) await benchmarkStatement(parts, argument);
    },
    'quern.benchmarkFunction': async (argument) => {
      if (!(await checkTrust())) return;
      const target = await functionTarget(argument, languages);
      const given = await args.of(target, 'benchmark');
      if (given === undefined) return;
      const subject = await functionSubject(target, given, parts);
      await benches.run({ title: vscode.l10n.t('Benchmark of {0}', subject.name), subjects: [subject] });
    },
    'quern.runBenchmark': async (argument) => {
      if (!(await checkTrust())) return;
      const subjects = await subjectsOf(parts, argument);
      if (subjects !== undefined) await benches.run({ title: titleOf(subjects), subjects });
    },
    'quern.runAllBenchmarks': async () => {
      if (!(await checkTrust())) return;
      const all = await allSubjects(parts);
      if (all !== undefined) await benches.run({ title: titleOf(all), subjects: all });
    },
    'quern.showBenchmarks': async () => await benches.show(lastRun(benches)),
    'quern.compareBenchmarks': async () => {
      if (await checkTrust()) await compare(parts, lastRun(benches));
    },
    'quern.scaleBenchmarks': async () => {
      if (await checkTrust()) await benches.scale(lastRun(benches));
    },
    'quern.saveBaseline': async (argument) => {
      const files = await benches.save(runOf(benches, argument));
      const names = files.map((file) => vscode.workspace.asRelativePath(file)).join(', ');
      vscode.window.setStatusBarMessage(vscode.l10n.t('{0} is written.', names), 5_000);
    },
    'quern.openBenchmark': async (argument) => {
      const [subject] = isBenchNode(argument) ? ((await subjectsOf(parts, argument)) ?? []) : [];
      await reveal(subject);
    },
    'quern.refreshBenchmarks': () => tree.refresh(),
  };
}

/** Does what the page asks for. */
export async function answerBenchPage(parts: BenchCommandParts, asked: BenchPageAsk): Promise<void> {
  const { benches } = parts;
  if (asked.type === 'cancel') return benches.cancel();
  const run = lastRun(benches);
  switch (asked.type) {
    case 'runAgain': {
      const subjects = await Promise.all(run.subjects.map((subject) => subject.again()));
      await benches.run({ title: run.title, subjects, references: run.references });
      return;
    }
    case 'saveBaseline':
      await benches.save(run);
      return;
    case 'compare':
      return await compare(parts, run);
    case 'scale':
      return await benches.scale(run);
    case 'reveal':
      return await reveal(run.subjects[asked.target]);
    default:
      assertNever(asked);
  }
}

async function compare(parts: BenchCommandParts, run: KeptRun): Promise<void> {
  const { benches, values, modules } = parts;
  const choice = await chooseComparison(run, benches.kept.runs, {
    ...parts,
    modules,
    askValues: (names) => values.of(names),
    namespaceOf: (uri) => documentFolder(uri).root,
  });
  if (choice === undefined) return;
  if (choice.type === 'before') return await benches.compare(run, choice.earlier);
  const { subjects } = choice;
  // All stand beside the first.
  const references = new Map(subjects.slice(1).map((_, index) => [index + 1, 0]));
  const title = vscode.l10n.t('Comparison of {0}', subjects.map(({ name }) => name).join(', '));
  await benches.run({ title, subjects, references });
}

async function benchmarkStatement(parts: BenchCommandParts, argument: unknown): Promise<void> {
  const { benches, edits, statements, values } = parts;
  const target = parseRunTarget(argument);
  const chosen =
    target === undefined
      ? await cursorChoice('one', statements)
      : await targetChoice(target, { reach: 'one', edits, statements });
  const { document } = chosen;
  const text = document.getText();
  const [piece, ...more] = chosen.pieces;
  if (piece === undefined || more.length > 0 || !isQuery(text.slice(piece.start, piece.end))) {
    const message = vscode.l10n.t('Benchmark repeats one query, such as a SELECT; put the cursor into one.');
    throw new CoreError('REQUEST_INVALID', message);
  }
  const names = findParameters(text.slice(piece.start, piece.end)).map(({ name }) => name);
  const parameters = await values.of(names);
  if (parameters === undefined) return;
  if (document.getText() !== text) {
    throw new CoreError(
      'REQUEST_INVALID',
      vscode.l10n.t('The text has changed in the meantime. Run it again.'),
    );
  }
  const subject = statementSubject(document, piece, parameters);
  await benches.run({ title: vscode.l10n.t('Benchmark of {0}', subject.name), subjects: [subject] });
}

/** What a node of the view, or a warning, means. @returns undefined when the user declined */
async function subjectsOf(
  parts: BenchCommandParts,
  argument: unknown,
): Promise<readonly BenchSubject[] | undefined> {
  const { benches, values } = parts;
  if (isKeyed(argument)) {
    const kept = benches.kept.rows.get(argument.key);
    return kept === undefined ? [] : [await kept.subject.again()];
  }
  if (!isBenchNode(argument) || argument.kind === 'note') return await allSubjects(parts);
  const { file } = argument;
  const names = argument.kind === 'benchmark' ? [argument.name] : file.names;
  const uri = vscode.Uri.parse(file.uri);
  switch (file.type) {
    case 'sql':
      return await fileSubjects(uri, (asked) => values.of(asked), names);
    case 'plugin':
      return await functionSubjects(parts, uri, names);
    case 'chain':
      return [await chainSubject(uri, (chain) => parts.chains.inputOf(chain))];
    case 'host':
      return hostSubjects(names);
    default:
      assertNever(file.type);
  }
}

/** Functions of a source, with the arguments of the last time, or examples. */
async function functionSubjects(
  parts: BenchCommandParts,
  uri: vscode.Uri,
  names: readonly string[],
): Promise<readonly BenchSubject[]> {
  const { languages, args } = parts;
  const functions = await languages.functionsOf(uri.toString());
  const wanted = functions.filter((target) => names.includes(target.function.name));
  return await Promise.all(
    wanted.map((target) => functionSubject(target, args.known(target, 'benchmark'), parts)),
  );
}

/** Queries and functions; chains, which may change something, and the host only where one asks for them. */
async function allSubjects(parts: BenchCommandParts): Promise<readonly BenchSubject[] | undefined> {
  const nodes = await parts.tree.getChildren();
  const all: BenchSubject[] = [];
  for (const node of nodes) {
    if (node.kind !== 'file' || node.file.type === 'chain' || node.file.type === 'host') continue;
    const found = await subjectsOf(parts, node);
    if (found === undefined) return undefined;
    all.push(...found);
  }
  return all;
}

function titleOf(subjects: readonly BenchSubject[]): string {
  const files = [...new Set(subjects.map(({ file }) => vscode.workspace.asRelativePath(file)))];
  const [first, ...more] = subjects;
  if (first !== undefined && more.length === 0) return vscode.l10n.t('Benchmark of {0}', first.name);
  if (subjects.every(({ work }) => work.type === 'host')) return vscode.l10n.t('Benchmarks of the host');
  return files.length === 1
    ? vscode.l10n.t('Benchmarks of {0}', files[0] ?? '')
    : vscode.l10n.t('Benchmarks of {0} files', files.length);
}

function runOf(benches: Benches, argument: unknown): KeptRun {
  if (!isKeyed(argument) && !(isBenchNode(argument) && argument.kind === 'benchmark'))
    return lastRun(benches);
  const key = isKeyed(argument) ? argument.key : `${argument.file.uri}#${argument.name}`;
  const found = benches.kept.runs.find(({ subjects }) =>
    subjects.some((subject) => subjectKey(subject) === key),
  );
  return found === undefined ? lastRun(benches) : onlyOf(found, key);
}

/** A run as if it had measured one subject alone. */
function onlyOf(run: KeptRun, key: string): KeptRun {
  const index = run.subjects.findIndex((subject) => subjectKey(subject) === key);
  const subjects = run.subjects.slice(index, index + 1);
  const targets = run.result.targets.slice(index, index + 1);
  const rows = run.report.rows.slice(index, index + 1);
  return {
    ...run,
    subjects,
    references: new Map(),
    result: { ...run.result, targets },
    report: { ...run.report, rows },
  };
}

function lastRun(benches: Benches): KeptRun {
  const [run] = benches.kept.runs;
  if (run !== undefined) return run;
  const message = vscode.l10n.t(
    'Nothing was measured yet. Press Benchmark above a query, or run one of the view.',
  );
  throw new CoreError('REQUEST_INVALID', message);
}

async function reveal(subject: BenchSubject | undefined): Promise<void> {
  if (subject?.work.type === 'host') {
    const message = vscode.l10n.t('The host is measured from outside; there is no code of yours to show.');
    throw new CoreError('REQUEST_INVALID', message);
  }
  const place = await subject?.find();
  if (place === undefined) {
    throw new CoreError(
      'REQUEST_INVALID',
      vscode.l10n.t('The code of this benchmark is not there any more.'),
    );
  }
  await vscode.window.showTextDocument(place.uri, {
    selection: new vscode.Range(place.range.start, place.range.start),
    viewColumn: vscode.ViewColumn.One,
  });
}

function isKeyed(value: unknown): value is { readonly key: string } {
  return typeof value === 'object' && value !== null && 'key' in value && typeof value.key === 'string';
}

function isBenchNode(value: unknown): value is BenchNode {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    ('file' in value || value.kind === 'note')
  );
}
