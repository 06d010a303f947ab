/** Twenty rows with a column of each kind of type that Arrow lays out in a way of its own. */
export const MANY_TYPES = `
select
  i::integer as number,
  'text ' || i as name,
  case when i % 3 = 0 then null else repeat('x', i) end as maybe,
  (i % 2 = 0) as flag,
  i::hugeint * 1000000007 as huge,
  (i / 4)::decimal(18, 3) as price,
  i * 1.5 as ratio,
  date '2024-01-01' + i::integer as day,
  timestamp '2024-01-01 12:00:00' + to_hours(i) as moment,
  to_days(i::integer) as span,
  ('x' || i)::blob as bytes,
  uuid() as id,
  range(i) as list,
  [i, i + 1, i + 2]::bigint[3] as three,
  {'a': i, 'b': ['p', null]} as pair,
  map(['k'], [i]) as dictionary,
  '1010'::bit as bits,
  (case when i % 2 = 0 then 'even' else 'odd' end)::enum('even', 'odd') as kind,
  union_value(whole := i) as either
from range(20) t(i)`;
