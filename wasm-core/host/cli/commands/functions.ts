import type { Command } from 'commander';
import { sqlSignature } from '../../../protocol/sql-signature.ts';
import type { Cli } from '../cli.ts';
import { capabilitiesText, exportText } from '../module-text.ts';
import { print } from '../output.ts';
import { visible } from '../text-table.ts';

/** `quern functions UUID|NAME`. */
export function addFunctions(program: Command, cli: Cli): void {
  program
    .command('functions')
    .description('show what a module exports, its functions for SQL, and what it may use')
    .argument('<module>', 'UUID, digest or name')
    .option('--namespace <namespace>', 'whose name it is: a folder, or "default"')
    .action(async (module: string, options: { readonly namespace?: string }) => {
      const connection = await cli.connect();
      const found = await connection.request('module/functions', { module, ...options });
      if (cli.json) return print(JSON.stringify(found));
      const functions = found.functions.map((fn) =>
        visible(`  ${sqlSignature(fn)}${fn.doc === '' ? '' : `  -- ${fn.doc}`}`),
      );
      const lines = [
        ...(functions.length > 0 ? ['Functions for SQL:', ...functions] : ['No functions for SQL.']),
        capabilitiesText(found.capabilities),
        'Exports:',
        ...found.exports.map((item) => visible(`  ${exportText(item)}`)),
      ];
      await print(lines.join('\n'));
    });
}
