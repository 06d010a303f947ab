import type { ModuleExport, PluginFunction, PluginType, ValueType } from '../protocol/plugins.ts';
import { DOCUMENT_TYPE } from '../protocol/plugins.ts';
import { parseSqlType, type SqlType } from '../protocol/sql-types.ts';

/*
 * Which exports implement a function, after docs/plugin-abi.md: the row form is called for each row with one
 * WebAssembly value (or pointer and length) for each argument, the batch form with many rows in Arrow's layout.
 */

/**
 * How a value crosses in the row form: as a WebAssembly value, as `bytes` (pointer and length; a result is packed into
 * an i64), or as a `block`, a pointer to 16 bytes.
 */
export type RowForm = 'i32' | 'i64' | 'f32' | 'f64' | 'bytes' | 'block';

/** The end of the names of exports that take batches. */
export const BATCH_SUFFIX = '__batch';

/** A part of a function that an export implements, in one of the forms. */
export interface ExportRole {
  /** In the order of the design's simplicity; the last of those that a module has is used. */
  readonly forms: readonly ExportForm[];
  readonly optional?: true;
}

/** An export by name and type. */
export interface ExportForm {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** How values of a type cross in the row form; undefined for LIST, ARRAY, STRUCT and MAP, which have none. */
export function rowForm(type: PluginType): RowForm | undefined {
  const parsed = parseSqlType(type);
  return parsed && rowFormOf(parsed);
}

/** The same of a type that was read. */
export function rowFormOf(type: SqlType): RowForm | undefined {
  if (type.kind === 'decimal') return type.width <= 18 ? 'i64' : 'block';
  if (type.kind !== 'simple') return undefined;
  switch (type.name) {
    case 'FLOAT':
      return 'f32';
    case 'DOUBLE':
      return 'f64';
    case 'VARCHAR':
    case 'BLOB':
      return 'bytes';
    case 'HUGEINT':
    case 'UHUGEINT':
    case 'UUID':
    case 'INTERVAL':
      return 'block';
    case 'BIGINT':
    case 'UBIGINT':
    case 'TIME':
    case 'TIMESTAMP':
    case 'TIMESTAMP_S':
    case 'TIMESTAMP_MS':
    case 'TIMESTAMP_NS':
    case 'TIMESTAMP WITH TIME ZONE':
      return 'i64';
    default:
      return 'i32';
  }
}

/** Whether values of a type cross as pointer and length. */
export function isBytesType(type: PluginType): boolean {
  return rowForm(type) === 'bytes';
}

/** The WebAssembly type of a scalar function's row form; undefined when it has none. */
export function coreSignature(
  fn: Pick<PluginFunction, 'parameters' | 'returns' | 'nulls'>,
): { parameters: ValueType[]; results: ValueType[] } | undefined {
  const parameters = rowParameters(fn);
  const result = rowForm(fn.returns);
  return parameters && result && { parameters, results: [resultType(result)] };
}

/** What a module has to export for a function, in all forms that would do. */
export function exportRoles(fn: PluginFunction): readonly ExportRole[] {
  switch (fn.kind) {
    case undefined:
      return [scalarRole(fn)];
    case 'aggregate':
      return aggregateRoles(fn);
    case 'table':
      return tableRoles(fn);
  }
}

/** The form of a role that a module implements, the batch form before the row form; undefined when it has none. */
export function implementedForm(exports: readonly ModuleExport[], role: ExportRole): ExportForm | undefined {
  return role.forms.findLast((form) =>
    exports.some((e) => e.kind === 'function' && e.name === form.name && sameType(e, form)),
  );
}

/** Whether a form takes batches. */
export function isBatchForm(form: ExportForm): boolean {
  return form.name.endsWith(BATCH_SUFFIX);
}

function sameType(a: Omit<ExportForm, 'name'>, b: Omit<ExportForm, 'name'>): boolean {
  return a.parameters.join() === b.parameters.join() && a.results.join() === b.results.join();
}

function scalarRole(fn: PluginFunction): ExportRole {
  const row = coreSignature(fn);
  return role(row && { name: fn.export, ...row }, batchForm(fn.export, ['i32']));
}

function aggregateRoles(fn: PluginFunction): readonly ExportRole[] {
  const named = (part: string): string => `${fn.export}__${part}`;
  const parameters = rowParameters(fn);
  const result = rowForm(fn.returns);
  return [
    role({ name: named('init'), parameters: [], results: ['i32'] }),
    role(
      parameters && { name: named('update'), parameters: ['i32', ...parameters], results: [] },
      batchForm(named('update'), []),
    ),
    role({ name: named('combine'), parameters: ['i32', 'i32'], results: [] }),
    role(
      result && { name: named('finalize'), parameters: ['i32'], results: [resultType(result)] },
      batchForm(named('finalize'), ['i32']),
    ),
    { ...role({ name: named('free'), parameters: ['i32'], results: [] }), optional: true },
  ];
}

function tableRoles(fn: PluginFunction): readonly ExportRole[] {
  const named = (part: string): string => `${fn.export}__${part}`;
  const parameters = rowParameters(fn);
  return [
    role(
      parameters && { name: named('open'), parameters, results: ['i32'] },
      batchForm(named('open'), ['i32']),
    ),
    role({ name: named('next'), parameters: ['i32', 'i32'], results: ['i32'] }),
    { ...role({ name: named('project'), parameters: ['i32', 'i32', 'i32'], results: [] }), optional: true },
    { ...role({ name: named('close'), parameters: ['i32'], results: [] }), optional: true },
  ];
}

function role(...forms: readonly (ExportForm | undefined)[]): ExportRole {
  return { forms: forms.filter((form) => form !== undefined) };
}

function batchForm(name: string, results: readonly ValueType[]): ExportForm {
  return { name: `${name}${BATCH_SUFFIX}`, parameters: ['i32', 'i32'], results };
}

/** Undefined where the row form cannot say what the function takes: nested values, NULLs, any number of arguments. */
function rowParameters(fn: Pick<PluginFunction, 'parameters' | 'nulls'>): ValueType[] | undefined {
  if (fn.nulls === 'pass') return undefined;
  const all: ValueType[] = [];
  for (const { type, variadic } of fn.parameters) {
    if (type === DOCUMENT_TYPE) continue;
    const form = rowForm(type);
    if (form === undefined || variadic) return undefined;
    all.push(...parameterTypes(form));
  }
  return all;
}

function parameterTypes(form: RowForm): readonly ValueType[] {
  if (form === 'bytes') return ['i32', 'i32'];
  return [form === 'block' ? 'i32' : form];
}

function resultType(form: RowForm): ValueType {
  if (form === 'bytes') return 'i64';
  return form === 'block' ? 'i32' : form;
}
