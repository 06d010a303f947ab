import * as vscode from 'vscode';
import type { LineProfile, ProfileResult } from '../../wasm-core/protocol/profile.ts';

/** A profile and what it is of. */
export interface NamedProfile {
  readonly title: string;
  readonly result: ProfileResult;
}

/** The window's last profile, and whether sources show it. */
export class ShownProfile implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #listener = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
    if (contentChanges.length > 0) this.#edited.add(document.uri.toString());
  });
  /** Sources that are no longer what was profiled. */
  readonly #edited = new Set<string>();
  #profile: NamedProfile | undefined;
  #isVisible = true;

  readonly onDidChange = this.#changed.event;

  /** Undefined before the first. */
  get profile(): NamedProfile | undefined {
    return this.#profile;
  }

  get isVisible(): boolean {
    return this.#isVisible;
  }

  /** Takes a profile; sources show it from now on. */
  set(profile: NamedProfile): void {
    this.#profile = profile;
    this.#edited.clear();
    // What is not saved is not what ran.
    for (const document of vscode.workspace.textDocuments) {
      if (document.isDirty) this.#edited.add(document.uri.toString());
    }
    this.show(true);
  }

  show(isVisible: boolean): void {
    this.#isVisible = isVisible;
    this.#changed.fire();
  }

  /** The lines of a source that was profiled, each once; undefined for one that was not, or is not what it was. */
  linesOf(uri: vscode.Uri): readonly LineProfile[] | undefined {
    if (this.#profile === undefined || this.#edited.has(uri.toString())) return undefined;
    const { modules } = this.#profile.result;
    const lines = modules.flatMap((module) => module.lines ?? []).filter(({ path }) => path === uri.fsPath);
    return lines.length === 0 ? undefined : lines;
  }

  dispose(): void {
    this.#listener.dispose();
    this.#changed.dispose();
  }
}
