import { type Diagnostic, DiagnosticTag } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { DiagnosticLevel } from '../../../wasm-core/protocol/lsp.ts';
import { DIAGNOSTIC_SEVERITIES } from '../../severities.ts';
import type { Turns } from '../../turns.ts';
import type { SqlKnowledge } from '../knowledge.ts';
import type { DocumentSyntaxes, PlacedStatement } from '../syntax/document-syntax.ts';
import type { Span } from '../syntax/tree.ts';
import { LINTS } from './all-lints.ts';
import { FindingCache, type StatementFindings } from './finding-cache.ts';
import type { Lint, LintFinding } from './lint.ts';
import type { TrialCall } from './trial-calls.ts';

/** What the linter works with. */
export interface LinterOptions {
  readonly syntaxes: DocumentSyntaxes;
  readonly turns: Turns;
  readonly knowledge: (uri: string, database: string | undefined) => SqlKnowledge;
  /** How a call fails, as `TrialCalls` tells it. */
  readonly failure: (uri: string, call: TrialCall) => Promise<string | undefined>;
  /** The setting `quern.diagnostics`. */
  readonly levels: () => Readonly<Record<string, DiagnosticLevel>>;
}

/** How long the linter works before it lets others have their turn, milliseconds. */
const SLICE_MS = 5;

/** Finds what DuckDB lets pass, in statements without an error of the engine's. */
export class SqlLinter {
  private readonly cache = new FindingCache();
  /** Under what each statement's findings are kept: made once, since a long text is looked through often. */
  private readonly keys = new WeakMap<PlacedStatement, { readonly context: string; readonly key: string }>();

  constructor(private readonly options: LinterOptions) {}

  /**
   * The hints that are known already, so that an edit does not take away those of other statements.
   *
   * @param faults the engine's errors, in the document as it is now
   */
  known(document: TextDocument, faults: readonly Span[]): Diagnostic[] {
    const active = this.active();
    return this.sound(document, faults).flatMap((at) => {
      const kept = this.cache.known(this.keyOf(at));
      if (kept === undefined) return [];
      return active.flatMap((lint) =>
        (kept.known(lint.code) ?? []).map((finding) => this.toDiagnostic(document, at, { lint, finding })),
      );
    });
  }

  /**
   * All hints of a document. It asks the host, and takes its time.
   *
   * @param faults as for `known`
   * @param signal ends the search early, with what was found until then
   */
  async lint(document: TextDocument, faults: readonly Span[], signal: AbortSignal): Promise<Diagnostic[]> {
    const found: Diagnostic[] = [];
    let until = performance.now() + SLICE_MS;
    const active = this.active();
    for (const at of this.sound(document, faults)) {
      const kept = this.cache.of(this.keyOf(at));
      for (const lint of active) {
        if (signal.aborted) return found;
        const findings =
          kept.good(lint.code) ?? (await this.look(at, { lint, kept, uri: document.uri, signal }));
        found.push(...findings.map((finding) => this.toDiagnostic(document, at, { lint, finding })));
      }
      if (performance.now() < until) continue;
      await this.options.turns.turn();
      until = performance.now() + SLICE_MS;
    }
    return found;
  }

  /** How loud a hint is, as the settings say. */
  levelOf({ code, level }: { readonly code: string; readonly level: DiagnosticLevel }): DiagnosticLevel {
    return this.options.levels()[code] ?? level;
  }

  /** Drops what depends on more than the text, because plugins or tables changed. */
  forget(): void {
    this.cache.forget();
  }

  private look(
    at: LintedStatement,
    { lint, kept, uri, signal }: LookOptions,
  ): Promise<readonly LintFinding[]> {
    const knowledge = this.options.knowledge(uri, at.statement.database);
    return kept.find(lint.code, signal, async (depends) => {
      const asked = {
        catalog: depends(() => knowledge.catalog()),
        columns: depends((query: string) => knowledge.columns(query)),
        functions: depends(() => knowledge.functions()),
      };
      const { syntax: statement } = at.statement;
      const input = { statement, macros: at.macros, knowledge: { ...knowledge, ...asked }, signal };
      return lint.find({ ...input, failure: depends((call) => this.options.failure(uri, call)) });
    });
  }

  private active(): Lint[] {
    const levels = this.options.levels();
    return LINTS.filter(({ code }) => levels[code] !== 'off');
  }

  /** The statements without a fault, with the macros that are defined before each. */
  private sound(document: TextDocument, faults: readonly Span[]): LintedStatement[] {
    let macros: ReadonlySet<string> = new Set();
    // Paths in the text start at the document's folder.
    const folder = document.uri.slice(0, document.uri.lastIndexOf('/'));
    let context = `${folder}\0`;
    const found: LintedStatement[] = [];
    const starts = [...faults.map(({ start }) => start)].sort((a, b) => a - b);
    let next = 0;
    for (const statement of this.options.syntaxes.of(document)) {
      while ((starts[next] ?? Number.POSITIVE_INFINITY) < statement.start) next++;
      const isSound = (starts[next] ?? Number.POSITIVE_INFINITY) > statement.end;
      if (isSound) found.push({ statement, macros, context });
      // Most statements define nothing, and need not be read for that.
      if (!/^create\b/i.test(statement.text) || !/\b(?:macro|function)\b/i.test(statement.text)) continue;
      const { definition } = statement.syntax;
      if (definition?.kind !== 'MACRO') continue;
      macros = new Set([...macros, definition.name.text.toLowerCase()]);
      context = `${folder}\0${[...macros].join(' ')}`;
    }
    return found;
  }

  private keyOf({ statement, context }: LintedStatement): string {
    const known = this.keys.get(statement);
    if (known?.context === context) return known.key;
    const key = `${context}\0${statement.database ?? ''}\0${statement.text}`;
    this.keys.set(statement, { context, key });
    return key;
  }

  private toDiagnostic(
    document: TextDocument,
    { statement }: LintedStatement,
    { lint, finding }: { readonly lint: Lint; readonly finding: LintFinding },
  ): Diagnostic {
    const level = this.levelOf(lint);
    return {
      range: {
        start: document.positionAt(statement.start + finding.start),
        end: document.positionAt(statement.start + finding.end),
      },
      severity: DIAGNOSTIC_SEVERITIES[level === 'off' ? lint.level : level],
      source: 'quern',
      code: lint.code,
      message: finding.message,
      ...(lint.isUnnecessary && { tags: [DiagnosticTag.Unnecessary] }),
      ...(finding.data !== undefined && { data: finding.data }),
    };
  }
}

interface LintedStatement {
  readonly statement: PlacedStatement;
  readonly macros: ReadonlySet<string>;
  /** What its findings depend on beside its text and what is asked. */
  readonly context: string;
}

interface LookOptions {
  readonly lint: Lint;
  readonly kept: StatementFindings;
  readonly uri: string;
  readonly signal: AbortSignal;
}
