/* SPDX-License-Identifier: Apache-2.0 */
/* Every table of the service; the page takes whatever is left and stands last. */
#include "serve/account/account.h"
#include "serve/api/api.h"
#include "serve/fhir/fhir.h"
#include "serve/hooks/hooks.h"
#include "serve/page/page.h"
#include "serve/serve.h"

const serve_routes *const serve_all_routes[] = {
    &serve_session_routes,  &serve_user_routes,   &serve_patient_routes, &serve_row_routes,    &serve_assessment_routes,
    &serve_timeline_routes, &serve_review_routes, &serve_import_routes,  &serve_cohort_routes, &serve_ask_routes,
    &serve_audit_routes,    &serve_rule_routes,   &serve_hooks_routes,   &serve_fhir_routes,   &serve_page_routes,
};
const size_t serve_all_routes_count = sizeof serve_all_routes / sizeof *serve_all_routes;

void serve_print_routes(FILE *out) {
    for (size_t t = 0; t < serve_all_routes_count; t++)
        for (size_t i = 0; i < serve_all_routes[t]->count; i++) {
            const serve_route *r = &serve_all_routes[t]->items[i];
            const char *role = r->least == SERVE_ANYONE ? "anyone" : serve_role_word(r->least);
            (void)fprintf(out, "%s %s %s %ld\n", r->method, r->pattern, role, r->body);
        }
}
