/* SPDX-License-Identifier: Apache-2.0 */
/* SAS transport files: every cell as ReadStat reads it, on the files of ../broken_sdtm and, when it is there, ../shared/data. */
#include "test.h"

#include "format/sdtm/ibm.h"
#include "round_trip.h"

#include <readstat.h>
#include <stdlib.h>

enum { MAX_CELLS = 200000, MAX_BYTES = 1 << 20 };

/* What ReadStat reads: the cells of the variables that boneflare reads too, row by row. */
typedef struct oracle {
    const sdtm_dataset *d;
    int variable_count, rows;
    size_t compared;
} oracle;

static int on_value(int row, readstat_variable_t *variable, readstat_value_t value, void *context) {
    oracle *o = context;
    int column = readstat_variable_get_index(variable);
    uint8_t cell = o->d->take[column];
    if (row + 1 > o->rows) o->rows = row + 1;
    if (!cell || (size_t)row >= o->d->lines.count) return READSTAT_HANDLER_OK;
    const char *ours = o->d->lines.items[row].cells[cell - 1];
    o->compared++;
    if (readstat_value_type_class(value) == READSTAT_TYPE_CLASS_STRING) {
        const char *theirs = readstat_string_value(value);
        bfl_text trimmed = bfl_text_trim(bfl_text_of(theirs ? theirs : ""));
        if (!bfl_text_equal(trimmed, bfl_text_of(ours))) CHECK_TEXT(ours, theirs ? theirs : "");
    } else if (readstat_value_is_system_missing(value) || readstat_value_is_tagged_missing(value)) {
        CHECK_TEXT(ours, "");
    } else {
        double theirs = readstat_double_value(value), own = strtod(ours, NULL);
        bool none = !ours[0]; /* out of range: reported and left out */
        CHECK(none ? fabs(theirs) > 1e9 || fabs(theirs) < 1e-3 : fabs(own - theirs) <= 1e-14 * fabs(theirs));
    }
    return READSTAT_HANDLER_OK;
}

static bfl_status compare(bfl_arena *arena, void *context, bfl_error *err) {
    const char *path = context;
    bfl_text bytes;
    if (bfl_file_read(arena, path, MAX_BYTES, &bytes, NULL) != BFL_OK) {
        printf("# %s is not there\n", path);
        return BFL_OK;
    }
    bfl_arena *row = bfl_arena_new();
    sdtm *s = BFL_NEW(arena, sdtm);
    s->arena = s->scratch = arena;
    s->row = row;
    s->limits = bfl_format_limits(NULL);
    s->texts = (names){.arena = arena, .scratch = arena};
    bfl_status status = bfl_sdtm_xpt(s, "x.xpt", bytes, err);
    CHECK_INT(status, BFL_OK);
    CHECK_INT(s->datasets.count, 1);
    oracle o = {.d = s->datasets.count ? s->datasets.items[0] : NULL};
    readstat_parser_t *parser = readstat_parser_init();
    if (o.d) {
        readstat_set_value_handler(parser, on_value);
        CHECK_INT(readstat_parse_xport(parser, path, &o), READSTAT_OK);
        CHECK_INT(o.d->lines.count, o.rows);
        CHECK(o.compared > 0);
        printf("# %s: %d rows, %zu cells the same\n", strrchr(path, '/') + 1, o.rows, o.compared);
    }
    readstat_parser_free(parser);
    bfl_arena_free(row);
    return status;
}

static void check_file(const char *folder, const char *file) {
    const char *here = __FILE__, *root = strstr(here, "tests/unit/");
    char path[1024];
    bfl_error err = {0};
    bfl_arena *arena = bfl_arena_new();
    bool made = file[0] == '.'; /* by this test, where it runs */
    (void)snprintf(path, sizeof path, "%.*s%s/%s", (int)(root && !made ? root - here : 0), here, folder, file);
    CHECK_INT(bfl_arena_run(arena, compare, path, &err), BFL_OK);
    bfl_arena_free(arena);
}

/* ---- files that the writer makes ---- */

static bfl_status write_example(bfl_arena *arena, void *context, bfl_error *err) {
    const char *path = context;
    bfl_study *study = NULL;
    CHECK_INT(bfl_casefolder_read(path, NULL, &study, err), BFL_OK);
    if (!study) return BFL_OK;
    const bfl_writing *w = compose_in_memory(arena, study, bfl_sdtm_compose_xpt);
    CHECK(w->files.count >= 5);
    for (size_t i = 0; i < w->files.count; i++) {
        const char *file = bfl_arena_printf(arena, "./readstat_%s", w->files.items[i].name);
        CHECK_INT(bfl_file_write(file, w->bytes.items[i], true, err), BFL_OK);
        CHECK_INT(w->bytes.items[i].size % 80, 0);
        check_file(".", file);
        (void)remove(file);
    }
    bfl_study_free(study);
    return BFL_OK;
}

TEST(written_files) {
    static const char *const examples[] = {"debondt2020", "shi2021_table2", "response"};
    const char *here = __FILE__, *root = strstr(here, "tests/unit/");
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        char path[1024];
        bfl_error err = {0};
        bfl_arena *arena = bfl_arena_new();
        (void)snprintf(path, sizeof path, "%.*sexamples/%s", (int)(root ? root - here : 0), here, examples[i]);
        CHECK_INT(bfl_arena_run(arena, write_example, path, &err), BFL_OK);
        bfl_arena_free(arena);
    }
}

/* Numbers at the limits of IBM floating point, written and read. */
TEST(ibm_floats) {
    static const double values[] = {
        0, 1, -1, 0.1, 22.5, -118.625, 1e-5, 123456789.125, 9007199254740991.0, 7.2e75, -7.2e75, 5.5e-79};
    char bytes[BFL_IBM_SIZE];
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        CHECK(bfl_ibm_write(values[i], bytes));
        double back = bfl_ibm_read(bytes, BFL_IBM_SIZE);
        CHECK(back <= values[i] && back >= values[i]);
    }
    CHECK(bfl_ibm_write(-118.625, bytes));
    CHECK(memcmp(bytes, "\xC2\x76\xA0\x00\x00\x00\x00\x00", BFL_IBM_SIZE) == 0); /* the example of the textbooks */
    CHECK(bfl_ibm_write(1, bytes));
    CHECK(memcmp(bytes, "\x41\x10\x00\x00\x00\x00\x00\x00", BFL_IBM_SIZE) == 0);
    CHECK(!bfl_ibm_write(7.3e75, bytes));
    CHECK(!bfl_ibm_write((double)INFINITY, bytes));
    CHECK(!bfl_ibm_write((double)NAN, bytes));
    CHECK(bfl_ibm_write(1e-80, bytes));
    double gone = bfl_ibm_read(bytes, BFL_IBM_SIZE);
    CHECK(gone <= 0 && gone >= 0);
}

TEST(small_files) {
    check_file("tests/cases/broken_sdtm/xpt_ibm_limits", "lb.xpt");
    check_file("tests/cases/broken_sdtm/xpt_truncated_row", "tu.xpt");
}

TEST(shared_files) {
    static const char *const files[] = {"dm.xpt",
                                        "rs_onco_irecist.xpt",
                                        "rs_onco_pcwg3.xpt",
                                        "rs_onco_recist.xpt",
                                        "tr_onco_recist.xpt",
                                        "tu_onco_recist.xpt"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) check_file("../shared/data/sdtm/xpt", files[i]);
}

TEST_CASES(CASE(small_files), CASE(shared_files), CASE(written_files), CASE(ibm_floats))
