/* SPDX-License-Identifier: MIT */
/* The dump as one tree of structs, shaped as the JSON is: raw run and result side by
 * side in each pair and arm. */
#ifndef HV_DUMP_DOC_H
#define HV_DUMP_DOC_H

#include "src/base/arena.h"
#include "src/base/error.h"
#include "src/dump/codec.h"
#include "src/result.h"
#include "src/run.h"

enum { HV_DUMP_SCHEMA = 1 };

/* The samples of one arm at one placement; key is its offset in decimal. */
struct hv_doc_cell {
    const char *key;
    struct hv_series series;
};

struct hv_doc_samples {
    struct hv_doc_cell *cells;
    size_t n_cells;
};

struct hv_doc_arm {
    struct hv_arm_run run;
    struct hv_arm_result result;
    struct hv_doc_samples *layouts;
    size_t n_layouts;
};

struct hv_doc_pair {
    struct hv_pair_run run;
    struct hv_pair_result result;
    uint32_t *offsets; /* run.place_offset, with a size_t for its length */
    size_t n_offsets;
    struct hv_doc_arm arm[HV_ARMS];
};

struct hv_doc {
    uint32_t schema;
    struct hv_run run;
    struct hv_result result;
    struct hv_doc_pair *pairs, *experiments;
    size_t n_pairs, n_experiments;
};

/* How an hv_doc looks in JSON. */
extern const struct hv_shape hv_doc_shape;

/* Shapes by the room their structs come from. */
extern const struct hv_shape hv_clock_shape, hv_caches_shape, hv_settings_shape,
    hv_fact_shape, hv_control_shape, hv_series_shape, hv_layout_shape, hv_group_shape,
    hv_meter_shape, hv_usage_shape, hv_trace_shape, hv_hypothesis_shape;
extern const struct hv_shape hv_evidence_shape, hv_speedup_shape, hv_prediction_shape,
    hv_warning_shape, hv_check_shape, hv_decision_shape, hv_breakdown_shape,
    hv_effect_shape, hv_gap_shape, hv_cause_shape, hv_sweep_shape,
    hv_arm_prediction_shape;
extern const struct hv_words hv_provenance_words, hv_state_words, hv_stop_words,
    hv_match_words, hv_verdict_words, hv_scenario_words, hv_purpose_words,
    hv_part_words, hv_arm_words, hv_accord_words;

/* The two sides of a doc; pointers are shared, not copied. -EINVAL: the result is not
 * about this run. */
int hv_doc_join(const struct hv_run *run, const struct hv_result *result,
                struct hv_arena *arena, struct hv_doc *doc, struct hv_error *error);

/* The way back. Checks what the tables cannot say: array lengths that belong together,
 * and counts that something is divided by. */
int hv_doc_split(const struct hv_doc *doc, struct hv_arena *arena, struct hv_run **run,
                 struct hv_result **result, struct hv_error *error);

#endif
