// biome-ignore-all lint/suspicious/noTemplateCurlyInString: holes of templates are what it is about
import assert from 'node:assert/strict';
import { readProjectFile } from '../../support/project.ts';
import { type GrammarFile, type ScopedToken, startTextMate } from '../../support/textmate.ts';

interface Contribution {
  readonly scopeName: string;
  readonly path: string;
  readonly injectTo?: readonly string[];
}

/** Stand-ins for the grammars of VS Code, with the scopes that ours look at. */
const TYPESCRIPT = {
  scopeName: 'source.ts',
  patterns: [{ include: '#expression' }],
  repository: {
    expression: {
      patterns: [
        { match: '//.*$', name: 'comment.line.ts' },
        { begin: "'", end: "'", name: 'string.quoted.single.ts' },
        {
          begin: '`',
          end: '`',
          name: 'string.template.ts',
          patterns: [{ include: '#template-substitution-element' }],
        },
        { match: '\\w+', name: 'variable.ts' },
      ],
    },
    'template-substitution-element': {
      begin: '\\$\\{',
      end: '\\}',
      name: 'meta.template.expression.ts',
      patterns: [{ include: '#expression' }],
    },
  },
};
const PYTHON = {
  scopeName: 'source.python',
  patterns: [
    { match: '#.*$', name: 'comment.line.python' },
    { begin: '"""', end: '"""', name: 'string.quoted.multi.python' },
    { include: '#f-expression' },
  ],
  repository: { 'f-expression': { match: '\\w+', name: 'variable.python' } },
};

describe('the grammars of SQL in other languages', () => {
  let tokens: (scope: string, text: string) => Promise<ScopedToken[]>;

  before(async () => {
    const { contributes } = JSON.parse(readProjectFile('package.json')) as {
      contributes: { grammars: readonly Contribution[] };
    };
    const files = contributes.grammars.map(
      ({ scopeName, path, injectTo }): GrammarFile => ({
        scope: scopeName,
        file: path.replace('./syntaxes/', ''),
        ...(injectTo && { injectTo }),
      }),
    );
    const textMate = await startTextMate(files, { 'source.ts': TYPESCRIPT, 'source.python': PYTHON });
    tokens = textMate.tokens;
  });

  /** Checks that each word of a text, the first of its name, is in SQL, in a hole, or in the language around it. */
  const reads = (scope: string, text: string, words: Readonly<Record<string, 'sql' | 'hole' | 'host'>>) =>
    it(JSON.stringify(text), async () => {
      const found = await tokens(scope, text);
      for (const [word, expected] of Object.entries(words)) {
        const scopes = found.find((token) => token.text.includes(word))?.scopes ?? [];
        const sql = scopes.findIndex((s) => s.startsWith('meta.embedded.inline.sql'));
        const hole = scopes.findIndex((s) => /^meta\.(template\.expression|interpolation)/.test(s));
        const place = sql < 0 ? 'host' : hole > sql ? 'hole' : 'sql';
        assert.equal(place, expected, `${word}: ${scopes.join(' ')}`);
      }
    });

  describe('read templates', () => {
    reads('source.ts', 'a(sql`select 1`); after', { a: 'host', select: 'sql', after: 'host' });
    reads('source.ts', 'db.sql<Row>`select 1`; after', {
      db: 'host',
      Row: 'host',
      select: 'sql',
      after: 'host',
    });
    reads('source.ts', "sql`select '${a}', ${b}, \\` from t`; after", {
      select: 'sql',
      a: 'hole',
      b: 'hole',
      from: 'sql',
      after: 'host',
    });
    reads('source.ts', "sql`select -- it's\nfrom t`; after", { select: 'sql', from: 'sql', after: 'host' });
    reads('source.ts', 'html`<p>${sql`select 1`}</p>`; after', { select: 'sql', after: 'host' });
    reads('source.ts', "// sql`one`\n'sql`two`' `use sql`; nosql`three`; after", {
      one: 'host',
      two: 'host',
      three: 'host',
      after: 'host',
    });
  });

  describe('read strings of Python', () => {
    reads('source.python', 'f"""--sql\nselect {a}, \'{b}\'""" after', {
      select: 'sql',
      a: 'hole',
      b: 'hole',
      after: 'host',
    });
    reads('source.python', '"""--sql\nselect {a}""" after', { select: 'sql', a: 'sql', after: 'host' });
    reads('source.python', '# """--sql\n"""select""" after', { select: 'host', after: 'host' });
  });
});
