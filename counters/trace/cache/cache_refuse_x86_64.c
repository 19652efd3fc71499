/* SPDX-License-Identifier: MIT */
/* What the code cache does not run, and why. */
#include <signal.h>
#include <sys/syscall.h>

#include "counters/trace/cache/cache_emit.h"

static bool always(const struct hv_decoded *decoded)
{
    (void)decoded;
    return true;
}

static bool has_bit_index(const struct hv_decoded *decoded)
{
    return decoded->operand[0].type == ZYDIS_OPERAND_TYPE_MEMORY &&
           decoded->operand[1].type == ZYDIS_OPERAND_TYPE_REGISTER;
}

static const char no_size[] = "the mask in a vector register decides what is accessed";
static const char no_state[] = "what it accesses depends on the processor's state";
static const char no_return[] = "it leaves the code that is followed";
static const char no_base[] = "it changes a segment";

static const struct {
    ZydisMnemonic mnemonic;
    bool (*when)(const struct hv_decoded *);
    const char *why;
} mnemonics[] = {
    {ZYDIS_MNEMONIC_XLAT,        always,        "its address depends on al"             },
    {ZYDIS_MNEMONIC_BT,          has_bit_index, "its address depends on the bit's index"},
    {ZYDIS_MNEMONIC_BTC,         has_bit_index, "its address depends on the bit's index"},
    {ZYDIS_MNEMONIC_BTR,         has_bit_index, "its address depends on the bit's index"},
    {ZYDIS_MNEMONIC_BTS,         has_bit_index, "its address depends on the bit's index"},
    {ZYDIS_MNEMONIC_MASKMOVQ,    always,        no_size                                 },
    {ZYDIS_MNEMONIC_MASKMOVDQU,  always,        no_size                                 },
    {ZYDIS_MNEMONIC_VMASKMOVDQU, always,        no_size                                 },
    {ZYDIS_MNEMONIC_VMASKMOVPS,  always,        no_size                                 },
    {ZYDIS_MNEMONIC_VMASKMOVPD,  always,        no_size                                 },
    {ZYDIS_MNEMONIC_VPMASKMOVD,  always,        no_size                                 },
    {ZYDIS_MNEMONIC_VPMASKMOVQ,  always,        no_size                                 },
    {ZYDIS_MNEMONIC_ENTER,       always,        "its accesses depend on an immediate"   },
    {ZYDIS_MNEMONIC_XSAVE,       always,        no_state                                },
    {ZYDIS_MNEMONIC_XSAVE64,     always,        no_state                                },
    {ZYDIS_MNEMONIC_XSAVEC,      always,        no_state                                },
    {ZYDIS_MNEMONIC_XSAVEC64,    always,        no_state                                },
    {ZYDIS_MNEMONIC_XSAVEOPT,    always,        no_state                                },
    {ZYDIS_MNEMONIC_XSAVEOPT64,  always,        no_state                                },
    {ZYDIS_MNEMONIC_XRSTOR,      always,        no_state                                },
    {ZYDIS_MNEMONIC_XRSTOR64,    always,        no_state                                },
    {ZYDIS_MNEMONIC_TILELOADD,   always,        no_state                                },
    {ZYDIS_MNEMONIC_TILELOADDT1, always,        no_state                                },
    {ZYDIS_MNEMONIC_TILESTORED,  always,        no_state                                },
    {ZYDIS_MNEMONIC_INT,         always,        no_return                               },
    {ZYDIS_MNEMONIC_SYSENTER,    always,        no_return                               },
    {ZYDIS_MNEMONIC_SYSRET,      always,        no_return                               },
    {ZYDIS_MNEMONIC_IRET,        always,        no_return                               },
    {ZYDIS_MNEMONIC_IRETD,       always,        no_return                               },
    {ZYDIS_MNEMONIC_IRETQ,       always,        no_return                               },
    {ZYDIS_MNEMONIC_UIRET,       always,        no_return                               },
    {ZYDIS_MNEMONIC_XBEGIN,      always,        no_return                               },
    {ZYDIS_MNEMONIC_WRFSBASE,    always,        no_base                                 },
    {ZYDIS_MNEMONIC_WRGSBASE,    always,        no_base                                 },
    {ZYDIS_MNEMONIC_LFS,         always,        no_base                                 },
    {ZYDIS_MNEMONIC_LGS,         always,        no_base                                 },
    {ZYDIS_MNEMONIC_LSS,         always,        no_base                                 },
};

static bool has_vector_addresses(const struct hv_decoded *decoded)
{
    for (unsigned i = 0; i < decoded->insn.operand_count; i++)
        if (decoded->operand[i].type == ZYDIS_OPERAND_TYPE_MEMORY &&
            decoded->operand[i].mem.type == ZYDIS_MEMOP_TYPE_VSIB)
            return true;
    return false;
}

static bool uses_gs(const struct hv_decoded *decoded)
{
    return decoded->insn.attributes & ZYDIS_ATTRIB_HAS_SEGMENT_GS;
}

/* Linkers pad calls with the prefix, where it means nothing. */
static bool has_short_addresses(const struct hv_decoded *decoded)
{
    return decoded->insn.attributes & ZYDIS_ATTRIB_HAS_ADDRESSSIZE &&
           !(decoded->insn.raw.imm[0].is_relative &&
             decoded->insn.meta.category != ZYDIS_CATEGORY_COND_BR);
}

static bool is_far(const struct hv_decoded *decoded)
{
    return decoded->insn.meta.branch_type == ZYDIS_BRANCH_TYPE_FAR;
}

/* Processors do not agree on what the prefix does to a branch. REX.W takes it back:
 * so do calls of __tls_get_addr. */
static bool is_short_branch(const struct hv_decoded *decoded)
{
    return hv_transfer_of(decoded) &&
           decoded->insn.attributes & ZYDIS_ATTRIB_HAS_OPERANDSIZE &&
           !(decoded->insn.attributes & ZYDIS_ATTRIB_HAS_REX &&
             decoded->insn.raw.rex.W);
}

static bool writes_segment(const struct hv_decoded *decoded)
{
    const ZydisDecodedOperand *operand = &decoded->operand[0];
    return operand->type == ZYDIS_OPERAND_TYPE_REGISTER &&
           ZydisRegisterGetClass(operand->reg.value) == ZYDIS_REGCLASS_SEGMENT &&
           operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE;
}

static bool hides_registers(const struct hv_decoded *decoded)
{
    return hv_decoded_gprs(decoded) == 0xffff;
}

static const struct {
    bool (*when)(const struct hv_decoded *);
    const char *why;
} shapes[] = {
    {has_vector_addresses, "it gathers or scatters"                 },
    {uses_gs,              "it uses gs"                             },
    {has_short_addresses,  "it has addresses of 32 bits"            },
    {is_far,               no_return                                },
    {is_short_branch,      "processors differ in what it does"      },
    {writes_segment,       no_base                                  },
    {hides_registers,      "it is not known which registers it uses"},
};

const char *hv_cache_refuses(const struct hv_decoded *decoded)
{
    for (size_t i = 0; i < HV_LEN(mnemonics); i++)
        if (mnemonics[i].mnemonic == decoded->insn.mnemonic &&
            mnemonics[i].when(decoded))
            return mnemonics[i].why;
    for (size_t i = 0; i < HV_LEN(shapes); i++)
        if (shapes[i].when(decoded))
            return shapes[i].why;
    return NULL;
}

/* ---- syscalls ------------------------------------------------------------------- */

static bool any(const struct hv_cache *cache)
{
    (void)cache;
    return true;
}

/* A process that steps finds crashes by itself. */
static bool is_crash_handler(const struct hv_cache *cache)
{
    static const int signals[] = {HV_CACHE_SIGNALS};
    for (size_t i = 0; i < HV_LEN(signals); i++)
        if (cache->gpr[RDI] == (uint64_t)signals[i])
            return cache->gpr[RSI] != 0;
    return false;
}

static bool is_base(const struct hv_cache *cache)
{
    enum { ARCH_SET_GS = 0x1001, ARCH_SET_FS };
    return cache->gpr[RDI] == ARCH_SET_GS || cache->gpr[RDI] == ARCH_SET_FS;
}

static bool is_code(const struct hv_cache *cache)
{
    const uint64_t begin = cache->gpr[RDI], end = begin + cache->gpr[RSI];
    for (unsigned i = 0; i < cache->n_ranges; i++)
        if (begin < cache->range[i].end && end > cache->range[i].begin)
            return true;
    return false;
}

static const struct {
    uint64_t number;
    bool (*when)(const struct hv_cache *);
    const char *why;
} syscalls[] = {
    {SYS_clone,        any,              "clone begins another thread or process"         },
    {SYS_clone3,       any,              "clone3 begins another thread or process"        },
    {SYS_fork,         any,              "fork begins another process"                    },
    {SYS_vfork,        any,              "vfork begins another process"                   },
    {SYS_execve,       any,              "execve replaces the program"                    },
    {SYS_execveat,     any,              "execveat replaces the program"                  },
    {SYS_exit,         any,              "exit ends the thread"                           },
    {SYS_exit_group,   any,              "exit_group ends the process"                    },
    {SYS_rt_sigreturn, any,              "rt_sigreturn goes where a signal came"          },
    {SYS_rt_sigaction, is_crash_handler, "rt_sigaction changes what a crash does"         },
    {SYS_arch_prctl,   is_base,          "arch_prctl changes a segment"                   },
    {SYS_mmap,         is_code,          "mmap changes memory whose code was followed"    },
    {SYS_mprotect,     is_code,          "mprotect changes memory whose code was followed"},
    {SYS_munmap,       is_code,          "munmap changes memory whose code was followed"  },
    {SYS_mremap,       is_code,          "mremap changes memory whose code was followed"  },
};

const char *hv_cache_refuses_syscall(const struct hv_cache *cache)
{
    for (size_t i = 0; i < HV_LEN(syscalls); i++)
        if (syscalls[i].number == cache->gpr[RAX] && syscalls[i].when(cache))
            return syscalls[i].why;
    return NULL;
}
