import * as vscode from 'vscode';
import type { BenchMeasured } from '../../wasm-core/protocol/bench.ts';
import type { StatementResult } from '../../wasm-core/protocol/methods.ts';
import { findParameters, type ParameterValue } from '../../wasm-core/protocol/parameters.ts';
import { documentFolder } from '../host/sessions.ts';
import type { EditHistory } from './edit-history.ts';
import type { FileMark, FileWatches } from './file-watches.ts';
import type { ParameterValues } from './parameter-values.ts';
import type { Piece } from './pieces.ts';
import type { PluginChanges } from './plugin-changes.ts';
import { type CurrentStatement, RunStates, type ShownRun, type StatementRun } from './run-states.ts';
import { statementUses } from './statement-uses.ts';
import { benchmarkSummary, runSummary } from './summary.ts';

/** How one statement ended. */
export type StatementEnd =
  | { readonly type: 'done'; readonly result: StatementResult }
  | { readonly type: 'benchmark'; readonly result: BenchMeasured }
  | { readonly type: 'failed'; readonly message: string };

/** A statement that begins to run. */
export interface RecordedStatement {
  readonly document: vscode.TextDocument;
  /** The document's text and version that the piece refers to. */
  readonly text: string;
  readonly version: number;
  readonly piece: Piece;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
}

interface WatchedRun extends StatementRun {
  readonly files: readonly FileMark[];
  readonly namespace: string;
}

export interface RunRecorderParts {
  readonly edits: EditHistory;
  readonly files: FileWatches;
  readonly plugins: PluginChanges;
  readonly values: ParameterValues;
}

/** Remembers what statements gave, and learns when that no longer holds: it is what lenses show. */
export class RunRecorder implements vscode.Disposable {
  readonly #parts: RunRecorderParts;
  readonly #states = new RunStates<WatchedRun>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #listeners: readonly vscode.Disposable[];

  /** Fires when a statement's last run is another, or holds no longer. */
  readonly onDidChange = this.#changed.event;

  constructor(parts: RunRecorderParts) {
    this.#parts = parts;
    this.#listeners = [
      parts.files.onDidChange((change) => {
        const touched = this.#states.changed({ name: change.name, text: change.name }, ({ files }) =>
          files.some(change.outdates),
        );
        if (touched) this.#changed.fire();
      }),
      parts.plugins.onDidChange(({ namespace, functions }) => {
        for (const name of functions) this.#pluginChanged(namespace, name);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) =>
        this.#states.edited(document.uri.toString(), contentChanges),
      ),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#states.closed(uri.toString())),
    ];
  }

  /**
   * Called before a statement runs.
   *
   * @returns what takes how it ended
   */
  async begin(statement: RecordedStatement): Promise<(end: StatementEnd) => Promise<void>> {
    const { document, text, piece, version } = statement;
    const uses = statementUses(text, piece);
    const { folder, root } = documentFolder(document.uri);
    const mark = () => this.#parts.files.mark(folder, uses.files);
    const before = uses.writes ? [] : await mark();
    return async (end) => {
      const run: WatchedRun = {
        type: end.type === 'failed' ? 'failed' : 'done',
        summary: summaryOf(end),
        uses,
        parameters: parametersText(text.slice(piece.start, piece.end), statement.parameters),
        files: uses.writes ? await mark() : before,
        namespace: root,
      };
      const uri = document.uri.toString();
      const at = this.#parts.edits.map(uri, piece.start, version, document.version);
      this.#states.record(uri, at, run);
      this.#changed.fire();
    };
  }

  /** The last runs of a document's statements, by index. */
  of(document: vscode.TextDocument, text: string, pieces: readonly Piece[]): Map<number, ShownRun> {
    const { values } = this.#parts;
    // Reading what every statement uses takes its time in a long document.
    if (!this.#states.has(document.uri.toString())) return new Map();
    const statements = pieces.map((piece): CurrentStatement => {
      const sql = text.slice(piece.start, piece.end);
      const names = findParameters(sql).map(({ name }) => name);
      const parameters = parametersText(sql, values.known(names));
      return { start: piece.start, key: statementUses(text, piece).key, parameters };
    });
    return this.#states.of(document.uri.toString(), statements);
  }

  /** What has changed since statements last ran, each once. @param text that the pieces refer to */
  changesOf(uri: vscode.Uri, text: string, pieces: readonly Piece[]): string[] {
    const changes = pieces.flatMap((piece) =>
      this.#states.changesOf(uri.toString(), statementUses(text, piece).key),
    );
    return [...new Set(changes.map((change) => change.text))];
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#changed.dispose();
  }

  #pluginChanged(namespace: string, name: string): void {
    const touches = (run: WatchedRun) => run.namespace === namespace && run.uses.calls.includes(name);
    if (this.#states.changed({ name, text: vscode.l10n.t('the plugin function {0}', name) }, touches))
      this.#changed.fire();
  }
}

function summaryOf(end: StatementEnd): string {
  switch (end.type) {
    case 'done':
      return runSummary(end.result);
    case 'benchmark':
      return benchmarkSummary(end.result);
    case 'failed':
      return end.message;
  }
}

/** The values of a statement's own parameters, as one text that is equal for equal values. */
function parametersText(sql: string, values: Readonly<Record<string, ParameterValue>>): string {
  const names = new Set(findParameters(sql).map(({ name }) => name));
  return JSON.stringify([...names].map((name) => [name, values[name] ?? null]));
}
