// biome-ignore-all lint/suspicious/noTemplateCurlyInString: holes of templates are what it is about
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { embeddedLanguage } from '../../../server/embedded/embedded-languages.ts';
import { withoutHoleFaults } from '../../../server/embedded/hole-faults.ts';
import { sqlInside } from '../../../server/embedded/sql-documents.ts';

/** The SQL of each part, line breaks as `/`. */
function partsOf(languageId: string, text: string): string[] {
  const parts = embeddedLanguage(languageId)?.find(text) ?? [];
  return parts.map(({ start, end }) => text.slice(start, end).trim().replaceAll(/\r?\n/g, '/'));
}

/** The virtual documents of a text, spaces at their ends left out. */
function virtuals(languageId: string, text: string) {
  return sqlInside(TextDocument.create('file:///w/a', languageId, 1, text));
}

describe('SQL in Markdown', () => {
  const finds = (name: string, text: string, expected: readonly string[]) =>
    it(name, () => assert.deepEqual(partsOf('markdown', text), expected));

  finds('is in fences', 'a\n```sql\nselect 1\n```\n```js\nx\n```\n~~~SQL title="x"\nselect 2\n~~~\n', [
    'select 1',
    'select 2',
  ]);
  finds('has a fence of its own length', '````sql\nselect 1\n```\nselect 2\n````\n', [
    'select 1/```/select 2',
  ]);
  finds('goes to the end without a closing fence', 'x\n```sql\nselect 1\n', ['select 1']);
  finds('may stand in a list or a quotation', '- ```sql\n  select 1\n  ```\n> ```sql\n> select 2\n> ```\n', [
    'select 1',
    '> select 2',
  ]);
  finds('is not what other languages show', '```md\n```sql\nselect 1\n```\n', []);
  finds('is of no other name', '```sqlite\nselect 1\n```\n```sql-like\nx\n```\n', []);

  it('has nothing of the quotation around it', () => {
    const [virtual] = virtuals('markdown', '> ```sql\n> select\n>   1\n> ```\n');
    assert.equal(virtual?.document.getText(), '        \n  select\n    1\n; ```\n'.replace('; ```', ';    '));
  });

  it('is one text, each block with its end', () => {
    const text =
      '# é\r\n```sql\r\ncreate table t as select 1 as x\r\n```\r\nand\r\n```sql\r\nselect x from t\r\n```\r\n';
    const [virtual, ...rest] = virtuals('markdown', text);
    assert.deepEqual(rest, []);
    const made = virtual?.document.getText() ?? '';
    assert.match(
      made.replaceAll(/\s+/g, ' ').trim(),
      /^create table t as select 1 as x ;? ?select x from t ;$/,
    );
    assert.equal(made.indexOf('select x'), text.indexOf('select x'));
  });
});

describe('SQL in JavaScript', () => {
  const finds = (name: string, text: string, expected: readonly string[]) =>
    it(name, () => assert.deepEqual(partsOf('typescript', text), expected));

  finds('is in tagged templates', 'const a = sql`select 1`; b(db.sql<Row[]>`select 2`, notsql`x`, `y`)', [
    'select 1',
    'select 2',
  ]);
  finds('is not in strings and comments', "'sql`a`'; // sql`b`\n/* sql`c` */ sql`d`", ['d']);
  finds('is found behind regular expressions', 'x.replace(/[`/]/g, "") / 2; sql`d`', ['d']);
  finds('is found behind the text of JSX', "<p>don't</p>\nsql`d`", ['d']);
  finds('has holes with anything in them', "sql`a ${f({x: `}`}, '`')} b`; sql`c`", [
    "a ${f({x: `}`}, '`')} b",
    'c',
  ]);
  finds('is found inside the holes of other templates', 'html`<p>${sql`a`}</p>`', ['a']);
  finds('goes to the end without a backtick', 'sql`select', ['select']);

  it('has parameters in the place of holes, each of its own', () => {
    const [virtual] = virtuals('javascript', 'x(sql`select ${a} + ${\n b}`)');
    assert.equal(virtual?.document.getText(), '      select $h0_ + $h\n   ; ');
  });

  it('has the characters that escapes stand for', () => {
    const [virtual] = virtuals('javascript', "sql`select '\\`' || '\\n'`");
    assert.equal(virtual?.document.getText(), "    select '` ' || '  ';");
  });

  it('is none in the source of a plugin', () => {
    const text = '@udf\nexport function f(x: i32): i32 { return x }\n// sql`\nsql`select 1`';
    assert.deepEqual(sqlInside(TextDocument.create('file:///w/a.ts', 'typescript', 1, text)), []);
  });
});

describe('SQL in Python', () => {
  const finds = (name: string, text: string, expected: readonly string[]) =>
    it(name, () => assert.deepEqual(partsOf('python', text), expected));

  finds('is in strings that begin with its mark', 'a = """--sql\nselect 1\n"""\nb = """select 2"""', [
    '--sql/select 1',
  ]);
  finds(
    'is in strings of each kind',
    'f\'\'\'-- SQL\nselect 1\'\'\'; x("--sql", r"""\n  --sql\n  select \'\\d\'""")',
    ['-- SQL/select 1', '--sql', "--sql/  select '\\d'"],
  );
  finds('is not in comments and other strings', '# """--sql\nx = "a \\" --sql"', []);
  finds('is not behind a mark that goes on', '"""--sqlite\n"""', []);

  it('has parameters in the place of holes', () => {
    const text = 'f"""--sql\nselect {a["b"]}, \'{{}}\'"""';
    assert.equal(virtuals('python', text)[0]?.document.getText(), "    --sql\nselect $h0_____, '{ } ';  ");
    const others = '"""--sql\nselect %s, %(a)s, :b, c::int, {\'d\': 1}, {e}"""';
    const made = virtuals('python', others)[0]?.document.getText();
    assert.equal(made, "   --sql\nselect $h, $h1__, $h, c::int, {'d': 1}, $h3;  ");
  });
});

describe('what is said of statements with holes', () => {
  const said = (sql: string, at: string, code: string) => {
    const [virtual] = virtuals('typescript', `sql\`${sql}\``);
    assert(virtual);
    const start = virtual.document.positionAt(virtual.document.getText().indexOf(at));
    const diagnostic: Diagnostic = {
      range: { start, end: { ...start, character: start.character + 1 } },
      message: '',
      code,
      severity: DiagnosticSeverity.Error,
    };
    return withoutHoleFaults(virtual, [diagnostic]).length === 1;
  };

  it('is what holds for whatever the program puts there', () => {
    assert.equal(said('selct ${a}', 'selct', 'SQL_PARSE'), true);
    assert.equal(said('select ${a} frm t', 'frm', 'SQL_PARSE'), false);
    assert.equal(said('select nope from t where a = ${a}', 'nope', 'SQL_BIND'), true);
    assert.equal(said('select nope from ${t} where a = 1', 'nope', 'SQL_BIND'), false);
    assert.equal(said('select nope from t_${t} limit ${n}', 'nope', 'SQL_BIND'), false);
    assert.equal(said('select 1 + ${a}; select nope', 'nope', 'SQL_BIND'), true);
  });
});

describe('finders of SQL', () => {
  const pieces = [
    'sql',
    '`',
    '${',
    '}',
    '{',
    '"',
    "'",
    '"""',
    '--sql',
    '\n',
    '\r\n',
    '```',
    '~~~',
    'f',
    'r',
    '\\',
    '/',
    '*',
    '//',
    '#',
    ' ',
    'select 1',
    ';',
    '😀',
    '\0',
    '%s',
    ':a',
    '<T>',
  ];
  const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((all) => all.join(''));

  for (const languageId of ['markdown', 'typescript', 'python']) {
    it(`keep the length, the lines and the order of any text: ${languageId}`, () => {
      fc.assert(
        fc.property(fc.oneof(texts, fc.string({ unit: 'binary' })), (text) => {
          let before = 0;
          for (const part of embeddedLanguage(languageId)?.find(text) ?? []) {
            assert.ok(before <= part.start && part.start <= part.end && part.end <= text.length);
            let last = part.start;
            for (const { start, end } of part.substitutions) {
              assert.ok(last <= start && start < end && end <= part.end);
              last = end;
            }
            before = part.end;
          }
          for (const { document } of virtuals(languageId, text)) {
            const made = document.getText();
            assert.equal(made.length, text.length);
            assert.equal(made.replaceAll(/[^\r\n]/g, ' '), text.replaceAll(/[^\r\n]/g, ' '));
          }
        }),
        { numRuns: 1_000 },
      );
    });
  }

  it('survive templates that are nested however deep, and long texts', () => {
    for (const text of [
      'sql`${'.repeat(20_000),
      '{'.repeat(200_000),
      '```sql\n'.repeat(20_000),
      '"""--sql\n'.repeat(20_000),
      '/'.repeat(50_000),
    ]) {
      for (const id of ['markdown', 'typescript', 'python']) embeddedLanguage(id)?.find(text);
    }
  });
});
