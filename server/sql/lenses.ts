import type { CodeLens } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { leadingStart, readDirectives } from '../../wasm-core/protocol/directives.ts';
import {
  BENCHMARK_COMMAND,
  EXPLAIN_COMMAND,
  RUN_ABOVE_COMMAND,
  RUN_STATEMENT_COMMAND,
  type RunTarget,
} from '../../wasm-core/protocol/lsp.ts';
import { isQuery } from '../../wasm-core/protocol/query.ts';
import type { SlicedWork } from '../turns.ts';
import type { PlacedStatement } from './syntax/document-syntax.ts';

/** Longest name of a statement that a lens shows, characters. */
const MAX_NAME = 40;

/**
 * What can be done with each statement, above it: Run, Run Above, and for queries Explain and Benchmark. The commands
 * carry everything, so a click needs no call back. Others have their turn in between.
 */
export async function runLenses(
  document: TextDocument,
  statements: readonly PlacedStatement[],
  { turns, isCancelled }: SlicedWork,
): Promise<CodeLens[]> {
  const { uri, version } = document;
  const text = document.getText();
  const lensesOf = ({ start, end }: PlacedStatement, statementIndex: number): CodeLens[] => {
    const target: RunTarget = { uri, version, start, end, statementIndex };
    const position = document.positionAt(start);
    const lens = (title: string, command: string): CodeLens => ({
      range: { start: position, end: position },
      command: { title, command, arguments: [target] },
    });
    const { name } = readDirectives(text, leadingStart(statements, statementIndex), start);
    return [
      lens(name === undefined ? '$(play) Run' : `$(play) Run ${shortened(name)}`, RUN_STATEMENT_COMMAND),
      ...(statementIndex > 0 ? [lens('Run Above', RUN_ABOVE_COMMAND)] : []),
      ...(isQuery(text.slice(start, end))
        ? [lens('Explain', EXPLAIN_COMMAND), lens('Benchmark', BENCHMARK_COMMAND)]
        : []),
    ];
  };
  return await turns.flatMap(statements, lensesOf, isCancelled);
}

function shortened(name: string): string {
  return name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME - 1)}…`;
}
