import { ByteReader } from '../../../wasm-core/binary/byte-reader.ts';
import { exportRoles } from '../../../wasm-core/binary/function-exports.ts';
import { OP } from '../../../wasm-core/binary/opcodes.ts';
import { type PlacedInstruction, readInstructions } from '../../../wasm-core/binary/read-instructions.ts';
import { importedCount, type WasmModule } from '../../../wasm-core/binary/wasm-module.ts';
import { CoreError } from '../../../wasm-core/protocol/errors.ts';
import type { PluginFunction } from '../../../wasm-core/protocol/plugins.ts';

/** A compiler's thread waits for what is read of a module: of one with more code, bytes, nothing is. */
const MAX_CODE_BYTES = 2 * 1024 * 1024;

/** The code of a module, read where a check asks for it. */
export class ModuleCode {
  private readonly imported: number;
  private readonly bodies = new Map<number, readonly PlacedInstruction[]>();
  private readonly isLarge: boolean;

  /** @param module one that V8 takes */
  constructor(private readonly module: WasmModule) {
    this.imported = importedCount(module, 'function');
    const byteLength = module.bodies.reduce((sum, { start, end }) => sum + end - start, 0);
    this.isLarge = byteLength > MAX_CODE_BYTES;
  }

  /** The functions by index, imported ones too, that a function of SQL may come to, as far as code tells. */
  reachedBy(fn: PluginFunction): ReadonlySet<number> {
    const forms = exportRoles(fn).flatMap((role) => role.forms);
    const open = forms.flatMap(({ name }) => this.module.exportedFunctions.get(name) ?? []);
    const reached = new Set(open);
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      for (const next of this.calledBy(index)) {
        if (reached.has(next)) continue;
        reached.add(next);
        open.push(next);
      }
    }
    return reached;
  }

  /** The instructions of a function; none of an imported one, and of code that is too large or not ours to read. */
  instructions(index: number): readonly PlacedInstruction[] {
    const known = this.bodies.get(index);
    if (known !== undefined) return known;
    const read = this.read(index);
    this.bodies.set(index, read);
    return read;
  }

  /** The index behind an instruction's opcode, of those that have one there. */
  indexOf({ offset }: PlacedInstruction): number {
    return new ByteReader(this.module.bytes, offset + 1).u32();
  }

  private calledBy(index: number): number[] {
    return this.instructions(index).flatMap((instruction) => {
      const { opcode } = instruction;
      if (opcode === OP.call || opcode === OP.returnCall) return [this.indexOf(instruction)];
      const isIndirect = opcode === OP.callIndirect || opcode === OP.returnCallIndirect;
      return isIndirect ? this.ofType(this.indexOf(instruction)) : [];
    });
  }

  /** Functions that an indirect call of a type may mean. */
  private ofType(typeIndex: number): number[] {
    const wanted = this.module.types[typeIndex];
    if (wanted === undefined) return [];
    return this.module.functions.flatMap((type, index) =>
      type.parameters.join() === wanted.parameters.join() && type.results.join() === wanted.results.join()
        ? [index]
        : [],
    );
  }

  private read(index: number): readonly PlacedInstruction[] {
    const body = this.module.bodies[index - this.imported];
    if (body === undefined || this.isLarge) return [];
    try {
      return readInstructions(this.module, body);
    } catch (error) {
      if (error instanceof CoreError) return [];
      throw error;
    }
  }
}
