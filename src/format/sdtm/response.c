/* SPDX-License-Identifier: Apache-2.0 */
/* RS: responses as collected. They become statements, which are kept and compared and never trusted. */
#include "format/sdtm/sdtm.h"

static void check_term(const sdtm_row *w, sdtm_variable v, const char *value) {
    if (!value[0] || bfl_cdisc_find("response", bfl_text_of(value))) return;
    bfl_sdtm_issue(w, BFL_CODE_SDTM_TERM, v, bfl_issue_quote(w->s->arena, bfl_text_of(value)),
                   "a response of CDISC's codelist such as CR, PR, SD, PD, NE or iUPD");
}

/* "response.RECIST 1.1.OVRLRESP.INDEPENDENT ASSESSOR.RADIOLOGIST 1": statements of different readers do not contradict. */
static const char *topic_of(const sdtm_row *w) {
    const char *topic =
        bfl_arena_printf(w->s->row, "response.%s.%s.%s.%s", bfl_sdtm_cell(w, VAR_CAT), bfl_sdtm_cell(w, VAR_TESTCD),
                         bfl_sdtm_cell(w, VAR_EVAL), bfl_sdtm_cell(w, VAR_EVALID));
    return bfl_sdtm_keep(w->s, bfl_text_of(topic));
}

static const char *text_of(const sdtm_row *w, const char *original, const char *value) {
    bfl_buf buf = {.arena = w->s->row};
    const char *reason = bfl_sdtm_cell(w, VAR_REASND);
    bfl_buf_add(&buf, bfl_sdtm_cell(w, VAR_VISIT));
    if (!bfl_text_equal(bfl_text_of(original), bfl_text_of(value))) bfl_buf_addf(&buf, "; collected as %s", original);
    if (bfl_sdtm_cell(w, VAR_STAT)[0]) bfl_buf_addf(&buf, "; %s", bfl_sdtm_cell(w, VAR_STAT));
    if (reason[0]) bfl_buf_addf(&buf, ": %s", reason);
    if (bfl_sdtm_is(w, VAR_ACPTFL, "Y")) bfl_buf_add(&buf, "; accepted record");
    return bfl_sdtm_keep(w->s, bfl_text_of(bfl_buf_z(&buf)));
}

static void read_response(sdtm_row *w) {
    const char *original = bfl_sdtm_cell(w, VAR_ORRES), *value = bfl_sdtm_cell(w, VAR_STRESC);
    if (!value[0]) value = original;
    check_term(w, bfl_sdtm_cell(w, VAR_STRESC)[0] ? VAR_STRESC : VAR_ORRES, value);
    if (bfl_sdtm_cell(w, VAR_STRESC)[0] && original[0] && !bfl_text_equal(bfl_text_of(original), bfl_text_of(value))) {
        check_term(w, VAR_ORRES, original);
        bfl_sdtm_issue(
            w, BFL_CODE_SDTM_STANDARD, VAR_STRESC, bfl_issue_quote(w->s->arena, bfl_text_of(value)),
            bfl_arena_printf(w->s->arena, "%s, as collected", bfl_issue_quote(w->s->arena, bfl_text_of(original))));
    }
    bfl_date date = bfl_sdtm_dated(w, VAR_DTC, VAR_DY);
    bfl_sdtm_add_note(w, topic_of(w), value[0] ? value : "NE", text_of(w, original[0] ? original : value, value), date);
}

void bfl_sdtm_responses(sdtm *s) { bfl_sdtm_rows(s, SDTM_RS, read_response); }
