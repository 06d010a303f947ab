;; The length of the vector (a, b): my_function(3, 4) is 5.
;; @udf my_function(a DOUBLE, b DOUBLE) -> DOUBLE
(module
  (func (export "my_function") (param $a f64) (param $b f64) (result f64)
    (f64.sqrt
      (f64.add
        (f64.mul (local.get $a) (local.get $a))
        (f64.mul (local.get $b) (local.get $b))))))
