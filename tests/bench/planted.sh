#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Does hvperf name the cause that was planted? All cells: compiler x level x ISA.
#   planted.sh [-q] [-k FOLDER]      -q: one cell; -k: keeps plugins and dumps there
# The matrix goes to stdout as Markdown; docs/planted-causes.md holds the last one.
set -eu
cd "$(dirname "$0")/../.."
: "${HVPERF:=build/hvperf}"
mapfile -t cells < <(tests/planted/build.sh -l)
folder=
while getopts qk: option; do
    case $option in
    q) cells=("${cells[0]}") ;;
    k) folder=$OPTARG ;;
    *) exit 2 ;;
    esac
done
if [ -z "$folder" ]; then
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
fi
pairs=$(grep -v '^#' tests/planted/truth.txt | cut -d"|" -f1 | paste -sd,)
tests/planted/build.sh "$folder" "${cells[@]}"
# What found no quiet core is measured again, some times: it was not measured at all.
dumps=()
for cell in "${cells[@]}"; do
    again=$pairs
    for try in {1..5}; do
        [ -n "$again" ] || break
        "$HVPERF" --counters --kernels "$folder/$cell.so" --pairs "$again" \
            --budget 3s --no-progress -o "$folder/$cell/$try" >/dev/null || true
        dumps+=("$folder/$cell/$try/hvperf-counters.json")
        again=$(tests/planted/matrix.py --again "${dumps[-1]}")
    done
done
tests/planted/matrix.py tests/planted/truth.txt "${dumps[@]}"
