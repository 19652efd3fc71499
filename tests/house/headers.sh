#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every header compiles alone; the installed one from C11, C17, C++11 and C++20.
. tests/tap.sh

cc=${CC:-cc}
strict=(-Wall -Wextra -Wpedantic -Wshadow -Wundef -Werror -fsyntax-only)

# What a header brings for those who include it, nobody uses here.
alone() {
    printf '#include "%s"\n#include "%s"\ntypedef int not_empty;\n' "$1" "$1" >"$work/alone.c"
    "$cc" -std=c11 -D_GNU_SOURCE -I. "${strict[@]}" -Wno-unused-function "$work/alone.c"
}

for header in $(find src counters kernels tests -name '*.h' | sort); do
    check "$header compiles alone" alone "$header"
done

# The SDK promises to need nothing but the C library: no -I., no _GNU_SOURCE.
sdk() {
    local compiler=$1 standard=$2 language=$3
    cp kernels/hvperf.h "$work/hvperf.h"
    printf '#include <hvperf.h>\ntypedef int not_empty;\n' >"$work/sdk"
    "$compiler" "-std=$standard" -I"$work" "${strict[@]}" -x "$language" "$work/sdk"
}

cxx=$(command -v g++ || command -v clang++)
for standard in c11 c17; do
    check "hvperf.h compiles as $standard" sdk "$cc" "$standard" c
done
for standard in c++11 c++20; do
    if [ -n "$cxx" ]; then
        check "hvperf.h compiles as $standard" sdk "$cxx" "$standard" c++
    else
        skip "hvperf.h compiles as $standard" "no C++ compiler"
    fi
done
