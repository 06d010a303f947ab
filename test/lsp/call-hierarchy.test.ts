import assert from 'node:assert/strict';
import type {
  CallHierarchyIncomingCall,
  CallHierarchyItem,
  CallHierarchyOutgoingCall,
} from 'vscode-languageserver';
import { LanguageServerFixture } from '../support/language-server.ts';
import { withoutMark } from '../support/marked-text.ts';

const WAT = `(module
  ;; @udf twice(x BIGINT) -> BIGINT
  (func $twice (export "twice") (param i64) (result i64)
    (i64.mul (local.get 0) (i64.const 2))))
`;
const SCRIPT = `/** @udf */
export function slug(s: string): string {
  return s;
}
`;
const FILES = {
  'plugins/number.wat': WAT,
  'plugins/text.ts': SCRIPT,
  'report.sql': `create macro four(x) as twice(twice(x));
-- name: yearly
select four(1), slug('a'), sum(2) from early;
`,
  'views.sql': 'create view early as select twice(1) as n;\n',
  'own.sql': 'create macro twice(x) as x;\nselect twice(1);\n',
};

describe('calls between SQL and plugins', function () {
  this.timeout(60_000);
  let lsp: LanguageServerFixture;

  before(async () => {
    lsp = await LanguageServerFixture.start(FILES);
    await lsp.plugin('plugins/number.wat', (s) => s.state === 'loaded');
    await lsp.plugin('plugins/text.ts', (s) => s.state === 'loaded');
    lsp.open('plugins/number.wat', 'wat', WAT);
    lsp.open('plugins/text.ts', 'typescript', SCRIPT);
    lsp.open('notes.md', 'markdown', 'Text\n\n```sql\nselect twice(7)\n```\n');
  });
  after(() => lsp.dispose());

  async function prepare(name: string, marked: string): Promise<CallHierarchyItem> {
    const found = await lsp.at<CallHierarchyItem[] | null>('prepareCallHierarchy', name, marked);
    assert.equal(found?.length, 1, marked);
    return found[0] as CallHierarchyItem;
  }

  async function inSql(marked: string): Promise<CallHierarchyItem> {
    lsp.open('q.sql', 'sql', withoutMark(marked));
    const item = await prepare('q.sql', marked);
    lsp.close('q.sql');
    return item;
  }

  /** Callers, as `name in file, number of calls`. */
  async function callers(item: CallHierarchyItem): Promise<string[]> {
    const calls = await lsp.rpc.sendRequest<CallHierarchyIncomingCall[]>('callHierarchy/incomingCalls', {
      item,
    });
    return calls.map(({ from, fromRanges }) => `${from.name} in ${from.detail}, ${fromRanges.length}`).sort();
  }

  async function callees(item: CallHierarchyItem): Promise<string[]> {
    const calls = await lsp.rpc.sendRequest<CallHierarchyOutgoingCall[]>('callHierarchy/outgoingCalls', {
      item,
    });
    return calls.map(({ to, fromRanges }) => `${to.name}, ${fromRanges.length}`).sort();
  }

  const TWICE = ['early in views.sql, 1', 'four in report.sql, 2', 'select twice(7) in notes.md, 1'];

  it('lead from a call to every statement that makes it, but one that means another function', async () => {
    const item = await inSql('select tw|ice(3)');
    assert.equal(item.uri, lsp.uri('plugins/number.wat'));
    assert.deepEqual(await callers(item), TWICE);
  });

  it('lead from a function in its source to the same', async () => {
    for (const marked of [
      WAT.replace('(export "twice")', '(export "twi|ce")'),
      WAT.replace('@udf twice', '@udf tw|ice'),
      WAT.replace('(result', '(res|ult'),
    ]) {
      const found = await callers(await prepare('plugins/number.wat', marked));
      assert.equal(found.length, 3, marked);
    }
    const slug = await prepare('plugins/text.ts', SCRIPT.replace('slug', 'sl|ug'));
    assert.deepEqual(await callers(slug), ['yearly in report.sql, 1']);
    const nothing = WAT.replace('(module', '(mod|ule');
    assert.equal(await lsp.at('prepareCallHierarchy', 'plugins/number.wat', nothing), null);
  });

  it('lead from a statement to the plugin functions, macros and views that it uses', async () => {
    const report = FILES['report.sql'];
    lsp.open('report.sql', 'sql', report);
    const yearly = await prepare('report.sql', report.replace('select four', 'sel|ect four'));
    assert.equal(yearly.name, 'yearly');
    assert.deepEqual(await callees(yearly), ['early, 1', 'four, 1', 'slug, 1']);
    assert.deepEqual(await callers(yearly), []);
    const four = await prepare('report.sql', report.replace('macro four', 'macro fo|ur'));
    assert.deepEqual(await callees(four), ['twice, 2']);
    assert.deepEqual(await callers(four), ['yearly in report.sql, 1']);
    const early = await prepare('report.sql', report.replace('from early', 'from ear|ly'));
    assert.equal(early.uri, lsp.uri('views.sql'));
    assert.deepEqual(await callers(early), ['yearly in report.sql, 1']);
    lsp.close('report.sql');
  });

  it('follow what is typed and not saved', async () => {
    const text = 'select 1;\n';
    lsp.open('views.sql', 'sql', text);
    const found = await callers(await inSql('select tw|ice(3)'));
    assert.ok(!found.some((call) => call.includes('views.sql')), found.join());
    lsp.close('views.sql');
  });
});
