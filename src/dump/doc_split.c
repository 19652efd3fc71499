/* SPDX-License-Identifier: MIT */
/* From a tree that was read to run and result; the last checks of a hostile dump. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "src/dump/doc.h"

static const char *const arm_words[HV_ARMS] = {"baseline", "candidate"};

/* Equal offsets are told apart in the file by #2, #3 ... as hv_encode_json does it. */
static void cell_key(const struct hv_doc_pair *doc, unsigned place, char key[32])
{
    unsigned before = 0;
    for (unsigned p = 0; p < place; p++)
        before += doc->offsets[p] == doc->offsets[place];
    if (before)
        snprintf(key, 32, "%u#%u", (unsigned)doc->offsets[place], before + 1);
    else
        snprintf(key, 32, "%u", (unsigned)doc->offsets[place]);
}

static const struct hv_series *find_cell(const struct hv_doc_samples *samples,
                                         const char *key)
{
    for (size_t i = 0; i < samples->n_cells; i++)
        if (!strcmp(samples->cells[i].key, key))
            return &samples->cells[i].series;
    return NULL;
}

static int split_cell(const struct hv_doc_pair *doc, size_t l, unsigned arm,
                      unsigned place, struct hv_error *error)
{
    char key[32];
    cell_key(doc, place, key);
    struct hv_layout *layout = &doc->run.layouts[l];
    const struct hv_series *series = find_cell(&doc->arm[arm].layouts[l], key);
    if (!series || series->len != layout->chain.len)
        return hv_fail(error, -EINVAL,
                       "arms.%s.samples.layouts[%zu].%s: found %zu samples, expected "
                       "%zu as in the chain of that layout",
                       arm_words[arm], l, key, series ? series->len : 0,
                       layout->chain.len);
    layout->cell[arm][place] = *series;
    return 0;
}

static int split_layout(const struct hv_doc_pair *doc, size_t l, struct hv_error *error)
{
    const struct hv_layout *layout = &doc->run.layouts[l];
    if (layout->empty.len != layout->chain.len)
        return hv_fail(error, -EINVAL,
                       "layouts[%zu]: found %zu empty samples, expected %zu as in the "
                       "chain",
                       l, layout->empty.len, layout->chain.len);
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        if (doc->arm[arm].layouts[l].n_cells != doc->n_offsets)
            return hv_fail(error, -EINVAL,
                           "arms.%s.samples.layouts[%zu]: found %zu placements, "
                           "expected %zu",
                           arm_words[arm], l, doc->arm[arm].layouts[l].n_cells,
                           doc->n_offsets);
        for (unsigned p = 0; p < doc->n_offsets; p++) {
            const int rc = split_cell(doc, l, arm, p, error);
            if (rc)
                return rc;
        }
    }
    return 0;
}

/* What the analysis divides by or indexes with. */
static int check_pair(const struct hv_doc_pair *doc, struct hv_error *error)
{
    const size_t layouts = doc->run.n_layouts;
    if (doc->n_offsets > HV_MAX_PLACES || (layouts && !doc->n_offsets))
        return hv_fail(
            error, -EINVAL,
            "placements: found %zu, expected 1 to %d where there are layouts",
            doc->n_offsets, HV_MAX_PLACES);
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        if (doc->arm[arm].n_layouts != layouts)
            return hv_fail(error, -EINVAL,
                           "arms.%s.samples.layouts: found %zu, expected %zu as in "
                           "layouts",
                           arm_words[arm], doc->arm[arm].n_layouts, layouts);
        if (layouts && !doc->arm[arm].run.n)
            return hv_fail(error, -EINVAL,
                           "arms.%s.n: found 0, expected the iterations of a sample",
                           arm_words[arm]);
    }
    return 0;
}

static int split_run(struct hv_doc_pair *doc, struct hv_pair_run *run,
                     struct hv_error *error)
{
    int rc = check_pair(doc, error);
    for (size_t l = 0; l < doc->run.n_layouts && !rc; l++)
        rc = split_layout(doc, l, error);
    if (rc)
        return rc;
    *run = doc->run;
    run->places = (unsigned)doc->n_offsets;
    for (unsigned p = 0; p < run->places; p++)
        run->place_offset[p] = doc->offsets[p];
    for (unsigned arm = 0; arm < HV_ARMS; arm++)
        run->arm[arm] = doc->arm[arm].run;
    return 0;
}

/* The result repeats what the run says; the file has it once. */
static void split_result(const struct hv_doc_pair *doc, struct hv_pair_result *result)
{
    const struct hv_pair_run *run = &doc->run;
    *result = doc->result;
    result->name = run->name;
    result->kernel_set = run->kernel_set;
    result->isa = run->isa;
    result->question = run->question;
    result->control = run->control;
    result->purpose = run->purpose;
    result->of = run->of;
    result->experiment = run->experiment;
    result->asked_footprint = run->asked_footprint;
    result->footprint = run->footprint;
    result->items = run->items;
    result->failure = run->failure;
    result->stop = run->stop;
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        result->arm[arm] = doc->arm[arm].result;
        result->arm[arm].name = doc->arm[arm].run.name;
        result->arm[arm].code_sha256 = doc->arm[arm].run.code_sha256;
        result->arm[arm].n = doc->arm[arm].run.n;
    }
}

/* One list of pairs; key: its name in the file. */
static int split_pairs(const char *key, struct hv_doc_pair *docs, size_t n,
                       struct hv_arena *arena, struct hv_pair_run **runs,
                       struct hv_pair_result **results, struct hv_error *error)
{
    *runs = hv_arena_array(arena, n, sizeof **runs);
    *results = hv_arena_array(arena, n, sizeof **results);
    for (size_t i = 0; i < n; i++) {
        struct hv_error inner = {""};
        const int rc = split_run(&docs[i], &(*runs)[i], &inner);
        if (rc)
            return hv_fail(error, rc, "%s[%zu].%.400s", key, i, inner.text);
        split_result(&docs[i], &(*results)[i]);
    }
    return 0;
}

static int check_hypothesis(const struct hv_run *run, struct hv_result *result,
                            struct hv_error *error)
{
    struct hv_error inner = {""};
    const struct hv_hypothesis *hypothesis = &run->hypothesis;
    result->hypothesis = hypothesis->present ? hypothesis : NULL;
    if (!hypothesis->present || !hv_hypothesis_check(hypothesis, &inner))
        return 0;
    return hv_fail(error, -EINVAL, "hypothesis: %s", inner.text);
}

int hv_doc_split(const struct hv_doc *doc, struct hv_arena *arena, struct hv_run **run,
                 struct hv_result **result, struct hv_error *error)
{
    struct hv_run *raw = hv_arena_alloc(arena, sizeof *raw);
    struct hv_result *derived = hv_arena_alloc(arena, sizeof *derived);
    *raw = doc->run;
    raw->n_pairs = doc->n_pairs;
    raw->n_experiments = doc->n_experiments;
    *derived = doc->result;
    derived->n_pairs = doc->n_pairs;
    derived->n_experiments = doc->n_experiments;
    derived->version = raw->version;
    derived->command = raw->command;
    derived->n_command = raw->n_command;
    derived->settings = raw->settings;
    derived->clock = raw->clock;
    derived->caches = raw->caches;
    derived->environment = raw->environment;
    derived->n_environment = raw->n_environment;
    derived->controls = raw->controls;
    derived->n_controls = raw->n_controls;
    derived->interrupted = raw->interrupted;
    *run = raw;
    *result = derived;
    int rc = check_hypothesis(raw, derived, error);
    if (!rc)
        rc = split_pairs("pairs", doc->pairs, doc->n_pairs, arena, &raw->pairs,
                         &derived->pairs, error);
    return rc ? rc
              : split_pairs("experiments", doc->experiments, doc->n_experiments, arena,
                            &raw->experiments, &derived->experiments, error);
}
