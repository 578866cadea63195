/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the source of a study printed, beside what its data give. Statements about the whole study (patient "*" of notes.csv) whose
 * topic can be computed are computed:
 *   count [where CONDITION [and CONDITION]...]      fraction CONDITION [where ...]      percent CONDITION [where ...]
 *   median age|flare_day [where ...]                range age|flare_day [where ...]
 * A CONDITION is variable=value. Other topics are shown as they stand.
 */
#include "cohort/study.h"

#include "rules/rules.h"

#include <string.h>

typedef struct condition {
    const char *variable, *value;
} condition;

/* Whose flares a statement is computed with. */
typedef enum whose { RECORDED, OURS } whose;

typedef struct statement {
    const char *statistic; /* "count" ... */
    const char *number;    /* of median and range: "age", "flare_day" */
    condition what;        /* of fraction and percent */
    BFL_LIST(condition) where;
    whose whose;
} statement;

/* ---- reading a topic ---- */

static bool more_variable(const char *name) {
    static const char *const names[] = {"serial", "course", "alp_shape", "early", "stated_flare"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0) return true;
    return cohort_variable_known(name);
}

static bool read_condition(making *m, bfl_text text, condition *out) {
    bfl_text value = text, variable = bfl_text_split(&value, '=');
    *out =
        (condition){bfl_arena_text(m->arena, bfl_text_trim(variable)), bfl_arena_text(m->arena, bfl_text_trim(value))};
    return variable.size < text.size && more_variable(out->variable);
}

static bool read_where(making *m, bfl_text text, statement *out) {
    static const bfl_text joint = {" and ", 5};
    while (text.size) {
        size_t at = bfl_text_find_nocase(text, joint);
        bfl_text part = {text.data, at == SIZE_MAX ? text.size : at};
        if (!read_condition(m, part, BFL_PUSH(m->arena, &out->where))) return false;
        text = at == SIZE_MAX ? (bfl_text){text.data, 0}
                              : (bfl_text){text.data + at + joint.size, text.size - at - joint.size};
    }
    return true;
}

/* "count where sex=F and": something is missing behind it. */
static bool broken_off(bfl_text topic) {
    static const bfl_text joints[] = {{" and", 4}, {" where", 6}};
    for (size_t i = 0; i < sizeof joints / sizeof *joints; i++)
        if (topic.size >= joints[i].size &&
            bfl_text_equal_nocase((bfl_text){topic.data + topic.size - joints[i].size, joints[i].size}, joints[i]))
            return true;
    return false;
}

static bool read_topic(making *m, const char *topic, statement *out) {
    static const bfl_text where = {" where ", 7};
    bfl_text head = bfl_text_of(topic), tail = {topic, 0};
    size_t at = bfl_text_find_nocase(head, where);
    if (at != SIZE_MAX) {
        tail = (bfl_text){topic + at + where.size, head.size - at - where.size};
        head.size = at;
    }
    bfl_text rest = head, first = bfl_text_split(&rest, ' ');
    *out = (statement){.statistic = bfl_arena_text(m->arena, first), .number = ""};
    if (broken_off(bfl_text_trim(bfl_text_of(topic))) || !read_where(m, tail, out)) return false;
    if (strcmp(out->statistic, "count") == 0) return rest.size == 0;
    if (strcmp(out->statistic, "fraction") == 0 || strcmp(out->statistic, "percent") == 0)
        return read_condition(m, rest, &out->what);
    out->number = bfl_arena_text(m->arena, rest);
    bool numeric = strcmp(out->number, "age") == 0 || strcmp(out->number, "flare_day") == 0;
    return numeric && (strcmp(out->statistic, "median") == 0 || strcmp(out->statistic, "range") == 0);
}

/* ---- computing it ---- */

static const bfl_cohort_course *alp_of(const bfl_cohort_patient *p) {
    for (size_t i = 0; i < p->course_count; i++)
        if (strcmp(p->courses[i].analyte, "ALP") == 0) return &p->courses[i];
    return NULL;
}

static bool is_flare(const bfl_cohort_patient *p, whose w) {
    if (w == RECORDED) return strcmp(p->stated_flare, "yes") == 0;
    return p->flare == BFL_FLARE_SUSPECTED || p->flare == BFL_FLARE_CONFIRMED;
}

static bfl_maybe flare_day(const bfl_cohort_patient *p, whose w) {
    if (!is_flare(p, w)) return (bfl_maybe){0};
    return w == RECORDED ? p->stated_flare_day : p->flare_day;
}

static const char *value_of(const making *m, size_t i, const char *variable, whose w) {
    const bfl_cohort_patient *p = &m->patients.items[i];
    const bfl_cohort_course *alp = alp_of(p);
    if (strcmp(variable, "serial") == 0)
        return alp && alp->point_count && alp->points[alp->point_count - 1].day > 0 ? "yes" : "no";
    if (strcmp(variable, "alp_shape") == 0) return alp ? bfl_shape_word(alp->shape) : "";
    if (strcmp(variable, "course") == 0) return bfl_course_group_word(cohort_course_group(m, p, is_flare(p, w)));
    if (strcmp(variable, "flare") == 0) return is_flare(p, w) ? "yes" : "no";
    if (strcmp(variable, "stated_flare") == 0) return p->stated_flare;
    if (strcmp(variable, "early") == 0) {
        bfl_decimal limit = bfl_rule_number(m->rulebook, BFL_NUM_COHORT_FLARE_EARLY__TO_DAYS);
        bfl_maybe day = flare_day(p, w);
        return day.present && bfl_decimal_compare(day.value, limit) <= 0 ? "yes" : "no";
    }
    return cohort_value(m, i, variable);
}

static bool holds(const making *m, size_t i, const condition *c, whose w) {
    return strcmp(value_of(m, i, c->variable, w), c->value) == 0;
}

static bool included(const making *m, size_t i, const statement *s) {
    for (size_t k = 0; k < s->where.count; k++)
        if (!holds(m, i, &s->where.items[k], s->whose)) return false;
    return true;
}

/* Decimal places as printed: "23.33" has two. */
static int places_of(const char *printed) {
    const char *point = strchr(printed, '.');
    size_t n = point ? strspn(point + 1, "0123456789") : 0;
    return n > 9 ? 9 : (int)n;
}

static const char *of_numbers(making *m, const statement *s, const char *printed) {
    BFL_LIST(double) x = {0};
    bool age = strcmp(s->number, "age") == 0;
    for (size_t i = 0; i < m->patients.count; i++) {
        const bfl_cohort_patient *p = &m->patients.items[i];
        bfl_maybe value = age ? p->age_years : flare_day(p, s->whose);
        if (value.present && included(m, i, s)) *BFL_PUSH(m->arena, &x) = bfl_decimal_double(value.value);
    }
    bfl_num_summary d = bfl_num_summarise(m->arena, x.items, x.count);
    if (d.state != BFL_NUM_OK) return NULL;
    if (strcmp(s->statistic, "median") == 0) return cohort_fixed(m->arena, d.median, places_of(printed));
    return bfl_arena_printf(m->arena, "%s..%s", cohort_fixed(m->arena, d.least, 0), cohort_fixed(m->arena, d.most, 0));
}

static const char *compute(making *m, const statement *s, const char *printed) {
    if (s->number[0]) return of_numbers(m, s, printed);
    size_t of = 0, n = 0;
    for (size_t i = 0; i < m->patients.count; i++) {
        if (!included(m, i, s)) continue;
        of++;
        n += s->what.variable && holds(m, i, &s->what, s->whose);
    }
    if (strcmp(s->statistic, "count") == 0) return bfl_arena_printf(m->arena, "%zu", of);
    if (of == 0) return NULL;
    if (strcmp(s->statistic, "fraction") == 0) return bfl_arena_printf(m->arena, "%zu/%zu", n, of);
    return cohort_fixed(m->arena, 100.0 * (double)n / (double)of, places_of(printed));
}

/* "d41..d125" and "41-125" mean 41..125. */
static const char *plain_range(bfl_arena *arena, const char *printed) {
    bfl_buf out = {.arena = arena};
    for (const char *p = printed; *p; p++) {
        char one[2] = {*p, '\0'};
        if (*p == '-' && p > printed && !strstr(printed, ".."))
            bfl_buf_add(&out, "..");
        else if (*p != 'd')
            bfl_buf_add(&out, one);
    }
    return bfl_buf_z(&out);
}

/* ---- tables ---- */

static void put_computed(table *t, const char *computed, const char *printed) {
    if (!computed) {
        put_gap(t, 2, "not computed");
        return;
    }
    put_text(t, computed);
    put_text(t, strcmp(computed, plain_range(t->m->arena, printed)) == 0 ? "yes" : "no");
}

static void statement_row(table *t, const bfl_note *note, bool any) {
    making *m = t->m;
    statement s;
    bool understood = read_topic(m, note->topic, &s);
    put_text(t, bfl_arena_text(m->arena, bfl_text_of(note->topic)));
    put_text(t, bfl_arena_text(m->arena, bfl_text_of(note->text)));
    put_text(t, bfl_arena_text(m->arena, bfl_text_of(note->value)));
    put_text(t, bfl_arena_text(m->arena, bfl_text_of(note->source.stated)));
    for (int w = RECORDED; w <= OURS; w++) {
        s.whose = (whose)w;
        put_computed(t, understood && (any || w == OURS) ? compute(m, &s, note->value) : NULL, note->value);
    }
}

static void statements(making *m) {
    table t = cohort_table_begin(m, "published", "Published, and ours",
                                 "measure words published source recorded recorded_same ours same");
    bool any = m->patients.count && m->patients.items[0].stated_flare[0]; /* then everybody has one */
    for (size_t i = 0; i < m->study->note_count; i++) statement_row(&t, &m->study->notes[i], any);
    cohort_table_end(&t,
                     m->study->note_count
                         ? "Statements of the source about the whole study, and the same computed from this study's "
                           "records: recorded, with the flares that the source itself calls; ours, with those that "
                           "boneflare suspects or confirms."
                         : "The study carries no published statements.");
}

static void slips(making *m) {
    table t = cohort_table_begin(m, "slips", "Slips of the source", "patient source row found expected");
    for (size_t i = 0; i < m->out->issue_count; i++) {
        const bfl_issue *issue = &m->out->issues[i];
        if (strncmp(issue->code, "note.", 5) != 0) continue;
        put_text(&t, issue->patient[0] ? issue->patient : "*");
        put_text(&t, issue->source.stated);
        put_text(&t, bfl_arena_printf(m->arena, "%s:%u", issue->source.file, issue->source.row));
        put_text(&t, issue->found);
        put_text(&t, issue->expected);
    }
    cohort_table_end(&t,
                     "Statements that contradict the dates they stand beside, or each other. Both are kept, neither is "
                     "trusted.");
}

void cohort_published(making *m) {
    statements(m);
    slips(m);
}
