;; Great-circle distances between places given in degrees, by the haversine formula on a sphere of the Earth's mean
;; radius, 6371.0088 km (IUGG). The Earth is not a sphere: a result is within 0.6 % of the distance on the ellipsoid.
;;
;; WebAssembly has no sine, so this file brings its own, after Sun's fdlibm 5.3 (k_sin.c, k_cos.c, e_rem_pio2.c,
;; e_asin.c; https://www.netlib.org/fdlibm): the argument is reduced to [-pi/4, pi/4] and put into a polynomial. Results
;; differ from Math.sin, Math.cos and Math.asin by a few units in the last place.
(module
  ;; Distance in kilometres between two places in degrees, latitude first.
  ;; @udf haversine_km(lat1 DOUBLE, lon1 DOUBLE, lat2 DOUBLE, lon2 DOUBLE) -> DOUBLE
  (func $haversine_km (export "haversine_km")
    (param $lat1 f64) (param $lon1 f64) (param $lat2 f64) (param $lon2 f64) (result f64)
    (f64.mul
      (f64.const 12742.0176) ;; twice the radius
      (call $half_angle (local.get $lat1) (local.get $lon1) (local.get $lat2) (local.get $lon2))))

  ;; Distance in statute miles between two places in degrees, latitude first.
  ;; @udf haversine_miles(lat1 DOUBLE, lon1 DOUBLE, lat2 DOUBLE, lon2 DOUBLE) -> DOUBLE
  (func $haversine_miles (export "haversine_miles")
    (param $lat1 f64) (param $lon1 f64) (param $lat2 f64) (param $lon2 f64) (result f64)
    (f64.div
      (call $haversine_km (local.get $lat1) (local.get $lon1) (local.get $lat2) (local.get $lon2))
      (f64.const 1.609344)))

  ;; Half the angle between two places, seen from the Earth's centre, in radians:
  ;; asin(sqrt(sin((lat2 - lat1) / 2) ^ 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ^ 2)).
  (func $half_angle
    (param $lat1 f64) (param $lon1 f64) (param $lat2 f64) (param $lon2 f64) (result f64)
    (local $north f64) (local $east f64)
    (local.set $north
      (call $sin (call $half_radians (f64.sub (local.get $lat2) (local.get $lat1)))))
    (local.set $east
      (call $sin (call $half_radians (f64.sub (local.get $lon2) (local.get $lon1)))))
    (call $asin
      ;; Rounding may take the sum a little above 1 for opposite places.
      (f64.min (f64.const 1)
        (f64.sqrt
          (f64.add
            (f64.mul (local.get $north) (local.get $north))
            (f64.mul
              (f64.mul (call $cos (call $radians (local.get $lat1))) (call $cos (call $radians (local.get $lat2))))
              (f64.mul (local.get $east) (local.get $east))))))))

  (func $radians (param $degrees f64) (result f64)
    (f64.mul (local.get $degrees) (f64.const 0.017453292519943295)))

  (func $half_radians (param $degrees f64) (result f64)
    (f64.mul (local.get $degrees) (f64.const 0.008726646259971648)))

  ;; Reduces an angle: $x is $n quarter turns and a rest in [-pi/4, pi/4]. pi/2 is subtracted in two parts, the first of
  ;; 33 bits, so that its multiples are exact up to a million quarter turns. Infinity and NaN give a rest of NaN.
  (func $reduce (param $x f64) (result i32 f64)
    (local $n f64)
    (local.set $n (f64.nearest (f64.mul (local.get $x) (f64.const 0.6366197723675814))))
    (i32.trunc_sat_f64_s (local.get $n))
    (f64.sub
      (f64.sub (local.get $x) (f64.mul (local.get $n) (f64.const 1.57079632673412561417e+00)))
      (f64.mul (local.get $n) (f64.const 6.07710050650619224932e-11))))

  (func $sin (param $x f64) (result f64)
    (local $quarter i32) (local $rest f64)
    (call $reduce (local.get $x))
    (local.set $rest)
    (local.set $quarter)
    (call $quarter_sin (local.get $quarter) (local.get $rest)))

  (func $cos (param $x f64) (result f64)
    (local $quarter i32) (local $rest f64)
    (call $reduce (local.get $x))
    (local.set $rest)
    (local.set $quarter)
    ;; The cosine is the sine a quarter turn later.
    (call $quarter_sin (i32.add (local.get $quarter) (i32.const 1)) (local.get $rest)))

  ;; sin(quarter * pi/2 + rest)
  (func $quarter_sin (param $quarter i32) (param $rest f64) (result f64)
    (local $value f64)
    (local.set $value
      (if (result f64) (i32.and (local.get $quarter) (i32.const 1))
        (then (call $cos_kernel (local.get $rest)))
        (else (call $sin_kernel (local.get $rest)))))
    (if (result f64) (i32.and (local.get $quarter) (i32.const 2))
      (then (f64.neg (local.get $value)))
      (else (local.get $value))))

  ;; x + x^3 * (S1 + x^2 * (S2 + ...)) for x in [-pi/4, pi/4]
  (func $sin_kernel (param $x f64) (result f64)
    (local $z f64)
    (local.set $z (f64.mul (local.get $x) (local.get $x)))
    (f64.add (local.get $x)
      (f64.mul (f64.mul (local.get $x) (local.get $z))
        (f64.add (f64.const -1.66666666666666324348e-01) (f64.mul (local.get $z)
        (f64.add (f64.const 8.33333333332248946124e-03) (f64.mul (local.get $z)
        (f64.add (f64.const -1.98412698298579493134e-04) (f64.mul (local.get $z)
        (f64.add (f64.const 2.75573137070700676789e-06) (f64.mul (local.get $z)
        (f64.add (f64.const -2.50507602534068634195e-08) (f64.mul (local.get $z)
        (f64.const 1.58969099521155010221e-10))))))))))))))

  ;; 1 - x^2 / 2 + x^4 * (C1 + x^2 * (C2 + ...)) for x in [-pi/4, pi/4]
  (func $cos_kernel (param $x f64) (result f64)
    (local $z f64)
    (local.set $z (f64.mul (local.get $x) (local.get $x)))
    (f64.add
      (f64.sub (f64.const 1) (f64.mul (f64.const 0.5) (local.get $z)))
      (f64.mul (f64.mul (local.get $z) (local.get $z))
        (f64.add (f64.const 4.16666666666666019037e-02) (f64.mul (local.get $z)
        (f64.add (f64.const -1.38888888888741095749e-03) (f64.mul (local.get $z)
        (f64.add (f64.const 2.48015872894767294178e-05) (f64.mul (local.get $z)
        (f64.add (f64.const -2.75573143513906633035e-07) (f64.mul (local.get $z)
        (f64.add (f64.const 2.08757232129817482790e-09) (f64.mul (local.get $z)
        (f64.const -1.13596475577881948265e-11))))))))))))))

  ;; The arc sine of $x in [0, 1]: above 1/2 by asin(x) = pi/2 - 2 * asin(sqrt((1 - x) / 2)).
  (func $asin (param $x f64) (result f64)
    (if (result f64) (f64.gt (local.get $x) (f64.const 0.5))
      (then
        (f64.sub (f64.const 1.5707963267948966)
          (f64.mul (f64.const 2)
            (call $asin_kernel
              (f64.sqrt (f64.mul (f64.sub (f64.const 1) (local.get $x)) (f64.const 0.5)))))))
      (else (call $asin_kernel (local.get $x)))))

  ;; x + x * (P(x^2) / Q(x^2)) for x in [0, 1/2]
  (func $asin_kernel (param $x f64) (result f64)
    (local $z f64)
    (local.set $z (f64.mul (local.get $x) (local.get $x)))
    (f64.add (local.get $x)
      (f64.mul (local.get $x)
        (f64.div
          (f64.mul (local.get $z)
            (f64.add (f64.const 1.66666666666666657415e-01) (f64.mul (local.get $z)
            (f64.add (f64.const -3.25565818622400915405e-01) (f64.mul (local.get $z)
            (f64.add (f64.const 2.01212532134862925881e-01) (f64.mul (local.get $z)
            (f64.add (f64.const -4.00555345006794114027e-02) (f64.mul (local.get $z)
            (f64.add (f64.const 7.91534994289814532176e-04) (f64.mul (local.get $z)
            (f64.const 3.47933107596021167570e-05))))))))))))
          (f64.add (f64.const 1) (f64.mul (local.get $z)
          (f64.add (f64.const -2.40339491173441421878e+00) (f64.mul (local.get $z)
          (f64.add (f64.const 2.02094576023350569471e+00) (f64.mul (local.get $z)
          (f64.add (f64.const -6.88283971605453293030e-01) (f64.mul (local.get $z)
          (f64.const 7.70381505559019352791e-02))))))))))))))
