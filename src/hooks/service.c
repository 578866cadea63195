/* SPDX-License-Identifier: Apache-2.0 */
/* Which services there are, and what each asks the client to send along. */
#include "hooks/hooks.h"

#include <string.h>

static const bfl_hook_service services[] = {
    {"boneflare-patient-view", "patient-view", BFL_TXT_HOOKS_SERVICE__PATIENT_VIEW_TITLE,
     BFL_TXT_HOOKS_SERVICE__PATIENT_VIEW_DESCRIPTION, false},
    {"boneflare-order-sign", "order-sign", BFL_TXT_HOOKS_SERVICE__ORDER_SIGN_TITLE,
     BFL_TXT_HOOKS_SERVICE__ORDER_SIGN_DESCRIPTION, true},
};

const bfl_hook_prefetch bfl_hook_prefetches[] = {
    {"patient", "Patient"},
    {"conditions", "Condition"},
    {"observations", "Observation"},
    {"medicationRequests", "MedicationRequest"},
    {"medicationAdministrations", "MedicationAdministration"},
    {"medicationStatements", "MedicationStatement"},
    {"procedures", "Procedure"},
    {"imagingStudies", "ImagingStudy"},
    {"bodyStructures", "BodyStructure"},
    {"diagnosticReports", "DiagnosticReport"},
};
const size_t bfl_hook_prefetch_count = sizeof bfl_hook_prefetches / sizeof *bfl_hook_prefetches;

const bfl_hook_service *bfl_hook_service_find(const char *id) {
    for (size_t i = 0; i < sizeof services / sizeof *services; i++)
        if (strcmp(services[i].id, id) == 0) return &services[i];
    return NULL;
}

static void write_prefetch(bfl_json_writer *w) {
    bfl_json_open(w, "prefetch", "{");
    for (size_t i = 0; i < bfl_hook_prefetch_count; i++) {
        const bfl_hook_prefetch *p = &bfl_hook_prefetches[i];
        const char *how = strcmp(p->type, "Patient") == 0 ? "/" : "?patient=";
        bfl_json_text(w, p->key, bfl_arena_printf(w->out->arena, "%s%s{{context.patientId}}", p->type, how));
    }
    bfl_json_close(w, "}");
}

void bfl_hook_discovery_write(bfl_buf *out, const bfl_rulebook *rulebook) {
    bfl_json_writer w = {.out = out};
    bfl_json_open(&w, NULL, "{");
    bfl_json_open(&w, "services", "[");
    for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
        const bfl_hook_service *s = &services[i];
        bfl_json_open(&w, NULL, "{");
        bfl_json_text(&w, "hook", s->hook);
        bfl_json_text(&w, "title", bfl_rule_words(rulebook, s->title));
        bfl_json_text(&w, "description", bfl_rule_words(rulebook, s->description));
        bfl_json_text(&w, "id", s->id);
        write_prefetch(&w);
        bfl_json_text(&w, "usageRequirements", bfl_rule_words(rulebook, BFL_TXT_HOOKS_SERVICE__USAGE_TEXT));
        bfl_json_close(&w, "}");
    }
    bfl_json_close(&w, "]");
    bfl_json_close(&w, "}");
}
