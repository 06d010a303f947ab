import * as vscode from 'vscode';
import { parseLogicTest } from '../../wasm-core/protocol/logictest/parse.ts';
import type {
  LogicRecord,
  QueryRecord,
  StatementRecord,
} from '../../wasm-core/protocol/logictest/records.ts';

/** The longest name that a record gets from its SQL. */
const MAX_LABEL = 60;

/** The children of a file's item: its records of SQL, in the order of their lines, each found again by its line. */
export function recordItems(
  controller: vscode.TestController,
  file: vscode.TestItem,
  text: string,
): vscode.TestItem[] {
  const { uri } = file;
  if (uri === undefined) return [];
  return [...sqlRecords(parseLogicTest(text).records)].map((record) => {
    const item = controller.createTestItem(recordId(uri, record.line), labelOf(record), uri);
    item.range = new vscode.Range(record.line - 1, 0, record.endLine - 1, Number.MAX_SAFE_INTEGER);
    item.sortText = String(record.line).padStart(8, '0');
    return item;
  });
}

/** The id of the item of a record. @param line from 1 */
export function recordId(uri: vscode.Uri, line: number): string {
  return `${uri.toString()}#${line}`;
}

/** Line of the record that an item stands for, from 1; undefined for the item of a file. */
export function lineOf({ id }: vscode.TestItem): number | undefined {
  const line = /#(\d+)$/.exec(id)?.[1];
  return line === undefined ? undefined : Number(line);
}

function* sqlRecords(records: readonly LogicRecord[]): Generator<StatementRecord | QueryRecord> {
  for (const record of records) {
    if (record.type === 'loop') yield* sqlRecords(record.body);
    else if (record.type !== 'command') yield record;
  }
}

/** The comment above it, else what begins its SQL. */
function labelOf({ comment, sql }: StatementRecord | QueryRecord): string {
  const text = comment ?? sql.replace(/\s+/g, ' ').trim();
  return text.length <= MAX_LABEL ? text : `${text.slice(0, MAX_LABEL - 1)}…`;
}
