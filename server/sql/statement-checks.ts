import {
  closureOf,
  dependenciesOf,
  readStatement,
  type StatementFacts,
} from '../../wasm-core/protocol/definitions.ts';
import type { CheckResult, ColumnInfo, SqlDiagnostic } from '../../wasm-core/protocol/methods.ts';
import { splitStatements } from '../../wasm-core/protocol/statements.ts';

/** A fault of a statement; positions are UTF-16 code units in the statement's text. */
export type Finding = Omit<SqlDiagnostic, 'statement'>;

/** Statements to ask the engine about. */
export interface CheckBatch {
  /** Those asked about and those that they depend on, in order, as a text of its own. */
  readonly sql: string;
  /** Which of the text's statements are asked about. */
  readonly statements: readonly number[];
  /** Of each statement of the text where it is and what its answer is kept under. */
  readonly places: readonly { readonly start: number; readonly end: number; readonly key: number }[];
  /** How often all had been forgotten when it was made. */
  readonly forgotten: number;
}

interface Answer {
  readonly findings: readonly Finding[];
  /** Of a statement with a chart above it, where the engine knows them. */
  readonly columns?: readonly ColumnInfo[];
  /** When it was given, milliseconds; answers of before some change count as never given. */
  readonly atMs: number;
}

/** Of so many statements with charts columns are kept, those that were checked last. */
const KEPT_COLUMNS = 100;

/**
 * What the engine said of the statements of one document. An answer is known by the statement's text and the texts that
 * it depends on, so it moves with the statement, and outlives every edit that touches neither.
 */
export class StatementChecks {
  private texts: readonly string[] = [];
  private keys: readonly number[] = [];
  private dependencies: readonly (readonly number[])[] = [];
  /** Statements whose text was not there before the last edit, by text. */
  private edited: ReadonlySet<string> = new Set();
  private facts = new Map<string, StatementFacts>();
  /** Read for the next update. */
  private ahead = new Map<string, StatementFacts>();
  /** Whether a whole text was taken: before that the document was just opened, or had nothing in it. */
  private isWhole = false;
  /** Numbers for a text with the numbers of what it depends on. */
  private numbers = new Map<string, number>();
  private nextNumber = 0;
  private answers = new Map<number, Answer>();
  /** What was last said of a text, shown until it is known anew. */
  private lastSaid = new Map<string, readonly Finding[]>();
  /** What columns statements with charts had last, by their texts without comments: a chart is written above them. */
  private readonly lastColumns = new Map<string, readonly ColumnInfo[]>();
  /** How often all was forgotten: an answer that was asked for before is worth nothing. */
  private forgotten = 0;
  /** Statements in a batch that the engine did not survive, which are asked about one by one. */
  private readonly suspects = new Set<number>();

  /** Reads statements for `update`, which of a long text takes a while. @returns whether all are read */
  readAhead(texts: readonly string[], forMs: number): boolean {
    const endMs = Date.now() + forMs;
    for (const text of texts) {
      if (this.facts.has(text) || this.ahead.has(text)) continue;
      if (Date.now() >= endMs) return false;
      this.ahead.set(text, readStatement(text));
    }
    return true;
  }

  /** Takes the document's statements as they are now. */
  update(texts: readonly string[]): void {
    // What was just opened was not edited.
    this.edited = new Set(this.isWhole ? texts.filter((text) => !this.facts.has(text)) : []);
    this.place(texts);
    this.ahead = new Map();
    this.isWhole = texts.length > 0;
  }

  /**
   * Takes the statements of a document that was just opened as far as they are read, so that the engine can be asked
   * about them while the others are read.
   *
   * @returns false for a document that was not: what is known of it must not be forgotten meanwhile
   */
  updateOpened(texts: readonly string[]): boolean {
    if (this.isWhole) return false;
    const read = texts.findIndex((text) => !this.facts.has(text) && !this.ahead.has(text));
    this.place(read < 0 ? texts : texts.slice(0, read));
    return true;
  }

  /** Every answer may be wrong now: all are asked for again. */
  forget(): void {
    this.forgotten++;
    for (const [key, answer] of this.answers) {
      // What the engine did not survive, it will not survive now.
      if (answer.atMs !== Number.POSITIVE_INFINITY) {
        this.answers.set(key, { ...answer, atMs: Number.NEGATIVE_INFINITY });
      }
    }
  }

  /**
   * The statements to ask about next: those of which nothing is known, what was edited first, then what is on the screen,
   * then from the top.
   *
   * @param isVisible whether the statement of an index is on the screen
   * @returns undefined when all are known
   */
  nextUnknown(limit: number, isVisible: (index: number) => boolean = () => false): CheckBatch | undefined {
    const unknown = this.pick((answer) => answer === undefined || answer.atMs === Number.NEGATIVE_INFINITY);
    const isEdited = (index: number) => this.edited.has(this.texts[index] ?? '');
    const rank = (index: number) => (isEdited(index) ? 0 : isVisible(index) ? 1 : 2);
    // Not together with what can wait: the engine answers in the order of the text, as far as its time goes.
    const ranked = [0, 1, 2].map((wanted) => unknown.filter((index) => rank(index) === wanted));
    const ordered = ranked.find((group) => group.length > 0) ?? [];
    const suspect = ordered.find((index) => this.suspects.has(this.keys[index] ?? -1));
    return this.batch(suspect === ordered[0] && suspect !== undefined ? [suspect] : ordered.slice(0, limit));
  }

  /** Statements whose answer was given before a time and whose text a test chooses, to ask about once more. */
  nextOlder(
    limit: number,
    options: { readonly thanMs: number; readonly fits: (text: string, isFaulty: boolean) => boolean },
  ) {
    const older = this.pick(
      (answer, text) =>
        answer !== undefined &&
        answer.atMs < options.thanMs &&
        options.fits(text, answer.findings.length > 0),
    );
    return this.batch(older.slice(0, limit));
  }

  /** Keeps the answer to a batch. @param atMs when it was asked */
  take(batch: CheckBatch, answer: CheckResult, atMs: number): void {
    const unchecked = new Set(answer.unchecked);
    for (const index of batch.statements) {
      const place = batch.places[index];
      if (place === undefined || unchecked.has(index)) continue;
      const findings = answer.diagnostics
        .filter(({ statement }) => statement === index)
        .map(({ statement: _, ...found }) => ({
          ...found,
          start: found.start - place.start,
          end: found.end - place.start,
        }));
      const isOld = batch.forgotten !== this.forgotten;
      const columns = answer.columns?.find(({ statement }) => statement === index)?.columns;
      const known = { findings, ...(columns !== undefined && { columns }) };
      this.answers.set(place.key, { ...known, atMs: isOld ? Number.NEGATIVE_INFINITY : atMs });
      if (columns !== undefined) this.keepColumns(batch.sql.slice(place.start, place.end), columns);
      this.suspects.delete(place.key);
    }
    this.texts.forEach((text, index) => {
      const known = this.answers.get(this.keys[index] ?? -1);
      if (known !== undefined) this.lastSaid.set(text, known.findings);
    });
  }

  /**
   * The engine did not survive a batch: its statements are asked about one by one, and one that is alone counts as right.
   */
  failed(batch: CheckBatch): void {
    for (const index of batch.statements) {
      const key = batch.places[index]?.key ?? -1;
      if (batch.statements.length > 1) this.suspects.add(key);
      else this.answers.set(key, { findings: [], atMs: Number.POSITIVE_INFINITY });
    }
  }

  /** What is known of a statement: the answer to it as it is, else what was last said of its text. */
  findings(index: number): readonly Finding[] {
    const answer = this.answers.get(this.keys[index] ?? -1);
    return answer?.findings ?? this.lastSaid.get(this.texts[index] ?? '') ?? [];
  }

  private place(texts: readonly string[]): void {
    const facts = texts.map((text) => this.facts.get(text) ?? this.ahead.get(text) ?? readStatement(text));
    this.facts = new Map(facts.map((read, index) => [texts[index] ?? '', read]));
    this.texts = texts;
    this.dependencies = dependenciesOf(facts);
    this.number();
    // By the texts as they are now: those of before would keep the document's versions that they are parts of.
    this.lastSaid = kept(this.lastSaid, texts);
    this.answers = kept(this.answers, this.keys);
  }

  /** The columns of a statement with a chart above it, by its index; undefined while they are not known. */
  columns(index: number): readonly ColumnInfo[] | undefined {
    return this.answers.get(this.keys[index] ?? -1)?.columns;
  }

  /** The columns that a statement with a chart above it had last. @param text without the comments above it */
  columnsOf(text: string): readonly ColumnInfo[] | undefined {
    return this.lastColumns.get(text);
  }

  private keepColumns(text: string, columns: readonly ColumnInfo[]): void {
    this.lastColumns.delete(text);
    this.lastColumns.set(text, columns);
    const [oldest] = this.lastColumns.keys();
    if (this.lastColumns.size > KEPT_COLUMNS && oldest !== undefined) this.lastColumns.delete(oldest);
  }

  private number(): void {
    const numbers = new Map<string, number>();
    const keys: number[] = [];
    this.texts.forEach((text, index) => {
      const identity = `${text}\0${(this.dependencies[index] ?? []).map((d) => keys[d]).join()}`;
      const known = numbers.get(identity) ?? this.numbers.get(identity) ?? this.nextNumber++;
      numbers.set(identity, known);
      keys.push(known);
    });
    this.numbers = numbers;
    this.keys = keys;
  }

  /** Statements by their answers, one of those that are alike. */
  private pick(fits: (answer: Answer | undefined, text: string) => boolean): number[] {
    const seen = new Set<number>();
    return this.texts.flatMap((text, index) => {
      const key = this.keys[index] ?? -1;
      if (seen.has(key) || !fits(this.answers.get(key), text)) return [];
      seen.add(key);
      return [index];
    });
  }

  private batch(wanted: readonly number[]): CheckBatch | undefined {
    if (wanted.length === 0) return undefined;
    const all = [...new Set([...wanted, ...closureOf(this.dependencies, wanted)])].sort((a, b) => a - b);
    const sql = all.map((index) => this.texts[index]).join(';\n');
    const ranges = splitStatements(sql);
    const places = all.map((index, i) => {
      const { start = 0, end = 0 } = ranges[i] ?? {};
      return { start, end, key: this.keys[index] ?? -1 };
    });
    const asked = new Set(wanted);
    const { forgotten } = this;
    return { sql, places, forgotten, statements: all.flatMap((index, i) => (asked.has(index) ? [i] : [])) };
  }
}

function kept<K, V>(map: ReadonlyMap<K, V>, keys: Iterable<K>): Map<K, V> {
  const found = new Map<K, V>();
  for (const key of keys) {
    const value = map.get(key);
    if (value !== undefined) found.set(key, value);
  }
  return found;
}
