import assert from 'node:assert/strict';
import fc from 'fast-check';
import { StatementChecks } from '../../../server/sql/statement-checks.ts';
import { splitStatements } from '../../../wasm-core/protocol/statements.ts';

/** Asks until all is known, as an engine that says of each statement what it is; gives the statements it was asked about. */
function askAll(checks: StatementChecks, limit = 100): string[] {
  const asked: string[] = [];
  for (let batch = checks.nextUnknown(limit); batch !== undefined; batch = checks.nextUnknown(limit)) {
    const { sql, statements } = batch;
    const ranges = splitStatements(sql);
    const diagnostics = statements.map((statement) => {
      const { start = 0, end = 0 } = ranges[statement] ?? {};
      const message = sql.slice(start, end);
      asked.push(message);
      return { kind: 'SQL_BIND', message, start, end, statement };
    });
    checks.take(batch, { diagnostics }, 0);
  }
  return asked;
}

const TEXTS = ['create table t (a int)', 'select 1', 'select a from t', 'select 2'];

describe('the checks of a document', () => {
  let checks: StatementChecks;
  beforeEach(() => {
    checks = new StatementChecks();
    checks.update(TEXTS);
  });

  it('ask about each statement once, together with what it depends on', () => {
    assert.deepEqual(askAll(checks), TEXTS);
    assert.deepEqual(askAll(checks), []);
    checks.update(['create table t (a int)', 'select 1', 'select a from t where a > 0', 'select 2']);
    const batch = checks.nextUnknown(20);
    assert.equal(batch?.sql, 'create table t (a int);\nselect a from t where a > 0');
    assert.deepEqual(batch.statements, [1]);
  });

  it('ask again about what depends on an edited definition', () => {
    askAll(checks);
    checks.update(['create table t (b int)', 'select 1', 'select a from t', 'select 2']);
    assert.deepEqual(askAll(checks), ['create table t (b int)', 'select a from t']);
    checks.update(['select 1', 'select a from t', 'select 2']);
    assert.deepEqual(askAll(checks), ['select a from t']);
  });

  it('may read a long text bit by bit before they take it', () => {
    const read = new StatementChecks();
    assert.equal(read.readAhead(TEXTS, 0), false);
    assert.equal(read.readAhead(TEXTS, 10_000), true);
    assert.equal(read.readAhead(TEXTS, 0), true);
    read.update(TEXTS);
    assert.deepEqual(askAll(read), TEXTS);
  });

  it('ask about the beginning of a text that was just opened while the rest is read', () => {
    const opened = new StatementChecks();
    assert.equal(opened.readAhead(TEXTS.slice(0, 3), 10_000), true);
    assert.equal(opened.updateOpened(TEXTS), true);
    assert.deepEqual(askAll(opened), TEXTS.slice(0, 3));
    opened.update(TEXTS);
    assert.deepEqual(askAll(opened), TEXTS.slice(3));
    assert.deepEqual(
      TEXTS.map((_, index) => opened.findings(index)[0]?.message),
      TEXTS,
    );
  });

  it('forget nothing that is known of a text that was edited while it is read', () => {
    askAll(checks);
    assert.equal(checks.updateOpened(['select 3', ...TEXTS]), false);
    assert.equal(checks.findings(3)[0]?.message, TEXTS[3]);
  });

  it('ask first about what is on the screen of a text that was put into an empty one', () => {
    checks.update([]);
    checks.update(TEXTS);
    assert.equal(checks.nextUnknown(1, (index) => index === 3)?.sql, TEXTS[3]);
  });

  it('ask about nothing when statements move or are twice there', () => {
    askAll(checks);
    checks.update(['select 2', 'select 2', ...TEXTS]);
    assert.deepEqual(askAll(checks), []);
    assert.equal(checks.findings(1)[0]?.message, 'select 2');
  });

  it('keep positions inside the statement', () => {
    askAll(checks);
    assert.deepEqual(checks.findings(2), [
      { kind: 'SQL_BIND', message: 'select a from t', start: 0, end: 15 },
    ]);
  });

  it('ask about what was edited first, then from the top', () => {
    const many = Array.from({ length: 10 }, (_, i) => `select ${i} from t`);
    checks.update(['create table t (a int)', ...many]);
    askAll(checks);
    checks.update(['create table t (b int)', ...many.slice(0, 8), 'select 42 from t', ...many.slice(8)]);
    assert.deepEqual(askAll(checks, 1).slice(0, 4), [
      'create table t (b int)',
      'select 42 from t',
      ...many.slice(0, 2),
    ]);
  });

  it('ask about what is on the screen behind what was edited, then from the top', () => {
    const texts = ['select 1', 'select 2', 'select 3', 'select 4', 'select 5'];
    checks.update(texts);
    const order = (isVisible: (index: number) => boolean, asked: string[] = []): string[] => {
      for (;;) {
        const batch = checks.nextUnknown(1, isVisible);
        if (batch === undefined) return asked;
        checks.take(batch, { diagnostics: [] }, 0);
        asked.push(batch.sql);
      }
    };
    checks.take(checks.nextUnknown(5) ?? assert.fail(), { diagnostics: [], unchecked: [0, 1, 2, 3, 4] }, 0);
    checks.update(['select 1', 'select 20', 'select 3', 'select 4', 'select 5']);
    assert.deepEqual(
      order((index) => index > 2),
      ['select 20', 'select 4', 'select 5', 'select 1', 'select 3'],
    );
  });

  it('show what was last said of a text until it is known anew', () => {
    askAll(checks);
    checks.update(['create table t (b int)', ...TEXTS.slice(1)]);
    assert.equal(checks.findings(2)[0]?.message, 'select a from t');
    assert.deepEqual(checks.findings(0), []);
  });

  it('ask about all when all was forgotten, also about what was being asked', () => {
    askAll(checks);
    checks.forget();
    const batch = checks.nextUnknown(2);
    assert(batch);
    checks.forget();
    checks.take(batch, { diagnostics: [] }, 5);
    assert.deepEqual(askAll(checks), TEXTS);
  });

  it('ask about old answers that somebody chooses', () => {
    askAll(checks);
    assert.equal(checks.nextOlder(20, { thanMs: 0, fits: () => true }), undefined);
    const batch = checks.nextOlder(20, { thanMs: 1, fits: (text) => text.endsWith('t') });
    assert.deepEqual(batch?.statements, [1]);
    checks.take(batch, { diagnostics: [] }, 2);
    assert.equal(checks.nextOlder(20, { thanMs: 1, fits: (text) => text.endsWith('t') }), undefined);
    assert.deepEqual(checks.findings(2), []);
  });

  it('ask again about what there was no time for', () => {
    const batch = checks.nextUnknown(20);
    assert(batch);
    checks.take(batch, { diagnostics: [], unchecked: [2, 3] }, 0);
    assert.deepEqual(askAll(checks), TEXTS.slice(2));
  });

  it('find the one statement that the engine does not survive, and leave it alone', () => {
    const killer = 'select 2';
    const asked: string[][] = [];
    for (let batch = checks.nextUnknown(20); batch !== undefined; batch = checks.nextUnknown(20)) {
      const { sql, statements } = batch;
      const texts = splitStatements(sql).map(({ start, end }) => sql.slice(start, end));
      const wanted = statements.map((statement) => texts[statement] ?? '');
      asked.push(wanted);
      if (wanted.includes(killer)) checks.failed(batch);
      else checks.take(batch, { diagnostics: [] }, 0);
    }
    assert.deepEqual(asked, [TEXTS, ...TEXTS.map((text) => [text])]);
    checks.forget();
    assert.deepEqual(askAll(checks), TEXTS.slice(0, 3));
  });

  it('say the same after any edits as they do of the text at once', () => {
    const statement = fc.constantFrom(
      ...TEXTS,
      'create or replace view t as select 2 as a',
      'drop table t',
      'use t',
    );
    fc.assert(
      fc.property(
        fc.array(fc.array(statement, { maxLength: 6 }), { minLength: 1, maxLength: 5 }),
        (versions) => {
          const edited = new StatementChecks();
          for (const texts of versions) {
            edited.update(texts);
            askAll(edited, 2);
          }
          const last = versions.at(-1) ?? [];
          for (const [index, text] of last.entries()) assert.equal(edited.findings(index)[0]?.message, text);
        },
      ),
    );
  });
});
