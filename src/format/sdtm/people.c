/* SPDX-License-Identifier: Apache-2.0 */
/* Subjects, what they were given, and what happened to them: DM, SUPP--, EX, CM, PR, AE, DS, FA. */
#include "format/sdtm/sdtm.h"

#include <string.h>

static bool contains(const char *text, const char *word) {
    return bfl_text_find_nocase(bfl_text_of(text), bfl_text_of(word)) != SIZE_MAX;
}

static bfl_note *add_note(const sdtm_row *w, const char *topic, const char *value, const char *text, bfl_date date) {
    bfl_note *n = bfl_record_add_note(w->builder);
    *n = (bfl_note){.date = date, .topic = topic, .value = value, .text = text, .source = bfl_sdtm_source(w)};
    return n;
}

/* ---- DM ---- */

/* Study days count from RFSTDTC; day 0 of the record is the first exposure. */
static void keep_start(const sdtm_row *w) {
    bfl_date start = bfl_sdtm_date(w, VAR_RFSTDTC), exposed = bfl_sdtm_date(w, VAR_RFXSTDTC);
    bfl_date *kept = BFL_NEW(w->s->scratch, bfl_date);
    *kept = start.precision == BFL_DATE_NONE ? exposed : start;
    bfl_names_add(&w->s->starts, bfl_text_of(w->patient))->value = kept;
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
    p->birth = bfl_sdtm_date(w, VAR_BRTHDTC);
    p->death = bfl_sdtm_date(w, VAR_DTHDTC);
    p->age_years = age_of(w);
    p->tumour = bfl_sdtm_qualifier(w, "BFLTUM");
    p->histology = bfl_sdtm_qualifier(w, "BFLHIST");
    p->smoking = bfl_sdtm_qualifier(w, "BFLSMOKE");
    p->stage = bfl_sdtm_qualifier(w, "BFLSTAGE");
    p->tnm = bfl_sdtm_qualifier(w, "BFLTNM");
    p->label = bfl_sdtm_qualifier(w, "BFLLABEL");
    p->note = bfl_sdtm_qualifier(w, "BFLNOTE");
    keep_start(w);
    const char *arm = bfl_sdtm_cell(w, VAR_ACTARM);
    if (!arm[0]) arm = bfl_sdtm_cell(w, VAR_ARM);
    if (arm[0]) add_note(w, "arm", arm, "", BFL_NO_DATE);
    if (bfl_sdtm_is(w, VAR_DTHFL, "Y") && p->death.precision == BFL_DATE_NONE)
        add_note(w, "death", "yes", "no date", BFL_NO_DATE);
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
    const char *key = bfl_arena_printf(w->s->row, "%s\x1f%s\x1f%s\x1f%s", bfl_sdtm_cell(w, VAR_RDOMAIN), w->patient,
                                       by_seq ? value : "", bfl_sdtm_cell(w, VAR_QNAM));
    bfl_names_add(&w->s->qualifiers, bfl_text_of(key))->value =
        bfl_arena_text(w->s->arena, bfl_text_of(bfl_sdtm_cell(w, VAR_QVAL)));
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

/* A drug that the rulebook does not know: the study treatment is taken for anticancer, a concomitant drug is not. */
static bfl_intent intent_of(const sdtm_row *w, const char *drug) {
    const char *cat = bfl_sdtm_cell(w, VAR_CAT);
    if (w->d->id == SDTM_PR)
        return contains(drug, "radi") || contains(cat, "radi") ? BFL_INTENT_RADIOTHERAPY : BFL_INTENT_SURGERY;
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
    bfl_date start = bfl_sdtm_dated(w, VAR_STDTC, VAR_STDY), stop = bfl_sdtm_date(w, VAR_ENDTC);
    bfl_therapy *t = bfl_record_add_therapy(w->builder, start, stop);
    t->drug = drug;
    t->intent = intent_of(w, drug);
    t->dose = dose_of(w);
    t->site = bfl_sdtm_cell(w, VAR_LOC);
    t->note = bfl_sdtm_cell(w, VAR_INDC);
    t->source = bfl_sdtm_source(w);
}

void bfl_sdtm_people(sdtm *s) {
    bfl_sdtm_rows(s, SDTM_SUPP, read_qualifier);
    bfl_sdtm_rows(s, SDTM_DM, read_subject);
    bfl_sdtm_rows(s, SDTM_EX, read_treatment);
    bfl_sdtm_rows(s, SDTM_CM, read_treatment);
    bfl_sdtm_rows(s, SDTM_PR, read_treatment);
}

/* ---- AE, DS, FA ---- */

static void add_clinical(const sdtm_row *w, const char *item, const char *value, bfl_date date) {
    bfl_clinical *c = bfl_record_add_clinical(w->builder, date);
    c->item = item;
    c->value = value;
    c->unit = bfl_sdtm_cell(w, VAR_ORRESU);
    c->site = bfl_sdtm_cell(w, VAR_LOC);
    c->source = bfl_sdtm_source(w);
}

static void read_adverse_event(sdtm_row *w) {
    bfl_date start = bfl_sdtm_dated(w, VAR_STDTC, VAR_STDY);
    const char *said = bfl_sdtm_cell(w, VAR_TERM), *term = bfl_sdtm_cell(w, VAR_DECOD);
    if (!term[0]) term = said;
    const bfl_cdisc_term *known = bfl_cdisc_find("event", bfl_text_of(term));
    if (known) {
        bfl_text value = bfl_text_of(known->means), item = bfl_text_split(&value, '=');
        add_clinical(w, bfl_sdtm_keep(w->s, item), bfl_sdtm_keep(w->s, value), start);
    }
    const char *grade = bfl_sdtm_cell(w, VAR_TOXGR);
    const char *text = grade[0] ? bfl_arena_printf(w->s->row, "%s, grade %s", said, grade) : said;
    add_note(w, "adverse_event", term, bfl_sdtm_keep(w->s, bfl_text_of(text)), start);
}

static void read_disposition(sdtm_row *w) {
    bfl_date date = bfl_sdtm_dated(w, VAR_STDTC, VAR_STDY);
    const char *what = bfl_sdtm_cell(w, VAR_DECOD), *said = bfl_sdtm_cell(w, VAR_TERM);
    bfl_patient *p = bfl_record_patient(w->builder);
    if (!what[0]) what = said;
    if (bfl_text_equal_nocase(bfl_text_of(what), BFL_TEXT("DEATH")) && p->death.precision == BFL_DATE_NONE)
        p->death = date;
    add_note(w, "disposition", what, said, date);
}

static void read_finding_about(sdtm_row *w) {
    const char *about = bfl_sdtm_cell(w, VAR_OBJ), *value = bfl_sdtm_cell(w, VAR_ORRES);
    if (!about[0] || !value[0]) return;
    const char *item = bfl_text_lower(w->s->row, bfl_text_of(about));
    add_clinical(w, bfl_sdtm_keep(w->s, bfl_text_of(item)), value, bfl_sdtm_dated(w, VAR_DTC, VAR_DY));
}

void bfl_sdtm_events(sdtm *s) {
    bfl_sdtm_rows(s, SDTM_AE, read_adverse_event);
    bfl_sdtm_rows(s, SDTM_DS, read_disposition);
    bfl_sdtm_rows(s, SDTM_FA, read_finding_about);
}
