import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { print } from '../output.ts';
import { alignColumns, visible } from '../text-table.ts';

/** `quern list`. */
export function addList(program: Command, cli: Cli): void {
  program
    .command('list')
    .description('list the modules that the host keeps')
    .option('--namespace <namespace>', 'of one namespace alone: a folder, or "default"')
    .action(async (options: { readonly namespace?: string }) => {
      const connection = await cli.connect();
      const { modules } = await connection.request('module/list', { ...options });
      if (cli.json) return print(JSON.stringify({ modules }));
      if (modules.length === 0) return cli.say('There are no modules. Load one with quern load FILE.');
      const rows = modules.map((m) => [
        visible(m.name),
        m.uuid,
        [...(m.process ? ['process'] : []), ...m.functions.map((fn) => fn.name)].join(' '),
        visible(m.namespace),
      ]);
      await print(alignColumns([['NAME', 'UUID', 'RUNS', 'NAMESPACE'], ...rows]));
    });
}
