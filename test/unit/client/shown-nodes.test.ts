import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DataModel, type DataSources } from '../../../client/data-tree/data-model.ts';
import { type DataNode, nodeId } from '../../../client/data-tree/data-node.ts';
import { ShownNodes } from '../../../client/data-tree/shown-nodes.ts';
import type { Catalog } from '../../../wasm-core/protocol/catalog.ts';

const ROOT = { folder: '/w', name: 'w' };

/** A folder and a session that change. */
class Changing implements DataSources {
  paths: string[] = ['data/a.csv', 'data/b.csv', 'c.csv'];
  named: string[] = ['places'];
  tables: Readonly<Record<string, readonly string[]>> = { t: ['x'] };
  failure: string | undefined;
  /** Settles what is asked of the files, where it is set. */
  waiting: Promise<void> | undefined;
  described: string[] = [];

  roots = () => [ROOT];
  files = async () => {
    const paths = [...this.paths];
    await this.waiting;
    return { paths, isCut: false };
  };
  catalog = async (): Promise<Catalog> => ({
    current: { database: 'memory', schema: 'main' },
    databases: ['memory'],
    schemas: [],
    tables: Object.entries(this.tables).map(([name, columns]) => ({
      database: 'memory',
      schema: 'main',
      name,
      kind: 'table',
      columns: columns.map((column) => ({ name: column, type: 'INTEGER' })),
    })),
    functions: [],
    keywords: [],
    reserved: [],
    types: [],
    settings: [],
    named: this.named.map((name) => ({ name, files: [`/w/${name}.csv`] })),
  });
  remote = async () => [];
  modules = async () => [];
  columns: DataSources['columns'] = async ({ source }) => {
    this.described.push(source);
    if (this.failure !== undefined) throw new Error(this.failure);
    return [{ name: 'a', type: 'BIGINT' }];
  };
}

/** A view that has opened everything, and what it shows: it reads again what it is told to, and nothing else. */
class View {
  readonly shown: ShownNodes;
  readonly #below = new Map<string, readonly DataNode[]>();
  outdated = 0;

  constructor(sources: DataSources) {
    this.shown = new ShownNodes(new DataModel(sources), () => this.outdated++);
  }

  async read(node?: DataNode): Promise<void> {
    const nodes = await this.shown.children(node);
    this.#below.set(node === undefined ? '' : nodeId(node), nodes);
    for (const child of nodes) await this.read(child);
  }

  /** @returns the ids of what was read again */
  async update(...files: readonly string[]): Promise<string> {
    const changed = await this.shown.changed(files);
    for (const node of changed === 'all' ? [undefined] : changed) await this.read(node);
    if (changed === 'all') return 'all';
    return changed.map((node) => nodeId(node).replaceAll(/\0+/g, ' ')).join();
  }

  text(node?: DataNode, indent = ''): string {
    const nodes = this.#below.get(node === undefined ? '' : nodeId(node)) ?? [];
    return nodes.map((child) => `${indent}${nodeId(child)}\n${this.text(child, `${indent} `)}`).join('');
  }
}

describe('what a tree of data has to read again', () => {
  let sources: Changing;
  let view: View;
  beforeEach(async () => {
    sources = new Changing();
    view = new View(sources);
    await view.read();
    sources.described = [];
  });

  it('is nothing when nothing is another: what is told to be changed without being so costs no click', async () => {
    assert.equal(await view.update(), '');
    assert.deepEqual(sources.described, [], 'and no file is looked into');
  });

  it('is a folder when a file in it comes or goes', async () => {
    sources.paths = [...sources.paths, 'data/new.csv'];
    assert.equal(await view.update('/w/data/new.csv'), '/w named places,/w folder data');
    sources.paths = sources.paths.filter((path) => path !== 'data/a.csv');
    assert.equal(await view.update(), '/w folder data');
    assert.match(view.text(), /new\.csv/);
    assert.doesNotMatch(view.text(), /a\.csv/);
  });

  it('is a file that changed, and tables of quern.json, which may read it', async () => {
    assert.equal(await view.update('/w/c.csv'), "/w named places,/w file 'c.csv'");
    const windows = new ShownNodes(new DataModel(sources), () => {});
    await windows.children();
    assert.deepEqual(await windows.changed(['\\w\\c.csv']), [], 'nobody has looked below the group of files');
  });

  it('is the group of a table that has other columns', async () => {
    sources.tables = { t: ['x', 'y'] };
    assert.equal(await view.update(), '/w tables');
    assert.match(view.text(), /y/);
  });

  it('is everything when a group comes or goes', async () => {
    sources.named = [];
    assert.equal(await view.update(), 'all');
    assert.doesNotMatch(view.text(), /named/);
  });

  it('is what failed, once it does well', async () => {
    sources.failure = 'no engine';
    await view.update('/w/c.csv');
    assert.match(view.text(), /note/);
    assert.equal(await view.update(), '');
    sources.failure = undefined;
    assert.match(await view.update(), /c\.csv/);
    assert.doesNotMatch(view.text(), /note/);
  });

  it('is looked for once more where something was read while it was compared', async () => {
    let settle: () => void = () => {};
    sources.waiting = new Promise((resolve) => {
      settle = resolve;
    });
    const reading = view.shown.children();
    sources.waiting = undefined;
    sources.paths = [];
    await view.shown.changed([]);
    assert.equal(view.outdated, 0);
    settle();
    await reading;
    assert.equal(view.outdated, 1);
    assert.equal(await view.shown.changed([]), 'all');
  });

  it('leaves the tree as one that is read from the beginning, whatever changed', async () => {
    const file = fc.constantFrom(
      'data/a.csv',
      'data/b.csv',
      'data/deep/c.csv',
      'c.csv',
      'x.duckdb',
      'other/d.json',
    );
    const state = fc.record({
      paths: fc.uniqueArray(file),
      named: fc.uniqueArray(fc.constantFrom('places', 'films')),
      tables: fc.dictionary(fc.constantFrom('t', 'u'), fc.uniqueArray(fc.constantFrom('x', 'y'))),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(state, { minLength: 1, maxLength: 4 }), async (states) => {
        const changing = new Changing();
        const old = new View(changing);
        await old.read();
        for (const next of states) {
          Object.assign(changing, next);
          await old.update();
          const fresh = new View(changing);
          await fresh.read();
          assert.equal(old.text(), fresh.text());
        }
      }),
    );
  });
});
