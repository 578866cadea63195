/* SPDX-License-Identifier: Apache-2.0 */
/* What the rows of each table say. A cell that cannot be read is reported and counts as not stated. */
#include "format/casefolder/read.h"

#include <string.h>

/* ---- cells ---- */

static const char *text_cell(const row *w, int column) { return bfl_names_add(&w->r->texts, w->cells[column])->text; }

static const char *quote(const row *w, int column) { return bfl_issue_quote(w->r->arena, w->cells[column]); }

static bool has_comma(bfl_text text) { return text.size && memchr(text.data, ',', text.size); }

static bfl_maybe number_cell(const row *w, int column) {
    bfl_decimal value;
    bfl_text text = w->cells[column];
    if (text.size == 0) return (bfl_maybe){0};
    if (bfl_decimal_parse(text, &value, NULL) == BFL_OK) return (bfl_maybe){value, true};
    bfl_row_issue(w, has_comma(text) ? BFL_CODE_NUMBER_DECIMAL_COMMA : BFL_CODE_NUMBER_UNREADABLE, column,
                  quote(w, column), "a number such as 12.5");
    return (bfl_maybe){0};
}

/* A number between two whole limits. */
static bfl_maybe number_between(const row *w, int column, int least, int most, bool whole) {
    bfl_maybe n = number_cell(w, column);
    if (!n.present) return n;
    bool inside = bfl_decimal_compare(n.value, bfl_decimal_of(least)) >= 0 &&
                  bfl_decimal_compare(n.value, bfl_decimal_of(most)) <= 0;
    if (inside && (!whole || n.value.exponent == 0)) return n;
    bfl_row_issue(w, BFL_CODE_NUMBER_RANGE, column, quote(w, column),
                  bfl_arena_printf(w->r->arena, "a %snumber from %d to %d", whole ? "whole " : "", least, most));
    return (bfl_maybe){0};
}

static bfl_date date_cell(const row *w, int column) {
    bfl_date date;
    if (w->cells[column].size == 0) return BFL_NO_DATE;
    if (bfl_date_parse(w->cells[column], &date, NULL) == BFL_OK) return date;
    if (bfl_date_year_at_fault(w->cells[column]))
        bfl_row_issue(w, BFL_CODE_DATE_YEAR, column, quote(w, column), BFL_DATE_YEARS);
    else
        bfl_row_issue(w, BFL_CODE_DATE_UNREADABLE, column, quote(w, column),
                      "2019-04-04, 2019-04, 2019, d41 or d56..d90");
    return BFL_DATE_REPORTED;
}

static void word_issue(const row *w, int column, const char *found, const char *choices) {
    bfl_row_issue(w, BFL_CODE_WORD_UNKNOWN, column, found, choices);
}

/* Reads a word of one of the lists of terms.h into *out. */
#define WORD_CELL(w, column, parse, out, list)                                                       \
    do {                                                                                             \
        if (!parse((w)->cells[column], (out)))                                                       \
            word_issue((w), (column), quote((w), (column)), bfl_terms_choices((w)->r->arena, list)); \
    } while (0)

/* One of a few words, in lower case; "" and an issue for any other. */
static const char *choice_cell(const row *w, int column, const char *const *choices, const char *expected) {
    if (w->cells[column].size == 0) return "";
    for (; *choices; choices++)
        if (bfl_text_equal_nocase(w->cells[column], bfl_text_of(*choices))) return *choices;
    word_issue(w, column, quote(w, column), expected);
    return "";
}

static unsigned changes_cell(const row *w, int column) {
    unsigned changes = 0;
    bfl_text rest = w->cells[column];
    while (rest.size) {
        bfl_text word = bfl_text_trim(bfl_text_split(&rest, ';'));
        bfl_change change = BFL_CHANGE_NONE;
        if (word.size == 0) continue;
        if (bfl_change_parse(word, &change))
            changes |= (unsigned)change;
        else
            word_issue(w, column, bfl_issue_quote(w->r->arena, word), bfl_terms_choices(w->r->arena, "change"));
    }
    return changes;
}

static bfl_source source_of(const row *w, int column) {
    return (bfl_source){w->table->file, w->line, text_cell(w, column)};
}

/* ---- rows ---- */

static const char *const sexes[] = {"F", "M", NULL};
static const char *const smoking[] = {"never", "former", "current", NULL};

static void read_patient(row *w) {
    bool is_new;
    bfl_text id = w->cells[PATIENTS_ID];
    w->patient = text_cell(w, PATIENTS_ID);
    if (bfl_text_equal(id, BFL_TEXT("*"))) {
        bfl_row_issue(w, BFL_CODE_ROW_PATIENT_UNKNOWN, PATIENTS_ID, "*",
                      "an id; * stands for the whole study in notes.csv");
        return;
    }
    w->builder = bfl_reader_patient(w->r, id, &is_new);
    bfl_patient *p = bfl_record_patient(w->builder);
    if (!is_new) {
        bfl_row_issue(w, BFL_CODE_PATIENT_TWICE, PATIENTS_ID, quote(w, PATIENTS_ID),
                      bfl_arena_printf(w->r->arena, "one row for a patient; the first is row %u", p->source.row));
        return;
    }
    w->r->listed = true;
    p->source = source_of(w, PATIENTS_SOURCE);
    p->sex = choice_cell(w, PATIENTS_SEX, sexes, "F or M");
    p->birth = date_cell(w, PATIENTS_BIRTH);
    p->death = date_cell(w, PATIENTS_DEATH);
    p->age_years = number_between(w, PATIENTS_AGE, 0, 130, false);
    p->tumour = text_cell(w, PATIENTS_TUMOUR);
    p->histology = text_cell(w, PATIENTS_HISTOLOGY);
    p->smoking = choice_cell(w, PATIENTS_SMOKING, smoking, "never, former or current");
    p->stage = text_cell(w, PATIENTS_STAGE);
    p->tnm = text_cell(w, PATIENTS_TNM);
    bfl_maybe edition = number_between(w, PATIENTS_TNM_EDITION, 1, 99, true);
    p->tnm_edition = edition.present ? (int)edition.value.mantissa : 0;
    p->label = text_cell(w, PATIENTS_LABEL);
    p->note = text_cell(w, PATIENTS_NOTE);
    bfl_record_set_day0(w->builder, date_cell(w, PATIENTS_DAY0));
}

static void read_therapy(row *w) {
    bfl_date start = date_cell(w, THERAPY_START), stop = date_cell(w, THERAPY_STOP);
    bfl_therapy *t = bfl_record_add_therapy(w->builder, start, stop);
    t->drug = text_cell(w, THERAPY_DRUG);
    t->class_id = text_cell(w, THERAPY_CLASS);
    WORD_CELL(w, THERAPY_INTENT, bfl_intent_parse, &t->intent, "intent");
    t->dose = text_cell(w, THERAPY_DOSE);
    t->line = text_cell(w, THERAPY_LINE);
    t->reason_stopped = text_cell(w, THERAPY_REASON);
    t->site = text_cell(w, THERAPY_SITE);
    t->note = text_cell(w, THERAPY_NOTE);
    t->source = source_of(w, THERAPY_SOURCE);
}

static void read_lesion(row *w) {
    bfl_lesion *l = bfl_record_add_lesion(w->builder, date_cell(w, LESIONS_DATE));
    l->id = text_cell(w, LESIONS_LESION);
    l->site = text_cell(w, LESIONS_SITE);
    WORD_CELL(w, LESIONS_ORGAN, bfl_organ_parse, &l->organ, "organ");
    WORD_CELL(w, LESIONS_ROLE, bfl_role_parse, &l->role, "role");
    WORD_CELL(w, LESIONS_MATRIX, bfl_matrix_parse, &l->matrix, "matrix");
    WORD_CELL(w, LESIONS_MODALITY, bfl_modality_parse, &l->modality, "modality");
    WORD_CELL(w, LESIONS_STATE, bfl_lesion_state_parse, &l->state, "state");
    WORD_CELL(w, LESIONS_UPTAKE, bfl_uptake_parse, &l->uptake, "uptake");
    WORD_CELL(w, LESIONS_BEYOND_BONE, bfl_said_parse, &l->beyond_bone, "said");
    l->longest_mm = number_cell(w, LESIONS_LONGEST);
    l->short_mm = number_cell(w, LESIONS_SHORT);
    l->changes = changes_cell(w, LESIONS_CHANGE);
    l->hu_mean = number_cell(w, LESIONS_HU);
    l->suv_max = number_cell(w, LESIONS_SUV);
    l->soft_tissue_mm = number_cell(w, LESIONS_SOFT_TISSUE);
    l->count = number_cell(w, LESIONS_NUMBER);
    l->slice_mm = number_cell(w, LESIONS_SLICE);
    l->note = text_cell(w, LESIONS_NOTE);
    l->source = source_of(w, LESIONS_SOURCE);
}

static void read_lab(row *w) {
    bfl_lab *l = bfl_record_add_lab(w->builder, date_cell(w, LABS_DATE));
    l->name = text_cell(w, LABS_ANALYTE);
    l->written = text_cell(w, LABS_VALUE);
    l->unit_text = text_cell(w, LABS_UNIT);
    l->ref_low = number_cell(w, LABS_LOW);
    l->ref_high = number_cell(w, LABS_HIGH);
    l->method = text_cell(w, LABS_METHOD);
    l->note = text_cell(w, LABS_NOTE);
    l->source = source_of(w, LABS_SOURCE);
}

static void read_clinical(row *w) {
    bfl_clinical *c = bfl_record_add_clinical(w->builder, date_cell(w, CLINICAL_DATE));
    c->item = text_cell(w, CLINICAL_ITEM);
    c->value = text_cell(w, CLINICAL_VALUE);
    c->unit = text_cell(w, CLINICAL_UNIT);
    c->site = text_cell(w, CLINICAL_SITE);
    c->note = text_cell(w, CLINICAL_NOTE);
    c->source = source_of(w, CLINICAL_SOURCE);
}

static void read_molecular(row *w) {
    bfl_molecular *m = bfl_record_add_molecular(w->builder, date_cell(w, MOLECULAR_DATE));
    m->gene = text_cell(w, MOLECULAR_GENE);
    m->variant = text_cell(w, MOLECULAR_VARIANT);
    m->result = text_cell(w, MOLECULAR_RESULT);
    m->method = text_cell(w, MOLECULAR_METHOD);
    m->specimen = text_cell(w, MOLECULAR_SPECIMEN);
    m->note = text_cell(w, MOLECULAR_NOTE);
    m->source = source_of(w, MOLECULAR_SOURCE);
}

static void read_pathology(row *w) {
    bfl_pathology *p = bfl_record_add_pathology(w->builder, date_cell(w, PATHOLOGY_DATE));
    p->site = text_cell(w, PATHOLOGY_SITE);
    WORD_CELL(w, PATHOLOGY_ORGAN, bfl_organ_parse, &p->organ, "organ");
    p->procedure = text_cell(w, PATHOLOGY_PROCEDURE);
    p->result = text_cell(w, PATHOLOGY_RESULT);
    p->note = text_cell(w, PATHOLOGY_NOTE);
    p->source = source_of(w, PATHOLOGY_SOURCE);
}

static void read_note(row *w) {
    bfl_note *n = w->builder ? bfl_record_add_note(w->builder) : BFL_PUSH(w->r->scratch, &w->r->study.notes);
    n->date = date_cell(w, NOTES_DATE);
    n->topic = text_cell(w, NOTES_TOPIC);
    n->value = text_cell(w, NOTES_VALUE);
    n->stated_day = number_cell(w, NOTES_STATED_DAY);
    n->text = text_cell(w, NOTES_TEXT);
    n->source = source_of(w, NOTES_SOURCE);
}

void bfl_row_read(row *w) {
    switch (w->table->id) {
    case TABLE_PATIENTS: read_patient(w); break;
    case TABLE_THERAPY: read_therapy(w); break;
    case TABLE_LESIONS: read_lesion(w); break;
    case TABLE_LABS: read_lab(w); break;
    case TABLE_CLINICAL: read_clinical(w); break;
    case TABLE_MOLECULAR: read_molecular(w); break;
    case TABLE_PATHOLOGY: read_pathology(w); break;
    case TABLE_NOTES: read_note(w); break;
    case TABLE_COUNT: break;
    }
}
