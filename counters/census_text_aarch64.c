/* SPDX-License-Identifier: MIT */
/* The text of an instruction (A64). It is what a reader of copies, calls and loops
 * looks for; what else computes stands there as ".inst" and its word, which any
 * disassembler takes. */
#include "counters/census_text_aarch64.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "counters/census_text.h"
#include "counters/tree.h"

/* What a percent sign and a letter stand for:
 *   d n m a   the general register in bits 4:0, 9:5, 20:16, 14:10; bit 31: x or w
 *   D N       likewise, but 31 is the stack pointer
 *   x X       the 64-bit register in bits 9:5; in bits 4:0
 *   v u w     the vector register there: v in bits 4:0, u in 9:5, w in 20:16
 *   i         a 12-bit number, perhaps times 4096
 *   h         a 16-bit number, perhaps shifted
 *   b         the number of a bit
 *   c k       a condition in bits 3:0; in bits 15:12
 *   l         where it goes to;  p  the address it makes
 *   s         the number in bits 20:5;  t  that in bits 11:5
 *   S         ", lsl #3" of a register, if it is shifted
 *   r z       the numbers in bits 21:16 and 15:10 */
static const struct {
    uint32_t mask, value;
    const char *text;
} rows[] = {
    {0xfc000000, 0x14000000, "b %l"                 },
    {0xff000010, 0x54000000, "b.%c %l"              },
    {0x7f000000, 0x34000000, "cbz %d, %l"           },
    {0x7f000000, 0x35000000, "cbnz %d, %l"          },
    {0x7f000000, 0x36000000, "tbz %d, #%b, %l"      },
    {0x7f000000, 0x37000000, "tbnz %d, #%b, %l"     },
    {0xfc000000, 0x94000000, "bl %l"                },
    {0xfffffc1f, 0xd61f0000, "br %x"                },
    {0xfffffc1f, 0xd63f0000, "blr %x"               },
    {0xffffffff, 0xd65f03c0, "ret"                  },
    {0xfffffc1f, 0xd65f0000, "ret %x"               },
    {0xffe0001f, 0xd4000001, "svc #%s"              },
    {0xffe0001f, 0xd4200000, "brk #%s"              },
    {0xffffffff, 0xd503201f, "nop"                  },
    {0xffffff3f, 0xd503241f, "bti"                  },
    {0xfffff01f, 0xd503201f, "hint #%t"             },
    {0xffffffff, 0xd5033fdf, "isb"                  },
    {0xffffffe0, 0xd50b7420, "dc zva, %X"           },
    {0x9f000000, 0x10000000, "adr %X, %p"           },
    {0x9f000000, 0x90000000, "adrp %X, %p"          },
    {0x7fffffe0, 0x110003e0, "mov %D, sp"           },
    {0x7ffffc1f, 0x1100001f, "mov sp, %N"           },
    {0x7f800000, 0x11000000, "add %D, %N, #%i"      },
    {0x7f800000, 0x31000000, "adds %d, %N, #%i"     },
    {0x7f800000, 0x51000000, "sub %D, %N, #%i"      },
    {0x7f80001f, 0x7100001f, "cmp %N, #%i"          },
    {0x7f800000, 0x71000000, "subs %d, %N, #%i"     },
    {0x7f800000, 0x52800000, "mov %d, #%h"          },
    {0x7f800000, 0x12800000, "movn %d, #%h"         },
    {0x7f800000, 0x72800000, "movk %d, #%h"         },
    {0x7fe0ffe0, 0x2a0003e0, "mov %d, %m"           },
    {0x7f200000, 0x0a000000, "and %d, %n, %m%S"     },
    {0x7f200000, 0x2a000000, "orr %d, %n, %m%S"     },
    {0x7f200000, 0x4a000000, "eor %d, %n, %m%S"     },
    {0x7f200000, 0x0b000000, "add %d, %n, %m%S"     },
    {0x7f200000, 0x4b000000, "sub %d, %n, %m%S"     },
    {0x7f20001f, 0x6b00001f, "cmp %n, %m%S"         },
    {0x7f200000, 0x6b000000, "subs %d, %n, %m%S"    },
    {0x7f800000, 0x13000000, "sbfm %d, %n, #%r, #%z"},
    {0x7f800000, 0x33000000, "bfm %d, %n, #%r, #%z" },
    {0x7f800000, 0x53000000, "ubfm %d, %n, #%r, #%z"},
    {0x7fe0fc00, 0x1b007c00, "mul %d, %n, %m"       },
    {0x7fe08000, 0x1b000000, "madd %d, %n, %m, %a"  },
    {0x7fe00c00, 0x1a800000, "csel %d, %n, %m, %k"  },
    {0xbfe0fc00, 0x0e201c00, "and %v, %u, %w"       },
    {0xbfe0fc00, 0x0ea01c00, "orr %v, %u, %w"       },
    {0xbfe0fc00, 0x2e201c00, "eor %v, %u, %w"       },
    {0xbfe0fc00, 0x2e601c00, "bsl %v, %u, %w"       },
    {0xbffffc00, 0x0e205800, "cnt %v, %u"           },
};

static const char *const conditions[] = {"eq", "ne", "cs", "cc", "mi", "pl",
                                         "vs", "vc", "hi", "ls", "ge", "lt",
                                         "gt", "le", "al", "nv"};

void hv_a64_name_gpr(unsigned number, bool wide, bool is_sp, char name[HV_A64_NAME])
{
    if (number < 31)
        hv_put(name, HV_A64_NAME, "%c%u", wide ? 'x' : 'w', number);
    else if (is_sp)
        hv_put(name, HV_A64_NAME, "%s", wide ? "sp" : "wsp");
    else
        hv_put(name, HV_A64_NAME, "%s", wide ? "xzr" : "wzr");
}

const char *hv_a64_arrangement(unsigned log, bool whole)
{
    static const char *const names[2][4] = {
        {"8b",  "4h", "2s", "1d"},
        {"16b", "8h", "4s", "2d"}
    };
    return names[whole][log & 3];
}

struct writing {
    const struct hv_census_walk *walk;
    const struct hv_census_insn *insn;
    uint32_t word;
};

static void put_gpr(const struct writing *w, char letter, char *text, size_t bytes)
{
    static const struct {
        char letter;
        uint8_t low;
        bool wide, is_sp;
    } places[] = {
        {'d', 0,  false, false},
        {'n', 5,  false, false},
        {'m', 16, false, false},
        {'a', 10, false, false},
        {'D', 0,  false, true },
        {'N', 5,  false, true },
        {'x', 5,  true,  false},
        {'X', 0,  true,  false},
    };
    char name[HV_A64_NAME];
    for (size_t i = 0; i < HV_LEN(places); i++) {
        if (places[i].letter != letter)
            continue;
        hv_a64_name_gpr(w->word >> places[i].low & 31, places[i].wide || w->word >> 31,
                        places[i].is_sp, name);
        hv_put(text, bytes, "%s", name);
    }
}

static void put_vector(const struct writing *w, unsigned low, char *text, size_t bytes)
{
    hv_put(text, bytes, "v%u.%s", w->word >> low & 31,
           hv_a64_arrangement(0, w->word >> 30 & 1));
}

static void put_address(const struct writing *w, char *text, size_t bytes)
{
    struct hv_census_fact fact;
    uint64_t to;
    text[0] = '\0';
    if (hv_census_goes_to(w->insn->decoded, &to))
        hv_census_address(w->walk, w->insn, to, text, bytes);
    else if (hv_census_learn(w->insn->decoded, w->insn->regs, &fact))
        hv_census_address(w->walk, w->insn, fact.address, text, bytes);
}

static void put_shift(uint32_t word, char *text, size_t bytes)
{
    static const char *const shifts[] = {"lsl", "lsr", "asr", "ror"};
    const unsigned by = hv_a64_field(word, 15, 10);
    text[0] = '\0';
    if (by)
        hv_put(text, bytes, ", %s #%u", shifts[word >> 22 & 3], by);
}

/* What a letter of a row stands for. */
static void put_part(const struct writing *w, char letter, char *text, size_t bytes)
{
    const uint32_t word = w->word;
    switch (letter) {
    case 'v': put_vector(w, 0, text, bytes); break;
    case 'u': put_vector(w, 5, text, bytes); break;
    case 'w': put_vector(w, 16, text, bytes); break;
    case 'i':
        hv_put(text, bytes, "0x%x",
               hv_a64_field(word, 21, 10) << (word >> 22 & 1 ? 12 : 0));
        break;
    case 'h':
        hv_put(text, bytes, word >> 21 & 3 ? "0x%x, lsl #%u" : "0x%x",
               hv_a64_field(word, 20, 5), 16 * hv_a64_field(word, 22, 21));
        break;
    case 'b':
        hv_put(text, bytes, "%u", hv_a64_field(word, 23, 19) | word >> 31 << 5);
        break;
    case 'c': hv_put(text, bytes, "%s", conditions[word & 15]); break;
    case 'k': hv_put(text, bytes, "%s", conditions[word >> 12 & 15]); break;
    case 's': hv_put(text, bytes, "0x%x", hv_a64_field(word, 20, 5)); break;
    case 't': hv_put(text, bytes, "%u", hv_a64_field(word, 11, 5)); break;
    case 'r': hv_put(text, bytes, "%u", hv_a64_field(word, 21, 16)); break;
    case 'z': hv_put(text, bytes, "%u", hv_a64_field(word, 15, 10)); break;
    case 'S': put_shift(word, text, bytes); break;
    case 'l':
    case 'p': put_address(w, text, bytes); break;
    default: put_gpr(w, letter, text, bytes);
    }
}

static void put_row(const struct writing *w, const char *row, char *text, size_t bytes)
{
    size_t used = 0;
    for (; *row && used + 1 < bytes; row++) {
        if (*row != '%') {
            text[used++] = *row;
            text[used] = '\0';
            continue;
        }
        put_part(w, *++row, text + used, bytes - used);
        used += strlen(text + used);
    }
}

/* What add and ldr make of an address that the code itself tells: "<memcpy@GOT>". A
 * page alone is no such address. */
static void put_meaning(const struct writing *w, char *text, size_t bytes)
{
    const size_t used = strlen(text);
    struct hv_census_fact fact;
    char name[HV_CENSUS_NAME + 32];
    const bool is_move = (w->word & 0xffe0ffe0) == 0xaa0003e0;
    const bool is_adr = (w->word & 0x1f000000) == 0x10000000;
    if (is_move || is_adr || !hv_census_learn(w->insn->decoded, w->insn->regs, &fact))
        return;
    hv_census_address(w->walk, w->insn, fact.address, name, sizeof name);
    hv_put(text + used, bytes - used, " <%s>", name);
}

void hv_census_text(const struct hv_census_walk *walk,
                    const struct hv_census_insn *insn, char *text, size_t bytes)
{
    const struct writing w = {walk, insn, insn->decoded->decoded.word};
    size_t i = 0;
    text[0] = '\0';
    while (i < HV_LEN(rows) && (w.word & rows[i].mask) != rows[i].value)
        i++;
    if (i < HV_LEN(rows))
        put_row(&w, rows[i].text, text, bytes);
    else if (!hv_a64_memory_text(w.word, text, bytes))
        hv_put(text, bytes, ".inst 0x%08" PRIx32, w.word);
    put_meaning(&w, text, bytes);
}
