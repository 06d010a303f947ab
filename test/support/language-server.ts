import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import type { Diagnostic, TextDocumentContentChangeEvent } from 'vscode-languageserver';
import { connectToHost } from '../../wasm-core/connect/connect.ts';
import type { HostConnection } from '../../wasm-core/connect/host-connection.ts';
import { type PluginStateParams, SERVER_EXEC_ARGV } from '../../wasm-core/protocol/lsp.ts';
import { distFolder } from './dist.ts';
import { endHosts } from './host-process.ts';

/** A diagnostic as our server sends it: its message is plain text. */
export type PlainDiagnostic = Omit<Diagnostic, 'message'> & { readonly message: string };

interface StartOptions {
  /** As the client gives them; left out as other editors do by default. */
  readonly initializationOptions?: object;
  /** As the editor tells them; none by default. */
  readonly capabilities?: object;
  /** What the editor answers when it is asked for the settings named `quern`. */
  readonly settings?: object;
  /** Initialize with no workspace folder. */
  readonly withoutFolder?: boolean;
}

/** A request that the server wants for some documents alone. */
interface Registered {
  readonly method: string;
  readonly registerOptions: { readonly documentSelector?: readonly { readonly language?: string }[] };
}

/** What the server published for one document. */
interface Published {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: PlainDiagnostic[];
}

/**
 * The real language server over stdio, with a home and a workspace folder of its own, and the editor's side of the
 * protocol as far as tests need it.
 */
export class LanguageServerFixture {
  readonly folder: string;
  readonly home: string;
  readonly plugins: PluginStateParams[] = [];
  readonly hostStates: boolean[] = [];
  readonly logged: string[] = [];
  /** What the server asked the client to send for some documents alone. */
  readonly registered: Registered[] = [];
  private readonly said: Published[] = [];
  private readonly waiting = new Set<() => void>();
  private readonly versions = new Map<string, number>();

  private running: { readonly server: ChildProcess; readonly rpc: MessageConnection };

  private constructor(
    private readonly root: string,
    private readonly options: StartOptions,
  ) {
    this.home = path.join(root, 'h');
    this.folder = path.join(root, 'w');
    this.running = spawnServer(this.home);
  }

  get server(): ChildProcess {
    return this.running.server;
  }

  get rpc(): MessageConnection {
    return this.running.rpc;
  }

  /**
   * Starts a server.
   *
   * @param files of the workspace folder, by path, written before it starts
   */
  static async start(
    files: Readonly<Record<string, string | Uint8Array>> = {},
    options: StartOptions = {},
  ): Promise<LanguageServerFixture> {
    // The real path, because a socket's path is short and a session's folder has no links in it.
    const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'ql-')));
    mkdirSync(path.join(root, 'h'));
    mkdirSync(path.join(root, 'w'));
    for (const [name, content] of Object.entries(files)) writeInto(path.join(root, 'w'), name, content);
    const fixture = new LanguageServerFixture(root, options);
    await fixture.initialize();
    return fixture;
  }

  /** Ends the server as an editor does, and starts another with the same home and folder. */
  async restart(): Promise<void> {
    const ended = once(this.server, 'exit');
    await this.rpc.sendRequest('shutdown');
    await this.rpc.sendNotification('exit');
    const [code] = await ended;
    assert.equal(code, 0);
    this.rpc.dispose();
    this.plugins.length = 0;
    this.running = spawnServer(this.home);
    await this.initialize();
  }

  /** Writes a file of the workspace. */
  write(name: string, content: string | Uint8Array): void {
    writeInto(this.folder, name, content);
  }

  remove(name: string): void {
    rmSync(path.join(this.folder, name));
  }

  uri(name: string): string {
    return pathToFileURL(path.join(this.folder, name)).href;
  }

  /** Opens a document as an editor does; the file need not be there. */
  open(name: string, languageId: string, text: string): void {
    this.versions.set(name, 1);
    const textDocument = { uri: this.uri(name), languageId, version: 1, text };
    void this.rpc.sendNotification('textDocument/didOpen', { textDocument });
  }

  /** Replaces a document's whole text; gives the new version. */
  change(name: string, text: string): number {
    return this.edit(name, [{ text }]);
  }

  /** Tells of edits of parts of a document, or of all of it; gives the new version. */
  edit(name: string, contentChanges: readonly TextDocumentContentChangeEvent[]): number {
    const version = (this.versions.get(name) ?? 0) + 1;
    this.versions.set(name, version);
    const textDocument = { uri: this.uri(name), version };
    void this.rpc.sendNotification('textDocument/didChange', { textDocument, contentChanges });
    return version;
  }

  /** What was last published for a document's present version; undefined when that is still to come. */
  published(name: string): readonly PlainDiagnostic[] | undefined {
    const last = this.said.filter((p) => p.uri === this.uri(name)).at(-1);
    return last?.version === this.versions.get(name) ? last?.diagnostics : undefined;
  }

  /** Writes a document's text to disk and says that it was saved. */
  save(name: string, text: string): void {
    this.write(name, text);
    void this.rpc.sendNotification('textDocument/didSave', { textDocument: { uri: this.uri(name) } });
  }

  close(name: string): void {
    void this.rpc.sendNotification('textDocument/didClose', { textDocument: { uri: this.uri(name) } });
  }

  request<T>(method: string, params: object): Promise<T> {
    return this.rpc.sendRequest<T>(`textDocument/${method}`, params);
  }

  /** A request about a position, which `|` marks in the document's text as it was opened or last changed. */
  at<T>(method: string, name: string, marked: string, more: object = {}): Promise<T> {
    const before = marked.slice(0, marked.indexOf('|')).split('\n');
    const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
    return this.request<T>(method, { textDocument: { uri: this.uri(name) }, position, ...more });
  }

  /** Waits for the diagnostics of a document's present version (or of the file, when it is not open). */
  diagnostics(
    name: string,
    fits: (d: PlainDiagnostic[]) => boolean = () => true,
  ): Promise<PlainDiagnostic[]> {
    const uri = this.uri(name);
    return this.until(() => {
      const last = this.said.filter((p) => p.uri === uri).at(-1);
      const isCurrent = last?.version === undefined || last.version === this.versions.get(name);
      return last && isCurrent && fits(last.diagnostics) ? last.diagnostics : undefined;
    }, `diagnostics of ${name}`);
  }

  /** Waits for word of a plugin. */
  plugin(name: string, fits: (state: PluginStateParams) => boolean): Promise<PluginStateParams> {
    return this.until(() => {
      const last = this.plugins.filter((p) => p.uri === this.uri(name)).at(-1);
      return last && fits(last) ? last : undefined;
    }, `the plugin ${name}`);
  }

  /** Waits until something is there, looking again whenever the server says something. */
  async until<T>(look: () => T | undefined, what: string): Promise<T> {
    const deadline = Date.now() + 90_000;
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      const left = deadline - Date.now();
      if (left <= 0) {
        const seen = JSON.stringify({ published: this.said.slice(-4), plugins: this.plugins.slice(-4) });
        throw new Error(`no word of ${what}; the last that came: ${seen}; log: ${this.logged.slice(-5)}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, left);
        const waiting = this.waiting;
        function done(): void {
          clearTimeout(timer);
          waiting.delete(done);
          resolve();
        }
        waiting.add(done);
      });
    }
  }

  /** A connection of one's own to the host that the server uses. */
  host(): Promise<HostConnection> {
    const hostPath = path.join(distFolder(), 'host.js');
    const client = 'quern-test/0';
    return connectToHost({ home: this.home, socket: this.socket(), hostPath, start: false, client });
  }

  /** Ends the server, the host and the folders. */
  async dispose(): Promise<void> {
    const host = await this.host().catch(() => undefined);
    this.rpc.dispose();
    const ended = once(this.server, 'exit');
    // Before its host, which it would start again.
    if (this.server.kill()) await ended;
    await host?.request('host/shutdown', undefined).catch(() => undefined);
    host?.dispose();
    await endHosts(this.home);
    rmSync(this.root, { recursive: true, force: true, maxRetries: 10 });
  }

  /** The test is a build of its own, so it looks for the socket rather than asking for its name. */
  private socket(): string {
    const run = path.join(this.home, 'run');
    const name = socketNames(run)[0];
    return path.join(run, name ?? 'none.sock');
  }

  private async initialize(): Promise<void> {
    const { withoutFolder, initializationOptions, capabilities = {}, settings = {} } = this.options;
    const { rpc } = this;
    const wake = (): void => {
      for (const done of [...this.waiting]) done();
    };
    rpc.onNotification('textDocument/publishDiagnostics', (p: Published) => {
      this.said.push(p);
      wake();
    });
    rpc.onNotification('quern/pluginState', (state: PluginStateParams) => {
      this.plugins.push(state);
      wake();
    });
    rpc.onNotification('quern/hostState', ({ connected }: { connected: boolean }) => {
      this.hostStates.push(connected);
      wake();
    });
    rpc.onNotification('window/logMessage', ({ message }: { message: string }) => {
      this.logged.push(message);
    });
    rpc.onRequest('client/registerCapability', (params: { registrations: readonly Registered[] }) => {
      this.registered.push(...params.registrations);
      wake();
    });
    rpc.onRequest('workspace/configuration', ({ items }: { items: readonly unknown[] }) =>
      items.map(() => settings),
    );
    rpc.listen();
    const workspaceFolders = [{ uri: pathToFileURL(this.folder).href, name: 'w' }];
    await rpc.sendRequest('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities,
      workspaceFolders: withoutFolder ? null : workspaceFolders,
      initializationOptions,
    });
    await rpc.sendNotification('initialized', {});
  }
}

function spawnServer(home: string): { readonly server: ChildProcess; readonly rpc: MessageConnection } {
  const server = spawn(
    process.execPath,
    [...SERVER_EXEC_ARGV, path.join(distFolder(), 'server.js'), '--stdio'],
    {
      env: { ...process.env, QUERN_HOME: home },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const { stdin, stdout } = server;
  if (stdin === null || stdout === null) throw new Error('no pipes');
  const rpc = createMessageConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
  return { server, rpc };
}

function writeInto(folder: string, name: string, content: string | Uint8Array): void {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
}

function socketNames(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.sock'));
  } catch {
    return [];
  }
}
