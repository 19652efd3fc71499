#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Installs what is missing, builds, and runs every test with gcc and with clang, with
# and without sanitizers, for AArch64, in emulated machines with a PMU, then the linters.
# The last line sums up all of it.
#
#   scripts/check.sh [STEP]...      steps: gcc gcc-sanitize clang clang-sanitize guest lint
set -u
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

steps=(gcc gcc-sanitize clang clang-sanitize guest lint)
passed=0 failed=0 skipped=0
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

# The sum of the numbers before a word: number passed '3 passed, 1 failed' -> 3
number() {
    sed -n "s/.*\\b\\([0-9][0-9]*\\) $1.*/\\1/p;" <<<"$2" | awk '{ n += $1 } END { print n + 0 }'
}

# A step that runs tests adds their counts; one that ends badly without a failed test
# (a build that broke) is a failure of its own.
add() {
    local name=$1 rc=$2 sums
    sums=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$log")
    passed=$((passed + $(number passed "$sums")))
    failed=$((failed + $(number failed "$sums")))
    skipped=$((skipped + $(number skipped "$sums")))
    if [ "$rc" -ne 0 ] && [ "$(number failed "$sums")" -eq 0 ]; then
        failed=$((failed + 1))
        say "$name failed (exit code $rc)"
    elif [ -z "$sums" ] && [ "$rc" -eq 0 ]; then
        passed=$((passed + 1)) # lint: silent is one test passed
    fi
}

step() {
    local name=$1 began=$SECONDS rc
    shift
    say "$name: make $*"
    build WERROR=1 "$@" </dev/null 2>&1 | tee "$log"
    rc=${PIPESTATUS[0]}
    add "$name" "$rc"
    say "$name took $((SECONDS - began)) s"
}

one() {
    case $1 in
    gcc) step "$1" check CC=gcc ;;
    gcc-sanitize) step "$1" check-sanitize CC=gcc ;;
    clang) step "$1" check CC=clang BUILD=build/clang FOREIGN= ;;
    clang-sanitize) step "$1" check-sanitize CC=clang BUILD=build/clang ;;
    guest) step "$1" check-guest CC=gcc ;;
    lint) step "$1" -k lint CC=gcc ;;
    *) die "unknown step: $1 (steps: ${steps[*]})" ;;
    esac
}

need "${build_packages[@]}" "${check_packages[@]}"
(need "${arm64_packages[@]}") || say 'nothing will be tested for AArch64, nor with a PMU'
[ $# -ne 0 ] || set -- "${steps[@]}"
for name in "$@"; do
    one "$name"
done

[ "$skipped" -eq 0 ] && summary= || summary=", $skipped skipped"
echo "$passed passed, $failed failed$summary"
[ "$failed" -eq 0 ]
