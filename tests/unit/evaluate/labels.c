/* SPDX-License-Identifier: Apache-2.0 */
/* truth.csv: good, bad and missing; labels of the patient table. */
#include "evaluate/evaluate.h"
#include "test.h"

#include <limits.h>
#include <string.h>

static bfl_eval_labels *read_labels(const char *text) {
    bfl_eval_labels *labels = NULL;
    bfl_error err = {0};
    if (bfl_eval_labels_parse(bfl_text_of(text), "truth.csv", &labels, &err) != BFL_OK) printf("# %s\n", err.message);
    return labels;
}

static bfl_eval_truth truth_of(const bfl_eval_labels *labels, const char *patient, const char *label) {
    bfl_record record = {.patient = {.id = patient, .label = label}};
    return bfl_eval_truth_of(labels, &record);
}

TEST(rows_by_name_in_any_order) {
    bfl_eval_labels *labels = read_labels("\xEF\xBB\xBFoutside_day,Patient,world,class,progression_day,visit_day\n"
                                          ",b,default,ici,170,40\n200,a,default,,d90,56\n,b,default,ici,170,80\n");
    CHECK(labels != NULL);
    bfl_eval_truth a = truth_of(labels, "a", ""), b = truth_of(labels, "b", "flare");
    CHECK(a.known && a.has_days && a.progression_day == 90 && a.outside_day == 200);
    CHECK_TEXT(a.class_id, "");
    CHECK(b.known && b.progression_day == 170 && b.outside_day == INT32_MAX);
    CHECK_TEXT(b.class_id, "ici");
    CHECK(!truth_of(labels, "c", "").known);
    CHECK(truth_of(labels, "c", "progression").progression);
    bfl_eval_labels_free(labels);
}

TEST(labels_of_the_patient_table) {
    CHECK(truth_of(NULL, "a", "progression").known && truth_of(NULL, "a", "progression").progression);
    CHECK(truth_of(NULL, "a", "flare").known && !truth_of(NULL, "a", "flare").progression);
    CHECK(truth_of(NULL, "a", "liver_injury").known && !truth_of(NULL, "a", "flare").has_days);
    CHECK(!truth_of(NULL, "a", "").known && !truth_of(NULL, "a", "perhaps").known && !truth_of(NULL, "a", NULL).known);
}

static void refused(const char *text, uint32_t line, const char *says) {
    bfl_eval_labels *labels = NULL;
    bfl_error err = {0};
    CHECK(bfl_eval_labels_parse(bfl_text_of(text), "truth.csv", &labels, &err) == BFL_EPARSE);
    CHECK(labels == NULL);
    CHECK_INT(err.line, line);
    CHECK(strstr(err.message, says) != NULL);
    CHECK_TEXT(err.where, "truth.csv");
}

TEST(what_is_refused) {
    refused("", 1, "no header");
    refused("patient,class\na,ici\n", 1, "no column progression_day");
    refused("progression_day\n3\n", 1, "no column patient");
    refused("patient,progression_day,patient\na,3,b\n", 1, "two columns are called patient");
    refused("patient,progression_day\n,3\n", 2, "the id of a patient");
    refused("patient,progression_day\na,soon\n", 2, "found 'soon'");
    refused("patient,progression_day\na,2019-04-04\n", 2, "whole number of days");
    refused("patient,progression_day\na,d3..d9\n", 2, "whole number of days");
    refused("patient,progression_day\na,3\na\n", 3, "expected 2");
    refused("patient,progression_day\na,\"3\n", 2, "readable fields");
    refused("patient,progression_day\na,3\na,4\n", 3, "the same days");
    refused("patient,progression_day\na,3\nb,3\na,4\n", 0, "patient a: rows with different days");
    refused("patient,progression_day\n\xFF,3\n", 0, "not UTF-8");
}

TEST(a_nul_is_refused) {
    static const char bytes[] = "patient,progression_day\na\0b,3\n";
    bfl_eval_labels *labels = NULL;
    bfl_error err = {0};
    CHECK(bfl_eval_labels_parse((bfl_text){bytes, sizeof bytes - 1}, "truth.csv", &labels, &err) == BFL_EPARSE);
    CHECK_TEXT(err.message, "byte 25 is NUL");
    CHECK(labels == NULL);
}

TEST(files_that_are_not_there) {
    bfl_eval_labels *labels = NULL;
    CHECK(bfl_eval_labels_read("no/such/truth.csv", &labels, NULL) == BFL_ENOTFOUND);
    CHECK(bfl_eval_labels_read(NULL, &labels, NULL) == BFL_EINVAL);
    CHECK(labels == NULL);
    bfl_eval_labels_free(NULL);
}

TEST_CASES(CASE(rows_by_name_in_any_order), CASE(labels_of_the_patient_table), CASE(what_is_refused),
           CASE(a_nul_is_refused), CASE(files_that_are_not_there))
