# a quarter of the way around the Earth
query R
select round(haversine_km(0, 0, 0, 90))
----
10008

# a place is no way from itself
query R
select haversine_km(51.5, -0.1, 51.5, -0.1)
----
0.0

query R
select round(haversine_miles(51.5074, -0.1278, 48.8566, 2.3522))
----
213

# nothing is known of an unknown place
query R
select haversine_km(NULL, 0, 0, 0)
----
NULL

statement error
select haversine_km('here', 0)
----
haversine_km
