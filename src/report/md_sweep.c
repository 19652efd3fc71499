/* SPDX-License-Identifier: MIT */
/* Sweeps: what a byte costs by the size of what is walked over, and where it rises. */
#include <inttypes.h>

#include "src/base/error.h"
#include "src/report/format.h"
#include "src/report/md.h"

static const char *cost_of(const struct hv_md *md, const struct hv_evidence *cost)
{
    return cost->provenance == HV_ABSENT
               ? hv_md_evidence(md, cost)
               : hv_arena_printf(md->arena, "%.4f", cost->value);
}

static void put_knees(const struct hv_md *md, const struct hv_sweep *sweep)
{
    if (!sweep->n_knees)
        fputs("\nNo knee: no size makes a byte a quarter dearer.\n", md->file);
    for (size_t i = 0; i < sweep->n_knees; i++) {
        const struct hv_knee *knee = &sweep->knees[i];
        fprintf(md->file,
                "%s- Knee: between %" PRIu64 " and %" PRIu64
                " bytes a byte goes from %.4f, the least so far, to %.4f ns%s%s.\n",
                i ? "" : "\n", knee->from, knee->to, knee->before, knee->after,
                knee->level ? "; sizes up to it: " : "",
                knee->level ? hv_md_escape(md, knee->level) : "");
    }
}

static void put_sweep(const struct hv_md *md, const struct hv_sweep *sweep)
{
    const char *arm[HV_ARMS];
    for (unsigned a = 0; a < HV_ARMS; a++)
        arm[a] = hv_md_code(md, sweep->arm[a] ? sweep->arm[a] : "?");
    const char *const heads[] = {"Bytes",           arm[HV_BASELINE], "ns/byte",
                                 arm[HV_CANDIDATE], "ns/byte",        "State"};
    fprintf(md->file, "\n### By Size: %s, %s\n", hv_md_escape(md, sweep->pair),
            hv_md_escape(md, sweep->isa));
    hv_md_heads(md, heads, HV_LEN(heads));
    for (size_t i = 0; i < sweep->n_points; i++) {
        const struct hv_sweep_point *p = &sweep->points[i];
        const char *const cells[] = {
            hv_arena_printf(md->arena, "%" PRIu64, p->bytes),
            hv_md_evidence(md, &p->time[HV_BASELINE]),
            cost_of(md, &p->per_byte[HV_BASELINE]),
            hv_md_evidence(md, &p->time[HV_CANDIDATE]),
            cost_of(md, &p->per_byte[HV_CANDIDATE]),
            hv_state_name(p->state),
        };
        hv_md_row(md, cells, HV_LEN(cells));
    }
    put_knees(md, sweep);
}

void hv_md_sweeps(const struct hv_md *md)
{
    for (size_t i = 0; i < md->result->n_sweeps; i++)
        put_sweep(md, &md->result->sweeps[i]);
}
