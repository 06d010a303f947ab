import { CompletionItemKind } from 'vscode-languageserver';
import { type Offer, RANK } from './offers.ts';

/** Shapes of whole statements. */
export const STATEMENT_SNIPPETS: readonly Offer[] = [
  snippet('select … from …', "select <2:*>\nfrom <1:'file.csv'>$0"),
  snippet('with … as (…)', 'with <1:name> as (\n  <2:select *\n  from $3>\n)\nselect <4:*>\nfrom <1:name>$0'),
  snippet(
    'copy … to parquet',
    "copy (\n  <1:select *\n  from $2>\n) to '<3:out.parquet>' (format parquet)$0",
  ),
  snippet(
    'pivot … on … using …',
    'pivot <1:relation>\non <2:column>\nusing <3:sum(<4:value>)>\ngroup by <5:other>$0',
  ),
  snippet('create table … as', 'create or replace table <1:name> as\n<2:select *\nfrom $3>$0'),
  snippet('create macro …', 'create or replace macro <1:name>(<2:x>) as <3:$2>$0'),
];

/** Shapes of expressions. */
export const EXPRESSION_SNIPPETS: readonly Offer[] = [
  snippet('case when … end', 'case when <1:condition> then <2:value> else <3:null> end$0'),
  snippet('row_number() over …', 'row_number() over (partition by <1:column> order by <2:column>)$0'),
  snippet('sum(…) over …', 'sum(<1:value>) over (partition by <2:column> order by <3:column>)$0'),
];

/** Places to fill are written `<1:what>`. */
function snippet(label: string, text: string): Offer {
  return {
    label,
    kind: CompletionItemKind.Snippet,
    rank: RANK.rareFunction,
    snippet: text.replace(/<(\d):/g, '${$1:').replaceAll('>', '}'),
    insert: text.replace(/<\d:|>|\$\d/g, ''),
  };
}
