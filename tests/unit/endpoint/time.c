/* SPDX-License-Identifier: Apache-2.0 */
/* Times: event or censored, on which day, and why. */
#include "course.h"

TEST(progression_or_death) {
    SAYS(PFS, "event d112 progression", .visits = "56 SD, 112 PD");
    SAYS(PFS, "event d100 death", .visits = "56 SD", .death = 100);
    SAYS(PFS, "event d112 progression", .visits = "56 SD, 112 PD", .death = 112);
    SAYS(PFS, "censored d56 last assessment", .visits = "56 SD, 112 NE");
    SAYS(PFS, "censored d0 no assessment", .visits = "56 NE");
    SAYS(PFS, "event d30 death", .visits = "", .death = 30);
    SAYS(TTP, "censored d56 last assessment", .visits = "56 SD", .death = 100);
    SAYS(TTP, "event d112 progression", .visits = "56 SD, 112 PD", .death = 150);
}

TEST(overall_survival) {
    SAYS(OS, "event d100 death", .visits = "56 SD", .death = 100);
    SAYS(OS, "censored d400 last contact", .visits = "56 SD", .last_contact = 400);
    SAYS(OS, "no contact after the start", .visits = "", .last_contact = -3);
    SAYS(OS, "death without a usable day", .visits = "", .death = -5, .last_contact = 9);
}

TEST(times_of_a_response) {
    SAYS(RESPONSE_TIME, "event d168 progression", .visits = "56 PR, 112 PR, 168 PD");
    SAYS(RESPONSE_TIME, "event d130 death", .visits = "56 PR, 112 PR", .death = 130);
    SAYS(RESPONSE_TIME, "no response", .visits = "56 SD");
    SAYS(TO_RESPONSE, "event d56 response", .visits = "28 SD, 56 PR, 112 CR, 168 CR"); /* whichever is first recorded */
    SAYS(TO_RESPONSE, "event d112 response",
         .visits = "56 PR, 84 SD, 112 PR, 168 PR"); /* the first was not confirmed */
    SAYS(TO_RESPONSE, "event d56 response", .visits = "56 PR, 84 SD, 112 PR, 168 PR",
         .policies = "response_basis=unconfirmed");
    SAYS(STABLE_TIME, "event d112 progression", .visits = "56 SD, 112 PD");
    SAYS(STABLE_TIME, "best response is not stable disease", .visits = "56 PR, 112 PR");
    course c = {.visits = "56 PR, 112 CR, 168 CR, 200 PD"};
    (void)derive(&c);
    CHECK_TEXT(c.said[BFL_ENDPOINT_CONFIRMED], "CR d112");
    CHECK_TEXT(c.said[BFL_ENDPOINT_TO_RESPONSE], "event d56 response");
}

TEST(missed_assessments_before_the_event) {
#define PLAN "visit_interval_days=42 "
    SAYS(PFS, "event d133 progression", .visits = "42 SD, 133 PD", .policies = PLAN); /* twice 42 and the window */
    SAYS(PFS, "censored d42 missed assessments", .visits = "42 SD, 134 PD", .policies = PLAN);
    SAYS(TTP, "censored d42 missed assessments", .visits = "42 SD, 134 PD", .policies = PLAN);
    SAYS(PFS, "censored d42 missed assessments", .visits = "42 SD", .death = 134, .policies = PLAN);
    SAYS(PFS, "censored d42 missed assessments", .visits = "42 SD, 84 NE, 134 PD", .policies = PLAN);
    SAYS(PFS, "event d134 progression", .visits = "42 SD, 134 PD", .policies = PLAN "missed_progression=event");
    SAYS(PFS, "event d134 progression", .visits = "42 SD, 134 PD", .policies = PLAN "missed_limit=3");
    SAYS(PFS, "event d134 progression", .visits = "42 SD, 134 PD", .policies = PLAN "visit_window_days=8");
    SAYS(PFS, "event d900 progression", .visits = "42 SD, 900 PD"); /* no plan: nothing is missed */
    SAYS(PFS, "censored d0 no assessment", .visits = "", .death = 100, .policies = PLAN);
    SAYS(OS, "event d134 death", .visits = "42 SD", .death = 134, .policies = PLAN);
    course c = {.visits = "42 SD, 134 PD", .policies = PLAN};
    CHECK(strstr(derive(&c)->rules[BFL_ENDPOINT_PFS], "endpoint.policy.missed_progression"));
}

TEST(new_therapy_before_progression) {
    SAYS(PFS, "censored d56 new therapy", .visits = "56 SD, 112 PD", .new_therapy = 80);
    SAYS(PFS, "event d80 new therapy", .visits = "56 SD, 112 PD", .new_therapy = 80, .policies = "new_therapy=event");
    SAYS(PFS, "event d112 progression", .visits = "56 SD, 112 PD", .new_therapy = 80, .policies = "new_therapy=ignore");
    SAYS(PFS, "censored d56 new therapy", .visits = "56 SD", .new_therapy = 80, .death = 100);
    SAYS(PFS, "event d70 death", .visits = "56 SD", .new_therapy = 80, .death = 70);
    SAYS(PFS, "event d112 progression", .visits = "56 SD, 112 PD", .new_therapy = 112); /* the same day */
    SAYS(OS, "event d100 death", .visits = "56 SD", .new_therapy = 80, .death = 100);
    SAYS(BEST, "SD d56", .visits = "56 SD, 112 PR", .new_therapy = 80); /* no response of another drug */
    SAYS(BEST, "PR d112", .visits = "56 SD, 112 PR", .new_therapy = 80, .policies = "new_therapy=ignore");
    SAYS(PFS, "event d112 progression", .visits = "56 SD, 112 PD", .new_therapy = 80,
         .intent = BFL_INTENT_RADIOTHERAPY);
    SAYS(PFS, "censored d56 new therapy", .visits = "56 SD, 112 PD", .new_therapy = 80,
         .intent = BFL_INTENT_RADIOTHERAPY, .policies = "new_therapy_local=count");
    SAYS(PFS, "event d112 progression", .visits = "56 SD, 112 PD", .new_therapy = 80, .intent = BFL_INTENT_BONE_AGENT,
         .policies = "new_therapy_local=count");
    course c = {.visits = "56 SD, 112 PD", .new_therapy = 80};
    CHECK(strstr(derive(&c)->rules[BFL_ENDPOINT_PFS], "endpoint.policy.new_therapy"));
    CHECK_TEXT(c.readings, "osimertinib on day 80: later assessments are not used; ");
}

static void count_days(bfl_endpoint_options *options, const char *policy, int32_t expected) {
    bfl_rulebook *rulebook = NULL;
    CHECK(bfl_rulebook_open(BFL_TEXT(""), &rulebook, NULL) == BFL_OK);
    CHECK(bfl_endpoint_options_init(rulebook, options, NULL) == BFL_OK);
    CHECK(bfl_endpoint_options_set(options, bfl_text_of(policy), NULL) == BFL_OK);
    bfl_date death = {100, 100, BFL_DATE_RELATIVE};
    bfl_record record = {.patient = {.death = death, .id = "p"}, .last_day = 100};
    bfl_endpoints *out = NULL;
    CHECK(bfl_endpoints_derive(&record, rulebook, options, &out, NULL) == BFL_OK);
    CHECK_INT(out->items[BFL_ENDPOINT_OS].days, expected);
    CHECK_INT(out->items[BFL_ENDPOINT_OS].start, 0);
    bfl_endpoints_free(out);
    options->criterion = "of nowhere";
    bfl_error err = {0};
    CHECK(bfl_endpoints_derive(&record, rulebook, options, &out, &err) == BFL_ENOTFOUND);
    CHECK(strstr(err.message, "recist11, "));
    CHECK(bfl_endpoints_derive(NULL, rulebook, options, &out, &err) == BFL_EINVAL);
    bfl_rulebook_free(rulebook);
}

TEST(days_are_counted_both_ways) {
    bfl_endpoint_options options;
    count_days(&options, "duration=inclusive", 101);
    count_days(&options, "duration=elapsed", 100);
}

TEST_CASES(CASE(progression_or_death), CASE(overall_survival), CASE(times_of_a_response),
           CASE(missed_assessments_before_the_event), CASE(new_therapy_before_progression),
           CASE(days_are_counted_both_ways))
