import * as vscode from 'vscode';
import type { Catalog } from '../../wasm-core/protocol/catalog.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { ColumnInfo, HostMethod, HostRequests, ModuleInfo } from '../../wasm-core/protocol/methods.ts';
import type { RemoteCachedFile } from '../../wasm-core/protocol/remote.ts';
import type { SummaryResult } from '../../wasm-core/protocol/summary.ts';
import type { HostLink } from '../host/host-link.ts';
import type { Sessions } from '../host/sessions.ts';
import { DATA_PATTERN, isDatabaseFile, isDataFile, PASSED_OVER } from './data-files.ts';
import type { DataSources } from './data-model.ts';
import type { DataRoot, SourceNode } from './data-node.ts';

/** More files than this are not looked for, nor shown. */
const MAX_FILES = 5_000;

interface Kept {
  readonly files: Map<string, ReturnType<DataSources['files']>>;
  readonly catalogs: Map<string, Promise<Catalog>>;
}

/** What the window's workspace and the sessions of its folders have; kept until `forget`. */
export class WindowSources implements DataSources {
  readonly #link: HostLink;
  readonly #sessions: Sessions;
  #kept: Kept = { files: new Map(), catalogs: new Map() };

  constructor(link: HostLink, sessions: Sessions) {
    this.#link = link;
    this.#sessions = sessions;
  }

  /** Has everything asked for again. */
  forget(): void {
    this.#kept = { files: new Map(), catalogs: new Map() };
  }

  roots(): readonly DataRoot[] {
    const folders = vscode.workspace.workspaceFolders ?? [];
    return folders.flatMap(({ uri, name }) => (uri.scheme === 'file' ? [{ folder: uri.fsPath, name }] : []));
  }

  files(root: DataRoot): ReturnType<DataSources['files']> {
    return once(this.#kept.files, root.folder, () => findFiles(root));
  }

  catalog(root: DataRoot, database?: string): Promise<Catalog> {
    return once(this.#kept.catalogs, `${root.folder}\0${database ?? ''}`, async () => {
      const read = database === undefined ? {} : { database, folder: root.folder };
      const { catalog } = await this.#ask('sql/catalog', root, read);
      if (catalog === undefined) throw new CoreError('INTERNAL', 'The host sent no catalog.');
      return catalog;
    });
  }

  async remote(): Promise<readonly RemoteCachedFile[]> {
    refuseUntrusted();
    return (await this.#link.request('remote/cache', undefined)).files;
  }

  async modules({ folder }: DataRoot): Promise<readonly ModuleInfo[]> {
    refuseUntrusted();
    return (await this.#link.request('module/list', { namespace: folder })).modules;
  }

  async columns(source: SourceNode): Promise<readonly ColumnInfo[] | string> {
    const { root } = source;
    const sql = `${directiveOf(source)}select * from ${source.source}`;
    const { columns } = await this.#ask('sql/describe', root, { sql, folder: root.folder });
    if (columns.length > 0) return columns;
    const { diagnostics } = await this.#ask('sql/check', root, { sql, folder: root.folder });
    return diagnostics[0]?.message ?? vscode.l10n.t('It has no columns.');
  }

  /** What is known of a source without reading its rows; nothing where it cannot be told. */
  async summary({ root, source, database }: SourceNode): Promise<SummaryResult> {
    try {
      const read = { source, folder: root.folder, ...(database !== undefined && { database }) };
      return await this.#ask('sql/summary', root, read);
    } catch {
      return { columns: [] };
    }
  }

  async #ask<M extends HostMethod & `sql/${string}`>(
    method: M,
    { folder }: DataRoot,
    params: Omit<Extract<HostRequests[M]['params'], object>, 'session'>,
  ): Promise<HostRequests[M]['result']> {
    refuseUntrusted();
    const uri = vscode.Uri.joinPath(vscode.Uri.file(folder), 'data.sql');
    return await this.#sessions.using({ uri }, ({ session }) =>
      this.#link.request(method, { ...params, session } as HostRequests[M]['params']),
    );
  }
}

/** The comment that has a statement read another database than the session's. */
export function directiveOf({ database }: Pick<SourceNode, 'database'>): string {
  return database === undefined ? '' : `-- @db ${database}\n`;
}

/** @throws CoreError CAPABILITY_DENIED in Restricted Mode, in which no host is started */
export function refuseUntrusted(): void {
  if (vscode.workspace.isTrusted) return;
  throw new CoreError(
    'CAPABILITY_DENIED',
    vscode.l10n.t('This window is in Restricted Mode: Quern reads data once you trust the workspace.'),
  );
}

async function findFiles({ folder }: DataRoot): ReturnType<DataSources['files']> {
  const base = vscode.Uri.file(folder);
  const pattern = new vscode.RelativePattern(base, DATA_PATTERN);
  const found = await vscode.workspace.findFiles(pattern, PASSED_OVER, MAX_FILES);
  const prefix = base.path.endsWith('/') ? base.path : `${base.path}/`;
  const paths = found
    .filter(({ path }) => path.startsWith(prefix))
    .map(({ path }) => path.slice(prefix.length))
    .filter((path) => isDataFile(path) || isDatabaseFile(path));
  return { paths, isCut: found.length >= MAX_FILES };
}

/** What was asked for under a key, asked for once; a failure is not kept. */
function once<T>(kept: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const known = kept.get(key);
  if (known !== undefined) return known;
  const asking = ask();
  kept.set(key, asking);
  asking.catch(() => {
    if (kept.get(key) === asking) kept.delete(key);
  });
  return asking;
}
