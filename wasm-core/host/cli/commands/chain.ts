import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { type ChainDefinition, parseChainFile } from '../../../chain/chain-file.ts';
import type { ChainResult, ChainStepResult } from '../../../protocol/chains.ts';
import type { Cli } from '../cli.ts';
import { type InputOptions, readInput, readInputFile } from '../input.ts';
import { logText } from '../log-text.ts';
import {
  addFolderOption,
  addInputOptions,
  addLimitOptions,
  collect,
  folderOf,
  type LimitOptions,
  limitsOf,
} from '../options.ts';
import { print } from '../output.ts';
import { printBytes } from '../print-bytes.ts';
import { loadPlugins } from '../run/load-plugins.ts';
import { durationText, usageText } from '../usage-text.ts';

type ChainOptions = InputOptions &
  LimitOptions & {
    readonly namespace?: string;
    readonly folder?: string;
    readonly plugins?: string;
    readonly allow?: readonly string[];
  };

/** `quern chain A,B,C | FILE.chain.json`. */
export function addChain(program: Command, cli: Cli): void {
  const command = program
    .command('chain')
    .description('run plugins and SQL in a row, each on the output of the one before')
    .argument('<steps>', 'modules, separated by commas, or a file NAME.chain.json')
    .option('--namespace <namespace>', 'whose names they are: a folder, or "default"')
    .option('--plugins <dir>', 'a folder of plugins whose names they are, compiled first')
    .option('--allow <dir>', 'a further folder that SQL steps may read and write; may be repeated', collect)
    .addHelpText('after', NOTES);
  addFolderOption(addLimitOptions(addInputOptions(command))).action(
    async (steps: string, options: ChainOptions) => {
      const chain = readChain(steps);
      const input = await readInput(options);
      const { signal } = cli;
      const connection = await cli.connect();
      const plugins = options.plugins === undefined ? undefined : path.resolve(options.plugins);
      if (plugins !== undefined) await loadPlugins(cli, connection, plugins);
      const namespace = options.namespace ?? plugins;
      const params = {
        steps: chain.steps,
        input,
        ...limitsFor(chain, options),
        ...folderOf(options),
        ...(chain.folder !== undefined && { sqlFolder: chain.folder }),
        ...(options.allow !== undefined && { allow: options.allow.map((folder) => path.resolve(folder)) }),
        ...(namespace !== undefined && { namespace, includes: ['default'] }),
      };
      await printResult(cli, await connection.request('chain/execute', params, { signal }));
    },
  );
}

const NOTES = `
SQL steps read the output of the step before as the table input. Relative paths in them start at the chain file's
folder; they may read and write there, in the folder of quern.json, and in each --allow DIR.`;

/** A chain with the folder of its file, when it comes from one. */
function readChain(text: string): ChainDefinition & { readonly folder?: string } {
  if (!text.endsWith('.json') && !(text.includes('/') && existsSync(text))) {
    return { steps: text.split(',').map((step) => step.trim()) };
  }
  const chain = parseChainFile(readInputFile(text, 'chain file').toString('utf8'), { source: text });
  return { ...chain, folder: path.dirname(path.resolve(text)) };
}

/** What the command line says, over what the file says. */
function limitsFor(chain: ChainDefinition, options: LimitOptions): ReturnType<typeof limitsOf> {
  const limits = { ...chain.limits, ...limitsOf(options).limits };
  return Object.keys(limits).length > 0 ? { limits } : {};
}

async function printResult(cli: Cli, result: ChainResult): Promise<void> {
  if (cli.json) return print(JSON.stringify(result));
  for (const line of result.logs ?? []) cli.say(logText(line));
  for (const [index, step] of result.steps.entries()) cli.explain(`${index + 1}. ${stepText(step)}`);
  await printBytes(result.output);
}

/** What a step used, in one line. */
function stepText(step: ChainStepResult): string {
  if (step.module !== undefined) {
    const module = step.module === step.name ? '' : ` (${step.module})`;
    return `${step.name}${module}: ${usageText(step)}`;
  }
  const { name, micros, rows, outputBytes } = step;
  const count = (n: number): string => n.toLocaleString('en');
  return `${name}: ${durationText(micros)}, ${count(rows)} rows, ${count(outputBytes)} bytes`;
}
