#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The Makefile on a small tree of its own: what rebuilds, what does not, what it bakes in.
. tests/tap.sh

# The outer make's variables must not reach the inner one.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES BUILD CFLAGS CPPFLAGS LDFLAGS SAN WERROR T
cc=${CC:-cc}
unset CC

tree=$work/tree
mkdir -p "$tree/src/base" "$tree/src/cli" "$tree/counters" "$tree/tests/unit"
cp Makefile VERSION "$tree"
mkdir "$tree/scripts" && cp scripts/compile-commands.awk "$tree/scripts"
cp src/base/error.[ch] src/base/arena.[ch] "$tree/src/base"
cat >"$tree/src/cli/main.c" <<'C'
#include <stdio.h>

#include "src/base/arena.h"

int main(void)
{
    struct hv_arena *arena = hv_arena_open();
    puts(hv_arena_printf(arena, "%s | %s", HV_VERSION, HV_BUILD_INFO));
    hv_arena_close(arena);
    return 0;
}
C

build() {
    make -C "$tree" CC="$cc" "$@" >"$work/log" 2>&1 || { cat "$work/log"; return 1; }
}
# compiles FILES -- MAKE ARGUMENTS: exactly these files are compiled
compiles() {
    local expected=$1
    shift
    build "$@" || return 1
    [ "$(sed -n 's/^  CC   //p' "$work/log" | sort | xargs)" = "$expected" ] || {
        cat "$work/log"
        return 1
    }
}
all="build/src/base/arena.o build/src/base/error.o build/src/cli/main.o"

check "builds without git" compiles "$all"
check "a second make has nothing to do" compiles ""
touch "$tree/src/base/arena.h"
check "a touched header rebuilds its users only" \
    compiles "build/src/base/arena.o build/src/cli/main.o"
check "changed flags rebuild" compiles "$all" CFLAGS='-O1 -g -DTEXT="\"a b\""'
check "the binary tells its flags" \
    grep -qF -- '-O1 -g -DTEXT="\"a b\""' <("$tree/build/hvperf")
check "the binary tells its version" grep -q "^$(cat VERSION) | " <("$tree/build/hvperf")
echo 7.7.7 >"$tree/VERSION"
check "a new version rebuilds src/cli only" \
    compiles "build/src/cli/main.o" CFLAGS='-O1 -g -DTEXT="\"a b\""'
check "a build folder of another name" build BUILD=other/place
check "it has its own objects" test -x "$tree/other/place/hvperf"
check "a sanitised binary" build BUILD=san SAN=-fsanitize=address CFLAGS=-g
check "... is one" grep -q __asan_init <(nm "$tree/san/hvperf")
check "a position-independent binary with full RELRO" \
    grep -q 'BIND_NOW\|NOW' <(readelf -d "$tree/build/hvperf")

warned() {
    printf 'int hv_unused(int x)\n{\n    int y;\n    return 0;\n}\n' >"$tree/src/base/bad.c"
    ! build "$@"
}
check "WERROR=1 makes warnings errors" warned WERROR=1
check "an archive of the sources, not a checkout, does not" build
rm "$tree/src/base/bad.c"

check "compile_commands.json is JSON" \
    sh -c "make -C '$tree' compile_commands.json && python3 -m json.tool '$tree/compile_commands.json'"
check "clean" sh -c "make -C '$tree' clean && test ! -e '$tree/build'"

documented() {
    local target
    for target in all check check-sanitize lint format bench install uninstall help \
        compile_commands.json clean dist golden; do
        grep -qE "^  $target +[^ ]" <(make help) || echo "$target"
    done
}
silent "make help tells of every target" documented
