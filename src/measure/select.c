/* SPDX-License-Identifier: MIT */
/* What of the catalogue the plan asks for, and what else is measured beside it. */
#include <errno.h>
#include <string.h>

#include "src/measure/measure.h"

/* Whether a comma list holds the name. */
static bool listed(const char *list, const char *name)
{
    const size_t length = strlen(name);
    for (const char *at = list; at; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, name, length) == 0 && (at[length] == ',' || !at[length]))
            return true;
    }
    return false;
}

static bool wanted_pair(const struct hv_plan *plan, const struct hv_row *row)
{
    if (plan->pairs)
        return listed(plan->pairs, row->pair);
    return !row->control && row->purpose == HV_PURPOSE_PAIR;
}

/* Rows come worst ISA first, so the last available one of a pair is the best. */
static bool best_of_pair(const struct hv_catalogue *all, const struct hv_row *row)
{
    for (const struct hv_row *r = row + 1; r < all->rows + all->n; r++)
        if (r->set == row->set && r->available && strcmp(r->pair, row->pair) == 0)
            return false;
    return true;
}

bool hv_measure_is_chosen(const struct hv_measurement *m, const struct hv_row *row)
{
    const char *isa = m->plan->isa;
    if (!row->available)
        return false;
    if (!isa)
        return best_of_pair(&m->catalogue, row);
    return strcmp(isa, "all") == 0 || strcmp(isa, row->isa) == 0 ||
           strcmp(row->isa, "any") == 0;
}

/* The names of a column, each once, for an error message. */
static const char *names_of(const struct hv_measurement *m, bool isas)
{
    char *text = hv_arena_text(m->arena, "");
    for (size_t i = 0; i < m->catalogue.n; i++) {
        const struct hv_row *row = &m->catalogue.rows[i];
        const char *name = isas ? row->isa : row->pair;
        if (isas && (!row->available || strcmp(name, "any") == 0))
            continue;
        if (!listed(text, name))
            text = hv_arena_printf(m->arena, "%s%s%s", text, *text ? "," : "", name);
    }
    return text;
}

/* Every name of the --pairs list exists. */
static int check_pairs(struct hv_measurement *m, struct hv_error *error)
{
    char *list = hv_arena_text(m->arena, m->plan->pairs), *rest = list;
    for (char *name; list && (name = strsep(&rest, ","));) {
        bool known = false;
        for (size_t i = 0; i < m->catalogue.n; i++)
            known |= strcmp(m->catalogue.rows[i].pair, name) == 0;
        if (!known)
            return hv_fail(error, -EINVAL, "unknown pair \"%s\"; there are %s", name,
                           names_of(m, false));
    }
    return 0;
}

static int check_isa(struct hv_measurement *m, struct hv_error *error)
{
    const char *isa = m->plan->isa;
    if (!isa || strcmp(isa, "all") == 0 || listed(names_of(m, true), isa))
        return 0;
    for (size_t i = 0; i < m->catalogue.n; i++)
        if (strcmp(m->catalogue.rows[i].isa, isa) == 0)
            return hv_fail(error, -EINVAL, "this CPU has no %s; it has %s", isa,
                           names_of(m, true));
    return hv_fail(error, -EINVAL, "unknown ISA \"%s\"; this CPU has %s, or \"all\"",
                   isa, names_of(m, true));
}

static void name_aa(const struct hv_measurement *m, const struct hv_row *row,
                    struct hv_pair_run *run)
{
    run->arm[HV_BASELINE].name = row->arm[HV_CANDIDATE];
    run->arm[HV_CANDIDATE].name =
        hv_arena_printf(m->arena, "%s (second copy)", row->arm[HV_CANDIDATE]);
}

static void start_pair(struct hv_measurement *m, const struct hv_row *row,
                       struct hv_pair_run *run)
{
    const bool aa = m->plan->settings.aa;
    *run = (struct hv_pair_run){
        .name = row->pair,
        .kernel_set = row->set_name,
        .isa = row->isa,
        .question = row->question,
        .predicted = aa ? 0 : row->predicted,
        .control = row->control,
        .purpose = row->purpose,
    };
    for (unsigned arm = 0; arm < HV_ARMS; arm++)
        run->arm[arm].name = row->arm[arm];
    if (aa)
        name_aa(m, row, run);
}

/* Half of the dump's samples are the pairs', half the experiments'. */
static struct hv_limits limits_of_pair(const struct hv_measurement *m)
{
    const struct hv_settings *settings = &m->plan->settings;
    return (struct hv_limits){
        .budget_seconds = settings->budget_seconds,
        .precision = settings->precision,
        .layouts = settings->layouts ? settings->layouts : HV_MAX_LAYOUTS,
        .integers = HV_SAMPLE_CAP / 2 / m->n_targets,
    };
}

int hv_measure_extra(struct hv_measurement *m, const struct hv_extra *extra,
                     struct hv_target *target)
{
    struct hv_run *all = m->run;
    if (!all->experiments)
        all->experiments =
            hv_arena_array(m->arena, HV_MAX_EXPERIMENTS, sizeof *all->experiments);
    if (all->n_experiments == HV_MAX_EXPERIMENTS)
        return -E2BIG;
    struct hv_pair_run *run = &all->experiments[all->n_experiments++];
    const struct hv_row *row = extra->row;
    *run = (struct hv_pair_run){
        .name = row->pair,
        .kernel_set = row->set_name,
        .isa = row->isa,
        .question = row->question,
        .purpose = extra->purpose,
        .asked_footprint = extra->footprint,
        .arm = {{.name = row->arm[HV_BASELINE]}, {.name = row->arm[HV_CANDIDATE]}},
    };
    if (row->purpose == HV_PURPOSE_PAIR)
        run->of = row->pair;
    if (extra->purpose == HV_PURPOSE_AA)
        name_aa(m, row, run);
    if (extra->experiment) {
        const struct hv_row_experiment *e = &row->experiments[extra->experiment - 1];
        run->experiment = e->name;
        run->differs = e->differs;
        run->question = NULL;
        for (unsigned arm = 0; arm < HV_ARMS; arm++)
            run->arm[arm].name = e->arm[arm];
    }
    *target = (struct hv_target){.row = row,
                                 .run = run,
                                 .experiment = extra->experiment,
                                 .aa = extra->purpose == HV_PURPOSE_AA,
                                 .limits = extra->limits};
    return 0;
}

int hv_measure_select(struct hv_measurement *m, struct hv_error *error)
{
    int rc = check_pairs(m, error);
    if (!rc)
        rc = check_isa(m, error);
    if (rc)
        return rc;
    const struct hv_catalogue *all = &m->catalogue;
    m->targets = hv_arena_array(m->arena, all->n, sizeof *m->targets);
    m->run->pairs = hv_arena_array(m->arena, all->n, sizeof *m->run->pairs);
    for (size_t i = 0; i < all->n; i++) {
        if (!wanted_pair(m->plan, &all->rows[i]) ||
            !hv_measure_is_chosen(m, &all->rows[i]))
            continue;
        struct hv_target *target = &m->targets[m->n_targets];
        target->row = &all->rows[i];
        target->run = &m->run->pairs[m->n_targets++];
        start_pair(m, target->row, target->run);
    }
    for (size_t i = 0; i < m->n_targets; i++)
        m->targets[i].limits = limits_of_pair(m);
    m->run->n_pairs = m->n_targets;
    if (m->n_targets)
        return 0;
    return hv_fail(error, -EINVAL, "nothing to measure: no pair of that name at ISA %s",
                   m->plan->isa ? m->plan->isa : "any");
}
