import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually } from '../support/eventually.ts';
import {
  diagnostic,
  noDiagnostics,
  openFile,
  replaceText,
  workspaceFile,
} from '../support/vscode/documents.ts';
import { rowsOf } from '../support/vscode/rows.ts';
import { pluginsInForce, runText } from '../support/vscode/run.ts';

const WAT = `(module
  ;; @udf half(x DOUBLE) -> DOUBLE
  (func (export "half") (param $x f64) (result f64)
    (f64.mul (local.get $x) (f64.const 0.5))))
`;

const ASSEMBLYSCRIPT = `/** @udf */
export function shout(s: string): string {
  return s.toUpperCase() + '!';
}
`;

/** Runs a statement until it gives a value: a plugin is in force a moment after it was saved. */
async function gives(sql: string, value: string): Promise<void> {
  await eventually(`${sql} gives ${value}`, async () => {
    assert.deepEqual(rowsOf(await runText(sql)), [[value]]);
    return true;
  });
}

describe('plugins in the editor', () => {
  before(pluginsInForce);

  it('are in force once they are saved, and again once they are edited and saved', async () => {
    const { document } = await openFile('plugins/half.wat', WAT);
    await gives('select half(3)', '1.5');
    await replaceText(document, WAT.replace('0.5', '0.25'));
    assert.ok(await document.save());
    assert.deepEqual(rowsOf(await runText('select half(3)')), [['0.75']]);
  });

  it('may be written in AssemblyScript', async () => {
    const { document } = await openFile('plugins/shout.ts', ASSEMBLYSCRIPT);
    await gives("select shout('hey')", 'HEY!');
    await replaceText(document, ASSEMBLYSCRIPT.replace("'!'", "'?'"));
    assert.ok(await document.save());
    assert.deepEqual(rowsOf(await runText("select shout('hey')")), [['HEY?']]);
  });

  it('are in force when another program has written them', async () => {
    const file = workspaceFile('plugins/foreign.wat');
    await vscode.workspace.fs.writeFile(
      file,
      new TextEncoder().encode(WAT.replaceAll('half', 'foreign_half')),
    );
    await gives('select foreign_half(3)', '1.5');
  });

  it('have their errors underlined: WAT', async () => {
    const { document } = await openFile('plugins/wrong.wat', WAT.replace('f64.mul', 'f64.mull'));
    // The file was empty for a moment, which is an error of its own.
    const ofTheText = (d: vscode.Diagnostic) => d.source === 'quern' && d.range.start.line > 0;
    assert.equal((await diagnostic(document.uri, ofTheText)).range.start.line, 3);
    await replaceText(document, WAT.replaceAll('half', 'wrong'));
    await noDiagnostics(document.uri);
  });

  it('have their errors underlined: AssemblyScript', async () => {
    const { document } = await openFile(
      'plugins/bad.ts',
      ASSEMBLYSCRIPT.replace('s.toUpperCase', 's.toUpper'),
    );
    const found = await diagnostic(document.uri, (d) => d.source === 'quern');
    assert.equal(document.getText(found.range), 'toUpper');
    await replaceText(document, ASSEMBLYSCRIPT.replaceAll('shout', 'bad'));
    await noDiagnostics(document.uri);
  });

  it('keep their last good version in force while they are broken', async () => {
    const { document } = await openFile('plugins/kept.wat', WAT.replaceAll('half', 'kept'));
    await gives('select kept(3)', '1.5');
    await replaceText(document, '(module');
    await document.save();
    await diagnostic(document.uri, (d) => d.source === 'quern');
    assert.deepEqual(rowsOf(await runText('select kept(3)')), [['1.5']]);
  });

  it('leave TypeScript without @udf alone', async () => {
    const { document } = await openFile('plugins/helper.ts', 'export const x: string = 1 +;\n');
    await diagnostic(workspaceFile('plugins/kept.wat'), (d) => d.source === 'quern');
    // The editor's own TypeScript says what it likes of it, sooner or later.
    const ours = vscode.languages.getDiagnostics(document.uri).filter((d) => d.source === 'quern');
    assert.deepEqual(ours, []);
  });
});
