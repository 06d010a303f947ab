import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { CoreError } from '../protocol/errors.ts';
import { writeDurably } from '../runtime/node/durable-files.ts';
import { type SealingKey, sealingKey } from '../runtime/node/sealed/sealing-key.ts';

/** Whether what is kept is encrypted, and whether it can be read. */
export type SealingState =
  | { readonly type: 'plain' }
  /** It is, and nobody has given the key: nothing more is kept until then. */
  | { readonly type: 'locked' }
  | { readonly type: 'open'; readonly key: SealingKey };

/** The key of a home. A file says which key it is, so that a host without it keeps nothing unencrypted. */
export class Sealing {
  readonly #marker: string;
  #key: SealingKey | undefined;

  /** @param marker absolute path of the file that says that a home is encrypted */
  constructor(marker: string) {
    this.#marker = marker;
  }

  get state(): SealingState {
    if (this.#key !== undefined) return { type: 'open', key: this.#key };
    // Another host of the home may have begun to encrypt.
    return existsSync(this.#marker) ? { type: 'locked' } : { type: 'plain' };
  }

  /**
   * Takes the key; a home that had none has it from then on.
   *
   * @param base64 of 32 bytes
   * @returns whether the home had none
   * @throws CoreError PARAMS_INVALID, KEY_WRONG when it is not the one of the home, FILE_IO
   */
  async unlock(base64: string): Promise<boolean> {
    const key = await sealingKey(base64);
    const known = this.#keyId();
    if (known !== undefined && known !== key.id) {
      const message =
        'This key is not the one that the history and the kept results were encrypted with. Nothing is lost: that key opens them. Until then nothing is recorded.';
      throw new CoreError('KEY_WRONG', message);
    }
    if (known === undefined) await writeDurably(this.#marker, Buffer.from(JSON.stringify({ key: key.id })));
    this.#key = key;
    return known === undefined;
  }

  /** What is kept from now on is not encrypted. */
  async end(): Promise<void> {
    await rm(this.#marker, { force: true });
    this.#key = undefined;
  }

  /** @returns an empty text for a marker that cannot be read, which no key has */
  #keyId(): string | undefined {
    if (!existsSync(this.#marker)) return undefined;
    try {
      const { key } = JSON.parse(readFileSync(this.#marker, 'utf8')) as { readonly key?: unknown };
      return typeof key === 'string' ? key : '';
    } catch {
      return '';
    }
  }
}
