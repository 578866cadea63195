/* SPDX-License-Identifier: Apache-2.0 */
/* A dataset in memory: which one a file holds, told by its variables, and the cells of the variables that are read. */
#include "format/sdtm/sdtm.h"

#include <string.h>

/* Names of SDTM variables have at most eight characters (SAS transport version 5). */
enum { NAME_SIZE = 8 };

#define ID_TEXT(id, key) #id,
#define KEY_TEXT(id, key) key,
#define NAME_TEXT(id, name) name,
static const char *const ids[] = {SDTM_DATASETS(ID_TEXT)};
static const char *const keys[] = {SDTM_DATASETS(KEY_TEXT)};
static const char *const prefixed[] = {SDTM_PREFIXED(NAME_TEXT)};
static const char *const whole[] = {SDTM_WHOLE(NAME_TEXT)};

const char *bfl_sdtm_id_text(sdtm_id id) { return ids[id]; }

const char *bfl_sdtm_keep(sdtm *s, bfl_text text) { return bfl_names_add(&s->texts, text)->text; }

void bfl_sdtm_file_issue(sdtm *s, bfl_issue_code code, const char *file, uint32_t line, const char *column,
                         const char *found, const char *expected) {
    bfl_place place = {"", {file, line, ""}, column};
    bfl_issue_add(s->arena, &s->study.issues, code, place, found, expected);
}

void bfl_sdtm_reject(sdtm *s, bfl_issue_code code, const char *file, uint32_t line, const char *found,
                     const char *expected) {
    bfl_sdtm_file_issue(s, code, file, line, "", found, expected);
    if (s->first_problem.status == BFL_OK)
        (void)bfl_fail(&s->first_problem, BFL_EPARSE, file, line, "%s, expected %s", found, expected);
}

/* ---- which dataset ---- */

static bool has(const bfl_text *columns, size_t count, const char *text) {
    for (size_t i = 0; i < count; i++)
        if (bfl_text_equal_nocase(bfl_text_trim(columns[i]), bfl_text_of(text))) return true;
    return false;
}

/* The dataset that has these variables; SDTM_ID_COUNT when it is none that is read. */
static sdtm_id id_of(const bfl_text *columns, size_t count) {
    for (int i = 0; i < SDTM_ID_COUNT; i++)
        if (keys[i][0] && has(columns, count, keys[i])) return (sdtm_id)i;
    if (has(columns, count, "DSTERM")) return SDTM_DS;
    if (has(columns, count, "AEDECOD")) return SDTM_AE;
    bool subject = has(columns, count, "SUBJID") || has(columns, count, "SEX") || has(columns, count, "RFSTDTC");
    return subject ? SDTM_DM : SDTM_ID_COUNT;
}

static int variable_of(sdtm_id id, bfl_text text) {
    for (int i = 0; i < VAR_COUNT - VAR_PREFIXED_COUNT; i++)
        if (bfl_text_equal_nocase(text, bfl_text_of(whole[i]))) return VAR_PREFIXED_COUNT + i;
    if (text.size < 2 || !bfl_text_equal_nocase((bfl_text){text.data, 2}, bfl_text_of(ids[id]))) return -1;
    for (int i = 0; i < VAR_PREFIXED_COUNT; i++)
        if (bfl_text_equal_nocase((bfl_text){text.data + 2, text.size - 2}, bfl_text_of(prefixed[i]))) return i;
    return -1;
}

/* ---- its variables ---- */

static void map_column(sdtm *s, sdtm_dataset *d, size_t column, bfl_text text, bfl_buf *unread) {
    if (text.size > NAME_SIZE)
        bfl_sdtm_file_issue(s, BFL_CODE_SDTM_NAME, d->file, 0, bfl_issue_quote(s->arena, text),
                            bfl_arena_printf(s->arena, "a name of %zu characters", text.size),
                            "a variable name of at most 8 characters");
    int v = variable_of(d->id, text);
    if (v < 0) {
        if (text.size) bfl_buf_addf(unread, "%s%s", unread->size ? ", " : "", bfl_issue_quote(s->arena, text));
    } else if (d->at[v]) {
        bfl_sdtm_file_issue(s, BFL_CODE_FILE_COLUMN_TWICE, d->file, 0, d->names[v], "a second variable of that name",
                            "each variable once");
    } else {
        d->at[v] = d->take[column] = (uint8_t)++d->width;
        d->names[v] = bfl_sdtm_keep(s, text);
    }
}

/* Which must be there for the rows to say anything. */
static bool check_needed(sdtm *s, const sdtm_dataset *d) {
    static const sdtm_variable supp[] = {VAR_RDOMAIN, VAR_QNAM, VAR_QVAL};
    bool complete = d->at[VAR_USUBJID] != 0;
    const char *missing = "USUBJID";
    for (size_t i = 0; d->id == SDTM_SUPP && complete && i < sizeof supp / sizeof *supp; i++)
        if (!d->at[supp[i]]) complete = false, missing = whole[supp[i] - VAR_PREFIXED_COUNT];
    if (complete) return true;
    const char *found = bfl_arena_printf(s->arena, "no variable %s; the dataset is not read", missing);
    bfl_sdtm_reject(s, BFL_CODE_FILE_COLUMN_MISSING, d->file, 0, found, missing);
    return false;
}

sdtm_dataset *bfl_sdtm_dataset(sdtm *s, const char *file, const bfl_text *columns, size_t count) {
    sdtm_id id = id_of(columns, count);
    if (id == SDTM_ID_COUNT) {
        bool foreign = !has(columns, count, "USUBJID");
        if (!foreign) s->files_read++;
        bfl_sdtm_file_issue(s, foreign ? BFL_CODE_FILE_UNKNOWN : BFL_CODE_SDTM_NOT_READ, file, 0, "",
                            foreign ? "no SDTM dataset: it has no variable USUBJID" : "a dataset that is not read",
                            "DM, TU, TR, RS, LB, EX, CM, PR, AE, DS, FA, CO or SUPP--");
        return NULL;
    }
    sdtm_dataset *d = BFL_NEW(s->scratch, sdtm_dataset);
    d->id = id;
    d->file = file;
    d->column_count = count;
    d->take = BFL_NEW_ARRAY(s->scratch, count, uint8_t);
    bfl_buf unread = {.arena = s->arena};
    for (size_t i = 0; i < count; i++) map_column(s, d, i, bfl_text_trim(columns[i]), &unread);
    if (unread.size)
        bfl_sdtm_file_issue(s, BFL_CODE_SDTM_VARIABLES, file, 0, "",
                            bfl_arena_printf(s->arena, "variables that are not read: %s", bfl_buf_z(&unread)),
                            "the variables of docs/sdtm.md");
    if (!check_needed(s, d)) return NULL;
    s->files_read++;
    *BFL_PUSH(s->scratch, &s->datasets) = d;
    return d;
}

void bfl_sdtm_line(sdtm *s, sdtm_dataset *d, uint32_t line, const bfl_text *cells) {
    sdtm_line *l = BFL_PUSH(s->scratch, &d->lines);
    l->line = line;
    l->cells = BFL_NEW_ARRAY(s->scratch, d->width, const char *);
    for (size_t i = 0; i < d->column_count; i++)
        if (d->take[i]) l->cells[d->take[i] - 1] = bfl_sdtm_keep(s, bfl_text_trim(cells[i]));
}
