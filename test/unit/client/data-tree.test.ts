import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isDatabaseFile, isDataFile } from '../../../client/data-tree/data-files.ts';
import { DataModel, type DataSources } from '../../../client/data-tree/data-model.ts';
import { type DataNode, nodeId } from '../../../client/data-tree/data-node.ts';
import { contentOf } from '../../../client/data-tree/file-groups.ts';
import { nameText, pathFrom, textLiteral } from '../../../client/data-tree/source-text.ts';
import type { Catalog } from '../../../wasm-core/protocol/catalog.ts';

const ROOT = { folder: '/w', name: 'w' };
const CATALOG: Catalog = {
  current: { database: 'memory', schema: 'main' },
  databases: ['memory', 'sales'],
  schemas: [],
  tables: [
    {
      database: 'memory',
      schema: 'main',
      name: 't',
      kind: 'table',
      columns: [{ name: 'x', type: 'INTEGER' }],
    },
    { database: 'memory', schema: 's', name: 'Order By', kind: 'view', columns: [] },
    { database: 'temp', schema: 'main', name: 'order', kind: 'table', columns: [] },
    {
      database: 'sales',
      schema: 'main',
      name: 'orders',
      kind: 'table',
      columns: [{ name: 'id', type: 'BIGINT' }],
    },
    { database: 'sales', schema: 'eu', name: 'orders', kind: 'table', columns: [] },
  ],
  functions: [
    { name: 'lower', kind: 'scalar', signatures: ['lower(VARCHAR) -> VARCHAR'], named: [], doc: '' },
    { name: 'add', kind: 'macro', signatures: ['add(a, b)'], named: [], doc: '', isUser: true },
    {
      name: 'quern_modules',
      kind: 'table_macro',
      signatures: ['quern_modules()'],
      named: [],
      doc: '',
      isUser: true,
    },
  ],
  keywords: [],
  reserved: ['order', 'select'],
  types: [],
  settings: [],
  named: [
    { name: 'my movies', files: ['/w/data/movies-*.csv'], description: 'Films.' },
    { name: 'broken', files: [], fault: 'write an object' },
  ],
};
const SLUG = {
  name: 'slug',
  export: 'slug',
  parameters: [{ name: 's', type: 'VARCHAR' }],
  returns: 'VARCHAR',
  deterministic: true,
  doc: 'Hyphens.',
} as const;

function sources(over: Partial<DataSources> = {}): DataSources {
  return {
    roots: () => [ROOT],
    files: async () => ({
      paths: ['data/a.csv', "data/deep/er/it's.parquet", 'b.json', 'x.duckdb'],
      isCut: false,
    }),
    catalog: async () => CATALOG,
    remote: async () =>
      [
        'https://data.example.org/sales/b.parquet',
        'https://data.example.org/a.csv?token=***',
        's3://bucket/a.csv',
        's3://bucket/a.csv',
      ].map((url) => ({ url, size: 10, byteLength: 5, usedAt: '2026-11-27T00:00:00Z' })),
    modules: async () => [{ name: 'text', functions: [SLUG] } as never],
    columns: async () => [{ name: 'a', type: 'BIGINT' }],
    ...over,
  };
}

/** What is below the nodes of a path of labels. */
async function below(model: DataModel, ...path: readonly string[]): Promise<readonly DataNode[]> {
  let node: DataNode | undefined;
  for (const label of path) {
    const nodes = await model.children(node);
    node = nodes.find((other) => labelOf(other) === label);
    assert.ok(node, `${label} is among ${nodes.map(labelOf).join()}`);
  }
  return await model.children(node);
}

function labelOf(node: DataNode): string {
  switch (node.kind) {
    case 'root':
      return node.root.name;
    case 'group':
      return node.group;
    case 'note':
      return node.text;
    case 'column':
    case 'function':
      return node.name;
    default:
      return node.label;
  }
}

describe('the tree of data', () => {
  const model = new DataModel(sources());

  it('groups what can be queried, and leaves out groups without anything', async () => {
    const groups = ['files', 'named', 'remote', 'tables', 'databases', 'macros', 'functions'];
    assert.deepEqual((await model.children()).map(labelOf), groups);
    const few = new DataModel(
      sources({
        catalog: async () => ({ ...CATALOG, named: [], functions: [], databases: ['memory'] }),
        remote: async () => [],
      }),
    );
    assert.deepEqual((await few.children()).map(labelOf), ['files', 'tables', 'functions']);
  });

  it('is empty where there is nothing, so that the view says so', async () => {
    const nothing = new DataModel(
      sources({
        files: async () => ({ paths: [], isCut: false }),
        catalog: async () => ({ ...CATALOG, tables: [], named: [], functions: [], databases: ['memory'] }),
        remote: async () => [],
        modules: async () => [],
      }),
    );
    assert.deepEqual(await nothing.children(), []);
    assert.deepEqual(await new DataModel(sources({ roots: () => [] })).children(), []);
  });

  it('has a node for each of several folders', async () => {
    const two = new DataModel(sources({ roots: () => [ROOT, { folder: '/v', name: 'v' }] }));
    assert.deepEqual((await two.children()).map(labelOf), ['w', 'v']);
    assert.equal((await below(two, 'v')).length, 7);
  });

  it('shows files by folder, folders with one folder in them as one', async () => {
    assert.deepEqual((await below(model, 'files')).map(labelOf), ['data', 'b.json', 'x.duckdb']);
    assert.deepEqual((await below(model, 'files', 'data')).map(labelOf), ['deep/er', 'a.csv']);
    const [file] = await below(model, 'files', 'data', 'deep/er');
    assert.deepEqual(file?.kind === 'source' && [file.source, file.file], [
      "'data/deep/er/it''s.parquet'",
      "/w/data/deep/er/it's.parquet",
    ]);
  });

  it('shows files on a network that were read, each once, and none whose address is not whole', async () => {
    const found = await below(model, 'remote');
    assert.deepEqual(
      found.map((node) => node.kind === 'source' && [node.label, node.description, node.source]),
      [
        ['b.parquet', 'https://data.example.org/sales', "'https://data.example.org/sales/b.parquet'"],
        ['a.csv', 's3://bucket', "'s3://bucket/a.csv'"],
      ],
    );
  });

  it('says that there are more files than it shows', async () => {
    const many = new DataModel(sources({ files: async () => ({ paths: ['a.csv'], isCut: true }) }));
    assert.deepEqual((await below(many, 'files')).map(labelOf), [
      'a.csv',
      'Only the first 1 files are shown.',
    ]);
  });

  it('writes names as SQL takes them', async () => {
    const source = (nodes: readonly DataNode[]) => nodes.map((node) => node.kind === 'source' && node.source);
    assert.deepEqual(source(await below(model, 'tables')), ['t', 's."Order By"', '"order"']);
    assert.deepEqual(source(await below(model, 'databases', 'sales')), ['sales.orders', 'sales.eu.orders']);
    assert.deepEqual(source(await below(model, 'named')), ['"my movies"', 'broken']);
  });

  it('looks into a database file as its directive does', async () => {
    let asked: string | undefined;
    const catalog = { ...CATALOG, current: { database: 'sales', schema: 'main' } };
    const looking = new DataModel(
      sources({
        catalog: async (_, database) => {
          asked = database ?? asked;
          return database === undefined ? CATALOG : catalog;
        },
      }),
    );
    const tables = await below(looking, 'files', 'x.duckdb');
    assert.equal(asked, 'x.duckdb');
    assert.deepEqual(
      tables.map((node) => node.kind === 'source' && [node.source, node.database]),
      [
        ['orders', 'x.duckdb'],
        ['eu.orders', 'x.duckdb'],
      ],
    );
  });

  it('shows columns, those of files once they are asked for, or why there are none', async () => {
    const columns = async (...path: readonly string[]) =>
      (await below(model, ...path)).map((node) => node.kind === 'column' && `${node.name} ${node.type}`);
    assert.deepEqual(await columns('tables', 't'), ['x INTEGER']);
    assert.deepEqual(await columns('files', 'b.json'), ['a BIGINT']);
    const broken = new DataModel(sources({ columns: async () => 'It is not JSON.' }));
    assert.deepEqual((await below(broken, 'files', 'b.json')).map(labelOf), ['It is not JSON.']);
  });

  it('shows macros of the session and functions of plugins with what they take', async () => {
    const texts = (nodes: readonly DataNode[]) =>
      nodes.map((node) => node.kind === 'function' && `${node.name}${node.signature}`);
    assert.deepEqual(texts(await below(model, 'macros')), ['add(a, b)']);
    assert.deepEqual(texts(await below(model, 'functions')), ['slug(s VARCHAR) -> VARCHAR']);
  });

  it('has its files without a session, and a note that says why there is none', async () => {
    const fail = async () => {
      throw new Error('No host.');
    };
    const alone = new DataModel(sources({ catalog: fail, modules: fail, remote: fail }));
    assert.deepEqual((await alone.children()).map(labelOf), ['files', 'No host.']);
  });

  it('has its files while the engine starts, and the rest once it has', async () => {
    let start: () => void = () => {};
    const started = new Promise<void>((resolve) => {
      start = resolve;
    });
    const asked: string[] = [];
    const slow = sources({
      catalog: async () => {
        asked.push('catalog');
        await started;
        return CATALOG;
      },
    });
    let late = 0;
    const model = new DataModel(slow, () => late++);
    const early = (await model.children()).map(labelOf);
    assert.equal(early[0], 'files');
    assert.match(early[1] ?? '', /once the engine has started/);
    assert.equal(early.length, 2);
    assert.equal(late, 0);
    start();
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(late, 1);
    assert.deepEqual(
      (await model.children()).map(labelOf),
      (await new DataModel(sources()).children()).map(labelOf),
    );
    assert.equal(late, 1);
  });

  it('tells all its nodes apart', async () => {
    const ids: string[] = [];
    const visit = async (node?: DataNode): Promise<void> => {
      for (const child of await model.children(node)) {
        ids.push(nodeId(child));
        await visit(child);
      }
    };
    await visit();
    assert.equal(new Set(ids).size, ids.length);
  });
});

describe('files of data', () => {
  const cases: readonly [path: string, isData: boolean][] = [
    ['a.csv', true],
    ['deep/A.PARQUET', true],
    ['x.csv.gz', true],
    ['x.gz', false],
    ['x.tar.gz', false],
    ['a.feather', true],
    ['data/rows.json', true],
    ['package.json', false],
    ['web/tsconfig.base.json', false],
    ['.vscode/launch.json', false],
    ['quern.json', false],
    ['chains/clean.chain.json', false],
    ['notes.md', false],
  ];
  for (const [path, isData] of cases) {
    it(`${isData ? 'are' : 'are not'} ${path}`, () => assert.equal(isDataFile(path), isData));
  }

  it('are databases by their endings', () => {
    assert.deepEqual(['a.duckdb', 'a.db', 'a.sqlite', 'a.csv'].map(isDatabaseFile), [
      true,
      true,
      true,
      false,
    ]);
  });

  it('are each in one place of the tree, whatever they are called', () => {
    const name = fc.stringMatching(/^[a-c]{1,2}$/);
    const path = fc.array(name, { minLength: 1, maxLength: 5 }).map((parts) => `${parts.join('/')}.csv`);
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 30 }), (paths) => {
        const found: string[] = [];
        const visit = (folder: string): void => {
          const { folders, files } = contentOf(paths, folder);
          found.push(...files);
          for (const { path: inner, label } of folders) {
            assert.equal(folder === '' ? label : `${folder}/${label}`, inner);
            visit(inner);
          }
        };
        visit('');
        assert.deepEqual([...found].sort(), [...paths].sort());
      }),
    );
  });
});

describe('what a statement writes', () => {
  it('is a path from its folder, else the whole path', () => {
    assert.equal(pathFrom('/w/data/a.csv', '/w'), 'data/a.csv');
    assert.equal(pathFrom('/w/data/a.csv', '/w/data/'), 'a.csv');
    assert.equal(pathFrom('/w/a.csv', '/w/data'), '/w/a.csv');
    assert.equal(pathFrom('C:\\w\\data\\a.csv', 'C:\\w'), 'data/a.csv');
    assert.equal(pathFrom('/w2/a.csv', '/w'), '/w2/a.csv');
  });

  it('is quoted where it has to be', () => {
    assert.deepEqual(
      ['t', 'a b', 'say "hi"', '1st', 'Select'].map((name) => nameText(name, new Set(['select']))),
      ['t', '"a b"', '"say ""hi"""', '"1st"', '"Select"'],
    );
    assert.equal(textLiteral("it's"), "'it''s'");
  });
});
