import * as vscode from 'vscode';
import type { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { TrapSource } from '../../wasm-core/protocol/replays.ts';

/** So many failed calls are shown of a window; the oldest goes first. */
const MAX_TRAPS = 100;

interface Trap {
  /** The plugin's source. */
  readonly uri: vscode.Uri;
  /** The function that SQL called; undefined where it is not known. */
  readonly function: string | undefined;
  readonly diagnostic: vscode.Diagnostic;
}

/** Calls that failed in a plugin, at the line of its source, until that is saved or the function succeeds. */
export class TrapDiagnostics implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('quern traps');
  readonly #listeners: readonly vscode.Disposable[];
  /** The oldest first. */
  #traps: readonly Trap[] = [];

  constructor() {
    this.#listeners = [
      vscode.workspace.onDidSaveTextDocument(({ uri }) => this.#forget((trap) => isSame(trap.uri, uri))),
      vscode.workspace.onDidDeleteFiles(({ files }) =>
        this.#forget((trap) => files.some((uri) => isSame(trap.uri, uri))),
      ),
    ];
  }

  /**
   * Shows an error of a run in the source of the plugin that failed; one without such a place is passed over.
   *
   * @param statement where SQL called it
   */
  async failed(error: CoreError, statement: vscode.Location): Promise<void> {
    const source = error.details.source as TrapSource | undefined;
    if (source?.path === undefined) return;
    const uri = vscode.Uri.file(source.path);
    const range = await rangeAt(uri, source);
    if (range === undefined) return;
    const diagnostic = new vscode.Diagnostic(range, error.message, vscode.DiagnosticSeverity.Error);
    diagnostic.source = 'quern trap';
    diagnostic.code = error.kind;
    diagnostic.relatedInformation = [
      new vscode.DiagnosticRelatedInformation(statement, vscode.l10n.t('the statement that called it')),
    ];
    const called = error.details.function;
    const trap = { uri, function: typeof called === 'string' ? called : undefined, diagnostic };
    const others = this.#traps.filter((known) => !isOnePlace(known, trap));
    this.#set([...others, trap].slice(-MAX_TRAPS), [uri]);
  }

  /** Takes back what functions failed with that have done well since. @param names in SQL */
  succeeded(names: readonly string[]): void {
    if (this.#traps.length === 0 || names.length === 0) return;
    this.#forget((trap) => trap.function !== undefined && names.includes(trap.function));
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#collection.dispose();
  }

  #forget(isGone: (trap: Trap) => boolean): void {
    const gone = this.#traps.filter(isGone);
    if (gone.length === 0) return;
    this.#set(
      this.#traps.filter((trap) => !isGone(trap)),
      gone.map(({ uri }) => uri),
    );
  }

  #set(traps: readonly Trap[], changed: readonly vscode.Uri[]): void {
    const before = this.#traps;
    this.#traps = traps;
    // One that was dropped because there are too many may be of another source.
    const dropped = before.filter((trap) => !traps.includes(trap)).map(({ uri }) => uri);
    for (const uri of [...changed, ...dropped]) {
      const own = traps.filter((trap) => isSame(trap.uri, uri));
      this.#collection.set(
        uri,
        own.map(({ diagnostic }) => diagnostic),
      );
    }
  }
}

/** From the place to the end of its line; undefined when the file is gone, or has no such line. */
async function rangeAt(uri: vscode.Uri, { line, column }: TrapSource): Promise<vscode.Range | undefined> {
  try {
    const document = await vscode.workspace.openTextDocument(uri);
    if (line > document.lineCount) return undefined;
    const { range } = document.lineAt(line - 1);
    const start = Math.min(column - 1, range.end.character);
    return range.with(range.start.translate(0, start));
  } catch {
    // A plugin whose source is elsewhere, or was taken away: its trap has the statement's place alone.
    return undefined;
  }
}

function isSame(a: vscode.Uri, b: vscode.Uri): boolean {
  return a.toString() === b.toString();
}

function isOnePlace(a: Trap, b: Trap): boolean {
  return isSame(a.uri, b.uri) && a.function === b.function && a.diagnostic.range.isEqual(b.diagnostic.range);
}
