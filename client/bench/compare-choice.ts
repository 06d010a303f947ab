import * as vscode from 'vscode';
import { reportSummary } from '../../wasm-core/protocol/bench/report.ts';
import { readSqlBenchmarks } from '../../wasm-core/protocol/bench/sql-benchmarks.ts';
import type { ModuleInfo } from '../../wasm-core/protocol/methods.ts';
import { type BenchSubject, subjectKey } from './bench-subject.ts';
import { builtInSubject, functionsLike, meteringSubjects, targetOf } from './beside-subjects.ts';
import { type FunctionSubjectParts, functionSubject } from './function-subjects.ts';
import type { KeptRun } from './kept-runs.ts';
import { type AskValues, fileSubjects } from './sql-subjects.ts';

/** What a run is to be compared with. */
export type CompareChoice =
  /** Its files of baselines, or an earlier run, which is a version of the same. */
  | { readonly type: 'before'; readonly earlier?: { readonly run: KeptRun; readonly name: string } }
  /** Measured in turns; the others stand beside the first. */
  | { readonly type: 'beside'; readonly subjects: readonly BenchSubject[] };

/** What choosing works with. */
export interface CompareParts extends FunctionSubjectParts {
  /** The modules of the folder that a subject's functions are of. */
  readonly modules: (namespace: string) => Promise<readonly ModuleInfo[]>;
  readonly askValues: AskValues;
  /** The folder whose plugins a file's SQL has. */
  readonly namespaceOf: (uri: vscode.Uri) => string;
}

interface Item extends vscode.QuickPickItem {
  readonly make: () => Promise<CompareChoice | undefined>;
}

/** Asks what to compare a run with. @returns undefined when the user declined */
export async function chooseComparison(
  run: KeptRun,
  runs: readonly KeptRun[],
  parts: CompareParts,
): Promise<CompareChoice | undefined> {
  const items: Item[] = [
    {
      label: vscode.l10n.t('$(save) The baseline'),
      description: vscode.l10n.t('what was saved, and is committed with the code'),
      make: async () => ({ type: 'before' }),
    },
    ...earlierItems(run, runs),
    ...(await besideItems(run, parts)),
  ];
  const title = vscode.l10n.t('Compare with');
  const picked = await vscode.window.showQuickPick(items, { title, matchOnDescription: true });
  return await picked?.make();
}

function earlierItems(run: KeptRun, runs: readonly KeptRun[]): readonly Item[] {
  const own = new Set(run.subjects.map(subjectKey));
  return runs
    .filter((other) => other !== run && other.subjects.some((subject) => own.has(subjectKey(subject))))
    .map((other): Item => {
      const time = new Date(other.result.at).toLocaleTimeString();
      const name = vscode.l10n.t('the run of {0}', time);
      return {
        label: `$(history) ${vscode.l10n.t('The run of {0}', time)}`,
        description: reportSummary(other.report, vscode.l10n),
        make: async () => ({ type: 'before', earlier: { run: other, name } }),
      };
    });
}

/** Other ways to do what the first subject does. */
async function besideItems({ subjects }: KeptRun, parts: CompareParts): Promise<readonly Item[]> {
  const [first] = subjects;
  if (first === undefined) return [];
  return first.called === undefined ? await queryItems(first, parts) : await functionItems(first, parts);
}

async function functionItems(first: BenchSubject, parts: CompareParts): Promise<readonly Item[]> {
  const { called } = first;
  if (called === undefined) return [];
  const namespace = parts.namespaceOf(first.file);
  const others = functionsLike(called.target, await parts.modules(namespace));
  const metering = meteringSubjects(first, namespace);
  return [
    ...others.map((other): Item => {
      const language = /\.(\w+)$/.exec(other.module.source ?? '')?.[1];
      return {
        label: `$(symbol-function) ${other.function.name}`,
        description: [other.module.name, ...(language ? [`.${language}`] : [])].join(', '),
        make: async () => ({
          type: 'beside',
          subjects: [first, await functionSubject(targetOf(other), called.args, parts)],
        }),
      };
    }),
    {
      label: vscode.l10n.t('$(database) A function of DuckDB…'),
      description: vscode.l10n.t('called in the same way'),
      make: async () => {
        const name = await vscode.window.showInputBox({
          title: vscode.l10n.t('Function of DuckDB, or macro'),
          prompt: vscode.l10n.t('Called with ({0})', called.args),
          validateInput: (text) =>
            /^[A-Za-z_]\w*$/.test(text) ? undefined : vscode.l10n.t('Write one name, such as upper.'),
        });
        const built = name === undefined ? undefined : builtInSubject(first, name);
        return built && { type: 'beside', subjects: [first, built] };
      },
    },
    ...(metering === undefined
      ? []
      : [
          {
            label: vscode.l10n.t('$(dashboard) Without counting fuel'),
            description: vscode.l10n.t('one call outside of SQL, counting and not'),
            make: async () => ({ type: 'beside', subjects: metering }) as const,
          },
        ]),
  ];
}

async function queryItems(first: BenchSubject, parts: CompareParts): Promise<readonly Item[]> {
  if (first.work.type !== 'statement') return [];
  const document = await vscode.workspace.openTextDocument(first.file);
  if (document.languageId !== 'sql') return [];
  const { benchmarks } = readSqlBenchmarks(document.getText());
  return benchmarks
    .filter(({ name }) => name !== first.name)
    .map(
      ({ name }): Item => ({
        label: `$(code) ${name}`,
        description: vscode.l10n.t('another query of this file'),
        make: async () => {
          const others = await fileSubjects(first.file, parts.askValues, [name]);
          return others && { type: 'beside', subjects: [first, ...others] };
        },
      }),
    );
}
