/* SPDX-License-Identifier: MIT */
/* What one iteration adds to a trace's counts, as evidence. */
#include "src/analyse/traced.h"

#include <inttypes.h>
#include <math.h>

#include "src/analyse/vouch.h"
#include "src/base/error.h"

static const char *why_not_traced(const struct hv_run *run,
                                  const struct hv_trace_run *t)
{
    if (!run->settings.counters && !t->tried)
        return "the run was made without --counters";
    if (!t->tried)
        return "the pass that traces did not run";
    return t->why ? t->why : "the tracer gave no reason";
}

/* NULL, or why no figure may be made of the trace. */
static const char *why_no_trace(const struct hv_run *run, const struct hv_trace_run *t,
                                struct hv_arena *arena)
{
    return t->n_calls ? hv_why_tracer_doubted(run, t, arena) : why_not_traced(run, t);
}

static double total(const struct hv_call_run *call, const struct hv_trace_sum *sum)
{
    double value = 0;
    for (unsigned i = 0; i < sum->n; i++)
        value += (double)call->value[sum->value[i]];
    return value;
}

/* What the call with one more iteration adds. */
static double added(const struct hv_trace_run *t, size_t call,
                    const struct hv_trace_sum *sum)
{
    return total(&t->calls[call], sum) - total(&t->calls[call - 1], sum);
}

static bool is_modelled(enum hv_trace_value value)
{
    static const enum hv_trace_value modelled[] = {
        HV_T_L1_READ_MISSES, HV_T_L1_WRITE_MISSES, HV_T_FORWARD_SPANS,
        HV_T_FORWARD_WIDER,  HV_T_ALIAS_4K,
    };
    for (size_t i = 0; i < HV_LEN(modelled); i++)
        if (modelled[i] == value)
            return true;
    return false;
}

static bool needs_cache(enum hv_trace_value value)
{
    return value == HV_T_L1_READ_MISSES || value == HV_T_L1_WRITE_MISSES ||
           value == HV_T_LINES;
}

/* How the figures of this trace came about. */
static const char *method(const struct hv_trace_run *t, const struct hv_trace_sum *sum,
                          struct hv_arena *arena)
{
    const char *model = "";
    if (needs_cache(sum->value[0]))
        model = hv_arena_printf(
            arena, "LRU cache of %u lines (%u sets, %u ways, %u bytes each); ",
            t->l1.sets * t->l1.ways, t->l1.sets, t->l1.ways, t->l1.line);
    else if (is_modelled(sum->value[0]))
        model = "by addresses alone, in a window of 64 stores; ";
    const uint64_t *value = t->calls[t->n_calls - 1].value;
    const uint64_t unknown = value[HV_T_UNSUPPORTED], overflow = value[HV_T_OVERFLOW];
    const char *unsure =
        unknown || overflow
            ? hv_arena_printf(arena,
                              "; a lower bound: %" PRIu64
                              " instructions of a call were "
                              "not understood, %" PRIu64 " events found no room",
                              unknown, overflow)
            : "";
    return hv_arena_printf(arena, "%s%s%s", model, t->tracer ? t->tracer : "trace",
                           unsure);
}

static const char *varying(const struct hv_trace_run *t, const struct hv_trace_sum *sum,
                           struct hv_arena *arena)
{
    if (t->n_calls < 3 || !(fabs(added(t, 1, sum) - added(t, 2, sum)) > 0))
        return "";
    return hv_arena_printf(arena,
                           "; iterations differ: the second adds %.9g, the third "
                           "%.9g",
                           added(t, 1, sum), added(t, 2, sum));
}

static struct hv_evidence evidence_of(const struct hv_trace_run *t,
                                      const struct hv_trace_sum *sum, double value,
                                      const char *unit, const char *what,
                                      struct hv_arena *arena)
{
    if (needs_cache(sum->value[0]) && !t->l1.line)
        return hv_absent(unit, "modelled: the shape of the L1 data cache is unknown");
    if (value < 0)
        return hv_absent(unit, "a call with more iterations counted less of it");
    const enum hv_provenance provenance =
        is_modelled(sum->value[0]) ? HV_MODELLED : HV_TRACED;
    return hv_value(provenance, value, unit,
                    hv_arena_printf(arena, "%s; %s", method(t, sum, arena), what));
}

struct hv_evidence hv_traced_call(const struct hv_run *run,
                                  const struct hv_trace_run *t,
                                  const struct hv_trace_sum *sum, const char *unit,
                                  struct hv_arena *arena)
{
    const char *why = why_no_trace(run, t, arena);
    if (why)
        return hv_absent(unit, why);
    return evidence_of(t, sum, total(&t->calls[0], sum), unit,
                       "a whole call with one iteration, entry and exit included",
                       arena);
}

struct hv_evidence hv_traced_sum(const struct hv_run *run, const struct hv_trace_run *t,
                                 const struct hv_trace_sum *sum, const char *unit,
                                 struct hv_arena *arena)
{
    if (t->n_calls == 1 && needs_cache(sum->value[0]))
        return hv_absent(
            unit, hv_arena_printf(arena, "one call was followed, from a cold cache: %s",
                                  t->why ? t->why : "no reason was given"));
    if (t->n_calls < 2 || hv_why_tracer_doubted(run, t, arena))
        return hv_traced_call(run, t, sum, unit, arena);
    const size_t last = t->n_calls - 1;
    const double value =
        (total(&t->calls[last], sum) - total(&t->calls[0], sum)) / (double)last;
    const char *what =
        hv_arena_printf(arena, "calls of 1 to %zu iterations, less the first%s",
                        t->n_calls, varying(t, sum, arena));
    return evidence_of(t, sum, value, unit, what, arena);
}

struct hv_evidence hv_traced(const struct hv_run *run, const struct hv_trace_run *t,
                             enum hv_trace_value value, const char *unit,
                             struct hv_arena *arena)
{
    const struct hv_trace_sum one = {.value = {value}, .n = 1};
    return hv_traced_sum(run, t, &one, unit, arena);
}

static struct hv_evidence widest_vector(const struct hv_run *run,
                                        const struct hv_trace_run *t,
                                        struct hv_arena *arena)
{
    static const struct {
        enum hv_trace_value value;
        double bits;
    } widths[] = {
        {HV_T_VECTOR_512, 512},
        {HV_T_VECTOR_256, 256},
        {HV_T_VECTOR_128, 128},
    };
    const struct hv_trace_sum any = {.value = {HV_T_VECTOR_512}, .n = 1};
    const char *why = why_no_trace(run, t, arena);
    if (why)
        return hv_absent("bits", why);
    for (size_t i = 0; i < HV_LEN(widths); i++)
        if (t->calls[t->n_calls - 1].value[widths[i].value])
            return hv_value(HV_TRACED, widths[i].bits, "bits", method(t, &any, arena));
    return hv_absent("bits", "no instruction has a vector operand");
}

/* ---- by the machine code alone */

static struct hv_evidence decoded(const struct hv_run *run,
                                  const struct hv_trace_run *t, const char *unit,
                                  double value, struct hv_arena *arena)
{
    if (!t->n_census)
        return hv_absent(unit, t->tried ? "no symbol covers the arm's code"
                                        : why_not_traced(run, t));
    uint64_t undecoded = 0;
    for (size_t i = 0; i < t->n_census; i++)
        undecoded += t->census[i].undecoded;
    return hv_value(
        HV_DECODED, value, unit,
        hv_arena_printf(arena,
                        "the machine code of %s and of %zu functions that it calls in "
                        "its object%s; %" PRIu64 " bytes were not decoded",
                        t->census[0].symbol, t->n_census - 1,
                        t->n_census >= HV_CENSUS_ROWS
                            ? ", and no more than these: a lower bound"
                            : ", those without a symbol left out",
                        undecoded));
}

/* Sums over the arm and what it calls in its object. */
static void add_decoded(const struct hv_run *run, const struct hv_trace_run *t,
                        struct hv_figure_list *list)
{
    double bytes = 0, calls = 0, inlined = 0, width = 0;
    for (size_t i = 0; i < t->n_census; i++) {
        const struct hv_census_run *c = &t->census[i];
        bytes += c->size;
        calls += c->copy_calls;
        inlined += c->copy_pairs + c->rep_movs;
        width = c->vector_bits > width ? c->vector_bits : width;
    }
    hv_add_figure(list, "code_bytes", decoded(run, t, "bytes", bytes, list->arena));
    hv_add_figure(list, "code_vector_width",
                  width > 0 || !t->n_census
                      ? decoded(run, t, "bits", width, list->arena)
                      : hv_absent("bits", "no instruction has a vector operand"));
    hv_add_figure(list, "copy_call_sites",
                  decoded(run, t, "sites", calls, list->arena));
    hv_add_figure(list, "copy_inlined_sites",
                  decoded(run, t, "sites", inlined, list->arena));
}

/* ---- by the trace alone */

/* WHOLE: of the call with one iteration; EACH: what an iteration adds. */
enum scope { WHOLE, EACH };
static const struct {
    const char *name, *unit;
    enum scope scope;
    struct hv_trace_sum sum;
} rows[] = {
    {"l1d_misses_cold",
     "misses",                      WHOLE,
     {{HV_T_L1_READ_MISSES, HV_T_L1_WRITE_MISSES}, 2}               },
    {"l1d_lines",       "lines",    WHOLE, {{HV_T_LINES}, 1}        },
    {"loads",           "loads",    EACH,  {{HV_T_LOADS}, 1}        },
    {"load_bytes",      "bytes",    EACH,  {{HV_T_LOAD_BYTES}, 1}   },
    {"stores",          "stores",   EACH,  {{HV_T_STORES}, 1}       },
    {"store_bytes",     "bytes",    EACH,  {{HV_T_STORE_BYTES}, 1}  },
    {"forward_spans",   "loads",    EACH,  {{HV_T_FORWARD_SPANS}, 1}},
    {"alias_4k",        "loads",    EACH,  {{HV_T_ALIAS_4K}, 1}     },
    {"line_splits",     "accesses", EACH,  {{HV_T_LINE_SPLITS}, 1}  },
    {"syscalls",        "calls",    EACH,  {{HV_T_SYSCALLS}, 1}     },
};

void hv_add_traced(const struct hv_run *run, const struct hv_trace_run *t,
                   struct hv_figure_list *list)
{
    hv_add_figure(list, "vector_width", widest_vector(run, t, list->arena));
    for (size_t i = 0; i < HV_LEN(rows); i++)
        hv_add_figure(
            list, rows[i].name,
            rows[i].scope == WHOLE
                ? hv_traced_call(run, t, &rows[i].sum, rows[i].unit, list->arena)
                : hv_traced_sum(run, t, &rows[i].sum, rows[i].unit, list->arena));
    add_decoded(run, t, list);
}
