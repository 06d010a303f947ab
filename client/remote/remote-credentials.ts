import type * as vscode from 'vscode';
import type { RemoteCredential } from '../../wasm-core/protocol/remote.ts';

/** Where they lie among the secrets that the editor keeps. */
const KEY = 'quern.remoteCredentials';

/** What proves to servers of files who asks: kept by the editor's secret storage, and given to the host by the session. */
export class RemoteCredentials {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  /** Those of every origin. */
  async all(): Promise<readonly RemoteCredential[]> {
    const text = await this.#secrets.get(KEY);
    if (text === undefined) return [];
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? (value as RemoteCredential[]) : [];
  }

  /** Sets those of an origin, in place of what it had. */
  async set(credential: RemoteCredential): Promise<void> {
    const others = (await this.all()).filter(({ origin }) => origin !== credential.origin);
    await this.#store([...others, credential]);
  }

  /** Takes those of an origin away. */
  async remove(origin: string): Promise<void> {
    await this.#store((await this.all()).filter((known) => known.origin !== origin));
  }

  async #store(credentials: readonly RemoteCredential[]): Promise<void> {
    if (credentials.length === 0) await this.#secrets.delete(KEY);
    else await this.#secrets.store(KEY, JSON.stringify(credentials));
  }
}
