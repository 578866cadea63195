/* SPDX-License-Identifier: Apache-2.0 */
/* Datasets in memory on their way out: rows, supplemental qualifiers, dates. */
#include "format/sdtm/out.h"

#include <string.h>

#define TEXT false
#define NUMBER true
#define COLUMN_ROW(column, name, label, type) {name, label, type},
#define KEYS(domain)                                                                \
    {"STUDYID", "Study Identifier", TEXT}, {domain, "Domain Abbreviation", TEXT}, { \
        "USUBJID", "Unique Subject Identifier", TEXT                                \
    }
#define SEQUENCE(id) {id "SEQ", "Sequence Number", NUMBER},

static const out_column dm_columns[] = {KEYS("DOMAIN"), OUT_DM(COLUMN_ROW)};
#define COLUMNS_OF(id, list) KEYS("DOMAIN"), SEQUENCE(#id) list(COLUMN_ROW)
static const out_column ex_columns[] = {COLUMNS_OF(EX, OUT_EX)};
static const out_column cm_columns[] = {COLUMNS_OF(CM, OUT_CM)};
static const out_column pr_columns[] = {COLUMNS_OF(PR, OUT_PR)};
static const out_column tu_columns[] = {COLUMNS_OF(TU, OUT_TU)};
static const out_column tr_columns[] = {COLUMNS_OF(TR, OUT_TR)};
static const out_column rs_columns[] = {COLUMNS_OF(RS, OUT_RS)};
static const out_column lb_columns[] = {COLUMNS_OF(LB, OUT_LB)};
static const out_column ae_columns[] = {COLUMNS_OF(AE, OUT_AE)};
static const out_column ds_columns[] = {COLUMNS_OF(DS, OUT_DS)};
static const out_column fa_columns[] = {COLUMNS_OF(FA, OUT_FA)};
static const out_column co_columns[] = {COLUMNS_OF(CO, OUT_CO)};
static const out_column supp_columns[] = {KEYS("RDOMAIN"), OUT_SUPP(COLUMN_ROW)};

static const struct {
    const out_column *columns;
    size_t count;
} columns_of[OUT_ID_COUNT] = {
    {dm_columns, DM_END}, {ex_columns, EX_END}, {cm_columns, CM_END}, {pr_columns, PR_END},
    {tu_columns, TU_END}, {tr_columns, TR_END}, {rs_columns, RS_END}, {lb_columns, LB_END},
    {ae_columns, AE_END}, {ds_columns, DS_END}, {fa_columns, FA_END}, {co_columns, CO_END},
};

#define ID_TEXT(id, label) #id,
#define LABEL_TEXT(id, label) label,
static const char *const ids[] = {OUT_DATASETS(ID_TEXT)};
static const char *const labels[] = {OUT_DATASETS(LABEL_TEXT)};

void bfl_sdtm_out_begin(out *o, bfl_writing *writing) {
    *o = (out){.writing = writing, .arena = writing->arena};
    for (int i = 0; i < OUT_ID_COUNT; i++) {
        o->datasets[i] = (out_dataset){
            .name = ids[i], .label = labels[i], .columns = columns_of[i].columns, .column_count = columns_of[i].count};
        o->supplements[i] = (out_dataset){.name = bfl_arena_printf(o->arena, "SUPP%s", ids[i]),
                                          .label = bfl_arena_printf(o->arena, "Supplemental Qualifiers for %s", ids[i]),
                                          .columns = supp_columns,
                                          .column_count = SUPP_END};
    }
}

/* ---- rows ---- */

static out_row *add_row(out *o, out_dataset *d, const char *domain, bfl_source source) {
    out_row *row = BFL_PUSH(o->arena, &d->rows);
    row->cells = BFL_NEW_ARRAY(o->arena, d->column_count, const char *);
    row->patient = o->record->patient.id;
    row->source = source;
    row->cells[OUT_STUDYID] = o->writing->study_id;
    row->cells[OUT_DOMAIN] = domain;
    row->cells[OUT_USUBJID] = o->record->patient.id;
    return row;
}

out_row *bfl_sdtm_out_row(out *o, out_id id, bfl_source source) {
    out_row *row = add_row(o, &o->datasets[id], ids[id], source);
    if (id != OUT_ID_DM) row->cells[OUT_SEQ] = bfl_arena_printf(o->arena, "%zu", ++o->seq[id]);
    if (source.stated[0]) bfl_sdtm_out_qualify(o, id, row, "BFLSRC", source.stated);
    return row;
}

void bfl_sdtm_out_text(out *o, out_id id, out_row *row, int column, const char *text, const char *qnam) {
    if (text[0]) row->cells[column] = text;
    if (qnam && strlen(text) > SDTM_TEXT_SIZE) {
        bfl_sdtm_out_qualify(o, id, row, qnam, text);
        row->cells[column] = bfl_arena_text(o->arena, (bfl_text){text, bfl_sdtm_out_part(text)});
    }
}

void bfl_sdtm_out_number(out *o, out_row *row, int column, bfl_maybe number) {
    if (number.present) row->cells[column] = bfl_decimal_z(o->arena, number.value, -1);
}

/* ---- supplemental qualifiers ---- */

static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

size_t bfl_sdtm_out_part(const char *text) {
    size_t size = strlen(text);
    if (size <= SDTM_TEXT_SIZE) return size;
    size_t end = SDTM_TEXT_SIZE;
    while (end && (((unsigned char)text[end] & 0xC0) == 0x80 || is_space(text[end]) || is_space(text[end - 1]))) end--;
    return end ? end : SDTM_TEXT_SIZE;
}

static const char *label_of(const char *qnam) {
    static const char *const known[][2] = {
        {"BFLBEYND", "Larger Than the Original Bone"},
        {"BFLBIRTH", "Birth, as Recorded"},
        {"BFLCHG", "Change Since the Study Before"},
        {"BFLCLASS", "Class of the Drug"},
        {"BFLCOUNT", "Number of Lesions"},
        {"BFLDATE", "Date, as Recorded"},
        {"BFLDAY0", "Day 0, as Recorded"},
        {"BFLDEATH", "Death, as Recorded"},
        {"BFLDOSE", "Dose, as Recorded"},
        {"BFLEND", "End, as Recorded"},
        {"BFLHIST", "Histology"},
        {"BFLHU", "Mean Density in Hounsfield Units"},
        {"BFLINT", "Intent of the Treatment"},
        {"BFLLABEL", "Label for Evaluation"},
        {"BFLLINE", "Line of Therapy"},
        {"BFLMATRX", "Matrix of the Lesion"},
        {"BFLMETH", "Method, as Recorded"},
        {"BFLNAME", "Name, as Recorded"},
        {"BFLNOTE", "Note"},
        {"BFLORGAN", "Organ"},
        {"BFLROLE", "Role at This Study"},
        {"BFLROW", "Row of This Lesion on This Day"},
        {"BFLSITE", "Site, as Recorded"},
        {"BFLSLICE", "Slice Thickness in mm"},
        {"BFLSMOKE", "Smoking"},
        {"BFLSOFT", "Soft Tissue Part in mm"},
        {"BFLSRC", "Source, as Stated"},
        {"BFLSTAGE", "Stage"},
        {"BFLSTART", "Start, as Recorded"},
        {"BFLSTATE", "State of the Lesion"},
        {"BFLSTDAY", "Day Count, as Stated"},
        {"BFLSTOP", "Reason for the Stop"},
        {"BFLTEXT", "Text"},
        {"BFLTNM", "TNM"},
        {"BFLTNMED", "Edition of TNM"},
        {"BFLTOPIC", "Topic"},
        {"BFLTUM", "Tumour"},
        {"BFLUPT", "Uptake"},
        {"BFLVALUE", "Value, as Recorded"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i][0], qnam) == 0) return known[i][1];
    return "Supplemental Value";
}

static void add_part(out *o, out_id id, const out_row *row, const char *qnam, int part, bfl_text value) {
    out_row *q = add_row(o, &o->supplements[id], ids[id], row->source);
    if (id != OUT_ID_DM) {
        q->cells[SUPP_IDVAR] = bfl_arena_printf(o->arena, "%sSEQ", ids[id]);
        q->cells[SUPP_IDVARVAL] = row->cells[OUT_SEQ];
    }
    q->cells[SUPP_QNAM] = part ? bfl_arena_printf(o->arena, "%.7s%d", qnam, part) : qnam;
    q->cells[SUPP_QLABEL] = label_of(qnam);
    q->cells[SUPP_QVAL] = bfl_arena_text(o->arena, value);
    q->cells[SUPP_QORIG] = "CRF";
}

void bfl_sdtm_out_qualify(out *o, out_id id, const out_row *row, const char *qnam, const char *value) {
    if (!value || !value[0]) return;
    for (int part = 0; value[0] && part <= SDTM_MOST_PARTS; part++) {
        size_t size = bfl_sdtm_out_part(value);
        add_part(o, id, row, qnam, part, (bfl_text){value, size});
        value += size;
    }
    if (!value[0]) return;
    const bfl_place place = {row->patient, row->source, qnam};
    bfl_writing_lose(
        o->writing, BFL_LOSS_CUT, place,
        bfl_arena_printf(o->arena, "a text whose end is %s", bfl_issue_quote(o->arena, bfl_text_of(value))),
        bfl_arena_printf(o->arena, "at most %d bytes", SDTM_TEXT_SIZE * (SDTM_MOST_PARTS + 1)));
}

void bfl_sdtm_out_differs(out *o, out_id id, const out_row *row, const char *qnam, const char *value,
                          const char *taken) {
    if (strcmp(value, taken) != 0) bfl_sdtm_out_qualify(o, id, row, qnam, value[0] ? value : SDTM_NOT_STATED);
}

void bfl_sdtm_out_qualify_number(out *o, out_id id, const out_row *row, const char *qnam, bfl_maybe number) {
    if (number.present) bfl_sdtm_out_qualify(o, id, row, qnam, bfl_decimal_z(o->arena, number.value, -1));
}

/* ---- dates ---- */

static const char *study_day(bfl_arena *arena, int64_t day) {
    return bfl_arena_printf(arena, "%lld", (long long)(day >= 0 ? day + 1 : day));
}

void bfl_sdtm_out_date(out *o, out_id id, out_row *row, out_date columns, bfl_date date) {
    char z[32];
    bfl_date_format(date, z, sizeof z);
    bool single = date.first == date.last;
    switch (date.precision) {
    case BFL_DATE_NONE: return;
    case BFL_DATE_RELATIVE:
        if (single && columns.dy >= 0)
            row->cells[columns.dy] = study_day(o->arena, date.first);
        else
            bfl_sdtm_out_qualify(o, id, row, columns.qnam, bfl_arena_text(o->arena, bfl_text_of(z)));
        return;
    case BFL_DATE_YEAR:
    case BFL_DATE_MONTH:
    case BFL_DATE_DAY: break;
    }
    row->cells[columns.dtc] = bfl_arena_text(o->arena, bfl_text_of(z));
    if (columns.dy >= 0 && single && date.precision == BFL_DATE_DAY && o->start.precision == BFL_DATE_DAY)
        row->cells[columns.dy] = study_day(o->arena, (int64_t)date.first - o->start.first);
}
