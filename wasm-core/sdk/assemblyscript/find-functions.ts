import type {
  AsCompiler,
  AsDecorator,
  AsFunction,
  AsNode,
  AsObjectLiteral,
  AsRange,
  AsSource,
  AsStringLiteral,
  AsType,
} from './ast.ts';
import { docCommentBefore } from './doc-comment.ts';
import { type SqlType, SUPPORTED_TYPES, sqlType } from './sql-types.ts';
import type { UdfFunction } from './wrappers.ts';

/** A function found in a source, with its declaration. */
export interface Found {
  readonly declaration: AsFunction;
  readonly udf: UdfFunction;
}

/** Tells the author what is wrong, at its place. */
export type Report = (range: AsRange, message: string) => void;

/**
 * Finds the top-level functions of a source that are marked with `@udf`, as a decorator or as a tag of their doc
 * comment, and checks their signatures. A function with a problem is reported and left out.
 */
export function findUdfFunctions(as: AsCompiler, source: AsSource, report: Report): Found[] {
  const found: Found[] = [];
  for (const node of source.statements) {
    if (node.kind !== as.NodeKind.FunctionDeclaration) continue;
    const declaration = node as AsFunction;
    const mark = findMark(as, declaration, source, report);
    if (mark === undefined) continue;
    const udf = readFunction(as, declaration, mark, report);
    if (udf === undefined) continue;
    if (found.some((f) => f.udf.name === udf.name)) {
      report(declaration.name.range, `There are two @udf functions named ${udf.name}; rename one.`);
    } else found.push({ declaration, udf });
  }
  return found;
}

interface Mark {
  readonly name?: string;
  readonly deterministic: boolean;
  readonly doc: string;
}

function findMark(as: AsCompiler, fn: AsFunction, source: AsSource, report: Report): Mark | undefined {
  const decorator = fn.decorators?.find((d) => d.name.text === 'udf');
  const start = Math.min(fn.range.start, ...(fn.decorators ?? []).map((d) => d.range.start));
  const { doc, udf } = docCommentBefore(source.text, beforeExport(source.text, start));
  if (decorator !== undefined)
    return { deterministic: true, ...decoratorOptions(as, decorator, report), doc };
  if (udf === undefined) return undefined;
  const name = /\bname:\s*"?(\w+)"?/.exec(udf)?.[1];
  return { ...(name !== undefined && { name }), deterministic: !/\bdeterministic:\s*false\b/.test(udf), doc };
}

/** A declaration's range leaves out `export`; the comment stands before that. */
function beforeExport(text: string, start: number): number {
  const match = /export\s+$/.exec(text.slice(Math.max(0, start - 64), start));
  return match === null ? start : start - match[0].length;
}

type Options = { name?: string; deterministic?: boolean };

function decoratorOptions(as: AsCompiler, decorator: AsDecorator, report: Report): Options {
  const argument = decorator.args?.[0];
  if (argument === undefined) return {};
  const literal = argument as AsObjectLiteral;
  const advice = 'write @udf, or @udf({ name: "sql_name", deterministic: false })';
  if (argument.kind !== as.NodeKind.Literal || literal.literalKind !== as.LiteralKind.Object) {
    report(argument.range, `@udf takes an object; ${advice}.`);
    return {};
  }
  const options: Options = {};
  literal.names.forEach((key, i) => {
    const value = literal.values[i];
    if (value === undefined || !readOption(as, key.text, value, options)) {
      report(key.range, `@udf has no option ${key.text} with this value; ${advice}.`);
    }
  });
  return options;
}

function readOption(as: AsCompiler, key: string, value: AsNode, options: Options): boolean {
  const { NodeKind, LiteralKind } = as;
  if (key === 'deterministic' && (value.kind === NodeKind.True || value.kind === NodeKind.False)) {
    options.deterministic = value.kind === NodeKind.True;
    return true;
  }
  const text = value as AsStringLiteral;
  if (key !== 'name' || value.kind !== NodeKind.Literal || text.literalKind !== LiteralKind.String)
    return false;
  options.name = text.value;
  return true;
}

const SQL_NAME = /^[a-z_][a-z0-9_]{0,62}$/;

function readFunction(as: AsCompiler, fn: AsFunction, mark: Mark, report: Report): UdfFunction | undefined {
  const name = mark.name ?? fn.name.text;
  if (!SQL_NAME.test(name)) {
    const better = name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase();
    const advice = SQL_NAME.test(better) ? `, such as ${better}` : '';
    report(
      fn.name.range,
      `A SQL function's name is a lower-case identifier of at most 63 characters${advice}; rename ${name}, or give a name: @udf({ name: "…" }).`,
    );
    return undefined;
  }
  if (fn.typeParameters !== null && fn.typeParameters.length > 0) {
    report(fn.name.range, `${name} is generic; a @udf function has fixed types.`);
    return undefined;
  }
  const parameters = fn.signature.parameters.map((parameter) => {
    const fixed = parameter.parameterKind === as.ParameterKind.Default;
    if (!fixed)
      report(parameter.range, 'A @udf function has no optional and no rest parameters; name each one.');
    return { name: parameter.name.text, type: parameterType(as, parameter.type, report) };
  });
  const returns = resultType(as, fn.signature.returnType, fn.name.range, report);
  if (returns === undefined || !parameters.every(isTyped)) return undefined;
  const { start, end } = fn.name.range;
  const { deterministic, doc } = mark;
  return { name, sourceName: fn.name.text, parameters, returns, deterministic, doc, start, end };
}

function isTyped<P extends { type: SqlType | undefined }>(parameter: P): parameter is P & { type: SqlType } {
  return parameter.type !== undefined;
}

function parameterType(as: AsCompiler, type: AsType, report: Report): SqlType | undefined {
  const found = namedType(as, type);
  if (found === undefined) {
    report(type.range, `SQL has no such parameter type; a @udf function may take ${SUPPORTED_TYPES}.`);
    return undefined;
  }
  if (!type.isNullable) return found;
  report(
    type.range,
    'A NULL argument gives NULL without a call, so no parameter is ever null; leave out "| null".',
  );
  return undefined;
}

function resultType(as: AsCompiler, type: AsType, name: AsRange, report: Report): SqlType | undefined {
  const found = namedType(as, type);
  if (found !== undefined) return found;
  // A function without a return type has one of zero length, which no editor can underline.
  const range = type.range.end > type.range.start ? type.range : name;
  const advice = 'string and Uint8Array may be "| null", which is NULL in SQL';
  report(range, `SQL has no such result type; a @udf function may return ${SUPPORTED_TYPES}; ${advice}.`);
  return undefined;
}

function namedType(as: AsCompiler, type: AsType): SqlType | undefined {
  if (type.kind !== as.NodeKind.NamedType || type.name === undefined || type.name.next !== null)
    return undefined;
  if (type.typeArguments !== null && type.typeArguments !== undefined && type.typeArguments.length > 0)
    return undefined;
  return sqlType(type.name.identifier.text);
}
