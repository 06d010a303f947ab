import assert from 'node:assert/strict';
import { CoreError } from '../../../wasm-core/protocol/errors.ts';
import { openTestSession, startEngine } from '../../support/sql-session.ts';

describe('a statement that needs more memory than there is', () => {
  it('fails with advice, and the next one is right', async () => {
    const engine = startEngine();
    const session = await openTestSession(engine);
    try {
      await session.run("set memory_limit = '60MB'");
      const sql = "select count(*) from (select distinct i, repeat('x', 100) || i from range(3000000) t(i))";
      const error = await session.run(sql).then(
        () => assert.fail('it had enough'),
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof CoreError);
      assert.equal(error.kind, 'MEMORY_LIMIT');
      assert.match(error.message, /needs more memory than the SQL engine has\. Read fewer columns/);
      assert.doesNotMatch(error.message, /Possible solutions|threads/);
      assert.deepEqual(await session.rows('select 42'), [['42']]);
    } finally {
      await session.close();
      await engine.dispose();
    }
  });
});
