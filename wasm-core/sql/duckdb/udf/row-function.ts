import { rowForm } from '../../../binary/function-exports.ts';
import { DOCUMENT_TYPE, type PluginFunction } from '../../../protocol/plugins.ts';
import type { Guest } from '../../../runtime/guest.ts';
import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';
import type { Adapters } from './adapter.ts';
import type { Signature } from './adapter-cells.ts';
import type { DocumentReader } from './document-reader.ts';
import type { StatementGuest } from './function-calls.ts';
import type { InlineLoops } from './inline-loop.ts';
import { type CoreValue, isScalarType, type ScalarType, scalarView } from './readers.ts';
import { blockArgument, decimalArgument } from './row-arguments.ts';
import { type ResultSetter, rowResult } from './row-results.ts';
import { callInline, callScalarChunk } from './scalar-chunk.ts';
import { copyBytes, type StringWriter, stringAt } from './text-vector.ts';

/*
 * Rows through the row form of a function (tiers T0 and T1): DuckDB's vectors are read where they lie, each row is one
 * call of the guest's export, results go straight into the output vector.
 */

/** Rows to call a function with. */
export interface RowsCall {
  /** One for each argument. */
  readonly vectors: readonly Pointer[];
  readonly rowCount: number;
  /** 1 for each row that is not to be called; absent: all are. */
  readonly skip: Uint8Array | undefined;
  readonly output: Pointer;
  /** Reads the DOCUMENT argument; absent: the function has none. */
  readonly document: DocumentReader | undefined;
}

/** A column of arguments: fills its core values of a row into the call's argument list. */
export interface ArgumentColumn {
  /** Bytes that the row needs in the guest's argument buffer. */
  byteLength(row: number): number;
  /** Writes the row's core values into `values`, bytes at `buffer`; returns the position behind the bytes. */
  fill(row: number, values: CoreValue[], buffer: Pointer): Pointer;
}

/** A scalar function in its row form. */
export class RowFunction {
  readonly #native: Native;
  readonly #fn: PluginFunction;
  readonly #strings: StringWriter;
  readonly #adapters: Adapters;
  readonly #inlines: InlineLoops;
  readonly #signature: Signature | undefined;
  readonly #arguments: RowArguments;
  /** The row at which the last call failed. */
  failedRow = 0;

  constructor(parts: {
    readonly native: Native;
    readonly fn: PluginFunction;
    readonly strings: StringWriter;
    readonly adapters: Adapters;
    readonly inlines: InlineLoops;
  }) {
    this.#native = parts.native;
    this.#fn = parts.fn;
    this.#strings = parts.strings;
    this.#adapters = parts.adapters;
    this.#inlines = parts.inlines;
    this.#signature = parts.adapters.signature(parts.fn);
    this.#arguments = new RowArguments(parts.native, parts.fn);
  }

  /**
   * Calls the function once for each row that is not skipped; those are NULL in the output already.
   *
   * @throws whatever the guest throws, with the row in `failedRow`; CoreError MEMORY_BOUNDS, RESULT_INVALID
   */
  call(given: StatementGuest, call: RowsCall): void {
    const signature = this.#signature;
    if (signature === undefined) {
      this.#callEach(given, call, { first: 0, end: call.rowCount });
      return;
    }
    const options = { native: this.#native, function: this.#fn, signature, call };
    const inline = given.guest.compiled.inlines.get(this.#fn.export);
    if (inline !== undefined && callInline(this.#inlines.get(inline, signature), given.guest, options))
      return;
    const adapter = this.#adapters.get(given.guest.function(this.#fn.export), signature);
    try {
      callScalarChunk(adapter, options);
    } catch (error) {
      this.failedRow = adapter.row();
      throw error;
    }
  }

  /** The same for one row alone. */
  callOne(given: StatementGuest, call: RowsCall, row: number): void {
    this.#callEach(given, call, { first: row, end: row + 1 });
  }

  #callEach(
    { guest, context }: StatementGuest,
    call: RowsCall,
    { first, end }: { readonly first: number; readonly end: number },
  ): void {
    const { skip, document, output, rowCount } = call;
    const argumentsOf = this.#arguments.begin(guest, call);
    const setResult: ResultSetter = rowResult(this.#native, this.#fn, {
      guest,
      output,
      rowCount,
      strings: this.#strings,
    });
    const invoke = guest.function(this.#fn.export);
    let row = first;
    try {
      for (; row < end; row++) {
        if (skip?.[row] === 1) continue;
        if (document !== undefined) context.setDocument(document.read(row));
        setResult(row, invoke(...argumentsOf(row)));
      }
    } catch (error) {
      this.failedRow = row;
      throw error;
    } finally {
      context.setDocument(undefined);
    }
  }
}

/** The arguments of rows, as the values that the row form of a function takes. */
export class RowArguments {
  readonly #native: Native;
  readonly #fn: PluginFunction;

  constructor(native: Native, fn: PluginFunction) {
    this.#native = native;
    this.#fn = fn;
  }

  /**
   * Begins with flat vectors, one for each parameter.
   *
   * @returns gives the values of a row; they hold until the next row's
   */
  begin(
    guest: Guest,
    from: { readonly vectors: readonly Pointer[]; readonly rowCount: number },
  ): (row: number) => readonly CoreValue[] {
    const columns = from.vectors.flatMap((vector, index) =>
      this.#argument({ guest, rowCount: from.rowCount }, { vector, index }),
    );
    const values: CoreValue[] = [];
    return (row) => {
      fillArguments(guest, { columns, row, values });
      return values;
    };
  }

  #argument(
    { guest, rowCount }: { readonly guest: Guest; readonly rowCount: number },
    at: { readonly vector: Pointer; readonly index: number },
  ): readonly ArgumentColumn[] {
    const native = this.#native;
    const type = this.#fn.parameters[at.index]?.type ?? '';
    // A document is read by its fields.
    if (type === DOCUMENT_TYPE) return [];
    const data = native.api.duckdb_vector_get_data(at.vector);
    if (isScalarType(type)) return [scalarColumn(native, { type, data, rowCount })];
    switch (rowForm(type)) {
      case 'bytes':
        return [bytesColumn(native, guest, data)];
      case 'block':
        return [blockArgument(native, guest, { type, data })];
      default:
        return [decimalArgument(native, { type, data })];
    }
  }
}

function fillArguments(
  guest: Guest,
  options: {
    readonly columns: readonly ArgumentColumn[];
    readonly row: number;
    readonly values: CoreValue[];
  },
): void {
  const { columns, row, values } = options;
  let byteLength = 0;
  for (const column of columns) byteLength += column.byteLength(row);
  values.length = 0;
  // One byte more, so that the pointer of an empty last text is inside memory too.
  let buffer = byteLength === 0 && columns.length === 0 ? 0 : guest.argumentBuffer(byteLength + 1);
  for (const column of columns) buffer = column.fill(row, values, buffer);
}

function bytesColumn(native: Native, guest: Guest, data: Pointer): ArgumentColumn {
  return {
    byteLength: (row) => stringAt(native, data, row).byteLength,
    fill: (row, values, buffer) => {
      const { pointer, byteLength } = stringAt(native, data, row);
      copyBytes(native.bytes(), pointer, byteLength, guest.view(), buffer);
      values.push(buffer, byteLength);
      return buffer + byteLength;
    },
  };
}

function scalarColumn(
  native: Native,
  options: { readonly type: ScalarType; readonly data: Pointer; readonly rowCount: number },
): ArgumentColumn {
  const { type, data, rowCount } = options;
  const isBoolean = type === 'BOOLEAN';
  let values: ArrayLike<CoreValue> = scalarView(native, type, data, rowCount);
  return {
    byteLength: () => 0,
    fill: (row, list, buffer) => {
      // Writing a text result may grow the engine's memory, which detaches the view.
      if (values.length === 0) values = scalarView(native, type, data, rowCount);
      const value = values[row] ?? 0;
      list.push(isBoolean ? Number(value !== 0) : value);
      return buffer;
    },
  };
}
