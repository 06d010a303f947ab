import type { CallResult } from '../../protocol/methods.ts';
import { print } from './output.ts';
import { printBytes } from './print-bytes.ts';

/**
 * Prints what a call gave: BLOBs as their bytes, NULL as a word, nested values as JSON, several results in one line with
 * spaces between.
 */
export async function printValue({ result, type }: Pick<CallResult, 'result' | 'type'>): Promise<void> {
  if (type.startsWith('(') && Array.isArray(result)) return print(result.map(String).join(' '));
  if (typeof result !== 'object' || result === null) return print(result === null ? 'NULL' : String(result));
  if (type === 'BLOB' && 'base64' in result) return printBytes({ base64: String(result.base64) });
  await print(JSON.stringify(result));
}
