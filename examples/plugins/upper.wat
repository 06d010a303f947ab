;; Upper-cases the ASCII letters of its input and leaves all other bytes as they are, so UTF-8 stays UTF-8.
;;
;; A plugin of the simplest kind: bytes in, bytes out.
;;   quern load upper.wat
;;   quern execute upper --input "hello"     HELLO
;;   quern chain upper,reverse --input "hello"
(module
  ;; The host writes the input into pages that it adds at the end of this memory.
  (memory (export "memory") 0)

  ;; Works in place: the input's buffer is also the output's.
  ;; The result is packed: pointer in the upper 32 bits, length in the lower.
  (func (export "process") (param $ptr i32) (param $len i32) (result i64)
    (local $at i32) (local $end i32) (local $byte i32)
    (local.set $at (local.get $ptr))
    (local.set $end (i32.add (local.get $ptr) (local.get $len)))
    (block $done
      (loop $next
        (br_if $done (i32.eq (local.get $at) (local.get $end)))
        (local.set $byte (i32.load8_u (local.get $at)))
        ;; One unsigned comparison tests both ends of 'a' to 'z'.
        (if (i32.lt_u (i32.sub (local.get $byte) (i32.const 97)) (i32.const 26))
          (then (i32.store8 (local.get $at) (i32.sub (local.get $byte) (i32.const 32)))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next)))
    (i64.or
      (i64.shl (i64.extend_i32_u (local.get $ptr)) (i64.const 32))
      (i64.extend_i32_u (local.get $len)))))
