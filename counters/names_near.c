/* SPDX-License-Identifier: MIT */
/* "Did you mean": the known event names nearest to one that is not. */
#include <ctype.h>
#include <perfmon/pfmlib.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "counters/names.h"
#include "counters/native.h"
#include "counters/tree.h"

enum { NEAR = 3, LONGEST = 95 };

struct nearest {
    const char *wanted;
    struct {
        char name[LONGEST + 1];
        size_t distance;
    } best[NEAR];
    size_t n;
};

static size_t least(size_t a, size_t b, size_t c)
{
    const size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Levenshtein, one row at a time; case does not count. */
static size_t distance(const char *a, const char *b)
{
    size_t row[LONGEST + 1];
    const size_t width = strnlen(b, LONGEST);
    for (size_t j = 0; j <= width; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            const size_t above = row[j];
            const bool same =
                tolower((unsigned char)a[i - 1]) == tolower((unsigned char)b[j - 1]);
            row[j] = least(above + 1, row[j - 1] + 1, diagonal + (same ? 0 : 1));
            diagonal = above;
        }
    }
    return row[width];
}

/* Near enough: a third of the letters wrong, or a name that begins this way. */
static bool close_enough(const struct nearest *near, const char *name, size_t *far)
{
    const size_t len = strlen(near->wanted);
    if (len >= 4 && !strncasecmp(name, near->wanted, len)) {
        *far = 1;
        return true;
    }
    *far = distance(near->wanted, name);
    return *far <= len / 3 + 1;
}

static void consider(const char *name, bool software, void *user)
{
    struct nearest *near = user;
    size_t far, at;
    (void)software;
    if (strlen(name) > LONGEST || !close_enough(near, name, &far))
        return;
    for (at = near->n; at && near->best[at - 1].distance > far; at--)
        if (at < NEAR)
            near->best[at] = near->best[at - 1];
    if (at >= NEAR)
        return;
    hv_put(near->best[at].name, sizeof near->best[at].name, "%s", name);
    near->best[at].distance = far;
    if (near->n < NEAR)
        near->n++;
}

/* Names of one libpfm4 event: alone, and with each of its umasks. */
static void consider_pfm(int event, struct nearest *near)
{
    pfm_event_info_t info = {.size = sizeof info};
    if (pfm_get_event_info(event, PFM_OS_NONE, &info) != PFM_SUCCESS)
        return;
    const size_t len = strlen(info.name);
    const bool inside =
        !strncasecmp(near->wanted, info.name, len) && near->wanted[len] == ':';
    if (!inside) {
        consider(info.name, false, near);
        return;
    }
    for (int i = 0; i < info.nattrs; i++) {
        pfm_event_attr_info_t attr = {.size = sizeof attr};
        char name[2 * LONGEST];
        if (pfm_get_event_attr_info(event, i, PFM_OS_NONE, &attr) != PFM_SUCCESS ||
            attr.type != PFM_ATTR_UMASK)
            continue;
        hv_put(name, sizeof name, "%s:%s", info.name, attr.name);
        consider(name, false, near);
    }
}

static void consider_all_pfm(struct nearest *near)
{
    if (pfm_initialize() != PFM_SUCCESS)
        return;
    for (int pmu = PFM_PMU_NONE + 1; pmu < PFM_PMU_MAX; pmu++) {
        pfm_pmu_info_t info = {.size = sizeof info};
        if (pfm_get_pmu_info((pfm_pmu_t)pmu, &info) != PFM_SUCCESS ||
            !info.is_present || info.type != PFM_PMU_TYPE_CORE)
            continue;
        for (int event = info.first_event; event != -1;
             event = pfm_get_event_next(event))
            consider_pfm(event, near);
    }
}

void hv_names_near(const char *spelling, char *text, size_t size)
{
    struct nearest near = {.wanted = spelling};
    text[0] = '\0';
    hv_event_names(consider, &near);
    for (unsigned i = 0; i < HV_NEEDS; i++)
        consider(hv_native_need((enum hv_need)i)->name, false, &near);
    consider_all_pfm(&near);
    for (size_t i = 0, used = 0; i < near.n; i++) {
        hv_put(text + used, size - used, "%s%s", i ? ", " : "", near.best[i].name);
        used += strlen(text + used);
    }
}
