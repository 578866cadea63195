/* SPDX-License-Identifier: Apache-2.0 */
/* Controlled terms of CDISC: found whatever their case, in their own list only, and every word they mean is one of the record's. */
#include "test.h"

#include "terms/tables.h"

static const char *means(const char *list, const char *term) {
    const bfl_cdisc_term *t = bfl_cdisc_find(list, bfl_text_of(term));
    return t ? t->means : "(none)";
}

TEST(terms_are_found) {
    CHECK_TEXT(means("role", "NON-TARGET"), "non_target");
    CHECK_TEXT(means("role", "New Target"), "new");
    CHECK_TEXT(means("method", "ct scan"), "ct");
    CHECK_TEXT(means("location", "L3 VERTEBRA"), "bone");
    CHECK_TEXT(means("location", "AXILLARY LYMPH NODE"), "lymph_node");
    CHECK_TEXT(means("state", "TOO SMALL TO MEASURE"), "too_small");
    CHECK_TEXT(means("response", "PDu"), "");
    CHECK_TEXT(means("response", "PSEUDOPROGRESSION"), "");
    CHECK_TEXT(means("lab", "ALPBS"), "BALP");
    CHECK_TEXT(bfl_cdisc_find("property", BFL_TEXT("BNLNUM"))->code, "C132463");
}

TEST(others_are_not) {
    CHECK_TEXT(means("response", "CHECK"), "(none)");
    CHECK_TEXT(means("role", "CT SCAN"), "(none)");
    CHECK_TEXT(means("role", "TARGE"), "(none)");
    CHECK_TEXT(means("role", "TARGETS"), "(none)");
    CHECK_TEXT(means("role", ""), "(none)");
    CHECK_TEXT(means("nothing", "TARGET"), "(none)");
}

static bool is_word(const bfl_cdisc_term *t) {
    bfl_text change = bfl_text_of(t->means), word = bfl_text_split(&change, ';');
    bfl_role role;
    bfl_modality modality;
    bfl_organ organ;
    bfl_lesion_state state;
    bfl_change changed;
    if (strcmp(t->list, "role") == 0) return bfl_role_parse(word, &role);
    if (strcmp(t->list, "method") == 0) return bfl_modality_parse(word, &modality);
    if (strcmp(t->list, "location") == 0) return bfl_organ_parse(word, &organ);
    if (strcmp(t->list, "lab") == 0) return bfl_analyte_find(word) != NULL;
    if (strcmp(t->list, "state") != 0) return true;
    return bfl_lesion_state_parse(word, &state) && (!change.size || bfl_change_parse(change, &changed));
}

TEST(every_term_means_a_word) {
    CHECK(bfl_builtin_cdisc_count > 400);
    for (size_t i = 0; i < bfl_builtin_cdisc_count; i++) {
        const bfl_cdisc_term *t = &bfl_builtin_cdisc[i];
        CHECK(bfl_cdisc_find(t->list, bfl_text_of(t->term)) == t);
        if (!is_word(t)) CHECK_TEXT(t->term, "a term that means a word of the record");
    }
}

/* What is written for a word is read as that word. */
static void check_written(const char *list, const char *word) {
    const char *term = bfl_cdisc_written(list, word);
    CHECK(term[0]);
    CHECK_TEXT(means(list, term), word);
}

TEST(every_word_has_a_term_that_is_written) {
    for (int i = 1; i < BFL_ROLE_COUNT; i++) check_written("role", bfl_role_word((bfl_role)i));
    for (int i = 1; i < BFL_MODALITY_COUNT; i++) check_written("method", bfl_modality_word((bfl_modality)i));
    for (int i = 1; i < BFL_ORGAN_COUNT; i++)
        if (i != BFL_ORGAN_OTHER) check_written("location", bfl_organ_word((bfl_organ)i));
    for (int i = 1; i < BFL_LESION_COUNT; i++)
        if (i != BFL_LESION_MEASURED) check_written("state", bfl_lesion_state_word((bfl_lesion_state)i));
    CHECK_TEXT(bfl_cdisc_written("state", "present;larger"), "INCREASED");
    CHECK_TEXT(bfl_cdisc_written("location", "other"), "");
    CHECK_TEXT(bfl_cdisc_written("role", "no such word"), "");
}

TEST_CASES(CASE(every_word_has_a_term_that_is_written), CASE(terms_are_found), CASE(others_are_not),
           CASE(every_term_means_a_word))
