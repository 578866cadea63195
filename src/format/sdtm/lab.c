/* SPDX-License-Identifier: Apache-2.0 */
/* LB: the result as collected counts, with its own range; the standardised result is a check. */
#include "format/sdtm/sdtm.h"

/* The first of test code, LOINC code and CDISC's own name that the rulebook knows; else the test code as written. */
static const char *analyte_name(const sdtm_row *w) {
    const char *code = bfl_sdtm_cell(w, VAR_TESTCD), *loinc = bfl_sdtm_cell(w, VAR_LOINC);
    if (bfl_analyte_find(bfl_text_of(code))) return code;
    const bfl_cdisc_term *term = bfl_cdisc_find("lab", bfl_text_of(code));
    if (!term) return loinc[0] && (bfl_analyte_find(bfl_text_of(loinc)) || !code[0]) ? loinc : code;
    /* ALPBS is a mass or an activity: its unit says which. */
    const bfl_analyte *mass = bfl_analyte_find(bfl_text_of(term->means));
    const char *activity = bfl_arena_printf(w->s->arena, "%s_ACT", term->means);
    const bfl_analyte *other = bfl_analyte_find(bfl_text_of(activity));
    bfl_text unit = bfl_text_of(bfl_sdtm_cell(w, VAR_ORRESU));
    return other && mass && unit.size && !bfl_analyte_unit(mass, unit) && bfl_analyte_unit(other, unit) ? activity
                                                                                                        : term->means;
}

/* Conversion factors are rounded by laboratories, and so are results. */
static bool differs(bfl_decimal collected, bfl_decimal standard) {
    static const double tolerance = 0.02;
    double a = bfl_decimal_double(collected), b = bfl_decimal_double(standard);
    double distance = a > b ? a - b : b - a, largest = a > b ? a : b;
    return distance > tolerance * (largest > 0 ? largest : -largest);
}

static void check_standard(const sdtm_row *w, const char *analyte) {
    const bfl_analyte *a = bfl_analyte_find(bfl_text_of(analyte));
    const bfl_unit *from = bfl_analyte_unit(a, bfl_text_of(bfl_sdtm_cell(w, VAR_ORRESU)));
    const bfl_unit *to = bfl_analyte_unit(a, bfl_text_of(bfl_sdtm_cell(w, VAR_STRESU)));
    bfl_decimal collected;
    if (!a || !from || !to) return;
    bfl_maybe standard = bfl_sdtm_number(w, VAR_STRESN);
    if (!standard.present || bfl_decimal_parse(bfl_text_of(bfl_sdtm_cell(w, VAR_ORRES)), &collected, NULL)) return;
    collected = bfl_decimal_multiply(collected, from->factor);
    if (!differs(collected, bfl_decimal_multiply(standard.value, to->factor))) return;
    bfl_arena *arena = w->s->arena;
    bfl_sdtm_issue(w, BFL_CODE_SDTM_STANDARD, VAR_STRESN,
                   bfl_arena_printf(arena, "%s %s %s", analyte, bfl_decimal_z(arena, standard.value, -1), to->text),
                   bfl_arena_printf(arena, "what %s %s makes in %s",
                                    bfl_issue_quote(arena, bfl_text_of(bfl_sdtm_cell(w, VAR_ORRES))), from->text,
                                    to->text));
}

static void read_result(sdtm_row *w) {
    bfl_date date = bfl_sdtm_dated(w, VAR_DTC, VAR_DY);
    const char *analyte = analyte_name(w), *written = bfl_sdtm_cell(w, VAR_ORRES);
    if (!analyte[0]) {
        bfl_sdtm_issue(w, BFL_CODE_ROW_CELL_MISSING, VAR_TESTCD, "an empty cell", "a test code or a LOINC code");
        return;
    }
    if (!written[0]) {
        bfl_sdtm_add_note(w, "not_done", analyte, bfl_sdtm_cell(w, VAR_REASND), date);
        return;
    }
    check_standard(w, analyte);
    bfl_lab *l = bfl_record_add_lab(w->builder, bfl_sdtm_said_date(w, "BFLDATE", date));
    l->name = bfl_sdtm_said(w, "BFLNAME", analyte);
    l->written = bfl_sdtm_said(w, "BFLVALUE", written);
    l->unit_text = bfl_sdtm_cell(w, VAR_ORRESU);
    l->ref_low = bfl_sdtm_number(w, VAR_ORNRLO);
    l->ref_high = bfl_sdtm_number(w, VAR_ORNRHI);
    l->method = bfl_sdtm_said(w, "BFLMETH", bfl_sdtm_cell(w, VAR_METHOD));
    l->note = bfl_sdtm_said(w, "BFLNOTE", "");
    l->source = bfl_sdtm_source(w);
}

void bfl_sdtm_labs(sdtm *s) { bfl_sdtm_rows(s, SDTM_LB, read_result); }
