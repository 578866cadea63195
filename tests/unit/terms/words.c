/* SPDX-License-Identifier: Apache-2.0 */
#include "terms/terms.h"
#include "test.h"

TEST(there_and_back) {
    bfl_modality modality = BFL_MODALITY_NONE;
    for (int i = 0; i < (int)BFL_MODALITY_COUNT; i++) {
        CHECK(bfl_modality_parse(bfl_text_of(bfl_modality_word((bfl_modality)i)), &modality));
        CHECK_INT(modality, i);
    }
    bfl_lesion_state state = BFL_LESION_NONE;
    for (int i = 0; i < (int)BFL_LESION_COUNT; i++) {
        CHECK(bfl_lesion_state_parse(bfl_text_of(bfl_lesion_state_word((bfl_lesion_state)i)), &state));
        CHECK_INT(state, i);
    }
    CHECK_TEXT(bfl_organ_word(BFL_ORGAN_NODE), "lymph_node");
    CHECK_TEXT(bfl_intent_word(BFL_INTENT_BONE_AGENT), "bone_agent");
    CHECK_TEXT(bfl_said_word(BFL_SAID_YES), "yes");
    CHECK_TEXT(bfl_role_word((bfl_role)99), "");
}

TEST(spellings) {
    bfl_role role = BFL_ROLE_TARGET;
    CHECK(bfl_role_parse(bfl_text_of(" Non-Target "), &role));
    CHECK_INT(role, BFL_ROLE_NON_TARGET);
    CHECK(bfl_role_parse(bfl_text_of("non target"), &role));
    CHECK_INT(role, BFL_ROLE_NON_TARGET);
    CHECK(bfl_role_parse(bfl_text_of(""), &role));
    CHECK_INT(role, BFL_ROLE_NONE);
    role = BFL_ROLE_NEW;
    CHECK(!bfl_role_parse(bfl_text_of("nontarget"), &role));
    CHECK(!bfl_role_parse(bfl_text_of("targets"), &role));
    CHECK_INT(role, BFL_ROLE_NEW); /* untouched */
    bfl_uptake uptake = BFL_UPTAKE_NONE;
    CHECK(bfl_uptake_parse(bfl_text_of("none"), &uptake));
    CHECK_INT(uptake, BFL_UPTAKE_ABSENT);
}

static bfl_status texts(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context, (void)err;
    CHECK_TEXT(bfl_terms_choices(arena, "role"), "target, non_target or new");
    CHECK_TEXT(bfl_terms_choices(arena, "said"), "no or yes");
    CHECK(strstr(bfl_terms_choices(arena, "change"), "larger, smaller"));
    CHECK_TEXT(bfl_terms_choices(arena, "nothing"), "");
    CHECK_TEXT(bfl_changes_text(arena, BFL_CHANGE_LARGER | BFL_CHANGE_DENSER), "larger;denser");
    CHECK_TEXT(bfl_changes_text(arena, 0), "");
    return BFL_OK;
}

TEST(changes) {
    bfl_change change = BFL_CHANGE_NONE;
    CHECK(bfl_change_parse(bfl_text_of("sclerotic rim"), &change));
    CHECK_INT(change, BFL_CHANGE_RIM);
    CHECK(bfl_change_parse(bfl_text_of("more_numerous"), &change));
    CHECK_INT(change, BFL_CHANGE_MORE);
    CHECK(bfl_change_parse(bfl_text_of(" "), &change));
    CHECK_INT(change, BFL_CHANGE_NONE);
    CHECK(!bfl_change_parse(bfl_text_of("bigger"), &change));
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, texts, NULL, NULL), BFL_OK);
    bfl_arena_free(arena);
}

TEST_CASES(CASE(there_and_back), CASE(spellings), CASE(changes))
