import { ByteReader } from '../../../wasm-core/binary/byte-reader.ts';
import { ByteSink } from '../../../wasm-core/binary/byte-sink.ts';
import { concat, nameBytes, u32Bytes } from '../../../wasm-core/binary/byte-writer.ts';
import type { AddedFunction } from '../../../wasm-core/binary/control-functions.ts';
import { writeManifest } from '../../../wasm-core/binary/manifest.ts';
import { OP, VOID_BLOCK } from '../../../wasm-core/binary/opcodes.ts';
import { readModule } from '../../../wasm-core/binary/reader.ts';
import {
  exportBytes,
  functionTypeBytes,
  sectionOf,
  withEntries,
  withEntriesBehind,
  withSections,
} from '../../../wasm-core/binary/rewrite-sections.ts';
import { SECTION, type WasmModule } from '../../../wasm-core/binary/wasm-module.ts';
import type { PluginManifest } from '../../../wasm-core/protocol/plugins.ts';

/**
 * The module of a plugin in JavaScript: QuickJS, the program as a passive data segment, and for each function an export in
 * the batch form of docs/plugin-abi.md, which copies the program into the instance's memory before its first call.
 *
 * @param quickJs the module that tools/quickjs/build.sh makes
 * @param program of `programBytes`, with the manifest's functions in the same order
 */
export function javaScriptModule(
  quickJs: Uint8Array,
  program: Uint8Array,
  manifest: PluginManifest,
): Uint8Array {
  const module = readModule(quickJs);
  const segment = segmentCount(module);
  const wrappers = manifest.functions.map((_, index) => wrapper(module, { index, segment, program }));
  const count = (index: number) => Uint8Array.from(u32Bytes(index));
  const code = wrappers.map(({ body }) => concat([count(body.byteLength), body]));
  const type = wrappers.slice(0, 1).map(functionTypeBytes);
  const wasm = withSections(
    module,
    new Map([
      [SECTION.type, withEntries(module, SECTION.type, type)],
      [
        SECTION.function,
        withEntries(
          module,
          SECTION.function,
          wrappers.map(() => count(module.types.length)),
        ),
      ],
      [SECTION.export, withEntriesBehind(undefined, exportsOf(module, manifest))],
      [SECTION.dataCount, count(segment + 1)],
      [SECTION.code, withEntries(module, SECTION.code, code)],
      [
        SECTION.data,
        withEntries(module, SECTION.data, [concat([count(PASSIVE), count(program.byteLength), program])]),
      ],
    ]),
  );
  return writeManifest(wasm, manifest);
}

const PASSIVE = 1;

/** How many data segments there are. */
function segmentCount(module: WasmModule): number {
  const section = sectionOf(module, SECTION.data);
  return section === undefined ? 0 : new ByteReader(module.bytes, section.payloadStart, section.end).u32();
}

/** What the host needs, without what the wrappers alone call. */
function exportsOf(module: WasmModule, { functions }: PluginManifest): Uint8Array[] {
  return [
    memoryExport(),
    ...['alloc', 'free'].map((name) => exportBytes(name, indexOf(module, name))),
    ...functions.map((fn, index) => exportBytes(`${fn.export}__batch`, module.functions.length + index)),
  ];
}

function memoryExport(): Uint8Array {
  return concat([nameBytes('memory'), Uint8Array.of(MEMORY_KIND, 0)]);
}

const MEMORY_KIND = 2;

function wrapper(
  module: WasmModule,
  about: { readonly index: number; readonly segment: number; readonly program: Uint8Array },
): AddedFunction {
  const { index, segment, program } = about;
  const code = new ByteSink();
  const put = (opcode: number, immediate: number): void => {
    code.u8(opcode);
    code.u32(immediate);
  };
  const constant = (value: number): void => {
    code.u8(OP.i32Const);
    code.s32(value);
  };
  put(OP.call, indexOf(module, 'js_is_new'));
  code.put([OP.if, VOID_BLOCK]);
  constant(program.byteLength);
  put(OP.call, indexOf(module, 'js_room'));
  constant(0);
  constant(program.byteLength);
  code.put([OP.memoryInit >>> 12, OP.memoryInit & 0xff]);
  code.u32(segment);
  code.put([0, OP.end]);
  put(OP.localGet, 0);
  put(OP.localGet, 1);
  constant(index);
  put(OP.call, indexOf(module, 'js_call'));
  const body = concat([NO_LOCALS, code.view(), Uint8Array.of(OP.end)]);
  return { type: { parameters: ['i32', 'i32'], results: ['i32'] }, body };
}

const NO_LOCALS = Uint8Array.of(0);

function indexOf(module: WasmModule, name: string): number {
  const index = module.exportedFunctions.get(name);
  if (index === undefined) throw new Error(`the module of QuickJS exports no ${name}`);
  return index;
}
