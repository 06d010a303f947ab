import type { ToChainPage } from '../../../wasm-core/protocol/chain-page.ts';

/** A message that shows a chain of three steps, as it is before a run. */
export function chainMessage(more: Partial<ToChainPage> = {}): ToChainPage {
  return {
    type: 'chain',
    file: 'file:///w/words.chain.json',
    title: 'word count',
    steps: [
      { number: 1, name: 'upper', kind: 'plugin', text: 'upper' },
      { number: 2, name: 'count', kind: 'sql', text: 'select line, length(line) as n\nfrom input' },
      { number: 3, name: 'back', kind: 'plugin', text: 'reverse' },
    ],
    status: { type: 'ready' },
    runs: [],
    chosen: [],
    ...more,
  };
}
