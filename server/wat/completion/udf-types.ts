import { DOCUMENT_TYPE } from '../../../wasm-core/protocol/plugins.ts';
import { SIMPLE_TYPES } from '../../../wasm-core/protocol/sql-types.ts';

/** Types of SQL that have parts, by example. */
const COMPOUND_TYPES = ['DECIMAL(18,3)', 'VARCHAR[]', 'STRUCT(a INTEGER)', 'MAP(VARCHAR, INTEGER)'];
const OPTIONS = ['nondeterministic', 'nulls pass', 'on_error null', 'aggregate'];

/**
 * What may follow in a comment that declares a function of SQL, `;; @udf name(x BIGINT) -> BIGINT`.
 *
 * @param line the comment up to the position
 * @returns the words, and how much of the line's end they take the place of; undefined where none may follow
 */
export function udfWords(
  line: string,
): { readonly words: readonly string[]; readonly typed: string } | undefined {
  const [, signature] = /^;;+\s*@udf\b(.*)$/i.exec(line) ?? [];
  if (signature === undefined) return undefined;
  const typed = /\w*$/.exec(signature)?.[0] ?? '';
  const before = signature.slice(0, signature.length - typed.length);
  const types = [...SIMPLE_TYPES, ...COMPOUND_TYPES];
  if (/->\s*$/.test(before)) return { words: [...types, 'TABLE(a INTEGER)'], typed };
  if (/->\s*\S.*\s$/.test(before) && isBalanced(before)) return { words: OPTIONS, typed };
  // Behind the name of a parameter, of a function, a STRUCT or a TABLE.
  if (/[(,]\s*(?:\w+|"[^"]*")\s+$/.test(before)) return { words: [...types, DOCUMENT_TYPE], typed };
  return undefined;
}

function isBalanced(text: string): boolean {
  return text.split('(').length === text.split(')').length;
}
