#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The planted pairs: their results are right at every placement, the trace sees what was
# planted, and each experiment takes away what it should. No time is looked at.
. tests/tap.sh

if ! command -v jq >/dev/null; then
    skip 'planted causes' 'no jq'
    exit 0
fi
case $(uname -m) in
x86_64) ;;
*) skip 'planted causes' 'not traced on this machine' && exit 0 ;;
esac

cell=${CC:-cc}-O2-default
check 'the pairs build' tests/planted/build.sh "$work" "$cell"
pairs=$(grep -v '^#' tests/planted/truth.txt | cut -d"|" -f1 | paste -sd,)

# Times that are never precise, and few of them: what is counted and traced is wanted.
measure() {
    "$HVPERF" --why --kernels "$work/$cell.so" --pairs "$pairs" --budget 50ms \
        --layouts 8 --no-progress -o "$work" </dev/null >/dev/null
}
check 'hvperf measures all of them, and every experiment' measure
dump=$work/hvperf-counters.json

# holds TEXT FILTER: jq's answer is true
holds() {
    check "$1" jq -e "
        def pair(\$name): .pairs[] | select(.name == \$name);
        def trial(\$pair; \$change): first(.experiments[] |
            select(.of == \$pair and .experiment == \$change));
        def figure(\$arm; \$name): .arms[\$arm].figures[\$name].value;
        $2" "$dump"
}

holds 'no pair and no experiment failed' \
    '[.pairs[], .experiments[] | .failure] | all(. == null)'
holds 'every pair has a cause' '[.pairs[].cause.id] | all(type == "string")'
holds 'an inlined copy is seen' \
    'pair("inlined_copy") | figure("baseline"; "memcpy_bytes_inlined") == 256'
holds '... and taken away' \
    'trial("inlined_copy"; "copy_away") | figure("candidate"; "memcpy_bytes") == 0'
holds 'a called copy is seen' \
    'pair("called_copy") | figure("baseline"; "memcpy_bytes_called") == 2000'
holds 'blocked loads are seen' \
    'pair("forward_block") | figure("baseline"; "forward_spans") > 0'
holds '... and none is left with wide stores, though the copy stays' \
    'trial("forward_block"; "copy_wide") |
        figure("candidate"; "forward_spans") == 0 and
        figure("candidate"; "memcpy_bytes") == 64'
holds 'aliased loads are seen' 'pair("alias_4k") | figure("baseline"; "alias_4k") > 0'
holds '... and none is left 64 bytes further on' \
    'trial("alias_4k"; "temp_64") | figure("candidate"; "alias_4k") == 0'
holds '... but all of them 4096 bytes further on' \
    'trial("alias_4k"; "temp_4096") | figure("candidate"; "alias_4k") > 0'
holds 'page faults are seen' 'pair("page_faults") | figure("baseline"; "page_faults") > 4'
if grep -aq __asan_init "$HVPERF"; then
    skip '... and hardly one is left on touched memory' "the sanitiser's malloc"
else
    holds '... and hardly one is left on touched memory, though malloc is called' \
        'trial("page_faults"; "alloc_touched") | figure("candidate"; "page_faults") < 2 and
            figure("candidate"; "allocations") > 0'
fi
holds 'allocations are seen' \
    'pair("malloc_in_loop") | figure("baseline"; "allocations") > 0'
holds '... and none is left with a pool' \
    'trial("malloc_in_loop"; "alloc_hoisted") | figure("candidate"; "allocations") == 0'
holds 'an elided copy is asked for and not made' \
    'pair("elided_copy") | figure("baseline"; "memcpy_bytes_declared") > 0 and
        figure("baseline"; "memcpy_bytes") == 0'
holds 'shared work is found' \
    '[pair("shared_work").warnings[].id] | index("shared_work") != null'
holds 'walks tell how far they go' \
    '(pair("ram_copy").footprint > pair("l2_copy").footprint) and
        (pair("l2_copy").footprint > 49152)'
holds 'nothing is planted where nothing is' \
    'pair("nothing_at_all") | [.arms[].figures |
        .memcpy_bytes.value, .allocations.value, .forward_spans.value] | all(. == 0)'
check 'the dump verifies' "$HVPERF" verify "$dump"
