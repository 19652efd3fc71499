/* SPDX-License-Identifier: MIT */
/* JSON tokens, escaped as Python's json.dumps(ensure_ascii=False) escapes them. */
#include "src/dump/emit.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "src/base/number.h"
#include "src/base/utf8.h"

static void put(struct hv_emit *emit, const char *bytes, size_t n)
{
    if (!emit->rc)
        emit->rc = emit->put(emit->to, bytes, n);
}

static void put_text(struct hv_emit *emit, const char *text)
{
    put(emit, text, strlen(text));
}

static void new_line(struct hv_emit *emit)
{
    if (emit->compact || emit->flat)
        return;
    put_text(emit, "\n");
    for (unsigned i = 0; i < emit->depth; i++)
        put_text(emit, "  ");
}

static size_t escape(uint32_t code, char to[8])
{
    static const char plain[] = "\"\\\b\f\n\r\t", letter[] = "\"\\bfnrt";
    const char *at = code && code < 0x80 ? strchr(plain, (int)code) : NULL;
    if (at)
        return (size_t)snprintf(to, 8, "\\%c", letter[at - plain]);
    if (code < 0x20)
        return (size_t)snprintf(to, 8, "\\u%04x", (unsigned)code & 0xFFFF);
    return hv_utf8_put(code, to);
}

static void put_string(struct hv_emit *emit, const char *text)
{
    put_text(emit, "\"");
    uint32_t code;
    for (size_t n; (n = hv_utf8_next(text, &code)); text += n) {
        char bytes[8];
        const size_t length = escape(code, bytes);
        put(emit, bytes, length);
    }
    put_text(emit, "\"");
}

/* The comma, the line and the key before a value. */
static void lead(struct hv_emit *emit, const char *key)
{
    if (emit->more)
        put_text(emit, ",");
    if (emit->depth)
        new_line(emit);
    emit->more = true;
    if (!key)
        return;
    put_string(emit, key);
    put_text(emit, emit->compact ? ":" : ": ");
}

void hv_emit_open(struct hv_emit *emit, const char *key, char bracket)
{
    lead(emit, key);
    put(emit, &bracket, 1);
    emit->depth++;
    emit->more = false;
}

void hv_emit_close(struct hv_emit *emit, char bracket)
{
    emit->depth--;
    if (emit->more)
        new_line(emit);
    put(emit, &bracket, 1);
    emit->more = true;
    if (!emit->depth && !emit->compact)
        put_text(emit, "\n");
}

void hv_emit_open_flat(struct hv_emit *emit, const char *key)
{
    hv_emit_open(emit, key, '[');
    emit->flat++;
}

void hv_emit_close_flat(struct hv_emit *emit)
{
    hv_emit_close(emit, ']');
    emit->flat--;
}

void hv_emit_null(struct hv_emit *emit, const char *key)
{
    lead(emit, key);
    put_text(emit, "null");
}

void hv_emit_bool(struct hv_emit *emit, const char *key, bool value)
{
    lead(emit, key);
    put_text(emit, value ? "true" : "false");
}

void hv_emit_u64(struct hv_emit *emit, const char *key, uint64_t value)
{
    char text[32];
    snprintf(text, sizeof text, value > INT64_MAX ? "\"%" PRIu64 "\"" : "%" PRIu64,
             value);
    lead(emit, key);
    put_text(emit, text);
}

void hv_emit_status(struct hv_emit *emit, const char *key, int value)
{
    char text[16];
    snprintf(text, sizeof text, "%d", value);
    lead(emit, key);
    put_text(emit, text);
}

void hv_emit_real(struct hv_emit *emit, const char *key, double value)
{
    if (!isfinite(value)) {
        if (!emit->rc)
            emit->rc = -EDOM;
        return;
    }
    char text[HV_NUMBER_BYTES];
    hv_number_text(value, text);
    lead(emit, key);
    put_text(emit, text);
}

void hv_emit_text(struct hv_emit *emit, const char *key, const char *text)
{
    if (!text) {
        hv_emit_null(emit, key);
        return;
    }
    lead(emit, key);
    put_string(emit, text);
}
