import { encodeUtf8 } from '../../binary/utf8.ts';
import { enter, giveBytes, guestBytes, guestText } from './access.ts';
import { fieldAt, fieldInteger, fieldNumber, fieldText, MAX_PATH_BYTES } from './document-path.ts';
import type { HostFunctionOwner, HostFunctions } from './owner.ts';

/** `field_*`, `document_id` and `score`, for modules with the capability `document`. */
export function documentFunctions(owner: HostFunctionOwner): HostFunctions {
  return { ...fieldFunctions(owner), ...aboutFunctions(owner) };
}

/** Each says whether the field is there, which the guest cannot tell from the value. */
function fieldFunctions(owner: HostFunctionOwner): HostFunctions {
  return {
    field_string: (path: number, pathLength: number, pointer: number, capacity: number): number => {
      enter(owner, FIELD_STRING);
      const room = guestBytes(owner, pointer, capacity);
      return giveText(owner, room, fieldText(readField(owner, FIELD_STRING.name, path, pathLength)));
    },
    field_i64: (path: number, pathLength: number, pointer: number): number => {
      enter(owner, FIELD_I64);
      const room = numberAt(owner, pointer);
      const value = fieldInteger(readField(owner, FIELD_I64.name, path, pathLength));
      if (value === undefined) return 0;
      room.setBigInt64(0, value, true);
      return 1;
    },
    field_f64: (path: number, pathLength: number, pointer: number): number => {
      enter(owner, FIELD_F64);
      const room = numberAt(owner, pointer);
      const value = fieldNumber(readField(owner, FIELD_F64.name, path, pathLength));
      if (value === undefined) return 0;
      room.setFloat64(0, value, true);
      return 1;
    },
    field_bool: (path: number, pathLength: number): number => {
      enter(owner, FIELD_BOOL);
      const value = readField(owner, FIELD_BOOL.name, path, pathLength);
      return typeof value === 'boolean' ? Number(value) : -1;
    },
  };
}

function aboutFunctions(owner: HostFunctionOwner): HostFunctions {
  return {
    document_id: (pointer: number, capacity: number): number => {
      enter(owner, DOCUMENT_ID);
      return giveText(owner, guestBytes(owner, pointer, capacity), owner.run.document?.id);
    },
    score: (pointer: number): number => {
      enter(owner, SCORE);
      const room = numberAt(owner, pointer);
      const score = owner.run.document?.score;
      if (score === undefined) return 0;
      room.setFloat64(0, score, true);
      return 1;
    },
  };
}

const FIELD_STRING = { name: 'field_string', capability: 'document' } as const;
const FIELD_I64 = { name: 'field_i64', capability: 'document' } as const;
const FIELD_F64 = { name: 'field_f64', capability: 'document' } as const;
const FIELD_BOOL = { name: 'field_bool', capability: 'document' } as const;
const DOCUMENT_ID = { name: 'document_id', capability: 'document' } as const;
const SCORE = { name: 'score', capability: 'document' } as const;

function readField(owner: HostFunctionOwner, name: string, pointer: number, byteLength: number): unknown {
  const bytes = guestBytes(owner, pointer, byteLength);
  if (bytes.byteLength > MAX_PATH_BYTES) return undefined;
  const path = guestText(owner, bytes, `the path of host.${name}`);
  const { document } = owner.run;
  return document && fieldAt(document.fields, path);
}

function giveText(owner: HostFunctionOwner, room: Uint8Array, text: string | undefined): number {
  return text === undefined ? -1 : giveBytes(owner, room, encodeUtf8(text));
}

/** Room for a number of 8 bytes. */
function numberAt(owner: HostFunctionOwner, pointer: number): DataView {
  const room = guestBytes(owner, pointer, NUMBER_BYTES);
  owner.charge(NUMBER_BYTES);
  return new DataView(room.buffer, room.byteOffset, NUMBER_BYTES);
}

const NUMBER_BYTES = 8;
