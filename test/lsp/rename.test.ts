import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { LanguageServerFixture } from '../support/language-server.ts';
import { withoutMark } from '../support/marked-text.ts';

const TEXT_PLUGIN = `// slug is "slug"
/** @udf */
export function slug(s: string): string {
  return s == "" ? "" : slug("");
}
@udf({ name: "loud" })
export function upper_case(s: string): string {
  return s.toUpperCase();
}
/** @aggregate */
export class CharSum {
  total: i32 = 0;
  update(s: string): void { this.total += s.length; }
  merge(other: CharSum): void { this.total += other.total; }
  finish(): i32 { return this.total; }
}
`;
const WAT_PLUGIN = `(module
  ;; Twice a number.
  ;; @udf twice(x BIGINT) -> BIGINT
  (func $twice (export "twice") (param i64) (result i64)
    (i64.mul (local.get 0) (i64.const 2))))
`;
const FILES = {
  'plugins/text.ts': TEXT_PLUGIN,
  'plugins/number.wat': WAT_PLUGIN,
  'data/people.csv': 'id,name,born\n1,Ada,1815-12-10\n2,Alan,1912-06-23\n',
  'other.sql': "select slug('a'), twice(1);\nselect 'slug';\n",
  'macro.sql': 'create macro slug(x) as x;\nselect slug(1);\n',
};
const PEOPLE = "'data/people.csv'";

describe('renaming in SQL', () => {
  let server: LanguageServerFixture;
  let lastEdits: TextEdit[] = [];
  before(async () => {
    server = await LanguageServerFixture.start(FILES);
    await server.plugin('plugins/text.ts', (s) => s.state === 'loaded');
    await server.plugin('plugins/number.wat', (s) => s.state === 'loaded');
    server.open('q.sql', 'sql', '');
  });
  after(() => server.dispose());

  async function edits(marked: string, newName: string): Promise<WorkspaceEdit> {
    server.change('q.sql', withoutMark(marked));
    return server.at<WorkspaceEdit>('rename', 'q.sql', marked, { newName });
  }

  /** The document after the name at `|` got another, or why it did not get it. */
  async function rename(marked: string, newName: string): Promise<string> {
    try {
      const { changes } = await edits(marked, newName);
      const document = TextDocument.create('', 'sql', 1, withoutMark(marked));
      lastEdits = changes?.[server.uri('q.sql')] ?? [];
      return TextDocument.applyEdits(document, lastEdits);
    } catch (error) {
      return `! ${(error as Error).message}`;
    }
  }

  async function check(cases: readonly (readonly [string, string, string])[]): Promise<void> {
    for (const [marked, newName, expected] of cases)
      assert.equal(await rename(marked, newName), expected, marked);
  }

  it('changes a name wherever it means the same', async () => {
    await check([
      ['with |a as (select 1 as x) select a.x from a', 'b', 'with b as (select 1 as x) select b.x from b'],
      [`select p.id from ${PEOPLE} |p where p.id > 1`, 'q', `select q.id from ${PEOPLE} q where q.id > 1`],
      [
        'with a as (select 1 as |x) select x, a.x from (from a) a',
        'y',
        'with a as (select 1 as y) select y, a.y from (from a) a',
      ],
      [
        'create table t (|a int);\nselect a from t;\nselect a from (select 1 as a)',
        'b',
        'create table t (b int);\nselect b from t;\nselect a from (select 1 as a)',
      ],
      [
        'drop view if exists v;\ncreate view |v as select 1;\nfrom v',
        'w',
        'drop view if exists w;\ncreate view w as select 1;\nfrom w',
      ],
      [
        'create macro m(a) as a;\nselect |m(1), x.m() from t x',
        'n',
        'create macro n(a) as a;\nselect n(1), x.n() from t x',
      ],
      ['select $|x, $y;\nselect $x', 'z', 'select $z, $y;\nselect $z'],
      ['select list_transform([1], |e -> e + 1)', 'v', 'select list_transform([1], v -> v + 1)'],
    ]);
  });

  it('quotes what has to be quoted', async () => {
    await check([
      ['with |a as (select 1) from a', 'order', 'with "order" as (select 1) from "order"'],
      ['with |a as (select 1) from a', 'two words', 'with "two words" as (select 1) from "two words"'],
      ['from (select 1) |p', 'left', 'from (select 1) "left"'],
      ['with "A b" as (select 1) from |"a B"', 'c', 'with c as (select 1) from c'],
      ['select 1 as |a order by a', 'say "hi"', 'select 1 as "say ""hi""" order by "say ""hi"""'],
    ]);
  });

  it('refuses what would change the meaning of a statement', async () => {
    const taken = (name: string) =>
      `! ${name} already means something else here; use another name than ${name}.`;
    await check([
      ['with |a as (select 1), b as (select 2) from a, b', 'b', taken('b')],
      ['with |a as (select 1) from a, b', 'b', taken('b')],
      [`select id + 1 as |x from ${PEOPLE} where x > 1`, 'id', taken('id')],
      [`from ${PEOPLE} |p, ${PEOPLE} q`, 'Q', taken('Q')],
      ['create macro m(|a, b) as a', 'b', taken('b')],
      ['select $|x + $y', 'y', taken('$y')],
      ['create table |t (a int);\ncreate table u (a int)', 'u', taken('u')],
    ]);
    assert.match(
      await rename('with a as (select 1 as |x), b as (select 1 as x) from a join b using (x)', 'y'),
      /^! x is joined/,
    );
    assert.match(
      await rename('select 1 as |x from nowhere where x = 1', 'y'),
      /^! The columns .* are not known/,
    );
  });

  it('says why something cannot be renamed', async () => {
    assert.match(
      await rename(`select |id from ${PEOPLE}`, 'x'),
      /^! id is a column of 'data\/people.csv'; .* alias/,
    );
    assert.match(await rename('select |lower(1)', 'x'), /^! lower is a function of the engine/);
    assert.match(await rename('from |nowhere', 'x'), /^! nowhere is not defined in this document/);
    assert.match(await rename(`from 'data/|people.csv'`, 'x'), /^! data\/people.csv is a file/);
    await assert.rejects(server.at('prepareRename', 'q.sql', `from 'data/|people.csv'`), /is a file/);
    server.change('q.sql', 'select 1 as a');
    assert.deepEqual(await server.at('prepareRename', 'q.sql', 'select 1 as |a'), {
      range: { start: { line: 0, character: 12 }, end: { line: 0, character: 13 } },
      placeholder: 'a',
    });
  });

  it("changes a plugin's function in its source and in every document that calls it", async () => {
    const changed = async (marked: string, newName: string) => {
      const { changes = {} } = await edits(marked, newName);
      const texts: Record<string, string> = { ...FILES, 'q.sql': withoutMark(marked) };
      return Object.fromEntries(
        Object.entries(texts)
          .filter(([name]) => changes[server.uri(name)] !== undefined)
          .map(([name, text]) => [
            name,
            TextDocument.applyEdits(TextDocument.create('', '', 1, text), changes[server.uri(name)] ?? []),
          ]),
      );
    };
    assert.deepEqual(await changed("select |slug('x')", 'dashed'), {
      'plugins/text.ts': TEXT_PLUGIN.replace('function slug', 'function dashed').replace(
        ': slug(',
        ': dashed(',
      ),
      'other.sql': "select dashed('a'), twice(1);\nselect 'slug';\n",
      'q.sql': "select dashed('x')",
    });
    assert.deepEqual(await changed("select |loud('x')", 'shout'), {
      'plugins/text.ts': TEXT_PLUGIN.replace('"loud"', '"shout"'),
      'q.sql': "select shout('x')",
    });
    assert.deepEqual(await changed("select |char_sum('x')", 'letter_count'), {
      'plugins/text.ts': TEXT_PLUGIN.replaceAll('CharSum', 'LetterCount'),
      'q.sql': "select letter_count('x')",
    });
    assert.deepEqual(await changed('select |twice(1)', 'double_of'), {
      'plugins/number.wat': WAT_PLUGIN.replace('@udf twice', '@udf double_of').replace(
        '"twice"',
        '"double_of"',
      ),
      'other.sql': "select slug('a'), double_of(1);\nselect 'slug';\n",
      'q.sql': 'select double_of(1)',
    });
    assert.match(await rename("select |slug('x')", 'loud'), /^! There is a function loud already/);
    assert.match(await rename("select |slug('x')", 'Not Good'), /^! Not Good is no name of a plugin/);
  });

  it('there and back gives the same text, and what is between prepares as it did', async () => {
    const shapes = [
      'with |a as (select 1 as x), b as (select a.x from a) select b.x, (select max(x) from a) from b',
      'with recursive |r(n) as (select 1 union all select r.n + 1 from r where n < 5) select n from r',
      `select |p.id, p.name, (select count(*) from ${PEOPLE} o where o.id < p.id) n from ${PEOPLE} p where p.id > 0 order by p.id`,
      `select id * 2 as |v, v + 1 as w from ${PEOPLE} where v > 1 qualify row_number() over (order by v) > 0 order by v`,
      `with t as (select id as |k, name from ${PEOPLE}) select k, t.k + 1 from (select * exclude (name) from t) t order by k`,
      'select q.|x from (values (1, 2)) q(x, y) where x > 0',
      'create or replace macro m(|a, b := 1) as a + b + a',
      'select list_transform([1, 2], |e -> e * 2), [f for f in [1]] as g',
      'select sum(x) over |w, avg(x) over (w rows 1 preceding) from (values (1)) t(x) window w as (order by x)',
      `from ${PEOPLE} |a join ${PEOPLE} b on a.id = b.id select a.*, b.name`,
      'with |s as (select 1 as x) select * from s union all select s.x from s order by x',
      `select s.x from (select name as |x from ${PEOPLE}) s join (values ('Ada')) v(n) on s.x = v.n`,
      'with a as (select 1 as x) insert into sink select |a.x from a',
      "select s.k, t.s.k from (select {'k': 1} as |s) t",
    ];
    const host = await server.host();
    const { session } = await host.request('sql/open', { folder: server.folder });
    await host.request('sql/run', { session, sql: 'create table sink (x int)' });
    const faults = async (sql: string) =>
      (await host.request('sql/check', { session, sql })).diagnostics.map((d) => d.message);
    const names = fc.constantFrom(
      'zz',
      'select',
      'Left',
      'a b',
      'x"y',
      'x',
      'name',
      'été',
      'values',
      'order',
      'a',
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...shapes), names, async (marked, newName) => {
        const sql = withoutMark(marked);
        assert.deepEqual(await faults(sql), [], sql);
        const at = marked.indexOf('|');
        const there = await rename(marked, newName);
        if (there.startsWith('! ')) return;
        assert.deepEqual(await faults(there), [], there);
        // What stands before the name may be longer than it was.
        const grown = lastEdits
          .filter(({ range }) => range.end.character <= at)
          .reduce(
            (sum, { newText, range }) => sum + newText.length - (range.end.character - range.start.character),
            0,
          );
        const first = at + grown;
        const old = /^\w+/.exec(sql.slice(at))?.[0] ?? '';
        const back = await rename(`${there.slice(0, first)}|${there.slice(first)}`, old);
        assert.equal(back, sql, there);
      }),
      { numRuns: 60 },
    );
    host.dispose();
  });
});
