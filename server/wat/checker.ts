import { type Diagnostic, DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { DiagnosticLevel } from '../../wasm-core/protocol/lsp.ts';
import { Debouncer } from '../debouncer.ts';
import { DIAGNOSTIC_SEVERITIES } from '../severities.ts';
import { WAT_FAULT_CODES, type WatFault, watFaults } from './faults.ts';
import { WAT_LINTS } from './lints/all-lints.ts';
import { movedSpans } from './moved-spans.ts';
import type { WatNames } from './names/names.ts';
import { rangeOf } from './navigation/place.ts';
import type { WatSpan } from './syntax/tree.ts';
import type { WatDocuments } from './wat-documents.ts';

/** What the checker works with. */
export interface WatCheckerOptions {
  readonly watDocuments: WatDocuments;
  /** The open document of a URI, if it holds WebAssembly text. */
  readonly document: (uri: string) => TextDocument | undefined;
  readonly publish: (uri: string, diagnostics: Diagnostic[], version?: number) => void;
  /** The setting `quern.diagnostics`. */
  readonly levels: () => Readonly<Record<string, DiagnosticLevel>>;
}

/** Edits that come at once are read once, milliseconds. */
const PAUSE_MS = 5;
/** Texts of so many UTF-16 code units take long to read, so that typing must pause for it. */
const LONG_TEXT = 300_000;
const LONG_PAUSE_MS = 200;

/** An editor shows no more of one document. */
const MOST_HINTS = 1_000;

/** What the compiler said of a text. */
interface Compiled {
  readonly text: string;
  readonly found: readonly (WatSpan & { readonly diagnostic: Diagnostic })[];
}

/**
 * Keeps the diagnostics of open documents of WebAssembly text: what its syntax and names tell at once, with each edit,
 * and what the compiler found, which moves along until it speaks again.
 */
export class WatChecker {
  private readonly pause = new Debouncer(PAUSE_MS, (uri) => this.check(uri));
  private readonly longPause = new Debouncer(LONG_PAUSE_MS, (uri) => this.check(uri));
  private readonly compilations = new Map<string, Compiled>();

  constructor(private readonly options: WatCheckerOptions) {}

  /** A document was opened or edited, or the settings have changed. */
  schedule(document: TextDocument): void {
    const isLong = document.getText().length > LONG_TEXT;
    (isLong ? this.longPause : this.pause).schedule(document.uri);
  }

  /** The compiler has spoken of a document as it is now. */
  compiled(document: TextDocument, diagnostics: readonly Diagnostic[]): void {
    const found = diagnostics.map((diagnostic) => ({
      diagnostic,
      start: document.offsetAt(diagnostic.range.start),
      end: document.offsetAt(diagnostic.range.end),
    }));
    this.compilations.set(document.uri, { text: document.getText(), found });
    this.pause.cancel(document.uri);
    this.longPause.cancel(document.uri);
    this.check(document.uri);
  }

  /** Takes a closed document's diagnostics away. */
  close(uri: string): void {
    this.pause.cancel(uri);
    this.longPause.cancel(uri);
    this.compilations.delete(uri);
    this.options.publish(uri, []);
  }

  dispose(): void {
    this.pause.dispose();
    this.longPause.dispose();
  }

  private check(uri: string): void {
    const document = this.options.document(uri);
    if (document === undefined) return;
    const names = this.options.watDocuments.of(document);
    const diagnostics = [...this.errors(document, names), ...this.hints(document, names)];
    this.options.publish(uri, diagnostics, document.version);
  }

  /** Faults of the text, and of what the compiler said what is not among them or still holds. */
  private errors(document: TextDocument, names: WatNames): Diagnostic[] {
    const text = document.getText();
    const faults = watFaults(names);
    const compilation = this.compilations.get(document.uri);
    const isCurrent = compilation?.text === text;
    const found = compilation === undefined ? [] : movedSpans(compilation.found, compilation.text, text);
    const byPlace = new Map(faults.map((fault) => [keyOf(fault.code, fault), fault]));
    const kept = found.filter(({ diagnostic, start, end }) => {
      const isOwn = byPlace.has(keyOf(diagnostic.code, { start, end }));
      // The reader speaks first of what both see; a compiler that speaks of an older text may be wrong by now.
      return isCurrent || isOwn || !isFaultCode(diagnostic.code);
    });
    const said = new Set(kept.map(({ diagnostic, start, end }) => keyOf(diagnostic.code, { start, end })));
    const own = faults.filter((fault) => !said.has(keyOf(fault.code, fault)));
    return [
      ...own.map((fault) => toError(document, fault)),
      ...kept.map(({ diagnostic, start, end }) => ({
        ...diagnostic,
        range: rangeOf(document, { start, end }),
      })),
    ];
  }

  private hints(document: TextDocument, names: WatNames): Diagnostic[] {
    const levels = this.options.levels();
    const hints = WAT_LINTS.flatMap((lint) => {
      const level = levels[lint.code] ?? lint.level;
      if (level === 'off') return [];
      return lint.find(names).map(({ message, ...span }) => ({
        range: rangeOf(document, span),
        severity: DIAGNOSTIC_SEVERITIES[level],
        source: 'quern',
        code: lint.code,
        message,
        ...(lint.isUnnecessary && { tags: [DiagnosticTag.Unnecessary] }),
      }));
    });
    return hints.slice(0, MOST_HINTS);
  }
}

function isFaultCode(code: Diagnostic['code']): boolean {
  return WAT_FAULT_CODES.some((own) => own === code);
}

function keyOf(code: Diagnostic['code'], { start, end }: WatSpan): string {
  return `${code} ${start} ${end}`;
}

function toError(document: TextDocument, { code, message, ...span }: WatFault): Diagnostic {
  const range = rangeOf(document, span);
  return { range, severity: DiagnosticSeverity.Error, source: 'quern', code, message };
}
