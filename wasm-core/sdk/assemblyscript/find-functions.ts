import type { AsClass, AsCompiler, AsFunction, AsNode, AsParameter, AsRange, AsSource } from './ast.ts';
import { CodecReader, type Report } from './codec-reader.ts';
import { type Codec, isNullable } from './codecs.ts';
import type { Parameter, UdfFunction } from './definitions.ts';
import { parameterTypes } from './manifest.ts';
import { findMark, type Mark } from './marks.ts';

/** What SQL can call of a source. */
export interface Found {
  readonly functions: readonly UdfFunction[];
  /** How the values of all of them cross. */
  readonly codecs: readonly Codec[];
  /** The declarations whose names the wrappers take, or that are no exports of WebAssembly. */
  readonly declarations: readonly (AsFunction | AsClass)[];
}

/**
 * Finds the top-level functions and classes of a source that are marked with `@udf`, `@aggregate` or `@table`, and
 * checks their signatures. One with a problem is reported and left out.
 */
export function findUdfFunctions(as: AsCompiler, source: AsSource, report: Report): Found {
  const isClass = (node: AsNode): node is AsClass => node.kind === as.NodeKind.ClassDeclaration;
  const classes = new Map(source.statements.filter(isClass).map((c) => [c.name.text, c]));
  const codecs = new CodecReader(as, classes, report);
  const finder = new Finder(as, codecs, report);
  const functions: UdfFunction[] = [];
  const declarations: (AsFunction | AsClass)[] = [];
  const range = (start: number, end: number): AsRange => Object.assign(new as.Range(start, end), { source });
  for (const node of source.statements) {
    const isFunction = node.kind === as.NodeKind.FunctionDeclaration;
    if (!isFunction && !isClass(node)) continue;
    const declaration = node as AsFunction | AsClass;
    const mark = findMark(declaration, source, range, report);
    if (mark === undefined) continue;
    if ((mark.kind === 'udf') !== isFunction) {
      const advice = isFunction
        ? 'functions; mark it with @udf'
        : 'classes; mark it with @aggregate or @table';
      report(declaration.name.range, `@${mark.kind} is not for ${advice}.`);
      continue;
    }
    const found = finder.find(declaration, mark);
    if (found === undefined) continue;
    const distinct = distinguish(found, functions, report, declaration.name.range);
    if (distinct === undefined) continue;
    functions.push(distinct);
    declarations.push(declaration);
  }
  return { functions, codecs: codecs.codecs, declarations: [...declarations, ...codecs.structs] };
}

/** Gives functions of one name, whose parameters differ, exports of their own. */
function distinguish(
  fn: UdfFunction,
  others: readonly UdfFunction[],
  report: Report,
  range: AsRange,
): UdfFunction | undefined {
  const same = others.filter((o) => o.name === fn.name);
  if (same.some((o) => o.kind !== fn.kind || parameterTypes(o) === parameterTypes(fn))) {
    report(
      range,
      `There are two functions ${fn.name}(${parameterTypes(fn)}), or of two kinds; rename one, or change its parameters.`,
    );
    return undefined;
  }
  if (same.length === 0) return fn;
  return { ...fn, exportName: `${fn.name}__${same.length + 1}` };
}

const SQL_NAME = /^[a-z_][a-z0-9_]{0,62}$/;

class Finder {
  readonly #as: AsCompiler;
  readonly #codecs: CodecReader;
  readonly #report: Report;

  constructor(as: AsCompiler, codecs: CodecReader, report: Report) {
    this.#as = as;
    this.#codecs = codecs;
    this.#report = report;
  }

  find(declaration: AsFunction | AsClass, mark: Mark): UdfFunction | undefined {
    const { text: sourceName, range } = declaration.name;
    const name = this.#sqlName(sourceName, mark, range);
    if (name === undefined) return undefined;
    if ((declaration.typeParameters ?? []).length > 0) {
      this.#report(range, `${name} is generic; a @${mark.kind} has fixed types.`);
      return undefined;
    }
    const method = 'members' in declaration ? this.#argumentsOf(declaration, mark) : declaration;
    if (method === undefined) return undefined;
    const signature = method === 'none' ? [] : method.signature.parameters;
    const parameters = signature.map((p, i) => this.#parameter(p, mark, i === signature.length - 1));
    this.#checkTypes(mark, signature, range);
    if (!parameters.every((p) => p !== undefined)) return undefined;
    const common = {
      ...{ name, exportName: name, sourceName, parameters },
      passesNulls: parameters.some(({ value }) => value !== 'document' && isNullable(value)),
      ...{ deterministic: mark.deterministic, nullOnError: mark.nullOnError, doc: mark.doc },
      ...(mark.idField !== undefined && { idField: mark.idField }),
      ...(mark.scoreField !== undefined && { scoreField: mark.scoreField }),
      ...{ start: range.start, end: range.end },
    };
    if (mark.nullOnError && mark.kind !== 'udf') {
      this.#report(range, 'onError: "null" is for @udf functions, which have one result for each call.');
      return undefined;
    }
    return this.#complete(declaration, mark, common);
  }

  #complete(
    declaration: AsFunction | AsClass,
    mark: Mark,
    common: Omit<Extract<UdfFunction, { kind: 'scalar' | 'aggregate' }>, 'kind' | 'returns'>,
  ): UdfFunction | undefined {
    const { range } = declaration.name;
    if (!('members' in declaration)) {
      const returns = this.#codecs.read(declaration.signature.returnType, mark.returns, range);
      return returns && { ...common, kind: 'scalar', returns };
    }
    const what = mark.kind === 'aggregate' ? 'finish' : 'next';
    const method = this.#method(declaration, what);
    if (method === undefined) {
      this.#report(
        range,
        `The @${mark.kind} ${declaration.name.text} has no method ${what}; ${SHAPES[mark.kind]}.`,
      );
      return undefined;
    }
    const result = this.#codecs.read(method.signature.returnType, mark.returns, method.name.range);
    if (result === undefined) return undefined;
    if (mark.kind === 'aggregate') return { ...common, kind: 'aggregate', returns: result };
    const row = result.shape.kind === 'null' ? result.shape.base : undefined;
    if (row?.shape.kind === 'struct') return { ...common, kind: 'table', row, columns: row.shape.fields };
    this.#report(
      method.signature.returnType.range,
      `next returns a class or null at the end; ${SHAPES.table}.`,
    );
    return undefined;
  }

  #sqlName(sourceName: string, mark: Mark, range: AsRange): string | undefined {
    const better = sourceName.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase();
    const name = mark.name ?? (mark.kind === 'udf' ? sourceName : better);
    if (SQL_NAME.test(name)) return name;
    const advice = SQL_NAME.test(better) ? `, such as ${better}` : '';
    this.#report(
      range,
      `A SQL function's name is a lower-case identifier of at most 63 characters${advice}; rename ${name}, or give a name: @${mark.kind}({ name: "…" }).`,
    );
    return undefined;
  }

  /** The method whose parameters are the function's arguments: `update`, or the constructor. */
  #argumentsOf(declaration: AsClass, mark: Mark): AsFunction | 'none' | undefined {
    const made = this.#method(declaration, 'constructor');
    if (mark.kind === 'table') return made ?? 'none';
    const missing = ['update', 'merge', 'finish'].find(
      (name) => this.#method(declaration, name) === undefined,
    );
    const update = this.#method(declaration, 'update');
    const takes = made !== undefined && made.signature.parameters.length > 0;
    if (missing === undefined && !takes) return update;
    const problem = takes ? 'has a constructor with parameters' : `has no method ${missing}`;
    this.#report(
      declaration.name.range,
      `The @aggregate ${declaration.name.text} ${problem}; ${SHAPES.aggregate}.`,
    );
    return undefined;
  }

  #method(declaration: AsClass, name: string): AsFunction | undefined {
    const isMethod = (node: AsNode): node is AsFunction => node.kind === this.#as.NodeKind.MethodDeclaration;
    return declaration.members.filter(isMethod).find((m) => m.name.text === name);
  }

  #parameter(parameter: AsParameter, mark: Mark, isLast: boolean): Parameter | undefined {
    const { ParameterKind } = this.#as;
    const isRest = parameter.parameterKind === ParameterKind.Rest;
    if (!isRest && parameter.parameterKind !== ParameterKind.Default) {
      this.#report(
        parameter.range,
        'A function for SQL has no optional parameters; write an overload with its name.',
      );
      return undefined;
    }
    // The compiler has no rest parameters; the wrapper hands over an array.
    if (isRest) parameter.parameterKind = ParameterKind.Default;
    const name = parameter.name.text;
    if (this.#codecs.plainName(parameter.type) === 'Document' && !this.#codecs.classOf(parameter.type)) {
      return { name, value: 'document', variadic: false };
    }
    const variadic = isRest || (mark.variadic && isLast);
    const type = variadic ? this.#codecs.argumentOf(parameter.type, 'Array') : parameter.type;
    if (type === undefined) {
      this.#report(parameter.type.range, 'A variadic parameter is an Array<T>.');
      return undefined;
    }
    const value = this.#codecs.read(type, mark.types.get(name), parameter.range);
    return value && { name, value, variadic };
  }

  #checkTypes(mark: Mark, parameters: readonly AsParameter[], range: AsRange): void {
    for (const name of mark.types.keys()) {
      if (parameters.some((p) => p.name.text === name)) continue;
      this.#report(range, `types names ${name}, which is no parameter; take it out, or correct its name.`);
    }
  }
}

/** What the classes of the marks look like, for advice. */
const SHAPES = {
  udf: '',
  aggregate:
    'it has a constructor without parameters, update(x: f64): void, merge(other: Self): void and finish(): f64',
  table: 'it has a constructor with the arguments and next(): Row | null, where Row is a class of columns',
} as const;
