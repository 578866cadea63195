/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Data sets laid out like CDISC's ADaM: ADRS, ADTR, ADTTE, ADLB as CSV. ADY counts as CDISC does: the first day of therapy is 1,
 * the day before it -1. Dates are empty for records without a calendar. docs/cohort.md lists every variable.
 */
#include "cohort/study.h"

#include <string.h>

const char *bfl_adam_word(bfl_adam dataset) {
    static const char *const words[] = {"adrs", "adtr", "adtte", "adlb"};
    return (size_t)dataset < BFL_ADAM_COUNT ? words[dataset] : words[0];
}

static void field(writer *w, const char *text) {
    bfl_csv_write(&w->text, bfl_text_of(text));
    bfl_buf_add(&w->text, ",");
}

static void decimal(writer *w, bfl_maybe value) {
    if (value.present) bfl_buf_decimal(&w->text, value.value, -1);
    bfl_buf_add(&w->text, ",");
}

static void whole(writer *w, int32_t value) { bfl_buf_addf(&w->text, "%d,", (int)value); }

static void flag(writer *w, bool yes) { field(w, yes ? "Y" : ""); }

/* The last variable of a row. */
static void end(writer *w, const char *text) {
    bfl_csv_write(&w->text, bfl_text_of(text));
    bfl_buf_add(&w->text, "\n");
    cohort_flush(w);
}

static void date(writer *w, const bfl_cohort_patient *p, int32_t day) {
    if (p->has_calendar) {
        char z[32];
        int32_t civil = p->day0_civil + day;
        (void)bfl_date_format((bfl_date){civil, civil, BFL_DATE_DAY}, z, sizeof z);
        bfl_buf_add(&w->text, z);
    }
    bfl_buf_add(&w->text, ",");
}

static void study_day(writer *w, const bfl_cohort_patient *p, int32_t day) {
    date(w, p, day);
    whole(w, day >= 0 ? day + 1 : day);
}

static void head(writer *w, const bfl_cohort *c, const bfl_cohort_patient *p) {
    field(w, p->id);
    field(w, p->therapy_count ? p->therapies[0].drugs : "");
    field(w, p->group < c->group_count ? c->groups[p->group].label : "");
}
#define HEAD "USUBJID,TRT01A,GROUP,"

/* ---- ADRS ---- */

/* As the pharmaverse numbers them, so that the best is the least. */
static int response_rank(bfl_response r) {
    switch (r) {
    case BFL_RESPONSE_CR: return 1;
    case BFL_RESPONSE_PR: return 2;
    case BFL_RESPONSE_SD: return 3;
    case BFL_RESPONSE_NON_CR_NON_PD: return 4;
    case BFL_RESPONSE_PD: return 5;
    case BFL_RESPONSE_NE: return 6;
    case BFL_RESPONSE_PD_UNCONFIRMED: return 7;
    case BFL_RESPONSE_NONE: break;
    }
    return 8;
}

static void best_row(writer *w, const bfl_cohort *c, const bfl_cohort_patient *p, size_t k, bool confirmed) {
    bfl_response r = (confirmed ? p->confirmed : p->best)[k];
    if (r == BFL_RESPONSE_NONE) return;
    head(w, c, p);
    field(w, c->criteria[k]);
    field(w, confirmed ? "CBOR" : "BOR");
    field(w, confirmed ? "Confirmed best overall response" : "Best overall response");
    bfl_buf_add(&w->text, ",,,");
    field(w, bfl_response_word(r));
    whole(w, response_rank(r));
    flag(w, k == c->criterion_index);
    end(w, "");
}

static void adrs(writer *w, const void *what) {
    const bfl_cohort *c = what;
    bfl_buf_add(&w->text, HEAD "PARCAT1,PARAMCD,PARAM,AVISITN,ADT,ADY,AVALC,AVAL,ANL01FL,ABLFL\n");
    for (size_t i = 0; i < c->patient_count; i++) {
        const bfl_cohort_patient *p = &c->patients[i];
        for (size_t k = 0; k < c->criterion_count; k++) {
            for (size_t v = 0; v < p->visit_count; v++) {
                const bfl_cohort_visit *visit = &p->visits[v];
                if (visit->responses[k] == BFL_RESPONSE_NONE) continue;
                head(w, c, p);
                field(w, c->criteria[k]);
                field(w, "OVR");
                field(w, "Overall response");
                whole(w, (int32_t)v);
                study_day(w, p, visit->day);
                field(w, visit->words[k]);
                whole(w, response_rank(visit->responses[k]));
                flag(w, k == c->criterion_index);
                end(w, visit->baseline ? "Y" : "");
            }
            best_row(w, c, p, k, false);
            best_row(w, c, p, k, true);
        }
    }
}

/* ---- ADTR ---- */

static bfl_maybe less(bfl_maybe a, bfl_maybe b) {
    return a.present && b.present ? bfl_some(bfl_decimal_subtract(a.value, b.value)) : (bfl_maybe){0};
}

static void adtr(writer *w, const void *what) {
    const bfl_cohort *c = what;
    bfl_buf_add(&w->text, HEAD "PARAMCD,PARAM,AVISITN,ADT,ADY,AVAL,AVALU,BASE,CHG,PCHG,PCHGNAD,ABLFL\n");
    for (size_t i = 0; i < c->patient_count; i++) {
        const bfl_cohort_patient *p = &c->patients[i];
        bfl_maybe base = {0};
        for (size_t v = 0; v < p->visit_count; v++)
            if (p->visits[v].baseline) base = p->visits[v].sum_mm;
        for (size_t v = 0; v < p->visit_count; v++) {
            const bfl_cohort_visit *visit = &p->visits[v];
            if (!visit->sum_mm.present) continue;
            head(w, c, p);
            field(w, "SDIAM");
            field(w, "Sum of diameters of target lesions");
            whole(w, (int32_t)v);
            study_day(w, p, visit->day);
            decimal(w, visit->sum_mm);
            field(w, "mm");
            decimal(w, base);
            decimal(w, visit->baseline ? (bfl_maybe){0} : less(visit->sum_mm, base));
            decimal(w, visit->change_percent);
            decimal(w, visit->nadir_change_percent);
            end(w, visit->baseline ? "Y" : "");
        }
    }
}

/* ---- ADTTE ---- */

static const struct {
    const char *code, *name;
} times[BFL_COHORT_TIMES] = {[BFL_COHORT_PFS] = {"PFS", "Progression-free survival (days)"},
                             [BFL_COHORT_OS] = {"OS", "Overall survival (days)"},
                             [BFL_COHORT_TTP] = {"TTP", "Time to progression (days)"}};

static void time_row(writer *w, const bfl_cohort *c, const bfl_cohort_patient *p, int e) {
    const bfl_cohort_time *t = &p->time[e];
    if (t->state == BFL_ENDPOINT_NOT_DERIVED) return;
    head(w, c, p);
    field(w, times[e].code);
    field(w, times[e].name);
    date(w, p, 0);
    study_day(w, p, t->day);
    whole(w, t->days);
    whole(w, t->state == BFL_ENDPOINT_EVENT ? 0 : 1);
    end(w, t->cause);
}

/* CNSR 0 flare, 1 nothing up to the last assessment, 2 progression first, 3 death first. */
static void flare_row(writer *w, const bfl_cohort *c, const bfl_cohort_patient *p) {
    int32_t day;
    uint8_t cause = cohort_first_event(p, &day);
    head(w, c, p);
    field(w, "TTFL");
    field(w, "Time to flare (days)");
    date(w, p, 0);
    study_day(w, p, day);
    whole(w, day);
    whole(w, cause == BFL_CAUSE_FLARE ? 0 : cause == 0 ? 1 : cause);
    end(w, cause ? bfl_flare_cause_word((bfl_flare_cause)cause) : "last assessment");
}

static void adtte(writer *w, const void *what) {
    const bfl_cohort *c = what;
    bfl_buf_add(&w->text, HEAD "PARAMCD,PARAM,STARTDT,ADT,ADY,AVAL,CNSR,EVNTDESC\n");
    size_t bone = 0;
    for (size_t i = 0; i < c->patient_count; i++) bone += c->patients[i].bone_at_baseline;
    for (size_t i = 0; i < c->patient_count; i++) {
        for (int e = 0; e < BFL_COHORT_TIMES; e++) time_row(w, c, &c->patients[i], e);
        if (c->patients[i].bone_at_baseline || bone == 0) flare_row(w, c, &c->patients[i]);
    }
}

/* ---- ADLB ---- */

static const char *range_indicator(const bfl_cohort_point *p) {
    if (p->ref_low.present && bfl_decimal_compare(p->value, p->ref_low.value) < 0) return "LOW";
    if (p->ref_high.present && bfl_decimal_compare(p->value, p->ref_high.value) > 0) return "HIGH";
    return p->ref_low.present || p->ref_high.present ? "NORMAL" : "";
}

static bfl_maybe percent_change(bfl_maybe value, bfl_maybe base) {
    bfl_maybe change = less(value, base);
    if (!change.present || bfl_decimal_is_zero(base.value)) return (bfl_maybe){0};
    return bfl_some(bfl_decimal_divide(bfl_decimal_multiply(change.value, bfl_decimal_of(100)), base.value, 4));
}

static void lab_row(writer *w, const bfl_cohort_course *course, const bfl_cohort_patient *p,
                    const bfl_cohort_point *point, bfl_maybe base) {
    bfl_maybe value = bfl_some(point->value);
    bool after = base.present && point->day > 0;
    field(w, course->analyte);
    bfl_csv_write(&w->text, bfl_text_of(bfl_arena_printf(w->arena, "%s (%s)", course->name, course->unit)));
    bfl_buf_add(&w->text, ",");
    study_day(w, p, point->day);
    bfl_buf_add(&w->text, point->comparator == BFL_BELOW ? "<" : point->comparator == BFL_ABOVE ? ">" : "");
    decimal(w, value); /* AVALC: with its sign */
    decimal(w, value);
    field(w, course->unit);
    decimal(w, base);
    decimal(w, after ? less(value, base) : (bfl_maybe){0});
    decimal(w, after ? percent_change(value, base) : (bfl_maybe){0});
    decimal(w, point->ref_low);
    decimal(w, point->ref_high);
    field(w, range_indicator(point));
    end(w, point->baseline ? "Y" : "");
}

static void adlb(writer *w, const void *what) {
    const bfl_cohort *c = what;
    bfl_buf_add(&w->text, HEAD "PARAMCD,PARAM,ADT,ADY,AVALC,AVAL,AVALU,BASE,CHG,PCHG,ANRLO,ANRHI,ANRIND,ABLFL\n");
    for (size_t i = 0; i < c->patient_count; i++)
        for (size_t k = 0; k < c->patients[i].course_count; k++) {
            const bfl_cohort_course *course = &c->patients[i].courses[k];
            bfl_maybe base = {0};
            for (size_t v = 0; v < course->point_count; v++)
                if (course->points[v].baseline) base = bfl_some(course->points[v].value);
            for (size_t v = 0; v < course->point_count; v++) {
                head(w, c, &c->patients[i]);
                lab_row(w, course, &c->patients[i], &course->points[v], base);
            }
        }
}

bfl_status bfl_cohort_adam(const bfl_cohort *cohort, bfl_adam dataset, bfl_sink sink, bfl_error *err) {
    static const write_body bodies[BFL_ADAM_COUNT] = {adrs, adtr, adtte, adlb};
    if (!cohort || (size_t)dataset >= BFL_ADAM_COUNT || !sink.write)
        return bfl_fail(err, BFL_EINVAL, "bfl_cohort_adam", 0, "cohort, data set and sink are needed");
    return cohort_write(bodies[dataset], cohort, sink, err);
}
