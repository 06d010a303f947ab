import { CompletionItemKind } from 'vscode-languageserver';
import type { ColumnInfo } from '../../../wasm-core/protocol/methods.ts';
import { absorbedColumns, joinedColumns } from '../syntax/merged-columns.ts';
import { sameName, textOf } from '../syntax/scope.ts';
import { identifier, isMark, quoted } from '../tokens.ts';
import type { CompletionScope } from './completion-scope.ts';
import { type Cursor, insideStart, wordAt } from './cursor.ts';
import { type Offer, RANK } from './offers.ts';
import type { ScopeRelation } from './scope-columns.ts';
import { fits } from './type-families.ts';

/** The columns in scope, qualified where their name alone would mean several. @param wanted the family of types that fits */
export function columnOffers(
  { reserved }: CompletionScope,
  relations: readonly ScopeRelation[],
  wanted?: string,
): Offer[] {
  const offers: Offer[] = [];
  const inner = new Set<string>();
  const depths = [...new Set(relations.map(({ depth }) => depth))].sort((a, b) => a - b);
  for (const depth of depths) {
    const here = relations.filter((relation) => relation.depth === depth);
    const absorbed = absorbedColumns(here);
    const counts = countNames(here);
    for (const [index, relation] of here.entries()) {
      for (const column of relation.columns) {
        const key = column.name.toLowerCase();
        if (absorbed[index]?.has(key)) continue;
        const isShared = (counts.get(key) ?? 0) > 1;
        const qualifier = (isShared || inner.has(key)) && relation.name !== '' ? relation.name : undefined;
        const offer = columnOffer(column, {
          relation: relation.name,
          qualifier,
          reserved,
          order: offers.length,
        });
        const rank = depth > 0 ? RANK.outerColumn : fits(column.type, wanted) ? RANK.fitting : RANK.column;
        offers.push({ ...offer, rank });
      }
    }
    for (const name of counts.keys()) inner.add(name);
  }
  return offers;
}

/** The columns of one relation, or the fields of a value, as they stand behind its name. */
export function plainColumnOffers(
  columns: readonly ColumnInfo[],
  reserved: ReadonlySet<string>,
  relation = '',
): Offer[] {
  return columns.map((column, order) => columnOffer(column, { relation, reserved, order }));
}

/** The columns that both sides of the join with USING have; those of all when they share none. */
export function sharedColumnOffers(
  { reserved }: CompletionScope,
  relations: readonly ScopeRelation[],
): Offer[] {
  const here = relations.filter(({ depth }) => depth === 0);
  const last = here.at(-1);
  const others = here.slice(0, -1).flatMap(({ columns }) => columns);
  const shared = (last?.columns ?? []).filter((column) =>
    others.some(({ name }) => sameName(name, column.name)),
  );
  return plainColumnOffers(shared.length > 0 ? shared : here.flatMap(({ columns }) => columns), reserved);
}

/** `a.id = b.id` for each column that the relation joined last shares with one before it. */
export function joinConditionOffers(
  { reserved }: CompletionScope,
  relations: readonly ScopeRelation[],
): Offer[] {
  const here = relations.filter(({ depth, name }) => depth === 0 && name !== '');
  const last = here.at(-1);
  if (last === undefined) return [];
  return here.slice(0, -1).flatMap((other) =>
    other.columns
      .filter(({ name }) => last.columns.some((column) => sameName(column.name, name)))
      .map(({ name }, order): Offer => {
        const column = quoted(name, reserved);
        const text = `${quoted(other.name, reserved)}.${column} = ${quoted(last.name, reserved)}.${column}`;
        return {
          label: text,
          kind: CompletionItemKind.Operator,
          rank: RANK.fitting,
          order,
          detail: 'same name',
        };
      }),
  );
}

/** Aliases of the SELECT list that may be used where the position is. */
export function aliasOffers({ cursor, reserved }: CompletionScope, clause: string): Offer[] {
  const block = cursor.levels[0]?.block;
  if (block === undefined || /^(FROM|JOIN|ON|USING|LIMIT|OFFSET)$/.test(clause)) return [];
  const isInList = clause === 'SELECT' || clause === 'CALL ARGUMENTS';
  return block.items
    .filter(({ end }) => end < cursor.offset || !isInList)
    .flatMap(({ alias, expression }, order): Offer[] => {
      if (alias === undefined || (alias.start <= cursor.offset && cursor.offset <= alias.end)) return [];
      const detail = textOf(cursor.statement.text, expression).replace(/\s+/g, ' ').slice(0, 60);
      const insert = quoted(alias.text, reserved);
      const { column: rank } = RANK;
      // Behind the columns.
      const place = { rank, order: 1000 + order };
      return [{ label: alias.text, kind: CompletionItemKind.Variable, ...place, insert, detail }];
    });
}

/** The parameters of the lambdas around a position: `x -> …`, `(x, i) -> …`, `lambda x: …`. */
export function lambdaOffers({ cursor }: CompletionScope): Offer[] {
  const names = new Set<string>();
  for (let at = lowestLambda(cursor); at < cursor.before.length; at++) {
    const token = cursor.before[at];
    const isArrow =
      isMark(token, '-') && isMark(cursor.before[at + 1], '>') && cursor.before[at + 1]?.start === token?.end;
    if (isArrow) for (const name of namesInFrontOf(cursor, at)) names.add(name);
    if (wordAt(cursor, at) !== 'LAMBDA') continue;
    for (let next = at + 1; next < cursor.before.length && !isMark(cursor.before[next], ':'); next++) {
      const name = identifier(cursor.before[next]);
      if (name !== undefined) names.add(name);
    }
  }
  return [...names].map((label) => ({
    label,
    kind: CompletionItemKind.Variable,
    rank: RANK.fitting,
    detail: 'lambda parameter',
  }));
}

/** The parameters of the macro that is being defined. */
export function macroParameterOffers({ cursor, reserved }: CompletionScope): Offer[] {
  const { definition } = cursor.statement;
  return (definition?.parameters ?? []).map(({ text }, order) => ({
    label: text,
    kind: CompletionItemKind.Variable,
    rank: RANK.fitting,
    order,
    insert: quoted(text, reserved),
    detail: 'parameter',
  }));
}

function lowestLambda(cursor: Cursor): number {
  return cursor.open.length === 0
    ? cursor.before.length
    : Math.min(insideStart(cursor), (cursor.open[0] ?? 0) + 1);
}

function namesInFrontOf({ before, opening }: Cursor, arrow: number): string[] {
  const first = opening.get(arrow - 1) ?? arrow - 1;
  return before.slice(first, arrow).flatMap((token) => identifier(token) ?? []);
}

function columnOffer(
  { name, type }: ColumnInfo,
  of: {
    readonly relation: string;
    readonly qualifier?: string | undefined;
    readonly reserved: ReadonlySet<string>;
    readonly order: number;
  },
): Offer {
  const { relation, qualifier, reserved, order } = of;
  const column = quoted(name, reserved);
  const detail = [type, qualifier === undefined ? relation : ''].filter((text) => text !== '').join(', ');
  return {
    label: qualifier === undefined ? name : `${qualifier}.${name}`,
    kind: CompletionItemKind.Field,
    rank: RANK.column,
    order,
    insert: qualifier === undefined ? column : `${quoted(qualifier, reserved)}.${column}`,
    // Found by the column's name as well as by the relation's.
    ...(qualifier !== undefined && { filter: `${name} ${qualifier}.${name}` }),
    ...(detail !== '' && { detail }),
  };
}

function countNames(relations: readonly ScopeRelation[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { name } of joinedColumns(relations)) {
    counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) ?? 0) + 1);
  }
  return counts;
}
