import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Engine } from '../../../wasm-core/sql/engine.ts';
import { readProjectFile } from '../../support/project.ts';
import { openTestSession, startEngine, type TestSession } from '../../support/sql-session.ts';

type Snippets = Readonly<
  Record<string, { readonly prefix: string | readonly string[]; readonly body: readonly string[] }>
>;
interface Configuration {
  readonly wordPattern: string;
  readonly folding: { readonly markers: { readonly start: string; readonly end: string } };
  readonly indentationRules: Readonly<Record<string, { readonly pattern: string; readonly flags: string }>>;
  readonly onEnterRules: readonly { readonly beforeText: string; readonly afterText: string }[];
}

describe('the snippets of SQL', () => {
  const snippets = JSON.parse(readProjectFile('syntaxes/sql.snippets.json')) as Snippets;
  let engine: Engine;
  let session: TestSession;

  before(async () => {
    engine = startEngine();
    session = await openTestSession(engine);
    writeFileSync(path.join(session.folder, 'events.csv'), 'name,day,amount\na,2024-01-01,1\n');
    writeFileSync(path.join(session.folder, 'events.json'), '[{"name":"a"}]');
    await session.run(`create table events (name varchar, day date, amount double);
      create table prices (name varchar, day date, price double);
      copy prices to 'prices.parquet'`);
  });
  after(async () => {
    await session.close();
    await engine.dispose();
  });

  for (const [name, { body }] of Object.entries(snippets)) {
    it(`are statements that run, or expressions: ${name}`, async () => {
      for (const text of expansions(body.join('\n'))) {
        const isExpression = !text.trimEnd().endsWith(';');
        await session.run(isExpression ? `select ${text}` : text);
      }
    });
  }

  it('have prefixes of their own', () => {
    const prefixes = Object.values(snippets).flatMap(({ prefix }) => prefix);
    assert.deepEqual([...new Set(prefixes)], prefixes);
  });
});

describe('the language configuration of SQL', () => {
  const read = readProjectFile('syntaxes/sql.language-configuration.json');
  const { wordPattern, folding, indentationRules, onEnterRules } = JSON.parse(read) as Configuration;
  const rule = (name: string): RegExp => {
    const { pattern = '', flags = '' } = indentationRules[name] ?? {};
    return new RegExp(pattern, flags);
  };

  it('takes names, parameters and numbers for words', () => {
    const text = 'sélect a_1, $name + "b c".d - 1_000.5 || \'x\' t$1 $2';
    const words = [...text.matchAll(new RegExp(wordPattern, 'g'))].map(([word]) => word);
    assert.deepEqual(words, ['sélect', 'a_1', '$name', 'b', 'c', 'd', '1_000.5', 'x', 't$1', '$2']);
  });

  it('folds regions', () => {
    for (const line of ['-- region Loads', '--#region', '  -- #region'])
      assert.match(line, new RegExp(folding.markers.start));
    assert.match('-- #endregion', new RegExp(folding.markers.end));
    assert.doesNotMatch('-- regional', new RegExp(folding.markers.start));
  });

  it('indents behind an open bracket and a clause that stands alone', () => {
    const increases = rule('increaseIndentPattern');
    for (const line of ['with a as (', 'SELECT', '  from', 'group by', 'select case', 'values (1,'])
      assert.match(line, increases);
    for (const line of ['select a', 'from t', 'f(x)', '-- a (', 'with a as (select 1)'])
      assert.doesNotMatch(line, increases);
    const decreases = rule('decreaseIndentPattern');
    for (const line of [')', '  end as x']) assert.match(line, decreases);
    for (const line of ['a,', 'endless', 'from t']) assert.doesNotMatch(line, decreases);
  });

  it('goes on with a comment that is split, and with nothing else', () => {
    const splits = (before: string, after: string) =>
      onEnterRules.some((r) => new RegExp(r.beforeText).test(before) && new RegExp(r.afterText).test(after));
    assert.ok(splits('-- one', ' two'));
    assert.ok(!splits('-- one', ''));
    assert.ok(!splits('-- @limit 10', ' 0'));
    assert.ok(!splits('select 1', ' + 2'));
  });
});

/** A snippet with the defaults of its places, once for each choice. */
function expansions(body: string): string[] {
  const choice = /\$\{\d+\|([^|]*)\|\}/.exec(body);
  if (choice !== null) {
    return (choice[1] ?? '').split(/,(?![^(]*\))/).flatMap((one) => expansions(body.replace(choice[0], one)));
  }
  const names = new Map([...body.matchAll(/\$\{(\d+):([^{}]*)\}/g)].map(([, n, text]) => [n, text]));
  return [body.replace(/\$\{(\d+):[^{}]*\}/g, (whole, n) => names.get(n) ?? whole)];
}
