import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { isComponent } from '../../wasm-core/binary/components/read-component.ts';
import { Debouncer } from '../debouncer.ts';
import type { Platform, PlatformFiles } from '../platform.ts';
import type { NamedComponent } from './check-wit.ts';
import { type WitPackage, witPackage } from './wit-package.ts';

/** What the checker works with. */
export interface WitCheckerOptions {
  readonly platform: Pick<Platform, 'checkWit' | 'files'>;
  readonly document: (uri: string) => TextDocument | undefined;
  /** The open documents, whose texts count and not their files'. */
  readonly all: () => readonly TextDocument[];
  readonly isTrusted: () => boolean;
  readonly publish: (uri: string, diagnostics: Diagnostic[], version?: number) => void;
}

/** How long typing must pause, milliseconds. */
const PAUSE_MS = 150;

/** Keeps the diagnostics of open documents of WIT. */
export class WitChecker {
  private readonly pause = new Debouncer(PAUSE_MS, (uri) => void this.check(uri));

  constructor(private readonly options: WitCheckerOptions) {}

  /** A document was opened or edited. */
  schedule(uri: string): void {
    this.pause.schedule(uri);
  }

  /** A document was closed. */
  close(uri: string): void {
    this.pause.cancel(uri);
    this.options.publish(uri, []);
  }

  private async check(uri: string): Promise<void> {
    const document = this.options.document(uri);
    if (document === undefined || !this.options.isTrusted()) return;
    const { version } = document;
    const files = await this.filesOf(document);
    const found = await this.options.platform.checkWit(files.package, files.components);
    const current = this.options.document(uri);
    if (current?.version !== version) return;
    const diagnostics = found.map(({ severity, code, message, start, end }) => ({
      severity: severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
      range: { start: current.positionAt(start), end: current.positionAt(end) },
      source: 'quern',
      code,
      message,
    }));
    this.options.publish(uri, diagnostics, version);
  }

  /** The package of a document, with those in its folder `deps`, and the components beside it or above its folder `wit`. */
  private async filesOf(
    document: TextDocument,
  ): Promise<{ readonly package: WitPackage; readonly components: readonly NamedComponent[] }> {
    const { files } = this.options.platform;
    const own = files.toPath(document.uri);
    if (own === undefined) return { package: witPackage(document.getText(), NOTHING), components: [] };
    const folder = files.folderOf(own);
    const names = await files.list(folder);
    const beside = names
      .map((name) => files.join(folder, name))
      .filter((file) => /\.wit$/.test(file) && file !== own);
    const deps = await witFiles(files, files.join(folder, 'deps'));
    const given = { beside: this.texts(beside), dependencies: this.texts(deps) };
    const above = /[\\/]wit$/.test(folder) ? [files.folderOf(folder)] : [];
    const components: NamedComponent[] = [];
    for (const where of [folder, ...above]) components.push(...(await componentsIn(files, where)));
    return { package: witPackage(document.getText(), given), components };
  }

  private texts(paths: readonly string[]): string[] {
    const { files } = this.options.platform;
    return paths.flatMap((file) => {
      const open = this.options.all().find((document) => files.toPath(document.uri) === file);
      return open?.getText() ?? files.readText(file) ?? [];
    });
  }
}

const NOTHING = { beside: [], dependencies: [] };

/** The files of WIT in a folder and in the folders in it. */
async function witFiles(files: PlatformFiles, folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await files.list(folder)) {
    const file = files.join(folder, name);
    if (name.endsWith('.wit')) found.push(file);
    if (!name.endsWith('/')) continue;
    const inside = await files.list(file);
    found.push(...inside.filter((other) => other.endsWith('.wit')).map((other) => files.join(file, other)));
  }
  return found;
}

async function componentsIn(files: PlatformFiles, folder: string): Promise<NamedComponent[]> {
  const names = (await files.list(folder)).filter((name) => name.endsWith('.wasm'));
  return names.flatMap((name) => {
    const source = files.readPlugin(files.join(folder, name), folder);
    return source?.language === 'wasm' && isComponent(source.bytes) ? [{ name, bytes: source.bytes }] : [];
  });
}
