import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import type { YowaspRequest, YowaspTree } from './compilers/toolchains/yowasp-request.ts';

/*
 * `node dist/yowasp-clang.mjs`: runs clang of the package @yowasp/clang, which is WebAssembly itself, over files that it is
 * given. A `YowaspRequest` comes on stdin; what clang says goes to stderr, and what it made into the output folder.
 */

/** The part of the package that is used. */
interface YowaspClang {
  readonly commands: Readonly<
    Record<
      'clang',
      (
        args: readonly string[],
        files: YowaspTree,
        options: {
          readonly stdout: (bytes: Uint8Array | null) => void;
          readonly stderr: (bytes: Uint8Array | null) => void;
          readonly fetchProgress: () => void;
        },
      ) => Promise<YowaspTree>
    >
  >;
}

process.exitCode = await run();

async function run(): Promise<number> {
  // The request is our own: it has the shape that it was given.
  const request = JSON.parse(await text(process.stdin)) as YowaspRequest;
  const { commands } = (await import(pathToFileURL(request.bundle).href)) as YowaspClang;
  const say = (bytes: Uint8Array | null): void => void (bytes && process.stderr.write(bytes));
  try {
    const options = { stdout: say, stderr: say, fetchProgress: () => {} };
    const made = await commands.clang(request.args, request.files, options);
    for (const name of request.outputs) {
      const content = made[name];
      if (typeof content !== 'string' && !(content instanceof Uint8Array)) continue;
      mkdirSync(request.outputFolder, { recursive: true });
      writeFileSync(path.join(request.outputFolder, name), content);
    }
    return 0;
  } catch (error) {
    // Its own way to tell clang's exit code.
    if (error instanceof Error && 'code' in error && typeof error.code === 'number') return error.code;
    throw error;
  }
}
