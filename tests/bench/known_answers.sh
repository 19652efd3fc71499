#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Pairs whose true ratio is known: what hvperf reads, run after run.
#   known_answers.sh [RUNS]
set -eu
: "${HVPERF:=build/hvperf}"
runs=${1:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

printf '%-24s %6s %-10s %9s %21s %10s\n' pair truth state speedup ci95 cycles
for _ in $(seq "$runs"); do
    "$HVPERF" --pairs control_ratio_8_short,control_ratio_8_long,control_imul,control_equal \
        --budget 1s --no-progress --format csv -o "$work" >/dev/null 2>&1 || true
    jq -r '{control_ratio_8_short: 8, control_ratio_8_long: 8, control_imul: 3,
            control_equal: 1} as $truth | .pairs[] | [.name, $truth[.name], .state,
        (.speedup // {value: "-", ci95: ["-", "-"]} | .value, .ci95[0], .ci95[1]),
        .arms.baseline.figures.cycles.value // "-"] | @tsv' "$work/hvperf-counters.json" |
        awk -F'\t' '{printf("%-24s %6s %-10s %9.7s %10.7s,%10.7s %10.9s\n",
            $1, $2, $3, $4, $5, $6, $7)}'
done
