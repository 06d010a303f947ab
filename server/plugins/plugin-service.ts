import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { PluginStateParams } from '../../wasm-core/protocol/lsp.ts';
import { isProjectFile } from '../../wasm-core/protocol/plugins.ts';
import type {
  CompileDiagnostic,
  CompileOptions,
  CompileOutcome,
  PluginSource,
} from '../compilers/compile-types.ts';
import { Debouncer } from '../debouncer.ts';
import type { HostLink } from '../host-link.ts';
import type { Platform } from '../platform.ts';
import type { KnownFunction } from '../sql/knowledge.ts';
import type { Workspace } from '../workspace.ts';
import { calledNames, mayDefine } from './called-names.ts';
import type { FolderSettings } from './folder-settings.ts';
import { loadParams } from './load-params.ts';
import { isInPluginsFolder } from './plugin-files.ts';
import { PluginSources } from './plugin-sources.ts';
import {
  type DeclaredFunctions,
  declaredFunctions,
  declaredIn,
  failedState,
  type LoadedPlugin,
  refusal,
} from './plugin-state.ts';
import type { Publish } from './shown-diagnostics.ts';
import { ToldDiagnostics } from './told-diagnostics.ts';

/** What the service works with. */
export interface PluginServiceOptions {
  readonly platform: Platform;
  readonly host: HostLink;
  readonly workspace: Workspace;
  readonly settings: FolderSettings;
  /** The text and version of an open document. */
  readonly document: (uri: string) => { readonly text: string; readonly version: number } | undefined;
  readonly publish: Publish;
  readonly tell: (state: PluginStateParams) => void;
  /** Called when functions came, changed or went. */
  readonly onChange: () => void;
  /** Called when a source that is open has compiled, saved or not. */
  readonly onDeclared: () => void;
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
  /** What sources declared when they last compiled. */
  private readonly declared = new Map<string, DeclaredFunctions>();
  /** Saved sources whose module the host does not have yet, because it was not there. */
  private readonly unsent = new Set<string>();
  /** The last job of each source: its jobs run one after the other, so that the last save wins. */
  private readonly jobs = new Map<string, Promise<unknown>>();
  /** What ends the compilation of each source as it was typed, when it is edited again. */
  private readonly typing = new Map<string, AbortController>();
  /** Other files that each source was last compiled from, absolute. */
  private readonly inputs = new Map<string, readonly string[]>();
  /** Bytes of each plugin's last module. */
  private readonly sizes = new Map<string, number>();
  /** The tools and the preset that plugins were last compiled with; undefined before the first. */
  private compiledWith: string | undefined;
  /** Which files are plugins, by the `quern.json` of each folder that was looked through. */
  private readonly patterns = new Map<string, string | undefined>();
  private readonly sources: PluginSources;
  private readonly told: ToldDiagnostics;

  constructor(private readonly options: PluginServiceOptions) {
    this.sources = new PluginSources(options);
    this.told = new ToldDiagnostics({
      publish: options.publish,
      toUri: (path) => options.platform.files.toUri(path),
      toPath: (uri) => options.platform.files.toPath(uri),
      levels: () => options.workspace.options.diagnostics ?? {},
      loaded: this.loaded,
    });
    options.host.listen({
      connected: () => {
        for (const uri of this.unsent) void this.saved(uri);
      },
    });
  }

  /** A document was opened or edited: it is compiled, not loaded, once typing pauses. */
  changed(given: string): void {
    const uri = this.sources.pluginOf(given);
    if (!this.sources.isTyped(uri)) return;
    this.typing.get(uri)?.abort();
    this.pause.schedule(uri);
  }

  closed(given: string): void {
    const uri = this.sources.pluginOf(given);
    this.pause.cancel(uri);
    // What was typed and not saved is gone with the document; the file's own state is told again.
    if (this.told.has(uri)) void this.validate(uri);
  }

  /**
   * A source's file was saved, made or changed: it is compiled and loaded.
   *
   * @returns what became of it; undefined when the file is no plugin
   */
  saved(given: string): Promise<PluginStateParams | undefined> {
    const uri = this.sources.pluginOf(given);
    this.pause.cancel(uri);
    this.typing.get(uri)?.abort();
    return this.inOrder(uri, () => this.compileAndLoad(uri));
  }

  /**
   * A file was made, changed or deleted by another program. It is compiled and loaded when it lies in a folder named
   * `plugins` or was loaded before; an open document is compiled when it is saved, with the text that the editor has.
   */
  changedOnDisk(given: string): void {
    const uri = this.sources.pluginOf(given);
    const path = this.options.platform.files.toPath(uri);
    if (path === undefined) return;
    if (this.sources.isMember(path) || this.loaded.has(uri)) this.diskPause.schedule(uri);
    const users = [...this.inputs].filter(([, inputs]) => inputs.includes(path));
    for (const [user] of users) {
      if (this.options.document(user) === undefined) this.diskPause.schedule(user);
      else this.pause.schedule(user);
    }
  }

  /**
   * Compiles and loads every plugin of a folder: those that its `quern.json` names, else those of the folders named
   * `plugins` in and below it. What came from files that are gone, or are none of these now, is taken out.
   */
  async scan(folder: string, namespace: string): Promise<void> {
    const { files } = this.options.platform;
    const patterns = this.options.settings.of(namespace).plugins;
    this.patterns.set(namespace, JSON.stringify(patterns));
    const found = patterns ? await files.findPluginsBy(patterns, namespace) : await files.findPlugins(folder);
    if (found.length === 0 && !this.options.host.isConnected) return;
    await Promise.all([
      this.unloadGone(folder, namespace),
      ...found.map((file) => this.saved(files.toUri(file))),
    ]);
  }

  /** Settings changed: where they tell how plugins are compiled, those that are known are compiled anew. */
  configured(): void {
    const before = this.compiledWith;
    this.compileOptions();
    if (before === undefined || before === this.compiledWith) return;
    for (const uri of new Set([...this.loaded.keys(), ...this.told.shownPlugins()])) void this.saved(uri);
  }

  /** Resolves when every plugin that a statement may call is compiled and loaded; those go before the others. */
  async settled(sql: string): Promise<void> {
    const names = calledNames(sql);
    for (;;) {
      const awaited = [...this.jobs].filter(([uri]) => this.mayBeCalled(uri, names));
      if (awaited.length === 0) return;
      const { files } = this.options.platform;
      this.options.platform.compileFirst(new Set(awaited.map(([uri]) => files.toPath(uri) ?? '')));
      await Promise.allSettled(awaited.map(([, job]) => job));
    }
  }

  /** The functions of the plugins compiled here that belong to a namespace. */
  functionsIn(namespace: string): KnownFunction[] {
    return [...this.loaded.values()]
      .filter((plugin) => plugin.namespace === namespace)
      .flatMap(({ functions, places, uri, name }) =>
        functions.map((fn) => {
          const place = places.get(fn.name);
          if (place === undefined) return { fn, module: name, uri };
          const { file, start, end } = place;
          const declared = file === undefined ? uri : this.options.platform.files.toUri(file);
          return { fn, module: name, uri: declared, range: { start, end } };
        }),
      );
  }

  /**
   * What a plugin declares in one of its sources, as it was when it last compiled; undefined before, and for what is no
   * source.
   */
  async functionsOf(given: string): Promise<DeclaredFunctions | undefined> {
    const uri = this.sources.pluginOf(given);
    await this.jobs.get(uri)?.catch(() => undefined);
    const declared = this.declared.get(uri);
    const { files } = this.options.platform;
    return declared && declaredIn(declared, { file: files.toPath(given), source: files.toPath(uri) });
  }

  /** The levels of diagnostics may be others: all are told again. */
  refresh(): void {
    this.told.refresh();
  }

  /** A folder's `quern.json` changed: what its plugins are granted may be another thing. */
  workspaceFileChanged(folder: string): void {
    const isOthers = JSON.stringify(this.options.settings.of(folder).plugins) !== this.patterns.get(folder);
    if (this.options.workspace.trusted && isOthers) void this.scan(folder, folder);
    for (const uri of this.told.uris) {
      const path = this.options.platform.files.toPath(uri);
      if (path !== undefined && this.options.workspace.namespaceOf(path) === folder) void this.validate(uri);
    }
  }

  /** Whether a folder's `quern.json` says which files are plugins. */
  hasPatterns(folder: string): boolean {
    return this.options.settings.of(folder).plugins !== undefined;
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
      this.inputs.delete(uri);
      this.show(uri, []);
      if (plugin === undefined) return;
      this.loaded.delete(uri);
      this.declared.delete(uri);
      this.told.compare();
      await this.options.host
        .request('module/unload', { module: plugin.name, namespace: plugin.namespace })
        // It may have been unloaded by hand, or the host may be gone: either way it is not ours any more.
        .catch(() => undefined);
      this.options.onChange();
    });
  }

  /** A plugin is in the host no more. */
  private forget(uri: string): void {
    if (!this.loaded.delete(uri)) return;
    this.told.compare();
    this.options.onChange();
  }

  private async unloadGone(folder: string, namespace: string): Promise<void> {
    const { host, platform } = this.options;
    const isOurs = (source: string) =>
      isInPluginsFolder(source) || this.loaded.has(platform.files.toUri(source));
    const isGone = (source = '') =>
      platform.files.isInside(source, folder) &&
      isOurs(source) &&
      !(platform.files.exists(source) && this.sources.isMember(source));
    try {
      const { modules } = await host.request('module/list', { namespace });
      const gone = modules.filter((module) => isGone(module.source));
      for (const { name, source } of gone) {
        await host.request('module/unload', { module: name, namespace });
        if (source !== undefined) this.forget(platform.files.toUri(source));
      }
    } catch (error) {
      // Without a host nothing can be stale in it for now; the next start looks again.
      if (!(error instanceof CoreError)) throw error;
    }
  }

  /** Of a plugin without a text to look into it is not known. */
  private mayBeCalled(uri: string, names: ReadonlySet<string>): boolean {
    const source = this.sources.current(uri);
    const hasText = source !== undefined && source.language !== 'wasm' && !isProjectFile(source.path);
    return !hasText || mayDefine(source.text, names);
  }

  private async validate(uri: string): Promise<void> {
    await this.inOrder(uri, async () => {
      const source = this.sources.current(uri);
      if (source === undefined) {
        this.show(uri, []);
        return;
      }
      const version = this.options.document(uri)?.version;
      const abort = new AbortController();
      this.typing.set(uri, abort);
      const outcome = await this.options.platform
        .compile(source, { ...this.compileOptions(), signal: abort.signal })
        .catch(nothingWhenCancelled);
      if (this.typing.get(uri) === abort) this.typing.delete(uri);
      if (outcome === undefined) return;
      this.declare(uri, outcome);
      if (this.options.document(uri)?.version === version) this.show(uri, outcome.diagnostics, version);
    });
  }

  private async compileAndLoad(uri: string): Promise<PluginStateParams | undefined> {
    const source = this.sources.current(uri);
    if (source === undefined) {
      this.show(uri, []);
      return undefined;
    }
    const version = this.options.document(uri)?.version;
    const compiled = await this.options.platform
      .compile(source, this.compileOptions())
      .catch(nothingWhenCancelled);
    // All are given up when the server ends.
    if (compiled === undefined) return undefined;
    if (compiled.inputs !== undefined) this.inputs.set(uri, compiled.inputs);
    this.declare(uri, compiled);
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
    this.told.compare();
    this.options.onChange();
    const before = this.sizes.get(uri);
    this.sizes.set(uri, wasm.byteLength);
    const size = { byteLength: wasm.byteLength, ...(before !== undefined && { before }) };
    return { outcome, state: { uri, state: 'loaded', name, functions, size } };
  }

  private compileOptions(): CompileOptions {
    const { tools, preset } = this.options.workspace.options;
    const options = { ...(tools && { tools }), ...(preset && { preset }) };
    this.compiledWith = JSON.stringify(options);
    return options;
  }

  private declare(uri: string, outcome: CompileOutcome): void {
    const declared = declaredFunctions(outcome);
    if (declared === undefined) return;
    this.declared.set(uri, declared);
    const { files } = this.options.platform;
    const others = [...declared.places.values()].flatMap(({ file }) => (file ? [files.toUri(file)] : []));
    if ([uri, ...others].some((open) => this.options.document(open) !== undefined)) this.options.onDeclared();
  }

  private show(uri: string, diagnostics: readonly CompileDiagnostic[], version?: number): void {
    this.told.tell(uri, diagnostics, version);
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

function nothingWhenCancelled(error: unknown): undefined {
  if (!(error instanceof CoreError && error.kind === 'CANCELLED')) throw error;
}
