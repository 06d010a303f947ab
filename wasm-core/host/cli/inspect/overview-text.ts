import type { WasmComparison, WasmOverview, WasmRow } from '../../../protocol/wasm-viewer.ts';
import { alignColumns, visible } from '../text-table.ts';

/** The rows of a module's lists. */
export interface ModuleRows {
  readonly imports: readonly WasmRow[];
  readonly exports: readonly WasmRow[];
  /** The largest ones, largest first. */
  readonly functions: readonly WasmRow[];
}

/** What there is to say of a file at a glance, for people. */
export function overviewText(overview: WasmOverview, rows: ModuleRows): string {
  const lists = [
    titled('Sections', sectionRows(overview)),
    titled(
      'Made by',
      overview.producers.map(({ field, name, version }) => [field, `${name} ${version}`]),
    ),
    titled(
      'Functions for SQL',
      overview.plugin.functions.map(({ signature, doc }) => [signature, doc]),
    ),
    titled(
      'Imports',
      rows.imports.map(({ cells }) => cells),
    ),
    titled(
      'Exports',
      rows.exports.map(({ cells }) => cells),
    ),
    titled('Largest functions', rows.functions.map(functionCells)),
  ];
  return [headText(overview), ...lists].filter((text) => text !== '').join('\n');
}

/** What differs between two modules, for people. */
export function comparisonText(comparison: WasmComparison, changes: readonly WasmRow[]): string {
  const { other, before, after, sections, sameFunctionCount } = comparison;
  const head = `${after} bytes, ${other} has ${before} (${signed(after - before)}); ${sameFunctionCount} functions are the same.\n`;
  const sizes = sections.map((s) => [
    s.name,
    s.before === undefined ? 'only here' : String(s.before),
    s.after === undefined ? 'only there' : String(s.after),
    signed((s.after ?? 0) - (s.before ?? 0)),
  ]);
  const lists = [
    titled('Sections, there and here', sizes),
    titled(
      'Changes',
      changes.map(({ cells }) => cells),
    ),
  ];
  return [head, ...lists].filter((text) => text !== '').join('\n');
}

function headText(overview: WasmOverview): string {
  const { form, byteLength, name, functionCount, importedFunctionCount, memories, tables, start } = overview;
  const what =
    form === 'module' ? 'WebAssembly module' : form === 'component' ? 'WebAssembly component' : 'file';
  const { capabilities, problem } = overview.plugin;
  const lines = [
    `${what}${name === undefined ? '' : ` ${name}`}, ${byteLength} bytes`,
    ...overview.problems.map((p) => p.message),
    ...(problem === undefined ? [] : [problem]),
    ...(form === 'module' ? [`${functionCount} functions, ${importedFunctionCount} of them imported`] : []),
    ...memories.map((type) => `memory ${type}`),
    ...tables.map((type) => `table ${type}`),
    ...(start === undefined ? [] : [`starts with function ${start.index} ${start.name ?? ''}`.trimEnd()]),
    ...(capabilities.length === 0 ? [] : [`needs ${capabilities.join(', ')}`]),
  ];
  return lines.map((line) => `${visible(line)}\n`).join('');
}

function sectionRows({ sections }: WasmOverview): string[][] {
  return sections.map(({ name, offset, byteLength, itemCount, isCustom }) => [
    isCustom ? `custom "${name}"` : name,
    `at ${offset}`,
    `${byteLength} bytes`,
    itemCount === undefined ? '' : `${itemCount} ${itemCount === 1 ? 'item' : 'items'}`,
  ]);
}

function functionCells({ cells }: WasmRow): string[] {
  const [index = '', name = '', type = '', size = ''] = cells;
  return [index, name, type, `${size} bytes`];
}

/** Cells in columns under a title; nothing for no rows. */
function titled(title: string, rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  return `${title}:\n${alignColumns(rows.map((row) => ['', ...row.map(visible)]))}`;
}

function signed(difference: number): string {
  return `${difference > 0 ? '+' : ''}${difference}`;
}
