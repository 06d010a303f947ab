import * as vscode from 'vscode';
import type { LockedState, LockStatusResult } from '../../wasm-core/protocol/lock.ts';
import type { HostLink } from '../host/host-link.ts';
import type { LanguageService } from '../language-client.ts';
import { decideLock } from './lock-decision.ts';

/** Several plugins are loaded at a time when a window opens, milliseconds. */
const PAUSE_MS = 300;

/** Asks about plugins that are granted something by `quern.json` which nobody has allowed to their bytes. */
export class LockPrompts implements vscode.Disposable {
  readonly #link: HostLink;
  readonly #log: vscode.LogOutputChannel;
  readonly #listeners: vscode.Disposable[] = [];
  /** Files that were saved in this window. */
  readonly #saved = new Set<string>();
  /** Digests by file: a save stands for one change of the module alone. */
  readonly #seen = new Map<string, string>();
  /** Path and digest of what was asked about, so that nobody is asked twice of the same. */
  readonly #asked = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: {
    readonly link: HostLink;
    readonly languages: LanguageService;
    readonly log: vscode.LogOutputChannel;
  }) {
    this.#link = options.link;
    this.#log = options.log;
    this.#listeners.push(
      vscode.workspace.onDidSaveTextDocument(({ uri }) => void this.#saved.add(uri.fsPath)),
      options.languages.onDidCompile(({ state }) => {
        if (state === 'loaded') this.#schedule();
      }),
    );
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const listener of this.#listeners) listener.dispose();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#look().catch((error: unknown) => this.#log.warn(`quern.lock.json was not looked at: ${error}`));
    }, PAUSE_MS);
  }

  async #look(): Promise<void> {
    if (!vscode.workspace.isTrusted) return;
    for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
      const status = await this.#link.request('lock/status', { folder: uri.fsPath });
      for (const plugin of status.plugins) await this.#decide(uri, status, plugin);
    }
  }

  async #decide(folder: vscode.Uri, status: LockStatusResult, plugin: LockedState): Promise<void> {
    const file = vscode.Uri.joinPath(folder, plugin.path);
    const isOwnEdit = this.#saved.has(file.fsPath);
    if (this.#seen.get(file.fsPath) !== plugin.digest) this.#saved.delete(file.fsPath);
    this.#seen.set(file.fsPath, plugin.digest);
    const decision = decideLock(plugin, { exists: status.exists, isOwnEdit });
    if (decision === 'nothing') return;
    if (decision === 'follow') return await this.#allow(folder, plugin);
    const key = `${file.fsPath}\0${plugin.digest}\0${plugin.asks.join()}`;
    if (this.#asked.has(key)) return;
    this.#asked.add(key);
    // Not awaited: a message stays until somebody answers, and others may be asked meanwhile.
    this.#ask(folder, status, plugin).catch((error: unknown) => {
      void vscode.window.showErrorMessage(
        vscode.l10n.t('{0} was not allowed: {1}', plugin.path, messageOf(error)),
      );
    });
  }

  async #ask(folder: vscode.Uri, status: LockStatusResult, plugin: LockedState): Promise<void> {
    const { path } = plugin;
    const rights = plugin.asks.join(', ');
    const what =
      plugin.locked === undefined
        ? vscode.l10n.t('{0} is new to quern.lock.json, and quern.json grants it {1}.', path, rights)
        : vscode.l10n.t('{0} has changed since it was allowed, and quern.json grants it {1}.', path, rights);
    const now = status.exists
      ? vscode.l10n.t('Until you allow it, it gets none of that.')
      : vscode.l10n.t('There is no quern.lock.json yet.');
    const [allow, changes] = [vscode.l10n.t('Allow'), vscode.l10n.t('Show Changes')];
    const notNow = vscode.l10n.t('Not Now');
    const answer = await vscode.window.showWarningMessage(`${what} ${now}`, allow, changes, notNow);
    if (answer === allow) return await this.#allow(folder, plugin);
    if (answer !== changes) return;
    await showChanges(plugin);
    await this.#ask(folder, status, plugin);
  }

  async #allow(folder: vscode.Uri, { path, digest }: LockedState): Promise<void> {
    await this.#link.request('lock/update', { folder: folder.fsPath, plugins: [{ path, digest }] });
  }
}

/** What was allowed, beside what is now. */
async function showChanges({ path, locked, digest, needs, granted }: LockedState): Promise<void> {
  const [before, after] = await Promise.all(
    [locked, { digest, needs, granted }].map((entry) =>
      vscode.workspace.openTextDocument({
        language: 'json',
        content: entry === undefined ? '' : `${JSON.stringify(entry, null, 2)}\n`,
      }),
    ),
  );
  if (before === undefined || after === undefined) return;
  await vscode.commands.executeCommand(
    'vscode.diff',
    before.uri,
    after.uri,
    vscode.l10n.t('{0}: allowed and now', path),
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
