import { Command, CommanderError } from 'commander';
import { quernVersion } from '../../connect/build-info.ts';
import { type Cli, createCli } from './cli.ts';
import { addBench } from './commands/bench.ts';
import { addCache } from './commands/cache.ts';
import { addCall } from './commands/call.ts';
import { addChain } from './commands/chain.ts';
import { addCheck } from './commands/check.ts';
import { addCompile } from './commands/compile.ts';
import { addDiff } from './commands/diff.ts';
import { addEvents } from './commands/events.ts';
import { addExecute } from './commands/execute.ts';
import { addExplain } from './commands/explain.ts';
import { addFunctions } from './commands/functions.ts';
import { addHistory } from './commands/history.ts';
import { addInspect } from './commands/inspect.ts';
import { addList } from './commands/list.ts';
import { addLoad } from './commands/load.ts';
import { addLock } from './commands/lock.ts';
import { addLsp } from './commands/lsp.ts';
import { addProfile } from './commands/profile.ts';
import { addReplay } from './commands/replay.ts';
import { addRun } from './commands/run.ts';
import { addSearch } from './commands/search.ts';
import { addServe } from './commands/serve.ts';
import { addStatus } from './commands/status.ts';
import { addStop } from './commands/stop.ts';
import { addTest } from './commands/test.ts';
import { addUnload } from './commands/unload.ts';
import { EXIT, reportError } from './report-error.ts';

/**
 * Runs one command line and sets the exit code: 0 done, 1 the request failed, 2 usage, 130 cancelled with Ctrl+C.
 *
 * @param argv as `process.argv`
 */
export async function runCommandLine(
  argv: readonly string[],
  options: { readonly distFolder: string },
): Promise<void> {
  surviveClosedPipes();
  const cli = createCli(options);
  try {
    await createProgram(cli).parseAsync([...argv]);
  } catch (error) {
    process.exitCode = error instanceof CommanderError ? usageExit(error) : reportError(error, cli);
  } finally {
    cli.dispose();
  }
}

function createProgram(cli: Cli): Command {
  const program = new Command('quern')
    .description('Call WebAssembly functions from SQL over the files in your folder.')
    .version(quernVersion(), '-V, --version', 'print the version')
    .option('--socket <path>', "the host's socket, instead of the one in QUERN_HOME")
    .option('--json', 'print results (and errors) as JSON, for programs')
    .option('-v, --verbose', 'say on stderr what is done')
    .showHelpAfterError('Run quern --help, or quern help COMMAND, to see what there is.')
    .showSuggestionAfterError(true)
    .helpCommand('help [command]', 'show help')
    .exitOverride();
  const add = [
    addRun,
    addSearch,
    addExplain,
    addDiff,
    addLoad,
    addList,
    addCache,
    addFunctions,
    addUnload,
    addExecute,
    addCall,
    addProfile,
    addReplay,
    addHistory,
    addChain,
  ];
  const rest = [
    addTest,
    addBench,
    addInspect,
    addCheck,
    addCompile,
    addLock,
    addServe,
    addStop,
    addStatus,
    addEvents,
    addLsp,
  ];
  for (const command of [...add, ...rest]) command(program, cli);
  program.hook('preAction', (_, action) => cli.setGlobals(action.optsWithGlobals()));
  return program;
}

/** Help and version end through errors, too, and are none. */
function usageExit(error: CommanderError): number {
  return error.exitCode === 0 || error.code === 'commander.help' ? EXIT.done : EXIT.usage;
}

/** `quern … | head` ends without a word when the reader has enough. */
function surviveClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      process.exit(error.code === 'EPIPE' ? EXIT.done : EXIT.failed);
    });
  }
}
