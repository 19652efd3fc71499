/* SPDX-License-Identifier: MIT */
/* Traces every kernel of a catalogue with both tracers, and says on one line each what
 * was found and whether it is the truth:
 *
 *     trace_driver CATALOGUE.so [steps=N] [once | both] [KERNEL...]
 *
 * steps=N: the stepper follows at most so many instructions (0: to the end). once: the
 * code cache alone, for one iteration; both: both tracers, for one iteration, without
 * asking for the truth. Names or globs of kernels choose. */
#include <dlfcn.h>
#include <errno.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "counters/trace/trace.h"
#include "tests/trace/catalogue.h"

/* Seconds for one trace, be the machine ever so busy: a kernel that hangs, hangs. */
#define PATIENCE 60

/* Bytes from which a copy is no longer a small one, whatever it is made by. */
#define WORDS 64

struct driver {
    struct hv_trace_session *session;
    const struct trace_catalogue *catalogue;
    struct trace_context *context; /* shared: what the child writes is seen here */
    struct hv_cache_shape l1;
    uint64_t steps;
    bool once, both;
    char **wanted;
    int n_wanted;
};

/* What came of one kernel; the outcomes are large. */
struct finding {
    struct hv_trace_outcome one, two, stepped;
    uint64_t moved_one, moved_two; /* the kernel's own count */
    uint64_t compared;
    char wrong[512]; /* "": nothing */
};

static const char *const relations[] = {
    [TRACE_EXACT] = "exact", [TRACE_ELIDABLE] = "elidable", [TRACE_CHAINED] = "chained",
    [TRACE_BULK] = "bulk",   [TRACE_MOVED] = "moved",       [TRACE_CODE] = "code",
};

/* This CPU's L1, from wherever it can be had: a guest's sysfs may say nothing. */
static struct hv_cache_shape this_l1(void)
{
    struct hv_cache_shape l1 = hv_trace_l1(0);
    long size = sysconf(_SC_LEVEL1_DCACHE_SIZE);
    long ways = sysconf(_SC_LEVEL1_DCACHE_ASSOC);
    long line = sysconf(_SC_LEVEL1_DCACHE_LINESIZE);
    if (l1.line == 0 && size > 0 && ways > 0 && line > 0)
        l1 = (struct hv_cache_shape){(uint32_t)line, (uint32_t)(size / ways / line),
                                     (uint32_t)ways};
    if (l1.line == 0)
        l1 = (struct hv_cache_shape){64, 64, 8};
    return l1;
}

static void prepare(const struct driver *d)
{
    memset(d->context, 0, d->catalogue->context_bytes);
    if (d->catalogue->setup)
        d->catalogue->setup(d->context);
}

/* One trace from a fresh context; false: found->wrong says why it is worth nothing. */
static bool follow(const struct driver *d, const struct trace_row *row,
                   enum hv_tracer tracer, uint64_t n, struct finding *found,
                   struct hv_trace_outcome *out)
{
    const char *name = tracer == HV_TRACER_CACHE ? "cache" : "stepper";
    struct hv_trace_call call = {row->run, d->context, n};
    uint64_t steps = tracer == HV_TRACER_STEP ? d->steps : 0;
    struct hv_trace_limits limits = {steps, PATIENCE, false};
    prepare(d);
    int error = hv_trace_run(d->session, tracer, &call, &limits, out);
    if (error) {
        snprintf(found->wrong, sizeof found->wrong, "%s: %s", name, strerror(-error));
    } else if (out->end == HV_TRACE_LIMIT && steps) {
        return true; /* too early for the result */
    } else if (out->end != HV_TRACE_DONE) {
        snprintf(found->wrong, sizeof found->wrong, "%s: %s (at %#" PRIx64 ")", name,
                 out->why, out->pc);
    } else if (n == 1 && row->check && !row->check(d->context)) {
        snprintf(found->wrong, sizeof found->wrong,
                 "%s: the kernel left a wrong result", name);
    }
    return found->wrong[0] == '\0';
}

/* All that both tracers counted over the same call must be the same. */
static void compare_totals(struct finding *found)
{
    const struct hv_trace_totals *a = &found->one.totals, *b = &found->stepped.totals;
    for (unsigned i = 0; i < HV_TRACE_VALUES; i++)
        if (a->value[i] != b->value[i]) {
            snprintf(found->wrong, sizeof found->wrong,
                     "%s: cache %" PRIu64 ", stepper %" PRIu64, hv_trace_value_name(i),
                     a->value[i], b->value[i]);
            return;
        }
    if (memcmp(a->group, b->group, sizeof a->group) != 0 ||
        a->n_functions != b->n_functions || a->n_sites != b->n_sites)
        snprintf(found->wrong, sizeof found->wrong,
                 "the tracers' groups, functions or sites differ");
}

/* The stream word for word, and the sums if the stepper went to the end. */
static void compare(const struct driver *d, struct finding *found)
{
    char why[256] = "";
    int error = hv_trace_compare(d->session, &found->compared, why, sizeof why);
    if (error)
        snprintf(found->wrong, sizeof found->wrong, "tracers differ: %s",
                 *why ? why : strerror(-error));
    else if (found->compared == 0)
        snprintf(found->wrong, sizeof found->wrong, "nothing was compared");
    else if (found->stepped.end == HV_TRACE_DONE)
        compare_totals(found);
}

/* What an iteration added. */
static uint64_t added(const struct finding *found, enum hv_trace_value value)
{
    return found->two.totals.value[value] - found->one.totals.value[value];
}

/* The verdict in one word, "WRONG" among them. */
static const char *judge(const struct trace_row *row, const struct finding *found)
{
    uint64_t bulk =
        added(found, HV_T_COPIED_CALLED) + added(found, HV_T_COPIED_INLINED);
    uint64_t all = bulk + added(found, HV_T_COPIED_SMALL);
    switch (row->how) {
    case TRACE_EXACT:
        return all == row->truth && (all < WORDS || bulk == all) ? "exact" : "WRONG";
    case TRACE_ELIDABLE:
        return all == row->truth ? "exact" : all == 0 ? "elided" : "WRONG";
    case TRACE_CHAINED:
        return bulk == row->truth       ? "exact"
               : bulk == 2 * row->truth ? "twice"
                                        : "WRONG";
    case TRACE_BULK: return bulk == row->truth ? "exact" : "WRONG";
    case TRACE_MOVED:
        return added(found, HV_T_COPIED_CALLED) == found->moved_two - found->moved_one
                   ? "exact"
                   : "WRONG";
    case TRACE_CODE: return "code";
    }
    return "WRONG";
}

/* No second call, so no iteration to judge: the figures are those of the first. */
static bool only_one(const struct driver *d, const struct trace_row *row)
{
    return d->once || d->both || row->how == TRACE_CODE;
}

static void examine(const struct driver *d, const struct trace_row *row,
                    struct finding *found)
{
    prepare(d);
    row->run(d->context, 1); /* binds lazily, fills the heap's lists */
    if (!only_one(d, row)) {
        if (!follow(d, row, HV_TRACER_CACHE, 2, found, &found->two))
            return;
        found->moved_two = d->context->moved;
    }
    if (!follow(d, row, HV_TRACER_CACHE, 1, found, &found->one))
        return;
    found->moved_one = d->context->moved;
    if (!d->once && follow(d, row, HV_TRACER_STEP, 1, found, &found->stepped))
        compare(d, found);
}

/* Where it copied, for a row that is wrong. */
static void print_sites(const struct hv_trace_totals *totals)
{
    for (uint32_t i = 0; i < totals->n_sites; i++) {
        const struct hv_trace_site *site = &totals->site[i];
        printf("# %s+%#" PRIx32 " %s: %" PRIu64 " bytes in %" PRIu64 " of %" PRIu64
               " to %" PRIu64 "\n",
               site->function, site->offset, site->called ? "called" : "inlined",
               site->bytes, site->copies, site->smallest, site->largest);
    }
}

static void print_row(const struct driver *d, const struct trace_row *row,
                      const struct finding *found)
{
    static const enum hv_trace_value shown[] = {
        HV_T_COPIED_CALLED,
        HV_T_COPIED_INLINED,
        HV_T_COPIED_SMALL,
        HV_T_COPY_STORED_CALLED,
        HV_T_COPY_STORED_INLINED,
        HV_T_INSTRUCTIONS,
        HV_T_REP_ITERATIONS,
        HV_T_LOADS,
        HV_T_STORES,
        HV_T_L1_READ_MISSES,
        HV_T_L1_WRITE_MISSES,
    };
    bool whole = only_one(d, row);
    const char *verdict = found->wrong[0] ? "WRONG"
                          : whole         ? "code"
                                          : judge(row, found);
    printf("%s\t%s\t%s\t%s\t%" PRIu64 "\t%" PRIu64, row->name, verdict,
           row->aside ? "aside" : "-", relations[row->how],
           row->how == TRACE_MOVED ? found->moved_two - found->moved_one : row->truth,
           found->compared);
    for (unsigned i = 0; i < HV_LEN(shown); i++)
        printf("\t%" PRIu64,
               whole ? found->one.totals.value[shown[i]] : added(found, shown[i]));
    printf("\t%s\n", found->wrong[0] ? found->wrong : "-");
    if (strcmp(verdict, "WRONG") == 0)
        print_sites(&found->two.totals);
    fflush(stdout);
}

static bool chosen(const struct driver *d, const char *name)
{
    for (int i = 0; i < d->n_wanted; i++)
        if (fnmatch(d->wanted[i], name, 0) == 0)
            return true;
    return d->n_wanted == 0;
}

static int trace_all(const struct driver *d)
{
    struct finding *found = malloc(sizeof *found);
    if (!found)
        return -ENOMEM;
    printf("# l1 %" PRIu32 ",%" PRIu32 ",%" PRIu32 "\n",
           d->l1.line * d->l1.sets * d->l1.ways, d->l1.ways, d->l1.line);
    for (unsigned i = 0; i < d->catalogue->n_rows; i++) {
        const struct trace_row *row = &d->catalogue->row[i];
        if (!chosen(d, row->name))
            continue;
        if (row->avx512 && !__builtin_cpu_supports("avx512bw")) {
            printf("%s\tskip\tthis CPU has no AVX-512\n", row->name);
            continue;
        }
        memset(found, 0, sizeof *found);
        examine(d, row, found);
        print_row(d, row, found);
    }
    free(found);
    return 0;
}

/* The catalogue, its context and a session for it. */
static int load(struct driver *d, const char *path)
{
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    d->catalogue = object ? dlsym(object, TRACE_CATALOGUE) : NULL;
    if (!d->catalogue) {
        fprintf(stderr, "%s: %s\n", path, dlerror());
        return -ENOENT;
    }
    d->context = mmap(NULL, d->catalogue->context_bytes, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (d->context == MAP_FAILED)
        return -errno;
    d->l1 = this_l1();
    struct hv_trace_config config = {
        .l1 = d->l1,
        .prefix_instructions = d->once    ? 0
                               : d->steps ? d->steps
                                          : 1u << 20,
        .object = d->catalogue,
    };
    struct hv_error error = {0};
    int rc = hv_trace_open(&d->session, &config, &error);
    if (rc)
        fprintf(stderr, "hv_trace_open: %s\n", error.text);
    return rc;
}

int main(int argc, char **argv)
{
    struct driver d = {0};
    int i = 2;
    for (; i < argc; i++) {
        if (strncmp(argv[i], "steps=", 6) == 0)
            d.steps = strtoull(argv[i] + 6, NULL, 10);
        else if (strcmp(argv[i], "once") == 0)
            d.once = true;
        else if (strcmp(argv[i], "both") == 0)
            d.both = true;
        else
            break;
    }
    d.wanted = argv + i;
    d.n_wanted = argc > i ? argc - i : 0;
    if (argc < 2) {
        fprintf(stderr, "trace_driver CATALOGUE.so [steps=N] [once] [KERNEL...]\n");
        return 2;
    }
    int rc = load(&d, argv[1]);
    if (rc == 0)
        rc = trace_all(&d);
    hv_trace_close(d.session);
    return rc != 0;
}
