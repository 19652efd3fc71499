/* SPDX-License-Identifier: MIT */
/* Before any timing: both arms give the right answer everywhere; how many iterations
 * fill a sample; which machine code it is. */
#include <errno.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counters/elf.h"
#include "src/measure/worker/worker.h"

enum {
    SAMPLE_NS = 10000,       /* what a sample should last */
    CALIBRATION_BATCHES = 7, /* the fastest of so many tells */
    MAX_ITERATIONS = 1 << 24,
};

/* The changed arm of an experiment may leave another result by design: then it is not
 * asked for one. */
static bool is_checked(const struct hv_worker *w, enum hv_arm_id arm)
{
    return !w->job.experiment || arm == HV_BASELINE ||
           !w->pair->experiments[w->job.experiment - 1].differs;
}

/* One iteration on fresh inputs, so that no arm lives on what another left behind. */
static int run_once(struct hv_worker *w, enum hv_arm_id arm, unsigned place,
                    unsigned char *result, size_t *bytes)
{
    int rc = hv_worker_setup(w);
    if (rc)
        return rc;
    char why[HV_WIRE_TEXT / 2] = "";
    hv_worker_note(w, HV_PHASE_VERIFY, arm, place);
    w->run[arm][place](w->work.ctx, 1);
    if (is_checked(w, arm) && w->pair->check &&
        w->pair->check(&w->work, why, sizeof why)) {
        why[sizeof why - 1] = 0;
        rc = hv_worker_fail(-EBADMSG, "%s arm, placement %u: wrong result: %s",
                            arm == HV_BASELINE ? "baseline" : "candidate", place, why);
    }
    struct sha256_ctx hash;
    sha256_init(&hash);
    *bytes = w->work.result ? w->work.result_bytes : 0;
    sha256_update(&hash, *bytes, w->work.result);
    sha256_digest(&hash, SHA256_DIGEST_SIZE, result);
    hv_worker_teardown(w);
    return rc;
}

static int verify(struct hv_worker *w)
{
    unsigned char first[SHA256_DIGEST_SIZE], other[SHA256_DIGEST_SIZE];
    size_t first_bytes, bytes;
    int rc = run_once(w, HV_BASELINE, 0, first, &first_bytes);
    for (unsigned place = 0; !rc && place < w->places; place++)
        for (unsigned arm = 0; !rc && arm < HV_ARMS; arm++) {
            rc = run_once(w, arm, place, other, &bytes);
            if (!rc && is_checked(w, arm) &&
                (bytes != first_bytes || memcmp(first, other, sizeof first) != 0))
                rc = hv_worker_fail(
                    -EBADMSG,
                    "the arms leave different results (%s arm, placement "
                    "%u): what do they compute?",
                    arm == HV_BASELINE ? "baseline" : "candidate", place);
        }
    return rc;
}

/* Ticks of one iteration: doubles n until a batch lasts long enough to be read well. */
static int iteration_ticks(struct hv_worker *w, enum hv_arm_id arm, double target,
                           double *ticks)
{
    hv_worker_note(w, HV_PHASE_CALIBRATE, arm, 0);
    uint64_t n = 1;
    uint32_t fastest = 0;
    for (;; n *= 2) {
        fastest = UINT32_MAX;
        for (int i = 0; i < CALIBRATION_BATCHES; i++) {
            uint32_t batch = hv_worker_batch(w->run[arm][0], w->work.ctx, n);
            if (batch < fastest)
                fastest = batch;
            if (batch > 100 * target)
                break; /* long enough to need no second try */
        }
        if (fastest > target / 2 || n >= MAX_ITERATIONS)
            break;
    }
    if (fastest > UINT32_MAX / 2)
        return hv_worker_fail(-E2BIG,
                              "one iteration of the %s arm takes too long for a "
                              "sample: make its work smaller",
                              arm == HV_BASELINE ? "baseline" : "candidate");
    *ticks = (double)fastest / (double)n;
    return 0;
}

/* n for both arms, so that their samples last about the same: SAMPLE_NS, or one
 * iteration of the longer arm. */
static int calibrate(struct hv_worker *w, struct hv_prepared_frame *found)
{
    double target = SAMPLE_NS * w->job.ticks_per_ns, ticks[HV_ARMS];
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        int rc = iteration_ticks(w, arm, target, &ticks[arm]);
        if (rc)
            return rc;
    }
    for (unsigned arm = 0; arm < HV_ARMS; arm++)
        if (ticks[arm] > target)
            target = ticks[arm];
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        double n = target / ticks[arm] + 0.5;
        found->n[arm] = n < 1 ? 1 : n > MAX_ITERATIONS ? MAX_ITERATIONS : (uint64_t)n;
        found->sample_ns[arm] =
            ticks[arm] * (double)found->n[arm] / w->job.ticks_per_ns;
    }
    return 0;
}

static void hash_code(const struct hv_worker *w, struct hv_prepared_frame *found)
{
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        struct hv_code code;
        const void *entry = (const void *)(uintptr_t)w->run[arm][0];
        if (hv_elf_code(w->object, entry, &code, NULL))
            continue; /* stripped: the hash stays unknown, the dump says null */
        unsigned char digest[SHA256_DIGEST_SIZE];
        struct sha256_ctx hash;
        sha256_init(&hash);
        sha256_update(&hash, code.size, code.bytes);
        sha256_digest(&hash, sizeof digest, digest);
        for (size_t i = 0; i < sizeof digest; i++)
            snprintf(found->code_sha256[arm] + 2 * i, 3, "%02x", digest[i]);
    }
}

int hv_worker_prepare(struct hv_worker *w)
{
    struct hv_prepared_frame found = {
        .n = {1, 1}
    };
    int rc = hv_worker_load(w);
    if (!rc)
        rc = verify(w);
    if (!rc)
        rc = hv_worker_setup(w);
    if (rc)
        return rc;
    rc = calibrate(w, &found);
    found.items = w->work.items;
    found.bytes = w->work.bytes;
    found.footprint = w->work.footprint;
    found.declares_copies = w->work.declares_copies != 0;
    found.copied[HV_BASELINE] =
        w->job.aa ? w->work.copied_candidate : w->work.copied_baseline;
    found.copied[HV_CANDIDATE] = w->work.copied_candidate;
    found.places = w->places;
    for (unsigned place = 0; place < w->places; place++)
        for (unsigned arm = 0; arm < HV_ARMS; arm++) {
            found.entry[arm][place] = (uint64_t)(uintptr_t)w->run[arm][place];
            found.place_offset[place] =
                (uint32_t)(found.entry[HV_BASELINE][place] % 64);
        }
    hv_worker_teardown(w);
    hash_code(w, &found);
    return rc ? rc : hv_worker_send(HV_FRAME_PREPARED, &found, sizeof found);
}
