/* SPDX-License-Identifier: Apache-2.0 */
/* LB of one subject: the result as collected, with its own range; the standardised result beside it. */
#include "format/sdtm/out.h"

#include <string.h>

enum { CODE_SIZE = 8, NAME_SIZE = 40 };

/* A test code has at most eight letters, digits and underscores and does not begin with a digit (SDTMIG). */
static bool is_code(const char *text) {
    size_t size = strlen(text);
    if (size == 0 || size > CODE_SIZE || (text[0] >= '0' && text[0] <= '9')) return false;
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '_') return false;
    }
    return true;
}

static const char *made_code(bfl_arena *arena, const char *written) {
    char *code = bfl_arena_alloc(arena, CODE_SIZE + 1, 1);
    size_t n = 0;
    for (const char *c = written; *c && n < CODE_SIZE; c++) {
        char u = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
        if ((u >= 'A' && u <= 'Z') || (n && u >= '0' && u <= '9')) code[n++] = u;
    }
    return n ? code : "OTHER";
}

static const char *code_of(bfl_arena *arena, const bfl_lab *l) {
    const char *term = l->analyte ? bfl_cdisc_written("lab", l->analyte->id) : "";
    if (term[0]) return term;
    if (is_code(l->name) && !bfl_cdisc_find("lab", bfl_text_of(l->name))) return l->name;
    if (l->analyte && is_code(l->analyte->id)) return l->analyte->id;
    return made_code(arena, l->analyte ? l->analyte->id : l->name);
}

static void put_standard(out *o, out_row *row, const bfl_lab *l) {
    if (l->canonical.present && l->comparator == BFL_EXACTLY) {
        bfl_sdtm_out_number(o, row, LB_STRESN, l->canonical);
        row->cells[LB_STRESC] = row->cells[LB_STRESN];
        row->cells[LB_STRESU] = l->analyte->units[0].text;
    } else if (l->word != BFL_LAB_NUMBER) {
        row->cells[LB_STRESC] = row->cells[LB_ORRES];
    }
}

static void put_lab(out *o, size_t index) {
    const bfl_lab *l = &o->record->labs[index];
    out_row *row = bfl_sdtm_out_row(o, OUT_ID_LB, l->source);
    const char *code = code_of(o->arena, l), *test = l->analyte ? l->analyte->name : l->name;
    row->cells[LB_TESTCD] = code;
    row->cells[LB_TEST] = strlen(test) <= NAME_SIZE ? test : code;
    bfl_sdtm_out_differs(o, OUT_ID_LB, row, "BFLNAME", l->name, strcmp(code, l->name) == 0 ? code : "");
    bfl_sdtm_out_text(o, OUT_ID_LB, row, LB_ORRES, l->written, "BFLVALUE");
    bfl_sdtm_out_text(o, OUT_ID_LB, row, LB_ORRESU, l->unit_text, NULL);
    bfl_sdtm_out_number(o, row, LB_ORNRLO, o->as->lab_lows[index]);
    bfl_sdtm_out_number(o, row, LB_ORNRHI, o->as->lab_highs[index]);
    put_standard(o, row, l);
    if (l->analyte && l->analyte->loinc[0]) row->cells[LB_LOINC] = l->analyte->loinc;
    bfl_sdtm_out_text(o, OUT_ID_LB, row, LB_METHOD, l->method, "BFLMETH");
    bfl_sdtm_out_qualify(o, OUT_ID_LB, row, "BFLNOTE", l->note);
    bfl_sdtm_out_date(o, OUT_ID_LB, row, (out_date){LB_DTC, LB_DY, "BFLDATE"}, o->as->labs[index]);
}

void bfl_sdtm_out_labs(out *o) {
    for (size_t i = 0; i < o->record->lab_count; i++) put_lab(o, i);
}
