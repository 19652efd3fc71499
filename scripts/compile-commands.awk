# SPDX-License-Identifier: MIT
# Turns the output of `make -nB` into a compilation database: one entry a source file,
# the first command that compiles it (an arm is compiled once for each placement).
function escaped(text) {
    gsub(/[\\"]/, "\\\\&", text)
    return text
}
{
    line = line $0
    if (sub(/\\$/, "", line))
        next
    command = line
    line = ""
    if (command !~ / -c / || command !~ / -o /)
        next
    file = ""
    n = split(command, word, " ")
    for (i = 1; i <= n; i++)
        if (word[i] ~ /\.[cS]$/)
            file = word[i]
    if (file == "" || file in seen)
        next
    seen[file] = 1
    printf "%s\n  {\"directory\": \"%s\", \"file\": \"%s\",\n   \"command\": \"%s\"}", \
        separator, escaped(folder), escaped(file), escaped(command)
    separator = ","
}
BEGIN { printf "[" }
END { print "\n]" }
