import assert from 'node:assert/strict';
import { type Compilers, createCompilers } from '../../server/compilers/node/compilers.ts';
import { parseSqlType, SIMPLE_TYPES } from '../../wasm-core/protocol/sql-types.ts';
import { distFolder } from '../support/dist.ts';
import { readProjectFile } from '../support/project.ts';

interface Rule {
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly name?: string;
  readonly include?: string;
  readonly patterns?: readonly Rule[];
  readonly captures?: Readonly<Record<string, Rule>>;
}
interface Grammar {
  readonly patterns: readonly Rule[];
  readonly repository: Readonly<Record<string, Rule>>;
}
type Snippets = Readonly<Record<string, { readonly body: readonly string[] }>>;

describe('the grammar of WebAssembly text', () => {
  const grammar = JSON.parse(readProjectFile('syntaxes/wat.tmLanguage.json')) as Grammar;

  it('has patterns that compile and includes that are there', () => {
    for (const rule of flatten([...grammar.patterns, ...Object.values(grammar.repository)])) {
      for (const pattern of [rule.match, rule.begin, rule.end]) {
        if (pattern !== undefined) assert.doesNotThrow(() => new RegExp(pattern, 'u'), pattern);
      }
      if (rule.include !== undefined) assert(rule.include.slice(1) in grammar.repository, rule.include);
    }
  });

  it('knows numbers, types, instructions and control flow', () => {
    const scope = (name: string, word: string) => {
      const rules = flatten([grammar.repository[name] ?? {}]).filter((r) => r.match !== undefined);
      return rules.some(({ match }) => new RegExp(`^(?:${match})$`, 'u').test(word));
    };
    for (const n of ['0', '-1_000', '0x1F', '+0x1.8p-3', '1.5e10', 'inf', 'nan:0x7f'])
      assert(scope('numbers', n), n);
    for (const n of ['1_', '0x', 'e5', '_1']) assert(!scope('numbers', n), n);
    for (const n of ['i32.add', 'local.get', 'memory.copy', 'i8x16.swizzle', 'select'])
      assert(scope('instructions', n), n);
    for (const n of ['br_if', 'return_call', 'then']) assert(scope('control', n), n);
    for (const n of ['i32', 'funcref']) assert(scope('types', n), n);
    for (const t of SIMPLE_TYPES) assert(scope('sqlSignature', t), t);
  });
});

describe('the snippets', () => {
  let compilers: Compilers;
  before(() => {
    compilers = createCompilers(distFolder());
  });
  after(() => compilers.dispose());

  for (const language of ['wat', 'assemblyscript'] as const) {
    const snippets = JSON.parse(readProjectFile(`syntaxes/${language}.snippets.json`)) as Snippets;
    for (const [name, { body }] of Object.entries(snippets)) {
      it(`compile as they are: ${name} in ${language}`, async () => {
        const ending = language === 'wat' ? 'wat' : 'ts';
        const source = { language, path: `/w/plugin.${ending}`, root: '/w', text: expand(body.join('\n')) };
        const { diagnostics } = await compilers.compile(source);
        assert.deepEqual(
          diagnostics.filter(({ severity }) => severity !== 'hint'),
          [],
        );
      });
    }
  }
});

describe('the schema of manifests', () => {
  it('names the types that cross into a plugin', () => {
    const schema = JSON.parse(readProjectFile('syntaxes/quern.schema.json')) as {
      definitions: { type: { examples: string[] } };
    };
    const { examples } = schema.definitions.type;
    for (const name of SIMPLE_TYPES) assert(examples.includes(name), name);
    for (const name of examples) assert(parseSqlType(name) !== undefined, name);
  });
});

function flatten(rules: readonly Rule[]): Rule[] {
  return rules.flatMap((rule) => [
    rule,
    ...flatten(rule.patterns ?? []),
    ...flatten(Object.values(rule.captures ?? {})),
  ]);
}

/** A snippet's text with the default of each of its places. */
function expand(body: string): string {
  let text = body;
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replace(/(?<!\\)\$\{\d+:((?:[^{}])*)\}/g, '$1');
  }
  return text.replaceAll('\\$', '$');
}
