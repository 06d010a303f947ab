import * as vscode from 'vscode';
import { readRemoteEntry, remoteOrigin } from '../../wasm-core/protocol/remote-allow.ts';
import type { HostLink } from '../host/host-link.ts';
import type { RunOutcome } from '../run/run-outcome.ts';
import type { Runner, RunRequest } from '../run/runner.ts';
import { readSettings } from '../settings.ts';

/** What a run was refused. */
interface Refusal {
  /** Such as `https://data.example.org`. */
  readonly origin: string;
  /** The folder whose `quern.json` asks for it; absent: nobody does. */
  readonly folder: string | undefined;
}

/** Asks whether files of an origin may be read, when a run was refused them, and runs again when they may. */
export class RemoteConsent implements vscode.Disposable {
  readonly #parts: {
    readonly link: HostLink;
    readonly runner: Runner;
    readonly log: vscode.LogOutputChannel;
  };
  readonly #listener: vscode.Disposable;

  constructor(parts: {
    readonly link: HostLink;
    readonly runner: Runner;
    readonly log: vscode.LogOutputChannel;
  }) {
    this.#parts = parts;
    this.#listener = parts.runner.onDidEnd(({ request, outcome }) => {
      const refusal = refusalOf(outcome);
      // Not awaited: a message stays until somebody answers.
      if (refusal !== undefined)
        this.#ask(request, refusal).catch((error: unknown) => {
          parts.log.error(`${refusal.origin} was not allowed: ${error}`);
        });
    });
  }

  dispose(): void {
    this.#listener.dispose();
  }

  async #ask(request: RunRequest, { origin, folder }: Refusal): Promise<void> {
    const { version } = request.document;
    const who =
      folder === undefined
        ? vscode.l10n.t(
            'The statement reads a file from {0}, which is not among the origins that you allow.',
            origin,
          )
        : vscode.l10n.t('quern.json of {0} lets statements read files from {1}.', folder, origin);
    const question = vscode.l10n.t('Allow it? Only a run sends requests, and to no other origin.');
    const allow = vscode.l10n.t('Allow and Run');
    const answer = await vscode.window.showWarningMessage(
      `${who} ${question}`,
      allow,
      vscode.l10n.t('Not Now'),
    );
    if (answer !== allow || !vscode.workspace.isTrusted) return;
    if (folder === undefined) await allowInSettings(origin);
    else await this.#agree(folder, origin);
    // The places of the statements are those of the text that was run.
    if (request.document.version === version) await this.#parts.runner.run(request);
  }

  async #agree(folder: string, origin: string): Promise<void> {
    const { link } = this.#parts;
    const { entries } = await link.request('remote/consent', { folder });
    const agreed = entries.filter(({ entry, allowed }) => allowed || originOf(entry) === origin);
    await link.request('remote/consent', { folder, allow: agreed.map(({ entry }) => entry) });
  }
}

/** The sessions follow the setting by themselves. */
async function allowInSettings(origin: string): Promise<void> {
  const allowed = [...new Set([...readSettings().allowUrls, origin])];
  const settings = vscode.workspace.getConfiguration('quern');
  await settings.update('allowUrls', allowed, vscode.ConfigurationTarget.Global);
}

function refusalOf(outcome: RunOutcome): Refusal | undefined {
  if (outcome.type !== 'failed' || outcome.kind !== 'REMOTE_DENIED') return undefined;
  const { refused } = outcome;
  // Of an address that is none at all there is nothing to allow.
  const origin = refused?.redirect ?? refused?.origin;
  if (origin === undefined || readRemoteEntry(origin) === undefined) return undefined;
  const folder = refused?.redirect === undefined ? refused?.folder : undefined;
  return { origin, folder };
}

function originOf(entry: string): string | undefined {
  const place = readRemoteEntry(entry);
  return place && remoteOrigin(place);
}
