/* SPDX-License-Identifier: MIT */
/* Counts memcpy-family and allocation calls of one loaded object through its GOT. */
#ifndef HV_COUNTERS_GOT_H
#define HV_COUNTERS_GOT_H

#include "src/base/error.h"
#include "src/run.h"

struct hv_got;

/* Redirects the object that contains the address (the program itself, or a shared
 * object that is loaded) until hv_got_detach. One meter at a time in a process: -EBUSY
 * else. -ENOTSUP: a static program, nothing goes through a GOT. -ENOENT: no object is
 * loaded there. Every error undoes what was patched.
 *
 * What is counted: COPY memcpy memmove mempcpy bcopy and their _chk forms; SET memset;
 * ALLOC malloc calloc realloc aligned_alloc posix_memalign memalign (bytes asked for);
 * FREE free. What is not: copies the compiler inlined, calls bound inside the object,
 * and what libc does inside itself (the copying of realloc, strdup, ...): not one of
 * those goes through this GOT. Not for code with threads. */
int hv_got_attach(struct hv_got **got, const void *address_in_object,
                  struct hv_error *error);

/* Counts since attach or reset. */
void hv_got_read(const struct hv_got *got, struct hv_calls *calls);
void hv_got_reset(struct hv_got *got);

/* Puts every slot and every page protection back as it was. NULL is ignored. */
void hv_got_detach(struct hv_got *got);

/* "GOT of <object>: N slots" and its like; lives until detach. */
const char *hv_got_source(const struct hv_got *got);

#endif
