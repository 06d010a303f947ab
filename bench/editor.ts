import { readFileSync } from 'node:fs';
import path from 'node:path';
import { LanguageServerFixture } from '../test/support/language-server.ts';
import type { HostConnection } from '../wasm-core/connect/host-connection.ts';
import { sessionKeyFor } from '../wasm-core/protocol/lsp.ts';
import { longModule, longText } from './editor/texts.ts';
import { median, percentile, timeMs } from './measure.ts';
import { residentMb } from './process-figures.ts';
import type { Row, SuiteResult } from './report.ts';

const KEY = 'bench';
const EDITS = 60;
/** How long the server waits for typing to pause, which is no work of its own, milliseconds. */
const PAUSE_MS = 150;
/** What an editor asks of a document that it shows. */
const ASKED_OF_SHOWN = ['codeLens', 'documentSymbol', 'foldingRange', 'documentLink', 'semanticTokens/full'];
/** Where completion is asked for, at `|`. */
const PLACES = [
  "select | from 'airports.csv'",
  "select a.| from 'airports.csv' a",
  "select city, from 'airports.csv' where sta|",
  'with near as (select 1 as one) select | from near',
  'select low|',
  'select * from |',
  "select * from '|'",
  'create or replace temp table t as sel|',
];

/** The language server over stdio with a real host, as an editor uses them. */
export async function editorSuite(): Promise<SuiteResult> {
  const airports = readFileSync(path.resolve('examples/data/airports.csv'));
  const server = await LanguageServerFixture.start(
    { 'airports.csv': airports },
    { initializationOptions: { sessionKey: KEY, trusted: true } },
  );
  try {
    const cold = await timeMs(async () => {
      server.open('small.sql', 'sql', 'select nope');
      await server.diagnostics('small.sql', (d) => d.length === 1);
    });
    const rows: Row[] = [{ what: 'first diagnostics, the host not yet started', ours: cold, unit: 'ms' }];
    rows.push(
      ...figures('keystroke to diagnostics, 1,000 lines, after the pause', await keystrokes(server), 50),
    );
    rows.push(...figures('completion', await completions(server, 10), 30));
    rows.push(...(await openLongFile(server)));
    rows.push(...(await besideLongQuery(server)));
    rows.push(memory(server));
    // Last, since it starts a compiler in the server's process.
    rows.push(...figures('keystroke to diagnostics, 1,000 lines of WAT', await watKeystrokes(server), 30));
    return {
      title: 'The editor',
      rows,
      notes: [
        `The language server over stdio, with its host; ${EDITS} edits, ${PLACES.length} places of completion.`,
      ],
    };
  } finally {
    await server.dispose();
  }
}

function figures(what: string, values: readonly number[], atMost: number): Row[] {
  return [
    { what: `${what}, median`, ours: median(values), unit: 'ms' },
    { what: `${what}, p95`, ours: percentile(values, 0.95), unit: 'ms', bars: [{ of: 'ours', atMost }] },
  ];
}

/** Milliseconds from each of some edits to the diagnostics of that version, without the pause. */
async function keystrokes(server: LanguageServerFixture, edits = EDITS): Promise<number[]> {
  const text = longText(100);
  server.open('long.sql', 'sql', text);
  await server.diagnostics('long.sql');
  const times: number[] = [];
  for (let edit = 0; edit < edits; edit++) {
    const place = text.indexOf('a.state,', (text.length * edit) / edits);
    const edited = `${text.slice(0, place)}a.stat${text.slice(place + 7)}`;
    const isWrong = edit % 2 === 0;
    const ms = await timeMs(async () => {
      server.change('long.sql', isWrong && place >= 0 ? edited : text);
      await server.diagnostics('long.sql', (d) => d.length === (isWrong && place >= 0 ? 1 : 0));
    });
    times.push(ms - PAUSE_MS);
  }
  server.close('long.sql');
  return times;
}

/** Milliseconds from each of some edits of WebAssembly text to what its syntax and names tell of that version. */
async function watKeystrokes(server: LanguageServerFixture): Promise<number[]> {
  const text = longModule(100);
  server.open('long.wat', 'wat', text);
  await server.diagnostics('long.wat');
  const times: number[] = [];
  for (let edit = 0; edit < EDITS; edit++) {
    const place = text.indexOf('local.get $sum', (text.length * edit) / EDITS);
    const edited = `${text.slice(0, place)}local.get $su${text.slice(place + 14)}`;
    const isWrong = edit % 2 === 0 && place >= 0;
    times.push(
      await timeMs(async () => {
        server.change('long.wat', isWrong ? edited : text);
        await server.diagnostics('long.wat', (d) => d.length === (isWrong ? 1 : 0));
      }),
    );
    // Nobody types faster; the compiler may have its turn in between.
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  server.close('long.wat');
  return times;
}

async function completions(server: LanguageServerFixture, rounds: number): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const marked of PLACES) {
      server.change('small.sql', marked.replace('|', ''));
      const ms = await timeMs(() => server.at('completion', 'small.sql', marked));
      // The first asks for what is kept for the others.
      if (round > 0) times.push(ms);
    }
  }
  return times;
}

/** Opens 10,000 lines, and sees until all of them are checked how long others wait. */
async function openLongFile(server: LanguageServerFixture): Promise<Row[]> {
  const host = await server.host();
  const session = await openSession(server, host);
  // What these cost by themselves is next to nothing: an outline of one statement, and the columns of one.
  const outline = () => server.request('documentSymbol', { textDocument: { uri: server.uri('small.sql') } });
  const description = () => host.request('sql/describe', { session, sql: 'select 1 as one' });
  const { firstMs, allMs, waits } = await whileChecked(server, {
    name: 'huge.sql',
    others: [outline, description],
  });
  const completion = () => server.at('completion', 'small.sql', PLACES.at(-1) ?? '|');
  const second = await whileChecked(server, { name: 'again.sql', others: [completion] });
  host.dispose();
  const longest = (what: string, values: readonly number[] = [], atMost = 50): Row => ({
    what: `meanwhile, ${what}, longest`,
    ours: Math.max(...values),
    unit: 'ms',
    bars: [{ of: 'ours', atMost }],
  });
  return [
    {
      what: 'opening 10,000 lines, first diagnostics',
      ours: firstMs,
      unit: 'ms',
      bars: [{ of: 'ours', atMost: 500 }],
    },
    { what: 'opening 10,000 lines, all diagnostics', ours: allMs, unit: 'ms' },
    longest('an outline from the server', waits[0], 50),
    longest('a description from the engine', waits[1]),
    ...figures('meanwhile, completion elsewhere', second.waits[0] ?? [], 50),
  ];
}

/** Opens a long document, and does other things over and over until it is checked; gives how long each of them took. */
async function whileChecked(
  server: LanguageServerFixture,
  { name, others }: { readonly name: string; readonly others: readonly (() => Promise<unknown>)[] },
) {
  // No two are alike, or what is known of one would be known of the other.
  const text = longText(1_000)
    .replaceAll('figure_', `${name.slice(0, 4)}_`)
    .replaceAll("'%999%'", 'nope');
  const waits: number[][] = others.map(() => []);
  let firstMs = Number.NaN;
  let isDone = false;
  const watch = async (other: () => Promise<unknown>, index: number): Promise<void> => {
    while (!isDone) {
      waits[index]?.push(await timeMs(other));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const allMs = await timeMs(async () => {
    const started = performance.now();
    server.open(name, 'sql', text.replace('a.state,', 'a.stat,'));
    const textDocument = { uri: server.uri(name) };
    const shown = ASKED_OF_SHOWN.map((method) => server.request(method, { textDocument }));
    const first = server
      .diagnostics(name, (d) => d.length > 0)
      .then(() => {
        firstMs = performance.now() - started;
      });
    const done = patiently(() => server.diagnostics(name, (d) => d.length === 2)).then(() => {
      isDone = true;
    });
    await Promise.all([first, done, ...shown, ...others.map(watch)]);
  });
  server.close(name);
  return { firstMs, allMs, waits };
}

/** The fixture waits for half a minute; a slow machine may need longer for all of a long file. */
async function patiently<T>(wait: () => Promise<T>): Promise<T> {
  return wait().catch(wait).catch(wait);
}

/** Diagnostics and completion while a statement of the same session runs. */
async function besideLongQuery(server: LanguageServerFixture): Promise<Row[]> {
  const host = await server.host();
  const running = await startLongQuery(server, host);
  try {
    return [
      ...figures('beside a long query, keystroke to diagnostics', await keystrokes(server, 20), 300),
      ...figures('beside a long query, completion', await completions(server, 3), 300),
    ];
  } finally {
    await host.request('sql/cancel', { session: running.session });
    await running.ended;
    host.dispose();
  }
}

/** Joins the session that the server checks in. */
async function openSession(server: LanguageServerFixture, host: HostConnection): Promise<string> {
  const { session } = await host.request('sql/open', {
    folder: server.folder,
    allow: [],
    namespace: server.folder,
    key: sessionKeyFor(KEY, server.folder),
  });
  return session;
}

async function startLongQuery(server: LanguageServerFixture, host: HostConnection) {
  const session = await openSession(server, host);
  const sql = 'select sum(sqrt(i)) from range(1000000000000) t(i)';
  let hasStarted = (): void => {};
  const started = new Promise<void>((resolve) => {
    hasStarted = resolve;
  });
  const run = host.request('sql/run', { session, sql }, { onProgress: () => hasStarted() });
  const ended = run.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([started, ended]);
  return { session, ended };
}

function memory(server: LanguageServerFixture): Row {
  const mb = server.server.pid === undefined ? undefined : residentMb(server.server.pid);
  const what = "the language server's memory, resident, after all of this";
  return { what, ...(mb !== undefined && { ours: mb }), unit: 'MiB', bars: [{ of: 'ours', atMost: 150 }] };
}
