import * as vscode from 'vscode';
import { CodeLensRequest, LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { EMBEDDING_LANGUAGES } from '../wasm-core/protocol/embedded-sql.ts';
import {
  type CompileParams,
  type CompileResult,
  LSP_COMPILE,
  LSP_FUNCTIONS,
  LSP_PLUGIN_STATE,
  LSP_SETTLED,
  LSP_STATEMENTS,
  LSP_VISIBLE,
  LSP_WORLD,
  type PluginStateParams,
  SERVER_EXEC_ARGV,
  type ServerOptions,
  type SettledParams,
  type SourceFunctionsParams,
  type SourceFunctionsResult,
  type StatementsParams,
  type StatementsResult,
  type VisibleParams,
  type WorldParams,
  type WorldResult,
} from '../wasm-core/protocol/lsp.ts';
import { PROJECT_FILE_NAMES } from '../wasm-core/protocol/plugins.ts';
import { readSettings } from './settings.ts';

/** How long a run waits for the next plugin, milliseconds: as long as a compiler may take for one. */
const PATIENCE_MS = 60_000;

/** The editor's names of languages that tools of the user's compile. */
const TOOL_LANGUAGES = ['c', 'cpp', 'rust', 'go', 'zig'];

export interface LanguageServiceOptions {
  /** Absolute path of dist/server.js. */
  readonly serverPath: string;
  /** The window's part of the keys of shared sessions. */
  readonly sessionKey: string;
  readonly log: vscode.LogOutputChannel;
  /** What is shown in place of the server's lenses of a document. */
  readonly lenses: (document: vscode.TextDocument, lenses: readonly vscode.CodeLens[]) => vscode.CodeLens[];
}

/** The language server of the window; started again when trust is granted or a setting that it reads at start changes. */
export class LanguageService implements vscode.Disposable {
  readonly #options: LanguageServiceOptions;
  readonly #pluginState = new vscode.EventEmitter<PluginStateParams>();
  readonly #watcher = vscode.workspace.createFileSystemWatcher(
    '**/{quern.json,*.{wat,js,mjs,wasm,quern.json,c,h,cc,cpp,cxx,hpp,rs,go,zig}}',
  );
  #client: LanguageClient | undefined;
  #changing: Promise<void> = Promise.resolve();
  #visible: VisibleParams = { documents: [] };

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
      await client.sendNotification(LSP_VISIBLE, this.#visible);
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
    if (this.#client === undefined) throw new Error(vscode.l10n.t('The language server does not run.'));
    return await this.#client.sendRequest<CompileResult>(LSP_COMPILE, params);
  }

  /** The functions that a plugin's source declares; none while the server does not run, and for other documents. */
  async functionsOf(uri: string): Promise<SourceFunctionsResult['functions']> {
    await this.#changing;
    const params: SourceFunctionsParams = { uri };
    const result = await this.#client?.sendRequest<SourceFunctionsResult>(LSP_FUNCTIONS, params);
    return result?.functions ?? [];
  }

  /**
   * The SQL inside a document of another language, as the server reads it.
   *
   * @returns without texts when the server does not run
   */
  async statements(uri: string): Promise<StatementsResult> {
    await this.#changing;
    const params: StatementsParams = { uri };
    return (await this.#client?.sendRequest<StatementsResult>(LSP_STATEMENTS, params)) ?? { texts: [] };
  }

  /** Tells the server what is on the screen; a server that starts later is told, too. */
  async showing(visible: VisibleParams): Promise<void> {
    this.#visible = visible;
    await this.#changing;
    await this.#client?.sendNotification(LSP_VISIBLE, visible);
  }

  /**
   * Resolves when the server has compiled and loaded every plugin that a text of SQL may call, at the latest when it has told of none for
   * a minute: a folder of many takes longer than that, and a run before its end would lack functions that are there.
   */
  async settled(sql: string): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    let progress: vscode.Disposable | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS);
      progress = this.#pluginState.event(() => timer?.refresh());
    });
    // A server that does not run has nothing to wait for.
    const asked = this.#changing
      .then(() => this.#client?.sendRequest(LSP_SETTLED, { sql } satisfies SettledParams))
      .catch(() => undefined);
    await Promise.race([asked, patience]);
    clearTimeout(timer);
    progress?.dispose();
  }

  /** The world of a component as text; undefined for a file that is none, and while the server does not run. */
  async worldOf(uri: string): Promise<string | undefined> {
    await this.#changing;
    const params: WorldParams = { uri };
    return (await this.#client?.sendRequest<WorldResult>(LSP_WORLD, params))?.world;
  }

  /** Lets the editor ask for the lenses of all documents again. */
  refreshLenses(): void {
    const feature = this.#client?.getFeature(CodeLensRequest.method);
    for (const document of vscode.workspace.textDocuments) {
      feature?.getProvider(document)?.onDidChangeCodeLensEmitter.fire();
    }
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
    const { serverPath, sessionKey, log, lenses } = this.#options;
    const {
      allow,
      allowUrls,
      remoteCacheMb,
      home,
      diagnostics,
      newPluginLanguage,
      embeddedSql,
      tools,
      preset,
    } = readSettings();
    const env = {
      ...process.env,
      ...(home !== undefined && { QUERN_HOME: home }),
      // It may be the one that starts the host.
      ...(remoteCacheMb !== undefined && { QUERN_REMOTE_CACHE_MB: String(remoteCacheMb) }),
    };
    const server = {
      module: serverPath,
      transport: TransportKind.ipc,
      options: { env, execArgv: [...SERVER_EXEC_ARGV] },
    };
    const options: ServerOptions = {
      sessionKey,
      trusted: vscode.workspace.isTrusted,
      allow,
      allowUrls,
      diagnostics,
      newPluginLanguage,
      embeddedSql,
      validatesJson: true,
      tools,
      preset,
    };
    return new LanguageClient('quern', 'Quern', server, {
      documentSelector: [
        { language: 'sql', scheme: 'file' },
        { language: 'sql', scheme: 'untitled' },
        { language: 'wat', scheme: 'file' },
        { scheme: 'file', pattern: '**/quern.json' },
        { language: 'wit', scheme: 'file' },
        // The server looks only at the files among them that are plugins, or hold SQL.
        { language: 'typescript', scheme: 'file' },
        { language: 'javascript', scheme: 'file' },
        ...TOOL_LANGUAGES.map((language) => ({ language, scheme: 'file' })),
        { pattern: `**/{${PROJECT_FILE_NAMES.join()}}`, scheme: 'file' },
        ...(embeddedSql
          ? EMBEDDING_LANGUAGES.filter((language) => !['typescript', 'javascript'].includes(language))
          : []
        ).map((language) => ({ language, scheme: 'file' })),
      ],
      initializationOptions: options,
      outputChannel: log,
      middleware: {
        provideCodeLenses: async (document, token, next) => {
          const found = (await next(document, token)) ?? [];
          return token.isCancellationRequested ? [] : lenses(document, found);
        },
      },
      synchronize: {
        fileEvents: this.#watcher,
        configurationSection: ['quern.diagnostics', 'quern.newPluginLanguage', 'quern.tools', 'quern.preset'],
      },
    });
  }
}
