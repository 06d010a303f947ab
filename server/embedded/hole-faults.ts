import type { Diagnostic } from 'vscode-languageserver';
import { splitStatements } from '../../wasm-core/protocol/statements.ts';
import type { Substitution, TextRange } from './sql-part.ts';
import type { VirtualDocument } from './virtual-document.ts';

/*
 * What is said of a statement that has holes may be the fault of what we put there: the program may put a value, a name
 * or half a statement. Of such statements only that is told which holds whatever it puts.
 */

/** The diagnostics that are true for whatever the program puts into the holes. */
export function withoutHoleFaults(
  virtual: VirtualDocument,
  diagnostics: readonly Diagnostic[],
): Diagnostic[] {
  const { document, parts } = virtual;
  const text = document.getText();
  const holes = parts.flatMap(({ substitutions }) => substitutions).filter(({ kind }) => kind === 'hole');
  if (holes.length === 0) return [...diagnostics];
  const statements = splitStatements(text).map((range) => ({ range, holes: holesIn(range, holes) }));
  return diagnostics.filter((diagnostic) => {
    const at = document.offsetAt(diagnostic.range.start);
    const end = document.offsetAt(diagnostic.range.end);
    const own = statements.find(({ range }) => range.start <= at && at <= range.end)?.holes ?? [];
    const [first] = own;
    if (first === undefined) return true;
    // A parser reads from left to right: what it stops at before the first hole is wrong with any.
    if (diagnostic.code === 'SQL_PARSE') return at < first.start;
    return own.every((hole) => isValue(text, hole) && !(at < hole.end && hole.start < end));
  });
}

/** Those of a statement. */
export function holesIn(range: TextRange, holes: readonly Substitution[]): Substitution[] {
  return holes.filter(({ start, end }) => start < range.end && range.start < end);
}

/** Whether a hole stands where only a value can: behind a comparison, or a word that takes a number. */
function isValue(text: string, hole: TextRange): boolean {
  const before = text.slice(Math.max(0, hole.start - 40), hole.start);
  const behind = text.slice(hole.end, hole.end + 1);
  return /(?:[=<>]|\b(?:like|ilike|limit|offset|between))\s*$/i.test(before) && !/[\w$."'(]/.test(behind);
}
