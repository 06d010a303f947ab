import type * as vscode from 'vscode';
import type { BenchDirective } from '../../wasm-core/protocol/bench/bench-directive.ts';
import type { HostOperation, Metering } from '../../wasm-core/protocol/bench.ts';
import type { ChainParams } from '../../wasm-core/protocol/chains.ts';
import type { FunctionTarget } from '../../wasm-core/protocol/lsp.ts';
import type { CallParams } from '../../wasm-core/protocol/methods.ts';
import type { ParameterValue } from '../../wasm-core/protocol/parameters.ts';
import type { RecordedStatement } from '../run/run-recorder.ts';

/** Something that can be measured, and where it is written. */
export interface BenchSubject {
  readonly name: string;
  /** The SQL file, the plugin's source or the chain file that it is about; of the host a name of its own. */
  readonly file: vscode.Uri;
  /** Says where it runs: the folder of relative paths, and whose session it has. */
  readonly document: { readonly uri: vscode.Uri };
  readonly work: BenchWork;
  readonly options: Omit<BenchDirective, 'name'>;
  /** Whether files of baselines may have it: its name is its own in its file. */
  readonly isCommitted: boolean;
  /** Set for a function of a plugin: what is called, and its arguments as SQL. */
  readonly called?: { readonly target: FunctionTarget; readonly args: string };
  /** A statement whose lens says what came of it. */
  readonly recorded?: RecordedStatement;
  /** Where it is now; undefined when it is not there any more. */
  readonly find: () => Promise<vscode.Location | undefined>;
  /** The same as it is now. @throws CoreError REQUEST_INVALID when it is not there any more */
  readonly again: () => Promise<BenchSubject>;
  /** The same for an input of so many rows; absent where nobody knows how. */
  readonly sized?: (rowCount: number) => StatementWork;
}

/** What is done in each run. */
export type BenchWork = StatementWork | CallWork | ChainWork | HostWork;

/** A query, and the statements that run once before it. */
export interface StatementWork {
  readonly type: 'statement';
  /** With the comments above it. */
  readonly sql: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly setup: readonly SetupStatement[];
}

/** A statement that prepares. */
export interface SetupStatement {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
}

/** One call of a function, outside of SQL. */
export interface CallWork extends Omit<CallParams, 'trial'>, Metering {
  readonly type: 'call';
}

/** A run of a chain. */
export interface ChainWork {
  readonly type: 'chain';
  readonly params: ChainParams;
  /** A SQL text that names all that it may call, for those who wait for its plugins. */
  readonly called: string;
}

/** What the host takes for something small. */
export interface HostWork {
  readonly type: 'host';
  readonly operation: HostOperation;
}

/** Tells a subject from all others of a window. */
export function subjectKey({ file, name }: Pick<BenchSubject, 'file' | 'name'>): string {
  return `${file.toString()}#${name}`;
}
