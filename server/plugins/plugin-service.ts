import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { PluginStateParams } from '../../wasm-core/protocol/lsp.ts';
import { sourceLanguage } from '../../wasm-core/protocol/plugins.ts';
import type { CompileDiagnostic, CompileOutcome, PluginSource } from '../compilers/compile-types.ts';
import { Debouncer } from '../debouncer.ts';
import type { HostLink } from '../host-link.ts';
import { canonicalUri, type Platform } from '../platform.ts';
import type { KnownFunction } from '../sql/knowledge.ts';
import type { Workspace } from '../workspace.ts';
import { loadParams } from './load-params.ts';
import { isInPluginsFolder, sourcesOf } from './plugin-files.ts';
import { explained, failedState, type LoadedPlugin } from './plugin-state.ts';

/** What the service works with. */
export interface PluginServiceOptions {
  readonly platform: Platform;
  readonly host: HostLink;
  readonly workspace: Workspace;
  /** The text and version of an open document. */
  readonly document: (uri: string) => { readonly text: string; readonly version: number } | undefined;
  /** `version` is absent for a file that is not open. */
  readonly publish: (uri: string, diagnostics: readonly CompileDiagnostic[], version?: number) => void;
  readonly tell: (state: PluginStateParams) => void;
  /** Called when functions came, changed or went. */
  readonly onChange: () => void;
}

/** How long typing must pause before a source is compiled, milliseconds. */
const PAUSE_MS = 200;
/** Several watchers may tell of one change, and a program may write a file in steps. */
const DISK_PAUSE_MS = 100;

/**
 * Compiles plugins: while one types, for the diagnostics; when a file is saved or changes, also into the host, where
 * SQL calls them.
 */
export class PluginService {
  private readonly pause = new Debouncer(PAUSE_MS, (uri) => void this.validate(uri));
  private readonly diskPause = new Debouncer(DISK_PAUSE_MS, (uri) => void this.followDisk(uri));
  private readonly loaded = new Map<string, LoadedPlugin>();
  /** Saved sources whose module the host does not have yet, because it was not there. */
  private readonly unsent = new Set<string>();
  /** The last job of each source: its jobs run one after the other, so that the last save wins. */
  private readonly jobs = new Map<string, Promise<unknown>>();
  /** Documents that have diagnostics of ours. */
  private readonly shown = new Set<string>();

  constructor(private readonly options: PluginServiceOptions) {
    options.host.listen({
      connected: () => {
        for (const uri of this.unsent) void this.saved(uri);
      },
    });
  }

  /** A document was opened or edited: it is compiled, not loaded, once typing pauses. */
  changed(given: string): void {
    this.pause.schedule(this.known(given));
  }

  closed(given: string): void {
    const uri = this.known(given);
    this.pause.cancel(uri);
    // What was typed and not saved is gone with the document; the file's own state is told again.
    if (this.shown.has(uri)) void this.validate(uri);
  }

  /**
   * A source's file was saved, made or changed: it is compiled and loaded.
   *
   * @returns what became of it; undefined when the file is no plugin
   */
  saved(given: string): Promise<PluginStateParams | undefined> {
    const uri = this.known(given);
    this.pause.cancel(uri);
    return this.inOrder(uri, () => this.compileAndLoad(uri));
  }

  /**
   * A file was made, changed or deleted by another program. It is compiled and loaded when it lies in a folder named
   * `plugins` or was loaded before; an open document is compiled when it is saved, with the text that the editor has.
   */
  changedOnDisk(given: string): void {
    const uri = this.known(given.replace(/\.quern\.json$/, '.wasm'));
    const path = this.options.platform.files.toPath(uri);
    if (path !== undefined && (isInPluginsFolder(path) || this.loaded.has(uri))) this.diskPause.schedule(uri);
  }

  /**
   * Compiles and loads every plugin of the folders named `plugins` in and below a folder, and takes out of the namespace
   * what came from files there that are gone.
   */
  async scan(folder: string, namespace: string): Promise<void> {
    const { files } = this.options.platform;
    const found = await files.findPlugins(folder);
    if (found.length === 0 && !this.options.host.isConnected) return;
    await Promise.all([
      this.unloadGone(folder, namespace),
      ...found.map((file) => this.saved(files.toUri(file))),
    ]);
  }

  /** Resolves when nothing is being compiled or loaded. */
  async settled(): Promise<void> {
    while (this.jobs.size > 0) await Promise.allSettled(this.jobs.values());
  }

  /** The functions of the plugins compiled here that belong to a namespace. */
  functionsIn(namespace: string): KnownFunction[] {
    return [...this.loaded.values()]
      .filter((plugin) => plugin.namespace === namespace)
      .flatMap(({ functions, places, uri, name }) =>
        functions.map((fn) => {
          const range = places.get(fn.name);
          return { fn, module: name, uri, ...(range && { range }) };
        }),
      );
  }

  dispose(): void {
    this.pause.dispose();
    this.diskPause.dispose();
  }

  private async followDisk(uri: string): Promise<void> {
    const path = this.options.platform.files.toPath(uri) ?? '';
    if (!this.options.platform.files.exists(path)) await this.deleted(uri);
    else if (this.options.document(uri) === undefined) await this.saved(uri);
  }

  /** A source's file is gone: so are its functions. */
  private deleted(uri: string): Promise<void> {
    return this.inOrder(uri, async () => {
      const plugin = this.loaded.get(uri);
      this.unsent.delete(uri);
      this.show(uri, []);
      if (plugin === undefined) return;
      this.loaded.delete(uri);
      await this.options.host
        .request('module/unload', { module: plugin.name, namespace: plugin.namespace })
        // It may have been unloaded by hand, or the host may be gone: either way it is not ours any more.
        .catch(() => undefined);
      this.options.onChange();
    });
  }

  private async unloadGone(folder: string, namespace: string): Promise<void> {
    const { host, platform } = this.options;
    const isGone = (source = '') =>
      isInPluginsFolder(source) && platform.files.isInside(source, folder) && !platform.files.exists(source);
    try {
      const { modules } = await host.request('module/list', { namespace });
      const gone = modules.filter((module) => isGone(module.source));
      for (const { name } of gone) await host.request('module/unload', { module: name, namespace });
    } catch (error) {
      // Without a host nothing can be stale in it for now; the next start looks again.
      if (!(error instanceof CoreError)) throw error;
    }
  }

  private known(uri: string): string {
    return canonicalUri(this.options.platform.files, uri);
  }

  private async validate(uri: string): Promise<void> {
    await this.inOrder(uri, async () => {
      const source = this.currentSource(uri);
      if (source === undefined) {
        this.show(uri, []);
        return;
      }
      const version = this.options.document(uri)?.version;
      const outcome = await this.options.platform.compile(source);
      if (this.options.document(uri)?.version === version) this.show(uri, outcome.diagnostics, version);
    });
  }

  private async compileAndLoad(uri: string): Promise<PluginStateParams | undefined> {
    const source = this.currentSource(uri);
    if (source === undefined) {
      this.show(uri, []);
      return undefined;
    }
    const version = this.options.document(uri)?.version;
    const compiled = await this.options.platform.compile(source);
    const { outcome, state } = await this.load(uri, source, compiled);
    if (this.options.document(uri)?.version === version) this.show(uri, outcome.diagnostics, version);
    this.options.tell(state);
    return state;
  }

  /** Puts a module into the host; a refusal becomes a diagnostic. */
  private async load(
    uri: string,
    source: PluginSource,
    outcome: CompileOutcome,
  ): Promise<{ readonly outcome: CompileOutcome; readonly state: PluginStateParams }> {
    const { host, workspace } = this.options;
    const { name, wasm, functions, places } = outcome;
    if (wasm === undefined) return { outcome, state: failedState(uri, outcome) };
    const namespace = workspace.namespaceOf(source.path);
    try {
      await host.request('module/load', loadParams(source, { name, namespace, wasm }));
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      const away = error.kind === 'HOST_LOST' || error.kind === 'HOST_UNAVAILABLE';
      if (away) this.unsent.add(uri);
      const refused = refusal(outcome, error);
      return { outcome: away ? outcome : refused, state: failedState(uri, refused) };
    }
    this.unsent.delete(uri);
    this.loaded.set(uri, { name, namespace, uri, functions, places });
    this.options.onChange();
    return { outcome, state: { uri, state: 'loaded', name, functions } };
  }

  /** What is to be compiled: the open document's text, else the file's. */
  private currentSource(uri: string): PluginSource | undefined {
    const { platform, workspace, document } = this.options;
    const path = platform.files.toPath(uri);
    if (path === undefined || !workspace.trusted) return undefined;
    const root = workspace.namespaceOf(path);
    const open = document(uri);
    if (open !== undefined) {
      const language = sourceLanguage(path, open.text);
      return language && { language, path, root, text: open.text };
    }
    // A module is compiled from the source beside it, whose text is what counts.
    const isCompiled = /\.wasm$/i.test(path) && sourcesOf(path).some((file) => this.onDisk(file, root));
    return isCompiled ? undefined : this.onDisk(path, root);
  }

  /** A plugin as its file has it. */
  private onDisk(path: string, root: string): PluginSource | undefined {
    const source = this.options.platform.files.readPlugin(path, root);
    const other =
      source?.language === 'assemblyscript' && sourceLanguage(source.path, source.text) === undefined;
    return other ? undefined : source;
  }

  private show(uri: string, diagnostics: readonly CompileDiagnostic[], version?: number): void {
    if (diagnostics.length === 0 && !this.shown.has(uri)) return;
    if (diagnostics.length === 0) this.shown.delete(uri);
    else this.shown.add(uri);
    this.options.publish(uri, explained(diagnostics, this.loaded.get(uri)), version);
  }

  private inOrder<T>(uri: string, job: () => Promise<T>): Promise<T> {
    const before = this.jobs.get(uri) ?? Promise.resolve();
    const next = before.then(job, job);
    this.jobs.set(uri, next);
    void next.finally(() => {
      if (this.jobs.get(uri) === next) this.jobs.delete(uri);
    });
    return next;
  }
}

const TOP = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

function refusal(outcome: CompileOutcome, error: CoreError): CompileOutcome {
  const range = [...outcome.places.values()][0] ?? TOP;
  const diagnostic = { severity: 'error', code: error.kind, message: error.message, range } as const;
  return { ...outcome, diagnostics: [...outcome.diagnostics, diagnostic] };
}
