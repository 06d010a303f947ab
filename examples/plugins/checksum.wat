;; The CRC-32 of bytes, as zip, gzip and PNG use it (ISO 3309, polynomial 0xEDB88320 reflected).
;;
;; Shows a manifest written out: the custom section says what SQL sees, and Quern holds it against the function's type.
;;   select crc32('123456789'::BLOB)     3421780262, which is 0xCBF43926
(module
  (@custom "quern"
    "{\"abi\": 1, \"doc\": \"Checksums of bytes.\", \"functions\": [{"
    "\"name\": \"crc32\","
    "\"parameters\": [{\"name\": \"data\", \"type\": \"BLOB\"}],"
    "\"returns\": \"UINTEGER\","
    "\"doc\": \"The CRC-32 of bytes, as zip, gzip and PNG use it.\"}]}")

  ;; The first KiB holds the table of the 256 remainders; the host adds pages behind it for arguments.
  (memory (export "memory") 1)
  (start $fill_table)

  (func (export "crc32") (param $ptr i32) (param $len i32) (result i32)
    (local $crc i32) (local $end i32)
    (local.set $crc (i32.const -1))
    (local.set $end (i32.add (local.get $ptr) (local.get $len)))
    (block $done
      (loop $next
        (br_if $done (i32.eq (local.get $ptr) (local.get $end)))
        ;; crc = table[(crc ^ byte) & 255] ^ (crc >>> 8)
        (local.set $crc
          (i32.xor
            (i32.load
              (i32.shl
                (i32.and (i32.xor (local.get $crc) (i32.load8_u (local.get $ptr))) (i32.const 255))
                (i32.const 2)))
            (i32.shr_u (local.get $crc) (i32.const 8))))
        (local.set $ptr (i32.add (local.get $ptr) (i32.const 1)))
        (br $next)))
    (i32.xor (local.get $crc) (i32.const -1)))

  (func $fill_table
    (local $i i32) (local $bit i32) (local $value i32)
    (loop $each
      (local.set $value (local.get $i))
      (local.set $bit (i32.const 8))
      (loop $shift
        ;; value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1
        (local.set $value
          (i32.xor
            (i32.shr_u (local.get $value) (i32.const 1))
            (i32.and
              (i32.sub (i32.const 0) (i32.and (local.get $value) (i32.const 1)))
              (i32.const 0xedb88320))))
        (br_if $shift (local.tee $bit (i32.sub (local.get $bit) (i32.const 1)))))
      (i32.store (i32.shl (local.get $i) (i32.const 2)) (local.get $value))
      (br_if $each
        (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 256))))))
