import { type Command, InvalidArgumentError } from 'commander';
import { CoreError } from '../../../protocol/errors.ts';
import type { Cli } from '../cli.ts';
import { print } from '../output.ts';

/** `quern serve`. */
export function addServe(program: Command, cli: Cli): void {
  program
    .command('serve')
    .description('be the host, until Ctrl+C or quern stop')
    .option(
      '--idle-ms <n>',
      'leave after so many milliseconds without a client (default: never)',
      milliseconds,
      0,
    )
    .action(async ({ idleMs }: { readonly idleMs: number }) => {
      // Loaded here, so that the other commands start without the host's code.
      const { serve } = await import('../../serve.ts');
      const { runUntilStopped } = await import('../../run-until-stopped.ts');
      const { setWasmTier } = await import('../../wasm-tier.ts');
      const { distFolder, socket } = cli;
      const wasmTier = setWasmTier(process.env.QUERN_WASM_TIER);
      const options = { distFolder, idleMs, wasmTier };
      const outcome = await serve(socket === undefined ? options : { ...options, socket });
      if (outcome.type === 'taken') {
        const message = `A host runs at ${outcome.paths.socket} already, process ${outcome.holder.pid}. quern stop ends it.`;
        throw new CoreError('HOST_UNAVAILABLE', message, { pid: outcome.holder.pid });
      }
      const { paths } = outcome.host;
      if (cli.json) await print(JSON.stringify({ pid: process.pid, socket: paths.socket }));
      else cli.say(`Listening on ${paths.socket} (process ${process.pid}); Ctrl+C stops.`);
      cli.handOver();
      await runUntilStopped(outcome.host);
      process.exit(0);
    });
}

function milliseconds(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value < 2 ** 31) return value;
  throw new InvalidArgumentError('It takes a whole number of milliseconds, 0 for never.');
}
