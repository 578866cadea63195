/* SPDX-License-Identifier: Apache-2.0 */
/* The verdict taken apart adds up to the verdict, and the facts named do turn it. */
#include "test.h"

#include "flare/decide.h"

static bfl_rulebook *rulebook;
static const bfl_record nobody;

static const bfl_rulebook *book(void) {
    if (!rulebook) CHECK_INT(bfl_rulebook_open((bfl_text){NULL, 0}, &rulebook, NULL), BFL_OK);
    return rulebook;
}

/* A judged question with the findings of these rules; ends with BFL_RULE_COUNT. */
static bfl_bone judged(bfl_arena *arena, double log_odds, const bfl_rule_index *rules) {
    bfl_bone bone = {.question = true, .prior_p_other = 0.05, .because = ""};
    bone.onset.log_odds = log_odds;
    bone.onset.log_odds_sd = 0.4;
    size_t count = 0;
    while (rules[count] != BFL_RULE_COUNT) count++;
    bfl_evidence *items = BFL_NEW_ARRAY(arena, count, bfl_evidence);
    for (size_t i = 0; i < count; i++) items[i] = bfl_flare_evidence_of(book(), bfl_rule_of(book(), rules[i]));
    belief prior = {log_odds, 0.4, 0.05 / 0.95}, b = belief_of(book(), &prior, items, count);
    belief_publish(book(), &b, &bone);
    bone.evidence = items;
    bone.evidence_count = count;
    return bone;
}

static const bfl_rule_index mixed[] = {BFL_RULE_FLARE_EVIDENCE_NEW_BLASTIC,    BFL_RULE_FLARE_EVIDENCE_DENSER,
                                       BFL_RULE_FLARE_EVIDENCE_SYMPTOMS_WORSE, BFL_RULE_FLARE_EVIDENCE_ALP_STABLE,
                                       BFL_RULE_FLARE_OTHER_NEW_PAIN_ICI,      BFL_RULE_FLARE_TIME_USUAL,
                                       BFL_RULE_FLARE_EVIDENCE_TRACER_RISES,   BFL_RULE_COUNT};

TEST(steps_add_up) {
    bfl_arena *arena = bfl_arena_new();
    bfl_bone bone = judged(arena, 0.7, mixed);
    const bfl_explanation *e = bfl_flare_explain(arena, book(), &nobody, &bone);
    CHECK_INT(e->step_count, 7); /* the prior and six findings; the window is no step */
    double sum = 0;
    for (size_t i = 0; i < e->step_count; i++) {
        const bfl_explain_step *s = &e->steps[i];
        bool other = s->evidence && s->evidence->direction == BFL_FOR_OTHER;
        CHECK(fabs(s->log_odds_before - sum) < 1e-9);
        if (!other) sum += log(s->counted);
        CHECK(fabs(s->log_odds - sum) < 1e-9);
        CHECK(s->ratio_low <= s->ratio && s->ratio <= s->ratio_high);
        CHECK(s->low <= s->p_flare && s->p_flare <= s->high);
    }
    CHECK(!e->steps[0].evidence && fabs(e->steps[0].ratio - exp(0.7)) < 1e-9);
    CHECK(fabs(e->steps[6].p_flare - bone.p_flare) < 1e-12 && fabs(e->steps[6].low - bone.low) < 1e-12);
    CHECK_TEXT(e->steps[6].evidence->group, "other");    /* told apart: last */
    CHECK_TEXT(e->steps[1].evidence->group, "symptoms"); /* strongest first, */
    CHECK_TEXT(e->steps[2].evidence->group, "matrix");
    CHECK_TEXT(e->steps[3].evidence->group, "matrix"); /* and what is of one group together */
    bfl_arena_free(arena);
}

TEST(facts_turn_the_answer) {
    bfl_arena *arena = bfl_arena_new();
    static const bfl_rule_index two[] = {BFL_RULE_FLARE_EVIDENCE_NEW_BLASTIC,
                                         BFL_RULE_FLARE_EVIDENCE_RESPONSE_ELSEWHERE, BFL_RULE_COUNT};
    bfl_bone bone = judged(arena, 1.0, two);
    const bfl_explanation *e = bfl_flare_explain(arena, book(), &nobody, &bone);
    CHECK_INT(e->answer, BFL_BONE_FLARE_SUSPECTED);
    bool lytic = false, response = false, stable = false, smaller = false;
    for (size_t i = 0; i < e->fact_count; i++) {
        const bfl_explain_fact *f = &e->facts[i];
        CHECK(f->state != e->answer);
        lytic = lytic || f->rule == bfl_rule_of(book(), BFL_RULE_FLARE_EVIDENCE_NEW_LYTIC);
        response = response || (f->present && f->rule == bone.evidence[0].rule);
        stable = stable || f->rule == bfl_rule_of(book(), BFL_RULE_FLARE_EVIDENCE_PROGRESSION_ELSEWHERE);
        smaller = smaller || f->rule == bfl_rule_of(book(), BFL_RULE_FLARE_EVIDENCE_ALP_FALLING);
    }
    CHECK(lytic && response && stable && !smaller);
    bfl_arena_free(arena);
}

static bool proposes(const bfl_explanation *e, bfl_rule_index rule) {
    for (size_t i = 0; i < e->fact_count; i++)
        if (!e->facts[i].present && e->facts[i].rule == bfl_rule_of(book(), rule)) return true;
    return false;
}

/* At any prior: is the rule a fact that would turn the answer after this finding, on this day of therapy? */
static bool ever_proposed(const bfl_record *record, bfl_rule_index finding, int32_t therapy_day, bfl_rule_index rule) {
    bool ever = false;
    for (int tenth = -30; tenth <= 30 && !ever; tenth++) {
        bfl_arena *arena = bfl_arena_new();
        bfl_rule_index one[] = {finding, BFL_RULE_COUNT};
        bfl_bone bone = judged(arena, tenth / 10.0, one);
        bone.therapy_day = therapy_day;
        ever = proposes(bfl_flare_explain(arena, book(), record, &bone), rule);
        bfl_arena_free(arena);
    }
    return ever;
}

TEST(no_fact_that_this_patient_cannot_have) {
    const bfl_rule_index known = BFL_RULE_FLARE_EVIDENCE_LARGER_ONLY, fresh = BFL_RULE_FLARE_EVIDENCE_NEW_UNSTATED;
    bfl_therapy drugs[] = {{.class_id = "egfr_tki_1"}, {.class_id = "chemotherapy"}, {.class_id = "ici"}};
    bfl_record tki = {.therapies = drugs, .therapy_count = 2}, ici = {.therapies = drugs, .therapy_count = 3};
    CHECK(!ever_proposed(&tki, known, 50, BFL_RULE_FLARE_OTHER_NEW_PAIN_ICI));
    CHECK(ever_proposed(&ici, known, 50, BFL_RULE_FLARE_OTHER_NEW_PAIN_ICI));
    /* ALP is judged by its day, within some weeks of the scan. */
    CHECK(!ever_proposed(&tki, known, 20, BFL_RULE_FLARE_EVIDENCE_ALP_RISING_LATE));
    CHECK(ever_proposed(&tki, known, 57, BFL_RULE_FLARE_EVIDENCE_ALP_RISING_LATE));
    CHECK(ever_proposed(&tki, known, 56, BFL_RULE_FLARE_EVIDENCE_ALP_RISING_EARLY));
    CHECK(!ever_proposed(&tki, known, 400, BFL_RULE_FLARE_EVIDENCE_ALP_RISING_EARLY));
    CHECK(!ever_proposed(&tki, known, 20, BFL_RULE_FLARE_EVIDENCE_ALP_FLARE_ALONE));
    /* Markers at one month speak of the first half year. */
    CHECK(ever_proposed(&tki, known, 180, BFL_RULE_FLARE_EVIDENCE_BONE_MARKERS_BOTH_UP));
    CHECK(!ever_proposed(&tki, known, 181, BFL_RULE_FLARE_EVIDENCE_BONE_MARKERS_BOTH_UP));
    CHECK(!ever_proposed(&tki, known, 181, BFL_RULE_FLARE_EVIDENCE_BONE_MARKERS_NOT_UP));
    /* Only what is new may have been there before unseen. */
    CHECK(!ever_proposed(&tki, known, 50, BFL_RULE_FLARE_EVIDENCE_BASELINE_SEEN));
    CHECK(ever_proposed(&tki, fresh, 50, BFL_RULE_FLARE_EVIDENCE_BASELINE_SEEN));
    CHECK(!ever_proposed(&tki, known, 50, BFL_RULE_FLARE_EVIDENCE_BASELINE_CLEAR));
    CHECK(ever_proposed(&tki, fresh, 50, BFL_RULE_FLARE_EVIDENCE_BASELINE_CLEAR));
}

TEST(nothing_asked_nothing_explained) {
    bfl_arena *arena = bfl_arena_new();
    bfl_bone bone = {.because = ""};
    const bfl_explanation *e = bfl_flare_explain(arena, book(), &nobody, &bone);
    CHECK_INT(e->step_count, 0);
    CHECK_INT(e->fact_count, 0);
    bfl_arena_free(arena);
}

TEST_CASES(CASE(steps_add_up), CASE(facts_turn_the_answer), CASE(no_fact_that_this_patient_cannot_have),
           CASE(nothing_asked_nothing_explained))
