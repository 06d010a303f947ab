import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { TestRunResult } from '../../wasm-core/protocol/tests.ts';
import { quern } from '../support/cli.ts';
import { HostHome } from '../support/host-process.ts';

/** DuckDB's own tests, when the machine has them; `tools/duckdb-tests.mjs` runs them all. */
const folder = path.join(process.env.QUERN_CORPORA ?? 'no-corpora', 'duckdb-v1.4.3');

/** Of each part of DuckDB a few that are quick, and those that Quern once failed. */
const FILES = [
  ...['aggregate/aggregates/test_string_agg', 'aggregate/group/test_group_by', 'alter/add_col/test_add_col'],
  ...['attach/attach_wal_alter', 'cast/cast_error_location', 'cast/string_to_unnamed_struct'],
  ...['catalog/test_set_search_path', 'catalog/test_temporary', 'constraints/check/test_check'],
  ...['copy/csv/auto_glob_directory', 'copy/csv/csv_home_directory', 'copy/csv/test_copy'],
  ...['copy/parquet/auto_glob_directory', 'copy/partitioned/hive_partitioning_overwrite'],
  ...[
    'cte/test_recursive_cte_union',
    'delete/test_delete',
    'error/qualified_column_error',
    'filter/test_obsolete_filters',
  ],
  ...['function/list/list_zip', 'function/string/test_concat', 'function/timestamp/test_last_modified'],
  ...['insert/test_insert', 'join/inner/test_join', 'join/semianti/antijoin', 'json/scalar/test_json_valid'],
  ...[
    'logging/logging',
    'logging/logging_file_persistence',
    'order/test_order_by',
    'parser/digit_separators',
  ],
  ...[
    'parser/expression_depth_limit',
    'pg_catalog/system_functions',
    'pivot/test_pivot',
    'prepared/test_prepare_types',
  ],
  ...[
    'pragma/profiling/test_profiling_all',
    'settings/errors_as_json',
    'storage/update/wal_restart_update_insert',
  ],
  ...['subquery/scalar/test_scalar_subquery', 'timezone/disable_timestamptz_casts', 'types/enum/test_enum'],
  ...['types/variant/json_cast', 'update/test_update', 'window/test_rank'],
]
  .map((name) => `test/sql/${name}.test`)
  .filter((name) => existsSync(path.join(folder, name)));

if (FILES.length > 0) {
  describe("DuckDB's own tests", function () {
    this.timeout(300_000);

    it(`pass: ${FILES.length} of them`, async () => {
      const home = new HostHome();
      try {
        const { stdout } = await quern(home, [
          'test',
          '--json',
          ...FILES.map((name) => path.join(folder, name)),
        ]);
        const results = stdout
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as TestRunResult);
        const others = results.filter(({ outcome }) => outcome !== 'passed');
        assert.deepEqual(
          others.map(({ path: file, records }) => [
            file,
            records.find(({ failure }) => failure)?.failure?.message,
          ]),
          [],
        );
        assert.equal(results.length, FILES.length);
      } finally {
        await quern(home, ['stop']);
        await home.dispose();
      }
    });
  });
}
