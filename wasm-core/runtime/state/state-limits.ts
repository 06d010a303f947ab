import { CoreError } from '../../protocol/errors.ts';

/** The longest key, in bytes of UTF-8. */
export const MAX_STATE_KEY_BYTES = 256;

/** The longest value, in bytes. */
export const MAX_STATE_VALUE_BYTES = 64 * 1024;

/** How much a module may keep in all, keys and values together, in bytes. */
export const MAX_STATE_BYTES = 1024 * 1024;

/** How many keys a module may have set. */
export const MAX_STATE_KEYS = 1000;

/** How large a state is. */
export interface StateSize {
  readonly keyCount: number;
  /** Keys and values together. */
  readonly byteLength: number;
}

/** @throws CoreError STATE_LIMIT for a key or a value that is too long, whatever else there is */
export function checkEntry(
  key: string,
  sizes: { readonly keyBytes: number; readonly valueBytes: number },
): void {
  if (sizes.keyBytes < 1 || sizes.keyBytes > MAX_STATE_KEY_BYTES) {
    const what = `A key of ${sizes.keyBytes} bytes cannot be kept; a key has 1 to ${MAX_STATE_KEY_BYTES}.`;
    throw limitError(what, { key, byteLength: sizes.keyBytes });
  }
  if (sizes.valueBytes > MAX_STATE_VALUE_BYTES) {
    const what = `The value of ${shown(key)} has ${sizes.valueBytes} bytes; a value has at most ${MAX_STATE_VALUE_BYTES}. Keep it in parts under several keys.`;
    throw limitError(what, { key, byteLength: sizes.valueBytes });
  }
}

/** @throws CoreError STATE_LIMIT when a state of this size is too large to be kept */
export function checkSize({ keyCount, byteLength }: StateSize, key: string): void {
  if (keyCount > MAX_STATE_KEYS) {
    const what = `With ${shown(key)} the plugin's state would have ${keyCount} keys; it may have ${MAX_STATE_KEYS}. Take some away with set_state and length -1.`;
    throw limitError(what, { key, keyCount });
  }
  if (byteLength > MAX_STATE_BYTES) {
    const what = `With ${shown(key)} the plugin's state would have ${byteLength} bytes; it may have ${MAX_STATE_BYTES}. Take keys away with set_state and length -1.`;
    throw limitError(what, { key, byteLength });
  }
}

function limitError(
  message: string,
  details: { readonly key: string; readonly [fact: string]: unknown },
): CoreError {
  return new CoreError('STATE_LIMIT', message, { ...details, key: cut(details.key) });
}

function shown(key: string): string {
  return JSON.stringify(cut(key));
}

function cut(key: string): string {
  return key.length > 60 ? `${key.slice(0, 57)}…` : key;
}
