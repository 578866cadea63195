/* SPDX-License-Identifier: Apache-2.0 */
/* The rulebook's sentences and the sources, for a page that shows rule ids and citation keys. */
#include "serve/api/api.h"
#include "serve/server.h"

#include <string.h>

static void put_parameter(serve_json *w, const bfl_rule *rule, const char *key) {
    const bfl_parameter *found = bfl_rule_parameter(rule, key);
    if (found) serve_json_text(w, key, found->text);
}

static void put_rule(serve_json *w, const bfl_rule *rule) {
    serve_json_open(w, rule->id, "{");
    serve_json_text(w, "title", rule->title);
    serve_json_text(w, "text", rule->text);
    serve_json_text(w, "known", bfl_known_word(rule->known));
    serve_json_text(w, "reason", rule->reason);
    serve_json_open(w, "sources", "[");
    for (size_t i = 0; i < rule->source_count; i++) serve_json_text(w, NULL, rule->sources[i]);
    serve_json_close(w, "]");
    put_parameter(w, rule, "after"); /* the edges of the work-up's graph */
    serve_json_close(w, "}");
}

static void get_rules(serve_call *call) {
    const char *prefix = serve_query(call, "prefix");
    const bfl_rulebook *book = call->server->rulebook;
    size_t size = prefix ? strlen(prefix) : 0;
    serve_json w = serve_json_in(call->pool);
    serve_json_open(&w, NULL, "{");
    serve_json_open(&w, "rules", "{");
    for (size_t i = 0; i < bfl_rulebook_count(book); i++) {
        const bfl_rule *rule = bfl_rulebook_at(book, i);
        if (size == 0 || strncmp(rule->id, prefix, size) == 0) put_rule(&w, rule);
    }
    serve_json_close(&w, "}");
    serve_json_close(&w, "}");
    serve_reply_json(call, 200, &w);
}

static void get_citations(serve_call *call) {
    serve_json w = serve_json_in(call->pool);
    serve_json_open(&w, NULL, "{");
    serve_json_open(&w, "citations", "{");
    for (size_t i = 0; i < bfl_citation_count(); i++) {
        const bfl_citation *citation = bfl_citation_at(i);
        serve_json_open(&w, citation->key, "{");
        serve_json_text(&w, "text", citation->text);
        serve_json_text(&w, "url", citation->url);
        serve_json_text(&w, "seen", citation->seen);
        serve_json_close(&w, "}");
    }
    serve_json_close(&w, "}");
    serve_json_close(&w, "}");
    serve_reply_json(call, 200, &w);
}

static const serve_route routes[] = {
    {"GET", "/api/v1/rules", SERVE_READER, 0, SERVE_PLAIN, get_rules},
    {"GET", "/api/v1/citations", SERVE_READER, 0, SERVE_PLAIN, get_citations},
};
const serve_routes serve_rule_routes = {routes, sizeof routes / sizeof *routes};
