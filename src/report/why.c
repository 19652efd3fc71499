/* SPDX-License-Identifier: MIT */
/* Words and look-ups that the sections about causes share. */
#include "src/report/why.h"

#include <math.h>
#include <string.h>

#include "src/base/error.h"
#include "src/report/format.h"

static bool same(const char *a, const char *b)
{
    return a && b && !strcmp(a, b);
}

/* A name and what a reader is told instead. */
struct word {
    const char *name, *title;
};

static const char *title_of(const struct word *words, size_t n, const char *name,
                            const char *other)
{
    for (size_t i = 0; i < n; i++)
        if (same(words[i].name, name))
            return words[i].title;
    return other;
}

const char *hv_part_title(enum hv_part part)
{
    static const char *const titles[HV_PARTS] = {
        [HV_PART_COPY] = "copied bytes",
        [HV_PART_FORWARD] = "forwarding stalls",
        [HV_PART_ALIAS] = "aliasing at 4 KiB",
        [HV_PART_ALLOC] = "allocation",
        [HV_PART_FAULTS] = "page faults",
        [HV_PART_MISSES] = "cache misses",
        [HV_PART_PLACEMENT] = "placement of the code",
        [HV_PART_REST] = "the rest",
    };
    const char *title = (size_t)part < HV_LEN(titles) ? titles[part] : NULL;
    return title ? title : "no part";
}

const char *hv_cause_title(struct hv_arena *arena, const struct hv_cause *cause)
{
    static const struct word words[] = {
        {"undecided",   "undecided"                         },
        {"shared_work", "work that both arms share"         },
        {"elided",      "none: the copies were elided"      },
        {"placement",   "placement of the code"             },
        {"none",        "none: there is no gap"             },
        {"copy",        "copies"                            },
        {"forwarding",  "blocked store-to-load forwarding"  },
        {"aliasing",    "aliasing at 4 KiB"                 },
        {"misses",      "cache misses"                      },
        {"allocation",  "allocation"                        },
        {"page_faults", "page faults"                       },
        {"other_work",  "other work that the arms differ in"},
    };
    const char *id = cause->id ? cause->id : "undecided";
    const char *title = title_of(words, HV_LEN(words), id, id);
    if (!cause->how && !cause->level)
        return title;
    return hv_arena_printf(arena, "%s (%s%s%s%s)", title, cause->how ? cause->how : "",
                           cause->how && cause->level ? ", " : "",
                           cause->level ? "in " : "", cause->level ? cause->level : "");
}

const char *hv_experiment_title(const char *experiment)
{
    static const struct word words[] = {
        {"copy_away",     "its copies left out"                             },
        {"copy_twice",    "every copy made once more"                       },
        {"copy_unread",   "its copies made, but the source read"            },
        {"copy_called",   "its copies made by a call of memcpy"             },
        {"copy_inlined",  "its copies made in line"                         },
        {"copy_wide",     "its copies stored as wide as they are read"      },
        {"temp_64",       "its temporaries 64 bytes further on"             },
        {"temp_4096",     "its temporaries 4096 bytes further on"           },
        {"alloc_hoisted", "its memory from a pool made beforehand"          },
        {"alloc_touched", "its memory touched beforehand"                   },
        {"isolated",      "the work that both arms share taken from a table"},
    };
    return title_of(words, HV_LEN(words), experiment, "");
}

/* ---- figures of a gap */

const char *hv_format_ns(struct hv_arena *arena, double ns)
{
    return fabs(ns) < 5e-4 && ns != 0 ? "0.000" : hv_format_number(arena, ns);
}

const char *hv_format_ns_range(struct hv_arena *arena,
                               const struct hv_evidence *evidence)
{
    if (!evidence->has_ci || evidence->provenance == HV_ABSENT)
        return "";
    /* A witness that counted none has no error to tell. */
    if (!(fabs(evidence->ci95[0]) > 0) && !(fabs(evidence->ci95[1]) > 0))
        return "";
    const char *low = hv_format_ns(arena, evidence->ci95[0]),
               *high = hv_format_ns(arena, evidence->ci95[1]);
    /* Ends that differ look different. */
    if (!strcmp(low, high) && strcmp(low, "0.000") != 0)
        return hv_format_range(arena, evidence->ci95);
    return hv_arena_printf(arena, "%s to %s", low, high);
}

bool hv_gap_excludes_0(const struct hv_gap *gap)
{
    const double *ci95 = gap->time.ci95;
    return gap->present && gap->time.has_ci && (ci95[0] > 0 || ci95[1] < 0);
}

const char *hv_gap_share(struct hv_arena *arena, const struct hv_gap *gap,
                         const struct hv_gap_part *part)
{
    if (!hv_gap_excludes_0(gap) || part->time.provenance == HV_ABSENT)
        return "-";
    if (!(fabs(part->time.value) > 0))
        return "0 %";
    const double percent = 100 * part->share;
    return hv_arena_printf(arena, fabs(percent) < 9.95 ? "%.1f %%" : "%.0f %%",
                           percent);
}

const char *hv_gap_absence(const struct hv_pair_result *pair)
{
    return hv_quiet_speedup(pair) ? "it was not taken apart"
                                  : "there is no quiet speedup";
}

const struct hv_gap_part *hv_gap_rest(const struct hv_gap *gap)
{
    for (size_t i = 0; i < gap->n_parts; i++)
        if (gap->parts[i].part == HV_PART_REST)
            return &gap->parts[i];
    return NULL;
}

/* ---- who belongs to whom */

static bool is_of(const struct hv_pair_result *trial, const struct hv_pair_result *pair)
{
    return same(trial->of, pair->name) && same(trial->isa, pair->isa) &&
           same(trial->kernel_set, pair->kernel_set);
}

const struct hv_pair_result *hv_pair_of_trial(const struct hv_result *result,
                                              const struct hv_pair_result *trial)
{
    for (size_t i = 0; i < result->n_pairs; i++)
        if (is_of(trial, &result->pairs[i]))
            return &result->pairs[i];
    return NULL;
}

const struct hv_effect *hv_effect_of_trial(const struct hv_pair_result *pair,
                                           const struct hv_pair_result *trial)
{
    for (size_t i = 0; i < pair->n_effects; i++) {
        const struct hv_effect *effect = &pair->effects[i];
        if (effect->arm < HV_ARMS && same(effect->experiment, trial->experiment) &&
            same(pair->arm[effect->arm].name, trial->arm[HV_BASELINE].name))
            return effect;
    }
    return NULL;
}

bool hv_is_isolated(const struct hv_pair_result *trial)
{
    return trial->purpose == HV_PURPOSE_EXPERIMENT &&
           same(trial->experiment, "isolated");
}

const struct hv_pair_result *hv_isolated_trial(const struct hv_result *result,
                                               const struct hv_pair_result *pair)
{
    for (size_t i = 0; i < result->n_experiments; i++)
        if (hv_is_isolated(&result->experiments[i]) &&
            is_of(&result->experiments[i], pair))
            return &result->experiments[i];
    return NULL;
}

bool hv_has_purpose(const struct hv_result *result, enum hv_purpose purpose)
{
    for (size_t i = 0; i < result->n_experiments; i++)
        if (result->experiments[i].purpose == purpose)
            return true;
    return false;
}

/* ---- the checklist */

static bool same_pair(const char *a, const char *b)
{
    return a && b ? !strcmp(a, b) : a == b;
}

const struct hv_check *hv_check_of(const struct hv_result *result, const char *id,
                                   const char *pair)
{
    for (size_t i = 0; i < result->n_checklist; i++) {
        const struct hv_check *check = &result->checklist[i];
        if (same(check->id, id) && same_pair(check->pair, pair))
            return check;
    }
    return NULL;
}

bool hv_check_opens_item(const struct hv_result *result, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (same(result->checklist[k].id, result->checklist[i].id))
            return false;
    return true;
}

bool hv_check_opens_pair(const struct hv_result *result, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (same_pair(result->checklist[k].pair, result->checklist[i].pair))
            return false;
    return result->checklist[i].pair != NULL;
}
