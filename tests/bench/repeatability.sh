#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# How far two runs agree: fresh runs of the same pairs, the spread of their speedups, and
# how often an interval holds the median of all. Prints; asserts nothing.
#   repeatability.sh [RUNS [hvperf options...]]
set -eu
: "${HVPERF:=build/hvperf}"
runs=${1:-20}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- --pairs bind,batch_1000,consciousness_cycle --budget 1s

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for run in $(seq "$runs"); do
    "$HVPERF" --no-progress --format csv -o "$work" --seed "$run" "$@" >/dev/null 2>&1 || true
    jq -r --arg run "$run" '.pairs[] | [$run, .name, .isa, .state, .kept_share // 0,
        (.speedup // {value: 0, ci95: [0, 0], layouts: 0} | .value, .ci95[0], .ci95[1], .layouts)]
        | @tsv' "$work/hvperf-counters.json"
done >"$work/runs"
[ -z "${RUNS_FILE:-}" ] || cp "$work/runs" "$RUNS_FILE"

# Runs that told to be contended are counted and set aside.
printf '%-22s %5s %9s %9s %9s %9s %7s %6s %8s %8s\n' pair quiet median min max sd% \
    covers '!=1' half% layouts
sort -k2,2 -k6,6n "$work/runs" | awk -F'\t' '
    function flush_pair(   i, mean, var, med, covers, not_one, half) {
        if (name == "") return
        for (i = 0; i < n; i++) mean += v[i] / n
        for (i = 0; i < n; i++) var += (v[i] - mean) ^ 2
        med = n % 2 ? v[(n - 1) / 2] : n ? (v[n / 2 - 1] + v[n / 2]) / 2 : 0
        for (i = 0; i < n; i++) {
            covers += lo[i] <= med && med <= hi[i]
            not_one += lo[i] > 1 || hi[i] < 1
            halves[i] = (hi[i] - lo[i]) / 2 / v[i]
        }
        asort_n(halves, n)
        half = n ? halves[int(n / 2)] : 0
        sd = n > 1 ? 100 * sqrt(var / (n - 1)) / mean : 0
        printf("%-22s %2d/%-2d %9.4f %9.4f %9.4f %9.3f %3d/%-3d %6d %8.3f %8.1f\n", name, n,
            all, med, v[0], v[n - 1], sd, covers, n, not_one, 100 * half, layouts / (n + !n))
    }
    function asort_n(a, n,   i, j, t) {
        for (i = 1; i < n; i++)
            for (j = i; j > 0 && a[j - 1] > a[j]; j--) { t = a[j]; a[j] = a[j - 1]; a[j - 1] = t }
    }
    $2 != name { flush_pair(); name = $2; n = all = layouts = 0 }
    { all++ }
    $4 == "quiet" { v[n] = $6; lo[n] = $7; hi[n] = $8; layouts += $9; n++ }
    END { flush_pair() }'
