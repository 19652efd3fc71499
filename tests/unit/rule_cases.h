/* SPDX-License-Identifier: MIT */
/* What is planted for each rule of the checklist, and what it must come to. */
#ifndef HV_TESTS_RULE_CASES_H
#define HV_TESTS_RULE_CASES_H

#include "tests/unit/why_result.h"

struct rule_case {
    const char *id; /* of the rule */
    /* To a pair "bind" of 20 against 10 ns of which nothing else is known. */
    void (*plant)(struct why *why, struct hv_pair_result *pair);
    enum hv_verdict verdict;
    const char *says; /* is in the sentence */
};

extern const struct rule_case rule_cases[];
extern const size_t n_rule_cases;

#endif
