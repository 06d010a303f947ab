import type { ModuleInfo } from '../../../protocol/methods.ts';
import type { PluginFunction } from '../../../protocol/plugins.ts';
import type { SessionPlugin } from '../../engine.ts';
import type { Connection, DuckDb } from '../boot.ts';
import { quoteText } from '../context.ts';
import { callForm } from './call-form.ts';

/*
 * `quern_functions()` and `quern_modules()`: what a session offers, as tables of SQL. They are temporary table macros
 * over literal rows, made anew when the plugins change, and before a statement that asks for them, since they count.
 */

/** What a function did in the session so far. */
export interface FunctionUse {
  /** Chunks of rows that it was called with. */
  readonly calls: number;
  readonly rows: number;
  readonly micros: number;
  readonly fuel: number;
}

/** What the views show. */
export interface SystemFacts {
  readonly plugins: readonly SessionPlugin[];
  readonly modules: readonly ModuleInfo[];
  /** By the function that the plugin holds. */
  readonly use: (fn: PluginFunction, plugin: SessionPlugin) => FunctionUse;
}

/** Whether a statement may ask for one of the views. */
export function asksForViews(sql: string): boolean {
  return /\bquern_(functions|modules)\b/i.test(sql);
}

/** Makes the views of a connection, in the place of those that it has. */
export function createSystemViews(db: DuckDb, connection: Connection, facts: SystemFacts): void {
  const functions = facts.plugins.flatMap((plugin) =>
    plugin.functions.map((fn) => functionRow(fn, { plugin, use: facts.use(fn, plugin) })),
  );
  db.bindings.runQuery(connection.id, viewSql('quern_functions', FUNCTION_COLUMNS, functions));
  db.bindings.runQuery(connection.id, viewSql('quern_modules', MODULE_COLUMNS, facts.modules.map(moduleRow)));
}

type Row = readonly string[];
type Columns = readonly (readonly [name: string, type: string])[];

const FUNCTION_COLUMNS: Columns = [
  ['function_name', 'VARCHAR'],
  ['kind', 'VARCHAR'],
  ['parameters', 'VARCHAR[]'],
  ['parameter_types', 'VARCHAR[]'],
  ['returns', 'VARCHAR'],
  ['deterministic', 'BOOLEAN'],
  ['nulls', 'VARCHAR'],
  ['on_error', 'VARCHAR'],
  ['form', 'VARCHAR'],
  ['module', 'VARCHAR'],
  ['namespace', 'VARCHAR'],
  ['source', 'VARCHAR'],
  ['doc', 'VARCHAR'],
  ['calls', 'BIGINT'],
  ['rows', 'BIGINT'],
  ['micros', 'BIGINT'],
  ['fuel', 'HUGEINT'],
];

const MODULE_COLUMNS: Columns = [
  ['name', 'VARCHAR'],
  ['namespace', 'VARCHAR'],
  ['uuid', 'UUID'],
  ['digest', 'VARCHAR'],
  ['byte_length', 'BIGINT'],
  ['functions', 'VARCHAR[]'],
  ['process', 'BOOLEAN'],
  ['needed', 'VARCHAR[]'],
  ['granted', 'VARCHAR[]'],
  ['loaded_at', 'TIMESTAMP WITH TIME ZONE'],
  ['source', 'VARCHAR'],
];

function functionRow(
  fn: PluginFunction,
  { plugin, use }: { readonly plugin: SessionPlugin; readonly use: FunctionUse },
): Row {
  const { compiled, info } = plugin;
  return [
    text(fn.name),
    text(fn.kind ?? 'scalar'),
    list(fn.parameters.map(({ name }) => name)),
    list(fn.parameters.map(({ type, variadic }) => (variadic ? `${type}...` : type))),
    text(fn.returns),
    String(fn.deterministic),
    text(fn.nulls ?? 'skip'),
    text(fn.onError ?? 'fail'),
    text(callForm(plugin.compiled, fn)),
    text(info?.name ?? compiled.name),
    text(info?.namespace),
    text(info?.source),
    text(fn.doc),
    String(use.calls),
    String(use.rows),
    String(Math.round(use.micros)),
    String(use.fuel),
  ];
}

function moduleRow(info: ModuleInfo): Row {
  return [
    text(info.name),
    text(info.namespace),
    text(info.uuid),
    text(info.digest),
    String(info.byteLength),
    list([...new Set(info.functions.map(({ name }) => name))]),
    String(info.process),
    list(info.capabilities.needed),
    list(info.capabilities.granted),
    text(info.loadedAt),
    text(info.source),
  ];
}

function viewSql(name: string, columns: Columns, rows: readonly Row[]): string {
  const typed = columns.map(([column, type]) => `"${column}"::${type} as "${column}"`).join(', ');
  const names = columns.map(([column]) => `"${column}"`).join(', ');
  // A table of literals has at least one row.
  const nothing = columns.map(() => 'null').join(', ');
  const values = rows.length > 0 ? rows.map((row) => `(${row.join(', ')})`).join(', ') : `(${nothing})`;
  const none = rows.length > 0 ? '' : ' where false';
  return `create or replace temp macro ${name}() as table select ${typed} from (values ${values}) t(${names})${none}`;
}

function text(value: string | undefined): string {
  return value === undefined ? 'null' : quoteText(value);
}

function list(values: readonly string[]): string {
  return `[${values.map(text).join(', ')}]`;
}
