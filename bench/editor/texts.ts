/*
 * SQL as people write it in long files: definitions that later statements use, queries over files, common tables, joins
 * and windows, ten lines each.
 */

/** Names of the functions of the statements' columns, so that no two statements are alike. */
const MEASURES = ['count(*)', 'sum(a.latitude)', 'avg(a.longitude)', 'max(a.name)', 'min(a.city)'];

/**
 * A text of statements of ten lines.
 *
 * @param statements how many; each tenth defines a table that the nine behind it use
 */
export function longText(statements: number): string {
  return Array.from({ length: statements }, (_, index) => statementText(index)).join('\n');
}

/** The statement at an index, with its semicolon and ten lines. */
function statementText(index: number): string {
  const table = `places_${Math.floor(index / 10)}`;
  if (index % 10 === 0) {
    return `create or replace temp table ${table} as
select iata,
  name,
  city,
  state,
  latitude,
  longitude,
  ${index} as version
from 'airports.csv'
where latitude > ${index % 50};`;
  }
  return `with near as (
  select iata, city, state, latitude
  from ${table}
  where latitude between ${index % 40} and ${(index % 40) + 20} -- a belt
)
select a.state, ${MEASURES[index % MEASURES.length]} as figure_${index}
from near n join 'airports.csv' a on a.iata = n.iata
where a.city like '%${index}%'
group by a.state
order by figure_${index} desc;`;
}

/**
 * A module of functions of ten lines.
 *
 * @param functions how many; each but the first calls the one before it
 */
export function longModule(functions: number): string {
  const texts = Array.from({ length: functions }, (_, index) => functionText(index));
  return `(module\n  (memory (export "memory") 1)\n${texts.join('\n')})\n`;
}

/** The function at an index; its second local is read in its last line alone. */
function functionText(index: number): string {
  const seed =
    index === 0 ? '(i32.const 1)' : `(call $sum_${index - 1} (local.get $ptr) (i32.const ${index}))`;
  return `  (func $sum_${index} (export "sum_${index}") (param $ptr i32) (param $len i32) (result i32)
    (local $i i32) (local $sum i32)
    (local.set $sum ${seed})
    block $done
      loop $next
        (br_if $done (i32.ge_u (local.get $i) (local.get $len)))
        (local.set $sum (i32.add (local.get $sum) (i32.load8_u (i32.add (local.get $ptr) (local.get $i)))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        br $next end end
    (i32.rotl (local.get $sum) (i32.const ${index % 32})))`;
}
