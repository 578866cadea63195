/* SPDX-License-Identifier: Apache-2.0 */
/* The question box: sentences of the rulebook and of this patient's own evidence, quoted with their citations; or the plain
 * statement that neither says anything about it. */
#include "serve/api/api.h"
#include "serve/api/words.h"
#include "serve/record/record.h"
#include "serve/server.h"

#include <string.h>

enum { MOST_ANSWERS = 5, MOST_CANDIDATES = 12, MOST_QUESTION = 1000 };

/* A sentence answers when its words make up at least this share of the question, and it is not far behind the best. */
static const double LEAST_COVERED = 0.5, LEAST_OF_BEST = 0.4;
/* What this patient's record says comes before what the rulebook says of anybody. */
static const double OWN_FIRST = 2;

typedef struct sentence {
    const char *text;
    const bfl_rule *rule; /* NULL = of no rule */
    const bfl_event_ref *events;
    size_t event_count;
    bool own; /* of this patient */
} sentence;

typedef struct corpus {
    serve_call *call;
    const bfl_record *record;
    sentence *items;
    serve_words *words;
    size_t count, room, own;
} corpus;

static void add(corpus *c, sentence s, serve_words words) {
    if (!s.text || !*s.text) return;
    if (c->count == c->room) {
        size_t room = 2 * c->room + 256;
        c->items = serve_pool_grow(c->call->pool, c->items, c->count * sizeof *c->items, room * sizeof *c->items);
        c->words = serve_pool_grow(c->call->pool, c->words, c->count * sizeof *c->words, room * sizeof *c->words);
        c->room = room;
    }
    c->words[c->count] = words;
    c->items[c->count++] = s;
}

/* ---- what may answer ---- */

/* The words of every rule, once at the start. */
void serve_ask_prepare(serve_server *server) {
    size_t count = bfl_rulebook_count(server->rulebook);
    serve_words *words = SERVE_NEW_ARRAY(server->pool, count + 1, serve_words);
    for (size_t i = 0; i < count; i++) {
        const bfl_rule *rule = bfl_rulebook_at(server->rulebook, i);
        if (strncmp(rule->id, "report.plain.", 13) == 0) continue; /* the same again, in words for patients */
        words[i] = serve_words_of(server->pool, serve_pool_printf(server->pool, "%s %s %s %s %s", rule->title,
                                                                  rule->text, rule->reason, rule->standard, rule->id));
    }
    server->rule_words = words;
}

static void add_rules(corpus *c) {
    const serve_server *s = c->call->server;
    for (size_t i = 0; i < bfl_rulebook_count(s->rulebook); i++) {
        const bfl_rule *rule = bfl_rulebook_at(s->rulebook, i);
        if (s->rule_words[i].count)
            add(c, (sentence){.text = *rule->text ? rule->text : rule->title, .rule = rule}, s->rule_words[i]);
    }
}

static void add_own(corpus *c, const char *text, const bfl_rule *rule, const bfl_event_ref *events, size_t count) {
    const char *searched =
        serve_pool_printf(c->call->pool, "%s %s %s", text ? text : "", rule ? rule->title : "", rule ? rule->text : "");
    add(c, (sentence){text, rule, events, count, true}, serve_words_of(c->call->pool, searched));
}

static void add_reasons(corpus *c, const bfl_reason *reasons, size_t count) {
    for (size_t i = 0; i < count; i++)
        add_own(c, reasons[i].finding, reasons[i].rule, reasons[i].events, reasons[i].event_count);
}

static const char *evidence_text(corpus *c, const bfl_evidence *e) {
    static const char *const sides[] = {"For flare", "For progression", "For something else", "Noted, without weight"};
    return serve_pool_printf(c->call->pool, "%s: %s. %s", sides[e->direction], e->finding, e->rule->text);
}

static void add_patient(corpus *c, const bfl_assessment *a) {
    const bfl_bone *now = &a->verdict->now;
    c->record = a->record;
    add_own(c, now->because, NULL, NULL, 0);
    for (size_t i = 0; i < now->evidence_count; i++) {
        const bfl_evidence *e = &now->evidence[i];
        add_own(c, evidence_text(c, e), e->rule, e->events, e->event_count);
    }
    for (size_t i = 0; i < a->verdict->alarm_count; i++) {
        const bfl_alarm *alarm = &a->verdict->alarms[i];
        add_own(c, serve_pool_printf(c->call->pool, "Alarm: %s", alarm->finding), alarm->rule, alarm->events,
                alarm->event_count);
    }
    for (size_t i = 0; i < a->workup->next_count; i++) {
        const bfl_step *step = &a->workup->next[i];
        add_own(c, serve_pool_printf(c->call->pool, "Next: %s %s", step->action, step->why), step->rule, step->events,
                step->event_count);
    }
    for (size_t i = 0; i < a->criteria->visit_count; i++)
        add_reasons(c, a->criteria->visits[i].reasons, a->criteria->visits[i].reason_count);
    add_reasons(c, a->criteria->conflicts, a->criteria->conflict_count);
    for (size_t i = 0; i < a->markers->course_count; i++)
        add_reasons(c, a->markers->courses[i].reasons, a->markers->courses[i].reason_count);
}

/* ---- the answer ---- */

static void put_citations(serve_json *w, const bfl_rule *rule) {
    serve_buf citations = {.pool = w->out.pool};
    serve_json_text(w, "rule", rule ? rule->id : NULL);
    serve_json_open(w, "source", "[");
    for (size_t i = 0; rule && i < rule->source_count; i++) {
        const bfl_citation *cited = bfl_citation_find(rule->sources[i]);
        serve_json_text(w, NULL, rule->sources[i]);
        if (cited) serve_buf_printf(&citations, "%s%s", citations.size ? "; " : "", cited->text);
    }
    serve_json_close(w, "]");
    serve_json_text(w, "known", rule ? bfl_known_word(rule->known) : NULL);
    serve_json_text(w, "citation", citations.size ? serve_buf_text(&citations).data : NULL);
}

static void put_answer(serve_json *w, const corpus *c, const sentence *s) {
    serve_json_open(w, NULL, "{");
    serve_json_text(w, "text", s->text);
    serve_json_text(w, "from", s->own ? "record" : "rulebook");
    put_citations(w, s->rule);
    serve_json_open(w, "events", "[");
    for (size_t i = 0; i < s->event_count; i++) {
        bfl_source source = bfl_record_source(c->record, s->events[i]);
        serve_json_text(w, NULL, serve_pool_printf(w->out.pool, "%s:%u", source.file, source.row));
    }
    serve_json_close(w, "]");
    serve_json_close(w, "}");
}

/* One sentence is quoted once, however many places it stands in. */
static bool is_told(const corpus *c, const serve_hit *hits, size_t i) {
    for (size_t k = 0; k < i; k++)
        if (strcmp(c->items[hits[k].index].text, c->items[hits[i].index].text) == 0) return true;
    return false;
}

static void reply_answers(serve_call *call, const corpus *c, const char *question) {
    serve_hit hits[MOST_CANDIDATES];
    const serve_words asked = serve_words_of(call->pool, question);
    const serve_sentences sentences = {c->words, c->count, c->own, OWN_FIRST};
    size_t found = serve_words_search(call->pool, &asked, &sentences, hits, MOST_CANDIDATES), told = 0;
    serve_json w = serve_json_in(call->pool);
    serve_json_open(&w, NULL, "{");
    serve_json_open(&w, "answers", "[");
    for (size_t i = 0; i < found && told < MOST_ANSWERS; i++) {
        if (hits[i].covered < LEAST_COVERED || hits[i].score < LEAST_OF_BEST * hits[0].score || is_told(c, hits, i))
            continue;
        put_answer(&w, c, &c->items[hits[i].index]);
        told++;
    }
    serve_json_close(&w, "]");
    if (told)
        serve_json_null(&w, "none");
    else
        serve_json_text(&w, "none",
                        c->record ? "Neither the rulebook nor this patient's record says anything about this."
                                  : "The rulebook says nothing about this.");
    serve_json_close(&w, "}");
    serve_reply_json(call, 200, &w);
}

static void post_ask(serve_call *call) {
    bool bad = false;
    corpus c = {.call = call};
    const json_t *body = serve_body_object(call);
    const char *question = body ? serve_needed(call, body, "question", MOST_QUESTION) : NULL;
    const char *key = question ? serve_member(call, body, "patient", STORE_KEY_SIZE, &bad) : NULL;
    if (!question || bad) return;
    if (key && *key) {
        serve_version v = {0};
        const bfl_assessment *a;
        const bfl_assess_options options = {.struct_size = sizeof options};
        if (!serve_version_load(call, key, 0, &v) || !serve_assess(call, &v, &options, &a)) return;
        serve_reads(call, "patient.read", v.stored->key);
        add_patient(&c, a);
        c.own = c.count;
    }
    add_rules(&c);
    reply_answers(call, &c, question);
}

static const serve_route routes[] = {
    {"POST", "/api/v1/ask", SERVE_READER, SERVE_SMALL, SERVE_PLAIN, post_ask},
};
const serve_routes serve_ask_routes = {routes, sizeof routes / sizeof *routes};
