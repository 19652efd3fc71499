#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What the objects define and use: names start with hv_, analyse/ is pure.
. tests/tap.sh

library=${BUILD:-build}/libhvperf.a

strangers() {
    nm -A -g --defined-only "$library" | grep -E ' [A-Za-z] ' | grep -vE ' [A-Za-z] hv_'
}
silent "every symbol that leaves its file starts with hv_" strangers

# analyse/ reads and writes nothing and asks no clock: a test of it needs only a dump.
impure='open|open64|openat|fopen|fopen64|read|write|fread|fwrite|fprintf|printf|puts|putchar'
impure+='|perror|clock|clock_gettime|gettimeofday|time|rand|random|getenv|fork|syscall|exit'
side_effects() {
    find "${BUILD:-build}/src/analyse" "${BUILD:-build}/src/result.o" -name '*.o' \
        -exec nm -A -u {} + | grep -E " U (__)?($impure)(_chk)?(@.*)?\$"
}
silent "analyse/ calls nothing that reads, writes or asks a clock" side_effects
