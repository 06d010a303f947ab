import * as l10n from '@vscode/l10n';
import type { Catalog, CatalogFunction, CatalogTable } from '../../wasm-core/protocol/catalog.ts';
import type { ColumnInfo, ModuleInfo } from '../../wasm-core/protocol/methods.ts';
import type { PluginFunction } from '../../wasm-core/protocol/plugins.ts';
import type { RemoteCachedFile } from '../../wasm-core/protocol/remote.ts';
import { isDatabaseFile } from './data-files.ts';
import { type DataNode, type DataRoot, type GroupKind, nodeId, type SourceNode } from './data-node.ts';
import { contentOf } from './file-groups.ts';
import { nameText, pathFrom, textLiteral } from './source-text.ts';

/** Where the tree's content comes from; each may be asked again at any time. */
export interface DataSources {
  roots(): readonly DataRoot[];
  /** Paths of data files and databases, with `/`, from the root's folder; and whether there are more. */
  files(root: DataRoot): Promise<{ readonly paths: readonly string[]; readonly isCut: boolean }>;
  /** What the session knows. @param database as `-- @db` names it @throws Error when there is no session */
  catalog(root: DataRoot, database?: string): Promise<Catalog>;
  /** Files on a network of which the host keeps parts, for all folders. @throws Error */
  remote(): Promise<readonly RemoteCachedFile[]>;
  /** The modules whose functions the session has. @throws Error */
  modules(root: DataRoot): Promise<readonly ModuleInfo[]>;
  /** The columns of a source, or why they cannot be told. @throws Error */
  columns(source: SourceNode): Promise<readonly ColumnInfo[] | string>;
}

const GROUPS: readonly GroupKind[] = [
  'files',
  'named',
  'remote',
  'tables',
  'databases',
  'macros',
  'functions',
];

/** The files of a folder are there at once; what its session has is waited for so long, milliseconds. */
const PATIENCE_MS = 300;

/** The tree of what can be queried: no window and no engine are needed to know what is below what. */
export class DataModel {
  readonly #sources: DataSources;
  readonly #onLate: (() => void) | undefined;
  /** Folders whose session has answered once: what it has does not go while it is asked again. */
  readonly #answered = new Set<string>();

  /** @param onLate called when groups have come that were left out because nobody waited; absent: all are waited for */
  constructor(sources: DataSources, onLate?: () => void) {
    this.#sources = sources;
    this.#onLate = onLate;
  }

  /** What is below a node; of no node, what is at the top. Groups without anything in them are left out. */
  async children(node?: DataNode): Promise<readonly DataNode[]> {
    try {
      return await this.#children(node);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      return [{ kind: 'note', parent: node === undefined ? '' : nodeId(node), text }];
    }
  }

  async #children(node: DataNode | undefined): Promise<readonly DataNode[]> {
    if (node === undefined) {
      const roots = this.#sources.roots();
      const [only] = roots;
      if (roots.length === 1 && only !== undefined) return await this.#groups(only);
      return roots.map((root) => ({ kind: 'root', root }));
    }
    switch (node.kind) {
      case 'root':
        return await this.#groups(node.root);
      case 'group':
        return await this.#inGroup(node.root, node.group);
      case 'folder':
        return await this.#inFolder(node.root, node.path);
      case 'database':
        return await this.#inDatabase(node);
      case 'source':
        return await this.#columns(node);
      case 'column':
      case 'function':
      case 'note':
        return [];
    }
  }

  /** Asking for all of them at once finds out which are empty, and reads the session's catalog once. */
  async #groups(root: DataRoot): Promise<readonly DataNode[]> {
    const asked = GROUPS.map((group) => this.#group(root, group));
    const all = Promise.all(asked).then((found) => {
      this.#answered.add(root.folder);
      return found.flat();
    });
    if (this.#onLate === undefined || this.#answered.has(root.folder)) return await all;
    // An engine takes seconds to start, and files need none.
    const early = await Promise.race([all, wait(PATIENCE_MS)]);
    if (early !== undefined) return early;
    const files = (await asked[GROUPS.indexOf('files')]) ?? [];
    void all.then(this.#onLate);
    const text = l10n.t('Tables and functions come once the engine has started…');
    return [...files, { kind: 'note', parent: root.folder, text }];
  }

  /** A group, where it has anything in it. */
  async #group(root: DataRoot, group: GroupKind): Promise<DataNode[]> {
    try {
      const inside = await this.#inGroup(root, group);
      return inside.length === 0 ? [] : [{ kind: 'group', root, group }];
    } catch (error) {
      // One note says that there is no session; the files are there without one.
      const text = error instanceof Error ? error.message : String(error);
      return group === 'tables' ? [{ kind: 'note', parent: root.folder, text }] : [];
    }
  }

  async #inGroup(root: DataRoot, group: GroupKind): Promise<readonly DataNode[]> {
    switch (group) {
      case 'files':
        return await this.#inFolder(root, '');
      case 'named':
        return namedNodes(root, await this.#sources.catalog(root));
      case 'remote':
        return remoteNodes(root, await this.#sources.remote());
      case 'tables':
        return tableNodes(root, await this.#sources.catalog(root));
      case 'databases':
        return databaseNodes(root, await this.#sources.catalog(root));
      case 'macros':
        return macroNodes(root, await this.#sources.catalog(root));
      case 'functions':
        return functionNodes(root, await this.#sources.modules(root));
    }
  }

  async #inFolder(root: DataRoot, path: string): Promise<readonly DataNode[]> {
    const { paths, isCut } = await this.#sources.files(root);
    const { folders, files } = contentOf(paths, path);
    const nodes: DataNode[] = [
      ...folders.map((folder): DataNode => ({ kind: 'folder', root, ...folder })),
      ...files.map((file) => fileNode(root, file)),
    ];
    if (!isCut || path !== '') return nodes;
    const text = l10n.t('Only the first {0} files are shown.', paths.length);
    return [...nodes, { kind: 'note', parent: `${root.folder}\0files`, text }];
  }

  async #inDatabase(node: DataNode & { readonly kind: 'database' }): Promise<readonly DataNode[]> {
    const { root, label, file } = node;
    const database = file === undefined ? undefined : pathFrom(file, root.folder);
    const catalog = await this.#sources.catalog(root, database);
    const name = database === undefined ? label : catalog.current.database;
    const reserved = new Set(catalog.reserved);
    return catalog.tables
      .filter((table) => table.database === name)
      .map((table) => {
        const parts = [...(table.schema === 'main' ? [] : [table.schema]), table.name];
        const path = database === undefined ? [name, ...parts] : parts;
        const source = path.map((part) => nameText(part, reserved)).join('.');
        return { ...tableNode(root, table, source), ...(database !== undefined && { database }) };
      });
  }

  async #columns(source: SourceNode): Promise<readonly DataNode[]> {
    const columns = source.columns ?? (await this.#sources.columns(source));
    if (typeof columns === 'string') return [{ kind: 'note', parent: nodeId(source), text: columns }];
    return columns.map(({ name, type }, index) => ({ kind: 'column', source, name, type, index }));
  }
}

/** A file, or a database, of the workspace. @param path with `/`, from the root's folder */
export function fileNode(root: DataRoot, path: string): DataNode {
  const label = path.slice(path.lastIndexOf('/') + 1);
  const file = `${root.folder.replace(/[\\/]$/, '')}/${path}`;
  if (isDatabaseFile(path)) return { kind: 'database', root, label, file };
  return { kind: 'source', root, type: 'file', label, description: '', source: textLiteral(path), file };
}

function namedNodes(root: DataRoot, { named, reserved }: Catalog): DataNode[] {
  const words = new Set(reserved);
  return named.map(({ name, description, files, fault }) => ({
    kind: 'source',
    root,
    type: 'named',
    label: name,
    description: fault === undefined ? (description ?? files.map(lastPart).join(', ')) : l10n.t('at fault'),
    source: nameText(name, words),
    note: fault ?? [description, ...files].filter((part) => part !== undefined).join('\n'),
  }));
}

/** Each file once, by address; one with a query is left out, for the values of that are not told. */
function remoteNodes(root: DataRoot, files: readonly RemoteCachedFile[]): DataNode[] {
  const urls = [...new Set(files.map(({ url }) => url))].filter((url) => !url.includes('?'));
  return urls.sort().map((url) => ({
    kind: 'source',
    root,
    type: 'remote',
    label: lastPart(url),
    description: url.slice(0, url.lastIndexOf('/')),
    source: textLiteral(url),
    note: url,
  }));
}

/** Tables and views of the session's own database, temporary ones among them. */
function tableNodes(root: DataRoot, { tables, current, reserved }: Catalog): DataNode[] {
  const words = new Set(reserved);
  return tables
    .filter(({ database }) => database === current.database || database === 'temp')
    .map((table) => {
      const isCurrent = table.database === 'temp' || table.schema === current.schema;
      const parts = isCurrent ? [table.name] : [table.schema, table.name];
      return tableNode(root, table, parts.map((part) => nameText(part, words)).join('.'));
    });
}

function tableNode(root: DataRoot, table: CatalogTable, source: string): SourceNode {
  const { name, kind, columns, database } = table;
  const description = kindText(kind, database === 'temp');
  return { kind: 'source', root, type: kind, label: name, description, source, columns };
}

function kindText(kind: CatalogTable['kind'], isTemporary: boolean): string {
  if (kind === 'view') return isTemporary ? l10n.t('temporary view') : l10n.t('view');
  return isTemporary ? l10n.t('temporary table') : l10n.t('table');
}

function databaseNodes(root: DataRoot, { databases, current }: Catalog): DataNode[] {
  return databases
    .filter((name) => name !== current.database)
    .map((label) => ({ kind: 'database', root, label }));
}

function macroNodes(root: DataRoot, { functions }: Catalog): DataNode[] {
  // Those are tables of ours, which every session has.
  const macros = functions.filter(
    ({ name, isUser }) => isUser === true && !/^quern_(functions|modules)$/.test(name),
  );
  return macros.flatMap((fn: CatalogFunction) =>
    fn.signatures.map((signature): DataNode => {
      const given = signature.slice(fn.name.length);
      return { kind: 'function', root, name: fn.name, signature: given, doc: fn.doc };
    }),
  );
}

function functionNodes(root: DataRoot, modules: readonly ModuleInfo[]): DataNode[] {
  const found = modules.flatMap(({ name: module, functions }) => functions.map((fn) => ({ module, fn })));
  return found
    .sort((a, b) => a.fn.name.localeCompare(b.fn.name, 'en'))
    .map(({ module, fn }) => {
      return { kind: 'function', root, name: fn.name, signature: signatureOf(fn), doc: fn.doc, module };
    });
}

function signatureOf({ parameters, returns }: PluginFunction): string {
  const list = parameters.map(({ name, type, variadic }) => `${name} ${type}${variadic ? '...' : ''}`);
  return `(${list.join(', ')}) -> ${returns}`;
}

function lastPart(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

function wait(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms));
}
