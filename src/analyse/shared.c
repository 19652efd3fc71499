/* SPDX-License-Identifier: MIT */
/* Work that both arms do alike, by function. */
#include "src/analyse/shared.h"

#include <math.h>
#include <string.h>

/* Relative: counts of a function in both arms that are the same for all that matters
 * here. A loop's last turn differs at times. */
#define ALIKE 0.01

static bool alike(double a, double b)
{
    return fabs(a - b) <= ALIKE * fmax(fabs(a), fabs(b));
}

static bool may_be_shared(const struct hv_who *who)
{
    return who->name && who->group && strcmp(who->group, "copy") != 0 &&
           strcmp(who->group, "alloc") != 0;
}

static const struct hv_who *counterpart(const struct hv_breakdown *other,
                                        const struct hv_who *who)
{
    for (size_t i = 0; i < other->n_who; i++)
        if (other->who[i].name && !strcmp(other->who[i].name, who->name) &&
            alike(other->who[i].calls, who->calls) &&
            alike(other->who[i].instructions, who->instructions))
            return &other->who[i];
    return NULL;
}

static double all_of(const struct hv_breakdown *b)
{
    double all = 0;
    for (size_t i = 0; i < b->n_who; i++)
        all += b->who[i].instructions;
    return all;
}

struct hv_shared_work hv_shared_work(const struct hv_pair_result *pair)
{
    const struct hv_breakdown *baseline = &pair->arm[HV_BASELINE].breakdown,
                              *candidate = &pair->arm[HV_CANDIDATE].breakdown;
    struct hv_shared_work shared = {0};
    if (!baseline->present || !candidate->present)
        return shared;
    double heaviest = 0;
    for (size_t i = 0; i < baseline->n_who; i++) {
        const struct hv_who *who = &baseline->who[i];
        if (!may_be_shared(who) || !counterpart(candidate, who))
            continue;
        shared.instructions += who->instructions;
        if (who->instructions > heaviest) {
            heaviest = who->instructions;
            shared.function = who->name;
        }
    }
    const double all[HV_ARMS] = {all_of(baseline), all_of(candidate)};
    for (unsigned arm = 0; arm < HV_ARMS; arm++)
        shared.shares[arm] = all[arm] > 0 ? shared.instructions / all[arm] : 0;
    shared.share = fmin(shared.shares[HV_BASELINE], shared.shares[HV_CANDIDATE]);
    if (shared.instructions > 0)
        shared.most = all[HV_BASELINE] / shared.instructions;
    return shared;
}
