import type { Command } from 'commander';
import type { RemoteCacheResult } from '../../../protocol/remote.ts';
import type { Cli } from '../cli.ts';
import { print } from '../output.ts';
import { alignColumns, visible } from '../text-table.ts';

/** `quern cache`. */
export function addCache(program: Command, cli: Cli): void {
  program
    .command('cache')
    .description('list what is kept of files on a network')
    .option('--clear', 'delete it')
    .action(async ({ clear = false }: { readonly clear?: boolean }) => {
      const connection = await cli.connect();
      const result = await connection.request('remote/cache', { clear });
      if (cli.json) return print(JSON.stringify(result));
      if (!clear && result.files.length > 0) await print(tableText(result));
      cli.say(summaryText(result, clear));
    });
}

function tableText({ files }: RemoteCacheResult): string {
  const rows = files.map(({ url, size, byteLength, usedAt }) => [
    megabytes(byteLength),
    megabytes(size),
    usedAt.slice(0, 19).replace('T', ' '),
    visible(url),
  ]);
  return alignColumns([['KEPT', 'OF', 'USED', 'ADDRESS'], ...rows]);
}

function summaryText({ folder, files, byteLength, capBytes }: RemoteCacheResult, clear: boolean): string {
  const what = `${files.length} ${files.length === 1 ? 'file' : 'files'}, ${megabytes(byteLength)}`;
  return clear ? `Deleted ${what} from ${folder}.` : `${what} of at most ${megabytes(capBytes)} in ${folder}`;
}

function megabytes(byteLength: number): string {
  return `${(byteLength / 1e6).toFixed(1)} MB`;
}
