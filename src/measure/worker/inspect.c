/* SPDX-License-Identifier: MIT */
/* What the machine code of the arms says, told to main: census and disassembly. */
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/measure/worker/worker.h"

static void hash(const struct hv_census *census, char text[65])
{
    unsigned char digest[SHA256_DIGEST_SIZE];
    struct sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, census->size,
                  (const unsigned char *)(uintptr_t)census->entry);
    sha256_digest(&context, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
}

static int send_line(const struct hv_census_line *line, void *user)
{
    struct hv_line_frame frame = {.offset = line->offset, .n_bytes = line->n_bytes};
    (void)user;
    if (frame.n_bytes > sizeof frame.bytes)
        frame.n_bytes = sizeof frame.bytes;
    memcpy(frame.bytes, line->bytes, frame.n_bytes);
    snprintf(frame.text, sizeof frame.text, "%s", line->text);
    snprintf(frame.remark, sizeof frame.remark, "%s", line->remark);
    return hv_worker_send(HV_FRAME_LINE, &frame, sizeof frame);
}

int hv_worker_tell_census(const struct hv_worker *w, const struct hv_symbols *symbols,
                          enum hv_arm_id arm, bool listing)
{
    static struct hv_census rows[HV_CENSUS_ROWS];
    static struct hv_census_frame frame;
    const void *entry = (const void *)(uintptr_t)w->run[arm][0];
    size_t n = 0;
    if (hv_census_tree(symbols, entry, rows, HV_CENSUS_ROWS, &n, NULL))
        n = 0; /* stripped: nothing is told, and the figures are absent */
    int rc = 0;
    for (size_t i = 0; !rc && i < n; i++) {
        frame.arm = arm;
        frame.census = rows[i];
        hash(&rows[i], frame.sha256);
        rc = hv_worker_send(HV_FRAME_CENSUS, &frame, sizeof frame);
        if (!rc && listing)
            rc = hv_census_listing(symbols, (const void *)(uintptr_t)rows[i].entry,
                                   send_line, NULL, NULL);
    }
    return rc;
}

int hv_worker_inspect(struct hv_worker *w)
{
    struct hv_symbols *symbols = NULL;
    int rc = hv_worker_load(w);
    if (rc)
        return rc;
    const int fds[] = {HV_FD_TOOL, w->object};
    rc = hv_symbols_open(&symbols, fds, HV_LEN(fds));
    for (unsigned arm = 0; !rc && arm < HV_ARMS; arm++) {
        struct hv_census census;
        struct hv_error error = {""};
        rc = hv_census(symbols, (const void *)(uintptr_t)w->run[arm][0], &census,
                       &error);
        if (rc)
            hv_worker_fail(rc, "its code cannot be inspected: %.200s", error.text);
        else
            rc = hv_worker_tell_census(w, symbols, arm, true);
    }
    hv_symbols_close(symbols);
    return rc;
}
