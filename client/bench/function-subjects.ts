import * as vscode from 'vscode';
import { BENCHMARK_ROWS, benchmarkText } from '../../wasm-core/protocol/bench/function-benchmarks.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { FunctionTarget } from '../../wasm-core/protocol/lsp.ts';
import type { CallDocuments } from '../functions/call-documents.ts';
import type { LanguageService } from '../language-client.ts';
import type { BenchSubject } from './bench-subject.ts';

/** What subjects of functions are made with. */
export interface FunctionSubjectParts {
  readonly languages: Pick<LanguageService, 'functionsOf'>;
  readonly calls: CallDocuments;
}

/**
 * A plugin's function, called from SQL for many rows.
 *
 * @param args of each call as SQL, where `i` is the number of the row
 */
export async function functionSubject(
  target: FunctionTarget,
  args: string,
  parts: FunctionSubjectParts,
): Promise<BenchSubject> {
  const { function: fn } = target;
  const file = vscode.Uri.parse(target.uri);
  const sql = benchmarkText(fn, args);
  const work = (rowCount: number) =>
    ({
      type: 'statement',
      sql: sql.replace(`range(${BENCHMARK_ROWS})`, `range(${rowCount})`),
      parameters: {},
      setup: [],
    }) as const;
  const found = async () =>
    (await parts.languages.functionsOf(target.uri)).find((other) => isSame(other, target));
  return {
    name: fn.name,
    file,
    document: await parts.calls.open(target, sql),
    work: work(BENCHMARK_ROWS),
    options: {},
    isCommitted: true,
    called: { target, args },
    find: async () => {
      const at = await found();
      if (at === undefined) return undefined;
      const document = await vscode.workspace.openTextDocument(file);
      return new vscode.Location(file, document.lineAt(Math.min(at.line, document.lineCount - 1)).range);
    },
    again: async () => {
      const now = await found();
      if (now !== undefined) return await functionSubject(now, args, parts);
      throw new CoreError('REQUEST_INVALID', `The plugin has no function ${fn.name} any more.`);
    },
    // The rows of a table function are its own.
    ...(fn.kind !== 'table' && { sized: work }),
  };
}

function isSame(a: FunctionTarget, b: FunctionTarget): boolean {
  return a.uri === b.uri && a.function.name === b.function.name;
}
