/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong with a request, as FHIR says it. */
#include "hooks/hooks.h"

void bfl_hook_refuse(bfl_hook_call *call, int http_status, const char *code, const char *expression, const char *text) {
    if (!call->http_status) call->http_status = http_status;
    *BFL_PUSH(call->arena, &call->problems) = (bfl_hook_problem){code, expression, text};
}

void bfl_hook_outcome_write(bfl_hook_call *call) {
    bfl_json_writer w = {.out = &call->out};
    bfl_json_open(&w, NULL, "{");
    bfl_json_text(&w, "resourceType", "OperationOutcome");
    bfl_json_open(&w, "issue", "[");
    for (size_t i = 0; i < call->problems.count; i++) {
        const bfl_hook_problem *p = &call->problems.items[i];
        bfl_json_open(&w, NULL, "{");
        bfl_json_text(&w, "severity", "error");
        bfl_json_text(&w, "code", p->code);
        bfl_json_open(&w, "details", "{");
        bfl_json_text(&w, "text", p->text);
        bfl_json_close(&w, "}");
        if (p->expression[0]) {
            bfl_json_open(&w, "expression", "[");
            bfl_json_text(&w, NULL, p->expression);
            bfl_json_close(&w, "]");
        }
        bfl_json_close(&w, "}");
    }
    bfl_json_close(&w, "]");
    bfl_json_close(&w, "}");
}
