import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '../support/eventually.ts';
import { HostHome } from '../support/host-process.ts';

const ENDLESS = 'select range as i, repeat(range::varchar, 20) as s from range(4000000000)';

describe('host: exports of killed hosts', function () {
  this.timeout(300_000);
  const home = new HostHome();
  const other = new HostHome();
  const folder = path.join(home.folder, 'data');
  before(() => mkdirSync(folder));
  after(async () => {
    await home.dispose();
    await other.dispose();
  });

  const parts = () => readdirSync(folder).filter((name) => name.endsWith('.quern-part'));
  /** A new part with something in it. */
  const begun = (known: readonly string[]) =>
    eventually('the export has begun', () =>
      parts().find((name) => !known.includes(name) && statSync(path.join(folder, name)).size > 0),
    );

  it('are removed by the next export to the folder, and those of living hosts are not', async () => {
    // A file of another machine's process, whose number means nothing here.
    const foreign = '.0123456789ab-999999999-3f1b2c4d-0000-4000-8000-000000000000.quern-part';
    writeFileSync(path.join(folder, foreign), 'x');

    const killed = await home.start();
    const first = await home.connect();
    const doomed = await first.request('sql/open', { folder });
    const lost = first.request('sql/export', {
      session: doomed.session,
      path: path.join(folder, 'lost.csv'),
      format: 'csv',
      sql: ENDLESS,
    });
    lost.catch(() => undefined);
    const left = await begun([foreign]);
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    await assert.rejects(lost);
    assert.deepEqual(parts().sort(), [foreign, left].sort());

    // A host that lives, and is in the middle of an export to the same folder.
    const living = await other.connect();
    const { session } = await living.request('sql/open', { folder });
    const cancel = new AbortController();
    const writing = living.request(
      'sql/export',
      { session, path: path.join(folder, 'living.csv'), format: 'csv', sql: ENDLESS },
      { signal: cancel.signal },
    );
    writing.catch(() => undefined);
    const open = await begun([foreign, left]);
    assert.deepEqual(parts().sort(), [foreign, open].sort());

    const next = await home.connect();
    const again = await next.request('sql/open', { folder });
    await next.request('sql/export', {
      session: again.session,
      path: path.join(folder, 'next.csv'),
      format: 'csv',
      sql: 'select 1 a',
    });
    assert.deepEqual(readdirSync(folder).sort(), [foreign, open, 'next.csv'].sort());
    assert.equal(readFileSync(path.join(folder, 'next.csv'), 'utf8'), 'a\n1\n');

    cancel.abort();
    await assert.rejects(writing, { kind: 'CANCELLED' });
    assert.deepEqual(readdirSync(folder).sort(), [foreign, 'next.csv'].sort());
  });
});
