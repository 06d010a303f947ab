import * as l10n from '@vscode/l10n';
import type { WasmColumn, WasmList } from '../../wasm-core/protocol/wasm-viewer.ts';

/** What a list is called. */
export function listTitle(list: WasmList): string {
  return {
    functions: l10n.t('Functions'),
    exports: l10n.t('Exports'),
    imports: l10n.t('Imports'),
    changes: l10n.t('Changes'),
  }[list];
}

/** What the field that searches a list is called. */
export function searchLabel(list: WasmList): string {
  return {
    functions: l10n.t('Search functions'),
    exports: l10n.t('Search exports'),
    imports: l10n.t('Search imports'),
    changes: l10n.t('Search changes'),
  }[list];
}

/** The heading of a column of a list. */
export function columnTitle({ holds }: WasmColumn): string {
  return {
    index: l10n.t('Index'),
    name: l10n.t('Name'),
    type: l10n.t('Type'),
    bytes: l10n.t('Bytes'),
    kind: l10n.t('Kind'),
    documentation: l10n.t('Documentation'),
    module: l10n.t('Module'),
    change: l10n.t('Change'),
    before: l10n.t('Before'),
    after: l10n.t('After'),
  }[holds];
}
