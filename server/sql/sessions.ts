import type { Catalog } from '../../wasm-core/protocol/catalog.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import { sessionKeyFor } from '../../wasm-core/protocol/lsp.ts';
import type {
  CheckParams,
  CheckResult,
  ColumnInfo,
  HostRequests,
  ModuleInfo,
} from '../../wasm-core/protocol/methods.ts';
import type { SummaryResult } from '../../wasm-core/protocol/summary.ts';
import type { HostLink } from '../host-link.ts';
import type { DocumentFolders, Workspace } from '../workspace.ts';
import { KeptAnswers } from './kept-answers.ts';

/** How long answers of the engine are given again, milliseconds: a run may change them at any time. */
const CATALOG_MS = 1_000;
const COLUMNS_MS = 5_000;

interface KnownCatalog {
  readonly version: string;
  readonly catalog: Catalog;
}

/** A relation as a statement writes it, and the database that the statement reads beside the session's. */
interface SourceToSummarize {
  readonly source: string;
  readonly database: string | undefined;
}

/** Whose plugins are functions in a session. */
export interface SessionNamespaces {
  readonly namespace: string;
  readonly includes?: readonly string[];
}

/** The host's sessions, one for each folder that SQL documents belong to, opened when they are first needed. */
export class SqlSessions {
  private readonly opened = new Map<string, Promise<string>>();
  private readonly kept = new KeptAnswers();

  /** @param namespaces whose functions a folder's session has; the folder's own by default */
  constructor(
    private readonly host: HostLink,
    private readonly workspace: Workspace,
    private readonly namespaces: (folder: string) => SessionNamespaces = (folder) => ({ namespace: folder }),
  ) {
    // A session belongs to a connection: a new one has none.
    host.listen({ connected: () => this.opened.clear(), event: () => this.forget() });
  }

  /**
   * What the engine says of statements of a text.
   *
   * @throws CoreError as `sql/open` and `sql/check`
   */
  check(folders: DocumentFolders, asked: Omit<CheckParams, 'session' | 'folder'>): Promise<CheckResult> {
    return this.inSession(folders, 'sql/check', (session) => ({
      params: { ...asked, session, folder: folders.own },
    }));
  }

  /** What the session's engine knows. @param database as `-- @db` names it @throws CoreError as `sql/open` and `sql/catalog` */
  async catalog(folders: DocumentFolders, database?: string): Promise<Catalog> {
    const own = database === undefined ? '' : `\0${folders.own}\0${database}`;
    const known = await this.kept.get<KnownCatalog>(`catalog ${folders.session}${own}`, {
      forMs: CATALOG_MS,
      ask: (last) => this.askCatalog(folders, { last, database }),
    });
    return known.catalog;
  }

  /** @throws CoreError as `sql/open` and `sql/describe` */
  columns(folders: DocumentFolders, query: string): Promise<readonly ColumnInfo[]> {
    return this.kept.get(`columns ${folders.session}\0${folders.own}\0${query}`, {
      forMs: COLUMNS_MS,
      ask: async () => {
        const { columns } = await this.inSession(folders, 'sql/describe', (session) => ({
          params: { session, sql: query, folder: folders.own },
        }));
        return columns;
      },
    });
  }

  /** @throws CoreError as `sql/open` and `sql/summary` */
  summary(folders: DocumentFolders, { source, database }: SourceToSummarize): Promise<SummaryResult> {
    return this.kept.get(`summary ${folders.session}\0${folders.own}\0${database ?? ''}\0${source}`, {
      forMs: COLUMNS_MS,
      ask: () =>
        this.inSession(folders, 'sql/summary', (session) => ({
          params: { session, source, folder: folders.own, ...(database !== undefined && { database }) },
        })),
    });
  }

  /** The modules whose functions a folder's session has; of two with one name the first is used. @throws CoreError */
  modules(folders: DocumentFolders): Promise<readonly ModuleInfo[]> {
    return this.kept.get(`modules ${folders.session}`, {
      forMs: CATALOG_MS,
      ask: async () => {
        const { namespace, includes = [] } = this.namespaces(folders.session);
        const lists = await Promise.all(
          [namespace, ...includes].map((name) => this.host.request('module/list', { namespace: name })),
        );
        return lists.flatMap(({ modules }) => modules);
      },
    });
  }

  /** Asks for everything anew, because plugins or tables changed. */
  forget(): void {
    this.kept.forget();
  }

  private async inSession<M extends 'sql/check' | 'sql/describe' | 'sql/summary' | 'sql/catalog'>(
    folders: DocumentFolders,
    method: M,
    make: (session: string) => { readonly params: HostRequests[M]['params'] },
  ): Promise<HostRequests[M]['result']> {
    for (let attempt = 0; ; attempt++) {
      const opening = this.open(folders.session);
      const { params } = make(await opening);
      try {
        return await this.host.request(method, params);
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
    const { sessionKey, allow, allowUrls } = this.workspace.options;
    const opening = this.host
      .request('sql/open', {
        folder,
        // As the client opens it: only sessions of equal rights are shared.
        allow: [...this.workspace.all.filter((other) => other !== folder), ...(allow ?? [])],
        ...(allowUrls !== undefined && { remote: { allow: allowUrls } }),
        ...this.namespaces(folder),
        ...(sessionKey !== undefined && { key: sessionKeyFor(sessionKey, folder) }),
      })
      .then(({ session }) => session);
    this.opened.set(folder, opening);
    opening.catch(() => {
      if (this.opened.get(folder) === opening) this.opened.delete(folder);
    });
    return opening;
  }

  /** Asks again only for what changed since the last answer. */
  private async askCatalog(
    folders: DocumentFolders,
    { last, database }: { readonly last: KnownCatalog | undefined; readonly database: string | undefined },
  ): Promise<KnownCatalog> {
    const read = database === undefined ? {} : { database, folder: folders.own };
    const { version, catalog } = await this.inSession(folders, 'sql/catalog', (session) => ({
      params: { session, ...read, ...(last !== undefined && { version: last.version }) },
    }));
    if (catalog !== undefined) return { version, catalog };
    if (last !== undefined) return last;
    throw new CoreError('INTERNAL', 'The host sent no catalog although none was known.');
  }
}
