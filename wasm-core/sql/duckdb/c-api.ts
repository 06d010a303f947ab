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
  duckdb_prepare_extracted_statement(
    connection: Pointer,
    extracted: Pointer,
    low: number,
    high: number,
    out: Pointer,
  ): number;
  duckdb_destroy_extracted(extracted: Pointer): void;
  duckdb_query(connection: Pointer, sql: Pointer, result: Pointer): number;
  duckdb_destroy_result(result: Pointer): void;
  duckdb_query_progress(out: Pointer, connection: Pointer): void;
  duckdb_interrupt(connection: Pointer): void;
  duckdb_arrow_scan(connection: Pointer, view: Pointer, stream: Pointer): number;

  duckdb_create_logical_type(id: number): Pointer;
  duckdb_create_decimal_type(width: number, scale: number): Pointer;
  duckdb_create_list_type(element: Pointer): Pointer;
  duckdb_create_array_type(element: Pointer, low: number, high: number): Pointer;
  duckdb_create_map_type(key: Pointer, value: Pointer): Pointer;
  duckdb_create_struct_type(types: Pointer, names: Pointer, low: number, high: number): Pointer;
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
  duckdb_scalar_function_set_special_handling(scalarFunction: Pointer): void;
  duckdb_scalar_function_set_varargs(scalarFunction: Pointer, type: Pointer): void;
  duckdb_create_scalar_function_set(name: Pointer): Pointer;
  duckdb_destroy_scalar_function_set(set: Pointer): void;
  duckdb_add_scalar_function_to_set(set: Pointer, scalarFunction: Pointer): number;
  duckdb_register_scalar_function_set(connection: Pointer, set: Pointer): number;
  duckdb_scalar_function_set_volatile(scalarFunction: Pointer): void;
  duckdb_scalar_function_set_function(scalarFunction: Pointer, tableIndex: number): void;
  duckdb_scalar_function_set_error(info: Pointer, message: Pointer): void;

  duckdb_nparams(statement: Pointer): number;
  /** Throws the engine's exception with a text; not of the C API, but of duckdb-wasm. */
  duckdb_web_fail_with(reason: Pointer): void;
  /** Forgets a file by its name; the response has 24 bytes. */
  duckdb_web_fs_drop_file(response: Pointer, name: Pointer): void;
  /** Names a file; a direct one passes by the engine's page cache. */
  duckdb_web_fs_register_file_url(
    response: Pointer,
    name: Pointer,
    url: Pointer,
    protocol: number,
    isDirect: number,
  ): void;

  duckdb_register_scalar_function(connection: Pointer, scalarFunction: Pointer): number;

  duckdb_create_aggregate_function(): Pointer;
  duckdb_destroy_aggregate_function(slot: Pointer): void;
  duckdb_aggregate_function_set_name(aggregate: Pointer, name: Pointer): void;
  duckdb_aggregate_function_add_parameter(aggregate: Pointer, type: Pointer): void;
  duckdb_aggregate_function_set_return_type(aggregate: Pointer, type: Pointer): void;
  duckdb_aggregate_function_set_special_handling(aggregate: Pointer): void;
  duckdb_aggregate_function_set_functions(
    aggregate: Pointer,
    stateSize: number,
    init: number,
    update: number,
    combine: number,
    finalize: number,
  ): void;
  duckdb_aggregate_function_set_destructor(aggregate: Pointer, destroy: number): void;
  duckdb_aggregate_function_set_error(info: Pointer, message: Pointer): void;
  duckdb_create_aggregate_function_set(name: Pointer): Pointer;
  duckdb_destroy_aggregate_function_set(slot: Pointer): void;
  duckdb_add_aggregate_function_to_set(set: Pointer, aggregate: Pointer): number;
  duckdb_register_aggregate_function_set(connection: Pointer, set: Pointer): number;
  duckdb_create_table_function(): Pointer;
  duckdb_destroy_table_function(slot: Pointer): void;
  duckdb_table_function_set_name(table: Pointer, name: Pointer): void;
  duckdb_table_function_add_parameter(table: Pointer, type: Pointer): void;
  duckdb_table_function_set_bind(table: Pointer, callback: number): void;
  duckdb_table_function_set_init(table: Pointer, callback: number): void;
  duckdb_table_function_set_function(table: Pointer, callback: number): void;
  duckdb_table_function_supports_projection_pushdown(table: Pointer, isSupported: number): void;
  duckdb_register_table_function(connection: Pointer, table: Pointer): number;
  duckdb_bind_add_result_column(info: Pointer, name: Pointer, type: Pointer): void;
  duckdb_bind_get_parameter(info: Pointer, low: number, high: number): Pointer;
  duckdb_bind_set_bind_data(info: Pointer, data: Pointer, destroy: number): void;
  duckdb_init_get_bind_data(info: Pointer): Pointer;
  duckdb_init_get_column_count(info: Pointer): number;
  duckdb_init_get_column_index(info: Pointer, low: number, high: number): number;
  duckdb_init_set_init_data(info: Pointer, data: Pointer, destroy: number): void;
  duckdb_function_get_init_data(info: Pointer): Pointer;
  duckdb_function_set_error(info: Pointer, message: Pointer): void;
  duckdb_create_vector(type: Pointer, low: number, high: number): Pointer;
  duckdb_destroy_vector(slot: Pointer): void;
  duckdb_vector_reference_value(vector: Pointer, value: Pointer): void;
  duckdb_destroy_value(slot: Pointer): void;
  duckdb_data_chunk_set_size(chunk: Pointer, low: number, high: number): void;

  duckdb_table_function_add_named_parameter(table: Pointer, name: Pointer, type: Pointer): void;
  duckdb_bind_get_named_parameter(info: Pointer, name: Pointer): Pointer;
  duckdb_bind_set_error(info: Pointer, message: Pointer): void;
  duckdb_init_set_error(info: Pointer, message: Pointer): void;
  duckdb_add_replacement_scan(database: Pointer, callback: number, data: Pointer, destroy: number): void;
  duckdb_replacement_scan_set_function_name(info: Pointer, name: Pointer): void;
  duckdb_replacement_scan_add_parameter(info: Pointer, value: Pointer): void;
  duckdb_replacement_scan_set_error(info: Pointer, message: Pointer): void;
  duckdb_create_varchar(text: Pointer): Pointer;
  duckdb_create_null_value(): Pointer;
  duckdb_create_int64(low: number, high: number): Pointer;
  duckdb_create_date(days: number): Pointer;
  duckdb_create_timestamp(low: number, high: number): Pointer;
  duckdb_is_null_value(value: Pointer): number;
  duckdb_get_value_type(value: Pointer): Pointer;
  duckdb_get_varchar(value: Pointer): Pointer;
  duckdb_get_list_size(value: Pointer): number;
  duckdb_get_list_child(value: Pointer, low: number, high: number): Pointer;
  duckdb_vector_reference_vector(to: Pointer, from: Pointer): void;
  duckdb_schema_from_arrow(connection: Pointer, schema: Pointer, out: Pointer): Pointer;
  duckdb_destroy_arrow_converted_schema(slot: Pointer): void;
  duckdb_data_chunk_from_arrow(
    connection: Pointer,
    array: Pointer,
    converted: Pointer,
    out: Pointer,
  ): Pointer;
  duckdb_destroy_data_chunk(slot: Pointer): void;
  duckdb_error_data_message(error: Pointer): Pointer;
  duckdb_destroy_error_data(slot: Pointer): void;

  duckdb_data_chunk_get_size(chunk: Pointer): number;
  duckdb_data_chunk_get_column_count(chunk: Pointer): number;
  duckdb_data_chunk_get_vector(chunk: Pointer, low: number, high: number): Pointer;
  duckdb_vector_get_column_type(vector: Pointer): Pointer;
  duckdb_list_vector_get_child(vector: Pointer): Pointer;
  duckdb_array_vector_get_child(vector: Pointer): Pointer;
  duckdb_struct_vector_get_child(vector: Pointer, low: number, high: number): Pointer;
  duckdb_list_vector_get_size(vector: Pointer): number;
  duckdb_list_vector_reserve(vector: Pointer, low: number, high: number): number;
  duckdb_list_vector_set_size(vector: Pointer, low: number, high: number): number;
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
  'duckdb_nparams',
  'duckdb_web_fail_with',
  'duckdb_web_fs_drop_file',
  'duckdb_web_fs_register_file_url',
  'duckdb_prepare',
  'duckdb_destroy_prepare',
  'duckdb_prepare_error',
  'duckdb_prepared_statement_type',
  'duckdb_prepared_statement_column_count',
  'duckdb_prepared_statement_column_name',
  'duckdb_prepared_statement_column_logical_type',
  'duckdb_extract_statements',
  'duckdb_extract_statements_error',
  'duckdb_prepare_extracted_statement',
  'duckdb_destroy_extracted',
  'duckdb_query',
  'duckdb_destroy_result',
  'duckdb_query_progress',
  'duckdb_interrupt',
  'duckdb_arrow_scan',
  'duckdb_create_logical_type',
  'duckdb_create_decimal_type',
  'duckdb_create_list_type',
  'duckdb_create_array_type',
  'duckdb_create_map_type',
  'duckdb_create_struct_type',
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
  'duckdb_scalar_function_set_special_handling',
  'duckdb_scalar_function_set_varargs',
  'duckdb_create_scalar_function_set',
  'duckdb_destroy_scalar_function_set',
  'duckdb_add_scalar_function_to_set',
  'duckdb_register_scalar_function_set',
  'duckdb_scalar_function_set_volatile',
  'duckdb_scalar_function_set_function',
  'duckdb_scalar_function_set_error',
  'duckdb_register_scalar_function',
  'duckdb_create_aggregate_function',
  'duckdb_destroy_aggregate_function',
  'duckdb_aggregate_function_set_name',
  'duckdb_aggregate_function_add_parameter',
  'duckdb_aggregate_function_set_return_type',
  'duckdb_aggregate_function_set_special_handling',
  'duckdb_aggregate_function_set_functions',
  'duckdb_aggregate_function_set_destructor',
  'duckdb_aggregate_function_set_error',
  'duckdb_create_aggregate_function_set',
  'duckdb_destroy_aggregate_function_set',
  'duckdb_add_aggregate_function_to_set',
  'duckdb_register_aggregate_function_set',
  'duckdb_create_table_function',
  'duckdb_destroy_table_function',
  'duckdb_table_function_set_name',
  'duckdb_table_function_add_parameter',
  'duckdb_table_function_set_bind',
  'duckdb_table_function_set_init',
  'duckdb_table_function_set_function',
  'duckdb_table_function_supports_projection_pushdown',
  'duckdb_register_table_function',
  'duckdb_bind_add_result_column',
  'duckdb_bind_get_parameter',
  'duckdb_bind_set_bind_data',
  'duckdb_init_get_bind_data',
  'duckdb_init_get_column_count',
  'duckdb_init_get_column_index',
  'duckdb_init_set_init_data',
  'duckdb_function_get_init_data',
  'duckdb_function_set_error',
  'duckdb_create_vector',
  'duckdb_destroy_vector',
  'duckdb_vector_reference_value',
  'duckdb_destroy_value',
  'duckdb_data_chunk_set_size',
  'duckdb_table_function_add_named_parameter',
  'duckdb_bind_get_named_parameter',
  'duckdb_bind_set_error',
  'duckdb_init_set_error',
  'duckdb_add_replacement_scan',
  'duckdb_replacement_scan_set_function_name',
  'duckdb_replacement_scan_add_parameter',
  'duckdb_replacement_scan_set_error',
  'duckdb_create_varchar',
  'duckdb_create_null_value',
  'duckdb_create_int64',
  'duckdb_create_date',
  'duckdb_create_timestamp',
  'duckdb_is_null_value',
  'duckdb_get_value_type',
  'duckdb_get_varchar',
  'duckdb_get_list_size',
  'duckdb_get_list_child',
  'duckdb_vector_reference_vector',
  'duckdb_schema_from_arrow',
  'duckdb_destroy_arrow_converted_schema',
  'duckdb_data_chunk_from_arrow',
  'duckdb_destroy_data_chunk',
  'duckdb_error_data_message',
  'duckdb_destroy_error_data',
  'duckdb_data_chunk_get_size',
  'duckdb_data_chunk_get_column_count',
  'duckdb_data_chunk_get_vector',
  'duckdb_vector_get_column_type',
  'duckdb_list_vector_get_child',
  'duckdb_array_vector_get_child',
  'duckdb_struct_vector_get_child',
  'duckdb_list_vector_get_size',
  'duckdb_list_vector_reserve',
  'duckdb_list_vector_set_size',
  'duckdb_vector_get_data',
  'duckdb_vector_get_validity',
  'duckdb_vector_ensure_validity_writable',
  'duckdb_vector_assign_string_element_len',
];
