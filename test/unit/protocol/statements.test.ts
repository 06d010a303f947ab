import assert from 'node:assert/strict';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { splitStatements, statementAt, tokenEnd } from '../../../wasm-core/protocol/statements.ts';

/** The texts of a text's statements. */
function texts(sql: string): string[] {
  return splitStatements(sql).map((r) => sql.slice(r.start, r.end));
}

/** The same, token by token. */
function textsByToken(sql: string): string[] {
  const found: string[] = [];
  let from = -1;
  let to = 0;
  for (let at = 0; at < sql.length; at = tokenEnd(sql, at)) {
    const token = sql.slice(at, tokenEnd(sql, at));
    if (token === ';') {
      if (from >= 0) found.push(sql.slice(from, to));
      from = -1;
    } else if (!/^(?:\s|--|\/\*)/.test(token)) {
      if (from < 0) from = at;
      to = at + token.length;
    }
  }
  return from < 0 ? found : [...found, sql.slice(from, to)];
}

function check(sql: string, expected: readonly string[]): void {
  assert.deepEqual(texts(sql), expected);
}

describe('splitStatements', () => {
  it('finds nothing in an empty text', () => check('', []));
  it('finds nothing in space, comments and semicolons', () => check(' ; -- a\n;; /* b; */ ;\t', []));
  it('leaves the semicolon out', () => check('select 1;', ['select 1']));
  it('takes a last statement without a semicolon', () =>
    check('select 1; select 2', ['select 1', 'select 2']));
  it('starts behind leading comments', () => check('-- why\n/* how */ select 1', ['select 1']));
  it('ends before trailing comments', () => check('select 1 -- one\n; ', ['select 1']));
  it('keeps comments between tokens', () => check('select /* ; */ 1', ['select /* ; */ 1']));
  it('takes a semicolon in a string as text', () =>
    check("select ';'';'; select 2", ["select ';'';'", 'select 2']));
  it('takes a semicolon in an identifier as text', () => check('select ";"";"', ['select ";"";"']));
  it('knows backslashes only in E strings', () => {
    check("select '\\'; select 2", ["select '\\'", 'select 2']);
    check("select E'\\';'; select 2", ["select E'\\';'", 'select 2']);
    check("select e'a\\\\'; select 2", ["select e'a\\\\'", 'select 2']);
  });
  it('does not take the end of a name for an E string', () => {
    check("select date'\\'; select 2", ["select date'\\'", 'select 2']);
  });
  it('takes dollar-quoted strings whole', () => {
    check('select $$;$$; select 2', ['select $$;$$', 'select 2']);
    check('select $a$ $$ ; $b$ $a$; select 2', ['select $a$ $$ ; $b$ $a$', 'select 2']);
    check('select $größe$;$größe$', ['select $größe$;$größe$']);
  });
  it('takes parameters for words', () => {
    check('select $1; select $name', ['select $1', 'select $name']);
  });
  it('takes a dollar inside a name as part of it', () => {
    check('select a$b$ ; select c$b$', ['select a$b$', 'select c$b$']);
  });
  it('nests block comments', () => check('/* a /* ; */ ; */ select 1', ['select 1']));
  it('ends a line comment at a carriage return too', () => check('-- a\rselect 1', ['select 1']));
  it('ends the text in an unterminated string or comment', () => {
    check("select 'a; select 2", ["select 'a; select 2"]);
    check('select 1 /* ; select 2', ['select 1']);
    check('select $x$ ; $y$', ['select $x$ ; $y$']);
  });
  it('keeps names beyond ASCII whole', () => check('select 😀 from größe;', ['select 😀 from größe']));
});

describe('splitStatements on any text', () => {
  const sql = fc.array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom(
        ...["'", '"', '$', '$$', '$a$', ';', '--', '\n', '\r', '/*', '*/', "E'", '\\', ' ', '\u00a0'],
      ),
    ),
    { maxLength: 40 },
  );
  const text = sql.map((parts) => parts.join(''));

  it('gives ranges that are ordered, disjoint and inside the text', () => {
    fc.assert(
      fc.property(text, (t) => {
        let before = 0;
        for (const { start, end } of splitStatements(t)) {
          assert.ok(before <= start && start < end && end <= t.length, `${start}..${end} after ${before}`);
          before = end;
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('finds what the tokens say', () => {
    const words = fc.constantFrom('e', 'E', 'a', '1', '_', 'é', '\0', '\f', '-', '/', 'x e', 'select ');
    const mixed = fc.array(fc.oneof(text, words), { maxLength: 30 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(mixed, (t) => assert.deepEqual(texts(t), textsByToken(t))),
      { numRuns: 5000 },
    );
  });

  it('finds the same statements again when they are joined with semicolons', () => {
    fc.assert(
      fc.property(text, (t) => {
        const found = texts(t);
        assert.deepEqual(texts(found.join(';')), found);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives every token an end behind its start', () => {
    fc.assert(
      fc.property(text, fc.nat(), (t, n) => {
        const at = t.length === 0 ? 0 : n % t.length;
        const end = tokenEnd(t, at);
        assert.ok(end <= t.length && (end > at || t.length === 0), `${end} for ${at}`);
      }),
    );
  });
});

describe('splitStatements on a megabyte', () => {
  const SIZE = 1_000_000;
  const inputs = [
    'a',
    ' ',
    ';',
    '$',
    '$a',
    '$a ',
    "'",
    "'' ",
    '"',
    '/*',
    '*/',
    '--',
    '--\n',
    'select 1;',
    '😀',
    "e'\\",
  ];
  for (const piece of inputs) {
    it(`takes ${JSON.stringify(piece)} repeated in linear time`, () => {
      const text = piece.repeat(SIZE / piece.length);
      const started = performance.now();
      splitStatements(text);
      // Linear is some 50 ms here; a quadratic slip takes minutes.
      assert.ok(performance.now() - started < 5000);
    });
  }
});

describe('splitStatements against DuckDB', () => {
  const cases = [
    'select 1; select 2',
    "select ';'; select E'\\';'; select 3",
    'select $$;$$; select $a$;$a$',
    '-- a;b\rselect 1; /* c; /* d; */ e; */ select 2;',
    'select "a;b" from (select 1 as "a;b");;;',
    'select 1\u00a0;\u2003select 2',
    'select $größe$;$größe$; select $😀$;$😀$',
    "select date'2020-01-01'; select x'41'; select 5%2-- rest;\n; select 2*/* c; */3",
    'create table größe$ (a$ int); insert into größe$ values ($1); from größe$',
  ];

  for (const sql of cases) {
    it(`counts what the engine counts in ${JSON.stringify(sql)}`, async () => {
      const instance = await DuckDBInstance.create(':memory:');
      const connection = await instance.connect();
      try {
        const extracted = await connection.extractStatements(sql);
        assert.equal(splitStatements(sql).length, extracted.count);
      } finally {
        connection.closeSync();
        instance.closeSync();
      }
    });
  }
});

describe('statementAt', () => {
  const ranges = splitStatements('select 1; select 2;');
  it('gives the statement that a position is in', () => {
    assert.equal(statementAt(ranges, 0), 0);
    assert.equal(statementAt(ranges, 12), 1);
  });
  it('gives the statement that a position is right behind', () => assert.equal(statementAt(ranges, 8), 0));
  it('gives the one before in a gap', () => assert.equal(statementAt(ranges, 9), 0));
  it('gives the first before any, and -1 when there is none', () => {
    assert.equal(statementAt(splitStatements('  select 1'), 0), 0);
    assert.equal(statementAt([], 3), -1);
  });
});

describe('tokenEnd', () => {
  function token(text: string, at: number): string {
    return text.slice(at, tokenEnd(text, at));
  }
  it('covers a word', () => assert.equal(token('select größe from t', 7), 'größe'));
  it('covers a string', () => assert.equal(token("a = 'it''s' or", 4), "'it''s'"));
  it('covers one character of anything else', () => assert.equal(token('a<=b', 1), '<'));
  it('is the end of the text at the end', () => assert.equal(tokenEnd('abc', 3), 3));
});
