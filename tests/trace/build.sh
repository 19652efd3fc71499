#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds one catalogue of kernels: tests/trace/build.sh OUT.so COMPILER FLAG...
# Nothing of CFLAGS or of a sanitiser goes into it: what is traced depends on the flags
# given here alone.
set -eu
out=$1 compiler=$2
shift 2
"$compiler" -std=c11 -D_GNU_SOURCE -I. -w "$@" -fPIC -shared -o "$out" \
    tests/trace/catalogue.c tests/trace/kernels_copy.c tests/trace/kernels_other.c
