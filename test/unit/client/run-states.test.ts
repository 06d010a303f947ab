import assert from 'node:assert/strict';
import { piecesUpTo } from '../../../client/run/pieces.ts';
import { RunStates, type StatementRun } from '../../../client/run/run-states.ts';
import { statementUses } from '../../../client/run/statement-uses.ts';

const URI = 'file:///q.sql';

/** A document whose statements ran, and what is shown of them after edits. */
class Ran {
  readonly states = new RunStates();
  text: string;

  constructor(text: string) {
    this.text = text;
    for (const [index, piece] of piecesUpTo(text).entries()) {
      this.states.record(URI, piece.start, { ...this.run(index), summary: `run ${index}` });
    }
  }

  run(index: number): StatementRun {
    const piece = piecesUpTo(this.text)[index];
    assert.ok(piece);
    return { type: 'done', summary: 'again', uses: statementUses(this.text, piece), parameters: '[]' };
  }

  edit(find: string, text: string): this {
    const rangeOffset = this.text.indexOf(find);
    // What is put in front of something does not replace it.
    const isInsertion = text.endsWith(find);
    const edit = {
      rangeLength: isInsertion ? 0 : find.length,
      text: isInsertion ? text.slice(0, -find.length) : text,
    };
    this.states.edited(URI, [{ rangeOffset, ...edit }]);
    this.text = this.text.replace(find, text);
    return this;
  }

  shown(parameters = '[]'): string[] {
    const statements = piecesUpTo(this.text).map((piece) => ({
      start: piece.start,
      key: statementUses(this.text, piece).key,
      parameters,
    }));
    const runs = this.states.of(URI, statements);
    return statements.map((_, index) => {
      const run = runs.get(index);
      return run === undefined ? '' : [run.summary, ...run.stale.map(({ text }) => text)].join(', ');
    });
  }
}

describe('what is remembered of runs', () => {
  const text = "select 1;\nselect slug(a) from 'data/x.csv';\n";

  it('tells what has changed since a statement ran, until it runs again', () => {
    const ran = new Ran(text);
    const { key } = ran.run(1).uses;
    assert.deepEqual(ran.states.changesOf(URI, key), []);
    ran.states.changed({ name: 'x.csv', text: 'data/x.csv' }, ({ uses }) => uses.key === key);
    assert.deepEqual(ran.states.changesOf(URI, key), [{ name: 'x.csv', text: 'data/x.csv' }]);
    assert.deepEqual(ran.states.changesOf(URI, ran.run(0).uses.key), []);
    ran.states.record(URI, undefined, ran.run(1));
    assert.deepEqual(ran.states.changesOf(URI, key), []);
  });

  it('moves with its statement', () => {
    assert.deepEqual(new Ran(text).edit('select 1', 'select 0;\nselect 1').shown(), ['', 'run 0', 'run 1']);
    assert.deepEqual(new Ran(text).edit('select 1;\n', '').shown(), ['run 1']);
  });

  it('is stale when the text says something else, not when it is written otherwise', () => {
    assert.deepEqual(new Ran(text).edit('1', '2').shown(), ['run 0, its text', 'run 1']);
    assert.deepEqual(new Ran(text).edit('ect 1', 'ECT /* one */\n  1').shown(), ['run 0', 'run 1']);
    assert.deepEqual(new Ran(text).edit('data/x', 'data/X').shown(), ['run 0', 'run 1, its text']);
    assert.deepEqual(new Ran(text).edit('1', '2').edit('2', '1').shown(), ['run 0', 'run 1']);
    assert.deepEqual(new Ran(text).edit('select 1', '-- @limit 5\nselect 1').shown()[0], 'run 0, its text');
  });

  it('finds its statement again after all of the text was replaced, as a formatter does', () => {
    const ran = new Ran(text);
    assert.deepEqual(
      ran.edit(text, `\n\n${text.toUpperCase().replace('DATA/X.CSV', 'data/x.csv')}`).shown(),
      ['run 0', 'run 1'],
    );
  });

  it('goes with its statement, and comes back with it', () => {
    const ran = new Ran(text);
    assert.deepEqual(ran.edit(text, '-- nothing\nselect 3;\n').shown(), ['']);
    assert.deepEqual(ran.edit('-- nothing\nselect 3;\n', text).shown(), ['run 0', 'run 1']);
    ran.states.closed(URI);
    assert.deepEqual(ran.shown(), ['', '']);
  });

  it('is stale when what it used has changed, until it runs again', () => {
    const ran = new Ran(text);
    const touches = (name: string) =>
      ran.states.changed(
        { name, text: name },
        ({ uses }) => uses.calls.includes(name) || uses.files.includes(name),
      );
    assert.deepEqual([touches('slug'), touches('data/x.csv'), touches('y.csv')], [true, true, false]);
    assert.deepEqual(ran.shown(), ['run 0', 'run 1, slug, data/x.csv']);
    ran.states.record(URI, piecesUpTo(text)[1]?.start, ran.run(1));
    assert.deepEqual(ran.shown(), ['run 0', 'again']);
  });

  it('is stale when parameters have other values', () => {
    assert.deepEqual(new Ran('select $a').shown('[["a",2]]'), ['run 0, the values of its parameters']);
  });
});

describe('what a statement uses', () => {
  const uses = (sql: string) => {
    const [piece] = piecesUpTo(sql);
    assert.ok(piece);
    return statementUses(sql, piece);
  };

  it('is the files that it names, and the functions that it calls', () => {
    const found = uses(`-- @db s.duckdb
      select Slug (a), "Up"(b), 'no file', '1.5', 'it''s.csv' from 'a/*.parquet' join "b c.csv" on x in (1)`);
    assert.deepEqual(found.files, ["it's.csv", 'a/*.parquet', 'b c.csv', 's.duckdb']);
    assert.deepEqual(found.calls, ['slug', 'up', 'in']);
    assert.equal(found.writes, false);
    assert.equal(uses("copy t to 'x.csv'").writes, true);
    assert.deepEqual(uses("from 'https://example.com/x.csv'").files, []);
  });
});
