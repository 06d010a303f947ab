import assert from 'node:assert/strict';
import { RESERVED_WORDS } from '../../../server/sql/reserved-words.ts';
import { openTestSession, startEngine } from '../../support/sql-session.ts';

describe('the words that are reserved', () => {
  it("are the engine's", async () => {
    const engine = startEngine();
    const session = await openTestSession(engine);
    try {
      const rows = await session.rows(
        "select keyword_name from duckdb_keywords() where keyword_category = 'reserved' order by 1",
      );
      assert.deepEqual([...RESERVED_WORDS].sort(), rows.map(([word]) => word).sort());
    } finally {
      await session.close();
      await engine.dispose();
    }
  });
});
