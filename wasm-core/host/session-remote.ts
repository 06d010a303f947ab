import { CoreError } from '../protocol/errors.ts';
import type { WorkspaceRemote } from '../protocol/workspace-remote.ts';
import type { SessionRemote } from '../sql/engine.ts';
import type { RemoteConsents } from './remote-consents.ts';
import type { WorkspaceFiles } from './workspace-file.ts';

/** A server may be silent for so long where nobody says otherwise, milliseconds. */
export const DEFAULT_REMOTE_TIMEOUT_MS = 30_000;

/** What a session may read on a network: what its client allows, and what `quern.json` asks for and the user agreed to. */
export class RemoteRights {
  readonly #workspaceFiles: Pick<WorkspaceFiles, 'settingsOf'>;
  readonly #consents: Pick<RemoteConsents, 'of'>;

  constructor(options: {
    readonly workspaceFiles: Pick<WorkspaceFiles, 'settingsOf'>;
    readonly consents: Pick<RemoteConsents, 'of'>;
  }) {
    this.#workspaceFiles = options.workspaceFiles;
    this.#consents = options.consents;
  }

  /** @param folder absolute, whose `quern.json` applies; one that is broken, which every run is told, allows nothing */
  of(folder: string, given: Pick<SessionRemote, 'allow' | 'credentials'>): SessionRemote {
    const remote = this.#asked(folder);
    const asked = remote?.allow ?? [];
    const agreed = asked.length === 0 ? [] : this.#consents.of(folder);
    const asks = asked.filter((entry) => !agreed.includes(entry));
    return {
      allow: [...given.allow, ...asked.filter((entry) => agreed.includes(entry))],
      asks,
      ...(asks.length > 0 && { askedBy: folder }),
      credentials: given.credentials,
      timeoutMs: remote?.timeoutMs ?? DEFAULT_REMOTE_TIMEOUT_MS,
    };
  }

  #asked(folder: string): WorkspaceRemote | undefined {
    try {
      return this.#workspaceFiles.settingsOf(folder).remote;
    } catch (error) {
      if (error instanceof CoreError) return undefined;
      throw error;
    }
  }
}
