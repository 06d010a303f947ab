import type { DiagnosticLevel } from '../../../wasm-core/protocol/lsp.ts';
import type { SqlKnowledge } from '../knowledge.ts';
import type { Span, StatementSyntax } from '../syntax/tree.ts';
import type { TrialCall } from './trial-calls.ts';

/** A fault that DuckDB lets pass. Each has a page of its code's name in docs/diagnostics. */
export interface Lint {
  /** In kebab case. */
  readonly code: string;
  /** How loud it is unless the setting `quern.diagnostics` says otherwise. */
  readonly level: Exclude<DiagnosticLevel, 'off'>;
  /** Whether what it finds can be left out, and is shown faded. */
  readonly isUnnecessary?: true;
  /** Looks at a statement without an error of the engine's; nothing rejects but for a bug. */
  find(input: LintInput): readonly LintFinding[] | Promise<readonly LintFinding[]>;
}

/** What a lint looks at. */
export interface LintInput {
  readonly statement: StatementSyntax;
  readonly knowledge: SqlKnowledge;
  /** Names of macros that the document defines before the statement, in lower case: they hide plugin functions. */
  readonly macros: ReadonlySet<string>;
  /** How a call of a plugin function fails; undefined when it does not, or that cannot be told. */
  readonly failure: (call: TrialCall) => Promise<string | undefined>;
  readonly signal: AbortSignal;
}

/** A fault's place in the statement, UTF-16 code units, and what to say of it. */
export interface LintFinding extends Span {
  readonly message: string;
  /** For the fixes, as JSON: the client gives it back. */
  readonly data?: unknown;
}
