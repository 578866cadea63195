/* SPDX-License-Identifier: Apache-2.0 */
/* The policies: names, choices, defaults from the rulebook, text form. What each means stands in rulebook/endpoint. */
#include "endpoint/course.h"

#include <stdio.h>
#include <string.h>

enum { MOST_CHOICES = 4, LARGEST = 99999 };

static const struct {
    const char *name;
    bfl_rule_index rule;
    const char *choices[MOST_CHOICES]; /* none: it takes a number */
    const char *unlimited;             /* the word for a negative number; NULL when there must be a limit */
} policies[BFL_POLICY_COUNT] = {
#define ROW(NAME, name, ...) [BFL_POLICY_##NAME] = {name, BFL_RULE_ENDPOINT_POLICY_##NAME, __VA_ARGS__}
    ROW(STABLE_MINIMUM_DAYS, "stable_minimum_days", {0}, NULL),
    ROW(CONFIRMATION_MINIMUM_DAYS, "confirmation_minimum_days", {0}, NULL),
    ROW(CONFIRMATION_MAXIMUM_DAYS, "confirmation_maximum_days", {0}, "none"),
    ROW(CONFIRMATION_NE, "confirmation_ne", {0}, "any"),
    ROW(CONFIRMATION_SD, "confirmation_sd", {"no", "yes"}, NULL),
    ROW(CR_THEN_PR, "cr_then_pr", {"pd", "pr", "recorded"}, NULL),
    ROW(PR_CR_PR, "pr_cr_pr", {"follow", "pr"}, NULL),
    ROW(STICKY_PR, "sticky_pr", {"no", "yes"}, NULL),
    ROW(PDU_LAST, "pdu_last", {"pd", "ne"}, NULL),
    ROW(EARLY_SCAN, "early_scan", {"as_read", "keep_pd", "ne"}, NULL),
    ROW(EARLY_SCAN_DAYS, "early_scan_days", {0}, NULL),
    ROW(VISIT_INTERVAL_DAYS, "visit_interval_days", {0}, "none"),
    ROW(VISIT_WINDOW_DAYS, "visit_window_days", {0}, NULL),
    ROW(MISSING_VISITS, "missing_visits", {"ignore", "ne"}, NULL),
    ROW(MISSED_PROGRESSION, "missed_progression", {"censor", "event"}, NULL),
    ROW(MISSED_LIMIT, "missed_limit", {0}, NULL),
    ROW(NEW_THERAPY, "new_therapy", {"censor", "event", "ignore"}, NULL),
    ROW(NEW_THERAPY_LOCAL, "new_therapy_local", {"ignore", "count"}, NULL),
    ROW(RESPONSE_BASIS, "response_basis", {"confirmed", "unconfirmed"}, NULL),
    ROW(CLINICAL_BENEFIT_DAYS, "clinical_benefit_days", {0}, NULL),
    ROW(DURATION, "duration", {"inclusive", "elapsed"}, NULL),
#undef ROW
};

static bool is_policy(bfl_policy policy) { return (unsigned)policy < BFL_POLICY_COUNT; }

const char *bfl_policy_name(bfl_policy policy) { return is_policy(policy) ? policies[policy].name : ""; }

const bfl_rule *bfl_policy_rule(const bfl_rulebook *rulebook, bfl_policy policy) {
    return is_policy(policy) ? bfl_rule_of(rulebook, policies[policy].rule) : NULL;
}

const char *bfl_policy_choice(bfl_policy policy, size_t index) {
    return is_policy(policy) && index < MOST_CHOICES ? policies[policy].choices[index] : NULL;
}

const char *bfl_policy_unlimited(bfl_policy policy) {
    return is_policy(policy) && policies[policy].unlimited ? policies[policy].unlimited : "";
}

/* A whole number of days, visits. */
static bool read_number(bfl_policy policy, bfl_decimal number, int32_t *out) {
    if (bfl_decimal_compare(number, bfl_decimal_of(LARGEST)) > 0) return false;
    bool negative = bfl_decimal_compare(number, bfl_decimal_of(0)) < 0;
    if (negative && !policies[policy].unlimited) return false;
    if (bfl_decimal_compare(number, bfl_decimal_round(number, 0)) != 0) return false;
    /* Within the largest and whole, so its double is exact. */
    *out = negative ? -1 : (int32_t)bfl_decimal_double(number);
    return true;
}

static bool read_value(bfl_policy policy, bfl_text value, int32_t *out) {
    for (int32_t i = 0; i < MOST_CHOICES && policies[policy].choices[i]; i++)
        if (bfl_text_equal(value, bfl_text_of(policies[policy].choices[i]))) {
            *out = i;
            return true;
        }
    if (policies[policy].choices[0]) return false;
    if (policies[policy].unlimited && bfl_text_equal(value, bfl_text_of(policies[policy].unlimited))) {
        *out = -1;
        return true;
    }
    bfl_decimal number;
    if (value.size == 0 || *value.data < '0' || *value.data > '9') return false;
    return bfl_decimal_parse(value, &number, NULL) == BFL_OK && read_number(policy, number, out);
}

/* "pd, pr or recorded", "a number or none" */
static void takes(bfl_policy policy, char *buffer, size_t size) {
    const char *const *choices = policies[policy].choices;
    size_t at = 0;
    buffer[0] = '\0';
    if (!choices[0])
        (void)snprintf(buffer, size, "a whole number%s%s", policies[policy].unlimited ? " or " : "",
                       bfl_policy_unlimited(policy));
    for (size_t i = 0; i < MOST_CHOICES && choices[i]; i++) {
        const char *joint = i == 0 ? "" : i + 1 < MOST_CHOICES && choices[i + 1] ? ", " : " or ";
        int written = snprintf(buffer + at, size - at, "%s%s", joint, choices[i]);
        at += written > 0 ? (size_t)written : 0;
    }
}

static bfl_status refuse(bfl_policy policy, bfl_text value, bfl_error *err) {
    char what[64];
    takes(policy, what, sizeof what);
    return bfl_fail(err, BFL_EPARSE, policies[policy].name, 0, "found '%.*s', it takes %s",
                    (int)(value.size < sizeof what ? value.size : sizeof what), value.data, what);
}

bfl_status bfl_endpoint_options_set(bfl_endpoint_options *options, bfl_text name_and_value, bfl_error *err) {
    if (!options) return bfl_fail(err, BFL_EINVAL, "options", 0, "options are needed");
    bfl_text value = name_and_value;
    bfl_text name = bfl_text_split(&value, '=');
    for (int i = 0; i < BFL_POLICY_COUNT; i++) {
        if (!bfl_text_equal(name, bfl_text_of(policies[i].name))) continue;
        return read_value((bfl_policy)i, value, &options->policies[i]) ? BFL_OK : refuse((bfl_policy)i, value, err);
    }
    return bfl_fail(err, BFL_ENOTFOUND, "policy", 0, "there is no policy '%.*s'",
                    (int)(name.size < 64 ? name.size : 64), name.data);
}

bfl_status bfl_endpoint_options_init(const bfl_rulebook *rulebook, bfl_endpoint_options *out, bfl_error *err) {
    if (!rulebook || !out) return bfl_fail(err, BFL_EINVAL, "options", 0, "a rulebook and options are needed");
    bfl_endpoint_options options = {.struct_size = sizeof options};
    for (int i = 0; i < BFL_POLICY_COUNT; i++) {
        const bfl_rule *rule = bfl_rule_of(rulebook, policies[i].rule);
        const bfl_parameter *word = bfl_rule_parameter_at(rulebook, rule, BFL_KEY_DEFAULT);
        const bfl_parameter *number = bfl_rule_parameter_at(rulebook, rule, BFL_KEY_DEFAULT_DAYS);
        if (!number) number = bfl_rule_parameter_at(rulebook, rule, BFL_KEY_DEFAULT_COUNT);
        bool good = word ? read_value((bfl_policy)i, bfl_text_of(word->text), &options.policies[i])
                         : number && read_number((bfl_policy)i, number->number, &options.policies[i]);
        if (!good) return refuse((bfl_policy)i, bfl_text_of(word ? word->text : number ? number->text : ""), err);
    }
    *out = options;
    return BFL_OK;
}

size_t bfl_endpoint_options_format(const bfl_endpoint_options *options, bfl_policy policy, char *buffer, size_t size) {
    if (size) buffer[0] = '\0';
    if (!is_policy(policy)) return 0;
    int32_t value = options->policies[policy];
    const char *word = value < 0 ? bfl_policy_unlimited(policy) : bfl_policy_choice(policy, (size_t)value);
    int written = word ? snprintf(buffer, size, "%s=%s", policies[policy].name, word)
                       : snprintf(buffer, size, "%s=%d", policies[policy].name, (int)value);
    return written > 0 ? (size_t)written : 0;
}
