#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs test programs that speak TAP, one line each; the last line sums up the cases.
#
#   tests/run.sh PROGRAM...      (`make check` names them all)
#
# A program fails, besides its `not ok` lines, when it ends with an error or a signal
# that no `not ok` explains, runs out of time, prints fewer cases than its plan, or none.
# Environment: HVPERF (the tool under test), TEST_TIMEOUT (seconds a program, 600),
# HV_UNDER (a command that runs programs of another architecture).
set -u
export PATH="${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}"
cd "$(dirname "$0")/.." || exit 1

BUILD=${BUILD:-build}
HVPERF=${HVPERF:-$PWD/$BUILD/hvperf}
limit=${TEST_TIMEOUT:-600}
slow=5 # seconds that are worth telling
export BUILD HVPERF LC_ALL=C.UTF-8 CMOCKA_MESSAGE_OUTPUT=TAP
export CC=${CC:-cc}
# What the caller's terminal and habits say must not change a result.
unset NO_COLOR COLUMNS LANG LANGUAGE CDPATH GREP_OPTIONS TZ CMOCKA_XML_FILE
export ASAN_OPTIONS=${ASAN_OPTIONS:-strict_string_checks=1:detect_stack_use_after_return=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1:halt_on_error=1}

work=$(mktemp -d) || exit 1
chmod 755 "$work"
mkdir -m 1777 "$work/tmp" || exit 1
export TMPDIR=$work/tmp # what a killed test leaves behind goes with it
child=
stop() {
    [ -z "$child" ] || kill -TERM "$child" 2>/dev/null
    rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT TERM HUP

passed=0 failed=0 skipped=0
declare -a bad=()

# Counts the cases of a log: "passed failed skipped planned". cmocka 1.1.5 prints a
# skipped case as `not ok`; a program that is skipped as a whole counts as one.
count() {
    awk '
        /^(ok([ \t].*)?|not ok [0-9]+ )#[ \t]*SKIP/ { skipped++; next }
        /^ok([ \t]|$)/     { passed++; next }
        /^not ok([ \t]|$)/ { failed++; next }
        /^1\.\.0[ \t]*# *SKIP/ { skipped++; next }
        /^1\.\.[0-9]+/     { planned += substr($1, 4) }
        END { print passed + 0, failed + 0, skipped + 0, planned + 0 }' "$1"
}

# What a program did wrong beyond its `not ok` lines; nothing when all is well.
fault() {
    local rc=$1 ok=$2 not_ok=$3 skip=$4 planned=$5
    if [ "$rc" -eq 124 ] || [ "$rc" -eq 137 ]; then
        echo "stopped after $limit s"
    elif [ "$rc" -gt 128 ]; then
        echo "died of SIG$(kill -l $((rc - 128)) 2>/dev/null || echo "NAL $((rc - 128))")"
    elif [ $((ok + not_ok + skip)) -eq 0 ]; then
        echo "printed no test (exit code $rc)"
    elif [ "$planned" -gt 0 ] && [ "$planned" -ne $((ok + not_ok + skip)) ]; then
        echo "planned $planned tests, printed $((ok + not_ok + skip))"
    elif [ "$rc" -ne 0 ] && [ "$not_ok" -eq 0 ]; then
        echo "exit code $rc though no test failed"
    fi
}

words() {
    printf '%s passed' "$1"
    [ "$2" -eq 0 ] || printf ', %s failed' "$2"
    [ "$3" -eq 0 ] || printf ', %s skipped' "$3"
}

run() {
    local program=$1 name log=$work/log rc ok not_ok skip planned wrong mark
    local began=$SECONDS took
    name=${program#"$BUILD"/}
    case $program in */*) ;; *) program=./$program ;; esac
    # shellcheck disable=SC2086  # words: an emulator and its options
    timeout -k 10 "$limit" ${HV_UNDER:-} "$program" </dev/null >"$log" 2>&1 &
    child=$!
    wait "$child" 2>/dev/null
    rc=$?
    child=
    read -r ok not_ok skip planned < <(count "$log")
    wrong=$(fault "$rc" "$ok" "$not_ok" "$skip" "$planned")
    [ -z "$wrong" ] || not_ok=$((not_ok + 1))
    passed=$((passed + ok)) failed=$((failed + not_ok)) skipped=$((skipped + skip))
    mark=ok
    [ "$not_ok" -eq 0 ] || mark=FAIL
    took=$((SECONDS - began))
    [ "$took" -ge "$slow" ] && took=", $took s" || took=
    printf '%-4s  %-36s  %s%s%s\n' "$mark" "$name" "$(words "$ok" "$not_ok" "$skip")" \
        "$took" "${wrong:+ ($wrong)}"
    if [ "$not_ok" -ne 0 ]; then
        bad+=("$name")
        grep -vE '^ok( |$)' "$log" | tail -n 200 | sed 's/^/      | /'
    else
        grep -E '^((not )?ok.*|1\.\.0[[:space:]]*)# *SKIP' "$log" | sed 's/^/      /'
    fi
}

for program in "$@"; do
    run "$program"
done

if [ "${#bad[@]}" -ne 0 ]; then
    printf '\nfailed:\n'
    printf '  %s\n' "${bad[@]}"
fi
echo "$(words "$passed" 0 0), $failed failed$([ "$skipped" -eq 0 ] || echo ", $skipped skipped")"
[ "$failed" -eq 0 ] && [ "$#" -ne 0 ]
