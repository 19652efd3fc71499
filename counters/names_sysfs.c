/* SPDX-License-Identifier: MIT */
/* Events spelled as sysfs does: pmu/term=value,.../ with the bit fields of its format.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "counters/names.h"
#include "counters/tree.h"

#define DEVICES "/sys/bus/event_source/devices"

/* What one parse needs at every term. */
struct parse {
    const char *root;
    const char *pmu;
    struct hv_event *out;
    struct hv_error *error;
};

static uint64_t *config_word(struct hv_event *out, const char *name)
{
    if (!strcmp(name, "config"))
        return &out->config;
    if (!strcmp(name, "config1"))
        return &out->config1;
    return !strcmp(name, "config2") ? &out->config2 : NULL;
}

/* Spreads the value over "0-7,32-35", low bits first; false: no such list, or the value
 * has more bits than the list. */
static bool spread(const char *ranges, uint64_t value, uint64_t *word)
{
    while (*ranges) {
        char *end;
        const unsigned long first = strtoul(ranges, &end, 10);
        unsigned long last = first;
        if (end == ranges)
            return false;
        if (*end == '-') {
            ranges = end + 1;
            last = strtoul(ranges, &end, 10);
        }
        if (first > last || last > 63)
            return false;
        for (unsigned long bit = first; bit <= last; bit++, value >>= 1)
            *word = (*word & ~(UINT64_C(1) << bit)) | (value & 1) << bit;
        ranges = *end == ',' ? end + 1 : end;
        if (*end && *end != ',')
            return false;
    }
    return value == 0;
}

static int set_term(const struct parse *parse, const char *term, uint64_t value)
{
    char format[128];
    uint64_t *word = config_word(parse->out, term);
    if (word) {
        *word = value;
        return 0;
    }
    if (!strcmp(term, "period")) /* aliases carry a sampling period */
        return 0;
    if (strchr(term, '/') || hv_tree_line(parse->root, format, sizeof format,
                                          DEVICES "/%s/format/%s", parse->pmu, term))
        return hv_fail(parse->error, -EINVAL,
                       "%s has no term '%s'; ls " DEVICES "/%s/format tells them",
                       parse->pmu, term, parse->pmu);
    char *ranges = strchr(format, ':');
    if (ranges) {
        *ranges++ = '\0';
        word = config_word(parse->out, format);
    }
    if (!word || !spread(ranges, value, word))
        return hv_fail(parse->error, -EINVAL,
                       "%s: the value 0x%llx does not fit the term '%s'", parse->pmu,
                       (unsigned long long)value, term);
    return 0;
}

static int parse_term(const struct parse *parse, char *term)
{
    char *equals = strchr(term, '='), *end;
    if (!equals)
        return set_term(parse, term, 1);
    *equals = '\0';
    errno = 0;
    const uint64_t value = strtoull(equals + 1, &end, 0);
    if (end == equals + 1 || *end || errno)
        return hv_fail(parse->error, -EINVAL, "%s: '%s' is no number", parse->pmu,
                       equals + 1);
    return set_term(parse, term, value);
}

static int parse_terms(const struct parse *parse, char *terms)
{
    char *state, *term = strtok_r(terms, ",", &state);
    if (!term)
        return hv_fail(parse->error, -EINVAL, "%s//: no term between the slashes",
                       parse->pmu);
    for (; term; term = strtok_r(NULL, ",", &state)) {
        const int rc = parse_term(parse, term);
        if (rc)
            return rc;
    }
    return 0;
}

/* One term that sysfs has as an event is replaced by the terms it stands for. */
static void expand_alias(const struct parse *parse, char *terms, size_t size)
{
    char alias[128];
    if (strpbrk(terms, "=,/") || !terms[0] || terms[0] == '.')
        return;
    if (!hv_tree_line(parse->root, alias, sizeof alias, DEVICES "/%s/events/%s",
                      parse->pmu, terms))
        hv_put(terms, size, "%s", alias);
}

int hv_names_sysfs(const char *root, const char *spelling, struct hv_event *out,
                   struct hv_error *error)
{
    char terms[128], name[sizeof((struct hv_pmu *)NULL)->name];
    struct hv_pmu pmu;
    const char *slash = strchr(spelling, '/');
    if (!slash)
        return -ENOENT;
    const size_t len = strlen(slash + 1);
    if (!len || slash[len] != '/' || len > sizeof terms)
        return hv_fail(error, -EINVAL, "%s: write pmu/term=value,.../", spelling);
    if ((size_t)(slash - spelling) >= sizeof name)
        return hv_fail(error, -EINVAL, "%s: no such PMU", spelling);
    hv_put(name, sizeof name, "%.*s", (int)(slash - spelling), spelling);
    hv_put(terms, sizeof terms, "%.*s", (int)(len - 1), slash + 1);
    if (hv_pmu_named(root, name, &pmu))
        return hv_fail(error, -EINVAL,
                       "this machine has no PMU '%s'; ls " DEVICES " tells them", name);

    memset(out, 0, sizeof *out);
    const struct parse parse = {root, name, out, error};
    expand_alias(&parse, terms, sizeof terms);
    const int rc = parse_terms(&parse, terms);
    if (rc)
        return rc;
    out->type = pmu.type;
    hv_put(out->name, sizeof out->name, "%s", spelling);
    hv_put(out->pmu, sizeof out->pmu, "%s", name);
    return 0;
}
