import type { CompileDiagnostic } from '../compilers/compile-types.ts';

/** Shows the diagnostics of a document; `version` is absent for a file that is not open. */
export type Publish = (uri: string, diagnostics: readonly CompileDiagnostic[], version?: number) => void;

/** The diagnostics of plugins that are shown, those of a plugin's other files at these. */
export class ShownDiagnostics {
  /** By plugin: the documents that have diagnostics of its, itself among them. */
  private readonly shown = new Map<string, ReadonlySet<string>>();

  constructor(
    private readonly publish: Publish,
    private readonly toUri: (path: string) => string,
  ) {}

  /** The plugins that have diagnostics. */
  plugins(): readonly string[] {
    return [...this.shown.keys()];
  }

  /** Whether a plugin has diagnostics. */
  has(uri: string): boolean {
    return this.shown.has(uri);
  }

  /**
   * Shows what is said of a plugin, in the place of what was said before.
   *
   * @param version of the plugin's own document
   */
  show(uri: string, diagnostics: readonly CompileDiagnostic[], version?: number): void {
    const byDocument = new Map<string, CompileDiagnostic[]>();
    for (const one of diagnostics) {
      const document = one.file === undefined ? uri : this.toUri(one.file);
      byDocument.set(document, [...(byDocument.get(document) ?? []), one]);
    }
    const before = this.shown.get(uri) ?? new Set();
    if (byDocument.size === 0) this.shown.delete(uri);
    else this.shown.set(uri, new Set(byDocument.keys()));
    for (const document of new Set([...before, ...byDocument.keys()])) {
      const own = document === uri ? version : undefined;
      this.publish(document, byDocument.get(document) ?? [], own);
    }
  }
}
