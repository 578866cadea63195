/* SPDX-License-Identifier: Apache-2.0 */
/* CDS Hooks: whatever the body holds, each service and the feedback answer with a status and JSON, the same ones twice. */
#include "fuzz.h"

#include <boneflare/hooks.h>

#include <simdjson/tree_json.h>

static const char *const services[] = {"boneflare-patient-view", "boneflare-order-sign"};

static void check_json(bfl_text body) {
    const bfl_json_node *root = NULL;
    bfl_json_reader *reader = bfl_json_reader_new();
    PROMISE(reader && bfl_json_read(reader, body.data, body.size, SIZE_MAX, 128, &root, NULL, 0) == BFL_JSON_OK);
    for (const bfl_json_node *n = bfl_json_child(root); n; n = n->next) PROMISE(!n->repeated);
    bfl_json_reader_free(reader);
}

static void check(bfl_hooks *hooks, const bfl_hooks_request *request) {
    bfl_hooks_response out = {0};
    PROMISE(bfl_hooks_call(hooks, request, &out, NULL) == BFL_OK);
    PROMISE(out.http_status == 200 || out.http_status == 400 || out.http_status == 412 || out.http_status == 413);
    PROMISE(out.http_status == 200 || out.card_count == 0);
    check_json(out.body);
    char *first = malloc(out.body.size + 1);
    size_t size = out.body.size;
    PROMISE(first);
    memcpy(first, out.body.data, size);
    PROMISE(bfl_hooks_call(hooks, request, &out, NULL) == BFL_OK);
    PROMISE(out.body.size == size && memcmp(first, out.body.data, size) == 0);
    free(first);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    bfl_rulebook *rulebook = NULL;
    bfl_hooks *hooks = NULL;
    const bfl_hooks_options options = {.struct_size = sizeof options, .body_bytes = 1 << 20};
    PROMISE(bfl_rulebook_open((bfl_text){"", 0}, &rulebook, NULL) == BFL_OK);
    PROMISE(bfl_hooks_open(rulebook, &options, &hooks, NULL) == BFL_OK);
    bfl_hooks_request request = {.struct_size = sizeof request, .body = fuzz_text(data, size)};
    for (int i = 0; i < 2; i++) {
        request.service = services[i];
        check(hooks, &request);
    }
    bfl_hooks_response out = {0};
    bfl_hooks_feedbacks feedbacks = {0};
    PROMISE(bfl_hooks_feedback_read(hooks, &request, &feedbacks, &out, NULL) == BFL_OK);
    PROMISE(out.http_status == 200 || feedbacks.count == 0);
    for (size_t i = 0; i < feedbacks.count; i++)
        PROMISE(feedbacks.items[i].card[0] && feedbacks.items[i].when[0] &&
                (!feedbacks.items[i].accepted || feedbacks.items[i].suggestion_count));
    bfl_hooks_free(hooks);
    bfl_rulebook_free(rulebook);
    return 0;
}
