/* SPDX-License-Identifier: MIT */
/* Errors travel as -errno; the words a person reads are added once, at the edge. */
#ifndef HV_BASE_ERROR_H
#define HV_BASE_ERROR_H

#define HV_LEN(array) (sizeof(array) / sizeof((array)[0]))

/* What went wrong, with which value, and what to do about it. */
struct hv_error {
    char text[512];
};

/* Writes the message (truncated to fit) and returns rc, so that callers can write
 * `return hv_fail(error, -EINVAL, "...")`. error may be NULL. */
int hv_fail(struct hv_error *error, int rc, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
