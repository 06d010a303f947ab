import path from 'node:path';
import type { Command } from 'commander';
import { countText, durationText } from '../../../protocol/figures.ts';
import type { HistoryEntry } from '../../../protocol/history.ts';
import type { Cli } from '../cli.ts';
import { wholeNumber } from '../options.ts';
import { print } from '../output.ts';
import { UsageError } from '../report-error.ts';
import { alignColumns, visible } from '../text-table.ts';

interface HistoryOptions {
  readonly limit?: number;
  readonly folder?: string;
  readonly text?: string;
  readonly clear?: boolean;
}

/** Characters of a statement's text in a line. */
const SHOWN_SQL = 80;

/** `quern history`. */
export function addHistory(program: Command, cli: Cli): void {
  program
    .command('history')
    .description('show what was run in the editor and with quern run, the newest first')
    .option('--limit <n>', 'at most so many runs (default 100)', wholeNumber)
    .option('--folder <dir>', 'only runs of this folder and of folders in it')
    .option('--text <text>', 'only runs whose SQL has this in it')
    .option('--clear', 'delete the runs, with --folder those of that folder alone')
    .action((options: HistoryOptions) => history(cli, options));
}

async function history(cli: Cli, { clear, limit, text, ...options }: HistoryOptions): Promise<void> {
  const folder = options.folder === undefined ? {} : { folder: path.resolve(options.folder) };
  const connection = await cli.connect();
  if (clear) {
    if (limit !== undefined || text !== undefined) {
      throw new UsageError('--clear goes without --limit and --text');
    }
    const result = await connection.request('history/clear', folder);
    return cli.json ? print(JSON.stringify(result)) : cli.say(`Deleted ${countText(result.deleted, 'run')}.`);
  }
  const { entries, locked } = await connection.request('history/list', {
    ...folder,
    ...(limit !== undefined && { limit }),
    ...(text !== undefined && { text }),
  });
  if (cli.json) return print(JSON.stringify({ entries, ...(locked !== undefined && { locked }) }));
  if (locked !== undefined) {
    cli.say(`${countText(locked, 'run')} cannot be read without the key; QUERN_KEY_FILE names its file.`);
  }
  if (entries.length === 0) return print('No run is recorded.');
  const rows = entries.map((entry) => [entry.id, entry.time, outcomeText(entry), visible(lineOf(entry))]);
  await print(alignColumns(rows));
}

function outcomeText({ outcome, rowCount, micros }: HistoryEntry): string {
  switch (outcome.type) {
    case 'done':
      return `${countText(rowCount, 'row')}, ${durationText(micros)}`;
    case 'failed':
      return outcome.kind;
    case 'cancelled':
      return 'cancelled';
  }
}

function lineOf({ sql }: HistoryEntry): string {
  const line = sql.replace(/\s+/g, ' ');
  return line.length <= SHOWN_SQL ? line : `${line.slice(0, SHOWN_SQL - 1)}…`;
}
