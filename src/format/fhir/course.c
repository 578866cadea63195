/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Orders and administrations of one drug are one course: it starts with the first administration, or with the order when no
 * administration is told; it stops when something says so. A course that starts after a stated stop is another one.
 */
#include "format/fhir/read.h"

#include <string.h>

static int compare(const void *a, const void *b, const void *context) {
    (void)context;
    const course *x = a, *y = b;
    bool no_x = x->start.precision == BFL_DATE_NONE, no_y = y->start.precision == BFL_DATE_NONE;
    if (no_x != no_y) return no_x ? 1 : -1;
    return (x->start.first > y->start.first) - (x->start.first < y->start.first);
}

static bool is_known(bfl_date d) { return d.precision != BFL_DATE_NONE; }

static bool same_drug(const course *a, const course *b) {
    const bfl_drug *x = bfl_drug_find(bfl_text_of(a->row.drug)), *y = bfl_drug_find(bfl_text_of(b->row.drug));
    return a->row.intent == b->row.intent && (x && y ? x == y : bfl_fhir_same(a->row.drug, b->row.drug));
}

static bool continues(const course *before, const course *c) {
    bool over = is_known(before->stop) && is_known(c->start) && c->start.first > before->stop.last;
    return same_drug(before, c) && !over;
}

static void take_text(const char **into, const char *from) {
    if ((!*into || !(*into)[0]) && from) *into = from;
}

/* An order's date gives way to the administration's. */
static void join(course *into, const course *c) {
    if (c->given && !into->given && is_known(c->start)) {
        into->start = c->start;
        into->given = true;
        into->row.source = c->row.source;
    }
    if (is_known(c->stop) && (!is_known(into->stop) || c->stop.last > into->stop.last)) into->stop = c->stop;
    take_text(&into->row.dose, c->row.dose);
    take_text(&into->row.line, c->row.line);
    take_text(&into->row.reason_stopped, c->row.reason_stopped);
}

static void report(reader *r, person *who, const course *c, size_t parts) {
    resource w = {.r = r, .who = who, .source = c->row.source, .reference = c->row.source.stated};
    if (parts > 1)
        bfl_fhir_issue(&w, FHIR_COURSE, "",
                       bfl_arena_printf(r->arena, "%zu orders and administrations of %s", parts, c->row.drug),
                       "one course");
    if (!c->given && is_known(c->start) && c->row.intent == BFL_INTENT_ANTICANCER)
        bfl_fhir_issue(&w, FHIR_START_ORDERED, "",
                       bfl_arena_printf(r->arena, "an order of %s, no administration", c->row.drug),
                       "the first administration");
}

void bfl_fhir_join_courses(reader *r, person *who) {
    course *all = who->courses.items;
    size_t count = who->courses.count;
    bool *joined = BFL_NEW_ARRAY(r->scratch, count, bool);
    bfl_sort(r->scratch, all, count, sizeof *all, compare, NULL);
    for (size_t i = 0; i < count; i++) {
        if (joined[i]) continue;
        size_t parts = 1;
        for (size_t j = i + 1; j < count; j++) {
            if (joined[j] || !continues(&all[i], &all[j])) continue;
            join(&all[i], &all[j]);
            joined[j] = true;
            parts++;
        }
        report(r, who, &all[i], parts);
        *bfl_record_add_therapy(who->builder, all[i].start, all[i].stop) = all[i].row;
    }
}
