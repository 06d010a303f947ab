import { about, type OracleQuery } from './oracle-queries.ts';

/** Queries over the files of `vega-datasets`, by path, relative to its folder. */
export const FILE_QUERIES: readonly OracleQuery[] = [
  ...about(
    'Parquet',
    `select origin, count(*) n, avg(delay) a, min(date) f, max(date) l, quantile_cont(delay, 0.5) m
       from 'flights-3m.parquet' group by all order by n desc, origin limit 20`,
    `select date_trunc('month', date) m, count(*) n, sum(distance) d, count(*) filter (delay > 60) late
       from 'flights-3m.parquet' group by all order by m`,
    `from 'flights-3m.parquet' where origin = 'SFO' and destination = 'HNL' and delay < -20 order by all limit 50`,
    `select name, type, converted_type from parquet_schema('flights-3m.parquet')`,
  ),
  ...about(
    'joins of formats',
    `select a.state, count(*) n, round(avg(f.delay), 6) d
       from 'flights-3m.parquet' f join 'airports.csv' a on a.iata = f.origin
       where f.date < timestamp '2001-02-01' group by all order by n desc, a.state limit 25`,
    `select f.origin, a.name, b.name, f.count from 'flights-airport.csv' f join 'airports.csv' a on a.iata = f.origin
       left join 'airports.csv' b on b.iata = f.destination order by f.count desc, f.origin, b.name limit 40`,
    `select name, "group", age from 'lookup_people.csv' natural join
       (select person as name, "group" from 'lookup_groups.csv') order by all`,
    `select c.year, c.country, c.fertility, g.pop from 'countries.json' c
       join 'gapminder.json' g on g.country = c.country and g.year = c.year order by all limit 60`,
    `select distinct iata, name from 'airports.csv' anti join 'flights-airport.csv' f on iata = f.origin order by all limit 25`,
    `select distinct year, country from 'gapminder.json' semi join 'countries.json' using (country) order by all limit 30`,
  ),
  ...about(
    'CSV and TSV',
    `from 'airports.csv' order by iata limit 30`,
    `select state, city, count(*) n from 'zipcodes.csv' group by all having n > 60 order by n desc, state, city`,
    `select min(zip_code) a, max(zip_code) b, count(distinct county) c, sum(latitude)::decimal(18, 3) d from 'zipcodes.csv'`,
    `from 'unemployment.tsv' order by id limit 25`,
    `select count(*) n, round(avg(rate), 9) a, round(stddev(rate), 9) s, mode(rate) m from 'unemployment.tsv'`,
    `from 'la-riots.csv' order by all limit 20`,
    `select weather, arg_max(date, temp_max) hottest, max(temp_max) t, count(*) n from 'seattle-weather.csv' group by all order by all`,
    `from read_csv('stocks.csv', header = true, types = {'price': 'DECIMAL(10,2)'}, dateformat = '%b %-d %Y') order by all limit 15`,
    `select column_name, column_type from (describe from 'birdstrikes.csv')`,
    `select "Aircraft Make Model" model, count(*) n, sum("Cost Total $") total
       from 'birdstrikes.csv' group by all order by total desc nulls last, model limit 15`,
    `select * from read_csv('stocks.csv', all_varchar = true)`,
  ),
  ...about(
    'JSON and NDJSON',
    `select Title, "US Gross", "IMDB Rating", "Release Date" from 'movies.json' 
       order by "US Gross" desc nulls last, Title limit 25`,
    `select "Major Genre" g, count(*) n, median("IMDB Rating") m from 'movies.json' group by all order by n desc, g`,
    `select f.properties.mag mag, f.properties.place place, f.geometry.coordinates xyz, to_timestamp(f.properties.time / 1000) t
       from (select unnest(features) f from 'earthquakes.json') order by mag desc, place, t limit 15`,
    `select metadata, bbox from 'earthquakes.json'`,
    `select n.name, count(*) c from (select unnest(nodes) n, links from 'miserables.json'), unnest(links) l(k)
       where k.source = n.index group by all order by c desc, n.name limit 10`,
    `from 'crimea.json' order by date`,
    `from 'monarchs.json' order by "index"`,
    `select column_name, column_type from (describe from 'cars.json')`,
    `from '{made}/cars.ndjson' order by all limit 20`,
    `select Origin, list(distinct Cylinders order by Cylinders) c, avg(Horsepower) h from '{made}/cars.ndjson' group by all order by all`,
    `select count(*) n, sum(json_array_length(tags)) t from read_json('{made}/nested.ndjson', columns = {'tags': 'JSON'})`,
    `from '{made}/nested.ndjson' order by id`,
  ),
  ...about(
    'globs',
    `select count(*) n, min(symbol) a, max(symbol) b from '{made}/stocks/*.csv'`,
    `select symbol, count(*) n, round(sum(price), 2) s from '{made}/stocks/*.csv' group by all order by all`,
    `select parse_filename(filename) f, count(*) n from read_csv('{made}/stocks/*.csv', filename = true) group by all order by all`,
    `select symbol, year, count(*) n from read_parquet('{made}/by/*/*/*.parquet', hive_partitioning = true) group by all order by all`,
    `select parse_filename(file) f from glob('{made}/stocks/*.csv') order by all`,
    `from read_csv(['{made}/stocks/AAPL.csv', '{made}/stocks/IBM.csv']) order by all limit 10`,
    `select count(*) n, count(dow) d, max(symbol) s from read_csv('{made}/union/*.csv', union_by_name = true)`,
  ),
  ...about(
    'windows',
    `select symbol, date, price, row_number() over w r, round(avg(price) over (w rows between 2 preceding and current row), 6) a,
       lag(price, 1, 0) over w l, first_value(price) over w f, price - lead(price) over w d
       from '{made}/stocks/*.csv' window w as (partition by symbol order by strptime(date, '%b %-d %Y')) order by symbol, r limit 60`,
    `select symbol, date, price, rank() over (order by price desc) r, dense_rank() over (order by price desc) d,
       ntile(4) over (order by price, date, symbol) n, round(percent_rank() over (order by price), 9) p,
       round(cume_dist() over (order by price), 9) c
       from 'stocks.csv' order by r, symbol, date limit 30`,
    `select symbol, date, price from 'stocks.csv' qualify row_number() over (partition by symbol order by price desc, date) <= 3 order by all`,
    `select date, temp_max, max(temp_max) over (order by date range between interval 3 day preceding and interval 3 day following) m,
       sum(precipitation) over (order by date groups between 1 preceding and 1 following exclude current row)::decimal(9, 2) s
       from 'seattle-weather.csv' order by date limit 40`,
    `select date, list(temp_max) over (order by date rows 2 preceding) l, nth_value(wind, 2) over (order by date) n,
       count(*) filter (weather = 'rain') over (order by date) c, last_value(weather ignore nulls) over (order by date) w
       from 'seattle-weather.csv' order by date limit 25`,
  ),
  ...about(
    'groupings',
    `select Origin, Cylinders, count(*) n, grouping(Origin, Cylinders) g from 'cars.json' group by rollup (Origin, Cylinders) order by all`,
    `select Origin, Cylinders, round(avg(Horsepower), 6) h from 'cars.json' group by cube (Origin, Cylinders) order by all`,
    `select site, variety, year, sum(yield)::decimal(12, 4) y from 'barley.json'
       group by grouping sets ((site, year), (variety), ()) order by all`,
    `select Origin, count(distinct Cylinders) c, bool_and(Horsepower > 40) b, any_value(Origin) a, min_by(Name, Weight_in_lbs) l,
       approx_count_distinct(Origin) d, entropy(Cylinders) > 0 e, kurtosis(Cylinders) is not null k from 'cars.json' group by all order by all`,
    `select quantile_disc(delay, [0.1, 0.5, 0.9]) q, mad(delay) m, max(delay, 3) top,
       bit_xor(delay) x,
       product(2) filter (delay > 500) p, regr_slope(delay, distance) is not null r from 'flights-200k.json'`,
    `select Species, Island, count(*) n from 'penguins.json' group by all having count(*) > 40 order by all`,
  ),
  ...about(
    'pivots',
    `from (pivot 'barley.json' on year using sum(yield)::decimal(12, 4) group by site) order by all`,
    `from (pivot (select Origin, Cylinders from 'cars.json') on Cylinders in (4, 6, 8) using count(*) as n) order by all`,
    `from (unpivot (select date, temp_max, temp_min from 'seattle-weather.csv' order by date limit 10)
       on temp_max, temp_min into name kind value degrees) order by all`,
    `from (unpivot (select month, nonfarm, private from 'us-employment.csv') on columns(* exclude (month))) order by all limit 20`,
  ),
  ...about(
    'whole results',
    `from 'flights-2k.json' order by all`,
    `select * from 'sp500-2000.csv' order by all limit 100 offset 20`,
    `from 'weekly-weather.json'`,
  ),
];
