import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ByteSink } from '../../../../wasm-core/binary/byte-sink.ts';
import { concat, sectionBytes, u32Bytes } from '../../../../wasm-core/binary/byte-writer.ts';
import {
  INSTRUCTION_SET,
  type InstructionForm,
} from '../../../../wasm-core/binary/inspect/instruction-set.ts';
import {
  ATOMIC_ROWS,
  BULK_ROWS,
  type ImmediateCode,
  OBJECT_ROWS,
  PLAIN_ROWS,
  VECTOR_ROWS,
} from '../../../../wasm-core/binary/inspect/opcode-table.ts';
import { contentOf, textOf } from '../../../support/inspect.ts';
import { assembleAny } from '../../../support/wasm-tools.ts';

/** An instruction with its opcode's bytes. */
interface Encoded {
  readonly opcode: readonly number[];
  readonly form: InstructionForm;
}

const all: readonly Encoded[] = [
  ...INSTRUCTION_SET.plain.flatMap((form, byte) => (form ? [{ opcode: [byte], form }] : [])),
  ...[...INSTRUCTION_SET.prefixed].flatMap(([prefix, forms]) =>
    forms.flatMap((form, number) => (form ? [{ opcode: [prefix, ...u32Bytes(number)], form }] : [])),
  ),
];

const index = fc.nat({ max: 300 }).map(u32Bytes);
const heapType = fc.constantFrom([0x70], [0x6f], [0x6e], [0x6d], [0x6c], [0x6b], [0x6a], [0x69], [0x71], [5]);
const valueType = fc.oneof(
  fc.constantFrom([0x7f], [0x7e], [0x7d], [0x7c], [0x7b], [0x70], [0x6f], [0x6e]),
  heapType.filter(([byte = 0]) => byte < 0x40).map((type) => [0x63, ...type]),
  heapType.map((type) => [0x64, ...type]),
);
const bytes = (length: number) => fc.array(fc.nat({ max: 255 }), { minLength: length, maxLength: length });
const list = <T extends readonly number[]>(item: fc.Arbitrary<T>, extra = 0) =>
  fc
    .array(item, { minLength: extra, maxLength: 4 })
    .map((items) => [...u32Bytes(items.length - extra), ...items.flat()]);

function signedBytes(value: bigint): number[] {
  const out: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    const low = Number(rest & 0x7fn);
    const isLast = rest >> 6n === 0n || rest >> 6n === -1n;
    out.push(isLast ? low : low | 0x80);
    if (isLast) return out;
  }
}

/** Any immediate as an assembler would write it. */
function immediate(code: ImmediateCode): fc.Arbitrary<readonly number[]> {
  switch (code) {
    case 'block':
      return fc.oneof(fc.constant([0x40]), valueType);
    case 'catches':
      return list(
        fc.oneof(
          fc.tuple(fc.constantFrom([0], [1]), index, index).map((parts) => parts.flat()),
          fc.tuple(fc.constantFrom([2], [3]), index).map((parts) => parts.flat()),
        ),
      );
    case 'labels':
      return list(index, 1);
    case 'lane':
      return bytes(1);
    case 'lanes':
    case 'v128':
      return bytes(16);
    case 'i32':
      return fc.bigInt({ min: -(2n ** 31n), max: 2n ** 31n - 1n }).map(signedBytes);
    case 'i64':
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(signedBytes);
    case 'f32':
      return bytes(4);
    case 'f64':
      return bytes(8);
    case 'heap':
    case 'ref':
    case 'refnull':
      return heapType;
    case 'types':
      return valueType.map((type) => [1, ...type]);
    case 'cast':
      return fc
        .tuple(fc.constantFrom([0], [1], [2], [3]), index, heapType, heapType)
        .map((parts) => parts.flat());
    case 'zero':
      return fc.constant([0]);
    default:
      return /^\d$/.test(code) ? memoryArgument(Number(code)) : index;
  }
}

function memoryArgument(natural: number): fc.Arbitrary<readonly number[]> {
  const offset = fc.oneof(fc.nat(), fc.constantFrom(0, 1, 2 ** 32 - 1)).map(u32Bytes);
  const plain = fc.tuple(fc.nat({ max: natural }), offset).map(([align, at]) => [align, ...at]);
  const named = fc
    .tuple(fc.nat({ max: natural }), fc.integer({ min: 1, max: 200 }).map(u32Bytes), offset)
    .map(([align, memory, at]) => [align + 0x40, ...memory, ...at]);
  return fc.oneof(plain, named);
}

/** A module with one function that holds the instruction, and what closes the block that it opens. */
function moduleWith(instruction: readonly number[], { nesting, name }: InstructionForm): Uint8Array {
  const closing = nesting === 'opens' ? [0x0b] : [];
  const opening: Readonly<Record<string, readonly number[]>> = {
    else: [0x04, 0x40],
    catch: [0x06, 0x40],
    catch_all: [0x06, 0x40],
    delegate: [0x06, 0x40],
  };
  const before = opening[name] ?? [];
  const after = name === 'delegate' || before.length === 0 ? closing : [0x0b];
  const code = [0, ...before, ...instruction, ...after, ...(name === 'end' ? [] : [0x0b])];
  const sink = new ByteSink();
  for (const byte of [1, ...u32Bytes(code.length), ...code]) sink.u8(byte);
  return concat([
    Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
    sectionBytes(1, Uint8Array.from([1, 0x60, 0, 0])),
    sectionBytes(3, Uint8Array.from([1, 0])),
    sectionBytes(10, sink.toBytes()),
  ]);
}

describe('an instruction', () => {
  it('has an opcode of its own', () => {
    for (const rows of [PLAIN_ROWS, OBJECT_ROWS, BULK_ROWS, VECTOR_ROWS, ATOMIC_ROWS]) {
      let end = 0;
      for (const row of rows.trim().split('\n')) {
        const [first, ...entries] = row.split(' ');
        assert.ok(Number(first) >= end, `${row} begins behind the row before it`);
        end = Number(first) + entries.length;
      }
    }
    assert.ok(all.length > 550, `${all.length} instructions`);
  });

  it('is printed so that an assembler makes the same bytes of it', async () => {
    for (const { opcode, form } of all) {
      const operands = fc.tuple(...form.immediates.map(immediate)).map((parts) => parts.flat());
      for (const immediates of fc.sample(operands, form.immediates.length === 0 ? 1 : 12)) {
        const module = moduleWith([...opcode, ...immediates], form);
        const text = textOf(module);
        const again = await assembleAny(text).catch((error: unknown) => assert.fail(`${text}\n${error}`));
        assert.equal(contentOf(again).code, contentOf(module).code, text);
      }
    }
  }).timeout(120_000);
});
