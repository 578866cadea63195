/* SPDX-License-Identifier: Apache-2.0 */
/* What happened to subjects and what was said of them: AE, DS, FA, CO. */
#include "format/sdtm/sdtm.h"

static void add_clinical(const sdtm_row *w, const char *item, const char *value, bfl_date date) {
    bfl_clinical *c = bfl_record_add_clinical(w->builder, bfl_sdtm_said_date(w, "BFLDATE", date));
    c->item = item;
    c->value = value;
    c->unit = bfl_sdtm_cell(w, VAR_ORRESU);
    c->site = bfl_sdtm_said(w, "BFLSITE", bfl_sdtm_cell(w, VAR_LOC));
    c->note = bfl_sdtm_said(w, "BFLNOTE", "");
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
    bfl_sdtm_add_note(w, "adverse_event", term, bfl_sdtm_keep(w->s, bfl_text_of(text)), start);
}

static void read_disposition(sdtm_row *w) {
    bfl_date date = bfl_sdtm_dated(w, VAR_STDTC, VAR_STDY);
    const char *what = bfl_sdtm_cell(w, VAR_DECOD), *said = bfl_sdtm_cell(w, VAR_TERM);
    bfl_patient *p = bfl_record_patient(w->builder);
    if (!what[0]) what = said;
    if (bfl_text_equal_nocase(bfl_text_of(what), BFL_TEXT("DEATH")) && p->death.precision == BFL_DATE_NONE)
        p->death = date;
    bfl_sdtm_add_note(w, "disposition", what, said, date);
}

static void read_finding_about(sdtm_row *w) {
    const char *about = bfl_sdtm_cell(w, VAR_OBJ), *value = bfl_sdtm_cell(w, VAR_ORRES);
    if (!about[0] || !value[0]) return;
    const char *item = bfl_text_lower(w->s->row, bfl_text_of(about));
    add_clinical(w, bfl_sdtm_keep(w->s, bfl_text_of(item)), bfl_sdtm_said(w, "BFLVALUE", value),
                 bfl_sdtm_dated(w, VAR_DTC, VAR_DY));
}

/* COREF is the sponsor's word for what the comment is about. */
static void read_comment(sdtm_row *w) {
    const char *topic = bfl_sdtm_said(w, "BFLTOPIC", bfl_sdtm_cell(w, VAR_REF));
    bfl_sdtm_add_note(w, topic[0] ? topic : "comment", bfl_sdtm_cell(w, VAR_VAL), "",
                      bfl_sdtm_dated(w, VAR_DTC, VAR_DY));
}

void bfl_sdtm_events(sdtm *s) {
    bfl_sdtm_rows(s, SDTM_AE, read_adverse_event);
    bfl_sdtm_rows(s, SDTM_DS, read_disposition);
    bfl_sdtm_rows(s, SDTM_FA, read_finding_about);
    bfl_sdtm_rows(s, SDTM_CO, read_comment);
}
