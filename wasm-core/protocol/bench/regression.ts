import type { DiagnosticLevel } from '../lsp.ts';

/** The warning of a benchmark that does worse than its baseline; `docs/diagnostics/bench-regression.md` tells of it. */
export const BENCH_REGRESSION: { readonly code: string; readonly level: DiagnosticLevel } = {
  code: 'bench-regression',
  level: 'warning',
};
