import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually } from '../support/eventually.ts';
import { diagnostic, noDiagnostics, openFile, replaceText } from '../support/vscode/documents.ts';
import { pluginsInForce } from '../support/vscode/run.ts';

/** Waits until the engine's one diagnostic of a text underlines this word, with this code. */
async function underlines(sql: string, word: string, code: string): Promise<void> {
  const { document } = await openFile('broken.sql', sql);
  await diagnostic(document.uri, (d) => d.code === code && document.getText(d.range) === word);
}

describe('the SQL editor', () => {
  before(pluginsInForce);

  it('underlines the very word that does not parse', async () => {
    await underlines('select 1;\nselec 2;\n', 'selec', 'SQL_PARSE');
  });

  it('underlines the very column that is not there', async () => {
    await underlines("select iata, nope from 'data/airports.csv';\n", 'nope', 'SQL_BIND');
  });

  it('takes the underline away when the word is mended', async () => {
    const { document } = await openFile('broken.sql', 'select nope;\n');
    await diagnostic(document.uri, (d) => d.source === 'quern');
    await replaceText(document, 'select 1;\n');
    await noDiagnostics(document.uri);
  });

  it('completes the columns of a file', async () => {
    await completes("select a. from 'data/airports.csv' a", 'select a.'.length, ['latitude', 'longitude']);
  });

  it('completes plugin functions', async () => {
    await completes('select sl', 'select sl'.length, ['slug']);
  });

  it('shows the signature of a plugin function under the pointer', async () => {
    const { document } = await openFile('hover.sql', "select slug('x');\n");
    const text = await eventually('a hover', async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        new vscode.Position(0, 8),
      );
      const found = hovers
        .flatMap((h) => h.contents.map((c) => (typeof c === 'string' ? c : c.value)))
        .join('\n');
      return found === '' ? undefined : found;
    });
    assert.match(text, /slug\(s VARCHAR\)/);
  });
});

async function completes(sql: string, offset: number, labels: readonly string[]): Promise<void> {
  const { document } = await openFile('completion.sql', sql);
  await eventually(`completion of ${labels.join(', ')}`, async () => {
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      document.positionAt(offset),
    );
    const offered = list.items.map((i) => (typeof i.label === 'string' ? i.label : i.label.label));
    const missing = labels.filter((label) => !offered.includes(label));
    if (missing.length > 0) throw new Error(`${missing} not in ${offered.slice(0, 20)}`);
    return true;
  });
}
