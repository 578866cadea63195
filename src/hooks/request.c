/* SPDX-License-Identifier: Apache-2.0 */
/* What the body of a call must hold (CDS Hooks 2.0.1, "Calling a CDS Service"). Members that 3.0 adds are let through. */
#include "hooks/hooks.h"
#include "record/record.h"

#include <string.h>

enum { JSON_DEPTH = 128, ID_CHARACTERS = 64 };

static const char as_of_extension[] = "example.boneflare.as-of";

/* ---- members ---- */

/* Last name of a path: "context.patientId" -> "patientId". */
static const char *last_name(const char *expression) {
    const char *dot = strrchr(expression, '.');
    return dot ? dot + 1 : expression;
}

static void not_there(bfl_hook_call *call, const char *expression, const char *what) {
    bfl_hook_refuse(call, 400, "required", expression,
                    bfl_arena_printf(call->arena, "%s is missing: %s", expression, what));
}

static void wrong_type(bfl_hook_call *call, const char *expression, const char *what) {
    bfl_hook_refuse(call, 400, "structure", expression,
                    bfl_arena_printf(call->arena, "%s is not %s", expression, what));
}

const char *bfl_hook_text(bfl_hook_call *call, const bfl_json_node *object, const char *expression, bool needed) {
    const bfl_json_node *n = bfl_fhir_get(object, last_name(expression));
    if (n && n->type != BFL_JSON_STRING)
        wrong_type(call, expression, "a text");
    else if ((!n || !n->text[0]) && needed)
        not_there(call, expression, "a text is needed");
    return bfl_fhir_string(n);
}

static const bfl_json_node *object_at(bfl_hook_call *call, const bfl_json_node *object, const char *expression,
                                      bool needed) {
    const bfl_json_node *n = bfl_fhir_get(object, last_name(expression));
    if (!n && needed) not_there(call, expression, "an object is needed");
    if (!n || n->type == BFL_JSON_OBJECT) return n;
    wrong_type(call, expression, "an object");
    return NULL;
}

void bfl_hook_check_keys(bfl_hook_call *call, const bfl_json_node *object, const char *expression) {
    for (const bfl_json_node *n = object ? bfl_json_child(object) : NULL; n; n = n->next)
        if (n->repeated) {
            const char *key = bfl_issue_quote(call->arena, bfl_text_of(n->key));
            bfl_hook_refuse(call, 400, "structure", expression,
                            bfl_arena_printf(call->arena, "the key %s is there twice", key));
        }
}

static bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool bfl_hook_is_uuid(const char *z) {
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    if (strncmp(z, "urn:uuid:", 9) == 0) z += 9;
    for (size_t i = 0; i < sizeof form - 1; i++)
        if (form[i] == 'x' ? !is_hex(z[i]) : z[i] != form[i]) return false;
    return z[sizeof form - 1] == '\0';
}

/* An id of FHIR: letters, digits, '-' and '.', at most 64. */
static bool is_id(const char *z) {
    size_t size = strspn(z, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.");
    return size > 0 && size <= ID_CHARACTERS && z[size] == '\0';
}

static bool is_url(const char *z) { return strncmp(z, "https://", 8) == 0 || strncmp(z, "http://", 7) == 0; }

/* ---- the body ---- */

void bfl_hook_parse(bfl_hook_call *call) {
    char message[160];
    bfl_text body = call->request->body;
    bfl_json_status status = bfl_json_read(call->hooks->json, body.data, body.size, call->hooks->options.body_bytes,
                                           JSON_DEPTH, &call->root, message, sizeof message);
    if (status == BFL_JSON_BAD || status == BFL_JSON_LIMIT)
        bfl_hook_refuse(call, body.size > call->hooks->options.body_bytes ? 413 : 400,
                        status == BFL_JSON_BAD ? "structure" : "too-costly", "",
                        status == BFL_JSON_BAD
                            ? bfl_arena_printf(call->arena, "the body is not JSON: %s",
                                               bfl_issue_quote(call->arena, bfl_text_of(message)))
                            : bfl_arena_printf(call->arena,
                                               "the body is longer than %zu bytes, or nested deeper than %d",
                                               call->hooks->options.body_bytes, JSON_DEPTH));
    else if (status == BFL_JSON_OK && call->root->type != BFL_JSON_OBJECT)
        wrong_type(call, "the body", "an object");
    else if (status == BFL_JSON_OK)
        bfl_hook_check_keys(call, call->root, "");
}

static void check_hook(bfl_hook_call *call) {
    const char *hook = bfl_hook_text(call, call->root, "hook", true);
    if (hook[0] && strcmp(hook, call->service->hook) != 0)
        bfl_hook_refuse(call, 400, "value", "hook",
                        bfl_arena_printf(call->arena, "the service %s is for the hook %s, not for %s",
                                         call->service->id, call->service->hook,
                                         bfl_issue_quote(call->arena, bfl_text_of(hook))));
    call->instance = bfl_hook_text(call, call->root, "hookInstance", true);
    if (call->instance[0] && !bfl_hook_is_uuid(call->instance)) wrong_type(call, "hookInstance", "a UUID");
}

/* cds-r-1; cds-r-2 is only a SHOULD, but a token for somebody else's data is a mistake. Nothing is fetched with it. */
static void check_authorization(bfl_hook_call *call) {
    const char *server = bfl_hook_text(call, call->root, "fhirServer", false);
    const bfl_json_node *given = object_at(call, call->root, "fhirAuthorization", false);
    if (server[0] && !is_url(server)) wrong_type(call, "fhirServer", "a URL");
    if (!given) return;
    if (!server[0])
        bfl_hook_refuse(call, 400, "required", "fhirServer", "fhirServer is needed beside fhirAuthorization (cds-r-1)");
    (void)bfl_hook_text(call, given, "fhirAuthorization.access_token", true);
    (void)bfl_hook_text(call, given, "fhirAuthorization.scope", true);
    (void)bfl_hook_text(call, given, "fhirAuthorization.subject", true);
    const char *type = bfl_hook_text(call, given, "fhirAuthorization.token_type", true);
    if (type[0] && strcmp(type, "Bearer") != 0) wrong_type(call, "fhirAuthorization.token_type", "Bearer");
    const bfl_json_node *expires = bfl_fhir_get(given, "expires_in");
    if (!expires || expires->type != BFL_JSON_NUMBER) wrong_type(call, "fhirAuthorization.expires_in", "a number");
    const char *patient = bfl_hook_text(call, given, "fhirAuthorization.patient", false);
    if (patient[0] && call->patient[0] && strcmp(patient, call->patient) != 0)
        bfl_hook_refuse(call, 400, "value", "fhirAuthorization.patient",
                        "fhirAuthorization.patient is another patient than context.patientId");
}

static void check_context(bfl_hook_call *call) {
    const bfl_json_node *context = object_at(call, call->root, "context", true);
    if (!context) return;
    bfl_hook_check_keys(call, context, "context");
    const char *user = bfl_hook_text(call, context, "context.userId", true);
    if (user[0] && !strchr(user, '/')) wrong_type(call, "context.userId", "a reference such as Practitioner/123");
    const char *patient = bfl_hook_text(call, context, "context.patientId", true);
    if (strncmp(patient, "Patient/", 8) == 0) patient += 8;
    if (patient[0] && !is_id(patient)) wrong_type(call, "context.patientId", "an id of FHIR");
    call->patient = patient;
    call->encounter = bfl_hook_text(call, context, "context.encounterId", false);
    if (!call->service->orders) return;
    call->orders = object_at(call, context, "context.draftOrders", true);
    if (call->orders && strcmp(bfl_fhir_string(bfl_fhir_get(call->orders, "resourceType")), "Bundle") != 0)
        wrong_type(call, "context.draftOrders", "a Bundle");
}

static void check_as_of(bfl_hook_call *call) {
    const bfl_json_node *extension = object_at(call, call->root, "extension", false);
    const bfl_json_node *given = bfl_fhir_get(extension, as_of_extension);
    call->has_as_of = call->request->has_as_of;
    call->as_of = call->request->as_of;
    if (!given) return;
    call->has_as_of = true;
    if (bfl_date_parse(bfl_text_of(bfl_fhir_string(given)), &call->as_of, NULL) != BFL_OK)
        wrong_type(call, "extension",
                   "an object with a date such as 2019-04-04 under "
                   "example.boneflare.as-of");
}

void bfl_hook_read_request(bfl_hook_call *call) {
    check_hook(call);
    check_context(call);
    check_authorization(call);
    check_as_of(call);
    if (!call->problems.count) bfl_hook_read_prefetch(call);
}
