import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { checkAbi } from '../../../wasm-core/binary/abi.ts';
import { readManifest } from '../../../wasm-core/binary/manifest.ts';
import { readModule } from '../../../wasm-core/binary/reader.ts';
import type { TypedValue } from '../../../wasm-core/protocol/typed-values.ts';
import { compileModule } from '../../../wasm-core/runtime/compile-module.ts';
import { callFunction } from '../../../wasm-core/runtime/typed-values.ts';
import type { SessionPlugin } from '../../../wasm-core/sql/engine.ts';
import { batchPlugin } from '../../support/batch-plugin.ts';
import { distFolder } from '../../support/dist.ts';
import { beginGuest } from '../../support/guest.ts';
import { projectRoot, readProjectFile } from '../../support/project.ts';
import { openTestSession, startEngine, type TestSession } from '../../support/sql-session.ts';

const folder = path.join(projectRoot(), 'test/fixtures/sdk');

/** What the fixtures' functions give, and the expression of SQL's own that gives it; `?` is `c` or `rust`. */
const SAME: Readonly<Record<string, string>> = {
  '?_sum(d, e)': 'd + e',
  '?_small(t, us, b, f)': 't::INTEGER + us + b::INTEGER + trunc(f)::INTEGER',
  '?_even(i)': 'i % 2 = 0',
  '?_huge(h)': '-h',
  '?_inverse(d)': 'case when d = 0 then null else 1 / d end',
  '?_odd(i)': 'case when i % 3 = 0 then null else i % 2 <> 0 end',
  '?_or(i, j)': 'coalesce(i, j)',
  '?_text_or(s, w)': "case when s = '' then w else s end",
  '?_join(s, w)': "nullif(s || w, '')",
  'hex(?_flip(x))': "translate(hex(x), '0123456789ABCDEF', 'FEDCBA9876543210')",
  '?_split(s, g)': "list_transform(string_split(s, g), lambda p: nullif(p, ''))",
  '?_total(l)': 'case when len(l) > 0 then coalesce(list_sum(l)::BIGINT, 0) end',
  '?_range(dl)':
    'case when len(dl) > 0 then {least: list_min(dl), most: list_max(dl)} end::STRUCT(least DOUBLE, most DOUBLE)',
  '?_tilt(p)': 'case when p.x >= 0 then [p.x + p.y[2], p.y[1]] end::INTEGER[2]',
  '?_next(dt)': 'dt + 1',
  '?_net(m)': '(m * 0.9)::DECIMAL(12,3)',
  '?_wide(ut, ui, ub, sm)': 'ub::UHUGEINT * 4294967296 + ui + ut + (sm::INTEGER * sm)::UHUGEINT',
  '?_swap(kv)': 'case when kv is not null then map(map_values(kv), map_keys(kv)) end',
  '?_uuid(u)': 'u',
  '?_twice(v)': 'v * 2',
};

/** Rows whose every column has values, NULLs, and odd ones; `i` numbers them. */
const table = (rows: number): string => `select
  case when n % 11 <> 3 then n - 40 end as i,
  case when n % 7 <> 3 then n * 1000003 end as j,
  case when n % 5 <> 2 then (n % 17) - 8.5 end::DOUBLE as d,
  case when n % 13 = 0 then 0 when n % 4 <> 3 then n / 8 - 3 end::DOUBLE as e,
  case when n % 9 <> 1 then (n % 256) - 128 end::TINYINT as t,
  case when n % 9 <> 2 then n % 65536 end::USMALLINT as us,
  case when n % 4 <> 3 then n % 3 = 0 end as b,
  case when n % 9 <> 4 then (n % 999) - 499.5 end::FLOAT as f,
  case when n % 6 <> 5 then (n - 50)::HUGEINT * 123456789012345678901234567890 end as h,
  case n % 8 when 3 then null when 4 then '' when 5 then repeat('ab,ł', 40) when 6 then ',' || n || ',,' else 'α' || n || ',' || n end as s,
  case n % 6 when 1 then null when 2 then '' else '😀' || n end as w,
  case when n % 12 <> 7 then encode(repeat(chr(65 + n::INTEGER % 26), n::INTEGER % 19)) end as x,
  ',' as g,
  case when n % 10 <> 4 then list_transform(range(n % 6), lambda k: case when (n + k) % 4 <> 1 then n * k end) end::BIGINT[] as l,
  case when n % 10 <> 5 then list_transform(range(n % 5), lambda k: (n * (k + 3)) % 19 - 9) end::DOUBLE[] as dl,
  case when n % 10 <> 6 then {x: n % 21 - 5, y: [n % 100, n % 9]} end::STRUCT(x INTEGER, y INTEGER[2]) as p,
  case when n % 8 <> 1 then DATE '1960-02-28' + n::INTEGER end as dt,
  case when n % 8 <> 2 then (n - 5000) / 100 end::DECIMAL(10,2) as m,
  case when n % 8 <> 3 then n % 256 end::UTINYINT as ut,
  4294967295 - n::UINTEGER as ui,
  18446744073709551615::UBIGINT - n::UBIGINT as ub,
  case when n % 8 <> 4 then n % 65536 - 32768 end::SMALLINT as sm,
  case when n % 8 <> 5 then map_from_entries(list_transform(range(n % 4), lambda k: {k: 'k' || k, v: (n + k)::INTEGER})) end::MAP(VARCHAR, INTEGER) as kv,
  case when n % 10 <> 7 then md5(n::VARCHAR)::UUID end as u,
  case when n % 10 <> 8 then to_months((n % 30)::INTEGER) + to_days((n % 9)::INTEGER) + to_microseconds(n) end as v
  from range(${rows}) r(n)`;

describe('The SDKs for C and Rust', () => {
  it('are what the fixtures were built with, byte for byte', () => {
    const lines = readFileSync(path.join(folder, 'SHA256SUMS'), 'utf8').trim().split('\n');
    const listed = lines.map((line) => line.slice(66));
    for (const line of lines) {
      const bytes = readFileSync(path.join(folder, line.slice(66)));
      assert.equal(
        createHash('sha256').update(bytes).digest('hex'),
        line.slice(0, 64),
        `${line.slice(66)}; run build.sh`,
      );
    }
    const there = ['c', 'rust'].flatMap((f) => [
      ...readdirSync(path.join(folder, f)).map((n) => `${f}/${n}`),
      ...readdirSync(path.join(projectRoot(), 'wasm-core/sdk', f)).map(
        (n) => `../../../wasm-core/sdk/${f}/${n}`,
      ),
    ]);
    assert.deepEqual(listed.toSorted(), ['build.sh', ...there].sort());
  });

  it('ship as they are', () => {
    for (const language of ['c', 'rust']) {
      const source = path.join(projectRoot(), 'wasm-core/sdk', language);
      assert(readdirSync(source).length > 0);
      for (const name of readdirSync(source)) {
        const shipped = readFileSync(path.join(distFolder(), 'sdk', language, name), 'utf8');
        assert.equal(shipped, readProjectFile(`wasm-core/sdk/${language}/${name}`));
      }
    }
  });

  for (const language of ['c', 'rust']) {
    it(`are shown for ${language} in code that is compiled and run`, async () => {
      const fixture = (name: string): string =>
        readProjectFile(`test/fixtures/sdk/${language}/${name}.${language === 'c' ? 'c' : 'rs'}`);
      const pattern = new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs');
      const [whole, ...parts] = [...readProjectFile(`docs/${language}.md`).matchAll(pattern)].map(
        (m) => m[1] ?? '',
      );
      assert.equal(whole?.replace('"dist/sdk', '"../../../../wasm-core/sdk'), fixture('example'));
      assert(parts.length > 3);
      for (const part of parts) assert(fixture('kinds').includes(part), part);
    });
  }

  for (const language of ['c', 'rust']) describe(`for ${language}`, () => functionsOf(language));
});

function functionsOf(language: string): void {
  const engine = startEngine();
  let test: TestSession;

  before(async () => {
    test = await openTestSession(engine);
    await test.session.setPlugins([
      await fixturePlugin(`${language}/kinds.wasm`),
      await fixturePlugin(`${language}/example.wasm`),
    ]);
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  it('write a manifest that holds against the module', () => {
    const module = readModule(readFileSync(path.join(folder, language, 'kinds.wasm')));
    const manifest = readManifest(module);
    assert.deepEqual(checkAbi(module, manifest), []);
    assert.equal(
      manifest?.doc,
      `Functions that a test holds against SQL; "${language}_" is what they begin with.`,
    );
    assert.equal(manifest?.functions.length, Object.keys(SAME).length);
  });

  it('make the batch form of every function, and the row form where its types have one', () => {
    const names = readModule(readFileSync(path.join(folder, language, 'kinds.wasm'))).exports.map(
      (e) => e.name,
    );
    const own = names.filter((n) => n.startsWith(`${language}_`));
    const rows = ['even', 'flip', 'huge', 'join', 'net', 'next', 'small', 'sum', 'twice', 'uuid', 'wide'];
    const all = Object.keys(SAME).map((e) => /\?_(\w+)\(/.exec(e)?.[1] ?? '');
    const expected = [...all.map((n) => `${n}__batch`), ...rows].map((n) => `${language}_${n}`);
    assert.deepEqual(own.sort(), expected.sort());
  });

  it('give what SQL gives over 100,000 rows with NULLs', async () => {
    await test.run(`create or replace temp table rows as ${table(100_000)}`);
    for (const [call, expected] of Object.entries(SAME)) {
      const mine = call.replace('?', language);
      const [counts] = await test.rows(`select count(*) filter ((${mine}) is distinct from (${expected})),
        count(*) filter ((${mine}) is null) > 0, count(*) filter ((${mine}) is not null) > 0 from rows`);
      assert.deepEqual(counts, ['0', 'true', 'true'], mine);
    }
  });

  it('give NULL in every row, also before a first value was there', async () => {
    const [row] = await test.rows(
      `select count(?_inverse(0 * i)), count(?_odd(3 * i)), count(?_join(t, t)),
      count(?_total(l)), count(?_range([])), count(?_tilt({x: -1, y: [i, i]::INTEGER[2]}))
      from (select i, '' as t, []::BIGINT[] as l from range(5000) r(i))`.replaceAll('?', language),
    );
    assert.deepEqual(row, ['0', '0', '0', '0', '0', '0']);
  });

  it('take constants, and repeat no NULL of an earlier batch', async () => {
    const [row] = await test.rows(
      `select sum(?_sum(i, 0.5)), sum(len(?_split('a,b,,c', t)))::INTEGER, sum(?_total([1, 2, i]))::INTEGER,
      count(?_inverse(greatest(i - 2048, 0))), sum(len(?_join('x' || i, 'y')))::INTEGER
      from (select i, ',' as t from range(10000) r(i))`.replaceAll('?', language),
    );
    assert.deepEqual(row, ['50000000', '40000', '50025000', '7951', '58890']);
  });

  it('take and give texts of ten million bytes', async () => {
    const [row] = await test.rows(
      `select len(t), t = repeat('ab', 5000001) from (select ?_join(repeat('ab', 5000000), x) as t from (values ('ab')) v(x))`.replace(
        '?',
        language,
      ),
    );
    assert.deepEqual(row, ['10000002', 'true']);
  });

  it('run the example of their page', async () => {
    const rows = await test.rows(
      `select ?_echo(t, n) from (values ('ła', 3), ('', 9), ('x', -1), ('x', 0)) v(t, n)`.replace(
        '?',
        language,
      ),
    );
    assert.deepEqual(rows, [['łałała'], [''], [null], ['']]);
  });

  it('give the same in the row form', async () => {
    const { compiled, functions } = await fixturePlugin(`${language}/kinds.wasm`);
    const guest = beginGuest(compiled, { memoryMb: 8 });
    const uuid = '00112233-4455-6677-8899-aabbccddeeff';
    const calls: readonly (readonly [string, readonly TypedValue[], TypedValue])[] = [
      ['sum', [1.5, -4], -2.5],
      ['small', [-128, 65535, true, -2.5], 65406],
      ['even', ['9007199254740994'], true],
      ['huge', ['170141183460469231731687303715884105727'], '-170141183460469231731687303715884105727'],
      ['join', ['zażółć', ' 😀'], 'zażółć 😀'],
      ['join', ['', ''], null],
      ['flip', [{ base64: 'AP8P' }], { base64: '/wDw' }],
      ['uuid', [uuid], uuid],
      [
        'twice',
        [{ months: 7, days: -3, micros: '9007199254740993' }],
        { months: 14, days: -6, micros: '18014398509481986' },
      ],
    ];
    for (const [name, args, expected] of calls) {
      const fn = functions.find((f) => f.name === `${language}_${name}`);
      assert(fn !== undefined);
      assert.deepEqual(callFunction(guest, fn, args, { maxOutputBytes: 1000 }), expected, name);
    }
  });

  it('keep their memory over 100,000 batches of rising and falling size', () => {
    const plugin = batchPlugin(readFileSync(path.join(folder, language, 'kinds.wasm')));
    const texts = [1, 20, 3, 300].map((length) => {
      const values = Array.from({ length: 1 + (length % 7) }, (_, i) =>
        i === 2 ? null : 'x,'.repeat(length),
      );
      return [0, 1].map(() => ({ layout: { kind: 'text' } as const, values }));
    });
    const round = (times: number): void => {
      for (let i = 0; i < times; i++) {
        const columns = texts[i % texts.length] ?? [];
        plugin.batch(`${language}_${i % 8 < 4 ? 'join' : 'split'}__batch`, columns);
      }
    };
    round(200);
    const before = plugin.view().byteLength;
    round(100_000);
    assert.equal(plugin.view().byteLength, before);
    const last = plugin.batch(`${language}_join__batch`, texts[0] ?? []);
    assert.deepEqual(plugin.column(last, { kind: 'text' }), ['x,x,', 'x,x,']);
  });

  it('take their memory back from the host', () => {
    const plugin = batchPlugin(readFileSync(path.join(folder, language, 'kinds.wasm')));
    const sizes = [1, 16, 63, 64, 65, 1000, 5000, 65_536, 70_001, 1_000_000];
    const blocks = sizes.map((size) => [Number(plugin.call('alloc', size)), size] as const);
    for (const [at] of blocks) assert.equal(at % 16, 0);
    const sorted = blocks.toSorted(([a], [b]) => a - b);
    for (const [i, [at, size]] of sorted.entries()) {
      assert(at + size <= (sorted[i + 1]?.[0] ?? plugin.view().byteLength), `${size} bytes at ${at}`);
    }
    for (const [at, size] of blocks) plugin.call('free', at, size);
    const before = plugin.view().byteLength;
    for (let i = 0; i < 1000; i++) {
      const taken = sizes.map((size) => [Number(plugin.call('alloc', size)), size] as const);
      for (const [at, size] of taken) plugin.call('free', at, size);
    }
    assert.equal(plugin.view().byteLength, before);
    assert.equal(plugin.call('alloc', -1), 0);
  });
}

async function fixturePlugin(name: string): Promise<SessionPlugin> {
  const bytes = readFileSync(path.join(folder, name));
  const manifest = readManifest(readModule(bytes));
  assert(manifest !== undefined);
  const digest = createHash('sha256').update(bytes).digest('hex');
  return {
    compiled: await compileModule({ bytes, digest, name: path.basename(name, '.wasm') }),
    functions: manifest.functions,
  };
}
