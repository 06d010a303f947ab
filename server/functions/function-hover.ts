import type { Location, Position } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { PluginFunction } from '../../wasm-core/protocol/plugins.ts';
import type { MarkdownHover } from '../join-hovers.ts';
import type { DeclaredFunctions } from '../plugins/plugin-state.ts';
import { type SqlKnowledge, signatureText } from '../sql/knowledge.ts';
import { costTexts } from '../sql/navigation/hover-function.ts';
import { code, escaped, paragraphs } from '../sql/navigation/markdown.ts';
import { functionReferences } from '../sql/navigation/occurrences.ts';
import { counted } from '../sql/navigation/source-notes.ts';
import type { SqlWorkspace } from '../sql/navigation/sql-workspace.ts';

/** How long a hover waits for what an engine knows, milliseconds. */
const PATIENCE_MS = 1_000;

/** How many places in SQL a hover names. */
const MOST_PLACES = 5;

/**
 * What is known of the function whose declaration in a plugin's source is at a position: its signature in SQL, its size,
 * what its calls cost, and where SQL calls it.
 *
 * @returns null elsewhere in the source
 */
export async function hoverFunction(
  document: TextDocument,
  position: Position,
  given: {
    readonly declared: DeclaredFunctions;
    readonly knowledge: Pick<SqlKnowledge, 'summary'>;
    readonly workspace: SqlWorkspace;
  },
): Promise<MarkdownHover | null> {
  const { declared, knowledge, workspace } = given;
  const word = wordAt(document, position);
  const functions = declared.functions.filter((fn) =>
    declaresAt(declared, fn, { word, line: position.line }),
  );
  const [first] = functions;
  if (word === undefined || first === undefined) return null;
  const [summary, places] = await Promise.all([
    soon(knowledge.summary(`${first.name}()`), { columns: [] }),
    functionReferences(workspace, first.name),
  ]);
  const value = paragraphs(
    code(functions.map(signatureText).join('\n')),
    escaped(first.doc),
    sizeText(declared, first),
    ...costTexts(summary),
    placesText(places),
  );
  const { start, end } = word;
  const range = { start: document.positionAt(start), end: document.positionAt(end) };
  return { contents: { kind: 'markdown', value: value ?? '' }, range };
}

/** What is known at once, since an engine may have to start first. */
async function soon<T>(asked: Promise<T>, otherwise: T): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), PATIENCE_MS);
  });
  try {
    return await Promise.race([asked, patience]);
  } finally {
    clearTimeout(timer);
  }
}

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The name at a position, with what identifiers of WebAssembly text may hold. */
function wordAt(document: TextDocument, position: Position): Word | undefined {
  const text = document.getText();
  const at = document.offsetAt(position);
  const before = /[\w$.-]*$/.exec(text.slice(Math.max(0, at - 200), at))?.[0] ?? '';
  const behind = /^[\w$.-]*/.exec(text.slice(at, at + 200))?.[0] ?? '';
  const start = at - before.length;
  const name = before + behind;
  return name === '' ? undefined : { text: name, start, end: start + name.length };
}

/** Whether a word on a line is the name that declares a function: the name of its export, or its own. */
function declaresAt(
  { places }: DeclaredFunctions,
  fn: PluginFunction,
  { word, line }: { readonly word: Word | undefined; readonly line: number },
): boolean {
  const range = places.get(fn.name);
  if (word === undefined || range === undefined) return false;
  if (line < range.start.line || line > range.end.line) return false;
  return [fn.name, fn.export].some((name) => word.text === name || word.text === `$${name}`);
}

function sizeText({ byteLength, codeLengths }: DeclaredFunctions, fn: PluginFunction): string {
  const own = codeLengths.get(fn.export) ?? codeLengths.get(`${fn.export}__batch`);
  const whole = `a module of ${counted(byteLength, 'byte')}`;
  return own === undefined ? `In ${whole}.` : `${counted(own, 'byte')} of code in ${whole}.`;
}

function placesText(places: readonly Location[]): string {
  if (places.length === 0) return 'No SQL file of the workspace calls it.';
  const shown = places.slice(0, MOST_PLACES).map(({ uri, range }) => {
    const line = range.start.line + 1;
    const file = decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1));
    return `[${escaped(file)}:${line}](${uri}#L${line})`;
  });
  const more = places.length > MOST_PLACES ? ` and ${places.length - MOST_PLACES} more` : '';
  const often = places.length === 1 ? 'once' : `${places.length.toLocaleString('en-US')} times`;
  return `Called ${often} in SQL: ${shown.join(', ')}${more}.`;
}
