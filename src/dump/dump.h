/* SPDX-License-Identifier: MIT */
/* The dump: a whole run and what was made of it, in one JSON file that others build on
 * and that everything can be computed from again. docs/hvperf-dump.schema.json tells
 * every member; the tables in shapes_*.c are the code's side of it.
 *
 * LC_NUMERIC must be "C" (a program that never calls setlocale for it is fine). */
#ifndef HV_DUMP_DUMP_H
#define HV_DUMP_DUMP_H

#include <stddef.h>

#include "src/base/arena.h"
#include "src/base/error.h"
#include "src/result.h"
#include "src/run.h"

#define HV_DUMP_NAME  "hvperf-counters.json"
#define HV_SWEEP_NAME "hvperf-sweep.json"

enum {
    HV_DUMP_MAX_BYTES = 64 << 20, /* of a file that is read */
    HV_DUMP_MAX_VALUES = 2 << 20, /* values in it */
    HV_DUMP_MAX_DEPTH = 32,       /* brackets inside brackets */
    HV_SHA256_TEXT = 2 * 32 + 1,
};

/* Writes dir/name (HV_DUMP_NAME, HV_SWEEP_NAME) whole or not at all (hv_file_replace)
 * and sets result->raw_sha256 and dump_sha256 (NULL if it could not be written).
 * *path_out (may be NULL) and the hashes live in arena. result must be about run: the
 * same pairs in the same order. 0 or -errno. */
int hv_dump_write(const char *dir, const char *name, const struct hv_run *run,
                  struct hv_result *result, struct hv_arena *arena, char **path_out,
                  struct hv_error *error);

/* Reads a dump from path, "-" for standard input. Whatever the input, this ends with 0
 * or with -errno and an error that names the member, what it holds and what was
 * expected. -EBADMSG: the raw part does not fit its raw_sha256. Sets both hashes of the
 * result; dump_sha256 is that of the bytes read. */
int hv_dump_read(const char *path, struct hv_arena *arena, struct hv_run **run,
                 struct hv_result **result, struct hv_error *error);

/* The same without files; dump_sha256 is that of the bytes. *bytes is freed by the
 * caller. */
int hv_dump_encode(const struct hv_run *run, struct hv_result *result,
                   struct hv_arena *arena, char **bytes, size_t *n,
                   struct hv_error *error);
int hv_dump_decode(const char *bytes, size_t n, struct hv_arena *arena,
                   struct hv_run **run, struct hv_result **result,
                   struct hv_error *error);

/* SHA-256 of the raw part: of the dump without raw_sha256, sweeps, checklist, decision,
 * without each pair's and experiment's state, times_state, kept_share, speedup,
 * contended, prediction, arm_predictions, effects, gap, cause and warnings, and without
 * each arm's figures and breakdown, as compact UTF-8 JSON with the members in their
 * order. In Python: json.dumps(what is left, separators=(",", ":"),
 * ensure_ascii=False). */
int hv_dump_sha256(const struct hv_run *run, char text[HV_SHA256_TEXT],
                   struct hv_error *error);

#endif
