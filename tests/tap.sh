# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# TAP for shell tests: source it, call check and skip. Sets $work, removed at the end.

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

ok() {
    printf 'ok - %s\n' "$1"
}

# not_ok TEXT [FILE]: FILE says why
not_ok() {
    printf 'not ok - %s\n' "$1"
    [ $# -lt 2 ] || head -n 40 "$2" | sed 's/^/# /'
}

skip() {
    printf 'ok - %s # SKIP %s\n' "$1" "$2"
}

# check TEXT COMMAND...: the test passes when the command does; its output says why not.
check() {
    local text=$1
    shift
    if "$@" >"$work/.check" 2>&1; then
        ok "$text"
    else
        not_ok "$text" "$work/.check"
    fi
}

# silent TEXT COMMAND...: the test passes when the command prints nothing (whatever its
# exit code: grep without a match fails).
silent() {
    local text=$1
    shift
    "$@" >"$work/.check" 2>&1
    if [ -s "$work/.check" ]; then
        not_ok "$text" "$work/.check"
    else
        ok "$text"
    fi
}
