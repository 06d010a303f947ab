/*
 * The part of DuckDB's C API that the engine uses, as `duckdb-eh.wasm` exports it. The module's exports are made legal
 * for JavaScript without BigInt: a 64-bit parameter is two numbers, low then high, and a 64-bit result is its low half.
 * See https://duckdb.org/docs/stable/clients/c/api and recipes in the engine's own tests.
 */

/** An address in the engine's memory; 0 is none. */
export type Pointer = number;

export interface CApi {
  malloc(byteLength: number): Pointer;
  free(pointer: Pointer): void;

  duckdb_prepare(connection: Pointer, sql: Pointer, out: Pointer): number;
  duckdb_destroy_prepare(statement: Pointer): void;
  duckdb_prepare_error(statement: Pointer): Pointer;
  duckdb_prepared_statement_type(statement: Pointer): number;
  duckdb_prepared_statement_column_count(statement: Pointer): number;
  duckdb_prepared_statement_column_name(statement: Pointer, low: number, high: number): Pointer;
  duckdb_prepared_statement_column_logical_type(statement: Pointer, low: number, high: number): Pointer;
  duckdb_extract_statements(connection: Pointer, sql: Pointer, out: Pointer): number;
  duckdb_extract_statements_error(extracted: Pointer): Pointer;
  duckdb_destroy_extracted(extracted: Pointer): void;
  duckdb_query(connection: Pointer, sql: Pointer, result: Pointer): number;
  duckdb_destroy_result(result: Pointer): void;
  duckdb_query_progress(out: Pointer, connection: Pointer): void;

  duckdb_create_logical_type(id: number): Pointer;
  duckdb_destroy_logical_type(type: Pointer): void;
  duckdb_get_type_id(type: Pointer): number;
  duckdb_logical_type_get_alias(type: Pointer): Pointer;
  duckdb_decimal_width(type: Pointer): number;
  duckdb_decimal_scale(type: Pointer): number;
  duckdb_enum_dictionary_size(type: Pointer): number;
  duckdb_enum_dictionary_value(type: Pointer, low: number, high: number): Pointer;
  duckdb_list_type_child_type(type: Pointer): Pointer;
  duckdb_array_type_child_type(type: Pointer): Pointer;
  duckdb_array_type_array_size(type: Pointer): number;
  duckdb_map_type_key_type(type: Pointer): Pointer;
  duckdb_map_type_value_type(type: Pointer): Pointer;
  duckdb_struct_type_child_count(type: Pointer): number;
  duckdb_struct_type_child_name(type: Pointer, low: number, high: number): Pointer;
  duckdb_struct_type_child_type(type: Pointer, low: number, high: number): Pointer;
  duckdb_union_type_member_count(type: Pointer): number;
  duckdb_union_type_member_name(type: Pointer, low: number, high: number): Pointer;
  duckdb_union_type_member_type(type: Pointer, low: number, high: number): Pointer;

  duckdb_create_scalar_function(): Pointer;
  duckdb_destroy_scalar_function(scalarFunction: Pointer): void;
  duckdb_scalar_function_set_name(scalarFunction: Pointer, name: Pointer): void;
  duckdb_scalar_function_add_parameter(scalarFunction: Pointer, type: Pointer): void;
  duckdb_scalar_function_set_return_type(scalarFunction: Pointer, type: Pointer): void;
  duckdb_scalar_function_set_volatile(scalarFunction: Pointer): void;
  duckdb_scalar_function_set_function(scalarFunction: Pointer, tableIndex: number): void;
  duckdb_scalar_function_set_error(info: Pointer, message: Pointer): void;
  duckdb_register_scalar_function(connection: Pointer, scalarFunction: Pointer): number;

  duckdb_data_chunk_get_size(chunk: Pointer): number;
  duckdb_data_chunk_get_vector(chunk: Pointer, low: number, high: number): Pointer;
  duckdb_vector_get_data(vector: Pointer): Pointer;
  duckdb_vector_get_validity(vector: Pointer): Pointer;
  duckdb_vector_ensure_validity_writable(vector: Pointer): void;
  duckdb_vector_assign_string_element_len(
    vector: Pointer,
    indexLow: number,
    indexHigh: number,
    text: Pointer,
    lengthLow: number,
    lengthHigh: number,
  ): void;
}

/** Names that the engine needs; the self-test looks for each. */
export const C_API_NAMES: readonly (keyof CApi)[] = [
  'malloc',
  'free',
  'duckdb_prepare',
  'duckdb_destroy_prepare',
  'duckdb_prepare_error',
  'duckdb_prepared_statement_type',
  'duckdb_prepared_statement_column_count',
  'duckdb_prepared_statement_column_name',
  'duckdb_prepared_statement_column_logical_type',
  'duckdb_extract_statements',
  'duckdb_extract_statements_error',
  'duckdb_destroy_extracted',
  'duckdb_query',
  'duckdb_destroy_result',
  'duckdb_query_progress',
  'duckdb_create_logical_type',
  'duckdb_destroy_logical_type',
  'duckdb_get_type_id',
  'duckdb_logical_type_get_alias',
  'duckdb_decimal_width',
  'duckdb_decimal_scale',
  'duckdb_enum_dictionary_size',
  'duckdb_enum_dictionary_value',
  'duckdb_list_type_child_type',
  'duckdb_array_type_child_type',
  'duckdb_array_type_array_size',
  'duckdb_map_type_key_type',
  'duckdb_map_type_value_type',
  'duckdb_struct_type_child_count',
  'duckdb_struct_type_child_name',
  'duckdb_struct_type_child_type',
  'duckdb_union_type_member_count',
  'duckdb_union_type_member_name',
  'duckdb_union_type_member_type',
  'duckdb_create_scalar_function',
  'duckdb_destroy_scalar_function',
  'duckdb_scalar_function_set_name',
  'duckdb_scalar_function_add_parameter',
  'duckdb_scalar_function_set_return_type',
  'duckdb_scalar_function_set_volatile',
  'duckdb_scalar_function_set_function',
  'duckdb_scalar_function_set_error',
  'duckdb_register_scalar_function',
  'duckdb_data_chunk_get_size',
  'duckdb_data_chunk_get_vector',
  'duckdb_vector_get_data',
  'duckdb_vector_get_validity',
  'duckdb_vector_ensure_validity_writable',
  'duckdb_vector_assign_string_element_len',
];
