import { createRegistryStore } from '../../../wasm-core/runtime/node/registry-store.ts';
import { Registry } from '../../../wasm-core/runtime/registry.ts';
import { assemble, ECHO_WAT } from '../../support/wat.ts';

/*
 * A process that loads modules until it is killed, and prints the name of each once load() has resolved:
 * `node registry-loader.entry.cjs HOME FIRST`.
 */
async function main(): Promise<void> {
  const [home = '', first = '0'] = process.argv.slice(2);
  const warn = (message: string) => void process.stderr.write(`${message}\n`);
  const registry = await Registry.open({ store: createRegistryStore({ home, warn }), warn });
  for (let i = Number(first); ; i++) {
    const bytes = await assemble(ECHO_WAT.replace('1024', String(1024 + 4 * (i % 8000))));
    // Every third load moves a label that is there already.
    await registry.load({ bytes, name: i % 3 === 0 ? 'moving' : `m${i}`, namespace: 'default' });
    process.stdout.write(`${i}\n`);
  }
}

void main();
