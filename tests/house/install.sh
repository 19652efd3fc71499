#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# make install into an empty folder: what is there, whether it can be used, and that
# uninstall leaves no file behind.
. tests/tap.sh

# Keep what the caller gave to make on its command line, else the tree would be rebuilt
# with other flags; drop the job server, which is not ours.
case ${MAKEFLAGS-} in
*' -- '*) export MAKEFLAGS=" -- ${MAKEFLAGS#* -- }" ;;
*) unset MAKEFLAGS ;;
esac
stage=$work/stage
into() {
    make --no-print-directory BUILD="${BUILD:-build}" CC="${CC:-cc}" PREFIX=/usr \
        DESTDIR="$stage" "$@"
}

check "make install" into install
for file in bin/hvperf include/hvperf.h lib/pkgconfig/hvperf.pc share/man/man1/hvperf.1 \
    share/doc/hvperf/LICENSE share/doc/hvperf/CHANGELOG.md \
    share/doc/hvperf/hypotheses/zero-copy.yaml; do
    check "installs $file" test -s "$stage/usr/$file"
done
check "the installed tool runs" "$stage/usr/bin/hvperf" version

silent "nothing installed is writable by others, or unreadable" \
    find "$stage" \( -perm /022 -o -not -perm -444 \) -not -type l

export PKG_CONFIG_PATH=$stage/usr/lib/pkgconfig
cat >"$work/pair.c" <<'C'
#include <hvperf.h>

HV_ARM(one)
{
    (void)ctx;
    for (; n; n--)
        HV_BARRIER(n);
}
HV_PAIR(smoke, .question = "does the installed header compile?",
        .baseline = {"one", one}, .candidate = {"one", one});
static const struct hv_kernel_row rows[] = {{.at = {&hv_smoke_any_0}}};
HV_EXPORT const struct hv_kernel_set hv_kernel_set = {
    .abi = HV_ABI, .n_rows = 1, .name = "smoke", .rows = rows};
C
plugin() {
    local -a flags
    read -ra flags < <(pkg-config --define-variable=prefix="$stage/usr" \
        --define-variable=includedir="$stage/usr/include" --cflags hvperf)
    "${CC:-cc}" -std=c11 -O2 -Wall -Wextra -Werror -fPIC -shared -DHV_PLACE=0 \
        "${flags[@]}" -o "$work/pair.so" "$work/pair.c"
}
check "a plugin compiles against the installed header, through pkg-config" plugin
check "it exports hv_kernel_set" grep -q ' hv_kernel_set$' <(nm -D "$work/pair.so" 2>&1)
check "hvperf.pc has the version" test "$(pkg-config --modversion hvperf)" = "$(cat VERSION)"

check "make uninstall" into uninstall
silent "uninstall leaves no file" find "$stage" -not -type d
silent "uninstall leaves no folder of ours" find "$stage" -type d -name 'hvperf*'
