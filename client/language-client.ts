import * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import {
  type CompileParams,
  type CompileResult,
  LSP_COMPILE,
  LSP_PLUGIN_STATE,
  LSP_SETTLED,
  type PluginStateParams,
  type ServerOptions,
} from '../wasm-core/protocol/lsp.ts';
import { readSettings } from './settings.ts';

/** How long a run waits for plugins, milliseconds: compilers start with the window. */
const PATIENCE_MS = 10_000;

export interface LanguageServiceOptions {
  /** Absolute path of dist/server.js. */
  readonly serverPath: string;
  /** The window's part of the keys of shared sessions. */
  readonly sessionKey: string;
  readonly log: vscode.LogOutputChannel;
}

/** The language server of the window; started again when trust is granted or a setting that it reads at start changes. */
export class LanguageService implements vscode.Disposable {
  readonly #options: LanguageServiceOptions;
  readonly #pluginState = new vscode.EventEmitter<PluginStateParams>();
  readonly #watcher = vscode.workspace.createFileSystemWatcher('**/*.{wat,wasm,quern.json}');
  #client: LanguageClient | undefined;
  #changing: Promise<void> = Promise.resolve();

  /** Fires when the server has compiled and loaded a plugin, or says why not. */
  readonly onDidCompile = this.#pluginState.event;

  constructor(options: LanguageServiceOptions) {
    this.#options = options;
  }

  /**
   * Starts the server, or starts it again with what holds now.
   *
   * @throws Error when it does not come up
   */
  async start(): Promise<void> {
    const next = this.#changing.then(async () => {
      await this.#end();
      const client = this.#create();
      this.#client = client;
      client.onNotification(LSP_PLUGIN_STATE, (state: PluginStateParams) => this.#pluginState.fire(state));
      await client.start();
    });
    // A start that failed must not keep the next one from trying.
    this.#changing = next.catch(() => undefined);
    await next;
  }

  /**
   * Compiles and loads one plugin source, saved or not.
   *
   * @throws Error when the server does not run
   */
  async compile(params: CompileParams): Promise<CompileResult> {
    await this.#changing;
    if (this.#client === undefined) throw new Error('The language server does not run.');
    return await this.#client.sendRequest<CompileResult>(LSP_COMPILE, params);
  }

  /** Resolves when the server has compiled and loaded every plugin that it knows, at the latest after ten seconds. */
  async settled(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS);
    });
    // A server that does not run has nothing to wait for.
    const asked = this.#changing.then(() => this.#client?.sendRequest(LSP_SETTLED)).catch(() => undefined);
    await Promise.race([asked, patience]);
    clearTimeout(timer);
  }

  /** Ends the server; resolves when it has left. */
  async stop(): Promise<void> {
    this.#changing = this.#changing.then(() => this.#end());
    await this.#changing;
  }

  dispose(): void {
    this.#watcher.dispose();
    this.#pluginState.dispose();
  }

  async #end(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    // A server that did not come up cannot be asked to leave; it has left.
    await client?.dispose().catch(() => undefined);
  }

  #create(): LanguageClient {
    const { serverPath, sessionKey, log } = this.#options;
    const { allow, home } = readSettings();
    const env = home === undefined ? process.env : { ...process.env, QUERN_HOME: home };
    const server = { module: serverPath, transport: TransportKind.ipc, options: { env } };
    const options: ServerOptions = {
      sessionKey,
      trusted: vscode.workspace.isTrusted,
      allow,
    };
    return new LanguageClient('quern', 'Quern', server, {
      documentSelector: [
        { language: 'sql', scheme: 'file' },
        { language: 'sql', scheme: 'untitled' },
        { language: 'wat', scheme: 'file' },
        // The server looks only at the files among them that hold `@udf`.
        { language: 'typescript', scheme: 'file' },
      ],
      initializationOptions: options,
      outputChannel: log,
      synchronize: { fileEvents: this.#watcher },
    });
  }
}
