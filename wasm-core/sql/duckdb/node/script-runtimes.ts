import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { startPython } from '../../scripts/node/python-runtime.ts';
import { createQuickJsRuntime } from '../../scripts/quickjs-runtime.ts';
import type { StartScripts } from '../udf/script-table.ts';
import { SIGNAL, type WorkerStart } from '../worker-messages.ts';

/** Starts sandboxes inside an engine worker. */
export function createScriptRuntimes(start: WorkerStart): StartScripts {
  const wake = { signals: new Int32Array(start.signals), index: SIGNAL.python };
  const port = start.python as MessagePort;
  let run = 0;
  return async (language, { memoryMb, slices }) => {
    if (language === 'python')
      return startPython({ port, wake }, { run: ++run, memoryMb, check: () => slices.check() });
    const bytes = readFileSync(path.join(start.distFolder, 'quickjs.wasm'));
    const { byteOffset, byteLength } = bytes;
    return createQuickJsRuntime(bytes.buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
  };
}
