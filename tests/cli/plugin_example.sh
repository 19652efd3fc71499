#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# kernels/example: builds against the header alone, is placed, and hvperf measures it.
. tests/tap.sh

# As after an installation: no other file of the sources is near.
mkdir "$work/include"
cp kernels/hvperf.h "$work/include/"
cp -r kernels/example "$work/example"
plugin=$work/example/example.so

build() {
    # `make check` hands its own flags and variables down
    env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -C "$work/example" clean example.so \
        CC="${CC:-cc} -Wall -Wextra -Wpedantic -Werror" INCLUDEDIR="$work/include"
}
check "the example builds against the header alone" build

exports() {
    nm -D --defined-only "$plugin" | awk '{ print $3 }' | grep -vx hv_kernel_set
}
silent "it exports nothing but its table" exports
check "it exports its table" grep -q hv_kernel_set <(nm -D --defined-only "$plugin")

# "0 16 32 48": the offsets mod 64 at which an arm's copies begin
offsets() {
    local address
    nm "$plugin" | awk -v arm="$1" '$3 == arm { print $1 }' | while read -r address; do
        echo $((16#$address % 64))
    done | sort -n | tr '\n' ' '
}
for arm in reverse_with_copy reverse_zero_copy; do
    check "$arm exists at every placement" test "$(offsets "$arm")" = "0 16 32 48 "
done

measure() {
    "$HVPERF" --kernels "$plugin" --pairs reverse --budget 0.5s -o "$work" </dev/null
}
check "hvperf measures it" measure
check "its dump and report verify" \
    "$HVPERF" verify "$work/hvperf-counters.json" "$work/hvperf-report.md"

# told KEY VALUE: the dump holds it
told() {
    grep -Eq "\"$1\": *\"?$2" "$work/hvperf-counters.json"
}
check "the dump tells the pair" told name reverse
check "the dump tells the kernel set" told kernel_set example
check "the dump tells the arm" told name reverse_with_copy
