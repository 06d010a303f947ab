import assert from 'node:assert/strict';
import { BUILTIN_FUNCTIONS, CALLED_BY_ENGINE } from '../../../server/plugins/checks/builtin-functions.ts';
import { NAMES_WE_CALL } from '../../../wasm-core/sql/duckdb/udf/function-table.ts';
import { openTestSession, startEngine } from '../../support/sql-session.ts';

const NAME = /^[a-z_][a-z0-9_]{0,62}$/;

describe('the functions that a plugin may hide', () => {
  it("are the engine's, and so are those that it calls itself", async () => {
    const engine = startEngine();
    const session = await openTestSession(engine);
    try {
      const rows = await session.rows(
        `select function_name, macro_definition from duckdb_functions()
         where database_name = 'system' and not starts_with(function_name, '__')`,
      );
      const names = new Set(rows.map(([name]) => String(name)).filter((name) => NAME.test(name)));
      assert.deepEqual([...BUILTIN_FUNCTIONS].sort(), [...names].sort());
      const called = rows.flatMap(([, text]) => String(text ?? '').match(/\w+(?=\()/g) ?? []);
      const reserved = new Set([...called, ...NAMES_WE_CALL].filter((name) => NAME.test(name)));
      assert.deepEqual([...CALLED_BY_ENGINE].sort(), [...reserved].sort());
    } finally {
      await session.close();
      await engine.dispose();
    }
  });
});
