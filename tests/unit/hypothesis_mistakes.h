/* SPDX-License-Identifier: MIT */
/* One mistake a row, made in the built-in hypothesis. */
#ifndef HV_TESTS_HYPOTHESIS_MISTAKES_H
#define HV_TESTS_HYPOTHESIS_MISTAKES_H

#include <stddef.h>

struct hypothesis_mistake {
    const char *from, *to; /* the first `from` in the file becomes `to` */
    const char *words;     /* the whole message */
};
extern const struct hypothesis_mistake hypothesis_mistakes[];
extern const size_t n_hypothesis_mistakes;

#endif
