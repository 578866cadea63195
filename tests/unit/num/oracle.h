/* SPDX-License-Identifier: Apache-2.0 */
/* Inputs and stored R outputs of tests/oracle/r: see README.md there. Numbers agree to 8 significant digits. */
#ifndef BFL_TEST_ORACLE_H
#define BFL_TEST_ORACLE_H

#include "test.h"

#include "num/num.h"

#include <stdlib.h>

typedef struct oracle_row {
    const char *key; /* "case,name,index" */
    double value;
    bool none, used;
} oracle_row;

typedef struct oracle {
    oracle_row *rows;
    size_t count;
} oracle;

/* A file under tests/oracle/r; the folder of the source comes from the build. */
static inline bfl_text oracle_file(bfl_arena *arena, const char *name) {
    const char *source = getenv("BFL_SOURCE");
    bfl_text text = {"", 0};
    bfl_error err = {0};
    char *path = bfl_arena_printf(arena, "%s/tests/oracle/r/%s", source ? source : ".", name);
    if (bfl_file_read(arena, path, (size_t)1 << 24, &text, &err) != BFL_OK) {
        test_failures++;
        printf("# %s: %s\n", path, err.message);
    }
    return text;
}

static inline oracle oracle_open(bfl_arena *arena, const char *name) {
    bfl_text text = oracle_file(arena, bfl_arena_printf(arena, "expected/%s", name));
    BFL_LIST(oracle_row) rows = {0};
    (void)bfl_text_split(&text, '\n');
    while (text.size) {
        bfl_text line = bfl_text_trim(bfl_text_split(&text, '\n'));
        size_t comma = line.size;
        while (comma > 0 && line.data[comma - 1] != ',') comma--;
        if (comma == 0) continue;
        const char *value = bfl_arena_text(arena, (bfl_text){line.data + comma, line.size - comma});
        oracle_row row = {.key = bfl_arena_text(arena, (bfl_text){line.data, comma - 1})};
        row.none = strcmp(value, "none") == 0;
        if (!row.none) row.value = strtod(value, NULL);
        *BFL_PUSH(arena, &rows) = row;
    }
    return (oracle){rows.items, rows.count};
}

static inline oracle_row *oracle_find(oracle *o, const char *name, size_t index) {
    char key[128];
    (void)snprintf(key, sizeof key, "%s,%zu", name, index);
    for (size_t i = 0; i < o->count; i++)
        if (strcmp(o->rows[i].key, key) == 0) {
            o->rows[i].used = true;
            return &o->rows[i];
        }
    return NULL;
}

static inline bool oracle_near(double actual, double expected, double digits_off) {
    return fabs(actual - expected) <= digits_off * fabs(expected) + 1e-300;
}

static inline void oracle_check(oracle *o, const char *name, size_t index, bfl_num_real actual, double slack,
                                int line) {
    const oracle_row *row = oracle_find(o, name, index);
    if (row && row->none != actual.present &&
        (row->none || fabs(actual.value - row->value) <= 5e-9 * fabs(row->value) + slack))
        return;
    test_failures++;
    if (!row)
        printf("# line %d: no stored result %s,%zu\n", line, name, index);
    else
        printf("# line %d: %s is %s%.17g, R says %s%.17g\n", line, row->key, actual.present ? "" : "none ",
               actual.value, row->none ? "none " : "", row->value);
}

/* `name` is "case,name" of the stored result. */
#define R_SAYS(o, name, index, actual) R_SAYS_WITHIN(o, name, index, actual, 1e-300)
/* The same for a number that may be missing: that is NA or infinite there. */
#define R_SAYS_REAL(o, name, index, real) oracle_check((o), (name), (index), (real), 1e-300, __LINE__)
/* For a number that is 0 but for rounding. */
#define R_SAYS_WITHIN(o, name, index, actual, slack) \
    oracle_check((o), (name), (index), (bfl_num_real){(actual), true}, (slack), __LINE__)

/* Every stored result was compared. */
static inline void oracle_all_used(const oracle *o) {
    CHECK(o->count > 0);
    for (size_t i = 0; i < o->count; i++) {
        if (o->rows[i].used) continue;
        test_failures++;
        printf("# %s was not compared\n", o->rows[i].key);
    }
}

/* A CSV of numbers with a header. */
typedef struct oracle_table {
    bfl_text header;
    double *cells;
    size_t rows, columns;
} oracle_table;

static inline oracle_table oracle_table_open(bfl_arena *arena, const char *name) {
    bfl_text text = oracle_file(arena, bfl_arena_printf(arena, "data/%s", name));
    oracle_table table = {.header = bfl_text_split(&text, '\n'), .columns = 1};
    BFL_LIST(double) cells = {0};
    for (size_t i = 0; i < table.header.size; i++) table.columns += table.header.data[i] == ',';
    while (text.size) {
        bfl_text line = bfl_text_trim(bfl_text_split(&text, '\n'));
        while (line.size) *BFL_PUSH(arena, &cells) = strtod(bfl_arena_text(arena, bfl_text_split(&line, ',')), NULL);
    }
    table.cells = cells.items;
    table.rows = cells.count / table.columns;
    CHECK(table.rows > 0);
    return table;
}

/* One column as an array; a wrong name fails the test. */
static inline double *oracle_column(bfl_arena *arena, const oracle_table *table, const char *name) {
    bfl_text header = table->header;
    double *column = BFL_NEW_ARRAY(arena, table->rows + 1, double);
    for (size_t c = 0; c < table->columns; c++) {
        if (!bfl_text_equal(bfl_text_trim(bfl_text_split(&header, ',')), bfl_text_of(name))) continue;
        for (size_t r = 0; r < table->rows; r++) column[r] = table->cells[r * table->columns + c];
        return column;
    }
    test_failures++;
    printf("# no column %s\n", name);
    return column;
}

static inline uint32_t *oracle_column_index(bfl_arena *arena, const oracle_table *table, const char *name) {
    double *column = oracle_column(arena, table, name);
    uint32_t *result = BFL_NEW_ARRAY(arena, table->rows + 1, uint32_t);
    for (size_t r = 0; r < table->rows; r++) result[r] = (uint32_t)column[r];
    return result;
}

#define NEAR(actual, expected) CHECK(oracle_near((actual), (expected), 1e-12))

/* Runs a body inside an arena of its own. */
static inline void in_arena(bfl_arena_body body) {
    bfl_arena *arena = bfl_arena_new();
    bfl_error err = {0};
    CHECK(arena && bfl_arena_run(arena, body, NULL, &err) == BFL_OK);
    bfl_arena_free(arena);
}
/* TEST whose body has `arena`. */
#define ARENA_TEST(name)                                                            \
    static void name##_body(bfl_arena *arena);                                      \
    static bfl_status name##_run(bfl_arena *arena, void *context, bfl_error *err) { \
        (void)context;                                                              \
        (void)err;                                                                  \
        name##_body(arena);                                                         \
        return BFL_OK;                                                              \
    }                                                                               \
    TEST(name) { in_arena(name##_run); }                                            \
    static void name##_body(bfl_arena *arena)

#endif
