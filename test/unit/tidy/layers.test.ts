import assert from 'node:assert/strict';
import path from 'node:path';
import ts from 'typescript';
import { LAYERS, layerOf, NEUTRAL_LAYERS, PLATFORM_FOLDERS } from '../../support/layers.ts';
import { readProjectFile } from '../../support/project.ts';
import { entryFiles, projectFiles, type SourceFile, sourceFiles } from '../../support/sources.ts';

const layers = Object.keys(LAYERS);
const files = layers.flatMap(sourceFiles);

/** Fails with one line for each file that breaks a rule. */
function none(problems: readonly string[]): void {
  assert.deepEqual(problems, []);
}

/** `file imports what` for each external import that `forbidden` names. */
function externals(forbidden: (file: SourceFile, name: string) => boolean): string[] {
  return files.flatMap((f) =>
    f.external.filter((name) => forbidden(f, name)).map((name) => `${f.name} imports ${name}`),
  );
}

describe('imports', () => {
  it('name a file with its ending', () => {
    const known = new Set(projectFiles());
    none(files.flatMap((f) => f.internal.filter((i) => !known.has(i)).map((i) => `${f.name} imports ${i}`)));
  });

  it('go along the layer table', () => {
    none(
      files.flatMap((f) => {
        const from = layerOf(f.name) ?? '';
        const allowed = [from, ...(LAYERS[from] ?? [])];
        return f.internal
          .filter((i) => !allowed.includes(layerOf(i) ?? ''))
          .map((i) => `${f.name} imports ${i}`);
      }),
    );
  });

  it('have no cycles when they run', () => none(cycles(files)));

  it('name vscode in the client alone', () => {
    none(
      externals((f, name) => /^vscode$|^vscode-languageclient/.test(name) && !f.name.startsWith('client/')),
    );
  });

  it('name DuckDB-Wasm in wasm-core/sql/duckdb alone, and native DuckDB nowhere', () => {
    none(
      externals(
        (f, name) =>
          name.startsWith('@duckdb/') &&
          !(name.startsWith('@duckdb/duckdb-wasm') && f.name.startsWith('wasm-core/sql/duckdb/')),
      ),
    );
  });

  it("name Node's modules in entry and platform files alone", () => {
    const entries = new Set(entryFiles());
    const platform = (name: string) =>
      entries.has(name) || name.includes('/node/') || PLATFORM_FOLDERS.some((f) => name.startsWith(f));
    none(externals((f, name) => name.startsWith('node:') && !platform(f.name)));
  });

  it('are named by no example and by nothing in the SDK when they are ours', () => {
    const outside = [...sourceFiles('examples'), ...sourceFiles('wasm-core/sdk')];
    const home = (name: string) => (name.startsWith('examples/') ? 'examples/' : 'wasm-core/sdk/');
    none(
      outside.flatMap((f) =>
        f.internal.filter((i) => !i.startsWith(home(f.name))).map((i) => `${f.name} imports ${i}`),
      ),
    );
  });
});

describe('modules', () => {
  it('are no barrels', () => {
    none(
      files
        .filter((f) => path.basename(f.name) === 'index.ts' || /^export \* from/m.test(f.text))
        .map((f) => f.name),
    );
  });

  it('export nothing as default, but where a tool asks for it and a comment says so', () => {
    const unexplained = /(?<!noDefaultExport: [^\n]+\n)^export (default\b|\{[^}]*\bas default\b)/m;
    none(files.filter((f) => unexplained.test(f.text)).map((f) => f.name));
  });

  it('hold no state of their own', () => {
    none(files.flatMap((f) => moduleVariables(f).map((name) => `${f.name} has a variable ${name}`)));
  });
});

/** Names of what a module declares with `let` or `var` outside of functions. */
function moduleVariables(file: SourceFile): string[] {
  const { statements } = ts.createSourceFile(file.name, file.text, ts.ScriptTarget.ES2022);
  return statements.filter(ts.isVariableStatement).flatMap(({ declarationList }) => {
    const constant = (declarationList.flags & ts.NodeFlags.Const) !== 0;
    return constant ? [] : declarationList.declarations.map((d) => String((d.name as ts.Identifier).text));
  });
}

describe('the project references', () => {
  it('equal the layer table', () => {
    for (const layer of layers) {
      const { references } = readConfig(`${layer}/tsconfig.json`);
      const named = references.map((r) => path.posix.join(layer, r.path));
      assert.deepEqual(named.sort(), [...(LAYERS[layer] ?? [])].sort(), `references of ${layer}`);
    }
  });

  it('give neutral layers no types of a platform', () => {
    for (const layer of NEUTRAL_LAYERS) {
      assert.deepEqual(readConfig(`${layer}/tsconfig.json`).compilerOptions.types, [], layer);
    }
  });

  it('are all named at the top', () => {
    const named = readConfig('tsconfig.json').references.map((r) => r.path);
    assert.deepEqual(named.sort(), [...layers, 'test'].sort());
  });
});

describe('ARCHITECTURE.md', () => {
  const architecture = readProjectFile('ARCHITECTURE.md');

  it('shows the layer table', () => {
    const rows = [...architecture.matchAll(/^\| `([\w/-]+)`[^|]*\|[^|]*\| ([^|`.]+?) *\|$/gm)];
    const shown = new Map(rows.map((row) => [row[1] ?? '', row[2] ?? '']));
    for (const layer of layers) {
      const below = (LAYERS[layer] ?? []).map((l) => path.posix.basename(l)).sort();
      const words = shown.get(layer) ?? 'no row';
      if (words === 'all of the above') assert.deepEqual(below, allAbove(shown, layer), layer);
      else if (below.length === 0) assert.match(words, /^nothing( of ours)?$/, layer);
      else assert.deepEqual(words.split(', ').sort(), below, layer);
    }
  });

  it('shows every entry file', () => {
    const missing = entryFiles().filter((file) => !architecture.includes(`\`${file}\``));
    // Workers of one compiler are the compilers' affair.
    none(missing.filter((file) => !file.startsWith('server/compilers/')));
  });
});

/** The layers in the table's rows above one, by their last name. */
function allAbove(shown: ReadonlyMap<string, string>, layer: string): string[] {
  const rows = [...shown.keys()];
  return rows
    .slice(0, rows.indexOf(layer))
    .map((row) => path.posix.basename(row))
    .sort();
}

interface Config {
  readonly references: readonly { readonly path: string }[];
  readonly compilerOptions: { readonly types?: readonly string[] };
}

function readConfig(file: string): Config {
  return JSON.parse(readProjectFile(file)) as Config;
}

/** Each cycle once, as `a -> b -> a`. */
function cycles(sources: readonly SourceFile[]): string[] {
  const byName = new Map(sources.map((f) => [f.name, f]));
  const done = new Set<string>();
  const trail: string[] = [];
  const found: string[] = [];
  for (const file of sources) visit(file.name);
  return found;

  function visit(name: string): void {
    const at = trail.indexOf(name);
    if (at >= 0) found.push([...trail.slice(at), name].join(' -> '));
    if (at >= 0 || done.has(name)) return;
    trail.push(name);
    for (const next of byName.get(name)?.loaded ?? []) visit(next);
    trail.pop();
    done.add(name);
  }
}
