import assert from 'node:assert/strict';
import { DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver';
import { LINTS } from '../../server/sql/lints/all-lints.ts';
import { Hints } from '../support/hints.ts';
import { LanguageServerFixture } from '../support/language-server.ts';
import { readProjectFile } from '../support/project.ts';

const PLUGIN = `/** @udf */
export function slug(s: string): string {
  return s;
}
/** @udf */
export function root(x: f64): f64 {
  if (x < 0) throw new Error('negative');
  return Math.sqrt(x);
}
/** @udf */
export function twice(x: i32): i32 {
  return x * 2;
}
/** @udf */
export function hour_of(t: TimestampTz): i32 {
  return <i32>((<i64>t) % 24);
}
/** @udf */
export function day_of(d: Date32): i32 {
  if (d < 0) throw new Error('too early');
  return d;
}
/** @udf deterministic: false */
export function dice(x: i32): i32 {
  if (x == 0) throw new Error('no sides');
  return x;
}
/** @udf onError: "null" */
export function lenient(x: i32): i32 {
  if (x == 0) throw new Error('zero');
  return x;
}
`;

describe('hints in the language server', () => {
  let server: LanguageServerFixture;
  let hints: Hints;
  before(async () => {
    server = await LanguageServerFixture.start({
      'plugins/p.ts': PLUGIN,
      'people.csv': 'id,name,born,seen\n1,Ada,1815-12-10,1840-01-01 10:00:00\n',
      'towns.csv': 'town_id,town,person\n1,Ulm,1\n',
      'others.csv': 'name,id,born,seen\nAda,1,1815-12-10,1840-01-01 10:00:00\n',
    });
    await server.plugin('plugins/p.ts', ({ state }) => state === 'loaded');
    server.open('q.sql', 'sql', '');
    hints = new Hints(server, 'q.sql');
  });
  after(() => server.dispose());

  const check = async (sql: string, ...expected: string[]) =>
    assert.deepEqual(await hints.marked(sql), expected, sql);

  it('show what nothing reads as faded', async () => {
    const [hint, ...others] = await hints.of('with a as (select 1), b as (select 2) select * from b');
    assert.deepEqual(others, []);
    assert.equal(hint?.code, 'unused-cte');
    assert.equal(hint?.severity, DiagnosticSeverity.Warning);
    assert.deepEqual(hint?.tags, [DiagnosticTag.Unnecessary]);
    assert.deepEqual(hint?.range, { start: { line: 0, character: 5 }, end: { line: 0, character: 6 } });
    assert.equal(hint?.message, 'Nothing reads the common table a.');
  });

  it('stand in statements without an error alone', async () => {
    await check('with a as (select 1) select nothing', 'SQL_BIND: nothing');
    await check('with a as (select 1) select 2;\nselect nothing', 'SQL_BIND: nothing', 'unused-cte: a');
  });

  describe('of joins by comma', () => {
    it('tell that nothing links two relations', async () => {
      await check("from 'people.csv' p, 'towns.csv' t", "comma-join: 'towns.csv' t");
      await check(
        "from 'people.csv' p, 'towns.csv' t where p.id = 1 and t.town = 'Ulm'",
        "comma-join: 'towns.csv' t",
      );
      const [hint] = await hints.of("select * from 'people.csv', 'towns.csv'");
      assert.equal(hint?.severity, DiagnosticSeverity.Hint);
      assert.match(hint?.message ?? '', /^Every row of towns is joined with every row of people: /);
    });

    it('are silent where a condition links them, with or without the names of relations', async () => {
      await check("from 'people.csv' p, 'towns.csv' t where p.id = t.person");
      await check("from 'people.csv' p, 'towns.csv' t where id = person and town = 'Ulm'");
      await check("from 'people.csv' p, 'towns.csv' t where p.id between t.person and t.town_id");
      await check(
        "from 'people.csv' p, 'towns.csv' t where exists (from 'others.csv' o where o.id = p.id and o.id = t.person)",
      );
      await check("from 'people.csv' p cross join 'towns.csv' t");
    });

    it('are found among several', async () => {
      const from = "from 'people.csv' p, 'towns.csv' t, 'others.csv' o";
      await check(`${from} where p.id = o.id and t.person = o.id`);
      await check(`${from} where t.person = o.id`, "comma-join: 'towns.csv' t");
      await check(`${from} where p.id = o.id`, "comma-join: 'towns.csv' t");
      await check("from 'people.csv' p join 'others.csv' o using (id), 'towns.csv' t where t.person = o.id");
    });

    it('are silent where the relation is made from the row before it, or has one row', async () => {
      await check('from (select [1, 2] as xs) t, unnest(t.xs) as u(x)');
      await check("from 'people.csv' p, (select p.id + 1 as next from 'towns.csv')");
      await check("from 'people.csv' p, (select id + town_id from 'towns.csv')");
      await check("from 'people.csv' p, lateral (select id + 1 as next)");
      await check("from 'people.csv', (select count(*) as n from 'towns.csv')");
      await check("with params as (select 1 as least) select name from params, 'people.csv' where id > 0");
      await check(
        "from 'people.csv', (select row_number() over () as n from 'towns.csv')",
        "comma-join: (select row_number() over () as n from 'towns.csv')",
      );
      await check("from 'people.csv', range(3)", 'comma-join: range(3)');
    });
  });

  describe('of set operations', () => {
    it('tell of columns that change places', async () => {
      const [hint, ...others] = await hints.of("from 'people.csv' union all from 'others.csv'");
      assert.deepEqual(others, []);
      assert.equal(hint?.code, 'union-order');
      assert.equal(hint?.severity, DiagnosticSeverity.Warning);
      assert.equal(
        hint?.message,
        'UNION matches columns by their places: name goes into id (column 1), id goes into name (column 2). Write BY NAME, or put them in one order.',
      );
      const swapped = "select id, name from 'people.csv' union select name, id from 'others.csv'";
      await check(swapped, 'union-order: union');
      await check(`select * from (${swapped.replace('union', 'except')})`, 'union-order: except');
    });

    it('tell of names that are lost', async () => {
      const [hint, ...others] = await hints.of(
        "select id, name from 'people.csv' union all select person, town from 'towns.csv'",
      );
      assert.deepEqual(others, []);
      assert.equal(hint?.code, 'union-names');
      assert.match(
        hint?.message ?? '',
        /column 1 is id above and person below, column 2 is name above and town below/,
      );
      await check('(select 1 as a) union (select 2 as b)', 'union-names: union');
    });

    it('are silent where names do not matter', async () => {
      await check("from 'people.csv' union by name from 'others.csv'");
      await check("select 1 as a, 'x' union all select 2, 'y' as b");
      await check(
        "select id from 'people.csv' where id in (select id from 'people.csv' union select person from 'towns.csv')",
      );
      await check("with t(a) as (select id from 'people.csv' union select person from 'towns.csv') from t");
      await check(
        "with recursive r as (select id as node from 'people.csv' union select person from r, 'towns.csv' where town_id = node) from r",
      );
      await check("select id, born from 'people.csv' union select born, id from 'people.csv'");
    });
  });

  for (const { code } of LINTS) {
    it(`fit the examples of their page: ${code}`, async () => {
      const [, bad = '', good = ''] = readProjectFile(`docs/diagnostics/${code}.md`).split(
        /^## (?:Bad|Good)$/m,
      );
      const codes = async (part: string) => {
        const examples = [...part.matchAll(/^```sql\n(.*?);\n```$/gms)].map((match) => match[1] ?? '');
        assert.ok(examples.length > 0);
        const found = (await hints.of(examples.join(';\n'))).map((hint) => hint.code);
        return [found, examples.length] as const;
      };
      const [found, count] = await codes(bad);
      assert.deepEqual(found, Array(count).fill(code));
      assert.deepEqual((await codes(good))[0], []);
    });
  }

  describe('of plugin functions', () => {
    it('tell of a text that is taken for a number', async () => {
      const [hint, ...others] = await hints.of("select twice('21')");
      assert.deepEqual(others, []);
      assert.equal(hint?.code, 'plugin-argument-type');
      assert.deepEqual(hint?.range, { start: { line: 0, character: 13 }, end: { line: 0, character: 17 } });
      assert.match(
        hint?.message ?? '',
        /^twice takes x as INTEGER, and this is a text; .* Write '21'::INTEGER /,
      );
    });

    it('tell of a time without a zone that gets one', async () => {
      await check("select hour_of(seen) from 'people.csv'", 'plugin-argument-type: seen');
      await check("select hour_of(p.born) from (from 'people.csv') p", 'plugin-argument-type: p.born');
      await check(
        "select hour_of(seen::timestamptz), hour_of('2020-01-01'), hour_of(now()) from 'people.csv'",
      );
    });

    it('are silent where kinds agree', async () => {
      await check("select twice(2), slug('x'), root(id), root(2), day_of('2020-01-01') from 'people.csv'");
    });

    it('tell that a call with constants fails, and where', async () => {
      const [hint, ...others] = await hints.of('select root(4), root(-4)');
      assert.deepEqual(others, []);
      assert.equal(hint?.code, 'plugin-trap');
      assert.deepEqual(hint?.range, { start: { line: 0, character: 16 }, end: { line: 0, character: 24 } });
      assert.match(
        hint?.message ?? '',
        /^root fails with these arguments: .*"negative" at plugins\/p\.ts:7:/,
      );
      await check("select day_of('1900-01-01')", "plugin-trap: day_of('1900-01-01')");
    });

    it('try no function that chance rules, that gives NULL, or that a macro hides', async () => {
      await check('select dice(0), lenient(0), root(-id) from (select 1 as id)');
      await check('create macro root(x) as x;\nselect root(-1)');
    });

    it('leave no failed call to replay', async () => {
      await check('select root(-5)', 'plugin-trap: root(-5)');
      const host = await server.host();
      const { replays } = await host.request('replay/list', undefined);
      host.dispose();
      assert.deepEqual(replays, []);
    });

    it('follow the plugin', async () => {
      await check('select root(-6)', 'plugin-trap: root(-6)');
      const mended = PLUGIN.replace("if (x < 0) throw new Error('negative');", '');
      server.open('plugins/p.ts', 'typescript', mended);
      server.save('plugins/p.ts', mended);
      await server.diagnostics('q.sql', (d) => d.every(({ code }) => code !== 'plugin-trap'));
    });
  });

  // In a describe of its own, which comes behind the others.
  describe('with settings', () => {
    it('are as loud as the settings say', async () => {
      const sql = 'with a as (select 1) select 2';
      server.open('s.sql', 'sql', sql);
      await server.diagnostics('s.sql', (d) => d[0]?.severity === DiagnosticSeverity.Warning);
      const configure = (level: string) =>
        server.rpc.sendNotification('workspace/didChangeConfiguration', {
          settings: { quern: { diagnostics: { 'unused-cte': level } } },
        });
      await configure('error');
      await server.diagnostics('s.sql', (d) => d[0]?.severity === DiagnosticSeverity.Error);
      await configure('off');
      await server.diagnostics('s.sql', (d) => d.length === 0);
    });
  });
});
