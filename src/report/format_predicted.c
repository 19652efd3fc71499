/* SPDX-License-Identifier: MIT */
/* Predictions of single arms as words. */
#include <string.h>

#include "src/report/format.h"

/* As a figure of its unit is written. */
static const char *amount(struct hv_arena *arena, const char *unit, double value)
{
    const struct hv_evidence evidence = {
        .provenance = HV_DECLARED, .value = value, .unit = unit};
    return hv_format_evidence(arena, &evidence);
}

static const char *one(struct hv_arena *arena, const struct hv_pair_result *pair,
                       const struct hv_arm_prediction *p)
{
    const struct hv_arm_result *arm = &pair->arm[p->arm];
    const struct hv_evidence *found = hv_arm_figure(arm, p->figure);
    const bool absent = !found || found->provenance == HV_ABSENT;
    const bool matches = p->verdict == HV_MATCH;
    return hv_arena_printf(arena, "%s %s%s predicted, %s found: %s%s%s",
                           arm->name ? arm->name : hv_arm_name(p->arm),
                           strcmp(p->figure, "time") ? "to copy " : "",
                           amount(arena, p->unit, p->predicted),
                           absent ? "none" : hv_format_evidence(arena, found),
                           hv_match_name(p->verdict), p->rule && !matches ? ", " : "",
                           p->rule && !matches ? p->rule : "");
}

const char *hv_format_arm_predictions(struct hv_arena *arena,
                                      const struct hv_pair_result *pair)
{
    const char *line = NULL;
    for (size_t i = 0; i < pair->n_arm_predictions; i++) {
        const char *next = one(arena, pair, &pair->arm_predictions[i]);
        line = line ? hv_arena_printf(arena, "%s; %s", line, next) : next;
    }
    return line;
}
