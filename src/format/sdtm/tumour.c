/* SPDX-License-Identifier: Apache-2.0 */
/* TU and TR: lesions are identified once, measured at every visit, and become one row a lesion, visit and method. */
#include "format/sdtm/tumour.h"

#include <string.h>

static const char *id_of(const sdtm_row *w) {
    const char *id = bfl_sdtm_cell(w, VAR_LNKID);
    return id[0] ? id : bfl_sdtm_cell(w, VAR_LINKID);
}

static bfl_modality modality_of(const sdtm_row *w) {
    const char *method = bfl_sdtm_cell(w, VAR_METHOD);
    bfl_modality modality = BFL_MODALITY_NONE;
    if (!method[0]) return modality;
    const bfl_cdisc_term *term = bfl_cdisc_find("method", bfl_text_of(method));
    if (term) (void)bfl_modality_parse(bfl_text_of(term->means), &modality);
    if (modality == BFL_MODALITY_NONE)
        bfl_sdtm_issue(w, BFL_CODE_SDTM_TERM, VAR_METHOD, bfl_issue_quote(w->s->arena, bfl_text_of(method)),
                       "a method such as CT SCAN, MRI, SCINTIGRAPHY or FDG PET/CT");
    return modality;
}

/* ---- when ---- */

static tumours *of(const sdtm_row *w) { return w->s->tumour_data; }

static const char *visit_key(const sdtm_row *w) {
    return bfl_arena_printf(w->s->row, "%s\x1f%s", w->patient, bfl_sdtm_cell(w, VAR_VISITNUM));
}

static bool is_missing(bfl_date d) { return d.precision == BFL_DATE_NONE && d.first == 0; }

static void keep_visit(const sdtm_row *w) {
    bfl_date date;
    if (!bfl_sdtm_cell(w, VAR_VISITNUM)[0] || !bfl_sdtm_cell(w, VAR_DTC)[0]) return;
    if (bfl_date_parse(bfl_text_of(bfl_sdtm_cell(w, VAR_DTC)), &date, NULL) != BFL_OK) return;
    name *n = bfl_names_add(&of(w)->by_visit, bfl_text_of(visit_key(w)));
    if (n->value) return;
    bfl_date *kept = BFL_NEW(w->s->scratch, bfl_date);
    *kept = date;
    n->value = kept;
}

static void keep_visits(sdtm *s) {
    for (size_t i = 0; i < s->datasets.count; i++) {
        const sdtm_dataset *d = s->datasets.items[i];
        for (size_t j = 0; (d->id == SDTM_TU || d->id == SDTM_TR) && j < d->lines.count; j++) {
            sdtm_row w = {.s = s, .d = d, .line = &d->lines.items[j], .patient = ""};
            w.patient = bfl_sdtm_cell(&w, VAR_USUBJID);
            bfl_arena_reset(s->row);
            keep_visit(&w);
        }
    }
}

/* --DTC, else --DY, else the date that another row of the same visit gives. */
static bfl_date date_of(const sdtm_row *w) {
    bfl_date date = bfl_sdtm_said_date(w, "BFLDATE", bfl_sdtm_dated(w, VAR_DTC, VAR_DY));
    if (!is_missing(date)) return date;
    const name *n = bfl_names_find(&of(w)->by_visit, bfl_text_of(visit_key(w)));
    return n && n->value ? *(const bfl_date *)n->value : date;
}

/* ---- TU ---- */

static bfl_role role_of(const sdtm_row *w) {
    const char *said = bfl_sdtm_cell(w, VAR_STRESC);
    sdtm_variable v = VAR_STRESC;
    bfl_role role = BFL_ROLE_NONE;
    if (!said[0]) said = bfl_sdtm_cell(w, VAR_ORRES), v = VAR_ORRES;
    const bfl_cdisc_term *term = bfl_cdisc_find("role", bfl_text_of(said));
    if (term)
        (void)bfl_role_parse(bfl_text_of(term->means), &role);
    else if (said[0])
        bfl_sdtm_issue(w, BFL_CODE_SDTM_TERM, v, bfl_issue_quote(w->s->arena, bfl_text_of(said)),
                       "a term such as TARGET, NON-TARGET or NEW");
    return role;
}

/* TR without TU says the role in --GRPID. */
static bfl_role group_role(const sdtm_row *w) {
    bfl_role role = BFL_ROLE_NONE;
    const bfl_cdisc_term *term = bfl_cdisc_find("role", bfl_text_of(bfl_sdtm_cell(w, VAR_GRPID)));
    if (term) (void)bfl_role_parse(bfl_text_of(term->means), &role);
    return role;
}

static bfl_organ organ_of(const char *location) {
    bfl_organ organ = BFL_ORGAN_NONE;
    const bfl_cdisc_term *term = bfl_cdisc_find("location", bfl_text_of(location));
    if (term)
        (void)bfl_organ_parse(bfl_text_of(term->means), &organ);
    else if (location[0])
        organ = BFL_ORGAN_OTHER;
    return organ;
}

/* "LEFT RIB 4": the side belongs to the place. */
static const char *site_of(const sdtm_row *w) {
    const char *location = bfl_sdtm_cell(w, VAR_LOC), *side = bfl_sdtm_cell(w, VAR_LAT);
    if (!side[0] || !location[0]) return location;
    return bfl_sdtm_keep(w->s, bfl_text_of(bfl_arena_printf(w->s->row, "%s %s", side, location)));
}

/* Splitting and merging: TUTESTCD TUSPLIT and TUMERGE, or a result that ends so. */
static const char *history_of(const sdtm_row *w) {
    const char *result = bfl_sdtm_cell(w, VAR_ORRES);
    bool by_result = bfl_text_find_nocase(bfl_text_of(result), BFL_TEXT("-SPLIT")) != SIZE_MAX ||
                     bfl_text_find_nocase(bfl_text_of(result), BFL_TEXT("-COALESCED")) != SIZE_MAX;
    if (!by_result && !bfl_sdtm_is(w, VAR_TESTCD, "TUSPLIT") && !bfl_sdtm_is(w, VAR_TESTCD, "TUMERGE")) return "";
    return bfl_sdtm_keep(w->s,
                         bfl_text_of(bfl_arena_printf(w->s->row, "%s: %s", bfl_sdtm_cell(w, VAR_TESTCD), result)));
}

static name *tumour_slot(const sdtm_row *w, const char *id) {
    return bfl_names_add(&w->s->tumours, bfl_text_of(bfl_arena_printf(w->s->row, "%s\x1f%s", w->patient, id)));
}

static void read_identification(sdtm_row *w) {
    const char *id = id_of(w);
    if (!bfl_sdtm_is_chosen(w)) return;
    if (!id[0]) {
        bfl_sdtm_issue(w, BFL_CODE_ROW_CELL_MISSING, VAR_LNKID, "an empty cell", "the name of the lesion");
        return;
    }
    tumour *t = BFL_NEW(w->s->scratch, tumour);
    t->patient = w->patient;
    t->id = id;
    t->role = role_of(w);
    t->site = bfl_sdtm_said(w, "BFLSITE", site_of(w));
    t->organ = organ_of(bfl_sdtm_cell(w, VAR_LOC));
    if (bfl_sdtm_qualifier(w, "BFLORGAN"))
        (void)bfl_organ_parse(bfl_text_of(bfl_sdtm_qualifier(w, "BFLORGAN")), &t->organ);
    t->modality = modality_of(w);
    t->identified = date_of(w);
    t->note = history_of(w);
    t->source = bfl_sdtm_source(w);
    name *n = tumour_slot(w, id);
    if (!n->value) n->value = t;
    *BFL_PUSH(w->s->scratch, &of(w)->identified) = t;
    w->s->has_tu = true;
}

/* ---- TR ---- */

static tumour *tumour_of(const sdtm_row *w, const char *id) {
    name *n = tumour_slot(w, id);
    if (n->value) return n->value;
    tumour *t = BFL_NEW(w->s->scratch, tumour);
    *t = (tumour){.patient = w->patient, .id = id, .site = "", .note = "", .role = group_role(w)};
    n->value = t;
    if (w->s->has_tu)
        bfl_sdtm_issue(w, BFL_CODE_SDTM_NOT_IN_TU, VAR_LNKID, bfl_issue_quote(w->s->arena, bfl_text_of(id)),
                       "a lesion that TU identifies for this subject and reader");
    return t;
}

static const char *date_key(const sdtm_row *w, bfl_date date) {
    char z[32];
    bfl_date_format(date, z, sizeof z);
    return bfl_arena_printf(w->s->row, "%s\x1f%s\x1f%s", w->patient, z,
                            is_missing(date) ? bfl_sdtm_cell(w, VAR_VISITNUM) : "");
}

static finding *finding_of(const sdtm_row *w, const char *id) {
    tumours *all = of(w);
    tumour *t = tumour_of(w, id);
    bfl_date date = date_of(w);
    bfl_modality modality = bfl_sdtm_cell(w, VAR_METHOD)[0] ? modality_of(w) : t->modality;
    const char *visit = date_key(w, date);
    /* Two rows of one lesion, day and method that are not one measurement are told apart by BFLROW. */
    name *n =
        bfl_names_add(&all->findings, bfl_text_of(bfl_arena_printf(w->s->row, "%s\x1f%s\x1f%d\x1f%s", visit, id,
                                                                   (int)modality, bfl_sdtm_said(w, "BFLROW", ""))));
    if (n->value) return n->value;
    finding *f = BFL_NEW(w->s->scratch, finding);
    *f = (finding){.t = t,
                   .builder = w->builder,
                   .visit = bfl_sdtm_keep(w->s, bfl_text_of(visit)),
                   .date = date,
                   .modality = modality,
                   .note = "",
                   .column = "",
                   .source = bfl_sdtm_source(w)};
    n->value = f;
    *BFL_PUSH(w->s->scratch, &all->in_order) = f;
    return f;
}

static void read_state(const sdtm_row *w, finding *f) {
    const char *said = bfl_sdtm_cell(w, VAR_STRESC);
    sdtm_variable v = VAR_STRESC;
    if (!said[0]) said = bfl_sdtm_cell(w, VAR_ORRES), v = VAR_ORRES;
    if (!said[0]) return;
    const bfl_cdisc_term *term = bfl_cdisc_find("state", bfl_text_of(said));
    if (!term) {
        bfl_sdtm_issue(w, BFL_CODE_SDTM_TERM, v, bfl_issue_quote(w->s->arena, bfl_text_of(said)),
                       "a state such as PRESENT, ABSENT, EQUIVOCAL, UNEQUIVOCAL or TOO SMALL TO MEASURE");
        return;
    }
    bfl_text change = bfl_text_of(term->means), state = bfl_text_split(&change, ';');
    bfl_change changed = BFL_CHANGE_NONE;
    (void)bfl_lesion_state_parse(state, &f->state);
    if (change.size && bfl_change_parse(change, &changed)) f->changes |= (unsigned)changed;
    /* UNEQUIVOCAL says progression of a known lesion, and that a new one is there. */
    if (f->state == BFL_LESION_PROGRESSED && f->t->role != BFL_ROLE_NON_TARGET) f->state = BFL_LESION_PRESENT;
}

/* A word of the writer's own qualifiers that is none of the list: reported, and it says nothing. */
static void check_words(const sdtm_row *w, finding_extra *x) {
    bfl_organ organ;
    bfl_role role;
    bfl_lesion_state state;
    bfl_matrix matrix;
    bfl_uptake uptake;
    bfl_said said;
    const struct {
        const char *list, **word;
        bool known;
    } words[] = {{"organ", &x->organ, !x->organ || bfl_organ_parse(bfl_text_of(x->organ), &organ)},
                 {"role", &x->role, !x->role || bfl_role_parse(bfl_text_of(x->role), &role)},
                 {"state", &x->state, !x->state || bfl_lesion_state_parse(bfl_text_of(x->state), &state)},
                 {"matrix", &x->matrix, !x->matrix || bfl_matrix_parse(bfl_text_of(x->matrix), &matrix)},
                 {"uptake", &x->uptake, !x->uptake || bfl_uptake_parse(bfl_text_of(x->uptake), &uptake)},
                 {"said", &x->beyond_bone, !x->beyond_bone || bfl_said_parse(bfl_text_of(x->beyond_bone), &said)}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (words[i].known) continue;
        bfl_sdtm_issue(w, BFL_CODE_SDTM_TERM, VAR_COUNT, bfl_issue_quote(w->s->arena, bfl_text_of(*words[i].word)),
                       bfl_arena_printf(w->s->arena, "in SUPPTR %s", bfl_terms_choices(w->s->arena, words[i].list)));
        *words[i].word = NULL;
    }
}

/* What the writer of this library puts beside a row of TR. */
static void read_extra(const sdtm_row *w, finding *f) {
    if (!w->qualifiers || f->extra) return;
    finding_extra *x = BFL_NEW(w->s->scratch, finding_extra);
    const struct {
        const char *qnam, **out;
    } texts[] = {{"BFLSITE", &x->site},    {"BFLORGAN", &x->organ}, {"BFLROLE", &x->role},
                 {"BFLMATRX", &x->matrix}, {"BFLSTATE", &x->state}, {"BFLCHG", &x->changes},
                 {"BFLUPT", &x->uptake},   {"BFLNOTE", &x->note},   {"BFLBEYND", &x->beyond_bone}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) *texts[i].out = bfl_sdtm_qualifier(w, texts[i].qnam);
    check_words(w, x);
    x->soft_tissue = bfl_sdtm_said_number(w, "BFLSOFT");
    x->slice = bfl_sdtm_said_number(w, "BFLSLICE");
    x->hu = bfl_sdtm_said_number(w, "BFLHU");
    x->count = bfl_sdtm_said_number(w, "BFLCOUNT");
    f->extra = x;
}

static bool is_not_done(const sdtm_row *w) { return bfl_sdtm_is(w, VAR_STAT, "NOT DONE"); }

static void read_not_done(const sdtm_row *w, finding *f) {
    const char *reason = bfl_sdtm_cell(w, VAR_REASND);
    f->state = BFL_LESION_NOT_EVALUABLE;
    if (!f->note[0]) f->note = reason[0] ? reason : "NOT DONE";
}

static void set_size(const sdtm_row *w, finding *f, bfl_maybe *size) {
    bool too_small = false;
    *size = bfl_sdtm_size(w, &too_small);
    if (too_small && f->state == BFL_LESION_NONE) f->state = BFL_LESION_TOO_SMALL;
    bfl_decimal number;
    bool is_word = bfl_decimal_parse(bfl_text_of(bfl_sdtm_cell(w, VAR_ORRES)), &number, NULL) != BFL_OK;
    if (!size->present && !too_small && is_word) read_state(w, f);
    if (size->present && !f->column[0]) f->column = w->d->names[VAR_ORRES] ? w->d->names[VAR_ORRES] : "";
}

static void read_property(const sdtm_row *w, finding *f, const char *means) {
    read_extra(w, f);
    if (is_not_done(w))
        read_not_done(w, f);
    else if (strcmp(means, "longest") == 0)
        set_size(w, f, &f->longest);
    else if (strcmp(means, "diameter") == 0)
        set_size(w, f, &f->diameter);
    else if (strcmp(means, "short") == 0)
        set_size(w, f, &f->perpendicular);
    else if (strcmp(means, "short_axis") == 0)
        set_size(w, f, &f->short_axis), f->t->short_axis = true;
    else if (strcmp(means, "suv_max") == 0)
        f->suv_max = bfl_sdtm_number(w, VAR_ORRES);
    else
        read_state(w, f);
}

/* The value of the statement of a sum is in mm. */
static const char *keep_sum(const sdtm_row *w, const char *said) {
    bool too_small;
    bfl_decimal number;
    bfl_maybe sum = bfl_sdtm_size(w, &too_small);
    if (!sum.present) {
        bool bare = bfl_decimal_parse(bfl_text_of(said), &number, NULL) == BFL_OK;
        return bare ? bfl_sdtm_keep(w->s, bfl_text_of(bfl_arena_printf(w->s->row, "%s (no unit)", said))) : said;
    }
    collected_sum *c = BFL_PUSH(w->s->scratch, &of(w)->sums);
    *c = (collected_sum){*w, bfl_sdtm_keep(w->s, bfl_text_of(date_key(w, date_of(w)))), sum.value};
    return bfl_sdtm_keep(w->s, bfl_text_of(bfl_decimal_z(w->s->row, sum.value, -1)));
}

/* Counts of bone lesions and the like, and everything that is not about one lesion: kept as a statement under its test code. */
static void keep_statement(const sdtm_row *w, const char *id, bool is_sum) {
    const char *value = bfl_sdtm_cell(w, VAR_STRESC), *text = bfl_sdtm_cell(w, VAR_VISIT);
    if (!value[0]) value = bfl_sdtm_cell(w, VAR_ORRES);
    if (is_sum) value = keep_sum(w, value);
    if (id[0]) text = bfl_sdtm_keep(w->s, bfl_text_of(bfl_arena_printf(w->s->row, "lesion %s", id)));
    bfl_sdtm_add_note(w, bfl_sdtm_cell(w, VAR_TESTCD), value, text, date_of(w));
}

static void read_measurement(sdtm_row *w) {
    if (!bfl_sdtm_is_chosen(w)) return;
    const char *id = id_of(w), *test = bfl_sdtm_cell(w, VAR_TESTCD);
    const bfl_cdisc_term *property = bfl_cdisc_find("property", bfl_text_of(test));
    const char *means = property ? property->means : "count";
    bool is_sum = strcmp(means, "sum") == 0;
    if (is_sum || strcmp(means, "count") == 0) {
        keep_statement(w, id, is_sum);
    } else if (!id[0]) {
        bfl_sdtm_issue(w, BFL_CODE_ROW_CELL_MISSING, VAR_LNKID, "an empty cell", "the name of the lesion");
    } else {
        read_property(w, finding_of(w, id), means);
    }
}

/* ---- into the record ---- */

static bool is_node(const tumour *t) { return t->organ == BFL_ORGAN_NODE || t->short_axis; }

bfl_maybe bfl_sdtm_counted_mm(const finding *f) {
    bfl_maybe across = f->short_axis.present ? f->short_axis : f->perpendicular;
    if (is_node(f->t)) return across.present ? across : f->diameter;
    return f->longest.present ? f->longest : f->diameter;
}

/* 0 mm is how a data entry form says that a lesion has gone. */
static bfl_lesion_state state_of(const finding *f) {
    bfl_maybe counted = bfl_sdtm_counted_mm(f);
    if (counted.present && bfl_decimal_is_zero(counted.value)) return BFL_LESION_ABSENT;
    if (f->state == BFL_LESION_NONE && !counted.present && f->t->role != BFL_ROLE_NONE) return BFL_LESION_PRESENT;
    return f->state;
}

static void emit_extra(bfl_lesion *l, const finding_extra *x) {
    if (x->site) l->site = x->site;
    if (x->note) l->note = x->note;
    if (x->organ) (void)bfl_organ_parse(bfl_text_of(x->organ), &l->organ);
    if (x->role) (void)bfl_role_parse(bfl_text_of(x->role), &l->role);
    if (x->state) (void)bfl_lesion_state_parse(bfl_text_of(x->state), &l->state);
    if (x->matrix) (void)bfl_matrix_parse(bfl_text_of(x->matrix), &l->matrix);
    if (x->uptake) (void)bfl_uptake_parse(bfl_text_of(x->uptake), &l->uptake);
    if (x->beyond_bone) (void)bfl_said_parse(bfl_text_of(x->beyond_bone), &l->beyond_bone);
    l->soft_tissue_mm = x->soft_tissue;
    l->slice_mm = x->slice;
    l->hu_mean = x->hu;
    l->count = x->count;
    bfl_text rest = bfl_text_of(x->changes);
    if (x->changes) l->changes = 0;
    while (rest.size) {
        bfl_change change = BFL_CHANGE_NONE;
        if (bfl_change_parse(bfl_text_trim(bfl_text_split(&rest, ';')), &change)) l->changes |= (unsigned)change;
    }
}

static void emit_finding(const finding *f) {
    bfl_lesion *l = bfl_record_add_lesion(f->builder, f->date);
    const tumour *t = f->t;
    l->id = t->id;
    l->site = t->site;
    l->organ = is_node(t) ? BFL_ORGAN_NODE : t->organ;
    l->role = t->role;
    l->modality = f->modality;
    l->state = state_of(f);
    l->changes = f->changes;
    l->longest_mm = f->longest.present || is_node(t) ? f->longest : f->diameter;
    l->short_mm = is_node(t) ? bfl_sdtm_counted_mm(f) : f->short_axis.present ? f->short_axis : f->perpendicular;
    l->suv_max = f->suv_max;
    l->note = f->note[0] ? f->note : t->note;
    l->source = f->source;
    if (f->extra) emit_extra(l, f->extra);
}

/* Before `than`, both known and of the same kind. */
static bool is_before(bfl_date date, bfl_date than) {
    if (date.precision == BFL_DATE_NONE || than.precision == BFL_DATE_NONE) return false;
    bool comparable = (date.precision == BFL_DATE_RELATIVE) == (than.precision == BFL_DATE_RELATIVE);
    return comparable && date.last < than.first;
}

static void check_order(const tumours *all, const finding *f) {
    const tumour *t = f->t;
    if (!t->source.file || t->role == BFL_ROLE_NEW || !is_before(f->date, t->identified)) return;
    char z[32];
    bfl_date_format(t->identified, z, sizeof z);
    bfl_place place = {t->patient, f->source, ""};
    bfl_issue_add(all->s->scratch, bfl_record_issues(f->builder), BFL_CODE_SDTM_BEFORE_BASELINE, place,
                  "a measurement before the lesion was identified",
                  bfl_arena_printf(all->s->arena, "%s or later, as in row %u of %s", z, t->source.row, t->source.file));
}

static const char *measured_key(bfl_arena *arena, const tumour *t, bfl_date date) {
    char z[32];
    bfl_date_format(date, z, sizeof z);
    return bfl_arena_printf(arena, "%s\x1f%s\x1f%s", t->patient, t->id, z);
}

/* TU names the lesion a second time, somewhere else. */
static void check_place(const tumours *all, const tumour *t, bfl_builder *builder) {
    sdtm *s = all->s;
    const name *n = bfl_names_find(&s->tumours, bfl_text_of(bfl_arena_printf(s->row, "%s\x1f%s", t->patient, t->id)));
    const tumour *first = n ? n->value : NULL;
    if (!first || first == t || !first->site[0] || !t->site[0] || bfl_site_same(first->site, t->site)) return;
    bfl_place place = {t->patient, t->source, ""};
    bfl_issue_add(s->scratch, bfl_record_issues(builder), BFL_CODE_LESION_SITE_CHANGES, place,
                  bfl_arena_printf(s->arena, "lesion %s at %s", bfl_issue_quote(s->arena, bfl_text_of(t->id)),
                                   bfl_issue_quote(s->arena, bfl_text_of(t->site))),
                  bfl_arena_printf(s->arena, "%s, as in row %u", bfl_issue_quote(s->arena, bfl_text_of(first->site)),
                                   first->source.row));
}

/* A lesion that TU names and TR does not measure on that day is there. */
static void emit_identification(const tumours *all, const tumour *t) {
    sdtm *s = all->s;
    if (bfl_names_find(&all->measured, bfl_text_of(measured_key(s->row, t, t->identified)))) {
        check_place(all, t, bfl_names_find(&s->patients, bfl_text_of(t->patient))->value);
        return;
    }
    bfl_lesion *l = bfl_record_add_lesion(bfl_names_find(&s->patients, bfl_text_of(t->patient))->value, t->identified);
    l->id = t->id;
    l->site = t->site;
    l->organ = t->organ;
    l->role = t->role;
    l->modality = t->modality;
    l->state = BFL_LESION_PRESENT;
    l->note = t->note;
    l->source = t->source;
}

static void emit_all(tumours *all) {
    sdtm *s = all->s;
    for (size_t i = 0; i < all->in_order.count; i++) {
        const finding *f = all->in_order.items[i];
        bfl_arena_reset(s->row);
        emit_finding(f);
        check_order(all, f);
        (void)bfl_names_add(&all->measured, bfl_text_of(measured_key(s->row, f->t, f->date)));
        if (is_missing(f->t->identified))
            (void)bfl_names_add(&all->measured, bfl_text_of(measured_key(s->row, f->t, f->t->identified)));
    }
    for (size_t i = 0; i < all->identified.count; i++) {
        bfl_arena_reset(s->row);
        emit_identification(all, all->identified.items[i]);
    }
}

void bfl_sdtm_tumours(sdtm *s) {
    tumours *all = BFL_NEW(s->scratch, tumours);
    const names empty = {.arena = s->scratch, .scratch = s->scratch};
    all->s = s;
    all->by_visit = all->findings = all->measured = empty;
    s->tumour_data = all;
    keep_visits(s);
    bfl_sdtm_rows(s, SDTM_TU, read_identification);
    bfl_sdtm_rows(s, SDTM_TR, read_measurement);
    bfl_sdtm_check_measurable(all);
    bfl_sdtm_check_sums(all);
    emit_all(all);
}
