# names that sound alike have one code
query TT
select soundex('Robert'), soundex('Rupert')
----
R163	R163

query T
select soundex('Honeyman')
----
H555

query TT
select metaphone('Knight'), metaphone('night')
----
NT	NT

query I
select count(distinct soundex(name)) from (values ('Smith'), ('Smyth'), ('Schmidt')) people(name)
----
1
