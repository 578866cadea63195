/* SPDX-License-Identifier: Apache-2.0 */
/* Laboratory rows, statements, stage, dose: what sealing finds out and what it reports. */
#include "record/rows.h"

TEST(values_as_written) {
    begin();
    drug("gefitinib", "d0", "");
    lab("alkaline phosphatase", "d13", "952", "IU/L")->ref_high = whole(338);
    lab("CEA", "d14", "<0.5", "ng/mL")->ref_high = whole(5);
    lab("CEA", "d15", "> 1000", "ng/mL")->ref_high = whole(5);
    lab("ALP", "d16", "Falling", "");
    const bfl_record *r = seal_it();
    CHECK_TEXT(r->labs[0].analyte->id, "ALP");
    CHECK_DECIMAL(r->labs[0].canonical.value, "952");
    CHECK(r->labs[0].usable && r->labs[1].usable);
    CHECK_INT(r->labs[1].comparator, BFL_BELOW);
    CHECK_DECIMAL(r->labs[1].value, "0.5");
    CHECK_INT(r->labs[2].comparator, BFL_ABOVE);
    CHECK_DECIMAL(r->labs[2].canonical.value, "1000");
    CHECK_INT(r->labs[3].word, BFL_LAB_FALLING);
    CHECK(!r->labs[3].usable);
    CHECK_INT(r->issue_count, 0);
    end();
}

TEST(units_become_canonical_exactly) {
    begin();
    drug("gefitinib", "d0", "");
    bfl_lab *l = lab("ALP", "d13", "5.2", "ukat/L");
    l->ref_low = bfl_some((bfl_decimal){75, -2});
    l->ref_high = bfl_some((bfl_decimal){208, -2});
    const bfl_record *r = seal_it();
    CHECK_DECIMAL(r->labs[0].canonical.value, "312");
    CHECK_DECIMAL(r->labs[0].ref_low.value, "45");
    CHECK_DECIMAL(r->labs[0].ref_high.value, "124.8");
    CHECK_TEXT(r->labs[0].scale->id, "IFCC");
    end();
}

TEST(what_cannot_be_used_is_not) {
    static const struct {
        const char *analyte, *value, *unit;
        bfl_issue_code code;
    } bad[] = {{"ALP", "952", "", BFL_CODE_LAB_UNIT_MISSING},
               {"ALP", "952", "mg/dL", BFL_CODE_LAB_UNIT_IMPOSSIBLE},
               {"nonsense", "952", "U/L", BFL_CODE_LAB_ANALYTE_UNKNOWN},
               {"ALP", "95,2", "U/L", BFL_CODE_NUMBER_DECIMAL_COMMA},
               {"ALP", "about 90", "U/L", BFL_CODE_LAB_VALUE},
               {"ALP", "", "U/L", BFL_CODE_LAB_VALUE},
               {"ALP", "<", "U/L", BFL_CODE_LAB_VALUE}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        begin();
        drug("gefitinib", "d0", "");
        lab(bad[i].analyte, "d13", bad[i].value, bad[i].unit);
        const bfl_record *r = seal_it();
        if (issues_with(r, bad[i].code) != 1 || r->labs[0].usable || r->labs[0].comparator != BFL_EXACTLY)
            CHECK_TEXT(bad[i].value, bfl_issue_code_text(bad[i].code));
        end();
    }
}

TEST(scales_are_recognised_and_compared) {
    begin();
    drug("gefitinib", "d0", "");
    bfl_lab *l = lab("ALP", "d0", "379", "U/L");
    l->ref_low = whole(104), l->ref_high = whole(338);
    l = lab("ALP", "d13", "120", "U/L");
    l->ref_low = whole(38), l->ref_high = whole(113);
    l = lab("ALP", "d20", "379", "U/L");
    l->ref_low = whole(104), l->ref_high = whole(338);
    l->method = "IFCC";
    lab("ALP", "d30", "200", "U/L")->ref_high = whole(190); /* between the scales: not known */
    const bfl_record *r = seal_it();
    CHECK_TEXT(r->labs[0].scale->id, "JSCC");
    CHECK_TEXT(r->labs[1].scale->id, "IFCC");
    CHECK(r->labs[2].scale == NULL);
    CHECK(r->labs[3].scale == NULL);
    CHECK_INT(issues_with(r, BFL_CODE_LAB_RANGE_SCALE), 2);
    end();
}

TEST(same_day_values_that_differ) {
    begin();
    drug("gefitinib", "d0", "");
    lab("ALP", "d13", "952", "U/L")->ref_high = whole(338);
    lab("ALP", "d13", "592", "U/L")->ref_high = whole(338);
    lab("ALP", "d13", "592", "U/L")->ref_high = whole(338);
    const bfl_record *r = seal_it();
    CHECK_INT(r->lab_count, 3); /* all are kept, one is used */
    CHECK(r->labs[0].usable && !r->labs[1].usable && !r->labs[2].usable);
    CHECK_INT(issues_with(r, BFL_CODE_LAB_CONFLICT), 1);
    CHECK_INT(issues_with(r, BFL_CODE_ROW_DUPLICATE), 1);
    end();
    begin(); /* an unusable row does not shadow a usable one */
    drug("gefitinib", "d0", "");
    lab("ALP", "d13", "952", "")->ref_high = whole(338);
    lab("ALP", "d13", "592", "U/L")->ref_high = whole(338);
    r = seal_it();
    CHECK(!r->labs[0].usable && r->labs[1].usable);
    end();
}

TEST(printed_day_counts) {
    begin();
    drug("bevacizumab", "2018-06-11", "");
    note("flare", "2019-10-08", "")->stated_day = whole(120);
    note("progression", "2018-12-07", "PD");
    const bfl_record *r = seal_it();
    const bfl_issue *count = issue_with(r, BFL_CODE_NOTE_DAY_COUNT), *order = issue_with(r, BFL_CODE_NOTE_ORDER);
    CHECK(count && order);
    CHECK_TEXT(count->expected,
               "day 484, for the date is 2019-10-08 and day 0 is 2018-06-11; with the year 2018 it is day 119");
    CHECK_TEXT(order->expected, "a flare before the progression on 2018-12-07 in row 4");
    CHECK_INT(r->last_day, 0); /* statements are no events */
    end();
    begin();
    drug("bevacizumab", "2018-04-10", "");
    note("flare", "2018-08-13", "")->stated_day = whole(125);
    CHECK_INT(seal_it()->issue_count, 0);
    end();
    begin();
    drug("bevacizumab", "2018-04-10", "");
    note("flare", "", "")->stated_day = whole(40001);
    note("flare", "", "")->stated_day = whole(-40000);
    r = seal_it();
    CHECK_TEXT(issue_with(r, BFL_CODE_NUMBER_RANGE)->expected, "a day from -40000 to 40000");
    CHECK_INT(issues_with(r, BFL_CODE_NUMBER_RANGE), 1);
    CHECK(!r->notes[0].stated_day.present && r->notes[1].stated_day.present);
    end();
}

static int contradictions(const char *topic, const char *one_date, const char *one, const char *other_date,
                          const char *other) {
    begin();
    drug("gefitinib", "2019-02-22", "");
    note(topic, one_date, one);
    note(topic, other_date, other);
    int n = issues_with(seal_it(), BFL_CODE_NOTE_CONTRADICTION);
    end();
    return n;
}

TEST(statements_against_each_other) {
    CHECK_INT(contradictions("patients_with_markers", "", "twenty", "", "25"), 1);
    CHECK_INT(contradictions("patients_with_markers", "", "twenty", "", "20"), 0);
    CHECK_INT(contradictions("first_follow_up", "", "3 months", "", "8 weeks"), 1);
    CHECK_INT(contradictions("first_follow_up", "", "three months", "", "13 weeks"), 0);
    CHECK_INT(contradictions("flare_range", "", "41..120", "", "41..125"), 1);
    CHECK_INT(contradictions("response", "2019-04-04", "PR", "2019-09-04", "PD"), 0); /* it may change */
    CHECK_INT(contradictions("response", "2019-04-04", "PR", "2019-04-04", "PD"), 1);
    CHECK_INT(contradictions("flare", "2019-04-04", "", "2018-04-04", ""), 1);
    CHECK_INT(contradictions("flare", "2019-04-04", "", "2019-04", ""), 0);
    CHECK_INT(contradictions("progression", "2019-04-04", "", "2019-09-04", ""), 0);
}

TEST(a_start_that_differs_from_the_therapy) {
    begin();
    drug("gefitinib", "2019-02-22", "");
    note("start", "2018-02-22", "");
    note("start", "", "2019-02-22");
    const bfl_record *r = seal_it();
    CHECK_INT(issues_with(r, BFL_CODE_NOTE_START_DIFFERS), 1);
    CHECK_INT(issue_with(r, BFL_CODE_NOTE_START_DIFFERS)->source.row, 3);
    end();
}

static int stage_issues(const char *tnm, int edition, const char *tumour) {
    begin();
    drug("gefitinib", "d0", "");
    bfl_patient *p = bfl_record_patient(builder);
    p->tnm = tnm;
    p->tnm_edition = edition;
    p->tumour = tumour;
    int n = issues_with(seal_it(), BFL_CODE_PATIENT_TNM);
    end();
    return n;
}

TEST(categories_of_their_edition) {
    CHECK_INT(stage_issues("cT4aN2M1c", 8, "lung"), 1);
    CHECK_INT(stage_issues("cT4aN2M1c", 0, "lung"), 1);
    CHECK_INT(stage_issues("cT4aN2M1c", 8, "breast"), 0);
    CHECK_INT(stage_issues("cT1bN3M1b", 7, "Lung, right upper lobe"), 0);
    CHECK_INT(stage_issues("cT2N2M1(bone)", 0, "lung"), 0);
    CHECK_INT(stage_issues("pT1N0M0", 0, "lung"), 0);
    CHECK_INT(stage_issues("", 8, "lung"), 0);
}

static int dose_issues(const char *name, const char *dose) {
    begin();
    bfl_therapy *t = bfl_record_add_therapy(builder, on("d0"), BFL_NO_DATE);
    t->drug = name;
    t->dose = dose;
    int n = issues_with(seal_it(), BFL_CODE_THERAPY_DOSE);
    end();
    return n;
}

TEST(doses_unlike_the_usual) {
    CHECK_INT(dose_issues("alectinib", "300 mg daily"), 1);
    CHECK_INT(dose_issues("alectinib", "600 mg twice daily"), 0);
    CHECK_INT(dose_issues("alectinib", "600mg BID"), 0);
    CHECK_INT(dose_issues("erlotinib", "150 mg daily"), 0);
    CHECK_INT(dose_issues("erlotinib", "150 mg"), 0); /* how often is not stated */
    CHECK_INT(dose_issues("carboplatin", "300 mg daily"), 0);
}

TEST(every_code_has_a_place_and_an_action) {
    for (int c = 0; c < BFL_CODE_COUNT; c++) {
        const char *code = bfl_issue_code_text((bfl_issue_code)c);
        CHECK(strchr(code, '.') != NULL);
        for (int d = 0; d < c; d++) CHECK(strcmp(code, bfl_issue_code_text((bfl_issue_code)d)) != 0);
    }
}

TEST(quoted_text_is_one_printable_line) {
    begin();
    CHECK_TEXT(bfl_issue_quote(arena, BFL_TEXT("caf\xE9\n")), "caf\\xE9\\x0A");
    CHECK_TEXT(bfl_issue_quote(arena, BFL_TEXT("h\xC3\xA4m")), "h\xC3\xA4m");
    char longer[300];
    memset(longer, 'x', sizeof longer);
    memcpy(longer + 59, "\xC3\xA4\xC3\xA4", 4); /* a letter across the cut stays whole */
    const char *cut = bfl_issue_quote(arena, (bfl_text){longer, sizeof longer});
    CHECK(strlen(cut) < 70 && bfl_utf8_valid(bfl_text_of(cut), NULL));
    CHECK_TEXT(cut + strlen(cut) - 3, "...");
    end();
}

TEST_CASES(CASE(values_as_written), CASE(units_become_canonical_exactly), CASE(what_cannot_be_used_is_not),
           CASE(scales_are_recognised_and_compared), CASE(same_day_values_that_differ), CASE(printed_day_counts),
           CASE(statements_against_each_other), CASE(a_start_that_differs_from_the_therapy),
           CASE(categories_of_their_edition), CASE(doses_unlike_the_usual), CASE(every_code_has_a_place_and_an_action),
           CASE(quoted_text_is_one_printable_line))
