#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The confusion matrix of the planted causes, from the dumps of each cell.

    matrix.py TRUTH DUMP...      each DUMP is CELL/TRY/hvperf-counters.json
    matrix.py --again DUMP       prints the pairs that found no quiet core, comma-separated

What was measured again counts instead of what was measured before. Prints Markdown; exit code 1 if fewer than 95 % of the cells that count are right, or if
a cause is SUPPORTED where nothing, or placement alone, was planted."""
import json
import os
import sys

MOVES = 0.05  # removing the plant must move the time by so much for a cell to count
ALLOWED = {"methodology_flawed", "placement"}  # on the two pairs without a cause
WITHOUT = {"placement_alone", "nothing_at_all"}


def truth_of(path):
    truth = {}
    for line in open(path, encoding="utf-8"):
        if line.strip() and not line.startswith("#"):
            pair, causes, levels, removal = line.rstrip("\n").split("|")
            truth[pair] = (causes.split(","), levels.split(","), removal)
    return truth


def trial(dump, pair, removal):
    for e in dump["experiments"]:
        if e["of"] == pair["name"] and removal in (e["experiment"], e["purpose"]):
            return e


def item_time(pair):
    time = pair["arms"]["baseline"]["figures"]["time"]["value"]
    return time / (pair["items"] or 1) if time else None


def effect(dump, pair, removal):
    """Share of baseline's time that goes with the plant; None: not known."""
    if removal == "band":
        band = pair["speedup"] and pair["speedup"]["placement_band"]
        return band and band[1] / band[0] - 1
    if removal == "isolated":  # the speedup without the shared work, less that with it
        e = trial(dump, pair, removal)
        known = e and e["speedup"] and pair["speedup"]
        return known and abs(e["speedup"]["value"] / pair["speedup"]["value"] - 1)
    if removal == "footprint":
        e = trial(dump, pair, removal)
        near, far = e and item_time(e), item_time(pair)
        return near and far and abs(1 - near / far)
    of = pair if removal == "-" else trial(dump, pair, removal)
    return of and of["speedup"] and abs(1 - 1 / of["speedup"]["value"])


def named(pair):
    cause = pair["cause"]
    if cause["id"] == "copy" and cause["how"]:
        return "copy:" + cause["how"]
    return cause["id"]


def is_right(pair, causes, levels):
    name = named(pair)
    right = name in causes or name.split(":")[0] in causes
    return right and (levels == ["-"] or pair["cause"]["level"] in levels)


def is_busy(dump, pair):
    return "contended" in [pair["state"]] + [
        e["state"] for e in dump["experiments"] if e["of"] == pair["name"]]


def last_of(paths):
    """{cell: {pair's name: (dump, pair)}}, the last try of each."""
    last = {}
    for path in paths:
        cell = os.path.basename(os.path.dirname(os.path.dirname(path)))
        dump = json.load(open(path, encoding="utf-8"))
        for pair in dump["pairs"]:
            last.setdefault(cell, {})[pair["name"]] = (dump, pair)
    return last


def main():
    if sys.argv[1] == "--again":
        dump = json.load(open(sys.argv[2], encoding="utf-8"))
        print(",".join(p["name"] for p in dump["pairs"] if is_busy(dump, p)))
        return 0
    truth = truth_of(sys.argv[1])
    counts, right, exempt, wrong, false = {}, [0, 0], [], [], []
    for cell, pairs in last_of(sys.argv[2:]).items():
        for dump, pair in pairs.values():
            causes, levels, removal = truth[pair["name"]]
            name = named(pair)
            row = counts.setdefault(pair["name"], {})
            row[name] = row.get(name, 0) + 1
            if pair["name"] in WITHOUT:
                false += ["%s, %s: %s" % (cell, pair["name"], c["id"])
                          for c in dump["checklist"] if c["pair"] == pair["name"]
                          and c["verdict"] == "SUPPORTED" and c["id"] not in ALLOWED]
            moved = effect(dump, pair, removal)
            figure = "not known" if moved is None else "%.1f %%" % (100 * moved)
            if pair["state"] != "quiet":
                figure = "no quiet core (%s)" % pair["state"]
            if pair["state"] != "quiet" or moved is None or moved < MOVES:
                exempt.append("%s, %s: %s (named: %s)" % (cell, pair["name"], figure, name))
                continue
            right[1] += 1
            right[0] += is_right(pair, causes, levels)
            if not is_right(pair, causes, levels):
                wrong.append("%s, %s: named %s, %s; the plant moves %s" % (
                    cell, pair["name"], name, pair["cause"]["level"], figure))
    columns = sorted({name for row in counts.values() for name in row}, key=str)
    print("| planted | " + " | ".join(map(str, columns)) + " |")
    print("|---|" + "---|" * len(columns))
    for pair in truth:
        row = counts.get(pair, {})
        print("| %s | %s |" % (pair, " | ".join(str(row.get(c, "")) for c in columns)))
    print("\nRight in %d of %d cells where removing the plant moves the time by %d %% or "
          "more." % (right[0], right[1], 100 * MOVES))
    for title, lines in (("Wrong", wrong), ("Exempt", exempt),
                         ("Falsely supported where no cause was planted", false)):
        print("\n%s: %s" % (title, "none." if not lines else ""))
        for line in lines:
            print("- " + line)
    return 0 if right[1] and right[0] >= 0.95 * right[1] and not false else 1


sys.exit(main())
