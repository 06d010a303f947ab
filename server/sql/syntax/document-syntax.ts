import type { TextDocument } from 'vscode-languageserver-textdocument';
import { leadingStart, readDirectives } from '../../../wasm-core/protocol/directives.ts';
import { splitStatements, statementAt } from '../../../wasm-core/protocol/statements.ts';
import { ownText } from '../../own-text.ts';
import { isMark, tokenize } from '../tokens.ts';
import { parseStatement } from './parse-statement.ts';
import type { StatementSyntax } from './tree.ts';

/** A statement in its document. */
export interface PlacedStatement {
  /** Positions in the document, UTF-16 code units; those inside `syntax` start at `start`. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Read when it is first asked for. */
  readonly syntax: StatementSyntax;
  /** The database that a directive above says it reads, as it is written there. */
  readonly database: string | undefined;
}

/** How many statements' syntax is kept beside that of the documents, those used last. */
const KEPT_STATEMENTS = 200;

/** The statements of a document, as one version of it has them. */
interface KnownStatements {
  readonly version: number;
  readonly statements: readonly ReadStatement[];
}

/**
 * The statements of open documents; what an edit leaves alone is not read again. Documents are told apart as objects,
 * since those of the SQL inside another document share its URI. What is read of a document goes with it.
 */
export class DocumentSyntaxes {
  private readonly documents = new WeakMap<TextDocument, KnownStatements>();
  /** What was read last, by its text: for statements that are being typed, and documents that are made anew. */
  private readonly recent = new Map<string, StatementSyntax>();

  /** The statements of a document as it is now, in order. */
  of(document: TextDocument): readonly PlacedStatement[] {
    const known = this.documents.get(document);
    if (known?.version === document.version) return known.statements;
    const text = document.getText();
    const ranges = splitStatements(text);
    const read = syntaxesOf(known?.statements ?? []);
    const statements = ranges.map(({ start, end }, index) => {
      const statement = this.place(text, { from: leadingStart(ranges, index), start, end });
      statement.known = read.get(statement.text);
      return statement;
    });
    this.documents.set(document, { version: document.version, statements });
    return statements;
  }

  /**
   * The statement that a position is in or behind, with the space behind it, as that belongs to what is being typed.
   * Behind a semicolon and before the first statement it is an empty one.
   */
  at(document: TextDocument, offset: number): PlacedStatement {
    const statements = this.of(document);
    const index = statementAt(statements, offset);
    const statement = statements[index];
    const text = document.getText();
    const isBefore = statement === undefined || offset < statement.start;
    if (isBefore || tokenize(text, statement.end, offset).some((token) => isMark(token, ';'))) {
      const from = statements.findLast(({ end }) => end <= offset)?.end ?? 0;
      return this.place(text, { from, start: offset, end: offset });
    }
    if (offset <= statement.end) return statement;
    return this.place(text, { from: leadingStart(statements, index), start: statement.start, end: offset });
  }

  private place(text: string, place: StatementPlace): ReadStatement {
    return new ReadStatement(text, place, this.parse);
  }

  private readonly parse = (sql: string): StatementSyntax => {
    const known = this.recent.get(sql);
    if (known !== undefined) this.recent.delete(sql);
    const syntax = known ?? parseStatement(ownText(sql));
    this.recent.set(syntax.text, syntax);
    const [oldest] = this.recent.keys();
    if (this.recent.size > KEPT_STATEMENTS && oldest !== undefined) this.recent.delete(oldest);
    return syntax;
  };
}

/** Where a statement stands, and where the comments above it may begin. */
interface StatementPlace {
  readonly from: number;
  readonly start: number;
  readonly end: number;
}

/** A statement that is read when its syntax is first asked for, and once. */
class ReadStatement implements PlacedStatement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Its syntax, where it is read. */
  known: StatementSyntax | undefined;

  constructor(
    private readonly whole: string,
    private readonly place: StatementPlace,
    private readonly parse: (sql: string) => StatementSyntax,
  ) {
    this.start = place.start;
    this.end = place.end;
    this.text = whole.slice(place.start, place.end);
  }

  get syntax(): StatementSyntax {
    this.known ??= this.parse(this.text);
    return this.known;
  }

  get database(): string | undefined {
    return readDirectives(this.whole, this.place.from, this.start).database?.path;
  }
}

/** What is read of statements, by their texts. */
function syntaxesOf(statements: readonly ReadStatement[]): ReadonlyMap<string, StatementSyntax> {
  const read = new Map<string, StatementSyntax>();
  for (const { text, known } of statements) if (known !== undefined) read.set(text, known);
  return read;
}
