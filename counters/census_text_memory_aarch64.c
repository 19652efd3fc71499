/* SPDX-License-Identifier: MIT */
/* The text of loads and stores (A64): of one register, a pair, and structures. */
#include "counters/census_text_aarch64.h"

#include "counters/trace/decode/decoded_aarch64.h"
#include "counters/tree.h"

enum { ADDRESS = 48, REGISTERS = 64 };

static const char letters[] = "bhsdq";

/* ---- addresses ------------------------------------------------------------------- */

static void put_base(uint32_t word, char name[HV_A64_NAME])
{
    hv_a64_name_gpr(hv_a64_field(word, 9, 5), true, true, name);
}

enum mode { POST = 1, OFFSET = 2, PRE = 3 };

static void put_offset(uint32_t word, unsigned mode, int offset, char text[ADDRESS])
{
    char base[HV_A64_NAME];
    put_base(word, base);
    if (mode == POST)
        hv_put(text, ADDRESS, "[%s], #%d", base, offset);
    else if (mode == PRE)
        hv_put(text, ADDRESS, "[%s, #%d]!", base, offset);
    else if (offset)
        hv_put(text, ADDRESS, "[%s, #%d]", base, offset);
    else
        hv_put(text, ADDRESS, "[%s]", base);
}

static void put_index(uint32_t word, unsigned log, char text[ADDRESS])
{
    static const char *const options[8] = {
        [2] = "uxtw", [3] = "lsl", [6] = "sxtw", [7] = "sxtx"};
    const unsigned option = hv_a64_field(word, 15, 13);
    const unsigned shift = hv_a64_field(word, 12, 12) ? log : 0;
    char base[HV_A64_NAME], index[HV_A64_NAME];
    put_base(word, base);
    hv_a64_name_gpr(hv_a64_field(word, 20, 16), option & 1, false, index);
    if (option == 3 && !shift)
        hv_put(text, ADDRESS, "[%s, %s]", base, index);
    else
        hv_put(text, ADDRESS, "[%s, %s, %s #%u]", base, index,
               options[option] ? options[option] : "?", shift);
}

/* ---- one register ---------------------------------------------------------------- */

/* "ldr", "strb", "ldursw" and its register; returns the log of its bytes. */
static unsigned put_single(uint32_t word, bool unscaled, char *text, size_t bytes)
{
    static const char *const widths[2][4] = {
        {"b",  "h",  "",   ""},
        {"sb", "sh", "sw", ""}
    };
    const unsigned size = hv_a64_field(word, 31, 30), opc = hv_a64_field(word, 23, 22);
    const unsigned number = hv_a64_field(word, 4, 0);
    const char *u = unscaled ? "u" : "";
    char name[HV_A64_NAME];
    if (hv_a64_field(word, 26, 26)) {
        const unsigned log = opc & 2 ? 4 : size;
        hv_put(text, bytes, "%s%sr %c%u", opc & 1 ? "ld" : "st", u, letters[log],
               number);
        return log;
    }
    hv_a64_name_gpr(number, opc == 2 || (size == 3 && opc < 2), false, name);
    hv_put(text, bytes, "%s%sr%s %s", opc ? "ld" : "st", u, widths[opc >= 2][size],
           name);
    return size;
}

static bool single_text(uint32_t word, char *text, size_t bytes)
{
    const bool is_scaled = (word & 0x3b000000) == 0x39000000;
    const bool is_unscaled = (word & 0x3b200c00) == 0x38000000;
    const bool is_indexed = (word & 0x3b200400) == 0x38000400;
    const bool is_register = (word & 0x3b200c00) == 0x38200800;
    const unsigned size = hv_a64_field(word, 31, 30), opc = hv_a64_field(word, 23, 22);
    const bool is_prefetch = size == 3 && opc == 2 && !hv_a64_field(word, 26, 26);
    char name[REGISTERS], address[ADDRESS];
    if (!is_scaled && !is_unscaled && !is_indexed && !is_register)
        return false;
    const unsigned log = put_single(word, is_unscaled, name, sizeof name);
    if (is_register)
        put_index(word, log, address);
    else if (is_scaled)
        put_offset(word, OFFSET, (int)(hv_a64_field(word, 21, 10) << log), address);
    else
        put_offset(word, is_indexed ? hv_a64_field(word, 11, 10) : OFFSET,
                   hv_a64_signed_field(word, 20, 12), address);
    if (is_prefetch)
        hv_put(text, bytes, "prfm #%u, %s", hv_a64_field(word, 4, 0), address);
    else
        hv_put(text, bytes, "%s, %s", name, address);
    return true;
}

/* ---- pairs ----------------------------------------------------------------------- */

static bool pair_text(uint32_t word, char *text, size_t bytes)
{
    static const char *const names[2][2] = {
        {"stp",  "ldp" },
        {"stnp", "ldnp"}
    };
    const unsigned opc = hv_a64_field(word, 31, 30), mode = hv_a64_field(word, 24, 23);
    const bool vector = hv_a64_field(word, 26, 26), loads = hv_a64_field(word, 22, 22);
    const bool is_signed = !vector && opc == 1 && loads; /* words */
    const unsigned log = vector ? opc + 2 : opc == 2 ? 3 : 2;
    char first[HV_A64_NAME], second[HV_A64_NAME], address[ADDRESS];
    if ((word & 0x3a000000) != 0x28000000 || opc == 3 ||
        (!vector && opc == 1 && !loads))
        return false;
    if (vector) {
        hv_put(first, sizeof first, "%c%u", letters[log], hv_a64_field(word, 4, 0));
        hv_put(second, sizeof second, "%c%u", letters[log], hv_a64_field(word, 14, 10));
    } else {
        hv_a64_name_gpr(hv_a64_field(word, 4, 0), opc, false, first);
        hv_a64_name_gpr(hv_a64_field(word, 14, 10), opc, false, second);
    }
    put_offset(word, mode, hv_a64_signed_field(word, 21, 15) * (1 << log), address);
    hv_put(text, bytes, "%s %s, %s, %s", is_signed ? "ldpsw" : names[!mode][loads],
           first, second, address);
    return true;
}

/* ---- structures ------------------------------------------------------------------ */

static bool structures_text(uint32_t word, char *text, size_t bytes)
{
    const bool is_post = (word & 0xbfa00000) == 0x0c800000;
    const unsigned opcode = hv_a64_field(word, 15, 12),
                   n = hv_a64_structure_rows[opcode].registers;
    const unsigned whole = hv_a64_field(word, 30, 30), m = hv_a64_field(word, 20, 16);
    const unsigned first = hv_a64_field(word, 4, 0);
    char base[HV_A64_NAME], after[HV_A64_NAME + 2] = "", index[HV_A64_NAME];
    if (((word & 0xbfbf0000) != 0x0c000000 && !is_post) || !n)
        return false;
    put_base(word, base);
    hv_a64_name_gpr(m, true, false, index);
    if (is_post && m == 31)
        hv_put(after, sizeof after, ", #%u", n * (whole ? 16 : 8));
    else if (is_post)
        hv_put(after, sizeof after, ", %s", index);
    const char *shape = hv_a64_arrangement(hv_a64_field(word, 11, 10), whole);
    hv_put(text, bytes, "%s%u {v%u.%s - v%u.%s}, [%s]%s",
           hv_a64_field(word, 22, 22) ? "ld" : "st",
           hv_a64_structure_rows[opcode].turns, first, shape, (first + n - 1) % 32,
           shape, base, after);
    return true;
}

bool hv_a64_memory_text(uint32_t word, char *text, size_t bytes)
{
    return single_text(word, text, bytes) || pair_text(word, text, bytes) ||
           structures_text(word, text, bytes);
}
