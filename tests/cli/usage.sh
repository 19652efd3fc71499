#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Bad usage and bad surroundings: a clear error, the right exit code, nothing lost.
set -u
. tests/tap.sh

: "${HVPERF:?}"
chmod 777 "$work"
cd "$work" || exit 1

# refuses CODE WORDS ARGUMENTS...
refuses() {
    local code=$1 words=$2
    shift 2
    "$HVPERF" "$@" >out 2>err </dev/null
    local got=$?
    check "$*: exit code $code" test $got = "$code"
    check "$*: says \"$words\"" grep -q -- "$words" err
}

refuses 2 'unknown option --bogus' --bogus
refuses 2 'unknown option' -Z
refuses 2 'wants an argument' --pairs
refuses 2 'unknown command "frobnicate"' frobnicate
refuses 2 'unexpected argument' run twice
refuses 2 'unknown pair "nope"; there are .*bind' --pairs nope
refuses 2 'unknown pair ""' --pairs bind,
refuses 2 'unknown ISA "mmx"' --isa mmx
refuses 2 '--budget -1' --budget -1
refuses 2 '--budget 0' --budget 0
refuses 2 '--budget 10h' --budget 10h
refuses 2 '--budget nan' --budget nan
refuses 2 '--budget 0x10' --budget 0x10
refuses 2 '--precision 0' --precision 0
refuses 2 '--precision 200%' --precision 200%
refuses 2 '--layouts 3' --layouts 3
refuses 2 '--dim 100' --dim 100
refuses 2 '--seed -1' --seed -1
refuses 2 '--cpu 4095' --cpu 4095
refuses 2 '--backend zero' --backend zero
refuses 2 'format' --format pdf
refuses 2 'no-such-event' --pairs bind -e no-such-event
refuses 2 'cannot open plugin' --kernels ./missing.so
echo 'not a shared object' >text.so
refuses 2 'no shared object' --kernels ./text.so
refuses 2 'no regular file' --kernels /dev
refuses 2 'report wants DUMP' report
refuses 2 'missing.json' report missing.json
silent 'nothing was written' find . -name 'hvperf-*'

"$HVPERF" --help >out 2>err
check '--help: exit code 0' test $? = 0
check '--help goes to stdout, with examples' grep -q '^examples' out
silent '--help says nothing on stderr' cat err
check '--help fits 100 columns' awk 'length > 100 {exit 1}' out
"$HVPERF" list >out
check 'list fits 100 columns' awk 'length > 100 {exit 1}' out
"$HVPERF" doctor >out
check 'doctor ends with 0' test $? = 0

if [ -w /dev/full ]; then
    "$HVPERF" --help >/dev/full 2>err
    check '/dev/full: exit code 1' test $? = 1
    check '/dev/full: says so' grep -q 'cannot write' err
    "$HVPERF" --pairs control_equal --budget 100ms --no-progress -o . >/dev/full 2>err
    check '/dev/full: a run ends with 1' test $? = 1
    check '/dev/full: what was measured is in the dump' jq -e .raw_sha256 hvperf-counters.json
    rm -f hvperf-*
fi
refuses 2 'no/such/folder' --pairs bind -o no/such/folder
refuses 2 'unknown pair' --pairs nope -o never
check 'a refused run makes no folder' test ! -e never
if [ "$(id -u)" != 0 ]; then
    mkdir closed && chmod 500 closed
    refuses 2 'closed' --pairs bind -o closed
else
    skip 'an unwritable folder' 'root may write everywhere'
fi
