import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isErrorKind } from '../../protocol/errors.ts';
import type { Replay, ReplayInfo } from '../../protocol/replays.ts';

/** So many calls are kept; the oldest goes when another comes. */
const MAX_REPLAYS = 100;
/** The largest that is kept, bytes of JSON. */
const MAX_REPLAY_BYTES = 1024 * 1024;

/** Failed calls in files of one folder, `<id>.json`. They outlive the host; a power cut may cost the newest. */
export class ReplayStore {
  readonly #folder: string;
  readonly #warn: (message: string) => void;
  /** Ids of what is kept, the oldest first; read when it is first needed. */
  #ids: string[] | undefined;
  /** The end of the last change; changes go one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param options.folder absolute; made when there is something to keep
   * @param options.warn told when a call cannot be kept, which is no reason for anything to fail
   */
  constructor(options: { readonly folder: string; readonly warn: (message: string) => void }) {
    this.#folder = options.folder;
    this.#warn = options.warn;
  }

  /**
   * Keeps a call; one that is kept already becomes the newest.
   *
   * @returns its id, or undefined when it is too large or cannot be written
   */
  keep(replay: Omit<Replay, 'id'>): Promise<string | undefined> {
    return this.#inTurn(async () => {
      const id = idOf(replay);
      const text = JSON.stringify({ ...replay, id });
      if (Buffer.byteLength(text) > MAX_REPLAY_BYTES) return undefined;
      try {
        await this.#write(id, text);
        return id;
      } catch (error) {
        this.#warn(`A failed call could not be kept in ${this.#folder}: ${String(error)}`);
        return undefined;
      }
    });
  }

  /** What is kept, the newest first, without what is damaged. */
  async list(): Promise<ReplayInfo[]> {
    const ids = await this.#inTurn(() => this.#load());
    const found: ReplayInfo[] = [];
    for (const id of [...ids].reverse()) {
      const replay = await this.get(id);
      if (replay !== undefined) found.push(infoOf(replay));
    }
    return found;
  }

  /** The newest call that can be read; undefined when there is none. */
  async newest(): Promise<Replay | undefined> {
    const ids = await this.#inTurn(() => this.#load());
    for (const id of [...ids].reverse()) {
      const replay = await this.get(id);
      if (replay !== undefined) return replay;
    }
    return undefined;
  }

  /** The call with an id; undefined when it is not kept, or damaged. */
  async get(id: string): Promise<Replay | undefined> {
    if (!ID.test(id)) return undefined;
    try {
      return parseReplay(await readFile(this.#file(id), 'utf8'), id);
    } catch {
      // It is not there, or cannot be read: not kept, either way.
      return undefined;
    }
  }

  async #write(id: string, text: string): Promise<void> {
    const ids = await this.#load();
    // A client that fails in a loop writes once.
    if (ids.at(-1) === id) return;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const temporary = path.join(this.#folder, `.tmp-${randomBytes(6).toString('hex')}`);
    try {
      await writeFile(temporary, text, { mode: 0o600 });
      await rename(temporary, this.#file(id));
    } finally {
      await rm(temporary, { force: true });
    }
    const kept = [...ids.filter((other) => other !== id), id];
    const dropped = kept.splice(0, Math.max(0, kept.length - MAX_REPLAYS));
    this.#ids = kept;
    for (const old of dropped) await rm(this.#file(old), { force: true });
  }

  async #load(): Promise<readonly string[]> {
    this.#ids ??= await idsOf(this.#folder);
    return this.#ids;
  }

  #file(id: string): string {
    return path.join(this.#folder, `${id}.json`);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

/** What is told of a call that is kept. */
export function infoOf(replay: Replay): ReplayInfo {
  const { call: _, limits: __, setting: ___, settingsFolder: ____, ...info } = replay;
  return info;
}

const ID = /^[0-9a-f]{8}$/;

/** Equal calls of the same bytes that end in the same kind of error are one. */
function idOf({ digest, function: name, call, setting, kind }: Omit<Replay, 'id'>): string {
  const text = JSON.stringify([digest, name, call, setting, kind]);
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** Ids of the files in a folder, the one written first first. */
async function idsOf(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const ids = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
  const timed = await Promise.all(
    ids
      .filter((id) => ID.test(id))
      .map(async (id) => {
        const stats = await stat(path.join(folder, `${id}.json`)).catch(() => undefined);
        return { id, time: stats?.mtimeMs ?? 0 };
      }),
  );
  return timed.sort((a, b) => a.time - b.time).map(({ id }) => id);
}

/** The call of a file's text; undefined when it is not one of this version's. */
function parseReplay(text: string, id: string): Replay | undefined {
  const value = JSON.parse(text) as Partial<Record<keyof Replay, unknown>> | null;
  if (typeof value !== 'object' || value === null || value.id !== id || !isErrorKind(value.kind)) {
    return undefined;
  }
  const texts = [value.time, value.module, value.namespace, value.digest, value.function, value.message];
  const isWhole = [...texts, value.shown, value.settingsFolder].every((member) => typeof member === 'string');
  // We wrote it, in a folder of the user's own; what is called with it is checked once more by the call.
  return isWhole && isCall(value.call) && typeof value.limits === 'object' ? (value as Replay) : undefined;
}

function isCall(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  if (value.type === 'call') return 'arguments' in value && Array.isArray(value.arguments);
  return value.type === 'execute' && 'input' in value && typeof value.input === 'object';
}
