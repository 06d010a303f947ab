import { readFileSync } from 'node:fs';
import { createRegistryStore } from '../../../wasm-core/runtime/node/registry-store.ts';
import { Registry } from '../../../wasm-core/runtime/registry.ts';

/*
 * A process that loads modules until it is killed, and prints the name of each once load() has resolved:
 * `node registry-loader.entry.cjs HOME FIRST MODULE`. Each module differs from the
 * file MODULE in the four bytes that are `????` there; it starts often, so it brings no assembler.
 */
async function main(): Promise<void> {
  const [home = '', first = '0', module = ''] = process.argv.slice(2);
  const warn = (message: string) => void process.stderr.write(`${message}\n`);
  const plain = readFileSync(module);
  const at = plain.indexOf('????');
  const registry = await Registry.open({ store: createRegistryStore({ home, warn }), warn });
  for (let i = Number(first); ; i++) {
    const bytes = Buffer.from(plain);
    bytes.writeUInt32LE(i, at);
    // Every third load moves a label that is there already.
    await registry.load({ bytes, name: i % 3 === 0 ? 'moving' : `m${i}`, namespace: 'default' });
    process.stdout.write(`${i}\n`);
  }
}

void main();
