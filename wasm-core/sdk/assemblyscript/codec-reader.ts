import type { AsClass, AsCompiler, AsField, AsNode, AsRange, AsType } from './ast.ts';
import {
  type Codec,
  plainType,
  type Shape,
  type StructField,
  SUPPORTED_TYPES,
  typedElement,
} from './codecs.ts';
import { readSqlType, type SqlTree, sqlName } from './sql-text.ts';

/** Tells the author what is wrong, at its place. */
export type Report = (range: AsRange, message: string) => void;

/** Finds how the types of one source's functions cross, and keeps what it found by type. */
export class CodecReader {
  readonly #as: AsCompiler;
  readonly #classes: ReadonlyMap<string, AsClass>;
  readonly #report: Report;
  readonly #codecs = new Map<string, Codec>();
  readonly #structs = new Set<AsClass>();
  /** The classes that are being read, from outer to inner: a class cannot hold itself. */
  readonly #open: AsClass[] = [];

  constructor(as: AsCompiler, classes: ReadonlyMap<string, AsClass>, report: Report) {
    this.#as = as;
    this.#classes = classes;
    this.#report = report;
  }

  /** All that were found, parts before what is made of them. */
  get codecs(): readonly Codec[] {
    return [...this.#codecs.values()];
  }

  /** The classes that stand for a STRUCT. */
  get structs(): ReadonlySet<AsClass> {
    return this.#structs;
  }

  /**
   * The codec of a type.
   *
   * @param sql the SQL type that an option gives it
   * @param at where to report, when the type stands nowhere
   * @returns undefined when there is none, which is reported
   */
  read(type: AsType, sql: string | undefined, at: AsRange): Codec | undefined {
    const range = type.range.end > type.range.start ? type.range : at;
    const tree = sql === undefined ? undefined : readSqlType(sql);
    if (sql !== undefined && tree === undefined) {
      this.#report(range, `${sql} is no SQL type; write one such as DECIMAL(10,2), DATE or FLOAT[3].`);
      return undefined;
    }
    return this.#read(type, tree, range);
  }

  /** The name of a type without arguments; undefined for any other. */
  plainName(type: AsType): string | undefined {
    return (type.typeArguments ?? []).length === 0 ? this.#name(type) : undefined;
  }

  /** The class of this source that a type names. */
  classOf(type: AsType): AsClass | undefined {
    return this.#classes.get(this.plainName(type) ?? '');
  }

  /** The only argument of a type of one of some generic types, such as the element of `Array<T>`. */
  argumentOf(type: AsType, ...generics: readonly string[]): AsType | undefined {
    return generics.includes(this.#name(type) ?? '') ? type.typeArguments?.[0] : undefined;
  }

  #name(type: AsType): string | undefined {
    if (type.kind !== this.#as.NodeKind.NamedType || type.name === undefined) return undefined;
    return type.name.next === null ? type.name.identifier.text : undefined;
  }

  #read(type: AsType, sql: SqlTree | undefined, range: AsRange): Codec | undefined {
    const base = this.#base(type, sql, range);
    if (base === undefined || !type.isNullable) return base;
    if (base.shape.kind === 'number' || base.shape.kind === 'bool') {
      this.#report(range, `A number is never null in AssemblyScript; write Opt<${base.as}>.`);
      return undefined;
    }
    return this.#intern(`${base.as} | null`, base.sql, { kind: 'null', base });
  }

  #base(type: AsType, sql: SqlTree | undefined, range: AsRange): Codec | undefined {
    const name = this.#name(type) ?? '';
    const [first, second] = type.typeArguments ?? [];
    const declared = this.#classes.get(name);
    if (first === undefined) {
      if (declared !== undefined) return this.#struct(name, declared, sql, range);
      const element = typedElement(name);
      return element === undefined ? this.#plain(name, sql, range) : this.#typed(name, element, sql, range);
    }
    if (declared === undefined && second === undefined) {
      if (name === 'Opt') return this.#optional(first, sql, range);
      if (name === 'Array' || name === 'StaticArray') return this.#list(name, first, sql, range);
    }
    if (declared === undefined && name === 'Map' && second !== undefined)
      return this.#map(first, second, sql, range);
    return this.#unknown(range);
  }

  #plain(name: string, sql: SqlTree | undefined, range: AsRange): Codec | undefined {
    const found = plainType(name);
    if (found === undefined) return this.#unknown(range);
    const wanted = sql?.kind === 'simple' ? sql.name : undefined;
    if (sql === undefined || wanted === found.sql) return this.#intern(name, found.sql, found.shape);
    if (wanted !== undefined && found.others.test(wanted)) return this.#intern(name, wanted, found.shape);
    return this.#unfit(name, range);
  }

  #optional(inner: AsType, sql: SqlTree | undefined, range: AsRange): Codec | undefined {
    const base = this.#read(inner, sql, range);
    if (base === undefined) return undefined;
    if (base.shape.kind === 'number' || base.shape.kind === 'bool') {
      return this.#intern(`Opt<${base.as}>`, base.sql, { kind: 'opt', base });
    }
    this.#report(range, `Opt is for numbers and bool; write ${base.as} | null.`);
    return undefined;
  }

  #list(name: string, inner: AsType, sql: SqlTree | undefined, range: AsRange): Codec | undefined {
    const [part, length] = listPart(sql);
    if (sql !== undefined && part === undefined) return this.#unfit(`${name}<…>`, range);
    const element = this.#read(inner, part, range);
    return element && this.#listOf(`${name}<${element.as}>`, element, length);
  }

  #typed(name: string, inner: string, sql: SqlTree | undefined, range: AsRange): Codec | undefined {
    const [part, length] = listPart(sql);
    if (sql !== undefined && part === undefined) return this.#unfit(name, range);
    const element = this.#plain(inner, part, range);
    return element && this.#listOf(name, element, length);
  }

  #listOf(as: string, element: Codec, length: number | undefined): Codec {
    return this.#intern(as, `${element.sql}[${length ?? ''}]`, { kind: 'list', element, length });
  }

  #map(first: AsType, second: AsType, sql: SqlTree | undefined, range: AsRange): Codec | undefined {
    if (sql !== undefined && sql.kind !== 'map') return this.#unfit('Map<…>', range);
    const key = this.#read(first, sql?.key, range);
    const value = this.#read(second, sql?.value, range);
    if (key === undefined || value === undefined) return undefined;
    const shape = { kind: 'map', key, value } as const;
    return this.#intern(`Map<${key.as}, ${value.as}>`, `MAP(${key.sql}, ${value.sql})`, shape);
  }

  #struct(name: string, declared: AsClass, sql: SqlTree | undefined, range: AsRange): Codec | undefined {
    if (sql !== undefined && sql.kind !== 'struct') return this.#unfit(name, range);
    const problem = this.#open.includes(declared)
      ? 'holds itself'
      : declared.extendsType !== null || (declared.typeParameters ?? []).length > 0
        ? 'extends another or is generic'
        : undefined;
    if (problem !== undefined) {
      this.#report(range, `The class ${name} ${problem}, which a STRUCT cannot; use a plain class.`);
      return undefined;
    }
    this.#open.push(declared);
    const fields = this.#fields(declared, sql);
    this.#open.pop();
    if (fields === undefined) return undefined;
    if (fields.length === 0) {
      this.#report(range, `The class ${name} has no public field; a STRUCT has at least one.`);
      return undefined;
    }
    this.#structs.add(declared);
    const text = `STRUCT(${fields.map((f) => `${sqlName(f.name)} ${f.codec.sql}`).join(', ')})`;
    return this.#intern(name, text, { kind: 'struct', fields, construct: this.#isConstructed(declared) });
  }

  #fields(declared: AsClass, sql: SqlTree | undefined): StructField[] | undefined {
    const given = new Map(sql?.kind === 'struct' ? sql.fields.map((f) => [f.name, f.type]) : []);
    const fields: StructField[] = [];
    for (const field of this.#columns(declared)) {
      if (field.type === null) {
        this.#report(field.range, 'A field of a STRUCT needs a type; write one.');
        return undefined;
      }
      const codec = this.#read(field.type, given.get(field.name.text), field.type.range);
      if (codec === undefined) return undefined;
      fields.push({ name: field.name.text, codec });
    }
    return fields;
  }

  /** The public fields of a class's instances. */
  #columns(declared: AsClass): AsField[] {
    const { NodeKind, CommonFlags } = this.#as;
    const hidden = CommonFlags.Static | CommonFlags.Private | CommonFlags.Protected;
    const isColumn = (member: AsNode): member is AsField =>
      member.kind === NodeKind.FieldDeclaration && ((member as AsField).flags & hidden) === 0;
    return declared.members.filter(isColumn);
  }

  /** Whether its constructor can run without arguments and has something to do: there are fields that are no columns. */
  #isConstructed(declared: AsClass): boolean {
    const { NodeKind, CommonFlags } = this.#as;
    const isPrivate = (member: AsNode) =>
      member.kind === NodeKind.FieldDeclaration &&
      ((member as AsField).flags & (CommonFlags.Private | CommonFlags.Protected)) !== 0;
    return declared.members.some(isPrivate);
  }

  #unknown(range: AsRange): undefined {
    this.#report(range, `SQL has no such type; a function for SQL may use ${SUPPORTED_TYPES}.`);
    return undefined;
  }

  #unfit(name: string, range: AsRange): undefined {
    this.#report(
      range,
      `${name} does not hold the SQL type that the options give it; i64 holds DECIMAL(w,s) up to w = 18, TIME and TIMESTAMP, i32 holds DATE, I128 holds DECIMAL(w,s) from w = 19.`,
    );
    return undefined;
  }

  #intern(as: string, sql: string, shape: Shape): Codec {
    const key = `${as} is ${sql}`;
    const found = this.#codecs.get(key);
    if (found !== undefined) return found;
    const codec = { id: this.#codecs.size, as, sql, shape };
    this.#codecs.set(key, codec);
    return codec;
  }
}

/** The element that an option's type gives to a list, and the length of an ARRAY. */
function listPart(sql: SqlTree | undefined): [SqlTree | undefined, number | undefined] {
  if (sql?.kind === 'list') return [sql.element, undefined];
  return sql?.kind === 'array' ? [sql.element, sql.length] : [undefined, undefined];
}
