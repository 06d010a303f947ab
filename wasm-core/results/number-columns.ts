import { type Data, RecordBatchReader, Type } from 'apache-arrow';
import { isNullAt } from './value-reader.ts';

/**
 * Reads columns of numbers as they are, a copy at a time: for a million of them, where texts would take seconds.
 *
 * @param bytes a whole results file
 * @param columnCount columns that it must have, each of DOUBLE or a whole number of at most 32 bits
 * @returns an array for each column; NaN for NULL
 * @throws Error when the bytes are no such file
 */
export function readNumberColumns(bytes: Uint8Array, columnCount: number): Float64Array[] {
  const batches = [...RecordBatchReader.from(bytes)].filter(({ numRows }) => numRows > 0);
  const rowCount = batches.reduce((sum, { numRows }) => sum + numRows, 0);
  return Array.from({ length: columnCount }, (_, index) => {
    const numbers = new Float64Array(rowCount);
    let at = 0;
    for (const { data, numRows } of batches) {
      const column = data.children[index];
      if (column === undefined) throw new Error(`The rows have no column ${index}.`);
      numbers.set(valuesOf(column, numRows), at);
      if (column.nullCount > 0) markNulls(column, numbers.subarray(at, at + numRows));
      at += numRows;
    }
    return numbers;
  });
}

function valuesOf({ type, values }: Data, rowCount: number): ArrayLike<number> {
  const isNumber =
    type.typeId === Type.Float || (type.typeId === Type.Int && !(values instanceof BigInt64Array));
  if (!isNumber) throw new Error(`A column is ${type} and holds no numbers.`);
  return (values as Float64Array).subarray(0, rowCount);
}

function markNulls(column: Data, numbers: Float64Array): void {
  for (let row = 0; row < numbers.length; row++) if (isNullAt(column, row)) numbers[row] = Number.NaN;
}
