# a title becomes part of an address
query T
select slug('Hello, World!')
----
hello-world

query T
select slug(title) from (values ('A b'), (NULL), ('  ')) t(title)
----
a-b
NULL
(empty)
