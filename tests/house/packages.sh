#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# scripts/: what they install, when they ask for root, how check.sh sums up. The tools
# of the system are played by small programs of ours.
. tests/tap.sh

real=$work/real     # links to the tools that the scripts may use as they are
played=$work/played # ours; a folder without links, so that nothing is written through one
mkdir -p "$real" "$played" "$work/tree/scripts" "$work/tree/build" "$work/elsewhere"
cp scripts/*.sh "$work/tree/scripts"
for name in bash sh env cat dirname mktemp rm tee grep sed awk tail realpath stat nproc mkdir touch mv; do
    ln -s "$(type -P "$name")" "$real/$name"
done

play() {
    printf '#!%s\n%s\n' "$(type -P bash)" "$2" >"$played/$1" && chmod +x "$played/$1"
}
# Everything is logged to $work/calls; packages named in $work/missing are not installed,
# until apt-get install says that they are.
play dpkg-query "grep -qx \"\${!#}\" $work/missing && exit 1; printf 'ii '"
play apt-get "echo apt-get \"\$@\" >>$work/calls
[ -s $work/fail ] && { sed -i 1d $work/fail; exit 100; }
exit 0"
play sleep ":"
play make "echo make \"\$@\" >>$work/calls; cat $work/make-says; exit \$(cat $work/make-rc)"
as_user() { play id 'echo 1000'; }
as_root() { play id 'echo 0'; }
sudo_there() { play sudo "echo sudo >>$work/calls; exec \"\$@\""; }
no_sudo() { rm -f "$played/sudo"; }

# reset MISSING FAILURES-OF-APT
reset() {
    : >"$work/calls"
    tr ' ' '\n' <<<"$1" >"$work/missing"
    : >"$work/fail"
    for ((i = 0; i < $2; i++)); do echo x >>"$work/fail"; done
    echo "3 passed, 0 failed" >"$work/make-says"
    echo 0 >"$work/make-rc"
}
# The script from another folder, on these tools alone.
script() {
    (cd "$work/elsewhere" && env -i PATH="$played:$real" HOME=/ "$@") >"$work/out" 2>&1
}
checks() { script "$work/tree/scripts/check.sh" gcc; }
called() { grep -cE -- "$1" "$work/calls"; }
fails() { ! "$@"; }

as_user
sudo_there
reset "" 0
check "nothing missing: check.sh passes" checks
check "... and calls neither sudo nor apt-get" fails grep -qE 'sudo|apt-get' "$work/calls"

reset "libelf-dev shellcheck" 0
check "two packages missing, a user with sudo" checks
check "... installs exactly these, through sudo" \
    grep -qE 'install .*libelf-dev shellcheck$' "$work/calls"
check "... calls sudo once" test "$(called '^sudo')" -eq 1
check "... and does not refresh the lists" fails grep -q update "$work/calls"

no_sudo
reset "libelf-dev" 0
check "a user without sudo: an error" fails checks
check "... that names the package and the command" \
    grep -q 'as root, run: apt-get install libelf-dev' "$work/out"
check "... and nothing was built" fails grep -q '^make' "$work/calls"

as_root
reset "libelf-dev" 0
check "root without sudo installs" checks
check "... by itself" grep -q '^apt-get.*install' "$work/calls"

reset "libelf-dev" 1
check "the first install fails: lists are refreshed, then it works" checks
check "... with one update" test "$(called update)" -eq 1
reset "libelf-dev" 2
check "the update fails too: tried once more" checks
reset "libelf-dev" 9
check "apt-get never works: an error" fails checks
check "... that says so" grep -q 'could not install: libelf-dev' "$work/out"

reset "gcc-aarch64-linux-gnu" 9
check "nothing to be had for AArch64: the rest is checked all the same" checks
check "... and it is said" grep -q 'nothing will be tested for AArch64' "$work/out"

reset "" 0
last() { [ "$(tail -n 1 "$work/out")" = "$1" ] || { cat "$work/out"; return 1; }; }
printf 'x\n2 passed, 0 failed, 1 skipped\n' >"$work/make-says"
script "$work/tree/scripts/check.sh" gcc clang
check "check.sh adds up its steps" last "4 passed, 0 failed, 2 skipped"
printf '2 passed, 0 failed\nx\n40 passed, 0 failed, 1 skipped\n' >"$work/make-says"
checks
check "check.sh adds up a step's parts" last "42 passed, 0 failed, 1 skipped"
printf '12 passed, 3 failed\n' >"$work/make-says"
echo 2 >"$work/make-rc"
check "failed tests fail check.sh" fails checks
check "... with their number" last "12 passed, 3 failed"
echo 'error: no such thing' >"$work/make-says"
check "a build that breaks fails check.sh" fails checks
check "... as one failure" last "0 passed, 1 failed"
echo "7 passed, 0 failed" >"$work/make-says"
check "tests passed, make failed: fails" fails checks
check "... as one more" last "7 passed, 1 failed"
printf '' >"$work/make-says"
echo 0 >"$work/make-rc"
script "$work/tree/scripts/check.sh" lint
check "a clean lint is one test passed" last "1 passed, 0 failed"
check "an unknown step is refused" fails script "$work/tree/scripts/check.sh" nonsense
# what cannot be tested for AArch64 is skipped, by exit code 3
arm64() {
    script "$work/tree/scripts/arm64.sh" "$work/arm64"
    [ $? -eq 3 ] || { cat "$work/out"; return 1; }
}
reset "" 0
check "no cross compiler: exit code 3" arm64
check "... and what to install" grep -q 'install .*gcc-aarch64-linux-gnu' "$work/out"
for name in aarch64-linux-gnu-gcc qemu-aarch64-static qemu-system-aarch64 cpio; do
    play "$name" ''
done
reset "" 9
check "no mirror: exit code 3" arm64
check "... which is said" grep -q 'no mirror could be reached' "$work/out"
check "... and nothing half made is left" fails test -e "$work/arm64/sysroot"

as_user
reset "shellcheck" 0
cat >"$work/tree/build/hvperf" <<E2
#!$(type -P bash)
echo hvperf "\$@" >>$work/calls
while [ \$# -ne 0 ]; do [ "\$1" = -o ] && out=\$2; shift; done
echo report >\${out:-.}/hvperf-report.md
exit 1
E2
chmod +x "$work/tree/build/hvperf"
script "$work/tree/scripts/run.sh" --quick -o "$work"
rc=$?
check "run.sh needs no package of the tests" fails grep -q apt-get "$work/calls"
check "run.sh hands its options on" \
    grep -qx "hvperf --counters --quick -o $work" "$work/calls"
check "... ends with hvperf's exit code" test "$rc" -eq 1
check "... and says where the report is" grep -q "$work/hvperf-report.md" "$work/out"
check "... but not of a dump that was not written" fails grep -q json "$work/out"
script "$work/tree/scripts/run.sh"
check "without -o the report is in the current folder" \
    grep -q "written: $work/elsewhere/hvperf-report.md" "$work/out"
reset "" 0
echo 2 >"$work/make-rc"
check "run.sh stops when the build fails" fails script "$work/tree/scripts/run.sh"
check "... before measuring" fails grep -q '^hvperf' "$work/calls"
