import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CoalescedWriter } from '../../../wasm-core/runtime/state/coalesced-writer.ts';
import { StateOverlay, type StateWrites } from '../../../wasm-core/runtime/state/state-overlay.ts';
import type { StateFiles, StateScope, StoredState } from '../../../wasm-core/runtime/state/state-scope.ts';
import { StateStore } from '../../../wasm-core/runtime/state/state-store.ts';
import { throwsKind } from '../../support/core-error.ts';

const A: StateScope = { namespace: 'default', name: 'a' };
const B: StateScope = { namespace: '/folder', name: 'a' };

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const text = (value: Uint8Array | undefined): string | undefined => value && Buffer.from(value).toString();

/** Files in memory that take their time, or fail, as told. */
class SlowFiles implements StateFiles {
  readonly states = new Map<string, StoredState>();
  readonly log: string[] = [];
  failure: Error | undefined;

  async open(): Promise<readonly StoredState[]> {
    return [...this.states.values()];
  }

  async put(state: StoredState): Promise<void> {
    const key = `${state.namespace} ${state.name}`;
    const shown = state.entries.map(([k, v]) => `${k}=${text(v)}`).join(' ');
    await this.#wait(`put ${key}: ${shown}`);
    this.states.set(key, state);
  }

  async drop(scope: StateScope): Promise<void> {
    await this.#wait(`drop ${scope.namespace} ${scope.name}`);
    this.states.delete(`${scope.namespace} ${scope.name}`);
  }

  async #wait(what: string): Promise<void> {
    this.log.push(what);
    await new Promise((resolve) => setTimeout(resolve, 2));
    if (this.failure) throw this.failure;
  }
}

/** Sets keys of a scope in one journal and commits them. */
function commit(store: StateStore, scope: StateScope, values: Readonly<Record<string, string | undefined>>) {
  const journal = store.journal();
  for (const [key, value] of Object.entries(values)) {
    journal.view(scope).set(key, value === undefined ? undefined : bytes(value));
  }
  return journal.commit();
}

function committed(store: StateStore, scope: StateScope): Record<string, string | undefined> {
  return Object.fromEntries([...store.committed(scope).entries].map(([k, v]) => [k, text(v)]));
}

describe('a state overlay', () => {
  const key = fc.constantFrom('a', 'b', 'ä', '__proto__', 'size');
  const value = fc.option(fc.uint8Array({ maxLength: 5 }), { nil: undefined });
  const writes = fc.array(fc.tuple(key, value), { maxLength: 20 });
  const entries = (map: ReadonlyMap<string, Uint8Array>) =>
    [...map].map(([k, v]) => `${k}=${Buffer.from(v).toString('hex')}`).sort();

  it('reads and ends as a Map that had the same done to it, and leaves its base alone', () => {
    fc.assert(
      fc.property(writes, writes, (before, during) => {
        const base = new Map(before.flatMap(([k, v]) => (v === undefined ? [] : [[k, v] as const])));
        const model = new Map(base);
        const overlay = new StateOverlay(base);
        const untouched = entries(base);
        for (const [k, v] of during) {
          overlay.set(k, v);
          if (v === undefined) model.delete(k);
          else model.set(k, v);
          for (const [known] of before) assert.deepEqual(overlay.get(known), model.get(known));
          assert.deepEqual(overlay.get(k), model.get(k));
        }
        assert.deepEqual(entries(overlay.merged()), entries(model));
        assert.deepEqual(entries(new Map(overlay.entries())), entries(model));
        assert.deepEqual(entries(base), untouched);
      }),
    );
  });

  it('gives writes that make the same of the same base in another thread', () => {
    fc.assert(
      fc.property(writes, writes, (before, during) => {
        const base = new Map(before.flatMap(([k, v]) => (v === undefined ? [] : [[k, v] as const])));
        const here = new StateOverlay(base);
        // What `postMessage` does.
        const there = StateOverlay.over(structuredClone(here.entries()));
        for (const [k, v] of during) there.set(k, v);
        here.apply(structuredClone(there.writes()));
        assert.deepEqual(entries(here.merged()), entries(there.merged()));
      }),
    );
  });

  it('costs no commit when nothing was there that it took away', () => {
    const overlay = new StateOverlay(new Map());
    overlay.set('k', undefined);
    assert.equal(overlay.isChanged, false);
  });

  it('takes 1,000 keys and no more, and then others for those taken away', async () => {
    const overlay = new StateOverlay(new Map());
    for (let i = 0; i < 1000; i++) overlay.set(`k${i}`, bytes('v'));
    await throwsKind('STATE_LIMIT', /would have 1001 keys; it may have 1000/, () =>
      overlay.set('more', bytes('')),
    );
    overlay.set('k0', bytes('another'));
    overlay.set('k1', undefined);
    overlay.set('more', bytes(''));
    assert.equal(overlay.entries().length, 1000);
  });

  it('takes 1 MiB of keys and values and not a byte more', async () => {
    const overlay = new StateOverlay(new Map());
    for (let i = 0; i < 16; i++) overlay.set(`k${i + 10}`, new Uint8Array(65_536 - 3));
    await throwsKind('STATE_LIMIT', /1048577 bytes; it may have 1048576/, () => overlay.set('x', bytes('')));
    await throwsKind('STATE_LIMIT', /./, () => overlay.set('k10', new Uint8Array(65_536 - 2)));
    overlay.set('k10', bytes(''));
    overlay.set('x', bytes(''));
  });

  it('takes keys of 256 bytes and values of 64 KiB and no longer', async () => {
    const overlay = new StateOverlay(new Map());
    overlay.set('€'.repeat(85), new Uint8Array(65_536));
    await throwsKind('STATE_LIMIT', /key of 258 bytes/, () => overlay.set('€'.repeat(86), bytes('')));
    await throwsKind('STATE_LIMIT', /key of 0 bytes/, () => overlay.set('', bytes('')));
    const error = await throwsKind('STATE_LIMIT', /"k" has 65537 bytes/, () =>
      overlay.set('k', new Uint8Array(65_537)),
    );
    assert.deepEqual(error.details, { key: 'k', byteLength: 65_537 });
  });

  it('applies all writes of another one or none, and no order of them counts against the cap', async () => {
    const full = Array.from({ length: 15 }, (_, i) => [`k${i + 10}`, new Uint8Array(65_533)] as const);
    const overlay = StateOverlay.over(full);
    const swap: StateWrites = [
      ['new1', new Uint8Array(65_000)],
      ['new2', new Uint8Array(65_000)],
      ['k10', undefined],
    ];
    overlay.apply(swap);
    const before = overlay.entries();
    await throwsKind('STATE_LIMIT', /./, () =>
      overlay.apply([
        ['k11', undefined],
        ['a', new Uint8Array(65_000)],
        ['b', new Uint8Array(65_000)],
      ]),
    );
    assert.deepEqual(overlay.entries(), before);
  });
});

describe('a state journal', () => {
  let files: SlowFiles;
  let store: StateStore;
  beforeEach(async () => {
    files = new SlowFiles();
    store = await StateStore.open(files);
  });

  it('commits nothing when nothing was set, without a promise', () => {
    const journal = store.journal();
    assert.equal(journal.view(A).get('k'), undefined);
    assert.equal(journal.commit(), undefined);
  });

  it('leaves nothing of a run that does not commit', async () => {
    store.journal().view(A).set('k', bytes('lost'));
    assert.equal(store.journal().view(A).get('k'), undefined);
    await commit(store, A, { k: 'kept' });
    assert.equal(text(store.journal().view(A).get('k')), 'kept');
  });

  it('shows later steps of a chain what earlier ones set, and others only what is committed', () => {
    const chain = store.journal();
    chain.view(A).set('k', bytes('1'));
    assert.equal(text(chain.view(A).get('k')), '1');
    assert.deepEqual(chain.snapshot(A), [['k', bytes('1')]]);
    assert.equal(chain.view(B).get('k'), undefined);
    assert.equal(store.journal().view(A).get('k'), undefined);
    const done = chain.commit();
    assert.ok(done instanceof Promise);
    assert.equal(text(store.journal().view(A).get('k')), '1', 'before it is durable');
    return done;
  });

  it('sees a scope as it was when it first looked, whatever others commit meanwhile', async () => {
    await commit(store, A, { k: 'before' });
    const journal = store.journal();
    assert.equal(text(journal.view(A).get('k')), 'before');
    await commit(store, A, { k: 'after', other: 'x' });
    assert.equal(text(journal.view(A).get('k')), 'before');
    journal.view(A).set('mine', bytes('y'));
    await journal.commit();
    assert.deepEqual(committed(store, A), { k: 'after', other: 'x', mine: 'y' });
  });

  it('commits all scopes of a chain or none', async () => {
    const full = Object.fromEntries(Array.from({ length: 999 }, (_, i) => [`k${i}`, 'v']));
    const chain = store.journal();
    chain.view(A).set('first', bytes('1'));
    chain.view(B).set('second', bytes('1'));
    chain.view(B).set('third', bytes('1'));
    await commit(store, B, full);
    const before = files.log.length;
    await throwsKind('STATE_LIMIT', /1001 keys/, () => chain.commit());
    assert.deepEqual(committed(store, A), {});
    assert.deepEqual(committed(store, B), full);
    assert.equal(files.log.length, before);
  });

  it('keeps nothing of a run whose label was taken away meanwhile', async () => {
    await commit(store, A, { k: '1' });
    const journal = store.journal();
    journal.view(A).set('k', bytes('2'));
    const early = store.journal();
    await store.drop(A);
    assert.equal(journal.commit(), undefined);
    assert.deepEqual(committed(store, A), {});
    early.view(A).set('k', bytes('3'));
    await early.commit();
    assert.deepEqual(committed(store, A), { k: '3' });
  });

  it('is done when its scopes are written, and says so when they cannot be', async () => {
    files.failure = new Error('disk full');
    await assert.rejects(async () => commit(store, A, { k: '1' }), /disk full/);
    files.failure = undefined;
    await commit(store, A, { other: '2' });
    assert.equal(files.log.at(-1), 'put default a: k=1 other=2', 'what was not written is made up for');
  });
});

describe('a state store', () => {
  it('makes many commits into few writes, each done only when its own values are written', async () => {
    const files = new SlowFiles();
    const store = await StateStore.open(files);
    const done = Array.from({ length: 100 }, async (_, i) => {
      await commit(store, A, { n: String(i) });
      const [[, value] = []] = files.states.get('default a')?.entries ?? [];
      assert.ok(Number(text(value)) >= i, `${i} is durable`);
    });
    await Promise.all(done);
    assert.deepEqual(files.log, ['put default a: n=0', 'put default a: n=99']);
  });

  it('deletes the file of a scope that is dropped or has become empty, behind writes under way', async () => {
    const files = new SlowFiles();
    const store = await StateStore.open(files);
    const writing = commit(store, A, { k: '1' });
    await store.drop(A);
    await writing;
    assert.deepEqual(files.log, ['put default a: k=1', 'drop default a']);
    await commit(store, A, { k: '2' });
    await commit(store, A, { k: undefined });
    assert.equal(files.states.size, 0);
    await store.drop(B);
    assert.equal(files.log.length, 4, 'a scope without state has no file');
  });

  it('ends as a Map that had the same commits, also after it was opened again', async () => {
    const operation = fc.record({
      scope: fc.constantFrom(A, B),
      values: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.option(fc.string(), { nil: undefined })),
      type: fc.constantFrom('commit', 'commit', 'fail', 'drop'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 12 }), async (operations) => {
        const files = new SlowFiles();
        const store = await StateStore.open(files);
        const models = new Map([
          [A, new Map<string, string>()],
          [B, new Map<string, string>()],
        ]);
        const pending: (Promise<void> | undefined)[] = [];
        for (const { scope, values, type } of operations) {
          if (type === 'drop') {
            pending.push(store.drop(scope));
            models.get(scope)?.clear();
          } else if (type === 'fail') {
            const view = store.journal().view(scope);
            for (const [key, value] of Object.entries(values))
              view.set(key, value === undefined ? value : bytes(value));
          } else {
            pending.push(commit(store, scope, values));
            for (const [key, value] of Object.entries(values)) {
              if (value === undefined) models.get(scope)?.delete(key);
              else models.get(scope)?.set(key, text(bytes(value)) ?? '');
            }
          }
        }
        await Promise.all(pending);
        const again = await StateStore.open(files);
        for (const [scope, model] of models) {
          for (const opened of [store, again]) {
            assert.deepEqual(committed(opened, scope), Object.fromEntries(model));
          }
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('a coalesced writer', () => {
  it('never writes twice at once, and tells each request of the write that had it', async () => {
    let underWay = 0;
    let writes = 0;
    const writer = new CoalescedWriter(async () => {
      assert.equal(++underWay, 1);
      const mine = ++writes;
      await new Promise((resolve) => setTimeout(resolve, 1));
      underWay--;
      if (mine === 2) throw new Error('second');
    });
    const first = writer.request();
    const second = [writer.request(), writer.request()];
    // Asks just when the first has ended and the second has not begun.
    const between = first.then(() => writer.request());
    for (const request of [...second, between]) await assert.rejects(request, /second/);
    await writer.request();
    assert.equal(writes, 3);
    void writer.request();
    await writer.settled();
    assert.equal(underWay, 0);
    assert.equal(writes, 4);
  });
});
