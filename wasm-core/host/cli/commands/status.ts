import type { Command } from 'commander';
import { hostPaths } from '../../../connect/paths.ts';
import type { Cli } from '../cli.ts';
import { findHost } from '../find-host.ts';
import { print } from '../output.ts';
import { alignColumns } from '../text-table.ts';

/** `quern status`. */
export function addStatus(program: Command, cli: Cli): void {
  program
    .command('status')
    .description('say whether a host runs, and what it does')
    .action(async () => {
      const connection = await findHost(cli);
      if (connection === undefined) {
        const { socket } = hostPaths(cli.socket === undefined ? {} : { socket: cli.socket });
        return print(cli.json ? JSON.stringify({ running: false, socket }) : `No host runs at ${socket}.`);
      }
      const stats = await connection.request('host/stats', undefined);
      connection.dispose();
      if (cli.json) return print(JSON.stringify({ running: true, ...stats }));
      const rows = [
        ['process', String(stats.pid)],
        ['version', stats.version],
        ['socket', stats.socket],
        ['up', `${Math.round(stats.uptimeMs / 1000)} s`],
        ['clients', String(stats.connections - 1)],
        ['sessions', String(stats.sessions)],
        ['modules', String(stats.modules)],
        ['runs', String(stats.executions)],
        ['memory', `${Math.round(stats.rssBytes / 1024 / 1024)} MiB`],
      ];
      await print(alignColumns(rows));
    });
}
