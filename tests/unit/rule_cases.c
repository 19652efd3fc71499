/* SPDX-License-Identifier: MIT */
/* What is planted for each rule of the checklist, and what it must come to. */
#include "tests/unit/rule_cases.h"

#include "src/base/error.h"

static struct hv_predicted predicted[] = {
    {.pair = "bind", .speedup = 200, .time_ns = {0, 5}},
};
static const struct hv_hypothesis hypothesis = {
    .present = true, .predictions = predicted, .n_predictions = HV_LEN(predicted)};

/* ---- what is planted: each begins with bind, 20 against 10 ns, nothing known */

static void nothing(struct why *why, struct hv_pair_result *pair)
{
    (void)why, (void)pair;
}

static void trial(struct why *why, struct hv_pair_result *pair, const char *name,
                  double speedup)
{
    why_trial(why, pair, name, HV_BASELINE, speedup);
}

static void copies_half(struct why *why, struct hv_pair_result *pair)
{
    trial(why, pair, "copy_away", 2.05);
}
static void copies_third(struct why *why, struct hv_pair_result *pair)
{
    trial(why, pair, "copy_away", 1.5);
}
static void copies_about_half(struct why *why, struct hv_pair_result *pair)
{
    trial(why, pair, "copy_away", 2);
}
static void copies_slower(struct why *why, struct hv_pair_result *pair)
{
    trial(why, pair, "copy_away", 0.8);
}
static void copies_none(struct why *why, struct hv_pair_result *pair)
{
    why_both(pair, "memcpy_bytes", 0, 0);
    trial(why, pair, "copy_away", 3);
}
static void copies_failed(struct why *why, struct hv_pair_result *pair)
{
    trial(why, pair, "copy_away", 3);
    why->result.experiments[0].state = HV_CONTENDED;
}

/* bytes asked for and copied */
static void asked(struct hv_pair_result *pair, double declared,
                  enum hv_provenance provenance, double copied)
{
    why_set(pair, HV_BASELINE, "memcpy_bytes_declared", HV_DECLARED, declared);
    why_set(pair, HV_BASELINE, "memcpy_bytes", provenance, copied);
}
static void copied_all(struct why *why, struct hv_pair_result *pair)
{
    (void)why;
    asked(pair, 500, HV_SCALED, 451);
}
static void copied_none(struct why *why, struct hv_pair_result *pair)
{
    (void)why;
    asked(pair, 500, HV_TRACED, 49);
}
static void copied_some(struct why *why, struct hv_pair_result *pair)
{
    (void)why;
    asked(pair, 500, HV_TRACED, 250);
}
static void copied_by_guess(struct why *why, struct hv_pair_result *pair)
{
    (void)why;
    asked(pair, 500, HV_ESTIMATED, 500);
}
static void asked_nothing(struct why *why, struct hv_pair_result *pair)
{
    (void)why;
    asked(pair, 0, HV_TRACED, 0);
}

/* Two copies of 256 bytes an iteration, which cost so many ns of 20 together. */
static void two_copies(struct why *why, struct hv_pair_result *pair, double ns,
                       double misses)
{
    why_set(pair, HV_BASELINE, "memcpy_bytes", HV_TRACED, 512);
    why_set(pair, HV_BASELINE, "l1d_misses", HV_MODELLED, misses);
    trial(why, pair, "copy_away", 20 / (20 - ns));
}
static void copies_in_l1(struct why *why, struct hv_pair_result *pair)
{
    two_copies(why, pair, 9, 0.9);
}
static void copies_dear(struct why *why, struct hv_pair_result *pair)
{
    two_copies(why, pair, 11, 0);
}
static void copies_at_the_limit(struct why *why, struct hv_pair_result *pair)
{
    two_copies(why, pair, 10, 0);
}
static void copies_from_afar(struct why *why, struct hv_pair_result *pair)
{
    two_copies(why, pair, 9, 1);
}
static void copies_of_unknown_lines(struct why *why, struct hv_pair_result *pair)
{
    two_copies(why, pair, 9, 0);
    why_set(pair, HV_BASELINE, "l1d_misses", HV_ABSENT, 0);
}
static void copies_by_guess(struct why *why, struct hv_pair_result *pair)
{
    two_copies(why, pair, 9, 0);
    why_set(pair, HV_BASELINE, "memcpy_bytes", HV_ESTIMATED, 0);
}

static void walk(struct why *why, struct hv_pair_result *pair, uint64_t bytes,
                 double near)
{
    pair->footprint = bytes;
    pair->items = 1;
    if (near > 0)
        why_other(why, pair, HV_PURPOSE_FOOTPRINT, near, 10)->items = 1;
}
static void memory_bound(struct why *why, struct hv_pair_result *pair)
{
    walk(why, pair, 64 << 20, 12);
}
static void memory_free(struct why *why, struct hv_pair_result *pair)
{
    walk(why, pair, 64 << 20, 19.9);
}
static void memory_matters(struct why *why, struct hv_pair_result *pair)
{
    walk(why, pair, 64 << 20, 16);
}
static void memory_untouched(struct why *why, struct hv_pair_result *pair)
{
    walk(why, pair, 1 << 20, 12);
}
static void memory_not_varied(struct why *why, struct hv_pair_result *pair)
{
    walk(why, pair, 64 << 20, 0);
}
static void memory_of_unknown_l1(struct why *why, struct hv_pair_result *pair)
{
    walk(why, pair, 1 << 20, 0);
    why->result.caches.l1d = 0;
}

static void allocation(struct why *why, struct hv_pair_result *pair, double speedup,
                       double before, double after)
{
    struct hv_pair_result *t =
        why_trial(why, pair, "alloc_hoisted", HV_BASELINE, speedup);
    why_both(pair, "allocations", 1, 0);
    if (before >= 0)
        why_both(t, "l1d_misses", before, after);
}
static void allocation_misses(struct why *why, struct hv_pair_result *pair)
{
    allocation(why, pair, 1.2, 7, 3);
}
static void allocation_calls(struct why *why, struct hv_pair_result *pair)
{
    allocation(why, pair, 1.2, 3.5, 3);
}
static void allocation_cheap(struct why *why, struct hv_pair_result *pair)
{
    allocation(why, pair, 1.01, 7, 3);
    why_both(pair, "allocations", 1, 0);
}
static void allocation_unmodelled(struct why *why, struct hv_pair_result *pair)
{
    allocation(why, pair, 1.2, -1, 0);
}
static void allocation_of_both(struct why *why, struct hv_pair_result *pair)
{
    allocation(why, pair, 1.1, 3, 3);
    why_both(pair, "allocations", 1, 1);
    why_both(why_trial(why, pair, "alloc_hoisted", HV_CANDIDATE, 2), "l1d_misses", 9,
             2);
}

static void simd(struct hv_pair_result *pair, double ns)
{
    struct hv_evidence *time = why_set(pair, HV_CANDIDATE, "time", HV_MEASURED, ns);
    time->has_ci = true;
    time->ci95[0] = ns - 0.5;
    time->ci95[1] = ns + 0.5;
}
static void simd_slow(struct why *why, struct hv_pair_result *pair)
{
    why->result.hypothesis = &hypothesis;
    simd(pair, 10);
}
static void simd_fast(struct why *why, struct hv_pair_result *pair)
{
    why->result.hypothesis = &hypothesis;
    simd(pair, 4);
}
static void simd_as_thought(struct why *why, struct hv_pair_result *pair)
{
    why->result.hypothesis = &hypothesis;
    simd(pair, 5);
}
static void simd_of_shared_work(struct why *why, struct hv_pair_result *pair)
{
    simd_slow(why, pair);
    why_shared(why, pair, 1000, 0, 0);
}

static void traced(struct why *why, struct hv_pair_result *pair)
{
    why_shared(why, pair, 100, 300, 100);
}
static void method_shared(struct why *why, struct hv_pair_result *pair)
{
    pair->prediction.speedup = 200;
    why_shared(why, pair, 990, 10, 10);
}
static void method_aa(struct why *why, struct hv_pair_result *pair)
{
    traced(why, pair);
    why_other(why, pair, HV_PURPOSE_AA, 10.25, 10);
}
static void method_warned(struct why *why, struct hv_pair_result *pair)
{
    static struct hv_warning warnings[] = {
        {.id = "drift", .text = "The clock drifted by 7 %."}
    };
    traced(why, pair);
    pair->warnings = warnings;
    pair->n_warnings = 1;
}
static void method_contended(struct why *why, struct hv_pair_result *pair)
{
    traced(why, pair);
    pair->state = HV_CONTENDED;
}
static void method_failed_isolation(struct why *why, struct hv_pair_result *pair)
{
    method_shared(why, pair);
    trial(why, pair, "isolated", 2);
    why->result.experiments[0].state = HV_FAILED;
    why->result.experiments[0].failure = "no table";
}

static void spans_dear(struct why *why, struct hv_pair_result *pair)
{
    trial(why, pair, "copy_wide", 1.0701);
}
static void spans_cheap(struct why *why, struct hv_pair_result *pair)
{
    why_both(pair, "forward_spans", 9, 0);
    trial(why, pair, "copy_wide", 1.04);
}
static void spans_none(struct why *why, struct hv_pair_result *pair)
{
    (void)why;
    why_both(pair, "forward_spans", 0, 0);
}
static void spans_at_the_limit(struct why *why, struct hv_pair_result *pair)
{
    trial(why, pair, "copy_wide", 1.0526);
}
/* Blocked in both arms; candidate's experiment was contended. */
static void spans_of_one_arm(struct why *why, struct hv_pair_result *pair)
{
    why_both(pair, "forward_spans", 9, 9);
    trial(why, pair, "copy_wide", 1);
    why_trial(why, pair, "copy_wide", HV_CANDIDATE, 1.5)->state = HV_CONTENDED;
}
/* Candidate's wide interval must not hide what baseline shows. */
static void spans_sure_and_unsure(struct why *why, struct hv_pair_result *pair)
{
    trial(why, pair, "copy_wide", 1.08);
    why_speedup(why_trial(why, pair, "copy_wide", HV_CANDIDATE, 1.05), 1.05, 0.2);
}
static void alias_dear(struct why *why, struct hv_pair_result *pair)
{
    trial(why, pair, "temp_64", 1.2);
}
static void alias_none(struct why *why, struct hv_pair_result *pair)
{
    (void)why;
    why_both(pair, "alias_4k", 0, 0);
}
static void faults_dear(struct why *why, struct hv_pair_result *pair)
{
    trial(why, pair, "alloc_touched", 1.2);
}
static void faults_none(struct why *why, struct hv_pair_result *pair)
{
    (void)why;
    why_both(pair, "page_faults", 0.01, 0);
}

static void band(struct hv_pair_result *pair, double low, double high)
{
    why_speedup(pair, 1.2, 0.01);
    pair->speedup.placement_band[0] = low;
    pair->speedup.placement_band[1] = high;
}
static void band_wide(struct why *why, struct hv_pair_result *pair)
{
    (void)why;
    band(pair, 1.05, 1.27);
}
static void band_narrow(struct why *why, struct hv_pair_result *pair)
{
    (void)why;
    band(pair, 1.15, 1.25);
}
static void band_between(struct why *why, struct hv_pair_result *pair)
{
    (void)why;
    band(pair, 1.1, 1.25);
}
static void band_of_nothing(struct why *why, struct hv_pair_result *pair)
{
    (void)why;
    why_speedup(pair, 1, 0.009);
}

#define YES  HV_SUPPORTED
#define NO   HV_REFUTED
#define OPEN HV_VERDICT_UNDECIDED

const struct rule_case rule_cases[] = {
    {"memcpy_dominates",         copies_half,             YES,  "10.24 ns of bind_copy"   },
    {"memcpy_dominates",         copies_third,            NO,   "6.667 ns of bind_copy"   },
    {"memcpy_dominates",         copies_slower,           NO,   "-5 ns of bind_copy"      },
    {"memcpy_dominates",         copies_none,             NO,   "copies no byte"          },
    {"memcpy_dominates",         copies_about_half,       OPEN, "on both sides"           },
    {"memcpy_dominates",         copies_failed,           OPEN, "no quiet core"           },
    {"copies_not_elided",        copied_all,              YES,  "451 were copied (scaled)"},
    {"copies_not_elided",        copied_none,             NO,   "49 were copied (traced)" },
    {"copies_not_elided",        asked_nothing,           NO,   "asks for no copy"        },
    {"copies_not_elided",        copied_some,             OPEN, "some are not"            },
    {"copies_not_elided",        copied_by_guess,         OPEN, "not followed"            },
    {"compiler_elided",          copied_none,             YES,  "500 bytes"               },
    {"compiler_elided",          copied_all,              NO,   "451"                     },
    {"compiler_elided",          copied_some,             OPEN, "250"                     },
    {"compiler_elided",          nothing,                 OPEN, "does not tell"           },
    {"bandwidth_bound",          memory_bound,            YES,  "65536 KiB (RAM)"         },
    {"bandwidth_bound",          memory_free,             NO,   "0.1 ns"                  },
    {"bandwidth_bound",          memory_untouched,        NO,   "1024 KiB"                },
    {"bandwidth_bound",          memory_of_unknown_l1,    NO,   "1024 KiB"                },
    {"bandwidth_bound",          memory_matters,          OPEN, "neither a third"         },
    {"bandwidth_bound",          memory_not_varied,       OPEN, "65536 KiB"               },
    {"bandwidth_bound",          nothing,                 OPEN, "not known"               },
    {"allocation_cache_effects", allocation_misses,       YES,  "from 7 to 3"             },
    {"allocation_cache_effects", allocation_of_both,      YES,  "from 9 to 2"             },
    {"allocation_cache_effects", allocation_calls,        NO,   "3.5 before, 3 after"     },
    {"allocation_cache_effects", allocation_cheap,        NO,   "below 5 %"               },
    {"allocation_cache_effects", allocation_unmodelled,   OPEN, "not known"               },
    {"copies_in_l1",             copies_in_l1,            YES,  "4.5 ns"                  },
    {"copies_in_l1",             copies_dear,             NO,   "not below 5 ns"          },
    {"copies_in_l1",             copies_from_afar,        NO,   "a miss for two copies"   },
    {"copies_in_l1",             copies_none,             NO,   "copies no byte"          },
    {"copies_in_l1",             copies_at_the_limit,     OPEN, "on both sides of 5 ns"   },
    {"copies_in_l1",             copies_of_unknown_lines, OPEN, "not known"               },
    {"copies_in_l1",             copies_by_guess,         OPEN, "not known"               },
    {"simd_slower_than_thought", simd_slow,               YES,  "10 ns (9.5 to 10.5)"     },
    {"simd_slower_than_thought", simd_fast,               NO,   "thought were 5"          },
    {"simd_slower_than_thought", simd_as_thought,         OPEN, "5 ns"                    },
    {"simd_slower_than_thought", simd_of_shared_work,     OPEN, "both arms share"         },
    {"simd_slower_than_thought", nothing,                 OPEN, "says nothing"            },
    {"methodology_flawed",       method_shared,           YES,  "predicted 200x cannot"   },
    {"methodology_flawed",       method_failed_isolation, YES,  "no table"                },
    {"methodology_flawed",       method_aa,               YES,  "reads 1.025x"            },
    {"methodology_flawed",       method_warned,           YES,  "drifted by 7 %"          },
    {"methodology_flawed",       traced,                  NO,   "50 % of their"           },
    {"methodology_flawed",       method_contended,        OPEN, "no quiet speedup"        },
    {"methodology_flawed",       nothing,                 OPEN, "Without a trace"         },
    {"store_forward_blocked",    spans_dear,              YES,  "at least 5 %"            },
    {"store_forward_blocked",    spans_sure_and_unsure,   YES,  "bind_copy"               },
    {"store_forward_blocked",    spans_cheap,             NO,   "below 5 %"               },
    {"store_forward_blocked",    spans_none,              NO,   "(traced)"                },
    {"store_forward_blocked",    spans_at_the_limit,      OPEN, "on both sides of 5 %"    },
    {"store_forward_blocked",    spans_of_one_arm,        OPEN, "no quiet core"           },
    {"aliasing_4k",              alias_dear,              YES,  "temp_64"                 },
    {"aliasing_4k",              alias_none,              NO,   "neither arm has alias_4k"},
    {"aliasing_4k",              nothing,                 OPEN, "no experiment on it"     },
    {"page_faults",              faults_dear,             YES,  "alloc_touched"           },
    {"page_faults",              faults_none,             NO,   "page_faults"             },
    {"page_faults",              nothing,                 OPEN, "no experiment on it"     },
    {"placement",                band_wide,               YES,  "1.05x to 1.27x"          },
    {"placement",                band_narrow,             NO,   "effect of 1.2x"          },
    {"placement",                band_of_nothing,         NO,   "less than 2 %"           },
    {"placement",                band_between,            OPEN, "1.1x to 1.25x"           },
    {"placement",                method_contended,        OPEN, "no quiet speedup"        },
};
const size_t n_rule_cases = HV_LEN(rule_cases);
