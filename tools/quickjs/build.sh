#!/usr/bin/env bash
# Compiles QuickJS with shim.c to the module that plugins in JavaScript are made on, and packs it into
# server/compilers/javascript. Nobody needs it to build or to use Quern: the packed file is in the repository.
#
#   tools/quickjs/build.sh                      about a minute
#   WORK=/some/folder tools/quickjs/build.sh    build there; the default is /tmp/quern-quickjs
#
# Needs Debian 12 with clang, lld, dpkg-dev and deb.debian.org: QuickJS comes from Debian 13's source package, since
# Debian 12 has none, and wasi-libc and compiler-rt are unpacked and not installed. The checksum repeats in any folder.
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
work=${WORK:-/tmp/quern-quickjs}
version=2025.04.26
sources_sha256=ec81da5b3249ed648dbc7df4a1654988910e66a118d9b71cb63534216efcfbbe

main() {
  mkdir -p "$work"
  cd "$work"
  fetch
  prepare
  compile
  node "$here/pack.mjs" quickjs-plugin.wasm "$here/../../server/compilers/javascript"
}

fetch() {
  local options=(-qq -o Dir::Etc::sourceparts=/dev/null -o "Dir::Etc::sourcelist=$work/apt/sources.list"
    -o "Dir::State::lists=$work/apt/lists" -o "Dir::Cache=$work/apt/cache" -o APT::Sandbox::User=root)
  if [ ! -f "quickjs_$version.orig.tar.xz" ]; then
    mkdir -p apt/lists/partial apt/cache/archives/partial
    echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian trixie main" >apt/sources.list
    apt-get "${options[@]}" update
    apt-get "${options[@]}" source --download-only "quickjs=$version-1"
  fi
  echo "$sources_sha256  quickjs_$version.orig.tar.xz" | sha256sum --check --quiet
  if [ ! -d root ]; then
    apt-get download -qq -o APT::Sandbox::User=root wasi-libc libclang-rt-14-dev-wasm32
    for package in wasi-libc_*.deb libclang-rt-14-dev-wasm32_*.deb; do dpkg -x "$package" root; done
  fi
}

# No threads to wait for in Atomics, and a switch in the place of computed jumps, which WebAssembly has not.
prepare() {
  rm -rf source
  mkdir source
  tar xJf "quickjs_$version.orig.tar.xz" -C source --strip-components=1
  sed -i -e 's/^#define CONFIG_ATOMICS$//' -e 's/^#define DIRECT_DISPATCH  1$/#define DIRECT_DISPATCH  0/' source/quickjs.c
  # Included and not used; wasi-libc has none.
  : >source/setjmp.h
  cp "$here/shim.c" source/
}

compile() {
  local flags=(--target=wasm32-wasi -O2 -std=gnu11 -fwrapv -D_GNU_SOURCE "-DCONFIG_VERSION=\"$version\""
    -nostdlibinc -I. -isystem "$work/root/usr/include/wasm32-wasi" "-ffile-prefix-map=$work=."
    -ffunction-sections -fdata-sections -w -Werror=implicit-function-declaration)
  cd source
  for name in shim libregexp libunicode cutils dtoa; do clang "${flags[@]}" -c -o "$name.o" "$name.c"; done
  wasm-ld -o ../quickjs-plugin.wasm --no-entry --strip-all --gc-sections --stack-first -z stack-size=262144 \
    --wrap=__wasi_fd_close --wrap=__wasi_fd_seek --wrap=__wasi_fd_write \
    shim.o libregexp.o libunicode.o cutils.o dtoa.o \
    "$work/root/usr/lib/wasm32-wasi/libc.a" \
    "$work/root/usr/lib/llvm-14/lib/clang/14.0.6/lib/wasi/libclang_rt.builtins-wasm32.a"
  cd ..
}

main
