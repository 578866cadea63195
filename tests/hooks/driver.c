/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers requests from standard input, so that a test in Python can drive the library without a server:
 *   "SERVICE AS_OF LENGTH\n" BODY   ->   "STATUS CARDS LENGTH\n" BODY
 * AS_OF "-" is none. SERVICE "discovery" gives the document; "feedback:ID" reads feedback, and answers what was read.
 */
#include <boneflare/boneflare.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void put(int status, size_t cards, const char *data, size_t size) {
    printf("%d %zu %zu\n", status, cards, size);
    (void)fwrite(data, 1, size, stdout);
    (void)fflush(stdout);
}

static void put_feedback(const bfl_hooks_feedbacks *f) {
    char text[65536];
    size_t size = 0;
    for (size_t i = 0; i < f->count && size < sizeof text - 4096; i++) {
        const bfl_hooks_feedback *one = &f->items[i];
        size += (size_t)snprintf(text + size, sizeof text - size, "%s|%s|%zu|%s|%s|%s|%.100s|%s\n", one->card,
                                 one->accepted ? "accepted" : "overridden", one->suggestion_count,
                                 one->suggestion_count ? one->suggestions[0] : "", one->reason_code, one->reason_system,
                                 one->comment, one->when);
    }
    put(200, f->count, text, size);
}

static bool answer(bfl_hooks *hooks, char *service, const char *as_of, bfl_text body) {
    bfl_hooks_request request = {.struct_size = sizeof request, .service = service, .body = body};
    bfl_hooks_response out;
    bfl_hooks_feedbacks feedbacks;
    bfl_status status;
    if (strcmp(as_of, "-") != 0) {
        request.has_as_of = true;
        if (bfl_date_parse(bfl_text_of(as_of), &request.as_of, NULL)) return false;
    }
    if (strcmp(service, "discovery") == 0) {
        status = bfl_hooks_discovery(hooks, &out, NULL);
    } else if (strncmp(service, "feedback:", 9) == 0) {
        request.service = service + 9;
        status = bfl_hooks_feedback_read(hooks, &request, &feedbacks, &out, NULL);
        if (!status && out.http_status == 200) {
            put_feedback(&feedbacks);
            return true;
        }
    } else {
        status = bfl_hooks_call(hooks, &request, &out, NULL);
    }
    if (!status) put(out.http_status, out.card_count, out.body.data, out.body.size);
    return status == BFL_OK;
}

int main(int argc, char **argv) {
    bfl_rulebook *rulebook = NULL;
    bfl_hooks *hooks = NULL;
    const bfl_hooks_options options = {
        .struct_size = sizeof options, .page_url = argc > 1 ? argv[1] : NULL, .body_bytes = 8 << 20};
    bool good =
        !bfl_rulebook_open((bfl_text){"", 0}, &rulebook, NULL) && !bfl_hooks_open(rulebook, &options, &hooks, NULL);
    char line[512], service[256], as_of[32];
    unsigned long size;
    while (good && fgets(line, sizeof line, stdin)) {
        char *rest = line;
        good = sscanf(rest, "%255s %31s %lu", service, as_of, &size) == 3; // lint: a test's own protocol
        char *body = good ? malloc(size + 1) : NULL;
        good = body && fread(body, 1, size, stdin) == size && answer(hooks, service, as_of, (bfl_text){body, size});
        free(body);
    }
    bfl_hooks_free(hooks);
    bfl_rulebook_free(rulebook);
    return good ? 0 : 1;
}
