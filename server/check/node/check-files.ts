import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import {
  CHECK_SEVERITIES,
  type CheckDiagnostic,
  type CheckedFile,
  type CheckRequest,
} from '../../../wasm-core/protocol/check.ts';
import { CoreError } from '../../../wasm-core/protocol/errors.ts';
import { readError } from '../../compilers/node/compile-file.ts';
import type { Compilers } from '../../compilers/node/compilers.ts';
import { checkVirtuals } from '../../embedded/embedded-checker.ts';
import { languageOfFile } from '../../embedded/embedded-languages.ts';
import { sqlInside } from '../../embedded/sql-documents.ts';
import { HostLink } from '../../host-link.ts';
import { nodeFiles } from '../../node/files.ts';
import type { Platform } from '../../platform.ts';
import { diagnosticsOf } from '../../sql/diagnose.ts';
import { createLinter } from '../../sql/lints/create-linter.ts';
import type { SqlLinter } from '../../sql/lints/linter.ts';
import { SqlSessions } from '../../sql/sessions.ts';
import { DocumentSyntaxes } from '../../sql/syntax/document-syntax.ts';
import { Turns } from '../../turns.ts';
import { type DocumentFolders, Workspace } from '../../workspace.ts';
import { type FoundFile, findFiles } from './find-files.ts';
import { PluginCheck } from './plugin-check.ts';
import { type PluginSet, pluginSetsOf } from './plugin-sets.ts';

/** What the check works with. */
export interface CheckTools {
  readonly compilers: Compilers;
  readonly connect: Platform['connect'];
}

/**
 * Checks files as the language server checks open documents. Beside the files that are named, the plugins that are
 * loaded for their SQL are checked.
 *
 * @returns one entry for each file, by path, each when it is done
 * @throws CoreError when the host cannot be reached, or is lost
 */
export async function* checkFiles(request: CheckRequest, tools: CheckTools): AsyncGenerator<CheckedFile> {
  const files = findFiles(request.paths);
  const plugins = new PluginCheck(tools.compilers);
  const loaded = new Set<string>();
  for (const group of sqlGroups(files, request)) {
    const host = new HostLink(tools.connect);
    try {
      for (const set of group.plugins) {
        for (const file of await plugins.load(host, set)) loaded.add(file);
      }
      const check = new SqlCheck({ host, group, request });
      for (const file of group.files) yield await check.file(file);
    } finally {
      host.dispose();
    }
  }
  const sources = files.filter(({ kind }) => kind === 'plugin').map((file) => file.path);
  for (const file of new Set([...sources, ...loaded])) {
    const { diagnostics } = await plugins.outcome(file);
    yield { path: file, diagnostics };
  }
  for (const file of files.filter(({ kind }) => kind === 'unknown')) yield unknownFile(file.path);
}

/** Files whose SQL has the same plugins, and so shares sessions. */
interface SqlGroup {
  readonly plugins: readonly PluginSet[];
  readonly files: readonly string[];
}

function sqlGroups(files: readonly FoundFile[], request: CheckRequest): SqlGroup[] {
  const groups = new Map<string, { plugins: readonly PluginSet[]; files: string[] }>();
  const given = request.plugins?.map((folder): PluginSet => ({ namespace: folder }));
  for (const { path: file } of files.filter(({ kind }) => kind === 'sql' || kind === 'embedded')) {
    const plugins = given ?? pluginSetsOf(path.dirname(file), request.currentFolder);
    const key = plugins.map(({ namespace }) => namespace).join('\0');
    const group = groups.get(key) ?? { plugins, files: [] };
    group.files.push(file);
    groups.set(key, group);
  }
  return [...groups.values()];
}

interface SqlCheckOptions {
  readonly host: HostLink;
  readonly group: SqlGroup;
  readonly request: CheckRequest;
}

/** Checks files with SQL that have the same plugins. */
class SqlCheck {
  private readonly workspace = new Workspace(nodeFiles);
  private readonly sessions: SqlSessions;
  private readonly linter: SqlLinter;

  constructor({ host, group, request }: SqlCheckOptions) {
    this.workspace.initialize([nodeFiles.toUri(request.currentFolder)], { allow: request.allow });
    const [namespace = 'default', ...includes] = [...group.plugins.map((set) => set.namespace), 'default'];
    this.sessions = new SqlSessions(host, this.workspace, () => ({ namespace, includes }));
    this.linter = createLinter({
      turns: new Turns(),
      host,
      sessions: this.sessions,
      workspace: this.workspace,
      syntaxes: new DocumentSyntaxes(),
      files: nodeFiles,
      // They are the host's already.
      plugins: { functionsIn: () => [] },
    });
  }

  async file(file: string): Promise<CheckedFile> {
    const uri = nodeFiles.toUri(file);
    const folders = this.workspace.foldersOf(uri);
    const text = readText(file);
    if (typeof text !== 'string') return { path: file, diagnostics: [text] };
    if (folders === undefined) return { path: file, diagnostics: [] };
    const document = TextDocument.create(uri, languageOfFile(file) ?? 'sql', 1, text);
    try {
      const found = await this.diagnostics(document, folders);
      return { path: file, diagnostics: found.map(toCheck) };
    } catch (error) {
      // A text that the engine does not survive is that text's fault; the others are still checked.
      if (!(error instanceof CoreError && error.kind === 'SQL_ENGINE_LOST')) throw error;
      return { path: file, diagnostics: [atTop(error.kind, error.message)] };
    }
  }

  private diagnostics(document: TextDocument, folders: DocumentFolders): Promise<Diagnostic[]> {
    const { signal } = new AbortController();
    const sources = { sessions: this.sessions, folders, linter: this.linter, signal };
    return document.languageId === 'sql'
      ? diagnosticsOf(document, sources)
      : checkVirtuals(sqlInside(document), sources);
  }
}

/** A file's text, or what is wrong with it. */
function readText(file: string): string | CheckDiagnostic {
  try {
    const bytes = readFileSync(file);
    if (!isUtf8(bytes) || bytes.includes(0)) return atTop('FORMAT_DATA', 'It is not a text file in UTF-8.');
    // An editor's byte order mark is not part of the text.
    return bytes.toString('utf8').replace(/^\ufeff/, '');
  } catch (error) {
    return atTop(...readError(error));
  }
}

function unknownFile(file: string): CheckedFile {
  const known =
    'Quern checks .sql, .wat and .wasm files, .ts files with @udf, and the SQL in .md, .js, .ts, .jsx, .tsx and .py files.';
  const missing = readText(file);
  return {
    path: file,
    diagnostics: [typeof missing === 'string' ? atTop('FORMAT_UNSUPPORTED', known) : missing],
  };
}

function toCheck({ severity, code, message, range }: Diagnostic): CheckDiagnostic {
  return {
    severity: CHECK_SEVERITIES[(severity ?? DiagnosticSeverity.Error) - 1] ?? 'error',
    code: String(code ?? ''),
    message: typeof message === 'string' ? message : message.value,
    range,
  };
}

function atTop(code: string, message: string): CheckDiagnostic {
  const place = { line: 0, character: 0 };
  return { severity: 'error', code, message, range: { start: place, end: place } };
}
