/* SPDX-License-Identifier: Apache-2.0 */
/* The graphs of the rulebook are well formed: every name in them means something, and no sentence stops a drug. */
#include "test.h"
#include "workup/plan.h"

static bfl_rulebook *open_book(void) {
    bfl_rulebook *book = NULL;
    CHECK_INT(bfl_rulebook_open(bfl_text_of(""), &book, NULL), BFL_OK);
    return book;
}

typedef void (*visitor)(const bfl_node *nodes, size_t count, const bfl_rule *rule);

static size_t visit(const char *prefix, visitor each) {
    bfl_rulebook *book = open_book();
    size_t count = 0;
    const bfl_node *nodes = bfl_rules_graph(book, prefix, &count);
    for (size_t i = 0; i < count; i++) {
        int before = test_failures;
        each(nodes, count, nodes[i].rule);
        if (test_failures != before) printf("# in %s\n", nodes[i].rule->id);
    }
    bfl_rulebook_free(book);
    return count;
}

/* With an arena and the book for one question. */
static bool when_known(const char *conditions) {
    bfl_rulebook *book = open_book();
    bfl_arena *arena = bfl_arena_new();
    bool known = bfl_workup_when_known(arena, book, conditions);
    bfl_arena_free(arena);
    bfl_rulebook_free(book);
    return known;
}

static void words_known(const bfl_node *nodes, size_t count, const bfl_rule *rule) {
    (void)nodes;
    (void)count;
    CHECK(*bfl_workup_words(rule, "when"));
    CHECK(when_known(bfl_workup_words(rule, "when")));
    CHECK(when_known(bfl_workup_words(rule, "who")));
    CHECK(when_known(bfl_workup_words(rule, "note_when")));
    CHECK(bfl_workup_detector_known(bfl_workup_words(rule, "done_by")));
    CHECK(bfl_rule_value(rule, "priority").present);
    CHECK(*bfl_workup_words(rule, "action_text"));
    CHECK(*bfl_workup_words(rule, "patient_text"));
    CHECK(bfl_rule_parameter(rule, "changes_text"));
    CHECK(!bfl_rule_value(rule, "not_before_days").present || bfl_rule_value(rule, "within_days").present);
    const char *since = "raise, finding, after_finding, question, scan, progression, therapy, paget_evaluation, ever";
    const char *from =
        "now, ready, raise, finding, question, scan, progression, therapy, paget_evaluation, bone_imaging, "
        "last:ALP, last:imaging, last:own, last:amylase";
    if (*bfl_workup_words(rule, "since")) CHECK(bfl_workup_listed(since, bfl_workup_words(rule, "since")));
    if (*bfl_workup_words(rule, "from")) CHECK(bfl_workup_listed(from, bfl_workup_words(rule, "from")));
}

TEST(every_word_of_the_graph_means_something) {
    CHECK(visit("workup.alp.", words_known) >= 30);
    CHECK(visit("workup.step.", words_known) >= 25);
    CHECK(!when_known("alp_high, moonlight"));
    CHECK(!when_known("moon.light"));
    CHECK(!when_known("alp_high,,cancer"));
    CHECK(!bfl_workup_detector_known("lab:GGT, moon:light"));
    CHECK(!bfl_workup_detector_known("lab"));
}

/* Edges lead to nodes earlier in the order, so the graph has no circle and one walk settles it. */
static void edges_lead_back(const bfl_node *nodes, size_t count, const bfl_rule *rule) {
    char after[512];
    (void)snprintf(after, sizeof after, "%s", bfl_workup_words(rule, "after"));
    for (char *c = after; *c; c++)
        if (*c == '|') *c = ',';
    bfl_text rest = bfl_text_of(after);
    while (rest.size) {
        bfl_text name = bfl_text_trim(bfl_text_split(&rest, ','));
        bool earlier = false;
        for (size_t i = 0; i < count && nodes[i].rule != rule; i++)
            earlier = earlier || bfl_text_equal(bfl_text_of(strrchr(nodes[i].rule->id, '.') + 1), name);
        CHECK(earlier);
    }
    const char *same = bfl_workup_words(rule, "same_as");
    bfl_rulebook *book = open_book();
    CHECK(!*same || bfl_rulebook_find(book, same));
    bfl_rulebook_free(book);
}

TEST(edges_lead_to_earlier_nodes) {
    (void)visit("workup.alp.", edges_lead_back);
    (void)visit("workup.step.", edges_lead_back);
}

static void drug_goes_on(const bfl_node *nodes, size_t count, const bfl_rule *rule) {
    static const char *const forbidden[] = {"stop ", "stopped", "discontinue", "switch", "withdraw"};
    (void)nodes;
    (void)count;
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
        CHECK(!bfl_workup_contains(bfl_workup_words(rule, "action_text"), forbidden[i]));
        CHECK(!bfl_workup_contains(bfl_workup_words(rule, "patient_text"), forbidden[i]));
        CHECK(!bfl_workup_contains(bfl_workup_words(rule, "changes_text"), forbidden[i]));
    }
}

TEST(no_sentence_stops_a_drug) {
    (void)visit("workup.alp.", drug_goes_on);
    (void)visit("workup.step.", drug_goes_on);
}

/* A condition has a row that tells it, and a row of conditions has its condition, in one table. */
TEST(conditions_and_rows_agree) {
    bfl_rulebook *book = open_book();
    const bfl_rule *rows;
    size_t count = bfl_rules_with_prefix(book, "workup.when.", &rows);
    CHECK_INT(count, BFL_WORKUP_CONDITIONS);
    CHECK(rows == bfl_rule_of(book, BFL_RULE_WORKUP_WHEN_ADVANCED));
    for (size_t i = 0; i < count; i++) {
        int tables = (bfl_workup_alp_conditions[i] != NULL) + (bfl_workup_bone_conditions[i] != NULL) +
                     (bfl_workup_tumour_conditions[i] != NULL);
        const char *name = rows[i].id + strlen("workup.when.");
        char family[96];
        (void)snprintf(family, sizeof family, "%s.x", name);
        CHECK_INT(tables, when_known(family) ? 0 : 1);
        CHECK(when_known(name) != when_known(family));
        if (tables) CHECK(*bfl_workup_words(&rows[i], "yes_text") && *bfl_workup_words(&rows[i], "no_text"));
        if (!when_known(name) && !when_known(family)) printf("# row %s has no condition\n", rows[i].id);
    }
    bfl_rulebook_free(book);
}

/* Analytes that detectors and conditions name are known, but for tests that the program has no analyte for. */
static void analytes_known(const bfl_node *nodes, size_t count, const bfl_rule *rule) {
    (void)nodes;
    (void)count;
    bfl_text rest = bfl_text_of(bfl_workup_words(rule, "done_by"));
    while (rest.size) {
        bfl_text group = bfl_text_split(&rest, ',');
        while (group.size) {
            bfl_text word = bfl_text_trim(bfl_text_split(&group, '|'));
            bfl_text kind = bfl_text_split(&word, ':');
            if (!bfl_text_equal(kind, BFL_TEXT("lab"))) continue;
            char name[32] = "";
            (void)snprintf(name, sizeof name, "%.*s", (int)word.size, word.data);
            bool known = bfl_analyte_find(word) || bfl_workup_listed("AMA, HIV, PCT, DPD", name);
            CHECK(known);
            if (!known) printf("# analyte %s\n", name);
        }
    }
}

TEST(analytes_of_the_graph_are_known) {
    (void)visit("workup.alp.", analytes_known);
    (void)visit("workup.step.", analytes_known);
}

TEST_CASES(CASE(every_word_of_the_graph_means_something), CASE(edges_lead_to_earlier_nodes),
           CASE(no_sentence_stops_a_drug), CASE(conditions_and_rows_agree), CASE(analytes_of_the_graph_are_known))
