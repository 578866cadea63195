/* SPDX-License-Identifier: Apache-2.0 */
/* Every alarm on both sides of its threshold; the last value decides; the most urgent comes first. */
#include "workup/patient.h"

static const bfl_alarm *alarm_of(const patient *p, const char *name) {
    for (size_t i = 0; i < p->verdict.alarm_count; i++)
        if (strcmp(p->verdict.alarms[i].rule->id + strlen("alarm."), name) == 0) return &p->verdict.alarms[i];
    return NULL;
}

static void undated(patient *p, const char *item, const char *value) {
    bfl_clinical *row = bfl_record_add_clinical(p->builder, BFL_NO_DATE);
    row->item = item;
    row->value = value;
}

static void undated_lab(patient *p, const char *name, const char *value, const char *unit, const char *high) {
    bfl_lab *row = bfl_record_add_lab(p->builder, BFL_NO_DATE);
    row->name = name;
    row->written = value;
    row->unit_text = unit;
    row->ref_high = number(high);
}

/* Everything in the record, what has no date included. */
static void assess_all(patient *p, int32_t day) {
    said(p, day, "weight", "60");
    const bfl_record *record = bfl_record_seal(p->arena, p->builder, NULL);
    p->findings = (bfl_findings){.record = record,
                                 .rulebook = p->rulebook,
                                 .criteria = bfl_criteria_assess(p->arena, record, p->rulebook),
                                 .markers = bfl_markers_assess(p->arena, record, p->rulebook),
                                 .as_of = day};
    p->verdict.alarms = bfl_alarms_find(p->arena, &p->findings, &p->verdict.alarm_count);
}

TEST(quiet_record_raises_nothing) {
    patient p = begin();
    lung(&p);
    lab(&p, 0, "ALP", "2000", "U/L", "45", "125");
    said(&p, 0, "pain", "new");
    said(&p, 0, "fever", "no");
    said(&p, 0, "cord_signs", "no");
    assess(&p, 0);
    CHECK_INT(p.verdict.alarm_count, 0);
    end(&p);
}

TEST(cord_signs_until_taken_back) {
    patient p = begin();
    said(&p, 10, "cord_signs", "yes")->site = "T10";
    assess(&p, 40);
    const bfl_alarm *alarm = alarm_of(&p, "cord");
    CHECK(alarm && alarm->urgent && alarm->day == 10 && alarm->event_count == 1);
    if (alarm) CHECK_TEXT(alarm->finding, "cord signs: yes (T10), day 10");
    end(&p);

    p = begin();
    said(&p, 10, "neurological", "new");
    assess(&p, 40);
    CHECK(alarm_of(&p, "cord"));
    CHECK_INT(p.findings.record->issue_count, 0);
    end(&p);

    p = begin();
    said(&p, 10, "cord_signs", "yes");
    said(&p, 20, "cord_signs", "no");
    assess(&p, 40);
    CHECK(!alarm_of(&p, "cord"));
    end(&p);
}

TEST(fracture_within_half_a_year) {
    const int32_t days[] = {182, 183};
    for (size_t i = 0; i < 2; i++) {
        patient p = begin();
        said(&p, 0, "fracture", "yes")->note = "osteoporotic";
        assess(&p, days[i]);
        CHECK_INT(alarm_of(&p, "fracture") != NULL, i == 0);
        if (i == 0) CHECK(!alarm_of(&p, "fracture")->urgent);
        end(&p);
    }
    patient p = begin();
    said(&p, 0, "fracture", "yes")->note = "pathological, T8";
    assess(&p, 1);
    CHECK(alarm_of(&p, "fracture") && alarm_of(&p, "fracture")->urgent);
    end(&p);
    p = begin();
    said(&p, 0, "impending_fracture", "yes");
    assess(&p, 1);
    CHECK(alarm_of(&p, "fracture") && alarm_of(&p, "fracture")->urgent);
    end(&p);
}

TEST(new_pain_under_a_checkpoint_inhibitor) {
    const char *values[] = {"new", "worse", "stable", "none"};
    for (size_t i = 0; i < 4; i++) {
        patient p = begin();
        drug(&p, 0, "pembrolizumab");
        said(&p, 30, "pain", values[i])->site = "left shoulder";
        assess(&p, 30);
        CHECK_INT(alarm_of(&p, "ici_pain") != NULL, i < 2);
        if (i == 0)
            CHECK_TEXT(alarm_of(&p, "ici_pain")->finding,
                       "pain: new (left shoulder), day 30, under pembrolizumab since day 0");
        end(&p);
    }
}

TEST(checkpoint_inhibitor_reacts_for_three_months_after) {
    const int32_t days[] = {190, 191};
    for (size_t i = 0; i < 2; i++) {
        patient p = begin();
        bfl_record_add_therapy(p.builder, day_date(0), day_date(100))->drug = "nivolumab";
        said(&p, days[i], "pain", "new");
        assess(&p, days[i]);
        CHECK_INT(alarm_of(&p, "ici_pain") != NULL, i == 0);
        end(&p);
    }
}

TEST(very_high_alp_with_fever) {
    const struct {
        const char *alp;
        int32_t fever;
        bool alarm;
    } cases[] = {{"1000", 0, false}, {"1001", 0, true}, {"1001", -14, true}, {"1001", -15, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        patient p = begin();
        lab(&p, 0, "ALP", cases[i].alp, "U/L", "45", "125");
        said(&p, cases[i].fever, "fever", "yes");
        assess(&p, 0);
        CHECK_INT(alarm_of(&p, "sepsis") != NULL, cases[i].alarm);
        if (cases[i].alarm) CHECK(alarm_of(&p, "sepsis")->urgent && alarm_of(&p, "sepsis")->event_count == 2);
        end(&p);
    }
}

/* 2000 U/L by the JSCC method is 700 U/L by IFCC. */
TEST(jscc_values_are_brought_to_one_scale) {
    const char *values[] = {"2000", "3000"};
    for (size_t i = 0; i < 2; i++) {
        patient p = begin();
        lab(&p, 0, "ALP", values[i], "U/L", "104", "338")->method = "JSCC";
        said(&p, 0, "fever", "yes");
        assess(&p, 0);
        CHECK_INT(alarm_of(&p, "sepsis") != NULL, i == 1);
        end(&p);
    }
}

/* ---- Hy's law: the last day that can tell ---- */

static size_t hys(const bfl_liver_day *days, size_t count) {
    patient p = begin();
    p.criteria.liver = days;
    p.criteria.liver_count = count;
    assess(&p, 100);
    const bfl_alarm *alarm = alarm_of(&p, "hys_law");
    size_t day = alarm ? (size_t)alarm->day : 0;
    if (alarm) CHECK(alarm->urgent && has(alarm->finding, "ALT 4.00 x ULN, bilirubin 2.50 x ULN"));
    end(&p);
    return day;
}

TEST(hys_law_of_the_last_day_that_can_tell) {
    const bfl_maybe four = number("4.00"), two = number("2.50"), none = number("");
    const bfl_liver_day yes = {.day = 10, .alt_x_uln = four, .bilirubin_x_uln = two, .hys_law = true};
    const bfl_liver_day no = {.day = 20, .alt_x_uln = four, .bilirubin_x_uln = two};
    const bfl_liver_day silent = {.day = 30, .alt_x_uln = four, .bilirubin_x_uln = none};
    CHECK_INT(hys(&yes, 1), 10);
    CHECK_INT(hys(&no, 1), 0);
    CHECK_INT(hys((const bfl_liver_day[]){yes, no}, 2), 0);
    CHECK_INT(hys((const bfl_liver_day[]){yes, silent}, 2), 10);
}

/* ---- graded values ---- */

/* What alarm a grade of a term raises: 0 none, 1 alarm, 2 urgent. `later` = a value of the same analyte after it. */
static int graded(const char *name, const char *analyte, const char *term, int grade, bool later) {
    patient p = begin();
    const bfl_grade row = {.analyte = bfl_analyte_find(bfl_text_of(analyte)), .term = term, .day = 10, .grade = grade};
    p.criteria.grades = &row;
    p.criteria.grade_count = 1;
    const char *unit = row.analyte->units[0].text;
    lab(&p, 10, analyte, "5", unit, "1", "2");
    if (later) lab(&p, 20, analyte, "1.5", unit, "1", "2");
    assess(&p, 30);
    const bfl_alarm *alarm = alarm_of(&p, name);
    int raised = alarm ? 1 + alarm->urgent : 0;
    if (alarm) CHECK(alarm->day == 10 && has(alarm->finding, "CTCAE grade") && has(alarm->finding, "day 10"));
    end(&p);
    return raised;
}

TEST(calcium_by_grade) {
    CHECK_INT(graded("hypercalcaemia", "CA", "Hypercalcemia", 0, false), 0);
    CHECK_INT(graded("hypercalcaemia", "CA", "Hypercalcemia", 1, false), 1);
    CHECK_INT(graded("hypercalcaemia", "CA", "Hypercalcemia", 2, false), 1);
    CHECK_INT(graded("hypercalcaemia", "CA", "Hypercalcemia", 3, false), 2);
    CHECK_INT(graded("hypocalcaemia", "CA", "Hypocalcemia", 2, false), 0);
    CHECK_INT(graded("hypocalcaemia", "CA", "Hypocalcemia", 3, false), 2);
    CHECK_INT(graded("hypercalcaemia", "CA", "Hypercalcemia", 3, true), 0);
}

TEST(liver_by_grade) {
    CHECK_INT(graded("bilirubin", "BIL", "Blood bilirubin increased", 2, false), 0);
    CHECK_INT(graded("bilirubin", "BIL", "Blood bilirubin increased", 3, false), 2);
    CHECK_INT(graded("transaminases", "ALT", "Alanine aminotransferase increased", 2, false), 0);
    CHECK_INT(graded("transaminases", "ALT", "Alanine aminotransferase increased", 3, false), 2);
    CHECK_INT(graded("transaminases", "AST", "Aspartate aminotransferase increased", 4, false), 2);
    CHECK_INT(graded("transaminases", "AST", "Aspartate aminotransferase increased", 4, true), 0);
    CHECK_INT(graded("transaminases", "GGT", "GGT increased", 4, false), 0);
}

TEST(most_urgent_first) {
    patient p = begin();
    drug(&p, 0, "pembrolizumab");
    said(&p, 30, "pain", "new");
    said(&p, 30, "fracture", "yes")->note = "pathological";
    said(&p, 30, "cord_signs", "yes");
    said(&p, 30, "fever", "yes");
    lab(&p, 30, "ALP", "1500", "U/L", "45", "125");
    assess(&p, 30);
    static const char *const order[] = {"alarm.cord", "alarm.sepsis", "alarm.fracture", "alarm.ici_pain"};
    CHECK_INT(p.verdict.alarm_count, 4);
    for (size_t i = 0; i < 4 && i < p.verdict.alarm_count; i++) CHECK_TEXT(p.verdict.alarms[i].rule->id, order[i]);
    end(&p);
}

/* A date that is missing must not hide what is dangerous. */
TEST(undated_facts_still_alarm) {
    patient p = begin();
    lung(&p);
    undated_lab(&p, "ALT", "400", "U/L", "40");
    undated_lab(&p, "BIL", "5", "mg/dL", "1.2");
    undated_lab(&p, "CA", "3.6", "mmol/L", "2.6");
    undated(&p, "cord_signs", "yes");
    undated(&p, "fracture", "yes");
    assess_all(&p, 20);
    static const char *const names[] = {"hys_law", "bilirubin", "transaminases", "hypercalcaemia", "cord", "fracture"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const bfl_alarm *alarm = alarm_of(&p, names[i]);
        CHECK(alarm && alarm->undated && alarm->day == 20 && alarm->event_count > 0);
        if (alarm) CHECK(strstr(alarm->finding, "date not known"));
    }
    if (alarm_of(&p, "hypercalcaemia"))
        CHECK_TEXT(alarm_of(&p, "hypercalcaemia")->finding, "Calcium 3.6 mmol/L, CTCAE grade 4, date not known");
    end(&p);

    /* A dated "no" may be older than an undated "yes"; harmless values without a date raise nothing. */
    p = begin();
    lung(&p);
    said(&p, 10, "cord_signs", "no");
    undated(&p, "cord_signs", "yes");
    undated_lab(&p, "ALT", "30", "U/L", "40");
    undated(&p, "jaundice", "no");
    assess_all(&p, 20);
    CHECK(alarm_of(&p, "cord"));
    CHECK_INT(p.verdict.alarm_count, 1);
    end(&p);
}

/* The same alarm with and without a date is one alarm, the dated one. */
TEST(dated_alarm_speaks_for_the_undated_one) {
    patient p = begin();
    said(&p, 10, "cord_signs", "yes");
    undated(&p, "cord_signs", "yes");
    assess_all(&p, 20);
    CHECK_INT(p.verdict.alarm_count, 1);
    CHECK(alarm_of(&p, "cord") && !alarm_of(&p, "cord")->undated && alarm_of(&p, "cord")->day == 10);
    end(&p);
}

TEST(liver_in_danger_told_in_words) {
    patient p = begin();
    said(&p, 10, "jaundice", "yes");
    assess(&p, 20);
    CHECK(alarm_of(&p, "liver_words") && alarm_of(&p, "liver_words")->urgent);
    end(&p);

    p = begin();
    said(&p, 10, "jaundice", "yes");
    lab(&p, 11, "BIL", "0.9", "mg/dL", "", "1.2");
    assess(&p, 20);
    CHECK(!alarm_of(&p, "liver_words"));
    end(&p);

    p = begin();
    lab(&p, 10, "BIL", "high", "", "", "");
    assess(&p, 20);
    CHECK(alarm_of(&p, "liver_words") && !alarm_of(&p, "liver_words")->urgent);
    end(&p);

    static const char *const grades[] = {"grade 4", "grade 3", "grade 2"};
    for (size_t i = 0; i < 3; i++) {
        p = begin();
        bfl_note *note = bfl_record_add_note(p.builder);
        note->date = day_date(15);
        note->topic = "hepatotoxicity";
        note->value = grades[i];
        assess(&p, 20);
        CHECK_INT(alarm_of(&p, "liver_words") != NULL, i < 2);
        end(&p);
    }
}

/* Pain that eased in one place takes nothing back about another. */
TEST(taken_back_at_the_same_place_only) {
    static const struct {
        int32_t day;
        const char *site;
        bool stands;
    } cases[] = {{40, "left shoulder", true}, {40, "back", false}, {40, "", false}, {30, "back", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        patient p = begin();
        drug(&p, 0, "pembrolizumab");
        said(&p, 30, "pain", "new")->site = "back";
        said(&p, cases[i].day, "pain", "improved")->site = cases[i].site;
        assess(&p, 50);
        CHECK_INT(alarm_of(&p, "ici_pain") != NULL, cases[i].stands);
        end(&p);
    }
}

TEST_CASES(CASE(undated_facts_still_alarm), CASE(dated_alarm_speaks_for_the_undated_one),
           CASE(liver_in_danger_told_in_words), CASE(taken_back_at_the_same_place_only),
           CASE(quiet_record_raises_nothing), CASE(cord_signs_until_taken_back), CASE(fracture_within_half_a_year),
           CASE(new_pain_under_a_checkpoint_inhibitor), CASE(checkpoint_inhibitor_reacts_for_three_months_after),
           CASE(very_high_alp_with_fever), CASE(jscc_values_are_brought_to_one_scale),
           CASE(hys_law_of_the_last_day_that_can_tell), CASE(calcium_by_grade), CASE(liver_by_grade),
           CASE(most_urgent_first))
