/* SPDX-License-Identifier: Apache-2.0 */
/* Policies: the code and the rulebook agree, and the text form reads what it writes. */
#include "test.h"

#include "endpoint/endpoint.h"

static bfl_rulebook *book(const char *overlay) {
    bfl_rulebook *rulebook = NULL;
    CHECK(bfl_rulebook_open(bfl_text_of(overlay), &rulebook, NULL) == BFL_OK);
    return rulebook;
}

TEST(the_rulebook_lists_the_same_choices) {
    bfl_rulebook *rulebook = book("");
    for (int i = 0; i < BFL_POLICY_COUNT; i++) {
        bfl_policy policy = (bfl_policy)i;
        const bfl_rule *rule = bfl_policy_rule(rulebook, policy);
        char id[64], choices[96] = "";
        (void)snprintf(id, sizeof id, "endpoint.policy.%s", bfl_policy_name(policy));
        CHECK_TEXT(rule->id, id);
        size_t at = 0;
        for (size_t k = 0; bfl_policy_choice(policy, k); k++)
            at +=
                (size_t)snprintf(choices + at, sizeof choices - at, "%s%s", k ? " " : "", bfl_policy_choice(policy, k));
        const bfl_parameter *listed = bfl_rule_parameter(rule, "choices");
        const bfl_parameter *unlimited = bfl_rule_parameter(rule, "unlimited");
        CHECK_TEXT(listed ? listed->text : "", choices);
        CHECK_TEXT(unlimited ? unlimited->text : "", bfl_policy_unlimited(policy));
    }
    CHECK_TEXT(bfl_policy_name(BFL_POLICY_COUNT), "");
    CHECK(bfl_policy_rule(rulebook, BFL_POLICY_COUNT) == NULL);
    CHECK(bfl_policy_choice(BFL_POLICY_COUNT, 0) == NULL);
    bfl_rulebook_free(rulebook);
}

TEST(defaults_of_the_rulebook) {
    bfl_rulebook *rulebook = book("");
    bfl_endpoint_options options;
    CHECK(bfl_endpoint_options_init(rulebook, &options, NULL) == BFL_OK);
    const char *const expected[BFL_POLICY_COUNT] = {"stable_minimum_days=42",
                                                    "confirmation_minimum_days=28",
                                                    "confirmation_maximum_days=none",
                                                    "confirmation_ne=any",
                                                    "confirmation_sd=no",
                                                    "cr_then_pr=pd",
                                                    "pr_cr_pr=follow",
                                                    "sticky_pr=no",
                                                    "pdu_last=pd",
                                                    "early_scan=as_read",
                                                    "early_scan_days=42",
                                                    "visit_interval_days=none",
                                                    "visit_window_days=7",
                                                    "missing_visits=ignore",
                                                    "missed_progression=censor",
                                                    "missed_limit=2",
                                                    "new_therapy=censor",
                                                    "new_therapy_local=ignore",
                                                    "response_basis=confirmed",
                                                    "clinical_benefit_days=168",
                                                    "duration=inclusive"};
    for (int i = 0; i < BFL_POLICY_COUNT; i++) {
        char text[64];
        (void)bfl_endpoint_options_format(&options, (bfl_policy)i, text, sizeof text);
        CHECK_TEXT(text, expected[i]);
        options.policies[i] = -2;
        CHECK(bfl_endpoint_options_set(&options, bfl_text_of(text), NULL) == BFL_OK);
        (void)bfl_endpoint_options_format(&options, (bfl_policy)i, text, sizeof text);
        CHECK_TEXT(text, expected[i]);
    }
    bfl_rulebook_free(rulebook);
}

TEST(an_overlay_changes_a_default) {
    bfl_rulebook *rulebook = book("{\"endpoint.policy.cr_then_pr\": {\"default\": \"pr\"},"
                                  "\"endpoint.policy.confirmation_minimum_days\": {\"default_days\": 35}}");
    bfl_endpoint_options options;
    CHECK(bfl_endpoint_options_init(rulebook, &options, NULL) == BFL_OK);
    CHECK_INT(options.policies[BFL_POLICY_CONFIRMATION_MINIMUM_DAYS], 35);
    CHECK_INT(options.policies[BFL_POLICY_CR_THEN_PR], 1);
    bfl_rulebook_free(rulebook);
    const char *const bad[] = {"{\"endpoint.policy.cr_then_pr\": {\"default\": \"maybe\"}}",
                               "{\"endpoint.policy.missed_limit\": {\"default_count\": -1}}",
                               "{\"endpoint.policy.stable_minimum_days\": {\"default_days\": 41.5}}",
                               "{\"endpoint.policy.stable_minimum_days\": {\"default_days\": 100000}}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        rulebook = book(bad[i]);
        bfl_error err = {0};
        options.policies[0] = 77;
        CHECK(bfl_endpoint_options_init(rulebook, &options, &err) == BFL_EPARSE);
        CHECK(strstr(err.message, "it takes"));
        CHECK_INT(options.policies[0], 77);
        bfl_rulebook_free(rulebook);
    }
}

static void refused(const char *text, bfl_status status, const char *message) {
    bfl_endpoint_options options = {.struct_size = sizeof options}, before = options;
    bfl_error err = {0};
    CHECK_INT(bfl_endpoint_options_set(&options, bfl_text_of(text), &err), status);
    CHECK_TEXT(err.message, message);
    CHECK(memcmp(&options, &before, sizeof options) == 0);
}

TEST(wrong_policies_are_refused) {
    refused("sticky=yes", BFL_ENOTFOUND, "there is no policy 'sticky'");
    refused("", BFL_ENOTFOUND, "there is no policy ''");
    refused("cr_then_pr", BFL_EPARSE, "found '', it takes pd, pr or recorded");
    refused("cr_then_pr=PD", BFL_EPARSE, "found 'PD', it takes pd, pr or recorded");
    refused("sticky_pr=1", BFL_EPARSE, "found '1', it takes no or yes");
    refused("confirmation_ne=some", BFL_EPARSE, "found 'some', it takes a whole number or any");
    refused("confirmation_ne=-1", BFL_EPARSE, "found '-1', it takes a whole number or any");
    refused("stable_minimum_days=none", BFL_EPARSE, "found 'none', it takes a whole number");
    refused("stable_minimum_days=6.5", BFL_EPARSE, "found '6.5', it takes a whole number");
    refused("stable_minimum_days=100000", BFL_EPARSE, "found '100000', it takes a whole number");
    refused("stable_minimum_days= 6", BFL_EPARSE, "found ' 6', it takes a whole number");
    CHECK_INT(bfl_endpoint_options_set(NULL, BFL_TEXT("sticky_pr=no"), NULL), BFL_EINVAL);
}

TEST_CASES(CASE(the_rulebook_lists_the_same_choices), CASE(defaults_of_the_rulebook),
           CASE(an_overlay_changes_a_default), CASE(wrong_policies_are_refused))
