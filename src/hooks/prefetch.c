/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is what is needed among what was sent? null says that there is nothing; a key that is not there, or an OperationOutcome, says
 * that it is not known. No server is asked, so what was not sent cannot be got: 412.
 */
#include "hooks/hooks.h"
#include "record/record.h"

#include <string.h>

static bool is_type(const bfl_json_node *resource, const char *type) {
    return strcmp(bfl_fhir_string(bfl_fhir_get(resource, "resourceType")), type) == 0;
}

static bool entry_is(const bfl_json_node *entry, const char *type) {
    static const char *const path[] = {"resource", "resourceType", NULL};
    return bfl_fhir_says(entry, path, type);
}

static bool is_failure(const bfl_json_node *resource) {
    if (!is_type(resource, "OperationOutcome")) return false;
    for (const bfl_json_node *i = bfl_fhir_first(bfl_fhir_get(resource, "issue")); i; i = i->next)
        if (bfl_fhir_among(bfl_fhir_string(bfl_fhir_get(i, "severity")), "fatal error")) return true;
    return false;
}

/* A Bundle of a search may say in an entry that it failed. */
static bool failed(const bfl_json_node *root) {
    if (is_failure(root)) return true;
    if (!is_type(root, "Bundle") || bfl_json_never_says(root, "OperationOutcome")) return false;
    bfl_json_elements entries = bfl_json_elements_of(bfl_fhir_get(root, "entry"));
    for (const bfl_json_node *e; (e = bfl_json_next(&entries));)
        if (entry_is(e, "OperationOutcome") && is_failure(bfl_fhir_get(e, "resource"))) return true;
    return false;
}

static bool holds(const bfl_json_node *root, const char *type) {
    if (is_type(root, type)) return true;
    if (!is_type(root, "Bundle") || bfl_json_never_says(root, type)) return false;
    bfl_json_elements entries = bfl_json_elements_of(bfl_fhir_get(root, "entry"));
    for (const bfl_json_node *e; (e = bfl_json_next(&entries));)
        if (entry_is(e, type)) return true;
    return false;
}

static bool has_next_page(const bfl_json_node *root) {
    if (!is_type(root, "Bundle")) return false;
    for (const bfl_json_node *l = bfl_fhir_first(bfl_fhir_get(root, "link")); l; l = l->next)
        if (strcmp(bfl_fhir_string(bfl_fhir_get(l, "relation")), "next") == 0) return true;
    return false;
}

static const bfl_json_node *member(const bfl_json_node *object, const char *key) {
    for (const bfl_json_node *n = object ? bfl_json_child(object) : NULL; n; n = n->next)
        if (strcmp(n->key, key) == 0) return n;
    return NULL;
}

/* Was the question asked under that key answered, or by another Bundle? */
static bool answered(const bfl_hook_call *call, const bfl_json_node *prefetch, const char *key) {
    const bfl_json_node *given = member(prefetch, key);
    if (given && given->type == BFL_JSON_NULL) return true;
    if (given && !failed(given)) return true;
    const char *type = "";
    for (size_t i = 0; i < bfl_hook_prefetch_count; i++)
        if (strcmp(bfl_hook_prefetches[i].key, key) == 0) type = bfl_hook_prefetches[i].type;
    for (size_t i = 0; i < call->trees.count; i++)
        if (holds(call->trees.items[i].root, type)) return true;
    return false;
}

static void need(bfl_hook_call *call, const bfl_json_node *prefetch, const char *const *keys, const char *text) {
    for (const char *const *k = keys; *k; k++)
        if (answered(call, prefetch, *k)) return;
    bfl_hook_refuse(call, 412, "required", bfl_arena_printf(call->arena, "prefetch.%s", keys[0]), text);
}

static void take(bfl_hook_call *call, const bfl_json_node *n) {
    const char *name = bfl_arena_printf(call->arena, "prefetch.%s", bfl_plain_text(call->arena, n->key));
    if (n->type == BFL_JSON_NULL) return;
    if (n->type != BFL_JSON_OBJECT || !bfl_fhir_string(bfl_fhir_get(n, "resourceType"))[0]) {
        bfl_hook_refuse(call, 400, "structure", name, bfl_arena_printf(call->arena, "%s is no FHIR resource", name));
        return;
    }
    if (failed(n)) return;
    if (has_next_page(n))
        call->more_pages = bfl_arena_printf(call->arena, "%s%s%s", call->more_pages, call->more_pages[0] ? ", " : "",
                                            bfl_plain_text(call->arena, n->key));
    *BFL_PUSH(call->arena, &call->trees) = (bfl_fhir_tree){name, n};
}

static void check_patient(bfl_hook_call *call, const bfl_json_node *prefetch) {
    const bfl_json_node *given = bfl_fhir_get(prefetch, "patient");
    const char *id = bfl_fhir_string(bfl_fhir_get(given, "id"));
    if (given && is_type(given, "Patient") && strcmp(id, call->patient) != 0)
        bfl_hook_refuse(call, 400, "value", "prefetch.patient",
                        "prefetch.patient is another patient than context.patientId");
}

void bfl_hook_read_prefetch(bfl_hook_call *call) {
    static const char *const observations[] = {"observations", NULL};
    static const char *const drugs[] = {"medicationRequests", "medicationAdministrations", "medicationStatements",
                                        NULL};
    const bfl_json_node *prefetch = bfl_fhir_get(call->root, "prefetch");
    call->more_pages = "";
    if (prefetch && prefetch->type != BFL_JSON_OBJECT) {
        bfl_hook_refuse(call, 400, "structure", "prefetch", "prefetch is not an object");
        return;
    }
    bfl_hook_check_keys(call, prefetch, "prefetch");
    for (const bfl_json_node *n = prefetch ? bfl_json_child(prefetch) : NULL; n; n = n->next) take(call, n);
    check_patient(call, prefetch);
    if (call->problems.count) return;
    need(call, prefetch, observations,
         "the patient's Observations are needed under prefetch.observations; this service asks no server");
    need(call, prefetch, drugs,
         "the patient's drugs are needed under prefetch.medicationRequests, .medicationAdministrations or "
         ".medicationStatements; this service asks no server");
}
