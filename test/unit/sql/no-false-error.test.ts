import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { writeXlsx } from 'hucre';
import { splitStatements, tokenEnd } from '../../../wasm-core/protocol/statements.ts';
import type { Engine } from '../../../wasm-core/sql/engine.ts';
import { writeDatabase } from '../../support/duckdb-file.ts';
import { compileExamples } from '../../support/example-plugins.ts';
import { projectRoot } from '../../support/project.ts';
import { corpusFiles, corpusStatements } from '../../support/sql-corpus.ts';
import { openTestSession, startEngine, type TestSession } from '../../support/sql-session.ts';
import { sqliteFile } from '../../support/sqlite-files.ts';

const FIXTURES = path.join(projectRoot(), 'test/fixtures/sql');
const PARAMETERS = { name: 'a', id: 1, n: 3 };

function statementsOf(text: string): string[] {
  return splitStatements(text).map(({ start, end }) => text.slice(start, end));
}

/**
 * The blocks of SQL in README.md and docs, by their places. Those of docs/diagnostics are left out: they stand on tables
 * of their own, some are bad on purpose, and `test/lsp/sql-lints.test.ts` holds each to its page. So is docs/remote.md:
 * its servers are nowhere.
 */
function documentedSql(): Map<string, string> {
  const blocks = new Map<string, string>();
  const names = readdirSync(path.join(projectRoot(), 'docs')).filter((name) => name !== 'remote.md');
  const docs = names.map((name) => `docs/${name}`);
  for (const name of ['README.md', ...docs].filter((file) => file.endsWith('.md'))) {
    const text = readFileSync(path.join(projectRoot(), name), 'utf8');
    for (const { 1: sql = '', index } of text.matchAll(/^```sql\n(.*?)^```$/gms)) {
      blocks.set(`${name}:${text.slice(0, index).split('\n').length}`, sql);
    }
  }
  return blocks;
}

/** The files that the documents name. */
async function writeDocumentedFiles(folder: string): Promise<void> {
  const file = (name: string) => path.join(folder, name);
  writeFileSync(file('sales.csv'), 'day,amount\n2026-01-01,10\n');
  const row = ['', 'region', 'q3', 'sum', 'note', 'by'];
  writeFileSync(file('report.xlsx'), await writeXlsx({ sheets: [{ name: 'Q3', rows: [[], [], [], row] }] }));
  const shop = 'create table orders(item integer, n integer); create table items(item integer, name text)';
  writeFileSync(file('shop.sqlite'), await sqliteFile(shop));
}

describe('no statement that the engine takes is called wrong:', () => {
  let engine: Engine;
  let test: TestSession;
  before(() => {
    engine = startEngine();
  });
  beforeEach(async () => {
    test = await openTestSession(engine);
  });
  afterEach(() => test.close());
  after(() => engine.dispose());

  /** The statements that a check faults, with what it says. */
  async function faulted(text: string): Promise<string[]> {
    const { diagnostics } = await test.session.check({ sql: text });
    const ranges = splitStatements(text);
    return diagnostics.map(({ statement, message }) => {
      const { start = 0, end = 0 } = ranges[statement] ?? {};
      return `${text.slice(start, end)}: ${message}`;
    });
  }

  /** Whether the engine plans a query. */
  async function isPlanned(query: string): Promise<boolean> {
    return test.run(`explain ${query}`, { parameters: PARAMETERS }).then(
      () => true,
      () => false,
    );
  }

  for (const name of readdirSync(FIXTURES)) {
    it(`${name}, which also runs`, async () => {
      const text = readFileSync(path.join(FIXTURES, name), 'utf8');
      assert.deepEqual(await faulted(text), []);
      // A run takes `$1` for a parameter of its own, also in PREPARE.
      const runnable = statementsOf(text).filter((sql) => !/^(prepare|execute|deallocate) /i.test(sql));
      await test.run(runnable.join(';\n'), { parameters: PARAMETERS });
      // What it has made is there now, and the next look has to live with it.
      const queries = statementsOf(text).filter((sql) => /^(select|with) /i.test(sql) && !sql.includes('$'));
      for (const sql of queries) {
        const error = (await faulted(sql))[0];
        if (error !== undefined) assert.equal(await isPlanned(sql), false, error);
      }
    });
  }

  describe('with the data and the plugins of the examples,', () => {
    beforeEach(async () => {
      mkdirSync(path.join(test.folder, 'data'));
      const data = path.join(projectRoot(), 'examples/data');
      for (const file of readdirSync(data))
        copyFileSync(path.join(data, file), path.join(test.folder, 'data', file));
      await test.session.setPlugins(await compileExamples(['geo.wat', 'text.ts']));
    });

    it('the SQL of the examples', async () => {
      const examples = path.join(projectRoot(), 'examples');
      const texts = readdirSync(examples).filter((name) => name.endsWith('.sql'));
      assert(texts.length > 1);
      for (const name of texts)
        assert.deepEqual(await faulted(readFileSync(path.join(examples, name), 'utf8')), [], name);
    });

    it('the SQL of the documents', async () => {
      await writeDatabase(path.join(test.folder, 'data/sales.duckdb'), [
        'create table orders (customer varchar, amount decimal(9, 2))',
      ]);
      await writeDocumentedFiles(test.folder);
      const blocks = documentedSql();
      assert(blocks.size > 3);
      for (const [place, sql] of blocks) assert.deepEqual(await faulted(sql), [], place);
    });
  });

  it('every keyword as a name', async () => {
    const keywords = await test.rows('select distinct keyword_name, keyword_category from duckdb_keywords()');
    assert(keywords.length > 400);
    const quoted = keywords.map(
      ([word]) =>
        `create temp table "${word}" ("${word}" int); select "${word}" as "${word}" from "${word}" as "${word}"`,
    );
    const plain = keywords
      // A schema must not be called as a database is.
      .filter(([word, category]) => category === 'unreserved' && word !== 'system' && word !== 'temp')
      .map(
        ([word]) =>
          `create schema ${word}; create table ${word}.${word} (${word} int); select ${word} from ${word}.${word}`,
      );
    assert.deepEqual(await faulted(quoted.join(';\n')), []);
    assert.deepEqual(await faulted(plain.join(';\n')), []);
  });

  it('every scalar function with NULLs of its types', async () => {
    const rows = await test.rows(
      `select distinct 'select ' || (case when regexp_matches(function_name, '^\\w+$') then function_name else '"' || replace(function_name, '"', '""') || '"' end) || '(' ||
        array_to_string(list_transform(parameter_types, lambda t: case when regexp_matches(t, '^[A-Z_ ]{4,}(\\([0-9,]+\\))?(\\[\\])*$') then 'null::' || t else 'null' end), ', ') || ')'
      from duckdb_functions() where function_type = 'scalar' and varargs is null order by 1`,
    );
    const calls = rows.map(([sql]) => sql ?? '');
    assert(calls.length > 1_000);
    const { diagnostics } = await test.session.check({ sql: calls.join(';\n') });
    for (const { statement, message } of diagnostics) {
      assert.equal(await isPlanned(calls[statement] ?? ''), false, `${calls[statement]}: ${message}`);
    }
    assert(diagnostics.length < calls.length / 4);
  });

  it('and one that it does not take has one error, inside of it', async () => {
    const names = ['tpch.sql', 'duckdb.sql'];
    const texts = names.map((name) => readFileSync(path.join(FIXTURES, name), 'utf8'));
    const all = texts.flatMap(statementsOf);
    const isOther = (sql: string): boolean => /\bother\./.test(sql);
    const tables = all.filter(
      (sql) => !isOther(sql) && /^create (or replace )?(table|macro|type|sequence|schema)/i.test(sql),
    );
    await test.run(tables.join(';\n'));
    const queries = all.filter(
      (sql) =>
        /^(select|from|with|values) /i.test(sql) && !/\$|\bpivot|getvariable|latest|revenue0/i.test(sql),
    );
    const mutant = fc
      .tuple(
        fc.constantFrom(...queries),
        fc.array(fc.tuple(fc.nat(), fc.nat(), fc.constantFrom('delete', 'twice', 'swap')), {
          minLength: 1,
          maxLength: 2,
        }),
      )
      .map(([sql, changes]) => mutate(sql, changes))
      .filter(
        (sql) =>
          /^(select|from|with|values)\s/i.test(sql) && statementsOf(sql).length === 1 && !sql.includes('$'),
      );
    await fc.assert(
      fc.asyncProperty(fc.array(mutant, { minLength: 5, maxLength: 10 }), async (mutants) => {
        const text = mutants.join(';\n');
        const ranges = splitStatements(text);
        fc.pre(ranges.length === mutants.length);
        const { diagnostics } = await test.session.check({ sql: text });
        for (const [index, { start, end }] of ranges.entries()) {
          const found = diagnostics.filter(({ statement }) => statement === index);
          const isTaken = await isPlanned(text.slice(start, end));
          assert.equal(found.length, isTaken ? 0 : 1, `${text.slice(start, end)}: ${found[0]?.message}`);
          for (const d of found)
            assert(start <= d.start && d.start < d.end && d.end <= end, JSON.stringify(d));
        }
      }),
      { numRuns: 100 },
    );
  });

  const files = corpusFiles();
  if (files.length > 0) {
    it("statements of DuckDB's own tests that run", async () => {
      let ran = 0;
      for (const file of files.filter((_, index) => index % 60 === 0)) {
        const one = await openTestSession(engine);
        for (const sql of corpusStatements(readFileSync(file, 'utf8')).slice(0, 60)) {
          const { diagnostics } = await one.session.check({ sql });
          const failure = await one.run(sql, { timeoutMs: 5_000 }).then(
            () => undefined,
            (error: Error) => error,
          );
          if (failure === undefined) assert.deepEqual(diagnostics, [], `${file}: ${sql}`);
          if (failure === undefined) ran++;
        }
        await one.close();
      }
      assert(ran > 100);
    }).timeout(600_000);
  }
});

/** A statement with tokens deleted, doubled or swapped. */
function mutate(sql: string, changes: readonly (readonly [number, number, string])[]): string {
  const tokens: string[] = [];
  for (let at = 0; at < sql.length; at = tokenEnd(sql, at)) tokens.push(sql.slice(at, tokenEnd(sql, at)));
  for (const [one, other, how] of changes) {
    const words = [...tokens.keys()].filter((index) => tokens[index]?.trim() !== '');
    const at = words[one % words.length] ?? 0;
    const to = words[other % words.length] ?? 0;
    const token = tokens[at] ?? '';
    if (how === 'delete') tokens.splice(at, 1);
    else if (how === 'twice') tokens.splice(at, 0, token, ' ');
    else [tokens[at], tokens[to]] = [tokens[to] ?? '', token];
  }
  return tokens.join('').trim();
}
