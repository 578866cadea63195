/* SPDX-License-Identifier: Apache-2.0 */
/* Published statements: what can be computed is, what cannot is shown as it stands. */
#include "small.h"

static bfl_cohort *study_saying(const char *notes) {
    return small_cohort(
        (small_tables){
            .patients = "patient,sex,age\na,F,60\nb,F,71\nc,M,48\n",
            .therapy = THERAPY
            "a,gefitinib,,,d0,\nb,gefitinib,,,d0,\nc,\"first, then and second\",chemotherapy,anticancer,d0,\n",
            .lesions = LESIONS "a,d-1,b,T8,bone,non_target,lytic,ct,,present,\n",
            .notes = notes},
        (bfl_cohort_options){0});
}

static void says(const char *topic, const char *value, const char *ours, const char *same) {
    char notes[512];
    (void)snprintf(notes, sizeof notes, NOTES "*,,%s,%s,,words,page 1\n", topic, value);
    bfl_cohort *c = study_saying(notes);
    char row[256];
    (void)snprintf(row, sizeof row, "%s", topic);
    CHECK_TEXT(small_cell(c, "published", row, "ours"), ours);
    CHECK_TEXT(small_cell(c, "published", row, "same"), same);
    bfl_cohort_free(c);
}

TEST(statements_that_can_be_computed) {
    says("count", "3", "3", "yes");
    says("count", "4", "3", "no");
    says("count where sex=F", "2", "2", "yes");
    says("count where sex=F and bone=yes", "1", "1", "yes");
    says("fraction bone=yes where sex=F", "1/2", "1/2", "yes");
    says("percent sex=F", "66.7", "66.7", "yes"); /* as many places as printed */
    says("percent sex=F", "67", "67", "yes");
    says("percent sex=F", "66.66", "66.67", "no");
    says("median age", "60", "60", "yes");
    says("range age", "48-71", "48..71", "yes");
    says("range age", "d48..d71", "48..71", "yes");
    says("range age", "48..70", "48..71", "no");
    says("count where sex=X", "0", "0", "yes");
}

TEST(statements_that_cannot) {
    static const char *const topics[] = {"patients",
                                         "count where",
                                         "count where sex",
                                         "count where shoe_size=41",
                                         "count of men",
                                         "median",
                                         "median height",
                                         "range",
                                         "fraction",
                                         "percent sex",
                                         "mean age",
                                         "fraction sex=F where",
                                         "where sex=F",
                                         "count where sex=F and",
                                         "  "};
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++) {
        char notes[256];
        (void)snprintf(notes, sizeof notes, NOTES "*,,\"%s\",57,,,\n", topics[i]);
        bfl_cohort *c = study_saying(notes);
        const bfl_cohort_table *t = bfl_cohort_table_find(c, "published");
        if (t->row_count) CHECK_TEXT(t->cells[6].text, "not computed");
        bfl_cohort_free(c);
    }
    says("percent bone=yes where sex=X", "50", "not computed", "");
    says("median age where sex=X", "50", "not computed", "");
    says("median flare_day", "45", "not computed", "");
}

TEST(slips_are_listed) {
    bfl_cohort *c = study_saying(NOTES "*,,count,3,,,abstract\n*,,count,4,,,results\na,d41,flare,,45,,Table 2\n");
    const bfl_cohort_table *t = bfl_cohort_table_find(c, "slips");
    CHECK_INT(t->row_count, 2);
    CHECK_TEXT(small_cell(c, "slips", "*|results", "found"), "count 4, but 3 in row 2");
    CHECK_TEXT(small_cell(c, "slips", "a|Table 2", "found"), "flare on day 45");
    bfl_cohort_free(c);
}

TEST_CASES(CASE(statements_that_can_be_computed), CASE(statements_that_cannot), CASE(slips_are_listed))
