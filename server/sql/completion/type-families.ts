import { identifier } from '../tokens.ts';
import { calledName } from './brackets.ts';
import type { CompletionScope } from './completion-scope.ts';
import { type Cursor, insideStart } from './cursor.ts';
import { findColumn, type ScopeRelation } from './scope-columns.ts';

/** Which kind of values a type has: those of one kind can mostly stand for each other. Undefined where that is not known. */
export function typeFamily(type: string): string | undefined {
  const name = type.toUpperCase().trim();
  if (/[\])]$/.test(name) && !/^(DECIMAL|NUMERIC|VARCHAR|ENUM)\(/.test(name))
    return name.endsWith(']') ? 'list' : 'nested';
  if (
    /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|U?INTEGER|DOUBLE|FLOAT|REAL|DECIMAL|NUMERIC|BIGNUM|U?INT\d+)/.test(
      name,
    )
  )
    return 'number';
  if (/^(VARCHAR|TEXT|STRING|CHAR|ENUM|JSON|UUID)/.test(name)) return 'text';
  if (/^(DATE|TIME|INTERVAL)/.test(name)) return 'time';
  if (/^BOOL/.test(name)) return 'boolean';
  return undefined;
}

/** Whether a value of a type fits where one of a family is wanted. */
export function fits(type: string, wanted: string | undefined): boolean {
  return wanted !== undefined && typeFamily(type) === wanted;
}

/** The family of what stands at a position: of the argument of a function, or of the column that it is compared with. */
export function wantedFamily(
  scope: CompletionScope,
  relations: readonly ScopeRelation[],
): string | undefined {
  const { cursor } = scope;
  return comparedFamily(cursor, relations) ?? argumentFamily(scope);
}

function comparedFamily({ before }: Cursor, relations: readonly ScopeRelation[]): string | undefined {
  let at = before.length - 1;
  const isOperator = before[at]?.kind === 'mark' && /[=<>]/.test(before[at]?.text ?? '');
  if (!isOperator) return undefined;
  while (before[at]?.kind === 'mark' && /[=<>!]/.test(before[at]?.text ?? '')) at--;
  const name = identifier(before[at]);
  if (name === undefined) return undefined;
  const qualifier = before[at - 1]?.text === '.' ? identifier(before[at - 2]) : undefined;
  return typeFamily(findColumn(relations, name, qualifier)?.type ?? '');
}

/** When all overloads of the called function take one family at the argument's place. */
function argumentFamily({ cursor, catalog, plugins }: CompletionScope): string | undefined {
  const name = calledName(cursor)?.toLowerCase();
  if (name === undefined) return undefined;
  const first = insideStart(cursor);
  const commas = cursor.before.filter(
    (token, at) => at >= first && token.text === ',' && depthAt(cursor, at) === cursor.open.length,
  );
  if (cursor.before.length > first && cursor.before.at(-1)?.text !== ',') return undefined;
  const own = plugins
    .filter(({ fn }) => fn.name === name)
    .map(({ fn }) => fn.parameters[commas.length]?.type ?? '');
  const engine = catalog.functions
    .filter((fn) => fn.name === name)
    .flatMap((fn) => fn.signatures.map((signature) => parameterTypes(signature)[commas.length] ?? ''));
  const families = new Set((own.length > 0 ? own : engine).map(typeFamily));
  const [family] = families;
  return families.size === 1 ? family : undefined;
}

function depthAt({ opening, open }: Cursor, at: number): number {
  const closed = [...opening].filter(([close, start]) => start < at && at < close).length;
  return open.filter((bracket) => bracket < at).length + closed;
}

function parameterTypes(signature: string): string[] {
  const inside = signature.slice(signature.indexOf('(') + 1, signature.lastIndexOf(') ->') + 1 || undefined);
  return inside.replace(/\)$/, '').split(', ');
}
