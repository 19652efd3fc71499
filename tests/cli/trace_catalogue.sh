#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The copy catalogue: every way to copy and not to copy, through two compilers, five
# levels and three instruction sets. The traced bytes must be the truth, or the
# disassembly must show why not; both tracers must agree word for word, in every row.
set -u
. tests/tap.sh
. tests/trace/support.sh

trace_possible 'the copy catalogue' || exit 0

# name | compiler | level | -march: one build each.
builds() {
    local compiler level isa
    for compiler in gcc clang; do
        for level in $levels; do
            for isa in x86-64 x86-64-v3 x86-64-v4; do
                echo "$compiler$level-$isa|$compiler|$level|$isa"
            done
        done
    done
}

# A sanitised driver brings a memcpy and a malloc of its own, which copy more: what is
# asked of it is that the tracers agree there too, and faults of their own. A few builds
# show those as well as all do.
levels='-O0 -O1 -O2 -O3 -Os'
mode=
# Every build holds kernels of both compilers: that the tool itself was built by the other
# one needs no second look at all of them.
case ${CC:-cc} in *clang*) levels='-O0 -O3' ;; esac
if sanitised "$driver"; then
    levels=-O2
    mode=both
fi

# One build and all its traces; to be run side by side.
trace_build() {
    local name compiler level isa
    IFS='|' read -r name compiler level isa <<<"$1"
    tests/trace/build.sh "$work/$name.so" "$compiler" "$level" "-march=$isa" \
        >"$work/$name.log" 2>&1 &&
        "$driver" "$work/$name.so" $mode >"$work/$name.tsv" 2>>"$work/$name.log"
    echo $? >"$work/$name.rc"
}
export -f trace_build
export work driver mode

# The bytes that a function's frame can hold: what it pushes and takes off rsp anywhere,
# and below that, if it calls nothing, the red zone. Nothing: there is no such function.
frame_of() {
    objdump -d --no-show-raw-insn --disassemble="k_$2" "$work/$1.so" | awk '
        function hex(text,    i, value) {
            for (i = 1; i <= length(text); i++)
                value = value * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
            return value
        }
        /[ \t]call/ { called = 1 }
        /[ \t]ret/ { seen = 1 }
        /[ \t]push/ { bytes += 8 }
        match($0, /sub[q ] *\$0x[0-9a-f]+,%rsp/) {
            split(substr($0, RSTART, RLENGTH), part, /\$0x|,/); bytes += hex(part[2]) }
        match($0, /add[q ] *\$0xffffffffffffff[0-9a-f]+,%rsp/) {
            split(substr($0, RSTART, RLENGTH), part, /\$0xffffffffffffff|,/)
            bytes += 256 - hex(part[2]) }
        END { if (seen) print called ? "calling" : "leaf", bytes + (called ? 0 : 128) }'
}

# elided BUILD KERNEL TRUTH: no room in the frame for the copy, and no call.
elided() {
    local kind bytes
    read -r kind bytes < <(frame_of "$1" "$2")
    [ "$kind" = leaf ] && [ "$bytes" -lt "$3" ] && return 0
    echo "0 bytes copied, but its frame has room for $bytes bytes ($kind function)"
    return 1
}

# twice BUILD KERNEL TRUTH: the frame has room for the temporary that explains it.
twice() {
    local kind bytes
    read -r kind bytes < <(frame_of "$1" "$2")
    [ "${bytes:-0}" -ge "$3" ] && return 0
    echo "copied twice, but the frame has only $bytes bytes for a temporary"
    return 1
}

# What the columns of the driver are; see print_row() in tests/trace/driver.c.
judge() {
    local build=$1 kernel verdict aside how truth compared called inlined small rest text
    while IFS=$'\t' read -r kernel verdict aside how truth compared called inlined \
        small rest; do
        case $kernel in
        '# l1'*) continue ;;
        '#'*) echo "$kernel" && continue ;; # the sites of the row before
        esac
        text="$build $kernel"
        if [ "$verdict" = skip ]; then
            skip "$text" "$aside"
            continue
        fi
        text+=": $((called + inlined)) bytes and $small single of $truth ($verdict),"
        text+=" tracers equal for $compared instructions"
        case $verdict in
        exact | code) ok "$text" ;;
        elided | twice) check "$text" "$verdict" "$build" "$kernel" "$truth" ;;
        *)
            printf '%s\n' "$how $rest" >"$work/why"
            not_ok "$text" "$work/why"
            ;;
        esac
    done <"$work/$build.tsv"
}

builds | while IFS='|' read -r name compiler level isa; do
    if ! command -v "$compiler" >/dev/null; then
        skip "$name" "no $compiler"
    elif ! cpu_has "$isa"; then
        skip "$name" "this CPU has not all of $isa"
    else
        echo "$name|$compiler|$level|$isa"
    fi
done >"$work/builds"
grep -v '|' "$work/builds"
grep '|' "$work/builds" | xargs -P "$(nproc)" -I{} bash -c 'trace_build "{}"'

while IFS='|' read -r name _; do
    check "$name was traced" test "$(cat "$work/$name.rc")" = 0
    [ "$(cat "$work/$name.rc")" = 0 ] || sed 's/^/# /' "$work/$name.log"
    [ ! -e "$work/$name.tsv" ] || judge "$name"
done < <(grep '|' "$work/builds") >"$work/rows"
cat "$work/rows"

rows=$(grep -c 'tracers equal' "$work/rows")
sanitised "$driver" || check "$rows rows were judged, 300 or more" test "$rows" -ge 300
