import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { QuernApi } from '../../../client/api.ts';

/** The extension under test, activated. */
export async function extension(): Promise<QuernApi> {
  const found = vscode.extensions.getExtension<QuernApi>('quern.quern');
  assert.ok(found, 'the extension is installed');
  return found.activate();
}
