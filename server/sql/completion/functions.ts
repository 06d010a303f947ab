import { CompletionItemKind } from 'vscode-languageserver';
import type { CatalogFunction } from '../../../wasm-core/protocol/catalog.ts';
import { type KnownFunction, signatureText } from '../knowledge.ts';
import { isMark } from '../tokens.ts';
import {
  COMMON_FUNCTIONS,
  COMMON_TABLE_FUNCTIONS,
  GRAMMAR_FUNCTIONS,
  RARE_FUNCTIONS,
} from './common-functions.ts';
import type { CompletionScope } from './completion-scope.ts';
import type { Cursor } from './cursor.ts';
import type { DocumentDefinition } from './document-tables.ts';
import { type Offer, RANK, type Rank } from './offers.ts';
import { fits, typeFamily } from './type-families.ts';

/** Clauses without aggregates of their query. */
const WITHOUT_AGGREGATES = /^(WHERE|ON|USING|JOIN|GROUP BY|LIMIT|OFFSET|VALUES|SET)$/;
/** Clauses with window functions. */
const WITH_WINDOWS = /^(SELECT|QUALIFY|ORDER BY)$/;

/** Functions that give a value. @param at `lead`: the clause; `wanted`: the family of types that fits */
export function functionOffers(
  scope: CompletionScope,
  at: { readonly lead: string; readonly wanted?: string | undefined },
): Offer[] {
  const { catalog, plugins, definitions, cursor } = scope;
  const isCall = at.lead === 'CALL';
  const takes = (kind: string) => kind !== 'aggregate' || !WITHOUT_AGGREGATES.test(at.lead);
  const own = plugins.filter(({ fn }) => takes(fn.kind ?? 'scalar') && (fn.kind === 'table') === isCall);
  const known = new Set(own.map(({ fn }) => fn.name));
  const engine = catalog.functions.filter(
    (fn) => !known.has(fn.name) && fn.kind !== 'pragma' && takes(fn.kind) && isTable(fn) === isCall,
  );
  const macros = isCall ? [] : definitions.filter(({ kind }) => kind === 'MACRO');
  const grammar = isCall
    ? []
    : GRAMMAR_FUNCTIONS.filter(({ isWindow }) => !isWindow || WITH_WINDOWS.test(at.lead));
  const offers: Offer[] = [
    ...own.map(pluginOffer),
    ...macros.map(macroOffer),
    ...grammar.map(grammarOffer),
    ...engine.map((fn) => engineOffer(fn, { wanted: at.wanted, lead: at.lead })),
  ];
  return withoutDoubleParentheses(cursor, offers);
}

/** Functions that give rows, for FROM. */
export function tableFunctionOffers(scope: CompletionScope): Offer[] {
  const { catalog, plugins, cursor } = scope;
  const own = plugins.filter(({ fn }) => fn.kind === 'table');
  const engine = catalog.functions.filter(isTable);
  const offers = [...own.map(pluginOffer), ...engine.map((fn) => engineOffer(fn, {}))];
  return withoutDoubleParentheses(cursor, offers);
}

/** Functions that take a value of a type as their first argument: `name.upper()`. */
export function methodOffers(scope: CompletionScope, type: string): Offer[] {
  const family = typeFamily(type);
  const fitting = scope.catalog.functions.filter(
    ({ kind, signatures }) =>
      kind === 'scalar' &&
      signatures.some(
        (signature) => family !== undefined && typeFamily(firstParameter(signature)) === family,
      ),
  );
  const own = scope.plugins.filter(
    ({ fn }) => fn.kind === undefined && fits(fn.parameters[0]?.type ?? '', family),
  );
  return [...own.map(pluginOffer), ...fitting.map((fn) => engineOffer(fn, {}))];
}

function isTable({ kind }: CatalogFunction): boolean {
  return kind === 'table' || kind === 'table_macro';
}

function pluginOffer({ fn }: KnownFunction): Offer {
  return offer(fn.name, {
    detail: signatureText(fn),
    rank: RANK.plugin,
    hasArguments: fn.parameters.length > 0,
  });
}

function macroOffer({ name, parameters }: DocumentDefinition): Offer {
  return offer(name, {
    detail: `${name}(${parameters.map(({ text }) => text).join(', ')})`,
    rank: RANK.plugin,
    hasArguments: parameters.length > 0,
  });
}

function grammarOffer({ name, signature, doc }: (typeof GRAMMAR_FUNCTIONS)[number]): Offer {
  const hasArguments = !signature.includes('()');
  const order = COMMON_FUNCTIONS.indexOf(name);
  return {
    ...offer(name, { detail: signature, rank: RANK.commonFunction, hasArguments }),
    order: order < 0 ? COMMON_FUNCTIONS.length : order,
    doc,
  };
}

function engineOffer(
  fn: CatalogFunction,
  { wanted, lead }: { readonly wanted?: string | undefined; readonly lead?: string },
): Offer {
  const [first = fn.name, ...others] = fn.signatures;
  const common = isTable(fn) ? COMMON_TABLE_FUNCTIONS : COMMON_FUNCTIONS;
  const order = common.indexOf(fn.name);
  const isFitting =
    wanted !== undefined &&
    fn.signatures.some((signature) => fits(signature.split(') -> ')[1] ?? '', wanted));
  const isHaving = lead === 'HAVING' && fn.kind === 'aggregate';
  const made = offer(fn.name, {
    detail: others.length === 0 ? first : `${first} (+${others.length})`,
    rank: rankOf(fn.name, { order, isFitting: isFitting || isHaving }),
    hasArguments: fn.signatures.some((signature) => !signature.startsWith(`${fn.name}()`)),
  });
  const isRare = order < 0 && made.rank !== RANK.commonFunction && !fn.kind.endsWith('macro');
  return { ...made, ...(order >= 0 && { order }), function: fn.name, isRare };
}

function rankOf(
  name: string,
  { order, isFitting }: { readonly order: number; readonly isFitting: boolean },
): Rank {
  if (RARE_FUNCTIONS.test(name)) return RANK.rareFunction;
  if (order >= 0) return isFitting ? RANK.plugin : RANK.commonFunction;
  return isFitting ? RANK.keyword : RANK.function;
}

function offer(
  name: string,
  {
    detail,
    rank,
    hasArguments,
  }: { readonly detail: string; readonly rank: Rank; readonly hasArguments: boolean },
): Offer {
  return {
    label: name,
    kind: CompletionItemKind.Function,
    rank,
    snippet: hasArguments ? `${name}($0)` : `${name}()$0`,
    detail,
    function: name,
  };
}

function withoutDoubleParentheses({ next, typed, statement }: Cursor, offers: Offer[]): Offer[] {
  // The word that is typed may go on behind the position.
  const word =
    typed === undefined ? undefined : statement.tokens.findIndex(({ start }) => start === typed.start);
  const behind = word === undefined ? next : statement.tokens[word + 1];
  if (!isMark(behind, '(')) return offers;
  return offers.map(({ snippet: _, ...rest }) => rest);
}

function firstParameter(signature: string): string {
  return /\(([^,]*?)(?:, .*)?\)(?: -> .*)?$/.exec(signature)?.[1] ?? '';
}
