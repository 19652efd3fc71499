/* SPDX-License-Identifier: MIT */
/* What there is to measure, and what of it the plan asks for. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "src/measure/measure.h"

enum { DESCRIBE_SECONDS = 10 };

struct listing {
    struct hv_measurement *m;
    uint32_t set;
    size_t size;
};

/* The word by which everybody knows hvperf's own set: the hypothesis is about its
 * pairs. */
#define OWN_SET "builtin"

static void add_row(struct listing *l, struct hv_row_frame *frame)
{
    struct hv_measurement *m = l->m;
    struct hv_catalogue *all = &m->catalogue;
    if (all->n == l->size) {
        l->size = l->size ? 2 * l->size : 32;
        struct hv_row *rows = hv_arena_array(m->arena, l->size, sizeof *rows);
        if (all->n)
            memcpy(rows, all->rows, all->n * sizeof *rows);
        all->rows = rows;
    }
#define TEXT(field) hv_arena_text(m->arena, hv_wire_text(field, sizeof field))
    all->rows[all->n++] = (struct hv_row){
        .set = l->set,
        .row = frame->row,
        .available = frame->available,
        .control = frame->control,
        .places = frame->places < HV_MAX_PLACES ? frame->places : HV_MAX_PLACES,
        .predicted =
            frame->predicted > 0 && frame->predicted < 1e9 ? frame->predicted : 0,
        .pair = TEXT(frame->pair),
        .isa = TEXT(frame->isa),
        .set_name = TEXT(frame->set),
        .question = TEXT(frame->question),
        .build = TEXT(frame->build),
        .arm = {TEXT(frame->arm[HV_BASELINE]), TEXT(frame->arm[HV_CANDIDATE])},
    };
#undef TEXT
}

static int on_row(void *user, enum hv_frame_kind kind, const void *payload,
                  size_t bytes)
{
    struct listing *l = user;
    struct hv_row_frame frame;
    if (kind != HV_FRAME_ROW || bytes != sizeof frame ||
        l->m->catalogue.n >= (size_t)HV_WIRE_ROWS * (HV_MAX_PLUGINS + 1))
        return -EPROTO;
    memcpy(&frame, payload, sizeof frame);
    if (l->set && strcmp(hv_wire_text(frame.set, sizeof frame.set), OWN_SET) == 0)
        return -EEXIST;
    add_row(l, &frame);
    return 0;
}

int hv_measure_describe(struct hv_measurement *m, struct hv_error *error)
{
    struct listing l = {.m = m};
    for (; l.set <= m->plan->n_plugins; l.set++) {
        struct hv_job job = {.kind = HV_JOB_DESCRIBE, .set = l.set, .cpu = -1};
        struct hv_error inner = {""};
        int rc = hv_session_run(m->session, &job, NULL, DESCRIBE_SECONDS, on_row, &l,
                                &inner);
        if (rc == -EEXIST)
            return hv_fail(error, -EINVAL,
                           "plugin %s calls its set \"" OWN_SET
                           "\", which is hvperf's own: "
                           "choose another name",
                           m->plan->plugins[l.set - 1]);
        if (rc && l.set)
            return hv_fail(error, rc == -ECHILD ? -EBADMSG : rc, "plugin %s: %s",
                           m->plan->plugins[l.set - 1], inner.text);
        if (rc)
            return hv_fail(error, rc, "built-in kernels: %s", inner.text);
    }
    return 0;
}

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
    return !row->control;
}

/* Rows come worst ISA first, so the last available one of a pair is the best. */
static bool best_of_pair(const struct hv_catalogue *all, const struct hv_row *row)
{
    for (const struct hv_row *r = row + 1; r < all->rows + all->n; r++)
        if (r->set == row->set && r->available && strcmp(r->pair, row->pair) == 0)
            return false;
    return true;
}

static bool wanted(const struct hv_plan *plan, const struct hv_catalogue *all,
                   const struct hv_row *row)
{
    if (!row->available || !wanted_pair(plan, row))
        return false;
    if (!plan->isa)
        return best_of_pair(all, row);
    return strcmp(plan->isa, "all") == 0 || strcmp(plan->isa, row->isa) == 0 ||
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
    };
    run->arm[HV_BASELINE].name = row->arm[aa ? HV_CANDIDATE : HV_BASELINE];
    run->arm[HV_CANDIDATE].name =
        aa ? hv_arena_printf(m->arena, "%s (second copy)", row->arm[HV_CANDIDATE])
           : row->arm[HV_CANDIDATE];
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
        if (!wanted(m->plan, all, &all->rows[i]))
            continue;
        struct hv_target *target = &m->targets[m->n_targets];
        target->row = &all->rows[i];
        target->run = &m->run->pairs[m->n_targets++];
        start_pair(m, target->row, target->run);
    }
    m->run->n_pairs = m->n_targets;
    if (m->n_targets)
        return 0;
    return hv_fail(error, -EINVAL, "nothing to measure: no pair of that name at ISA %s",
                   m->plan->isa ? m->plan->isa : "any");
}
