#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The dump and its JSON Schema agree, and its hash is what the schema says it is.
set -u
. tests/tap.sh

: "${HVPERF:?}"
schema=docs/hvperf-dump.schema.json

# valid DUMP
valid() {
    python3 -W ignore -m jsonschema -i "$1" "$schema"
}

# invalid SED-SCRIPT: the schema sees the edit
invalid() {
    sed "$1" tests/data/sample.json >"$work/edited.json"
    ! cmp -s tests/data/sample.json "$work/edited.json" &&
        ! valid "$work/edited.json" >/dev/null 2>&1
}

# The recipe of the schema's description, followed to the letter.
same_hash() {
    python3 - "$1" <<'PYTHON'
import hashlib, json, sys
d = json.load(open(sys.argv[1], encoding="utf-8"))
told = d.pop("raw_sha256")
del d["sweeps"], d["checklist"], d["decision"]
derived = """state times_state kept_share speedup contended prediction arm_predictions
    effects gap cause warnings"""
for pair in d["pairs"] + d["experiments"]:
    for key in derived.split():
        del pair[key]
    for arm in pair["arms"].values():
        del arm["figures"], arm["breakdown"]
text = json.dumps(d, separators=(",", ":"), ensure_ascii=False)
sys.exit(hashlib.sha256(text.encode()).hexdigest() != told)
PYTHON
}

if ! command -v python3 >/dev/null; then
    skip 'dump and schema' 'no python3'
    exit 0
fi
"$HVPERF" --pairs bind --layouts 8 --budget 500ms --counters --no-progress -o "$work" \
    >"$work/out" 2>&1
check 'the sample follows the recipe of raw_sha256' same_hash tests/data/sample.json
if [ -e "$work/hvperf-counters.json" ]; then
    check 'a real dump follows the recipe of raw_sha256' \
        same_hash "$work/hvperf-counters.json"
else
    not_ok 'a real run leaves a dump' "$work/out"
fi
if ! python3 -W ignore -c 'import jsonschema' 2>/dev/null; then
    skip 'the schema' 'no jsonschema for python3'
    exit 0
fi
check 'the sample is valid' valid tests/data/sample.json
check 'a real dump is valid' valid "$work/hvperf-counters.json"
check 'a missing member is invalid' invalid '/"granule"/d'
check 'an unknown member is invalid' invalid 's/"granule": 26,/&"grain": 1,/'
check 'an unknown word is invalid' invalid 's/"state": "quiet"/"state": "calm"/'
check 'a value without provenance is invalid' \
    invalid '0,/"provenance": "measured"/s//"provenance": "absent"/'
check 'a hash that is none is invalid' invalid 's/"raw_sha256": "./&x/'
