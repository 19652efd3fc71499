/* SPDX-License-Identifier: MIT */
/* Numbers as text that reads back as the same number. */
#ifndef HV_BASE_NUMBER_H
#define HV_BASE_NUMBER_H

enum { HV_NUMBER_BYTES = 40 };

/* The shortest decimal that reads back as value, which is finite. Laid out as Python's
 * repr() does (1.0, 0.0001, 1e-05, 1e+16), so that other tools can reproduce the bytes
 * of a dump. Never a decimal comma, whatever the locale. */
void hv_number_text(double value, char text[HV_NUMBER_BYTES]);

#endif
