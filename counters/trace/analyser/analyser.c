/* SPDX-License-Identifier: MIT */
/* The analyser's life: memory, a new trace, and the sums at the end. */
#include "counters/trace/analyser.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "counters/trace/analyser/analyser_state.h"

static int begin(struct hv_analyser *a, const struct hv_analyser_config *config)
{
    a->config = *config;
    memcpy(a->runs.constants, config->constants, sizeof a->runs.constants);
    a->line_shift = config->l1.line ? (unsigned)__builtin_ctz(config->l1.line) : 6;
    return hv_l1_open(&a->l1, &config->l1);
}

int hv_analyser_open(struct hv_analyser **analyser,
                     const struct hv_analyser_config *config)
{
    struct hv_analyser *a = mmap(NULL, sizeof *a, PROT_READ | PROT_WRITE,
                                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    *analyser = NULL;
    if (a == MAP_FAILED)
        return -ENOMEM;
    /* sparse tables: a huge page each would cost more to zero than it saves */
    (void)madvise(a, sizeof *a, MADV_NOHUGEPAGE);
    const int rc = begin(a, config);
    if (rc)
        munmap(a, sizeof *a);
    else
        *analyser = a;
    return rc;
}

void hv_analyser_close(struct hv_analyser *a)
{
    if (a)
        munmap(a, sizeof *a);
}

void hv_analyser_reset(struct hv_analyser *a, uint64_t *prefix, size_t prefix_words,
                       uint64_t prefix_instructions)
{
    const struct hv_analyser_config config = a->config;
    if (madvise(a, sizeof *a, MADV_DONTNEED))
        memset(a, 0, sizeof *a); /* locked memory cannot be dropped */
    (void)begin(a, &config);     /* the shape was checked when it was opened */
    a->prefix = (struct hv_prefix){.words = prefix,
                                   .room = prefix_words,
                                   .room_instructions = prefix_instructions,
                                   .open = prefix_words && prefix_instructions};
}

uint16_t hv_analyser_function(struct hv_analyser *a, uint64_t start, const char *name,
                              enum hv_trace_group group)
{
    return hv_functions_index(&a->functions, start, name, group);
}

uint64_t hv_analyser_instructions(const struct hv_analyser *a)
{
    return a->clock;
}

size_t hv_analyser_prefix(const struct hv_analyser *a, uint64_t *instructions)
{
    *instructions = a->prefix.instructions;
    return a->prefix.n;
}

void hv_analyser_finish(struct hv_analyser *a, hv_peek_fn *peek, void *user,
                        struct hv_trace_totals *out)
{
    hv_runs_finish(&a->runs, peek, user);
    memset(out, 0, sizeof *out);
    uint64_t *value = out->value;
    memcpy(value, a->value, sizeof out->value);
    value[HV_T_INSTRUCTIONS] = a->clock;
    value[HV_T_COPIED_CALLED] = a->runs.called;
    value[HV_T_COPIED_INLINED] = a->runs.inlined;
    value[HV_T_COPIED_SMALL] = a->runs.small;
    value[HV_T_CONFIRMED] = a->runs.confirm.confirmed;
    value[HV_T_CONTRADICTED] = a->runs.confirm.contradicted;
    value[HV_T_LINES] = a->l1.lines;
    value[HV_T_FORWARD_SPANS] = a->hazards.spans;
    value[HV_T_FORWARD_WIDER] = a->hazards.wider;
    value[HV_T_ALIAS_4K] = a->hazards.alias;
    value[HV_T_OVERFLOW] = a->runs.overflow + a->l1.overflow + a->shadow.overflow;
    memcpy(out->group, a->group, sizeof out->group);
    hv_functions_totals(&a->functions, out);
    hv_sites_totals(&a->runs.sites, &a->functions, out);
}
