import type { DirectiveProblem } from '../../../wasm-core/protocol/directives.ts';
import type { DiagnosticLevel } from '../../../wasm-core/protocol/lsp.ts';

/** A fault of a directive, told by the language server. Each has a page of its code's name in docs/diagnostics. */
export interface DirectiveHint {
  readonly code: string;
  /** How loud it is unless the setting `quern.diagnostics` says otherwise. */
  readonly level: Exclude<DiagnosticLevel, 'off'>;
}

/** A chart of columns that the statement lacks, or that are of other types than the chart takes. */
export const CHART_COLUMN: DirectiveHint = { code: 'chart-column', level: 'warning' };

/** By what is wrong; of a `value` the engine tells, since the statement cannot run. */
export const PROBLEM_HINTS: Readonly<Record<Exclude<DirectiveProblem['type'], 'value'>, DirectiveHint>> = {
  bench: { code: 'bench-directive', level: 'warning' },
  chart: { code: 'chart-directive', level: 'warning' },
  unknown: { code: 'unknown-directive', level: 'hint' },
};

/** All of them, by code. */
export const DIRECTIVE_HINTS: readonly DirectiveHint[] = [
  PROBLEM_HINTS.bench,
  CHART_COLUMN,
  PROBLEM_HINTS.chart,
  PROBLEM_HINTS.unknown,
];
