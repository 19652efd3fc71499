/* SPDX-License-Identifier: MIT */
/* Whom a call calls: the stubs and the indirect calls of A64. */
#include "counters/census_calls.h"

/* [bti c]; adrp x16, ...; ldr x17, [x16, ...]; add x16, x16, ...; [autia1716]; br x17
 */
uint64_t hv_census_slot_of_stub(const struct hv_census_object *object, uint64_t address)
{
    enum { STUB_BYTES = 24, LENGTH = 4 };
    const unsigned char *code = (const unsigned char *)address;
    struct hv_census_regs regs = {.reached = true};
    struct hv_census_decoded decoded;
    for (uint32_t at = 0; at < STUB_BYTES; at += LENGTH) {
        if (!hv_census_is_readable(object, address + at, LENGTH) ||
            !hv_census_decode(code, at + LENGTH, at, &decoded))
            return 0;
        if (hv_census_is_end(&decoded)) {
            const unsigned reg = hv_census_through(&decoded);
            const bool is_slot = hv_census_is_branch(&decoded) &&
                                 !hv_census_goes_to(&decoded, &address) &&
                                 reg < HV_CENSUS_A64_GPRS &&
                                 regs.known[reg] == HV_KNOWN_SLOT;
            return is_slot ? regs.address[reg] : 0;
        }
        hv_census_regs_step(&regs, code, STUB_BYTES, &decoded);
    }
    return 0;
}

void hv_census_name_indirect(const struct hv_census_object *object,
                             const struct hv_symbol *function,
                             const struct hv_census_decoded *decoded,
                             const struct hv_census_regs *regs,
                             struct hv_census_target *out)
{
    const unsigned reg = hv_census_through(decoded);
    const unsigned known = reg < HV_CENSUS_A64_GPRS ? regs->known[reg] : HV_KNOWN_NOT;
    const uint64_t address = known ? regs->address[reg] : 0;
    if (known == HV_KNOWN_SLOT && hv_census_name_by_slot(object, address, out)) {
        out->route = HV_ROUTE_GOT;
    } else if (known == HV_KNOWN_ADDRESS &&
               (address == function->start ||
                address - function->start >= function->size)) {
        hv_census_name_direct(object, address, out);
        out->route = HV_ROUTE_REGISTER;
    }
}
