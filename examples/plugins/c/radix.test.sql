# what radix.quern.json promises
query TT
select base58_encode('Hello World!'::blob), base62_encode('Hello World!'::blob)
----
2NEpo7TZRRrLZSi2U	T8dgcjRGkZ3aysdN

query I
select bool_and(base58_decode(base58_encode(data)) = data)
from (select encode(repeat('x', range::int)) as data from range(50))
----
true

# 0, O, I and l are not of the alphabet
query T
select base58_decode('0OIl')
----
NULL
