import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { DocumentValue } from '../../../wasm-core/protocol/plugins.ts';
import {
  fieldAt,
  fieldInteger,
  fieldNumber,
  fieldText,
} from '../../../wasm-core/runtime/host-functions/document-path.ts';
import { throwsKind } from '../../support/core-error.ts';
import { HostCalls } from '../../support/host-calls.ts';

const DOCUMENT: DocumentValue = {
  id: 'doc-1',
  score: 0.75,
  fields: {
    title: 'Grüße',
    author: { name: 'Ada', born: 1815 },
    tags: ['a', 'b'],
    large: '-9223372036854775808',
    half: 0.5,
    yes: true,
    no: false,
    nothing: null,
    '': { '': 'empty names' },
  },
};

const ROOM = 4096;

async function textOf(path: string, document: DocumentValue | undefined = DOCUMENT) {
  const calls = await HostCalls.create({ document });
  const length = Number(calls.call('field_string', ...calls.put(0, path), ROOM, 100));
  return length < 0 ? undefined : calls.text(ROOM, length);
}

describe('field_string', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['title', 'Grüße'],
    ['author.name', 'Ada'],
    ['author.born', '1815'],
    ['author', '{"name":"Ada","born":1815}'],
    ['tags', '["a","b"]'],
    ['tags.1', 'b'],
    ['half', '0.5'],
    ['yes', 'true'],
    ['.', 'empty names'],
    ['tags.2', undefined],
    ['tags.-1', undefined],
    ['tags.01', undefined],
    ['tags.length', undefined],
    ['tags.at', undefined],
    ['title.0', undefined],
    ['title.length', undefined],
    ['nothing', undefined],
    ['author.name.first', undefined],
    ['Title', undefined],
    ['constructor', undefined],
    ['__proto__', undefined],
    ['author.__proto__.constructor.name', undefined],
    ['hasOwnProperty', undefined],
  ];
  for (const [path, expected] of cases) {
    it(`of ${path} is ${expected ?? 'absent'}`, async () => assert.equal(await textOf(path), expected));
  }

  it('is absent without a document', async () => {
    const calls = await HostCalls.create();
    assert.equal(calls.call('field_string', ...calls.put(0, 'title'), ROOM, 100), -1);
    assert.equal(calls.call('field_bool', ...calls.put(0, 'yes')), -1);
  });

  it('gives the length alone where the text does not fit', async () => {
    const calls = await HostCalls.create({ document: DOCUMENT });
    const path = calls.put(0, 'title');
    assert.equal(calls.call('field_string', ...path, ROOM, 6), 7);
    assert.equal(calls.text(ROOM, 1), '\0');
    assert.equal(calls.call('field_string', ...path, ROOM, 7), 7);
    assert.equal(calls.text(ROOM, 7), 'Grüße');
  });

  it('may write over its own path', async () => {
    const calls = await HostCalls.create({ document: DOCUMENT });
    assert.equal(calls.call('field_string', ...calls.put(0, 'title'), 2, 50), 7);
    assert.equal(calls.text(2, 7), 'Grüße');
  });

  it('reads an own field of any name', async () => {
    const fields = JSON.parse('{"__proto__":{"constructor":"mine"},"hasOwnProperty":1}') as object;
    const document = { fields: fields as Record<string, unknown> };
    assert.equal(await textOf('__proto__.constructor', document), 'mine');
    assert.equal(await textOf('hasOwnProperty', document), '1');
  });

  it('finds nothing at a path that is too long or too deep, and refuses one that is not UTF-8', async () => {
    const calls = await HostCalls.create({ document: DOCUMENT });
    assert.equal(calls.call('field_string', 0, 65_536, ROOM, 0), -1);
    assert.equal(calls.call('field_string', ...calls.put(0, '.'.repeat(200)), ROOM, 0), -1);
    const binary = calls.put(0, Uint8Array.of(0x80));
    await throwsKind('RESULT_INVALID', /the path of host\.field_string as 1 bytes/, () =>
      calls.call('field_string', ...binary, ROOM, 0),
    );
  });
});

describe('field_i64, field_f64 and field_bool', () => {
  it('give a value and say that it is there, or leave memory as it is', async () => {
    const calls = await HostCalls.create({ document: DOCUMENT });
    const memory = new DataView(calls.memory.buffer);
    const ask = (name: string, path: string, ...rest: number[]) =>
      calls.call(name, ...calls.put(0, path), ...rest);
    assert.equal(ask('field_i64', 'large', ROOM), 1);
    assert.equal(memory.getBigInt64(ROOM, true), -(2n ** 63n));
    assert.equal(ask('field_i64', 'half', ROOM), 0);
    assert.equal(memory.getBigInt64(ROOM, true), -(2n ** 63n));
    assert.equal(ask('field_f64', 'half', ROOM + 1), 1);
    assert.equal(memory.getFloat64(ROOM + 1, true), 0.5);
    assert.equal(ask('field_f64', 'large', ROOM), 1);
    assert.equal(memory.getFloat64(ROOM, true), -(2 ** 63));
    assert.equal(ask('field_f64', 'title', ROOM), 0);
    assert.deepEqual(
      ['yes', 'no', 'half', 'gone'].map((p) => ask('field_bool', p)),
      [1, 0, -1, -1],
    );
  });

  const integers: readonly (readonly [unknown, bigint | undefined])[] = [
    [0, 0n],
    [-0, 0n],
    [2 ** 53, 2n ** 53n],
    [-(2 ** 63), -(2n ** 63n)],
    [2 ** 63, undefined],
    [1e300, undefined],
    [0.5, undefined],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    ['9223372036854775807', 2n ** 63n - 1n],
    ['9223372036854775808', undefined],
    ['-9223372036854775809', undefined],
    ['9'.repeat(100_000), undefined],
    ['', undefined],
    [' 1', undefined],
    ['0x10', undefined],
    ['1e3', undefined],
    ['+1', undefined],
    [true, undefined],
    [[1], undefined],
    [7n, 7n],
    [2n ** 64n, undefined],
  ];
  for (const [value, expected] of integers) {
    const shown = typeof value === 'bigint' ? `${value}n` : String(JSON.stringify(value)).slice(0, 40);
    it(`takes ${shown} ${expected === undefined ? 'for no whole number' : `for ${expected}`}`, () => {
      assert.equal(fieldInteger(value), expected);
      if (typeof value !== 'number') assert.equal(fieldNumber(value), expected && Number(expected));
    });
  }
});

describe('document_id and score', () => {
  it('give what the document has, and say when it has none', async () => {
    const calls = await HostCalls.create({ document: DOCUMENT });
    assert.equal(calls.call('document_id', ROOM, 100), 5);
    assert.equal(calls.text(ROOM, 5), 'doc-1');
    assert.equal(calls.call('document_id', 0, 0), 5);
    assert.equal(calls.call('score', ROOM), 1);
    assert.equal(new DataView(calls.memory.buffer).getFloat64(ROOM, true), 0.75);
    calls.run = { ...calls.run, document: { fields: {} } };
    assert.equal(calls.call('document_id', ROOM, 100), -1);
    assert.equal(calls.call('score', ROOM), 0);
  });
});

/** Every path of a document and the value that it names. */
function everyPath(value: unknown, path: readonly string[]): [string, unknown][] {
  const own: [string, unknown][] = path.length > 0 ? [[path.join('.'), value ?? undefined]] : [];
  if (typeof value !== 'object' || value === null) return own;
  return [...own, ...Object.entries(value).flatMap(([name, part]) => everyPath(part, [...path, name]))];
}

describe('paths of documents', () => {
  const name = fc.string({ maxLength: 4 }).filter((text) => !text.includes('.'));
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof({ depthSize: 'small' }, leaf, tie('list'), tie('object')),
    list: fc.array(tie('tree'), { maxLength: 4 }),
    object: fc.dictionary(name, tie('tree'), { maxKeys: 4 }),
  }));
  const documents = fc.dictionary(name, tree, { maxKeys: 5 });

  it('reach every field and give the value that JSON has there', () => {
    fc.assert(
      fc.property(documents, (fields) => {
        for (const [path, value] of everyPath(fields, [])) {
          assert.equal(fieldAt(fields, path), value, path);
          if (value !== undefined && typeof value !== 'string') {
            assert.equal(fieldText(value), JSON.stringify(value));
          }
        }
      }),
    );
  });

  it('reach nothing else', () => {
    const probe = fc.array(fc.oneof(name, fc.constantFrom('__proto__', 'length', 'constructor', '0', '1')), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(documents, probe, (fields, names) => {
        const found = fieldAt(fields, names.join('.'));
        const known = new Map(everyPath(fields, []));
        assert.equal(found, known.get(names.join('.')));
      }),
    );
  });
});
