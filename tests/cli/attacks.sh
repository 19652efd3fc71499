#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A hostile plugin tries to get out of its worker. Every attack must fail, as root with
# and without SUDO_UID, from a folder only root can enter, and as an ordinary user.
set -u
. tests/tap.sh

: "${HVPERF:?}" "${CC:=cc}"
chmod 755 "$work"
"$CC" -std=c11 -O1 -fPIC -shared -Ikernels -o "$work/hostile.so" tests/plugins/hostile.c ||
    exit 1

# hostile ATTACK BINARY: runs one attack, output in $work/out
hostile() {
    mkdir -p "$work/dump" && chmod 777 "$work/dump"
    HVPERF_TEST_HOSTILE=$1 "$2" --kernels "$plugin" --pairs hostile --budget 50ms \
        --no-progress --hang 5s -o "$work/dump" >"$work/out" 2>&1
}

# lost ATTACK: it was tried, and never won
lost() {
    if grep -q "^attack $1: lost" "$work/out" && ! grep 'won\|cannot find' "$work/out"; then
        return 0
    fi
    cat "$work/out"
    return 1
}

try() {
    local who=$1 binary=$2 attack
    for attack in regain_root type_into_terminal ptrace_main steal_socket truncate \
        read_secret; do
        hostile "$attack" "$binary"
        check "$who: $attack fails" lost "$attack"
        check "$who: $attack leaves a dump that verifies" \
            "$HVPERF" verify "$work/dump/hvperf-counters.json"
    done
}

plugin=$work/hostile.so
if [ "$(id -u)" = 0 ]; then
    echo secret >"$work/secret"
    chmod 600 "$work/secret"
    export HVPERF_TEST_SECRET=$work/secret
    unset SUDO_UID SUDO_GID
    try 'root' "$HVPERF"
    export SUDO_UID=1234 SUDO_GID=1234
    try 'root for SUDO_UID 1234' "$HVPERF"
    check 'workers ran as SUDO_UID' grep -q 'uid 1234' "$work/out"
    check 'the dump belongs to SUDO_UID' \
        test "$(stat -c %u "$work/dump/hvperf-counters.json")" = 1234
    SUDO_UID=0 SUDO_GID=0 hostile regain_root "$HVPERF"
    check 'SUDO_UID=0 is no user to become' grep -q 'lost (uid 65534)' "$work/out"
    SUDO_UID=-1 hostile regain_root "$HVPERF"
    check 'SUDO_UID=-1 is no user to become' grep -q 'lost (uid 65534)' "$work/out"
    unset SUDO_UID SUDO_GID

    # Nobody but root can enter the folder or read the files in it.
    mkdir "$work/closed"
    cp "$HVPERF" "$work/closed/hvperf"
    cp "$work/hostile.so" "$work/closed/hostile.so"
    chmod 700 "$work/closed" "$work/closed/hvperf"
    chmod 600 "$work/closed/hostile.so"
    plugin=$work/closed/hostile.so
    try 'root in a 0700 folder' "$work/closed/hvperf"
    plugin=$work/hostile.so

    # Main, opener and workers are one and the same user then.
    cp "$HVPERF" "$work/hvperf" && chmod 755 "$work/hvperf" "$work/hostile.so"
    rm -rf "$work/dump"
    printf '#!/bin/sh\nexec setpriv --reuid=4321 --regid=4321 --clear-groups "%s" "$@"\n' \
        "$work/hvperf" >"$work/as_user"
    chmod 755 "$work/as_user"
    try 'ordinary user' "$work/as_user"
else
    skip 'attacks on root' 'not root'
    export HVPERF_TEST_SECRET=/etc/shadow
    try 'ordinary user' "$HVPERF"
fi

# With a real terminal behind it there would be something to type into.
if command -v script >/dev/null; then
    HVPERF_TEST_HOSTILE=type_into_terminal script -qec "$HVPERF --kernels $plugin \
        --pairs hostile --budget 50ms --no-progress -o $work/dump" "$work/typescript" \
        </dev/null >"$work/out" 2>&1
    sed -i 's/\r//' "$work/out"
    check 'on a terminal: type_into_terminal fails' lost type_into_terminal
else
    skip 'on a terminal: type_into_terminal fails' 'no script(1)'
fi

hostile escapes "$HVPERF"
silent "a kernel's output cannot command the terminal" grep $'\033' "$work/out"

hostile outlive "$HVPERF"
sleep 0.2
silent 'no descendant outlives the run' pgrep -x hv-outlives
