/* SPDX-License-Identifier: MIT */
/* The table of cores whose quiet probe was measured. */
#include "counters/probe.h"

#include <stddef.h>
#include <string.h>

#include "src/base/error.h"

struct core {
    const char *vendor;
    unsigned family, first_model, last_model;
    double adders;
};

/* Only measured cores stand here: Zen 4 reads probe / chain 0.2486-0.2515 (with a
 * straight run of the same adds: its op cache holds more); Zen 5, in the middle half of
 * all samples of quiet runs, 0.1898-0.1921. Zen 5 has six adders; this instruction mix
 * keeps 5.24 of them busy. The probe is read as it is, with what reading the clock
 * costs. */
static const struct core cores[] = {
    {"AuthenticAMD", 0x19, 0x10, 0x1f, 4.0 },
    {"AuthenticAMD", 0x19, 0x60, 0x7f, 4.0 },
    {"AuthenticAMD", 0x19, 0xa0, 0xaf, 4.0 },
    {"AuthenticAMD", 0x1a, 0x00, 0xff, 5.24},
};

double hv_probe_adders(const char *vendor, unsigned family, unsigned model)
{
    for (size_t i = 0; i < HV_LEN(cores); i++)
        if (strcmp(cores[i].vendor, vendor) == 0 && cores[i].family == family &&
            model >= cores[i].first_model && model <= cores[i].last_model)
            return cores[i].adders;
    return 0;
}
