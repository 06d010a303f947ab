import * as l10n from '@vscode/l10n';
import type { WasmFunctionRef } from '../../wasm-core/protocol/wasm-viewer.ts';

/** What a function is called in the page: its name, or its number where it has none. */
export function nameOf({ index, name }: Pick<WasmFunctionRef, 'index' | 'name'>): string {
  return name ?? l10n.t('function {0}', index);
}
