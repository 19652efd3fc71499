#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The trace against an independent witness: valgrind's callgrind, which decodes with a
# decoder of its own, counts instructions, loads and stores, and simulates a cache of the
# same geometry. Valgrind knows no AVX-512: builds up to AVX2 are compared.
set -u
. tests/tap.sh
. tests/trace/support.sh

: "${CC:=cc}"
trace_possible 'trace and callgrind' || exit 0
if ! command -v valgrind >/dev/null; then
    skip 'trace and callgrind' 'no valgrind'
    exit 0
fi
if sanitised "$driver"; then
    skip 'trace and callgrind' 'kernels in a sanitised driver call its malloc and memcpy'
    exit 0
fi

"$CC" -std=c11 -D_GNU_SOURCE -I. -O1 -o "$work/witness" tests/trace/callgrind.c -ldl ||
    exit 1
# Valgrind hides AVX-512 and "fast short rep movsb" from the C library, which then takes
# other ways: so must ours. Both begin to use rep movsb at one size.
tunables=glibc.cpu.hwcaps=-AVX512F,-AVX512VL,-AVX512BW,-AVX512DQ
export GLIBC_TUNABLES=glibc.cpu.x86_rep_movsb_threshold=8192

# witness BUILD L1: "kernel Ir Dr Dw misses", a line each
witness() {
    mkdir -p "$work/$1.cg"
    valgrind --tool=callgrind --instr-atstart=no --collect-atstart=no --cache-sim=yes \
        --D1="$2" --I1=32768,8,64 --LL=8388608,16,64 \
        --callgrind-out-file="$work/$1.cg/out" "$work/witness" "$work/$1.so" || return
    awk '/^desc: Trigger: Client Request: / { name = $NF }
        /^events: Ir Dr Dw I1mr D1mr D1mw / { right = 1 }
        /^totals: / && name != "" {
            if (right) print name, $2, $3 + 0, $4 + 0, $6 + $7; name = ""; right = 0 }' \
        "$work/$1.cg"/out*
}

# Columns of the driver: see print_row() in tests/trace/driver.c. What the witness counts
# around every kernel is what it counts for "-" but for the ret; its call is counted,
# ours is where a trace begins. It counts a rep string as its iterations and one more,
# and what an instruction reads and writes back as a store alone: loads are compared
# where there is none of that, which is not at -O0 and not in malloc.
compare() {
    awk -v build="$1" '
        NR == FNR { ir[$1] = $2; dr[$1] = $3; dw[$1] = $4; miss[$1] = $5; next }
        /^#/ || $2 == "skip" { next }
        $3 == "aside" { next }
        {
            i = ir[$1] - ir["-"] + 1 - $13
            r = dr[$1] - dr["-"] + 1
            w = dw[$1] - dw["-"]
            m = miss[$1] - miss["-"] + 1
            # where in their lines the blocks of the heap begin differs between processes
            if ($1 ~ /^heap_/)
                m = $16 + $17
            # the line of the return address, touched by the call, is evicted by the copy
            # and missed by the ret, where the trace, without the call, misses it once
            if ($1 ~ /_65536$/ && m == $16 + $17 + 1)
                m--
            writes_back = build ~ /-O0/ || $1 ~ /^(heap|vector)_/
            good = $2 == "code" && $1 in ir && i == $12 && w == $15 && m == $16 + $17 &&
                (writes_back ? r <= $14 : r == $14)
            printf "%s - %s %s: %d instructions, %d loads, %d stores, %d misses\n",
                good ? "ok" : "not ok", build, $1, $12, $14, $15, $16 + $17
            if (!good)
                printf "# callgrind: %d, %d, %d, %d\n", i, r, w, m
        }' "$work/$1.witness" FS='\t' "$work/$1.ours"
}

while IFS='|' read -r compiler level isa; do
    name=$compiler$level-$isa
    if ! command -v "$compiler" >/dev/null || ! cpu_has "$isa"; then
        skip "$name" "no $compiler, or this CPU has not all of $isa"
        continue
    fi
    check "$name builds" tests/trace/build.sh "$work/$name.so" "$compiler" "$level" \
        "-march=$isa"
    GLIBC_TUNABLES=$GLIBC_TUNABLES:$tunables "$driver" "$work/$name.so" once >"$work/$name.ours"
    l1=$(sed -n 's/^# l1 //p' "$work/$name.ours")
    if witness "$name" "$l1" >"$work/$name.witness" 2>"$work/log"; then
        compare "$name"
    else
        not_ok "$name under callgrind" "$work/log"
    fi
done <<'ROWS' >"$work/rows"
gcc|-O0|x86-64
gcc|-O2|x86-64
gcc|-O3|x86-64-v3
gcc|-Os|x86-64-v3
clang|-O0|x86-64
clang|-O2|x86-64-v3
ROWS
cat "$work/rows"
rows=$(grep -c 'instructions, ' "$work/rows")
check "$rows rows were compared, 60 or more" test "$rows" -ge 60
