#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Who may know whom: each folder includes only what its row allows.
. tests/tap.sh

# "file: included" for every quoted include below a folder
quoted() {
    grep -rE '^[ \t]*#[ \t]*include[ \t]*"' --include='*.[chS]' "$1" |
        sed 's/:[^"]*"\([^"]*\)".*/: \1/'
}

strangers() {
    quoted "$1" | grep -vE ": ($2)"
}

# verify/ does again what a run does once it has measured, so it knows the three doors of
# dump/, analyse/ and report/, and nothing behind them.
# folder | what its files may include with quotes (an extended regular expression)
while IFS='|' read -r folder allowed; do
    silent "$folder includes only ${allowed//\\/}" strangers "$folder" "$allowed"
done <<'ROWS'
kernels|kernels/|hvperf\.h$
counters|counters/|src/base/|src/run(_trace)?\.h$
src/base|src/base/
src/hypothesis|src/hypothesis/|src/base/|src/hypothesis\.h$
src/analyse|src/analyse/|src/base/|src/run(_trace)?\.h$|src/(result|hypothesis)\.h$
src/dump|src/dump/|src/base/|src/run(_trace)?\.h$|src/(result|hypothesis)\.h$
src/report|src/report/|src/base/|src/result\.h$
src/verify|src/verify/|src/base/|src/run(_trace)?\.h$|src/result\.h$|src/dump/dump\.h$|src/analyse/analyse\.h$|src/report/writer\.h$
src/measure|src/measure/|src/base/|src/run(_trace)?\.h$|counters/|kernels/
src/cli|src/|counters/|kernels/
ROWS

command_line_users() {
    find src -name '*.[ch]' -not -path 'src/cli/*' -exec grep -HE '"src/cli/' {} +
}
silent "nobody but src/cli includes src/cli" command_line_users

system_users() {
    grep -rnE '#[ \t]*include[ \t]*<(linux|sys|asm)/|<(unistd|fcntl|time|pthread|signal)\.h>' \
        src/analyse src/result.h src/run.h
}
silent "analyse/ includes no header of the system" system_users

missing() {
    local file name
    while IFS=: read -r file name; do
        # plugins see the header as it is installed
        [ -e "${name# }" ] || [ "$name" = " hvperf.h" ] ||
            echo "$file includes ${name# }"
    done < <(for folder in src counters kernels tests; do quoted "$folder"; done)
}
silent "quoted includes are paths from the root" missing

own_first() {
    local file own first
    while read -r file; do
        own=${file%.c}.h
        [ -e "$own" ] || continue
        first=$(grep -m 1 -E '^#[ \t]*include' "$file")
        [ "$first" = "#include \"$own\"" ] || echo "$file: $first"
    done < <(find src counters kernels -name '*.c')
}
silent "a file includes its own header first" own_first
