import assert from 'node:assert/strict';
import ts from 'typescript';
import { EMBEDDING_LANGUAGES } from '../../../wasm-core/protocol/embedded-sql.ts';
import { RUN_STATEMENT_COMMAND } from '../../../wasm-core/protocol/lsp.ts';
import { SOURCE_LANGUAGES } from '../../../wasm-core/protocol/plugins.ts';
import { readManifest } from '../../support/manifest.ts';
import { readProjectFile } from '../../support/project.ts';
import { projectFiles, sourceFiles } from '../../support/sources.ts';

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category: string;
    }[];
    readonly keybindings: readonly { readonly command: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command?: string }[]>>;
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly default?: unknown }>> };
    readonly languages: readonly { readonly id: string }[];
    readonly walkthroughs: readonly {
      readonly steps: readonly {
        readonly description: string;
        readonly media: { readonly markdown: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
  };
}

const text = readProjectFile('package.json');
const { contributes, activationEvents } = readManifest() as Manifest;
const contributed = contributes.commands.map((c) => c.command);
const settings = Object.keys(contributes.configuration.properties);
const client = sourceFiles('client');

/** Settings that a library or the language server reads, by name. */
const READ_ELSEWHERE = [
  'quern.trace.server',
  'quern.inlayHints.resultTypes',
  'quern.inlayHints.indexNames',
  'quern.format.keywordCase',
];

describe('the manifest', () => {
  it('has each command in the category Quern, with a title', () => {
    for (const { command, title, category } of contributes.commands) {
      assert.equal(category, 'Quern', command);
      assert.ok(title.length > 0, command);
    }
  });

  it('has the commands that the client registers, and no other', () => {
    assert.deepEqual([...contributed].sort(), registeredCommands().sort());
  });

  it('gives keys and menus to commands that exist', () => {
    const menus = Object.values(contributes.menus).flat();
    const used = [...contributes.keybindings, ...menus].flatMap((entry) => entry.command ?? []);
    assert.deepEqual(
      used.filter((command) => !contributed.includes(command)),
      [],
    );
  });

  it('leads through steps whose commands and pages are there', () => {
    const steps = contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
    assert.equal(steps.length, 5);
    for (const { description, media, completionEvents } of steps) {
      assert.ok(readProjectFile(media.markdown).length > 40, media.markdown);
      const named = [description, ...completionEvents].flatMap((text) => [
        ...text.matchAll(/\b(?:command:|onCommand:)(quern\.\w+)/g),
      ]);
      for (const [, command = ''] of named) assert.ok(contributed.includes(command), command);
    }
  });

  it('declares the settings that the client reads, and no other', () => {
    assert.deepEqual([...settings].sort(), [...new Set([...readSettings(), ...READ_ELSEWHERE])].sort());
  });

  it('names no setting that it does not declare, in code and documents', () => {
    const docs = projectFiles(['.md']).map(readProjectFile);
    const named = docs.flatMap((doc) =>
      [...doc.matchAll(/setting `(quern\.[\w.]+)`/g)].map((m) => m[1] ?? ''),
    );
    const watched = client.flatMap((f) => [...f.text.matchAll(/affectsConfiguration\('(quern\.[\w.]+)'/g)]);
    const all = [...named, ...watched.map((m) => m[1] ?? '')];
    assert.deepEqual(
      all.filter((setting) => !settings.includes(setting)),
      [],
    );
  });

  it('wakes for languages that are its own or SQL, may have SQL in them, or plugins are written in', () => {
    const languages = activationEvents.flatMap((e) => /^onLanguage:(.+)$/.exec(e)?.[1] ?? []);
    const own = contributes.languages.map((l) => l.id);
    const known = ['sql', ...EMBEDDING_LANGUAGES, ...SOURCE_LANGUAGES, ...own];
    assert.deepEqual(
      languages.filter((l) => !known.includes(l)),
      [],
    );
    assert.deepEqual(
      EMBEDDING_LANGUAGES.filter((l) => !languages.includes(l)),
      [],
    );
  });

  it('points at files that are there', () => {
    const files = new Set(projectFiles());
    const named = [...text.matchAll(/"\.?\/?((?:media|syntaxes)\/[^"]+)"/g)].map((m) => m[1] ?? '');
    assert.ok(named.length > 0);
    assert.deepEqual(
      named.filter((file) => !files.has(file)),
      [],
    );
  });
});

/** What the client gives to `registerCommand`, and the keys of its command tables. */
function registeredCommands(): string[] {
  const found = new Set<string>();
  for (const file of client) {
    visit(ts.createSourceFile(file.name, file.text, ts.ScriptTarget.ES2022, true));
  }
  return [...found];

  function visit(node: ts.Node): void {
    if (ts.isCallExpression(node) && /register(TextEditor)?Command$/.test(node.expression.getText())) {
      add(node.arguments[0]);
    }
    if (ts.isPropertyAssignment(node))
      add(ts.isComputedPropertyName(node.name) ? node.name.expression : node.name);
    ts.forEachChild(node, visit);
  }

  function add(node: ts.Node | undefined): void {
    if (node === undefined) return;
    if (ts.isIdentifier(node) && node.text === 'RUN_STATEMENT_COMMAND') found.add(RUN_STATEMENT_COMMAND);
    if (ts.isStringLiteral(node) && node.text.startsWith('quern.')) found.add(node.text);
  }
}

/** What the client reads of `getConfiguration('quern')`. */
function readSettings(): string[] {
  return client
    .filter((f) => f.text.includes("getConfiguration('quern')"))
    .flatMap((f) => [...f.text.matchAll(/\.get(?:<[^>]*>)?\('([\w.]+)'/g)].map((m) => `quern.${m[1]}`));
}
