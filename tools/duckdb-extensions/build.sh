#!/usr/bin/env bash
# Builds DuckDB's json, parquet and icu extensions for @duckdb/duckdb-wasm 1.32.0 (DuckDB 1.4.3, wasm_eh) from the C++
# sources inside npm's duckdb@1.4.3, the very commit that the wasm engine was built from, and packs them into
# wasm-core/sql/duckdb/extensions. Nobody needs it to build or to use Quern: the packed files are in the repository.
#
#   tools/duckdb-extensions/build.sh                      all three, about 2.5 minutes on two cores
#   tools/duckdb-extensions/build.sh json                 one of them, packed nowhere
#   WORK=/some/folder tools/duckdb-extensions/build.sh    build there; the default is /tmp/quern-duckdb-extensions
#
# Needs Debian 12 or later with clang-19, lld-19, libc++-19-dev and binaryen; as root it installs them. Of emscripten only
# the sysroot's C headers are used, so its package is unpacked and not installed.
#
# The checksums repeat in one folder. Clang 19 orders a few names by the addresses of its own objects, so that without
# address randomization off (setarch -R) every run, and even so every folder, differs in about a hundred bytes.
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
work=${WORK:-/tmp/quern-duckdb-extensions}
llvm=/usr/lib/llvm-19
package_version=1.4.3
emscripten_version=3.1.6
sysroot=emscripten/usr/share/emscripten/cache/sysroot

main() {
  mkdir -p "$work"
  need_tools
  cd "$work"
  fetch_sources
  write_headers
  if [ $# -gt 0 ]; then
    build "$1"
    return
  fi
  for name in json parquet icu; do build "$name"; done
  node "$here/pack.mjs" "$work" "$here/../../wasm-core/sql/duckdb/extensions"
}

need_tools() {
  if [ -x "$llvm/bin/clang++" ] && [ -x "$llvm/bin/lld" ] && [ -d "$llvm/include/c++/v1" ] && command -v wasm-opt >/dev/null; then
    return
  fi
  local packages="clang-19 lld-19 libc++-19-dev binaryen"
  if [ "$(id -u)" -ne 0 ]; then
    echo "Install the Debian packages first: apt-get install $packages" >&2
    exit 1
  fi
  apt-get update -qq
  # shellcheck disable=SC2086 # a list of words
  apt-get install -y -qq --no-install-recommends $packages
}

fetch_sources() {
  if [ ! -d package/src/duckdb ]; then
    npm pack --silent "duckdb@$package_version" >/dev/null
    tar xzf "duckdb-$package_version.tgz"
  fi
  if [ ! -d "$sysroot" ]; then
    apt-get download -qq -o APT::Sandbox::User=root emscripten
    dpkg -x emscripten_"$emscripten_version"*.deb emscripten
  fi
}

# libc++ must have the ABI that the engine was linked with (version 2, namespace __2, six newer choices off): strings and
# vectors cross the boundary, and another layout ends in 'memory access out of bounds'. The headers here shadow Debian's.
write_headers() {
  mkdir -p libcxx/__configuration
  cat >libcxx/__config_site <<'H'
#ifndef _LIBCPP___CONFIG_SITE
#define _LIBCPP___CONFIG_SITE
#define _LIBCPP_ABI_VERSION 2
#define _LIBCPP_ABI_NAMESPACE __2
#define _LIBCPP_HAS_MUSL_LIBC
#define _LIBCPP_HAS_NO_VENDOR_AVAILABILITY_ANNOTATIONS
#define _LIBCPP_PSTL_BACKEND_SERIAL
#define _LIBCPP_HARDENING_MODE_DEFAULT 2
#define _LIBCPP_HAS_NO_TIME_ZONE_DATABASE
#endif
H
  local off='OPTIMIZED_FUNCTION|USE_WRAP_ITER_IN_STD_ARRAY|USE_WRAP_ITER_IN_STD_STRING_VIEW'
  off="$off|NO_FILESYSTEM_INLINE_NAMESPACE|IOS_ALLOW_ARBITRARY_FILL_VALUE|TRIVIALLY_COPYABLE_PAIR"
  sed -E "s/^# +define (_LIBCPP_ABI_($off))\$/\/\/ off: \1/" \
    "$llvm/include/c++/v1/__configuration/abi.h" >libcxx/__configuration/abi.h
  # Each extension names its version by a macro that DuckDB's own build passes in.
  printf '#define EXT_VERSION_%s "v1.4.3"\n' JSON PARQUET ICU >extension-versions.h
}

build() {
  local name=$1 started=$SECONDS
  node "$here/sources.mjs" package/binding.gyp "$name" includes >"$name.includes"
  node "$here/sources.mjs" package/binding.gyp "$name" files >"$name.files"
  compile "$name"
  link "$name"
  node "$here/append-metadata.mjs" "$name.legal.wasm" "$name.duckdb_extension.wasm"
  echo "$name: $(stat -c %s "$name.duckdb_extension.wasm") bytes, $((SECONDS - started)) s"
}

# One object for each source; an object that is there is kept, so that an interrupted build goes on where it stopped.
compile() {
  local name=$1
  mkdir -p "objects/$name"
  cat >"$name.flags" <<F
--target=wasm32-unknown-emscripten -fPIC -fwasm-exceptions -std=c++17 -O2 -DNDEBUG -Wno-everything -fvisibility=default
-nostdinc -nostdinc++ -isystem libcxx -isystem $llvm/include/c++/v1 -isystem $llvm/lib/clang/19/include
-isystem $sysroot/include
-D__EMSCRIPTEN_major__=3 -D__EMSCRIPTEN_minor__=1 -D__EMSCRIPTEN_tiny__=71
-include extension-versions.h -DDUCKDB_BUILD_LOADABLE_EXTENSION -DDUCKDB_WASM=1 -DFSST_MUST_ALIGN
-DWASM_LOADABLE_EXTENSIONS=1 -DDUCKDB_EXTENSION_AUTOLOAD_DEFAULT=1 -DWEBDB_FAST_EXCEPTIONS=1 -DDUCKDB_NO_THREADS=1
-DDUCKDB_CUSTOM_PLATFORM=wasm_eh -DDUCKDB_DEBUG_NO_SAFETY -DDUCKDB_FROM_DUCKDB_WASM -DDUCKDB_SMALLER_BINARY
F
  export compiler="$llvm/bin/clang++" name
  # shellcheck disable=SC2016 # expanded by the inner shell
  xargs -P "$(nproc)" -I{} sh -c '
    object=objects/$name/$(echo "{}" | tr / -).o
    [ -f "$object" ] && exit 0
    setarch -R "$compiler" @"$name.flags" @"$name.includes" -c "{}" -o "$object.part" && mv "$object.part" "$object"
  ' <"$name.files"
}

# A shared side module, and i64 values legalized at its border, because the engine's loader passes them in halves.
link() {
  local name=$1
  "$llvm/bin/lld" -flavor wasm -shared --experimental-pic --no-entry --import-memory --unresolved-symbols=import-dynamic \
    --strip-debug --export-dynamic -O2 --export=__wasm_call_ctors --export-if-defined=__wasm_apply_data_relocs \
    -o "$name.raw.wasm" "objects/$name"/*.o
  wasm-opt "$name.raw.wasm" -o "$name.legal.wasm" --enable-exception-handling --enable-mutable-globals \
    --enable-bulk-memory --enable-sign-ext --enable-nontrapping-float-to-int --enable-reference-types --enable-multivalue \
    --legalize-js-interface --pass-arg=legalize-js-interface-export-originals
}

main "$@"
