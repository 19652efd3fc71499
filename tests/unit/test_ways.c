/* SPDX-License-Identifier: MIT */
/* A worker that counts by user pages with read(2) around them: a counter of our own,
 * read both ways, that can go wrong in each way a kernel's can. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "counters/clock.h"
#include "counters/perf.h"
#include "counters/user_page.h"
#include "src/measure/ways.h"
#include "src/measure/worker/worker.h"

enum { EVENTS = 3, CALL_COST = 40, PAGE_COST = 5, MADE = 70000 };

/* What the group has counted, and how it behaves. */
static struct {
    uint64_t counted, lost, enabled, running, moved;
    unsigned moves, calls, maps, runs;
    int map_rc, look_rc, read_rc, enable_rc, signal;
    bool off, half, shared;
    bool clock; /* counts clock ticks, so that it sees the worker's own loop */
} pmu;

static struct hv_worker worker;
static const struct perf_event_mmap_page *const no_page = NULL;

static void pass(uint64_t counts)
{
    if (pmu.clock)
        counts = hv_ticks() - pmu.counted;
    pmu.counted += counts;
    pmu.enabled += counts;
    pmu.running += pmu.shared ? counts / 2 : counts;
}

static int on(int leader)
{
    (void)leader;
    pmu.off = false;
    pmu.lost = pmu.counted; /* reset */
    return pmu.enable_rc;
}

static int off(int leader)
{
    (void)leader;
    pmu.off = true;
    return 0;
}

static int by_call(int leader, unsigned n, struct hv_reading out[])
{
    (void)leader;
    pmu.calls++;
    if (pmu.read_rc)
        return pmu.read_rc;
    if (!pmu.off)
        pass(CALL_COST);
    for (unsigned i = 0; i < n; i++)
        out[i] = (struct hv_reading){pmu.counted - pmu.lost, pmu.enabled, pmu.running};
    return 0;
}

static int map(int fd, const struct perf_event_mmap_page **page)
{
    (void)fd;
    *page = no_page;
    pmu.maps++;
    return pmu.map_rc;
}

static int look(const struct perf_event_mmap_page *page, struct hv_user_count *out)
{
    (void)page;
    if (pmu.signal)
        raise(pmu.signal);
    if (pmu.look_rc || pmu.off)
        return pmu.look_rc ? pmu.look_rc : -EAGAIN;
    pass(PAGE_COST);
    const uint64_t value = pmu.counted - pmu.lost;
    *out = (struct hv_user_count){
        .value = pmu.half ? value / 2 : value, .lock = (uint32_t)pmu.moved, .index = 1};
    return 0;
}

static const struct hv_backend ours = {.name = "ours",
                                       .reset_enable = on,
                                       .disable = off,
                                       .read = by_call,
                                       .map = map,
                                       .look = look};

/* A batch that counts n; the event is taken off its counter in some. */
static void made(void *ctx, uint64_t n)
{
    (void)ctx;
    pmu.runs++;
    if (!pmu.off)
        pass(n);
    if (pmu.moves) {
        pmu.moves--;
        pmu.moved += 2;
    }
}

static const struct hv_counted_batch batch = {made, NULL, MADE};

/* The frames go where a worker's go: into a file of that number. */
static int frames_begin(void **state)
{
    (void)state;
    const int file = memfd_create("frames", MFD_CLOEXEC);
    if (file < 0 || dup2(file, HV_FD_FRAMES) < 0)
        return -1;
    return file == HV_FD_FRAMES ? 0 : close(file);
}

static int frames_end(void **state)
{
    (void)state;
    return close(HV_FD_FRAMES);
}

static void start(void)
{
    memset(&pmu, 0, sizeof pmu);
    memset(&worker, 0, sizeof worker);
    worker.backend = &ours;
    worker.job.n_events = EVENTS;
    assert_int_equal(ftruncate(HV_FD_FRAMES, 0), 0);
    assert_int_equal(lseek(HV_FD_FRAMES, 0, SEEK_SET), 0);
}

static struct hv_ways_frame ways(void)
{
    struct hv_frame head;
    struct hv_ways_frame frame;
    assert_int_equal(hv_worker_try_ways(&worker, true), 0);
    assert_int_equal(pread(HV_FD_FRAMES, &head, sizeof head, 0), sizeof head);
    assert_int_equal(head.kind, HV_FRAME_WAYS);
    assert_int_equal(pread(HV_FD_FRAMES, &frame, sizeof frame, sizeof head),
                     sizeof frame);
    assert_true(hv_ways_frame_is_sane(&frame));
    return frame;
}

/* As if the loop had proven the pages. */
static void trust_pages(void)
{
    worker.pages.count = true;
    for (unsigned i = 0; i < EVENTS; i++)
        worker.pages.strays[i] = 1000;
}

static unsigned frames_of(uint32_t kind, struct hv_reading_frame *last)
{
    unsigned n = 0;
    struct hv_frame head;
    for (off_t at = 0; pread(HV_FD_FRAMES, &head, sizeof head, at) == sizeof head;
         at += (off_t)(sizeof head + head.bytes)) {
        if (head.kind != kind)
            continue;
        n++;
        if (kind == HV_FRAME_READING)
            assert_int_equal(
                pread(HV_FD_FRAMES, last, sizeof *last, at + (off_t)sizeof head),
                sizeof *last);
    }
    return n;
}

static void a_batch_is_what_lies_between_two_looks(void **state)
{
    (void)state;
    struct hv_reading_frame frame;
    start();
    trust_pages();
    assert_int_equal(hv_worker_count_batch(&worker, &batch, 1, 7), 0);
    assert_int_equal(frames_of(HV_FRAME_READING, &frame), EVENTS);
    assert_int_equal(frame.rc, 0);
    assert_int_equal(frame.paged, 1);
    assert_int_equal(frame.arm, 1);
    assert_int_equal(frame.index, 7);
    /* every event: the batch, and one look at each of them; no call */
    assert_int_equal(frame.reading.value, MADE + EVENTS * PAGE_COST);
    assert_true(frame.reading.enabled >= MADE);
    assert_int_equal(hv_reading_state(&frame.reading), HV_COUNTED);
    assert_int_equal(pmu.runs, 1);
}

static void a_batch_that_was_moved_runs_again(void **state)
{
    (void)state;
    struct hv_reading_frame frame;
    start();
    trust_pages();
    pmu.moves = 2;
    assert_int_equal(hv_worker_count_batch(&worker, &batch, 0, 0), 0);
    assert_int_equal(pmu.runs, 3);
    assert_int_equal(frames_of(HV_FRAME_READING, &frame), EVENTS);
    assert_int_equal(frame.paged, 1);
    assert_int_equal(frame.reading.value, MADE + EVENTS * PAGE_COST);
}

/* ... but not for ever; then all are counted the other way, and none is mixed. */
static void pages_that_stop_telling_are_left(void **state)
{
    (void)state;
    struct hv_reading_frame frame;
    for (int how = 0; how < 4; how++) {
        start();
        trust_pages();
        pmu.moves = how == 0 ? 1000 : 0;
        pmu.half = how == 1;
        pmu.look_rc = how == 2 ? -EAGAIN : 0;
        pmu.read_rc = how == 3 ? -ENODATA : 0;
        assert_int_equal(hv_worker_count_batch(&worker, &batch, 0, 0), -ESTALE);
        assert_false(worker.pages.count);
        assert_int_equal(frames_of(HV_FRAME_READING, &frame), 0);
        assert_int_equal(hv_worker_count_batch(&worker, &batch, 0, 0), 0);
        assert_int_equal(frames_of(HV_FRAME_READING, &frame), EVENTS);
        assert_int_equal(frame.paged, 0);
        assert_int_equal(frame.rc, how == 3 ? -ENODATA : 0);
        assert_int_equal(frame.reading.value, how == 3 ? 0 : MADE);
    }
}

static void a_shared_counter_shows_in_the_times(void **state)
{
    (void)state;
    struct hv_reading_frame frame;
    start();
    trust_pages();
    pmu.shared = true;
    assert_int_equal(hv_worker_count_batch(&worker, &batch, 0, 0), 0);
    assert_int_equal(frames_of(HV_FRAME_READING, &frame), EVENTS);
    assert_int_equal(hv_reading_state(&frame.reading), HV_MULTIPLEXED);
}

/* The machine is not ours alone: a preempted loop may differ. */
static void pages_are_believed_after_both_counted_the_same(void **state)
{
    (void)state;
    bool believed = false;
    for (int i = 0; i < 50; i++) {
        start();
        pmu.clock = true;
        pmu.half = i % 2; /* a page that counts half must never be believed */
        const struct hv_ways_frame frame = ways();
        assert_true(frame.by_page == worker.pages.count);
        assert_false(frame.by_page && pmu.half);
        believed = believed || frame.by_page;
        if (!frame.by_page)
            continue;
        assert_false(pmu.off); /* stays on: batches follow */
        for (unsigned event = 0; event < EVENTS; event++) {
            assert_true(frame.page[event] > 1000);
            assert_true(worker.pages.strays[event] < UINT64_C(1) << 30);
        }
    }
    assert_true(believed);
}

/* Our counter does not see the loop: 0 = 0 is not enough to be believed. */
static void nothing_counted_proves_nothing(void **state)
{
    (void)state;
    start();
    const struct hv_ways_frame frame = ways();
    assert_int_equal(frame.rc, 0);
    assert_int_equal(frame.by_page, 0);
    assert_false(worker.pages.count);
    assert_true(pmu.off);
    assert_true(frame.call_ns > 0 && frame.page_ns > 0);
}

static void what_stands_in_the_way_is_told(void **state)
{
    (void)state;
    static const int errors[] = {EPERM, EACCES, ENOMEM, EINVAL, ENODEV, EAGAIN};
    for (size_t i = 0; i < HV_LEN(errors); i++) {
        start();
        pmu.map_rc = -errors[i];
        assert_int_equal(ways().rc, -errors[i]);
        assert_int_equal(pmu.maps, 1);
        assert_false(worker.pages.count);
        start();
        pmu.look_rc = -errors[i];
        assert_int_equal(ways().rc, -errors[i]);
        assert_false(worker.pages.count);
        start();
        pmu.enable_rc = -errors[i];
        assert_int_equal(ways().rc, -errors[i]);
        assert_false(worker.pages.count);
    }
    start();
    pmu.read_rc = -ENODATA;
    const struct hv_ways_frame frame = ways();
    assert_true(frame.rc < 0);
    assert_true(frame.call_ns <= 0);
    start();
    static struct hv_backend without;
    without = ours;
    without.map = NULL;
    worker.backend = &without;
    assert_int_equal(ways().rc, -EOPNOTSUPP);
    assert_int_equal(pmu.maps, 0);
}

/* A read that the machine under the kernel forbids costs the pages, not the worker. */
static void a_signal_ends_no_worker(void **state)
{
    (void)state;
    static const int signals[] = {SIGILL, SIGSEGV, SIGBUS};
    for (size_t i = 0; i < HV_LEN(signals); i++) {
        struct sigaction before, after;
        start();
        pmu.signal = signals[i];
        sigaction(signals[i], NULL, &before);
        assert_int_equal(ways().rc, -EFAULT);
        sigaction(signals[i], NULL, &after);
        assert_true(before.sa_handler == after.sa_handler);
        assert_false(worker.pages.count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_is_what_lies_between_two_looks),
        cmocka_unit_test(a_batch_that_was_moved_runs_again),
        cmocka_unit_test(pages_that_stop_telling_are_left),
        cmocka_unit_test(a_shared_counter_shows_in_the_times),
        cmocka_unit_test(pages_are_believed_after_both_counted_the_same),
        cmocka_unit_test(nothing_counted_proves_nothing),
        cmocka_unit_test(what_stands_in_the_way_is_told),
        cmocka_unit_test(a_signal_ends_no_worker),
    };
    return cmocka_run_group_tests(tests, frames_begin, frames_end);
}
