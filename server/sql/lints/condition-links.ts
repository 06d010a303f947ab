import { type Level, relationName, relationQuery, sameName } from '../syntax/scope.ts';
import type { Block, RelationSyntax } from '../syntax/tree.ts';
import { identifier, isKeyword, isMark, type Token } from '../tokens.ts';
import type { LintInput } from './lint.ts';

interface LinkInput extends Pick<LintInput, 'statement' | 'knowledge'> {
  readonly block: Block;
  readonly levels: readonly Level[];
  /** The groups, of which the links give the indexes. */
  readonly relations: readonly (readonly RelationSyntax[])[];
}

/**
 * Which groups of relations each condition of WHERE, HAVING and QUALIFY links, by their indexes: those whose columns it
 * names.
 *
 * @returns undefined when a name is of unknown origin
 */
export async function linksOf(input: LinkInput): Promise<Set<number>[] | undefined> {
  const { tokens } = input.statement;
  const conditions = input.block.clauses
    .filter(({ keyword }) => /^(WHERE|HAVING|QUALIFY)$/.test(keyword))
    .flatMap(({ first, last }) => conjuncts(tokens.slice(first + 1, last)));
  const names = conditions.map(namesIn);
  const owner = await ownersOf(input, names.flat());
  const links = names.map((condition) => condition.map(owner));
  if (links.flat().includes('unknown')) return undefined;
  return links.map((found) => new Set(found.flatMap((indexes) => (indexes === 'unknown' ? [] : indexes))));
}

/** Parts that AND joins outside of parentheses. */
function conjuncts(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  let isBetween = false;
  for (const token of tokens) {
    if (token.kind === 'mark') depth += '([{'.includes(token.text) ? 1 : ')]}'.includes(token.text) ? -1 : 0;
    if (isKeyword(token, 'BETWEEN')) isBetween = true;
    if (depth === 0 && isKeyword(token, 'AND') && !isBetween) parts.push([]);
    else parts.at(-1)?.push(token);
    if (isKeyword(token, 'AND')) isBetween = false;
  }
  return parts;
}

/** The parts of each name with dots: `t.x`; functions left out. */
function namesIn(tokens: readonly Token[]): string[][] {
  const names: string[][] = [];
  for (const [index, token] of tokens.entries()) {
    const name = identifier(token);
    if (name === undefined || isMark(tokens[index - 1], '.')) continue;
    const parts = [name];
    let at = index + 1;
    for (; isMark(tokens[at], '.'); at += 2) parts.push(identifier(tokens[at + 1]) ?? '');
    if (!isMark(tokens[at], '(') || parts.length > 1) names.push(parts);
  }
  return names;
}

type Owner = (name: readonly string[]) => readonly number[] | 'unknown';

/** Gives the groups that a name may belong to. */
async function ownersOf(input: LinkInput, names: readonly (readonly string[])[]): Promise<Owner> {
  const { statement, knowledge, relations, levels, block } = input;
  const qualified = ([first = '', second = '', third]: readonly string[]) =>
    groupsNamed(relations, first) ?? (third === undefined ? undefined : groupsNamed(relations, second));
  const isPlain = (name: readonly string[]) => name.length === 1 || qualified(name) === undefined;
  const asks = names.some((name) => isPlain(name) && !WORDS.test(name[0] ?? ''));
  const columns = await Promise.all(
    relations.map((group) =>
      Promise.all(group.map((r) => (asks ? knowledge.columns(relationQuery(statement, r, levels)) : []))),
    ),
  );
  const isWhole = columns.flat().every((found) => found.length > 0);
  return (name) => {
    if (!isPlain(name)) return qualified(name) ?? [];
    const [first = ''] = name;
    const owners = columns.flatMap((group, index) =>
      group.flat().some((column) => sameName(column.name, first)) ? [index] : [],
    );
    if (owners.length > 0) return owners;
    if (WORDS.test(first)) return [];
    // An alias of the SELECT list may stand for anything.
    const isAlias = block.items.some(({ alias }) => alias !== undefined && sameName(alias.text, first));
    return isWhole && !isAlias ? [] : 'unknown';
  };
}

function groupsNamed(
  relations: readonly (readonly RelationSyntax[])[],
  name: string,
): readonly number[] | undefined {
  const found = relations.flatMap((group, index) =>
    group.some((relation) => sameName(relationName(relation), name)) ? [index] : [],
  );
  return found.length > 0 ? found : undefined;
}

/** Words of expressions that are names of nothing. */
const WORDS =
  /^(and|or|not|is|in|like|ilike|glob|similar|to|between|escape|true|false|null|case|when|then|else|end|cast|as|exists|any|all|some|select|from|where|distinct|collate|interval|date|time|timestamp|over|partition|order|group|by|asc|desc|integer|bigint|double|varchar|decimal)$/i;
