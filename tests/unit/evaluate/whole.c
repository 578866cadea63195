/* SPDX-License-Identifier: Apache-2.0 */
/* From case folders in memory to calls, questions, groups and bytes. */
#include "evaluate/trace.h"
#include "test.h"

#include <limits.h>
#include <string.h>

static const char patients[] = "patient,label\na,\nb,flare\nc,\n";
static const char therapies[] = "patient,drug,start\na,gefitinib,d0\nb,osimertinib,d0\n";
/* a: new lesion at day 42, another at day 84, growth outside at day 126. b: denser at day 40. c: nothing. */
static const char lesions[] = "patient,date,lesion,site,organ,role,matrix,modality,state,change,longest_mm\n"
                              "a,d-5,l1,lung,lung,target,soft,ct,measured,,30\n"
                              "a,d42,l1,lung,lung,target,soft,ct,measured,,20\n"
                              "a,d42,b1,T5,bone,new,blastic,ct,present,,\n"
                              "a,d63,l1,lung,lung,target,soft,ct,measured,,20\n"
                              "a,d63,b1,T5,bone,new,blastic,ct,present,,\n"
                              "a,d84,l1,lung,lung,target,soft,ct,measured,,20\n"
                              "a,d84,b2,L1,bone,new,lytic,ct,present,lytic_growth,\n"
                              "a,d126,l1,lung,lung,target,soft,ct,measured,,45\n"
                              "a,d126,b2,L1,bone,new,lytic,ct,present,lytic_growth,\n"
                              "b,d-3,b1,T5,bone,non_target,lytic,ct,present,,\n"
                              "b,d40,b1,T5,bone,non_target,lytic,ct,present,denser,\n";
static const char laboratory[] = "patient,date,analyte,value,unit,ref_low,ref_high\n"
                                 "a,d-3,ALP,100,U/L,45,125\na,d40,ALP,105,U/L,45,125\na,d80,ALP,160,U/L,45,125\n"
                                 "b,d-3,ALP,100,U/L,45,125\n";

static bfl_study *study;
static bfl_rulebook *book;

static void open_all(void) {
    const bfl_table_bytes tables[] = {{"patients.csv", BFL_TEXT(patients)},
                                      {"therapy.csv", BFL_TEXT(therapies)},
                                      {"lesions.csv", BFL_TEXT(lesions)},
                                      {"labs.csv", BFL_TEXT(laboratory)}};
    CHECK(bfl_casefolder_parse(tables, sizeof tables / sizeof *tables, NULL, &study, NULL) == BFL_OK);
    CHECK(bfl_rulebook_open(BFL_TEXT(""), &book, NULL) == BFL_OK);
}

static void close_all(void) {
    bfl_study_free(study);
    bfl_rulebook_free(book);
}

static bfl_eval_truth truth(int32_t progression, int32_t outside) {
    return (bfl_eval_truth){
        .class_id = "", .known = true, .has_days = true, .progression_day = progression, .outside_day = outside};
}

TEST(one_patient_followed) {
    open_all();
    static bfl_question room[64];
    bfl_trace t = {.questions = room};
    bfl_eval_truth late = truth(80, 100);
    CHECK(bfl_eval_most_questions(bfl_study_record(study, 0)) <= 64);
    CHECK(bfl_eval_follow(bfl_study_record(study, 0), &late, book, false, &t, NULL) == BFL_OK);
    CHECK_TEXT(t.class_id, "egfr_tki_1");
    CHECK_INT(t.question_count, 2); /* day 63 shows nothing new; after day 84 the question is settled */
    CHECK_INT(room[0].day, 42);
    CHECK(!room[0].progression && room[1].progression && room[1].day == 84);
    CHECK_TEXT(bfl_eval_call_word(room[0].calls[BFL_EVAL_RECIST]), "stop");
    CHECK_TEXT(bfl_eval_call_word(room[0].calls[BFL_EVAL_IRECIST]), "wait");
    CHECK_TEXT(bfl_eval_call_word(room[0].calls[BFL_EVAL_ALP]), "keep"); /* 100 -> 105 */
    CHECK_TEXT(bfl_eval_call_word(room[1].calls[BFL_EVAL_ALP]), "wait"); /* no value near day 63 */
    CHECK_TEXT(bfl_eval_call_word(room[0].calls[BFL_EVAL_WAIT]), "wait");
    CHECK_TEXT(bfl_eval_call_word(room[1].calls[BFL_EVAL_CONTINUE]), "keep");
    CHECK(room[0].has_probability && room[0].probability > 0 && room[0].probability < 1);
    CHECK_INT(t.end_day, 126);
    CHECK_INT(t.failed_day, 80);
    CHECK_INT(t.stop_day[BFL_EVAL_RECIST], 42);
    CHECK_INT(t.stop_day[BFL_EVAL_CONTINUE], 126); /* progression outside bone */
    CHECK(t.first[0].asked && t.first[0].day == 42 && t.first[0].open_until == 79);
    CHECK_INT(t.first[0].right_day[BFL_EVAL_CONTINUE], 42);
    CHECK_INT(t.first[0].right_day[BFL_EVAL_RECIST], INT32_MAX);
    CHECK(t.first[1].asked && t.first[1].day == 84 && t.first[1].right_day[BFL_EVAL_RECIST] == 84);
    close_all();
}

TEST(questions_only_are_the_same_questions) {
    open_all();
    static bfl_question whole[64], only[64];
    bfl_trace a = {.questions = whole}, b = {.questions = only};
    bfl_eval_truth never = truth(INT32_MAX, INT32_MAX);
    CHECK(bfl_eval_follow(bfl_study_record(study, 0), &never, book, false, &a, NULL) == BFL_OK);
    CHECK(bfl_eval_follow(bfl_study_record(study, 0), &never, book, true, &b, NULL) == BFL_OK);
    CHECK_INT(a.question_count, b.question_count);
    CHECK_INT(a.question_count, 2); /* at day 126 the lung has progressed */
    for (size_t i = 0; i < a.question_count; i++)
        for (int m = 0; m < BFL_EVAL_METHOD_COUNT; m++) CHECK_INT(whole[i].calls[m], only[i].calls[m]);
    CHECK(a.has_days && !b.has_days);
    close_all();
}

static size_t written;
static bool count_bytes(void *context, const char *data, size_t size) {
    (void)context, (void)data;
    written += size;
    return true;
}
static bool refuse(void *context, const char *data, size_t size) {
    (void)context, (void)data, (void)size;
    return false;
}

static bfl_evaluation *evaluated(uint32_t threads, bool ablation) {
    const bfl_record *records[3] = {bfl_study_record(study, 0), bfl_study_record(study, 1), bfl_study_record(study, 2)};
    bfl_eval_truth truths[3] = {truth(80, 100), bfl_eval_truth_of(NULL, records[1]),
                                bfl_eval_truth_of(NULL, records[2])};
    bfl_eval_options options = {.struct_size = sizeof options, .threads = threads, .ablation = ablation, .seed = 3};
    bfl_evaluation *e = NULL;
    CHECK(bfl_evaluate(records, truths, 3, book, &options, &e, NULL) == BFL_OK);
    return e;
}

TEST(groups_and_counts) {
    open_all();
    bfl_evaluation *e = evaluated(1, false);
    CHECK_INT(e->patients, 3);
    CHECK_INT(e->without_truth, 1);
    CHECK_INT(e->without_question, 0);
    CHECK_INT(e->groups[0].questions, 3);
    CHECK_INT(e->groups[0].progressions, 1);
    CHECK_INT(e->groups[0].patients, 2);
    CHECK_TEXT(e->groups[1].name, "egfr_tki_1");
    CHECK_TEXT(e->groups[2].name, "egfr_tki_3");
    CHECK_TEXT(e->groups[3].name, "up to day 56");
    CHECK_INT(e->groups[3].questions, 2);
    CHECK_TEXT(e->groups[4].name, "day 57 to 91");
    CHECK_INT(e->groups[4].progressions, 1);
    CHECK_TEXT(e->groups[5].name, "day 92 to 182");
    CHECK_TEXT(e->groups[6].name, "after day 182");
    CHECK_INT(e->group_count, 7);
    CHECK(!e->groups[3].results[0].days_lost.present); /* a window holds no whole course */
    CHECK(e->groups[0].results[0].days_lost.present);
    CHECK_INT(e->ablation_count, 0);
    for (int format = 0; format <= BFL_EVAL_DECISION_SVG; format++) {
        written = 0;
        CHECK(bfl_evaluation_write(e, (bfl_eval_format)format, (bfl_sink){count_bytes, NULL}, NULL) == BFL_OK);
        CHECK(written > 500);
        CHECK(bfl_evaluation_write(e, (bfl_eval_format)format, (bfl_sink){refuse, NULL}, NULL) == BFL_EIO);
    }
    CHECK(bfl_evaluation_write(NULL, BFL_EVAL_TEXT, (bfl_sink){count_bytes, NULL}, NULL) == BFL_EINVAL);
    bfl_evaluation_free(e);
    bfl_evaluation_free(NULL);
    close_all();
}

TEST(threads_do_not_matter_and_bad_calls_are_refused) {
    open_all();
    bfl_evaluation *one = evaluated(1, false), *four = evaluated(4, false), *kept = NULL;
    CHECK(memcmp(one->bins, four->bins, one->bin_count * sizeof *one->bins) == 0);
    CHECK(one->groups[0].brier.low <= four->groups[0].brier.low &&
          one->groups[0].brier.low >= four->groups[0].brier.low);
    CHECK(bfl_evaluate(NULL, NULL, 1, book, NULL, &kept, NULL) == BFL_EINVAL);
    CHECK(bfl_evaluate(NULL, NULL, 0, NULL, NULL, &kept, NULL) == BFL_EINVAL);
    CHECK(kept == NULL);
    CHECK(bfl_evaluate(NULL, NULL, 0, book, NULL, &kept, NULL) == BFL_OK); /* nobody */
    CHECK(kept && kept->patients == 0 && !kept->groups[0].results[0].wrong.present);
    bfl_evaluation_free(one);
    bfl_evaluation_free(four);
    bfl_evaluation_free(kept);
    close_all();
}

TEST(every_group_of_evidence_is_left_out_once) {
    open_all();
    bfl_evaluation *e = evaluated(1, true);
    bool matrix = false;
    CHECK(e->ablation_count > 8);
    CHECK_TEXT(e->ablations[0].group, "");
    CHECK(e->ablations[0].brier.value <= e->groups[0].brier.value &&
          e->ablations[0].brier.value >= e->groups[0].brier.value);
    for (size_t i = 1; i < e->ablation_count; i++) {
        CHECK(i == 1 || strcmp(e->ablations[i - 1].group, e->ablations[i].group) < 0);
        if (strcmp(e->ablations[i].group, "matrix") != 0) continue;
        matrix = true; /* without the lytic lesion of day 84 its probability is another */
        CHECK(e->ablations[i].brier.value < e->ablations[0].brier.value ||
              e->ablations[i].brier.value > e->ablations[0].brier.value);
    }
    CHECK(matrix);
    bfl_evaluation_free(e);
    close_all();
}

TEST_CASES(CASE(one_patient_followed), CASE(questions_only_are_the_same_questions), CASE(groups_and_counts),
           CASE(threads_do_not_matter_and_bad_calls_are_refused), CASE(every_group_of_evidence_is_left_out_once))
