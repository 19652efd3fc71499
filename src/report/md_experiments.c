/* SPDX-License-Identifier: MIT */
/* What was measured beside the pairs: experiments, known answers, insights, steps. */
#include "src/base/error.h"
#include "src/report/format.h"
#include "src/report/md.h"
#include "src/report/why.h"

typedef void row_fn(const struct hv_md *md, const struct hv_pair_result *trial);

/* A heading of its own where there is one, the table, and nothing without rows. */
struct kind {
    enum hv_purpose purpose;
    const char *intro;
    const char *heads[9];
    row_fn *row;
};

static const char *time_of(const struct hv_md *md, const struct hv_pair_result *trial,
                           enum hv_arm_id arm)
{
    const struct hv_evidence *time = hv_arm_figure(&trial->arm[arm], "time");
    const char *text = hv_md_evidence(md, time);
    return trial->times == HV_CONTENDED && time && time->provenance != HV_ABSENT
               ? hv_arena_printf(md->arena, "%s (contended)", text)
               : text;
}

/* Nothing stands in for a quiet speedup; what there is instead says what it is. */
static const char *speedup_of(const struct hv_md *md,
                              const struct hv_pair_result *trial)
{
    const struct hv_speedup *quiet = hv_quiet_speedup(trial);
    return quiet ? hv_format_speedup(md->arena, quiet) : "";
}

static const char *interval_of(const struct hv_md *md,
                               const struct hv_pair_result *trial)
{
    const struct hv_speedup *quiet = hv_quiet_speedup(trial);
    return quiet ? hv_format_interval(md->arena, quiet, " to ") : "";
}

static const char *state_of(const struct hv_md *md, const struct hv_pair_result *trial)
{
    if (trial->state != HV_FAILED)
        return hv_state_name(trial->state);
    return hv_arena_printf(
        md->arena, "failed: %s",
        hv_md_escape(md, trial->failure ? trial->failure : "no reason was given"));
}

static const char *name_of(const struct hv_md *md, const struct hv_pair_result *trial)
{
    const struct hv_pair_result *pair = hv_pair_of_trial(md->result, trial);
    return pair ? hv_md_label(md, pair)
                : hv_md_escape(md, trial->of ? trial->of : trial->name);
}

/* What shows that the change was made, or why the experiment tells nothing. */
static const char *shown_by(const struct hv_md *md, const struct hv_effect *effect)
{
    if (!effect)
        return "";
    if (effect->time.provenance == HV_ABSENT)
        return hv_md_escape(md, effect->time.why);
    return effect->witness ? hv_md_escape(md, effect->witness) : "no figure can tell";
}

static void experiment_row(const struct hv_md *md, const struct hv_pair_result *trial)
{
    if (hv_is_isolated(trial)) /* both arms are changed: it stands beside its pair */
        return;
    const struct hv_pair_result *pair = hv_pair_of_trial(md->result, trial);
    const char *words = hv_experiment_title(trial->experiment);
    const char *const cells[] = {
        name_of(md, trial),
        hv_arena_printf(md->arena, "%s%s%s", hv_md_code(md, trial->experiment),
                        *words ? ": " : "", words),
        hv_md_code(md, trial->arm[HV_BASELINE].name),
        time_of(md, trial, HV_BASELINE),
        time_of(md, trial, HV_CANDIDATE),
        speedup_of(md, trial),
        interval_of(md, trial),
        pair ? shown_by(md, hv_effect_of_trial(pair, trial)) : "",
        state_of(md, trial),
    };
    hv_md_row(md, cells, HV_LEN(cells));
}

static void footprint_row(const struct hv_md *md, const struct hv_pair_result *trial)
{
    const struct hv_pair_result *pair = hv_pair_of_trial(md->result, trial);
    for (size_t i = 0; pair && i < pair->n_effects; i++) {
        const struct hv_effect *effect = &pair->effects[i];
        if (effect->part != HV_PART_MISSES || effect->arm >= HV_ARMS)
            continue;
        const bool absent = effect->time.provenance == HV_ABSENT;
        const char *const cells[] = {
            name_of(md, trial),
            hv_md_arm(md, pair, effect->arm),
            hv_md_evidence(md, hv_arm_figure(&pair->arm[effect->arm], "time")),
            absent ? "" : hv_format_ns(md->arena, effect->time.value),
            hv_format_ns_range(md->arena, &effect->time),
            shown_by(md, effect),
            state_of(md, trial),
        };
        hv_md_row(md, cells, HV_LEN(cells));
    }
}

/* A pair that stayed quiet has no busy figures: the CPUs kept busy do not share its
 * core. */
static void busy_row(const struct hv_md *md, const struct hv_pair_result *trial)
{
    const struct hv_pair_result *pair = hv_pair_of_trial(md->result, trial);
    const bool busy = trial->times == HV_CONTENDED && trial->state != HV_FAILED;
    const struct hv_speedup *speedup =
        busy && trial->contended.present ? &trial->contended : NULL;
    const char *const cells[] = {
        name_of(md, trial),
        pair ? time_of(md, pair, HV_BASELINE) : "",
        busy ? time_of(md, trial, HV_BASELINE) : "",
        pair ? time_of(md, pair, HV_CANDIDATE) : "",
        busy ? time_of(md, trial, HV_CANDIDATE) : "",
        pair ? speedup_of(md, pair) : "",
        speedup ? hv_format_speedup(md->arena, speedup) : "",
        speedup ? hv_format_interval(md->arena, speedup, " to ") : "",
        busy || !trial->has_kept_share
            ? state_of(md, trial)
            : hv_arena_printf(md->arena, "%s in %.0f %% of the samples all the same",
                              state_of(md, trial), 100 * trial->kept_share),
    };
    hv_md_row(md, cells, HV_LEN(cells));
}

static void itself_row(const struct hv_md *md, const struct hv_pair_result *trial)
{
    const char *const cells[] = {
        name_of(md, trial),    hv_md_code(md, trial->arm[HV_BASELINE].name),
        speedup_of(md, trial), interval_of(md, trial),
        state_of(md, trial),
    };
    hv_md_row(md, cells, HV_LEN(cells));
}

static void compared_row(const struct hv_md *md, const struct hv_pair_result *trial)
{
    const char *const cells[] = {
        hv_md_label(md, trial),
        hv_md_escape(md, trial->question),
        hv_md_arm(md, trial, HV_BASELINE),
        time_of(md, trial, HV_BASELINE),
        hv_md_arm(md, trial, HV_CANDIDATE),
        time_of(md, trial, HV_CANDIDATE),
        speedup_of(md, trial),
        interval_of(md, trial),
        state_of(md, trial),
    };
    hv_md_row(md, cells, HV_LEN(cells));
}

static size_t columns_of(const struct kind *kind)
{
    size_t n = 0;
    while (n < HV_LEN(kind->heads) && kind->heads[n])
        n++;
    return n;
}

/* Of the walks of a pair the first tells of misses; more of them are a sweep. */
static bool is_further_walk(const struct hv_md *md, const struct hv_pair_result *trial)
{
    if (trial->purpose != HV_PURPOSE_FOOTPRINT)
        return false;
    const struct hv_pair_result *first = md->result->experiments;
    while (first->purpose != HV_PURPOSE_FOOTPRINT ||
           hv_pair_of_trial(md->result, first) != hv_pair_of_trial(md->result, trial))
        first++;
    return first != trial;
}

static bool has_row(const struct hv_md *md, const struct kind *kind,
                    const struct hv_pair_result *trial)
{
    return trial->purpose == kind->purpose && !is_further_walk(md, trial) &&
           !(kind->row == experiment_row && hv_is_isolated(trial));
}

static bool put_kind(const struct hv_md *md, const struct kind *kind)
{
    bool any = false;
    for (size_t i = 0; i < md->result->n_experiments; i++) {
        const struct hv_pair_result *trial = &md->result->experiments[i];
        if (!has_row(md, kind, trial))
            continue;
        if (!any) {
            fprintf(md->file, "\n%s\n", kind->intro);
            hv_md_heads(md, kind->heads, columns_of(kind));
        }
        any = true;
        kind->row(md, trial);
    }
    return any;
}

static const struct kind experiments[] = {
    {HV_PURPOSE_EXPERIMENT,
     "Each is an arm timed against the same arm with one thing changed. The witness is "
     "the figure that shows that the change was made.",                               {"Pair", "Experiment", "Arm", "As it is", "Changed", "Speedup", "95 % interval",
      "Witness, or why it tells nothing", "State"},
     experiment_row},
    {HV_PURPOSE_FOOTPRINT,
     "The same arms over less memory: what as many items save when they lie nearer.", {"Pair", "Arm", "As it is", "Saved, ns", "95 % interval",
      "Witness, or why it tells nothing", "State"},
     footprint_row },
    {HV_PURPOSE_BUSY,
     "The same arms while the CPUs around were kept busy on purpose: which of them "
     "needs "
     "the core for itself.",                                                          {"Pair", "Baseline, quiet", "Busy", "Candidate, quiet", "Busy", "Speedup, quiet",
      "Busy", "95 % interval, busy", "State"},
     busy_row      },
    {HV_PURPOSE_AA,
     "The same code against a second copy of itself: every true speedup is 1.",       {"Pair", "Arm", "Speedup", "95 % interval", "State"},
     itself_row    },
};

static const struct kind insights = {
    HV_PURPOSE_INSIGHT,
    "Measured on this machine, in this run; no part of the hypothesis.",
    {"Comparison", "Question", "Baseline", "Its time", "Candidate", "Its time",
      "Speedup", "95 % interval", "State"},
    compared_row
};

static const struct kind steps = {
    HV_PURPOSE_STEP,
    "### What Each Step Would Bring\n\nMeasured before anybody builds it.",
    {"Step", "Question", "Now", "Its time", "With the step", "Its time", "Speedup",
      "95 % interval", "State"},
    compared_row
};

void hv_md_experiments(const struct hv_md *md)
{
    bool any = false;
    for (size_t i = 0; i < HV_LEN(experiments); i++)
        any |= put_kind(md, &experiments[i]);
    if (!any)
        fputs("\nNo experiment was made.\n", md->file);
    hv_md_sweeps(md);
}

/* "`copy_bytes` 1.26 ns, 0.0049 ns/byte" */
static void put_per_byte(const struct hv_md *md, const struct hv_pair_result *trial,
                         enum hv_arm_id arm)
{
    const struct hv_evidence *time = hv_arm_figure(&trial->arm[arm], "time");
    if (time && time->provenance != HV_ABSENT)
        fprintf(md->file, "%s %s %s, %.3g ns/byte", arm ? ";" : ":",
                hv_md_arm(md, trial, arm), time_of(md, trial, arm),
                time->value / (double)trial->footprint);
}

void hv_md_insights(const struct hv_md *md)
{
    bool any = false;
    put_kind(md, &insights);
    for (size_t i = 0; i < md->result->n_experiments; i++) {
        const struct hv_pair_result *trial = &md->result->experiments[i];
        if (trial->purpose != HV_PURPOSE_INSIGHT || !trial->footprint)
            continue;
        fprintf(md->file, "%s- %s, %llu bytes",
                any ? "" : "\nBy the bytes of one operand:\n\n", hv_md_label(md, trial),
                (unsigned long long)trial->footprint);
        for (unsigned arm = 0; arm < HV_ARMS; arm++)
            put_per_byte(md, trial, (enum hv_arm_id)arm);
        fputs(".\n", md->file);
        any = true;
    }
}

void hv_md_steps(const struct hv_md *md)
{
    put_kind(md, &steps);
}

bool hv_has_insights(const struct hv_result *result)
{
    return hv_has_purpose(result, HV_PURPOSE_INSIGHT);
}
