import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { StateFiles, StateScope, StoredState } from '../state/state-scope.ts';
import {
  deleteDurably,
  moveAside,
  orFileError,
  removeStaleTemporaries,
  TEMPORARY_PREFIX,
  writeDurably,
} from './durable-files.ts';
import { formatStored, parseStoredBody } from './stored-json.ts';

/**
 * The files of states: `state/<hash of namespace and name>.json`, one for each scope that has any, and `quarantine/`,
 * where what is torn or foreign is set aside.
 *
 * @param options.home an absolute folder, made when it is not there
 * @param options.warn told of each file that was set aside
 */
export function createStateFiles(options: {
  readonly home: string;
  readonly warn: (message: string) => void;
}): StateFiles {
  return new FolderOfStates(options.home, options.warn);
}

class FolderOfStates implements StateFiles {
  readonly #folder: string;
  readonly #quarantine: string;
  readonly #warn: (message: string) => void;

  constructor(home: string, warn: (message: string) => void) {
    this.#folder = path.join(home, 'state');
    this.#quarantine = path.join(home, 'quarantine');
    this.#warn = warn;
  }

  async open(): Promise<readonly StoredState[]> {
    const names = await orFileError(this.#folder, 'use', async () => {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await removeStaleTemporaries(this.#folder);
      return readdir(this.#folder);
    });
    const states: StoredState[] = [];
    for (const name of names.filter((n) => !n.startsWith(TEMPORARY_PREFIX)).sort()) {
      const file = path.join(this.#folder, name);
      const state = parseState(await readFile(file, 'utf8').catch(() => ''));
      if (state !== undefined && stateFile(state) === name) states.push(state);
      else await this.#setAside(file);
    }
    return states;
  }

  async put({ namespace, name, entries }: StoredState): Promise<void> {
    const encoded = entries.map(([key, value]) => [key, bufferOf(value).toString('base64')]);
    const bytes = formatStored({ namespace, name, entries: encoded });
    await writeDurably(path.join(this.#folder, stateFile({ namespace, name })), bytes);
  }

  async drop(scope: StateScope): Promise<void> {
    await deleteDurably(this.#folder, [stateFile(scope)]);
  }

  async #setAside(file: string): Promise<void> {
    const target = await moveAside(file, this.#quarantine);
    if (target === undefined) return;
    this.#warn(`${file} is not a whole state of a plugin, which starts without; it was moved to ${target}.`);
  }
}

function stateFile({ namespace, name }: StateScope): string {
  const hash = createHash('sha256').update(`${namespace}\0${name}`).digest('hex');
  return `${hash.slice(0, 40)}.json`;
}

function bufferOf(value: Uint8Array): Buffer {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

function parseState(text: string): StoredState | undefined {
  const body = parseStoredBody(text);
  if (typeof body?.namespace !== 'string' || typeof body.name !== 'string') return undefined;
  if (!Array.isArray(body.entries)) return undefined;
  const entries: [string, Uint8Array][] = [];
  for (const entry of body.entries as readonly unknown[]) {
    const [key, value] = Array.isArray(entry) ? (entry as readonly unknown[]) : [];
    if (typeof key !== 'string' || typeof value !== 'string') return undefined;
    // Fresh bytes: small Buffers share one pool, which `postMessage` would copy whole.
    entries.push([key, new Uint8Array(Buffer.from(value, 'base64'))]);
  }
  return { namespace: body.namespace, name: body.name, entries };
}
