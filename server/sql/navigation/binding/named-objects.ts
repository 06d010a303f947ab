import type { TokenList } from '../../syntax/token-list.ts';
import type { Name } from '../../syntax/tree.ts';

/** A table, function or type that a statement names outside of its query. */
export interface NamedObject {
  readonly kind: 'table' | 'function' | 'type';
  readonly name: Name;
}

const KINDS: Readonly<Record<string, NamedObject['kind']>> = {
  TABLE: 'table',
  VIEW: 'table',
  MACRO: 'function',
  FUNCTION: 'function',
  TYPE: 'type',
};

/** What DROP, ALTER, TRUNCATE, COMMENT ON and COPY name. */
export function namedObjects(list: TokenList): NamedObject[] {
  const kind = KINDS[list.word(1)];
  if (list.isWord(0, 'DROP', 'ALTER') && kind !== undefined) {
    // A table macro is dropped by DROP MACRO TABLE.
    return named(list, kind === 'function' && list.isWord(2, 'TABLE') ? 3 : 2, kind);
  }
  if (list.isWord(0, 'COMMENT') && list.isWord(1, 'ON')) {
    const commented = KINDS[list.word(2)];
    return commented === undefined ? [] : named(list, 3, commented);
  }
  if (list.isWord(0, 'TRUNCATE')) return named(list, list.isWord(1, 'TABLE') ? 2 : 1, 'table');
  return list.isWord(0, 'COPY') && !list.isOpen(1) ? named(list, 1, 'table') : [];
}

/** The last part of the name that begins at a token, which IF EXISTS may stand before. */
function named(list: TokenList, first: number, kind: NamedObject['kind']): NamedObject[] {
  let at = list.isWord(first, 'IF') && list.isWord(first + 1, 'EXISTS') ? first + 2 : first;
  while (list.name(at) !== undefined && list.isMark(at + 1, '.')) at += 2;
  const name = list.name(at);
  return name === undefined ? [] : [{ kind, name }];
}
