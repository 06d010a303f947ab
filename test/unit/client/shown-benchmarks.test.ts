import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { BenchFile, BenchNode } from '../../../client/bench/bench-model.ts';
import { benchNodeId } from '../../../client/bench/bench-model.ts';
import { ShownBenchmarks } from '../../../client/bench/shown-benchmarks.ts';

/** Something that becomes another. */
type Step =
  | { readonly file: string; readonly names: string[] }
  | { readonly gone: string }
  | { readonly name: string; readonly look: string }
  | { readonly failure: string | undefined };

/** Files with benchmarks, and what is told of these. */
class Changing {
  names: Record<string, string[]> = { a: ['one', 'two'], b: ['three'] };
  looks: Record<string, string> = {};
  failure: string | undefined;
  outdated = 0;

  readonly shown = new ShownBenchmarks({
    sources: {
      files: async () => {
        if (this.failure !== undefined) throw new Error(this.failure);
        return Object.entries(this.names).map(
          ([label, names]): BenchFile => ({
            uri: `file:///${label}.sql`,
            label,
            folder: '',
            type: 'sql',
            names,
          }),
        );
      },
    },
    look: (node) => this.lookOf(node),
    onOutdated: () => this.outdated++,
  });

  change(step: Step): void {
    if ('names' in step) this.names[step.file] = step.names;
    else if ('gone' in step) delete this.names[step.gone];
    else if ('look' in step) this.looks[step.name] = step.look;
    else this.failure = step.failure;
  }

  copy(): Changing {
    const { names, looks, failure } = this;
    return Object.assign(new Changing(), { names, looks, failure });
  }

  lookOf(node: BenchNode): string {
    return node.kind === 'benchmark' ? (this.looks[node.name] ?? '') : '';
  }
}

/** What an editor shows: it reads again what it is told to, and nothing else. */
class View {
  top: readonly BenchNode[] = [];
  readonly below = new Map<string, readonly BenchNode[]>();
  readonly looks = new Map<string, string>();

  constructor(readonly changing: Changing) {}

  async read(node?: BenchNode): Promise<void> {
    const nodes = await this.changing.shown.children(node);
    if (node === undefined) this.top = nodes;
    else this.below.set(benchNodeId(node), nodes);
    for (const each of nodes) {
      this.looks.set(benchNodeId(each), this.changing.lookOf(each));
      if (each.kind === 'file') await this.read(each);
    }
  }

  /** @returns the ids of what was read again */
  async update(): Promise<readonly string[]> {
    const nodes = await this.changing.shown.changed();
    if (nodes === 'all') {
      await this.read();
      return ['all'];
    }
    for (const node of nodes) {
      if (node.kind === 'file') await this.read(node);
      else this.looks.set(benchNodeId(node), this.changing.lookOf(node));
    }
    return nodes.map(benchNodeId);
  }

  /** All that it shows. */
  get all(): unknown {
    return this.top.map((node) => [
      node.kind === 'file' ? node.file.label : node,
      (this.below.get(benchNodeId(node)) ?? []).map((each) => [
        each.kind === 'benchmark' && each.name,
        this.looks.get(benchNodeId(each)),
      ]),
    ]);
  }
}

async function opened(): Promise<View> {
  const view = new View(new Changing());
  await view.read();
  return view;
}

describe('the benchmarks that are shown', () => {
  it('are read again where they are others, and nowhere else', async () => {
    const view = await opened();
    const { changing } = view;
    assert.deepEqual(await view.update(), []);
    changing.looks.one = '4.2 ms';
    assert.deepEqual(await view.update(), ['file:///a.sql#one']);
    assert.deepEqual(await view.update(), []);
    changing.names.b = ['three', 'four'];
    assert.deepEqual(await view.update(), ['file:///b.sql']);
    assert.deepEqual(await view.update(), []);
    changing.names.c = ['five'];
    assert.deepEqual(await view.update(), ['all']);
    changing.failure = 'the host is gone';
    assert.deepEqual(await view.update(), ['all']);
    assert.deepEqual(view.all, [[{ kind: 'note', text: 'the host is gone' }, []]]);
    changing.failure = undefined;
    assert.deepEqual(await view.update(), ['all']);
  });

  it('are compared once more where they came while they were compared', async () => {
    const { changing } = await opened();
    await Promise.all([changing.shown.children(), changing.shown.changed()]);
    assert.equal(changing.outdated, 1);
  });

  it('are those of a tree that was read anew, whatever changes', async () => {
    const file = fc.constantFrom('a', 'b', 'c');
    const name = fc.constantFrom('one', 'two', 'three', 'four');
    const step = fc.oneof(
      fc.record({ file, names: fc.uniqueArray(name) }),
      fc.record({ gone: file }),
      fc.record({ name, look: fc.constantFrom('', '1 ms') }),
      fc.record({ failure: fc.constantFrom(undefined, 'gone') }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { maxLength: 3 }), { maxLength: 8 }), async (rounds) => {
        const view = await opened();
        for (const round of rounds) {
          for (const change of round) view.changing.change(change);
          await view.update();
          const anew = new View(view.changing.copy());
          await anew.read();
          assert.deepEqual(view.all, anew.all);
        }
      }),
    );
  });
});
