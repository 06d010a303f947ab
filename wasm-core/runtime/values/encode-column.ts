import type { SqlType } from '../../protocol/sql-types.ts';
import type { TypedValue } from '../../protocol/typed-values.ts';
import { type ArgumentPlace, invalidArgument } from './argument-error.ts';
import { encodeLeaf, type Leaf } from './encode-leaf.ts';
import { entryType, type LeafLayout, leafLayout } from './sql-type-of.ts';

/** A column of values, ready to be laid out; NULL is undefined. */
export interface EncodedColumn {
  readonly rows: number;
  /** One for each row: whether it has a value. */
  readonly valid: readonly boolean[];
  /** Where each row's values begin in the child, and the end of the last one's; absent for other than LIST and MAP. */
  readonly offsets?: readonly number[];
  /** Values without children, NULL as undefined. */
  readonly leaves?: {
    readonly layout: LeafLayout;
    readonly isFloat: boolean;
    readonly values: readonly (Leaf | undefined)[];
  };
  readonly children: readonly EncodedColumn[];
}

/** A value with its place. */
interface Cell {
  readonly value: TypedValue;
  readonly place: ArgumentPlace;
}

/**
 * Checks values against a type and makes a column of them.
 *
 * @param cells one for each row, each with its place for messages
 * @throws CoreError ARGUMENT_INVALID
 */
export function encodeColumn(cells: readonly Cell[], type: SqlType): EncodedColumn {
  const valid = cells.map(({ value }) => value !== null);
  const base = { rows: cells.length, valid, children: [] };
  switch (type.kind) {
    case 'list':
      return { ...base, ...listParts(cells, type.element) };
    case 'map':
      return { ...base, ...listParts(cells.map(checkedMap), entryType(type)) };
    case 'array':
      return { ...base, children: [encodeColumn(arrayCells(cells, type), type.element)] };
    case 'struct':
      return { ...base, children: structChildren(cells, type) };
    default:
      return { ...base, leaves: leavesOf(cells, type) };
  }
}

function leavesOf(cells: readonly Cell[], type: SqlType): NonNullable<EncodedColumn['leaves']> {
  const layout = leafLayout(type);
  if (layout === undefined) throw new Error(`${type.kind} has children`);
  const isFloat = type.kind === 'simple' && (type.name === 'FLOAT' || type.name === 'DOUBLE');
  const values = cells.map(({ value, place }) =>
    value === null ? undefined : encodeLeaf(value, type, place),
  );
  return { layout, isFloat, values };
}

function listParts(cells: readonly Cell[], element: SqlType): Pick<EncodedColumn, 'offsets' | 'children'> {
  const offsets = [0];
  const items: Cell[] = [];
  for (const cell of cells) {
    if (cell.value !== null) for (const item of itemsOf(cell)) items.push(item);
    offsets.push(items.length);
  }
  return { offsets, children: [encodeColumn(items, element)] };
}

function itemsOf({ value, place }: Cell): Cell[] {
  if (!Array.isArray(value)) throw invalidArgument(value, place, 'an array');
  return (value as readonly TypedValue[]).map((item, index) => ({
    value: item,
    place: inside(place, `[${index}]`),
  }));
}

/** The elements of all rows, n NULLs for a row that is NULL. */
function arrayCells(cells: readonly Cell[], type: Extract<SqlType, { kind: 'array' }>): Cell[] {
  return cells.flatMap((cell) => {
    if (cell.value === null) return Array.from({ length: type.length }, () => ({ ...cell, value: null }));
    const items = itemsOf(cell);
    if (items.length === type.length) return items;
    throw invalidArgument(cell.value, cell.place, `an array of ${type.length}`);
  });
}

function structChildren(cells: readonly Cell[], type: Extract<SqlType, { kind: 'struct' }>): EncodedColumn[] {
  const objects = cells.map((cell) => (cell.value === null ? undefined : structOf(cell, type)));
  return type.fields.map((field) => {
    const fields = objects.map((object, row): Cell => {
      const place = cells[row]?.place ?? NOWHERE;
      return { value: memberOf(object, field.name), place: inside(place, `.${field.name}`) };
    });
    return encodeColumn(fields, field.type);
  });
}

const NOWHERE: ArgumentPlace = { name: '', parameter: '', type: '' };

type JsonObject = { readonly [name: string]: TypedValue };

/** A field that is left out is NULL; one that the type does not have is a mistake. */
function structOf({ value, place }: Cell, type: Extract<SqlType, { kind: 'struct' }>): JsonObject {
  const names = type.fields.map(({ name }) => name);
  const wanted = `an object of ${names.join(', ')}`;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidArgument(value, place, wanted);
  const object = value as JsonObject;
  if (!Object.keys(object).every((name) => names.includes(name))) throw invalidArgument(value, place, wanted);
  return object;
}

function memberOf(object: JsonObject | undefined, name: string): TypedValue {
  return object !== undefined && Object.hasOwn(object, name) ? (object[name] ?? null) : null;
}

/** Keys are there and distinct, as in DuckDB. */
function checkedMap(cell: Cell): Cell {
  if (cell.value === null) return cell;
  const wanted = 'an array of {"key", "value"}, each key once and none of them null';
  const keys = itemsOf({ ...cell }).map(({ value }) => {
    const isEntry = typeof value === 'object' && value !== null && Object.hasOwn(value, 'key');
    const key = isEntry ? memberOf(value as JsonObject, 'key') : null;
    if (key === null) throw invalidArgument(cell.value, cell.place, wanted);
    return JSON.stringify(key);
  });
  if (new Set(keys).size < keys.length) throw invalidArgument(cell.value, cell.place, wanted);
  return cell;
}

function inside(place: ArgumentPlace, what: string): ArgumentPlace {
  return { ...place, name: place.name + what };
}
