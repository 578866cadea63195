/* SPDX-License-Identifier: Apache-2.0 */
/* One record to one row of the study: everything later tables, curves and data sets need of it, and nothing else. */
#include "cohort/study.h"

#include <limits.h>
#include <string.h>

static const char *keep(making *m, const char *text) {
    return text && text[0] ? bfl_arena_text(m->arena, bfl_text_of(text)) : "";
}

/* ---- visits ---- */

static void add_words(making *m, const findings *f, size_t visit, bfl_cohort_visit *out) {
    size_t n = f->criteria->criterion_count;
    bfl_response *responses = BFL_NEW_ARRAY(m->arena, n, bfl_response);
    const char **words = BFL_NEW_ARRAY(m->arena, n, const char *);
    for (size_t k = 0; k < n; k++) {
        const bfl_criterion_visit *v = &f->criteria->criteria[k].visits[visit];
        responses[k] = v->response;
        words[k] = v->word ? keep(m, v->word) : bfl_response_word(v->response);
    }
    out->responses = responses;
    out->words = words;
}

static void add_visits(making *m, const findings *f, bfl_cohort_patient *row) {
    size_t n = f->criteria->visit_count;
    bfl_cohort_visit *visits = BFL_NEW_ARRAY(m->arena, n, bfl_cohort_visit);
    for (size_t i = 0; i < n; i++) {
        const bfl_recist_visit *v = &f->criteria->visits[i];
        visits[i] = (bfl_cohort_visit){.day = v->day,
                                       .baseline = v->baseline,
                                       .sum_mm = v->sum_mm,
                                       .change_percent = v->change_percent,
                                       .nadir_change_percent = v->nadir_change_percent};
        add_words(m, f, i, &visits[i]);
    }
    row->visits = visits;
    row->visit_count = n;
}

/* The deepest change up to progression. */
static bfl_maybe deepest(const bfl_cohort_patient *row) {
    bfl_maybe best = {0};
    for (size_t i = 0; i < row->visit_count; i++) {
        const bfl_cohort_visit *v = &row->visits[i];
        if (v->baseline || !v->change_percent.present) continue;
        if (row->progression_day.present && bfl_decimal_compare(bfl_decimal_of(v->day), row->progression_day.value) > 0)
            break;
        if (!best.present || bfl_decimal_compare(v->change_percent.value, best.value) < 0) best = v->change_percent;
    }
    return best;
}

/* ---- responses and times ---- */

static bfl_cohort_time time_of(making *m, const bfl_endpoint *e) {
    return (bfl_cohort_time){.state = e->state, .day = e->day, .days = e->days, .cause = keep(m, e->cause)};
}

static bfl_maybe death_day(const bfl_record *r) {
    bfl_date death = r->patient.death;
    if (death.precision == BFL_DATE_RELATIVE) return bfl_some(bfl_decimal_of(death.last));
    if (death.precision == BFL_DATE_NONE || !r->has_calendar) return (bfl_maybe){0};
    return bfl_some(bfl_decimal_of(death.last - r->day0_civil));
}

static void add_endpoints(making *m, const findings *f, bfl_cohort_patient *row) {
    size_t n = f->criteria->criterion_count;
    bfl_response *best = BFL_NEW_ARRAY(m->arena, n, bfl_response);
    bfl_response *confirmed = BFL_NEW_ARRAY(m->arena, n, bfl_response);
    for (size_t k = 0; k < n; k++) {
        best[k] = f->endpoints[k]->items[BFL_ENDPOINT_BEST].response;
        confirmed[k] = f->endpoints[k]->items[BFL_ENDPOINT_CONFIRMED].response;
    }
    row->best = best;
    row->confirmed = confirmed;
    const bfl_endpoint *items = f->endpoints[m->out->criterion_index]->items;
    row->time[BFL_COHORT_PFS] = time_of(m, &items[BFL_ENDPOINT_PFS]);
    row->time[BFL_COHORT_OS] = time_of(m, &items[BFL_ENDPOINT_OS]);
    row->time[BFL_COHORT_TTP] = time_of(m, &items[BFL_ENDPOINT_TTP]);
    const bfl_endpoint *ttp = &items[BFL_ENDPOINT_TTP];
    if (ttp->state == BFL_ENDPOINT_EVENT) row->progression_day = bfl_some(bfl_decimal_of(ttp->day));
    row->death_day = death_day(f->record);
}

/* ---- laboratory courses ---- */

static void add_point(const bfl_record *record, const bfl_marker *marker, size_t i, bfl_cohort_point *out) {
    const bfl_marker_point *p = &marker->points[i], *base = &marker->points[marker->baseline_index];
    const bfl_lab *lab = &record->labs[p->event.index];
    *out = (bfl_cohort_point){.day = p->day,
                              .value = p->value,
                              .ref_low = lab->ref_low,
                              .ref_high = lab->ref_high,
                              .comparator = p->comparator,
                              .baseline = p == base && p->day <= 0};
    if (base->day <= 0 && !bfl_decimal_is_zero(base->value))
        out->percent = real_some(100 * bfl_decimal_double(p->value) / bfl_decimal_double(base->value));
}

static void add_courses(making *m, const findings *f, bfl_cohort_patient *row) {
    BFL_LIST(bfl_cohort_course) courses = {0};
    for (size_t i = 0; i < f->markers->course_count; i++) {
        const bfl_marker *marker = &f->markers->courses[i];
        if (marker->point_count == 0 || marker->points[0].derived) continue;
        bfl_cohort_point *points = BFL_NEW_ARRAY(m->arena, marker->point_count, bfl_cohort_point);
        for (size_t k = 0; k < marker->point_count; k++) add_point(f->record, marker, k, &points[k]);
        const bfl_analyte *a = marker->analyte;
        *BFL_PUSH(m->arena, &courses) =
            (bfl_cohort_course){a->id, a->name, a->units[0].text, marker->shape, points, marker->point_count};
    }
    row->courses = courses.items;
    row->course_count = courses.count;
}

/* ---- therapy ---- */

static int by_name(const void *a, const void *b, const void *context) {
    (void)context;
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names in alphabetical order, each once, joined by " + ". */
static const char *joined(making *m, text_list *names) {
    bfl_sort(m->arena, names->items, names->count, sizeof *names->items, by_name, NULL);
    bfl_buf text = {.arena = m->arena};
    for (size_t i = 0; i < names->count; i++)
        if (i == 0 || strcmp(names->items[i], names->items[i - 1]) != 0)
            bfl_buf_addf(&text, "%s%s", text.size ? " + " : "", names->items[i]);
    return bfl_buf_z(&text);
}

static bool counts(const bfl_therapy *t) { return t->intent == BFL_INTENT_ANTICANCER && t->start.known; }

/* The drugs that start with therapies[first]. */
static bfl_cohort_therapy stretch(making *m, const findings *f, size_t first) {
    const bfl_record *r = f->record;
    bfl_cohort_therapy out = {.start = r->therapies[first].start.day, .stop = INT32_MIN};
    text_list drugs = {0}, classes = {0};
    for (size_t i = first; i < r->therapy_count; i++) {
        const bfl_therapy *t = &r->therapies[i];
        if (!counts(t) || t->start.day != out.start) continue;
        *BFL_PUSH(m->arena, &drugs) = keep(m, t->drug);
        *BFL_PUSH(m->arena, &classes) = t->class_id[0] ? keep(m, t->class_id) : "class not known";
        if (!t->stop.known)
            out.going_on = true;
        else if (t->stop.day > out.stop)
            out.stop = t->stop.day;
    }
    if (out.going_on) {
        bfl_maybe death = death_day(r);
        out.stop = death.present ? (int32_t)bfl_decimal_double(death.value) : r->last_day;
        out.going_on = !death.present;
    }
    out.drugs = joined(m, &drugs);
    out.classes = joined(m, &classes);
    return out;
}

static void add_therapies(making *m, const findings *f, bfl_cohort_patient *row) {
    BFL_LIST(bfl_cohort_therapy) list = {0};
    for (size_t i = 0; i < f->record->therapy_count; i++) { /* by start */
        const bfl_therapy *t = &f->record->therapies[i];
        if (!counts(t) || (list.count && list.items[list.count - 1].start == t->start.day)) continue;
        bfl_cohort_therapy *next = BFL_PUSH(m->arena, &list);
        *next = stretch(m, f, i);
        next->index = list.count == 1;
    }
    row->therapies = list.items;
    row->therapy_count = list.count;
}

/* ---- the rest ---- */

static bool bone_at_baseline(const bfl_record *r) {
    for (size_t i = 0; i < r->lesion_count; i++) {
        const bfl_lesion *l = &r->lesions[i];
        bool there =
            l->state != BFL_LESION_ABSENT && l->state != BFL_LESION_NOT_EVALUABLE && l->state != BFL_LESION_EQUIVOCAL;
        if (l->organ == BFL_ORGAN_BONE && l->when.known && l->when.day <= 0 && there) return true;
    }
    return false;
}

static void add_statements(making *m, const findings *f, bfl_cohort_patient *row) {
    for (size_t i = 0; i < f->record->note_count; i++) {
        const bfl_note *n = &f->record->notes[i];
        if (strcmp(n->topic, "flare") != 0 || row->stated_flare[0]) continue;
        row->stated_flare = strcmp(n->value, "no") == 0 ? "no" : "yes";
        if (row->stated_flare[0] == 'n') continue;
        if (n->stated_day.present)
            row->stated_flare_day = n->stated_day;
        else if (n->when.known)
            row->stated_flare_day = bfl_some(bfl_decimal_of(n->when.day));
    }
    for (size_t i = 0; i < f->record->molecular_count; i++) {
        const char *gene = f->record->moleculars[i].gene;
        bool known = gene[0] == '\0';
        for (size_t k = 0; k < m->genes.count && !known; k++) known = strcmp(m->genes.items[k], gene) == 0;
        if (!known) *BFL_PUSH(m->arena, &m->genes) = keep(m, gene);
    }
}

bfl_course_group cohort_course_group(const making *m, const bfl_cohort_patient *p, bool is_flare) {
    if (is_flare) return BFL_COURSE_FLARE;
    switch (p->best[m->out->criterion_index]) {
    case BFL_RESPONSE_CR:
    case BFL_RESPONSE_PR:
    case BFL_RESPONSE_SD:
    case BFL_RESPONSE_NON_CR_NON_PD: return BFL_COURSE_BENEFIT;
    case BFL_RESPONSE_PD: return BFL_COURSE_PROGRESSION;
    case BFL_RESPONSE_NONE:
    case BFL_RESPONSE_NE:
    case BFL_RESPONSE_PD_UNCONFIRMED: break;
    }
    return BFL_COURSE_OTHER;
}

void cohort_add_patient(making *m, const findings *f) {
    const bfl_record *r = f->record;
    const bfl_patient *p = &r->patient;
    bfl_cohort_patient row = {.id = keep(m, p->id),
                              .sex = keep(m, p->sex),
                              .tumour = keep(m, p->tumour),
                              .histology = keep(m, p->histology),
                              .smoking = keep(m, p->smoking),
                              .stage = keep(m, p->stage),
                              .age_years = p->age_years,
                              .egfr = cohort_gene(r, "EGFR"),
                              .stated_flare = "",
                              .bone_at_baseline = bone_at_baseline(r),
                              .has_calendar = r->has_calendar,
                              .day0_civil = r->day0_civil,
                              .last_day = r->last_day};
    add_visits(m, f, &row);
    add_endpoints(m, f, &row);
    row.best_change_percent = deepest(&row);
    cohort_call_flare(f, &row);
    add_courses(m, f, &row);
    add_therapies(m, f, &row);
    add_statements(m, f, &row);
    if (m->options.flares == BFL_FLARES_STATED) cohort_take_statement(&row);
    row.course_group = cohort_course_group(m, &row, row.is_flare);
    *BFL_PUSH(m->arena, &m->patients) = row;
    *BFL_PUSH(m->arena, &m->by_values) = cohort_variable_known(m->options.by) ? "" : cohort_gene(r, m->options.by);
}
