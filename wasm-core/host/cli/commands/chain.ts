import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import type { HostConnection } from '../../../connect/host-connection.ts';
import { parseChainFile } from '../../../protocol/chain-file.ts';
import type { ChainParams, ChainResult, ChainStep } from '../../../protocol/chains.ts';
import type { Limits } from '../../../protocol/limits.ts';
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
  wholeNumber,
} from '../options.ts';
import { print } from '../output.ts';
import { printBytes } from '../print-bytes.ts';
import { loadWorkspacePlugins, workspaceSettingsOf } from '../run/workspace-plugins.ts';
import { printTrace, stepText } from '../trace-text.ts';

type ChainOptions = InputOptions &
  LimitOptions & {
    readonly namespace?: string;
    readonly folder?: string;
    readonly plugins?: string;
    readonly allow?: readonly string[];
    readonly trace?: boolean;
    readonly from?: number;
  };

/** `quern chain NAME | A,B,C | FILE.chain.json`. */
export function addChain(program: Command, cli: Cli): void {
  const command = program
    .command('chain')
    .description('run plugins and SQL in a row, each on the output of the one before')
    .argument(
      '<steps>',
      'a chain that quern.json names, modules separated by commas, or a file NAME.chain.json',
    )
    .option('--namespace <namespace>', 'whose names they are: a folder, or "default"')
    .option('--plugins <dir>', 'a folder of plugins whose names they are, compiled first')
    .option('--trace', 'print what each step was given and gave, also when one fails')
    .option('--from <step>', 'with --trace: the first step that runs, from 1, on the input', wholeNumber)
    .option('--allow <dir>', 'a further folder that SQL steps may read and write; may be repeated', collect)
    .addHelpText('after', NOTES);
  addFolderOption(addLimitOptions(addInputOptions(command))).action(
    async (steps: string, options: ChainOptions) => {
      const { folder } = folderOf(options);
      const chain = readChain(steps, folder);
      const input = await readInput(options);
      const { signal } = cli;
      const connection = await cli.connect();
      const namespaces = await namespacesFor(cli, connection, { folder, chain, options });
      const params: ChainParams = {
        ...chain.request,
        input,
        folder,
        ...limitsFor(chain.limits, options),
        ...(options.allow !== undefined && { allow: options.allow.map((dir) => path.resolve(dir)) }),
        ...namespaces,
      };
      const { trace = false, from } = options;
      if (!trace)
        return await printResult(cli, await connection.request('chain/execute', params, { signal }));
      const request = { ...params, ...(from !== undefined && { from }) };
      await printTrace(cli, await connection.request('chain/trace', request, { signal }));
    },
  );
}

const NOTES = `
SQL steps read the output of the step before as the table input. Relative paths in them start at the chain file's
folder; they may read and write there, in the folder of quern.json, and in each --allow DIR. A chain that
quern.json names has the plugins that quern run has in its folder.`;

/** What was asked for: the members of the request that say it, and limits of a file that the host does not read. */
interface GivenChain {
  readonly request:
    | { readonly chain: string }
    | { readonly steps: readonly ChainStep[]; readonly sqlFolder?: string };
  readonly limits?: Limits;
}

/** A name of `quern.json` goes before a module's: the chain was named on purpose. */
function readChain(text: string, folder: string): GivenChain {
  if (workspaceSettingsOf(folder)?.chains.has(text)) return { request: { chain: text } };
  if (!text.endsWith('.json') && !(text.includes('/') && existsSync(text))) {
    return { request: { steps: text.split(',').map((step) => step.trim()) } };
  }
  const file = readInputFile(text, 'chain file').toString('utf8');
  const { steps, limits } = parseChainFile(file, { source: text });
  const request = { steps, sqlFolder: path.dirname(path.resolve(text)) };
  return { request, ...(limits !== undefined && { limits }) };
}

/** Loads the plugins of a chain, and says whose names its steps are. */
async function namespacesFor(
  cli: Cli,
  connection: HostConnection,
  given: { readonly folder: string; readonly chain: GivenChain; readonly options: ChainOptions },
): Promise<Pick<ChainParams, 'namespace' | 'includes'>> {
  const { folder, chain, options } = given;
  const isNamed = 'chain' in chain.request && options.namespace === undefined;
  const plugins = options.plugins === undefined ? undefined : [options.plugins];
  const loaded =
    plugins !== undefined || isNamed ? await loadWorkspacePlugins(cli, connection, { folder, plugins }) : [];
  const namespace = options.namespace ?? loaded[0];
  return namespace === undefined ? {} : { namespace, includes: ['default'] };
}

/** What the command line says, over what the file says. */
function limitsFor(own: Limits | undefined, options: LimitOptions): ReturnType<typeof limitsOf> {
  const limits = { ...own, ...limitsOf(options).limits };
  return Object.keys(limits).length > 0 ? { limits } : {};
}

async function printResult(cli: Cli, result: ChainResult): Promise<void> {
  if (cli.json) return print(JSON.stringify(result));
  for (const line of result.logs ?? []) cli.say(logText(line));
  for (const [index, step] of result.steps.entries()) cli.explain(`${index + 1}. ${stepText(step)}`);
  await printBytes(result.output);
}
