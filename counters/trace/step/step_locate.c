/* SPDX-License-Identifier: MIT */
/* Finds the instruction that a word of a normalised stream belongs to. */
#include "counters/trace/step/step.h"

#include <errno.h>
#include <unistd.h>

int hv_step_locate(const struct hv_roles *roles, const uint64_t *stream, size_t at,
                   struct hv_stream_place *out)
{
    struct hv_block_builder builder = {.n_insns = 0};
    struct hv_decoded decoded;
    uint64_t number = 0;
    for (size_t i = 0;; number++) {
        unsigned char bytes[HV_STEP_CODE];
        const uint64_t pc = stream[i];
        const size_t room = hv_step_read(getpid(), pc, bytes);
        if (!room)
            return -EFAULT;
        const int rc = hv_step_build(&builder, &decoded, roles, pc, bytes, room);
        if (rc)
            return rc;
        const size_t next = i + 1 + hv_block_view(&builder).n_words;
        if (at < next) {
            *out = (struct hv_stream_place){number, pc, (unsigned)(at - i)};
            return 0;
        }
        i = next;
    }
}
