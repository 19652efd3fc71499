/* SPDX-License-Identifier: MIT */
/* How the structs of src/hypothesis.h look in JSON: a new member is a new row. Lines of
 * a file are left out: they say nothing once it has been read. */
#include "src/dump/doc.h"

/* A number for each arm, as an object of two; 0: not told. */
static const struct hv_field time_rows[] = {
    HV_ROW_REAL("baseline", struct hv_predicted, time_ns[HV_BASELINE], HV_NULLABLE),
    HV_ROW_REAL("candidate", struct hv_predicted, time_ns[HV_CANDIDATE], HV_NULLABLE),
};
static const struct hv_shape time_shape = HV_SHAPE(time_rows, struct hv_predicted);

static const struct hv_field bytes_rows[] = {
    HV_ROW_REAL_IF("baseline", struct hv_predicted, bytes[HV_BASELINE],
                   tells_bytes[HV_BASELINE], 0),
    HV_ROW_REAL_IF("candidate", struct hv_predicted, bytes[HV_CANDIDATE],
                   tells_bytes[HV_CANDIDATE], 0),
};
static const struct hv_shape bytes_shape = HV_SHAPE(bytes_rows, struct hv_predicted);

static const struct hv_field predicted_rows[] = {
    HV_ROW_TEXT("pair", struct hv_predicted, pair, 0),
    HV_ROW_REAL("speedup", struct hv_predicted, speedup, 0),
    HV_ROW_SELF("time_ns", time_shape, 0),
    HV_ROW_SELF("copied_bytes", bytes_shape, 0),
};
static const struct hv_shape predicted_shape =
    HV_SHAPE(predicted_rows, struct hv_predicted);

static const struct hv_field thought_rows[] = {
    HV_ROW_REAL("bind_ns", struct hv_thought, bind_ns, HV_NULLABLE),
    HV_ROW_REAL("copy_ns", struct hv_thought, copy_ns, HV_NULLABLE),
    HV_ROW_REAL("copy_bytes", struct hv_thought, copy_bytes, HV_NULLABLE),
    HV_ROW_REAL("copy_in_l1_ns", struct hv_thought, copy_in_l1_ns, HV_NULLABLE),
};
static const struct hv_shape thought_shape = HV_SHAPE(thought_rows, struct hv_thought);

static const struct hv_field thresholds_rows[] = {
    HV_ROW_REAL("match_share", struct hv_thresholds, match_share, 0),
    HV_ROW_REAL("partial_from", struct hv_thresholds, partial_from, 0),
};
static const struct hv_shape thresholds_shape =
    HV_SHAPE(thresholds_rows, struct hv_thresholds);

static const struct hv_field rule_rows[] = {
    HV_ROW_U32("pairs", struct hv_count_rule, pairs, HV_NULLABLE),
    HV_ROW_REAL("from", struct hv_count_rule, from, HV_NULLABLE),
    HV_ROW_REAL("below", struct hv_count_rule, below, HV_NULLABLE),
};
static const struct hv_shape rule_shape = HV_SHAPE(rule_rows, struct hv_count_rule);

static const struct hv_field step_rows[] = {
    HV_ROW_TEXT("text", struct hv_step, text, 0),
    HV_ROW_TEXT("measured_by", struct hv_step, measured_by, HV_NULLABLE),
};
static const struct hv_shape step_shape = HV_SHAPE(step_rows, struct hv_step);

static const struct hv_field scenario_rows[] = {
    HV_ROW_WORD("id", struct hv_scenario_row, id, enum hv_scenario, hv_scenario_words,
                0),
    HV_ROW_TEXT("words", struct hv_scenario_row, words, 0),
    HV_ROW_TEXT("action", struct hv_scenario_row, action, 0),
    HV_ROW_PART("rule", struct hv_scenario_row, rule, rule_shape, 0),
    HV_ROW_PART("also", struct hv_scenario_row, also, rule_shape, 0),
    HV_ROW_ROWS("steps", struct hv_scenario_row, steps, n_steps, struct hv_step *,
                step_shape, 0),
};
static const struct hv_shape scenario_shape =
    HV_SHAPE(scenario_rows, struct hv_scenario_row);

static const struct hv_field matrix_rows[] = {
    HV_ROW_PART("rule", struct hv_matrix_row, rule, rule_shape, 0),
    HV_ROW_TEXT("words", struct hv_matrix_row, words, 0),
    HV_ROW_TEXT("action", struct hv_matrix_row, action, 0),
    HV_ROW_TEXT("step", struct hv_matrix_row, step, 0),
};
static const struct hv_shape matrix_shape = HV_SHAPE(matrix_rows, struct hv_matrix_row);

static const struct hv_field assumption_rows[] = {
    HV_ROW_REAL("value", struct hv_assumption, value, HV_NULLABLE),
    HV_ROW_TEXT("source", struct hv_assumption, source, HV_NULLABLE),
};
static const struct hv_shape assumption_shape =
    HV_SHAPE(assumption_rows, struct hv_assumption);

static const struct hv_field gpu_rows[] = {
    HV_ROW_PART("launch_ns", struct hv_gpu, launch_ns, assumption_shape, 0),
    HV_ROW_PART("transfer_gb_per_s", struct hv_gpu, transfer_gb_per_s, assumption_shape,
                0),
    HV_ROW_PART("memory_gb_per_s", struct hv_gpu, memory_gb_per_s, assumption_shape, 0),
    HV_ROW_PART("item_bytes", struct hv_gpu, item_bytes, assumption_shape, 0),
};
static const struct hv_shape gpu_shape = HV_SHAPE(gpu_rows, struct hv_gpu);

static const struct hv_field hypothesis_rows[] = {
    HV_ROW_TEXT("name", struct hv_hypothesis, name, 0),
    HV_ROW_TEXT("claim", struct hv_hypothesis, claim, 0),
    HV_ROW_REAL("share", struct hv_hypothesis, share, HV_NULLABLE),
    HV_ROW_U32("bits", struct hv_hypothesis, bits, HV_NULLABLE),
    HV_ROW_ROWS("predictions", struct hv_hypothesis, predictions, n_predictions,
                struct hv_predicted *, predicted_shape, 0),
    HV_ROW_PART("thought", struct hv_hypothesis, thought, thought_shape, 0),
    HV_ROW_PART("thresholds", struct hv_hypothesis, thresholds, thresholds_shape, 0),
    HV_ROW_ROWS("scenarios", struct hv_hypothesis, scenarios, n_scenarios,
                struct hv_scenario_row *, scenario_shape, 0),
    HV_ROW_ROWS("otherwise", struct hv_hypothesis, otherwise, n_otherwise,
                struct hv_step *, step_shape, 0),
    HV_ROW_ROWS("matrix", struct hv_hypothesis, matrix, n_matrix,
                struct hv_matrix_row *, matrix_shape, 0),
    HV_ROW_PART("gpu", struct hv_hypothesis, gpu, gpu_shape, 0),
};
const struct hv_shape hv_hypothesis_shape =
    HV_SHAPE(hypothesis_rows, struct hv_hypothesis);
