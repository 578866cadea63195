/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of diameters as collected against the lesions that they sum, and targets that are too small to be targets. */
#include "format/sdtm/tumour.h"

#include <string.h>

/* The targets of one visit. */
typedef struct visit {
    bfl_decimal counted; /* short axis of nodes, longest diameter of the rest */
    bfl_decimal written; /* what the data call the diameter (TRTESTCD DIAMETER), else the counted one */
    size_t targets;
    const char *missing; /* a target without a size */
} visit;

static visit *visit_of(names *visits, bfl_arena *scratch, const char *key) {
    name *n = bfl_names_add(visits, bfl_text_of(key));
    if (!n->value) n->value = BFL_NEW(scratch, visit);
    return n->value;
}

static void add_target(visit *v, const finding *f) {
    bfl_maybe mm = bfl_sdtm_counted_mm(f);
    v->targets++;
    if (!mm.present && f->state != BFL_LESION_ABSENT) v->missing = f->t->id;
    if (!mm.present) return;
    v->counted = bfl_decimal_add(v->counted, mm.value);
    v->written = bfl_decimal_add(v->written, f->diameter.present ? f->diameter.value : mm.value);
}

static const char *mm_text(bfl_arena *arena, bfl_decimal mm) {
    return bfl_arena_printf(arena, "%s mm", bfl_decimal_z(arena, mm, -1));
}

static void check_sum(const tumours *t, const collected_sum *c, const visit *v) {
    bfl_arena *arena = t->s->arena;
    bool same = bfl_decimal_compare(c->mm, v->counted) == 0;
    if (same && !v->missing) return;
    const char *found = mm_text(arena, c->mm), *expected;
    if (v->missing)
        expected = bfl_arena_printf(
            arena, "no sum: target %s has no size at this visit%s", bfl_issue_quote(arena, bfl_text_of(v->missing)),
            same || bfl_decimal_compare(c->mm, v->written) == 0 ? ", and the collected sum counts it as 0" : "");
    else
        expected =
            bfl_arena_printf(arena, "%s from the lesions (short axis of lymph nodes, longest diameter of others)%s",
                             mm_text(arena, v->counted),
                             bfl_decimal_compare(c->mm, v->written) == 0 ? "; the collected sum adds DIAMETER" : "");
    bfl_sdtm_issue(&c->row, BFL_CODE_SDTM_SUM, VAR_ORRES, found, expected);
}

void bfl_sdtm_check_sums(const tumours *t) {
    names visits = {.arena = t->s->scratch, .scratch = t->s->scratch};
    for (size_t i = 0; i < t->in_order.count; i++) {
        const finding *f = t->in_order.items[i];
        if (f->t->role == BFL_ROLE_TARGET) add_target(visit_of(&visits, t->s->scratch, f->visit), f);
    }
    for (size_t i = 0; i < t->sums.count; i++) {
        const name *n = bfl_names_find(&visits, bfl_text_of(t->sums.items[i].visit));
        if (n) check_sum(t, &t->sums.items[i], n->value);
    }
}

/* ---- measurable? ---- */

static bfl_decimal least_of(const tumours *t, const finding *f) {
    const bfl_rulebook *book = t->s->rulebook;
    if (f->t->organ == BFL_ORGAN_NODE || f->t->short_axis)
        return bfl_rule_number(book, BFL_NUM_RECIST11_MEASURABLE_NODE__SHORT_AXIS_MM);
    if (f->modality == BFL_MODALITY_XRAY)
        return bfl_rule_number(book, BFL_NUM_RECIST11_MEASURABLE_LESION__RADIOGRAPH_MM);
    return bfl_rule_number(book, BFL_NUM_RECIST11_MEASURABLE_LESION__LONGEST_MM);
}

static bool is_earlier(const finding *a, const finding *b) {
    return a->date.precision != BFL_DATE_NONE && (b->date.precision == BFL_DATE_NONE || a->date.last < b->date.last);
}

/* The first finding of each target that has a size. */
static void keep_first(names *firsts, const tumours *t, finding *f) {
    const char *key = bfl_arena_printf(t->s->row, "%s\x1f%s", f->t->patient, f->t->id);
    if (f->t->role != BFL_ROLE_TARGET || !bfl_sdtm_counted_mm(f).present) return;
    name *n = bfl_names_add(firsts, bfl_text_of(key));
    if (!n->value || is_earlier(f, n->value)) n->value = f;
}

static void check_first(const tumours *t, finding *f) {
    bfl_decimal least = least_of(t, f), mm = bfl_sdtm_counted_mm(f).value;
    if (f->t->judged || bfl_decimal_compare(mm, least) >= 0) return;
    f->t->judged = true;
    bfl_arena *arena = t->s->arena;
    bfl_place place = {f->t->patient, f->source, f->column};
    bfl_issue_add(
        t->s->scratch, bfl_record_issues(f->builder), BFL_CODE_SDTM_BELOW_MEASURABLE, place,
        bfl_arena_printf(arena, "target %s of %s", bfl_issue_quote(arena, bfl_text_of(f->t->id)), mm_text(arena, mm)),
        bfl_arena_printf(arena, "at least %s at baseline for a target (RECIST 1.1)", mm_text(arena, least)));
}

void bfl_sdtm_check_measurable(const tumours *t) {
    names firsts = {.arena = t->s->scratch, .scratch = t->s->scratch};
    for (size_t i = 0; i < t->in_order.count; i++) {
        bfl_arena_reset(t->s->row);
        keep_first(&firsts, t, t->in_order.items[i]);
    }
    for (size_t i = 0; i < t->in_order.count; i++) {
        finding *f = t->in_order.items[i];
        bfl_arena_reset(t->s->row);
        const name *n =
            bfl_names_find(&firsts, bfl_text_of(bfl_arena_printf(t->s->row, "%s\x1f%s", f->t->patient, f->t->id)));
        if (n && n->value == f) check_first(t, f);
    }
}
