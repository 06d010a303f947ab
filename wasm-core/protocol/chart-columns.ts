import {
  CHART_ROLES,
  type ChartColumn,
  type ChartKind,
  type ChartSpec,
  type ColumnClass,
  columnClass,
} from './chart.ts';
import type { ColumnInfo } from './methods.ts';

/** The columns that can play a part. */
export function fittingColumns(
  columns: readonly ColumnInfo[],
  classes: readonly ColumnClass[],
): readonly ChartColumn[] {
  return columns.flatMap(({ name, type }, index) =>
    classes.includes(columnClass(type)) ? [{ index, name }] : [],
  );
}

/** The kinds of chart that a result has the columns for. */
export function fittingKinds(
  kinds: readonly ChartKind[],
  columns: readonly ColumnInfo[],
): readonly ChartKind[] {
  return kinds.filter((kind) => withKind({ kind }, columns) !== undefined);
}

/**
 * A chart of a kind that has the columns of another as far as they fit, and others that do in place of the rest.
 *
 * @param spec its kind is the one that is wanted
 * @returns undefined when the result has no columns for it
 */
export function withKind(spec: ChartSpec, columns: readonly ColumnInfo[]): ChartSpec | undefined {
  const { kind, aggregate, bins, bucket, limit } = spec;
  const roles = CHART_ROLES[kind];
  const isFit = (column: ChartColumn | undefined, classes: readonly ColumnClass[]): column is ChartColumn =>
    column !== undefined && classes.includes(columnClass(columns[column.index]?.type ?? ''));
  const [anyX] = fittingColumns(columns, roles.x);
  const x = isFit(spec.x, roles.x) ? spec.x : roles.isXOptional === true ? undefined : anyX;
  if (x === undefined && roles.isXOptional !== true) return undefined;
  const kept = (spec.y ?? []).filter((column) => isFit(column, roles.y)).slice(0, roles.maxY);
  const free = fittingColumns(columns, roles.y).find(({ index }) => index !== x?.index);
  const needsY = roles.maxY > 0 && roles.isYOptional !== true && kept.length === 0;
  if (needsY && free === undefined) return undefined;
  const y = needsY && free !== undefined ? [free] : kept;
  const series = roles.hasSeries ? spec.series : undefined;
  const value = roles.hasValue ? spec.value : undefined;
  return {
    kind,
    ...(x && { x }),
    ...(y.length > 0 && { y }),
    ...(series && { series }),
    ...(value && { value }),
    ...(roles.hasAggregate && aggregate && { aggregate }),
    ...(bins !== undefined && { bins }),
    ...(bucket && { bucket }),
    ...(limit !== undefined && { limit }),
  };
}

/** The column that a name means: written the same, else the same but for the case of letters. */
export function placeOf(name: string, columns: readonly ColumnInfo[]): ChartColumn | undefined {
  const exact = columns.findIndex((column) => column.name === name);
  const index =
    exact >= 0 ? exact : columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
  const found = columns[index];
  return found === undefined ? undefined : { index, name: found.name };
}
