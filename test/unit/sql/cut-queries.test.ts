import assert from 'node:assert/strict';
import { openTestSession, startEngine, type TestSession, watPlugin } from '../../support/sql-session.ts';

/** A module whose function adds a number of its own. */
const plus = (number: number) => `(module
  (func (export "f") (param i64) (result i64) (i64.add (local.get 0) (i64.const ${number}))))`;

describe('a query that was cut off at its limit', function () {
  this.timeout(60_000);
  const engine = startEngine();
  let test: TestSession;
  before(async () => {
    test = await openTestSession(engine);
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  it('takes no function with it that comes behind it', async () => {
    for (const number of [1, 2, 3]) {
      const { statements } = await test.run("select i, 'row ' || i as name from range(1000000) t(i)", {
        maxRows: 1000,
      });
      assert.equal(statements[0]?.truncated, true);
      const fn = {
        name: 'plus',
        export: 'f',
        parameters: [{ name: 'a', type: 'BIGINT' as const }],
        returns: 'BIGINT' as const,
      };
      await test.session.setPlugins([await watPlugin(plus(number), [fn])]);
      assert.deepEqual(await test.rows('select plus(40)'), [[String(40 + number)]]);
    }
  });
});
