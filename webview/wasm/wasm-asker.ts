import type { FromWasmPage, WasmAnswers, WasmQuestion } from '../../wasm-core/protocol/wasm-viewer.ts';
import { Asker } from '../asker.ts';
import { isAnswerTo } from './parse-wasm-message.ts';

/** Asks the extension about the file that is shown. */
export type WasmAsker = Asker<WasmQuestion, WasmAnswers>;

/** @param send takes messages for the extension */
export function createWasmAsker(send: (message: FromWasmPage) => void): WasmAsker {
  return new Asker({ send: (id, question) => send({ type: 'ask', id, question }), isAnswerTo });
}
