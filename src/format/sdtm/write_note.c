/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Statements of one subject, each where its topic belongs: RS, AE, DS, LB (not done), TR (sums and counts), DM (the arm), and CO
 * for all others. And clinical facts: FA, but for those that an adverse event brings with it.
 */
#include "format/sdtm/out.h"

#include <string.h>

typedef struct statement {
    out *o;
    const bfl_note *n;
    bool *covered; /* clinical facts that a row of AE says */
} statement;

static bool is_topic(const statement *w, const char *topic) { return strcmp(w->n->topic, topic) == 0; }

static bool is_undated(const bfl_note *n) { return n->date.precision == BFL_DATE_NONE; }

/* What the row does not say by itself: value and text where a reader would take others, the stated day, odd dates. */
static void finish(const statement *w, out_id id, out_row *row, const char *value, const char *text) {
    bfl_sdtm_out_differs(w->o, id, row, "BFLVALUE", w->n->value, value);
    bfl_sdtm_out_differs(w->o, id, row, "BFLTEXT", w->n->text, text);
    bfl_sdtm_out_qualify_number(w->o, id, row, "BFLSTDAY", w->n->stated_day);
}

/* ---- DM ---- */

static bool put_in_subject(const statement *w) {
    const bfl_note *n = w->n;
    out_dataset *dm = &w->o->datasets[OUT_ID_DM];
    out_row *row = &dm->rows.items[dm->rows.count - 1];
    bool same_source = strcmp(n->source.stated, w->o->record->patient.source.stated) == 0;
    if (!is_undated(n) || n->stated_day.present || !same_source) return false;
    if (is_topic(w, "arm") && !n->text[0] && n->value[0] && strlen(n->value) <= SDTM_TEXT_SIZE && !row->cells[DM_ARM]) {
        row->cells[DM_ARM] = row->cells[DM_ACTARM] = n->value;
        return true;
    }
    bool flag = is_topic(w, "death") && strcmp(n->value, "yes") == 0 && strcmp(n->text, "no date") == 0;
    if (!flag || row->cells[DM_DTHFL]) return false;
    row->cells[DM_DTHFL] = "Y";
    return true;
}

/* ---- RS ---- */

/* The last '.' of the text splits it: returns what is behind. */
static bfl_text split_last(bfl_text *text) {
    size_t at = text->size;
    while (at && text->data[at - 1] != '.') at--;
    bfl_text behind = {text->data + at, text->size - at};
    text->size = at ? at - 1 : 0;
    return behind;
}

/* "WEEK 6; collected as CHECK; NOT DONE: reason; accepted record" */
static void put_response_text(const statement *w, out_row *row) {
    bfl_arena *arena = w->o->arena;
    bfl_text rest = bfl_text_of(w->n->text);
    size_t end = bfl_text_find_nocase(rest, BFL_TEXT("; "));
    bfl_text visit = {rest.data, end == SIZE_MAX ? rest.size : end};
    rest = (bfl_text){rest.data + visit.size, rest.size - visit.size};
    row->cells[RS_VISIT] = bfl_arena_text(arena, bfl_text_trim(visit));
    while (rest.size > 2) {
        rest = (bfl_text){rest.data + 2, rest.size - 2};
        end = bfl_text_find_nocase(rest, BFL_TEXT("; "));
        bfl_text part = {rest.data, end == SIZE_MAX ? rest.size : end}, reason = part;
        rest = (bfl_text){rest.data + part.size, rest.size - part.size};
        static const char as[] = "collected as ";
        if (bfl_text_starts(part, BFL_TEXT("collected as "))) {
            bfl_text said = {part.data + sizeof as - 1, part.size - (sizeof as - 1)};
            row->cells[RS_ORRES] = bfl_arena_text(arena, bfl_text_trim(said));
        } else if (bfl_text_equal(part, BFL_TEXT("accepted record"))) {
            row->cells[RS_ACPTFL] = "Y";
        } else {
            row->cells[RS_STAT] = bfl_arena_text(arena, bfl_text_trim(bfl_text_split(&reason, ':')));
            if (reason.size > 1) row->cells[RS_REASND] = bfl_arena_text(arena, bfl_text_trim(reason));
        }
    }
}

static bool is_said(const char *cell) { return cell && cell[0]; }

/* The text that a reader makes of the row: response.c. */
static const char *taken_text(const statement *w, const out_row *row, const char *value) {
    bfl_buf buf = {.arena = w->o->arena};
    const char *const *c = row->cells;
    bfl_buf_add(&buf, c[RS_VISIT] ? c[RS_VISIT] : "");
    if (is_said(c[RS_ORRES]) && strcmp(c[RS_ORRES], value) != 0) bfl_buf_addf(&buf, "; collected as %s", c[RS_ORRES]);
    if (is_said(c[RS_STAT])) bfl_buf_addf(&buf, "; %s", c[RS_STAT]);
    if (is_said(c[RS_REASND])) bfl_buf_addf(&buf, ": %s", c[RS_REASND]);
    if (is_said(c[RS_ACPTFL])) bfl_buf_add(&buf, "; accepted record");
    return bfl_buf_z(&buf);
}

static const char *response_name(const char *code) {
    static const char *const known[][2] = {{"OVRLRESP", "Overall Response"},     {"TRGRESP", "Target Response"},
                                           {"NTRGRESP", "Non-target Response"},  {"BESTRESP", "Best Response"},
                                           {"SFTSRESP", "Soft Tissue Response"}, {"BONERESP", "Bone Response"},
                                           {"NEWLIND", "New Lesion Indicator"},  {"NEWLPROG", "New Lesion Progression"},
                                           {"CLINRESP", "Clinical Response"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i][0], code) == 0) return known[i][1];
    return code;
}

static bool put_response(const statement *w) {
    bfl_text topic = bfl_text_of(w->n->topic);
    if (!bfl_text_starts(topic, BFL_TEXT("response."))) return false;
    topic = (bfl_text){topic.data + 9, topic.size - 9};
    size_t dots = 0;
    for (size_t i = 0; i < topic.size; i++) dots += topic.data[i] == '.';
    if (dots < 3) return false;
    out *o = w->o;
    out_row *row = bfl_sdtm_out_row(o, OUT_ID_RS, w->n->source);
    row->cells[RS_EVALID] = bfl_arena_text(o->arena, split_last(&topic));
    row->cells[RS_EVAL] = bfl_arena_text(o->arena, split_last(&topic));
    row->cells[RS_TESTCD] = bfl_arena_text(o->arena, split_last(&topic));
    row->cells[RS_CAT] = bfl_arena_text(o->arena, topic);
    row->cells[RS_TEST] = response_name(row->cells[RS_TESTCD]);
    if (strlen(w->n->text) <= SDTM_TEXT_SIZE) put_response_text(w, row);
    if (!is_said(row->cells[RS_STAT]) || strcmp(w->n->value, "NE") != 0) {
        bfl_sdtm_out_text(o, OUT_ID_RS, row, RS_STRESC, w->n->value, NULL);
        if (!is_said(row->cells[RS_ORRES])) row->cells[RS_ORRES] = row->cells[RS_STRESC];
    }
    bfl_sdtm_out_date(o, OUT_ID_RS, row, (out_date){RS_DTC, RS_DY, "BFLDATE"}, w->n->date);
    const char *value = is_said(row->cells[RS_STRESC])  ? row->cells[RS_STRESC]
                        : is_said(row->cells[RS_ORRES]) ? row->cells[RS_ORRES]
                                                        : "NE";
    finish(w, OUT_ID_RS, row, value, taken_text(w, row, value));
    return true;
}

/* ---- AE, DS ---- */

/* The clinical fact that a reader makes of the event; COUNT when there is none in the record. */
static size_t fact_of(const statement *w, const bfl_cdisc_term *event) {
    const bfl_record *r = w->o->record;
    bfl_text value = bfl_text_of(event->means), item = bfl_text_split(&value, '=');
    for (size_t i = 0; i < r->clinical_count; i++) {
        const bfl_clinical *c = &r->clinicals[i];
        if (!w->covered[i] && bfl_text_equal(bfl_text_of(c->item), item) &&
            bfl_text_equal(bfl_text_of(c->value), value) && bfl_date_same(w->o->as->clinicals[i], w->n->date) &&
            !c->unit[0] && strcmp(c->source.stated, w->n->source.stated) == 0)
            return i;
    }
    return r->clinical_count;
}

static void put_event_text(const statement *w, out_row *row) {
    static const char mark[] = ", grade ";
    bfl_text text = bfl_text_of(w->n->text);
    size_t at = bfl_text_find_nocase(text, bfl_text_of(mark));
    bfl_text said = bfl_text_trim((bfl_text){text.data, at == SIZE_MAX ? text.size : at});
    if (at != SIZE_MAX && text.size > at + sizeof mark - 1)
        row->cells[AE_TOXGR] = bfl_arena_text(
            w->o->arena,
            bfl_text_trim((bfl_text){text.data + at + sizeof mark - 1, text.size - at - (sizeof mark - 1)}));
    if (said.size) row->cells[AE_TERM] = bfl_arena_text(w->o->arena, said);
}

static bool put_adverse_event(const statement *w) {
    const bfl_record *r = w->o->record;
    if (!is_topic(w, "adverse_event") || !w->n->value[0] || strlen(w->n->value) > SDTM_TEXT_SIZE) return false;
    const bfl_cdisc_term *event = bfl_cdisc_find("event", bfl_text_of(w->n->value));
    size_t fact = event ? fact_of(w, event) : r->clinical_count;
    if (event && fact == r->clinical_count) return false; /* it would bring a fact that the record does not have */
    out_row *row = bfl_sdtm_out_row(w->o, OUT_ID_AE, w->n->source);
    if (strlen(w->n->text) <= SDTM_TEXT_SIZE) put_event_text(w, row);
    row->cells[AE_DECOD] = w->n->value;
    bfl_sdtm_out_date(w->o, OUT_ID_AE, row, (out_date){AE_STDTC, AE_STDY, "BFLDATE"}, w->n->date);
    if (event) {
        w->covered[fact] = true;
        bfl_sdtm_out_text(w->o, OUT_ID_AE, row, AE_LOC, r->clinicals[fact].site, "BFLSITE");
        bfl_sdtm_out_qualify(w->o, OUT_ID_AE, row, "BFLNOTE", r->clinicals[fact].note);
    }
    const char *said = row->cells[AE_TERM] ? row->cells[AE_TERM] : "";
    const char *grade = is_said(row->cells[AE_TOXGR]) ? row->cells[AE_TOXGR] : NULL;
    finish(w, OUT_ID_AE, row, w->n->value, grade ? bfl_arena_printf(w->o->arena, "%s, grade %s", said, grade) : said);
    return true;
}

static bool put_disposition(const statement *w) {
    if (!is_topic(w, "disposition") || !w->n->value[0] || strlen(w->n->value) > SDTM_TEXT_SIZE) return false;
    bool death = bfl_text_equal_nocase(bfl_text_of(w->n->value), BFL_TEXT("DEATH"));
    /* It would date a death that the record does not have. */
    if (death && !is_undated(w->n) && w->o->record->patient.death.precision == BFL_DATE_NONE) return false;
    out_row *row = bfl_sdtm_out_row(w->o, OUT_ID_DS, w->n->source);
    bfl_sdtm_out_text(w->o, OUT_ID_DS, row, DS_DECOD, w->n->value, NULL);
    bfl_sdtm_out_text(w->o, OUT_ID_DS, row, DS_TERM, w->n->text, "BFLTEXT");
    bfl_sdtm_out_date(w->o, OUT_ID_DS, row, (out_date){DS_STDTC, DS_STDY, "BFLDATE"}, w->n->date);
    bfl_sdtm_out_qualify_number(w->o, OUT_ID_DS, row, "BFLSTDAY", w->n->stated_day);
    return true;
}

/* ---- LB, TR ---- */

static bool put_not_done(const statement *w) {
    if (!is_topic(w, "not_done") || !w->n->value[0]) return false;
    out_row *row = bfl_sdtm_out_row(w->o, OUT_ID_LB, w->n->source);
    bfl_text value = bfl_text_of(w->n->value);
    bool code = value.size <= 8 && bfl_analyte_find(value);
    row->cells[LB_TESTCD] = code ? w->n->value : "LBALL";
    row->cells[LB_TEST] = code ? bfl_analyte_find(value)->name : "Laboratory Test";
    row->cells[LB_STAT] = "NOT DONE";
    bfl_sdtm_out_text(w->o, OUT_ID_LB, row, LB_REASND, w->n->text, "BFLTEXT");
    bfl_sdtm_out_differs(w->o, OUT_ID_LB, row, "BFLVALUE", w->n->value, row->cells[LB_TESTCD]);
    bfl_sdtm_out_qualify_number(w->o, OUT_ID_LB, row, "BFLSTDAY", w->n->stated_day);
    bfl_sdtm_out_date(w->o, OUT_ID_LB, row, (out_date){LB_DTC, LB_DY, "BFLDATE"}, w->n->date);
    return true;
}

/* Sums of diameters and counts of bone lesions, as collected; NULL for any other topic. */
static const bfl_cdisc_term *count_term(const bfl_note *n, bool *sum) {
    const bfl_cdisc_term *property = bfl_cdisc_find("property", bfl_text_of(n->topic));
    if (!property || !n->value[0] || strlen(n->value) > SDTM_TEXT_SIZE || strlen(n->text) > SDTM_TEXT_SIZE) return NULL;
    *sum = strcmp(property->means, "sum") == 0;
    return *sum || strcmp(property->means, "count") == 0 ? property : NULL;
}

static void put_count_result(const statement *w, out_row *row, bool sum) {
    bfl_decimal number;
    row->cells[TR_ORRES] = row->cells[TR_STRESC] = w->n->value;
    if (!sum || bfl_decimal_parse(bfl_text_of(w->n->value), &number, NULL) != BFL_OK) return;
    row->cells[TR_STRESN] = w->n->value;
    row->cells[TR_ORRESU] = row->cells[TR_STRESU] = "mm";
}

static bool put_count(const statement *w) {
    static const char mark[] = "lesion ";
    bool sum = false;
    const bfl_note *n = w->n;
    const bfl_cdisc_term *property = count_term(n, &sum);
    if (!property) return false;
    out_row *row = bfl_sdtm_out_row(w->o, OUT_ID_TR, n->source);
    row->cells[TR_TESTCD] = n->topic;
    row->cells[TR_TEST] = property->term;
    if (bfl_text_starts(bfl_text_of(n->text), bfl_text_of(mark)) && n->text[sizeof mark - 1])
        row->cells[TR_LNKID] = n->text + sizeof mark - 1;
    else if (n->text[0])
        row->cells[TR_VISIT] = n->text;
    put_count_result(w, row, sum);
    bfl_sdtm_out_evaluator(w->o, row, TR_EVAL, TR_EVALID, TR_ACPTFL);
    bfl_sdtm_out_date(w->o, OUT_ID_TR, row, (out_date){TR_DTC, TR_DY, "BFLDATE"}, n->date);
    bfl_sdtm_out_qualify_number(w->o, OUT_ID_TR, row, "BFLSTDAY", n->stated_day);
    return true;
}

/* ---- CO ---- */

static void put_comment(const statement *w) {
    out_row *row = bfl_sdtm_out_row(w->o, OUT_ID_CO, w->n->source);
    bfl_sdtm_out_text(w->o, OUT_ID_CO, row, CO_REF, w->n->topic, "BFLTOPIC");
    bfl_sdtm_out_text(w->o, OUT_ID_CO, row, CO_VAL, w->n->value, "BFLVALUE");
    bfl_sdtm_out_qualify(w->o, OUT_ID_CO, row, "BFLTEXT", w->n->text);
    bfl_sdtm_out_qualify_number(w->o, OUT_ID_CO, row, "BFLSTDAY", w->n->stated_day);
    bfl_sdtm_out_date(w->o, OUT_ID_CO, row, (out_date){CO_DTC, CO_DY, "BFLDATE"}, w->n->date);
}

/* ---- FA ---- */

static void put_fact(out *o, size_t index) {
    const bfl_clinical *c = &o->record->clinicals[index];
    out_row *row = bfl_sdtm_out_row(o, OUT_ID_FA, c->source);
    row->cells[FA_TESTCD] = "STATUS";
    row->cells[FA_TEST] = "Status";
    bfl_sdtm_out_text(o, OUT_ID_FA, row, FA_OBJ, c->item, NULL);
    bfl_sdtm_out_text(o, OUT_ID_FA, row, FA_ORRES, c->value, "BFLVALUE");
    bfl_sdtm_out_text(o, OUT_ID_FA, row, FA_ORRESU, c->unit, NULL);
    bfl_sdtm_out_text(o, OUT_ID_FA, row, FA_LOC, c->site, "BFLSITE");
    bfl_sdtm_out_qualify(o, OUT_ID_FA, row, "BFLNOTE", c->note);
    bfl_sdtm_out_date(o, OUT_ID_FA, row, (out_date){FA_DTC, FA_DY, "BFLDATE"}, o->as->clinicals[index]);
}

void bfl_sdtm_out_notes(out *o) {
    const bfl_record *r = o->record;
    statement w = {.o = o, .covered = BFL_NEW_ARRAY(o->arena, r->clinical_count, bool)};
    for (size_t i = 0; i < r->note_count; i++) {
        w.n = &r->notes[i];
        bool placed = put_in_subject(&w) || put_response(&w) || put_adverse_event(&w) || put_disposition(&w) ||
                      put_not_done(&w) || put_count(&w);
        if (!placed) put_comment(&w);
    }
    for (size_t i = 0; i < r->clinical_count; i++)
        if (!w.covered[i]) put_fact(o, i);
}
