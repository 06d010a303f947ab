import { mkdir } from 'node:fs/promises';
import { CoreError } from '../protocol/errors.ts';
import type { Registry, RegistryChange } from '../runtime/registry.ts';
import type { Engine } from '../sql/engine.ts';
import type { Client } from './context.ts';
import { sessionResultsFolder } from './results-folders.ts';
import { SessionEntry } from './session-entry.ts';
import { LoadOrder, pluginsOf } from './session-plugins.ts';

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
}

/** The host's SQL sessions: whose they are, which plugins they have, and when they end. */
export class Sessions {
  readonly #options: {
    readonly engine: Engine;
    readonly registry: Registry;
    readonly resultsRoot: string;
    readonly warn: (message: string) => void;
  };
  readonly #entries = new Map<string, SessionEntry>();
  readonly #order = new LoadOrder();
  readonly #graceTimers = new Map<SessionEntry, NodeJS.Timeout>();
  readonly #changes: { dispose(): void };
  #opened = 0;

  /** @param options.resultsRoot absolute folder for results, one folder in it for each session */
  constructor(options: {
    readonly engine: Engine;
    readonly registry: Registry;
    readonly resultsRoot: string;
    readonly warn: (message: string) => void;
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
    const { engine, registry, warn } = this.#options;
    const { folder, allow, namespaces } = wanted;
    const id = `s${++this.#opened}`;
    const resultsFolder = sessionResultsFolder(this.#options.resultsRoot, id);
    const entry = new SessionEntry({
      id,
      folder,
      namespaces,
      sharedAs: identityOf(wanted),
      resultsFolder,
      start: async () => {
        await mkdir(resultsFolder, { recursive: true, mode: 0o700 });
        return engine.openSession({ folder, allow, resultsFolder, onWarning: warn });
      },
      plugins: () => pluginsOf({ registry, order: this.#order, namespaces, warn }),
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
function identityOf({ key, folder, allow, namespaces }: OpenSession): string | undefined {
  if (key === undefined) return undefined;
  return JSON.stringify([key, folder, [...new Set(allow)].sort(), namespaces]);
}
