import type { Diagnostic } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { chartColumnFaults } from '../../../wasm-core/protocol/chart-column-faults.ts';
import {
  leadingStart,
  readDirectives,
  type StatementDirectives,
} from '../../../wasm-core/protocol/directives.ts';
import type { DiagnosticLevel } from '../../../wasm-core/protocol/lsp.ts';
import type { ColumnInfo } from '../../../wasm-core/protocol/methods.ts';
import type { StatementRange } from '../../../wasm-core/protocol/statements.ts';
import { DIAGNOSTIC_SEVERITIES } from '../../severities.ts';
import { CHART_COLUMN, type DirectiveHint, PROBLEM_HINTS } from './directive-codes.ts';
import { DIRECTIVE } from './directive-texts.ts';

/** What is known of a document's statements. */
export interface DirectiveSources {
  /** All of the document. */
  readonly statements: readonly StatementRange[];
  /** The columns of the statement of an index; undefined while they are not known. */
  readonly columns: (index: number) => readonly ColumnInfo[] | undefined;
  /** How loud a hint is, as the settings say. */
  readonly level: (hint: DirectiveHint) => DiagnosticLevel;
}

/**
 * What is said of directives that do not exist, perhaps by a slip of the pen, and of charts and benchmarks that cannot be
 * as they are written; the engine itself tells wrong values of the others.
 */
export function directiveHints(document: TextDocument, sources: DirectiveSources): Diagnostic[] {
  const { statements, columns, level } = sources;
  const text = document.getText();
  return statements.flatMap(({ start: to }, index) => {
    const from = leadingStart(statements, index);
    // Most statements have none, and this is looked for with each publication of a long text's diagnostics.
    if (!DIRECTIVE.test(text.slice(from, to))) return [];
    const directives = readDirectives(text, from, to);
    const known = directives.chart === undefined ? undefined : columns(index);
    return [...problemsOf(directives), ...columnFaults(directives, { text, columns: known })].flatMap(
      ({ hint, message, start, end, candidates }) => {
        const loud = level(hint);
        if (loud === 'off') return [];
        return {
          range: { start: document.positionAt(start), end: document.positionAt(end) },
          severity: DIAGNOSTIC_SEVERITIES[loud],
          source: 'quern',
          code: hint.code,
          message,
          ...(candidates !== undefined && { data: { candidates } }),
        };
      },
    );
  });
}

interface FoundHint {
  readonly hint: DirectiveHint;
  readonly message: string;
  /** UTF-16 code units in the document. */
  readonly start: number;
  readonly end: number;
  readonly candidates?: readonly string[];
}

function problemsOf({ problems }: StatementDirectives): FoundHint[] {
  return problems.flatMap(({ type, ...found }) =>
    type === 'value' ? [] : [{ hint: PROBLEM_HINTS[type], ...found }],
  );
}

function columnFaults(
  { chart }: StatementDirectives,
  { text, columns }: { readonly text: string; readonly columns: readonly ColumnInfo[] | undefined },
): FoundHint[] {
  if (chart === undefined || columns === undefined) return [];
  const { saidStart, end } = chart;
  return chartColumnFaults(text.slice(saidStart, end), columns).map((fault) => ({
    hint: CHART_COLUMN,
    ...fault,
    start: saidStart + fault.start,
    end: saidStart + fault.end,
  }));
}
