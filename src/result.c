/* SPDX-License-Identifier: MIT */
/* The word each value of a result has in the dump and in every report. */
#include "src/result.h"

#include <string.h>

#include "src/base/error.h"

static const char *word(const char *const *words, size_t count, int value)
{
    return value >= 0 && (size_t)value < count ? words[value] : "unknown";
}

#define WORD(words, value) word(words, HV_LEN(words), (int)(value))

const char *hv_provenance_name(enum hv_provenance provenance)
{
    static const char *const words[] = {
        [HV_ABSENT] = "absent",     [HV_DECLARED] = "declared",
        [HV_MODELLED] = "modelled", [HV_ESTIMATED] = "estimated",
        [HV_SCALED] = "scaled",     [HV_DECODED] = "decoded",
        [HV_TRACED] = "traced",     [HV_MEASURED] = "measured",
    };
    return WORD(words, provenance);
}

const char *hv_state_name(enum hv_state state)
{
    static const char *const words[] = {
        [HV_QUIET] = "quiet",
        [HV_CONTENDED] = "contended",
        [HV_FAILED] = "failed",
    };
    return WORD(words, state);
}

const char *hv_match_name(enum hv_match match)
{
    static const char *const words[] = {
        [HV_UNDECIDED] = "UNDECIDED",
        [HV_MATCH] = "MATCH",
        [HV_PARTIAL] = "PARTIAL",
        [HV_FAIL] = "FAIL",
    };
    return WORD(words, match);
}

const char *hv_verdict_name(enum hv_verdict verdict)
{
    static const char *const words[] = {
        [HV_VERDICT_UNDECIDED] = "UNDECIDED",
        [HV_SUPPORTED] = "SUPPORTED",
        [HV_REFUTED] = "REFUTED",
    };
    return WORD(words, verdict);
}

const char *hv_accord_name(enum hv_accord accord)
{
    static const char *const words[] = {
        [HV_ACCORD_NONE] = "none",
        [HV_AGREES] = "agrees",
        [HV_MAY_DIFFER] = "may differ",
        [HV_DIFFERS] = "differs",
    };
    return WORD(words, accord);
}

const char *hv_arm_name(enum hv_arm_id arm)
{
    static const char *const words[] = {
        [HV_BASELINE] = "baseline",
        [HV_CANDIDATE] = "candidate",
    };
    return WORD(words, arm);
}

const char *hv_stop_name(enum hv_stop stop)
{
    static const char *const words[] = {
        [HV_STOP_NONE] = "none",
        [HV_STOP_PRECISION] = "precision",
        [HV_STOP_BUDGET] = "budget",
        [HV_STOP_SAMPLES] = "samples",
        [HV_STOP_INTERRUPTED] = "interrupted",
    };
    return WORD(words, stop);
}

const char *hv_part_name(enum hv_part part)
{
    static const char *const words[] = {
        [HV_PART_NONE] = "none",          [HV_PART_COPY] = "copy",
        [HV_PART_FORWARD] = "forwarding", [HV_PART_ALIAS] = "aliasing",
        [HV_PART_ALLOC] = "allocation",   [HV_PART_FAULTS] = "page_faults",
        [HV_PART_MISSES] = "misses",      [HV_PART_PLACEMENT] = "placement",
        [HV_PART_REST] = "rest",
    };
    return WORD(words, part);
}

const char *hv_purpose_name(enum hv_purpose purpose)
{
    static const char *const words[] = {
        [HV_PURPOSE_PAIR] = "pair", [HV_PURPOSE_EXPERIMENT] = "experiment",
        [HV_PURPOSE_AA] = "aa",     [HV_PURPOSE_FOOTPRINT] = "footprint",
        [HV_PURPOSE_BUSY] = "busy", [HV_PURPOSE_INSIGHT] = "insight",
        [HV_PURPOSE_STEP] = "step",
    };
    return WORD(words, purpose);
}

const struct hv_evidence *hv_arm_figure(const struct hv_arm_result *arm,
                                        const char *name)
{
    for (size_t i = 0; i < arm->n_figures; i++)
        if (strcmp(arm->figures[i].name, name) == 0)
            return &arm->figures[i].evidence;
    return NULL;
}
