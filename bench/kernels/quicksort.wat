;; Recursion, swaps and tight inner loops: sorts n pseudo-random numbers, n at most 200,000; gives a checksum of the order.
(module
  (memory (export "memory") 16)
  (func $fill (param $end i32)
    (local $at i32) (local $seed i32)
    (local.set $seed (i32.const 42))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $seed (i32.add (i32.mul (local.get $seed) (i32.const 1664525)) (i32.const 1013904223)))
        (i32.store (local.get $at) (local.get $seed))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br $next))))
  (func $sort (param $low i32) (param $high i32)
    (local $i i32) (local $j i32) (local $pivot i32) (local $kept i32)
    (if (i32.ge_s (local.get $low) (local.get $high)) (then (return)))
    (local.set $pivot (i32.load
      (i32.and (i32.shr_u (i32.add (local.get $low) (local.get $high)) (i32.const 1)) (i32.const -4))))
    (local.set $i (local.get $low))
    (local.set $j (local.get $high))
    (block $split
      (loop $swap
        (loop $up
          (if (i32.lt_s (i32.load (local.get $i)) (local.get $pivot))
            (then (local.set $i (i32.add (local.get $i) (i32.const 4))) (br $up))))
        (loop $down
          (if (i32.gt_s (i32.load (local.get $j)) (local.get $pivot))
            (then (local.set $j (i32.sub (local.get $j) (i32.const 4))) (br $down))))
        (br_if $split (i32.gt_s (local.get $i) (local.get $j)))
        (local.set $kept (i32.load (local.get $i)))
        (i32.store (local.get $i) (i32.load (local.get $j)))
        (i32.store (local.get $j) (local.get $kept))
        (local.set $i (i32.add (local.get $i) (i32.const 4)))
        (local.set $j (i32.sub (local.get $j) (i32.const 4)))
        (br_if $swap (i32.le_s (local.get $i) (local.get $j)))))
    (call $sort (local.get $low) (local.get $j))
    (call $sort (local.get $i) (local.get $high)))
  (func (export "run") (param $n i32) (result i32)
    (local $at i32) (local $end i32) (local $sum i32)
    (local.set $end (i32.shl (local.get $n) (i32.const 2)))
    (call $fill (local.get $end))
    (call $sort (i32.const 0) (i32.sub (local.get $end) (i32.const 4)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $sum (i32.add (i32.rotl (local.get $sum) (i32.const 5)) (i32.load (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br $next)))
    (local.get $sum)))
