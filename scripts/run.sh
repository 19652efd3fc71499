#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# From a fresh checkout to a report: installs what is missing, builds, measures.
#
#   scripts/run.sh [OPTION OF hvperf]...      e.g. scripts/run.sh --quick -o /tmp/out
#
# Runs as root, or as a user; sudo is called for apt-get only, and only when a package
# is missing. The exit code is hvperf's.
set -u
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# The folder that -o names among hvperf's options; the current one without -o.
output_folder() {
    local folder=.
    while [ $# -ne 0 ]; do
        case $1 in
        -o | --output) [ $# -eq 1 ] || folder=$2 ;;
        --output=*) folder=${1#*=} ;;
        -o?*) folder=${1#-o} ;;
        esac
        shift
    done
    realpath -m -- "$folder"
}

need "${build_packages[@]}"
say "building"
build_as_owner all >&2 || die "the build failed"

folder=$(output_folder "$@")
started=$(mktemp) || exit 1
trap 'rm -f "$started"' EXIT
say "measuring: build/hvperf --counters $*"
is_root || say "as an ordinary user; for what the kernel refuses to a user:" \
    "sudo $root/build/hvperf --counters $*"
"$root/build/hvperf" --counters "$@"
rc=$?

for file in hvperf-report.md hvperf-counters.json; do
    # not older: a clock tick may hold both
    [ -e "$folder/$file" ] && ! [ "$folder/$file" -ot "$started" ] &&
        say "written: $folder/$file"
done
exit "$rc"
