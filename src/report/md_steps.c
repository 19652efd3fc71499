/* SPDX-License-Identifier: MIT */
/* What the next steps would bring: as measured beforehand, and by assumptions. */
#include "src/base/error.h"
#include "src/report/format.h"
#include "src/report/md.h"

/* "635x (measured: ...)", or why not. */
static const char *gain_of(const struct hv_md *md, const struct hv_evidence *gain)
{
    if (gain->provenance == HV_ABSENT)
        return hv_arena_printf(md->arena, "absent: %s",
                               hv_md_escape(md, hv_format_why(md->arena, gain->why)));
    return hv_arena_printf(md->arena, "%s (%s: %s)", hv_md_evidence(md, gain),
                           hv_provenance_name(gain->provenance),
                           hv_md_escape(md, gain->source));
}

void hv_md_foretastes(const struct hv_md *md)
{
    const struct hv_decision *decision = &md->result->decision;
    for (size_t i = 0; i < decision->n_foretastes; i++) {
        const struct hv_foretaste *f = &decision->foretastes[i];
        fprintf(md->file, "%s- %s By %s: %s.\n", i ? "" : "\n",
                hv_md_escape(md, f->step), hv_md_code(md, f->pair),
                gain_of(md, &f->gain));
    }
}

static void put_batch(const struct hv_md *md, const char *where,
                      const struct hv_evidence *batch)
{
    if (batch->provenance == HV_ABSENT)
        fprintf(md->file, "- %s: %s.\n", where,
                hv_md_escape(md, hv_format_why(md->arena, batch->why)));
    else
        fprintf(md->file, "- %s: from %s a batch on (%s: %s).\n", where,
                hv_md_evidence(md, batch), hv_provenance_name(batch->provenance),
                hv_md_escape(md, batch->source));
}

void hv_md_gpu(const struct hv_md *md)
{
    const struct hv_break_even *gpu = &md->result->decision.gpu;
    if (!gpu->present)
        return;
    fprintf(md->file,
            "\n### When a GPU Would Pay\n\nNo GPU was measured: its figures are what "
            "the hypothesis assumes. An item takes the CPU %s.\n\n",
            gain_of(md, &gpu->cpu));
    put_batch(md, "All items on the device already", &gpu->resident);
    put_batch(md, "Each item sent to the device", &gpu->transferred);
}
