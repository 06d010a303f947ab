import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { CoreError } from '../protocol/errors.ts';
import type { Limits } from '../protocol/limits.ts';
import { CAPABILITIES, type Capability } from '../protocol/plugins.ts';
import { JsonPlace } from '../runtime/json-place.ts';

/** The name of the file, in a folder that is a namespace. */
export const WORKSPACE_FILE = 'quern.json';

/** Whether a module's instructions are counted. */
export type MeteringMode = 'metered' | 'unmetered';

/** Both modes. */
export const METERING_MODES = ['metered', 'unmetered'] as const satisfies readonly MeteringMode[];

/** What a folder says of the runs in it. */
export interface WorkspaceSettings {
  readonly limits: Limits;
  /** By module name, or `*` for every module. */
  readonly capabilities: ReadonlyMap<string, readonly Capability[]>;
  /** By module name, or `*`. */
  readonly modes: ReadonlyMap<string, MeteringMode>;
}

/**
 * Reads the text of a `quern.json` strictly.
 *
 * @param options.source the file's path, for messages
 * @throws CoreError FORMAT_WORKSPACE that names the JSON path and what to write; details `{source, path}`
 */
export function parseWorkspaceFile(text: string, options: { readonly source: string }): WorkspaceSettings {
  const root = new JsonPlace({ kind: 'FORMAT_WORKSPACE', source: options.source });
  const file = root.object(root.parse(text), ['$schema', 'limits', 'capabilities', 'modes']);
  root.member('$schema').optionalText(file.$schema, 10_000);
  return {
    limits: root.member('limits').limits(file.limits),
    capabilities: readMap(root.member('capabilities'), file.capabilities, readCapabilities),
    modes: readMap(root.member('modes'), file.modes, (place, value) => place.word(value, METERING_MODES)),
  };
}

/** The workspace files of the folders that are namespaces, read again when they change. */
export class WorkspaceFiles {
  readonly #warn: (message: string) => void;
  readonly #known = new Map<string, KnownFile>();
  /** Folders that were looked at in this turn of the event loop: a thousand runs of one read look once. */
  readonly #looked = new Set<string>();

  /** @param options.warn told once of each state of a file that is broken */
  constructor(options: { readonly warn: (message: string) => void }) {
    this.#warn = options.warn;
  }

  /**
   * Limits for runs that set none.
   *
   * @param namespace a folder's absolute path; anything else has no file
   * @throws CoreError FORMAT_WORKSPACE, FILE_IO
   */
  defaultsFor(namespace: string): Limits {
    return this.#settings(namespace).limits;
  }

  /**
   * What a module may do beside what every module may: what the file grants to all and to it.
   *
   * @throws CoreError FORMAT_WORKSPACE, FILE_IO
   */
  grantsFor(namespace: string, name: string): readonly Capability[] {
    const { capabilities } = this.#settings(namespace);
    if (capabilities.size === 0) return [];
    return [...new Set([...(capabilities.get('*') ?? []), ...(capabilities.get(name) ?? [])])];
  }

  /**
   * Whether a module is metered; undefined when the file does not say.
   *
   * @throws CoreError FORMAT_WORKSPACE, FILE_IO
   */
  modeFor(namespace: string, name: string): MeteringMode | undefined {
    const { modes } = this.#settings(namespace);
    return modes.get(name) ?? modes.get('*');
  }

  #settings(folder: string): WorkspaceSettings {
    const known = this.#looked.has(folder) ? this.#known.get(folder) : this.#look(folder);
    if (known === undefined) return NO_SETTINGS;
    if (known.error !== undefined) throw known.error;
    return known.settings;
  }

  #look(folder: string): KnownFile | undefined {
    if (!path.isAbsolute(folder)) return undefined;
    const file = path.join(folder, WORKSPACE_FILE);
    const state = stateOf(file);
    if (this.#looked.size === 0) setImmediate(() => this.#looked.clear());
    this.#looked.add(folder);
    const known = this.#known.get(folder);
    if (known?.state === state) return known;
    this.#known.delete(folder);
    if (state === undefined) return undefined;
    const read = readFile(file, state);
    if (read.error !== undefined) this.#warn(read.error.message);
    this.#known.set(folder, read);
    return read;
  }
}

interface KnownFile {
  /** Changes when the file does. */
  readonly state: string;
  readonly settings: WorkspaceSettings;
  readonly error?: CoreError;
}

const NO_SETTINGS: WorkspaceSettings = { limits: {}, capabilities: new Map(), modes: new Map() };

function stateOf(file: string): string | undefined {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats && `${stats.mtimeMs}/${stats.size}/${stats.ino}`;
  } catch (error) {
    // A folder that is a file, or that may not be entered: reading says what is wrong where it matters.
    return error instanceof Error && 'code' in error && error.code === 'ENOTDIR' ? undefined : 'unknown';
  }
}

function readFile(file: string, state: string): KnownFile {
  try {
    return { state, settings: parseWorkspaceFile(readFileSync(file, 'utf8'), { source: file }) };
  } catch (error) {
    if (error instanceof CoreError) return { state, settings: NO_SETTINGS, error };
    const reason = error instanceof Error ? error.message : String(error);
    const message = `${file} cannot be read: ${reason}`;
    return { state, settings: NO_SETTINGS, error: new CoreError('FILE_IO', message, { path: file }) };
  }
}

function readMap<T>(
  place: JsonPlace,
  value: unknown,
  read: (place: JsonPlace, value: unknown) => T,
): ReadonlyMap<string, T> {
  if (value === undefined) return new Map();
  const entries = Object.entries(place.object(value));
  return new Map(entries.map(([name, item]) => [name, read(place.member(name), item)]));
}

function readCapabilities(place: JsonPlace, value: unknown): readonly Capability[] {
  if (!Array.isArray(value)) throw place.fault(`is not a list; write some of ${CAPABILITIES.join(', ')}`);
  return value.map((item: unknown, index) => place.item(index).word(item, CAPABILITIES));
}
