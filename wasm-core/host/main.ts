import { EXIT_HOST_RUNS } from '../connect/start-host.ts';
import { CoreError } from '../protocol/errors.ts';
import { parseHostArguments } from './arguments.ts';
import { runUntilStopped } from './run-until-stopped.ts';
import { serve } from './serve.ts';
import { setWasmTier } from './wasm-tier.ts';

/*
 * `node dist/host.js [--home DIR] [--socket PATH] [--idle-ms N]`: the host process. Clients start it in the background;
 * what it prints goes to its log. Exit codes: 0 stopped, 1 failed, 2 usage, 75 another host has its place.
 */

void main().then((code) => process.exit(code));

async function main(): Promise<number> {
  try {
    const options = parseHostArguments(process.argv.slice(2));
    const wasmTier = setWasmTier(process.env.QUERN_WASM_TIER);
    const outcome = await serve({ ...options, distFolder: __dirname, wasmTier });
    if (outcome.type === 'taken') return EXIT_HOST_RUNS;
    await runUntilStopped(outcome.host);
    return 0;
  } catch (error) {
    const known = error instanceof CoreError;
    process.stderr.write(`${known ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
    return known && error.kind === 'PARAMS_INVALID' ? 2 : 1;
  }
}
