import assert from 'node:assert/strict';
import type { Capability } from '../../../wasm-core/protocol/plugins.ts';
import { CALL_FUEL } from '../../../wasm-core/runtime/host-functions/access.ts';
import { hostFunctions } from '../../../wasm-core/runtime/host-functions/host-functions.ts';
import { StateOverlay } from '../../../wasm-core/runtime/state/state-overlay.ts';
import { throwsKind } from '../../support/core-error.ts';
import { HOST_IMPORTS, HostCalls, MEMORY_BYTES } from '../../support/host-calls.ts';

/** For each function good arguments, and which of them are a pointer and how many bytes it must have. */
const POINTERS: Readonly<Record<string, { readonly args: number[]; readonly ranges: [number, number][] }>> = {
  log: { args: [0, 1], ranges: [[0, 1]] },
  log_at: { args: [0, 0, 1], ranges: [[1, 2]] },
  config: { args: [0, 1], ranges: [[0, 1]] },
  get_state: { args: [0, 1], ranges: [[0, 1]] },
  get_state_into: {
    args: [0, 1, 8, 1],
    ranges: [
      [0, 1],
      [2, 3],
    ],
  },
  set_state: {
    args: [0, 1, 8, 1],
    ranges: [
      [0, 1],
      [2, 3],
    ],
  },
  field_string: {
    args: [0, 1, 8, 1],
    ranges: [
      [0, 1],
      [2, 3],
    ],
  },
  field_i64: { args: [0, 1, 8], ranges: [[0, 1]] },
  field_f64: { args: [0, 1, 8], ranges: [[0, 1]] },
  field_bool: { args: [0, 1], ranges: [[0, 1]] },
  document_id: { args: [0, 1], ranges: [[0, 1]] },
  score: { args: [0], ranges: [] },
  random: { args: [0, 1], ranges: [[0, 1]] },
};

/** Pointers and lengths that reach past the end of memory, each in its own way. */
const HOSTILE: readonly (readonly [number, number])[] = [
  [-1, 2],
  [-1, -2],
  [0, MEMORY_BYTES + 1],
  [MEMORY_BYTES, 1],
  [MEMORY_BYTES - 1, 2],
  [1, MEMORY_BYTES],
  [0x7fffffff, 1],
  [-0x80000000, 1],
  [0, -2],
  [0, 0x7fffffff],
  [0, -0x80000000],
  [-2, 1],
];

describe('the host functions', () => {
  it('are those that a module may import', () => {
    const given = Object.keys(hostFunctions({} as HostCalls)).sort();
    assert.deepEqual(given, HOST_IMPORTS.map((i) => i.name).sort());
    const withPointers = HOST_IMPORTS.filter((i) => i.parameters.length > 0).map((i) => i.name);
    assert.deepEqual(Object.keys(POINTERS).sort(), withPointers.sort());
  });

  for (const [name, { args, ranges }] of Object.entries(POINTERS)) {
    for (const [pointerAt, lengthAt] of ranges) {
      it(`${name} ends the run when argument ${pointerAt + 1} reaches past the end of memory`, async () => {
        const calls = await HostCalls.create();
        for (const [pointer, length] of HOSTILE) {
          const hostile = args.with(pointerAt, pointer).with(lengthAt, length);
          await throwsKind('MEMORY_BOUNDS', /out of bounds/, () => calls.call(name, ...hostile));
          assert.ok(calls.failure, 'the error is noted');
        }
      });
    }
  }

  for (const [name, args] of [
    ['field_i64', [0, 1]],
    ['field_f64', [0, 1]],
    ['score', []],
  ] as const) {
    it(`${name} ends the run when there is no room for 8 bytes, also for a field that is not there`, async () => {
      const calls = await HostCalls.create();
      for (const pointer of [MEMORY_BYTES - 7, MEMORY_BYTES, -1, -8, -0x80000000, 0x7fffffff]) {
        await throwsKind('MEMORY_BOUNDS', /./, () => calls.call(name, ...args, pointer));
      }
      assert.equal(calls.call(name, ...args, MEMORY_BYTES - 8), 0);
    });
  }

  for (const given of HOST_IMPORTS) {
    const { capability, name } = given;
    const args = given.parameters.map(() => 1);
    if (capability === undefined || capability === 'log') {
      it(`${name} needs no grant`, async () => {
        const calls = await HostCalls.create({ capabilities: new Set() });
        calls.call(name, ...args);
        assert.equal(calls.failure, undefined);
      });
      continue;
    }
    it(`${name} is denied without the capability ${capability}, and says how to grant it`, async () => {
      const others = HOST_IMPORTS.flatMap((i) => (i.capability === capability ? [] : (i.capability ?? [])));
      const calls = await HostCalls.create({ capabilities: new Set<Capability>(others) });
      const message = new RegExp(
        `host\\.${name}, .* ${capability}, .*quern load FILE --grant ${capability}.*quern\\.json`,
      );
      const error = await throwsKind('CAPABILITY_DENIED', message, () => calls.call(name, ...args));
      assert.deepEqual(error.details, { import: `host.${name}`, capability });
    });
  }

  it('end a run whose guest catches what they throw', async () => {
    const body = `(func (export "try")
      (try (do (call $random (i32.const 65536) (i32.const 1))) (catch_all)))`;
    const calls = await HostCalls.create({}, body);
    await throwsKind('MEMORY_BOUNDS', /./, () => calls.call('try'));
  });

  it('leave an exception that the guest throws itself to the guest', async () => {
    const body = `(tag $own)
      (func (export "alloc") (param i32) (result i32) (throw $own))
      (func (export "try") (result i32)
        (try (result i32) (do (call $get_state (i32.const 0) (i32.const 1))) (catch $own (i32.const 7))))`;
    const state = new StateOverlay(new Map([['\0', Uint8Array.of(1)]]));
    const calls = await HostCalls.create({ state }, body);
    assert.equal(calls.call('try'), 7);
  });

  it('act on the run that is under way, not on the one that they were made in', async () => {
    const calls = await HostCalls.create({ config: '1' });
    assert.equal(calls.call('config', 0, 8), 1);
    calls.run = { ...calls.run, config: '{"two":2}' };
    assert.equal(calls.call('config', 0, 16), 9);
  });
});

describe('the fuel of host functions', () => {
  const cases: readonly (readonly [string, number[], number])[] = [
    ['log', [0, 100], 100],
    ['log', [0, MEMORY_BYTES], 8192],
    ['set_state', [0, 3, 0, 1000], 1003],
    ['set_state', [0, 3, 0, -1], 3],
    ['get_state_into', [0, 3, 0, 0], 3],
    ['field_string', [0, 3, 0, 0], 3],
    ['field_i64', [0, 3, 0], 11],
    ['random', [0, 500], 500],
    ['now_ms', [], 0],
    ['config', [0, 0], 8],
  ];
  for (const [name, args, bytes] of cases) {
    it(`${name}(${args.join(', ')}) is ${CALL_FUEL} and ${bytes} for bytes`, async () => {
      const calls = await HostCalls.create({ config: '"config"' });
      calls.call(name, ...args);
      assert.equal(calls.fuel, CALL_FUEL + bytes);
    });
  }

  it('counts the value of get_state with its length', async () => {
    const state = new StateOverlay(new Map([['k', new Uint8Array(100)]]));
    const calls = await HostCalls.create({ state });
    calls.call('get_state', ...calls.put(0, 'k'));
    assert.equal(calls.fuel, CALL_FUEL + 1 + 4 + 100);
  });
});

describe('log', () => {
  it('logs at info, log_at at its level, and at info for a level that there is not', async () => {
    const calls = await HostCalls.create();
    const line = calls.put(0, 'Grüße');
    calls.call('log', ...line);
    for (const level of [0, 1, 2, 3, 4, -1, 0x7fffffff]) calls.call('log_at', level, ...line);
    assert.deepEqual(
      calls.logs.lines.map((l) => l.level),
      ['info', 'error', 'warn', 'info', 'debug', 'info', 'info', 'info'],
    );
    assert.ok(calls.logs.lines.every((l) => l.text === 'Grüße'));
  });

  it('cuts a long line between characters and says so', async () => {
    const calls = await HostCalls.create();
    calls.call('log', ...calls.put(0, `${'a'.repeat(8190)}€€`));
    calls.call('log', ...calls.put(0, 'a'.repeat(8192)));
    const [cut, whole] = calls.logs.lines;
    assert.equal(cut?.text, `${'a'.repeat(8190)}…`);
    assert.equal(whole?.text, 'a'.repeat(8192));
  });

  it('keeps the first 1,000 lines of a run and says that there were more', async () => {
    const calls = await HostCalls.create();
    const line = calls.put(0, 'x');
    for (let i = 0; i < 1000; i++) calls.call('log', ...line);
    assert.equal(calls.logs.lines.length, 1000);
    for (let i = 0; i < 50; i++) calls.call('log', ...line);
    assert.equal(calls.logs.lines.length, 1001);
    assert.match(calls.logs.lines.at(-1)?.text ?? '', /only the first 1000 lines/);
  });
});

describe('random, clock and config', () => {
  it('fills exactly the bytes that were named', async () => {
    const calls = await HostCalls.create();
    calls.call('random', 10, 3);
    assert.deepEqual([...calls.read(9, 5)], [0, 0xab, 0xab, 0xab, 0]);
    calls.call('random', MEMORY_BYTES, 0);
  });

  it('gives the time of the run in milliseconds and nanoseconds', async () => {
    const calls = await HostCalls.create();
    assert.equal(calls.call('now_ms'), 1_700_000_000_123.4568);
    assert.equal(calls.call('now_ns'), 1_700_000_000_123_456_789n);
    assert.equal(calls.call('monotonic_ns'), 42n);
  });

  it('gives the configuration where it fits, and its length where it does not', async () => {
    const calls = await HostCalls.create({ config: '{"ä":1}' });
    assert.equal(calls.call('config', 0, 7), 8);
    assert.equal(calls.text(0, 8), '\0'.repeat(8));
    assert.equal(calls.call('config', 0, 8), 8);
    assert.equal(calls.text(0, 8), '{"ä":1}');
    assert.equal((await HostCalls.create()).call('config', 0, 8), -1);
  });
});
