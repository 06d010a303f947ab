import { OP } from '../../../wasm-core/binary/opcodes.ts';
import type { PlacedInstruction } from '../../../wasm-core/binary/read-instructions.ts';
import { isLibrary } from '../../../wasm-core/binary/source-lines/line-table.ts';
import { sourceLines } from '../../../wasm-core/binary/source-lines/source-lines.ts';
import type { PluginFunction } from '../../../wasm-core/protocol/plugins.ts';
import type { PluginCheck, PluginCheckInput, PluginFinding } from './check.ts';

/**
 * Bits of a computed floating-point number that become a result: the sign and the payload of a NaN are the machine's to
 * choose (https://webassembly.github.io/spec/core/exec/numerics.html#nan-propagation).
 *
 * What a body computes is followed through its locals, without regard to order or branches. An operand is taken to come
 * from the instruction before, which holds for all that has its operand computed right there.
 */
export const nanBits: PluginCheck = {
  code: 'nan-bits',
  level: 'information',
  find: (input) =>
    (input.manifest?.functions ?? [])
      .filter(({ deterministic }) => deterministic)
      .flatMap((fn) => findIn(input, fn)),
};

function findIn(input: PluginCheckInput, fn: PluginFunction): PluginFinding[] {
  const { code } = input;
  const storesCount = /\bBLOB\b/.test(fn.returns);
  for (const index of code.reachedBy(fn)) {
    const body = code.instructions(index);
    const uses = body.filter(({ opcode }) => REINTERPRETS.has(opcode) || (storesCount && STORES.has(opcode)));
    if (uses.length === 0) continue;
    const computed = computedLocals(input, body);
    const isComputed = (at: number) => mayBeComputed(input, body[at], computed);
    const found = body.find(
      (instruction, at) => uses.includes(instruction) && isComputed(at - 1) && isOwn(input, instruction),
    );
    if (found === undefined) continue;
    const message = `${fn.name} is declared deterministic, and takes the bits of a number that it computed: when that is NaN, its sign and payload differ from machine to machine. Test for NaN first (x != x) and use a constant for it.`;
    return [{ message, about: { type: 'instruction', offset: found.offset, function: fn.name } }];
  }
  return [];
}

/** `i32.reinterpret_f32` and `i64.reinterpret_f64`. */
const REINTERPRETS: ReadonlySet<number> = new Set([0xbc, 0xbd]);
/** `f32.store` and `f64.store`. */
const STORES: ReadonlySet<number> = new Set([0x38, 0x39]);

/** Locals that hold what arithmetic gave, somewhere in a body. */
function computedLocals(input: PluginCheckInput, body: readonly PlacedInstruction[]): ReadonlySet<number> {
  const computed = new Set<number>();
  for (let before = -1; before < computed.size; ) {
    before = computed.size;
    for (const [at, instruction] of body.entries()) {
      const isSet = instruction.opcode === OP.localSet || instruction.opcode === OP.localTee;
      if (isSet && mayBeComputed(input, body[at - 1], computed))
        computed.add(input.code.indexOf(instruction));
    }
  }
  return computed;
}

function mayBeComputed(
  { code }: PluginCheckInput,
  instruction: PlacedInstruction | undefined,
  computed: ReadonlySet<number>,
): boolean {
  if (instruction === undefined) return false;
  const { opcode } = instruction;
  if (opcode === OP.localGet || opcode === OP.localTee) return computed.has(code.indexOf(instruction));
  return isArithmetic(opcode);
}

/** Instructions on floating-point numbers whose NaN is the machine's: all but those that move bits alone. */
function isArithmetic(opcode: number): boolean {
  const isSingle = opcode >= 0x8d && opcode <= 0x97;
  const isDouble = opcode >= 0x9b && opcode <= 0xa5;
  return isSingle || isDouble || opcode === 0xb6 || opcode === 0xbb;
}

/** Whether an instruction is the author's, as far as is known: a library that formats numbers knows of NaN. */
function isOwn({ module }: PluginCheckInput, { offset }: PlacedInstruction): boolean {
  const [found] = sourceLines(module.bytes, [offset]) ?? [];
  return found?.place === undefined || !isLibrary(found.place.file);
}
