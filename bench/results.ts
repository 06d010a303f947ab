import { DuckDBInstance } from '@duckdb/node-api';
import { LiveRun } from '../client/results/live-run.ts';
import { HostHome } from '../test/support/host-process.ts';
import { startBrowser } from '../test/support/results-page/browser.ts';
import { startPageServer } from '../test/support/results-page/page-server.ts';
import { openResultsPage, type ResultsPage } from '../test/support/results-page/results-page.ts';
import type { HostConnection } from '../wasm-core/connect/host-connection.ts';
import type { ExportedResult } from '../wasm-core/protocol/export.ts';
import type { RowFilter, RowSelection } from '../wasm-core/protocol/result-query.ts';
import { inTurn, median, timeMs } from './measure.ts';
import type { Bar, Row, SuiteResult } from './report.ts';

const ROUNDS = 7;
const MILLION = 1_000_000;

/** What the page asks for first of a long result. */
const FIRST_ROWS = 5_000;

/** Ten columns of the usual types. */
function columns(rowCount: number): string {
  return `select i as id, (i * 7919) % 1000003 as number, i * 1.5 as half, 'row ' || i as label, i % 7 = 0 as flag,
    date '2024-01-01' + (i % 1000)::int as day, timestamp '2024-01-01' + to_seconds(i) as at,
    case when i % 5 = 0 then null else i * 1000003 end as big, 'kind ' || (i % 40) as kind,
    (i / 7)::decimal(12, 3) as part from range(${rowCount}) t(i)`;
}

/** Two of the engine's chunks, 80 MB each. */
const WIDE = `select ${Array.from({ length: 5000 }, (_, i) => `i + ${i} as c${i}`).join(', ')} from range(4000) t(i)`;

/** The results page: until the first rows are drawn, and what one does with them. */
export async function resultsSuite(): Promise<SuiteResult> {
  const home = new HostHome();
  const connection = await home.connect();
  const browser = await startBrowser();
  const server = await startPageServer();
  try {
    const { session } = await connection.request('sql/open', { folder: home.folder });
    const page = await openResultsPage({ browser, url: server.url, width: 1400, height: 800 });
    const shown = new FirstRows({ connection, session, page });
    const rows = [
      await shown.row('first rows of 1,000 drawn', columns(1000), [{ of: 'ours', atMost: 150 }]),
      await shown.row('first rows of 1,000,000 drawn', columns(MILLION), [{ of: 'ours', atMost: 400 }]),
      await shown.row('first rows of 4,000 with 5,000 columns drawn', WIDE, []),
      ...(await askedRows(connection, session)),
    ];
    await page.close();
    return {
      title: 'Results',
      notes: [
        'First rows: from the request until a frame of the page has them, warm; rows are computed by the query, with ten columns where nothing else is said.',
        `Sorting: the first ${FIRST_ROWS.toLocaleString('en-US')} rows are what the page shows at once; the peer sorts a table in memory with one thread, and gives whole rows.`,
      ],
      rows,
    };
  } finally {
    await browser.close();
    await server.close();
    await home.dispose();
  }
}

/** Where statements run, and what shows their rows. */
interface FirstRowsParts {
  readonly connection: HostConnection;
  readonly session: string;
  readonly page: ResultsPage;
}

/** From a request until its first rows are on the screen. */
class FirstRows {
  readonly #parts: FirstRowsParts;
  #runs = 1000;

  constructor(parts: FirstRowsParts) {
    this.#parts = parts;
  }

  async row(what: string, sql: string, bars: readonly Bar[]): Promise<Row> {
    const millis: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const once = await this.#once(sql);
      if (round > 0) millis.push(once);
    }
    return { what, ours: median(millis), unit: 'ms', bars };
  }

  async #once(sql: string): Promise<number> {
    const { connection, session, page } = this.#parts;
    await page.post({ type: 'running', title: sql });
    await page.page.locator('[role=grid]').waitFor({ state: 'detached' });
    const drawn = page.page.evaluate(whenDrawn);
    // Whatever fails first says why.
    drawn.catch(() => {});
    const live = new LiveRun(++this.#runs, { post: (message) => void page.post(message) });
    page.watch(live);
    const started = performance.timeOrigin + performance.now();
    const before = { statements: [], micros: 0 };
    const run = await connection.request(
      'sql/run',
      { session, sql, live: true },
      { onRows: (rows) => void live.take({ before, start: 0, end: sql.length, sql, rows }) },
    );
    await page.show(run, sql);
    const millis = (await drawn) - started;
    await live.close();
    return millis;
  }
}

/** Runs in the page. @returns when the first cell has a value on the screen, milliseconds since 1970 */
function whenDrawn(): Promise<number> {
  return new Promise((resolve) => {
    const look = (): void => {
      const cell = document.querySelector('[role=gridcell]:not(.pending)');
      if (cell === null || cell.textContent === '') {
        requestAnimationFrame(look);
        return;
      }
      resolve(performance.timeOrigin + performance.now());
    };
    look();
  });
}

async function askedRows(connection: HostConnection, session: string): Promise<Row[]> {
  const { statements } = await connection.request('sql/run', { session, sql: columns(MILLION) });
  const [statement] = statements;
  if (statement?.file === undefined) throw new Error('the query gave no rows');
  const { file, columns: found, rowCount } = statement;
  const result: ExportedResult = { path: file.path, columns: found, rowCount };
  const select = (selection: RowSelection, maxRows?: number) => () =>
    timeMs(() =>
      connection.request('result/rows', { session, result, select: selection, ...(maxRows && { maxRows }) }),
    );
  const filter: RowFilter = { column: 8, test: 'in', values: ['kind 7'] };
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const native = await instance.connect();
  try {
    await native.run(`create table t as ${columns(MILLION)}`);
    const sorted = (limit: string) => () =>
      timeMs(async () => await native.runAndReadAll(`select * from t order by number ${limit}`));
    const figures = await inTurn({
      rounds: ROUNDS,
      ways: {
        first: select({ sort: [{ column: 1 }] }, FIRST_ROWS),
        firstText: select({ sort: [{ column: 3, descending: true }] }, FIRST_ROWS),
        whole: select({ sort: [{ column: 1 }] }),
        filtered: select({ filters: [filter] }),
        summary: () => timeMs(() => connection.request('result/summary', { session, result, columns: [1] })),
        nativeFirst: sorted(`limit ${FIRST_ROWS}`),
        nativeFiltered: () =>
          timeMs(async () => await native.runAndReadAll("select * from t where kind = 'kind 7'")),
      },
    });
    const peerName = 'native DuckDB, 1 thread';
    const versus = (
      what: string,
      ours: readonly number[],
      peer: readonly number[],
      bars?: readonly Bar[],
    ) => {
      const [own, other] = [median(ours), median(peer)];
      return {
        what,
        ours: own,
        peer: other,
        ratio: own / other,
        unit: 'ms',
        peerName,
        ...(bars && { bars }),
      };
    };
    return [
      versus('sort a million rows by a number, first rows', figures.first, figures.nativeFirst, [
        { of: 'ours', atMost: 300 },
      ]),
      { what: 'sort a million rows by a text, first rows', ours: median(figures.firstText), unit: 'ms' },
      { what: 'sort a million rows, all of them', ours: median(figures.whole), unit: 'ms' },
      versus('filter a million rows to 25,000', figures.filtered, figures.nativeFiltered),
      { what: 'summary of a column of a million rows', ours: median(figures.summary), unit: 'ms' },
    ];
  } finally {
    native.closeSync();
    instance.closeSync();
  }
}
