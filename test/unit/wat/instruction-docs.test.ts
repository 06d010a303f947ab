import assert from 'node:assert/strict';
import v8 from 'node:v8';
import {
  INSTRUCTION_DOCS,
  INSTRUCTION_ROWS,
  type InstructionDoc,
  rowPattern,
  typeText,
} from '../../../server/wat/instructions/instruction-docs.ts';
import { INSTRUCTION_SET, type InstructionForm } from '../../../wasm-core/binary/inspect/instruction-set.ts';

const NAMES = new Set(
  [INSTRUCTION_SET.plain, ...INSTRUCTION_SET.prefixed.values()]
    .flat()
    .flatMap((form) => (form === undefined ? [] : [form.name])),
);

describe('the documentation of instructions', () => {
  it('has each instruction in one row, and no row without an instruction', () => {
    const patterns = INSTRUCTION_ROWS.map((row) => ({ row: row[0], pattern: rowPattern(row) }));
    const counts = [...NAMES].map((name) => [
      name,
      patterns.filter(({ pattern }) => pattern.test(name)).length,
    ]);
    assert.deepEqual(
      counts.filter(([, count]) => count !== 1),
      [],
    );
    const unused = patterns.filter(({ pattern }) => ![...NAMES].some((name) => pattern.test(name)));
    assert.deepEqual(unused, []);
    assert.deepEqual(
      [...NAMES].filter((name) => !INSTRUCTION_DOCS.has(name)),
      [],
    );
  });

  it('is a whole sentence', () => {
    for (const { name, text } of INSTRUCTION_DOCS.values()) {
      assert.match(text, /^[A-Z].*\.$/, name);
      assert.doesNotMatch(text, /[$%#]\d|undefined/, name);
    }
  });

  it('says what types are', () => {
    const cases: [string, string][] = [
      ['i32.add', '[i32 i32] -> [i32]'],
      ['i64.load8_s', '[i32] -> [i64]'],
      ['f64x2.replace_lane', '[v128 f64] -> [v128]'],
      ['br_on_null', '[t* (ref null $t)] -> [t* (ref $t)]'],
      ['nop', '[] -> []'],
      ['else', ''],
    ];
    for (const [name, expected] of cases) {
      const doc = INSTRUCTION_DOCS.get(name);
      assert.equal(doc && typeText(doc), expected, name);
    }
  });

  it('gives types of numbers that V8 accepts', () => {
    // Behind a flag in Node 20; later versions have no such flag any more, and ignore it.
    v8.setFlagsFromString('--experimental-wasm-relaxed-simd');
    let count = 0;
    const refused: string[] = [];
    for (const { opcode, form } of numberedForms()) {
      const doc = INSTRUCTION_DOCS.get(form.name);
      if (doc === undefined || NOT_IN_V8.test(form.name)) continue;
      const module = moduleOf(doc, opcode, form);
      if (module === undefined) continue;
      count++;
      if (!WebAssembly.validate(module)) refused.push(`${form.name} ${typeText(doc)}`);
    }
    assert.deepEqual(refused, []);
    assert.ok(count > 480, `${count} instructions`);
  });
});

/** Arithmetic of 128 bits is a proposal that V8 has no code for. */
const NOT_IN_V8 = /^i64\.(?:add128|sub128|mul_wide_[su])$/;

function numberedForms(): { readonly opcode: readonly number[]; readonly form: InstructionForm }[] {
  const list = (
    forms: readonly (InstructionForm | undefined)[],
    opcodeOf: (index: number) => readonly number[],
  ) => forms.flatMap((form, index) => (form === undefined ? [] : [{ opcode: opcodeOf(index), form }]));
  return [
    ...list(INSTRUCTION_SET.plain, (index) => [index]),
    ...[...INSTRUCTION_SET.prefixed].flatMap(([prefix, forms]) =>
      list(forms, (index) => [prefix, ...leb(index)]),
    ),
  ];
}

const TYPES = new Map([
  ['i32', 0x7f],
  ['i64', 0x7e],
  ['f32', 0x7d],
  ['f64', 0x7c],
  ['v128', 0x7b],
]);

const zeros = (count: number): number[] => new Array(count).fill(0);

/** The bytes of an immediate; undefined for what would need more of a module. */
function immediateBytes(code: string): number[] | undefined {
  if (/^\d$/.test(code)) return [Number(code), 0];
  const lengths: Record<string, number> = { i32: 1, i64: 1, f32: 4, f64: 8, v128: 16, lanes: 16 };
  if (['memory', 'lane', 'zero'].includes(code)) return [0];
  const length = lengths[code];
  return length === undefined ? undefined : zeros(length);
}

/** A module with one function of the type of an instruction that holds it; undefined for one that is not plain. */
function moduleOf(
  { type }: InstructionDoc,
  opcode: readonly number[],
  { immediates }: InstructionForm,
): Uint8Array<ArrayBuffer> | undefined {
  const operands = type?.operands.map((operand) => TYPES.get(operand.type));
  const results = type?.results.map((result) => TYPES.get(result));
  const bytes = immediates.map(immediateBytes);
  if (operands === undefined || results === undefined) return undefined;
  if ([...operands, ...results, ...bytes].includes(undefined)) return undefined;
  const vector = (items: readonly (number | undefined)[]) => [items.length, ...items.map(Number)];
  const gets = operands.flatMap((_, index) => [0x20, index]);
  const code = [0, ...gets, ...opcode, ...bytes.flatMap((byte) => byte ?? []), 0x0b];
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, ...vector(operands), ...vector(results)]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(10, [1, ...leb(code.length), ...code]),
  ]);
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...leb(content.length), ...content];
}

function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}
