import type { ColumnInfo } from '../../../wasm-core/protocol/methods.ts';
import { identifier } from '../tokens.ts';
import { calledName } from './brackets.ts';
import {
  aliasOffers,
  columnOffers,
  joinConditionOffers,
  lambdaOffers,
  macroParameterOffers,
  plainColumnOffers,
  sharedColumnOffers,
} from './columns.ts';
import type { CompletionScope } from './completion-scope.ts';
import { type Cursor, wordAt } from './cursor.ts';
import { functionOffers, tableFunctionOffers } from './functions.ts';
import { keywordOffers, STATEMENT_WORDS, windowWords } from './keywords.ts';
import { memberOffers } from './members.ts';
import { namedParameterOffers, namedValueOffers } from './named-parameters.ts';
import type { Offer } from './offers.ts';
import { expected } from './operands.ts';
import { pathOffers, quotedFileOffers, readFileOffers } from './paths.ts';
import type { Place } from './place.ts';
import { databaseOffers, qualifierOffers, relationOffers } from './relations.ts';
import { relationsInScope, type ScopeRelation } from './scope-columns.ts';
import {
  namedWindowOffers,
  parameterOffers,
  settingOffers,
  settingValueOffers,
  stringValueOffers,
  typeOffers,
} from './simple-offers.ts';
import { EXPRESSION_SNIPPETS, STATEMENT_SNIPPETS } from './snippets.ts';
import { wantedFamily } from './type-families.ts';

/** Everything that may stand at a place. */
export async function offersAt(scope: CompletionScope, place: Place): Promise<readonly Offer[]> {
  const { cursor } = scope;
  switch (place.kind) {
    case 'nothing':
      return [];
    case 'string': {
      const values = stringValueOffers(scope, calledName(cursor)?.toLowerCase());
      return values.length > 0 ? values : pathOffers(scope);
    }
    case 'member':
      return memberOffers(scope, await inScope(scope));
    case 'type':
      return typeOffers(scope);
    case 'parameter':
      return parameterOffers(scope);
    case 'setting':
      return settingOffers(scope, place.verb);
    case 'settingValue':
      return settingValueOffers(scope, place.name);
    case 'relation':
      return relationPlaceOffers(scope, place);
    case 'columns':
      return columnNameOffers(scope, place.of);
    case 'operand':
      return operandOffers(scope, place);
    case 'database':
      return databaseOffers(scope);
    case 'window':
      return windowOffers(scope);
    case 'statement':
      return [...keywordOffers(cursor, [...explained(cursor), ...STATEMENT_WORDS]), ...STATEMENT_SNIPPETS];
    case 'words':
      return [...namedWindowOffers(scope), ...keywordOffers(cursor, place.words)];
  }
}

function explained(cursor: Cursor): string[] {
  return wordAt(cursor, cursor.before.length - 1) === 'EXPLAIN' ? ['analyze'] : [];
}

function inScope({ cursor, reader }: CompletionScope): Promise<ScopeRelation[]> {
  return relationsInScope(cursor, reader);
}

async function relationPlaceOffers(
  scope: CompletionScope,
  { written }: { readonly written: boolean },
): Promise<Offer[]> {
  const relations = relationOffers(scope, { written });
  if (written) return relations;
  const isInBracket = scope.cursor.before.at(-1)?.text === '(';
  return [
    ...relations,
    ...(await quotedFileOffers(scope)),
    ...tableFunctionOffers(scope),
    ...keywordOffers(
      scope.cursor,
      isInBracket ? ['select', 'from', 'values', 'with'] : ['lateral', '(select', '(from', '(values'],
    ),
  ];
}

async function columnNameOffers(scope: CompletionScope, of: 'block' | 'target' | 'using'): Promise<Offer[]> {
  const relations = await inScope(scope);
  if (relations.length === 0) return plainColumnOffers(await alteredColumns(scope), scope.reserved);
  if (of === 'using') return sharedColumnOffers(scope, relations);
  const targets = relations.filter(({ isTarget }) => isTarget);
  const chosen =
    of === 'target' && targets.length > 0 ? targets : relations.filter(({ depth }) => depth === 0);
  return chosen.flatMap(({ columns, name }) => plainColumnOffers(columns, scope.reserved, name));
}

/** Those of the table behind TABLE or ON: `alter table t drop column`, `create index i on t (`. */
async function alteredColumns({ cursor, reader }: CompletionScope): Promise<readonly ColumnInfo[]> {
  const { before } = cursor;
  let at = before.findIndex((_, index) => /^(TABLE|ON)$/.test(wordAt(cursor, index))) + 1;
  while (/^(IF|EXISTS)$/.test(wordAt(cursor, at))) at++;
  const path: string[] = [];
  for (; identifier(before[at]) !== undefined; at += 2) {
    path.push(identifier(before[at]) ?? '');
    if (before[at + 1]?.text !== '.') break;
  }
  return path.length === 0 ? [] : ((await reader.tableColumns(path)) ?? []);
}

async function operandOffers(
  scope: CompletionScope,
  { lead, words }: { readonly lead: string; readonly words: readonly string[] },
): Promise<Offer[]> {
  const { cursor } = scope;
  const clause = lead === 'CALL ARGUMENTS' ? clauseAround(scope) : lead;
  const head = cursor.levels[0]?.block?.clauses[0]?.keyword;
  // What INSERT writes to is not read by its query.
  const seesTarget = head !== 'INSERT' || /^(RETURNING|SET|WHERE)$/.test(clause);
  const relations = (await inScope(scope)).filter(
    ({ isTarget, depth }) => seesTarget || depth > 0 || !isTarget,
  );
  const wanted = wantedFamily(scope, relations);
  const isOn = wordAt(cursor, cursor.before.length - 1) === 'ON';
  return [
    ...namedParameterOffers(scope),
    ...namedValueOffers(scope),
    ...(await readFileOffers(scope)),
    ...macroParameterOffers(scope),
    ...lambdaOffers(scope),
    ...(isOn ? joinConditionOffers(scope, relations) : []),
    ...columnOffers(scope, relations, wanted),
    ...aliasOffers(scope, clause),
    ...qualifierOffers(scope, relations),
    ...functionOffers(scope, { lead: clause, wanted }),
    ...keywordOffers(cursor, words),
    ...(lead === 'SELECT' ? EXPRESSION_SNIPPETS : []),
  ];
}

/** The clause that a call stands in. */
function clauseAround({ cursor }: CompletionScope): string {
  const keyword =
    cursor.levels[0]?.block?.clauses.findLast(({ start }) => start < cursor.offset)?.keyword ?? '';
  return /^(GROUP|ORDER)$/.test(keyword) ? `${keyword} BY` : keyword;
}

/** Inside of OVER: columns behind BY, and the parts of a window. */
async function windowOffers(scope: CompletionScope): Promise<Offer[]> {
  const { cursor } = scope;
  const first = (cursor.open.at(-1) ?? -1) + 1;
  const last = wordAt(cursor, cursor.before.length - 1);
  const words = cursor.before.slice(first).map(({ text }) => text.toUpperCase());
  const isOrdered = words.includes('ORDER');
  const isEmpty = words.length === 0;
  if (last === 'PARTITION' || last === 'ORDER') return keywordOffers(cursor, ['by']);
  if (last === 'BETWEEN' || (last === 'AND' && words.includes('BETWEEN'))) {
    return keywordOffers(cursor, ['unbounded preceding', 'current row', 'unbounded following']);
  }
  const isValue = !isEmpty && expected(cursor, first).kind === 'operand';
  if (isValue) return operandOffers(scope, { lead: 'ORDER BY', words: [] });
  return [...namedWindowOffers(scope), ...keywordOffers(cursor, windowWords({ isOrdered, isEmpty }))];
}
