/* SPDX-License-Identifier: MIT */
/* What was checked, in numbers: a thing to count is a row, found by its member's name
 * wherever that stands. */
#include <jansson.h>
#include <string.h>

#include "src/base/error.h"
#include "src/verify/parts.h"

enum what { PAIRS, EXPERIMENTS, SAMPLES, FIGURES, VERDICTS, WHATS };

static const char *const words[WHATS][2] = {
    {"pair",             "pairs"             },
    {"experiment",       "experiments"       },
    {"sample and probe", "samples and probes"},
    {"figure",           "figures"           },
    {"verdict",          "verdicts"          },
};

static const struct row {
    const char *member;
    enum { ONE, EACH } how; /* the member as one, or each element of the array */
    enum what what;
} rows[] = {
    {"pairs",       EACH, PAIRS      },
    {"experiments", EACH, EXPERIMENTS},
    {"ticks",       EACH, SAMPLES    },
    {"probe",       EACH, SAMPLES    },
    {"provenance",  ONE,  FIGURES    },
    {"layout_band", ONE,  FIGURES    }, /* every speedup has one */
    {"verdict",     ONE,  VERDICTS   },
    {"scenario",    ONE,  VERDICTS   },
};

static void count(json_t *value, size_t n[WHATS]);

static void count_member(const char *name, json_t *value, size_t n[WHATS])
{
    for (size_t i = 0; i < HV_LEN(rows); i++)
        if (!strcmp(rows[i].member, name))
            n[rows[i].what] += rows[i].how == EACH ? json_array_size(value) : 1;
    count(value, n);
}

static void count(json_t *value, size_t n[WHATS])
{
    for (void *at = json_object_iter(value); at; at = json_object_iter_next(value, at))
        count_member(json_object_iter_key(at), json_object_iter_value(at), n);
    for (size_t i = 0; i < json_array_size(value); i++)
        count(json_array_get(value, i), n);
}

const char *hv_count_members(struct hv_span dump, struct hv_arena *arena)
{
    size_t n[WHATS] = {0};
    json_t *root = json_loadb(dump.bytes, dump.n, 0, NULL);
    count(root, n);
    json_decref(root);
    const char *text = "";
    for (unsigned i = 0; i < WHATS; i++)
        if (n[i])
            text = hv_arena_printf(arena, "%s%s%zu %s", text, *text ? ", " : "", n[i],
                                   words[i][n[i] != 1]);
    return text;
}
