/* SPDX-License-Identifier: MIT */
/* Event names of the CPU vendors, through libpfm4. */
#include <errno.h>
#include <linux/perf_event.h>
#include <perfmon/pfmlib_perf_event.h>
#include <string.h>

#include "counters/names.h"
#include "counters/tree.h"

/* libpfm4's answers that mean "no such name here", as against "wrong use of a name". */
static bool unknown(int rc)
{
    return rc == PFM_ERR_NOTFOUND || rc == PFM_ERR_NOTSUPP || rc == PFM_ERR_NOINIT;
}

static int check(const char *spelling, const struct perf_event_attr *attr,
                 struct hv_error *error)
{
    if (attr->exclude_user)
        return hv_fail(error, -EINVAL,
                       "%s leaves user space out, where the arms run; use :uk to count "
                       "the kernel as well",
                       spelling);
    if (attr->precise_ip || attr->sample_period)
        return hv_fail(error, -EINVAL, "%s asks for sampling; hvperf only counts",
                       spelling);
    return 0;
}

int hv_names_pfm(const char *spelling, struct hv_event *out, struct hv_error *error)
{
    struct perf_event_attr attr = {.size = sizeof attr};
    pfm_perf_encode_arg_t arg = {.size = sizeof arg, .attr = &attr};

    int rc = pfm_initialize(); /* does its work once, however often it is called */
    if (rc != PFM_SUCCESS)
        return -ENOENT;
    rc = pfm_get_os_event_encoding(spelling, PFM_PLM3, PFM_OS_PERF_EVENT, &arg);
    if (unknown(rc))
        return -ENOENT;
    if (rc != PFM_SUCCESS)
        return hv_fail(error, -EINVAL, "%s: libpfm4 says: %s", spelling,
                       pfm_strerror(rc));

    rc = check(spelling, &attr, error);
    if (rc)
        return rc;
    memset(out, 0, sizeof *out);
    hv_put(out->name, sizeof out->name, "%s", spelling);
    hv_put(out->pmu, sizeof out->pmu,
           attr.type == PERF_TYPE_SOFTWARE ? "software" : "cpu");
    out->type = attr.type;
    out->config = attr.config;
    out->config1 = attr.config1;
    out->config2 = attr.config2;
    out->include_kernel = !attr.exclude_kernel;
    return 0;
}
