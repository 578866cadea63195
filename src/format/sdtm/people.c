/* SPDX-License-Identifier: Apache-2.0 */
/* Subjects and what they were given: DM, SUPP--, EX, CM, PR. */
#include "format/sdtm/sdtm.h"

#include <string.h>

static bool contains(const char *text, const char *word) {
    return bfl_text_find_nocase(bfl_text_of(text), bfl_text_of(word)) != SIZE_MAX;
}

/* ---- DM ---- */

/* Study days count from RFSTDTC; day 0 of the record is the first exposure. */
static void keep_start(const sdtm_row *w) {
    bfl_date start = bfl_sdtm_date(w, VAR_RFSTDTC), exposed = bfl_sdtm_date(w, VAR_RFXSTDTC);
    bfl_date *kept = BFL_NEW(w->s->scratch, bfl_date);
    *kept = start.precision == BFL_DATE_NONE ? exposed : start;
    bfl_names_add(&w->s->starts, bfl_text_of(w->patient))->value = kept;
    const char *said = bfl_sdtm_qualifier(w, "BFLDAY0");
    if (said)
        bfl_record_set_day0(w->builder, bfl_sdtm_said_date(w, "BFLDAY0", BFL_NO_DATE));
    else
        bfl_record_set_day0(w->builder, exposed.precision == BFL_DATE_NONE ? start : exposed);
}

static bfl_maybe age_of(const sdtm_row *w) {
    bfl_maybe age = bfl_sdtm_number(w, VAR_AGE);
    const char *unit = bfl_sdtm_cell(w, VAR_AGEU);
    if (!age.present || !unit[0] || bfl_sdtm_is(w, VAR_AGEU, "YEARS")) return age;
    bfl_sdtm_issue(w, BFL_CODE_SDTM_UNIT, VAR_AGEU, bfl_issue_quote(w->s->arena, bfl_text_of(unit)), "YEARS");
    return (bfl_maybe){0};
}

static const char *sex_of(const sdtm_row *w) {
    const char *sex = bfl_sdtm_cell(w, VAR_SEX);
    if (bfl_sdtm_is(w, VAR_SEX, "F")) return "F";
    if (bfl_sdtm_is(w, VAR_SEX, "M")) return "M";
    if (sex[0] && !bfl_sdtm_is(w, VAR_SEX, "U") && !bfl_sdtm_is(w, VAR_SEX, "UNDIFFERENTIATED"))
        bfl_sdtm_issue(w, BFL_CODE_SDTM_TERM, VAR_SEX, bfl_issue_quote(w->s->arena, bfl_text_of(sex)),
                       "F, M, U or UNDIFFERENTIATED");
    return "";
}

static void read_tumour(const sdtm_row *w, bfl_patient *p) {
    bfl_maybe edition = bfl_sdtm_said_number(w, "BFLTNMED");
    p->tumour = bfl_sdtm_said(w, "BFLTUM", "");
    p->histology = bfl_sdtm_said(w, "BFLHIST", "");
    p->smoking = bfl_sdtm_said(w, "BFLSMOKE", "");
    p->stage = bfl_sdtm_said(w, "BFLSTAGE", "");
    p->tnm = bfl_sdtm_said(w, "BFLTNM", "");
    p->label = bfl_sdtm_said(w, "BFLLABEL", "");
    p->note = bfl_sdtm_said(w, "BFLNOTE", "");
    if (edition.present && edition.value.exponent == 0 && edition.value.mantissa > 0 && edition.value.mantissa < 100)
        p->tnm_edition = (int)edition.value.mantissa;
}

static void read_subject(sdtm_row *w) {
    bfl_patient *p = bfl_record_patient(w->builder);
    if (p->source.file) {
        bfl_sdtm_issue(w, BFL_CODE_PATIENT_TWICE, VAR_USUBJID, bfl_issue_quote(w->s->arena, bfl_text_of(w->patient)),
                       bfl_arena_printf(w->s->arena, "one row for a subject; the first is row %u", p->source.row));
        return;
    }
    w->s->listed = true;
    p->source = bfl_sdtm_source(w);
    p->sex = sex_of(w);
    p->birth = bfl_sdtm_said_date(w, "BFLBIRTH", bfl_sdtm_date(w, VAR_BRTHDTC));
    p->death = bfl_sdtm_said_date(w, "BFLDEATH", bfl_sdtm_date(w, VAR_DTHDTC));
    p->age_years = age_of(w);
    read_tumour(w, p);
    keep_start(w);
    const char *arm = bfl_sdtm_cell(w, VAR_ACTARM);
    if (!arm[0]) arm = bfl_sdtm_cell(w, VAR_ARM);
    if (arm[0]) bfl_sdtm_add_note(w, "arm", arm, "", BFL_NO_DATE);
    if (bfl_sdtm_is(w, VAR_DTHFL, "Y") && p->death.precision == BFL_DATE_NONE)
        bfl_sdtm_add_note(w, "death", "yes", "no date", BFL_NO_DATE);
}

/* ---- SUPP-- ---- */

static void read_qualifier(sdtm_row *w) {
    const char *variable = bfl_sdtm_cell(w, VAR_IDVAR), *value = bfl_sdtm_cell(w, VAR_IDVARVAL);
    bool by_seq = variable[0] != '\0';
    size_t length = strlen(variable);
    if (by_seq && (length < 3 || !bfl_text_equal_nocase((bfl_text){variable + length - 3, 3}, BFL_TEXT("SEQ")))) {
        bfl_sdtm_issue(w, BFL_CODE_SDTM_SUPP, VAR_IDVAR, bfl_issue_quote(w->s->arena, bfl_text_of(variable)),
                       "--SEQ, or nothing in SUPPDM");
        return;
    }
    const char *key =
        bfl_arena_printf(w->s->row, "%s\x1f%s\x1f%s", bfl_sdtm_cell(w, VAR_RDOMAIN), w->patient, by_seq ? value : "");
    name *n = bfl_names_add(&w->s->qualifiers, bfl_text_of(key));
    sdtm_qualifier *q = BFL_NEW(w->s->scratch, sdtm_qualifier);
    *q = (sdtm_qualifier){bfl_sdtm_cell(w, VAR_QNAM), bfl_sdtm_cell(w, VAR_QVAL), n->value};
    n->value = q;
}

/* ---- EX, CM, PR ---- */

static const char *dose_of(const sdtm_row *w) {
    const char *text = bfl_sdtm_cell(w, VAR_DOSTXT), *dose = bfl_sdtm_cell(w, VAR_DOSE);
    if (!dose[0]) return text;
    bfl_buf buf = {.arena = w->s->row};
    bfl_buf_add(&buf, dose);
    static const sdtm_variable rest[] = {VAR_DOSU, VAR_DOSFRQ};
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++) {
        const char *part = bfl_sdtm_cell(w, rest[i]);
        if (part[0]) bfl_buf_addf(&buf, " %s", part);
    }
    return bfl_sdtm_keep(w->s, bfl_text_of(bfl_buf_z(&buf)));
}

/* The category says which; without one the name does: "radical prostatectomy" is no radiotherapy. */
static bool is_radiotherapy(const char *what, const char *cat) {
    static const char *const words[] = {"radiat", "radioth", "irradi", "radiosurg", "brachyth", "proton therapy"};
    const char *said = cat[0] ? cat : what;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (contains(said, words[i])) return true;
    return false;
}

/* A drug that the rulebook does not know: the study treatment is taken for anticancer, a concomitant drug is not. */
static bfl_intent intent_of(const sdtm_row *w, const char *drug) {
    const char *cat = bfl_sdtm_cell(w, VAR_CAT);
    if (w->d->id == SDTM_PR) return is_radiotherapy(drug, cat) ? BFL_INTENT_RADIOTHERAPY : BFL_INTENT_SURGERY;
    const bfl_drug *known = bfl_drug_find(bfl_text_of(drug));
    if (known) return known->intent;
    if (contains(drug, "placebo")) return BFL_INTENT_SUPPORTIVE;
    bool against_cancer = w->d->id == SDTM_EX || contains(cat, "anti-cancer") || contains(cat, "anticancer") ||
                          contains(cat, "cancer therapy");
    return against_cancer ? BFL_INTENT_ANTICANCER : BFL_INTENT_SUPPORTIVE;
}

static void read_treatment(sdtm_row *w) {
    const char *drug = bfl_sdtm_cell(w, VAR_TRT), *standard = bfl_sdtm_cell(w, VAR_DECOD);
    if (standard[0] && !bfl_drug_find(bfl_text_of(drug))) drug = standard;
    if (!drug[0]) {
        bfl_sdtm_issue(w, BFL_CODE_ROW_CELL_MISSING, VAR_TRT, "an empty cell", "the name of the treatment");
        return;
    }
    bfl_date start = bfl_sdtm_dated(w, VAR_STDTC, VAR_STDY), stop = bfl_sdtm_dated(w, VAR_ENDTC, VAR_ENDY);
    bfl_therapy *t = bfl_record_add_therapy(w->builder, bfl_sdtm_said_date(w, "BFLSTART", start),
                                            bfl_sdtm_said_date(w, "BFLEND", stop));
    t->drug = drug;
    t->intent = intent_of(w, drug);
    if (bfl_sdtm_qualifier(w, "BFLINT"))
        (void)bfl_intent_parse(bfl_text_of(bfl_sdtm_qualifier(w, "BFLINT")), &t->intent);
    t->class_id = bfl_sdtm_said(w, "BFLCLASS", "");
    t->dose = bfl_sdtm_said(w, "BFLDOSE", dose_of(w));
    t->line = bfl_sdtm_said(w, "BFLLINE", "");
    t->reason_stopped = bfl_sdtm_said(w, "BFLSTOP", "");
    t->site = bfl_sdtm_said(w, "BFLSITE", bfl_sdtm_cell(w, VAR_LOC));
    t->note = bfl_sdtm_said(w, "BFLNOTE", bfl_sdtm_cell(w, VAR_INDC));
    t->source = bfl_sdtm_source(w);
}

void bfl_sdtm_people(sdtm *s) {
    bfl_sdtm_rows(s, SDTM_SUPP, read_qualifier);
    bfl_sdtm_rows(s, SDTM_DM, read_subject);
    bfl_sdtm_rows(s, SDTM_EX, read_treatment);
    bfl_sdtm_rows(s, SDTM_CM, read_treatment);
    bfl_sdtm_rows(s, SDTM_PR, read_treatment);
}
