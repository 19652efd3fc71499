/* SPDX-License-Identifier: MIT */
/* Reading an event without a system call: the page that the kernel shares of it, and
 * the counter behind it (rdpmc, mrs), where the kernel offers that. */
#ifndef HV_COUNTERS_USER_PAGE_H
#define HV_COUNTERS_USER_PAGE_H

#include <stdbool.h>
#include <stdint.h>

struct perf_event_mmap_page;

/* One event as its page and its counter tell it. */
struct hv_user_count {
    uint64_t value;            /* as read(2) would give it */
    uint64_t enabled, running; /* ns, when the kernel last wrote the page */
    uint32_t lock, index;      /* of the page then: which schedule it was */
};

/* Reads the raw counter of that number, 0 to 31 on AArch64 (31: cycles), what rdpmc
 * takes on x86-64; fenced, so that work before it is counted and work after it is not.
 * Where user space may not read it, the process gets a signal (SIGSEGV, SIGILL): only
 * a page with an index says that it may. */
typedef uint64_t hv_counter_fn(uint32_t number);
uint64_t hv_counter_read(uint32_t number);

/* Maps the page of an event opened with hv_perf_open, by whoever holds its descriptor;
 * the counter can be read by the thread it counts, and only once the page is mapped
 * there. AArch64 also wants hv_event.user_read and sysctl kernel.perf_user_access=1.
 * 0 or -errno. Unmap with hv_user_page_unmap, which ignores NULL. */
int hv_user_page_map(int fd, const struct perf_event_mmap_page **page);
void hv_user_page_unmap(const struct perf_event_mmap_page *page);

/* Reads one event, on the thread that it counts. 0, or
 *   -EOPNOTSUPP  the kernel does not offer it for this event
 *   -EAGAIN      offered, but it has no counter now (or may not be read): ask read(2)
 *   -EBUSY       the page changed at every one of many tries
 *   -ERANGE      the page says that the counter has 0 bits, or more than 64
 * _by: with another way to read the counter, for a page that is none of the kernel's.
 */
int hv_user_page_read(const struct perf_event_mmap_page *page,
                      struct hv_user_count *out);
int hv_user_page_read_by(const struct perf_event_mmap_page *page,
                         hv_counter_fn *counter, struct hv_user_count *out);

/* The event stayed on its counter from before to after: the kernel has not written the
 * page in between. Else the difference of the two is not to be used. */
bool hv_user_page_steady(const struct hv_user_count *before,
                         const struct hv_user_count *after);

/* Whether read(2) and the page counted the same: to 1 % and `strays` counts, for the
 * core does not stand still between the two. A wrong width or offset is off by 2^31 and
 * more. HV_WAYS_STRAYS: of medians, what lies between the two taken off. */
enum { HV_WAYS_STRAYS = 64 };
bool hv_ways_agree(uint64_t call, uint64_t page, uint64_t strays);

/* One sentence for a failure of hv_user_page_map or hv_user_page_read: why, and what
 * would change it. -EFAULT stands for a signal. err may have either sign. Static. */
const char *hv_user_page_words(int err);

#endif
