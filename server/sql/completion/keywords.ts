import { CompletionItemKind } from 'vscode-languageserver';
import type { Cursor } from './cursor.ts';
import { type Offer, RANK } from './offers.ts';

/** Keywords as items, in their order, in the case in which the user writes them. */
export function keywordOffers(cursor: Cursor, words: readonly string[]): Offer[] {
  const isUpper = writesUpperCase(cursor);
  return [...new Set(words)].map((word, order) => {
    const label = isUpper ? word.toUpperCase() : word;
    const isOpen = label.endsWith('(');
    return {
      label: isOpen && label !== '(' ? label.replace(/ ?\($/, ' (…)') : label,
      kind: CompletionItemKind.Keyword,
      rank: RANK.keyword,
      order,
      insert: label,
      ...(isOpen && { snippet: `${label}$0)` }),
      filter: label,
    };
  });
}

/** What a statement may begin with. */
export const STATEMENT_WORDS: readonly string[] = [
  'select',
  'from',
  'with',
  'describe',
  'summarize',
  'create table',
  'create or replace table',
  'create view',
  'create or replace view',
  'create macro',
  'create',
  'insert into',
  'update',
  'delete from',
  'merge into',
  'copy',
  'explain',
  'explain analyze',
  'pivot',
  'unpivot',
  'values',
  'show tables',
  'show',
  'set',
  'set variable',
  'reset',
  'pragma',
  'attach',
  'detach',
  'use',
  'drop',
  'drop table',
  'drop view',
  'alter table',
  'call',
  'begin transaction',
  'commit',
  'rollback',
  'truncate',
  'export database',
  'import database',
  'checkpoint',
  'vacuum',
  'prepare',
  'execute',
  'comment on',
];

/** Inside of OVER (…). @param isOrdered whether an ORDER BY stands in front */
export function windowWords({
  isOrdered,
  isEmpty,
}: {
  readonly isOrdered: boolean;
  readonly isEmpty: boolean;
}): string[] {
  const frames = [
    'rows between',
    'range between',
    'groups between',
    'unbounded preceding',
    'current row',
    'unbounded following',
  ];
  const start = isEmpty
    ? ['partition by', 'order by']
    : isOrdered
      ? ['desc', 'asc', 'nulls last']
      : ['order by'];
  return [...start, ...frames, 'exclude current row'];
}

/** By what is being typed, else by the keywords in front. */
function writesUpperCase({ typed, statement }: Cursor): boolean {
  const word = typed?.kind === 'word' ? typed.text : '';
  if (/[a-z]/i.test(word)) return word === word.toUpperCase();
  const known = statement.tokens.filter(({ kind, text }) => kind === 'word' && KNOWN.test(text));
  return known.length > 0 && known.every(({ text }) => text === text.toUpperCase());
}

const KNOWN =
  /^(select|from|where|with|create|insert|update|delete|join|group|order|copy|explain|set|drop|alter|pivot)$/i;
