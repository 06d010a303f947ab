import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import Ajv from 'ajv';
import fc from 'fast-check';
import { parseWorkspaceFile, WorkspaceFiles } from '../../../wasm-core/host/workspace-file.ts';
import { CoreError } from '../../../wasm-core/protocol/errors.ts';
import { throwsKind } from '../../support/core-error.ts';
import { readProjectFile } from '../../support/project.ts';

const schema = JSON.parse(readProjectFile('syntaxes/workspace.schema.json')) as object;
const fitsSchema = new Ajv({ strict: false }).compile(schema);

function parses(value: unknown): boolean {
  try {
    parseWorkspaceFile(JSON.stringify(value), { source: 'quern.json' });
    return true;
  } catch (error) {
    assert(error instanceof CoreError && error.kind === 'FORMAT_WORKSPACE', String(error));
    return false;
  }
}

const GOOD: readonly unknown[] = [
  {},
  { $schema: 'x', limits: {}, capabilities: {}, modes: {} },
  { limits: { timeoutMs: 1, memoryMb: 2, maxOutputBytes: 3, fuel: 4 } },
  { capabilities: { '*': ['state', 'log'], 'my module': [] }, modes: { '*': 'metered', a: 'unmetered' } },
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
      fc.property(fc.jsonValue(), fc.constantFrom('limits', 'capabilities', 'modes', 'x'), (value, name) => {
        const json = JSON.parse(JSON.stringify({ [name]: value })) as unknown;
        assert.equal(parses(json), fitsSchema(json), JSON.stringify(json));
      }),
    );
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
    assert.deepEqual(files.grantsFor(folder, 'a'), ['log', 'state']);
    assert.deepEqual(files.grantsFor(folder, 'b'), ['log']);
    assert.deepEqual([files.modeFor(folder, 'a'), files.modeFor(folder, 'b')], ['unmetered', 'metered']);
  });

  it('says nothing where there is none, and of namespaces that are no folder', () => {
    for (const namespace of [folder, 'default', path.join(folder, 'gone')]) {
      assert.deepEqual(files.defaultsFor(namespace), {});
      assert.deepEqual(files.grantsFor(namespace, 'a'), []);
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
    await throwsKind('FORMAT_WORKSPACE', broken, () => files.grantsFor(folder, 'a'));
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
