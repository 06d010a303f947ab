import type { MessagePort } from 'node:worker_threads';
import type { PythonAsk, PythonTell } from '../python-messages.ts';
import { PythonProcess } from './python-process.ts';

/**
 * The main thread's half of an engine worker's Python: the worker blocks inside the engine while a script runs, so the
 * process is ours. It ends with the port.
 *
 * @param options.wake tells the worker that a message is there
 */
export function relayPython(
  port: MessagePort,
  options: { readonly distFolder: string; readonly wake: () => void },
): { dispose(): void } {
  let current: PythonProcess | undefined;
  const tell = (message: PythonTell): void => {
    port.postMessage(message);
    options.wake();
  };
  const dispose = (): void => {
    current?.kill();
    current = undefined;
  };
  port.on('message', (ask: PythonAsk) => {
    const { run } = ask;
    if (ask.type === 'frame') current?.send(ask.text);
    else dispose();
    if (ask.type !== 'start') return;
    current = new PythonProcess(
      { distFolder: options.distFolder, memoryMb: ask.memoryMb },
      {
        onFrame: (text) => tell({ type: 'frame', run, text }),
        onEnd: (reason) => tell({ type: 'ended', run, reason }),
      },
    );
  });
  port.on('close', dispose);
  // A session alone must not keep the process alive.
  port.unref();
  return { dispose };
}
