/* SPDX-License-Identifier: MIT */
/* The frame of the dump: its top, the pairs and the arms, raw and derived rows mixed.
 */
#include "src/dump/doc.h"

static const struct hv_field program_rows[] = {
    HV_ROW_TEXT("version", struct hv_doc, run.version, 0),
    HV_ROW_U32("schema", struct hv_doc, schema, 0),
};
static const struct hv_shape program_shape = HV_SHAPE(program_rows, struct hv_doc);

/* One layout's samples of an arm: an object keyed by placement. */
static const struct hv_field cells_row = {
    .name = "placements",
    .kind = HV_MAP,
    .at = HV_AT(struct hv_doc_samples, cells, struct hv_doc_cell *),
    .count = HV_AT(struct hv_doc_samples, n_cells, size_t),
    .shape = &hv_series_shape,
    .stride = sizeof(struct hv_doc_cell),
    .key = HV_AT(struct hv_doc_cell, key, const char *),
    .inner = offsetof(struct hv_doc_cell, series),
};
static const struct hv_shape samples_shape = {
    .size = sizeof(struct hv_doc_samples),
    .whole = &cells_row,
};

static const struct hv_field sampled_rows[] = {
    HV_ROW_ROWS("layouts", struct hv_doc_arm, layouts, n_layouts,
                struct hv_doc_samples *, samples_shape, 0),
};
static const struct hv_shape sampled_shape = HV_SHAPE(sampled_rows, struct hv_doc_arm);

static const struct hv_field arm_rows[] = {
    HV_ROW_TEXT("name", struct hv_doc_arm, run.name, 0),
    HV_ROW_U64("n", struct hv_doc_arm, run.n, 0),
    HV_ROW_TEXT("code_sha256", struct hv_doc_arm, run.code_sha256, HV_NULLABLE),
    HV_ROW_U64_IF("declared_copy_bytes", struct hv_doc_arm, run.declared_copy_bytes,
                  run.declares_copies, 0),
    {
                          .name = "figures",
                          .kind = HV_MAP,
                          .flags = HV_DERIVED,
                          .at = HV_AT(struct hv_doc_arm, result.figures, struct hv_figure *),
                          .count = HV_AT(struct hv_doc_arm, result.n_figures, size_t),
                          .shape = &hv_evidence_shape,
                          .stride = sizeof(struct hv_figure),
                          .key = HV_AT(struct hv_figure, name, const char *),
                          .inner = offsetof(struct hv_figure, evidence),
                          },
    HV_ROW_PART("breakdown", struct hv_doc_arm, result.breakdown, hv_breakdown_shape,
                HV_DERIVED),
    HV_ROW_PART_IF("trace", struct hv_doc_arm, run.trace, tried, hv_trace_shape, 0),
    HV_ROW_SELF("samples", sampled_shape, 0),
};
static const struct hv_shape arm_shape = HV_SHAPE(arm_rows, struct hv_doc_arm);

static const struct hv_field arms_rows[] = {
    HV_ROW_PART("baseline", struct hv_doc_pair, arm[HV_BASELINE], arm_shape, 0),
    HV_ROW_PART("candidate", struct hv_doc_pair, arm[HV_CANDIDATE], arm_shape, 0),
};
static const struct hv_shape arms_shape = HV_SHAPE(arms_rows, struct hv_doc_pair);

static const struct hv_field pair_rows[] = {
    HV_ROW_TEXT("name", struct hv_doc_pair, run.name, 0),
    HV_ROW_TEXT("kernel_set", struct hv_doc_pair, run.kernel_set, HV_NULLABLE),
    HV_ROW_TEXT("isa", struct hv_doc_pair, run.isa, 0),
    HV_ROW_TEXT("question", struct hv_doc_pair, run.question, HV_NULLABLE),
    HV_ROW_BOOL("control", struct hv_doc_pair, run.control, 0),
    HV_ROW_WORD("purpose", struct hv_doc_pair, run.purpose, enum hv_purpose,
                hv_purpose_words, 0),
    HV_ROW_TEXT("of", struct hv_doc_pair, run.of, HV_NULLABLE),
    HV_ROW_TEXT("experiment", struct hv_doc_pair, run.experiment, HV_NULLABLE),
    HV_ROW_BOOL("differs", struct hv_doc_pair, run.differs, 0),
    HV_ROW_U64("asked_footprint", struct hv_doc_pair, run.asked_footprint, HV_NULLABLE),
    HV_ROW_U64("footprint", struct hv_doc_pair, run.footprint, HV_NULLABLE),
    HV_ROW_REAL("predicted", struct hv_doc_pair, run.predicted, HV_NULLABLE),
    HV_ROW_U64("items", struct hv_doc_pair, run.items, HV_NULLABLE),
    HV_ROW_U64("bytes", struct hv_doc_pair, run.bytes, HV_NULLABLE),
    HV_ROW_TICKS("placements", struct hv_doc_pair, offsets, n_offsets, 0),
    HV_ROW_WORD("state", struct hv_doc_pair, result.state, enum hv_state,
                hv_state_words, HV_DERIVED),
    HV_ROW_WORD("times_state", struct hv_doc_pair, result.times, enum hv_state,
                hv_state_words, HV_DERIVED),
    HV_ROW_TEXT("failure", struct hv_doc_pair, run.failure, HV_NULLABLE),
    HV_ROW_REAL_IF("kept_share", struct hv_doc_pair, result.kept_share,
                   result.has_kept_share, HV_DERIVED),
    HV_ROW_WORD("stop_reason", struct hv_doc_pair, run.stop, enum hv_stop,
                hv_stop_words, HV_NULLABLE),
    HV_ROW_PART_IF("speedup", struct hv_doc_pair, result.speedup, present,
                   hv_speedup_shape, HV_DERIVED),
    HV_ROW_PART_IF("contended", struct hv_doc_pair, result.contended, present,
                   hv_speedup_shape, HV_DERIVED),
    HV_ROW_PART("prediction", struct hv_doc_pair, result.prediction,
                hv_prediction_shape, HV_DERIVED),
    HV_ROW_ROWS("arm_predictions", struct hv_doc_pair, result.arm_predictions,
                result.n_arm_predictions, struct hv_arm_prediction *,
                hv_arm_prediction_shape, HV_DERIVED),
    HV_ROW_ROWS("effects", struct hv_doc_pair, result.effects, result.n_effects,
                struct hv_effect *, hv_effect_shape, HV_DERIVED),
    HV_ROW_PART_IF("gap", struct hv_doc_pair, result.gap, present, hv_gap_shape,
                   HV_DERIVED),
    HV_ROW_PART("cause", struct hv_doc_pair, result.cause, hv_cause_shape, HV_DERIVED),
    HV_ROW_ROWS("warnings", struct hv_doc_pair, result.warnings, result.n_warnings,
                struct hv_warning *, hv_warning_shape, HV_DERIVED),
    HV_ROW_SELF("arms", arms_shape, 0),
    HV_ROW_ROWS("layouts", struct hv_doc_pair, run.layouts, run.n_layouts,
                struct hv_layout *, hv_layout_shape, 0),
    HV_ROW_ROWS("counters", struct hv_doc_pair, run.groups, run.n_groups,
                struct hv_group_run *, hv_group_shape, 0),
    HV_ROW_PART("meter", struct hv_doc_pair, run.meter, hv_meter_shape, 0),
    HV_ROW_PART_IF("usage", struct hv_doc_pair, run.usage, present, hv_usage_shape, 0),
};
static const struct hv_shape pair_shape = HV_SHAPE(pair_rows, struct hv_doc_pair);

static const struct hv_field doc_rows[] = {
    HV_ROW_SELF("hvperf", program_shape, 0),
    HV_ROW_TEXTS("command", struct hv_doc, run.command, run.n_command,
                 const char *const *, 0),
    HV_ROW_BOOL("interrupted", struct hv_doc, run.interrupted, 0),
    HV_ROW_TEXT("raw_sha256", struct hv_doc, result.raw_sha256, HV_DERIVED),
    HV_ROW_PART("settings", struct hv_doc, run.settings, hv_settings_shape, 0),
    HV_ROW_PART_IF("hypothesis", struct hv_doc, run.hypothesis, present,
                   hv_hypothesis_shape, 0),
    HV_ROW_PART("clock", struct hv_doc, run.clock, hv_clock_shape, 0),
    HV_ROW_PART("caches", struct hv_doc, run.caches, hv_caches_shape, 0),
    {
                                                               .name = "environment",
                                                               .kind = HV_MAP,
                                                               .at = HV_AT(struct hv_doc, run.environment, struct hv_fact *),
                                                               .count = HV_AT(struct hv_doc, run.n_environment, size_t),
                                                               .shape = &hv_fact_shape,
                                                               .stride = sizeof(struct hv_fact),
                                                               .key = HV_AT(struct hv_fact, key, const char *),
                                                               },
    HV_ROW_ROWS("controls", struct hv_doc, run.controls, run.n_controls,
                struct hv_control *, hv_control_shape, 0),
    HV_ROW_ROWS("pairs", struct hv_doc, pairs, n_pairs, struct hv_doc_pair *,
                pair_shape, 0),
    HV_ROW_ROWS("experiments", struct hv_doc, experiments, n_experiments,
                struct hv_doc_pair *, pair_shape, 0),
    HV_ROW_ROWS("sweeps", struct hv_doc, result.sweeps, result.n_sweeps,
                struct hv_sweep *, hv_sweep_shape, HV_DERIVED),
    HV_ROW_ROWS("checklist", struct hv_doc, result.checklist, result.n_checklist,
                struct hv_check *, hv_check_shape, HV_DERIVED),
    HV_ROW_PART("decision", struct hv_doc, result.decision, hv_decision_shape,
                HV_DERIVED),
};
const struct hv_shape hv_doc_shape = HV_SHAPE(doc_rows, struct hv_doc);
