-- Three million flights in Parquet, the airports' coordinates in CSV, and the great-circle
-- distance from a plugin (plugins/geo.*), held against the distance that the flights' file states.

-- Routes whose stated distance is off by more than five miles: the function in the select list and in the filter.
select
  f.origin,
  f.destination,
  count(*) as flights,
  any_value(f.distance) as stated,
  round(any_value(haversine_miles(a.latitude, a.longitude, b.latitude, b.longitude)), 1) as great_circle
from 'data/flights-3m.parquet' f
join 'data/airports.csv' a on a.iata = f.origin
join 'data/airports.csv' b on b.iata = f.destination
where abs(haversine_miles(a.latitude, a.longitude, b.latitude, b.longitude) - f.distance) > 5
group by all
order by abs(great_circle - stated) desc, flights desc
limit 15;

-- How well the two agree over all flights, by length of route.
select
  case when f.distance < 500 then 'short' when f.distance < 1500 then 'medium' else 'long' end as route,
  count(*) as flights,
  round(avg(f.delay), 1) as mean_delay,
  round(avg(abs(haversine_miles(a.latitude, a.longitude, b.latitude, b.longitude) - f.distance)), 2) as mean_gap
from 'data/flights-3m.parquet' f
join 'data/airports.csv' a on a.iata = f.origin
join 'data/airports.csv' b on b.iata = f.destination
group by all
order by flights desc;
