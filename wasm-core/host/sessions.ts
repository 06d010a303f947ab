import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { CoreError } from '../protocol/errors.ts';
import type { RemoteParams } from '../protocol/remote.ts';
import { IN_MEMORY } from '../protocol/sql-sessions.ts';
import type { Registry, RegistryChange } from '../runtime/registry.ts';
import type { Engine, SessionDatabase } from '../sql/engine.ts';
import type { Client } from './context.ts';
import type { Lock } from './lock.ts';
import { sessionResultsFolder } from './results-folders.ts';
import { holdDatabase } from './session-database.ts';
import { SessionEntry } from './session-entry.ts';
import { LoadOrder, modulesOf, pluginsOf, type SessionSettings } from './session-plugins.ts';
import type { RemoteRights } from './session-remote.ts';
import { sessionTables } from './session-tables.ts';

/** How long a shared session waits for its next client, milliseconds: a window that reloads finds its tables again. */
const SHARED_GRACE_MS = 60_000;

/** What `sql/open` asks for. */
export interface OpenSession {
  /** Absolute. */
  readonly folder: string;
  readonly allow: readonly string[];
  /** The most important first. */
  readonly namespaces: readonly string[];
  readonly key: string | undefined;
  /** What its statements may read on a network, beside what `quern.json` and consent allow. */
  readonly remote?: RemoteParams;
  /** A file for its database, absolute, or `:memory:`. */
  readonly database?: string;
  /** Whether without that the folder's `quern.json` says which it is; else it is in memory. */
  readonly hasOwnDatabase?: boolean;
  /** Whether the file is only read. */
  readonly readOnly?: boolean;
  /** See `SessionOptions`. */
  readonly reusable?: boolean;
}

/** The host's SQL sessions: whose they are, which plugins they have, and when they end. */
export class Sessions {
  readonly #options: {
    readonly engine: Engine;
    readonly registry: Registry;
    readonly resultsRoot: string;
    readonly settings: SessionSettings;
    readonly remote: Pick<RemoteRights, 'of'>;
    readonly warn: (message: string) => void;
    readonly changed: (folder: string) => void;
  };
  readonly #entries = new Map<string, SessionEntry>();
  readonly #order = new LoadOrder();
  readonly #graceTimers = new Map<SessionEntry, NodeJS.Timeout>();
  readonly #changes: { dispose(): void };
  #opened = 0;

  /**
   * @param options.resultsRoot absolute folder for results, one folder in it for each session
   * @param options.changed told of each run that may have changed what a session's statements see
   */
  constructor(options: {
    readonly engine: Engine;
    readonly registry: Registry;
    readonly resultsRoot: string;
    readonly settings: SessionSettings;
    readonly remote: Pick<RemoteRights, 'of'>;
    readonly warn: (message: string) => void;
    readonly changed: (folder: string) => void;
  }) {
    this.#options = options;
    this.#changes = options.registry.onChange((change) => this.#moduleChanged(change));
  }

  /** Sessions that are open now. */
  get count(): number {
    return this.#entries.size;
  }

  /**
   * Opens a session, or joins the one that others opened with the same key, folder, rights and namespaces. A key alone
   * gives nobody rights that he did not ask for.
   *
   * @returns its id
   * @throws CoreError FILE_NOT_FOUND, SQL_ENGINE_LOST
   */
  async open(wanted: OpenSession, client: Client): Promise<string> {
    const entry = this.#find(wanted) ?? this.#create(wanted);
    // Its own clients alone know the key of a shared one: the last of them says what proves who asks.
    if (wanted.remote?.credentials !== undefined) entry.setCredentials(wanted.remote.credentials);
    this.#hold(entry, client);
    try {
      await entry.started();
      return entry.id;
    } catch (error) {
      await this.#end(entry);
      throw error;
    }
  }

  /** A session that this client opened. @throws CoreError SESSION_UNKNOWN */
  get(id: string, client: Client): SessionEntry {
    const entry = this.#entries.get(id);
    if (entry?.holders.has(client)) return entry;
    const message = `There is no session ${JSON.stringify(id.slice(0, 100))} on this connection. Open one with sql/open.`;
    throw new CoreError('SESSION_UNKNOWN', message, { session: id.slice(0, 100) });
  }

  /** The client needs the session no more; it ends when nobody else does. */
  async close(entry: SessionEntry, client: Client): Promise<void> {
    entry.holders.delete(client);
    if (entry.holders.size === 0) await this.#end(entry);
  }

  /** The client is gone: its private sessions end, its shared ones after a while. */
  release(client: Client): void {
    for (const entry of [...this.#entries.values()]) {
      if (!entry.holders.delete(client) || entry.holders.size > 0) continue;
      if (entry.sharedAs === undefined) void this.#end(entry);
      else this.#endLater(entry);
    }
  }

  /** Ends all of them. Idempotent. */
  async dispose(): Promise<void> {
    this.#changes.dispose();
    await Promise.all([...this.#entries.values()].map((entry) => this.#end(entry)));
  }

  #find(wanted: OpenSession): SessionEntry | undefined {
    const identity = identityOf(wanted);
    if (identity === undefined) return undefined;
    return [...this.#entries.values()].find((entry) => entry.sharedAs === identity);
  }

  #create(wanted: OpenSession): SessionEntry {
    const { engine, registry, settings, remote, warn, changed } = this.#options;
    const { folder, allow, namespaces, reusable = false } = wanted;
    const id = `s${++this.#opened}`;
    const resultsFolder = sessionResultsFolder(this.#options.resultsRoot, id);
    let hold: Lock | undefined;
    const entry = new SessionEntry({
      id,
      folder,
      allow,
      namespaces,
      sharedAs: identityOf(wanted),
      resultsFolder,
      start: async () => {
        await mkdir(resultsFolder, { recursive: true, mode: 0o700 });
        const database = databaseOf(wanted, settings);
        if (database !== undefined) hold = await holdDatabase(database, [folder, ...allow]);
        const options = { folder, allow, resultsFolder, reusable, onWarning: warn };
        return engine.openSession({ ...options, ...(database && { database }) });
      },
      ended: () => hold?.release(),
      plugins: () => pluginsOf({ registry, order: this.#order, namespaces, folder, settings, warn }),
      tables: () => sessionTables(settings.settingsOf(folder), folder),
      modules: () => modulesOf({ registry, namespaces }),
      changed: () => changed(folder),
      settingsState: () => settings.stateOf(folder),
      remote: (credentials) => remote.of(folder, { allow: wanted.remote?.allow ?? [], credentials }),
    });
    this.#entries.set(id, entry);
    return entry;
  }

  #hold(entry: SessionEntry, client: Client): void {
    clearTimeout(this.#graceTimers.get(entry));
    this.#graceTimers.delete(entry);
    entry.holders.add(client);
  }

  #endLater(entry: SessionEntry): void {
    const timer = setTimeout(() => void this.#end(entry), SHARED_GRACE_MS);
    timer.unref();
    this.#graceTimers.set(entry, timer);
  }

  async #end(entry: SessionEntry): Promise<void> {
    clearTimeout(this.#graceTimers.get(entry));
    this.#graceTimers.delete(entry);
    this.#entries.delete(entry.id);
    entry.holders.clear();
    try {
      await entry.dispose();
    } catch (error) {
      this.#options.warn(`Session ${entry.id} did not end well: ${String(error)}`);
    }
  }

  #moduleChanged({ type, record }: RegistryChange): void {
    if (type === 'loaded') this.#order.note(record);
    else this.#order.forget(record);
    for (const entry of this.#entries.values()) {
      if (entry.namespaces.includes(record.info.namespace)) entry.pluginsChanged();
    }
  }
}

/** What has to be equal for two clients to share a session; undefined for a private one. */
function identityOf(wanted: OpenSession): string | undefined {
  const { key, folder, allow, namespaces, database, readOnly, remote } = wanted;
  if (key === undefined) return undefined;
  const network = [...new Set(remote?.allow ?? [])].sort();
  return JSON.stringify([key, folder, [...new Set(allow)].sort(), namespaces, network, database, readOnly]);
}

/** The file that a session's database lies in; undefined for one in memory. Sessions of tests and chains have none. */
function databaseOf(wanted: OpenSession, settings: SessionSettings): SessionDatabase | undefined {
  const { folder, database, readOnly = false } = wanted;
  if (database !== undefined) return database === IN_MEMORY ? undefined : { path: database, readOnly };
  const named = wanted.hasOwnDatabase ? namedDatabase(settings, folder) : undefined;
  return named === undefined ? undefined : { path: path.resolve(folder, named), readOnly };
}

function namedDatabase(settings: SessionSettings, folder: string): string | undefined {
  try {
    return settings.databaseFor(folder);
  } catch (error) {
    // A file that is broken fails each run, which says so.
    if (error instanceof CoreError) return undefined;
    throw error;
  }
}
