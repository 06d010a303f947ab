// biome-ignore-all lint/suspicious/noTemplateCurlyInString: holes of templates are what it is about
import assert from 'node:assert/strict';
import {
  type CodeLens,
  type CompletionItem,
  type CompletionList,
  DiagnosticSeverity,
  type Hover,
  type SignatureHelp,
} from 'vscode-languageserver';
import type { RunTarget } from '../../wasm-core/protocol/lsp.ts';
import { LanguageServerFixture, type PlainDiagnostic } from '../support/language-server.ts';

const MARKDOWN = `# Numbers

\`\`\`sql
create table t as select 1 as number_of_things;
\`\`\`

Then:

\`\`\`sql
select number_of_things from t;
select nope from t;
\`\`\`
`;

const TYPESCRIPT = `const a = sql\`select 1 as x\`;
const b = sql\`select nope from range(3) where range = \${id}\`;
const c = sql\`select \${columns} from \${table}\`;
const d = sql\`create table t as select 1\`, e = sql\`create table t as select 2\`;
`;

const PYTHON = `rows = db.execute(f"""--sql
  select day, {', '.join(columns)}
  from 'days.csv'
""")
more = """--sql
  select dya from 'days.csv'
"""
`;

describe('SQL inside other documents', () => {
  // An engine starts in a second, and in ten on a machine that is busy with other suites.
  let lsp: LanguageServerFixture;

  before(async () => {
    lsp = await LanguageServerFixture.start({ 'days.csv': 'day,amount\n1,2\n' });
  });
  after(() => lsp.dispose());

  /** The diagnostics of a document that has some, as `code text`. */
  async function faults(name: string, text: string): Promise<string[]> {
    return textsOf(text, await lsp.diagnostics(name, (found) => found.length > 0));
  }

  /** The texts that the Run lenses of a document would send. */
  async function runs(name: string, text: string): Promise<string[]> {
    const lenses = await lsp.request<CodeLens[]>('codeLens', { textDocument: { uri: lsp.uri(name) } });
    const targets = lenses
      .filter(({ command }) => command?.command === 'quern.runStatement')
      .map(({ command }) => command?.arguments?.[0] as RunTarget);
    assert.ok(targets.every(({ uri, version }) => uri === lsp.uri(name) && version === 1));
    return targets.map(({ start, end }) => text.slice(start, end));
  }

  it('is checked in Markdown, where later blocks see what earlier ones define', async () => {
    lsp.open('a.md', 'markdown', MARKDOWN);
    assert.deepEqual(await faults('a.md', MARKDOWN), ['SQL_BIND nope']);
    assert.deepEqual(await runs('a.md', MARKDOWN), [
      'create table t as select 1 as number_of_things',
      'select number_of_things from t',
      'select nope from t',
    ]);
  });

  it('is checked in TypeScript, each template by itself, and what a hole may be at fault for is left out', async () => {
    lsp.open('a.tsx', 'typescriptreact', TYPESCRIPT);
    assert.deepEqual(await faults('a.tsx', TYPESCRIPT), ['SQL_BIND nope']);
    assert.deepEqual(await runs('a.tsx', TYPESCRIPT), [
      'select 1 as x',
      'create table t as select 1',
      'create table t as select 2',
    ]);
  });

  it('may speak of tables that only the program knows', async () => {
    const text = 'sql`select name from users where id = ${id}`; sql`select 1 from from`';
    lsp.open('b.ts', 'typescript', text);
    const found = await lsp.diagnostics('b.ts', (all) => all.length === 2);
    assert.deepEqual(
      found.map(({ severity, code }) => [severity, code]),
      [
        [DiagnosticSeverity.Information, 'SQL_BIND'],
        [DiagnosticSeverity.Error, 'SQL_PARSE'],
      ],
    );
  });

  it('is checked in Python', async () => {
    lsp.open('a.py', 'python', PYTHON);
    assert.deepEqual(await faults('a.py', PYTHON), ['SQL_BIND dya']);
    assert.deepEqual(await runs('a.py', PYTHON), ["select dya from 'days.csv'"]);
  });

  it('is completed, hovered over and helped with, and nothing else in the document is', async () => {
    const text = "text = 1\nq = '''--sql\nselect amount, round(day, 1) from 'days.csv' '''\n";
    lsp.open('b.py', 'python', text);
    const complete = async (marked: string): Promise<string[]> => {
      const found = await lsp.at<CompletionItem[] | CompletionList | null>('completion', 'b.py', marked);
      return (Array.isArray(found) ? found : (found?.items ?? [])).map(({ label }) => label);
    };
    assert.ok((await complete(text.replace('select amount', 'select am|ount'))).includes('amount'));
    assert.deepEqual(await complete(text.replace('text', 'te|xt')), []);
    const hover = await lsp.at<Hover | null>('hover', 'b.py', text.replace('amount', 'amo|unt'));
    assert.match(JSON.stringify(hover?.contents), /BIGINT/);
    assert.equal(await lsp.at('hover', 'b.py', text.replace('text', 'te|xt')), null);
    const help = await lsp.at<SignatureHelp | null>('signatureHelp', 'b.py', text.replace('(day', '(|day'));
    assert.match(help?.signatures[0]?.label ?? '', /^round/);
  });

  it('is followed through edits, and its faults go with it', async () => {
    lsp.open('c.js', 'javascript', 'sql`selct 1`');
    await lsp.diagnostics('c.js', (found) => found.length === 1);
    lsp.change('c.js', 'const x = 1; sql`selct 2`');
    const [fault] = await lsp.diagnostics('c.js', (found) => found[0]?.range.start.character === 17);
    assert.equal(fault?.code, 'SQL_PARSE');
    lsp.change('c.js', 'const x = `selct 2`');
    await lsp.diagnostics('c.js', (found) => found.length === 0);
  });

  it('is nothing in AssemblyScript, which goes on being compiled', async () => {
    const plugin = '@udf\nexport function f(x: i32): i32 { return y; }\n// sql`selct`\n';
    lsp.open('plugins/f.ts', 'typescript', plugin);
    const found = await lsp.diagnostics('plugins/f.ts', (all) => all.length > 0);
    assert.deepEqual(
      found.map(({ code }) => code),
      ['as/2304'],
    );
  });
});

describe('SQL inside other documents that is not wanted', () => {
  let lsp: LanguageServerFixture;
  before(async () => {
    lsp = await LanguageServerFixture.start({}, { initializationOptions: { embeddedSql: false } });
  });
  after(() => lsp.dispose());

  it('has no lenses', async () => {
    lsp.open('a.md', 'markdown', MARKDOWN);
    const lenses = await lsp.request<CodeLens[]>('codeLens', { textDocument: { uri: lsp.uri('a.md') } });
    assert.deepEqual(lenses, []);
  });
});

/** Diagnostics as their code and the text that they stand under. */
function textsOf(text: string, diagnostics: readonly PlainDiagnostic[]): string[] {
  const lines = text.split('\n');
  return diagnostics.map(({ code, range: { start, end } }) => {
    return `${code} ${lines[start.line]?.slice(start.character, end.character)}`;
  });
}
