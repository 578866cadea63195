/* SPDX-License-Identifier: Apache-2.0 */
/* The overlay: what it may change, what it must refuse, and that the hash says so. */
#include "rules/rules.h"
#include "test.h"

/* The first rule with a number, or with a text, that an overlay may set: tests do not depend on any one rule. */
static const bfl_rule *rule_with(const bfl_rulebook *book, bool numeric, const bfl_parameter **parameter) {
    for (size_t i = 0; i < bfl_rulebook_count(book); i++) {
        const bfl_rule *rule = bfl_rulebook_at(book, i);
        if (strncmp(rule->id, "scale.", 6) == 0 || strncmp(rule->id, "dose.", 5) == 0) continue;
        for (size_t p = 0; p < rule->parameter_count; p++)
            if (rule->parameters[p].numeric == numeric) {
                *parameter = &rule->parameters[p];
                return rule;
            }
    }
    return NULL;
}

static bfl_status open_text(const char *overlay, bfl_rulebook **out, bfl_error *err) {
    return bfl_rulebook_open(bfl_text_of(overlay), out, err);
}

TEST(built_in) {
    bfl_rulebook *a = NULL, *b = NULL;
    CHECK_INT(open_text("", &a, NULL), BFL_OK);
    CHECK_INT(open_text("{}", &b, NULL), BFL_OK);
    CHECK_INT(strlen(bfl_rulebook_sha256(a)), 64);
    CHECK_TEXT(bfl_rulebook_sha256(a), bfl_rulebook_sha256(b));
    CHECK_TEXT(bfl_rulebook_version(a), "2026.11");
    for (size_t i = 0; i < bfl_rulebook_count(a); i++) {
        const bfl_rule *rule = bfl_rulebook_at(a, i);
        CHECK(bfl_rulebook_find(a, rule->id) == rule);
        CHECK(!rule->overridden);
        for (size_t s = 0; s < rule->source_count; s++) CHECK(bfl_citation_find(rule->sources[s]));
    }
    CHECK(!bfl_rulebook_at(a, bfl_rulebook_count(a)));
    CHECK(!bfl_rulebook_find(a, "no.such.rule"));
    CHECK(!bfl_rulebook_find(a, NULL));
    CHECK(!bfl_citation_find("nobody1900"));
    CHECK(bfl_citation_find("shi2021"));
    bfl_rulebook_free(a);
    bfl_rulebook_free(b);
}

TEST(number_set) {
    bfl_rulebook *a = NULL, *b = NULL, *c = NULL;
    const bfl_parameter *number = NULL;
    CHECK_INT(open_text("", &a, NULL), BFL_OK);
    const bfl_rule *rule = rule_with(a, true, &number);
    CHECK(rule);
    if (!rule) return;
    char overlay[400];
    (void)snprintf(overlay, sizeof overlay, "{\"%s\": {\"%s\": 12345.678901234567}}", rule->id, number->key);
    CHECK_INT(open_text(overlay, &b, NULL), BFL_OK);
    CHECK(strcmp(bfl_rulebook_sha256(a), bfl_rulebook_sha256(b)) != 0);
    const bfl_rule *changed = bfl_rulebook_find(b, rule->id);
    CHECK(changed->overridden);
    CHECK_DECIMAL(bfl_rule_parameter(changed, number->key)->number, "12345.678901234567");
    CHECK_DECIMAL(bfl_rule_value(changed, number->key).value, "12345.678901234567");
    bool seen = false;
    for (int i = 0; i < (int)BFL_NUM_COUNT; i++)
        seen |= bfl_decimal_compare(bfl_rule_number(b, (bfl_number_index)i),
                                    bfl_rule_parameter(changed, number->key)->number) == 0;
    CHECK(seen); /* by index as well as by key */
    /* The built-in value, written with more zeros, is no change. */
    (void)snprintf(overlay, sizeof overlay, "{\"%s\": {\"%s\": %s}}", rule->id, number->key, number->text);
    CHECK_INT(open_text(overlay, &c, NULL), BFL_OK);
    CHECK_TEXT(bfl_rulebook_sha256(a), bfl_rulebook_sha256(c));
    CHECK(!bfl_rulebook_find(c, rule->id)->overridden);
    bfl_rulebook_free(a);
    bfl_rulebook_free(b);
    bfl_rulebook_free(c);
}

typedef struct refused {
    const char *overlay;
    bfl_status status;
    unsigned line;
    const char *says;
} refused;

TEST(refused_overlays) {
    static const refused cases[] = {
        {"{", BFL_EPARSE, 0, "not strict JSON"},
        {"{} {}", BFL_EPARSE, 0, "not strict JSON"},
        {"\xff", BFL_EPARSE, 0, "not strict JSON"},
        {"{'a': 1}", BFL_EPARSE, 0, "not strict JSON"},
        {"{\"a\": {\"b\": 01}}", BFL_EPARSE, 0, "not strict JSON"},
        {"[]", BFL_EPARSE, 1, "is not what an overlay holds"},
        {"25", BFL_EPARSE, 1, "is not what an overlay holds"},
        {"{\n\n\"no.rule\": 25}", BFL_EPARSE, 3, "is not what an overlay holds"},
        {"{\"no.rule\": {}}", BFL_ENOTFOUND, 1, "there is no rule 'no.rule'"},
        {"{\"a\": {}, \"a\": {}}", BFL_EPARSE, 0, "the key 'a' is there twice"},
        {"{\"a\": {\"b\": {\"c\": {\"d\": 1}}}}", BFL_EPARSE, 0, "over a limit"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bfl_rulebook *book = NULL;
        bfl_error err = {0};
        CHECK_INT(open_text(cases[i].overlay, &book, &err), cases[i].status);
        CHECK(!book);
        CHECK_INT(err.line, cases[i].line);
        if (!strstr(err.message, cases[i].says)) CHECK_TEXT(err.message, cases[i].says);
        bfl_rulebook_free(book);
    }
}

/* Opens `{"<rule>": {"<key>": <value>}}` and expects a refusal. */
static void check_refused(const char *rule, const char *key, const char *value, bfl_status status, const char *says) {
    char overlay[500];
    bfl_rulebook *book = NULL;
    bfl_error err = {0};
    (void)snprintf(overlay, sizeof overlay, "{\"%s\":\n {\"%s\": %s}}", rule, key, value);
    CHECK_INT(open_text(overlay, &book, &err), status);
    CHECK(!book);
    CHECK_INT(err.line, 2);
    if (!strstr(err.message, says)) CHECK_TEXT(err.message, says);
}

TEST(refused_values) {
    bfl_rulebook *book = NULL;
    const bfl_parameter *number = NULL, *text = NULL;
    CHECK_INT(open_text("", &book, NULL), BFL_OK);
    const bfl_rule *a = rule_with(book, true, &number), *b = rule_with(book, false, &text);
    CHECK(a && b);
    if (!a || !b) return;
    check_refused(a->id, "no_such_percent", "1", BFL_ENOTFOUND, "has no parameter 'no_such_percent'");
    check_refused(a->id, number->key, "\"25\"", BFL_EPARSE, "is a number");
    check_refused(a->id, number->key, "null", BFL_EPARSE, "is a number");
    check_refused(a->id, number->key, "true", BFL_EPARSE, "is a number");
    check_refused(a->id, number->key, "[25]", BFL_EPARSE, "is a number");
    check_refused(a->id, number->key, "1.2345678901234567890", BFL_EPARSE, "more than 18 digits");
    check_refused(b->id, text->key, "25", BFL_EPARSE, "is a text");
    check_refused(b->id, text->key, "\"a\\nb\"", BFL_EPARSE, "is a text on one line");
    bfl_rulebook_free(book);
}

TEST(fixed_rules) {
    check_refused("scale.alp_jscc", "to_default_factor", "0.36", BFL_ENOTSUP, "an overlay cannot change it");
    bfl_rulebook *book = NULL;
    CHECK_INT(open_text("", &book, NULL), BFL_OK);
    CHECK_DECIMAL(bfl_rule_value(bfl_rulebook_find(book, "scale.alp_jscc"), "to_default_factor").value, "0.35");
    CHECK(!bfl_rule_value(bfl_rulebook_find(book, "scale.alp_jscc"), "method").present); /* a text */
    CHECK(!bfl_rule_value(NULL, "method").present);
    CHECK(bfl_rule_named(book, "scale.", "ALP_JSCC") == bfl_rulebook_find(book, "scale.alp_jscc"));
    CHECK(!bfl_rule_named(book, "scale.", "nothing"));
    CHECK(bfl_rule_of(book, BFL_RULE_SCALE_ALP_JSCC) == bfl_rulebook_find(book, "scale.alp_jscc"));
    CHECK_INT(bfl_rule_days(book, BFL_NUM_SCALE_ALP_JSCC__USUAL_U_L_HIGH), 322);
    CHECK_TEXT(bfl_rule_words(book, BFL_TXT_SCALE_ALP_JSCC__METHOD), "JSCC");
    CHECK(fabs(bfl_rule_double(book, BFL_NUM_SCALE_ALP_JSCC__TO_DEFAULT_FACTOR) - 0.35) < 1e-15);
    bfl_rulebook_free(book);
}

static void check_file(const char *content, bfl_status status, const char *says) {
    const char *path = "overlay_test.json";
    bfl_rulebook *book = NULL;
    bfl_error err = {0};
    CHECK_INT(bfl_file_write(path, bfl_text_of(content), true, NULL), BFL_OK);
    CHECK_INT(bfl_rulebook_open_file(path, &book, &err), status);
    if (status) CHECK_TEXT(err.where, path);
    if (!strstr(err.message, says)) CHECK_TEXT(err.message, says);
    bfl_rulebook_free(book);
    (void)remove(path);
}

TEST(files) {
    check_file("{}\n", BFL_OK, "");
    check_file(" \n", BFL_EPARSE, "the overlay is empty");
    check_file("{\"no.rule\": {}}", BFL_ENOTFOUND, "there is no rule");
    bfl_rulebook *book = NULL;
    CHECK_INT(bfl_rulebook_open_file("/no/such/overlay.json", &book, NULL), BFL_ENOTFOUND);
    CHECK_INT(bfl_rulebook_open_file(".", &book, NULL), BFL_EIO);
    CHECK(!book);
    CHECK_INT(bfl_rulebook_open_file(NULL, &book, NULL), BFL_OK);
    bfl_rulebook_free(book);
}

TEST(out_of_memory) {
    for (int64_t n = 1; n < 100000; n++) {
        bfl_rulebook *book = NULL;
        bfl_memory_fail_at(n);
        bfl_status status = open_text("{}", &book, NULL);
        bfl_memory_fail_at(0);
        if (status == BFL_OK) {
            CHECK(n > 1);
            bfl_rulebook_free(book);
            return;
        }
        CHECK_INT(status, BFL_ENOMEM);
        CHECK(!book);
    }
    bool enough_memory = false;
    CHECK(enough_memory);
}

TEST_CASES(CASE(built_in), CASE(number_set), CASE(refused_overlays), CASE(refused_values), CASE(fixed_rules),
           CASE(files), CASE(out_of_memory))
