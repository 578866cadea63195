/* SPDX-License-Identifier: Apache-2.0 */
/* Orders that are not signed yet: which drug each is for, and whether it starts or stops it. They are no facts of a record. */
#include "format/fhir/read.h"

#include <string.h>

static const char stopping[] = "stopped cancelled on-hold";

/* "Patient/p1", "https://host/fhir/Patient/p1"; an order without a subject is of the patient asked about. */
static bool is_of(const node *order, const char *patient) {
    const char *reference = bfl_fhir_string(bfl_fhir_get(bfl_fhir_get(order, "subject"), "reference"));
    const char *slash = strrchr(reference, '/');
    return !reference[0] || strcmp(slash ? slash + 1 : reference, patient) == 0;
}

static resource resource_of(reader *r, const node *entry, const node *root) {
    resource w = {.r = r, .root = root, .what = "", .profile_words = ""};
    w.type = bfl_fhir_keep(r, bfl_fhir_string(bfl_fhir_get(root, "resourceType")));
    w.id = bfl_fhir_keep(r, bfl_fhir_string(bfl_fhir_get(root, "id")));
    w.url = bfl_fhir_keep(r, bfl_fhir_string(bfl_fhir_get(entry, "fullUrl")));
    w.reference = w.id[0] ? bfl_arena_printf(r->arena, "%s/%s", w.type, w.id) : "";
    return w;
}

static void add_order(reader *r, resource *w, bfl_fhir_orders *orders) {
    const node *never = bfl_fhir_get(w->root, "doNotPerform");
    const char *status = bfl_fhir_string(bfl_fhir_get(w->root, "status"));
    bfl_fhir_order order = {.reference = w->reference};
    order.drug = bfl_fhir_medication(w, &order.words);
    order.draft = strcmp(status, "draft") == 0;
    order.stops = (never && never->type == BFL_JSON_TRUE) || bfl_fhir_among(status, stopping);
    *BFL_PUSH(r->arena, orders) = order;
}

bfl_fhir_orders bfl_fhir_orders_of(bfl_arena *arena, const node *bundle, const char *patient) {
    reader *r = BFL_NEW(arena, reader);
    *r = (reader){.arena = arena, .scratch = arena, .file = "", .indexing = true};
    r->texts = r->entities = r->said = (names){.arena = arena, .scratch = arena};
    bfl_fhir_orders orders = {0};
    for (int pass = 0; pass < 2; pass++)
        for (const node *e = bfl_fhir_first(bfl_fhir_get(bundle, "entry")); e; e = e->next) {
            const node *root = bfl_fhir_get(e, "resource");
            resource w = resource_of(r, e, root);
            if (pass == 0)
                bfl_fhir_index(&w);
            else if (strcmp(w.type, "MedicationRequest") == 0 && is_of(root, patient))
                add_order(r, &w, &orders);
        }
    return orders;
}
