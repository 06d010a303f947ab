import type { Hover } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { CatalogFunction, ColumnInfo } from '../../wasm-core/protocol/methods.ts';
import { type KnownFunction, type SqlKnowledge, signatureText } from './knowledge.ts';
import { type NameAt, nameAt } from './names.ts';
import { relationsAt } from './scope.ts';

/** What is known of the name at a position: a plugin's function, the engine's, a column, a table. */
export async function hoverSql(
  document: TextDocument,
  offset: number,
  knowledge: SqlKnowledge,
): Promise<Hover | null> {
  const at = nameAt(document.getText(), offset);
  if (at === undefined) return null;
  const text = at.called ? await functionText(at, knowledge) : await columnOrTable(at, knowledge);
  if (text === undefined) return null;
  const range = { start: document.positionAt(at.start), end: document.positionAt(at.end) };
  return { contents: { kind: 'markdown', value: text }, range };
}

async function functionText(at: NameAt, knowledge: SqlKnowledge): Promise<string | undefined> {
  const name = at.name.toLowerCase();
  const plugin = (await knowledge.functions()).find(({ fn }) => fn.name === name);
  if (plugin !== undefined) return pluginText(plugin);
  const { functions } = await knowledge.catalog();
  const engine = functions.filter((fn) => fn.name.toLowerCase() === name);
  return engine.length === 0 ? undefined : engineText(engine);
}

function pluginText({ fn, module, uri, range }: KnownFunction): string {
  const notes = fn.deterministic ? '' : ' Not deterministic.';
  const file = uri === undefined ? module : decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1));
  const line = range === undefined ? '' : `#L${range.start.line + 1}`;
  const origin = uri === undefined ? `Plugin ${module}.` : `Plugin [${escaped(file)}](${uri}${line}).`;
  return [code(signatureText(fn)), escaped(fn.doc), `${origin}${notes}`].filter((s) => s !== '').join('\n\n');
}

function engineText(functions: readonly CatalogFunction[]): string {
  const signatures = [...new Set(functions.flatMap((fn) => fn.signatures))];
  const shown = signatures.slice(0, 8).join('\n');
  const more = signatures.length > 8 ? `and ${signatures.length - 8} more` : '';
  const doc = functions.find((fn) => fn.doc !== '')?.doc ?? '';
  return [code(shown), more, escaped(doc)].filter((s) => s !== '').join('\n\n');
}

async function columnOrTable(at: NameAt, knowledge: SqlKnowledge): Promise<string | undefined> {
  const name = at.name.toLowerCase();
  const relations = relationsAt(at.statement, at.offset);
  const scope = at.qualifier === undefined ? relations : relations.filter((r) => same(r.name, at.qualifier));
  for (const relation of scope) {
    const column = (await knowledge.columns(relation.query)).find((c) => same(c.name, name));
    if (column !== undefined) return code(`${column.name} ${column.type}${of(relation.name)}`);
  }
  const relation = relations.find((r) => same(r.name, name));
  if (relation !== undefined) return columnsText(relation.name, await knowledge.columns(relation.query));
  const table = (await knowledge.catalog()).tables.find((t) => same(t.name, name));
  return table === undefined ? undefined : columnsText(table.name, table.columns);
}

function of(relation: string): string {
  return relation === '' ? '' : ` -- of ${relation}`;
}

function columnsText(name: string, columns: readonly ColumnInfo[]): string | undefined {
  if (columns.length === 0) return undefined;
  const shown = columns.slice(0, 40).map((c) => `  ${c.name} ${c.type}`);
  const more = columns.length > 40 ? [`  -- and ${columns.length - 40} more`] : [];
  return code([name, ...shown, ...more].join('\n'));
}

function same(a: string, b: string | undefined): boolean {
  return a.toLowerCase() === b?.toLowerCase();
}

function code(text: string): string {
  return `\`\`\`sql\n${text}\n\`\`\``;
}

/** Text that Markdown shows as it is. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+!|<>~]/g, '\\$&');
}
