;; The functions of the suite `functions`, in the row form and in the batch form of docs/plugin-abi.md.
;; The numbers of the suite's table are never one value for all rows, so their loops do not look for that.
(module
  (memory (export "memory") 8)
  ;; Below it are the result column, its data (16 KiB) and a text for the row form.
  (global (export "__heap_base") i32 (i32.const 65536))
  (global $result i32 (i32.const 64))
  (global $data i32 (i32.const 1024))
  (global $text i32 (i32.const 32768))

  (func (export "add_rows") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))

  ;; The same by another function.
  (func (export "add_calls") (param i32 i32) (result i32) (call $sum (local.get 0) (local.get 1)))

  ;; The same in a function that the loop over the rows cannot hold, since it uses a global: a call for each row.
  (global $calls (mut i32) (i32.const 0))
  (func (export "add_counted") (param i32 i32) (result i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (i32.add (local.get 0) (local.get 1)))
  (func $sum (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))

  (func (export "mix_rows") (param $a i32) (param $b i32) (param $d f64) (result f64)
    (call $mix (local.get $a) (local.get $b) (local.get $d)))

  (func $mix (param $a i32) (param $b i32) (param $d f64) (result f64)
    (f64.sqrt (f64.add
      (f64.mul (f64.convert_i32_s (local.get $a)) (f64.convert_i32_s (local.get $b)))
      (f64.mul (local.get $d) (f64.add (local.get $d) (f64.const 1.5))))))

  ;; The address of a column's data.
  (func $column (param $batch i32) (param $index i32) (result i32)
    (i32.load offset=32 (i32.add (local.get $batch) (i32.shl (local.get $index) (i32.const 5)))))

  (func (export "add_batches__batch") (param $batch i32) (param $size i32) (result i32)
    (local $a i32) (local $b i32) (local $out i32) (local $end i32)
    (local.set $a (call $column (local.get $batch) (i32.const 0)))
    (local.set $b (call $column (local.get $batch) (i32.const 1)))
    (local.set $out (global.get $data))
    (local.set $end (i32.add (local.get $out) (i32.shl (i32.load (local.get $batch)) (i32.const 2))))
    (loop $row
      (i32.store (local.get $out) (i32.add (i32.load (local.get $a)) (i32.load (local.get $b))))
      (local.set $a (i32.add (local.get $a) (i32.const 4)))
      (local.set $b (i32.add (local.get $b) (i32.const 4)))
      (local.set $out (i32.add (local.get $out) (i32.const 4)))
      (br_if $row (i32.lt_u (local.get $out) (local.get $end))))
    (i32.store (global.get $result) (i32.load (local.get $batch)))
    (i32.store offset=16 (global.get $result) (global.get $data))
    (global.get $result))

  ;; The same, four rows at a time; a batch is at most 2,048 rows, and what is behind them is not read.
  (func (export "add_vectors__batch") (param $batch i32) (param $size i32) (result i32)
    (local $a i32) (local $b i32) (local $out i32) (local $end i32)
    (local.set $a (call $column (local.get $batch) (i32.const 0)))
    (local.set $b (call $column (local.get $batch) (i32.const 1)))
    (local.set $out (global.get $data))
    (local.set $end (i32.add (local.get $out) (i32.shl (i32.load (local.get $batch)) (i32.const 2))))
    (loop $rows
      (v128.store (local.get $out) (i32x4.add (v128.load (local.get $a)) (v128.load (local.get $b))))
      (local.set $a (i32.add (local.get $a) (i32.const 16)))
      (local.set $b (i32.add (local.get $b) (i32.const 16)))
      (local.set $out (i32.add (local.get $out) (i32.const 16)))
      (br_if $rows (i32.lt_u (local.get $out) (local.get $end))))
    (i32.store (global.get $result) (i32.load (local.get $batch)))
    (i32.store offset=16 (global.get $result) (global.get $data))
    (global.get $result))

  (func (export "mix_batches__batch") (param $batch i32) (param $size i32) (result i32)
    (local $a i32) (local $b i32) (local $d i32) (local $out i32) (local $end i32)
    (local.set $a (call $column (local.get $batch) (i32.const 0)))
    (local.set $b (call $column (local.get $batch) (i32.const 1)))
    (local.set $d (call $column (local.get $batch) (i32.const 2)))
    (local.set $out (global.get $data))
    (local.set $end (i32.add (local.get $out) (i32.shl (i32.load (local.get $batch)) (i32.const 3))))
    (loop $row
      (f64.store (local.get $out)
        (call $mix (i32.load (local.get $a)) (i32.load (local.get $b)) (f64.load (local.get $d))))
      (local.set $a (i32.add (local.get $a) (i32.const 4)))
      (local.set $b (i32.add (local.get $b) (i32.const 4)))
      (local.set $d (i32.add (local.get $d) (i32.const 8)))
      (local.set $out (i32.add (local.get $out) (i32.const 8)))
      (br_if $row (i32.lt_u (local.get $out) (local.get $end))))
    (i32.store (global.get $result) (i32.load (local.get $batch)))
    (i32.store offset=16 (global.get $result) (global.get $data))
    (global.get $result))

  ;; ASCII upper case, eight bytes at a time, of the bytes from $from up to $to, to $out.
  (func $upper (param $from i32) (param $to i32) (param $out i32)
    (local $word i64) (local $low i64) (local $letters i64)
    (if (i32.ge_u (local.get $from) (local.get $to)) (then return))
    (loop $next
      (local.set $word (i64.load (local.get $from)))
      (local.set $low (i64.and (local.get $word) (i64.const 0x7f7f7f7f7f7f7f7f)))
      ;; The top bit of each byte that is at least "a", at most "z", and ASCII.
      (local.set $letters (i64.and
        (i64.and
          (i64.add (local.get $low) (i64.const 0x1f1f1f1f1f1f1f1f))
          (i64.xor (i64.add (local.get $low) (i64.const 0x0505050505050505)) (i64.const -1)))
        (i64.and (i64.xor (local.get $word) (i64.const -1)) (i64.const 0x8080808080808080))))
      (i64.store (local.get $out) (i64.xor (local.get $word) (i64.shr_u (local.get $letters) (i64.const 2))))
      (local.set $from (i32.add (local.get $from) (i32.const 8)))
      (local.set $out (i32.add (local.get $out) (i32.const 8)))
      (br_if $next (i32.lt_u (local.get $from) (local.get $to)))))

  (func (export "upper_rows") (param $text i32) (param $length i32) (result i64)
    (call $upper (local.get $text) (i32.add (local.get $text) (local.get $length)) (global.get $text))
    (i64.or (i64.shl (i64.extend_i32_u (local.get $length)) (i64.const 32))
      (i64.extend_i32_u (global.get $text))))

  ;; In place: the batch is the guest's to read until the next call, and nobody reads it after this one.
  (func (export "upper_batches__batch") (param $batch i32) (param $size i32) (result i32)
    (local $offsets i32) (local $data i32) (local $rows i32)
    (i32.store (global.get $result) (i32.load (local.get $batch)))
    (i32.store offset=28 (global.get $result) (i32.load offset=44 (local.get $batch)))
    ;; One value may stand for all rows.
    (local.set $rows
      (select (i32.const 1) (i32.load (local.get $batch)) (i32.load offset=44 (local.get $batch))))
    (local.set $offsets (i32.load offset=28 (local.get $batch)))
    (local.set $data (call $column (local.get $batch) (i32.const 0)))
    (call $upper
      (i32.add (local.get $data) (i32.load (local.get $offsets)))
      (i32.add (local.get $data)
        (i32.load (i32.add (local.get $offsets) (i32.shl (local.get $rows) (i32.const 2)))))
      (i32.add (local.get $data) (i32.load (local.get $offsets))))
    (i32.store offset=12 (global.get $result) (local.get $offsets))
    (i32.store offset=16 (global.get $result) (local.get $data))
    (global.get $result))

  ;; A state is a number from 1 on; its sum is at eight bytes each, and there are few.
  (global $states (mut i32) (i32.const 0))
  (func $cell (param $state i32) (result i32)
    (i32.add (i32.const 16384) (i32.shl (local.get $state) (i32.const 3))))
  (func (export "total__init") (result i32)
    (global.set $states (i32.add (global.get $states) (i32.const 1)))
    (i64.store (call $cell (global.get $states)) (i64.const 0))
    (global.get $states))
  (func (export "total__update__batch") (param $batch i32) (param $size i32)
    (local $at i32) (local $end i32) (local $states i32) (local $sum i64)
    (local.set $at (call $column (local.get $batch) (i32.const 0)))
    (local.set $end (i32.add (local.get $at) (i32.shl (i32.load (local.get $batch)) (i32.const 2))))
    (local.set $states (i32.load offset=8 (local.get $batch)))
    (if (local.get $states)
      (then
        (loop $row
          (call $add (i32.load (local.get $states)) (i64.load32_s (local.get $at)))
          (local.set $states (i32.add (local.get $states) (i32.const 4)))
          (local.set $at (i32.add (local.get $at) (i32.const 4)))
          (br_if $row (i32.lt_u (local.get $at) (local.get $end)))))
      (else
        (loop $value
          (local.set $sum (i64.add (local.get $sum) (i64.load32_s (local.get $at))))
          (local.set $at (i32.add (local.get $at) (i32.const 4)))
          (br_if $value (i32.lt_u (local.get $at) (local.get $end))))
        (call $add (i32.load offset=12 (local.get $batch)) (local.get $sum)))))
  ;; The same aggregate, four rows at a time where all have one state.
  (func (export "total_vectors__init") (result i32)
    (global.set $states (i32.add (global.get $states) (i32.const 1)))
    (i64.store (call $cell (global.get $states)) (i64.const 0))
    (global.get $states))
  (func (export "total_vectors__update__batch") (param $batch i32) (param $size i32)
    (local $at i32) (local $end i32) (local $fours i32) (local $states i32) (local $sum v128) (local $rest i64)
    (local.set $at (call $column (local.get $batch) (i32.const 0)))
    (local.set $end (i32.add (local.get $at) (i32.shl (i32.load (local.get $batch)) (i32.const 2))))
    (local.set $states (i32.load offset=8 (local.get $batch)))
    (local.set $fours
      (i32.add (local.get $at)
        (select (i32.const 0) (i32.shl (i32.and (i32.load (local.get $batch)) (i32.const -4)) (i32.const 2))
          (local.get $states))))
    (if (i32.lt_u (local.get $at) (local.get $fours)) (then
      (loop $four
        (local.set $sum (i64x2.add (local.get $sum) (i64x2.add
          (i64x2.extend_low_i32x4_s (v128.load (local.get $at)))
          (i64x2.extend_high_i32x4_s (v128.load (local.get $at))))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br_if $four (i32.lt_u (local.get $at) (local.get $fours))))
      (call $add (i32.load offset=12 (local.get $batch))
        (i64.add (i64x2.extract_lane 0 (local.get $sum)) (i64x2.extract_lane 1 (local.get $sum))))))
    (if (i32.lt_u (local.get $at) (local.get $end)) (then
      (loop $row
        (call $add
          (if (result i32) (local.get $states)
            (then (i32.load (local.get $states))) (else (i32.load offset=12 (local.get $batch))))
          (i64.load32_s (local.get $at)))
        (local.set $states
          (select (i32.add (local.get $states) (i32.const 4)) (i32.const 0) (local.get $states)))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br_if $row (i32.lt_u (local.get $at) (local.get $end)))))))
  (func (export "total_vectors__combine") (param $target i32) (param $source i32)
    (call $add (local.get $target) (i64.load (call $cell (local.get $source)))))
  (func (export "total_vectors__finalize") (param $state i32) (result i64) (i64.load (call $cell (local.get $state))))

  (func $add (param $state i32) (param $value i64)
    (i64.store (call $cell (local.get $state))
      (i64.add (i64.load (call $cell (local.get $state))) (local.get $value))))
  (func (export "total__combine") (param $target i32) (param $source i32)
    (call $add (local.get $target) (i64.load (call $cell (local.get $source)))))
  (func (export "total__finalize") (param $state i32) (result i64)
    (i64.load (call $cell (local.get $state)))))
