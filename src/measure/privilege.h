/* SPDX-License-Identifier: MIT */
/* Who runs as whom: the opener keeps what root can do, nobody else does. */
#ifndef HV_MEASURE_PRIVILEGE_H
#define HV_MEASURE_PRIVILEGE_H

#include <stdbool.h>
#include <sys/types.h>

/* change: false means "stay who you are". */
struct hv_identity {
    bool change;
    uid_t uid;
    gid_t gid;
};

/* Workers: as root the user behind sudo, else nobody; an ordinary user stays. */
struct hv_identity hv_identity_for_workers(void);

/* Main: as root under sudo the user behind it; without SUDO_UID it stays root. */
struct hv_identity hv_identity_for_main(void);

/* Becomes that identity for good: no supplementary groups, all four ids, and a proof
 * that root cannot be regained. 0 or -errno; after an error the process must exit. */
int hv_identity_assume(const struct hv_identity *identity);

#endif
