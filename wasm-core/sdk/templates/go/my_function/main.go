package main

import "math/bits"

// How many bits of a number are set: my_function(7) is 3.
// @udf my_function(n BIGINT) -> INTEGER
//
//go:wasmexport my_function
func countBits(n int64) int32 { return int32(bits.OnesCount64(uint64(n))) }

func main() {}
