import type { Command } from 'commander';
import { chooseOverload } from '../choose-overload.ts';
import type { Cli } from '../cli.ts';
import { logText } from '../log-text.ts';
import { addFolderOption, addLimitOptions, folderOf, type LimitOptions, limitsOf } from '../options.ts';
import { print } from '../output.ts';
import { printValue } from '../print-value.ts';
import { addRunSettingOptions, type RunSettingOptions, runSettingOf } from '../run-setting-options.ts';
import { usageText } from '../usage-text.ts';

/** `quern call UUID|NAME FUNCTION ARG…`. */
export function addCall(program: Command, cli: Cli): void {
  const command = program
    .command('call')
    .description('call one function with typed arguments')
    .argument('<module>', 'UUID, digest or name')
    .argument('<function>', "the function's name in SQL, or of any export of numbers")
    .argument(
      '[arguments...]',
      'its arguments; NULL is NULL, a BLOB is text or \\x and hexadecimal digits, lists and structs are JSON',
    )
    .option('--namespace <namespace>', 'whose name it is: a folder, or "default"');
  addRunSettingOptions(addFolderOption(addLimitOptions(command))).action(
    async (
      module: string,
      name: string,
      texts: readonly string[],
      options: LimitOptions & RunSettingOptions & { readonly namespace?: string; readonly folder?: string },
    ) => {
      const { signal } = cli;
      const connection = await cli.connect();
      const { namespace } = options;
      const ref = { module, ...(namespace !== undefined && { namespace }) };
      const known = await connection.request('module/functions', ref);
      const { target, args } = chooseOverload(known, name, texts);
      const run = { ...folderOf(options), ...limitsOf(options), ...runSettingOf(options) };
      const params = { ...ref, function: target, arguments: args, ...run };
      const result = await connection.request('module/call', params, { signal });
      if (cli.json) return print(JSON.stringify(result));
      for (const line of result.logs ?? []) cli.say(logText(line));
      cli.explain(usageText(result.usage));
      await printValue(result);
    },
  );
}
