#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Kernels that crash, hang, exit, lie: the tool outlives each, says which arm and where,
# writes what the other pairs gave, and ends with 1.
set -u
. tests/tap.sh

: "${HVPERF:?}" "${CC:=cc}"
chmod 755 "$work"
"$CC" -std=c11 -O1 -fPIC -shared -Ikernels -o "$work/hostile.so" tests/plugins/hostile.c ||
    exit 1

# misbehave HOW WORDS: exit code 1 and the words on stderr
misbehave() {
    rm -rf "$work/dump" && mkdir "$work/dump" && chmod 777 "$work/dump"
    HVPERF_TEST_HOSTILE=$1 timeout 60 "$HVPERF" --kernels "$work/hostile.so" \
        --pairs hostile,control_equal --budget 100ms --no-progress --hang 1s \
        -o "$work/dump" >"$work/out" 2>"$work/err"
    local code=$?
    check "$1: exit code 1" test $code = 1
    check "$1: says \"$2\"" grep -q "$2" "$work/err" || cat "$work/err"
    check "$1: the other pair was measured, the dump is whole" \
        jq -e '.pairs | length == 2 and any(.state == "failed" and .speedup == null) and
            any(.name == "control_equal" and .failure == null)' \
        "$work/dump/hvperf-counters.json"
    check "$1: dump and report verify" "$HVPERF" verify \
        "$work/dump/hvperf-counters.json" "$work/dump/hvperf-report.md"
    check "$1: the report names it" grep -q hostile "$work/dump/hvperf-report.md"
}

misbehave crash 'baseline arm.*SIGSEGV.*entry + 0x'
misbehave abort 'SIGABRT'
misbehave exit 'ended with code 0 before its job was done: the baseline arm'
misbehave hang 'hung: the baseline arm.*entry + 0x'
misbehave hang_deaf 'hung: the baseline arm.*killed'
misbehave wrong 'different results'
misbehave setup_fails 'setup failed: Cannot allocate memory'
misbehave nonsense 'no hvperf worker sends'
misbehave greet 'no hvperf worker sends'
misbehave be_done 'no hvperf worker sends'

# Nothing of the surroundings may hang it either.
surrounded() {
    rm -rf "$work/dump" && mkdir "$work/dump" && chmod 777 "$work/dump"
    timeout 60 "$@" --pairs control_equal --budget 100ms --no-progress -o "$work/dump" \
        >"$work/out" 2>"$work/err" && jq -e .raw_sha256 "$work/dump/hvperf-counters.json"
}
check 'SIGCHLD ignored by whoever started it' surrounded python3 -c '
import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execv(sys.argv[1], sys.argv[1:])' "$HVPERF"
# shellcheck disable=SC2016  # for the inner shell
{
    check 'standard descriptors closed' surrounded bash -c '"$@" <&- >&- 2>&-' - "$HVPERF"
    check 'few descriptors allowed' surrounded bash -c 'ulimit -n 24; "$@"' - "$HVPERF"
    check 'SIGHUP ignored (nohup) stays ignored' surrounded bash -c '
        trap "" HUP; "$@" & sleep 0.3; kill -HUP $!; wait $!' - "$HVPERF"
}

rm -rf "$work/dump" && mkdir "$work/dump" && chmod 777 "$work/dump"
(ulimit -f 8 && "$HVPERF" --pairs control_equal --budget 100ms --no-progress \
    -o "$work/dump" >"$work/out" 2>"$work/err")
check 'a dump too large for the system: exit code 1' test $? = 1
check 'a dump too large: stdout has the figures all the same' grep -q control_equal "$work/out"
check 'a dump too large: stderr says so' grep -q 'File too large' "$work/err"
