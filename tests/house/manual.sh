#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The man page: renders without a warning, and tells of what the tool's help tells of.
. tests/tap.sh

page=docs/hvperf.1

render() {
    groff -man -ww -Tutf8 -rLL=100n "$page" >"$work/page"
}
if command -v groff >/dev/null; then
    silent "the page renders without warnings" render
else
    skip "the page renders without warnings" "groff is not installed"
fi
# shellcheck disable=SC2016  # for awk
check "it has the sections a page has" awk '
    /^\.SH / { seen[$2] = 1 }
    END { n = split("NAME SYNOPSIS DESCRIPTION OPTIONS COMMANDS EXIT FILES ENVIRONMENT EXAMPLES", want, " ")
          for (i = 1; i <= n; i++) if (!(want[i] in seen)) { print want[i]; bad = 1 }
          exit bad }' "$page"

# Long options, one a line, of the page and of the help.
of_page() {
    grep -v 'pkg' "$page" | sed 's/\\-/-/g' | grep -oE -- '--[a-z][a-z-]+' | sort -u
}
of_help() {
    "$HVPERF" help | grep -oE -- '--[a-z][a-z-]+' | sort -u
}
of_page >"$work/of_page"
check "hvperf help works" "$HVPERF" help
of_help >"$work/of_help"
silent "every option of the help is in the page" comm -13 "$work/of_page" "$work/of_help"
silent "every option of the page is in the help" comm -23 "$work/of_page" "$work/of_help"
