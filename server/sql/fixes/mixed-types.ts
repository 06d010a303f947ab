import { expressionType } from '../expression-type.ts';
import { type Kind, kindOf } from '../lints/type-kinds.ts';
import { textOf } from '../syntax/scope.ts';
import type { Span, StatementSyntax } from '../syntax/tree.ts';
import { isKeyword, isMark } from '../tokens.ts';
import { bestCasts, castOf } from './casts.ts';
import type { Change, Fault, Fix } from './fix.ts';
import { operandsOf } from './operands.ts';

/** Values that have to be of one type, and are of two, get a cast, or the brackets of a list, with which the engine accepts it. */
export const mixedTypes: Fix = {
  codes: ['SQL_BIND'],
  actions: async (fault) => {
    const types = mixed(fault.message);
    if (types === undefined) return [];
    const ways: Change[][] = [];
    for (const operands of operandGroups(fault)) {
      const typed = await Promise.all(
        operands.map(async (span) => ({
          span,
          type: await expressionType({ statement: fault.statement.syntax, knowledge: fault.knowledge }, span),
        })),
      );
      ways.push(...waysToChange(fault.statement.text, typed, types));
    }
    return bestCasts(fault, ways);
  },
};

const MESSAGES = [
  /^Cannot mix values of type (.+) and (.+) in .+? - an explicit cast/s,
  /^Cannot compare values of type (.+) and (?:type )?(.+?)(?: in .+?)? - an explicit cast/s,
  /^Cannot concatenate (?:lists of )?types (.+) and (.+) - an explicit cast/s,
  /^Cannot combine types of (.+) and (.+) - an explicit cast/s,
];

/** A cast to a longer type is nothing that one would write. */
const LONGEST_TYPE = 60;

/** The two types that the engine's message names. */
function mixed(message: string): readonly string[] | undefined {
  for (const pattern of MESSAGES) {
    const [, one, other] = pattern.exec(message) ?? [];
    if (one !== undefined && other !== undefined) return [one, other];
  }
  return undefined;
}

interface TypedOperand {
  readonly span: Span;
  readonly type: string | undefined;
}

/** A value beside a list in brackets of its own, else casts of all operands to one of the types, and of all to text. */
function waysToChange(text: string, operands: readonly TypedOperand[], types: readonly string[]): Change[][] {
  const isList = ({ type }: TypedOperand) => type?.endsWith(']') === true;
  const single = operands.some(isList) ? operands.filter((operand) => !isList(operand)) : [];
  const wrapped = single.map(({ span }) => ({ ...span, text: `[${textOf(text, span)}]` }));
  const all = [...new Set([...types, 'VARCHAR'])].filter((type) => type.length <= LONGEST_TYPE);
  const casts = all.flatMap((wanted) => {
    const others = operands.filter(({ type }) => type !== wanted);
    // The engine accepts these, too, and fails when it runs them.
    if (others.some(({ type }) => type !== undefined && !hasCast(kindOf(type), kindOf(wanted)))) return [];
    return [others.map(({ span }) => castOf(text, span, wanted))];
  });
  return [wrapped, ...casts];
}

/** Whether values of one kind may become values of another. */
function hasCast(from: Kind, to: Kind): boolean {
  if (from === 'text' || to === 'text' || from === 'other' || to === 'other') return true;
  const isTime = (kind: Kind) => /^(date|timestamp)/.test(kind);
  const isNumber = (kind: Kind) => kind === 'number' || kind === 'boolean';
  return from === to || (isTime(from) && isTime(to)) || (isNumber(from) && isNumber(to));
}

/** The expressions that a fault may be about, those of each place that it may mean. */
function operandGroups({ statement: { syntax }, span, message }: Fault): Span[][] {
  const { tokens } = syntax;
  const at = tokens.findIndex(({ start }) => start >= span.start);
  const token = tokens[at];
  if (isKeyword(token, 'CASE')) return [branchesOf(syntax, at)];
  if (isKeyword(token, 'BETWEEN')) return [betweenOf(syntax, at)];
  if (isKeyword(token, 'IN')) return [operandsOf(syntax, span).slice(0, 1)];
  // Without a place of its own: any call that it may be about.
  if (isKeyword(token, 'SELECT')) {
    const name = message.includes('COALESCE') ? /^(coalesce|ifnull)$/i : /^(if|iff)$/i;
    const calls = syntax.calls.filter((call) => name.test(call.name.text));
    return calls.map((call) => call.arguments.slice(message.includes('COALESCE') ? 0 : 1));
  }
  if (isMark(tokens[at - 1], '|') && isMark(tokens[at - 2], '|')) {
    return [operandsOf(syntax, { start: tokens[at - 2]?.start ?? 0, end: tokens[at - 1]?.end ?? 0 })];
  }
  if (token?.kind === 'mark' && !/[[({]/.test(token.text)) return [operandsOf(syntax, span)];
  const around = syntax.calls.filter(({ inside }) => inside.start <= span.start && span.end <= inside.end);
  const call = syntax.calls.find(({ name }) => name.start === span.start) ?? around.at(-1);
  return call === undefined ? [] : [[...call.arguments]];
}

/** `x between low and high`. */
function betweenOf(syntax: StatementSyntax, at: number): Span[] {
  const { tokens } = syntax;
  const and = tokens.findIndex((token, index) => index > at && isKeyword(token, 'AND'));
  const [between, second] = [tokens[at], tokens[and]];
  if (between === undefined || second === undefined) return [];
  return [...operandsOf(syntax, between), ...operandsOf(syntax, second).slice(1)];
}

/** What stands behind the THENs and the ELSE of a CASE. */
function branchesOf({ tokens }: StatementSyntax, at: number): Span[] {
  const found: Span[] = [];
  let begins: number | undefined;
  let depth = 0;
  for (let index = at + 1; index < tokens.length; index++) {
    const token = tokens[index];
    if (token?.kind === 'mark') depth += '([{'.includes(token.text) ? 1 : ')]}'.includes(token.text) ? -1 : 0;
    if (depth < 0) break;
    const isEnd = isKeyword(token, 'END');
    if (depth === 0 && begins !== undefined && (isEnd || isKeyword(token, 'WHEN', 'ELSE'))) {
      const [first, last] = [tokens[begins], tokens[index - 1]];
      if (first !== undefined && last !== undefined) found.push({ start: first.start, end: last.end });
      begins = undefined;
    }
    if (depth === 0 && isEnd) break;
    if (depth === 0 && isKeyword(token, 'THEN', 'ELSE')) begins = index + 1;
    // The words of a CASE inside are its own.
    if (isKeyword(token, 'CASE')) depth++;
    if (isEnd) depth--;
  }
  return found;
}
