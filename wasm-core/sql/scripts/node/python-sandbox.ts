import fs from 'node:fs';
import { createRequire } from 'node:module';
import { PRELUDE } from '../python-prelude.ts';
import { limitMemory, lockDown } from './lock-down.ts';

/*
 * The process in which Python runs: `node --permission … python-sandbox.js FOLDER MEMORY_MIB`. It reads requests from
 * stdin and answers on stdout, one after another, and never returns to the event loop: nothing that a script schedules
 * ever runs.
 */

interface Python {
  runPython(code: string): (request: string) => string;
}

void main(process.argv[2] ?? '', Number(process.argv[3]));

async function main(folder: string, memoryMb: number): Promise<void> {
  const { permission } = process as { permission?: { has(scope: string): boolean } };
  if (permission === undefined || permission.has('fs.write') || permission.has('child')) {
    throw new Error('this Node.js has no permission model, so Python cannot be fenced in');
  }
  limitMemory(memoryMb);
  const { readSync, writeSync } = fs;
  const { reallyExit } = process as unknown as { reallyExit(code: number): never };
  const exit = reallyExit.bind(process);
  const python = await loadPython(folder);
  lockDown();
  try {
    serveRequests(python.runPython(PRELUDE), { readSync, writeSync, exit });
  } catch (error) {
    // The interpreter is broken, as after a call of the system that there is none of.
    writeSync(2, error instanceof Error ? error.message.slice(0, 1000) : 'the interpreter is broken');
    exit(1);
  }
}

/** What is kept of Node.js. */
interface Kept {
  readonly readSync: typeof fs.readSync;
  readonly writeSync: typeof fs.writeSync;
  readonly exit: (code: number) => never;
}

function serveRequests(serve: (request: string) => string, kept: Kept): never {
  const { readSync, writeSync, exit } = kept;
  const read = (byteLength: number): Buffer => {
    const bytes = Buffer.alloc(byteLength);
    for (let at = 0; at < byteLength; ) {
      const count = readSync(0, bytes, at, byteLength - at, null);
      if (count === 0) exit(0);
      at += count;
    }
    return bytes;
  };
  const write = (text: string): void => {
    const body = Buffer.from(text);
    const head = Buffer.alloc(4);
    head.writeUInt32LE(body.length);
    const bytes = Buffer.concat([head, body]);
    for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
  };
  write('{}');
  for (;;) write(serve(read(read(4).readUInt32LE()).toString()));
}

async function loadPython(folder: string): Promise<Python> {
  const { loadPyodide } = createRequire(`${folder}/`)(`${folder}/pyodide.js`) as {
    loadPyodide(options: object): Promise<Python>;
  };
  return loadPyodide({
    indexURL: folder,
    // What Python's module js shows, instead of everything.
    jsglobals: {},
    env: { HOME: '/home', PYTHONHASHSEED: '0', _: 'python' },
    stdin: () => null,
    stdout: () => {},
    stderr: () => {},
  });
}
