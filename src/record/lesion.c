/* SPDX-License-Identifier: Apache-2.0 */
/* Lesions: sizes that can be, one lesion one place, one row per lesion, study and day. */
#include "record/seal.h"

#include <string.h>

/* Wider than a torso: a slip of digits or of the unit. Not a clinical threshold. */
enum { LARGEST_MM = 500 };
/* Rows of one lesion and day that a row is compared with: keeps a table of one repeated lesion from taking forever. */
enum { COMPARED_ROWS = 32 };

/* ---- one row ---- */

static void check_size(const seal *s, const bfl_lesion *l, bfl_maybe *size, const char *column) {
    if (!size->present) return;
    const char *found = bfl_arena_printf(s->arena, "%s mm", bfl_decimal_z(s->arena, size->value, -1));
    if (size->value.mantissa < 0) {
        bfl_seal_issue(s, BFL_CODE_LESION_SIZE_NEGATIVE, l->source, column, found, "a size in mm above 0");
        size->present = false;
    } else if (size->value.mantissa == 0 && l->state != BFL_LESION_ABSENT) {
        bfl_seal_issue(s, BFL_CODE_LESION_SIZE_ZERO, l->source, column, found, "a size above 0, or state absent");
    } else if (bfl_decimal_compare(size->value, bfl_decimal_of(LARGEST_MM)) > 0) {
        bfl_seal_issue(s, BFL_CODE_LESION_SIZE_IMPLAUSIBLE, l->source, column, found,
                       bfl_arena_printf(s->arena, "at most %d mm", LARGEST_MM));
    }
}

static bool has_size(const bfl_lesion *l) { return l->longest_mm.present || l->short_mm.present; }

static bool is_above_zero(bfl_maybe size) { return size.present && size.value.mantissa > 0; }

static void check_row(const seal *s, bfl_lesion *l) {
    check_size(s, l, &l->longest_mm, "longest_mm");
    check_size(s, l, &l->short_mm, "short_mm");
    check_size(s, l, &l->soft_tissue_mm, "soft_tissue_mm");
    check_size(s, l, &l->slice_mm, "slice_mm");
    if (l->longest_mm.present && l->short_mm.present && bfl_decimal_compare(l->short_mm.value, l->longest_mm.value) > 0)
        bfl_seal_issue(s, BFL_CODE_LESION_AXES, l->source, "short_mm",
                       bfl_arena_printf(s->arena, "short axis %s mm, longest diameter %s mm",
                                        bfl_decimal_z(s->arena, l->short_mm.value, -1),
                                        bfl_decimal_z(s->arena, l->longest_mm.value, -1)),
                       "a short axis not longer than the longest diameter");
    if (l->state == BFL_LESION_NONE && has_size(l)) l->state = BFL_LESION_MEASURED;
    if (l->state == BFL_LESION_MEASURED && !has_size(l) && !l->soft_tissue_mm.present)
        bfl_seal_issue(s, BFL_CODE_LESION_SIZE_MISSING, l->source, "longest_mm", "state measured without a size",
                       "longest_mm, or short_mm for a lymph node");
    if (l->state == BFL_LESION_ABSENT && (is_above_zero(l->longest_mm) || is_above_zero(l->short_mm)))
        bfl_seal_issue(s, BFL_CODE_LESION_STATE_SIZE, l->source, "state", "state absent with a size", "one of the two");
}

/* ---- two rows of the same lesion, day and modality ---- */

static bool differs(bfl_maybe a, bfl_maybe b) {
    return a.present && b.present && bfl_decimal_compare(a.value, b.value) != 0;
}

static bool differs_word(int a, int b) { return a != 0 && b != 0 && a != b; }

/* What the two rows say differently, NULL when they can both be true. */
static const char *contradiction(const bfl_lesion *a, const bfl_lesion *b) {
    if (differs(a->longest_mm, b->longest_mm)) return "longest_mm";
    if (differs(a->short_mm, b->short_mm)) return "short_mm";
    if (differs(a->soft_tissue_mm, b->soft_tissue_mm)) return "soft_tissue_mm";
    if (differs(a->hu_mean, b->hu_mean)) return "hu_mean";
    if (differs(a->suv_max, b->suv_max)) return "suv_max";
    if (differs(a->count, b->count)) return "count";
    if (differs_word((int)a->state, (int)b->state)) return "state";
    if (differs_word((int)a->role, (int)b->role)) return "role";
    if (differs_word((int)a->matrix, (int)b->matrix)) return "matrix";
    if (differs_word((int)a->uptake, (int)b->uptake)) return "uptake";
    if (differs_word((int)a->beyond_bone, (int)b->beyond_bone)) return "beyond_bone";
    return NULL;
}

static bool same_numbers(const bfl_lesion *a, const bfl_lesion *b) {
    return bfl_seal_same_maybe(a->longest_mm, b->longest_mm) && bfl_seal_same_maybe(a->short_mm, b->short_mm) &&
           bfl_seal_same_maybe(a->soft_tissue_mm, b->soft_tissue_mm) && bfl_seal_same_maybe(a->slice_mm, b->slice_mm) &&
           bfl_seal_same_maybe(a->hu_mean, b->hu_mean) && bfl_seal_same_maybe(a->suv_max, b->suv_max) &&
           bfl_seal_same_maybe(a->count, b->count);
}

static bool same_row(const lesion_row *a, const lesion_row *b) {
    const bfl_lesion *x = &a->row, *y = &b->row;
    return bfl_date_same(a->date, b->date) && x->organ == y->organ && x->role == y->role && x->matrix == y->matrix &&
           x->state == y->state && x->changes == y->changes && x->uptake == y->uptake &&
           x->beyond_bone == y->beyond_bone && same_numbers(x, y) && bfl_site_same(x->site, y->site) &&
           bfl_seal_same(x->note, y->note);
}

static const char *value_text(const seal *s, const bfl_lesion *l, const char *column) {
    bfl_maybe v = strcmp(column, "longest_mm") == 0       ? l->longest_mm
                  : strcmp(column, "short_mm") == 0       ? l->short_mm
                  : strcmp(column, "soft_tissue_mm") == 0 ? l->soft_tissue_mm
                  : strcmp(column, "hu_mean") == 0        ? l->hu_mean
                  : strcmp(column, "suv_max") == 0        ? l->suv_max
                  : strcmp(column, "count") == 0          ? l->count
                                                          : (bfl_maybe){0};
    if (v.present) return bfl_decimal_z(s->arena, v.value, -1);
    if (strcmp(column, "state") == 0) return bfl_lesion_state_word(l->state);
    if (strcmp(column, "role") == 0) return bfl_role_word(l->role);
    if (strcmp(column, "matrix") == 0) return bfl_matrix_word(l->matrix);
    if (strcmp(column, "uptake") == 0) return bfl_uptake_word(l->uptake);
    return bfl_said_word(l->beyond_bone);
}

static void compare_pair(const seal *s, const lesion_row *earlier, lesion_row *later) {
    if (same_row(earlier, later)) {
        later->dropped = true;
        bfl_seal_duplicate(s, earlier->row.source, later->row.source);
        return;
    }
    const char *column = later->row.when.exact ? contradiction(&earlier->row, &later->row) : NULL;
    if (!column) return;
    later->dropped = true;
    bfl_seal_issue(s, BFL_CODE_LESION_CONFLICT, later->row.source, column,
                   bfl_arena_printf(s->arena, "%s, but %s in row %u", value_text(s, &later->row, column),
                                    value_text(s, &earlier->row, column), earlier->row.source.row),
                   "one value for a lesion on one day by one modality");
}

static bool same_study(const lesion_row *a, const lesion_row *b) {
    return bfl_seal_compare_when(a->row.when, b->row.when) == 0 && strcmp(a->row.id, b->row.id) == 0;
}

static void compare_rows_of_one_day(const seal *s) {
    for (size_t i = 1; i < s->b->lesions.count; i++) {
        lesion_row *later = &s->b->lesions.items[i];
        size_t first = i;
        while (first > 0 && i - first < COMPARED_ROWS && same_study(&s->b->lesions.items[first - 1], later)) first--;
        for (size_t j = first; j < i && !later->dropped; j++) {
            const lesion_row *earlier = &s->b->lesions.items[j];
            if (!earlier->dropped && earlier->row.modality == later->row.modality) compare_pair(s, earlier, later);
        }
    }
}

/* ---- one lesion, one place ---- */

static int compare_identity(const void *a, const void *b, const void *context) {
    (void)context;
    const bfl_lesion *x = *(const bfl_lesion *const *)a, *y = *(const bfl_lesion *const *)b;
    int order = strcmp(x->id, y->id);
    if (order == 0) order = bfl_seal_compare_when(x->when, y->when);
    return order ? order : bfl_seal_compare_source(x->source, y->source);
}

static void check_place(const seal *s, const bfl_lesion *before, const bfl_lesion *l) {
    if (before->site[0] && l->site[0] && !bfl_site_same(before->site, l->site))
        bfl_seal_issue(s, BFL_CODE_LESION_SITE_CHANGES, l->source, "site",
                       bfl_arena_printf(s->arena, "lesion %s at %s", bfl_issue_quote(s->arena, bfl_text_of(l->id)),
                                        bfl_issue_quote(s->arena, bfl_text_of(l->site))),
                       bfl_arena_printf(s->arena, "%s, as in row %u",
                                        bfl_issue_quote(s->arena, bfl_text_of(before->site)), before->source.row));
    if (before->organ != BFL_ORGAN_NONE && l->organ != BFL_ORGAN_NONE && before->organ != l->organ)
        bfl_seal_issue(
            s, BFL_CODE_LESION_ORGAN_CHANGES, l->source, "organ",
            bfl_arena_printf(s->arena, "lesion %s in %s", bfl_issue_quote(s->arena, bfl_text_of(l->id)),
                             bfl_organ_word(l->organ)),
            bfl_arena_printf(s->arena, "%s, as in row %u", bfl_organ_word(before->organ), before->source.row));
}

/* ---- bone that grows without a word ---- */

/*
 * Bone that heals grows too, so no rule compares sizes of whole bone lesions: what counts is what the reader says. Sizes alone,
 * clearly larger than before (by as much as RECIST asks for), must not pass in silence.
 */
enum { CLEARLY_PERCENT = 120, CLEARLY_MM = 5 };

static bool clearly_larger(bfl_decimal now, bfl_decimal before) {
    bfl_decimal percent = bfl_decimal_multiply(before, bfl_decimal_of(CLEARLY_PERCENT));
    return bfl_decimal_compare(bfl_decimal_subtract(now, before), bfl_decimal_of(CLEARLY_MM)) >= 0 &&
           bfl_decimal_compare(bfl_decimal_multiply(now, bfl_decimal_of(100)), percent) >= 0;
}

static bool sized_bone(const bfl_lesion *l) {
    return l->organ == BFL_ORGAN_BONE && is_above_zero(l->longest_mm) && l->state != BFL_LESION_ABSENT;
}

/* The smallest earlier row of the lesion by the same method; NULL when there is none. */
static const bfl_lesion *smallest_before(const bfl_lesion *const *rows, size_t at) {
    const bfl_lesion *l = rows[at], *least = NULL;
    for (size_t i = at; i-- > 0 && at - i < COMPARED_ROWS && strcmp(rows[i]->id, l->id) == 0;) {
        const bfl_lesion *row = rows[i];
        if (row->modality != l->modality || !sized_bone(row) || row->when.day >= l->when.day) continue;
        if (!least || bfl_decimal_compare(row->longest_mm.value, least->longest_mm.value) < 0) least = row;
    }
    return least;
}

static void check_growth(const seal *s, const bfl_lesion *const *rows, size_t at) {
    const bfl_lesion *l = rows[at];
    bool said = l->changes != 0 || l->state == BFL_LESION_PROGRESSED || l->state == BFL_LESION_EQUIVOCAL ||
                l->state == BFL_LESION_NOT_EVALUABLE || l->soft_tissue_mm.present;
    if (said || !sized_bone(l) || !l->when.known) return;
    const bfl_lesion *least = smallest_before(rows, at);
    if (!least || !clearly_larger(l->longest_mm.value, least->longest_mm.value)) return;
    bfl_seal_issue(s, BFL_CODE_LESION_GROWTH_UNSAID, l->source, "longest_mm",
                   bfl_arena_printf(s->arena, "bone lesion %s: %s mm, %s mm in row %u, and no change said",
                                    bfl_issue_quote(s->arena, bfl_text_of(l->id)),
                                    bfl_decimal_z(s->arena, l->longest_mm.value, -1),
                                    bfl_decimal_z(s->arena, least->longest_mm.value, -1), least->source.row),
                   "what the reader says of it");
}

static void check_places(const seal *s) {
    size_t count = s->b->lesions.count;
    const bfl_lesion **by_id = BFL_NEW_ARRAY(s->b->scratch, count, const bfl_lesion *);
    for (size_t i = 0; i < count; i++) by_id[i] = &s->b->lesions.items[i].row;
    bfl_sort(s->b->scratch, by_id, count, sizeof *by_id, compare_identity, NULL);
    for (size_t i = 1; i < count; i++)
        if (strcmp(by_id[i - 1]->id, by_id[i]->id) == 0) {
            check_place(s, by_id[i - 1], by_id[i]);
            check_growth(s, by_id, i);
        }
}

static int compare_rows(const void *a, const void *b, const void *context) {
    (void)context;
    const lesion_row *x = a, *y = b;
    int order = bfl_seal_compare_when(x->row.when, y->row.when);
    if (order == 0) order = strcmp(x->row.id, y->row.id);
    return order ? order : bfl_seal_compare_source(x->row.source, y->row.source);
}

void bfl_seal_lesions(const seal *s) {
    bfl_builder *b = s->b;
    bfl_sort(s->b->scratch, b->lesions.items, b->lesions.count, sizeof *b->lesions.items, compare_rows, NULL);
    for (size_t i = 0; i < b->lesions.count; i++) check_row(s, &b->lesions.items[i].row);
    compare_rows_of_one_day(s);
    check_places(s);
}
