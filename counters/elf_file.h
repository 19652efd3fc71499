/* SPDX-License-Identifier: MIT */
/* Whether a file is the one that a loaded object came from. */
#ifndef HV_COUNTERS_ELF_FILE_H
#define HV_COUNTERS_ELF_FILE_H

#include <gelf.h>
#include <stdbool.h>

#include "counters/object.h"

/* File and image are of one build: their segments agree, and so do their notes, of
 * which the build id is one. Only object->base and its segments are used. */
bool hv_elf_is_object(Elf *elf, const struct hv_object *object);

/* The bytes of a loaded object are mapped and readable: tables of a damaged file may
 * say anything. start: an address as in the file. */
bool hv_object_maps(const struct hv_object *object, GElf_Addr start, size_t size);

#endif
