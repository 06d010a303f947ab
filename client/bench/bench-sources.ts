import * as vscode from 'vscode';
import { readSqlBenchmarks } from '../../wasm-core/protocol/bench/sql-benchmarks.ts';
import { HOST_OPERATIONS } from '../../wasm-core/protocol/bench.ts';
import { CHAIN_ENDING, parseChainFile } from '../../wasm-core/protocol/chain-file.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { ModuleInfo } from '../../wasm-core/protocol/methods.ts';
import { PASSED_OVER } from '../data-tree/data-files.ts';
import type { HostLink } from '../host/host-link.ts';
import type { BenchFile, BenchSources } from './bench-model.ts';
import { benchFile, chainNode } from './chain-node.ts';
import { HOST_URI } from './host-subjects.ts';

/** So many SQL files, and chains, are looked into, none of them longer than so many bytes. */
const MAX_FILES = 2_000;
const MAX_BYTES = 1024 * 1024;

/** What a SQL file has in it that is written to be measured. */
const MARK = /^\s*--\s*@bench\b/im;

/** The benchmarks of a window's workspace: marked queries, functions of plugins, chains, and the host. */
export class WindowBenchmarks implements BenchSources {
  readonly #link: HostLink;

  constructor(link: HostLink) {
    this.#link = link;
  }

  async files(): Promise<readonly BenchFile[]> {
    const [sql, plugins, chains] = await Promise.all([sqlFiles(), this.#plugins(), chainFiles()]);
    const label = vscode.l10n.t('Host');
    const host = { uri: HOST_URI, label, folder: '', type: 'host', names: HOST_OPERATIONS } as const;
    return [...sql, ...plugins, ...chains, host];
  }

  /** The modules whose functions a folder's SQL has; none in Restricted Mode, in which no host is started. */
  async modules(namespace: string): Promise<readonly ModuleInfo[]> {
    if (!vscode.workspace.isTrusted) return [];
    return (await this.#link.request('module/list', { namespace })).modules;
  }

  async #plugins(): Promise<readonly BenchFile[]> {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const all = await Promise.all(folders.map(({ uri }) => this.modules(uri.fsPath)));
    return all.flat().flatMap(({ source, functions }) => {
      if (source === undefined || source.endsWith('.wasm')) return [];
      const names = [...new Set(functions.map(({ name }) => name))];
      return [benchFile(vscode.Uri.file(source), { type: 'plugin', names })];
    });
  }
}

async function sqlFiles(): Promise<readonly BenchFile[]> {
  const found = await vscode.workspace.findFiles('**/*.sql', PASSED_OVER, MAX_FILES);
  const open = openDocuments();
  const files = await Promise.all(
    found.map(async (uri) => {
      const text = open.get(uri.toString())?.getText() ?? (await readText(uri));
      if (!MARK.test(text) && !uri.path.endsWith('.bench.sql')) return undefined;
      const names = readSqlBenchmarks(text).benchmarks.map(({ name }) => name);
      return benchFile(uri, { type: 'sql', names });
    }),
  );
  return files.filter((file) => file !== undefined);
}

/** The chain files that can be read as such. */
async function chainFiles(): Promise<readonly BenchFile[]> {
  const found = await vscode.workspace.findFiles(`**/*${CHAIN_ENDING}`, PASSED_OVER, MAX_FILES);
  const open = openDocuments();
  const files = await Promise.all(
    found.map(async (uri) => {
      const text = open.get(uri.toString())?.getText() ?? (await readText(uri));
      try {
        return chainNode(uri, parseChainFile(text, { source: uri.path })).file;
      } catch (error) {
        if (error instanceof CoreError) return undefined;
        throw error;
      }
    }),
  );
  return files.filter((file) => file !== undefined);
}

function openDocuments(): ReadonlyMap<string, vscode.TextDocument> {
  return new Map(vscode.workspace.textDocuments.map((document) => [document.uri.toString(), document]));
}

/** A file that cannot be read, or is too long to be written by hand, has no benchmarks. */
async function readText(uri: vscode.Uri): Promise<string> {
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > MAX_BYTES) return '';
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return '';
  }
}
