/* SPDX-License-Identifier: Apache-2.0 */
/* Therapies: what is known of the drug, and whether the row fits it. */
#include "record/seal.h"

#include <string.h>

/* ---- before the timeline: the index therapy defines day 0 ---- */

static bool is_drug(bfl_intent intent) {
    return intent == BFL_INTENT_NONE || intent == BFL_INTENT_ANTICANCER || intent == BFL_INTENT_BONE_AGENT;
}

static void check_class(const seal *s, bfl_therapy *t) {
    if (t->class_id[0] && strcmp(bfl_drug_class_name(t->class_id), t->class_id) == 0) {
        bfl_seal_issue(s, BFL_CODE_WORD_UNKNOWN, t->source, "class", t->class_id,
                       "a class id of docs/case-folder.md, such as egfr_tki_1");
        t->class_id = "";
    }
    if (!t->known || !t->class_id[0] || strcmp(t->class_id, t->known->class_id) == 0) return;
    bfl_seal_issue(s, BFL_CODE_THERAPY_CLASS, t->source, "class", t->class_id,
                   bfl_arena_printf(s->arena, "%s, the class of %s", t->known->class_id, t->known->id));
}

void bfl_seal_drugs(const seal *s) {
    for (size_t i = 0; i < s->b->therapies.count; i++) {
        bfl_therapy *t = &s->b->therapies.items[i].row;
        t->known = bfl_drug_find(bfl_text_trim(bfl_text_of(t->drug)));
        check_class(s, t);
        if (t->known && !t->class_id[0]) t->class_id = t->known->class_id;
        if (t->known && t->intent == BFL_INTENT_NONE) t->intent = t->known->intent;
        if (!t->known && !t->class_id[0] && is_drug(t->intent))
            bfl_seal_issue(s, BFL_CODE_THERAPY_DRUG_UNKNOWN, t->source, "drug", t->drug,
                           "a drug the program knows, or its class in the class column");
        if (t->intent == BFL_INTENT_NONE)
            bfl_seal_issue(s, BFL_CODE_THERAPY_INTENT_MISSING, t->source, "intent",
                           "no intent, and the drug is not known", bfl_terms_choices(s->arena, "intent"));
    }
}

/* ---- the dose ---- */

/* Frequencies after "<number> mg"; none of the words begins another that stands before it. */
typedef struct frequency {
    const char *words;
    int times;
} frequency;
static const frequency frequencies[] = {
    {"once daily", 1},  {"once a day", 1},  {"daily", 1}, {"a day", 1},  {"per day", 1},
    {"/day", 1},        {"/d", 1},          {"qd", 1},    {"od", 1},     {"q24h", 1},
    {"twice daily", 2}, {"twice a day", 2}, {"bid", 2},   {"b.i.d.", 2}, {"two times a day", 2},
    {"q12h", 2},
};

/* "300 mg daily" -> 300; "600 mg twice daily" -> 1200. False for anything else: a dose per square metre, per cycle, a text. */
static bool daily_mg(const char *dose, bfl_decimal *out) {
    bfl_text rest = bfl_text_trim(bfl_text_of(dose));
    size_t digits = 0;
    while (digits < rest.size && ((rest.data[digits] >= '0' && rest.data[digits] <= '9') || rest.data[digits] == '.'))
        digits++;
    bfl_decimal amount;
    if (bfl_decimal_parse((bfl_text){rest.data, digits}, &amount, NULL) != BFL_OK) return false;
    rest = bfl_text_trim((bfl_text){rest.data + digits, rest.size - digits});
    if (rest.size < 2 || !bfl_text_equal_nocase((bfl_text){rest.data, 2}, BFL_TEXT("mg"))) return false;
    rest = bfl_text_trim((bfl_text){rest.data + 2, rest.size - 2});
    for (size_t i = 0; i < sizeof frequencies / sizeof *frequencies; i++) {
        if (!bfl_text_equal_nocase(rest, bfl_text_of(frequencies[i].words))) continue;
        *out = bfl_decimal_multiply(amount, bfl_decimal_of(frequencies[i].times));
        return true;
    }
    return false;
}

static void check_dose(const seal *s, const bfl_therapy *t) {
    bfl_decimal mg;
    if (!t->known || !t->known->usual_daily_mg.present || !daily_mg(t->dose, &mg)) return;
    if (bfl_decimal_compare(mg, t->known->usual_daily_mg.value) == 0) return;
    bfl_seal_issue(s, BFL_CODE_THERAPY_DOSE, t->source, "dose", t->dose,
                   bfl_arena_printf(s->arena, "the usual dose of %s, %s", t->known->id, t->known->usual_dose));
}

/* ---- after the timeline ---- */

static int compare_rows(const void *a, const void *b, const void *context) {
    (void)context;
    const therapy_row *x = a, *y = b;
    int order = bfl_seal_compare_when(x->row.start, y->row.start);
    return order ? order : bfl_seal_compare_source(x->row.source, y->row.source);
}

static bool same_row(const therapy_row *a, const therapy_row *b) {
    const bfl_therapy *x = &a->row, *y = &b->row;
    return bfl_date_same(a->start, b->start) && bfl_date_same(a->stop, b->stop) && bfl_seal_same(x->drug, y->drug) &&
           bfl_seal_same(x->class_id, y->class_id) && x->intent == y->intent && bfl_seal_same(x->dose, y->dose) &&
           bfl_seal_same(x->line, y->line) && bfl_seal_same(x->reason_stopped, y->reason_stopped) &&
           bfl_seal_same(x->site, y->site) && bfl_seal_same(x->note, y->note);
}

static void drop_repeated(const seal *s) {
    size_t count = s->b->therapies.count;
    for (size_t i = 0; i < count; i++) {
        therapy_row *later = &s->b->therapies.items[i];
        for (size_t j = i; j-- > 0 && !later->dropped;) {
            const therapy_row *earlier = &s->b->therapies.items[j];
            if (bfl_seal_compare_when(earlier->row.start, later->row.start) != 0 || i - j > 100) break;
            if (earlier->dropped || !same_row(earlier, later)) continue;
            later->dropped = true;
            bfl_seal_duplicate(s, earlier->row.source, later->row.source);
        }
    }
}

void bfl_seal_therapies(const seal *s) {
    bfl_builder *b = s->b;
    bfl_sort(s->b->scratch, b->therapies.items, b->therapies.count, sizeof *b->therapies.items, compare_rows, NULL);
    drop_repeated(s);
    for (size_t i = 0; i < b->therapies.count; i++) {
        bfl_therapy *t = &b->therapies.items[i].row;
        if (b->therapies.items[i].dropped) continue;
        check_dose(s, t);
        if (!t->start.known || !t->stop.known || t->stop.day >= t->start.first) continue;
        bfl_seal_issue(s, BFL_CODE_THERAPY_STOP_BEFORE_START, t->source, "stop", bfl_seal_day_text(s, t->stop.day),
                       bfl_arena_printf(s->arena, "not before the start, %s", bfl_seal_day_text(s, t->start.first)));
        t->stop = (bfl_when){0};
    }
}
