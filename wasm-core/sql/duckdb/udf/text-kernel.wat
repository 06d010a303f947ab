;; Moves texts between vectors of the engine and one block of offsets and bytes, all in the engine's memory.
;; A `duckdb_string_t` has 16 bytes: u32 length, then up to 12 bytes in place, or 4 bytes of prefix and a u32 pointer.
;; The bytes of a block have 16 bytes of room behind them, since texts in place are moved in whole words.
(module $quern-text
  (import "engine" "memory" (memory 1))

  ;; The bytes of all rows; rows may share theirs, so it can be more than memory has.
  (func (export "measure") (param $data i32) (param $rows i32) (result f64)
    (local $end i32) (local $total i64)
    (local.set $end (i32.add (local.get $data) (i32.shl (local.get $rows) (i32.const 4))))
    (block $done (loop $row
      (br_if $done (i32.ge_u (local.get $data) (local.get $end)))
      (local.set $total (i64.add (local.get $total) (i64.load32_u (local.get $data))))
      (local.set $data (i32.add (local.get $data) (i32.const 16)))
      (br $row)))
    (f64.convert_i64_u (local.get $total)))

  ;; From a vector into a block: offsets, one more than rows, and bytes.
  (func (export "gather") (param $data i32) (param $rows i32) (param $offsets i32) (param $bytes i32)
    (local $end i32) (local $length i32) (local $at i32)
    (local.set $end (i32.add (local.get $data) (i32.shl (local.get $rows) (i32.const 4))))
    (local.set $at (local.get $bytes))
    (i32.store (local.get $offsets) (i32.const 0))
    (block $done (loop $row
      (br_if $done (i32.ge_u (local.get $data) (local.get $end)))
      (local.set $length (i32.load (local.get $data)))
      (if (i32.le_u (local.get $length) (i32.const 12))
        (then
          (i64.store align=1 (local.get $at) (i64.load offset=4 align=4 (local.get $data)))
          (i32.store offset=8 align=1 (local.get $at) (i32.load offset=12 (local.get $data))))
        (else
          (memory.copy (local.get $at) (i32.load offset=8 (local.get $data)) (local.get $length))))
      (local.set $at (i32.add (local.get $at) (local.get $length)))
      (local.set $offsets (i32.add (local.get $offsets) (i32.const 4)))
      (i32.store (local.get $offsets) (i32.sub (local.get $at) (local.get $bytes)))
      (local.set $data (i32.add (local.get $data) (i32.const 16)))
      (br $row))))

  ;; From a block into a vector, the texts of up to 12 bytes; gives how many are longer. The offset o is at $bytes + o.
  (func (export "scatterShort") (param $offsets i32) (param $bytes i32) (param $rows i32) (param $data i32) (result i32)
    (local $end i32) (local $at i32) (local $length i32) (local $bits i64) (local $long i32)
    (local.set $end (i32.add (local.get $data) (i32.shl (local.get $rows) (i32.const 4))))
    (block $done (loop $row
      (br_if $done (i32.ge_u (local.get $data) (local.get $end)))
      (local.set $at (i32.load (local.get $offsets)))
      (local.set $length (i32.sub (i32.load offset=4 (local.get $offsets)) (local.get $at)))
      (local.set $at (i32.add (local.get $at) (local.get $bytes)))
      (if (i32.le_u (local.get $length) (i32.const 12))
        (then
          (i32.store (local.get $data) (local.get $length))
          ;; What is behind the text must be zero: the engine compares whole words.
          (local.set $bits (i64.extend_i32_u (i32.shl (local.get $length) (i32.const 3))))
          (if (i32.lt_u (local.get $length) (i32.const 8))
            (then
              (i64.store offset=4 align=4 (local.get $data)
                (i64.and (i64.load align=1 (local.get $at))
                  (i64.sub (i64.shl (i64.const 1) (local.get $bits)) (i64.const 1))))
              (i32.store offset=12 (local.get $data) (i32.const 0)))
            (else
              (i64.store offset=4 align=4 (local.get $data) (i64.load align=1 (local.get $at)))
              (i64.store32 offset=12 (local.get $data)
                (i64.and (i64.load32_u offset=8 align=1 (local.get $at))
                  (i64.sub (i64.shl (i64.const 1) (i64.sub (local.get $bits) (i64.const 64))) (i64.const 1)))))))
        (else (local.set $long (i32.add (local.get $long) (i32.const 1)))))
      (local.set $offsets (i32.add (local.get $offsets) (i32.const 4)))
      (local.set $data (i32.add (local.get $data) (i32.const 16)))
      (br $row)))
    (local.get $long))

  ;; The texts of more than 12 bytes, which stay where they are: the vector has to own them.
  (func (export "scatterLong") (param $offsets i32) (param $bytes i32) (param $rows i32) (param $data i32)
    (local $end i32) (local $at i32) (local $length i32)
    (local.set $end (i32.add (local.get $data) (i32.shl (local.get $rows) (i32.const 4))))
    (block $done (loop $row
      (br_if $done (i32.ge_u (local.get $data) (local.get $end)))
      (local.set $at (i32.load (local.get $offsets)))
      (local.set $length (i32.sub (i32.load offset=4 (local.get $offsets)) (local.get $at)))
      (local.set $at (i32.add (local.get $at) (local.get $bytes)))
      (if (i32.gt_u (local.get $length) (i32.const 12))
        (then
          (i32.store (local.get $data) (local.get $length))
          (i32.store offset=4 (local.get $data) (i32.load align=1 (local.get $at)))
          (i32.store offset=8 (local.get $data) (local.get $at))
          (i32.store offset=12 (local.get $data) (i32.const 0))))
      (local.set $offsets (i32.add (local.get $offsets) (i32.const 4)))
      (local.set $data (i32.add (local.get $data) (i32.const 16)))
      (br $row))))

  ;; 1 when no byte has its top bit.
  (func (export "isAscii") (param $at i32) (param $length i32) (result i32)
    (local $words i32) (local $end i32) (local $bits i64)
    (local.set $end (i32.add (local.get $at) (local.get $length)))
    (local.set $words (i32.add (local.get $at) (i32.and (local.get $length) (i32.const -8))))
    (block $done (loop $word
      (br_if $done (i32.ge_u (local.get $at) (local.get $words)))
      (local.set $bits (i64.or (local.get $bits) (i64.load align=1 (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br $word)))
    (block $done (loop $byte
      (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
      (local.set $bits (i64.or (local.get $bits) (i64.load8_u (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $byte)))
    (i64.eqz (i64.and (local.get $bits) (i64.const 0x8080808080808080)))))
