import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { QuernApi } from '../../../client/api.ts';

/** The extension under test, activated, its language server running. */
export async function extension(): Promise<QuernApi> {
  const found = vscode.extensions.getExtension<QuernApi>('quern.quern');
  assert.ok(found, 'the extension is installed');
  const api = await found.activate();
  await api.ready;
  return api;
}
