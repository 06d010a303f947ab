import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually } from '../support/eventually.ts';
import { openFile, press, replaceText, workspaceFile } from '../support/vscode/documents.ts';
import { extension } from '../support/vscode/extension.ts';
import { rowsOf } from '../support/vscode/rows.ts';
import { pluginsInForce } from '../support/vscode/run.ts';

/** The lenses of a document, once there is one whose title fits. */
function lens(document: vscode.TextDocument, title: RegExp): Promise<vscode.CodeLens> {
  return eventually(`a lens ${title}`, async () => {
    const lenses = await lensesOf(document);
    const found = lenses.find(({ command }) => title.test(command?.title ?? ''));
    if (found === undefined) throw new Error(`only ${lenses.map((l) => l.command?.title).join(' | ')}`);
    return found;
  });
}

async function lensesOf(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
  return await vscode.commands.executeCommand('vscode.executeCodeLensProvider', document.uri);
}

async function write(name: string, text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(workspaceFile(name), new TextEncoder().encode(text));
}

/** Answers the next input boxes; undefined is Escape. */
function answering(answers: readonly (string | undefined)[]): { readonly asked: string[]; restore(): void } {
  const left = [...answers];
  const asked: string[] = [];
  const original = vscode.window.showInputBox;
  const stub = async (options?: vscode.InputBoxOptions) => {
    asked.push(`${options?.title}${options?.value === undefined ? '' : `, was ${options.value}`}`);
    return left.shift();
  };
  Object.assign(vscode.window, { showInputBox: stub });
  return { asked, restore: () => void Object.assign(vscode.window, { showInputBox: original }) };
}

describe('lenses above statements', () => {
  before(pluginsInForce);

  it('say what the last run gave, wherever the statement moves, until its text is another', async () => {
    const { document } = await openFile('state.sql', '-- name: pair\nselect * from range(2);\nselect 3;\n');
    await press(await lens(document, /Run pair$/));
    assert.equal((await lens(document, /^\$\(check\) 2 rows, /)).range.start.line, 1);

    const insert = new vscode.WorkspaceEdit();
    insert.insert(document.uri, new vscode.Position(0, 0), 'select 0;\n');
    await vscode.workspace.applyEdit(insert);
    assert.equal((await lens(document, /^\$\(check\) 2 rows, /)).range.start.line, 2);

    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(2, 20), '0');
    await vscode.workspace.applyEdit(edit);
    await lens(document, /^\$\(history\) stale: text changed \(2 rows, /);
  });

  it('are stale when a file that the statement read has changed', async () => {
    await write('lens.csv', 'a\n1\n');
    const { document } = await openFile('stale.sql', "select * from 'lens*.csv';\nselect 1;\n");
    await vscode.commands.executeCommand('quern.runFile');
    await lens(document, /^\$\(check\) 1 row, /);
    await write('lens.csv', 'a\n1\n2\n');
    assert.equal(
      (await lens(document, /^\$\(history\) stale: lens\.csv changed \(1 row, /)).range.start.line,
      0,
    );
    const last = (await lensesOf(document)).filter(({ range }) => range.start.line === 1);
    assert.match(last.map((l) => l.command?.title).join(), /\$\(check\) 1 row/);
    await press(await lens(document, /Run$/));
    await lens(document, /^\$\(check\) 2 rows, /);
  });

  it('are stale when a plugin function that the statement calls is another', async () => {
    const source = (n: number) => `;; @udf lens_number() -> INTEGER
(module (func (export "lens_number") (result i32) (i32.const ${n})))\n`;
    await openFile('plugins/lens_number.wat', source(1));
    const { document } = await openFile('calls.sql', 'select lens_number();\n');
    await eventually('lens_number in force', async () => {
      await press(await lens(document, /Run$/));
      assert.deepEqual(rowsOf((await extension()).lastOutcome()), [['1']]);
      return true;
    });
    await lens(document, /^\$\(check\) 1 row, /);
    await openFile('plugins/lens_number.wat', source(2));
    await lens(document, /^\$\(history\) stale: lens_number changed \(1 row, /);
  });

  it('run the statements above, too', async () => {
    const text = 'create or replace temp table above as select 5 as x;\nselect x from above;\nselect 9;\n';
    const { document } = await openFile('above.sql', text);
    const [above] = (await lensesOf(document)).filter(({ command }) => command?.title === 'Run Above');
    await press(above);
    const outcome = (await extension()).lastOutcome();
    assert.deepEqual(rowsOf(outcome, 1), [['5']]);
    assert.equal(outcome?.type === 'results' && outcome.result.statements.length, 2);
  });

  it('explain and measure a query', async () => {
    const { document } = await openFile('explain.sql', '-- above\nselect * from range(7);\n');
    await press(await lens(document, /^Explain$/));
    const plan = (await extension()).lastOutcome();
    assert.ok(plan?.type === 'results' && plan.look === 'plan');
    const [{ plan: tree, timeline } = assert.fail()] = plan.result.statements;
    assert.ok(tree?.isMeasured);
    assert.deepEqual(
      tree.nodes.map(({ operator, rows }) => [operator, rows]),
      [['RANGE', 7]],
    );
    assert.ok((timeline?.connection ?? 0) > 0);
    await vscode.workspace.getConfiguration('quern').update('benchmark.runs', 3, true);
    await press(await lens(document, /^Benchmark$/));
    const [measured] = (await extension()).lastBenchmark()?.rows ?? [];
    assert.ok(measured?.result.outcome === 'measured', JSON.stringify(measured));
    assert.deepEqual([measured.result.micros.length, measured.result.rowCount], [3, 7]);
    await lens(document, /median .* of 3 runs/);
  });

  it('are only those that the settings leave on', async () => {
    const { document } = await openFile('off.sql', 'select 1;\n');
    const settings = vscode.workspace.getConfiguration('quern');
    await settings.update('lenses', { explain: false, benchmark: false }, true);
    try {
      const titles = (await lensesOf(document)).map(({ command }) => command?.title);
      assert.deepEqual(titles, ['$(play) Run']);
    } finally {
      await settings.update('lenses', undefined, true);
    }
  });
});

describe('parameters of statements', () => {
  it('are asked for once, shown, and changed; Escape runs nothing', async () => {
    const { document } = await openFile('parameters.sql', 'select $first + $second as sum;\n');
    const api = await extension();
    const before = api.lastOutcome();
    const boxes = answering(['5', undefined, '7', '8']);
    try {
      await press(await lens(document, /Run$/));
      assert.equal(api.lastOutcome(), before);
      await press(await lens(document, /Run$/));
      assert.deepEqual(rowsOf(api.lastOutcome()), [['12']]);
      await press(await lens(document, /Run$/));
      await lens(document, /\$first = 5, \$second = 7/);
      assert.deepEqual(boxes.asked, ['Value of $first', 'Value of $second', 'Value of $second']);

      await replaceText(document, 'select $second;\n');
      await press(await lens(document, /\$second = 7/));
      assert.equal(boxes.asked.at(-1), 'Value of $second, was 7');
      await lens(document, /^\$\(history\) stale|\$second = 8/);
      await press(await lens(document, /Run$/));
      assert.deepEqual(rowsOf(api.lastOutcome()), [['8']]);
    } finally {
      boxes.restore();
    }
  });
});

describe('a file of which a statement fails', () => {
  it('shows what came before, and where it failed', async () => {
    const text = "select 1;\nselect 2;\nselect x::integer from (values ('ten')) t(x);\nselect 4;\n";
    const { document } = await openFile('fails.sql', text);
    await vscode.commands.executeCommand('quern.runFile');
    const outcome = (await extension()).lastOutcome();
    assert.ok(outcome?.type === 'failed');
    assert.equal(outcome.details.statement, 2);
    assert.deepEqual(rowsOf({ type: 'results', look: 'rows', ...outcome.before }, 1), [['2']]);
    assert.equal(document.positionAt(outcome.details.start ?? 0).line, 2);
    await lens(document, /^\$\(error\) failed: .*ten/);
  });
});
