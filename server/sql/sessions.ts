import { CoreError } from '../../wasm-core/protocol/errors.ts';
import { sessionKeyFor } from '../../wasm-core/protocol/lsp.ts';
import type {
  CatalogResult,
  ColumnInfo,
  HostRequests,
  ModuleInfo,
  SqlDiagnostic,
} from '../../wasm-core/protocol/methods.ts';
import type { HostLink } from '../host-link.ts';
import type { DocumentFolders, Workspace } from '../workspace.ts';

/** How long answers of the engine are given again, milliseconds: a run may change them at any time. */
const CATALOG_MS = 1_000;
const COLUMNS_MS = 5_000;

interface Kept<T> {
  readonly value: Promise<T>;
  readonly until: number;
}

/** The host's sessions, one for each folder that SQL documents belong to, opened when they are first needed. */
export class SqlSessions {
  private readonly opened = new Map<string, Promise<string>>();
  private readonly kept = new Map<string, Kept<unknown>>();

  constructor(
    private readonly host: HostLink,
    private readonly workspace: Workspace,
  ) {
    // A session belongs to a connection: a new one has none.
    host.listen({ connected: () => this.opened.clear(), event: () => this.forget() });
  }

  /**
   * What the engine says of a text.
   *
   * @throws CoreError as `sql/open` and `sql/check`; CANCELLED
   */
  async check(folders: DocumentFolders, sql: string, signal: AbortSignal): Promise<readonly SqlDiagnostic[]> {
    const { diagnostics } = await this.inSession(folders, 'sql/check', (session) => ({
      params: { session, sql, folder: folders.own },
      signal,
    }));
    return diagnostics;
  }

  /** @throws CoreError as `sql/open` and `sql/catalog` */
  catalog(folders: DocumentFolders): Promise<CatalogResult> {
    return this.keep(`catalog ${folders.session}`, CATALOG_MS, () =>
      this.inSession(folders, 'sql/catalog', (session) => ({ params: { session } })),
    );
  }

  /** @throws CoreError as `sql/open` and `sql/describe` */
  columns(folders: DocumentFolders, query: string): Promise<readonly ColumnInfo[]> {
    const key = `columns ${folders.session}\0${folders.own}\0${query}`;
    return this.keep(key, COLUMNS_MS, async () => {
      const { columns } = await this.inSession(folders, 'sql/describe', (session) => ({
        params: { session, sql: query, folder: folders.own },
      }));
      return columns;
    });
  }

  /** The modules of a folder's namespace. @throws CoreError */
  modules(folders: DocumentFolders): Promise<readonly ModuleInfo[]> {
    return this.keep(`modules ${folders.session}`, CATALOG_MS, async () => {
      const { modules } = await this.host.request('module/list', { namespace: folders.session });
      return modules;
    });
  }

  /** Drops what was kept, because plugins or tables changed. */
  forget(): void {
    this.kept.clear();
  }

  private async inSession<M extends 'sql/check' | 'sql/describe' | 'sql/catalog'>(
    folders: DocumentFolders,
    method: M,
    make: (session: string) => { readonly params: HostRequests[M]['params']; readonly signal?: AbortSignal },
  ): Promise<HostRequests[M]['result']> {
    for (let attempt = 0; ; attempt++) {
      const opening = this.open(folders.session);
      const { params, signal } = make(await opening);
      try {
        return await this.host.request(method, params, signal === undefined ? {} : { signal });
      } catch (error) {
        const again = error instanceof CoreError && error.kind === 'SESSION_UNKNOWN' && attempt === 0;
        if (!again) throw error;
        if (this.opened.get(folders.session) === opening) this.opened.delete(folders.session);
      }
    }
  }

  private open(folder: string): Promise<string> {
    const known = this.opened.get(folder);
    if (known !== undefined) return known;
    const { sessionKey, allow } = this.workspace.options;
    const opening = this.host
      .request('sql/open', {
        folder,
        // As the client opens it: only sessions of equal rights are shared.
        allow: [...this.workspace.all.filter((other) => other !== folder), ...(allow ?? [])],
        namespace: folder,
        ...(sessionKey !== undefined && { key: sessionKeyFor(sessionKey, folder) }),
      })
      .then(({ session }) => session);
    this.opened.set(folder, opening);
    opening.catch(() => {
      if (this.opened.get(folder) === opening) this.opened.delete(folder);
    });
    return opening;
  }

  private keep<T>(key: string, forMs: number, ask: () => Promise<T>): Promise<T> {
    const now = Date.now();
    const kept = this.kept.get(key);
    if (kept !== undefined && kept.until > now) return kept.value as Promise<T>;
    for (const [old, { until }] of this.kept) if (until <= now) this.kept.delete(old);
    const value = ask();
    this.kept.set(key, { value, until: now + forMs });
    value.catch(() => this.kept.delete(key));
    return value;
  }
}
