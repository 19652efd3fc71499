/* SPDX-License-Identifier: MIT */
/* The possible root causes: every rule at every pair, and over all of them. */
#include "src/analyse/checklist.h"

#include <string.h>

#include "src/analyse/prediction.h"
#include "src/analyse/rules.h"

/* The text with its {size}, if it has one, filled in. */
static const char *sized(const char *text, const struct hv_settings *settings,
                         struct hv_arena *arena)
{
    static const char marker[] = "{size}";
    const char *at = strstr(text, marker);
    if (!at)
        return text;
    const char *size =
        settings->dim_bits
            ? hv_arena_printf(arena, "%u bytes", (unsigned)settings->dim_bits / 8)
            : "one vector";
    return hv_arena_printf(arena, "%.*s%s%s", (int)(at - text), text, size,
                           at + sizeof marker - 1);
}

/* Pairs that ask a question; of several ISAs the last, as the decision does. */
static bool is_asked(const struct hv_result *result, size_t i)
{
    const struct hv_pair_result *pair = &result->pairs[i];
    if (pair->control || pair->state == HV_FAILED || !pair->name)
        return false;
    for (size_t k = i + 1; k < result->n_pairs; k++)
        if (result->pairs[k].state != HV_FAILED && result->pairs[k].name &&
            !strcmp(result->pairs[k].name, pair->name))
            return false;
    return true;
}

struct tally {
    size_t count[HV_REFUTED + 1], all;
    const char *names[HV_REFUTED + 1];
};

static void tally_add(struct tally *t, const struct hv_check *check,
                      struct hv_arena *arena)
{
    const char **names = &t->names[check->verdict];
    t->all++;
    t->count[check->verdict]++;
    *names =
        *names ? hv_arena_printf(arena, "%s, %s", *names, check->pair) : check->pair;
}

static enum hv_verdict verdict_of(const struct hv_rule *rule, const struct tally *t)
{
    const size_t supported = t->count[HV_SUPPORTED], refuted = t->count[HV_REFUTED];
    if (rule->overall == HV_ANY && supported)
        return HV_SUPPORTED;
    if (rule->overall == HV_MOST && 2 * supported > t->all)
        return HV_SUPPORTED;
    if (t->all && (rule->overall == HV_ANY ? refuted == t->all : 2 * refuted > t->all))
        return HV_REFUTED;
    return HV_VERDICT_UNDECIDED;
}

static void put_overall(const struct hv_rule *rule, const struct tally *t,
                        struct hv_check *check, struct hv_arena *arena)
{
    static const struct {
        enum hv_verdict verdict;
        const char *word;
    } order[] = {
        {HV_SUPPORTED,         "supported"},
        {HV_REFUTED,           "refuted"  },
        {HV_VERDICT_UNDECIDED, "undecided"},
    };
    const char *text = NULL;
    check->verdict = verdict_of(rule, t);
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (t->count[order[i].verdict])
            text = hv_arena_printf(arena, "%s%s%s by %s", text ? text : "",
                                   text ? "; " : "", order[i].word,
                                   t->names[order[i].verdict]);
    if (!text)
        text = "no pair gave a figure";
    check->because = check->verdict == HV_VERDICT_UNDECIDED
                         ? hv_arena_printf(arena, "%s. What would settle it: %s.", text,
                                           rule->settle)
                         : hv_arena_printf(arena, "%s.", text);
    char *first = hv_arena_text(arena, check->because);
    first[0] =
        (char)(first[0] >= 'a' && first[0] <= 'z' ? first[0] - 'a' + 'A' : first[0]);
    check->because = first;
}

static void judge_rule(struct hv_result *result, const struct hv_rule *rule,
                       struct hv_arena *arena)
{
    struct hv_check *overall = &result->checklist[result->n_checklist++];
    struct tally tally = {0};
    const char *item = sized(rule->item, &result->settings, arena);
    *overall = (struct hv_check){.id = rule->id, .item = item};
    for (size_t i = 0; i < result->n_pairs; i++) {
        if (!is_asked(result, i))
            continue;
        struct hv_check *check = &result->checklist[result->n_checklist++];
        *check = (struct hv_check){
            .id = rule->id, .item = item, .pair = result->pairs[i].name};
        struct hv_judging judging = {result, &result->pairs[i], rule, check, arena};
        rule->judge(&judging);
        tally_add(&tally, check, arena);
    }
    put_overall(rule, &tally, overall, arena);
}

void hv_make_checklist(struct hv_result *result, struct hv_arena *arena)
{
    size_t count;
    const struct hv_rule *rules = hv_rules(&count);
    result->n_checklist = 0;
    result->checklist =
        hv_arena_array(arena, count * (1 + result->n_pairs), sizeof *result->checklist);
    for (size_t i = 0; i < count; i++)
        judge_rule(result, &rules[i], arena);
}
