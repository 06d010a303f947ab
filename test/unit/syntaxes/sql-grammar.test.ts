import assert from 'node:assert/strict';
import type { Engine } from '../../../wasm-core/sql/engine.ts';
import { openTestSession, startEngine, type TestSession } from '../../support/sql-session.ts';
import { type ScopedToken, startTextMate } from '../../support/textmate.ts';

describe('the grammar of SQL', () => {
  let engine: Engine;
  let session: TestSession;
  let tokens: (text: string) => Promise<ScopedToken[]>;

  before(async () => {
    engine = startEngine();
    session = await openTestSession(engine);
    const textMate = await startTextMate([{ scope: 'source.sql', file: 'sql.tmLanguage.json' }]);
    tokens = (text) => textMate.tokens('source.sql', text);
  });
  after(async () => {
    await session.close();
    await engine.dispose();
  });

  /** The innermost scope of each piece that is no space, without its ending, as `text scope`. */
  async function scoped(text: string): Promise<string[]> {
    return (await tokens(text))
      .filter((token) => token.text.trim() !== '')
      .map((token) => `${token.text.trim()} ${(token.scopes.at(-1) ?? 'none').replace(/\.sql$/, '')}`);
  }

  const reads = (text: string, ...expected: readonly string[]) =>
    it(JSON.stringify(text), async () => {
      const found = await scoped(text);
      const missing = expected.filter((one) => !found.includes(one));
      assert.deepEqual(missing, [], `in ${found.join(' | ')}`);
    });

  it('knows every keyword and no other word', async () => {
    const words = (await session.rows('select keyword_name from duckdb_keywords()')).map(
      ([word]) => word ?? '',
    );
    assert.ok(words.length > 400);
    const unknown: string[] = [];
    for (const word of words) {
      const [token] = await tokens(word.toUpperCase());
      const scope = token?.scopes[0] ?? '';
      if (token?.text.toLowerCase() !== word || !/^(keyword|constant|storage)\./.test(scope))
        unknown.push(word);
    }
    assert.deepEqual(unknown, []);
    assert.deepEqual(await scoped('selected fromage x_select'), ['selected fromage x_select none']);
  });

  it('knows every type of the engine behind a cast', async () => {
    const types = await session.rows('select distinct lower(type_name) from duckdb_types()');
    for (const [type = ''] of types) {
      const found = await scoped(`select a::${type}`);
      assert.ok(found.includes(`${type} storage.type`), `${type}: ${found.join(' | ')}`);
    }
  });

  describe('reads strings', () => {
    reads("'it''s' x", "'' constant.character.escape");
    reads("E'a\\'b' x", "\\' constant.character.escape", "' punctuation.definition.string.end");
    reads("'a\\' x", 'x none');
    reads("$$ a $b$ ' $$ x", 'x none');
    reads('$tag$ a $$ $tag$ x', 'x none');
    reads("'two\nlines' x", 'x none');
  });

  describe('reads comments', () => {
    reads('a /* b /* c */ d */ e', 'a none', 'b comment.block', 'd comment.block', 'e none');
    reads("a -- it's\nb", 'a none', 'b none');
    reads('-- name: daily totals', 'name keyword.control.directive', 'daily totals entity.name.section');
    reads('-- @limit 100', 'limit keyword.control.directive', '100 constant.other.directive');
  });

  describe('reads numbers and parameters', () => {
    for (const number of ['1', '1_000', '1.5', '.5', '5.', '1e10', '1_0.5E-3'])
      reads(`(${number})`, `${number} constant.numeric`);
    // DuckDB has no hexadecimal numbers: this is 0 under the name x1F.
    reads('0x1F', '0 constant.numeric', 'x1F none');
    reads('t1.a2', 'a2 variable.other.member');
    reads('$1 + $name + ?', '$1 variable.parameter', '$name variable.parameter', '? variable.parameter');
  });

  describe('reads names and types', () => {
    reads('"a""b" c', '"" constant.character.escape', 'c none');
    reads('a::decimal(10, 2)[]', ':: keyword.operator.cast', 'decimal storage.type');
    reads('cast(a as date)', 'date storage.type');
    reads("date '2020-01-01'", 'date storage.type');
    reads('create table t (d date, s text not null)', 'date storage.type', 'text storage.type');
    reads('select date, t.time from t order by date', 'time variable.other.member');
  });

  describe('reads calls, lambdas and literals', () => {
    reads(
      'list_transform(l, lambda x: x + 1)',
      'list_transform entity.name.function',
      'lambda storage.type.function.lambda',
    );
    reads('list_filter(l, x -> x > 1)', '-> keyword.operator.arrow', '> keyword.operator.comparison');
    reads('left(a, 1)', 'left entity.name.function');
    reads('x in (1)', 'in keyword.operator.word');
    reads('over (order by x)', 'over keyword.other.unreserved');
    reads("'a'.upper()", 'upper entity.name.function');
    reads("{'a': 1, b: [2]}", 'a support.type.property-name', 'b support.type.property-name');
    reads('f(a := 1, b => 2)', 'a variable.parameter.argument', 'b variable.parameter.argument');
    reads("j ->> '$.a' || 'x'", '->> keyword.operator.arrow', '|| keyword.operator');
    reads('a[1:2]', ': punctuation.separator.key-value');
  });
});
