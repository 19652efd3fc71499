#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds the planted pairs, one plugin a cell (compiler, level, ISA):
#   tests/planted/build.sh FOLDER [CELL...]      gcc-O2-default ... clang-O3-x86-64-v3
#   tests/planted/build.sh -l                    lists the cells
# A cell's compiler may be any command. The flags are those of the built-in kernels but
# for level and ISA; nothing of CFLAGS or of a sanitiser goes into what is measured.
set -eu
cd "$(dirname "$0")/../.."

cells() {
    local compiler level isa
    for compiler in gcc clang; do
        for level in O2 O3; do
            for isa in default x86-64-v3; do
                echo "$compiler-$level-$isa"
            done
        done
    done
}

# options CELL: sets compiler, flags and unit
options() {
    local cell=$1 isa=
    case $cell in
    *-x86-64-v?) isa=x86-64-${cell##*-} cell=${cell%-x86-64-*} ;;
    *-default) cell=${cell%-default} ;;
    *) echo "${0##*/}: not a cell: $1" >&2 && exit 2 ;;
    esac
    compiler=${cell%-*}
    flags="-std=c11 -${cell##*-} -g -fPIC -fno-plt -fvisibility=hidden"
    flags+=" -ffunction-sections -fomit-frame-pointer -fno-stack-protector"
    flags+=" -fno-stack-clash-protection -U_FORTIFY_SOURCE${isa:+ -march=$isa}"
    case $("$compiler" --version) in
    *clang*) flags+=' -fno-addrsig' ;;
    *) flags+=' -fno-reorder-blocks-and-partition' ;;
    esac
    # -fpatchable-function-entry counts bytes on x86, and instructions elsewhere
    unit=4
    case $("$compiler" -dumpmachine) in
    x86_64*) flags+=' -fcf-protection=none' unit=1 ;;
    esac
}

# object NAME PLACE: one object; PLACE is - for a file that has none
object() {
    local place=
    [ "$2" = - ] || place="-DHV_PLACE=$2 -fpatchable-function-entry=$(($2 / unit)),$(($2 / unit))"
    # shellcheck disable=SC2086  # words of ours
    "$compiler" $flags $place -D_GNU_SOURCE -I. -Wall -Wextra -Wpedantic -Wshadow -Wvla \
        -Werror -DBUILT_WITH="\"$compiler $flags\"" -c -o "$out/$1.$2.o" "tests/planted/$1.c"
}
export -f object

objects() {
    local file place
    for file in tests/planted/*.c; do
        file=$(basename "$file" .c)
        case $file in
        set | support) echo "$file -" ;;
        *) for place in 0 16 32 48; do echo "$file $place"; done ;;
        esac
    done
}

[ "${1:?a folder, or -l}" != -l ] || { cells && exit; }
folder=$1
shift
if [ $# -eq 0 ]; then
    mapfile -t all < <(cells)
    set -- "${all[@]}"
fi
for cell; do
    options "$cell"
    export compiler flags unit out=$folder/$cell
    mkdir -p "$out"
    objects | xargs -P "$(nproc)" -n 2 bash -euc 'object "$@"' object
    "$compiler" -shared -o "$out.so" "$out"/*.o
done
