#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The main job on this machine: the contract's shape, whatever the figures.
set -u
. tests/tap.sh

: "${HVPERF:?}"
chmod 777 "$work"
dump=$work/hvperf-counters.json

# Whatever a run was asked for, its dump, report and output must verify.
run() {
    local code
    "$HVPERF" --no-progress -o "$work" "$@" >"$work/out" 2>"$work/err"
    code=$?
    verifies "$dump" "$work/hvperf-report.md" "$@"
    verifies "$dump" "$work/out" "$@"
    return $code
}
# verifies DUMP REPORT: what does not is kept in $work/unverified
verifies() {
    "$HVPERF" verify "$1" "$2" >/dev/null 2>"$work/why" ||
        { echo "$*" && cat "$work/why"; } >>"$work/unverified"
}

run --counters --quick
check 'hvperf --counters --quick ends with 0' test $? = 0
check 'five pairs, in order' jq -e '[.pairs[].name] ==
    ["bind","batch_1000","allocation","stack_vs_heap","consciousness_cycle"]' "$dump"
check 'four counters each, with provenance; absent ones null and with a reason' jq -e '
    [.pairs[].arms[] | .figures | .cycles, .instructions, .l1d_misses, .memcpy_bytes] |
    length == 40 and all(.provenance != null and
    (if .provenance == "absent" then .value == null and (.why | length > 0)
     else (.value | type) == "number" and (.source | length > 0) end))' "$dump"
check 'every other figure too' jq -e '
    [.pairs[].arms[].figures[]] | all(
    if .provenance == "absent" then .value == null and (.why | length > 0)
    else (.value | type) == "number" and (.source | length > 0) end)' "$dump"
check 'a contended pair has no quiet speedup' jq -e '
    .pairs | all(if .state == "contended" then .speedup == null else true end)' "$dump"
check 'at most 600000 samples and probes' jq -e '
    [.pairs[] | .arms[].samples, .layouts | .. | arrays |
     select(length > 0 and (.[0] | type) == "number") | length] | add <= 600000' "$dump"
check 'twelve checklist items' jq -e '.checklist | length >= 12' "$dump"
check 'the report is written' test -s "$work/hvperf-report.md"
check 'the terminal text fits 100 columns' test "$(LC_ALL=C.UTF-8 wc -L <"$work/out")" -le 100
silent 'no colour without a terminal' grep $'\033' "$work/out"

for format in text markdown csv; do
    check "report --format $format ends with 0" \
        "$HVPERF" report "$dump" --format "$format"
done
"$HVPERF" report "$dump" --format markdown >"$work/again"
check 'the dump alone gives the same report' cmp "$work/again" "$work/hvperf-report.md"
"$HVPERF" report - <"$dump" >"$work/again"
check 'and the same text' cmp "$work/again" "$work/out"

"$HVPERF" --no-progress --pairs control_equal --budget 100ms -o "$work/new" >"$work/out" 2>&1
check '-o makes the folder it names' test -s "$work/new/hvperf-report.md"
run --pairs bind --isa all --budget 100ms
check '--isa all measures each ISA this CPU has' test "$(jq '.pairs | length' "$dump")" = \
    "$("$HVPERF" list | awk '/^ISAs/ {on = 1; next} /^$/ {on = 0} on && $2 == "yes"' | wc -l)"
run --pairs bind --dim 16384 --budget 200ms
check '--dim 16384 works' jq -e '.pairs[0].failure == null and .settings.dim_bits == 16384' "$dump"
run --pairs bind,allocation --aa --budget 200ms
check '--aa: no prediction, no decision' jq -e '
    (.pairs | all(.failure == null and .prediction.verdict == "UNDECIDED")) and
    .decision.scenario == "undecided"' "$dump"
check '--aa: the second copy has its own address' jq -e '
    .pairs[0].arms | .baseline.code_sha256 == .candidate.code_sha256 or
    .baseline.code_sha256 == null' "$dump"
right='cycles=right:900000,instructions=right:400000'
HV_FAKE="$right,l1d_misses=unscheduled" run --counters --pairs bind --budget 100ms --backend fake
check 'an event that never ran is not 0: modelled, or absent with its reason' jq -e '
    .pairs[0].arms.baseline.figures.l1d_misses | .provenance == "modelled" or
    (.value == null and (.why | test("not counted")))' "$dump"
HV_FAKE="$right,l1d_misses=right:3" run --counters --pairs bind --budget 100ms --backend fake
check 'events that pass their control are measured' jq -e '
    (.controls | map(select(.name | startswith("event:"))) | length == 3 and
     all(.passed and .got == .expected and .got_doubled == 2 * .got)) and
    (.pairs[0].arms.baseline.figures | .instructions.provenance == "measured" and
     .cycles.provenance == "measured" and .l1d_misses.provenance == "measured")' "$dump"
HV_FAKE="$right,l1d_misses=dead" run --counters --pairs bind --budget 100ms --backend fake
check 'a dead event is not 0: modelled, or absent with the words' jq -e '
    (.pairs[0].arms.baseline.figures.l1d_misses | .provenance == "modelled" or
     (.value == null and (.why | test("counted nothing where 8192 L1D refills were made")))) and
    ([.pairs[0].counters[].events[] | select(.figure == "l1d_misses").qualification] == ["dead"]) and
    (.controls | any(.name == "event:l1d_misses" and .got == 0 and (.passed | not)))' "$dump"
HV_FAKE='cycles=biased:1.5:900000,instructions=right:400000,l1d_misses=right:3' \
    run --counters --pairs bind --budget 100ms --backend fake
check 'a biased event tells its factor and measures nothing' jq -e '
    (.pairs[0].arms.baseline.figures.cycles.provenance == "estimated") and
    ([.pairs[0].counters[].events[] | select(.figure == "cycles")] |
     all(.qualification == "biased" and .factor == 1.5)) and
    (.pairs[0].warnings | any(.id == "biased_event"))' "$dump"
HV_FAKE="$right,l1d_misses=right:3,r3ff=0,r3fe=5" \
    run --counters -e r3ff,r3fe --pairs bind --budget 100ms --backend fake
check 'what read 0 in all controls is not believed, what moved is a hint' jq -e '
    .pairs[0].arms.baseline.figures | .r3ff.value == null and
    (.r3ff.why | test("read 0 in all controls: not believed")) and
    .r3fe.provenance == "estimated"' "$dump"
HV_FAKE='cycles=unscheduled,instructions=unscheduled' \
    run --counters --pairs bind --budget 100ms --backend fake
check 'a control whose event never ran did not run, and got nothing' jq -e '
    .controls | map(select(.name | startswith("event:"))) | length == 3 and
    all(.got == null and (.why | test("not counted|not supported")))' "$dump"
run --counters --pairs bind --budget 100ms --backend none
check 'without counters: cycles are estimated' jq -e '
    .pairs[0].arms.baseline.figures.cycles.provenance == "estimated"' "$dump"

touch "$work/unverified"
silent 'every dump so far verifies, with its report and the text' cat "$work/unverified"

if [ "$(id -u)" = 0 ]; then
    chmod 755 "$work" && mkdir "$work/user" && chmod 777 "$work/user"
    cp "$HVPERF" "$work/hvu" && chmod 755 "$work/hvu"
    (cd / && setpriv --reuid=65534 --regid=65534 --clear-groups "$work/hvu" --counters \
        --pairs bind --budget 100ms --no-progress -o "$work/user" >"$work/out" 2>&1)
    check 'an ordinary user: the same command works' test $? = 0
    check 'an ordinary user: and says what could not be opened' \
        jq -e '.pairs[0].arms.baseline.figures.instructions |
            .value != null or (.why | length > 0)' "$work/user/hvperf-counters.json"
fi
