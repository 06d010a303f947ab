# the check value of the CRC-32 catalogues
query I
select crc32('123456789'::blob)
----
3421780262

query I
select crc32(''::blob)
----
0

# a plugin's function stands wherever one of DuckDB's does
query TI rowsort
select word, crc32(encode(word)) % 10 from (values ('one'), ('two')) words(word)
----
one	5
two	4

query I
select crc32(NULL)
----
NULL
