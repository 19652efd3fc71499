/* SPDX-License-Identifier: MIT */
/* What this machine can measure, what not, why, and the command that would change it.
 */
#include <errno.h>
#include <linux/perf_event.h>
#include <perfmon/pfmlib.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "counters/machine.h"
#include "counters/native.h"
#include "counters/perf.h"
#include "counters/pmu.h"
#include "counters/settings.h"
#include "counters/tree.h"

enum { SPINS = 100000, WORDS = 400 };

/* Sets state and finding, and command where one would help. */
typedef void check_fn(const struct hv_source *source, struct hv_doctor_row *row);

static void set(struct hv_doctor_row *row, enum hv_doctor_state state,
                const char *finding, const char *command)
{
    row->state = state;
    row->finding = finding;
    row->command = command;
}

static const char *on_paranoia(int rc)
{
    return rc == -EACCES || rc == -EPERM
               ? "sudo sysctl kernel.perf_event_paranoid=2 (or run with sudo)"
               : NULL;
}

/* Opens the event, runs a loop, and tells what it counted. */
static int count_loop(const struct hv_event *event, struct hv_reading *reading)
{
    const int fd = hv_perf_open(event, 0, -1, -1);
    if (fd < 0)
        return fd;
    int rc = hv_perf_reset_enable(fd);
    for (volatile unsigned i = 0; !rc && i < SPINS; i++)
        continue;
    if (!rc)
        rc = hv_perf_disable(fd);
    if (!rc)
        rc = hv_perf_read(fd, 1, reading);
    if (!rc && hv_reading_state(reading) == HV_NOT_COUNTED)
        rc = -EAGAIN;
    close(fd); /* a counter: nothing can be lost */
    return rc;
}

static void try_event(const struct hv_source *source, const struct hv_event *event,
                      struct hv_doctor_row *row)
{
    struct hv_reading reading;
    char words[WORDS];
    const int rc = count_loop(event, &reading);
    if (rc)
        set(row, HV_DOCTOR_ABSENT,
            hv_arena_text(source->arena, hv_perf_words(rc, event, words, sizeof words)),
            on_paranoia(rc));
    else if (!reading.value)
        set(row, HV_DOCTOR_WARN,
            hv_arena_printf(source->arena, "%s opens, but counted 0 in a busy loop",
                            event->name),
            NULL);
    else
        set(row, HV_DOCTOR_OK, hv_arena_printf(source->arena, "%s counts", event->name),
            NULL);
}

static void check_hardware(const struct hv_source *source, struct hv_doctor_row *row)
{
    struct hv_event event;
    if (hv_event_find("cycles", source->id.cpu, &event, NULL))
        set(row, HV_DOCTOR_ABSENT, "cycles cannot be encoded", NULL);
    else
        try_event(source, &event, row);
}

static void check_software(const struct hv_source *source, struct hv_doctor_row *row)
{
    const struct hv_event event = {
        .name = "task-clock",
        .pmu = "software",
        .type = PERF_TYPE_SOFTWARE,
        .config = PERF_COUNT_SW_TASK_CLOCK,
    };
    try_event(source, &event, row);
}

static void check_kernel(const struct hv_source *source, struct hv_doctor_row *row)
{
    const struct hv_event event = {
        .name = "task-clock with the kernel",
        .pmu = "software",
        .type = PERF_TYPE_SOFTWARE,
        .config = PERF_COUNT_SW_TASK_CLOCK,
        .include_kernel = true,
    };
    try_event(source, &event, row);
    if (row->command)
        row->command = "sudo sysctl kernel.perf_event_paranoid=1 (or run with sudo)";
}

static void check_paranoid(const struct hv_source *source, struct hv_doctor_row *row)
{
    long level;
    if (hv_tree_number(source->root, &level, "/proc/sys/kernel/perf_event_paranoid")) {
        set(row, HV_DOCTOR_ABSENT, "this kernel has no perf events", NULL);
        return;
    }
    const char *finding = hv_arena_printf(source->arena, "level %ld", level);
    if (level > 2)
        set(row, HV_DOCTOR_WARN, finding,
            "sudo sysctl kernel.perf_event_paranoid=2 (or run with sudo)");
    else
        set(row, HV_DOCTOR_OK, finding, NULL);
}

static void check_pmu(const struct hv_source *source, struct hv_doctor_row *row)
{
    struct hv_pmu pmu;
    const char *guest = source->id.hypervisor;
    if (!hv_pmu_core(source->root, source->id.cpu, &pmu)) {
        set(row, HV_DOCTOR_OK,
            guest[0] ? hv_arena_printf(source->arena, "%s, virtual, in a %s guest",
                                       pmu.name, guest)
                     : hv_arena_text(source->arena, pmu.name),
            NULL);
        return;
    }
    if (guest[0])
        set(row, HV_DOCTOR_ABSENT,
            hv_arena_printf(source->arena, "none in this %s guest", guest),
            "at the host: give the guest a PMU (QEMU -cpu host,pmu=on; libvirt <pmu "
            "state='on'/>), or take a bare-metal machine");
    else
        set(row, HV_DOCTOR_ABSENT, "the kernel has no driver for a PMU of this CPU",
            NULL);
}

/* libpfm4's name for this CPU; NULL: it does not know it. */
static const char *pfm_core(void)
{
    if (pfm_initialize() != PFM_SUCCESS)
        return NULL;
    for (int pmu = PFM_PMU_NONE + 1; pmu < PFM_PMU_MAX; pmu++) {
        pfm_pmu_info_t info = {.size = sizeof info};
        if (pfm_get_pmu_info((pfm_pmu_t)pmu, &info) == PFM_SUCCESS && info.is_present &&
            info.type == PFM_PMU_TYPE_CORE)
            return info.name;
    }
    return NULL;
}

static void check_names(const struct hv_source *source, struct hv_doctor_row *row)
{
    const char *core = pfm_core();
    struct hv_event event;
    hv_native_l1d(source->root, &source->id, &event, 1);
    if (core)
        set(row, HV_DOCTOR_OK,
            hv_arena_printf(source->arena,
                            "libpfm4 knows this CPU as %s; L1D misses: %s", core,
                            event.name),
            NULL);
    else if (event.type == PERF_TYPE_HW_CACHE)
        set(row, HV_DOCTOR_ABSENT, "neither libpfm4 nor hvperf's table knows this CPU",
            "install a newer libpfm4");
    else
        set(row, HV_DOCTOR_WARN,
            hv_arena_printf(
                source->arena,
                "libpfm4 does not know this CPU; L1D misses by hvperf's own "
                "table: %s, raw 0x%llx",
                event.name, (unsigned long long)event.config),
            "install a newer libpfm4, or use raw codes (-e rXXXX)");
}

/* Whether text is one of the words, which blanks part. */
static bool is_one_of(const char *words, const char *text)
{
    const size_t len = strlen(text);
    for (; *words; words += strcspn(words, " "), words += strspn(words, " "))
        if (strcspn(words, " ") == len && !strncmp(words, text, len))
            return true;
    return false;
}

/* A file whose value decides: ok where it is one of the good ones. */
static void check_value(struct hv_doctor_row *row, const char *value, const char *good,
                        const char *absent, const char *command)
{
    if (!value)
        set(row, HV_DOCTOR_ABSENT, absent, NULL);
    else if (is_one_of(good, value))
        set(row, HV_DOCTOR_OK, value, NULL);
    else
        set(row, HV_DOCTOR_WARN, value, command);
}

static void check_watchdog(const struct hv_source *source, struct hv_doctor_row *row)
{
    check_value(row, hv_setting_line(source, "/proc/sys/kernel/nmi_watchdog"), "0",
                "this kernel has none", "sudo sysctl kernel.nmi_watchdog=0");
}

static void check_rdpmc(const struct hv_source *source, struct hv_doctor_row *row)
{
    check_value(row, hv_setting_rdpmc(source), "1 2",
                "no PMU, or one that user space cannot read",
                hv_setting_line(source, HV_USER_ACCESS)
                    ? "sudo sysctl kernel.perf_user_access=1"
                    : "echo 1 | sudo tee /sys/bus/event_source/devices/cpu*/rdpmc");
}

static void check_governor(const struct hv_source *source, struct hv_doctor_row *row)
{
    check_value(row, hv_setting_governor(source), "performance",
                "no frequency control here (left to the host?)",
                "echo performance | sudo tee "
                "/sys/devices/system/cpu/cpu*/cpufreq/scaling_governor");
}

static void check_turbo(const struct hv_source *source, struct hv_doctor_row *row)
{
    char intel[8];
    const bool pstate = !hv_tree_line(source->root, intel, sizeof intel,
                                      "/sys/devices/system/cpu/intel_pstate/no_turbo");
    check_value(row, hv_setting_turbo(source), "off",
                "no frequency control here (left to the host?)",
                pstate
                    ? "echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo"
                    : "echo 0 | sudo tee /sys/devices/system/cpu/cpufreq/boost");
}

static void check_smt(const struct hv_source *source, struct hv_doctor_row *row)
{
    check_value(row, hv_setting_smt(source), "off",
                "this kernel does not tell (a guest cannot see the host's)",
                "echo off | sudo tee /sys/devices/system/cpu/smt/control");
    /* A guest is shown threads as cores: "off" says nothing about its neighbours. */
    if (row->state == HV_DOCTOR_OK && source->id.hypervisor[0])
        set(row, HV_DOCTOR_WARN,
            "off as far as this guest is told; the host may share its cores", NULL);
}

static void check_thp(const struct hv_source *source, struct hv_doctor_row *row)
{
    check_value(row, hv_setting_thp(source), "madvise never",
                "a kernel without transparent huge pages",
                "echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled");
}

static void check_aslr(const struct hv_source *source, struct hv_doctor_row *row)
{
    check_value(row, hv_setting_line(source, "/proc/sys/kernel/randomize_va_space"),
                "2", "this kernel has none", "sudo sysctl kernel.randomize_va_space=2");
}

/* Yama: 0 and 1 let a process trace its children, 2 asks for CAP_SYS_PTRACE. */
static void check_ptrace(const struct hv_source *source, struct hv_doctor_row *row)
{
    const char *scope = hv_setting_line(source, "/proc/sys/kernel/yama/ptrace_scope");
    check_value(row, scope ? scope : "0", "0 1", NULL,
                "sudo sysctl kernel.yama.ptrace_scope=1");
}

static void check_quota(const struct hv_source *source, struct hv_doctor_row *row)
{
    check_value(row, hv_setting_quota(source), "none", "no cgroup v2 limit can be read",
                "raise the CPU limit of the container (docker --cpus)");
}

/* What each means for a measurement, whatever was found. */
static const struct {
    const char *name, *why;
    check_fn *check;
} checks[] = {
    {"hardware counters",
     "cycles, instructions and cache misses are measured with them",                               check_hardware},
    {"software counters",   "the kernel's own counts, of time and faults",
     check_software                                                                                              },
    {"kernel counting",     "only needed for :uk events and context switches",
     check_kernel                                                                                                },
    {"perf_event_paranoid",
     "2 lets anyone count user space; 3 (Debian's) forbids all counting without root",             check_paranoid},
    {"PMU",                 "the unit that counts; without it, figures come from other witnesses",
     check_pmu                                                                                                   },
    {"event names",         "native events mean the same thing everywhere; generic ones do not",
     check_names                                                                                                 },
    {"nmi_watchdog",        "it takes one hardware counter away",                                  check_watchdog},
    {"rdpmc",               "counters can be read without a system call",                          check_rdpmc   },
    {"governor",            "a changing clock moves every time; cycles stay",                      check_governor},
    {"turbo",               "the clock depends on what the neighbours do",                         check_turbo   },
    {"SMT",                 "a busy sibling thread doubles the time of throughput-bound code",
     check_smt                                                                                                   },
    {"THP",                 "huge pages for all change faults and TLB misses from run to run",
     check_thp                                                                                                   },
    {"ASLR",                "layouts must differ between processes to average their effect",
     check_aslr                                                                                                  },
    {"ptrace",              "instructions are traced by stepping a child process",                 check_ptrace  },
    {"cpu quota",           "a throttled process is stopped in the middle of a sample",
     check_quota                                                                                                 },
};

size_t hv_doctor_checks_in(const char *root, struct hv_arena *arena,
                           struct hv_doctor_row **rows)
{
    struct hv_source source;
    hv_source_open(&source, root, arena);
    struct hv_doctor_row *out = hv_arena_array(arena, HV_LEN(checks), sizeof *out);
    for (size_t i = 0; i < HV_LEN(checks); i++) {
        out[i].name = checks[i].name;
        out[i].why = checks[i].why;
        checks[i].check(&source, &out[i]);
    }
    *rows = out;
    return HV_LEN(checks);
}

size_t hv_doctor_checks(struct hv_arena *arena, struct hv_doctor_row **rows)
{
    return hv_doctor_checks_in("", arena, rows);
}

const char *hv_doctor_state_name(enum hv_doctor_state state)
{
    static const char *const names[] = {"ok", "warn", "absent"};
    return (unsigned)state < HV_LEN(names) ? names[state] : "absent";
}
