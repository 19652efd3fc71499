/* SPDX-License-Identifier: MIT */
/* The protocol of perf_event's user page, whatever reads the counter. */
#include "counters/user_page.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "src/base/error.h"

enum { TRIES = 100, BITS = 64, PART = 100 };

/* Writer and reader are on one CPU: the kernel writes while the reader is interrupted.
 * So only the compiler must keep the order. */
static void barrier(void)
{
    __asm__ volatile("" : : : "memory");
}

int hv_user_page_map(int fd, const struct perf_event_mmap_page **page)
{
    const size_t bytes = (size_t)sysconf(_SC_PAGESIZE);
    void *at = mmap(NULL, bytes, PROT_READ, MAP_SHARED, fd, 0);
    *page = at == MAP_FAILED ? NULL : at;
    return at == MAP_FAILED ? -errno : 0;
}

void hv_user_page_unmap(const struct perf_event_mmap_page *page)
{
    if (page)
        munmap((void *)(uintptr_t)page, (size_t)sysconf(_SC_PAGESIZE));
}

/* Linux 3.4 to 3.11 had one bit for two capabilities: what it says there is unknown. */
static bool offered(const volatile struct perf_event_mmap_page *page)
{
    return page->cap_user_rdpmc && page->cap_bit0_is_deprecated;
}

/* The counter is a signed number of so many bits: the kernel starts it below zero, and
 * what it counts is the offset and that number, whichever side of zero it is on. */
static uint64_t extend(uint64_t raw, unsigned width)
{
    const unsigned unused = BITS - width;
    return (uint64_t)((int64_t)(raw << unused) >> unused);
}

/* What the page says between two looks at its lock; 0 or -errno. */
static int look(const volatile struct perf_event_mmap_page *page,
                hv_counter_fn *counter, struct hv_user_count *out)
{
    out->enabled = page->time_enabled;
    out->running = page->time_running;
    out->index = page->index;
    out->value = (uint64_t)page->offset;
    const unsigned width = page->pmc_width;
    if (!offered(page))
        return -EOPNOTSUPP;
    if (!out->index)
        return -EAGAIN;
    if (width == 0 || width > BITS)
        return -ERANGE;
    out->value += extend(counter(out->index - 1), width);
    return 0;
}

int hv_user_page_read_by(const struct perf_event_mmap_page *page,
                         hv_counter_fn *counter, struct hv_user_count *out)
{
    const volatile struct perf_event_mmap_page *shared = page;
    for (int i = 0; i < TRIES; i++) {
        out->lock = shared->lock;
        barrier();
        const int rc = look(shared, counter, out);
        barrier();
        if (shared->lock == out->lock && out->lock % 2 == 0)
            return rc;
    }
    return -EBUSY;
}

int hv_user_page_read(const struct perf_event_mmap_page *page,
                      struct hv_user_count *out)
{
    return hv_user_page_read_by(page, hv_counter_read, out);
}

bool hv_user_page_steady(const struct hv_user_count *before,
                         const struct hv_user_count *after)
{
    return before->lock == after->lock && before->index == after->index;
}

bool hv_ways_agree(uint64_t call, uint64_t page, uint64_t strays)
{
    const uint64_t off = call > page ? call - page : page - call;
    return off <= page / PART + strays;
}

const char *hv_user_page_words(int err)
{
    static const struct {
        int err;
        const char *words;
    } rows[] = {
        {EOPNOTSUPP, "the kernel does not offer it: a software event, a PMU that user "
                     "space cannot read, or /sys/bus/event_source/devices/cpu*/rdpmc "
                     "is 0"                          },
        {EAGAIN,     "the event had no counter that user space may read (AArch64: sudo "
                 "sysctl kernel.perf_user_access=1)"     },
        {EBUSY,      "the kernel changed the page at every try"          },
        {ERANGE,     "the page names a counter of no width that there is"},
        {EPERM,      "no memory may be locked for its page (sysctl "
                "kernel.perf_event_mlock_kb, ulimit -l)"  },
        {EACCES,     "a security module forbids to map its page"         },
        {ENOMEM,     "no memory for its page"                            },
        {ENODEV,     "its descriptor cannot be mapped"                   },
        {EFAULT,     "reading its counter raised a signal, although the kernel offers it: "
                 "a hypervisor or an emulator forbids it"},
        {EINVAL,     "the kernel refuses to map a page of this event"    },
    };
    err = abs(err);
    for (size_t i = 0; i < HV_LEN(rows); i++)
        if (rows[i].err == err)
            return rows[i].words;
    return "its page cannot be mapped";
}
