#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Code that nobody here wrote: what the code cache followed must be what single-stepping
# follows, word for word, over the first 30,000 instructions or to the end; and the code
# must still compute what others have published.
set -u
. tests/tap.sh
. tests/trace/support.sh

: "${CC:=cc}" "${CXX:=g++}"
trace_possible 'real code' || exit 0

cc=("$CC" -std=c11 -D_GNU_SOURCE -I. -O2 -fPIC -shared)
libc() {
    "${cc[@]}" -o "$work/libc.so" tests/trace/real_libc.c -lm
}
libraries() {
    "${cc[@]}" -o "$work/libraries.so" tests/trace/real_libraries.c -lcrypto -lz
}
cxx() {
    "$CXX" -std=c++17 -D_GNU_SOURCE -I. -O2 -fPIC -shared -o "$work/cxx.so" \
        tests/trace/real_cxx.cpp
}
rust() {
    rustc --edition 2021 -O --crate-type staticlib -o "$work/libreal_rust.a" \
        tests/trace/real_rust.rs &&
        "${cc[@]}" -o "$work/rust.so" tests/trace/real_rust.c "$work/libreal_rust.a"
}
header() {
    printf '#include <%s>\n' "$1" | "$CC" -fsyntax-only -x c - 2>/dev/null
}

# The sanitiser's longjmp and throw ask for the signal stack, which a tracer has changed.
chosen=()
if sanitised "$driver"; then
    chosen=('libc [!l]*' 'libcrypto*' 'zlib*' 'C++ s*' 'Rust H*')
    skip 'longjmp, throw, panic' "they are the sanitiser's own"
fi

judge() {
    awk -F '\t' -v object="$1" '
        /^# l1/ { next }
        /^#/ { print; next }
        { printf "%s - %s: %d instructions, equal to stepping for %d\n",
              $2 == "code" ? "ok" : "not ok", $1, $12, $6
          rows++
          if ($2 != "code") print "# " $NF }
        END { if (!rows) print "not ok - " object " was traced" }' "$work/$1.tsv"
}

follow() {
    check "$1 builds" "$1"
    [ -e "$work/$1.so" ] || return
    "$driver" "$work/$1.so" steps=30000 "${chosen[@]}" >"$work/$1.tsv" 2>"$work/log" ||
        not_ok "$1 was traced" "$work/log"
    judge "$1"
}

follow libc
if header openssl/evp.h && header zlib.h; then
    follow libraries
else
    skip 'libcrypto and zlib' 'no headers of openssl or zlib'
fi
if command -v "$CXX" >/dev/null; then
    follow cxx
else
    skip 'C++' "no $CXX"
fi
if command -v rustc >/dev/null; then
    follow rust
else
    skip 'Rust' 'no rustc'
fi
