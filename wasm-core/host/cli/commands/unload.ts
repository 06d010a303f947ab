import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { print } from '../output.ts';

/** `quern unload UUID|NAME`. */
export function addUnload(program: Command, cli: Cli): void {
  program
    .command('unload')
    .description('take a name away; a module without a name is dropped')
    .argument('<module>', 'UUID, digest or name')
    .option('--namespace <namespace>', 'whose name it is: a folder, or "default"')
    .action(async (module: string, options: { readonly namespace?: string }) => {
      const connection = await cli.connect();
      const unloaded = await connection.request('module/unload', { module, ...options });
      await print(cli.json ? JSON.stringify(unloaded) : `Unloaded ${unloaded.name}  ${unloaded.uuid}`);
    });
}
