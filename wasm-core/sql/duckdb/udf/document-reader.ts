import { CoreError } from '../../../protocol/errors.ts';
import type { DocumentValue, PluginParameter } from '../../../protocol/plugins.ts';
import type { Pointer } from '../c-api.ts';
import { withType } from '../logical-type.ts';
import type { Native } from '../native.ts';
import { isNullAt } from './null-rows.ts';
import { stringAt } from './text-vector.ts';
import { type FieldReader, fieldReader } from './vector-values.ts';

/**
 * Reads a DOCUMENT argument, a STRUCT or JSON text, row by row. Fields are read when the function asks for them, so a wide
 * row costs what its function looks at.
 */
export class DocumentReader {
  readonly #native: Native;
  readonly #parameter: PluginParameter;
  readonly #vector: Pointer;
  /** The fields of the row that is set, for a STRUCT; undefined for JSON. */
  readonly #fields: Readonly<Record<string, unknown>> | undefined;
  #row = 0;

  /**
   * @param options.vector flat, of any type
   * @throws CoreError ARGUMENT_INVALID when it is neither a STRUCT nor text
   */
  constructor(
    native: Native,
    options: { readonly vector: Pointer; readonly parameter: PluginParameter; readonly functionName: string },
  ) {
    this.#native = native;
    this.#vector = options.vector;
    this.#parameter = options.parameter;
    const { api } = native;
    this.#fields = withType(native, api.duckdb_vector_get_column_type(options.vector), (type) => {
      const id = api.duckdb_get_type_id(type);
      if (id === STRUCT) return this.#structFields(type);
      if (id === VARCHAR) return undefined;
      const message = `${options.functionName} takes a row, a STRUCT or JSON text as ${options.parameter.name}; call it with the name of a table, such as ${options.functionName}(t).`;
      throw new CoreError('ARGUMENT_INVALID', message, { function: options.functionName });
    });
  }

  /**
   * The document of a row; valid until the next one is read.
   *
   * @throws CoreError ARGUMENT_INVALID for text that is no JSON object
   */
  read(row: number): DocumentValue {
    this.#row = row;
    const fields = this.#fields ?? this.#jsonFields();
    const { idField, scoreField } = this.#parameter;
    const id = idField === undefined ? undefined : fields[idField];
    const score = scoreField === undefined ? undefined : Number(fields[scoreField] ?? Number.NaN);
    return {
      fields,
      ...(id !== undefined && id !== null && { id: String(id) }),
      ...(score !== undefined && !Number.isNaN(score) && { score }),
    };
  }

  #structFields(type: Pointer): Readonly<Record<string, unknown>> {
    const { api } = this.#native;
    const fields = {};
    for (let i = 0; i < api.duckdb_struct_type_child_count(type); i++) {
      const name = this.#native.takeText(api.duckdb_struct_type_child_name(type, i, 0));
      const child = api.duckdb_struct_vector_get_child(this.#vector, i, 0);
      let reader: FieldReader | undefined;
      const get = (): unknown => {
        reader ??= fieldReader(this.#native, child, 'document');
        const value = reader(this.#row);
        return value instanceof Uint8Array ? undefined : value;
      };
      Object.defineProperty(fields, name, { enumerable: true, get });
    }
    return fields;
  }

  #jsonFields(): Readonly<Record<string, unknown>> {
    const data = this.#native.api.duckdb_vector_get_data(this.#vector);
    const { pointer, byteLength } = stringAt(this.#native, data, this.#row);
    const text = new TextDecoder().decode(this.#native.bytes().subarray(pointer, pointer + byteLength));
    const value = parsed(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Readonly<Record<string, unknown>>;
    }
    const shown = text.length > 60 ? `${text.slice(0, 57)}…` : text;
    throw new CoreError(
      'ARGUMENT_INVALID',
      `The document ${this.#parameter.name} is ${JSON.stringify(shown)}, which is no JSON object; give an object such as {"title": "…"}, or a row.`,
      { parameter: this.#parameter.name },
    );
  }

  /** Whether the whole document of a row is NULL. */
  isNull(row: number): boolean {
    return isNullAt(this.#native, { vector: this.#vector, row });
  }
}

/** Type ids of `duckdb.h`. */
const VARCHAR = 17;
const STRUCT = 25;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
