import type { Command } from 'commander';
import type { TypedValue } from '../../../protocol/methods.ts';
import type { PluginFunction } from '../../../protocol/plugins.ts';
import type { Cli } from '../cli.ts';
import { addLimitOptions, type LimitOptions, limitsOf } from '../options.ts';
import { print } from '../output.ts';
import { printBytes } from '../print-bytes.ts';
import { parseTypedArgument } from '../typed-argument.ts';
import { usageText } from '../usage-text.ts';

/** `quern call UUID|NAME FUNCTION ARG…`. */
export function addCall(program: Command, cli: Cli): void {
  const command = program
    .command('call')
    .description('call one function with typed arguments')
    .argument('<module>', 'UUID, digest or name')
    .argument('<function>', "the function's name in SQL")
    .argument('[arguments...]', 'its arguments; NULL is NULL, a BLOB is text or \\x and hexadecimal digits')
    .option('--namespace <namespace>', 'whose name it is: a folder, or "default"');
  addLimitOptions(command).action(
    async (
      module: string,
      name: string,
      texts: readonly string[],
      options: LimitOptions & { readonly namespace?: string },
    ) => {
      const { signal } = cli;
      const connection = await cli.connect();
      const { namespace } = options;
      const ref = { module, ...(namespace !== undefined && { namespace }) };
      const { functions } = await connection.request('module/functions', ref);
      const args = typedArguments(functions, name, texts);
      const params = { ...ref, function: name, arguments: args, ...limitsOf(options) };
      const result = await connection.request('module/call', params, { signal });
      if (cli.json) return print(JSON.stringify(result));
      for (const line of result.logs ?? []) cli.say(`log: ${line}`);
      cli.explain(usageText(result.usage));
      await printValue(result.result);
    },
  );
}

/** Arguments as the signature wants them; what does not fit it is left to the host, which says why. */
function typedArguments(
  functions: readonly PluginFunction[],
  name: string,
  texts: readonly string[],
): readonly TypedValue[] {
  const parameters = functions.find((fn) => fn.name === name)?.parameters ?? [];
  return texts.map((text, index) => {
    const parameter = parameters[index];
    return parameter === undefined ? text : parseTypedArgument(text, parameter);
  });
}

async function printValue(value: TypedValue): Promise<void> {
  if (typeof value === 'object' && value !== null) return printBytes(value);
  await print(value === null ? 'NULL' : String(value));
}
