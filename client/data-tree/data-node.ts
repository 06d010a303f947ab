import type { ColumnInfo } from '../../wasm-core/protocol/methods.ts';

/** The workspace folder whose session knows a node. */
export interface DataRoot {
  /** Absolute. */
  readonly folder: string;
  readonly name: string;
}

/** What the groups of the tree are. */
export type GroupKind = 'files' | 'named' | 'remote' | 'tables' | 'databases' | 'macros' | 'functions';

/** What can be queried: its columns are below it. */
export interface SourceNode {
  readonly kind: 'source';
  readonly root: DataRoot;
  readonly type: 'file' | 'table' | 'view' | 'named' | 'remote';
  readonly label: string;
  readonly description: string;
  /** As a statement of the root's folder writes it. */
  readonly source: string;
  /** Absolute path of a file. */
  readonly file?: string;
  /** Path of the database that it is in, as `-- @db` names it from the root's folder. */
  readonly database?: string;
  /** Where they are known without asking. */
  readonly columns?: readonly ColumnInfo[];
  /** What `quern.json` says of it. */
  readonly note?: string;
}

/** Anything in the tree of data. */
export type DataNode =
  | { readonly kind: 'root'; readonly root: DataRoot }
  | { readonly kind: 'group'; readonly root: DataRoot; readonly group: GroupKind }
  | { readonly kind: 'folder'; readonly root: DataRoot; readonly path: string; readonly label: string }
  | {
      readonly kind: 'database';
      readonly root: DataRoot;
      readonly label: string;
      /** Absolute path of a file that is not attached. */
      readonly file?: string;
    }
  | SourceNode
  | {
      readonly kind: 'column';
      readonly source: SourceNode;
      readonly name: string;
      readonly type: string;
      /** How often it stands in the source before: names may be there twice. */
      readonly index: number;
    }
  | {
      readonly kind: 'function';
      readonly root: DataRoot;
      readonly name: string;
      /** Its parameters and result. */
      readonly signature: string;
      readonly doc: string;
      /** Of a plugin; absent for macros of the session. */
      readonly module?: string;
    }
  | { readonly kind: 'note'; readonly parent: string; readonly text: string };

/** Tells nodes apart, also after the tree was read again. */
export function nodeId(node: DataNode): string {
  switch (node.kind) {
    case 'root':
      return node.root.folder;
    case 'group':
      return [node.root.folder, node.group].join('\0');
    case 'folder':
      return [node.root.folder, 'folder', node.path].join('\0');
    case 'database':
      return [node.root.folder, 'database', node.file ?? node.label].join('\0');
    case 'source':
      return [node.root.folder, node.type, node.database ?? '', node.source].join('\0');
    case 'column':
      return [nodeId(node.source), String(node.index), node.name].join('\0');
    case 'function':
      return [node.root.folder, node.module ?? 'macro', node.name, node.signature].join('\0');
    case 'note':
      return [node.parent, 'note'].join('\0');
  }
}
