import type { CodeAction, CodeActionParams, Diagnostic } from 'vscode-languageserver';
import { candidates } from './candidates.ts';
import { argumentCast, casts } from './casts.ts';
import { crossJoin } from './comma-join.ts';
import { createPlugin } from './create-plugin.ts';
import { directiveWords } from './directive.ts';
import { expandStar } from './expand-star.ts';
import type { Fault, Fix, FixInput } from './fix.ts';
import { groupBy } from './group-by.ts';
import { mixedTypes } from './mixed-types.ts';
import { qualifyColumn } from './qualify-column.ts';
import { quoteIdentifier } from './quote-identifier.ts';
import { unionAliases, unionByName } from './union.ts';
import { removeUnusedCte } from './unused-cte.ts';

const FIXES: readonly Fix[] = [
  candidates,
  qualifyColumn,
  casts,
  argumentCast,
  mixedTypes,
  groupBy,
  quoteIdentifier,
  removeUnusedCte,
  crossJoin,
  unionByName,
  unionAliases,
  createPlugin,
  directiveWords,
];

/**
 * What may be done about diagnostics, and to what is selected.
 *
 * @param inputAt gives what fixes work with for the statement at a position of the document
 */
export async function codeActions(
  { range, context }: Pick<CodeActionParams, 'range' | 'context'>,
  inputAt: (offset: number) => FixInput,
): Promise<CodeAction[]> {
  const wants = (kind: string) =>
    context.only === undefined || context.only.some((only) => kind === only || kind.startsWith(`${only}.`));
  const actions: CodeAction[] = [];
  for (const diagnostic of wants('quickfix') ? context.diagnostics : []) {
    actions.push(...(await fixesOf(diagnostic, inputAt)));
  }
  const { document } = inputAt(0);
  const start = document.offsetAt(range.start);
  const input = inputAt(start);
  if (wants('refactor.rewrite')) {
    const at = (position: number) => position - input.statement.start;
    actions.push(...(await expandStar(input, { start: at(start), end: at(document.offsetAt(range.end)) })));
  }
  return actions;
}

async function fixesOf(diagnostic: Diagnostic, inputAt: (offset: number) => FixInput): Promise<CodeAction[]> {
  const { document } = inputAt(0);
  const { code, message } = diagnostic;
  // A message in Markdown is none of ours.
  if (typeof message !== 'string') return [];
  const start = document.offsetAt(diagnostic.range.start);
  const input = inputAt(start);
  const span = {
    start: start - input.statement.start,
    end: document.offsetAt(diagnostic.range.end) - input.statement.start,
  };
  const fault: Fault = { ...input, diagnostic, message, span };
  const found: CodeAction[] = [];
  for (const fix of FIXES) if (fix.codes.includes(String(code))) found.push(...(await fix.actions(fault)));
  return found;
}
