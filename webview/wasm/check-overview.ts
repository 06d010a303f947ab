import type { WasmComparison } from '../../wasm-core/protocol/wasm-viewer.ts';
import { type Fields, isCount, isListOf, isObject, isText } from '../checks.ts';

/** Parts of parts are looked at so deep; a file has two. */
const MAX_DEPTH = 4;

/** Whether an answer tells of a file at a glance. */
export function isOverview(value: Fields): boolean {
  const { form, byteLength, problems, sections, sizes, producers, plugin } = value;
  const counts = [
    value.functionCount,
    value.importedFunctionCount,
    value.importCount,
    value.exportCount,
    value.globalCount,
  ];
  return (
    (form === 'module' || form === 'component' || form === 'other') &&
    isCount(byteLength) &&
    counts.every(isCount) &&
    isListOf(problems, isProblem) &&
    isListOf(sections, isSection) &&
    isSizeNode(sizes, MAX_DEPTH) &&
    isListOf(value.memories, isText) &&
    isListOf(value.tables, isText) &&
    isListOf(producers, isProducer) &&
    isPlugin(plugin) &&
    (value.name === undefined || isText(value.name)) &&
    (value.start === undefined || (isObject(value.start) && isCount(value.start.index)))
  );
}

/** Whether a value tells how two modules differ. */
export function isComparison(value: unknown): value is WasmComparison {
  return (
    isObject(value) &&
    isText(value.other) &&
    isCount(value.before) &&
    isCount(value.after) &&
    isCount(value.changeCount) &&
    isCount(value.sameFunctionCount) &&
    isListOf(value.sections, isSectionChange)
  );
}

function isSectionChange(value: unknown): value is Fields {
  return (
    isObject(value) &&
    isText(value.name) &&
    (value.before === undefined || isCount(value.before)) &&
    (value.after === undefined || isCount(value.after))
  );
}

function isProblem(value: unknown): value is Fields {
  return isObject(value) && isCount(value.offset) && isText(value.message);
}

function isSection(value: unknown): value is Fields {
  return (
    isObject(value) &&
    isText(value.name) &&
    isCount(value.offset) &&
    isCount(value.byteLength) &&
    typeof value.isCustom === 'boolean' &&
    (value.itemCount === undefined || isCount(value.itemCount))
  );
}

function isSizeNode(value: unknown, depth: number): value is Fields {
  return (
    depth > 0 &&
    isObject(value) &&
    isText(value.label) &&
    isCount(value.byteLength) &&
    (value.function === undefined || isCount(value.function)) &&
    (value.children === undefined ||
      isListOf(value.children, (child): child is Fields => isSizeNode(child, depth - 1)))
  );
}

function isProducer(value: unknown): value is Fields {
  return isObject(value) && isText(value.field) && isText(value.name) && isText(value.version);
}

function isPlugin(value: unknown): boolean {
  return (
    isObject(value) &&
    isListOf(value.capabilities, isText) &&
    isListOf(value.functions, isSqlFunction) &&
    isText(value.doc) &&
    (value.problem === undefined || isText(value.problem))
  );
}

function isSqlFunction(value: unknown): value is Fields {
  return isObject(value) && isText(value.signature) && isText(value.export) && isText(value.doc);
}
