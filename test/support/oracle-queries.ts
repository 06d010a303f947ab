/** A query whose rows must equal native DuckDB's, cell by cell and in order. */
export interface OracleQuery {
  readonly subject: string;
  readonly sql: string;
}

/** Queries of one subject. */
export function about(subject: string, ...queries: readonly string[]): OracleQuery[] {
  return queries.map((sql) => ({ subject, sql }));
}

/*
 * Functions of the C library (sin, exp, pow …) are rounded: the last digit is the library's own affair.
 */

/** Queries over no file. */
export const LANGUAGE_QUERIES: readonly OracleQuery[] = [
  ...about(
    'nested types',
    `select [1, 2, null] l, {'a': 1, 'b': 'x y'} s, map {'k': 1.5, 'j': null} m, [1, 2, 3]::integer[3] a`,
    `select [[1], [], null] ll, [{'a': [1, 2]}, {'a': null}] ls, {'x': {'y': {'z': date '2020-02-29'}}} deep`,
    `select ['it''s', 'a "b"', 'c, d', '', null, 'null', ' x ', '[1]', '{'] quoted, {'q': 'a: b', 'r': '(x)'} s`,
    `select map {[1, 2]: {'v': 'é'}} m, union_value(num := 5) u, list_zip([1, 2], ['a', 'b']) z`,
    `select list_transform(range(5), lambda x: x * x) sq, list_filter([3, 1, 2], lambda x: x > 1) f,
       list_sort([3, null, 1]) s, list_reduce([1, 2, 3], lambda a, b: a + b) r, flatten([[1], [2, 3]]) fl`,
    `select i, unnest([i, i * 10]) u, unnest({'p': i, 'q': -i}) from range(4) t(i) order by all`,
    `select unnest([{'a': 1, 'b': [{'c': 2}]}], recursive := true)`,
    `select map {1: true, 2: null} b, map {'h': 5::hugeint} h, map {'j': '{"a": 1}'::json} j, map {date '2024-01-01': 1.50::decimal(4,2)} d,
       map {'u': uuid '00000000-0000-0000-0000-000000000001'} u, map {'t': '12:00:00+01'::timetz} t, map {'i': '101'::bit} i, map {'o': 'ab'::blob} o`,
    `select '-nan'::double n, ['-nan'::float] l`,
    `select list(i order by i desc) l, array_agg(distinct i % 3 order by i % 3) d, histogram(i % 4) h from range(20) t(i)`,
    `select map_keys(m) k, map_values(m) v, m['b'] b, cardinality(m) c, map_entries(m) e
       from (select map {'a': 1, 'b': 2} m)`,
  ),
  ...about(
    'numbers',
    `select 1::decimal(4,1) / 3 d, 1.10::decimal(10,2) p, -0.05::decimal(3,2) n, 12345678901234567890.123456789::decimal(38,9) w,
       0::decimal(18,6) z, sum(i::decimal(18,4) / 8) s from range(10) t(i)`,
    `select 170141183460469231731687303715884105727::hugeint h, (-170141183460469231731687303715884105727)::hugeint - 1 m,
       340282366920938463463374607431768211455::uhugeint u, 9223372036854775807 b, 18446744073709551615::ubigint ub`,
    `select sum(i) s, typeof(sum(i)) t, factorial(25) f, 2::hugeint * 9223372036854775807 d from range(1000) t(i)`,
    `select 0.1 + 0.2 a, 0.1::double + 0.2::double b, 1e20::double c, 1e-7::double d, 123456789.0::double e, 1e15::double f,
       1e16::double g, -0.0::double z, 'inf'::double i, '-inf'::double mi, 'nan'::double n`,
    `select 0.1::float a, 16777216::float b, 3.4028235e38::float c, 1e-45::float d, 1/3::float e, 1.5::float f`,
    `select (-7) // 2 a, (-7) % 2 b, 7.5 % 2 c, 5 / 2 d, 2 ** 10 e, 5 & 3 f, 5 | 3 g, xor(5, 3) h, 1 << 5 i, ~5 j, @(-3) k`,
    `select round(2.5) a, round(-2.5) b, round(1234.567, 2) c, round(1234.567, -2) d, ceil(-1.2) e, floor(-1.2) f, trunc(-1.7) g,
       sign(-3) h, even(2.1) i, gcd(12, 18) j, lcm(4, 6) k`,
    `select round(sin(1), 9) a, round(exp(2.5), 9) b, round(ln(10), 9) c, round(power(1.1, 20), 9) d, round(sqrt(2), 9) e`,
    `select (-128)::tinyint a, 255::utinyint b, (-32768)::smallint c, 65535::usmallint d, 4294967295::uinteger e, true f,
       '1010'::bit g, 'ff'::varchar::blob h, '\\xAA\\x00b'::blob i`,
    `select i, i::double / 7 q, (i / 7)::float f, (i / 7)::decimal(9, 4) d from range(-20, 20) t(i) order by i`,
  ),
  ...about(
    'dates and times',
    `select date '2024-02-29' d, date '0044-03-15 (BC)' bc, date '9999-12-31' far, 'infinity'::date inf, '-infinity'::timestamp minf,
       time '23:59:59.999999' t, timestamp '2024-02-29 12:34:56.789' ts, timestamp '1969-12-31 23:59:59.000001' earlier`,
    `select '2024-02-29 12:34:56.789012345'::timestamp_ns ns, '2024-02-29 12:34:56.789'::timestamp_ms ms,
       '2024-02-29 12:34:56'::timestamp_s s, '12:34:56.5+05:30'::timetz tz, '12:00:00-08'::timetz tz2`,
    `select timestamptz '2024-03-31 00:30:00+00' z, timestamptz '2024-03-31 00:30:00.25+05:45' o,
       timestamptz '2024-03-31 00:30:00+00' at time zone 'Europe/Paris' p,
       timestamp '2024-03-31 12:00:00' at time zone 'America/New_York' ny`,
    `select interval 1 month + interval 3 day a, interval '1 year 2 months -3 days 04:05:06.789' b, -interval 90 minute c,
       to_seconds(3661.5) d, interval 0 day e, to_days(400) f, age(date '2024-03-01', date '2023-01-31') g,
       timestamp '2024-03-01 10:00:00' - timestamp '2024-02-28 12:30:00' h`,
    `select d, d + interval 1 month m, date_trunc('quarter', d) q, dayname(d) n, isodow(d) i, week(d) w, yearweek(d) yw, last_day(d) l,
       dayofyear(d) doy, date_part('epoch', d) e, monthname(d) mn
       from (select unnest(generate_series(date '2023-12-25', date '2024-03-05', interval 5 day))::date d) order by d`,
    `select strftime(timestamp '2024-07-04 05:06:07.089', '%Y/%m/%d %H:%M:%S.%f %j %a %A %b %B %p %I %y %U %-d') a,
       strptime('04 Jul 2024 17:05', '%d %b %Y %H:%M') b, try_strptime('nope', '%Y') c, strftime(date '2024-07-04', '%x') d`,
    `select date_diff('month', date '2023-01-31', date '2024-03-01') a, date_sub('month', date '2023-01-31', date '2024-03-01') b,
       datediff('hour', timestamp '2024-01-01 00:59:00', timestamp '2024-01-01 03:01:00') c,
       time_bucket(interval 2 week, date '2024-03-01') d, make_date(2024, 2, 29) e, make_timestamp(2024, 1, 2, 3, 4, 5.678) f,
       epoch_ms(1700000000123) g, make_timestamptz(2024, 3, 31, 2, 30, 0, 'Europe/Berlin') h`,
    `select date_trunc('month', timestamptz '2024-05-17 10:00:00+02') a, timestamptz '2024-01-31 00:00:00+00' + interval 1 month b,
       date_part('timezone_hour', timestamptz '2024-05-17 10:00:00+02') c, extract(isoyear from date '2021-01-03') d`,
  ),
  ...about(
    'text',
    `select regexp_extract('order 66, line 7', '(\\d+)\\D+(\\d+)', 2) a, regexp_replace('aXbXc', 'X', '-', 'g') b,
       regexp_matches('Grüße', '^gr', 'i') c, regexp_extract_all('a1b22c333', '\\d+') d, regexp_split_to_array('a, b;c', '[,;] ?') e,
       regexp_extract('2024-02-29', '(\\d+)-(\\d+)-(\\d+)', ['y', 'm', 'd']) f, 'abc' similar to 'a.c' g`,
    `select upper('straße') a, lower('ÀÉ') b, length('日本語😀') c, strlen('日本語😀') d, reverse('añb') e, left('日本語', 2) f,
       right('abc', -1) g, substring('hello', -3, 2) h, strip_accents('Ångström') i, ascii('A') j, chr(8364) k, unicode('€') l`,
    `select 'a' || null a, concat('a', null, 1) b, concat_ws('-', 'x', null, 'y') c, printf('%05.1f|%-5s|%d', 3.14159, 'ab', 42) d,
       format('{:>8}|{:,}', 'x', 1234567) e, lpad('7', 3, '0') f, rpad('ab', 5, '*') g, repeat('ab', 3) h, trim('  x ') i,
       ltrim('xxa', 'x') j, replace('banana', 'an', '<>') k, translate('12345', '143', 'ax') l`,
    `select split('a,b,,c', ',') a, split_part('a.b.c', '.', -1) b, string_split_regex('a1b2', '\\d') c, starts_with('abc', 'ab') d,
       contains('abc', 'b') e, instr('hello', 'l') f, levenshtein('kitten', 'sitting') g, damerau_levenshtein('ab', 'ba') h,
       hamming('abc', 'abd') i, jaccard('duck', 'luck') j, round(jaro_winkler_similarity('duck', 'duckdb'), 9) k,
       md5('x') l, sha256('x') m, base64('hi'::blob) n, hex('hi') o, hash('a') p`,
    `select 'a\nb\tc' nl, '' empty, 'NULL' word, null nul, '😀' emoji, 'a''b' qu, 'x' like '_' l, 'ABC' ilike 'a%' il,
       'a_b' like 'a#_b' escape '#' e,
       bar(5, 0, 10, 10) bar, 'abc'[2:3] slice, string_agg(x, '|' order by x desc) agg from (values ('p'), ('q')) t(x)`,
    `select x from (values ('b'), ('Ä'), ('a'), ('z'), ('É')) t(x) order by x collate de`,
    `select x from (values ('b'), ('A'), ('a'), ('B')) t(x) order by x collate nocase, x`,
  ),
  ...about(
    'subqueries',
    `with recursive fib(n, a, b) as (select 1, 0::hugeint, 1::hugeint union all select n + 1, b, a + b from fib where n < 100)
       select n, a from fib order by n`,
    `with recursive tree(id, path) as (select 1, [1] union all select c, list_append(path, c) from tree,
       (values (1, 2), (1, 3), (3, 4), (4, 5)) e(p, c) where e.p = tree.id) select id, path from tree order by id`,
    `with a as materialized (select i from range(10) t(i)), b as (select i * 2 j from a) select a.i, b.j from a join b on a.i = b.j order by 1`,
    `select t.i, l.j, l.k from range(4) t(i), lateral (select t.i * 10 + s j, s k from range(t.i) r(s)) l order by all`,
    `select i, (select count(*) from range(10) u(j) where j < i) c, exists (select 1 from range(3) v(k) where k = i) e,
       i in (select 2 * m from range(3) w(m)) s from range(6) t(i) order by i`,
    `from range(5) t(i) select i, case when i > 3 then 'big' when i = 0 then null else 'small' end c, coalesce(nullif(i, 2), -1) n,
       if(i % 2 = 0, 'even', 'odd') o, greatest(i, 3, null) g, least(i, 3) l order by i`,
    `(select 1 a union all select 1 union select 2) except (select 3) intersect select a from (values (1), (2)) t(a) order by all`,
    `select * from (values (1, 'a'), (2, 'b')) t(x, y) full outer join (values (2, 'B'), (3, 'C')) u(x, z) using (x) order by x`,
    `select * from (values (1), (5), (9)) t(a) asof left join (values (0, 'zero'), (4, 'four')) u(b, n) on t.a >= u.b order by a`,
    `select * from (values (1), (2), (null)) t(a) left join (values (2), (null)) u(b) on a is not distinct from b order by all`,
    `select * exclude (b) replace (a * 2 as a) from (select 1 a, 2 b, 3 c)`,
    `select columns('^x') + 1 from (select 1 x1, 2 x2, 3 y)`,
  ),
  ...about(
    'JSON',
    `select '{"a": [1, {"b": null}], "c": "x"}'::json j, j->'$.a[1].b' b, j->>'c' c, j->'a'->0 a0, json_extract(j, ['$.a[0]', '$.c']) m`,
    `select to_json({'a': [1, 2], 'b': null, 'c': date '2024-01-01', 'd': 1.50::decimal(4,2), 'e': 'q"x'}) t,
       json_object('k', 1, 'l', [true]) o, json_array(1, 'two', null) a, row_to_json({'x': 1}) r`,
    `select json_keys('{"x": 1, "y": 2}') k, json_type('[1]') t, json_array_length('[1, 2, 3]') n, json_valid('{') v,
       json_structure('[{"a": 1}, {"b": "x"}]') s, json_merge_patch('{"a": 1, "b": 2}', '{"b": null}') p, json_contains('[1, 2]', '1') c`,
    `select from_json('{"a": 1, "b": ["x", "y"]}', '{"a": "INTEGER", "b": ["VARCHAR"]}') f, json_transform('[{"v": 1.5}]', '[{"v": "DOUBLE"}]') t,
       cast('[1, 2, null]' as json)::integer[] l, json_group_array(i) g from range(3) t(i)`,
    `select key, value, type, path from json_each('{"a": [1, 2], "b": {"c": true}, "d": 1e3}') order by id`,
    `select fullkey, atom from json_tree('{"a": [1, {"b": "x"}]}') order by id`,
  ),
  ...about(
    'other types',
    `select 'happy'::enum('sad', 'ok', 'happy') e, '0f0e0d0c-0b0a-0908-0706-050403020100'::uuid u,
       [uuid '00000000-0000-0000-0000-000000000001'] lu, typeof(1.5) t,
       ['a'::enum('a', 'b'), null] le, map {'d': date '2024-01-01'} md, {'t': timestamp '2024-01-01 10:00:00', 'i': interval 2 day} st`,
    // Its greatest TIMESTAMPTZ is a millisecond off in DuckDB's own text, which goes through ICU's doubles.
    'select * exclude (timestamp_tz) from test_all_types()',
    'select null n, [] e, [null] ln, null::integer[] ni, null::struct(a integer) ns',
  ),
];
