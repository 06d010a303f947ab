import type { DiagnosticLevel } from '../../../wasm-core/protocol/lsp.ts';
import type { WatNames } from '../names/names.ts';
import type { WatSpan } from '../syntax/tree.ts';

/** A fault that compilers let pass. Each has a page of its code's name in docs/diagnostics. */
export interface WatLint {
  /** In kebab case. */
  readonly code: string;
  /** How loud it is unless the setting `quern.diagnostics` says otherwise. */
  readonly level: Exclude<DiagnosticLevel, 'off'>;
  /** Whether what it finds can be left out, and is shown faded. */
  readonly isUnnecessary?: true;
  /** Looks at a module, half typed or not. */
  find(names: WatNames): readonly WatLintFinding[];
}

/** What a lint found: its place, and what to say of it. */
export interface WatLintFinding extends WatSpan {
  readonly message: string;
}
