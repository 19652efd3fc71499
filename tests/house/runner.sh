#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# tests/run.sh itself: what it counts, and that no way of failing goes unseen.
. tests/tap.sh

program() {
    printf '#!/bin/sh\n%s\n' "$2" >"$work/$1"
    chmod +x "$work/$1"
}

# expect TEXT LAST-LINE EXIT-CODE PROGRAM...
expect() {
    local text=$1 last=$2 code=$3
    shift 3
    TEST_TIMEOUT=1 tests/run.sh "${@/#/$work/}" >"$work/out" 2>&1
    local rc=$?
    if [ "$(tail -n 1 "$work/out")" = "$last" ] && [ "$rc" -eq "$code" ]; then
        ok "$text"
    else
        echo "exit code $rc, expected $code and: $last" >>"$work/out"
        not_ok "$text" "$work/out"
    fi
}

program good 'echo 1..2; echo "ok 1 - a"; echo "ok 2 - b"'
program skips 'echo "ok - a"; echo "ok - b # SKIP no PMU"'
program cmocka_skips 'echo 1..2; echo "ok 1 - a"; echo "not ok 2 # SKIP b"'
program skips_all 'echo "1..0 # SKIP nothing here"'
program plans_none 'echo 1..0'
program bad 'echo "ok - a"; echo "not ok - b"; exit 1'
program quiet_bad 'echo "ok - a"; exit 3'
program signal 'echo "ok - a"; kill -SEGV $$'
program bad_signal 'echo "not ok - a"; kill -ABRT $$'
program hang 'echo "ok - a"; exec sleep 20'
program mute ':'
program short 'echo 1..3; echo "ok 1 - a"'
program talk 'echo "# not ok - comment"; echo "okay"; echo "ok - a"'

expect "all well" "2 passed, 0 failed" 0 good
expect "several programs add up" "4 passed, 0 failed, 1 skipped" 0 good skips talk
expect "a skip of cmocka is no failure" "1 passed, 0 failed, 1 skipped" 0 cmocka_skips
expect "a program that skips all is one skip" "2 passed, 0 failed, 1 skipped" 0 good skips_all
expect "a plan of none without a reason" "0 passed, 1 failed" 1 plans_none
expect "a failed case" "1 passed, 1 failed" 1 bad
expect "an exit code that no case explains" "1 passed, 1 failed" 1 quiet_bad
expect "a signal" "1 passed, 1 failed" 1 signal
expect "a failed case, then a signal" "0 passed, 2 failed" 1 bad_signal
expect "a program out of time" "1 passed, 1 failed" 1 hang
expect "no case at all" "0 passed, 1 failed" 1 mute
expect "fewer cases than planned" "1 passed, 1 failed" 1 short
expect "a program that is not there" "0 passed, 1 failed" 1 nowhere
expect "no program" "0 passed, 0 failed" 1
expect "the others still run after a failure" "3 passed, 1 failed" 1 bad good

check "an empty environment will do" env -i "$PWD/tests/run.sh" "$work/good"
check "an unknown locale will do" env LC_ALL=xx_YY.odd tests/run.sh "$work/good"
