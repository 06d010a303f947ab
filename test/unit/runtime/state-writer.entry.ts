import { createStateFiles } from '../../../wasm-core/runtime/node/state-files.ts';
import { StateStore } from '../../../wasm-core/runtime/state/state-store.ts';

/*
 * A process that counts up in the state of two modules until it is killed, and prints each number once its commit is
 * durable: `node state-writer.entry.cjs HOME FIRST`.
 */
async function main(): Promise<void> {
  const [home = '', first = '0'] = process.argv.slice(2);
  const warn = (message: string) => void process.stderr.write(`${message}\n`);
  const store = await StateStore.open(createStateFiles({ home, warn }));
  for (let i = Number(first); ; i++) {
    const journal = store.journal();
    for (const name of ['one', 'two']) {
      journal.view({ namespace: 'default', name }).set('count', new Uint8Array(Buffer.from(String(i))));
      // Enough that a file can be torn.
      journal.view({ namespace: 'default', name }).set(`k${i % 20}`, new Uint8Array(10_000).fill(i));
    }
    await journal.commit();
    process.stdout.write(`${i}\n`);
  }
}

void main();
