import type { BytesValue } from '../../protocol/methods.ts';
import { standardOutput } from './output.ts';

/** A module's output on stdout as it is; in a terminal with a line end, so that the prompt stands in its own line. */
export async function printBytes(value: BytesValue): Promise<void> {
  const output = standardOutput();
  const bytes = 'utf8' in value ? Buffer.from(value.utf8) : Buffer.from(value.base64, 'base64');
  await output.write(bytes);
  if (output.isTerminal && bytes.at(-1) !== 10) await output.write('\n');
}
