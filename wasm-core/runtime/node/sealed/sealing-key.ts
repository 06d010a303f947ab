import { createHash, webcrypto } from 'node:crypto';
import { CoreError } from '../../../protocol/errors.ts';

/** A key that seals what is kept. It lives in memory alone, and survives `postMessage` to a worker thread. */
export interface SealingKey {
  readonly key: webcrypto.CryptoKey;
  /** Tells keys apart, and tells nothing of them: 16 hex characters. */
  readonly id: string;
}

/** Bytes of a key: AES-256. */
const KEY_BYTES = 32;

/**
 * A key from its text.
 *
 * @param base64 of 32 random bytes
 * @throws CoreError PARAMS_INVALID
 */
export async function sealingKey(base64: string): Promise<SealingKey> {
  const bytes = Buffer.from(base64.trim(), 'base64');
  if (!/^[A-Za-z0-9+/]{43}=$/.test(base64.trim()) || bytes.length !== KEY_BYTES) {
    const message = 'A key is 32 random bytes as base64, such as: openssl rand -base64 32';
    throw new CoreError('PARAMS_INVALID', message);
  }
  const id = createHash('sha256').update('quern key id\0').update(bytes).digest('hex').slice(0, 16);
  // It cannot be read out of the key any more.
  const key = await webcrypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
  bytes.fill(0);
  return { key, id };
}
