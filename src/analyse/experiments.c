/* SPDX-License-Identifier: MIT */
/* Which experiments there are, and which of them the evidence calls for. */
#include "src/analyse/experiments.h"

#include <math.h>
#include <string.h>

#include "src/analyse/shared.h"
#include "src/base/error.h"

/* Width of the layout band, as a logarithm. */
#define LAYOUTS_DIFFER 0.05

/* Keeps the formatter from lining up columns of sentences. */
#define ROW(...)                                                                       \
    {                                                                                  \
        __VA_ARGS__                                                                    \
    }

static const struct hv_experiment_kind kinds[] = {
    ROW("copy_away", HV_PART_COPY, "its copies left out", "memcpy_bytes", 0,
        "memcpy_bytes", true),
    ROW("copy_twice", HV_PART_NONE, "every copy made once more", NULL, 0, NULL, false),
    ROW("copy_unread", HV_PART_NONE, "its copies made, but the source read", NULL, 0,
        NULL, false),
    ROW("copy_called", HV_PART_NONE, "its copies made by a call of memcpy", NULL, 0,
        NULL, false),
    ROW("copy_inlined", HV_PART_NONE, "its copies made in line", NULL, 0, NULL, false),
    /* The copy stays; its stores become as wide as the loads that read it. */
    ROW("copy_wide", HV_PART_FORWARD, "its copies stored as wide as they are read",
        "forward_spans", 0, "forward_spans", false),
    ROW("temp_64", HV_PART_ALIAS, "its temporaries 64 bytes further on", "alias_4k", 0,
        "alias_4k", false),
    /* The control of the one above: the low 12 bits stay. */
    ROW("temp_4096", HV_PART_NONE, "its temporaries 4096 bytes further on", "alias_4k",
        0, NULL, false),
    ROW("alloc_hoisted", HV_PART_ALLOC, "its memory from a pool made beforehand",
        "allocations", 0, "allocations", true),
    /* Less than one fault in a hundred iterations is no cost of the iteration. */
    ROW("alloc_touched", HV_PART_FAULTS, "its memory touched beforehand", "page_faults",
        0.01, "page_faults", false),
    ROW("isolated", HV_PART_NONE, "the work that both arms share taken from a table",
        NULL, 0, NULL, true),
};

const struct hv_experiment_kind *hv_experiment_find(const char *name)
{
    for (size_t i = 0; name && i < HV_LEN(kinds); i++)
        if (!strcmp(kinds[i].name, name))
            return &kinds[i];
    return NULL;
}

enum hv_arm_id hv_arm_named(const struct hv_pair_result *pair, const char *name)
{
    for (unsigned arm = 0; name && arm < HV_ARMS; arm++)
        if (pair->arm[arm].name && !strcmp(pair->arm[arm].name, name))
            return (enum hv_arm_id)arm;
    return HV_ARMS;
}

/* An absent figure excludes nothing. */
static bool may_exceed(const struct hv_arm_result *arm, const char *figure,
                       double above)
{
    const struct hv_evidence *found = hv_arm_figure(arm, figure);
    return !found || found->provenance == HV_ABSENT || found->value > above;
}

/* Asked to copy, and nothing copied: only then is the copy that is not there of
 * interest. */
static bool elided(const struct hv_arm_result *arm)
{
    const struct hv_evidence *declared = hv_arm_figure(arm, "memcpy_bytes_declared"),
                             *copied = hv_arm_figure(arm, "memcpy_bytes");
    return declared && declared->provenance != HV_ABSENT && declared->value > 0 &&
           copied && copied->provenance >= HV_SCALED && !(copied->value > 0);
}

bool hv_layouts_differ(const struct hv_pair_result *pair)
{
    const double *band = pair->speedup.layout_band;
    return !pair->speedup.present || log(band[1] / band[0]) >= LAYOUTS_DIFFER;
}

bool hv_experiment_wanted(const struct hv_pair_result *pair, const char *experiment,
                          const char *arm_name)
{
    const struct hv_experiment_kind *kind = hv_experiment_find(experiment);
    const enum hv_arm_id id = hv_arm_named(pair, arm_name);
    if (!kind || pair->state == HV_FAILED)
        return false;
    if (!strcmp(kind->name, "isolated"))
        return hv_shared_work(pair).share >= HV_SHARED_WORK_MUCH;
    if (id == HV_ARMS)
        return false;
    const struct hv_arm_result *arm = &pair->arm[id];
    if (!strcmp(kind->name, "copy_twice"))
        return elided(arm);
    if (kind->called_for && !strcmp(kind->called_for, "alias_4k") &&
        hv_layouts_differ(pair))
        return true;
    return kind->called_for && may_exceed(arm, kind->called_for, kind->above);
}

static double figure_or(const struct hv_arm_result *arm, const char *name, double other)
{
    const struct hv_evidence *found = hv_arm_figure(arm, name);
    return found && found->provenance != HV_ABSENT ? found->value : other;
}

bool hv_footprint_wanted(const struct hv_pair_result *pair, uint64_t *bytes)
{
    /* A quarter of the smallest L1 data cache in use, 32 KiB. */
    *bytes = 8192;
    if (pair->state == HV_FAILED)
        return false;
    bool wanted = pair->footprint > 4 * *bytes;
    for (unsigned arm = 0; arm < HV_ARMS; arm++)
        wanted |= figure_or(&pair->arm[arm], "l1d_misses", 0) > 0;
    return wanted;
}
