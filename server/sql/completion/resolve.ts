import type { CompletionItem } from 'vscode-languageserver';
import type { SqlKnowledge } from '../knowledge.ts';

/** Adds to an item of a function its documentation, which is asked for when somebody looks at it. */
export async function resolveItem(item: CompletionItem, knowledge: SqlKnowledge): Promise<CompletionItem> {
  const name = (item.data as { readonly function?: unknown } | undefined)?.function;
  if (typeof name !== 'string') return item;
  const plugin = (await knowledge.functions()).find(({ fn }) => fn.name === name);
  if (plugin !== undefined) {
    const { fn, module } = plugin;
    return {
      ...item,
      documentation: [fn.doc, `From the plugin ${module}.`].filter((text) => text !== '').join('\n\n'),
    };
  }
  const engine = (await knowledge.catalog()).functions.filter((fn) => fn.name === name);
  const doc = engine.find((fn) => fn.doc !== '')?.doc ?? '';
  const signatures = engine.flatMap((fn) => fn.signatures);
  const shown = signatures.length > 1 ? signatures.slice(0, 8).join('\n') : '';
  const documentation = [doc, shown].filter((text) => text !== '').join('\n\n');
  return documentation === '' ? item : { ...item, documentation };
}

/** The document that an item was offered in; undefined for items that have nothing more to tell. */
export function itemUri(item: CompletionItem): string | undefined {
  const uri = (item.data as { readonly uri?: unknown } | undefined)?.uri;
  return typeof uri === 'string' ? uri : undefined;
}
