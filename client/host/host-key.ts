import * as vscode from 'vscode';
import type { HostConnection } from '../../wasm-core/connect/host-connection.ts';
import { readSettings } from '../settings.ts';

/** The name of the key in VS Code's secrets. */
const SECRET = 'quern.keptKey';

/**
 * Gives the host the key of what it keeps, where the setting asks for encryption; the key is made when there is none, and
 * lies in VS Code's secrets. Where the setting was switched off, what is kept is decrypted.
 *
 * A key that the host does not take is told, and no reason for anything to fail.
 */
export async function giveKey(
  connection: HostConnection,
  { secrets, log }: { readonly secrets: vscode.SecretStorage; readonly log: vscode.LogOutputChannel },
): Promise<void> {
  try {
    const { encryptAtRest } = readSettings();
    const known = await secrets.get(SECRET);
    if (!encryptAtRest && known === undefined) return;
    const key = known ?? newKey();
    // First, so that nothing is encrypted with a key that nobody has any more.
    if (known === undefined) await secrets.store(SECRET, key);
    await connection.request('host/unlock', { key, encrypt: encryptAtRest });
    if (!encryptAtRest) await secrets.delete(SECRET);
  } catch (error) {
    const message = vscode.l10n.t(
      'The history and kept results cannot be read: {0}',
      error instanceof Error ? error.message : String(error),
    );
    log.warn(message);
    void vscode.window.showWarningMessage(message);
  }
}

function newKey(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
}
