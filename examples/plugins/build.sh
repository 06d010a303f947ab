#!/bin/sh
# Builds the plugins in c/ and rust/ and writes SHA256SUMS, which a test holds against the files; it is not part of any test.
#
# Made on Debian 12 with
#   apt-get install clang lld rustc libstd-rust-dev-wasm32
# which are clang 14.0.6 and rustc 1.63. CC and RUSTC name others.
set -eu
cd "$(dirname "$0")"
sdk=../../wasm-core/sdk
for name in xxhash radix; do
  "${CC:-clang}" --target=wasm32 -O2 -Wall -Wextra -Werror -ffreestanding -nostdlib "-I$sdk/c" \
    -Wl,--no-entry -Wl,--strip-all -Wl,-z,stack-size=16384 -o "c/$name.wasm" "c/$name.c"
done
for name in semver jaro; do
  "${RUSTC:-/usr/bin/rustc}" --target wasm32-unknown-unknown --crate-type cdylib --edition 2021 -C opt-level=2 -C lto=fat \
    -C panic=abort -C codegen-units=1 -C strip=symbols -C link-arg=-zstack-size=16384 \
    --remap-path-prefix "$PWD=." -o "rust/$name.wasm" "rust/$name.rs"
done
chmod 644 c/*.wasm rust/*.wasm
sha256sum build.sh c/* rust/* "$sdk"/c/* "$sdk"/rust/* > SHA256SUMS
ls -l c/*.wasm rust/*.wasm
