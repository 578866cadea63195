/* SPDX-License-Identifier: Apache-2.0 */
/* TU and TR of one subject: each lesion is identified once, each of its rows is a few tests at one visit. */
#include "format/sdtm/out.h"

#include <stdio.h>
#include <string.h>

/* A lesion of the subject, and what TU says of it, which is what a reader takes for every row of TR. */
typedef struct identified {
    const bfl_lesion *first;
    const char *site, *organ, *history; /* as a reader takes them from TU */
    bool has_method;                    /* TU says one: a row of TR without a method would get it */
} identified;

void bfl_sdtm_out_evaluator(const out *o, out_row *row, int evaluator, int id, int accepted) {
    const bfl_study *study = o->writing->study;
    if (study->evaluator && study->evaluator[0]) row->cells[evaluator] = study->evaluator;
    if (study->evaluator_id && study->evaluator_id[0]) row->cells[id] = study->evaluator_id;
    if (study->accepted_only) row->cells[accepted] = "Y";
}

/* ---- where ---- */

/* The term of CDISC that the site is, when it means that organ; else NULL. */
static const char *place_term(bfl_text site, const char *organ) {
    const bfl_cdisc_term *term = bfl_cdisc_find("location", site);
    return term && strcmp(term->means, organ) == 0 ? term->term : NULL;
}

/* "LEFT LUNG" is a side and a term. */
static bool has_side(bfl_text site, const char *organ, bfl_text *side, bfl_text *location) {
    static const char *const sides[] = {"LEFT ", "RIGHT ", "BILATERAL "};
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        bfl_text word = bfl_text_of(sides[i]);
        if (!bfl_text_starts(site, word)) continue;
        *side = (bfl_text){site.data, word.size - 1};
        *location = (bfl_text){site.data + word.size, site.size - word.size};
        const char *term = place_term(*location, organ);
        return term && bfl_text_equal(*location, bfl_text_of(term));
    }
    return false;
}

/* TULOC holds a term where there is one for the organ; the site as written is a supplemental value then. */
static void put_place(out *o, out_row *row, identified *t) {
    const bfl_lesion *l = t->first;
    const char *organ = bfl_organ_word(l->organ), *term = bfl_cdisc_written("location", organ);
    bfl_text site = bfl_text_of(l->site), side, location;
    bool other = l->organ == BFL_ORGAN_OTHER && l->site[0] && !bfl_cdisc_find("location", site);
    t->site = l->site;
    t->organ = organ;
    const char *exact = place_term(site, organ);
    if (exact || other) {
        bfl_sdtm_out_text(o, OUT_ID_TU, row, TU_LOC, exact ? exact : l->site, "BFLSITE");
        if (exact) bfl_sdtm_out_differs(o, OUT_ID_TU, row, "BFLSITE", l->site, exact);
    } else if (has_side(site, organ, &side, &location)) {
        row->cells[TU_LAT] = bfl_arena_text(o->arena, side);
        row->cells[TU_LOC] = bfl_arena_text(o->arena, location);
    } else if (term[0]) {
        row->cells[TU_LOC] = term;
        bfl_sdtm_out_differs(o, OUT_ID_TU, row, "BFLSITE", l->site, term);
    } else {
        const bfl_cdisc_term *known = bfl_cdisc_find("location", site);
        bfl_sdtm_out_text(o, OUT_ID_TU, row, TU_LOC, l->site, "BFLSITE");
        bfl_sdtm_out_differs(o, OUT_ID_TU, row, "BFLORGAN", organ, known ? known->means : l->site[0] ? "other" : "");
    }
}

/* ---- TU ---- */

static const char *role_term(bfl_role role) { return bfl_cdisc_written("role", bfl_role_word(role)); }

/* "TUSPLIT: TARGET-SPLIT" was read from TU and goes back there. */
static bool put_history(out *o, out_row *row, identified *t) {
    static const char *const tests[][2] = {
        {"TUSPLIT", "Tumor Split"}, {"TUMERGE", "Tumor Merged"}, {"TUMIDENT", "Tumor Identification"}};
    bfl_text result = bfl_text_of(t->first->note), test = bfl_text_split(&result, ':');
    if (result.size < 2 || result.data[0] != ' ' || result.size > SDTM_TEXT_SIZE) return false;
    result = (bfl_text){result.data + 1, result.size - 1};
    const bfl_cdisc_term *role = bfl_cdisc_find("role", result);
    if (!role || strcmp(role->means, bfl_role_word(t->first->role)) != 0) return false;
    bool said = bfl_text_find_nocase(result, BFL_TEXT("-SPLIT")) != SIZE_MAX ||
                bfl_text_find_nocase(result, BFL_TEXT("-COALESCED")) != SIZE_MAX;
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        if (!bfl_text_equal(test, bfl_text_of(tests[i][0])) || (i == 2 && !said)) continue;
        row->cells[TU_TESTCD] = tests[i][0];
        row->cells[TU_TEST] = tests[i][1];
        row->cells[TU_ORRES] = row->cells[TU_STRESC] = bfl_arena_text(o->arena, result);
        t->history = t->first->note;
        return true;
    }
    return false;
}

static void put_identification(out *o, identified *t, bfl_date date) {
    const bfl_lesion *l = t->first;
    bfl_source source = {l->source.file, l->source.row, ""};
    out_row *row = bfl_sdtm_out_row(o, OUT_ID_TU, source);
    row->cells[TU_LNKID] = l->id;
    t->history = "";
    if (!put_history(o, row, t)) {
        row->cells[TU_TESTCD] = "TUMIDENT";
        row->cells[TU_TEST] = "Tumor Identification";
        row->cells[TU_ORRES] = row->cells[TU_STRESC] = role_term(l->role);
    }
    put_place(o, row, t);
    if (t->has_method) row->cells[TU_METHOD] = bfl_cdisc_written("method", bfl_modality_word(l->modality));
    bfl_sdtm_out_evaluator(o, row, TU_EVAL, TU_EVALID, TU_ACPTFL);
    bfl_sdtm_out_date(o, OUT_ID_TU, row, (out_date){TU_DTC, TU_DY, "BFLDATE"}, date);
}

/* ---- TR ---- */

/* One row of the record on its way into TR. */
typedef struct visit_row {
    out *o;
    const bfl_lesion *l;
    const identified *t;
    bfl_date date;
    const char *visit, *row_number; /* row_number: "2" when it is the second of this lesion, day and method */
    size_t first;                   /* index of its first test in TR + 1; 0 = none yet */
    bfl_lesion_state said;          /* what TUMSTATE says */
} visit_row;

static out_row *add_test(visit_row *v, const char *code, const char *test) {
    out *o = v->o;
    out_row *row =
        bfl_sdtm_out_row(o, OUT_ID_TR, v->first ? (bfl_source){v->l->source.file, v->l->source.row, ""} : v->l->source);
    if (!v->first) v->first = o->datasets[OUT_ID_TR].rows.count;
    row->cells[TR_GRPID] = role_term(v->t->first->role);
    row->cells[TR_LNKID] = v->l->id;
    row->cells[TR_TESTCD] = code;
    row->cells[TR_TEST] = test;
    row->cells[TR_METHOD] = bfl_cdisc_written("method", bfl_modality_word(v->l->modality));
    row->cells[TR_VISITNUM] = v->visit;
    bfl_sdtm_out_evaluator(o, row, TR_EVAL, TR_EVALID, TR_ACPTFL);
    bfl_sdtm_out_date(o, OUT_ID_TR, row, (out_date){TR_DTC, TR_DY, "BFLDATE"}, v->date);
    bfl_sdtm_out_qualify(o, OUT_ID_TR, row, "BFLROW", v->row_number);
    return row;
}

static void add_number(visit_row *v, const char *code, const char *test, bfl_maybe number, const char *unit) {
    if (!number.present) return;
    out_row *row = add_test(v, code, test);
    bfl_sdtm_out_number(v->o, row, TR_STRESN, number);
    row->cells[TR_ORRES] = row->cells[TR_STRESC] = row->cells[TR_STRESN];
    row->cells[TR_ORRESU] = row->cells[TR_STRESU] = unit;
}

/* The term of a state, with the change it implies: PRESENT and larger is INCREASED. */
static const char *state_term(const bfl_lesion *l, bool *with_change) {
    const char *state = bfl_lesion_state_word(l->state);
    char both[64];
    *with_change = false;
    if (l->state == BFL_LESION_PRESENT && l->changes) {
        static const char *const words[] = {"larger", "smaller", "stable"};
        static const unsigned changes[] = {BFL_CHANGE_LARGER, BFL_CHANGE_SMALLER, BFL_CHANGE_STABLE};
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            if (l->changes != changes[i]) continue;
            *with_change = true;
            (void)snprintf(both, sizeof both, "%s;%s", state, words[i]);
            return bfl_cdisc_written("state", both);
        }
    }
    return bfl_cdisc_written("state", state);
}

/* TUMSTATE when there is a state to say, and for a row that says nothing else. */
static void add_state(visit_row *v, bool *change_said) {
    const bfl_lesion *l = v->l;
    const char *term = state_term(l, change_said);
    if (v->first && !term[0]) return;
    out_row *row = add_test(v, "TUMSTATE", "Tumor State");
    if (!term[0]) {
        row->cells[TR_STAT] = "NOT DONE";
        row->cells[TR_REASND] = SDTM_NOT_STATED;
        v->said = BFL_LESION_NOT_EVALUABLE;
    } else if (l->state == BFL_LESION_NOT_EVALUABLE && l->note[0] && strlen(l->note) <= SDTM_TEXT_SIZE) {
        row->cells[TR_STAT] = "NOT DONE";
        row->cells[TR_REASND] = l->note;
        v->said = l->state;
    } else {
        row->cells[TR_ORRES] = row->cells[TR_STRESC] = term;
        bool known = v->t->first->role == BFL_ROLE_NON_TARGET;
        v->said = l->state == BFL_LESION_PROGRESSED && !known ? BFL_LESION_PRESENT : l->state;
    }
}

/* The state that a reader makes of these tests. */
static bfl_lesion_state taken_state(const visit_row *v) {
    const bfl_lesion *l = v->l;
    bool node = strcmp(v->t->organ, "lymph_node") == 0;
    bfl_maybe counted = node ? l->short_mm : l->longest_mm;
    if (counted.present && bfl_decimal_is_zero(counted.value)) return BFL_LESION_ABSENT;
    if (v->said != BFL_LESION_NONE) return v->said;
    if (!counted.present && v->t->first->role != BFL_ROLE_NONE) return BFL_LESION_PRESENT;
    return l->longest_mm.present || l->short_mm.present ? BFL_LESION_MEASURED : BFL_LESION_NONE;
}

static const char *taken_note(const visit_row *v, const out_row *state_row) {
    const char *reason = state_row && state_row->cells[TR_REASND] ? state_row->cells[TR_REASND] : "";
    return reason[0] ? reason : v->t->history;
}

static void qualify(visit_row *v, const char *note, bool change_said) {
    out *o = v->o;
    const bfl_lesion *l = v->l;
    const out_row *row = &o->datasets[OUT_ID_TR].rows.items[v->first - 1];
    const struct {
        const char *qnam, *value, *taken;
    } texts[] = {
        {"BFLSITE", l->site, v->t->site},
        {"BFLORGAN", bfl_organ_word(l->organ), v->t->organ},
        {"BFLROLE", bfl_role_word(l->role), bfl_role_word(v->t->first->role)},
        {"BFLMATRX", bfl_matrix_word(l->matrix), ""},
        {"BFLSTATE", bfl_lesion_state_word(l->state), bfl_lesion_state_word(taken_state(v))},
        {"BFLCHG", change_said ? "" : bfl_changes_text(o->arena, l->changes), ""},
        {"BFLUPT", bfl_uptake_word(l->uptake), ""},
        {"BFLBEYND", bfl_said_word(l->beyond_bone), ""},
        {"BFLNOTE", l->note, note},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        bfl_sdtm_out_differs(o, OUT_ID_TR, row, texts[i].qnam, texts[i].value, texts[i].taken);
    bfl_sdtm_out_qualify_number(o, OUT_ID_TR, row, "BFLSOFT", l->soft_tissue_mm);
    bfl_sdtm_out_qualify_number(o, OUT_ID_TR, row, "BFLSLICE", l->slice_mm);
    bfl_sdtm_out_qualify_number(o, OUT_ID_TR, row, "BFLHU", l->hu_mean);
    bfl_sdtm_out_qualify_number(o, OUT_ID_TR, row, "BFLCOUNT", l->count);
}

static void put_row(visit_row *v) {
    const bfl_lesion *l = v->l;
    bool change_said = false;
    add_number(v, "LDIAM", "Longest Diameter", l->longest_mm, "mm");
    add_number(v, "LPERP", "Longest Perpendicular", l->short_mm, "mm");
    add_number(v, "SUVMAX", "Standardized Uptake Value Maximum", l->suv_max, "");
    size_t before = v->o->datasets[OUT_ID_TR].rows.count;
    add_state(v, &change_said);
    const out_dataset *tr = &v->o->datasets[OUT_ID_TR];
    const out_row *state_row = tr->rows.count > before ? &tr->rows.items[before] : NULL;
    qualify(v, taken_note(v, state_row), change_said);
}

/* ---- the subject ---- */

typedef struct by_id {
    const bfl_lesion *l;
    size_t index;
    identified *t;
} by_id;

static int compare_ids(const void *a, const void *b, const void *context) {
    (void)context;
    return strcmp(((const by_id *)a)->l->id,
                  ((const by_id *)b)->l->id); /* the sort is stable: the first row stays first */
}

/* Rows of one lesion together: finds its first row, and whether all its rows have a method. */
static by_id *group_lesions(out *o) {
    size_t count = o->record->lesion_count;
    by_id *rows = BFL_NEW_ARRAY(o->arena, count, by_id), *in_order = BFL_NEW_ARRAY(o->arena, count, by_id);
    for (size_t i = 0; i < count; i++) rows[i] = (by_id){&o->record->lesions[i], i, NULL};
    bfl_sort(o->arena, rows, count, sizeof *rows, compare_ids, NULL);
    for (size_t i = 0; i < count; i++) {
        bool same = i && strcmp(rows[i].l->id, rows[i - 1].l->id) == 0;
        rows[i].t = same ? rows[i - 1].t : BFL_NEW(o->arena, identified);
        if (!same) *rows[i].t = (identified){.first = rows[i].l, .has_method = true};
        if (rows[i].l->modality == BFL_MODALITY_NONE) rows[i].t->has_method = false;
        in_order[rows[i].index] = rows[i];
    }
    return in_order;
}

/* How many rows before this one are of the same lesion, date and method; they stand close before it. */
static size_t rows_before(const out *o, size_t index) {
    enum { COMPARED_ROWS = 256 };
    const bfl_lesion *l = &o->record->lesions[index];
    size_t n = 0;
    for (size_t i = index; i-- > 0 && index - i < COMPARED_ROWS;) {
        const bfl_lesion *before = &o->record->lesions[i];
        if (before->when.day != l->when.day || before->when.known != l->when.known) break;
        n += strcmp(before->id, l->id) == 0 && before->modality == l->modality &&
             bfl_date_same(o->as->lesions[i], o->as->lesions[index]);
    }
    return n;
}

void bfl_sdtm_out_lesions(out *o) {
    const by_id *rows = group_lesions(o);
    size_t visit = 0;
    for (size_t i = 0; i < o->record->lesion_count; i++) {
        const bfl_lesion *l = rows[i].l;
        bfl_date date = o->as->lesions[i];
        if (rows[i].t->first == l) put_identification(o, rows[i].t, date);
        if (i == 0 || !bfl_date_same(date, o->as->lesions[i - 1])) visit++;
        size_t before = rows_before(o, i);
        visit_row v = {.o = o, .l = l, .t = rows[i].t, .date = date};
        v.visit = date.precision == BFL_DATE_NONE ? NULL : bfl_arena_printf(o->arena, "%zu", visit);
        v.row_number = before ? bfl_arena_printf(o->arena, "%zu", before + 1) : "";
        put_row(&v);
    }
}
