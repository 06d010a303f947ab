import { withCustomSection } from '../../wasm-core/binary/custom-section.ts';
import { readInstructions } from '../../wasm-core/binary/read-instructions.ts';
import { readModule } from '../../wasm-core/binary/reader.ts';
import {
  type MapSegment,
  SOURCE_MAP_SECTION,
  sourceMapText,
} from '../../wasm-core/binary/source-lines/source-map.ts';
import { encodeUtf8 } from '../../wasm-core/binary/utf8.ts';
import { type ByteRange, SECTION, type WasmModule } from '../../wasm-core/binary/wasm-module.ts';
import { LineMap } from './text-positions.ts';
import { type ListedInstruction, listFunctions } from './wat-instructions.ts';

/**
 * Puts the lines of a module's text into it, since the assembler says nothing of them. The instructions of each function
 * are listed from the text and from the binary; where the lists do not agree, the function has no lines rather than
 * false ones.
 *
 * @param wasm valid, and assembled from the text
 * @param source.file what the lines name
 * @returns a new file; the module as it is when it has no function with lines
 */
export function embedWatLines(
  wasm: Uint8Array,
  source: { readonly text: string; readonly file: string },
): Uint8Array {
  const module = readModule(wasm);
  const code = module.sections.find((s) => s.id === SECTION.code);
  const functions = listFunctions(source.text);
  if (code === undefined || functions.length !== module.bodies.length) return wasm;
  const lines = new LineMap(source.text);
  const segments = module.bodies.flatMap((body, index) =>
    bodySegments(module, { body, listed: functions[index], codeStart: code.payloadStart, lines }),
  );
  if (segments.every(({ place }) => place === undefined)) return wasm;
  const content = encodeUtf8(sourceMapText({ sources: [source.file], segments }));
  return withCustomSection(wasm, { name: SOURCE_MAP_SECTION, content });
}

function bodySegments(
  module: WasmModule,
  options: {
    readonly body: ByteRange;
    readonly listed: readonly ListedInstruction[] | undefined;
    readonly codeStart: number;
    readonly lines: LineMap;
  },
): MapSegment[] {
  const { body, listed, codeStart, lines } = options;
  const found = readInstructions(module, body);
  const agrees =
    listed?.length === found.length &&
    found.every(({ opcode }, at) => (listed[at]?.opcode ?? opcode) === opcode);
  if (!agrees) return [{ address: body.start - codeStart }];
  return found.map(({ offset }, at): MapSegment => {
    const { line, character } = lines.position(listed[at]?.start ?? 0);
    return { address: offset - codeStart, place: { source: 0, line: line + 1, column: character + 1 } };
  });
}
