#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# hvperf trace and inspect on the built-in pairs, and on kernels that misbehave when they
# are traced: reported with the kernel's own address, no orphan, no hang.
set -u
. tests/tap.sh

: "${HVPERF:?}" "${CC:=cc}"
chmod 755 "$work"
if [ "$(uname -m)" != x86_64 ]; then
    skip 'trace' 'written for the code cache, which is for x86-64'
    exit 0
fi

trace() {
    timeout 120 "$HVPERF" trace "$@" --json >"$work/json" 2>"$work/err"
}
# arm ARM FILTER: of the first pair of the JSON
arm() {
    jq -e ".pairs[0].arms.$1 | $2" "$work/json" || {
        jq -c ".pairs[0].arms.$1 | del(.samples)" "$work/json" | cut -c 1-1500
        return 1
    }
}

for pair in bind batch_1000 allocation stack_vs_heap consciousness_cycle; do
    trace "$pair" --budget 50ms
    check "$pair: traced by the code cache, and as stepping sees it" jq -e '
        [.pairs[0].arms[].trace] | length == 2 and
        all(.tracer == "code cache" and .agreed and .compared > 0 and
            (.calls | length) == 3)' "$work/json"
    check "$pair: every figure of the trace is there" jq -e '
        [.pairs[0].arms[].figures | .instructions, .memcpy_bytes, .l1d_misses, .loads,
         .store_bytes] | all(.value != null)' "$work/json"
    check "$pair: no witness contradicts another" jq -e '
        [.pairs[0].warnings[].id] | all(. != "witness_disagreement" and
        . != "tracers_differ" and . != "trace_contradicted")' "$work/json"
done

trace bind --budget 50ms
check 'the JSON verifies' "$HVPERF" verify "$work/json"
check 'bind: 512 bytes are copied, as its source asks' arm baseline \
    '.figures.memcpy_bytes.value == 512'
check 'bind: none without the copies' arm candidate '.figures.memcpy_bytes.value == 0'
check 'bind: an XOR of 256 bytes loads 512 and stores 256' arm candidate \
    '.figures | .load_bytes.value >= 512 and .load_bytes.value < 600 and
     .store_bytes.value >= 256 and .store_bytes.value < 300'
trace batch_1000 --budget 50ms
check 'batch_1000: 512000 bytes are copied' arm baseline \
    '.figures.memcpy_bytes | .value == 512000'
trace allocation --budget 50ms
check 'allocation: the generator is found to carry nine tenths' arm baseline \
    '.breakdown | .groups.generator > 9 * (.groups.copy + .groups.alloc + .groups.operation)'
check 'allocation: growing is seen, by calls and inside realloc' arm baseline \
    '.figures | .allocations.value == 9 and .memcpy_bytes.value >= 256000'
check 'the tracer'"'"'s controls passed' jq -e '
    [.controls[] | select(.name | startswith("trace:"))] | length >= 8 and
    all(.passed or .got == null)' "$work/json"

"$HVPERF" trace bind --budget 50ms >"$work/out" 2>"$work/err"
check 'the table ends with 0' test $? = 0
check 'it fits 100 columns' test "$(LC_ALL=C.UTF-8 wc -L <"$work/out")" -le 100
check 'it names function and place' grep -q 'bind_with_copy+0x' "$work/out"
check 'an unknown pair is refused' sh -c "! '$HVPERF' trace nonsense 2>'$work/err'"
check '... with the names there are' grep -q 'there are bind' "$work/err"

check 'inspect --json is refused' sh -c "! '$HVPERF' inspect bind --json 2>'$work/err'"
"$HVPERF" inspect bind >"$work/out" 2>"$work/err"
check 'inspect ends with 0' test $? = 0
check 'inspect names both arms' grep -q 'bind_zero_copy.*candidate' "$work/out"
check 'inspect shows the code' grep -qE '^  \+0x0000  [0-9a-f]{2} ' "$work/out"

"$HVPERF" doctor >"$work/out" 2>"$work/err"
check 'doctor tells of the tracer' grep -q '^ok.*tracer: .* controls passed' "$work/out"

if [ "$(id -u)" = 0 ]; then
    cp "$HVPERF" "$work/hvu" && chmod 755 "$work/hvu"
    (cd / && setpriv --reuid=65534 --regid=65534 --clear-groups "$work/hvu" trace bind \
        --budget 50ms --json >"$work/json" 2>"$work/err")
    check 'an ordinary user traces as well' arm baseline \
        '.trace.tracer == "code cache" and .trace.agreed and
         .figures.memcpy_bytes.value == 512'
fi

# ---- kernels that misbehave only when traced
"$CC" -std=c11 -O2 -fPIC -shared -Ikernels -o "$work/traced.so" tests/plugins/traced.c ||
    exit 1
followed() {
    HVPERF_TEST_TRACED=$1 trace traced --kernels "$work/traced.so" --budget 50ms
}

# The sanitizer's own longjmp and exit do more than can be stepped in a test.
sanitised() { grep -aq __asan_init "$HVPERF"; }

for how in syscalls block_sigtrap setjmp signals map; do
    if [ "$how" = setjmp ] && sanitised; then
        skip "$how: followed to the end" "a sanitised longjmp"
        continue
    fi
    followed "$how"
    check "$how: followed to the end" arm baseline \
        '.trace | .calls | length == 3 and all(.values.instructions > 0)'
    check "$how: and the tracers agree" arm baseline '.trace.agreed'
done
followed syscalls
check 'syscalls: five, counted' arm baseline '.trace.calls[2].values.syscalls >= 5'

# lost HOW WORDS: two calls are followed, the third is told of
lost() {
    followed "$1"
    check "$1: the arm's other calls are followed" arm baseline '.trace.calls | length >= 2'
    check "$1: says \"$2\"" arm baseline \
        "[.trace.why, .trace.fallback] | map(. // \"\") | join(\" \") | test(\"$2\")"
    silent "$1: nobody is left" pgrep -f "$work/traced.so"
}
lost crash 'SIGSEGV.*traced_baseline|SIGSEGV.*crash'
lost divide 'SIGFPE'
lost loop 'loop|traced_baseline'
lost loop_deaf 'loop|traced_baseline'
lost fork 'process|fork|clone'
lost stop 'stop'
if sanitised; then
    skip 'exit: says "exit"' "a sanitised exit"
else
    lost exit 'exit'
fi
