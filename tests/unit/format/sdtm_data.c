/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The public oncology datasets of pharmaversesdtm, when ../shared/data is there: every row is read, and every piece of dirt is
 * reported at its row. The counts were checked against a separate count of the files.
 */
#include "test.h"

#include "format/sdtm/sdtm.h"

enum { MAX_FILES = 12, MAX_BYTES = 16 * 1024 * 1024 };

typedef struct expectation {
    const char *what;
    const char *files[MAX_FILES];
    size_t records, lesions, labs, errors;
    const char *codes[6]; /* and how often each is reported */
    size_t counts[6];
} expectation;

/* clang-format off */
static const expectation sets[] = {
    {"40 subjects, three readers", {"dm.csv", "tu_onco_40.csv", "tr_onco_40.csv", "rs_onco_40.csv"}, 306, 1638, 0, 0,
     {"sdtm.sum", "sdtm.below_measurable", "date.partial", "sdtm.study_day"}, {71, 71, 6, 3290}},
    {"RECIST", {"tu_onco_recist.csv", "tr_onco_recist.csv", "rs_onco_recist.csv"}, 8, 91, 0, 0,
     {"date.partial"}, {5}},
    {"PCWG3", {"rs_onco_pcwg3.csv", "lb_onco_pcwg3.csv"}, 11, 0, 41, 0, {"lab.no_range"}, {41}},
    {"iRECIST", {"rs_onco_irecist.csv"}, 26, 0, 0, 0,
     {"sdtm.key_twice", "sdtm.standard", "date.partial"}, {1, 1, 3}},
    {"laboratory", {"dm.csv", "lb_liver_bone.csv"}, 306, 0, 16386, 0, {"sdtm.study_day", "sdtm.standard"}, {0, 0}},
};
/* clang-format on */

static bfl_text shared_file(bfl_arena *arena, const char *file) {
    const char *here = __FILE__, *root = strstr(here, "tests/unit/");
    bfl_text text = {"", 0};
    char *path = bfl_arena_printf(arena, "%.*s../shared/data/sdtm/%s", root ? (int)(root - here) : 0, here, file);
    if (bfl_file_read(arena, path, MAX_BYTES, &text, NULL) != BFL_OK) return (bfl_text){"", 0};
    return text;
}

static size_t count_issues(const bfl_study *study, const char *code) {
    size_t n = 0;
    for (size_t i = 0; i < bfl_study_issue_count(study); i++) {
        const bfl_issue *issue = bfl_study_issue(study, i);
        n += code ? strcmp(issue->code, code) == 0 : issue->severity == BFL_ISSUE_ERROR;
    }
    return n;
}

static void check_counts(const expectation *e, const bfl_study *study) {
    size_t lesions = 0, labs = 0, usable = 0;
    for (size_t i = 0; i < bfl_study_record_count(study); i++) {
        const bfl_record *r = bfl_study_record(study, i);
        lesions += r->lesion_count;
        labs += r->lab_count;
        for (size_t j = 0; j < r->lab_count; j++) usable += r->labs[j].usable;
    }
    printf("# %s: %zu subjects, %zu lesion rows, %zu laboratory values\n", e->what, bfl_study_record_count(study),
           lesions, labs);
    CHECK_INT(bfl_study_record_count(study), e->records);
    CHECK_INT(lesions, e->lesions);
    CHECK_INT(labs, e->labs);
    CHECK_INT(usable, labs);
    CHECK_INT(count_issues(study, NULL), e->errors);
    for (size_t i = 0; i < 6 && e->codes[i]; i++) {
        printf("# %s: %zu\n", e->codes[i], count_issues(study, e->codes[i]));
        CHECK_INT(count_issues(study, e->codes[i]), e->counts[i]);
    }
}

static void check_set(bfl_arena *arena, const expectation *e) {
    bfl_table_bytes files[MAX_FILES];
    size_t count = 0;
    for (; count < MAX_FILES && e->files[count]; count++) {
        files[count] = (bfl_table_bytes){e->files[count], shared_file(arena, e->files[count])};
        if (files[count].bytes.size) continue;
        printf("# ../shared/data/sdtm/%s is not there\n", e->files[count]);
        return;
    }
    bfl_study *study = NULL;
    bfl_error err = {0};
    CHECK_INT(bfl_sdtm_parse(files, count, NULL, &study, &err), BFL_OK);
    if (!study) return;
    check_counts(e, study);
    bfl_study_free(study);
}

TEST(every_set_reads_completely) {
    bfl_arena *arena = bfl_arena_new();
    CHECK(arena != NULL);
    for (size_t i = 0; arena && i < sizeof sets / sizeof *sets; i++) check_set(arena, &sets[i]);
    bfl_arena_free(arena);
}

TEST_CASES(CASE(every_set_reads_completely))
