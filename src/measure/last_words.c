/* SPDX-License-Identifier: MIT */
/* Turns a dead worker into one sentence. */
#include "src/measure/last_words.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

static const char *const phases[HV_PHASES] = {
    [HV_PHASE_START] = "before its first kernel ran",
    [HV_PHASE_SETUP] = "in the pair's setup",
    [HV_PHASE_VERIFY] = "while its result was verified",
    [HV_PHASE_CALIBRATE] = "while its iterations were calibrated",
    [HV_PHASE_TIME] = "while it was timed",
    [HV_PHASE_COUNT] = "while it was counted",
    [HV_PHASE_TRACE] = "while it was traced",
};

static const char *arm_name(const struct hv_beacon *beacon)
{
    return beacon->arm == HV_BASELINE ? "baseline" : "candidate";
}

/* "the baseline arm (placement 2, entered at 0x...) while it was timed" */
static void say_where(const struct hv_beacon *beacon, char *text, size_t size)
{
    const uint32_t phase = beacon->phase < HV_PHASES ? beacon->phase : HV_PHASE_START;
    if (phase == HV_PHASE_START || phase == HV_PHASE_SETUP)
        snprintf(text, size, "the worker, %s", phases[phase]);
    else
        snprintf(text, size, "the %s arm (placement %u, entry 0x%" PRIx64 "), %s",
                 arm_name(beacon), beacon->place % HV_MAX_PLACES, beacon->entry,
                 phases[phase]);
}

/* "0x1234 (entry + 0x12)" where the address lies close behind the arm's entry. */
static void say_address(const struct hv_last_words *last, char *text, size_t size)
{
    const uint64_t at = last->crash.instruction, entry = last->beacon.entry;
    if (entry && at >= entry && at - entry < 65536)
        snprintf(text, size, "0x%" PRIx64 " (entry + 0x%" PRIx64 ")", at, at - entry);
    else
        snprintf(text, size, "0x%" PRIx64, at);
}

/* "SIGSEGV", or a number that no signal has. */
static const char *signal_name(int number, char *text, size_t size)
{
    const char *name = sigabbrev_np(number);
    if (name)
        snprintf(text, size, "SIG%s", name);
    else
        snprintf(text, size, "signal %d", number);
    return text;
}

int hv_last_words(const struct hv_last_words *last, struct hv_error *error)
{
    char where[200], address[80], name[32];
    say_where(&last->beacon, where, sizeof where);
    say_address(last, address, sizeof address);
    if (last->hung && last->has_crash)
        return hv_fail(error, -ECHILD,
                       "hung: %s did not end; it was at %s when stopped", where,
                       address);
    if (last->hung)
        return hv_fail(error, -ECHILD, "hung: %s did not end, and was killed", where);
    if (last->has_crash)
        return hv_fail(error, -ECHILD,
                       "crashed: %s, by %s at instruction %s, address 0x%" PRIx64,
                       where, signal_name(last->crash.signal, name, sizeof name),
                       address, last->crash.address);
    if (WIFSIGNALED(last->wait_status))
        return hv_fail(error, -ECHILD, "killed by %s: %s",
                       signal_name(WTERMSIG(last->wait_status), name, sizeof name),
                       where);
    return hv_fail(error, -ECHILD, "ended with code %d before its job was done: %s",
                   WEXITSTATUS(last->wait_status), where);
}
