/* SPDX-License-Identifier: MIT */
/* Judges about copies: whether they are made, and what one costs. */
#include <math.h>
#include <string.h>

#include "src/analyse/effects.h"
#include "src/analyse/parts.h"
#include "src/analyse/rules.h"

void hv_judge_elision(struct hv_judging *j)
{
    const struct hv_arm_result *arm = &j->pair->arm[HV_BASELINE];
    const struct hv_evidence *declared = hv_arm_figure(arm, "memcpy_bytes_declared"),
                             *copied = hv_strong_figure(j, HV_BASELINE, "memcpy_bytes");
    const bool about_elision = j->rule->below;
    enum hv_verdict verdict;
    if (!declared || declared->provenance == HV_ABSENT) {
        hv_leave_open(j, "The source of %s does not tell what it asks to copy.",
                      arm->name);
        return;
    }
    hv_add_evidence(j, arm->name, declared);
    if (!(declared->value > 0) && copied && copied->value > 0) {
        hv_leave_open(
            j,
            "The source of %s is said to ask for no copy, and %.6g bytes were "
            "copied (%s).",
            arm->name, copied->value, hv_provenance_name(copied->provenance));
        return;
    }
    if (!(declared->value > 0)) {
        hv_refute(j, "The source of %s asks for no copy: there is none to %s.",
                  arm->name, about_elision ? "optimise away" : "keep");
        return;
    }
    if (!copied) {
        hv_leave_open(j, "What %s copies was not followed.", arm->name);
        return;
    }
    const double share = copied->value / declared->value;
    const char *words = hv_arena_printf(
        j->arena, "%s asks to copy %.6g bytes an iteration, and %.6g were copied (%s)",
        arm->name, declared->value, copied->value,
        hv_provenance_name(copied->provenance));
    const bool more = hv_is_lower_bound(j->pair, copied);
    if (!hv_decided(j->rule, share, more ? INFINITY : share, &verdict))
        hv_leave_open(j, "%s%s.", words,
                      more ? ", or more: some instructions were not understood"
                           : ": some of the copies are made, some are not");
    else if (verdict == HV_SUPPORTED)
        hv_support(j, "%s.", words);
    else
        hv_refute(j, "%s.", words);
}

/* Bytes of one vector in this run. */
static double vector_bytes(const struct hv_judging *j)
{
    return j->result->settings.dim_bits / 8.0;
}

/* The hypothesis' own limit, where it tells one. */
static double l1_limit(const struct hv_judging *j)
{
    const struct hv_hypothesis *h = j->result->hypothesis;
    return h && h->present && h->thought.copy_in_l1_ns > 0 ? h->thought.copy_in_l1_ns
                                                           : j->rule->supports;
}

void hv_judge_in_l1(struct hv_judging *j)
{
    struct hv_rule limited = *j->rule;
    limited.supports = limited.refutes = l1_limit(j);
    const struct hv_effect *effect = hv_effect_on(j->pair, HV_PART_COPY, HV_BASELINE);
    const struct hv_evidence *copied = hv_strong_figure(j, HV_BASELINE, "memcpy_bytes"),
                             *misses = hv_strong_figure(j, HV_BASELINE, "l1d_misses");
    const char *name = j->pair->arm[HV_BASELINE].name;
    enum hv_verdict verdict;
    if (hv_none_in(j->pair, HV_PART_COPY, HV_BASELINE)) {
        hv_refute(j, "%s copies no byte in an iteration: nothing is done in L1.", name);
        return;
    }
    if (!effect || effect->time.provenance == HV_ABSENT) {
        hv_leave_open(j, "What one copy of %s costs is not known: %s.", name,
                      effect ? effect->time.why : "the run made no experiment on it");
        return;
    }
    if (!copied || !(copied->value > 0) || !misses ||
        hv_is_lower_bound(j->pair, copied)) {
        hv_leave_open(j, "The %s of %s are not known.",
                      misses ? "copied bytes" : "L1 misses", name);
        return;
    }
    if (!(vector_bytes(j) > 0)) {
        hv_leave_open(j, "This run does not tell how large one copy of %s is.", name);
        return;
    }
    const double copies = copied->value / vector_bytes(j);
    const double low = effect->time.ci95[0] / copies,
                 high = effect->time.ci95[1] / copies;
    const double missed = misses->value / copies;
    hv_add_evidence(j, hv_arena_printf(j->arena, "%s, experiment copy_away", name),
                    &effect->time);
    const char *words = hv_arena_printf(
        j->arena,
        "A copy of %.6g bytes costs %s %.3g ns (%.3g to %.3g; %.4g an iteration), with "
        "%.2g L1 misses each (%s)",
        vector_bytes(j), name, effect->time.value / copies, low, high, copies, missed,
        hv_provenance_name(misses->provenance));
    if (!hv_decided(&limited, low, high, &verdict))
        hv_leave_open(j, "%s: on both sides of %.3g ns.", words, limited.supports);
    else if (verdict == HV_REFUTED)
        hv_refute(j, "%s: not below %.3g ns.", words, limited.supports);
    else if (missed >= 0.5)
        hv_refute(j, "%s: fast, but with a miss for two copies at least: not in L1.",
                  words);
    else
        hv_support(j, "%s.", words);
}
