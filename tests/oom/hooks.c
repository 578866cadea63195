/* SPDX-License-Identifier: Apache-2.0 */
/* CDS Hooks: one request, from the body to the cards; the discovery document; feedback. */
#include "sweep.h"

#include <boneflare/boneflare.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *body;
static size_t body_size;
static bfl_rulebook *rulebook;

static bool read_body(const char *path) {
    FILE *in = fopen(path, "rb");
    if (!in || fseek(in, 0, SEEK_END) != 0) return false;
    body_size = (size_t)ftell(in);
    rewind(in);
    body = malloc(body_size + 1);
    bool good = body && fread(body, 1, body_size, in) == body_size;
    return fclose(in) == 0 && good;
}

static bfl_status check(bfl_status status, const bfl_error *err, const bfl_hooks_response *out) {
    if (status && err->status != status) oom_complain("the error says something else than the status");
    if (status && out->http_status != -1) oom_complain("an output was touched");
    return status;
}

static bfl_status answer(const char *service) {
    bfl_hooks *hooks = NULL;
    bfl_error err = {0};
    bfl_status status = bfl_hooks_open(rulebook, NULL, &hooks, &err);
    if (status) return status;
    const bfl_hooks_request request = {.struct_size = sizeof request, .service = service, .body = {body, body_size}};
    bfl_hooks_response out = {.http_status = -1};
    bfl_hooks_feedbacks feedbacks = {0};
    status = check(bfl_hooks_discovery(hooks, &out, &err), &err, &out);
    out.http_status = -1;
    if (!status) status = check(bfl_hooks_call(hooks, &request, &out, &err), &err, &out);
    if (!status && out.http_status != 200) oom_complain("the request was refused");
    out.http_status = -1;
    if (!status) status = check(bfl_hooks_feedback_read(hooks, &request, &feedbacks, &out, &err), &err, &out);
    bfl_hooks_free(hooks);
    return status;
}

int main(int argc, char **argv) {
    if (argc != 4 || !read_body(argv[3]) || bfl_rulebook_open((bfl_text){"", 0}, &rulebook, NULL)) return 1;
    printf("1..1\n");
    bool good = oom_sweep(1, argv[2], answer, argv[2], strtol(argv[1], NULL, 10));
    bfl_rulebook_free(rulebook);
    free(body);
    return good ? 0 : 1;
}
