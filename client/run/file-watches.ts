import * as vscode from 'vscode';

/** A file or pattern as it was when a statement read it. */
export interface FileMark {
  /** Names its watch. */
  readonly key: string;
  /** Of a single file: its time and size, empty where it was not there. Of a pattern: when the mark was made. */
  readonly state: string;
}

/** A file that has changed. */
export interface FileChange {
  /** For people: relative to the workspace. */
  readonly name: string;
  readonly outdates: (mark: FileMark) => boolean;
}

/** Files and patterns that are watched at once; the ones that were marked longest ago give way. */
const MAX_WATCHES = 64;

/** Watches the files that statements name. */
export class FileWatches implements vscode.Disposable {
  /** In the order of their last marks. */
  readonly #watches = new Map<string, vscode.Disposable>();
  readonly #changed = new vscode.EventEmitter<FileChange>();

  readonly onDidChange = this.#changed.event;

  /**
   * Notes how files are now, and watches them from now on.
   *
   * @param folder absolute, where relative paths start
   * @param files paths and patterns as SQL writes them
   */
  async mark(folder: string, files: readonly string[]): Promise<FileMark[]> {
    return await Promise.all(
      files.map(async (written) => {
        const pattern = placeOf(folder, written);
        const key = `${pattern.baseUri.toString()}\0${pattern.pattern}`;
        this.#watch(key, pattern);
        const isPattern = hasWildcard(written);
        const file = vscode.Uri.joinPath(pattern.baseUri, pattern.pattern);
        return { key, state: isPattern ? `since ${Date.now()}` : await stateOf(file) };
      }),
    );
  }

  dispose(): void {
    for (const watch of this.#watches.values()) watch.dispose();
    this.#changed.dispose();
  }

  #watch(key: string, pattern: vscode.RelativePattern): void {
    const known = this.#watches.get(key);
    this.#watches.delete(key);
    this.#watches.set(key, known ?? this.#create(key, pattern));
    const [oldest, watch] = this.#watches.entries().next().value ?? [];
    if (this.#watches.size <= MAX_WATCHES || oldest === undefined) return;
    watch?.dispose();
    this.#watches.delete(oldest);
  }

  #create(key: string, pattern: vscode.RelativePattern): vscode.Disposable {
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const changed = (uri: vscode.Uri) => void this.#look(key, uri);
    watcher.onDidChange(changed);
    watcher.onDidCreate(changed);
    watcher.onDidDelete(changed);
    return watcher;
  }

  /** News of a file come late, perhaps from before the statement ran: its state decides. */
  async #look(key: string, uri: vscode.Uri): Promise<void> {
    const state = await stateOf(uri);
    const [changedMs = Number.POSITIVE_INFINITY] = state.split(' ').map(Number);
    const outdates = (mark: FileMark) => {
      if (mark.key !== key) return false;
      const since = /^since (\d+)$/.exec(mark.state)?.[1];
      if (since === undefined) return mark.state !== state;
      return state === '' || changedMs >= Number(since);
    };
    this.#changed.fire({ name: vscode.workspace.asRelativePath(uri, false), outdates });
  }
}

/** Time of the last change and size; empty where there is no file. */
async function stateOf(uri: vscode.Uri): Promise<string> {
  try {
    const { mtime, ctime, size } = await vscode.workspace.fs.stat(uri);
    return `${Math.max(mtime, ctime)} ${mtime} ${size}`;
  } catch {
    return '';
  }
}

function hasWildcard(written: string): boolean {
  return /[*?[]/.test(written);
}

/** A path, or a pattern behind the folders that it names in full. */
function placeOf(folder: string, written: string): vscode.RelativePattern {
  const isAbsolute = /^([/\\]|[A-Za-z]:[/\\])/.test(written);
  const uri = isAbsolute ? vscode.Uri.file(written) : vscode.Uri.joinPath(vscode.Uri.file(folder), written);
  const parts = uri.path.split('/');
  const wild = parts.findIndex(hasWildcard);
  const fixed = wild < 0 ? parts.length - 1 : wild;
  return new vscode.RelativePattern(
    uri.with({ path: parts.slice(0, fixed).join('/') || '/' }),
    parts.slice(fixed).join('/'),
  );
}
