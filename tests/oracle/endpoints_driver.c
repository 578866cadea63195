/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Endpoints of courses on standard input, one a line, for endpoints.py:
 *   policies|death|last contact|therapies|visits
 *   cr_then_pr=pr sticky_pr=yes|200|220|0 a anticancer;90 b radiotherapy|0 -;42 PR;84 SD
 * Prints one line a course: id:state:value:start:day:cause, separated by '|'.
 */
#include "endpoint/endpoint.h"

#include <stdio.h>
#include <string.h>

enum { MOST = 64, LINE = 8192 };

typedef struct course {
    bfl_therapy therapies[MOST];
    bfl_criterion_visit visits[MOST];
    bfl_record record;
    bfl_criterion_result criterion;
    bfl_endpoint_options options;
} course;

static int32_t whole(bfl_text text) {
    bfl_decimal value = {0, 0};
    if (bfl_decimal_parse(text, &value, NULL) != BFL_OK) return 0;
    return (int32_t)bfl_decimal_double(value);
}

static bfl_response response(bfl_text word) {
    for (int r = 0; r <= BFL_RESPONSE_PD_UNCONFIRMED; r++)
        if (bfl_text_equal(word, bfl_text_of(bfl_response_word((bfl_response)r)))) return (bfl_response)r;
    return BFL_RESPONSE_NONE;
}

static void read_therapies(bfl_arena *arena, bfl_text list, course *c) {
    while (list.size > 0 && c->record.therapy_count < MOST) {
        bfl_text one = bfl_text_split(&list, ';');
        bfl_therapy *t = &c->therapies[c->record.therapy_count++];
        t->start.day = t->start.first = whole(bfl_text_split(&one, ' '));
        t->start.known = true;
        t->drug = bfl_arena_text(arena, bfl_text_split(&one, ' '));
        (void)bfl_intent_parse(bfl_text_split(&one, ' '), &t->intent);
        t->stop.known = one.size > 0;
        t->stop.day = t->stop.first = whole(one);
    }
}

static bfl_status read_course(bfl_arena *arena, const bfl_rulebook *rulebook, bfl_text line, course *c) {
    *c = (course){.criterion = {.id = "recist11", .name = "RECIST 1.1"}};
    bfl_text policies = bfl_text_split(&line, '|'), death = bfl_text_split(&line, '|');
    c->record.last_day = whole(bfl_text_split(&line, '|'));
    if (death.size > 0) c->record.patient.death = (bfl_date){whole(death), whole(death), BFL_DATE_RELATIVE};
    read_therapies(arena, bfl_text_split(&line, '|'), c);
    while (line.size > 0 && c->criterion.visit_count < MOST) {
        bfl_text one = bfl_text_split(&line, ';');
        bfl_criterion_visit *v = &c->visits[c->criterion.visit_count++];
        v->day = whole(bfl_text_split(&one, ' '));
        v->response = response(one);
    }
    c->record.therapies = c->therapies;
    c->criterion.visits = c->visits;
    bfl_status status = bfl_endpoint_options_init(rulebook, &c->options, NULL);
    while (policies.size > 0 && !status)
        status = bfl_endpoint_options_set(&c->options, bfl_text_split(&policies, ' '), NULL);
    return status;
}

static bfl_status derive(bfl_arena *arena, void *context, bfl_error *err) {
    const bfl_rulebook *rulebook = context;
    char line[LINE];
    course *c = BFL_NEW(arena, course);
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        bfl_status status = read_course(arena, rulebook, bfl_text_of(line), c);
        if (status) return bfl_fail(err, status, "", 0, "%s", line);
        bfl_endpoint_input in = {&c->record, rulebook, &c->criterion, &c->options};
        const bfl_endpoints *e = bfl_endpoint_derive(arena, &in);
        for (int i = 0; i < BFL_ENDPOINT_COUNT; i++) {
            const bfl_endpoint *item = &e->items[i];
            printf("%s%s:%s:%s:%d:%d:%s", i ? "|" : "", item->id, bfl_endpoint_state_word(item->state), item->value,
                   (int)item->start, item->has_day ? (int)item->day : -1, item->cause);
        }
        printf("\n");
    }
    return BFL_OK;
}

int main(void) {
    bfl_rulebook *rulebook = NULL;
    bfl_error err = {0};
    bfl_status status = bfl_rulebook_open(BFL_TEXT(""), &rulebook, &err);
    bfl_arena *arena = bfl_arena_new();
    if (!status && arena) status = bfl_arena_run(arena, derive, rulebook, &err);
    if (status) fprintf(stderr, "%s\n", err.message);
    bfl_arena_free(arena);
    bfl_rulebook_free(rulebook);
    return status || !arena ? 1 : 0;
}
