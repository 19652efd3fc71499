#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# hvperf where there is a PMU: in emulated AArch64 machines. Instructions are exact there,
# a cycle is an instruction, and no cache event is emulated.
#
# Environment: those of boot.sh; GUEST_KEEP: a folder for the consoles and dumps.
# shellcheck disable=SC2016  # $ is jq's
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/tap.sh

if ! command -v qemu-system-aarch64 >/dev/null; then
    skip 'emulated machines' 'no qemu-system-aarch64 here: nothing was tested with a PMU'
    exit 0
fi

# ---- machines: they boot side by side, and are asked about afterwards

# machine NAME COMMANDS [QEMU-OPTION]...: its console in $work/NAME, its exit code in
# NAME.code, each dump it prints in NAME.json
machine() {
    local name=$1
    shift
    while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n; done
    {
        tests/guest/boot.sh "$@" >"$work/$name" 2>&1
        echo $? >"$work/$name.code"
        sed -n '/^DUMP$/,/^DUMP-END$/{/^DUMP/!p;}' "$work/$name" >"$work/$name.json"
    } &
}

# A dump goes over the console, a line at a time. A run of --aa makes no experiments and
# takes a third of the time: enough for all that is asked of single figures.
counted() {
    printf '%s\n' "hvperf --counters --pairs bind --budget 1s --layouts 8 --no-progress \
        -o /tmp $* >/tmp/text 2>&1; code=\$?" \
        'echo DUMP; cat /tmp/hvperf-counters.json; echo DUMP-END' \
        'cat /tmp/text; (exit $code)'
}

# Another one has four of the six counters.
held='guest_pmu hold 4 >/tmp/held &
while ! [ -s /tmp/held ]; do sleep 0.1; done'
# What qemu-user cannot run: single steps, perf calls and counters in user space.
units='test_trace_step_aarch64 test_perf test_perf_faults test_perf_hardware test_user_page test_ways'
fast='echo 1 >/proc/sys/kernel/perf_user_access' # counters may be read without a call
as_user="for level in 3 2 1; do
    echo \$level >/proc/sys/kernel/perf_event_paranoid
    echo \"paranoid \$level\"
    su nobody -s /bin/sh -c 'hvperf doctor'
done
true"
user_counts="echo 3 >/proc/sys/kernel/perf_event_paranoid
su nobody -s /bin/sh -c '$(counted --aa | head -n 1 | sed 's/; code=.*//')'; code=\$?
$(counted | tail -n 2)"

machine n1 "$(counted)"
machine fast "$fast
$(counted --aa)"
machine dead "$(counted --aa -e r03,r04,r3ff,armv8_pmuv3/inst_retired/)"
machine held "$held
$(counted --aa -e r08,r1b,r12)"
machine off "$(counted --aa)" -cpu neoverse-n1,pmu=off -icount shift=0
machine a76 "$(counted --aa)" -cpu cortex-a76 -icount shift=2
machine noicount "$(counted --aa)" -cpu neoverse-n1
machine forbidden "$user_counts"
machine user "$as_user"
GUEST_TESTS=$units machine units "$fast
CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT
for test in $units; do \$test || failed=1; done
exit \${failed:-0}"
machine pmu "$fast
guest_pmu"
wait
[ -z "${GUEST_KEEP:-}" ] || cp "$work"/* "$GUEST_KEEP"

ended() {
    local code
    code=$(cat "$work/$2.code")
    if [ "$code" = 0 ]; then ok "$1"; else
        tail -n 40 "$work/$2" >"$work/.ended"
        echo "exit code $code" >>"$work/.ended"
        not_ok "$1" "$work/.ended"
    fi
}

# holds TEXT NAME FILTER: of the dump of that machine
holds() {
    check "$1" jq -s -e "
        def figure(\$arm; \$name): .pairs[0].arms[\$arm].figures[\$name];
        def both(f): [\"baseline\", \"candidate\"] | map(f) | all;
        .[0] | ($3)" "$work/$2.json"
}

# each TEXT NAME FIGURE FILTER: of that figure of both arms
each() {
    holds "$1" "$2" ". as \$d | both(. as \$arm | \$d | figure(\$arm; \"$3\") | $4)"
}

says() {
    check "$1" grep -E "$3" "$work/$2"
}

# ---- the PMU itself: known answers, groups, counters that are gone
ended 'known answers' pmu
sed -n '/^ok - /p; /^not ok - /p' "$work/pmu"
check '... of all of them' test "$(grep -c '^ok - ' "$work/pmu")" = 10

# ---- unit programs that need a kernel of their own
ended 'unit programs' units
sed -n 's/^\(not \)\{0,1\}ok \([0-9]* -\)/\1ok -/p; /^not ok [0-9]* # SKIP/p' "$work/units"
check '... and each of them' test "$(grep -c '^1\.\.[1-9]' "$work/units")" = "$(wc -w <<<"$units")"

# ---- a PMU that is known, exact in instructions
ended 'Neoverse N1: a run' n1
each 'instructions are measured' n1 instructions '.provenance == "measured"'
each 'cycles are measured' n1 cycles '.provenance == "measured"'
# What a call takes beside its iterations is in the measured figure: some 10 of 200,000.
each '... as many as were traced' n1 instructions \
    '.value as $measured | [.witnesses[] | select(.provenance == "traced").value] |
        length == 1 and all(. == ($measured | round) and $measured / . - 1 < 0.0002)'
holds 'copied bytes are traced: 512 and 0' n1 \
    'figure("baseline"; "memcpy_bytes") as $b | figure("candidate"; "memcpy_bytes") as $c |
        $b.provenance == "traced" and $b.value == 512 and
        $c.provenance == "traced" and $c.value == 0'
each 'L1 misses are modelled, and it is said why not measured' n1 l1d_misses \
    '.provenance == "modelled" and (.why | test("^not measured: .*dead"))'
holds 'the controls say which events counted' n1 \
    '[.controls[] | select(.name | startswith("event:")) | {key: .name, value: .passed}] |
        from_entries | .["event:instructions"] and .["event:cycles"] and
        .["event:l1d_misses"] == false'

# ---- the same, read by the user page
reads() {
    holds "$1" "$2" '[.controls[] | select(.name == "counter_reads")] | length == 1 and all('"$3"')'
}
ended 'counters that user space may read: a run' fast
reads 'page and read(2) counted the same' fast '.passed and .expected > 0'
each '... and the counts are taken that way' fast instructions \
    '.provenance == "measured" and (.source | test("user page")) and
        (.value | round) == .witnesses[0].value'
each 'they are calls where it is not offered' n1 instructions \
    '.source | test("read\\(2\\)")'

check 'its dump is recomputed on this machine' "${HVPERF:-build/hvperf}" verify "$work/n1.json"

# ---- what is counted dead, and what nothing moves
ended 'events that nothing moves: a run' dead
holds 'none of them is shown as a number' dead \
    '[.pairs[0].arms[].figures | .r04, .r3ff] | length == 4 and
        all(.provenance == "absent" and .value == null)'
holds '... and each says why' dead \
    '[.pairs[0].arms[].figures | .r04.why, .r3ff.why] |
        all(test("dead|not believed"))'

holds 'a name from sysfs counts' dead \
    '. as $d | both(. as $arm | $d | figure($arm; "armv8_pmuv3/inst_retired/") as $named |
        figure($arm; "instructions") as $plain | $named.provenance == "measured" and
        ($named.value | round) == ($plain.value | round))'

# ---- four of six counters taken: a group of four is too large
ended 'counters that others hold: a run' held
each 'its events are counted in smaller groups' held r08 \
    '.provenance == "measured" and (.value | round) > 0'
each 'what is dead in a smaller group is told as dead' held r12 \
    '.provenance == "absent" and (.why | test("dead"))'

# ---- no PMU at all
ended 'no PMU: a run' off
each 'instructions are traced' off instructions '.provenance == "traced"'

# ---- a CPU that libpfm4 does not know, and of four cycles an instruction
ended 'Cortex-A76: a run' a76
each 'instructions are measured without a native name' a76 instructions \
    '.provenance == "measured" and (.value | round) == .witnesses[0].value'
each 'four cycles for one of the control are no measure' a76 cycles \
    '.provenance == "estimated"'

# ---- one that does not count instructions
ended 'no instruction counter: a run' noicount
each 'instructions are traced, not 0' noicount instructions \
    '.provenance == "traced" and .value > 0'

# ---- an ordinary user
ended 'counting is forbidden: a run' forbidden
each 'instructions are traced' forbidden instructions '.provenance == "traced"'
each '... and it is said why not measured' forbidden instructions \
    '.why | test("^not measured: .*perf_event_paranoid is 3")'
ended 'an ordinary user: doctor at three levels' user
# at LEVEL WORD ROW: doctor's word for that row
at() {
    check "level $1: $3 $2" \
        grep -E "^$2 +$3" <(sed -n "/^paranoid $1\$/,/^paranoid [^$1]/p" "$work/user")
}
at 3 absent 'hardware counters'
at 3 absent 'software counters'
at 3 warn perf_event_paranoid
says 'level 3: it is said what to do' user 'try: sudo sysctl kernel.perf_event_paranoid=2'
at 2 ok 'hardware counters'
at 2 absent 'kernel counting'
at 2 ok perf_event_paranoid
at 1 ok 'hardware counters'
at 1 ok 'kernel counting'
