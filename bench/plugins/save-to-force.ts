import { LanguageServerFixture } from '../../test/support/language-server.ts';
import { median, timeMs } from '../measure.ts';
import type { Row } from '../report.ts';

const ROUNDS = 15;

/** A source whose constant changes with each save. */
interface Source {
  readonly what: string;
  readonly file: string;
  readonly languageId: string;
  readonly text: (round: number) => string;
  /** Milliseconds from the save on: the first time, with the compiler still to be started, and later. */
  readonly atMost: { readonly cold?: number; readonly warm: number };
}

const SOURCES: readonly Source[] = [
  {
    what: 'WAT',
    file: 'plugins/w.wat',
    languageId: 'wat',
    text: (round) =>
      `;; @udf w(a INTEGER) -> INTEGER\n(module (func (export "w") (param i32) (result i32) (i32.add (local.get 0) (i32.const ${round}))))`,
    atMost: { warm: 50 },
  },
  {
    what: 'AssemblyScript, 50 lines',
    file: 'plugins/a.ts',
    languageId: 'typescript',
    text: assemblyScript,
    atMost: { cold: 2000, warm: 300 },
  },
  {
    what: 'C',
    file: 'plugins/c.c',
    languageId: 'c',
    text: (round) =>
      `#include "quern.h"\n// @udf c(a BIGINT) -> BIGINT\nstatic int64_t c(int64_t a) { return a + ${round}; }\nQUERN_FUNCTION(BIGINT, c, BIGINT)\n`,
    atMost: { warm: 1000 },
  },
];

/** From the save of a plugin's source until the host has its functions; languages without a compiler here are left out. */
export async function saveToForce(): Promise<Row[]> {
  const server = await LanguageServerFixture.start({}, { initializationOptions: { trusted: true } });
  try {
    // The host is there when somebody saves a plugin to run it.
    server.open('q.sql', 'sql', 'select 1 as one');
    await server.diagnostics('q.sql', () => true);
    const rows: Row[] = [];
    for (const source of SOURCES) rows.push(...(await measure(server, source)));
    return rows;
  } finally {
    await server.dispose();
  }
}

async function measure(server: LanguageServerFixture, source: Source): Promise<Row[]> {
  const { file, languageId, text, what, atMost } = source;
  server.open(file, languageId, text(0));
  const times: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    server.change(file, text(round));
    const before = server.plugins.length;
    times.push(
      await timeMs(async () => {
        server.save(file, text(round));
        await server.until(
          () => server.plugins.slice(before).find(({ uri }) => uri === server.uri(file)),
          what,
        );
      }),
    );
    if (server.plugins.at(-1)?.state === 'failed') return [];
  }
  const [cold = 0, ...warm] = times;
  return [
    row(`${what}: save to function in force, first`, cold, atMost.cold),
    row(`${what}: save to function in force`, median(warm), atMost.warm),
  ];
}

function row(what: string, ours: number, atMost?: number): Row {
  return { what, ours, unit: 'ms', ...(atMost !== undefined && { bars: [{ of: 'ours', atMost }] }) };
}

/** Fifty lines that work on text, as most functions do. */
function assemblyScript(round: number): string {
  const steps = Array.from(
    { length: 11 },
    (_, i) => `function step${i}(s: string): string {
  const at = s.indexOf(String.fromCharCode(97 + ${i}));
  return at < 0 ? s : s.substring(at + 1) + s.substring(0, at).toUpperCase();
}`,
  );
  const calls = steps.reduce((inner, _, i) => `step${i}(${inner})`, 's');
  return `/**\n * A text in another order.\n * @udf\n */\nexport function a(s: string): string { return ${calls} + '${round}'; }\n${steps.join('\n')}\n`;
}
