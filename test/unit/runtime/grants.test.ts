import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Capability } from '../../../wasm-core/protocol/plugins.ts';
import {
  parseCapabilities,
  runCapabilities,
  type WorkspaceGrants,
  withWorkspaceGrants,
} from '../../../wasm-core/runtime/grants.ts';
import { createRegistryStore } from '../../../wasm-core/runtime/node/registry-store.ts';
import { Registry } from '../../../wasm-core/runtime/registry.ts';
import { throwsKind } from '../../support/core-error.ts';
import { assemble, ECHO_WAT, UPPER_WAT } from '../../support/wat.ts';

/** A `process` that imports what needs `state` and `random`. */
const NEEDY_WAT = UPPER_WAT.replace(
  '(module',
  `(module (import "host" "random" (func (param i32 i32)))
    (import "host" "set_state" (func (param i32 i32 i32 i32)))`,
);

describe('the grants of a label', () => {
  let home: string;
  let needy: Uint8Array;
  let other: Uint8Array;
  before(async () => {
    needy = await assemble(NEEDY_WAT);
    other = await assemble(NEEDY_WAT.replace('97', '98'));
  });
  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'qg-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  const open = (): Promise<Registry> => {
    const warn = (message: string) => assert.fail(message);
    return Registry.open({ store: createRegistryStore({ home, warn }), warn });
  };
  const load = (
    registry: Registry,
    bytes: Uint8Array,
    grants?: readonly Capability[],
    label: { readonly name?: string; readonly namespace?: string } = {},
  ) => registry.load({ bytes, name: 'a', namespace: 'default', ...label, ...(grants && { grants }) });
  const granted = (registry: Registry, module = 'a', namespace = 'default') =>
    registry.get({ module, namespace }).info.capabilities.granted;

  it('are log alone unless more is granted, whatever the module needs', async () => {
    const registry = await open();
    const { info } = await load(registry, needy);
    assert.deepEqual(info.capabilities, { needed: ['state', 'random'], granted: ['log'] });
    await load(registry, needy, ['state', 'clock']);
    assert.deepEqual(granted(registry), ['log', 'state', 'clock']);
  });

  it('need counts what the manifest names beside the imports', async () => {
    const registry = await open();
    const manifest = '{"abi":1,"capabilities":["fs","state"]}';
    const { info } = await registry.load({ bytes: needy, name: 'a', namespace: 'default', manifest });
    assert.deepEqual(info.capabilities.needed, ['state', 'random', 'fs']);
  });

  it('survive a restart, and loading the same bytes again', async () => {
    await load(await open(), needy, ['state']);
    const registry = await open();
    assert.deepEqual(granted(registry), ['log', 'state']);
    await load(registry, needy);
    assert.deepEqual(granted(registry), ['log', 'state']);
    assert.deepEqual(granted(await open()), ['log', 'state']);
  });

  it('are replaced by those given again, and gone with an empty list', async () => {
    const registry = await open();
    await load(registry, needy, ['state']);
    await load(registry, needy, ['random']);
    assert.deepEqual(granted(registry), ['log', 'random']);
    await load(registry, needy, []);
    assert.deepEqual(granted(registry), ['log']);
    assert.deepEqual(granted(await open()), ['log']);
  });

  it('do not pass to other bytes under the name, nor back to the old ones', async () => {
    const registry = await open();
    const first = await load(registry, needy, ['state']);
    await load(registry, other);
    assert.deepEqual(granted(registry), ['log']);
    assert.deepEqual(granted(registry, first.info.uuid), ['log']);
    assert.deepEqual(granted(await open(), first.info.uuid), ['log']);
    await load(registry, needy);
    assert.deepEqual(granted(registry), ['log']);
    await load(registry, other, ['clock']);
    assert.deepEqual(granted(await open()), ['log', 'clock']);
  });

  it('are of one name in one namespace', async () => {
    const registry = await open();
    await load(registry, needy, ['state']);
    await load(registry, needy, undefined, { name: 'b' });
    await load(registry, needy, undefined, { namespace: '/folder' });
    for (const opened of [registry, await open()]) {
      assert.deepEqual(granted(opened, 'a'), ['log', 'state']);
      assert.deepEqual(granted(opened, 'b'), ['log']);
      assert.deepEqual(granted(opened, 'a', '/folder'), ['log']);
    }
  });

  it('do not come back after an unload', async () => {
    const registry = await open();
    await load(registry, needy, ['state']);
    await registry.unload({ module: 'a' });
    await load(registry, needy);
    assert.deepEqual(granted(registry), ['log']);
  });

  it('leave the label of a module without any as earlier versions wrote it', async () => {
    await load(await open(), await assemble(ECHO_WAT));
    const [file = ''] = await readdir(path.join(home, 'labels'));
    assert.doesNotMatch(await readFile(path.join(home, 'labels', file), 'utf8'), /grants/);
  });
});

describe('the capabilities of a run', () => {
  const module = {
    namespace: '/folder',
    name: 'a',
    digest: 'd',
    capabilities: { needed: [], granted: ['log', 'clock'] },
  } as const;
  const workspace: WorkspaceGrants = {
    grantsFor: (namespace, name) => (namespace === '/folder' && name === 'a' ? ['state', 'log'] : []),
  };

  it('are those of its label and those of its workspace file', () => {
    assert.deepEqual([...runCapabilities(module)], ['log', 'clock']);
    assert.deepEqual([...runCapabilities(module, workspace)].sort(), ['clock', 'log', 'state']);
    assert.deepEqual([...runCapabilities({ ...module, name: 'b' }, workspace)], ['log', 'clock']);
  });

  it('are shown in one order', () => {
    const shown = withWorkspaceGrants(module, workspace);
    assert.deepEqual(shown.capabilities.granted, ['log', 'state', 'clock']);
    assert.equal(withWorkspaceGrants({ ...module, name: 'b' }, workspace).capabilities, module.capabilities);
  });
});

describe('parseCapabilities', () => {
  it('gives each once and in order, without what everybody has', () => {
    assert.deepEqual(parseCapabilities(['clock', 'state', 'log', 'clock']), ['state', 'clock']);
    assert.deepEqual(parseCapabilities([]), []);
  });

  it('names the known ones for one that there is not', async () => {
    await throwsKind('PARAMS_INVALID', /capability "net"\. There are log, state, document, .*fs\./, () =>
      parseCapabilities(['state', 'net']),
    );
    await throwsKind('PARAMS_INVALID', /"constructor"/, () => parseCapabilities(['constructor']));
  });
});
