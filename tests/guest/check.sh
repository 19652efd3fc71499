#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# hvperf where there is a PMU: in emulated AArch64 machines. Instructions are exact there;
# cycles are 2^shift a instruction, and no cache event is emulated.
# shellcheck disable=SC2016  # $ is jq's
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/tap.sh

hvperf=${1:-build/aarch64/hvperf}
mark=DUMP

# machine NAME COMMANDS [QEMU-OPTION]...: its console in $work/NAME, dumps it prints in
# $work/NAME.json
machine() {
    local name=$1
    shift
    tests/guest/boot.sh "$hvperf" "$@" >"$work/$name" || return
    sed -n "/^$mark\$/,/^$mark-END\$/{/^$mark/!p;}" "$work/$name" >"$work/$name.json"
}

# A dump goes over the console, a line at a time.
run="hvperf --counters --pairs bind --budget 1s --layouts 8 --no-progress -o /tmp >/tmp/text 2>&1
code=\$?
echo $mark
cat /tmp/hvperf-counters.json
echo $mark-END
cat /tmp/text
(exit \$code)"

# holds TEXT NAME FILTER: of the dump of that machine
holds() {
    check "$1" jq -s -e "
        def figure(\$arm; \$name): .pairs[0].arms[\$arm].figures[\$name];
        def both(f): [\"baseline\", \"candidate\"] | map(f) | all;
        .[0] | ($3)" "$work/$2.json"
}

says() {
    check "$1" grep -E "$3" "$work/$2"
}

# ---- a PMU that is known, exact in instructions
check 'Neoverse N1: a run' machine n1 "$run"
holds 'instructions are measured' n1 \
    '. as $d | both(. as $arm | $d | figure($arm; "instructions").provenance == "measured")'
# What a call takes beside its iterations is in the measured figure: some 10 of 200,000.
holds '... as many as were traced' n1 \
    '. as $d | both(. as $arm | $d | figure($arm; "instructions") | .value as $measured |
        [.witnesses[] | select(.provenance == "traced").value] |
        length == 1 and all(. == ($measured | round) and $measured / . - 1 < 0.0002))'
holds 'copied bytes are traced: 512 and 0' n1 \
    'figure("baseline"; "memcpy_bytes") as $b | figure("candidate"; "memcpy_bytes") as $c |
        $b.provenance == "traced" and $b.value == 512 and
        $c.provenance == "traced" and $c.value == 0'
holds 'L1 misses are modelled, not counted by an event that counts nothing' n1 \
    '. as $d | both(. as $arm | $d | figure($arm; "l1d_misses").provenance == "modelled")'

# ---- what is counted dead, and what nothing moves
events='hvperf --counters -e r04,r3ff --pairs bind --budget 1s --layouts 8 --no-progress \
    -o /tmp >/tmp/text 2>&1
'
check 'events that nothing moves: a run' machine dead "$events${run#*$'\n'}"
holds 'none of them is shown as a number' dead \
    '[.pairs[0].arms[].figures | .r04, .r3ff] | length == 4 and
        all(.provenance == "absent" and .value == null)'
holds '... and each says why' dead \
    '[.pairs[0].arms[].figures | .r04.why, .r3ff.why] |
        all(test("dead|not believed"))'

# ---- no PMU at all
check 'no PMU: a run' machine off "$run" -cpu neoverse-n1,pmu=off -icount shift=0
holds 'instructions are traced' off \
    '. as $d | both(. as $arm | $d | figure($arm; "instructions").provenance == "traced")'

# ---- a CPU that libpfm4 does not know, and one that does not count instructions
check 'Cortex-A76: a run' machine a76 "$run" -cpu cortex-a76 -icount shift=0
holds 'instructions are measured without a native name' a76 \
    '. as $d | both(. as $arm | $d | figure($arm; "instructions").provenance == "measured")'
check 'no instruction counter: a run' machine noicount "$run" -cpu neoverse-n1
holds 'instructions are traced, not 0' noicount \
    '. as $d | both(. as $arm | $d | figure($arm; "instructions") |
        .provenance == "traced" and .value > 0)'

# ---- an ordinary user
user="for level in 3 2 1; do
    echo \$level >/proc/sys/kernel/perf_event_paranoid
    echo \"paranoid \$level\"
    su nobody -s /bin/sh -c 'hvperf doctor'
done
true"
check 'an ordinary user: doctor at three levels' machine user "$user"
says 'level 3 forbids all counting' user '^ +level 3'
says 'level 2 and 1 let user space be counted' user '^ok +perf_event_paranoid'
