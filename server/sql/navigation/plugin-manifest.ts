import type { Location, Range, TextEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { KnownFunction } from '../knowledge.ts';
import type { Span } from '../syntax/tree.ts';
import type { TextChange } from './plugin-source.ts';
import type { SqlWorkspace } from './sql-workspace.ts';

/*
 * Functions of modules that other compilers made are named in a manifest: the file `name.quern.json` beside the module,
 * which wins, or the source in C or Rust, which the SDKs put into the module.
 */

/** Where a module's functions are named. */
export interface ManifestSource {
  readonly uri: string;
  readonly text: string;
}

/** The name of one function in a manifest. */
interface NamedFunction extends Span {
  /** Behind the quote that ends the name, which the span itself is without. */
  readonly quoteEnd: number;
  /** Whether the manifest says under which name the module exports it. */
  readonly hasExport: boolean;
}

/** Finds the manifest that names a function of a module or of a source; undefined when nobody knows where it is written. */
export async function manifestOf(
  moduleUri: string,
  name: string,
  workspace: Pick<SqlWorkspace, 'textOf' | 'beside'>,
): Promise<ManifestSource | undefined> {
  if (!/\.wasm$/i.test(moduleUri)) {
    const own = workspace.textOf(moduleUri);
    return own !== undefined && functionsNamed(own, name).length > 0
      ? { uri: moduleUri, text: own }
      : undefined;
  }
  const base = moduleUri.replace(/\.wasm$/i, '');
  const sidecar = `${base}.quern.json`;
  const text = workspace.textOf(sidecar);
  if (text !== undefined) {
    return functionsNamed(text, name).length > 0 ? { uri: sidecar, text } : undefined;
  }
  const sources = (await workspace.beside(moduleUri)).filter((uri) => /\.(?:c|h|cc|cpp|rs)$/i.test(uri));
  const naming = sources.flatMap((uri) => {
    const source = workspace.textOf(uri);
    if (source === undefined || functionsNamed(source, name).length === 0) return [];
    return [{ uri, text: source }];
  });
  // Of several the one of the module's name; between others nobody can tell.
  const own = naming.find(({ uri }) => uri.replace(/\.\w+$/, '') === base);
  return own ?? (naming.length === 1 ? naming[0] : undefined);
}

/** Where a plugin's function is named: in its source, else in the manifest of its module. */
export async function declaredAt(
  { fn, uri, range }: KnownFunction,
  workspace: Pick<SqlWorkspace, 'textOf' | 'beside'>,
): Promise<Location | undefined> {
  if (uri === undefined) return undefined;
  if (range !== undefined) return { uri, range };
  const manifest = await manifestOf(uri, fn.name, workspace);
  if (manifest === undefined) return undefined;
  const [named] = functionsNamed(manifest.text, fn.name);
  return named && { uri: manifest.uri, range: rangesIn(manifest.text)(named) };
}

/** The edits that name a function otherwise, and keep the name that the module exports. */
export function manifestEdits(
  { text }: ManifestSource,
  { old, name }: { readonly old: string; readonly name: string },
): TextEdit[] {
  const range = rangesIn(text);
  const changes = functionsNamed(text, old).flatMap(({ start, end, quoteEnd, hasExport }): TextChange[] => [
    { start, end, newText: name },
    ...(hasExport ? [] : [{ start: quoteEnd, end: quoteEnd, newText: `, "export": "${old}"` }]),
  ]);
  return changes.map((change) => ({ range: range(change), newText: change.newText }));
}

function rangesIn(text: string): (span: Span) => Range {
  const document = TextDocument.create('', '', 0, text);
  return ({ start, end }) => ({ start: document.positionAt(start), end: document.positionAt(end) });
}

/** The functions of a name in the manifests of a text: all of it as JSON, or what stands in the SDKs' macros. */
function functionsNamed(text: string, name: string): NamedFunction[] {
  if (/^\s*\{/.test(text)) return functionsIn(text, text.indexOf('{'), name);
  const macros = text.matchAll(/\b(?:QUERN_MANIFEST\s*\(|quern_manifest!\s*[({]\s*r#*")\s*(?=\{)/g);
  return [...macros].flatMap((macro) => functionsIn(text, macro.index + macro[0].length, name));
}

/** An object or a list that is read. */
interface Open {
  readonly isObject: boolean;
  /** The member that is being read. */
  key?: string;
  /** Whether what comes next is a key. */
  isAtKey: boolean;
  named?: Omit<NamedFunction, 'hasExport'>;
  hasExport: boolean;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;

/** Reads a JSON object from its bracket on, to its end or to where it is none. */
function functionsIn(text: string, from: number, name: string): NamedFunction[] {
  const found: NamedFunction[] = [];
  const open: Open[] = [];
  for (const match of text.slice(from).matchAll(TOKEN)) {
    const [token] = match;
    const at = from + match.index;
    const inner = open.at(-1);
    if (token === '{' || token === '[') {
      open.push({ isObject: token === '{', isAtKey: token === '{', hasExport: false });
    } else if (token === '}' || token === ']') {
      open.pop();
      if (inner?.named !== undefined) found.push({ ...inner.named, hasExport: inner.hasExport });
      if (open.length === 0) break;
    } else if (inner !== undefined) {
      readMember(inner, { token, at, isFunction: isFunction(open), name });
    }
  }
  return found;
}

function readMember(
  open: Open,
  read: { readonly token: string; readonly at: number; readonly isFunction: boolean; readonly name: string },
): void {
  const { token, at, isFunction, name } = read;
  if (token === ',') open.isAtKey = open.isObject;
  else if (token === ':') open.isAtKey = false;
  else if (open.isAtKey) open.key = token.slice(1, -1);
  else if (isFunction && open.key === 'export') open.hasExport = true;
  else if (isFunction && open.key === 'name' && token === `"${name}"`) {
    open.named = { start: at + 1, end: at + token.length - 1, quoteEnd: at + token.length };
  }
}

/** Whether the innermost object is an element of the manifest's `functions`. */
function isFunction(open: readonly Open[]): boolean {
  return open.length === 3 && open[0]?.key === 'functions';
}
