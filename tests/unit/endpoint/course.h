/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A course in one line, for tests of the endpoints: "56 PR, 112 CR" are the visits after a baseline on day 0; policies are
 * "name=value" separated by spaces.
 */
#ifndef BFL_TEST_COURSE_H
#define BFL_TEST_COURSE_H

#include "test.h"

#include "endpoint/endpoint.h"

typedef struct course {
    const char *visits, *policies;
    int32_t death;       /* day, 0 = alive */
    int32_t new_therapy; /* day, 0 = none */
    bfl_intent intent;   /* of the new therapy; NONE = anticancer drug */
    int32_t last_contact;
    bool without_targets; /* at each visit */
    const bfl_rulebook *rulebook;
    char said[BFL_ENDPOINT_COUNT][160]; /* "PR d56", "event d112 progression", "N" */
    char rules[BFL_ENDPOINT_COUNT][600];
    char readings[600];
} course;

static inline bfl_response course_response(bfl_text word) {
    for (int r = 0; r <= BFL_RESPONSE_PD_UNCONFIRMED; r++)
        if (bfl_text_equal(word, bfl_text_of(bfl_response_word((bfl_response)r)))) return (bfl_response)r;
    CHECK(word.size == SIZE_MAX); /* not a response */
    return BFL_RESPONSE_NONE;
}

static inline size_t course_visits(bfl_text line, bfl_criterion_visit *visits) {
    size_t count = 1;
    visits[0] = (bfl_criterion_visit){.day = 0};
    while (line.size > 0) {
        bfl_text visit = bfl_text_trim(bfl_text_split(&line, ','));
        bfl_decimal day = {0, 0};
        CHECK(bfl_decimal_parse(bfl_text_split(&visit, ' '), &day, NULL) == BFL_OK);
        visits[count++] = (bfl_criterion_visit){.day = (int32_t)day.mantissa, .response = course_response(visit)};
    }
    return count;
}

static inline void course_write(course *c, const bfl_endpoints *e) {
    for (int i = 0; i < BFL_ENDPOINT_COUNT; i++) {
        const bfl_endpoint *item = &e->items[i];
        if (item->state == BFL_ENDPOINT_EVENT || item->state == BFL_ENDPOINT_CENSORED)
            (void)snprintf(c->said[i], sizeof c->said[i], "%s d%d %s", bfl_endpoint_state_word(item->state),
                           (int)item->day, item->cause);
        else if (item->has_day)
            (void)snprintf(c->said[i], sizeof c->said[i], "%s d%d", item->value, (int)item->day);
        else
            (void)snprintf(c->said[i], sizeof c->said[i], "%s",
                           item->state == BFL_ENDPOINT_VALUE ? item->value : item->cause);
        size_t at = 0;
        for (size_t r = 0; r < item->reason_count && at < sizeof c->rules[i]; r++)
            at += (size_t)snprintf(c->rules[i] + at, sizeof c->rules[i] - at, "%s ", item->reasons[r].rule->id);
    }
    size_t at = 0;
    for (size_t r = 0; r < e->reading_count && at < sizeof c->readings; r++)
        at += (size_t)snprintf(c->readings + at, sizeof c->readings - at, "%s; ", e->readings[r].finding);
}

static inline bfl_status course_run(bfl_arena *arena, void *context, bfl_error *err) {
    course *c = context;
    bfl_criterion_visit visits[32];
    bfl_criterion_result criterion = {.id = "recist11", .name = "RECIST 1.1", .visits = visits};
    criterion.visit_count = course_visits(bfl_text_of(c->visits), visits);
    for (size_t i = 1; i < criterion.visit_count; i++) visits[i].without_targets = c->without_targets;
    bfl_therapy therapies[2] = {
        {.drug = "gefitinib", .intent = BFL_INTENT_ANTICANCER, .start = {.known = true, .exact = true}},
        {.drug = "osimertinib",
         .intent = c->intent ? c->intent : BFL_INTENT_ANTICANCER,
         .start = {c->new_therapy, c->new_therapy, true, true}}};
    bfl_record record = {.therapies = therapies, .therapy_count = c->new_therapy ? 2 : 1, .last_day = c->last_contact};
    if (c->death) record.patient.death = (bfl_date){c->death, c->death, BFL_DATE_RELATIVE};
    bfl_endpoint_options options;
    CHECK(bfl_endpoint_options_init(c->rulebook, &options, err) == BFL_OK);
    bfl_text policies = bfl_text_of(c->policies);
    while (policies.size > 0) CHECK(bfl_endpoint_options_set(&options, bfl_text_split(&policies, ' '), err) == BFL_OK);
    bfl_endpoint_input in = {&record, c->rulebook, &criterion, &options};
    course_write(c, bfl_endpoint_derive(arena, &in));
    return BFL_OK;
}

static inline const course *derive(course *c) {
    bfl_rulebook *rulebook = NULL;
    bfl_arena *arena = bfl_arena_new();
    CHECK(bfl_rulebook_open(BFL_TEXT(""), &rulebook, NULL) == BFL_OK);
    c->rulebook = rulebook;
    CHECK(bfl_arena_run(arena, course_run, c, NULL) == BFL_OK);
    bfl_arena_free(arena);
    bfl_rulebook_free(rulebook);
    return c;
}

/* What one endpoint says. */
#define SAYS(kind, expected, ...)                                         \
    do {                                                                  \
        course test_c = {__VA_ARGS__};                                    \
        CHECK_TEXT(derive(&test_c)->said[BFL_ENDPOINT_##kind], expected); \
    } while (0)

#endif
