/* SPDX-License-Identifier: MIT */
/* What a worker writes: frames, bounded and checked before they are used, and text. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/measure/conversation.h"

enum {
    FRAME_MAX = 8 << 20,  /* bytes of one payload */
    TOTAL_MAX = 64 << 20, /* bytes of one worker */
    OUTPUT_MAX = 4096,    /* bytes of a worker's own output that are passed on */
};

static size_t payload_of(uint32_t kind)
{
    static const size_t sizes[] = {
        [HV_FRAME_ROW] = sizeof(struct hv_row_frame),
        [HV_FRAME_EXPERIMENT] = sizeof(struct hv_experiment_frame),
        [HV_FRAME_SURVEY] = sizeof(struct hv_survey_frame),
        [HV_FRAME_PREPARED] = sizeof(struct hv_prepared_frame),
        [HV_FRAME_LAYOUT] = sizeof(struct hv_layout_frame),
        [HV_FRAME_WAYS] = sizeof(struct hv_ways_frame),
        [HV_FRAME_READING] = sizeof(struct hv_reading_frame),
        [HV_FRAME_METER] = sizeof(struct hv_meter_frame),
        [HV_FRAME_CONTROL] = sizeof(struct hv_control_frame),
        [HV_FRAME_CALL] = sizeof(struct hv_call_frame),
        [HV_FRAME_TRACE] = sizeof(struct hv_trace_frame),
        [HV_FRAME_CENSUS] = sizeof(struct hv_census_frame),
        [HV_FRAME_LINE] = sizeof(struct hv_line_frame),
        [HV_FRAME_FAILED] = sizeof(struct hv_failed_frame),
        [HV_FRAME_CRASH] = sizeof(struct hv_crash_frame),
        [HV_FRAME_DONE] = 0,
    };
    return kind < HV_LEN(sizes) ? sizes[kind] : FRAME_MAX;
}

/* The frame without which a job has no result, however often its worker says "done". */
static uint32_t result_of(uint32_t job_kind)
{
    static const uint32_t kinds[] = {
        [HV_JOB_DESCRIBE] = HV_FRAME_ROW,     [HV_JOB_SURVEY] = HV_FRAME_SURVEY,
        [HV_JOB_PREPARE] = HV_FRAME_PREPARED, [HV_JOB_TIME] = HV_FRAME_LAYOUT,
        [HV_JOB_METER] = HV_FRAME_METER,      [HV_JOB_QUALIFY] = 0,
        [HV_JOB_CONTROLS] = HV_FRAME_CONTROL, [HV_JOB_TRACE] = HV_FRAME_TRACE,
        [HV_JOB_INSPECT] = HV_FRAME_CENSUS,
    };
    return job_kind < HV_LEN(kinds) ? kinds[job_kind] : 0;
}

static bool plausible(const struct hv_frame *frame)
{
    if (frame->kind < HV_FRAME_HELLO || frame->kind > HV_FRAME_DONE ||
        frame->bytes > FRAME_MAX)
        return false;
    if (frame->kind == HV_FRAME_SERIES)
        return frame->bytes >= sizeof(struct hv_series_frame);
    return frame->bytes == payload_of(frame->kind);
}

static int take_frame(struct hv_conversation *c, const struct hv_frame *frame,
                      unsigned char *payload)
{
    const uint32_t result = result_of(c->job->kind);
    /* The job is handed over once, however often a hostile worker asks for it. */
    if (c->done || c->greeted == (frame->kind == HV_FRAME_HELLO))
        return frame->kind == HV_FRAME_CRASH ? 0 : -EPROTO;
    c->greeted = true;
    c->delivered |= frame->kind == result;
    switch (frame->kind) {
    case HV_FRAME_HELLO: return hv_hand_over(c);
    case HV_FRAME_DONE: c->done = true; return result && !c->delivered ? -EPROTO : 0;
    case HV_FRAME_FAILED:
        memcpy(&c->last.failed, payload, sizeof c->last.failed);
        c->last.has_failed = true;
        return 0;
    case HV_FRAME_CRASH:
        memcpy(&c->last.crash, payload, sizeof c->last.crash);
        c->last.has_crash = true;
        return 0;
    default: return c->on_frame(c->user, frame->kind, payload, frame->bytes);
    }
}

static int take_frames(struct hv_conversation *c)
{
    size_t at = 0;
    struct hv_frame frame;
    while (c->used - at >= sizeof frame) {
        memcpy(&frame, c->buffer + at, sizeof frame);
        if (!plausible(&frame))
            return -EPROTO;
        if (c->used - at < sizeof frame + frame.bytes)
            break;
        /* Moved to the front, so that every payload is aligned. */
        memmove(c->buffer, c->buffer + at, c->used - at);
        c->used -= at;
        int rc = take_frame(c, &frame, c->buffer + sizeof frame);
        if (rc)
            return rc;
        at = sizeof frame + frame.bytes;
    }
    memmove(c->buffer, c->buffer + at, c->used - at);
    c->used -= at;
    return 0;
}

/* Reads what is there. 0 or -errno. */
int hv_read_frames(struct hv_conversation *c)
{
    for (;;) {
        if (c->size - c->used < 65536) {
            size_t size = c->size ? 2 * c->size : 262144;
            if (size > 4 * (size_t)FRAME_MAX)
                return -EPROTO;
            void *grown = realloc(c->buffer, size);
            if (!grown)
                return -ENOMEM;
            c->buffer = grown;
            c->size = size;
        }
        ssize_t n = read(c->frames, c->buffer + c->used, c->size - c->used);
        if (n < 0)
            return errno == EAGAIN || errno == EINTR ? 0 : -errno;
        if (n == 0) {
            c->frames_ended = true;
            return 0;
        }
        c->used += (size_t)n;
        c->total += (size_t)n;
        int rc = c->total > TOTAL_MAX ? -EPROTO : take_frames(c);
        if (rc)
            return rc;
    }
}

/* A kernel may print: its text reaches stderr as text, never as terminal commands. */
void hv_pass_output_on(struct hv_conversation *c)
{
    char text[1024];
    ssize_t n;
    while ((n = read(c->output, text, sizeof text)) > 0)
        for (ssize_t i = 0; i < n && c->printed < OUTPUT_MAX; i++, c->printed++) {
            bool plain = text[i] == '\n' || (text[i] >= ' ' && text[i] <= '~');
            fputc(plain ? text[i] : '?', stderr);
        }
    c->output_ended = n == 0 || errno != EAGAIN;
}
