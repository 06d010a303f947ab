query TT
select semver_valid('1.0.0-rc.1+build.5'), semver_valid('v1.0')
----
true	false

# the order of precedence in the specification, section 11
query I
select bool_and(semver_compare(a, b) = -1)
from (values ('1.0.0-alpha', '1.0.0-alpha.1'), ('1.0.0-alpha.1', '1.0.0-alpha.beta'), ('1.0.0-beta.2', '1.0.0-beta.11'),
  ('1.0.0-rc.1', '1.0.0'), ('1.9.0', '1.10.0')) steps(a, b)
----
true

# what is built says nothing about the order
query I
select semver_compare('1.0.0+a', '1.0.0+b')
----
0
