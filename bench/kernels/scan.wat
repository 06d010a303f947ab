;; Branches on bytes, as a text function does: makes n bytes of text, then counts words and folds case, 16 times over.
(module
  (memory (export "memory") 17)
  (func $fill (param $n i32)
    (local $i i32) (local $seed i32)
    (local.set $seed (i32.const 12345))
    (loop $next
      (local.set $seed (i32.add (i32.mul (local.get $seed) (i32.const 1103515245)) (i32.const 12345)))
      (i32.store8 (local.get $i)
        (i32.add (i32.const 32) (i32.rem_u (i32.shr_u (local.get $seed) (i32.const 16)) (i32.const 95))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (local.get $n)))))
  (func $isLetter (param $c i32) (result i32)
    (i32.lt_u (i32.sub (i32.or (local.get $c) (i32.const 32)) (i32.const 97)) (i32.const 26)))
  (func $words (param $n i32) (result i32)
    (local $i i32) (local $c i32) (local $inWord i32) (local $count i32)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $i) (local.get $n)))
        (local.set $c (i32.load8_u (local.get $i)))
        (if (call $isLetter (local.get $c))
          (then
            (if (i32.eqz (local.get $inWord))
              (then (local.set $count (i32.add (local.get $count) (i32.const 1)))))
            (local.set $inWord (i32.const 1))
            (i32.store8 (local.get $i) (i32.xor (local.get $c) (i32.const 32))))
          (else
            (local.set $inWord (i32.const 0))
            (if (i32.eq (local.get $c) (i32.const 45))
              (then (i32.store8 (local.get $i) (i32.const 95))))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $next)))
    (local.get $count))
  (func (export "run") (param $n i32) (result i64)
    (local $pass i32) (local $total i64)
    (call $fill (local.get $n))
    (loop $again
      (local.set $total (i64.add (local.get $total) (i64.extend_i32_u (call $words (local.get $n)))))
      (local.set $pass (i32.add (local.get $pass) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $pass) (i32.const 16))))
    (local.get $total)))
