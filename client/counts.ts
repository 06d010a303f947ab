import * as l10n from '@vscode/l10n';
import { counted } from '../wasm-core/protocol/figures.ts';

/** How many rows there are: `1 row`, `12,345 rows`. */
export function rowsText(count: number): string {
  return counted(count, l10n.t('{0} row'), l10n.t('{0} rows'));
}
