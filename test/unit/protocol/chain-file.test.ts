import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import fc from 'fast-check';
import {
  INPUT_FORMATS,
  MAX_CHAIN_STEPS,
  OUTPUT_FORMATS,
  parseChainFile,
} from '../../../wasm-core/protocol/chain-file.ts';
import { CoreError } from '../../../wasm-core/protocol/errors.ts';
import { throwsKind } from '../../support/core-error.ts';
import { projectRoot, readProjectFile } from '../../support/project.ts';
import { projectFiles } from '../../support/sources.ts';

const schema = JSON.parse(readProjectFile('syntaxes/chain.schema.json')) as object;
const fitsSchema = new Ajv({ strict: false }).compile(schema);

const parse = (value: unknown) => parseChainFile(JSON.stringify(value), { source: 'x.chain.json' });

function parses(value: unknown): boolean {
  try {
    parse(value);
    return true;
  } catch (error) {
    assert(error instanceof CoreError && error.kind === 'FORMAT_CHAIN', String(error));
    return false;
  }
}

const GOOD: readonly unknown[] = [
  { steps: ['upper'] },
  { $schema: 'https://x/y', name: 'n', doc: 'd', limits: { timeoutMs: 5, fuel: 9 }, steps: ['a', 'b'] },
  { steps: Array(MAX_CHAIN_STEPS).fill('a') },
  { steps: [{ plugin: 'a' }] },
  { steps: [{ plugin: 'a', name: 'b', config: null, limits: {} }] },
  { steps: [{ plugin: 'a', config: { deep: [1, { x: 'y' }] }, limits: { memoryMb: 4096 } }] },
  { steps: [{ sql: 'from input' }] },
  ...INPUT_FORMATS.map((input) => ({ steps: [{ sql: 'from input', input }] })),
  ...OUTPUT_FORMATS.map((output) => ({ steps: [{ sql: 'from input', name: 'n', output }] })),
];

const BAD: readonly unknown[] = [
  null,
  [],
  ['upper'],
  'upper',
  {},
  { steps: [] },
  { steps: Array(MAX_CHAIN_STEPS + 1).fill('a') },
  { steps: 'a' },
  { steps: [''] },
  { steps: [7] },
  { steps: [null] },
  { steps: [['a']] },
  { steps: ['a'], namespace: 'x' },
  { steps: ['a'], name: '' },
  { steps: ['a'], name: 'n'.repeat(201) },
  { steps: ['a'], doc: 1 },
  { steps: ['a'], limits: { timeoutMs: 0 } },
  { steps: ['a'], limits: { timeoutMs: 1.5 } },
  { steps: ['a'], limits: { memoryMb: 4097 } },
  { steps: ['a'], limits: { pages: 1 } },
  { steps: ['a'], limits: [] },
  { steps: [{}] },
  { steps: [{ plugin: '' }] },
  { steps: [{ plugin: 'a', sql: 'b' }] },
  { steps: [{ plugin: 'a', input: 'json' }] },
  { steps: [{ sql: '' }] },
  { steps: [{ sql: '  ' }] },
  { steps: [{ sql: 'a', config: 1 }] },
  { steps: [{ sql: 'a', input: 'xml' }] },
  { steps: [{ sql: 'a', output: 'text' }] },
  { steps: [{ sql: 'a', limits: { fuel: '1' } }] },
];

describe('a chain file', () => {
  it('is judged alike by the parser and by the schema that editors use', () => {
    for (const value of GOOD) {
      assert(parses(value), JSON.stringify(value));
      assert(fitsSchema(value), JSON.stringify([value, fitsSchema.errors]));
    }
    for (const value of BAD) {
      assert(!parses(value), JSON.stringify(value));
      assert(!fitsSchema(value), JSON.stringify(value));
    }
  });

  it('is judged alike for members of any value, too', () => {
    const text = fc.constantFrom('', ' ', 'a', 'json', 'csv', 'text');
    const limit = fc.oneof(fc.integer({ min: -1, max: 5000 }), fc.constant(null), fc.double(), text);
    const limits = fc.record({ timeoutMs: limit, memoryMb: limit, fuel: limit }, { requiredKeys: [] });
    const value = fc.oneof(text, limits, fc.constant(null), fc.integer());
    const step = fc.oneof(
      text,
      fc.record(
        { plugin: text, sql: text, name: value, config: value, limits: value, input: value, output: value },
        { requiredKeys: [] },
      ),
    );
    const chain = fc.record(
      { steps: fc.array(step, { maxLength: 3 }), name: value, limits: value },
      {
        requiredKeys: ['steps'],
      },
    );
    fc.assert(
      fc.property(chain, (given) => {
        // As the file's reader sees it: JSON has no NaN.
        const json = JSON.parse(JSON.stringify(given)) as unknown;
        assert.equal(parses(json), fitsSchema(json), JSON.stringify(json));
      }),
      { numRuns: 2000 },
    );
  });

  it('gives a definition that equals what was written', () => {
    for (const value of GOOD) {
      const { $schema: _, ...written } = value as { $schema?: string };
      assert.deepEqual(parse(value), written);
    }
  });

  it('gives a definition or FORMAT_CHAIN for any JSON and any text', () => {
    const source = 'x.chain.json';
    fc.assert(fc.property(fc.jsonValue(), (value) => void parses(value)));
    fc.assert(fc.property(fc.jsonValue(), (value) => void parses({ steps: [value] })));
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseChainFile(text, { source });
        } catch (error) {
          assert(error instanceof CoreError && error.kind === 'FORMAT_CHAIN', String(error));
        }
      }),
    );
  });

  it('says where the fault is and what to write', async () => {
    const faults: readonly (readonly [unknown, RegExp])[] = [
      [{ stps: [] }, /In x\.chain\.json, \$\.stps is not known; did you mean steps\?/],
      [{ steps: [{ plugn: 'a' }] }, /\$\.steps\[0\]\.plugn is not known; did you mean plugin\?/],
      [
        { steps: ['a', { sql: 'x', output: 'ndjsn' }] },
        /\$\.steps\[1\]\.output is "ndjsn"; did you mean ndjson\?/,
      ],
      [{ steps: ['a'], limits: { timeoutMs: 0 } }, /\$\.limits\.timeoutMs is 0; .* from 1 to 600000/],
      [{ steps: [7] }, /\$\.steps\[0\] is 7; write a module's name, \{"plugin": "…"\} or \{"sql": "…"\}/],
      [{}, /\$\.steps is missing; write an array/],
    ];
    for (const [value, message] of faults) await throwsKind('FORMAT_CHAIN', message, () => parse(value));
    const parseText = (text: string) => parseChainFile(text, { source: 'x.chain.json' });
    await throwsKind('FORMAT_CHAIN', /x\.chain\.json is not JSON: /, () => parseText('{'));
    const deep = `{"steps":[{"plugin":"a","config":${'['.repeat(200_000)}${']'.repeat(200_000)}}]}`;
    await throwsKind('FORMAT_CHAIN', /nests more than 128/, () => parseText(deep));
    await throwsKind('FORMAT_CHAIN', /longer than/, () => parseText(' '.repeat(1024 * 1024 + 1)));
  });
});

describe('the example chains', () => {
  it('are chains', () => {
    const files = projectFiles(['.json']).filter((file) => file.endsWith('.chain.json'));
    assert(files.length >= 2);
    for (const file of files) {
      const text = readFileSync(path.join(projectRoot(), file), 'utf8');
      assert(parseChainFile(text, { source: file }).steps.length > 0);
    }
  });
});
