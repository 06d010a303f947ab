import * as vscode from 'vscode';
import type { ToWasmThread, WasmSource } from '../../wasm-core/protocol/wasm-viewer.ts';
import { InspectorThread } from '../node/inspector-thread.ts';

/** A compiler writes a file in several pieces; it is read again when it has been left alone so long, milliseconds. */
const QUIET_MS = 300;

/** A `.wasm` file that is shown, with the thread that reads it. The thread starts with the first question. */
export class WasmDocument implements vscode.CustomDocument {
  readonly uri: vscode.Uri;
  readonly #threadFile: string;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #watcher: vscode.Disposable;
  #opening: Promise<InspectorThread> | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** Fired when the file has changed; from then on questions are answered from the new one. */
  readonly onDidChange = this.#changed.event;

  /** @param threadFile absolute path of the thread's program */
  constructor(uri: vscode.Uri, threadFile: string) {
    this.uri = uri;
    this.#threadFile = threadFile;
    const changed = () => this.#changedSoon();
    const watcher = vscode.workspace.createFileSystemWatcher(patternOf(uri));
    this.#watcher = vscode.Disposable.from(
      watcher,
      watcher.onDidChange(changed),
      watcher.onDidCreate(changed),
    );
  }

  /** The file's name. */
  get name(): string {
    return baseName(this.uri);
  }

  /** Asks the thread, which is started and reads the file when there is none. @throws Error with what it says */
  async request(message: Exclude<ToWasmThread, { readonly type: 'open' }>): Promise<unknown> {
    return await (await this.#opened()).request(message);
  }

  /** Compares with another file. @throws Error */
  async compare(other: vscode.Uri): Promise<unknown> {
    const source = await sourceOf(other);
    return await this.request({ type: 'compare', source, name: vscode.workspace.asRelativePath(other) });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#watcher.dispose();
    this.#changed.dispose();
    this.#close();
  }

  async #opened(): Promise<InspectorThread> {
    const opening = this.#opening ?? this.#open();
    this.#opening = opening;
    try {
      const thread = await opening;
      if (!thread.hasEnded) return thread;
    } catch (error) {
      // The next question reads the file again: it may be there by then.
      if (this.#opening === opening) this.#opening = undefined;
      throw error;
    }
    // A thread that a file was too much for has ended, and the question that follows may not be.
    if (this.#opening === opening) this.#opening = undefined;
    return await this.#opened();
  }

  async #open(): Promise<InspectorThread> {
    const thread = new InspectorThread(this.#threadFile);
    try {
      await thread.request({ type: 'open', source: await sourceOf(this.uri) });
      return thread;
    } catch (error) {
      thread.dispose();
      throw error;
    }
  }

  #changedSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#close();
      this.#changed.fire();
    }, QUIET_MS);
  }

  #close(): void {
    const opening = this.#opening;
    this.#opening = undefined;
    opening?.then(
      (thread) => thread.dispose(),
      () => undefined,
    );
  }
}

/** The last part of a path. */
export function baseName(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}

/** A file on the disk is read by the thread; another file system is the editor's. */
async function sourceOf(uri: vscode.Uri): Promise<WasmSource> {
  if (uri.scheme === 'file') return { path: uri.fsPath };
  return { bytes: await vscode.workspace.fs.readFile(uri) };
}

/** A pattern for one file: characters that mean something in patterns stand for any. */
export function patternOf(uri: vscode.Uri): vscode.RelativePattern {
  return new vscode.RelativePattern(
    vscode.Uri.joinPath(uri, '..'),
    baseName(uri).replace(/[*?[\]{}!]/g, '?'),
  );
}
