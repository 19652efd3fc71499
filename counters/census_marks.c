/* SPDX-License-Identifier: MIT */
/* What an instruction means for a census. */
#include "counters/census_walk.h"

bool hv_census_leads_to(const struct hv_census_walk *walk,
                        const struct hv_census_decoded *decoded, uint32_t *offset)
{
    uint64_t address;
    if (!hv_census_is_branch(decoded) || !hv_census_goes_to(decoded, &address) ||
        address - walk->function.start >= walk->size)
        return false;
    *offset = (uint32_t)(address - walk->function.start);
    return true;
}

void hv_census_understand(const struct hv_census_walk *walk,
                          struct hv_census_insn *insn)
{
    const struct hv_census_decoded *decoded = insn->decoded;
    const struct hv_census_place *place = &walk->places[decoded->offset];
    uint64_t address;
    uint32_t to;
    insn->marks = hv_census_marks(decoded);
    insn->vector_bytes = hv_census_vector_bytes(decoded);
    if (place->state)
        insn->marks |= HV_MARK_TARGET;
    if (place->end)
        insn->marks |= HV_MARK_LOOP;
    if (place->copied)
        insn->marks |= HV_MARK_COPY_LOAD;
    if (hv_census_is_branch(decoded))
        insn->marks |= HV_MARK_BRANCH;
    if (hv_census_leads_to(walk, decoded, &to) && to <= decoded->offset)
        insn->marks |= HV_MARK_BACKWARD;
    if (hv_census_target(&walk->object, &walk->function, decoded, insn->regs,
                         &insn->target))
        insn->marks |= HV_MARK_CALL;
    else if (hv_census_is_branch(decoded) && !hv_census_goes_to(decoded, &address))
        insn->marks |= HV_MARK_INDIRECT;
    insn->n_pairs =
        hv_census_pairs(walk->code, walk->size, decoded, insn->regs, insn->pair);
    if (insn->n_pairs)
        insn->marks |= HV_MARK_COPY_STORE;
}
