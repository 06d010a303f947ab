import * as l10n from '@vscode/l10n';
import type { WasmCalls } from '../../wasm-core/protocol/wasm-viewer.ts';
import { element } from '../dom.ts';
import { bytesText, functionsText } from './byte-text.ts';
import { CallTree } from './call-tree.ts';
import { nameOf } from './function-name.ts';
import type { WasmAsker } from './wasm-asker.ts';

/** Whom a function calls and who calls it, each as a tree. */
export class CallsView {
  readonly node = element('div', { class: 'calls' });

  /** @param show shows a function's code */
  constructor(index: number, asker: WasmAsker, show: (index: number) => void) {
    this.node.append(
      element('p', { class: 'sentence', text: l10n.t('Reading the code…'), attributes: { role: 'status' } }),
    );
    asker.ask({ kind: 'calls', function: index }).then(
      (calls) => this.node.replaceChildren(...parts(calls, asker, show)),
      (error: unknown) => {
        const text = error instanceof Error ? error.message : String(error);
        this.node.replaceChildren(element('p', { class: 'problem', text, attributes: { role: 'alert' } }));
      },
    );
  }
}

function parts(calls: WasmCalls, asker: WasmAsker, show: (index: number) => void): HTMLElement[] {
  const { reachable, isInTable } = calls;
  const name = nameOf(calls.function);
  const reach = l10n.t(
    'It reaches {0}, itself included, of {1}; tables are not looked into.',
    functionsText(reachable.functionCount),
    bytesText(reachable.byteLength),
  );
  const table = l10n.t('A table may hold it, so functions that do not name it may call it.');
  const trees = [
    new CallTree(calls, 'callees', { asker, show }),
    new CallTree(calls, 'callers', { asker, show }),
  ];
  return [
    element('div', { class: 'about' }, [
      element('h2', { text: name, attributes: { title: name } }),
      element('p', { text: isInTable ? `${reach} ${table}` : reach }),
    ]),
    element('div', { class: 'trees' }, [
      element('section', {}, [element('h3', { text: l10n.t('Calls') }), trees[0]?.node ?? new Text()]),
      element('section', {}, [element('h3', { text: l10n.t('Is called by') }), trees[1]?.node ?? new Text()]),
    ]),
  ];
}
