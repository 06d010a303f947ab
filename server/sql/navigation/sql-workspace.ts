import type { Location } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { WORKSPACE_FILE } from '../../../wasm-core/protocol/workspace-file.ts';
import type { PlatformFiles } from '../../platform.ts';
import type { Workspace } from '../../workspace.ts';
import { tableEntry as entryOf } from '../../workspace-file/table-entry.ts';
import { DocumentSyntaxes, type PlacedStatement } from '../syntax/document-syntax.ts';

/** A SQL document, open or not. */
export interface SqlDocument {
  readonly document: TextDocument;
  readonly statements: readonly PlacedStatement[];
}

/** The workspace around a SQL document. */
export interface SqlWorkspace {
  /** Every SQL document of the workspace. */
  all(): Promise<readonly SqlDocument[]>;
  /** The other SQL documents of the folder that a document's session is of. */
  others(uri: string): Promise<readonly SqlDocument[]>;
  /** The URI of a file that a document names by an absolute path or one from its folder, if it is there. */
  fileOf(uri: string, file: string): string | undefined;
  /** The bytes of such a file. */
  sizeOf(uri: string, file: string): number | undefined;
  /** Where the `quern.json` of the folder that a document's session is of names a table. @param name in any case */
  tableEntry(uri: string, name: string): Location | undefined;
  /** The text of a file, as the editor has it, else the disk; undefined when it cannot be read. */
  textOf(uri: string): string | undefined;
  /** How a text file begins, 64 KiB of it at most; undefined when it cannot be read. */
  headOf(uri: string): string | undefined;
  /** The URIs of the files in the folder of a file. */
  beside(uri: string): Promise<readonly string[]>;
}

export interface SqlWorkspaceOptions {
  readonly files: PlatformFiles;
  readonly workspace: Workspace;
  readonly syntaxes: DocumentSyntaxes;
  /** SQL documents that the editor has open, and all that it has. */
  readonly open: () => readonly TextDocument[];
  readonly all: () => readonly TextDocument[];
}

/** The workspace as the editor and the disk have it now. */
export function sqlWorkspace(options: SqlWorkspaceOptions): SqlWorkspace {
  const { files, workspace, syntaxes, open } = options;
  const documentsIn = async (folder: string): Promise<readonly SqlDocument[]> => {
    const known = new Map(open().map((document) => [files.toPath(document.uri), document]));
    const paths = await files.findSql(folder);
    // Kept for this question alone: closed documents may change at any time.
    const closed = new DocumentSyntaxes();
    return paths.flatMap((path) => {
      const opened = known.get(path);
      if (opened !== undefined) return [{ document: opened, statements: syntaxes.of(opened) }];
      const text = files.readText(path);
      if (text === undefined) return [];
      const document = TextDocument.create(files.toUri(path), 'sql', 0, text);
      return [{ document, statements: closed.of(document) }];
    });
  };
  const others = async (uri: string): Promise<readonly SqlDocument[]> => {
    const folder = workspace.foldersOf(uri)?.session;
    if (folder === undefined || !workspace.all.includes(folder)) return [];
    const own = files.toPath(uri);
    return (await documentsIn(folder)).filter(({ document }) => files.toPath(document.uri) !== own);
  };
  const all = async (): Promise<readonly SqlDocument[]> =>
    (await Promise.all(workspace.all.map(documentsIn))).flat();
  const pathOf = (uri: string, file: string): string | undefined => {
    const folders = workspace.foldersOf(uri);
    if (folders === undefined || file === '' || /[*?[\n\0]|:\/\//.test(file)) return undefined;
    return files.join(folders.own, file);
  };
  const sizeOf = (uri: string, file: string): number | undefined => {
    const path = pathOf(uri, file);
    return path === undefined ? undefined : files.sizeOf(path);
  };
  const fileOf = (uri: string, file: string): string | undefined => {
    const path = sizeOf(uri, file) === undefined ? undefined : pathOf(uri, file);
    return path === undefined ? undefined : files.toUri(path);
  };
  const read = (uri: string, from: (path: string) => string | undefined): string | undefined => {
    const path = files.toPath(uri);
    const opened = options.all().find((document) => files.toPath(document.uri) === path);
    return opened?.getText() ?? (path === undefined ? undefined : from(path));
  };
  const textOf = (uri: string) => read(uri, files.readText);
  const tableEntry = (uri: string, name: string): Location | undefined => {
    const folder = workspace.foldersOf(uri)?.session;
    const file = folder === undefined ? undefined : files.toUri(files.join(folder, WORKSPACE_FILE));
    const range = file === undefined ? undefined : entryOf(textOf(file) ?? '', name);
    return file === undefined || range === undefined ? undefined : { uri: file, range };
  };
  const headOf = (uri: string) => read(uri, files.readHead);
  const beside = async (uri: string): Promise<readonly string[]> => {
    const path = files.toPath(uri);
    if (path === undefined) return [];
    const folder = files.folderOf(path);
    const names = (await files.list(folder)).filter((name) => !name.endsWith('/'));
    return names.map((name) => files.toUri(files.join(folder, name)));
  };
  return { all, others, fileOf, sizeOf, tableEntry, textOf, headOf, beside };
}
