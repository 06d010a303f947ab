import type { CodeAction } from 'vscode-languageserver';
import { kindOf } from '../lints/type-kinds.ts';
import { textOf } from '../syntax/scope.ts';
import type { Span } from '../syntax/tree.ts';
import { type Change, changed, type Fault, type Fix, quickFix } from './fix.ts';
import { operandsOf } from './operands.ts';
import { parseMismatch } from './type-mismatch.ts';

/** How many ways to cast are tried with the engine, and how many are offered. */
const MOST_TRIED = 8;
const MOST_OFFERED = 3;

/** Arguments and operands get a cast to a type with which the engine accepts the statement. */
export const casts: Fix = {
  codes: ['SQL_BIND'],
  actions: async (fault) => {
    const mismatch = parseMismatch(fault.message);
    if (mismatch === undefined) return [];
    const { syntax, text } = fault.statement;
    const call = syntax.calls.find(
      ({ name }) => name.start <= fault.span.start && name.end >= fault.span.end,
    );
    const operands = call?.arguments ?? operandsOf(syntax, fault.span);
    if (operands.length !== mismatch.given.length) return [];
    const ways = mismatch.wanted.map((types) =>
      types.flatMap((type, index) => {
        const operand = operands[index];
        const given = mismatch.given[index] ?? '';
        return operand === undefined || fits(given, type) ? [] : [castOf(text, operand, type)];
      }),
    );
    return bestCasts(fault, ways);
  },
};

/** Fixes by the first of some ways to cast with which the engine accepts the statement. */
export async function bestCasts(fault: Fault, ways: readonly (readonly Change[])[]): Promise<CodeAction[]> {
  const offered: CodeAction[] = [];
  for (const changes of ways.slice(0, MOST_TRIED)) {
    if (changes.length === 0 || !(await fault.isSound(changed(fault.statement.text, changes)))) continue;
    offered.push(quickFix(fault, `Change to ${changes.map((change) => change.text).join(', ')}`, changes));
    if (offered.length === MOST_OFFERED) break;
  }
  return offered;
}

/** A cast that DuckDB makes by itself is written down. */
export const argumentCast: Fix = {
  codes: ['plugin-argument-type'],
  actions: (fault) => {
    const { data } = fault.diagnostic;
    const type = typeof data === 'object' && data !== null && 'type' in data ? data.type : undefined;
    if (typeof type !== 'string') return [];
    const change = castOf(fault.statement.text, fault.span, type);
    return [{ ...quickFix(fault, `Change to ${change.text}`, [change]), isPreferred: true }];
  },
};

/** Whether the engine takes the one type for the other without a cast: literals have types of their own. */
function fits(given: string, wanted: string): boolean {
  if (given === wanted || given === 'STRING_LITERAL' || given === 'NULL') return true;
  const isNumber = given === 'INTEGER_LITERAL' || kindOf(given) === 'number';
  return (
    isNumber &&
    kindOf(wanted) === 'number' &&
    (given === 'INTEGER_LITERAL' || /^(DOUBLE|FLOAT)$/.test(wanted))
  );
}

/** The change that casts an expression. @param type as it is written behind `::` */
export function castOf(text: string, operand: Span, type: string): Change {
  const written = textOf(text, operand);
  const isSimple = /^(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_]*|\.|\d+(?:\.\d+)?|'(?:[^']|'')*')+$/u.test(
    written,
  );
  const cast = isSimple ? `${written}::${type}` : `cast(${written} as ${type})`;
  return { start: operand.start, end: operand.end, text: cast };
}
