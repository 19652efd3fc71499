#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Installs what is missing, builds, and runs every test with gcc and with clang, with
# and without sanitizers, then the linters. The last line sums up all of it.
#
#   scripts/check.sh [STEP]...      steps: gcc gcc-sanitize clang clang-sanitize lint
set -u
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

passed=0 failed=0 skipped=0
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

# The number before a word in the last line: number passed '3 passed, 1 failed' -> 3
number() {
    sed -n "s/.*\\b\\([0-9][0-9]*\\) $1.*/\\1/p;" <<<"$2" | grep . || echo 0
}

# A step that runs tests adds their counts; one that ends badly without a failed test
# (a build that broke) is a failure of its own.
add() {
    local name=$1 rc=$2 last
    last=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1)
    passed=$((passed + $(number passed "$last")))
    failed=$((failed + $(number failed "$last")))
    skipped=$((skipped + $(number skipped "$last")))
    if [ "$rc" -ne 0 ] && [ "$(number failed "$last")" -eq 0 ]; then
        failed=$((failed + 1))
        say "$name failed (exit code $rc)"
    elif [ -z "$last" ] && [ "$rc" -eq 0 ]; then
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
    clang) step "$1" check CC=clang BUILD=build/clang ;;
    clang-sanitize) step "$1" check-sanitize CC=clang BUILD=build/clang ;;
    lint) step "$1" -k lint CC=gcc ;;
    *) die "unknown step: $1 (steps: gcc gcc-sanitize clang clang-sanitize lint)" ;;
    esac
}

need "${build_packages[@]}" "${check_packages[@]}"
[ $# -ne 0 ] || set -- gcc gcc-sanitize clang clang-sanitize lint
for name in "$@"; do
    one "$name"
done

[ "$skipped" -eq 0 ] && summary= || summary=", $skipped skipped"
echo "$passed passed, $failed failed$summary"
[ "$failed" -eq 0 ]
