import type { Command } from 'commander';
import type { CallValue, FunctionsResult, TypedValue } from '../../../protocol/methods.ts';
import type { PluginParameter } from '../../../protocol/plugins.ts';
import { rawFunction } from '../../../runtime/raw-function.ts';
import type { Cli } from '../cli.ts';
import { logText } from '../log-text.ts';
import { addFolderOption, addLimitOptions, folderOf, type LimitOptions, limitsOf } from '../options.ts';
import { print } from '../output.ts';
import { printBytes } from '../print-bytes.ts';
import { addRunSettingOptions, type RunSettingOptions, runSettingOf } from '../run-setting-options.ts';
import { parseTypedArgument } from '../typed-argument.ts';
import { usageText } from '../usage-text.ts';

/** `quern call UUID|NAME FUNCTION ARG…`. */
export function addCall(program: Command, cli: Cli): void {
  const command = program
    .command('call')
    .description('call one function with typed arguments')
    .argument('<module>', 'UUID, digest or name')
    .argument('<function>', "the function's name in SQL, or of any export of numbers")
    .argument('[arguments...]', 'its arguments; NULL is NULL, a BLOB is text or \\x and hexadecimal digits')
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
      const args = typedArguments(parametersOf(known, name), texts);
      const run = { ...folderOf(options), ...limitsOf(options), ...runSettingOf(options) };
      const params = { ...ref, function: name, arguments: args, ...run };
      const result = await connection.request('module/call', params, { signal });
      if (cli.json) return print(JSON.stringify(result));
      for (const line of result.logs ?? []) cli.say(logText(line));
      cli.explain(usageText(result.usage));
      await printValue(result.result);
    },
  );
}

/** Arguments as the signature wants them; what does not fit it is left to the host, which says why. */
function typedArguments(
  parameters: readonly PluginParameter[],
  texts: readonly string[],
): readonly TypedValue[] {
  return texts.map((text, index) => {
    const parameter = parameters[index];
    return parameter === undefined ? text : parseTypedArgument(text, parameter);
  });
}

/** As the host will see them: those of the declared function, else those of the export; none when it refuses both. */
function parametersOf({ functions, exports }: FunctionsResult, name: string): readonly PluginParameter[] {
  const declared = functions.find((fn) => fn.name === name);
  if (declared !== undefined) return declared.parameters;
  const exported = exports.find((item) => item.name === name);
  try {
    return exported === undefined ? [] : rawFunction(exported).parameters;
  } catch {
    return [];
  }
}

/** Several results stand in one line, with spaces between them. */
async function printValue(value: CallValue): Promise<void> {
  if (isSeveral(value)) return print(value.map(String).join(' '));
  if (typeof value === 'object' && value !== null) return printBytes(value);
  await print(value === null ? 'NULL' : String(value));
}

function isSeveral(value: CallValue): value is readonly TypedValue[] {
  return Array.isArray(value);
}
