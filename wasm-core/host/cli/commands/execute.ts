import type { Command } from 'commander';
import type { ExecuteResult } from '../../../protocol/methods.ts';
import type { Cli } from '../cli.ts';
import { type InputOptions, readInput } from '../input.ts';
import { logText } from '../log-text.ts';
import {
  addFolderOption,
  addInputOptions,
  addLimitOptions,
  folderOf,
  type LimitOptions,
  limitsOf,
} from '../options.ts';
import { print } from '../output.ts';
import { printBytes } from '../print-bytes.ts';
import { addRunSettingOptions, type RunSettingOptions, runSettingOf } from '../run-setting-options.ts';
import { usageText } from '../usage-text.ts';

/** `quern execute UUID|NAME`. */
export function addExecute(program: Command, cli: Cli): void {
  const command = program
    .command('execute')
    .description("run a module's process export: bytes in, bytes out")
    .argument('<module>', 'UUID, digest or name')
    .option('--namespace <namespace>', 'whose name it is: a folder, or "default"');
  addRunSettingOptions(addFolderOption(addLimitOptions(addInputOptions(command)))).action(
    async (
      module: string,
      options: InputOptions &
        LimitOptions &
        RunSettingOptions & { readonly namespace?: string; readonly folder?: string },
    ) => {
      const input = await readInput(options);
      const { signal } = cli;
      const connection = await cli.connect();
      const { namespace } = options;
      const result = await connection.request(
        'module/execute',
        {
          module,
          input,
          ...folderOf(options),
          ...limitsOf(options),
          ...runSettingOf(options),
          ...(namespace !== undefined && { namespace }),
        },
        { signal },
      );
      await printResult(cli, result);
    },
  );
}

async function printResult(cli: Cli, result: ExecuteResult): Promise<void> {
  if (cli.json) return print(JSON.stringify(result));
  for (const line of result.logs ?? []) cli.say(logText(line));
  cli.explain(usageText(result.usage));
  await printBytes(result.output);
}
