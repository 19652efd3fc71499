/* SPDX-License-Identifier: MIT */
/* The hypothesis a run tests: the user's file, or the built-in one. */
#include "src/cli/hypothesis.h"

#include <errno.h>
#include <string.h>

#include "src/hypothesis/read.h"

/* Of the controls the answers are known, so nobody predicts them. */
static bool may_name(const struct hv_row *row)
{
    return !row->control;
}

static bool exists(const struct hv_catalogue *all, const char *name)
{
    for (size_t i = 0; i < all->n; i++)
        if (may_name(&all->rows[i]) &&
            hv_means_pair(name, all->rows[i].set_name, all->rows[i].pair))
            return true;
    return false;
}

/* "bind, batch_1000, mine:pair": each once, as a hypothesis names it. */
static const char *names_there_are(const struct hv_measurement *m)
{
    const char *text = "", *last = "", *last_set = "";
    for (size_t i = 0; i < m->catalogue.n; i++) {
        const struct hv_row *row = &m->catalogue.rows[i];
        const bool own = strcmp(row->set_name, "builtin") == 0;
        if (!may_name(row) || /* rows of one pair stand together */
            (strcmp(row->pair, last) == 0 && strcmp(row->set_name, last_set) == 0))
            continue;
        last = row->pair;
        last_set = row->set_name;
        text = hv_arena_printf(m->arena, "%s%s%s%s%s", text, *text ? ", " : "",
                               own ? "" : row->set_name, own ? "" : ":", row->pair);
    }
    return text;
}

static int refuse_name(const struct hv_measurement *m, uint32_t line, const char *key,
                       const char *name, struct hv_error *error)
{
    return hv_fail(error, -EINVAL, "line %u: %s: unknown pair \"%s\"; there are %s",
                   (unsigned)line, key, name, names_there_are(m));
}

static int check_steps(const struct hv_measurement *m, const struct hv_step *steps,
                       size_t n, struct hv_error *error)
{
    for (size_t i = 0; i < n; i++)
        if (steps[i].measured_by && !exists(&m->catalogue, steps[i].measured_by))
            return refuse_name(m, steps[i].line, "measured_by", steps[i].measured_by,
                               error);
    return 0;
}

static int check_names(const struct hv_measurement *m, const struct hv_hypothesis *h,
                       struct hv_error *error)
{
    for (size_t i = 0; i < h->n_predictions; i++)
        if (!exists(&m->catalogue, h->predictions[i].pair))
            return refuse_name(m, h->predictions[i].line, "predictions",
                               h->predictions[i].pair, error);
    int rc = check_steps(m, h->otherwise, h->n_otherwise, error);
    for (size_t i = 0; i < h->n_scenarios && !rc; i++)
        rc = check_steps(m, h->scenarios[i].steps, h->scenarios[i].n_steps, error);
    return rc;
}

int hv_cli_hypothesis(struct hv_measurement *m, const char *path,
                      struct hv_error *error)
{
    struct hv_hypothesis *h = &m->run->hypothesis;
    struct hv_error inner = {""};
    int rc = path ? hv_hypothesis_read(path, m->arena, h, error)
                  : hv_hypothesis_builtin(m->arena, h, error);
    if (rc)
        return rc;
    rc = check_names(m, h, &inner);
    const char *name = !path               ? "the built-in hypothesis"
                       : strcmp(path, "-") ? path
                                           : "standard input";
    return rc ? hv_fail(error, rc, "%.160s: %s", name, inner.text) : 0;
}
