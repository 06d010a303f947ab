import type { CompletionList } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { readSqlBenchmarks } from '../../../wasm-core/protocol/bench/sql-benchmarks.ts';
import type { ColumnInfo } from '../../../wasm-core/protocol/methods.ts';
import { toCompletionList } from '../completion/offers.ts';
import type { SqlKnowledge } from '../knowledge.ts';
import type { PlacedStatement } from '../syntax/document-syntax.ts';
import { benchOffers, chartOffers, type DirectiveOffers, nameOffers } from './directive-offers.ts';
import type { DirectivePlace } from './directive-place.ts';

/** What a completion inside of a directive is made from. */
export interface DirectiveRequest {
  readonly document: TextDocument;
  /** UTF-16 code units in the document. */
  readonly offset: number;
  readonly statements: readonly PlacedStatement[];
  readonly knowledge: Pick<SqlKnowledge, 'columns'>;
  /** The columns that a check told of a statement, by its text. */
  readonly checkedColumns: (statement: string) => readonly ColumnInfo[] | undefined;
}

/** What may stand at a position of a directive above a statement. */
export async function completeDirective(
  place: DirectivePlace,
  { document, offset, statements, knowledge, checkedColumns }: DirectiveRequest,
): Promise<CompletionList> {
  const statement = statements.find(({ start }) => start >= offset)?.text;
  const columns = async () =>
    statement === undefined
      ? []
      : (checkedColumns(statement) ?? (await describedColumns(statement, knowledge)));
  const { offers, typed } = await offersAt(place, { columns, text: document.getText() });
  const rest = place.kind === 'said' ? restOfWord(place.after, typed) : 0;
  const range = {
    start: document.positionAt(offset - typed.length),
    end: document.positionAt(offset + rest),
  };
  return toCompletionList(offers, {
    uri: document.uri,
    range,
    typed,
    isQuoted: false,
    supportsSnippets: false,
  });
}

/** None while parameters leave them open, for which the engine has a column of this name. */
async function describedColumns(
  statement: string,
  knowledge: DirectiveRequest['knowledge'],
): Promise<readonly ColumnInfo[]> {
  const columns = await knowledge.columns(statement);
  return columns.length === 1 && columns[0]?.name === 'unknown' && /[$?]/.test(statement) ? [] : columns;
}

async function offersAt(
  place: DirectivePlace,
  known: { readonly columns: () => Promise<readonly ColumnInfo[]>; readonly text: string },
): Promise<DirectiveOffers> {
  if (place.kind === 'name') return { offers: nameOffers(), typed: place.typed };
  if (place.name === 'chart') return await chartOffers(place.before, known.columns);
  if (place.name !== 'bench') return { offers: [], typed: '' };
  const groups = readSqlBenchmarks(known.text).benchmarks.flatMap(({ group }) => group ?? []);
  return benchOffers(place.before, [...new Set(groups)]);
}

/** Of a name in quotes the rest is replaced, too. */
function restOfWord(after: string, typed: string): number {
  return typed.startsWith('"') ? (/^[^"\r\n]*"/.exec(after)?.[0].length ?? 0) : 0;
}
