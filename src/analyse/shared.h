/* SPDX-License-Identifier: MIT */
/* Work that both arms of a pair do alike, which no difference between them can touch.
 */
#ifndef HV_ANALYSE_SHARED_H
#define HV_ANALYSE_SHARED_H

#include "src/result.h"

/* Shares of instructions from which shared work counts as much of an arm, and as nearly
 * all of it: with 0.9 in both arms, a speedup above 10 cannot appear. */
#define HV_SHARED_WORK_MUCH 0.5
#define HV_SHARED_WORK_MOST 0.9

/* Functions that both arms call equally often, with the same instructions; the copy and
 * malloc families are not among them: they are what differs. */
struct hv_shared_work {
    double instructions; /* an iteration's, in such functions */
    double share;        /* of the arm where they weigh less; 0: none, or no trace */
    double shares[HV_ARMS];
    const char *function; /* the heaviest; NULL: none */
    double most;          /* largest speedup there can be, if time went as instructions
                             do: all of baseline over its shared part; 0: no bound */
};
struct hv_shared_work hv_shared_work(const struct hv_pair_result *pair);

#endif
