/* SPDX-License-Identifier: MIT */
/* Leaving no process behind. */
#ifndef HV_MEASURE_REAP_H
#define HV_MEASURE_REAP_H

/* Makes this process the one that orphaned descendants are handed to. 0 or -errno. */
int hv_reap_adopt(void);

/* Kills and reaps every descendant, also those that left their session or lost their
 * parent. Needs hv_reap_adopt() before the first fork. Returns once nobody is left. */
void hv_reap_descendants(void);

#endif
