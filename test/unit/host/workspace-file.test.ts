import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import Ajv from 'ajv';
import fc from 'fast-check';
import { WorkspaceFiles } from '../../../wasm-core/host/workspace-file.ts';
import { readWorkspaceFile } from '../../../wasm-core/protocol/workspace-file.ts';
import { throwsKind } from '../../support/core-error.ts';
import { readProjectFile } from '../../support/project.ts';

const schema = JSON.parse(readProjectFile('syntaxes/workspace.schema.json')) as object;
const fitsSchema = new Ajv({ strict: false }).compile(schema);

function parses(value: unknown): boolean {
  const { faults } = readWorkspaceFile(JSON.stringify(value), { source: 'quern.json' });
  for (const { kind } of faults) assert.equal(kind, 'FORMAT_WORKSPACE');
  return faults.length === 0;
}

const DIGEST = 'a'.repeat(64);

const GOOD: readonly unknown[] = [
  {},
  { $schema: 'x', limits: {}, capabilities: {}, modes: {} },
  { limits: { timeoutMs: 1, memoryMb: 2, maxOutputBytes: 3, fuel: 4 } },
  { plugins: [], tables: {}, chains: {} },
  { plugins: ['plugins', 'udf/**/*.wat', './a', 'a..b/..c'] },
  {
    tables: {
      t: { path: 'a.csv' },
      u: { path: ['a', 'b'], format: 'csv', options: { delim: ';', n: 1, b: true, nullstr: ['', '-'] } },
    },
  },
  { tables: { t: { path: 'a', columns: { a: 'INTEGER' }, description: 'x' } } },
  {
    chains: {
      a: 'chains/a.chain.json',
      b: ['x', { sql: 'select 1' }],
      c: { doc: 'd', limits: {}, steps: ['x'] },
    },
  },
  { remote: {} },
  { remote: { allow: [], timeoutMs: 600_000 } },
  {
    remote: {
      allow: [
        'https://example.org',
        'HTTP://localhost:8080/',
        'https://[::1]:65535/a.b/..c/d..',
        's3://my-bucket/a/%20b',
      ],
    },
  },
  { capabilities: { '*': ['state', 'log'], 'my module': [] }, modes: { '*': 'metered', a: 'unmetered' } },
  {
    charts: {
      sales: {
        kind: 'bar',
        x: 'month',
        y: ['a', 'b'],
        series: 's',
        agg: 'avg',
        bucket: 'month',
        limit: 1000,
      },
      'by hour': { kind: 'heatmap', x: 'net sales', y: 'hour', value: 'n' },
      h: { kind: 'histogram', x: 'n', bins: 500 },
      plain: { kind: 'line' },
    },
  },
];

const MEMBERS = [
  'limits',
  'capabilities',
  'modes',
  'functions',
  'plugins',
  'tables',
  'chains',
  'charts',
  'remote',
  'x',
];

const BAD: readonly unknown[] = [
  null,
  [],
  { limit: {} },
  { limits: null },
  { limits: { timeoutMs: '1' } },
  { capabilities: [] },
  { capabilities: { a: 'state' } },
  { capabilities: { a: ['network'] } },
  { modes: { a: true } },
  { plugins: 'plugins' },
  { plugins: [''] },
  { plugins: ['/abs'] },
  { plugins: ['a/../../b'] },
  { plugins: ['..'] },
  { plugins: ['C:/x'] },
  { tables: { t: {} } },
  { tables: { t: { path: [] } } },
  { tables: { t: { path: 'a', format: 'xls' } } },
  { tables: { t: { path: 'a', options: { x: null } } } },
  { tables: { t: { path: 'a', options: { x: [['y']] } } } },
  { tables: { t: { path: 'a', columns: { a: 1 } } } },
  { remote: [] },
  { remote: { allow: 'https://a' } },
  { remote: { allow: [''] } },
  { remote: { allow: ['example.org'] } },
  { remote: { allow: ['https://*.example.org'] } },
  { remote: { allow: ['https://me:secret@example.org'] } },
  { remote: { allow: ['https://example.org?x=1'] } },
  { remote: { allow: ['https://example.org/a/../b'] } },
  { remote: { allow: ['https://example.org/a/%2e%2e'] } },
  { remote: { allow: ['https://example.org:65536'] } },
  { remote: { allow: ['s3://bucket:1'] } },
  { remote: { allow: [], timeoutMs: 0 } },
  { remote: { deny: [] } },
  { charts: [] },
  { charts: { a: 'bar x=y' } },
  { charts: { a: {} } },
  { charts: { a: { kind: 'pie' } } },
  { charts: { a: { kind: 'bar', colour: 'red' } } },
  { charts: { a: { kind: 'bar', x: '' } } },
  { charts: { a: { kind: 'bar', y: [] } } },
  { charts: { a: { kind: 'bar', y: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'] } } },
  { charts: { a: { kind: 'bar', y: [1] } } },
  { charts: { a: { kind: 'bar', agg: 'mean' } } },
  { charts: { a: { kind: 'bar', bins: 0 } } },
  { charts: { a: { kind: 'bar', limit: 1001 } } },
  { chains: { a: [] } },
  { chains: { a: '../x.chain.json' } },
  { chains: { a: { steps: [{ sql: ' ' }] } } },
];

describe('a workspace file', () => {
  let folder: string;
  let warnings: string[];
  let files: WorkspaceFiles;
  const write = (text: string): void => writeFileSync(path.join(folder, 'quern.json'), text);
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'qw-'));
    warnings = [];
    files = new WorkspaceFiles({ warn: (message) => warnings.push(message) });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is judged alike by the parser and by the schema that editors use', () => {
    for (const value of GOOD) assert(parses(value) && fitsSchema(value), JSON.stringify(value));
    for (const value of BAD) assert(!parses(value) && !fitsSchema(value), JSON.stringify(value));
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...MEMBERS), (value, name) => {
        const json = JSON.parse(JSON.stringify({ [name]: value })) as unknown;
        assert.equal(parses(json), fitsSchema(json), JSON.stringify(json));
      }),
    );
  });

  it('has a description of each member for editors', () => {
    const { properties } = schema as {
      readonly properties: Readonly<Record<string, { description?: string }>>;
    };
    for (const [name, { description = '' }] of Object.entries(properties)) {
      assert(description.length > 20, name);
    }
  });

  it('tells every fault, each at its path, and keeps what is sound', () => {
    const text = JSON.stringify({
      limits: { timeoutMs: 0 },
      capabilities: { a: ['state'], b: ['network'] },
      tables: { t: {} },
      plugin: [],
    });
    const { settings, faults } = readWorkspaceFile(text, { source: 'quern.json' });
    assert.deepEqual(
      faults.map(({ details }) => [details.path, details.unknown === true]),
      [
        ['$.plugin', true],
        ['$.limits.timeoutMs', false],
        ['$.capabilities.b[0]', false],
        ['$.tables.t.path', false],
      ],
    );
    assert.deepEqual([...settings.capabilities], [['a', ['state']]]);
  });

  it('fails nothing else where a table is at fault, and warns of it', () => {
    write(
      '{"limits": {"timeoutMs": 5}, "tables": {"t": {"path": 7}, "u": {"path": "a"}, "U": {"path": "b"}}}',
    );
    const { tables, tableFaults, limits } = files.settingsOf(folder);
    assert.deepEqual(limits, { timeoutMs: 5 });
    assert.deepEqual([...tables.keys()], ['u']);
    assert.deepEqual([...tableFaults.keys()], ['t', 'U']);
    assert.match(tableFaults.get('t') ?? '', /\$\.tables\.t\.path is 7; write/);
    assert.equal(warnings.length, 2);
    assert.match(warnings[1] ?? '', /\$\.tables\.U differs by case alone/);
  });

  it('gives limits, grants and modes, of all modules and of each', () => {
    write(
      JSON.stringify({
        limits: { timeoutMs: 5 },
        capabilities: { '*': ['log'], a: ['state', 'log'] },
        modes: { '*': 'metered', a: 'unmetered' },
      }),
    );
    assert.deepEqual(files.defaultsFor(folder), { timeoutMs: 5 });
    assert.deepEqual(files.grantsFor(folder, 'a', DIGEST), ['log', 'state']);
    assert.deepEqual(files.grantsFor(folder, 'b', DIGEST), ['log']);
    assert.deepEqual([files.modeFor(folder, 'a'), files.modeFor(folder, 'b')], ['unmetered', 'metered']);
  });

  it('says nothing where there is none, and of namespaces that are no folder', () => {
    for (const namespace of [folder, 'default', path.join(folder, 'gone')]) {
      assert.deepEqual(files.defaultsFor(namespace), {});
      assert.deepEqual(files.grantsFor(namespace, 'a', DIGEST), []);
      assert.equal(files.modeFor(namespace, 'a'), undefined);
    }
    assert.deepEqual(warnings, []);
  });

  it('is read again when it changes and when it goes', async () => {
    assert.deepEqual(files.defaultsFor(folder), {});
    await turn();
    write('{"limits": {"timeoutMs": 5}}');
    assert.deepEqual(files.defaultsFor(folder), { timeoutMs: 5 });
    await turn();
    write('{"limits": {"timeoutMs": 600}}');
    assert.deepEqual(files.defaultsFor(folder), { timeoutMs: 600 });
    await turn();
    rmSync(path.join(folder, 'quern.json'));
    assert.deepEqual(files.defaultsFor(folder), {});
  });

  it('fails what asks for it while it is broken, and warns once of each state of it', async () => {
    write('{"limits": {"timeoutms": 5}}');
    const broken = /quern\.json, \$\.limits\.timeoutms is not known; did you mean timeoutMs\?/;
    await throwsKind('FORMAT_WORKSPACE', broken, () => files.defaultsFor(folder));
    await turn();
    await throwsKind('FORMAT_WORKSPACE', broken, () => files.grantsFor(folder, 'a', DIGEST));
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', broken);
    await turn();
    write('{');
    await throwsKind('FORMAT_WORKSPACE', /not JSON/, () => files.modeFor(folder, 'a'));
    assert.equal(warnings.length, 2);
    await turn();
    write('{}');
    assert.deepEqual(files.defaultsFor(folder), {});
  });
});
