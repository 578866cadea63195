/* SPDX-License-Identifier: Apache-2.0 */
/* One record: every collected response of the chosen reader against what its lesions give. */
#include "reconcile/parts.h"

#include <string.h>

/* What is derived for one test at one visit. */
typedef struct derived {
    const char *word;
    const bfl_rule *rule;
    const char *finding, *lesions;
} derived;

typedef struct patient {
    reconcile *r;
    const bfl_record *record;
    const bfl_criteria *criteria;
    const bfl_best_responses *best;
    int32_t window;
    bool *overall_collected; /* by visit */
    bool any_overall;
} patient;

static bool same_text(const char *a, const char *b) { return bfl_text_equal_nocase(bfl_text_of(a), bfl_text_of(b)); }

/* ---- whose ---- */

static bool is_chosen(const reconcile *r, const collected *c) {
    const bfl_study *s = r->study;
    if (s->evaluator && !same_text(s->evaluator, c->evaluator)) return false;
    if (s->evaluator_id && !same_text(s->evaluator_id, c->evaluator_id)) return false;
    return !s->accepted_only || c->accepted;
}

/* ---- what is derived ---- */

/* Is the rule of that part of its criterion: ".target.", ".new."? */
static bool is_of(const bfl_reason *reason, const char *part) {
    return bfl_text_find_nocase(bfl_text_of(reason->rule->id), bfl_text_of(part)) != SIZE_MAX;
}

/* "T01 (tr.csv:3); T02 (tr.csv:5)" */
static const char *lesions_of(const patient *p, const bfl_reason *reasons, size_t count, const char *part) {
    bfl_event_list seen = {0};
    bfl_buf buf = {.arena = p->r->arena};
    for (size_t i = 0; i < count; i++) {
        if (part && !is_of(&reasons[i], part)) continue;
        for (size_t j = 0; j < reasons[i].event_count; j++) {
            bfl_event_ref e = reasons[i].events[j];
            size_t before = seen.count;
            if (e.kind != BFL_EVENT_LESION) continue;
            bfl_event_add(p->r->arena, &seen, e.kind, e.index);
            if (seen.count == before) continue;
            const bfl_lesion *l = &p->record->lesions[e.index];
            bfl_buf_addf(&buf, "%s%s (%s:%u)", buf.size ? "; " : "", l->id, l->source.file, l->source.row);
        }
    }
    return bfl_buf_z(&buf);
}

/* The last reason of that part of the criterion; the last one of all when there is none. */
static const bfl_reason *reason_of(const bfl_reason *reasons, size_t count, const char *part) {
    const bfl_reason *best = count ? &reasons[count - 1] : NULL;
    for (size_t i = 0; part && i < count; i++)
        if (is_of(&reasons[i], part)) best = &reasons[i];
    return best;
}

static derived explain(const patient *p, const char *word, const bfl_reason *reasons, size_t count, const char *part) {
    const bfl_reason *reason = reason_of(reasons, count, part);
    derived d = {.word = word, .finding = ""};
    d.rule = reason ? reason->rule : NULL;
    if (reason) d.finding = reason->finding;
    d.lesions = lesions_of(p, reasons, count, part);
    if (!d.lesions[0]) d.lesions = lesions_of(p, reasons, count, NULL);
    return d;
}

static derived derive_recist(const patient *p, size_t visit, bfl_reconciled what) {
    const bfl_recist_visit *v = &p->criteria->visits[visit];
    static const char *const parts[BFL_RECONCILED_COUNT] = {".target.", ".nontarget.", ".new.", ".overall.", NULL};
    const char *word = what == BFL_RECONCILED_TARGET      ? bfl_response_word(v->target)
                       : what == BFL_RECONCILED_NONTARGET ? bfl_response_word(v->nontarget)
                       : what == BFL_RECONCILED_NEW       ? bfl_new_lesions_word(v->new_lesions)
                                                          : bfl_response_word(v->overall);
    return explain(p, word, v->reasons, v->reason_count, parts[what]);
}

static derived derive_other(const patient *p, size_t visit, const char *criterion) {
    const bfl_criterion_result *c = bfl_endpoint_criterion(p->criteria, criterion);
    const bfl_criterion_visit *v = &c->visits[visit];
    return explain(p, bfl_criterion_word(v), v->reasons, v->reason_count, NULL);
}

static derived derive(const patient *p, size_t visit, const derivation *d) {
    return strcmp(d->criterion, "recist11") == 0 ? derive_recist(p, visit, d->what)
                                                 : derive_other(p, visit, d->criterion);
}

static derived derive_best(const patient *p) {
    return explain(p, bfl_response_word(p->best->overall), p->best->reasons, p->best->reason_count, NULL);
}

/* ---- comparing ---- */

/* Collected words that say the same as a derived one: an indicator says Y, N; nothing to judge is NE or not there. */
static bool says_same(bfl_reconciled what, const char *said, const char *word) {
    if (same_text(said, word)) return true;
    if (what == BFL_RECONCILED_NEW) {
        bool yes = strcmp(word, "unequivocal") == 0, no = strcmp(word, "none") == 0;
        return yes ? same_text(said, "Y") || same_text(said, "UNEQUIVOCAL") || same_text(said, "PD")
                   : same_text(said, "N") && (no || strcmp(word, "equivocal") == 0);
    }
    return strcmp(word, "-") == 0 && (same_text(said, "NA") || same_text(said, "NED"));
}

static const char *day_text(const patient *p, const bfl_note *n) {
    char z[32];
    if (n->date.precision != BFL_DATE_NONE && n->date.precision != BFL_DATE_RELATIVE)
        (void)bfl_date_format(n->date, z, sizeof z);
    else if (n->when.known)
        (void)bfl_record_format_day(p->record, n->when.day, z, sizeof z);
    else
        return "";
    return bfl_arena_text(p->r->arena, bfl_text_of(z));
}

static bfl_disagreement *list(const patient *p, bfl_disagreement_kind kind, const derivation *d) {
    bfl_disagreement *out = BFL_PUSH(p->r->arena, &p->r->disagreements);
    *out = (bfl_disagreement){.patient = p->record->patient.id,
                              .kind = kind,
                              .what = d->what,
                              .criterion = d->criterion,
                              .date = "",
                              .collected = "",
                              .derived = "",
                              .source = {"", 0, ""},
                              .finding = "",
                              .lesions = ""};
    return out;
}

static void list_collected(const patient *p, bfl_disagreement_kind kind, const derivation *d, const collected *c,
                           const derived *found) {
    bfl_disagreement *out = list(p, kind, d);
    out->date = d->what == BFL_RECONCILED_BEST ? "" : day_text(p, c->note);
    out->collected = c->note->value;
    out->source = c->note->source;
    if (!found) return;
    out->derived = found->word;
    out->rule = found->rule;
    out->finding = found->finding;
    out->lesions = found->lesions;
}

static void compare(patient *p, const derivation *d, const collected *c, const derived *found) {
    bfl_reconciled_count *count = &p->r->out->counts[d->what];
    count->compared++;
    if (d->what == BFL_RECONCILED_OVERALL && strcmp(d->criterion, "recist11") == 0) {
        *BFL_PUSH(p->r->arena, &p->r->derived_overall) = found->word;
        *BFL_PUSH(p->r->arena, &p->r->collected_overall) = c->note->value;
    }
    if (says_same(d->what, c->note->value, found->word)) {
        count->same++;
        return;
    }
    bool known = bfl_collected_known(c->note->value);
    list_collected(p, known ? BFL_DISAGREEMENT_DIFFERS : BFL_DISAGREEMENT_TERM, d, c, found);
}

/* The visit of the lesions that this response is about: the day within it, else the nearest within the window of a visit. */
static size_t visit_of(const patient *p, const bfl_note *n) {
    size_t best = SIZE_MAX;
    int32_t least = p->window;
    for (size_t i = 0; n->when.known && i < p->criteria->visit_count; i++) {
        const bfl_recist_visit *v = &p->criteria->visits[i];
        int32_t before = v->first_day - n->when.day, after = n->when.first - v->day;
        int32_t distance = before > 0 ? before : after > 0 ? after : 0;
        if (distance > least || (distance == least && best != SIZE_MAX)) continue;
        best = i;
        least = distance;
    }
    return best;
}

static bool is_first(const collected_list *all, size_t index, const reconcile *r) {
    const collected *c = &all->items[index];
    for (size_t i = 0; i < index; i++) {
        const collected *before = &all->items[i];
        if (is_chosen(r, before) && same_text(before->test, c->test) && same_text(before->category, c->category) &&
            before->note->when.known && before->note->when.day == c->note->when.day &&
            same_text(before->evaluator, c->evaluator) && same_text(before->evaluator_id, c->evaluator_id))
            return false;
    }
    return true;
}

static void compare_one(patient *p, const collected_list *all, size_t index) {
    const collected *c = &all->items[index];
    derivation d;
    if (!bfl_derivation_of(c, &d)) {
        p->r->out->not_compared++;
        return;
    }
    if (d.what == BFL_RECONCILED_BEST) {
        derived best = derive_best(p);
        compare(p, &d, c, &best);
        return;
    }
    size_t visit = visit_of(p, c->note);
    bool twice = c->note->when.known && !is_first(all, index, p->r);
    if (visit == SIZE_MAX) {
        list_collected(p, BFL_DISAGREEMENT_NO_VISIT, &d, c, NULL);
        return;
    }
    derived found = derive(p, visit, &d);
    if (d.what == BFL_RECONCILED_OVERALL && strcmp(d.criterion, "recist11") == 0)
        p->overall_collected[visit] = p->any_overall = true;
    if (p->criteria->visits[visit].baseline && says_same(d.what, c->note->value, found.word) == false &&
        strcmp(found.word, "-") == 0)
        list_collected(p, BFL_DISAGREEMENT_NO_VISIT, &d, c, &found);
    else if (twice)
        list_collected(p, BFL_DISAGREEMENT_TWICE, &d, c, &found);
    else
        compare(p, &d, c, &found);
}

static void list_not_collected(const patient *p) {
    static const derivation overall = {BFL_RECONCILED_OVERALL, "recist11"};
    for (size_t i = 0; p->any_overall && i < p->criteria->visit_count; i++) {
        const bfl_recist_visit *v = &p->criteria->visits[i];
        if (v->baseline || p->overall_collected[i]) continue;
        derived found = derive(p, i, &overall);
        bfl_disagreement *out = list(p, BFL_DISAGREEMENT_NOT_COLLECTED, &overall);
        char z[32];
        (void)bfl_record_format_day(p->record, v->day, z, sizeof z);
        out->date = bfl_arena_text(p->r->arena, bfl_text_of(z));
        out->derived = found.word;
        out->rule = found.rule;
        out->finding = found.finding;
        out->lesions = found.lesions;
    }
}

void bfl_reconcile_record(reconcile *r, const bfl_record *record) {
    collected_list all = bfl_collected_of(r->arena, record);
    size_t mine = 0;
    for (size_t i = 0; i < all.count; i++) mine += is_chosen(r, &all.items[i]);
    if (mine == 0) return;
    if (record->lesion_count == 0) {
        r->out->without_lesions++;
        return;
    }
    patient p = {.r = r, .record = record, .criteria = bfl_criteria_assess(r->arena, record, r->rulebook)};
    p.best = bfl_endpoint_best(r->arena, record, r->rulebook, p.criteria, &r->policies);
    p.window = bfl_rule_days(r->rulebook, BFL_NUM_RECIST11_VISIT_WINDOW__WINDOW_DAYS);
    p.overall_collected = BFL_NEW_ARRAY(r->arena, p.criteria->visit_count, bool);
    for (size_t i = 0; i < all.count; i++)
        if (is_chosen(r, &all.items[i])) compare_one(&p, &all, i);
    list_not_collected(&p);
}
