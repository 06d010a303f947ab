import type { PlacedStatement } from '../syntax/document-syntax.ts';
import { sameName } from '../syntax/scope.ts';
import type { Name, StatementSyntax } from '../syntax/tree.ts';
import { identifier, isMark, type Token } from '../tokens.ts';

/** Something that an earlier statement of the document creates. */
export interface DocumentDefinition {
  readonly kind: 'TABLE' | 'VIEW' | 'MACRO' | 'TYPE' | 'SCHEMA';
  readonly name: string;
  /** Of a macro. */
  readonly parameters: readonly Name[];
  readonly statement: StatementSyntax;
}

/**
 * What the statements in front of a position create; where several create the same name, the last.
 *
 * @param before positions in the document, UTF-16 code units
 */
export function documentDefinitions(
  statements: readonly PlacedStatement[],
  before: number,
): DocumentDefinition[] {
  const found = new Map<string, DocumentDefinition>();
  for (const placed of statements) {
    // Most statements create nothing, and need not be read.
    if (placed.end > before || !/^create\b/i.test(placed.text)) continue;
    const { definition } = placed.syntax;
    if (definition === undefined || definition.kind === 'INDEX' || definition.kind === 'SEQUENCE') continue;
    const { kind, name, parameters } = definition;
    found.set(`${kind} ${name.text.toLowerCase()}`, {
      kind,
      name: name.text,
      parameters,
      statement: placed.syntax,
    });
  }
  return [...found.values()];
}

/** The table or view of a name. */
export function findDefined(
  definitions: readonly DocumentDefinition[],
  name: string,
): DocumentDefinition | undefined {
  return definitions.findLast(
    (definition) => /^(TABLE|VIEW)$/.test(definition.kind) && sameName(definition.name, name),
  );
}

/** The columns that `create table t (a integer, …)` lists; none for `create table t as …`. */
export function listedColumns({
  statement,
}: DocumentDefinition): { readonly name: string; readonly type: string }[] {
  const { tokens, definition, text } = statement;
  const open = tokens.findIndex((token) => token.start >= (definition?.name.end ?? 0) && isMark(token, '('));
  if (definition?.kind !== 'TABLE' || open < 0 || tokens[open - 1]?.end !== definition.name.end) return [];
  const columns: { readonly name: string; readonly type: string }[] = [];
  for (const item of itemsIn(tokens, open)) {
    const name = identifier(item[0]);
    const typeTokens = typeOf(item);
    const [first, last] = [typeTokens[0], typeTokens.at(-1)];
    if (name === undefined || first === undefined || last === undefined || isConstraint(item)) continue;
    columns.push({ name, type: text.slice(first.start, last.end) });
  }
  return columns;
}

/** The query behind `create … as`; undefined when there is none. */
export function definingQuery({ statement }: DocumentDefinition): string | undefined {
  const { query, text, tokens } = statement;
  const first = query.blocks[0]?.clauses[0];
  const start = Math.max(query.start, 0);
  const isQuery = tokens.some((token) => token.end <= (first?.start ?? 0) + 1 && /^as$/i.test(token.text));
  return first === undefined || !isQuery ? undefined : text.slice(start, query.end);
}

/** The tokens of each item between brackets. */
function itemsIn(tokens: readonly Token[], open: number): Token[][] {
  const items: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens.slice(open + 1)) {
    if (isMark(token, ')') && depth-- === 0) break;
    if (isMark(token, '(')) depth++;
    if (isMark(token, ',') && depth === 0) items.push([]);
    else items.at(-1)?.push(token);
  }
  return items;
}

/** Words that end a column's type. */
const BEHIND_TYPE = /^(NOT|NULL|PRIMARY|UNIQUE|DEFAULT|CHECK|REFERENCES|COLLATE|GENERATED|AS)$/i;

function typeOf(item: readonly Token[]): readonly Token[] {
  const end = item.findIndex((token, at) => at > 0 && token.kind === 'word' && BEHIND_TYPE.test(token.text));
  return item.slice(1, end < 0 ? item.length : end);
}

function isConstraint(item: readonly Token[]): boolean {
  return /^(PRIMARY|UNIQUE|FOREIGN|CHECK|CONSTRAINT)$/i.test(item[0]?.text ?? '');
}
