import { DiagnosticSeverity } from 'vscode-languageserver';
import type { DiagnosticLevel } from '../wasm-core/protocol/lsp.ts';

/** What each level of a hint is in the Language Server Protocol. */
export const DIAGNOSTIC_SEVERITIES: Readonly<Record<Exclude<DiagnosticLevel, 'off'>, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};
