#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What a formatter does not see: blanks, sizes, first lines, paths of somebody's machine.
. tests/tap.sh

if git ls-files >/dev/null 2>&1; then
    git ls-files -z --cached --others --exclude-standard >"$work/all"
else
    find . \( -path ./build -o -path ./.git \) -prune -o -type f -printf '%P\0' >"$work/all"
fi
# Text of ours: golden files and sample dumps are checked by the tests that own them.
texts() {
    while IFS= read -r -d '' file; do
        case $file in tests/data/*) continue ;; esac
        [ -s "$file" ] && grep -Iq . "$file" && printf '%s\0' "$file"
    done <"$work/all"
}
texts >"$work/texts"

each() {
    xargs -0 "$@" <"$work/texts"
}
code() {
    grep -zE '\.([chS]|sh|mk|awk)$|(^|/)(Makefile|run)$' "$work/texts" | xargs -0 "$@"
}

tab=$'\t'
tabs() {
    each grep -nH "$tab" | grep -vE '^([^:]*/)?(Makefile|[^:/]*\.mk|\.gitmodules):'
}
silent "no tabs outside makefiles" tabs
silent "no trailing blanks" each grep -nHE '[[:blank:]]+$'
silent "no carriage returns" each grep -lH $'\r'

# shellcheck disable=SC2016  # for the inner shell
unended() {
    each sh -c 'for f; do [ -z "$(tail -c 1 "$f")" ] || echo "$f"; done' sh
}
silent "every file ends with a newline" unended

invisible() {
    each grep -nHP '[\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}\x{FEFF}]'
}
silent "no invisible Unicode" invisible

too_long() {
    code awk 'FNR == 400 { print FILENAME " has 400 lines or more" }'
}
silent "a file of code has fewer than 400 lines" too_long

no_licence() {
    code awk 'FNR == 1 { if (name != "" && !found) print name; name = FILENAME; found = 0 }
        FNR <= 2 && /SPDX-License-Identifier: MIT/ { found = 1 }
        END { if (name != "" && !found) print name }'
}
silent "a file of code names its licence first" no_licence

# shellcheck disable=SC2016  # for awk
no_purpose() {
    grep -zE '\.[chS]$' "$work/texts" | xargs -0 \
        awk 'FNR == 2 && !/^\/\* ./ { print FILENAME ": " $0 }'
}
silent "the second line of a C file says what it holds" no_purpose

# A path of the machine this checkout lies on has no business in it.
here() {
    case $PWD in
    /*/*) each grep -nHF -e "$PWD/" ;;
    esac
    each grep -nHE '/home/[a-z]+/|/Users/[A-Za-z]+/'
}
silent "no path of a machine" here

scripts() {
    find scripts tests .ci -type f \( -name '*.sh' -o -name run \) |
        while read -r file; do
            case $file in scripts/lib.sh | tests/tap.sh) continue ;; esac
            [ -x "$file" ] || echo "$file is not executable"
            head -n 1 "$file" | grep -q '^#!' || echo "$file has no #! line"
        done
}
silent "scripts are executable" scripts
