-- Text functions from plugins/text.ts over a JSON file.

-- Titles as they would stand in an address.
select "Title" ->> '$' as title, slug(title) as slug, "IMDB Rating" as rating
from 'data/movies.json'
where "IMDB Votes" > 100000
order by rating desc, title
limit 10;

-- Directors whose names differ by two letters at most: the same person, misspelt?
with directors as (
  select "Director" as name, count(*) as films from 'data/movies.json' where "Director" is not null group by all
)
select a.name as one, b.name as other, a.films + b.films as films
from directors a
join directors b on a.name < b.name and abs(length(a.name) - length(b.name)) <= 2
where levenshtein(a.name, b.name) <= 2
order by all;

-- One year of jobless rates from the TSV beside delays from an Arrow file.
select
  (select round(avg(rate) * 100, 2) from 'data/unemployment.tsv') as mean_rate_percent,
  (select round(avg(delay), 2) from 'data/flights-200k.arrow') as mean_delay_minutes;
