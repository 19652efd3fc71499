/* SPDX-License-Identifier: MIT */
/* Reads SUDO_UID and drops privileges. */
#include "src/measure/privilege.h"

#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <unistd.h>

enum { NOBODY = 65534 };

/* An id of a variable that sudo sets: plain decimal, not root, not the "no change" -1.
 */
static bool sudo_id(const char *variable, unsigned *id)
{
    const char *text = getenv(variable);
    if (!text || !*text)
        return false;
    char *end;
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    if (errno || *end || *text < '0' || *text > '9' || value == 0 ||
        value >= 0xffffffff)
        return false;
    *id = (unsigned)value;
    return true;
}

static struct hv_identity sudo_user(void)
{
    unsigned uid, gid;
    struct hv_identity user = {0};
    if (geteuid() != 0 || !sudo_id("SUDO_UID", &uid))
        return user;
    user.change = true;
    user.uid = uid;
    user.gid = sudo_id("SUDO_GID", &gid) ? gid : NOBODY;
    return user;
}

struct hv_identity hv_identity_for_main(void)
{
    return sudo_user();
}

struct hv_identity hv_identity_for_workers(void)
{
    struct hv_identity user = sudo_user();
    if (geteuid() == 0 && !user.change)
        user = (struct hv_identity){.change = true, .uid = NOBODY, .gid = NOBODY};
    return user;
}

int hv_identity_assume(const struct hv_identity *identity)
{
    if (!identity->change)
        return 0;
    if (setgroups(0, NULL) || setresgid(identity->gid, identity->gid, identity->gid) ||
        setresuid(identity->uid, identity->uid, identity->uid))
        return -errno;
    uid_t real, effective, saved;
    if (getresuid(&real, &effective, &saved))
        return -errno;
    if (real != identity->uid || effective != identity->uid || saved != identity->uid ||
        setresuid(0, 0, 0) == 0)
        return -EPERM;
    return 0;
}
