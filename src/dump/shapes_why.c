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
