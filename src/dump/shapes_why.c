/* SPDX-License-Identifier: MIT */
/* How effects, gaps and causes look in JSON: a new member is a new row. */
#include "src/dump/doc.h"

static const char *part_word(unsigned value)
{
    return hv_part_name((enum hv_part)value);
}
const struct hv_words hv_part_words = {part_word, HV_PARTS};

static const char *arm_word(unsigned value)
{
    return value == HV_BASELINE ? "baseline" : "candidate";
}
const struct hv_words hv_arm_words = {arm_word, HV_ARMS};

static const struct hv_field effect_rows[] = {
    HV_ROW_TEXT("experiment", struct hv_effect, experiment, 0),
    HV_ROW_WORD("part", struct hv_effect, part, enum hv_part, hv_part_words, 0),
    HV_ROW_WORD("arm", struct hv_effect, arm, enum hv_arm_id, hv_arm_words, 0),
    HV_ROW_PART("time", struct hv_effect, time, hv_evidence_shape, 0),
    HV_ROW_RANGE("share", struct hv_effect, share, 0),
    HV_ROW_TEXT("witness", struct hv_effect, witness, HV_NULLABLE),
};
const struct hv_shape hv_effect_shape = HV_SHAPE(effect_rows, struct hv_effect);

static const struct hv_field part_rows[] = {
    HV_ROW_WORD("part", struct hv_gap_part, part, enum hv_part, hv_part_words, 0),
    HV_ROW_TEXT("experiment", struct hv_gap_part, experiment, HV_NULLABLE),
    HV_ROW_PART("time", struct hv_gap_part, time, hv_evidence_shape, 0),
    HV_ROW_REAL("share", struct hv_gap_part, share, 0),
};
static const struct hv_shape part_shape = HV_SHAPE(part_rows, struct hv_gap_part);

static const struct hv_field gap_rows[] = {
    HV_ROW_PART("time", struct hv_gap, time, hv_evidence_shape, 0),
    HV_ROW_ROWS("parts", struct hv_gap, parts, n_parts, struct hv_gap_part *,
                part_shape, 0),
};
const struct hv_shape hv_gap_shape = HV_SHAPE(gap_rows, struct hv_gap);

static const struct hv_field cause_rows[] = {
    HV_ROW_TEXT("id", struct hv_cause, id, HV_NULLABLE),
    HV_ROW_TEXT("how", struct hv_cause, how, HV_NULLABLE),
    HV_ROW_TEXT("level", struct hv_cause, level, HV_NULLABLE),
    HV_ROW_TEXT("because", struct hv_cause, because, HV_NULLABLE),
};
const struct hv_shape hv_cause_shape = HV_SHAPE(cause_rows, struct hv_cause);

static const struct hv_field point_rows[] = {
    HV_ROW_U64("bytes", struct hv_sweep_point, bytes, 0),
    HV_ROW_WORD("state", struct hv_sweep_point, state, enum hv_state, hv_state_words,
                0),
    HV_ROW_PART("baseline", struct hv_sweep_point, time[HV_BASELINE], hv_evidence_shape,
                0),
    HV_ROW_PART("baseline_per_byte", struct hv_sweep_point, per_byte[HV_BASELINE],
                hv_evidence_shape, 0),
    HV_ROW_PART("candidate", struct hv_sweep_point, time[HV_CANDIDATE],
                hv_evidence_shape, 0),
    HV_ROW_PART("candidate_per_byte", struct hv_sweep_point, per_byte[HV_CANDIDATE],
                hv_evidence_shape, 0),
};
static const struct hv_shape point_shape = HV_SHAPE(point_rows, struct hv_sweep_point);

static const struct hv_field knee_rows[] = {
    HV_ROW_U64("from", struct hv_knee, from, 0),
    HV_ROW_U64("to", struct hv_knee, to, 0),
    HV_ROW_REAL("before", struct hv_knee, before, 0),
    HV_ROW_REAL("after", struct hv_knee, after, 0),
    HV_ROW_TEXT("level", struct hv_knee, level, HV_NULLABLE),
};
static const struct hv_shape knee_shape = HV_SHAPE(knee_rows, struct hv_knee);

static const struct hv_field sweep_rows[] = {
    HV_ROW_TEXT("pair", struct hv_sweep, pair, 0),
    HV_ROW_TEXT("isa", struct hv_sweep, isa, 0),
    HV_ROW_TEXT("baseline", struct hv_sweep, arm[HV_BASELINE], HV_NULLABLE),
    HV_ROW_TEXT("candidate", struct hv_sweep, arm[HV_CANDIDATE], HV_NULLABLE),
    HV_ROW_ROWS("points", struct hv_sweep, points, n_points, struct hv_sweep_point *,
                point_shape, 0),
    HV_ROW_ROWS("knees", struct hv_sweep, knees, n_knees, struct hv_knee *, knee_shape,
                0),
};
const struct hv_shape hv_sweep_shape = HV_SHAPE(sweep_rows, struct hv_sweep);
