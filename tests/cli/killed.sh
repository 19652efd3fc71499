#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# SIGKILL of any one of its processes, and Ctrl-C, at 20 random times each: no half-written
# file, no leftover process.
set -u
. tests/tap.sh

: "${HVPERF:?}"
chmod 755 "$work"
RANDOM=20251 # repeatable
# An executable of its own tells this test's processes from all others.
cp "$HVPERF" "$work/hvk" && chmod 755 "$work/hvk"

# Main and opener hide their executable from other users, themselves included, but not
# their command line; workers have another name, but show their executable.
mine() {
    local dir
    for dir in /proc/[0-9]*; do
        if [ "$dir/exe" -ef "$work/hvk" ] ||
            grep -qsF "$work/hvk" "$dir/cmdline" 2>/dev/null; then
            echo "${dir#/proc/}"
        fi
    done
    return 0
}

# No process of ours is left, given a second to end.
gone() {
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        [ -z "$(mine)" ] && return 0
        sleep 0.2
    done
    mine | xargs ps -o pid,ppid,stat,args -p
    return 1
}

# Only whole files, by the names they should have.
whole() {
    local file
    for file in "$work"/dump/* "$work"/dump/.[!.]*; do
        case $file in
        */hvperf-counters.json) jq -e .raw_sha256 "$file" || return 1 ;;
        */hvperf-report.md) tail -c 1 "$file" | cmp - <(echo) || return 1 ;;
        *'/*' | *'/.[!.]*') ;;
        *) echo "left behind: $file" && return 1 ;;
        esac
    done
}

# start OPTION...
start() {
    rm -rf "$work/dump" && mkdir "$work/dump" && chmod 777 "$work/dump"
    # A shell starts background jobs with SIGINT ignored, and hvperf keeps that.
    setsid env --default-signal=INT "$work/hvk" --counters --no-progress "$@" \
        -o "$work/dump" >"$work/out" 2>&1 &
    main=$!
    sleep "0.$(printf '%03d' $((RANDOM % 900)))"
}

# Without this, killing nothing would pass.
start --pairs bind,batch_1000 --budget 300ms
wait "$main"
check 'left alone, it ends with 0' test $? = 0

# A run may end before its kill: what counts is 20 kills that met a process.
lost=0 broken=0 hits=0
for _ in $(seq 60); do
    [ $hits -ge 20 ] && break
    start --precision 0.0001% # long enough to be met
    mapfile -t victims < <(mine)
    [ ${#victims[@]} -gt 0 ] && kill -KILL "${victims[RANDOM % ${#victims[@]}]}" &&
        hits=$((hits + 1))
    wait "$main" 2>/dev/null
    gone >"$work/why" 2>&1 || { lost=$((lost + 1)); cat "$work/why" >>"$work/lost"; }
    whole >"$work/why" 2>&1 || { broken=$((broken + 1)); cat "$work/why" >>"$work/broken"; }
done 2>/dev/null
check "20 kills met a process ($hits did)" test $hits -ge 20
touch "$work/lost" "$work/broken"
if [ $lost = 0 ]; then ok 'SIGKILL, 20 times: no process left'; else
    not_ok 'SIGKILL, 20 times: no process left' "$work/lost"; fi
if [ $broken = 0 ]; then ok 'SIGKILL, 20 times: no half-written file'; else
    not_ok 'SIGKILL, 20 times: no half-written file' "$work/broken"; fi

interrupted() {
    local code
    start --precision 0.0001%
    # Before its first worker there is nothing to interrupt: main, opener, worker.
    for _ in $(seq 200); do
        [ "$(mine | wc -l)" -ge 3 ] && break
        sleep 0.1
    done
    kill -"$1" "$main"
    wait "$main"
    code=$?
    [ $code = 130 ] || { echo "exit code $code"; cat "$work/out"; return 1; }
    gone && whole && jq -e '.interrupted == true' "$work/dump/hvperf-counters.json" &&
        "$HVPERF" verify "$work/dump/hvperf-counters.json" "$work/dump/hvperf-report.md"
}
check 'SIGINT: 130, the dump is written, says so and verifies' interrupted INT
check 'SIGTERM: the same' interrupted TERM
