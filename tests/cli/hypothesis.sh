#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# --hypothesis FILE: each kind of mistake is told with its line before anything is
# measured; a file of one's own decides instead of the built-in one.
set -u
. tests/tap.sh

: "${HVPERF:?}"
chmod 777 "$work"
mine=$PWD/docs/hypotheses/zero-copy.yaml
cd "$work" || exit 1

# refuses WORDS: bad.yaml gets exit code 2 and a message with these words
refuses() {
    "$HVPERF" --hypothesis bad.yaml --no-progress -o out >stdout 2>stderr </dev/null
    check "$1: exit code 2" test $? = 2
    check "$1: the file, the line and the reason" grep -qF -- "bad.yaml: $1" stderr
    check "$1: one message" test "$(wc -l <stderr)" = 1
    silent "$1: nothing on stdout" cat stdout
}
changed() {
    sed "$1" "$mine" >bad.yaml
}

changed 's/^  batch_1000:/  batch_2000:/'
refuses 'line 19: predictions: unknown pair "batch_2000"; there are bind, batch_1000, allocation,'
changed 's/^  batch_1000:/  control_equal:/'
refuses 'line 19: predictions: unknown pair "control_equal"'
changed 's/^  batch_1000:/  mine:batch_1000:/'
refuses 'line 19: predictions: unknown pair "mine:batch_1000"'
changed 's/speedup: 50x/speedup: -50x/'
refuses 'line 26, column 14: predictions.stack_vs_heap.speedup: "-50x": must be above 0'
changed 's/2012 us/2012 kg/'
refuses 'line 21, column 22: predictions.batch_1000.time.baseline: "2012 kg": want a time'
changed 's/^bits: .*/bits: 2048\nbits: 2048/'
refuses 'line 12, column 1: "bits": this key stands on line 11 already'
changed 's/text: Keep the.*/text: x\n        measured_by: step_nowhere/'
refuses 'line 64: measured_by: unknown pair "step_nowhere"'
changed 's/^bits: .*/bits: \&b 2048/'
refuses 'line 11, column 7: anchors'
head -c 4096 "$HVPERF" >bad.yaml
refuses 'line 1: a character that is not seen (0x7f)'
(head -n 20 "$mine" && printf 'a\0b') >bad.yaml
refuses 'line 21: a NUL byte'
yes '# filler' | head -c 10000000 >bad.yaml
refuses 'line 116509: here the file passes 1024 KiB'
: >bad.yaml
refuses 'line 1: the file is empty'
silent 'no folder was made and nothing written' find . -name 'hvperf-*' -o -name out

"$HVPERF" --hypothesis missing.yaml -o out >stdout 2>stderr </dev/null
check 'a missing file: exit code 2' test $? = 2
check 'a missing file is named' grep -q 'missing.yaml: No such file' stderr
"$HVPERF" --hypothesis . -o out >stdout 2>stderr </dev/null
check 'a folder: exit code 2' test $? = 2

"$HVPERF" list >stdout
check 'list tells the built-in hypothesis' grep -q 'zero-copy (built in)' stdout
sed 's/^name: .*/name: of-mine/' "$mine" >mine.yaml
"$HVPERF" list --hypothesis - <mine.yaml >stdout
check 'list tells the one that was given' grep -q 'of-mine' stdout

# A claim about one pair, which nothing this machine does can fit or miss by chance.
cat >mine.yaml <<'YAML'
name: of-mine
claim: equal code takes equal time
predictions:
  bind: {speedup: 1000, bytes: {baseline: 512 B, candidate: 0 B}}
scenarios:
  - {id: realistic, words: anything at all, action: smile, rule: {pairs: 1, from: 0.001},
     steps: [{text: Smile.}]}
matrix:
  - {rule: {pairs: 1, from: 0.001}, words: anything, action: smile, step: Smile more.}
YAML
"$HVPERF" --hypothesis mine.yaml --pairs bind --budget 100ms --no-progress -o out \
    >stdout 2>stderr </dev/null
check 'a hypothesis of one pair ends with 0' test $? = 0
dump=out/hvperf-counters.json
check 'the dump carries it' jq -e '.hypothesis | .name == "of-mine" and .bits == null and
    .predictions[0].copied_bytes == {baseline: 512, candidate: 0}' "$dump"
check 'the prediction is its own' jq -e '.pairs[0].prediction.speedup == 1000' "$dump"
check 'so are those of the arms' jq -e '[.pairs[0].arm_predictions[] |
    [.arm, .figure, .predicted, .verdict]] ==
    [["baseline", "memcpy_bytes", 512, "UNDECIDED"],
     ["candidate", "memcpy_bytes", 0, "UNDECIDED"]]' "$dump"
check 'the decision is about its pairs only' jq -e '.decision.scenario == "realistic" or
    (.pairs[0].state != "quiet" and .decision.scenario == "undecided")' "$dump"
check 'the report quotes its claim' \
    grep -q '(hypothesis of-mine): equal code takes equal time' out/hvperf-report.md
