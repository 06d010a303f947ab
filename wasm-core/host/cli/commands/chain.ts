import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { ChainResult } from '../../../protocol/methods.ts';
import { parseChainFile } from '../chain-file.ts';
import type { Cli } from '../cli.ts';
import { type InputOptions, readInput, readInputFile } from '../input.ts';
import { addInputOptions, addLimitOptions, type LimitOptions, limitsOf } from '../options.ts';
import { print } from '../output.ts';
import { printBytes } from '../print-bytes.ts';
import { usageText } from '../usage-text.ts';

/** `quern chain A,B,C | FILE.chain.json`. */
export function addChain(program: Command, cli: Cli): void {
  const command = program
    .command('chain')
    .description('run modules in a row, each on the output of the one before')
    .argument('<steps>', 'modules, separated by commas, or a file NAME.chain.json')
    .option('--namespace <namespace>', 'whose names they are: a folder, or "default"');
  addLimitOptions(addInputOptions(command)).action(
    async (steps: string, options: InputOptions & LimitOptions & { readonly namespace?: string }) => {
      const chain = readChain(steps);
      const input = await readInput(options);
      const { signal } = cli;
      const connection = await cli.connect();
      const { namespace } = options;
      const params = { ...chain, ...limitsOf(options), ...(namespace !== undefined && { namespace }) };
      await printResult(cli, await connection.request('chain/execute', { ...params, input }, { signal }));
    },
  );
}

function readChain(text: string): ReturnType<typeof parseChainFile> {
  if (!text.endsWith('.json') && !(text.includes('/') && existsSync(text))) {
    return { steps: text.split(',').map((step) => step.trim()) };
  }
  return parseChainFile(readInputFile(text, 'chain file').toString('utf8'), text);
}

async function printResult(cli: Cli, result: ChainResult): Promise<void> {
  if (cli.json) return print(JSON.stringify(result));
  for (const line of result.logs ?? []) cli.say(`log: ${line}`);
  for (const { module, ...usage } of result.steps) cli.explain(`${module}: ${usageText(usage)}`);
  await printBytes(result.output);
}
