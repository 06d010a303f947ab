import type { Command } from 'commander';
import { hostPaths } from '../../../connect/paths.ts';
import type { StatsResult } from '../../../protocol/stats.ts';
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
        ['runs', runsText(stats)],
        ['instances', instancesText(stats)],
        ['compiled', `${stats.compiled} modules, tier ${stats.wasmTier}`],
        ['memory', `${Math.round(stats.rssBytes / 1024 / 1024)} MiB`],
      ];
      await print(alignColumns(rows));
    });
}

/** Such as `1,204: 1,200 short, 4 long (1 ended early), 3 outgrew their slice`. */
function runsText({ executions, executor: { short, long } }: StatsResult): string {
  const count = (n: number): string => n.toLocaleString('en');
  const ended = long.terminated > 0 ? ` (${count(long.terminated)} ended early)` : '';
  const outgrown = short.overflows > 0 ? `, ${count(short.overflows)} outgrew their slice` : '';
  return `${count(executions)}: ${count(short.runs)} short, ${count(long.runs)} long${ended}${outgrown}`;
}

function instancesText({ executor: { instances, memories } }: StatsResult): string {
  return `${instances.idle} idle, ${instances.busy} busy; ${memories.live} memories`;
}
