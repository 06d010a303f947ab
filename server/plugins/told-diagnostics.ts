import type { DiagnosticLevel } from '../../wasm-core/protocol/lsp.ts';
import type { CompileDiagnostic } from '../compilers/compile-types.ts';
import { duplicateFunctions } from './duplicate-functions.ts';
import { explained, type LoadedPlugin, withLevels } from './plugin-state.ts';
import { type Publish, ShownDiagnostics } from './shown-diagnostics.ts';

/** What is told with. */
export interface ToldOptions {
  readonly publish: Publish;
  readonly toUri: (path: string) => string;
  readonly toPath: (uri: string) => string | undefined;
  /** The setting `quern.diagnostics`. */
  readonly levels: () => Readonly<Record<string, DiagnosticLevel>>;
  /** The plugins in force, by URI. */
  readonly loaded: ReadonlyMap<string, LoadedPlugin>;
}

/** What was said of a plugin itself, before the levels of the settings. */
interface Told {
  readonly diagnostics: readonly CompileDiagnostic[];
  readonly version?: number;
}

/** What is told of plugins: what was said of each, and what all of them together show, as loud as the settings say. */
export class ToldDiagnostics {
  private readonly told = new Map<string, Told>();
  private readonly shown: ShownDiagnostics;
  private duplicates: ReturnType<typeof duplicateFunctions> = new Map();

  constructor(private readonly options: ToldOptions) {
    this.shown = new ShownDiagnostics(options.publish, options.toUri);
  }

  /** Plugins of which something was said, if only that nothing is wrong. */
  get uris(): readonly string[] {
    return [...this.told.keys()];
  }

  /** Plugins that have diagnostics. */
  shownPlugins(): Iterable<string> {
    return this.shown.plugins();
  }

  /** Whether a plugin has diagnostics. */
  has(uri: string): boolean {
    return this.shown.has(uri);
  }

  /** Tells what was said of a plugin, in the place of what was said before. @param version of its own document */
  tell(uri: string, diagnostics: readonly CompileDiagnostic[], version?: number): void {
    this.told.set(uri, { diagnostics, ...(version !== undefined && { version }) });
    this.publish(uri);
  }

  /** Tells all again, since levels may be others. */
  refresh(): void {
    for (const uri of this.told.keys()) this.publish(uri);
  }

  /** Tells of functions of one name in several plugins, in all of them, since other plugins are in force. */
  compare(): void {
    const before = this.duplicates;
    this.duplicates = duplicateFunctions(this.options.loaded.values(), this.options.toPath);
    for (const uri of new Set([...before.keys(), ...this.duplicates.keys()])) {
      if (JSON.stringify(before.get(uri)) !== JSON.stringify(this.duplicates.get(uri))) this.publish(uri);
    }
  }

  private publish(uri: string): void {
    const { diagnostics = [], version } = this.told.get(uri) ?? {};
    const all = withLevels([...diagnostics, ...(this.duplicates.get(uri) ?? [])], this.options.levels());
    this.shown.show(uri, explained(all, this.options.loaded.get(uri)), version);
  }
}
