#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# `hvperf verify`: exit code 0 for what a run wrote, 1 for anything changed, 2 for what is
# no dump. Every leaf in turn is for tests/unit/test_verify_mutations.c.
# shellcheck disable=SC2016  # $ is sed's last line
set -u
. tests/tap.sh

: "${HVPERF:?}"
chmod 777 "$work"
dump=$work/hvperf-counters.json
report=$work/hvperf-report.md

verify() {
    "$HVPERF" verify "$@" >"$work/out" 2>"$work/err" </dev/null
}

# answers CODE WORDS ARGUMENTS...: 0 tells on stdout, everything else on stderr
answers() {
    local code=$1 words=$2 told=$work/err silent=$work/out
    shift 2
    verify "$@"
    local got=$?
    [ "$code" = 0 ] && told=$work/out silent=$work/err
    if [ $got != "$code" ] || [ -s "$silent" ] || ! grep -qF -- "$words" "$told"; then
        echo "exit code $got"
        cat "$work/out" "$work/err"
        return 1
    fi
}

# edited FILE SED-SCRIPT: a changed copy in $work/edited
edited() {
    sed "$2" "$1" >"$work/edited"
    if cmp -s "$1" "$work/edited"; then
        echo "the edit changed nothing: $2"
        return 1
    fi
}

dump_edit() {
    edited "$dump" "$1" && answers 1 "$2" "$work/edited"
}

report_edit() {
    edited "$report" "$1" && answers 1 "$2" "$dump" "$work/edited"
}

from_stdin() {
    "$HVPERF" verify - "$report" <"$dump" && "$HVPERF" verify "$dump" - <"$report"
}

"$HVPERF" --counters --pairs control_equal --budget 200ms --no-progress -o "$work" \
    >"$work/text" 2>"$work/err"
check 'a run to look at' test -s "$report"
check 'a dump verifies' answers 0 'verified: 1 pair, ' "$dump"
check 'with its report' answers 0 'the report, as markdown' "$dump" "$report"
check 'with what stdout got' answers 0 'the report, as text' "$dump" "$work/text"
"$HVPERF" report "$dump" --format csv >"$work/csv"
check 'with a csv of it' answers 0 'the report, as csv' "$dump" "$work/csv"
LC_ALL=C "$HVPERF" report "$dump" >"$work/ascii"
check 'with an ASCII text of it' answers 0 'the report, as text' "$dump" "$work/ascii"
check 'either through standard input' from_stdin
check 'the report names the dump as sha256sum does' \
    sh -c 'grep -qF "$(sha256sum <"$1" | cut -d " " -f 1)" "$2"' sh "$dump" "$report"

check 'a changed figure is named' \
    dump_edit '/"figures"/,$s/"value": \([1-9]\)/"value": 7\1/' '.value: the dump says '
check 'a changed verdict is named' \
    dump_edit '/"checklist"/,$s/"verdict": "UNDECIDED"/"verdict": "REFUTED"/' \
    'checklist[0].verdict: the dump says "REFUTED", the raw data give "'
check 'a changed sentence is named' \
    dump_edit '/"checklist"/,$s/"because": "/&x/' 'checklist[0].because: the dump says "x'
check 'a changed sample is told' dump_edit '0,/"ticks": \[/s//&1/' 'raw_sha256 is '
check 'a changed setting is told' dump_edit 's/"seed": 42/"seed": 43/' 'raw_sha256 is '
check 'an added member is named' \
    dump_edit '1s/{/{"more": 1,/' 'more: the dump says 1, the raw data give nothing'
check 'a blank is told' dump_edit '2s/^/ /' 'escapes): line 2'
check 'a changed line of the report is named' \
    report_edit '3s/Hyp/hyp/' 'line 3: found "## hypothesis Verification", expected "## H'
check 'a lost line of the report is told' report_edit '5d' 'as markdown, line 5: '
check 'an added line of the report is told' report_edit '$s/$/\nTrust me./' 'Trust me.'
check 'the report of another dump is told' \
    answers 1 'does not name this dump' "$dump" tests/data/sample.md
check 'a made-up result is told, and how much of it' \
    answers 1 'members differ in all' tests/data/sample.json
check 'and that another version made it' \
    grep -q 'made by hvperf 0.0.0-test' "$work/err"

check 'no dump: 2' answers 2 'no dump of hvperf' docs/hvperf-dump.schema.json
check 'a truncated dump: 2' answers 2 'cannot use the dump' <(head -c 5000 "$dump")
check 'a missing dump: 2' answers 2 'No such file' "$work/none.json"
check 'a missing report: 2' answers 2 'No such file' "$dump" "$work/none.md"
check 'no operand: 2' answers 2 'verify wants DUMP'
check 'too many operands: 2' answers 2 'unexpected argument "c"' a b c
check 'one standard input for two: 2' answers 2 'only one of' - -
check 'an endless report: 2' answers 2 'more than 64 MiB' "$dump" /dev/zero
