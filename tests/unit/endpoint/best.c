/* SPDX-License-Identifier: Apache-2.0 */
/* Best overall response: table 3 of Eisenhauer 2009 row by row, and the sequences that it does not settle. */
#include "course.h"

/* First time point on day 56, when the minimum for stable disease is met; and on day 28, when it is not. */
#define LATE(first, then, expected) SAYS(CONFIRMED, expected, .visits = "56 " first ", 112 " then)
#define EARLY(first, then, expected) SAYS(CONFIRMED, expected, .visits = "28 " first ", 112 " then)

/* "Table 3 - Best overall response when confirmation of CR and PR required." */
TEST(table_3) {
    LATE("CR", "CR", "CR d56"); /* CR | CR | CR */
    EARLY("CR", "CR", "CR d28");
    LATE("CR", "PR", "SD d56"); /* CR | PR | SD, PD or PR (a): seen again after CR is PD at that point */
    EARLY("CR", "PR", "PD d112");
    LATE("CR", "SD", "SD d56"); /* CR | SD | SD provided minimum criteria for SD duration met, otherwise, PD */
    EARLY("CR", "SD", "PD d112");
    LATE("CR", "PD", "SD d56"); /* CR | PD | SD provided ..., otherwise, PD */
    EARLY("CR", "PD", "PD d112");
    LATE("CR", "NE", "SD d56"); /* CR | NE | SD provided ..., otherwise NE */
    EARLY("CR", "NE", "NE d28");
    LATE("PR", "CR", "PR d56"); /* PR | CR | PR */
    LATE("PR", "PR", "PR d56"); /* PR | PR | PR */
    LATE("PR", "SD", "SD d56"); /* PR | SD | SD */
    EARLY("PR", "SD", "SD d112");
    LATE("PR", "PD", "SD d56"); /* PR | PD | SD provided ..., otherwise, PD */
    EARLY("PR", "PD", "PD d112");
    LATE("PR", "NE", "SD d56"); /* PR | NE | SD provided ..., otherwise NE */
    EARLY("PR", "NE", "NE d28");
    LATE("NE", "NE", "NE d56"); /* NE | NE | NE */
}

TEST(without_confirmation_the_best_recorded_counts) {
    SAYS(BEST, "CR d56", .visits = "56 CR, 112 PD");
    SAYS(BEST, "PR d112", .visits = "56 SD, 112 PR, 168 SD");
    SAYS(BEST, "PD d42", .visits = "42 PD, 84 CR"); /* nothing counts after progression */
    SAYS(BEST, "no assessment", .visits = "");
    SAYS(BEST, "no assessment", .visits = "42 -");
}

/* Footnote a: "any disease seen at a subsequent time point ... makes the disease PD at that point"; "Under these
 * circumstances, the original CR should be changed to PR and the best response is PR." */
TEST(complete_then_partial_response) {
    SAYS(CONFIRMED, "SD d56", .visits = "56 CR, 112 PR, 168 PR");
    SAYS(BEST, "CR d56", .visits = "56 CR, 112 PR");
    SAYS(PFS, "event d112 progression", .visits = "56 CR, 112 PR");
    SAYS(CONFIRMED, "PR d56", .visits = "56 CR, 112 PR", .policies = "cr_then_pr=pr");
    SAYS(BEST, "PR d56", .visits = "56 CR, 112 PR", .policies = "cr_then_pr=pr");
    SAYS(PFS, "censored d112 last assessment", .visits = "56 CR, 112 PR", .policies = "cr_then_pr=pr");
    SAYS(PFS, "event d112 progression", .visits = "56 CR, 112 SD", .policies = "cr_then_pr=pr");
    SAYS(CONFIRMED, "SD d56", .visits = "56 CR, 112 PR", .policies = "cr_then_pr=recorded");
    SAYS(CONFIRMED, "PR d112", .visits = "56 CR, 112 PR, 168 PR", .policies = "cr_then_pr=recorded");
    course c = {.visits = "56 CR, 112 PR"};
    CHECK_TEXT(derive(&c)->rules[BFL_ENDPOINT_PFS], "endpoint.pfs endpoint.policy.cr_then_pr ");
    CHECK(strstr(c.rules[BFL_ENDPOINT_CONFIRMED], "endpoint.policy.cr_then_pr"));
    CHECK_TEXT(c.readings, "day 112: PR read as PD; ");
}

TEST(complete_between_partial_responses) {
    SAYS(CONFIRMED, "PR d56", .visits = "56 PR, 112 CR, 168 PR");
    SAYS(PFS, "event d168 progression", .visits = "56 PR, 112 CR, 168 PR");
    SAYS(BEST, "CR d112", .visits = "56 PR, 112 CR, 168 PR");
    SAYS(PFS, "censored d168 last assessment", .visits = "56 PR, 112 CR, 168 PR", .policies = "pr_cr_pr=pr");
    SAYS(BEST, "PR d56", .visits = "56 PR, 112 CR, 140 NE, 168 PR", .policies = "pr_cr_pr=pr");
    SAYS(PFS, "event d168 progression", .visits = "56 SD, 112 CR, 168 PR", .policies = "pr_cr_pr=pr");
}

TEST(stable_disease_between_partial_responses) {
    SAYS(CONFIRMED, "SD d40", .visits = "40 PR, 60 SD, 90 PR", .policies = "stable_minimum_days=30");
    SAYS(CONFIRMED, "PR d40", .visits = "40 PR, 60 SD, 90 PR", .policies = "confirmation_sd=yes");
    SAYS(CONFIRMED, "SD d42", .visits = "42 CR, 60 SD, 90 CR", .policies = "confirmation_sd=yes");
}

TEST(sticky_partial_response) {
    SAYS(CONFIRMED, "SD d56", .visits = "56 PR, 112 SD");
    SAYS(CONFIRMED, "PR d56", .visits = "56 PR, 112 SD", .policies = "sticky_pr=yes");
    SAYS(CONFIRMED, "SD d56", .visits = "56 SD, 112 PR, 168 PD", .policies = "sticky_pr=yes");
    SAYS(CONFIRMED, "SD d56", .visits = "56 PR, 112 PD, 168 SD", .policies = "sticky_pr=yes");
}

TEST(visits_that_cannot_be_evaluated_between) {
    SAYS(CONFIRMED, "PR d40", .visits = "40 PR, 60 NE, 90 PR");
    SAYS(CONFIRMED, "PR d40", .visits = "40 PR, 60 NE, 75 NE, 90 PR");
    SAYS(CONFIRMED, "PR d40", .visits = "40 PR, 60 NE, 90 PR", .policies = "confirmation_ne=1");
    SAYS(CONFIRMED, "SD d90", .visits = "40 PR, 60 NE, 75 NE, 90 PR", .policies = "confirmation_ne=1");
    SAYS(CONFIRMED, "SD d90", .visits = "40 PR, 60 NE, 90 PR", .policies = "confirmation_ne=0");
}

TEST(the_confirmation_window) {
    SAYS(CONFIRMED, "PR d56", .visits = "56 PR, 84 PR");
    SAYS(CONFIRMED, "SD d56", .visits = "56 PR, 83 PR");
    SAYS(CONFIRMED, "PR d56", .visits = "56 PR, 83 PR", .policies = "confirmation_minimum_days=27");
    SAYS(CONFIRMED, "PR d56", .visits = "56 PR, 140 PR", .policies = "confirmation_maximum_days=84");
    SAYS(CONFIRMED, "SD d56", .visits = "56 PR, 141 PR", .policies = "confirmation_maximum_days=84");
    /* two complete responses less than four weeks apart: neither confirms the other */
    SAYS(CONFIRMED, "SD d56", .visits = "56 CR, 77 CR");
    SAYS(CONFIRMED, "CR d56", .visits = "56 CR, 77 CR, 98 CR");
}

TEST(stable_disease_needs_its_minimum) {
    SAYS(BEST, "SD d42", .visits = "42 SD, 84 PD");
    SAYS(BEST, "PD d84", .visits = "41 SD, 84 PD");
    SAYS(BEST, "NE d41", .visits = "41 SD, 84 NE");
    SAYS(BEST, "SD d41", .visits = "41 SD, 84 PD", .policies = "stable_minimum_days=41");
    SAYS(BEST, "non-CR/non-PD d42", .visits = "42 non-CR/non-PD, 84 PD");
    SAYS(BEST, "SD d84", .visits = "42 non-CR/non-PD, 84 SD");
    course c = {.visits = "41 SD, 84 PD"};
    CHECK(strstr(derive(&c)->rules[BFL_ENDPOINT_BEST], "endpoint.policy.stable_minimum_days"));
}

/* Table 2 has no SD: what is left of a complete response that nothing confirms is non-CR/non-PD. */
TEST(complete_response_of_non_target_disease_only) {
    SAYS(CONFIRMED, "non-CR/non-PD d56", .visits = "56 CR, 112 PD", .without_targets = true);
    SAYS(CONFIRMED, "non-CR/non-PD d56", .visits = "56 CR", .without_targets = true);
    SAYS(CONFIRMED, "non-CR/non-PD d42", .visits = "42 non-CR/non-PD, 84 CR", .without_targets = true);
    SAYS(CONFIRMED, "PD d112", .visits = "28 CR, 112 PD", .without_targets = true);
    SAYS(CONFIRMED, "CR d56", .visits = "56 CR, 112 CR", .without_targets = true);
    SAYS(BEST, "CR d56", .visits = "56 CR, 112 PD", .without_targets = true);
    SAYS(CONFIRMED, "SD d56", .visits = "56 CR, 112 PD");
}

TEST(early_scans) {
    SAYS(BEST, "PD d14", .visits = "14 PD, 56 PR");
    SAYS(BEST, "PR d14", .visits = "14 PR, 56 PD");
    SAYS(BEST, "PD d14", .visits = "14 PD, 56 PR", .policies = "early_scan=keep_pd");
    SAYS(BEST, "PD d56", .visits = "14 PR, 56 PD", .policies = "early_scan=keep_pd");
    SAYS(BEST, "PR d56", .visits = "14 PD, 56 PR", .policies = "early_scan=ne");
    SAYS(BEST, "PR d42", .visits = "42 PR, 56 PD", .policies = "early_scan=ne");
    SAYS(BEST, "PD d56", .visits = "42 PR, 56 PD", .policies = "early_scan=ne early_scan_days=43");
}

TEST(unconfirmed_progression) {
    SAYS(BEST, "PD d56", .visits = "56 PDu");
    SAYS(PFS, "event d56 progression", .visits = "56 PDu, 84 NE");
    SAYS(BEST, "NE d56", .visits = "56 PDu", .policies = "pdu_last=ne");
    SAYS(PFS, "censored d42 last assessment", .visits = "42 SD, 84 PDu", .policies = "pdu_last=ne");
    /* confirmed: it was progression when it was first seen; refuted: it was not */
    SAYS(PFS, "event d56 progression", .visits = "56 PDu, 70 PDu, 84 PD", .policies = "pdu_last=ne");
    SAYS(BEST, "PR d84", .visits = "56 PDu, 84 PR");
}

TEST(missed_visits_as_not_evaluable) {
#define PLAN "visit_interval_days=42 missing_visits=ne confirmation_ne=0"
    SAYS(CONFIRMED, "PR d42", .visits = "42 PR, 91 PR", .policies = PLAN); /* within the window of a week */
    SAYS(CONFIRMED, "SD d42", .visits = "42 PR, 92 PR", .policies = PLAN);
    SAYS(CONFIRMED, "PR d42", .visits = "42 PR, 92 PR", .policies = PLAN " confirmation_ne=1");
    SAYS(CONFIRMED, "SD d42", .visits = "42 PR, 134 PR", .policies = PLAN " confirmation_ne=1");
    SAYS(CONFIRMED, "PR d42", .visits = "42 PR, 134 PR", .policies = "confirmation_ne=0 visit_interval_days=42");
    course c = {.visits = "42 PR, 134 PR", .policies = PLAN};
    CHECK_TEXT(derive(&c)->readings,
               "no assessment around day 84: read as NE; no assessment around day 126: read as NE; ");
}

TEST(yes_or_no) {
    SAYS(RESPONSE, "Y", .visits = "56 PR, 84 PR");
    SAYS(RESPONSE, "N", .visits = "56 PR, 84 SD");
    SAYS(RESPONSE, "Y", .visits = "56 PR, 84 SD", .policies = "response_basis=unconfirmed");
    SAYS(CONTROL, "Y", .visits = "56 SD");
    SAYS(CONTROL, "N", .visits = "28 SD");
    SAYS(CONTROL, "no assessment", .visits = "");
    SAYS(BENEFIT, "N", .visits = "56 SD, 167 SD");
    SAYS(BENEFIT, "Y", .visits = "56 SD, 168 SD");
    SAYS(BENEFIT, "Y", .visits = "56 SD, 112 SD", .policies = "clinical_benefit_days=112");
    SAYS(BENEFIT, "Y", .visits = "56 PR, 84 PR");
}

TEST_CASES(CASE(table_3), CASE(without_confirmation_the_best_recorded_counts), CASE(complete_then_partial_response),
           CASE(complete_between_partial_responses), CASE(stable_disease_between_partial_responses),
           CASE(sticky_partial_response), CASE(visits_that_cannot_be_evaluated_between), CASE(the_confirmation_window),
           CASE(stable_disease_needs_its_minimum), CASE(complete_response_of_non_target_disease_only),
           CASE(early_scans), CASE(unconfirmed_progression), CASE(missed_visits_as_not_evaluable), CASE(yes_or_no))
