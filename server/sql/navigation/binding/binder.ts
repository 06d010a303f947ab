import { textOf } from '../../syntax/scope.ts';
import { TokenList } from '../../syntax/token-list.ts';
import type { Name, Query, RelationSyntax, StatementSyntax } from '../../syntax/tree.ts';
import {
  type Declared,
  type Meaning,
  meaningKey,
  type Occurrence,
  OPEN,
  type Output,
  type OutputColumn,
} from './meaning.ts';
import type { BoundTable, Found, Scope } from './scope.ts';

/** What binding a statement needs to know beside its text. */
export interface BindingOptions {
  /** The statement's index in its document. */
  readonly statement: number;
  /** The columns of a table, a file or a table function; undefined while they are not known. */
  readonly columns: (relation: RelationSyntax) => readonly OutputColumn[] | undefined;
}

/** What is visible where a query stands. */
export interface Around {
  readonly scope: Scope;
  /** Common tables; of two with one name the last is meant. */
  readonly tables: readonly BoundTable[];
}

/** Union members without what `declare` fills in. */
type Undeclared<T> = T extends unknown ? Omit<T, 'name' | 'statement' | 'place'> : never;

/** How deep brackets are looked into; nobody writes deeper ones, and generated ones would end the stack. */
const MOST_DEPTH = 500;

/** Gathers the names of one statement. */
export class Binder {
  readonly list: TokenList;
  /** Queries in parentheses, by where they begin. */
  readonly queries = new Map<number, Query>();
  /** Where the names of functions begin. */
  readonly calls: ReadonlySet<number>;
  /** What is bound already, and not to be bound again. */
  readonly done = new Set<Query>();
  /** Named windows, in the order of the text. */
  readonly windows: Declared[] = [];
  /** Relations outside of the document's common tables, in the order of the text. */
  readonly sources: RelationSyntax[] = [];
  /** How often two things of one list have one name, which the engine may refuse. */
  clashes = 0;
  private depth = 0;
  private readonly found = new Map<number, Occurrence>();

  constructor(
    readonly syntax: StatementSyntax,
    readonly options: BindingOptions,
    /** Binds a query; here, so that what binds its parts need not know it. */
    private readonly bindQuery: (binder: Binder, query: Query, around: Around) => Output,
  ) {
    this.list = new TokenList(syntax.text, syntax.tokens);
    this.calls = new Set(syntax.calls.map((call) => call.name.start));
    collectQueries(syntax.query, this.queries);
  }

  /** In the order of the text. */
  get occurrences(): Occurrence[] {
    return [...this.found.values()].sort((a, b) => a.place.start - b.place.start);
  }

  /** The occurrence that begins at a position. */
  at(start: number): Occurrence | undefined {
    return this.found.get(start);
  }

  /** The index of the first token at a position or behind it. */
  indexAt(offset: number): number {
    const { tokens } = this.list;
    let low = 0;
    let high = tokens.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((tokens[middle]?.start ?? offset) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Binds a query where it stands; gives its columns. */
  bind(query: Query, around: Around): Output {
    return this.nested(() => this.bindQuery(this, query, around)) ?? OPEN;
  }

  /** Binds what is in brackets, unless it is so deep that the stack might not hold it. */
  nested<T>(bind: () => T): T | undefined {
    if (this.depth >= MOST_DEPTH) return undefined;
    this.depth++;
    try {
      return bind();
    } finally {
      this.depth--;
    }
  }

  /** Notes a name that is declared where it stands. */
  declare(what: Undeclared<Declared>, place: Name): Declared {
    const declared = { ...what, name: place.text, statement: this.options.statement, place } as Declared;
    this.add({ place, meanings: [declared], isDeclaration: true, isCertain: true });
    return declared;
  }

  /** Notes a name that stands for something. */
  refer(place: Name, found: Found): void {
    const { meanings, isCertain } = found;
    this.add({ place, meanings: distinct(meanings), isDeclaration: false, isCertain });
  }

  /** Notes the name of something that is known by its name alone. */
  name(place: Name, meaning: Meaning, isDeclaration = false): void {
    this.add({ place, meanings: [meaning], isDeclaration, isCertain: true });
  }

  /** Counts the names of a list that are there before already. */
  countClashes(names: readonly string[]): void {
    this.clashes += names.length - new Set(names.map((name) => name.toLowerCase())).size;
  }

  /** The text that tells a relation's columns from those of others. */
  sourceText(meaning: Meaning | undefined): string {
    if (meaning?.kind === 'alias') return textOf(this.syntax.text, meaning.relation.source);
    if (meaning?.kind === 'file') return `'${meaning.file}'`;
    return meaning?.name ?? '';
  }

  private add(occurrence: Occurrence): void {
    const { start } = occurrence.place;
    if (!this.found.has(start)) this.found.set(start, occurrence);
  }
}

/** The same meanings, each once. */
export function distinct(meanings: readonly Meaning[]): readonly Meaning[] {
  if (meanings.length < 2) return meanings;
  return [...new Map(meanings.map((meaning) => [meaningKey(meaning), meaning])).values()];
}

function collectQueries(query: Query, into: Map<number, Query>): void {
  for (const { query: body } of query.tables) if (body !== undefined) collect(body, into);
  for (const { queries } of query.blocks) for (const inner of queries) collect(inner, into);
}

function collect(query: Query, into: Map<number, Query>): void {
  into.set(query.start, query);
  collectQueries(query, into);
}
