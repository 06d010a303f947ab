import { parentPort } from 'node:worker_threads';
import { ModuleInspector } from '../binary/inspect/inspector.ts';
import { assertNever } from '../protocol/assert-never.ts';
import { CoreError } from '../protocol/errors.ts';
import type { FromWasmThread, ToWasmThread, WasmSource, WasmThreadRequest } from '../protocol/wasm-viewer.ts';
import { readModuleFile } from './module-file.ts';

/*
 * The thread that reads a `.wasm` file for its editor, so that the extension host never waits for a large one. Nothing of
 * the file is run or compiled.
 */

/** What was opened last; requests wait for it. */
const state: { inspector?: ModuleInspector } = {};
/** Requests are answered one after the other, as they come. */
const line: { last: Promise<void> } = { last: Promise.resolve() };

parentPort?.on('message', (request: WasmThreadRequest) => {
  line.last = line.last.then(() => answer(request));
});

async function answer({ id, message }: WasmThreadRequest): Promise<void> {
  let reply: FromWasmThread;
  try {
    reply = { id, answer: await answerTo(message) };
  } catch (error) {
    reply = { id, error: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(reply);
}

async function answerTo(message: ToWasmThread): Promise<unknown> {
  if (message.type === 'open') {
    state.inspector = new ModuleInspector(await bytesOf(message.source));
    return undefined;
  }
  const { inspector } = state;
  if (inspector === undefined) throw new CoreError('REQUEST_INVALID', 'No file is open.');
  switch (message.type) {
    case 'ask':
      return inspector.answer(message.question);
    case 'text':
      return joined(inspector.text(message.function), message.maxLength);
    case 'compare':
      return inspector.compare(await bytesOf(message.source), message.name);
    default:
      return assertNever(message);
  }
}

async function bytesOf(source: WasmSource): Promise<Uint8Array> {
  return 'path' in source ? await readModuleFile(source.path) : source.bytes;
}

function joined(pieces: Iterable<string>, maxLength: number): string {
  const parts: string[] = [];
  let length = 0;
  for (const piece of pieces) {
    length += piece.length;
    if (length > maxLength) {
      const limit = maxLength.toLocaleString('en');
      const message = `The text has more than ${limit} characters; write it to a file with quern inspect FILE --wat.`;
      throw new CoreError('OUTPUT_LIMIT', message);
    }
    parts.push(piece);
  }
  return parts.join('');
}
