import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { CoreError } from '../protocol/errors.ts';
import type { FunctionLimits, Limits } from '../protocol/limits.ts';
import { LOCK_FILE, type LockedPlugins, parseLockFile } from '../protocol/lock-file.ts';
import type { Capability } from '../protocol/plugins.ts';
import {
  isOfTable,
  type MeteringMode,
  NO_SETTINGS,
  readWorkspaceFile,
  WORKSPACE_FILE,
  type WorkspaceSettings,
} from '../protocol/workspace-file.ts';

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
   * What a module may do beside what every module may: what the file grants to all and to it; with a lock file beside
   * it, what that allows to these bytes.
   *
   * @throws CoreError FORMAT_WORKSPACE, FILE_IO
   */
  grantsFor(namespace: string, name: string, digest: string): readonly Capability[] {
    const named = namedGrants(this.#settings(namespace), name);
    const locked = named.length === 0 ? undefined : this.lockOf(namespace);
    if (locked === undefined) return named;
    return named.filter((capability) => capability === 'log' || isAllowed(locked, digest, capability));
  }

  /**
   * What the file grants to a module, and the lock file beside it does not allow to its bytes.
   *
   * @throws CoreError FORMAT_WORKSPACE, FILE_IO
   */
  withheldFor(namespace: string, name: string, digest: string): readonly Capability[] {
    const named = namedGrants(this.#settings(namespace), name);
    const given = this.grantsFor(namespace, name, digest);
    return named.filter((capability) => !given.includes(capability));
  }

  /**
   * All that the file says; nothing without one. What is wrong with the lock file does not matter here.
   *
   * @throws CoreError FORMAT_WORKSPACE, FILE_IO
   */
  settingsOf(namespace: string): WorkspaceSettings {
    const known = this.#read(namespace);
    if (known?.error !== undefined) throw known.error;
    return known?.settings ?? NO_SETTINGS;
  }

  /**
   * What the lock file says; undefined without one.
   *
   * @throws CoreError FORMAT_WORKSPACE, FILE_IO
   */
  lockOf(namespace: string): LockedPlugins | undefined {
    if (!path.isAbsolute(namespace)) return undefined;
    const known = this.#read(namespace) ?? readLock(namespace);
    if (known.lockError !== undefined) throw known.lockError;
    return known.locked;
  }

  /** A file of the folder was just written: it is read again, also within this turn. */
  forget(folder: string): void {
    this.#looked.delete(folder);
    this.#known.delete(folder);
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

  /**
   * What a function may use in one statement; undefined when the file does not say.
   *
   * @throws CoreError FORMAT_WORKSPACE, FILE_IO
   */
  limitsFor(namespace: string, functionName: string): FunctionLimits | undefined {
    const { functions } = this.#settings(namespace);
    if (functions.size === 0) return undefined;
    return { ...functions.get('*'), ...functions.get(functionName) };
  }

  /**
   * The path of the database that a folder's sessions have; undefined when the file does not say.
   *
   * @throws CoreError FORMAT_WORKSPACE, FILE_IO
   */
  databaseFor(folder: string): string | undefined {
    return this.#settings(folder).database;
  }

  /** Changes when the namespace's file, or the lock file beside it, does; empty without one. */
  stateOf(namespace: string): string {
    if (!this.#looked.has(namespace)) this.#look(namespace);
    return this.#known.get(namespace)?.state ?? '';
  }

  #settings(folder: string): WorkspaceSettings {
    const known = this.#read(folder);
    const error = known?.error ?? known?.lockError;
    if (error !== undefined) throw error;
    return known?.settings ?? NO_SETTINGS;
  }

  #read(folder: string): KnownFile | undefined {
    return this.#looked.has(folder) ? this.#known.get(folder) : this.#look(folder);
  }

  #look(folder: string): KnownFile | undefined {
    if (!path.isAbsolute(folder)) return undefined;
    const own = stateOf(path.join(folder, WORKSPACE_FILE));
    const state = own === undefined ? undefined : `${own} ${stateOf(path.join(folder, LOCK_FILE)) ?? ''}`;
    if (this.#looked.size === 0) setImmediate(() => this.#looked.clear());
    this.#looked.add(folder);
    const known = this.#known.get(folder);
    if (known?.state === state) return known;
    this.#known.delete(folder);
    if (state === undefined) return undefined;
    const read = readFolder(folder, state);
    for (const error of [read.error, read.lockError, ...(read.tableFaults ?? [])]) {
      if (error !== undefined) this.#warn(error.message);
    }
    this.#known.set(folder, read);
    return read;
  }
}

interface KnownFile extends ReadLock {
  /** Changes when one of both files does. */
  readonly state: string;
  readonly settings: WorkspaceSettings;
  readonly error?: CoreError;
  /** What is wrong with tables, which fails nothing but statements that read them. */
  readonly tableFaults?: readonly CoreError[];
}

/** What a lock file says, or what is wrong with it; neither without one. */
interface ReadLock {
  readonly locked?: LockedPlugins;
  readonly lockError?: CoreError;
}

function stateOf(file: string): string | undefined {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats && `${stats.mtimeMs}/${stats.size}/${stats.ino}`;
  } catch (error) {
    // A folder that is a file, or that may not be entered: reading says what is wrong where it matters.
    return error instanceof Error && 'code' in error && error.code === 'ENOTDIR' ? undefined : 'unknown';
  }
}

function readFolder(folder: string, state: string): KnownFile {
  const file = path.join(folder, WORKSPACE_FILE);
  const lock = readLock(folder);
  try {
    const { settings, faults } = readWorkspaceFile(readText(file), { source: file });
    const error = faults.find((fault) => !isOfTable(fault));
    if (error !== undefined) throw error;
    return { ...lock, state, settings, tableFaults: faults };
  } catch (error) {
    if (error instanceof CoreError) return { ...lock, state, settings: NO_SETTINGS, error };
    throw error;
  }
}

function readLock(folder: string): ReadLock {
  const file = path.join(folder, LOCK_FILE);
  if (stateOf(file) === undefined) return {};
  try {
    return { locked: parseLockFile(readText(file), { source: file }) };
  } catch (error) {
    if (error instanceof CoreError) return { lockError: error };
    throw error;
  }
}

/** @throws CoreError FILE_IO */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CoreError('FILE_IO', `${file} cannot be read: ${reason}`, { path: file });
  }
}

function namedGrants({ capabilities }: WorkspaceSettings, name: string): readonly Capability[] {
  if (capabilities.size === 0) return [];
  return [...new Set([...(capabilities.get('*') ?? []), ...(capabilities.get(name) ?? [])])];
}

function isAllowed(locked: LockedPlugins, digest: string, capability: Capability): boolean {
  for (const plugin of locked.values()) {
    if (plugin.digest === digest && plugin.granted.includes(capability)) return true;
  }
  return false;
}
