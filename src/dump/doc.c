/* SPDX-License-Identifier: MIT */
/* Joins run and result into the tree the dump shows, and parts them again. */
#include "src/dump/doc.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && !strcmp(a, b));
}

static char *offset_key(struct hv_arena *arena, uint32_t offset)
{
    return hv_arena_printf(arena, "%" PRIu32, offset);
}

static void join_samples(const struct hv_pair_run *run, enum hv_arm_id arm,
                         struct hv_arena *arena, struct hv_doc_arm *doc)
{
    doc->n_layouts = run->n_layouts;
    doc->layouts = hv_arena_array(arena, run->n_layouts, sizeof *doc->layouts);
    for (size_t l = 0; l < run->n_layouts; l++) {
        struct hv_doc_samples *samples = &doc->layouts[l];
        samples->n_cells = run->places;
        samples->cells = hv_arena_array(arena, run->places, sizeof *samples->cells);
        for (unsigned p = 0; p < run->places; p++) {
            samples->cells[p].key = offset_key(arena, run->place_offset[p]);
            samples->cells[p].series = run->layouts[l].cell[arm][p];
        }
    }
}

static void join_pair(const struct hv_pair_run *run,
                      const struct hv_pair_result *result, struct hv_arena *arena,
                      struct hv_doc_pair *doc)
{
    doc->run = *run;
    doc->result = *result;
    doc->n_offsets = run->places;
    doc->offsets = hv_arena_array(arena, run->places, sizeof *doc->offsets);
    memcpy(doc->offsets, run->place_offset, run->places * sizeof *doc->offsets);
    for (unsigned a = 0; a < HV_ARMS; a++) {
        doc->arm[a].run = run->arm[a];
        doc->arm[a].result = result->arm[a];
        join_samples(run, (enum hv_arm_id)a, arena, &doc->arm[a]);
    }
}

/* Both sides of one list of pairs. */
static int join_pairs(const char *what, const struct hv_pair_run *runs, size_t n,
                      const struct hv_pair_result *results, size_t n_results,
                      struct hv_arena *arena, struct hv_doc_pair **docs,
                      struct hv_error *error)
{
    if (n != n_results)
        return hv_fail(error, -EINVAL, "the run has %zu %ss, its result %zu", n, what,
                       n_results);
    *docs = hv_arena_array(arena, n, sizeof **docs);
    for (size_t i = 0; i < n; i++) {
        if (!same_text(runs[i].name, results[i].name) || runs[i].places > HV_MAX_PLACES)
            return hv_fail(error, -EINVAL, "%s %zu of run and result differ", what, i);
        join_pair(&runs[i], &results[i], arena, &(*docs)[i]);
    }
    return 0;
}

int hv_doc_join(const struct hv_run *run, const struct hv_result *result,
                struct hv_arena *arena, struct hv_doc *doc, struct hv_error *error)
{
    *doc = (struct hv_doc){.schema = HV_DUMP_SCHEMA,
                           .run = *run,
                           .result = *result,
                           .n_pairs = run->n_pairs,
                           .n_experiments = run->n_experiments};
    int rc = join_pairs("pair", run->pairs, run->n_pairs, result->pairs,
                        result->n_pairs, arena, &doc->pairs, error);
    if (!rc)
        rc = join_pairs("experiment", run->experiments, run->n_experiments,
                        result->experiments, result->n_experiments, arena,
                        &doc->experiments, error);
    return rc;
}
