/// The greatest common divisor: my_function(12, 18) is 6.
/// @udf my_function(a BIGINT, b BIGINT) -> BIGINT
export fn my_function(a: i64, b: i64) i64 {
    var x: u64 = @abs(a);
    var y: u64 = @abs(b);
    while (y != 0) {
        const rest = x % y;
        x = y;
        y = rest;
    }
    return @bitCast(x);
}
