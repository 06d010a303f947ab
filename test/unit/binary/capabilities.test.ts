import assert from 'node:assert/strict';
import { signatureText } from '../../../wasm-core/binary/abi.ts';
import { AVAILABLE_IMPORTS } from '../../../wasm-core/binary/available-imports.ts';
import { neededCapabilities } from '../../../wasm-core/binary/capabilities.ts';
import { readModule } from '../../../wasm-core/binary/reader.ts';
import { CAPABILITIES } from '../../../wasm-core/protocol/plugins.ts';
import { readProjectFile } from '../../support/project.ts';
import { assemble } from '../../support/wat.ts';

async function needed(wat: string) {
  return neededCapabilities(readModule(await assemble(wat)));
}

describe('neededCapabilities', () => {
  it('are those of the imports, each once and in a fixed order', async () => {
    const wat = `(module
      (import "host" "now_ns" (func (result i64)))
      (import "host" "get_state" (func (param i32 i32) (result i32)))
      (import "host" "set_state" (func (param i32 i32 i32 i32)))
      (import "host" "log" (func (param i32 i32))))`;
    assert.deepEqual(await needed(wat), ['log', 'state', 'clock']);
  });

  it('are none for a module that imports nothing, its input alone, or WASI', async () => {
    assert.deepEqual(await needed('(module)'), []);
    const config = '(module (import "host" "config" (func (param i32 i32) (result i32))))';
    assert.deepEqual(await needed(config), []);
    const wasi =
      '(module (import "wasi_snapshot_preview1" "random_get" (func (param i32 i32) (result i32))))';
    assert.deepEqual(await needed(wasi), []);
  });
});

describe('docs/plugin-abi.md', () => {
  it('has a row for each function of the import module host, with its type and its capability', () => {
    const doc = readProjectFile('docs/plugin-abi.md');
    const rows = [...doc.matchAll(/^\| `(\w+)\(([^)]*)\)(?: -> (\w+))?` +\| (\S+) +\|/gm)].map(
      ([, name, parameters = '', result, capability]) => {
        const types = parameters === '' ? [] : parameters.split(', ').map((p) => p.split(' ').at(-1));
        return `${name}(${types.join(', ')}) -> ${result ?? '()'} ${capability}`;
      },
    );
    const given = AVAILABLE_IMPORTS.filter((i) => i.module === 'host').map(
      (i) => `${i.name}${signatureText(i)} ${i.capability ?? '–'}`,
    );
    assert.deepEqual(rows.sort(), given.sort());
  });
});

describe('the schema of manifests', () => {
  it('names the capabilities that there are', () => {
    const schema = JSON.parse(readProjectFile('syntaxes/quern.schema.json')) as {
      properties: { capabilities: { items: { enum: string[] } } };
    };
    assert.deepEqual(schema.properties.capabilities.items.enum, [...CAPABILITIES]);
  });
});
