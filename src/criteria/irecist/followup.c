/* SPDX-License-Identifier: Apache-2.0 */
/* The lists of new lesions, and what a visit shows against the assessments since progression was first seen. */
#include "criteria/irecist/parts.h"
#include "criteria/study.h"

#include <string.h>

static bfl_measure measure_of(const bfl_icase *c) { return (bfl_measure){c->record, c->rulebook}; }

/* ---- the lists ---- */

typedef struct candidate {
    bfl_inew new_lesion;
    bfl_decimal mm; /* meaningful when it is measurable */
} candidate;

/* In the order of appearance; measurable before others, the largest first; the id decides between equals. */
static int by_appearance(const void *a, const void *b, const void *context) {
    (void)context;
    const candidate *x = a, *y = b;
    if (x->new_lesion.appears != y->new_lesion.appears) return x->new_lesion.appears < y->new_lesion.appears ? -1 : 1;
    if (x->new_lesion.target != y->new_lesion.target) return x->new_lesion.target ? -1 : 1;
    int order = x->new_lesion.target ? bfl_decimal_compare(y->mm, x->mm) : 0;
    return order != 0 ? order : strcmp(x->new_lesion.lesion->tracked->id, y->new_lesion.lesion->tracked->id);
}

/* Visit at which it is first new for certain; SIZE_MAX when never. */
static size_t appears_at(const bfl_icase *c, const bfl_followed *lesion) {
    for (size_t i = 1; lesion->newness && i < c->visits->count; i++)
        if (lesion->newness[i] == BFL_NEW_UNEQUIVOCAL) return i;
    return SIZE_MAX;
}

static candidate describe(const bfl_icase *c, const bfl_followed *lesion, size_t visit) {
    bfl_measure m = measure_of(c);
    bfl_rows rows = bfl_visits_rows(lesion->tracked, &c->visits->items[visit]);
    bfl_size size = bfl_lesion_size(&m, lesion->tracked, rows, BFL_MODALITY_CT);
    candidate new_lesion = {.new_lesion = {.lesion = lesion, .appears = visit}, .mm = size.mm};
    if (!bfl_lesion_measurable(&m, lesion->tracked, &size)) return new_lesion;
    new_lesion.new_lesion.target = true;
    new_lesion.new_lesion.method = c->record->lesions[size.row].modality;
    return new_lesion;
}

void bfl_irecist_list_new(bfl_icase *c) {
    int32_t most = bfl_rule_days(c->rulebook, BFL_NUM_IRECIST_NEW_LIMIT__ALL_LESIONS), kept = 0;
    int32_t most_in_organ = bfl_rule_days(c->rulebook, BFL_NUM_IRECIST_NEW_LIMIT__ORGAN_LESIONS);
    BFL_LIST(candidate) found = {0};
    for (size_t i = 0; i < c->disease->lesion_count; i++) {
        size_t visit = appears_at(c, &c->disease->lesions[i]);
        if (visit != SIZE_MAX) *BFL_PUSH(c->arena, &found) = describe(c, &c->disease->lesions[i], visit);
    }
    bfl_sort(c->arena, found.items, found.count, sizeof *found.items, by_appearance, NULL);
    bfl_inew *news = BFL_NEW_ARRAY(c->arena, found.count, bfl_inew);
    for (size_t i = 0; i < found.count; i++) {
        news[i] = found.items[i].new_lesion;
        if (!news[i].target) continue;
        int32_t in_organ = 0;
        for (size_t j = 0; j < i; j++)
            in_organ += news[j].target && bfl_lesion_same_organ(news[j].lesion->tracked, news[i].lesion->tracked);
        news[i].target = kept < most && in_organ < most_in_organ;
        kept += news[i].target;
    }
    c->new_targets = kept > 0;
    c->news = news;
    c->new_count = found.count;
}

/* ---- sums of new targets ---- */

typedef struct new_sum {
    bfl_decimal mm; /* of those that could be measured */
    bool any, complete;
} new_sum;

/* Sum at visit `at` of the new targets known at visit `known`. */
static new_sum sum_new(const bfl_icase *c, size_t known, size_t at) {
    bfl_measure m = measure_of(c);
    new_sum sum = {.complete = true};
    for (size_t i = 0; i < c->new_count; i++) {
        const bfl_inew *n = &c->news[i];
        if (!n->target || n->appears > known) continue;
        bfl_rows rows = bfl_visits_rows(n->lesion->tracked, &c->visits->items[at]);
        bfl_size size = bfl_lesion_size(&m, n->lesion->tracked, rows, n->method);
        sum.any = true;
        if (size.kind == BFL_SIZE_MISSING)
            sum.complete = false;
        else
            sum.mm = bfl_decimal_add(sum.mm, size.mm);
    }
    return sum;
}

/* Larger by at least so many millimetres. */
static bool larger_by(const bfl_icase *c, bfl_decimal now, bfl_decimal before, bfl_number_index mm) {
    return bfl_decimal_compare(bfl_decimal_subtract(now, before), bfl_rule_number(c->rulebook, mm)) >= 0;
}

/* Progression of RECIST 1.1, against one earlier sum. */
static bool progressed_from(const bfl_icase *c, bfl_decimal now, bfl_decimal before) {
    bfl_decimal percent = bfl_rule_number(c->rulebook, BFL_NUM_RECIST11_TARGET_PD__INCREASE_PERCENT);
    bfl_decimal more = bfl_decimal_subtract(now, before);
    return larger_by(c, now, before, BFL_NUM_RECIST11_TARGET_PD__INCREASE_MM) &&
           bfl_decimal_compare(bfl_decimal_multiply(more, bfl_decimal_of(100)),
                               bfl_decimal_multiply(before, percent)) >= 0;
}

/* Have the new targets of before grown, by 5 mm since the open progression or enough for progression of RECIST 1.1? */
static bool new_targets_grew(const bfl_icase *c, size_t i, const bfl_iopen *state) {
    for (size_t r = state->visit; c->new_targets && r < i; r++) {
        new_sum before = sum_new(c, r, r), now = sum_new(c, r, i);
        if (before.any && before.complete && larger_by(c, now.mm, before.mm, BFL_NUM_IRECIST_CPD_NEW__INCREASE_MM))
            return true;
    }
    return false;
}

static bool new_targets_progressed(const bfl_icase *c, size_t i) {
    for (size_t r = 1; c->new_targets && r < i; r++) {
        new_sum before = sum_new(c, r, r), now = sum_new(c, r, i);
        if (before.any && before.complete && progressed_from(c, now.mm, before.mm)) return true;
    }
    return false;
}

/* ---- growth that need not be unequivocal ---- */

enum { GROWTH = BFL_CHANGE_LARGER | BFL_CHANGE_MORE | BFL_CHANGE_LYTIC_GROWTH | BFL_CHANGE_SOFT_MASS };

static bool in_words(const bfl_icase *c, const bfl_tracked *lesion, size_t visit, unsigned changes) {
    bfl_rows rows = bfl_visits_rows(lesion, &c->visits->items[visit]);
    for (size_t i = 0; i < rows.count; i++) {
        const bfl_lesion *row = &c->record->lesions[rows.items[i]];
        if (bfl_study_present(row) && (row->changes & changes)) return true;
    }
    return false;
}

static bool called_progressed(const bfl_icase *c, const bfl_tracked *lesion, size_t visit) {
    bfl_rows rows = bfl_visits_rows(lesion, &c->visits->items[visit]);
    for (size_t i = 0; i < rows.count; i++)
        if (c->record->lesions[rows.items[i]].state == BFL_LESION_PROGRESSED) return true;
    return false;
}

/* Any growth since the open progression: described as larger, called progressed for the first time, or a larger size. */
static bool grew(const bfl_icase *c, const bfl_tracked *lesion, size_t i, size_t since) {
    if (in_words(c, lesion, i, GROWTH)) return true;
    bfl_measure m = measure_of(c);
    bfl_size now = bfl_lesion_size(&m, lesion, bfl_visits_rows(lesion, &c->visits->items[i]), BFL_MODALITY_CT);
    bool progressed_before = false;
    for (size_t r = since; r < i; r++) {
        bfl_rows rows = bfl_visits_rows(lesion, &c->visits->items[r]);
        bfl_size before = bfl_lesion_size(&m, lesion, rows, BFL_MODALITY_CT);
        progressed_before |= called_progressed(c, lesion, r);
        if (now.kind == BFL_SIZE_GIVEN && before.kind == BFL_SIZE_GIVEN && bfl_decimal_compare(now.mm, before.mm) > 0)
            return true;
    }
    return called_progressed(c, lesion, i) && !progressed_before;
}

/* ---- what a visit shows ---- */

static bool target_grew(const bfl_icase *c, size_t i, const bfl_iopen *state) {
    const bfl_recist_visit *visits = c->disease->visits;
    if (visits[i].target != BFL_RESPONSE_PD || !visits[i].sum_mm.present) return false;
    for (size_t r = state->visit; r < i; r++)
        if (visits[r].sum_mm.present &&
            larger_by(c, visits[i].sum_mm.value, visits[r].sum_mm.value, BFL_NUM_IRECIST_CPD_TARGET__INCREASE_MM))
            return true;
    return false;
}

static bool nontarget_grew(const bfl_icase *c, size_t i, const bfl_iopen *state) {
    for (size_t k = 0; k < c->disease->lesion_count; k++) {
        const bfl_followed *lesion = &c->disease->lesions[k];
        if (lesion->nontarget && grew(c, lesion->tracked, i, state->visit)) return true;
    }
    return false;
}

static unsigned further(const bfl_icase *c, size_t i, const bfl_iopen *state, bool another_new) {
    unsigned parts = 0;
    if (!state->open) return parts;
    if (target_grew(c, i, state)) parts |= BFL_IPART_TARGET;
    if (nontarget_grew(c, i, state)) parts |= BFL_IPART_NONTARGET;
    bool news = another_new || new_targets_grew(c, i, state);
    for (size_t k = 0; !news && k < c->new_count; k++)
        news = !c->news[k].target && c->news[k].appears < i &&
               grew(c, c->news[k].lesion->tracked, i,
                    c->news[k].appears > state->visit ? c->news[k].appears : state->visit);
    return news ? parts | BFL_IPART_NEW : parts;
}

/* Smaller than at the assessment before, since the open progression: targets, new targets, or a new lesion in words. */
static bool shrunk(const bfl_icase *c, size_t i, const bfl_iopen *state) {
    const bfl_recist_visit *visits = c->disease->visits;
    bool targets = false, news = false;
    for (size_t r = state->visit; r < i; r++) {
        if (visits[r].sum_mm.present)
            targets =
                visits[i].sum_mm.present && bfl_decimal_compare(visits[i].sum_mm.value, visits[r].sum_mm.value) < 0;
        if (!c->new_targets) continue;
        new_sum before = sum_new(c, r, r), now = sum_new(c, r, i);
        if (before.any && before.complete) news = now.complete && bfl_decimal_compare(now.mm, before.mm) < 0;
    }
    for (size_t k = 0; !news && k < c->new_count; k++)
        news = c->news[k].appears < i && in_words(c, c->news[k].lesion->tracked, i, BFL_CHANGE_SMALLER) &&
               !in_words(c, c->news[k].lesion->tracked, i, GROWTH);
    return targets || news;
}

bfl_ifindings bfl_irecist_look(const bfl_icase *c, size_t i, const bfl_iopen *state) {
    const bfl_recist_visit *visit = &c->disease->visits[i];
    bfl_ifindings f = {.day = visit->day, .target = visit->target, .nontarget = visit->nontarget};
    bool another_new = false, again = new_targets_progressed(c, i);
    for (size_t k = 0; k < c->new_count; k++) {
        const bfl_inew *n = &c->news[k];
        another_new |= n->appears == i;
        f.new_there |= n->appears < i && n->lesion->newness[i] == BFL_NEW_UNEQUIVOCAL;
        again |= n->appears < i && !n->target && called_progressed(c, n->lesion->tracked, i);
    }
    if (visit->target == BFL_RESPONSE_PD) f.progressed |= BFL_IPART_TARGET;
    if (visit->nontarget == BFL_RESPONSE_PD) f.progressed |= BFL_IPART_NONTARGET;
    if (another_new || again) f.progressed |= BFL_IPART_NEW;
    f.again = again && !another_new;
    f.further = further(c, i, state, another_new);
    f.shrunk = state->open && shrunk(c, i, state);
    return f;
}
