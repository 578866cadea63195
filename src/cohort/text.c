/* SPDX-License-Identifier: Apache-2.0 */
/* A summary for a terminal: the tables a reader asks for first, cut to the columns that fit. All of them are in the CSV files. */
#include "cohort/study.h"

#include <string.h>

enum { MOST_COLUMNS = 12, WIDEST = 58 };

/* Which part of a table is shown. */
typedef struct part {
    const char *id;
    const char *columns;     /* by name, separated by spaces; "" = all */
    const char *only_column; /* rows in which this column reads `only`; NULL = all */
    const char *only;
} part;

static size_t column_of(const bfl_cohort_table *t, bfl_text name) {
    size_t i = 0;
    while (i < t->column_count && !bfl_text_equal(bfl_text_of(t->columns[i]), name)) i++;
    return i;
}

/* Characters as a terminal counts them, near enough: bytes that begin one. */
static size_t width_of(const char *text) {
    size_t n = 0;
    for (; *text; text++) n += ((unsigned char)*text & 0xC0) != 0x80;
    return n;
}

static const bfl_cell *cell_at(const bfl_cohort_table *t, size_t row, size_t column) {
    return &t->cells[row * t->column_count + column];
}

static bool shown(const bfl_cohort_table *t, const part *p, size_t row) {
    if (!p->only_column) return true;
    size_t column = column_of(t, bfl_text_of(p->only_column));
    return column < t->column_count && strcmp(cell_at(t, row, column)->text, p->only) == 0;
}

static bool is_number(const bfl_cell *c) { return c->kind == BFL_CELL_COUNT || c->kind == BFL_CELL_NUMBER; }

static const char *say(const bfl_cell *c) { return c->kind == BFL_CELL_MISSING && !c->text[0] ? "-" : c->text; }

typedef struct layout {
    size_t column[MOST_COLUMNS], width[MOST_COLUMNS], count;
} layout;

static layout measure(const bfl_cohort_table *t, const part *p) {
    layout l = {.count = 0};
    bfl_text rest = bfl_text_of(p->columns);
    while (rest.size && l.count < MOST_COLUMNS) l.column[l.count++] = column_of(t, bfl_text_split(&rest, ' '));
    for (size_t i = 0; !p->columns[0] && i < t->column_count && i < MOST_COLUMNS; i++) l.column[l.count++] = i;
    for (size_t i = 0; i < l.count; i++) {
        l.width[i] = width_of(t->columns[l.column[i]]);
        for (size_t r = 0; r < t->row_count; r++) {
            size_t w = shown(t, p, r) ? width_of(say(cell_at(t, r, l.column[i]))) : 0;
            if (w > l.width[i]) l.width[i] = w > WIDEST ? WIDEST : w;
        }
    }
    return l;
}

static void pad(writer *w, size_t n) {
    for (size_t i = 0; i < n; i++) bfl_buf_add(&w->text, " ");
}

/* A cell in its column: numbers to the right. What is wider than the column goes on into the next. */
static void cell(writer *w, const char *text, size_t width, bool number, bool last) {
    size_t used = width_of(text), gap = used < width ? width - used : 0;
    bfl_buf_add(&w->text, "  ");
    if (number) pad(w, gap);
    bfl_buf_add(&w->text, bfl_plain_text(w->arena, text));
    if (!number && !last) pad(w, gap);
}

/* Is the column one of numbers, going by its first that is not missing? */
static bool numeric(const bfl_cohort_table *t, size_t column) {
    for (size_t r = 0; r < t->row_count; r++)
        if (cell_at(t, r, column)->kind != BFL_CELL_MISSING) return is_number(cell_at(t, r, column));
    return false;
}

static void wrapped(writer *w, const char *text, size_t width) {
    size_t at = 0;
    bfl_buf_add(&w->text, " ");
    for (bfl_text rest = bfl_text_of(text); rest.size;) {
        const char *word = bfl_plain_text(w->arena, bfl_arena_text(w->arena, bfl_text_split(&rest, ' ')));
        size_t n = width_of(word);
        if (at && at + 1 + n > width) {
            bfl_buf_add(&w->text, "\n ");
            at = 0;
        }
        bfl_buf_addf(&w->text, " %s", word);
        at += n + 1;
    }
    bfl_buf_add(&w->text, "\n");
}

static void show(writer *w, const bfl_cohort *c, const part *p) {
    const bfl_cohort_table *t = bfl_cohort_table_find(c, p->id);
    if (!t) return;
    bfl_buf_addf(&w->text, "\n%s\n", t->title);
    layout l = measure(t, p);
    size_t rows = 0;
    for (size_t r = 0; r < t->row_count; r++) rows += shown(t, p, r);
    for (size_t i = 0; i < l.count && rows; i++)
        cell(w, t->columns[l.column[i]], l.width[i], numeric(t, l.column[i]), i + 1 == l.count);
    if (rows) bfl_buf_add(&w->text, "\n");
    for (size_t r = 0; r < t->row_count; r++) {
        if (!shown(t, p, r)) continue;
        for (size_t i = 0; i < l.count; i++)
            cell(w, say(cell_at(t, r, l.column[i])), l.width[i], is_number(cell_at(t, r, l.column[i])),
                 i + 1 == l.count);
        bfl_buf_add(&w->text, "\n");
        cohort_flush(w);
    }
    if (rows == 0) bfl_buf_add(&w->text, "  none\n");
    if (t->note[0]) wrapped(w, t->note, 96);
}

static void title(writer *w, const bfl_cohort *c) {
    bfl_buf_addf(&w->text, "%zu patient%s, by %s; responses by %s\n", c->patient_count,
                 c->patient_count == 1 ? "" : "s", bfl_plain_text(w->arena, c->by),
                 c->criterion_names[c->criterion_index]);
    for (size_t i = 0; i < c->group_count; i++)
        bfl_buf_addf(&w->text, "  %5zu  %s\n", c->groups[i].count, bfl_plain_text(w->arena, c->groups[i].label));
    for (size_t i = 0; i < c->remark_count; i++) {
        bfl_buf_add(&w->text, i ? "" : "\nTo know first\n");
        wrapped(w, c->remarks[i], 96);
    }
}

static void text(writer *w, const void *what) {
    const bfl_cohort *c = what;
    const part parts[] = {
        {"baseline", "variable value all", NULL, NULL},
        {"response", "group response n of percent low high wilson_low wilson_high", "criterion", c->criterion},
        {"criteria", "name CR PR SD non-CR/non-PD PD PDu NE", NULL, NULL},
        {"flare_response", "", NULL, NULL},
        {"flare", "what n of percent low high wilson_low wilson_high", "group", "all"},
        {"onset", "measure value low high", "group", "all"},
        {"onset_tests", "", NULL, NULL},
        {"markers", "analyte group day n median q1 q3", "analyte", "ALP"},
        {"marker_model", "term estimate low high statistic df p", "analyte", "ALP"},
        {"survival", "", NULL, NULL},
        {"survival_tests", "", NULL, NULL},
        {"cox", "endpoint term ratio low high p ph_p", NULL, NULL},
        {"landmark", "", NULL, NULL},
        {"forest", "variable level compared_n reference_n ratio low high p interaction_p", NULL, NULL},
        {"agreement", "first second both only_first only_second neither kappa low high", NULL, NULL},
        {"published", "words published source recorded recorded_same ours same", NULL, NULL},
        {"slips", "patient source found expected", NULL, NULL},
    };
    title(w, c);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) show(w, c, &parts[i]);
}

bfl_status bfl_cohort_text(const bfl_cohort *cohort, bfl_sink sink, bfl_error *err) {
    if (!cohort || !sink.write) return bfl_fail(err, BFL_EINVAL, "bfl_cohort_text", 0, "cohort and sink are needed");
    return cohort_write(text, cohort, sink, err);
}
