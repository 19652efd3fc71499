/* SPDX-License-Identifier: MIT */
/* One line of a disassembly. */
#ifndef HV_COUNTERS_CENSUS_TEXT_H
#define HV_COUNTERS_CENSUS_TEXT_H

#include "counters/census_walk.h"

/* The text of an instruction; each architecture has its own. */
void hv_census_text(const struct hv_census_walk *walk,
                    const struct hv_census_insn *insn, char *text, size_t bytes);

/* An address in it: "memcpy@plt", "+0x40" within the function, "memcpy@GOT", "0x4010"
 * in the file. */
void hv_census_address(const struct hv_census_walk *walk,
                       const struct hv_census_insn *insn, uint64_t address, char *text,
                       size_t bytes);

#endif
