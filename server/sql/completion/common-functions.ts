/** Functions that queries over files use most, by kind, the commonest first; they stand above the engine's others. */
export const COMMON_FUNCTIONS: readonly string[] =
  `count sum avg min max coalesce round lower upper length substring replace trim concat date_trunc strftime strptime date_part
  date_diff now today string_agg list array_agg first last any_value arg_max arg_min median quantile_cont stddev mode count_if
  approx_count_distinct histogram bool_and bool_or if ifnull nullif greatest least abs ceil floor sqrt power ln log exp mod sign
  random hash md5 sha256 starts_with ends_with contains prefix suffix strpos split_part string_split regexp_matches
  regexp_replace regexp_extract regexp_extract_all concat_ws lpad rpad left right reverse repeat printf format year month day
  hour minute second week quarter dayofweek dayname monthname epoch epoch_ms to_timestamp make_date make_timestamp age last_day
  time_bucket list_transform list_filter list_reduce list_contains list_sort list_distinct list_aggregate list_extract
  array_length len unnest flatten range generate_series struct_pack struct_extract map map_keys map_values map_extract
  json_extract json_extract_string json_array_length json_keys to_json json_object typeof try_strptime
  levenshtein jaro_winkler_similarity corr filter row_to_json uuid`.split(/\s+/);

/** Table functions, the commonest first. */
export const COMMON_TABLE_FUNCTIONS: readonly string[] =
  `read_csv read_parquet read_json range generate_series unnest glob read_text read_json_auto read_csv_auto parquet_metadata
  parquet_schema sniff_csv read_blob duckdb_tables duckdb_columns duckdb_functions duckdb_settings`.split(
    /\s+/,
  );

/** Functions that stand far below: of other systems' catalogs, and for single languages. */
export const RARE_FUNCTIONS =
  /^(icu_collate_|pg_|has_\w+_privilege$|inet_|is_histogram|__|\w+_description$|map_to_pg|txid_|stats$|vector_type$|create_sort_key|in_search_path|test_|constant_or_null|combine$|finalize$|write_log|parse_duckdb_log|timetz_byte|getvariable$|seq_scan|arrow_scan|format_pg_type|get_block_size|pragma_)/;

/** What the grammar calls like a function, and window functions: the engine's list of functions has neither. */
export const GRAMMAR_FUNCTIONS: readonly {
  readonly name: string;
  readonly signature: string;
  readonly isWindow: boolean;
  readonly doc: string;
}[] = [
  {
    name: 'row_number',
    signature: 'row_number() -> BIGINT',
    isWindow: true,
    doc: 'The number of the row within its partition, from 1.',
  },
  {
    name: 'rank',
    signature: 'rank() -> BIGINT',
    isWindow: true,
    doc: 'The rank of the row, with gaps: that of its first peer.',
  },
  {
    name: 'dense_rank',
    signature: 'dense_rank() -> BIGINT',
    isWindow: true,
    doc: 'The rank of the row, without gaps.',
  },
  {
    name: 'percent_rank',
    signature: 'percent_rank() -> DOUBLE',
    isWindow: true,
    doc: 'The relative rank of the row, 0 to 1.',
  },
  {
    name: 'cume_dist',
    signature: 'cume_dist() -> DOUBLE',
    isWindow: true,
    doc: 'The share of the rows up to and with the row and its peers.',
  },
  {
    name: 'ntile',
    signature: 'ntile(BIGINT) -> BIGINT',
    isWindow: true,
    doc: 'The number of the part that the row is in, from 1, when the partition is cut into equal parts.',
  },
  {
    name: 'lag',
    signature: 'lag(value, offset, default)',
    isWindow: true,
    doc: 'The value at a row in front, one row when no offset is given.',
  },
  {
    name: 'lead',
    signature: 'lead(value, offset, default)',
    isWindow: true,
    doc: 'The value at a row behind, one row when no offset is given.',
  },
  {
    name: 'first_value',
    signature: 'first_value(value)',
    isWindow: true,
    doc: 'The value at the first row of the frame.',
  },
  {
    name: 'last_value',
    signature: 'last_value(value)',
    isWindow: true,
    doc: 'The value at the last row of the frame.',
  },
  {
    name: 'nth_value',
    signature: 'nth_value(value, BIGINT)',
    isWindow: true,
    doc: 'The value at the nth row of the frame, counted from 1.',
  },
  {
    name: 'coalesce',
    signature: 'coalesce(value, …)',
    isWindow: false,
    doc: 'The first of the values that is not NULL.',
  },
  {
    name: 'ifnull',
    signature: 'ifnull(value, value)',
    isWindow: false,
    doc: 'The second value where the first is NULL.',
  },
  {
    name: 'if',
    signature: 'if(BOOLEAN, value, value)',
    isWindow: false,
    doc: 'The second value where the condition holds, else the third.',
  },
  {
    name: 'columns',
    signature: "columns('regular expression')",
    isWindow: false,
    doc: 'The columns whose names match, each in its turn: an expression around it is repeated for each of them.',
  },
  { name: 'try', signature: 'try(value)', isWindow: false, doc: 'NULL where the value cannot be computed.' },
  {
    name: 'grouping',
    signature: 'grouping(column, …) -> BIGINT',
    isWindow: false,
    doc: 'Which of the columns the row is not grouped by, as bits.',
  },
  {
    name: 'unnest',
    signature: 'unnest(list)',
    isWindow: false,
    doc: 'A row for each element of a list, or a column for each field of a struct.',
  },
];
