/* SPDX-License-Identifier: Apache-2.0 */
/* DM, EX, CM and PR of one subject. */
#include "format/sdtm/out.h"

#include <string.h>

static bool is_calendar(bfl_date d) { return d.precision != BFL_DATE_NONE && d.precision != BFL_DATE_RELATIVE; }

/* ---- DM ---- */

static bool has_dated_anticancer_drug(const out *o) {
    for (size_t i = 0; i < o->record->therapy_count; i++)
        if (o->record->therapies[i].intent == BFL_INTENT_ANTICANCER && is_calendar(o->as->therapy_starts[i]))
            return true;
    return false;
}

/* RFSTDTC and RFXSTDTC: day 0 as written, else the start of the first anticancer drug when it is known to the day. */
static void put_start(out *o, out_row *row) {
    bfl_date day0 = o->as->day0, start = day0;
    if (!is_calendar(day0)) {
        int32_t day = o->record->day0_civil;
        bool known = o->record->has_calendar && has_dated_anticancer_drug(o);
        start = known ? (bfl_date){day, day, BFL_DATE_DAY} : BFL_NO_DATE;
        char z[32];
        bfl_date_format(day0, z, sizeof z);
        if (known || z[0]) bfl_sdtm_out_qualify(o, OUT_ID_DM, row, "BFLDAY0", z[0] ? z : SDTM_NOT_STATED);
    }
    o->start = start;
    bfl_sdtm_out_date(o, OUT_ID_DM, row, (out_date){DM_RFSTDTC, -1, ""}, start);
    row->cells[DM_RFXSTDTC] = row->cells[DM_RFSTDTC];
}

static void put_life(out *o, out_row *row) {
    const bfl_patient *p = &o->record->patient;
    bfl_sdtm_out_date(o, OUT_ID_DM, row, (out_date){DM_BRTHDTC, -1, "BFLBIRTH"}, p->birth);
    bfl_sdtm_out_date(o, OUT_ID_DM, row, (out_date){DM_DTHDTC, -1, "BFLDEATH"}, p->death);
    if (p->death.precision != BFL_DATE_NONE) row->cells[DM_DTHFL] = "Y";
    bfl_sdtm_out_number(o, row, DM_AGE, p->age_years);
    if (p->age_years.present) row->cells[DM_AGEU] = "YEARS";
    row->cells[DM_SEX] = p->sex[0] ? p->sex : "U";
}

void bfl_sdtm_out_subject(out *o) {
    const bfl_patient *p = &o->record->patient;
    out_row *row = bfl_sdtm_out_row(o, OUT_ID_DM, p->source);
    row->cells[DM_SUBJID] = p->id;
    put_start(o, row);
    put_life(o, row);
    const struct {
        const char *qnam, *value;
    } texts[] = {{"BFLTUM", p->tumour}, {"BFLHIST", p->histology}, {"BFLSMOKE", p->smoking}, {"BFLSTAGE", p->stage},
                 {"BFLTNM", p->tnm},    {"BFLLABEL", p->label},    {"BFLNOTE", p->note}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        bfl_sdtm_out_qualify(o, OUT_ID_DM, row, texts[i].qnam, texts[i].value);
    if (p->tnm_edition)
        bfl_sdtm_out_qualify(o, OUT_ID_DM, row, "BFLTNMED", bfl_arena_printf(o->arena, "%d", p->tnm_edition));
}

/* ---- EX, CM, PR ---- */

/* Where the columns of a treatment are; the same in all three. */
enum {
    TRT = EX_TRT,
    CAT = EX_CAT,
    DOSE = EX_DOSE,
    DOSTXT = EX_DOSTXT,
    DOSU = EX_DOSU,
    DOSFRQ = EX_DOSFRQ,
    LOC = EX_LOC
};
_Static_assert((int)EX_END == (int)CM_END && (int)EX_END == (int)PR_END, "EX, CM and PR have the same columns");

/* A drug that starts on day 0 is the study treatment, all of its courses too; any other anticancer drug is concomitant. */
static bool is_study_treatment(const bfl_record *r, const bfl_therapy *t) {
    for (size_t i = 0; i < r->therapy_count; i++) {
        const bfl_therapy *first = &r->therapies[i];
        if (first->intent == BFL_INTENT_ANTICANCER && first->start.known && first->start.day == 0 &&
            bfl_text_equal_nocase(bfl_text_of(first->drug), bfl_text_of(t->drug)))
            return true;
    }
    return false;
}

static out_id dataset_of(const out *o, const bfl_therapy *t) {
    switch (t->intent) {
    case BFL_INTENT_RADIOTHERAPY:
    case BFL_INTENT_SURGERY: return OUT_ID_PR;
    case BFL_INTENT_ANTICANCER: return is_study_treatment(o->record, t) ? OUT_ID_EX : OUT_ID_CM;
    case BFL_INTENT_NONE:
    case BFL_INTENT_BONE_AGENT:
    case BFL_INTENT_SUPPORTIVE:
    case BFL_INTENT_COUNT: break;
    }
    return OUT_ID_CM;
}

/* The intent that a reader takes from the row itself. */
static bfl_intent taken_intent(out_id id, const bfl_therapy *t) {
    if (id == OUT_ID_PR) return t->intent;
    if (t->known) return t->known->intent;
    bool placebo = bfl_text_find_nocase(bfl_text_of(t->drug), BFL_TEXT("placebo")) != SIZE_MAX;
    if (placebo) return BFL_INTENT_SUPPORTIVE;
    return id == OUT_ID_EX || t->intent == BFL_INTENT_ANTICANCER ? BFL_INTENT_ANTICANCER : BFL_INTENT_SUPPORTIVE;
}

/* "250 mg daily" becomes 250, mg, daily; any other dose is a text. */
static void put_dose(out *o, out_id id, out_row *row, const char *dose) {
    bfl_text rest = bfl_text_of(dose), number = bfl_text_split(&rest, ' '), unit = bfl_text_split(&rest, ' ');
    bfl_decimal value;
    bool plain = number.size && unit.size && bfl_decimal_parse(number, &value, NULL) == BFL_OK;
    if (plain && unit.size && rest.size && rest.data[0] == ' ') plain = false;
    if (plain) plain = bfl_text_equal(bfl_text_of(bfl_decimal_z(o->arena, value, -1)), number);
    if (!plain) {
        bfl_sdtm_out_text(o, id, row, DOSTXT, dose, "BFLDOSE");
        return;
    }
    row->cells[DOSE] = bfl_arena_text(o->arena, number);
    row->cells[DOSU] = bfl_arena_text(o->arena, unit);
    if (rest.size) row->cells[DOSFRQ] = bfl_arena_text(o->arena, rest);
}

static void put_therapy(out *o, size_t index) {
    const bfl_therapy *t = &o->record->therapies[index];
    out_id id = dataset_of(o, t);
    out_row *row = bfl_sdtm_out_row(o, id, t->source);
    bfl_sdtm_out_text(o, id, row, TRT, t->drug, NULL);
    if (t->intent == BFL_INTENT_ANTICANCER && id == OUT_ID_CM) row->cells[CAT] = "ANTI-CANCER THERAPY";
    if (id == OUT_ID_PR) row->cells[CAT] = t->intent == BFL_INTENT_SURGERY ? "SURGERY" : "RADIOTHERAPY";
    put_dose(o, id, row, t->dose);
    bfl_sdtm_out_text(o, id, row, LOC, t->site, "BFLSITE");
    bfl_sdtm_out_date(o, id, row, (out_date){EX_STDTC, EX_STDY, "BFLSTART"}, o->as->therapy_starts[index]);
    bfl_sdtm_out_date(o, id, row, (out_date){EX_ENDTC, EX_ENDY, "BFLEND"}, o->as->therapy_stops[index]);
    const char *intent = bfl_intent_word(t->intent);
    bfl_sdtm_out_differs(o, id, row, "BFLINT", intent, bfl_intent_word(taken_intent(id, t)));
    bfl_sdtm_out_differs(o, id, row, "BFLCLASS", t->class_id, t->known ? t->known->class_id : "");
    bfl_sdtm_out_qualify(o, id, row, "BFLLINE", t->line);
    bfl_sdtm_out_qualify(o, id, row, "BFLSTOP", t->reason_stopped);
    bfl_sdtm_out_qualify(o, id, row, "BFLNOTE", t->note);
}

void bfl_sdtm_out_therapies(out *o) {
    for (size_t i = 0; i < o->record->therapy_count; i++) put_therapy(o, i);
}
