/* SPDX-License-Identifier: MIT */
/* How the structs of src/result.h look in JSON: a new member is a new row. */
#include <math.h>

#include "src/dump/doc.h"

/* Enum names as functions of a plain number, which is what a table can hold. */
#define WORDS(stem, last)                                                              \
    static const char *stem##_word(unsigned value)                                     \
    {                                                                                  \
        return hv_##stem##_name((enum hv_##stem)value);                                \
    }                                                                                  \
    const struct hv_words hv_##stem##_words = {stem##_word, (unsigned)(last) + 1}

WORDS(provenance, HV_MEASURED);
WORDS(state, HV_FAILED);
WORDS(stop, HV_STOP_INTERRUPTED);
WORDS(match, HV_FAIL);
WORDS(verdict, HV_REFUTED);
WORDS(purpose, HV_PURPOSE_STEP);
WORDS(scenario, HV_OPTIMISTIC);
WORDS(accord, HV_DIFFERS);

/* A figure that is no number is absent, whoever computed it: the dump must stay
 * readable. */
static void tidy_evidence(void *copy)
{
    struct hv_evidence *evidence = copy;
    const bool finite = isfinite(evidence->value);
    if (evidence->provenance == HV_ABSENT || !finite) {
        if (evidence->provenance != HV_ABSENT)
            evidence->why = "not a finite number";
        evidence->provenance = HV_ABSENT;
        evidence->value = NAN;
        evidence->has_ci = false;
        if (!evidence->why)
            evidence->why = "no reason was given";
    }
    if (!isfinite(evidence->ci95[0]) || !isfinite(evidence->ci95[1]) ||
        evidence->ci95[0] > evidence->ci95[1])
        evidence->has_ci = false;
}

static const char *check_evidence(void *read)
{
    struct hv_evidence *evidence = read;
    const bool has_value = !isnan(evidence->value);
    if (evidence->provenance != HV_ABSENT)
        return has_value ? NULL : "a value, or the provenance absent";
    if (has_value)
        return "no value where the provenance is absent";
    evidence->value = 0;
    return evidence->why ? NULL : "a reason in why where the provenance is absent";
}

static const struct hv_field evidence_rows[] = {
    HV_ROW_REAL("value", struct hv_evidence, value, HV_NAN_IS_NULL),
    HV_ROW_TEXT("unit", struct hv_evidence, unit, HV_NULLABLE),
    HV_ROW_WORD("provenance", struct hv_evidence, provenance, enum hv_provenance,
                hv_provenance_words, 0),
    HV_ROW_TEXT("source", struct hv_evidence, source, HV_NULLABLE),
    HV_ROW_RANGE_IF("ci95", struct hv_evidence, ci95, has_ci, 0),
    HV_ROW_TEXT("why", struct hv_evidence, why, HV_NULLABLE),
    HV_ROW_ROWS("witnesses", struct hv_evidence, witnesses, n_witnesses,
                struct hv_evidence *, hv_evidence_shape, 0),
};
const struct hv_shape hv_evidence_shape = {
    .fields = evidence_rows,
    .n_fields = HV_LEN(evidence_rows),
    .size = sizeof(struct hv_evidence),
    .tidy = tidy_evidence,
    .check = check_evidence,
};
_Static_assert(sizeof(struct hv_evidence) <= HV_MAX_SHAPE_BYTES,
               "tidy has a copy of it");

static const char *check_speedup(void *read)
{
    const struct hv_speedup *speedup = read;
    return speedup->value > 0 && speedup->ci95[0] > 0 ? NULL : "a ratio above 0";
}

static const struct hv_field speedup_rows[] = {
    HV_ROW_REAL("value", struct hv_speedup, value, 0),
    HV_ROW_RANGE("ci95", struct hv_speedup, ci95, 0),
    HV_ROW_RANGE("placement_band", struct hv_speedup, placement_band, 0),
    HV_ROW_RANGE("layout_band", struct hv_speedup, layout_band, 0),
    HV_ROW_U32("layouts", struct hv_speedup, layouts, 0),
    HV_ROW_U32("rounds", struct hv_speedup, rounds, 0),
    HV_ROW_TEXT("statistic", struct hv_speedup, statistic, 0),
};
const struct hv_shape hv_speedup_shape = {
    .fields = speedup_rows,
    .n_fields = HV_LEN(speedup_rows),
    .size = sizeof(struct hv_speedup),
    .check = check_speedup,
};

static const struct hv_field prediction_rows[] = {
    HV_ROW_REAL("speedup", struct hv_prediction, speedup, HV_NULLABLE),
    HV_ROW_WORD("verdict", struct hv_prediction, verdict, enum hv_match, hv_match_words,
                0),
    HV_ROW_TEXT("rule", struct hv_prediction, rule, HV_NULLABLE),
};
const struct hv_shape hv_prediction_shape =
    HV_SHAPE(prediction_rows, struct hv_prediction);

static const struct hv_field arm_prediction_rows[] = {
    HV_ROW_WORD("arm", struct hv_arm_prediction, arm, enum hv_arm_id, hv_arm_words, 0),
    HV_ROW_TEXT("figure", struct hv_arm_prediction, figure, 0),
    HV_ROW_TEXT("unit", struct hv_arm_prediction, unit, 0),
    HV_ROW_REAL("predicted", struct hv_arm_prediction, predicted, 0),
    HV_ROW_WORD("verdict", struct hv_arm_prediction, verdict, enum hv_match,
                hv_match_words, 0),
    HV_ROW_TEXT("rule", struct hv_arm_prediction, rule, HV_NULLABLE),
};
const struct hv_shape hv_arm_prediction_shape =
    HV_SHAPE(arm_prediction_rows, struct hv_arm_prediction);

static const struct hv_field warning_rows[] = {
    HV_ROW_TEXT("id", struct hv_warning, id, 0),
    HV_ROW_TEXT("text", struct hv_warning, text, 0),
    HV_ROW_TEXT("advice", struct hv_warning, advice, HV_NULLABLE),
};
const struct hv_shape hv_warning_shape = HV_SHAPE(warning_rows, struct hv_warning);

static const struct hv_field check_rows[] = {
    HV_ROW_TEXT("id", struct hv_check, id, 0),
    HV_ROW_TEXT("item", struct hv_check, item, 0),
    HV_ROW_TEXT("pair", struct hv_check, pair, HV_NULLABLE),
    HV_ROW_WORD("verdict", struct hv_check, verdict, enum hv_verdict, hv_verdict_words,
                0),
    HV_ROW_TEXT("because", struct hv_check, because, HV_NULLABLE),
    HV_ROW_ROWS("evidence", struct hv_check, evidence, n_evidence, struct hv_evidence *,
                hv_evidence_shape, 0),
};
const struct hv_shape hv_check_shape = HV_SHAPE(check_rows, struct hv_check);

static const struct hv_field gpu_rows[] = {
    HV_ROW_PART("cpu", struct hv_break_even, cpu, hv_evidence_shape, 0),
    HV_ROW_PART("transferred", struct hv_break_even, transferred, hv_evidence_shape, 0),
    HV_ROW_PART("resident", struct hv_break_even, resident, hv_evidence_shape, 0),
};
static const struct hv_shape gpu_shape = HV_SHAPE(gpu_rows, struct hv_break_even);

static const struct hv_field foretaste_rows[] = {
    HV_ROW_TEXT("step", struct hv_foretaste, step, 0),
    HV_ROW_TEXT("pair", struct hv_foretaste, pair, 0),
    HV_ROW_PART("gain", struct hv_foretaste, gain, hv_evidence_shape, 0),
};
static const struct hv_shape foretaste_shape =
    HV_SHAPE(foretaste_rows, struct hv_foretaste);

static const struct hv_field decision_rows[] = {
    HV_ROW_WORD("scenario", struct hv_decision, scenario, enum hv_scenario,
                hv_scenario_words, 0),
    HV_ROW_WORD("accord", struct hv_decision, accord, enum hv_accord, hv_accord_words,
                HV_NULLABLE),
    HV_ROW_TEXT("matrix", struct hv_decision, matrix, HV_NULLABLE),
    HV_ROW_TEXT("rule", struct hv_decision, rule, HV_NULLABLE),
    HV_ROW_TEXTS("next", struct hv_decision, next, n_next, const char **, 0),
    HV_ROW_ROWS("foretastes", struct hv_decision, foretastes, n_foretastes,
                struct hv_foretaste *, foretaste_shape, 0),
    HV_ROW_PART_IF("gpu", struct hv_decision, gpu, present, gpu_shape, 0),
};
const struct hv_shape hv_decision_shape = HV_SHAPE(decision_rows, struct hv_decision);
