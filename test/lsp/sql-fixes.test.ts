import assert from 'node:assert/strict';
import type { CodeAction, CreateFile, TextDocumentEdit, TextEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { LanguageServerFixture } from '../support/language-server.ts';

const PLUGIN = '/** @udf */\nexport function twice(x: i32): i32 {\n  return x * 2;\n}\n';

describe('quick fixes in the language server', () => {
  let server: LanguageServerFixture;
  before(async () => {
    server = await LanguageServerFixture.start(
      {
        'plugins/p.ts': PLUGIN,
        'people.csv': 'id,name,born,order\n1,Ada,1815-12-10,2\n',
        'towns.csv': 'id,town,person\n1,Ulm,1\n',
      },
      {
        capabilities: {
          workspace: { workspaceEdit: { documentChanges: true, resourceOperations: ['create'] } },
        },
      },
    );
    await server.plugin('plugins/p.ts', ({ state }) => state === 'loaded');
    server.open('q.sql', 'sql', '');
  });
  after(() => server.dispose());

  /** The actions for the first diagnostic of a text. */
  async function actions(sql: string): Promise<CodeAction[]> {
    server.change('q.sql', sql);
    const diagnostics = await server.diagnostics('q.sql', (d) => d.length > 0);
    return server.request<CodeAction[]>('codeAction', {
      textDocument: { uri: server.uri('q.sql') },
      range: diagnostics[0]?.range,
      context: { diagnostics: diagnostics.slice(0, 1), only: ['quickfix'] },
    });
  }

  function applied(sql: string, action: CodeAction): string {
    const edits: TextEdit[] = action.edit?.changes?.[server.uri('q.sql')] ?? [];
    return TextDocument.applyEdits(TextDocument.create('', 'sql', 1, sql), edits);
  }

  /** What the fixes of a text's first diagnostic make of it. */
  async function check(sql: string, ...expected: string[]): Promise<void> {
    const made = (await actions(sql)).filter((a) => a.edit?.changes).map((action) => applied(sql, action));
    assert.deepEqual(made, expected, sql);
  }

  it('put what the engine thinks was meant', async () => {
    await check("select nmae from 'people.csv'", "select name from 'people.csv'");
    const [first] = await actions("select p.ordr from 'people.csv' p");
    assert.ok(first);
    assert.equal(applied("select p.ordr from 'people.csv' p", first), `select p."order" from 'people.csv' p`);
    assert.equal(first.isPreferred, true);
  });

  it('cast values of types that do not mix', async () => {
    const from = "from (select 1 as i, 'a' as s, current_date as d, [1] as l, true as b)";
    const casts = (sql: string, ...written: string[]) =>
      check(`select ${sql} ${from}`, ...written.map((other) => `select ${other} ${from}`));
    await casts(
      'case when b then i when not b then case when b then 2 else 3 end else d end',
      'case when b then i::VARCHAR when not b then cast(case when b then 2 else 3 end as VARCHAR) else d::VARCHAR end',
    );
    await casts('coalesce(i, d)', 'coalesce(i::VARCHAR, d::VARCHAR)');
    await casts('if(b, i, d)', 'if(b, i::VARCHAR, d::VARCHAR)');
    await casts('l || s', 'l || s::INTEGER[]', 'l::VARCHAR || s');
    await casts('l || i', 'l || [i]', 'l::VARCHAR || i::VARCHAR');
    await casts('d > s', 'd > s::DATE', 'd::VARCHAR > s');
    await casts('d between s and s', 'd between s::DATE and s::DATE', 'd::VARCHAR between s and s');
    await casts('greatest(i, d)', 'greatest(i::VARCHAR, d::VARCHAR)');
    await casts('d in (select s)', 'd::VARCHAR in (select s)');
    await casts(
      'list_concat(l, [s])',
      'list_concat(l, cast([s] as INTEGER[]))',
      'list_concat(l::VARCHAR[], [s])',
    );
  });

  it('qualify a column that several relations have', async () => {
    const from = "from 'people.csv' p join 'towns.csv' as \"the towns\" on true";
    await check(`select 1, id ${from}`, `select 1, p.id ${from}`, `select 1, "the towns".id ${from}`);
  });

  it('cast arguments and operands so that the engine accepts them', async () => {
    await check(
      "select lower(id + 1) from 'people.csv'",
      "select lower(cast(id + 1 as VARCHAR)) from 'people.csv'",
    );
    await check(
      "select * from 'people.csv' where id like '1%'",
      "select * from 'people.csv' where id::VARCHAR like '1%'",
    );
    await check("select twice(id) from 'people.csv'", "select twice(id::INTEGER) from 'people.csv'");
    const [first] = await actions("select p.name + 1 from 'people.csv' p");
    assert.ok(first);
    assert.equal(
      applied("select p.name + 1 from 'people.csv' p", first),
      "select p.name::DOUBLE + 1 from 'people.csv' p",
    );
    await check("select twice('21')", "select twice('21'::INTEGER)");
  });

  it('know what the document defines before', async () => {
    const make = 'create table made_before as select 1 as n;\n';
    await check(
      `${make}select lower(n) from made_before`,
      `${make}select lower(n::VARCHAR) from made_before`,
    );
  });

  it('complete GROUP BY, or take any value', async () => {
    const sql = (items: string, rest = '') =>
      `select ${items}, count(*)\nfrom 'people.csv'${rest} order by 2`;
    await check(sql('name'), sql('name', '\ngroup by name'), sql('any_value(name)'));
    await check(
      sql('name, id', ' group by id'),
      sql('name, id', ' group by id, name'),
      sql('any_value(name), id', ' group by id'),
    );
  });

  it('quote names that the parser does not take for such', async () => {
    await check("select order from 'people.csv'", `select "order" from 'people.csv'`);
    await check('create table order (a int)', 'create table "order" (a int)');
    await check('create table my-table (a int)', 'create table "my-table" (a int)');
    await check(
      'select first name from (select 1 as "first name")',
      'select "first name" from (select 1 as "first name")',
    );
    await check('selec 1');
  });

  it('remove a common table that nothing reads', async () => {
    await check('with a as (select 1) select 2', 'select 2');
    await check('with a as (select 1), b as (select 2) from b', 'with b as (select 2) from b');
    const insert = 'create table t (x int); insert into t (x)';
    await check(`${insert} with a as (select 1) select 2`, `${insert} select 2`);
    await check('with a as (select 1), b as (select 2) from a', 'with a as (select 1) from a');
  });

  it('say that a join is meant to have no condition', async () => {
    await check("from 'people.csv' p, 'towns.csv' t", "from 'people.csv' p cross join 'towns.csv' t");
    await check("from 'people.csv' p, 'towns.csv' t right join 'people.csv' q on q.id = t.id");
  });

  it('match the columns of a union by name, or name them alike', async () => {
    const union = (by: string) =>
      `select id, name from 'people.csv' union all${by} select town, person from 'towns.csv'`;
    const swapped = union('').replace('town, person', 'town as name, person as id');
    await check(swapped, swapped.replace('union all', 'union all by name'));
    await check(union(''), union('').replace('town, person', 'town as id, person as name'));
  });

  it('expand a star where one asks for it', async () => {
    const expand = async (marked: string) => {
      const sql = marked.replace('|', '');
      server.change('q.sql', sql);
      const at = { line: 0, character: marked.indexOf('|') };
      const found = await server.request<CodeAction[]>('codeAction', {
        textDocument: { uri: server.uri('q.sql') },
        range: { start: at, end: at },
        context: { diagnostics: [] },
      });
      return found.map((action) => `${action.kind} ${applied(sql, action)}`);
    };
    const made = (sql: string) => [`refactor.rewrite ${sql}`];
    assert.deepEqual(
      await expand("select |* from 'people.csv'"),
      made(`select id, name, born, "order" from 'people.csv'`),
    );
    assert.deepEqual(
      await expand("select 1, t.|*, p.id from 'people.csv' p join 'towns.csv' t using (id)"),
      made("select 1, t.id, t.town, t.person, p.id from 'people.csv' p join 'towns.csv' t using (id)"),
    );
    assert.deepEqual(
      await expand('with t as (select 1 as a) select *| from t, (select 2 as a) u'),
      made('with t as (select 1 as a) select t.a, u.a from t, (select 2 as a) u'),
    );
    const towns = "'towns.csv' t";
    assert.deepEqual(
      await expand(
        `select |* from 'people.csv' p join ${towns} using (id) join (select 1 as town) u on true`,
      ),
      made(
        `select id, p.name, p.born, p."order", t.town, t.person, u.town from 'people.csv' p join ${towns} using (id) join (select 1 as town) u on true`,
      ),
    );
    assert.deepEqual(
      await expand(`select |* from 'people.csv' p natural join ${towns}`),
      made(
        `select id, p.name, p.born, p."order", t.town, t.person from 'people.csv' p natural join ${towns}`,
      ),
    );
    assert.deepEqual(
      await expand("select * exclude |(born) from 'people.csv'"),
      made(`select id, name, "order" from 'people.csv'`),
    );
    assert.deepEqual(await expand("select i|d from 'people.csv'"), []);
  });

  describe('for a function that does not exist', () => {
    const sql = "select initials(name, id, 'x') from 'people.csv' where is_old(born)";
    const created = (found: readonly CodeAction[]) => {
      const action = found.find(({ edit }) => edit?.documentChanges !== undefined);
      const [create, change] = action?.edit?.documentChanges ?? [];
      const [edit] = (change as TextDocumentEdit | undefined)?.edits ?? [];
      return {
        title: action?.title,
        uri: (create as CreateFile | undefined)?.uri,
        text: (edit as TextEdit | undefined)?.newText ?? '',
      };
    };

    it('create a plugin with the types of the call, which the SQL then calls', async () => {
      // The engine looks at WHERE first.
      const first = created(await actions(sql));
      assert.equal(first.title, 'Create the plugin function is_old in plugins/is_old.ts');
      assert.equal(first.uri, server.uri('plugins/is_old.ts'));
      assert.match(first.text, /^export function is_old\(born: Date32\): bool \{$/m);
      server.open('plugins/is_old.ts', 'typescript', first.text);
      server.save('plugins/is_old.ts', first.text);
      await server.diagnostics('q.sql', (d) => d[0]?.message.includes('initials') === true);
      const second = created(await actions(`${sql} `));
      const signature = /^export function initials\(name: string, id: i64, c: string\): string \{$/m;
      assert.match(second.text, signature);
      server.open('plugins/initials.ts', 'typescript', second.text);
      server.save('plugins/initials.ts', second.text);
      await server.diagnostics('q.sql', (d) => d.length === 0);
      const host = await server.host();
      const { session } = await host.request('sql/open', { folder: server.folder, namespace: server.folder });
      const { statements } = await host.request('sql/run', { session, sql });
      host.dispose();
      assert.deepEqual(
        statements.map(({ rowCount, columns }) => [rowCount, columns[0]?.type]),
        [[0, 'VARCHAR']],
      );
    });

    it('write WAT for numbers where that is preferred', async () => {
      await server.rpc.sendNotification('workspace/didChangeConfiguration', {
        settings: { quern: { newPluginLanguage: 'wat' } },
      });
      const call = "select scaled(id, 1.5) * 2 from 'people.csv'";
      const { uri, text } = created(await actions(call));
      assert.equal(uri, server.uri('plugins/scaled.wat'));
      assert.match(text, /^;; @udf scaled\(id BIGINT, b DOUBLE\) -> DOUBLE$/m);
      server.open('plugins/scaled.wat', 'wat', text);
      server.save('plugins/scaled.wat', text);
      await server.diagnostics('q.sql', (d) => d.length === 0);
    });

    it('offer none whose types have no simple form', async () => {
      assert.equal(created(await actions('select no_such({a: 1})')).uri, undefined);
    });
  });
});
