/* SPDX-License-Identifier: MIT */
/* hvperf inspect PAIR: what the machine code of both arms says, beside the code. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "src/base/arena.h"
#include "src/cli/commands.h"
#include "src/measure/measure.h"

enum { BYTES_COLUMNS = 33, TEXT_COLUMNS = 42 };

static const char *const families[HV_CALLS] = {
    [HV_CALL_COPY] = "copies",
    [HV_CALL_SET] = "sets",
    [HV_CALL_ALLOC] = "allocates",
    [HV_CALL_FREE] = "frees",
};

static void print_widths(const struct hv_census *c)
{
    static const char *const names[HV_CENSUS_WIDTHS] = {"none", "64", "128", "256",
                                                        "512"};
    printf("  vector width, bits      ");
    for (unsigned i = 0; i < HV_CENSUS_WIDTHS; i++)
        if (c->width[i])
            printf(" %s: %" PRIu32, names[i], c->width[i]);
    printf("  (instructions)\n");
}

static void print_calls(const struct hv_census *c)
{
    for (uint32_t i = 0; i < c->n_callees; i++) {
        const struct hv_census_callee *callee = &c->callee[i];
        printf("  %-23s %s, %" PRIu32 " x %s%s, first at +0x%" PRIx32 "%s%s\n",
               i ? "" : "calls", callee->name, callee->calls,
               hv_call_route_name((enum hv_call_route)callee->route),
               callee->tail ? " (jump)" : "", callee->first,
               callee->family < HV_CALLS ? ": " : "",
               callee->family < HV_CALLS ? families[callee->family] : "");
    }
    if (!c->n_callees)
        printf("  %-23s none\n", "calls");
}

static void print_copies(const struct hv_census *c)
{
    for (uint32_t i = 0; i < c->n_copies; i++) {
        const struct hv_census_copy *copy = &c->copy[i];
        printf("  %-23s %" PRIu32 " bytes in %" PRIu32
               " of at most %u, from +0x%" PRIx32 "%s\n",
               i ? "" : "inlined copies", copy->bytes, copy->pairs,
               (unsigned)copy->width, copy->first, copy->loops ? ", in a loop" : "");
    }
    if (!c->n_copies)
        printf("  %-23s none\n", "inlined copies");
    if (c->small_pairs)
        printf("  %-23s %" PRIu32 " bytes in %" PRIu32 " (spills, single words)\n",
               "short ones", c->small_bytes, c->small_pairs);
}

static void print_function(void *user, const struct hv_census_frame *frame)
{
    const struct hv_census *c = &frame->census;
    (void)user;
    printf("\n%s (%s arm): %" PRIu32 " bytes, %" PRIu32 " instructions\n", c->symbol,
           frame->arm == HV_BASELINE ? "baseline" : "candidate", c->size,
           c->instructions);
    printf("  %-23s %s\n", "sha256 of its bytes", frame->sha256);
    print_widths(c);
    printf("  %-23s %" PRIu32 " branches, %" PRIu32 " loops, %" PRIu32
           " indirect jumps\n",
           "control", c->branches, c->loops, c->indirect);
    print_calls(c);
    print_copies(c);
    printf("  %-23s %" PRIu32 " rep movs, %" PRIu32 " rep stos, %" PRIu32
           " non-temporal stores, %" PRIu32 " gathers\n",
           "others", c->rep_movs, c->rep_stos, c->non_temporal, c->gathers);
    if (c->undecoded)
        printf("  %-23s the last %" PRIu32 " bytes are no instructions\n", "undecoded",
               c->undecoded);
    printf("\n");
}

static void print_line(void *user, const struct hv_line_frame *line)
{
    char bytes[3 * sizeof line->bytes + 1] = "";
    (void)user;
    for (uint32_t i = 0; i < line->n_bytes; i++)
        snprintf(bytes + 3 * (size_t)i, 4, "%02x ", line->bytes[i]);
    if (*line->remark)
        printf("  +0x%04" PRIx32 "  %-*s  %-*s  ; %s\n", line->offset, BYTES_COLUMNS,
               bytes, TEXT_COLUMNS, line->text, line->remark);
    else
        printf("  +0x%04" PRIx32 "  %-*s  %s\n", line->offset, BYTES_COLUMNS, bytes,
               line->text);
}

int hv_cmd_inspect(const struct hv_options *options, int argc, char **argv)
{
    static const struct hv_inspector printer = {print_function, print_line};
    (void)argc, (void)argv;
    struct hv_error error = {""};
    struct hv_plan plan = options->plan;
    struct hv_run run = {.settings = plan.settings};
    struct hv_measurement m = {.plan = &plan, .arena = hv_arena_open(), .run = &run};
    int code = HV_EXIT_DONE;
    plan.pairs = options->operand;
    if (options->json) {
        hv_fail(&error, -EINVAL, "inspect has no --json: it prints text");
        code = hv_cli_fail(-EINVAL, &error);
        goto out;
    }
    int rc = hv_session_open(&m.session, &plan, &error);
    if (!rc)
        rc = hv_measure_describe(&m, &error);
    if (!rc)
        rc = hv_measure_select(&m, &error);
    for (size_t i = 0; !rc && i < m.n_targets; i++) {
        printf("%s%s, %s: as it stands in the binary that runs\n", i ? "\n" : "",
               m.targets[i].run->name, m.targets[i].run->isa);
        rc = hv_measure_inspect(&m, &m.targets[i], &printer, NULL, &error);
    }
    if (rc)
        code = hv_cli_fail(rc, &error);
out:
    hv_session_close(m.session);
    hv_arena_close(m.arena);
    return code;
}
