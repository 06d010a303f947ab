import { type ByteReader, malformed } from '../byte-reader.ts';
import { hex } from '../read-types.ts';
import type { EmptyGroup, OutlineType } from './module-outline.ts';
import { readFieldText, readSignature, type Signature, signatureText } from './type-text.ts';

const REC = 0x4e;
const SUB = 0x50;
const SUB_FINAL = 0x4f;
const SHARED = 0x65;
const DESCRIBES = 0x4c;
const DESCRIPTOR = 0x4d;
const FUNCTION = 0x60;
const STRUCT = 0x5f;
const ARRAY = 0x5e;

/**
 * Reads an entry of the type section, which is a type or a recursive group of types:
 * https://webassembly.github.io/spec/core/binary/types.html#recursive-types.
 *
 * @param found gets the types
 * @throws CoreError FORMAT_WASM; the types before the fault are in `found`
 */
export function readTypeEntry(
  reader: ByteReader,
  found: { readonly types: OutlineType[]; readonly emptyGroups: EmptyGroup[] },
): void {
  if (reader.bytes[reader.offset] !== REC) {
    found.types.push(readSubType(reader));
    return;
  }
  reader.u8();
  const groupSize = reader.u32();
  if (groupSize === 0) found.emptyGroups.push({ beforeType: found.types.length });
  for (let index = 0; index < groupSize; index++) {
    const type = readSubType(reader);
    found.types.push(index === 0 ? { ...type, groupSize } : type);
  }
}

interface Composite {
  readonly text: string;
  readonly signature?: Signature;
}

function readSubType(reader: ByteReader): OutlineType {
  const form = reader.bytes[reader.offset];
  if (form !== SUB && form !== SUB_FINAL) return readComposite(reader);
  reader.u8();
  const supertypes: number[] = [];
  for (let left = reader.u32(); left > 0; left--) supertypes.push(reader.u32());
  const { text, ...rest } = readComposite(reader);
  return {
    text: `(${['sub', ...(form === SUB_FINAL ? ['final'] : []), ...supertypes, text].join(' ')})`,
    ...rest,
  };
}

function readComposite(reader: ByteReader): Composite {
  const offset = reader.offset;
  const form = reader.u8();
  switch (form) {
    case FUNCTION: {
      const signature = readSignature(reader);
      return { text: `(func${signatureText(signature)})`, signature };
    }
    case STRUCT: {
      const fields: string[] = [];
      for (let left = reader.u32(); left > 0; left--) fields.push(` (field ${readFieldText(reader)})`);
      return { text: `(struct${fields.join('')})` };
    }
    case ARRAY:
      return { text: `(array ${readFieldText(reader)})` };
    case SHARED:
    case DESCRIBES:
    case DESCRIPTOR:
      return readWrapped(reader, form);
  }
  throw malformed(`${hex(form)} is not a type`, offset);
}

/** A shared type, or one that describes another or is described: at most one of each, so that none nests without end. */
function readWrapped(reader: ByteReader, form: number): Composite {
  const place = form === SHARED ? '' : ` ${reader.u32()}`;
  const offset = reader.offset;
  const next = reader.bytes[offset] ?? 0;
  if (next === SHARED || next === DESCRIBES || (next === DESCRIPTOR && form !== DESCRIBES)) {
    throw malformed(`${hex(next)} is not a type`, offset);
  }
  const { text, ...rest } = readComposite(reader);
  if (form === SHARED) return { text: `(shared ${text})`, ...rest };
  return { text: `(${form === DESCRIBES ? 'describes' : 'descriptor'}${place}) ${text}`, ...rest };
}
