/* SPDX-License-Identifier: MIT */
/* Which CPU this is: the key to event tables. */
#ifndef HV_COUNTERS_CPU_H
#define HV_COUNTERS_CPU_H

/* Empty string or 0: not known. On x86 family and model are the displayed ones
 * (extended bits added: Zen 5 is family 26). On Arm vendor is "ARM" or the implementer
 * in hex, family the implementer (0x41), model the part (0xd0c: Neoverse N1), stepping
 * the revision. */
struct hv_cpu_id {
    char vendor[16]; /* "GenuineIntel", "AuthenticAMD", "ARM", ... */
    unsigned family, model, stepping;
    char name[64];
    char microcode[24];
    char hypervisor[32]; /* "KVM", "Xen", "Hyper-V", ...; empty: none was seen */
    int cpu;             /* logical CPU this was read for */
};

/* From /proc/cpuinfo, /sys/hypervisor and CPUID. The first is for the CPU the caller
 * runs on. 0 or -errno; *id is zeroed first, so what could not be read is empty. */
int hv_cpu_identify(struct hv_cpu_id *id);
int hv_cpu_identify_at(struct hv_cpu_id *id, int cpu);

/* The same for a /proc and /sys tree recorded under root ("" is this machine's own, and
 * only there CPUID is asked). */
int hv_cpu_identify_in(const char *root, int cpu, struct hv_cpu_id *id);

#endif
