import assert from 'node:assert/strict';
import type {
  CompletionItem,
  DocumentHighlight,
  DocumentSymbol,
  FoldingRange,
  Hover,
  InlayHint,
  Location,
  Range,
  SelectionRange,
  SemanticTokens,
  SignatureHelp,
  TextEdit,
  WorkspaceEdit,
  WorkspaceSymbol,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { LanguageServerFixture, type PlainDiagnostic } from '../support/language-server.ts';

const TWICE = `(module $numbers
  ;; @udf twice(x BIGINT) -> BIGINT
  (func $double (export "twice") (param $x i64) (result i64)
    (block $out (result i64)
      (br_if $out (local.get $x) (i32.const 0))
      i64.const 2
      i64.mul
    ))
  (global $unused i32 (i32.const 0)))
`;

/** What stands at each diagnostic, with its code. */
function shown(text: string, found: readonly PlainDiagnostic[]): string[] {
  const document = TextDocument.create('file:///a', 'wat', 1, text);
  return found.map(({ code, range }) => `${code} ${document.getText(range)}`);
}

describe('WebAssembly text in the language server', () => {
  let server: LanguageServerFixture;
  const name = 'plugins/twice.wat';
  before(async () => {
    server = await LanguageServerFixture.start(
      { [name]: TWICE, 'plugins/other.wat': '(module (func $elsewhere (export "e")))' },
      { initializationOptions: { trusted: true } },
    );
    await server.plugin(name, (s) => s.state === 'loaded');
    server.open(name, 'wat', TWICE);
  });
  after(() => server.dispose());

  /** Changes the document, and waits until these diagnostics are there. */
  async function check(text: string, ...expected: readonly string[]): Promise<PlainDiagnostic[]> {
    server.change(name, text);
    return server.diagnostics(
      name,
      (found) => JSON.stringify(shown(text, found)) === JSON.stringify(expected),
    );
  }

  const at = (marked: string) => ({ marked: TWICE.replace(marked.replace('|', ''), marked) });

  it('tells faults, hints and errors in types, each once', async () => {
    await check(TWICE, 'wat-unused-global $unused');
    await check(
      TWICE.replace('local.get $x', 'local.get $y').replace('i64.mul', 'i64.mull'),
      'wat/undefined-name $y',
      'wat/parse i64.mull',
    );
    const both = TWICE.replace('i64.mul', 'i32.mul i64.extend_i32_s call 9');
    await check(both, 'wat/undefined-name 9', 'wat/type i32.mul', 'wat-unused-global $unused');
    // What the compiler said moves along while nothing that is newer is known.
    await check(`;; more\n${both}`, 'wat/undefined-name 9', 'wat/type i32.mul', 'wat-unused-global $unused');
    await check(TWICE, 'wat-unused-global $unused');
  });

  it('keeps saying that the last version stays in force', async () => {
    const broken = TWICE.replace('i64.const 2', 'i64.const');
    const found = await check(broken, 'wat/parse i64.mul');
    const note = 'The last version of twice that compiled stays in force.';
    await server.diagnostics(name, (d) => d[0]?.message.endsWith(note) === true && d.length === found.length);
    await check(TWICE, 'wat-unused-global $unused');
  });

  it('finds definitions, references and highlights', async () => {
    const definition = await server.at<Location>('definition', name, at('br_if $ou|t').marked);
    assert.deepEqual(definition.range.start, { line: 3, character: 11 });
    const context = { includeDeclaration: true };
    const references = await server.at<Location[]>('references', name, at('(param $|x').marked, { context });
    assert.deepEqual(
      references.map(({ range }) => range.start.line),
      [2, 4],
    );
    const marks = await server.at<DocumentHighlight[]>('documentHighlight', name, at('block $o|ut').marked);
    assert.equal(marks.length, 2);
  });

  it('renames, and refuses what would mean something else', async () => {
    const prepared = await server.at<{ readonly range: Range }>(
      'prepareRename',
      name,
      at('(param $|x').marked,
    );
    assert.deepEqual(prepared.range.start, { line: 2, character: 40 });
    const { changes } = await server.at<WorkspaceEdit>('rename', name, at('(param $|x').marked, {
      newName: 'number',
    });
    const document = TextDocument.create(server.uri(name), 'wat', 1, TWICE);
    assert.equal(
      TextDocument.applyEdits(document, changes?.[document.uri] ?? []),
      TWICE.replaceAll('$x', '$number'),
    );
    await assert.rejects(
      server.at('rename', name, at('(param $|x').marked, { newName: '' }),
      /at least one character/,
    );
  });

  it('outlines the module, and finds it in the workspace', async () => {
    const [module] = await server.request<DocumentSymbol[]>('documentSymbol', {
      textDocument: { uri: server.uri(name) },
    });
    assert.equal(module?.name, '$numbers');
    assert.deepEqual(
      module.children?.map((symbol) => [symbol.name, symbol.detail]),
      [
        ['$double', '(param $x i64) (result i64)'],
        ['$unused', 'i32'],
      ],
    );
    const found = await server.rpc.sendRequest<WorkspaceSymbol[]>('workspace/symbol', { query: 'se' });
    assert.deepEqual(
      found.map((symbol) => symbol.name),
      ['$unused', '$elsewhere'],
    );
  });

  it('completes, explains and helps while one types', async () => {
    const items = await server.at<CompletionItem[]>('completion', name, at('i64.m|ul').marked);
    const item = items.find(({ label }) => label === 'i64.mul');
    assert.equal(item?.detail, '[i64 i64] -> [i64]');
    const resolved = await server.rpc.sendRequest<CompletionItem>('completionItem/resolve', item);
    assert.match(String(resolved.documentation), /^Multiplies/);
    const hover = await server.at<Hover>('hover', name, at('local.get $|x').marked);
    assert.match(JSON.stringify(hover.contents), /\(param \$x i64\)/);
    // A function that SQL calls is told as both.
    const both = await server.at<Hover>('hover', name, at('func $dou|ble').marked);
    assert.match(JSON.stringify(both.contents), /\(func \$double \(param \$x i64\).*---.*twice\(x BIGINT\)/);
    const help = await server.at<SignatureHelp>('signatureHelp', name, at('(local.get $x)| (i32').marked);
    assert.equal(help.signatures[0]?.label, 'br_if $out [i64, condition: i32] -> [i64]');
  });

  it('formats documents, ranges and what is typed', async () => {
    const text = '(module\n(func\n\n\n  block\nnop  end\n))\n';
    const loose = 'plugins/loose.wat';
    server.open(loose, 'wat', text);
    const document = TextDocument.create(server.uri(loose), 'wat', 1, text);
    const textDocument = { uri: server.uri(loose) };
    const options = { tabSize: 2, insertSpaces: true };
    const apply = (edits: TextEdit[]) => TextDocument.applyEdits(document, edits);
    const all = await server.request<TextEdit[]>('formatting', { textDocument, options });
    assert.equal(apply(all), '(module\n  (func\n\n    block\n      nop end\n  ))\n');
    const range = { start: { line: 5, character: 0 }, end: { line: 5, character: 3 } };
    const part = await server.request<TextEdit[]>('rangeFormatting', { textDocument, options, range });
    assert.equal(apply(part), text.replace('nop  end', '    nop end'));
    const position = { line: 2, character: 0 };
    const typed = await server.request<TextEdit[]>('onTypeFormatting', {
      ...{ textDocument, options, position },
      ch: '\n',
    });
    assert.equal(apply(typed), text.replace('(func\n', '  (func\n    '));
    server.close(loose);
  });

  it('offers to format no programs of other languages', async () => {
    const dynamicRegistration = true;
    const formatting = { dynamicRegistration };
    const textDocument = { formatting, rangeFormatting: formatting, onTypeFormatting: formatting };
    const other = await LanguageServerFixture.start({}, { capabilities: { textDocument } });
    try {
      const found = await other.until(
        () => (other.registered.length >= 4 ? other.registered : undefined),
        'registrations of formatting',
      );
      assert.deepEqual(
        found.map(({ method, registerOptions }) => [
          method.replace('textDocument/', ''),
          registerOptions.documentSelector?.map(({ language }) => language),
        ]),
        [
          ['formatting', ['sql', 'wat']],
          ['rangeFormatting', ['sql', 'wat']],
          ['onTypeFormatting', ['sql']],
          ['onTypeFormatting', ['wat']],
        ],
      );
    } finally {
      await other.dispose();
    }
  });

  it('folds forms and comments, and grows a selection', async () => {
    const folds = await server.request<FoldingRange[]>('foldingRange', {
      textDocument: { uri: server.uri(name) },
    });
    assert.deepEqual(
      folds.map(({ startLine, endLine }) => [startLine, endLine]),
      [
        [0, 8],
        [2, 6],
        [3, 6],
      ],
    );
    const position = { line: 4, character: 30 };
    const [selection] = await server.request<SelectionRange[]>('selectionRange', {
      textDocument: { uri: server.uri(name) },
      positions: [position],
    });
    const document = TextDocument.create(server.uri(name), 'wat', 1, TWICE);
    const texts: string[] = [];
    for (let s = selection; s !== undefined && texts.length < 4; s = s.parent)
      texts.push(document.getText(s.range));
    assert.deepEqual(texts, [
      '$x',
      'local.get $x',
      '(local.get $x)',
      'br_if $out (local.get $x) (i32.const 0)',
    ]);
  });

  it('colours names by what they mean, all of a document or a part', async () => {
    const textDocument = { uri: server.uri(name) };
    const all = await server.request<SemanticTokens>('semanticTokens/full', { textDocument });
    // $double, $x, $out, $out, $x, $unused
    assert.equal(all.data.length, 5 * 6);
    const range = { start: { line: 2, character: 0 }, end: { line: 2, character: 80 } };
    const part = await server.request<SemanticTokens>('semanticTokens/range', { textDocument, range });
    // A function and a parameter, both declared there.
    assert.deepEqual(part.data, [2, 8, 7, 4, 1, 0, 32, 2, 3, 1]);
  });
});

describe('names behind numbers in WebAssembly text', () => {
  /** What is shown behind numbers of the text that a function calls others by. */
  async function hints(indexNames: boolean): Promise<(readonly [number, InlayHint['label']])[]> {
    const server = await LanguageServerFixture.start(
      {},
      { capabilities: { workspace: { configuration: true } }, settings: { inlayHints: { indexNames } } },
    );
    try {
      server.open(
        'a.wat',
        'wat',
        '(module (func $f (param $x i32)) (func)\n  (func i32.const 0 call 0 call 1 call $f))',
      );
      const range = { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } };
      const textDocument = { uri: server.uri('a.wat') };
      const found = await server.request<InlayHint[]>('inlayHint', { textDocument, range });
      return found.map(({ position, label }) => [position.character, label]);
    } finally {
      await server.dispose();
    }
  }

  it('are shown where the user wants them', async () => {
    assert.deepEqual(await hints(true), [[26, '$f']]);
    assert.deepEqual(await hints(false), []);
  });
});

describe('the level of a hint on WebAssembly text', () => {
  it('is what the setting says', async () => {
    const server = await LanguageServerFixture.start(
      {},
      { initializationOptions: { trusted: true, diagnostics: { 'wat-unused-global': 'warning' } } },
    );
    try {
      server.open('a.wat', 'wat', TWICE);
      const [hint] = await server.diagnostics('a.wat', (d) => d.length > 0);
      assert.deepEqual([hint?.severity, hint?.tags], [2, [1]]);
      const settings = { quern: { diagnostics: { 'wat-unused-global': 'off' } } };
      await server.rpc.sendNotification('workspace/didChangeConfiguration', { settings });
      await server.diagnostics('a.wat', (d) => d.length === 0);
    } finally {
      await server.dispose();
    }
  });
});

describe('WebAssembly text in an untrusted workspace', () => {
  it('is read, and not compiled', async () => {
    const server = await LanguageServerFixture.start({}, { initializationOptions: { trusted: false } });
    try {
      server.open('plugins/a.wat', 'wat', TWICE.replace('local.get $x', 'local.get $y'));
      const [fault] = await server.diagnostics('plugins/a.wat', (d) => d.length > 0);
      assert.equal(fault?.code, 'wat/undefined-name');
      assert.deepEqual(server.plugins, []);
    } finally {
      await server.dispose();
    }
  });
});
