#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# `hvperf report` on good, broken and malicious dumps: an answer or a clear error, with
# the exit codes 0 and 2, and nothing in between.
set -u
. tests/tap.sh

: "${HVPERF:?}"
sample=tests/data/sample.json

report() {
    "$HVPERF" report "$@" >"$work/out" 2>"$work/err"
}

# refused WORDS DUMP: exit code 2, nothing on stdout, the words on stderr
refused() {
    local words=$1
    shift
    report "$@"
    local rc=$?
    if [ $rc -ne 2 ] || [ -s "$work/out" ] || ! grep -qF -- "$words" "$work/err"; then
        echo "exit code $rc"
        cat "$work/err"
        return 1
    fi
}

# renders FORMAT EXPECTED: byte by byte
renders() {
    report --format "$1" "$sample" && cmp "$work/out" "tests/data/$2"
}

# edited SED-SCRIPT WORDS: what an edited dump is refused with
edited() {
    sed "$1" "$sample" >"$work/edited.json"
    if cmp -s "$sample" "$work/edited.json"; then
        echo "the edit changed nothing: $1"
        return 1
    fi
    refused "$2" "$work/edited.json"
}

from_stdin() {
    "$HVPERF" report --format csv - <"$sample" | cmp - tests/data/sample.csv
}

plain_locale() {
    LC_ALL=C report "$sample" && cmp "$work/out" tests/data/sample.ascii.txt
}

full_disk() {
    "$HVPERF" report "$sample" >/dev/full 2>"$work/err"
    [ $? -eq 1 ] && grep -q 'No space left' "$work/err"
}

truncated() {
    local size cut
    size=$(stat -c %s "$sample")
    for cut in 0 1 100 $((size / 3)) $((size / 2)) $((size - 3)); do
        head -c "$cut" "$sample" >"$work/cut.json"
        refused 'cannot use the dump' "$work/cut.json" || return 1
    done
}

quiet_stderr() {
    edited 's/"state": "quiet"/"state": "\\u001b]0;x\\u0007"/' 'pairs[0].state' &&
        ! grep -q "$(printf '\033')" "$work/err"
}

check 'text equals the expected file' renders text sample.txt
check 'markdown equals the expected file' renders markdown sample.md
check 'csv equals the expected file' renders csv sample.csv
check 'a dump comes through standard input' from_stdin
check 'a locale without UTF-8 gets ASCII' plain_locale
if [ -w /dev/full ]; then
    check 'a full disk is told' full_disk
else
    skip 'a full disk is told' 'no /dev/full'
fi

check 'a missing file is told' refused 'No such file' "$work/none.json"
check 'a folder is told' refused 'Is a directory' "$work"
check 'an empty file is told' refused 'no valid JSON' /dev/null
check 'a truncated dump is told' truncated
check 'an endless file is told' refused 'more than 64 MiB' /dev/zero
check 'another JSON is told' refused 'no dump of hvperf' docs/hvperf-dump.schema.json
check 'a changed sample is told' edited 's/\[40500,/[40501,/' 'raw_sha256'
check 'a wrong type names its place' \
    edited 's/"kept_share": 0.34/"kept_share": "x"/' \
    'pairs[0].kept_share: found "x", expected a number'
check 'a value out of range names its place' \
    edited 's/"granule": 26/"granule": 4294967296/' 'clock.granule: found 4294967296'
check 'a future schema is told' edited 's/"schema": 1/"schema": 2/' 'hvperf.schema is 2'
check 'an error message holds no escape sequence' quiet_stderr
printf '%0.s[' $(seq 100000) >"$work/deep.json"
check 'deep nesting is told' refused 'brackets inside each other' "$work/deep.json"
printf '[%s0]' "$(printf '0,%.0s' $(seq 2200000))" >"$work/many.json"
check 'too many values are told' refused 'more than 2097152 values' "$work/many.json"
