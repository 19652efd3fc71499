#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What the trace tests share; to be sourced after tests/tap.sh.

# shellcheck disable=SC2034  # for the scripts that source this
driver=${BUILD:-build}/tests/trace_driver
export LC_ALL=C

# trace_possible TEXT: else one skip, with its reason
trace_possible() {
    if [ "$(uname -m)" != x86_64 ]; then
        skip "$1" "its kernels are written for x86-64"
        return 1
    fi
}

sanitised() {
    grep -qa '__asan_init' "$1"
}

# cpu_has LEVEL: can this CPU run what -march=LEVEL makes of the kernels? Not all of a
# level is asked for: guests are known to hide single flags.
cpu_has() {
    local flags wanted flag
    flags=" $(grep -m 1 '^flags' /proc/cpuinfo) "
    case $1 in
    *-v4) wanted='avx2 bmi2 fma avx512f avx512bw avx512dq avx512vl' ;;
    *-v3) wanted='avx2 bmi1 bmi2 fma' ;;
    *) wanted= ;;
    esac
    for flag in $wanted; do
        [[ $flags == *" $flag "* ]] || return 1
    done
}
