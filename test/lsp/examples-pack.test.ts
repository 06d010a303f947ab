import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { compileExamples, examplePluginsFolder } from '../support/example-plugins.ts';
import { openTestSession, startEngine, type TestSession } from '../support/sql-session.ts';

const FILES = [
  'normalise.ts',
  'similarity.ts',
  'phonetic.ts',
  'encodings.ts',
  'places.ts',
  'identifiers.ts',
  'urls.ts',
  'c/xxhash.wasm',
  'c/radix.wasm',
  'rust/semver.wasm',
  'rust/jaro.wasm',
];

/** SQL expressions and their values as text; the source of each group's values stands beside it. */
const VECTORS: Readonly<Record<string, Readonly<Record<string, string | null>>>> = {
  'the full Damerau-Levenshtein distance, where the restricted one would give 3': {
    "damerau('ca', 'abc')": '2',
    "damerau('', 'abc')": '3',
    "damerau('a😀b', '😀ab')": '1',
  },
  "Dice's coefficient (Wikipedia)": {
    "dice_similarity('night', 'nacht')": '0.25',
    "dice_similarity('', '')": '1',
    "dice_similarity('a', 'b')": '0',
    "dice_similarity('aaaa', 'aa')": '0.5',
  },
  "Winkler's examples": {
    "round(jaro_winkler('MARTHA', 'MARHTA'), 4)": '0.9611',
    "round(jaro_winkler('DWAYNE', 'DUANE'), 2)": '0.84',
    "round(jaro_winkler('DIXON', 'DICKSONX'), 4)": '0.8133',
    "jaro_winkler('', '')": '1',
    "jaro_winkler('', 'a')": '0',
    "jaro_winkler('żółć', 'żółć')": '1',
  },
  'Soundex (US National Archives)': {
    "soundex('Robert')": 'R163',
    "soundex('Rupert')": 'R163',
    "soundex('Rubin')": 'R150',
    "soundex('Ashcraft')": 'A261',
    "soundex('Tymczak')": 'T522',
    "soundex('Pfister')": 'P236',
    "soundex('Honeyman')": 'H555',
    "soundex('Gutierrez')": 'G362',
    "soundex('Washington')": 'W252',
    "soundex('Lee')": 'L000',
    "soundex('VanDeusen')": 'V532',
    "soundex('42')": '',
  },
  'Metaphone (the tests of Apache Commons Codec, where its users agree)': {
    // Commons stops at four letters: TSTN.
    "metaphone('testing')": 'TSTNK',
    "metaphone('brown')": 'BRN',
    "metaphone('fox')": 'FKS',
    "metaphone('jumped')": 'JMPT',
    "metaphone('over')": 'OFR',
    "metaphone('the')": '0',
    "metaphone('lazy')": 'LS',
    "metaphone('dogs')": 'TKS',
    "metaphone('COMB')": 'KM',
    "metaphone('SCIENCE')": 'SNS',
    "metaphone('SCENE')": 'SN',
    "metaphone('CIAPO')": 'XP',
    "metaphone('GNU')": 'N',
    "metaphone('SIGNED')": 'SNT',
    "metaphone('GHENT')": 'KNT',
    "metaphone('BAUGH')": 'B',
    "metaphone('PHISH')": 'FX',
    "metaphone('SHOT')": 'XT',
    "metaphone('ODSIAN')": 'OTXN',
    "metaphone('PULSION')": 'PLXN',
    "metaphone('RETCH')": 'RX',
    "metaphone('WATCH')": 'WX',
    "metaphone('OTIA')": 'OX',
    "metaphone('PORTION')": 'PRXN',
    "metaphone('DODGY')": 'TJ',
    "metaphone('ADGIEMTI')": 'AJMT',
    "metaphone('WHY')": '',
    "metaphone('SCHEDULE')": 'SKTL',
    "metaphone('AXEAXE')": 'AKSKS',
    "metaphone('Thumb')": '0M',
    "metaphone('Knight')": 'NT',
  },
  'Base32 (RFC 4648, section 10; Crockford)': {
    "base32_encode(''::BLOB)": '',
    "base32_encode('f'::BLOB)": 'MY======',
    "base32_encode('fo'::BLOB)": 'MZXQ====',
    "base32_encode('foo'::BLOB)": 'MZXW6===',
    "base32_encode('foob'::BLOB)": 'MZXW6YQ=',
    "base32_encode('fooba'::BLOB)": 'MZXW6YTB',
    "base32_encode('foobar'::BLOB)": 'MZXW6YTBOI======',
    "decode(base32_decode('mzxw6ytboi'))": 'foobar',
    "base32_decode('MZXW6YTBOI=====')": null,
    "base32_decode('MZ1W6===')": null,
    "base32_decode('MZ')": null,
    "base32_decode('A')": null,
    "base32_decode('Mſ')": null,
    "crockford32_encode('foobar'::BLOB)": 'CSQPYRK1E8',
    "decode(crockford32_decode('csqp-yrkl-e8'))": 'foobar',
    "crockford32_decode('U0')": null,
  },
  'Base58 (draft-msporny-base58-03, section 5) and Base62': {
    "base58_encode('Hello World!'::BLOB)": '2NEpo7TZRRrLZSi2U',
    "base58_encode('The quick brown fox jumps over the lazy dog.'::BLOB)":
      'USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z',
    "base58_encode('\\x00\\x00\\x28\\x7F\\xB4\\xCD'::BLOB)": '11233QC4',
    "hex(base58_decode('11233QC4'))": '0000287FB4CD',
    "base58_decode('0')": null,
    "base58_encode(''::BLOB)": '',
    "base62_encode('Hello World!'::BLOB)": 'T8dgcjRGkZ3aysdN',
    "decode(base62_decode('T8dgcjRGkZ3aysdN'))": 'Hello World!',
    "base62_decode('a-b')": null,
  },
  'XXH64 (the reference implementation)': {
    "printf('%016x', xxhash64(''::BLOB))": 'ef46db3751d8e999',
    "printf('%016x', xxhash64('a'::BLOB))": 'd24ec4f1a98c6e5b',
    "printf('%016x', xxhash64('abc'::BLOB))": '44bc2cf5ad770999',
    "xxhash64('abc'::BLOB)": '4952883123889572249',
  },
  'geohashes (geohash.org, Wikipedia) and quadkeys (Bing Maps Tile System)': {
    'geohash_encode(57.64911, 10.40744, 11)': 'u4pruydqqvj',
    'geohash_encode(42.605, -5.603, 5)': 'ezs42',
    "round(geohash_latitude('u4pruydqqvj'), 5)": '57.64911',
    "round(geohash_longitude('u4pruydqqvj'), 5)": '10.40744',
    "geohash_latitude('a')": null,
    'geohash_encode(91, 0, 5)': null,
    'geohash_encode(0, 0, 13)': null,
    'geohash_encode(10, 370, 6) = geohash_encode(10, 10, 6)': 'true',
    'quadkey(47.61, -122.33, 9)': '021230030',
    "quadkey_x('213')": '3',
    "quadkey_y('213')": '5',
    "quadkey_x('214')": null,
    "round(quadkey_latitude('0'), 5)": '66.51326',
    "quadkey_longitude('0')": '-90',
    'quadkey(90, 0, 3) = quadkey(85.06, 0, 3)': 'true',
    "quadkey(0, 'nan'::DOUBLE, 3)": null,
  },
  'identifiers (the ULID specification; RFC 9562, appendix A)': {
    "ulid_time('01ARZ3NDEKTSV4RRFFQ69G5FAV')": '2016-07-30 23:54:10.259',
    "hex(ulid_randomness('01arz3ndektsv4rrffq69g5fav'))": 'D6764C61EFB99302BD5B',
    "ulid_to_uuid('01ARZ3NDEKTSV4RRFFQ69G5FAV')": '01563e3a-b5d3-d676-4c61-efb99302bd5b',
    "ulid_to_uuid('7ZZZZZZZZZZZZZZZZZZZZZZZZZ')": 'ffffffff-ffff-ffff-ffff-ffffffffffff',
    "ulid_time('8ZZZZZZZZZZZZZZZZZZZZZZZZZ')": null,
    "uuid_time('C232AB00-9414-11EC-B3C8-9F6BDECED846')": '2022-02-22 19:22:22',
    "uuid_time('1EC9414C-232A-6B00-B3C8-9F6BDECED846')": '2022-02-22 19:22:22',
    "uuid_time('017F22E2-79B0-7CC3-98C4-DC0C0C07398F')": '2022-02-22 19:22:22',
    "uuid_time('919108f7-52d1-4320-9bac-f847db4148a8')": null,
    "uuid_version('919108f7-52d1-4320-9bac-f847db4148a8')": '4',
    "uuid_version('{5df41881-3aed-3515-88a7-2f4a814cf09e}')": '3',
    "uuid_version('no')": null,
    "uuid_variant('919108f7-52d1-4320-9bac-f847db4148a8')": 'RFC 9562',
    "uuid_variant('00000000-0000-0000-0000-000000000000')": 'NCS',
  },
  'URLs (RFC 3986, appendix B and section 1.1.2)': {
    "url_part('http://www.ics.uci.edu/pub/ietf/uri/#Related', 'host')": 'www.ics.uci.edu',
    "url_part('http://www.ics.uci.edu/pub/ietf/uri/#Related', 'path')": '/pub/ietf/uri/',
    "url_part('http://www.ics.uci.edu/pub/ietf/uri/#Related', 'fragment')": 'Related',
    "url_part('http://www.ics.uci.edu/pub/ietf/uri/#Related', 'query')": null,
    "url_part('ldap://[2001:db8::7]/c=GB?objectClass?one', 'host')": '[2001:db8::7]',
    "url_part('ldap://[2001:db8::7]:389/c=GB?objectClass?one', 'port')": '389',
    "url_part('ldap://[2001:db8::7]/c=GB?objectClass?one', 'query')": 'objectClass?one',
    "url_part('mailto:John.Doe@example.com', 'path')": 'John.Doe@example.com',
    "url_part('mailto:John.Doe@example.com', 'host')": null,
    "url_part('HTTPS://me:pw@Example.com:8080/', 'user')": 'me:pw',
    "url_part('HTTPS://me:pw@Example.com:8080/', 'scheme')": 'https',
    "url_part('a/b:c', 'scheme')": null,
    "url_parameter('https://a.org/?q=caf%C3%A9+au+lait&n=1', 'q')": 'café au lait',
    "url_parameter('?a=%FF%zz&b', 'a')": '\ufffd%zz',
    "url_parameter('?a=1&b', 'b')": '',
    "url_parameter('?a=1', 'c')": null,
  },
  'normalised text': {
    "text_normalise('  “Ｃafé” –  Straße ')": '"cafe" - strasse',
    "text_normalise('ﬁn… x² ™ ΣΊΣΥΦΟΣ')": 'fin... x2 tm σίσυφοσ',
    "text_normalise('a' || chr(8203) || 'b' || chr(160) || chr(9) || 'c' || chr(173) || 'd')": 'ab cd',
    "text_normalise('e' || chr(769) || '×Ẳ😀𐐀')": 'e×a😀𐐨',
    "text_normalise('')": '',
  },
  'versions (semver.org)': {
    "semver_valid('1.0.0-alpha+001')": 'true',
    "semver_valid('1.0.0-0A.is.legal')": 'true',
    "semver_valid('99999999999999999999999.999999999999999999.99999999999999999')": 'true',
    "semver_valid('01.1.1')": 'false',
    "semver_valid('1.2')": 'false',
    "semver_valid('1.2.3-0123')": 'false',
    "semver_valid('1.1.2+.123')": 'false',
    "semver_valid('1.0.0-')": 'false',
    "semver_valid('')": 'false',
    "semver_compare('1.0.0+a', '1.0.0+b')": '0',
    "semver_compare('1.9.0', '1.10.0')": '-1',
    "semver_compare('no', '0.0.0')": '-1',
  },
};

describe('the pack of functions', () => {
  const engine = startEngine();
  let test: TestSession;

  before(async () => {
    test = await openTestSession(engine);
    await test.session.setPlugins(await compileExamples(FILES));
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  for (const [source, vectors] of Object.entries(VECTORS)) {
    it(`gives the known values of ${source}`, async () => {
      const [row] = await test.rows(`select ${Object.keys(vectors).map((e) => `(${e})::VARCHAR`)}`);
      const expected = Object.values(vectors).map((v) => v);
      const names = Object.keys(vectors);
      assert.deepEqual(
        Object.fromEntries(names.map((n, i) => [n, plain(row?.[i])])),
        Object.fromEntries(names.map((n, i) => [n, expected[i]])),
      );
    });
  }

  it('orders versions as semver.org does', async () => {
    const chain = ['alpha', 'alpha.1', 'alpha.beta', 'beta', 'beta.2', 'beta.11', 'rc.1'].map(
      (p) => `1.0.0-${p}`,
    );
    const versions = [...chain, '1.0.0', '2.0.0', '2.1.0', '2.1.1'];
    const table = `(values ${versions.map((v, i) => `('${v}', ${i})`)}) as`;
    const wrong = await test.rows(`select a.v, b.v from ${table} a(v, i), ${table} b(v, i)
      where semver_compare(a.v, b.v) <> sign(a.i - b.i)`);
    assert.deepEqual(wrong, []);
  });

  /** Two columns of random words over few letters, so that many are alike. */
  const WORDS = `(select array_to_string(list_transform(range((random() * 9)::INTEGER), lambda x: substr('abcd', 1 + (random() * 4 - 0.5)::INTEGER, 1)), '') as a,
    array_to_string(list_transform(range((random() * 9)::INTEGER), lambda x: substr('abcd', 1 + (random() * 4 - 0.5)::INTEGER, 1)), '') as b from range(5000))`;

  it("measures random words as DuckDB's own functions do", async () => {
    await test.run(`create or replace temp table words as select * from ${WORDS}`);
    const wrong = await test.rows(`select a, b from words where damerau(a, b) <> damerau_levenshtein(a, b)
      or abs(jaro_winkler(a, b) - jaro_winkler_similarity(a, b)) > 1e-12`);
    assert.deepEqual(wrong, []);
    const [row] = await test.rows('select count(distinct damerau(a, b)) > 5 from words');
    assert.deepEqual(row, ['true']);
  });

  it('gives back the bytes that it encoded', async () => {
    await test.run(`create or replace temp table bytes as
      select unhex(left(sha256(i::VARCHAR) || repeat('00', 4), 2 * (i % 36)::INTEGER)) as b from range(2000) t(i)
      union all select unhex(repeat('00', (i % 7)::INTEGER) || substr(md5(i::VARCHAR), 1, 2 * (i % 16)::INTEGER)) from range(200) t(i)`);
    for (const code of ['base32', 'crockford32', 'base58', 'base62']) {
      const wrong = await test.rows(
        `select hex(b) from bytes where ${code}_decode(${code}_encode(b)) is distinct from b`,
      );
      assert.deepEqual(wrong, [], code);
    }
  });

  it('finds places again, within a cell', async () => {
    const wrong =
      await test.rows(`select * from (select random() * 170 - 85 as lat, random() * 360 - 180 as lon from range(5000))
      where abs(geohash_latitude(geohash_encode(lat, lon, 9)) - lat) > 2.2e-5
      or abs(geohash_longitude(geohash_encode(lat, lon, 9)) - lon) > 2.2e-5
      or quadkey(quadkey_latitude(quadkey(lat, lon, 17)), quadkey_longitude(quadkey(lat, lon, 17)), 17) <> quadkey(lat, lon, 17)
      or abs(quadkey_longitude(quadkey(lat, lon, 17)) - lon) > 180 / pow(2, 17)`);
    assert.deepEqual(wrong, []);
  });

  it("reads the times of UUIDs as DuckDB's own function does", async () => {
    const wrong = await test.rows(`select u from (select uuidv7()::VARCHAR as u from range(500))
      where uuid_time(u)::TIMESTAMP <> uuid_extract_timestamp(u::UUID) at time zone 'UTC' or uuid_version(u) <> 7`);
    assert.deepEqual(wrong, []);
  });

  it('hashes bytes of every length as an XXH64 in BigInt does', async () => {
    const rows = await test.rows(`select i, s, hex(b), xxhash64_seeded(b, s)::VARCHAR from (
      select i, (i * 2654435761)::UBIGINT as s, unhex(left(sha256(i::VARCHAR) || sha256('x' || i) || md5(i::VARCHAR), 2 * i::INTEGER)) as b
      from range(80) t(i))`);
    assert.equal(rows.length, 80);
    for (const [i, seed, hex, hash] of rows) {
      assert.equal(hash, String(xxh64(Buffer.from(hex ?? '', 'hex'), BigInt(seed ?? 0))), `${i} bytes`);
    }
  });

  it("takes accents off Latin letters as Unicode's decompositions do", async () => {
    const points = [...range(0xc0, 0x180), ...range(0x1e00, 0x1f00)];
    const rows = await test.rows(`select c, text_normalise(chr(c)) from (select unnest([${points}]) as c)`);
    const bases = rows.map(([c, text]) => [baseOf(Number(c)), text] as const);
    const ascii = bases.filter(([base]) => /^[a-z]+$/.test(base));
    assert(ascii.length > 400);
    for (const [base, text] of ascii) assert.equal(text, base);
  });

  it('is built from the sources that stand beside it', () => {
    const folder = examplePluginsFolder();
    const sums = readFileSync(path.join(folder, 'SHA256SUMS'), 'utf8').trimEnd().split('\n');
    const named = sums.map((line) => line.slice(66));
    const sdk = '../../wasm-core/sdk';
    const there = ['c', 'rust', `${sdk}/c`, `${sdk}/rust`].flatMap((f) =>
      readdirSync(path.join(folder, f))
        .filter((n) => !n.endsWith('.test.sql'))
        .map((n) => `${f}/${n}`),
    );
    assert.deepEqual(named.toSorted(), ['build.sh', ...there].sort());
    for (const line of sums) {
      const bytes = readFileSync(path.join(folder, line.slice(66)));
      assert.equal(
        createHash('sha256').update(bytes).digest('hex'),
        line.slice(0, 64),
        `${line.slice(66)}; run build.sh`,
      );
    }
  });
});

function plain(value: string | null | undefined): string | null | undefined {
  // SQL's text of a DOUBLE has a fraction always.
  return value?.replace(/^(-?\d+)\.0$/, '$1') ?? value;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

/** A letter's canonical or compatible decomposition, without marks, in small letters. */
function baseOf(point: number): string {
  return String.fromCodePoint(point)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace('ß', 'ss');
}

/** XXH64 after its specification, slowly. */
function xxh64(data: Buffer, seed: bigint): bigint {
  const [p1, p2, p3, p4, p5] = [
    0x9e3779b185ebca87n,
    0xc2b2ae3d27d4eb4fn,
    0x165667b19e3779f9n,
    0x85ebca77c2b2ae63n,
    0x27d4eb2f165667c5n,
  ] as const;
  const u64 = (x: bigint) => BigInt.asUintN(64, x);
  const rotate = (x: bigint, n: bigint) => u64((x << n) | (x >> (64n - n)));
  const round = (lane: bigint, input: bigint) => u64(rotate(u64(lane + input * p2), 31n) * p1);
  let at = 0;
  let hash = u64(seed + p5);
  if (data.length >= 32) {
    let lanes = [seed + p1 + p2, seed + p2, seed, seed - p1].map(u64);
    for (; data.length - at >= 32; at += 32) {
      lanes = lanes.map((lane, i) => round(lane, data.readBigUInt64LE(at + 8 * i)));
    }
    hash = u64(lanes.reduce((sum, lane, i) => sum + rotate(lane, [1n, 7n, 12n, 18n][i] ?? 0n), 0n));
    for (const lane of lanes) hash = u64((hash ^ round(0n, lane)) * p1 + p4);
  }
  hash = u64(hash + BigInt(data.length));
  for (; data.length - at >= 8; at += 8) {
    hash = u64(rotate(hash ^ round(0n, data.readBigUInt64LE(at)), 27n) * p1 + p4);
  }
  if (data.length - at >= 4) {
    hash = u64(rotate(hash ^ u64(BigInt(data.readUInt32LE(at)) * p1), 23n) * p2 + p3);
    at += 4;
  }
  for (; at < data.length; at++) hash = u64(rotate(hash ^ u64(BigInt(data[at] ?? 0) * p5), 11n) * p1);
  hash = u64((hash ^ (hash >> 33n)) * p2);
  hash = u64((hash ^ (hash >> 29n)) * p3);
  return hash ^ (hash >> 32n);
}
