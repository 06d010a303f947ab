;; Reverses its input by characters: text in UTF-8 comes out as text in UTF-8.
;;
;;   quern load reverse.wat
;;   quern execute reverse --input "stressed"     desserts
(module
  ;; The host writes the input into pages that it adds at the end of this memory.
  (memory (export "memory") 0)

  ;; Works in place, and gives pointer and length packed into an i64.
  ;;
  ;; Reversing all bytes leaves each character of several bytes backwards: its continuation bytes (10xxxxxx) first, its
  ;; leading byte last. So each run of continuation bytes with the byte behind it is reversed once more.
  (func (export "process") (param $ptr i32) (param $len i32) (result i64)
    (local $at i32) (local $start i32) (local $end i32)
    (local.set $end (i32.add (local.get $ptr) (local.get $len)))
    (call $reverse_bytes (local.get $ptr) (local.get $end))
    (local.set $at (local.get $ptr))
    (local.set $start (local.get $ptr))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (if (i32.ne (i32.and (i32.load8_u (local.get $at)) (i32.const 0xc0)) (i32.const 0x80))
          (then
            (call $reverse_bytes (local.get $start) (i32.add (local.get $at) (i32.const 1)))
            (local.set $start (i32.add (local.get $at) (i32.const 1)))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next)))
    (i64.or
      (i64.shl (i64.extend_i32_u (local.get $ptr)) (i64.const 32))
      (i64.extend_i32_u (local.get $len))))

  ;; Reverses the bytes from $low up to, not including, $high.
  (func $reverse_bytes (param $low i32) (param $high i32)
    (local $byte i32)
    (block $done
      (loop $next
        (local.set $high (i32.sub (local.get $high) (i32.const 1)))
        (br_if $done (i32.ge_s (local.get $low) (local.get $high)))
        (local.set $byte (i32.load8_u (local.get $low)))
        (i32.store8 (local.get $low) (i32.load8_u (local.get $high)))
        (i32.store8 (local.get $high) (local.get $byte))
        (local.set $low (i32.add (local.get $low) (i32.const 1)))
        (br $next)))))
