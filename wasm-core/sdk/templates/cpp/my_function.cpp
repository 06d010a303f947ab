#include <stdint.h>

template <class T> static T larger(T a, T b) { return a > b ? a : b; }

/// The larger of two numbers: my_function(3, 7) is 7.
/// @udf my_function(a BIGINT, b BIGINT) -> BIGINT
extern "C" __attribute__((export_name("my_function"))) int64_t my_function(int64_t a, int64_t b) {
  return larger(a, b);
}
