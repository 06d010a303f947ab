import type { Token } from '../tokens.ts';

/*
 * What can be told of a statement from its text alone, half-typed or not: its queries, what they read, and where names
 * are defined. The engine decides whether a statement is right; this only says where things are.
 *
 * Positions are UTF-16 code units in the statement's text.
 *
 * Nodes are made of all their properties at once, without spreads: in Node 20 an object that one is spread into gets a
 * shape of its own, which takes ten times as long and three times the memory.
 */

/** A part of a statement's text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** An identifier where it is written. */
export interface Name extends Span {
  /** Without quotes. */
  readonly text: string;
}

/** One statement. */
export interface StatementSyntax {
  readonly text: string;
  readonly tokens: readonly Token[];
  /** What the statement creates. */
  readonly definition?: Definition;
  /** The statement's own query, or what of it reads like one: UPDATE and DELETE have clauses, too. */
  readonly query: Query;
  /** Every function that is called, in the order of their names. */
  readonly calls: readonly Call[];
}

/** `CREATE … name`. */
export interface Definition {
  readonly kind: 'TABLE' | 'VIEW' | 'MACRO' | 'TYPE' | 'SCHEMA' | 'SEQUENCE' | 'INDEX';
  /** The name's last part. */
  readonly name: Name;
  /** Of a macro. */
  readonly parameters: readonly Name[];
}

/** A query: `WITH` and the blocks that set operators join. It reaches from one parenthesis to the other. */
export interface Query extends Span {
  readonly tables: readonly CommonTable[];
  readonly isRecursive: boolean;
  readonly blocks: readonly Block[];
  /** One fewer than blocks. */
  readonly operators: readonly SetOperator[];
}

/** `UNION`, `EXCEPT` or `INTERSECT` between two blocks. */
export interface SetOperator extends Span {
  readonly kind: 'UNION' | 'EXCEPT' | 'INTERSECT';
  /** `BY NAME`: columns are matched by name. */
  readonly byName: boolean;
}

/** A common table expression: `name (columns) AS (query)`; the span covers all of it. */
export interface CommonTable extends Span {
  readonly name: Name;
  readonly columns: readonly Name[];
  /** Undefined while it is being typed. */
  readonly query: Query | undefined;
}

/** One `SELECT … FROM … WHERE …`, `VALUES`, or `(query)` of a set operation; space behind it included. */
export interface Block extends Span {
  readonly clauses: readonly Clause[];
  readonly items: readonly SelectItem[];
  readonly relations: readonly RelationSyntax[];
  /** Queries in parentheses directly inside, those of relations included. */
  readonly queries: readonly Query[];
}

/** A clause with its keyword: `WHERE …`; space behind it included. */
export interface Clause extends Span {
  /** In upper case: `SELECT`, `FROM`, `GROUP`, `ORDER` … */
  readonly keyword: string;
  /** Whether relations stand in it, joined by commas or JOIN. */
  readonly namesRelations: boolean;
  /** The index of the keyword's token, and the one behind the clause's last. */
  readonly first: number;
  readonly last: number;
}

/** One item of a SELECT list. */
export interface SelectItem extends Span {
  /** The item without its alias. */
  readonly expression: Span;
  readonly alias: Name | undefined;
  /** The name that its column gets when that can be told: the alias, else the column's. */
  readonly name: string | undefined;
  /** `*`, `t.*` or `columns(…)`, which stand for several. */
  readonly isStar: boolean;
}

/** What a FROM clause, JOIN, UPDATE or INTO names. */
export interface RelationSyntax extends Span {
  readonly source: RelationSource;
  readonly alias: Name | undefined;
  /** `t(a, b)` behind the alias. */
  readonly columns: readonly Name[];
  readonly joined: 'first' | 'comma' | 'join';
  /** Whether ON, USING, NATURAL, POSITIONAL or CROSS says how it is joined. */
  readonly hasCondition: boolean;
  /** Columns that its join makes one with those of relations before: those of USING, or with NATURAL all of one name. */
  readonly merges: 'shared' | readonly Name[] | undefined;
}

/** Where a relation's rows come from; the span is that of the source alone. */
export type RelationSource = Span &
  (
    | { readonly kind: 'table'; readonly path: readonly Name[] }
    | { readonly kind: 'file'; readonly file: string }
    | { readonly kind: 'function'; readonly name: Name }
    | { readonly kind: 'query'; readonly query: Query }
    | { readonly kind: 'other' }
  );

/** A call; the span is from the name to the closing parenthesis, or to the end where that is missing. */
export interface Call extends Span {
  readonly name: Name;
  /** What stands before a dot in front: a schema, or the first argument of `x.f()`. */
  readonly isQualified: boolean;
  readonly arguments: readonly Span[];
  /** Positions inside the parentheses. */
  readonly inside: Span;
}
