import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { CoreError } from '../../../protocol/errors.ts';
import type { ReplayInfo, ReplayRunResult } from '../../../protocol/replays.ts';
import type { Cli } from '../cli.ts';
import { logText } from '../log-text.ts';
import { print } from '../output.ts';
import { printBytes } from '../print-bytes.ts';
import { printValue } from '../print-value.ts';
import { ReportedFailure, UsageError } from '../report-error.ts';
import { alignColumns, visible } from '../text-table.ts';
import { usageText } from '../usage-text.ts';

/** Options of `quern replay`. */
interface ReplayOptions {
  readonly original?: boolean;
  readonly list?: boolean;
  readonly saveTest?: string;
}

/** `quern replay [ID]`. */
export function addReplay(program: Command, cli: Cli): void {
  program
    .command('replay')
    .description('make a call of a plugin that failed once more')
    .argument('[id]', 'which one, as the error said (default: the newest)')
    .option('--original', 'by the bytes that failed, not by what has their name now')
    .option('--list', 'show the failed calls that are kept')
    .option('--save-test <file>', 'write the call as a test behind those of a file, in place of making it')
    .action(async (id: string | undefined, options: ReplayOptions) => {
      if (options.saveTest !== undefined) return saveTest(cli, id, options.saveTest);
      if (!options.list) return replay(cli, id, options);
      if (id !== undefined || options.original)
        throw new UsageError('--list goes without an id and --original');
      await list(cli);
    });
}

async function saveTest(cli: Cli, id: string | undefined, file: string): Promise<void> {
  const connection = await cli.connect();
  const { text } = await connection.request('replay/test', id === undefined ? {} : { id });
  try {
    const before = existsSync(file) ? readFileSync(file, 'utf8').trimEnd() : '';
    writeFileSync(file, before === '' ? text : `${before}\n\n${text}`);
  } catch (error) {
    throw new CoreError('FILE_IO', `${file} cannot be written (${String(error)}).`, { path: file });
  }
  cli.say(`The test stands at the end of ${file}; quern test ${file} runs it.`);
}

async function list(cli: Cli): Promise<void> {
  const connection = await cli.connect();
  const { replays } = await connection.request('replay/list', undefined);
  if (cli.json) return print(JSON.stringify({ replays }));
  if (replays.length === 0) return print('No failed call is kept.');
  const rows = replays.map((info) => [info.id, info.time, info.kind, visible(callText(info))]);
  await print(alignColumns(rows));
}

async function replay(cli: Cli, id: string | undefined, options: ReplayOptions): Promise<void> {
  const { signal } = cli;
  const connection = await cli.connect();
  const params = { ...(id !== undefined && { id }), ...(options.original && { original: true }) };
  const result = await connection.request('replay/run', params, { signal });
  if (cli.json) {
    await print(JSON.stringify(result));
    if (result.error !== undefined) throw new ReportedFailure();
    return;
  }
  cli.say(visible(`${callText(result.replay)} failed on ${result.replay.time}; ${byWhom(result)}:`));
  for (const line of result.logs ?? []) cli.say(logText(line));
  if (result.error !== undefined) {
    const { kind, message, details } = result.error;
    throw new CoreError(kind, message, details);
  }
  if (result.usage !== undefined) cli.explain(usageText(result.usage));
  if (result.output !== undefined) await printBytes(result.output);
  else await printValue({ result: result.result ?? null, type: result.type ?? '' });
}

function byWhom({ replay: info, digest }: ReplayRunResult): string {
  return digest === info.digest ? 'once more, by the same bytes' : 'once more, by the bytes of now';
}

/** `slugs.slug("A")`, for a call from SQL with its row. */
function callText({ module, function: name, shown, row }: ReplayInfo): string {
  return `${module}.${name}(${shown})${row === undefined ? '' : ` of row ${row}`}`;
}
