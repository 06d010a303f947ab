import * as vscode from 'vscode';
import { assertNever } from '../../wasm-core/protocol/assert-never.ts';
import type { ModuleProfile, ProfileResult } from '../../wasm-core/protocol/profile.ts';
import type { FromProfilePage, ToProfilePage } from '../../wasm-core/protocol/profile-page.ts';
import { type PageRequest, WebviewPage } from '../results/webview-page.ts';
import type { RunOutcome } from '../run/run-outcome.ts';
import type { RunRequest, RunView } from '../run/runner.ts';
import { parseFromProfilePage } from './page-messages.ts';
import type { ShownProfile } from './shown-profile.ts';

/** Shows profiled runs in the profile page. */
export class ProfilePanel implements RunView, vscode.Disposable {
  readonly #page: WebviewPage<ToProfilePage, FromProfilePage>;
  readonly #shown: ShownProfile;
  readonly #cancelAsked = new vscode.EventEmitter<void>();

  readonly onDidAskCancel = this.#cancelAsked.event;

  /**
   * @param dist the extension's folder of built files
   * @param shown takes each profile
   */
  constructor(dist: vscode.Uri, shown: ShownProfile) {
    this.#shown = shown;
    this.#page = new WebviewPage({
      dist,
      name: 'profile',
      title: vscode.l10n.t('Quern Profile'),
      parse: parseFromProfilePage,
      onRequest: (asked) => this.#answer(asked),
    });
  }

  /** Shows the last profile once more. */
  reveal(): void {
    this.#page.reveal();
    const { profile } = this.#shown;
    if (profile !== undefined) this.#page.setState(profileMessage(profile.title, profile.result));
  }

  running({ title }: RunRequest): void {
    this.#page.reveal();
    this.#page.setState({ type: 'running', title });
  }

  progress(percent: number): void {
    this.#page.post({ type: 'progress', percent });
  }

  async ended({ title }: RunRequest, outcome: RunOutcome): Promise<void> {
    switch (outcome.type) {
      case 'profile':
        this.#shown.set({ title, result: outcome.result });
        return this.#page.setState(profileMessage(title, outcome.result));
      case 'failed':
        return this.#page.setState({ type: 'failed', message: outcome.message });
      case 'cancelled':
        return this.#page.setState({ type: 'cancelled' });
      case 'results':
        // It has the results page.
        return;
      default:
        assertNever(outcome);
    }
  }

  dispose(): void {
    this.#page.dispose();
    this.#cancelAsked.dispose();
  }

  async #answer(asked: PageRequest<FromProfilePage>): Promise<void> {
    switch (asked.type) {
      case 'cancel':
        return this.#cancelAsked.fire();
      case 'reveal':
        return await revealFunction(this.#shown.profile?.result.modules[asked.module], asked.function);
      default:
        assertNever(asked);
    }
  }
}

/** The page needs neither lines nor ranges. */
function profileMessage(title: string, result: ProfileResult): ToProfilePage {
  const modules = result.modules.map(({ lines: _, ...module }) => ({
    ...module,
    functions: module.functions.map((fn) => ({ ...fn, ranges: [] })),
  }));
  return { type: 'profile', title, profile: { ...result, modules } };
}

async function revealFunction(module: ModuleProfile | undefined, index: number): Promise<void> {
  const place = module?.functions.find((fn) => fn.index === index)?.place;
  if (place?.path === undefined) return;
  const at = new vscode.Position(place.line - 1, Math.max(0, place.column - 1));
  await vscode.window.showTextDocument(vscode.Uri.file(place.path), {
    selection: new vscode.Range(at, at),
    viewColumn: vscode.ViewColumn.One,
  });
}
