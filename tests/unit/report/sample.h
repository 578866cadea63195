/* SPDX-License-Identifier: Apache-2.0 */
/* A small assessment made by hand, and a sink that collects: what the report tests share. */
#ifndef BFL_TEST_SAMPLE_H
#define BFL_TEST_SAMPLE_H

#include "report/report.h"
#include "test.h"

#include <stdlib.h>

typedef struct sample {
    bfl_rule rule, guess;
    const char *sources[1];
    bfl_therapy therapy;
    bfl_lesion lesions[2];
    bfl_analyte analyte;
    bfl_unit unit;
    bfl_marker_point points[2];
    bfl_marker course;
    bfl_event_ref events[1];
    bfl_reason reason;
    bfl_recist_visit visits[2];
    bfl_criterion_visit mda_visits[2];
    bfl_criterion_result registry[1];
    bfl_evidence evidence[2];
    bfl_alarm alarm;
    bfl_step step;
    bfl_issue issue;
    bfl_record record;
    bfl_criteria criteria;
    bfl_best_responses best;
    bfl_markers markers;
    bfl_verdict verdict;
    bfl_workup workup;
    bfl_rulebook *rulebook;
    bfl_assessment assessment;
} sample;

static inline bfl_maybe number(const char *text) {
    bfl_maybe value = {.present = true};
    CHECK(bfl_decimal_parse(bfl_text_of(text), &value.value, NULL) == BFL_OK);
    return value;
}

/* Nothing known: no event, no question. */
static inline void sample_empty(sample *s) {
    memset(s, 0, sizeof *s);
    CHECK(bfl_rulebook_open((bfl_text){"", 0}, &s->rulebook, NULL) == BFL_OK);
    s->record.patient = (bfl_patient){
        .id = "nobody", .sex = "", .tumour = "", .histology = "", .smoking = "", .stage = "", .tnm = "", .label = ""};
    s->record.last_day = INT32_MIN;
    s->verdict.now.because = "";
    s->assessment = (bfl_assessment){.record = &s->record,
                                     .rulebook = s->rulebook,
                                     .as_of = INT32_MIN,
                                     .criteria = &s->criteria,
                                     .best = &s->best,
                                     .markers = &s->markers,
                                     .verdict = &s->verdict,
                                     .workup = &s->workup};
}

static inline void sample_record(sample *s) {
    s->record.patient.id = "A";
    s->record.patient.sex = "F";
    s->record.patient.tumour = "lung";
    s->record.has_calendar = true;
    s->record.day0_civil = bfl_civil_day(2019, 1, 9);
    s->record.last_day = 43;
    s->therapy = (bfl_therapy){.drug = "gefitinib",
                               .class_id = "egfr_tki_1",
                               .intent = BFL_INTENT_ANTICANCER,
                               .start = {0, 0, true, true},
                               .source = {"therapy.csv", 2, ""}};
    s->record.therapies = &s->therapy;
    s->record.therapy_count = 1;
    s->lesions[0] = (bfl_lesion){.when = {-3, -3, true, true},
                                 .id = "L1",
                                 .site = "left upper lobe",
                                 .organ = BFL_ORGAN_LUNG,
                                 .role = BFL_ROLE_TARGET,
                                 .modality = BFL_MODALITY_CT,
                                 .state = BFL_LESION_MEASURED,
                                 .longest_mm = number("45"),
                                 .note = "",
                                 .source = {"lesions.csv", 2, ""}};
    s->lesions[1] = s->lesions[0];
    s->lesions[1].when = (bfl_when){43, 43, true, true};
    s->lesions[1].longest_mm = number("30");
    s->lesions[1].source.row = 3;
    s->record.lesions = s->lesions;
    s->record.lesion_count = 2;
}

static inline void sample_criteria(sample *s) {
    s->visits[0] = (bfl_recist_visit){.day = -3, .first_day = -3, .baseline = true, .sum_mm = number("45")};
    s->visits[1] = (bfl_recist_visit){.day = 43,
                                      .first_day = 43,
                                      .target = BFL_RESPONSE_PR,
                                      .new_lesions = BFL_NEW_UNEQUIVOCAL,
                                      .overall = BFL_RESPONSE_PD,
                                      .overall_flare_note = BFL_RESPONSE_PR,
                                      .soft_tissue = BFL_RESPONSE_PR,
                                      .sum_mm = number("30"),
                                      .nadir_mm = number("45"),
                                      .change_percent = number("-33.3"),
                                      .nadir_change_percent = number("-33.3"),
                                      .reasons = &s->reason,
                                      .reason_count = 1};
    s->mda_visits[1] = (bfl_criterion_visit){.day = 43, .response = BFL_RESPONSE_PR};
    s->registry[0] =
        (bfl_criterion_result){.id = "mda2004", .name = "MDA bone criteria", .visits = s->mda_visits, .visit_count = 2};
    s->best = (bfl_best_responses){.overall = BFL_RESPONSE_PD,
                                   .confirmed = BFL_RESPONSE_PD,
                                   .flare_note = BFL_RESPONSE_PR,
                                   .soft_tissue = BFL_RESPONSE_PR};
    s->criteria = (bfl_criteria){.visits = s->visits,
                                 .visit_count = 2,
                                 .measurable = true,
                                 .criteria = s->registry,
                                 .criterion_count = 1,
                                 .conflicts = &s->reason,
                                 .conflict_count = 1};
}

static inline void sample_markers(sample *s) {
    s->unit = (bfl_unit){.text = "U/L", .factor = {1, 0}};
    s->analyte = (bfl_analyte){.id = "ALP",
                               .name = "Alkaline phosphatase",
                               .units = &s->unit,
                               .unit_count = 1,
                               .role = "bone",
                               .loinc = "",
                               .part_of = ""};
    s->points[0] = (bfl_marker_point){.day = -3, .value = {379, 0}, .x_uln = number("1.12"), .above_range = true};
    s->points[1] = (bfl_marker_point){.day = 13, .value = {952, 0}, .x_uln = number("2.82"), .above_range = true};
    s->course = (bfl_marker){.analyte = &s->analyte,
                             .points = s->points,
                             .point_count = 2,
                             .last_x_uln = number("2.82"),
                             .change_percent = number("151.2"),
                             .rcv_up_percent = number("27.0"),
                             .rcv_down_percent = number("-21.3"),
                             .beyond_noise = BFL_NOISE_UP,
                             .shape = BFL_SHAPE_RISING,
                             .said = ""};
    s->markers.courses = &s->course;
    s->markers.course_count = 1;
}

static inline void sample_verdict(sample *s) {
    s->evidence[0] = (bfl_evidence){.rule = &s->rule,
                                    .direction = BFL_FOR_FLARE,
                                    .finding = "new lesions of T4 are blastic",
                                    .group = "matrix",
                                    .log_lr = 1.0986,
                                    .log_lr_sd = 0.4,
                                    .events = s->events,
                                    .event_count = 1};
    s->evidence[1] = (bfl_evidence){.rule = &s->guess,
                                    .direction = BFL_FOR_PROGRESSION,
                                    .finding = "the reader called it progression",
                                    .group = "reader",
                                    .log_lr = -0.5108,
                                    .log_lr_sd = 0.3};
    s->verdict.now = (bfl_bone){.day = 43,
                                .state = BFL_BONE_FLARE_SUSPECTED,
                                .question = true,
                                .p_flare = 0.83,
                                .p_progression = 0.12,
                                .p_other = 0.05,
                                .low = 0.62,
                                .high = 0.94,
                                .prior_rule = &s->guess,
                                .prior_p_flare = 0.68,
                                .therapy_day = 43,
                                .evidence = s->evidence,
                                .evidence_count = 2,
                                .because = "Flare suspected: soft tissue responds while new blastic lesions appear."};
    s->verdict.history = &s->verdict.now;
    s->verdict.history_count = 1;
    s->alarm = (bfl_alarm){
        .rule = &s->rule, .finding = "ALT 4.2 x and bilirubin 2.1 x the upper limit", .day = 13, .urgent = true};
    s->verdict.alarms = &s->alarm;
    s->verdict.alarm_count = 1;
    s->step = (bfl_step){.rule = &s->guess,
                         .state = BFL_STEP_NEXT,
                         .action = "Repeat CT in the bone window",
                         .patient_action = "Another scan.",
                         .why = "a flare is confirmed by a later study",
                         .has_by = true,
                         .by_day = 85,
                         .priority = 1,
                         .changes = ""};
    s->workup.next = &s->step;
    s->workup.next_count = 1;
}

/* A response outside bone with new blastic lesions at day 43: every part of a report has something to say. */
static inline void sample_full(sample *s) {
    sample_empty(s);
    s->sources[0] = "shi2021";
    s->rule = (bfl_rule){.id = "test.rule",
                         .standard = "test",
                         .version = "1",
                         .title = "A published rule",
                         .text = "Says so.",
                         .known = BFL_KNOWN_PUBLISHED,
                         .reason = "7/30",
                         .sources = s->sources,
                         .source_count = 1};
    s->guess = (bfl_rule){.id = "test.guess",
                          .standard = "test",
                          .version = "1",
                          .title = "An assumption",
                          .text = "Assumed.",
                          .known = BFL_KNOWN_EXPERT,
                          .reason = "ours"};
    s->events[0] = (bfl_event_ref){BFL_EVENT_LESION, 1};
    s->reason = (bfl_reason){&s->rule, "RECIST 1.1 says PD, MDA says PR", s->events, 1};
    sample_record(s);
    sample_criteria(s);
    sample_markers(s);
    sample_verdict(s);
    s->issue = (bfl_issue){BFL_ISSUE_WARNING,
                           "note.day_count",
                           "A",
                           {"notes.csv", 4, ""},
                           "stated_day",
                           "day 45",
                           "day 43, counted from the dates",
                           "check both dates"};
    s->assessment.issues = &s->issue;
    s->assessment.issue_count = 1;
    s->assessment.as_of = 43;
}

static inline void sample_free(sample *s) { bfl_rulebook_free(s->rulebook); }

/* A sink into one growing text; the test frees it. */
typedef struct collected {
    char *data;
    size_t size;
} collected;

static inline bool collect(void *context, const char *data, size_t size) {
    collected *all = context;
    char *grown = realloc(all->data, all->size + size + 1);
    if (!grown) return false;
    memcpy(grown + all->size, data, size);
    all->data = grown;
    all->size += size;
    grown[all->size] = '\0';
    return true;
}

static inline bfl_report_options sample_options(void) {
    return (bfl_report_options){.struct_size = sizeof(bfl_report_options)};
}

static inline char *as_json(const sample *s) {
    collected all = {0};
    bfl_report_options options = sample_options();
    CHECK(bfl_report_json(&s->assessment, &options, (bfl_sink){collect, &all}, NULL) == BFL_OK);
    return all.data;
}

static inline char *as_text(const sample *s, const bfl_report_options *options) {
    collected all = {0};
    CHECK(bfl_report_text(&s->assessment, options, (bfl_sink){collect, &all}, NULL) == BFL_OK);
    return all.data;
}

static inline char *as_html(const sample *s, const bfl_report_options *options) {
    collected all = {0};
    const bfl_assessment *one[] = {&s->assessment};
    CHECK(bfl_report_html(one, 1, options, (bfl_sink){collect, &all}, NULL) == BFL_OK);
    return all.data;
}

#define CHECK_HAS(haystack, needle)                                                    \
    do {                                                                               \
        const char *test_h = (haystack);                                               \
        if (!test_h || !strstr(test_h, needle)) {                                      \
            test_failures++;                                                           \
            printf("# %s:%d: no '%s' in %s\n", __FILE__, __LINE__, needle, #haystack); \
        }                                                                              \
    } while (0)
#define CHECK_LACKS(haystack, needle)                                               \
    do {                                                                            \
        const char *test_h = (haystack);                                            \
        if (!test_h || strstr(test_h, needle)) {                                    \
            test_failures++;                                                        \
            printf("# %s:%d: '%s' in %s\n", __FILE__, __LINE__, needle, #haystack); \
        }                                                                           \
    } while (0)

#endif
