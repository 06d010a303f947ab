import path from 'node:path';
import { text } from 'node:stream/consumers';
import { quernVersion } from '../wasm-core/connect/build-info.ts';
import { connectToHost } from '../wasm-core/connect/connect.ts';
import type { CheckLine, CheckRequest } from '../wasm-core/protocol/check.ts';
import { toRpcError } from '../wasm-core/protocol/errors.ts';
import { checkFiles } from './check/node/check-files.ts';
import { createCompilers } from './compilers/node/compilers.ts';
import { endWithProcess } from './compilers/node/end-with-process.ts';

/*
 * `node dist/check.js`: checks files for `quern check`, as the language server checks documents. A `CheckRequest` comes
 * on stdin, a `CheckLine` a line goes to stdout. Exit code 1 when the check could not be brought to its end.
 */

void run().then((code) => {
  process.exitCode = code;
});

async function run(): Promise<number> {
  const compilers = createCompilers(__dirname);
  endWithProcess(compilers);
  try {
    // The command line and this are of one build, so that the request has the shape that it is given there.
    const request = JSON.parse(await text(process.stdin)) as CheckRequest;
    const connect = () =>
      connectToHost({
        hostPath: path.join(__dirname, 'host.js'),
        start: true,
        client: `quern-check/${quernVersion()}`,
        ...(request.socket !== undefined && { socket: request.socket }),
      });
    for await (const file of checkFiles(request, { compilers, connect })) print(file);
    return 0;
  } catch (error) {
    print({ failure: toRpcError(error) });
    return 1;
  } finally {
    await compilers.dispose();
  }
}

function print(line: CheckLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
