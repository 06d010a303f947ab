import type { Diagnostic } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { ColumnInfo, SqlDiagnostic } from '../../wasm-core/protocol/methods.ts';
import { Debouncer } from '../debouncer.ts';
import type { Turns } from '../turns.ts';
import type { DocumentFolders, Workspace } from '../workspace.ts';
import { toDiagnostics } from './diagnostics.ts';
import type { DirectiveHint } from './directives/directive-codes.ts';
import { textsWithDirectives } from './directives/directive-texts.ts';
import type { SqlLinter } from './lints/linter.ts';
import type { SqlSessions } from './sessions.ts';
import { type CheckBatch, StatementChecks } from './statement-checks.ts';
import type { DocumentSyntaxes } from './syntax/document-syntax.ts';
import type { VisibleLines } from './visible-lines.ts';

/** What the checker works with. */
export interface CheckerOptions {
  readonly sessions: SqlSessions;
  readonly workspace: Workspace;
  readonly syntaxes: DocumentSyntaxes;
  /** The open SQL document of a URI. */
  readonly document: (uri: string) => TextDocument | undefined;
  readonly publish: (uri: string, diagnostics: Diagnostic[], version?: number) => void;
  readonly log: (message: string) => void;
  readonly linter: Pick<SqlLinter, 'known' | 'lint' | 'levelOf'>;
  readonly turns: Turns;
  /** What is on the screen, which is checked first. */
  readonly visible: Pick<VisibleLines, 'of'>;
}

/** How long typing must pause before a document is checked, milliseconds. */
const PAUSE_MS = 150;
/** So much is asked at a time, so that whoever else asks the engine need not wait: statements, and milliseconds. */
const BATCH_STATEMENTS = 20;
const BATCH_MS = 20;
/** How long statements are read before others have their turn, milliseconds. */
const READ_MS = 2;
/** Between two publications of one check, milliseconds. */
const PUBLISH_MS = 150;
/** Answers older than this are asked for again where files or tables may have changed unseen, milliseconds. */
const OLD_MS = 5_000;

/** One document's checks. */
interface Checked {
  readonly checks: StatementChecks;
  /** Ends the loop that is under way. */
  running?: AbortController;
  saved: boolean;
  /** What was published last, as text, so that nothing is said twice. */
  published?: string;
}

/**
 * Keeps the diagnostics of open SQL documents as the engine would give them. Only statements of which nothing is known
 * are asked about, a few at a time; what is known moves with its statement.
 */
export class SqlChecker {
  private readonly pause = new Debouncer(PAUSE_MS, (uri) => void this.check(uri));
  private readonly documents = new Map<string, Checked>();

  constructor(private readonly options: CheckerOptions) {}

  /** Checks a document once typing pauses, one that was just opened at once; a check of an earlier version ends. */
  schedule(uri: string): void {
    const known = this.documents.get(uri);
    known?.running?.abort();
    if (known === undefined) void this.check(uri);
    else this.pause.schedule(uri);
  }

  /** Checks a document that was saved: what was said a while ago is asked for again. */
  saved(uri: string): void {
    this.of(uri).saved = true;
    this.schedule(uri);
  }

  /** Tables, files, functions or settings of a document's session may be others now. */
  forget(uri: string): void {
    this.documents.get(uri)?.checks.forget();
    this.schedule(uri);
  }

  /** The columns of a statement of a document, as far as checks told them: of those with charts above them. */
  columnsOf(uri: string, statement: string): readonly ColumnInfo[] | undefined {
    return this.documents.get(uri)?.checks.columnsOf(statement);
  }

  /** Takes a closed document's diagnostics away. */
  close(uri: string): void {
    this.documents.get(uri)?.running?.abort();
    this.documents.delete(uri);
    this.pause.cancel(uri);
    this.options.publish(uri, []);
  }

  dispose(): void {
    this.pause.dispose();
    for (const { running } of this.documents.values()) running?.abort();
  }

  private of(uri: string): Checked {
    const known = this.documents.get(uri) ?? { checks: new StatementChecks(), saved: false };
    this.documents.set(uri, known);
    return known;
  }

  private async check(uri: string): Promise<void> {
    const { workspace, syntaxes } = this.options;
    const document = this.options.document(uri);
    const folders = workspace.foldersOf(uri);
    if (document === undefined || folders === undefined || !workspace.trusted) return;
    const checked = this.of(uri);
    checked.running?.abort();
    const controller = new AbortController();
    checked.running = controller;
    const texts = textsWithDirectives(document.getText(), syntaxes.of(document));
    const pass = new Pass(this.options, { document, texts, folders, checked, signal: controller.signal });
    try {
      await pass.run();
    } catch (error) {
      if (!controller.signal.aborted) this.failed(document, { error, batch: pass.asked });
    }
  }

  /** After a loss of the host everything is checked again when it is back; other failures are told in the log. */
  private failed(
    { uri }: TextDocument,
    { error, batch }: { readonly error: unknown; readonly batch: CheckBatch | undefined },
  ): void {
    if (!(error instanceof CoreError)) {
      this.options.log(`${uri}: ${error instanceof Error ? error.stack : String(error)}`);
      return;
    }
    if (error.kind === 'CANCELLED' || error.kind === 'HOST_LOST' || error.kind === 'HOST_UNAVAILABLE') return;
    this.options.log(`${uri} could not be checked: ${error.message}`);
    // It may be one of these statements that the engine does not survive.
    if ((error.kind !== 'SQL_ENGINE_LOST' && error.kind !== 'DEADLINE_EXCEEDED') || batch === undefined)
      return;
    this.of(uri).checks.failed(batch);
    this.pause.schedule(uri);
  }
}

/** One look through a document, from an edit to the next. */
class Pass {
  /** What the engine is being asked. */
  asked: CheckBatch | undefined;
  private publishedMs = Number.NEGATIVE_INFINITY;
  /** Whether all statements are read. */
  private isRead = false;

  constructor(
    private readonly options: CheckerOptions,
    private readonly parts: {
      readonly document: TextDocument;
      /** Its statements. */
      readonly texts: readonly string[];
      readonly folders: DocumentFolders;
      readonly checked: Checked;
      /** Ends the pass behind the batch that is under way, whose answers are kept. */
      readonly signal: AbortSignal;
    },
  ) {}

  /** @throws CoreError what the host answers */
  async run(): Promise<void> {
    const { texts, signal } = this.parts;
    const { checks } = this.parts.checked;
    const started = Date.now();
    // The engine answers of the first statements while the others are read.
    await Promise.all([this.read(), this.askOpened()]);
    if (signal.aborted) return;
    checks.update(texts);
    await this.ask(() => checks.nextUnknown(BATCH_STATEMENTS, this.visibleStatements()));
    if (this.parts.signal.aborted) return;
    this.publish();
    await this.lint();
    if (this.parts.signal.aborted) return;
    const { saved } = this.parts.checked;
    this.parts.checked.saved = false;
    // What looks right may be said of files that have changed since; what looks wrong, of anything.
    const fits = (text: string, isFaulty: boolean) => saved || isFaulty || NAMES_FILE.test(text);
    await this.ask(() => checks.nextOlder(BATCH_STATEMENTS, { thanMs: started - OLD_MS, fits }));
    if (!this.parts.signal.aborted) this.publish();
  }

  /** Reads the statements. Finding those of a long text took its time; so does each of these steps. */
  private async read(): Promise<void> {
    const { texts, signal, checked } = this.parts;
    const { turns } = this.options;
    do await turns.turn();
    while (!checked.checks.readAhead(texts, READ_MS) && !signal.aborted);
    this.isRead = true;
    await turns.turn();
  }

  /** Asks about what is read of a document that was just opened, from its beginning on, until all is read. */
  private async askOpened(): Promise<void> {
    const { texts, signal, checked } = this.parts;
    // Behind the first step of the reading, which waits for its turn already.
    await this.options.turns.turn();
    if (signal.aborted || !checked.checks.updateOpened(texts)) return;
    const unknown = () => checked.checks.nextUnknown(BATCH_STATEMENTS, this.visibleStatements());
    await this.ask(() => {
      if (this.isRead) return undefined;
      return unknown() ?? (checked.checks.updateOpened(texts) ? unknown() : undefined);
    });
  }

  /** Hints come behind, since the engine's errors must not wait for them. */
  private async lint(): Promise<void> {
    const { document, signal } = this.parts;
    await this.options.linter.lint(document, this.errors(), signal);
    if (!signal.aborted) this.publish();
  }

  /** Tells what is on the screen now: one may scroll while a long document is checked. */
  private visibleStatements(): (index: number) => boolean {
    const { document } = this.parts;
    const statements = this.options.syntaxes.of(document);
    const spans = this.options.visible.of(document.uri).map(({ first, last }) => ({
      start: document.offsetAt({ line: first, character: 0 }),
      end: document.offsetAt({ line: last + 1, character: 0 }),
    }));
    return (index) => {
      const statement = statements[index];
      return statement !== undefined && spans.some((s) => statement.start < s.end && s.start < statement.end);
    };
  }

  private async ask(next: () => CheckBatch | undefined): Promise<void> {
    const { checked, folders, signal } = this.parts;
    for (let batch = next(); batch !== undefined && !signal.aborted; batch = next()) {
      this.asked = batch;
      const askedMs = Date.now();
      const { sql, statements } = batch;
      const answer = await this.options.sessions.check(folders, { sql, statements, budgetMs: BATCH_MS });
      checked.checks.take(batch, answer, askedMs);
      this.asked = undefined;
      if (!signal.aborted && Date.now() - this.publishedMs >= PUBLISH_MS) this.publish();
    }
  }

  private publish(): void {
    const { document, checked } = this.parts;
    const { uri, version } = document;
    if (this.options.document(uri)?.version !== version) return;
    this.publishedMs = Date.now();
    const errors = this.errors();
    const hints = this.options.linter.known(document, errors);
    const statements = this.options.syntaxes.of(document);
    const directives = {
      statements,
      columns: (index: number) => checked.checks.columns(index),
      level: (hint: DirectiveHint) => this.options.linter.levelOf(hint),
    };
    const diagnostics = [...toDiagnostics(document, errors, directives), ...hints];
    const text = `${version} ${JSON.stringify(diagnostics)}`;
    if (checked.published === text) return;
    checked.published = text;
    this.options.publish(uri, diagnostics, version);
  }

  /** What is known of the engine's errors, at their places in the document. */
  private errors(): SqlDiagnostic[] {
    const { document, checked } = this.parts;
    return this.options.syntaxes
      .of(document)
      .flatMap(({ start }, statement) =>
        checked.checks
          .findings(statement)
          .map((found) => ({ ...found, statement, start: start + found.start, end: start + found.end })),
      );
  }
}

/** A text that may be a path: it has a dot or a slash. */
const NAMES_FILE = /'[^'\n]*[./][^'\n]*'/;
