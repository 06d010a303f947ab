import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { projectRoot } from './project.ts';

/** Folders that hold nothing of ours: made by tools, or other people's. */
const FOREIGN = new Set(['node_modules', 'dist', 'out', '.git', '.vscode-test', '.quern', 'tmp']);

/** Data to read or compare with, which is as long and as odd as it must be. */
const DATA = ['test/fixtures', 'test/golden', 'examples/data'];

/**
 * Our files, named from the root with `/`, in order.
 *
 * @param endings such as `.ts`; absent: every file
 */
export function projectFiles(endings?: readonly string[]): string[] {
  const found: string[] = [];
  visit('');
  return found.filter((f) => endings === undefined || endings.some((e) => f.endsWith(e))).sort();

  function visit(folder: string): void {
    for (const entry of readdirSync(path.join(projectRoot(), folder), { withFileTypes: true })) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (FOREIGN.has(entry.name) || DATA.includes(name)) continue;
      if (entry.isDirectory()) visit(name);
      else if (entry.isFile()) found.push(name);
    }
  }
}

/** A TypeScript file of ours and what it imports. */
export interface SourceFile {
  /** From the root, with `/`. */
  readonly name: string;
  readonly text: string;
  /** Files of ours, by name. */
  readonly internal: readonly string[];
  /** Those of `internal` that it loads when it runs: `import type` leaves no trace. */
  readonly loaded: readonly string[];
  /** Packages and Node's modules, as they are written. */
  readonly external: readonly string[];
}

/** The TypeScript files under a folder, read with the compiler's own scanner of imports. */
export function sourceFiles(folder: string): SourceFile[] {
  return projectFiles(['.ts'])
    .filter((name) => name.startsWith(`${folder}/`))
    .map(readSource);
}

function readSource(name: string): SourceFile {
  const text = readFileSync(path.join(projectRoot(), name), 'utf8');
  const imports = ts.preProcessFile(text, true, true).importedFiles.map((f) => f.fileName);
  const erased = typeImports(name, text);
  const resolve = (names: readonly string[]) =>
    names.filter((i) => i.startsWith('.')).map((i) => path.posix.join(path.posix.dirname(name), i));
  return {
    name,
    text,
    internal: resolve(imports),
    loaded: resolve(imports.filter((i) => !erased.has(i))),
    external: imports.filter((i) => !i.startsWith('.')),
  };
}

/** What a file names in `import type` and `export type` alone. */
function typeImports(name: string, text: string): Set<string> {
  const types = new Set<string>();
  const values = new Set<string>();
  for (const statement of ts.createSourceFile(name, text, ts.ScriptTarget.ES2022).statements) {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
    const from = statement.moduleSpecifier;
    if (from === undefined || !ts.isStringLiteral(from)) continue;
    const isType = ts.isExportDeclaration(statement)
      ? statement.isTypeOnly
      : statement.importClause?.isTypeOnly;
    (isType ? types : values).add(from.text);
  }
  return new Set([...types].filter((i) => !values.has(i)));
}

/** The source files that `tools/build.mjs` bundles. */
export function entryFiles(): string[] {
  const build = readFileSync(path.join(projectRoot(), 'tools/build.mjs'), 'utf8');
  return [...build.matchAll(/'([\w/-]+\.ts)'/g)].map((m) => m[1] ?? '');
}
