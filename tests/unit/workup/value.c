/* SPDX-License-Identifier: Apache-2.0 */
/* What tests are worth, against numbers worked out by another program from the same definition. */
#include "patient.h"

#include "num/num.h"

/* Denser bone on day 42 of gefitinib, prostate cancer beside it so that every test applies, and nothing measured. */
static patient open_question(double log_odds, double other) {
    patient p = begin();
    bfl_record_patient(p.builder)->tumour = "prostate";
    drug(&p, 0, "gefitinib");
    lab(&p, 0, "ALP", "300", "U/L", "45", "125");
    lesion(&p, 42, "T5", BFL_ORGAN_BONE, BFL_MODALITY_CT)->changes = BFL_CHANGE_DENSER;
    judge(&p, 42, BFL_BONE_UNDETERMINED);
    p.verdict.now.onset.log_odds = log_odds;
    p.verdict.now.onset.log_odds_sd = 0.4;
    p.verdict.now.prior_p_other = other;
    return p;
}

static const bfl_test_worth *find_test(const patient *p, const char *id) {
    for (size_t i = 0; i < p->workup->test_count; i++)
        if (strcmp(p->workup->tests[i].rule->id, id) == 0) return &p->workup->tests[i];
    return NULL;
}

static bool near(double a, double b) { return fabs(a - b) < 2e-3; }

TEST(each_test_has_its_worth) {
    static const struct {
        double log_odds, other;
        const char *id;
        double value;
        int32_t from, by;
        double chance_for, p_for, p_against;
    } known[] = {
        {0.5, 0.05, "workup.test.alp", 32.12579, 42, 43, 0.74657, 0.65551, 0.34721},
        {0.5, 0.05, "workup.test.biopsy", 16.75587, 42, 56, 0.47207, 0.79755, 0.39123},
        {0.5, 0.05, "workup.test.bone_markers", 34.70490, 42, 47, 0.65551, 0.73097, 0.28512},
        {0.5, 0.05, "workup.test.bone_scan", 13.30963, 84, 86, 0.50698, 0.74270, 0.40738},
        {0.5, 0.05, "workup.test.ct", 13.80963, 84, 86, 0.68709, 0.65480, 0.40738},
        {0.5, 0.05, "workup.test.fdg_pet", 26.59659, 42, 49, 0.41691, 0.75760, 0.44852},
        {0.5, 0.05, "workup.test.ictp", 28.84183, 42, 47, 0.71415, 0.65522, 0.38290},
        {-0.5, 0.05, "workup.test.alp", 8.38748, 42, 43, 0.69054, 0.45764, 0.18291},
        {-0.5, 0.05, "workup.test.bone_markers", 13.33791, 42, 47, 0.55871, 0.55190, 0.14564},
        {-0.5, 0.05, "workup.test.fdg_pet", 6.49246, 42, 49, 0.34195, 0.59008, 0.25962},
        {-0.5, 0.05, "workup.test.ictp", 5.35130, 42, 47, 0.65455, 0.45767, 0.21147},
        {0.5, 0.05, "workup.test.psma_pet", 10.94653, 84, 91, 0.50698, 0.74270, 0.40738},
        {1.0, 0.4, "workup.test.ggt", 27.04132, 42, 45, 0.59000, 0.61090, 0.61090},
        {1.0, 0.4, "workup.test.liver_imaging", 25.58747, 42, 49, 0.77000, 0.52316, 0.52316},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        patient p = open_question(known[i].log_odds, known[i].other);
        assess(&p, 42);
        const bfl_test_worth *t = find_test(&p, known[i].id);
        CHECK(t);
        if (t) {
            CHECK(near(t->value_days, known[i].value));
            CHECK_INT(t->from_day, known[i].from);
            CHECK_INT(t->by_day, known[i].by);
            CHECK(near(t->chance_for, known[i].chance_for));
            CHECK(near(t->p_flare_for, known[i].p_for) && near(t->p_flare_against, known[i].p_against));
            CHECK(near(t->chance_for + t->chance_against + t->chance_other, 1));
        }
        end(&p);
    }
}

TEST(the_mean_of_the_answers_is_what_is_believed) {
    patient p = open_question(0.3, 0.05);
    assess(&p, 42);
    CHECK(p.workup->test_count > 4);
    for (size_t i = 0; i < p.workup->test_count; i++) {
        const bfl_test_worth *t = &p.workup->tests[i];
        if (t->chance_other > 0) continue;
        double mean = t->chance_for * t->p_flare_for + t->chance_against * t->p_flare_against;
        double today = 0.95 * bfl_num_logistic_normal(0.3, hypot(0.4, 0.7));
        CHECK(near(mean, today));
    }
    end(&p);
}

TEST(those_that_turn_the_verdict_stand_first) {
    patient p = open_question(1.6, 0.05);
    assess(&p, 42);
    CHECK(p.workup->test_count > 2 && p.workup->tests[0].decisive);
    for (size_t i = 1; i < p.workup->test_count; i++) {
        const bfl_test_worth *before = &p.workup->tests[i - 1], *t = &p.workup->tests[i];
        CHECK(before->decisive >= t->decisive);
        if (before->decisive == t->decisive) CHECK(before->value_days >= t->value_days);
    }
    end(&p);
}

TEST(what_was_done_or_does_not_apply_is_left_out) {
    patient p = open_question(1, 0.05);
    bfl_record_patient(p.builder)->tumour = "lung";
    lesion(&p, 43, "T5", BFL_ORGAN_BONE, BFL_MODALITY_FDG_PET);
    lab(&p, 41, "BALP", "20", "ug/L", "5", "22");
    lab(&p, 41, "OC", "20", "ng/mL", "8", "40");
    assess(&p, 44);
    CHECK(!find_test(&p, "workup.test.psma_pet") && !find_test(&p, "workup.test.fdg_pet"));
    CHECK(!find_test(&p, "workup.test.bone_markers"));
    CHECK(find_test(&p, "workup.test.ictp"));
    end(&p);
    p = open_question(1, 0.05);
    p.verdict.now.state = BFL_BONE_PROGRESSION;
    assess(&p, 44);
    CHECK_INT(p.workup->test_count, 0);
    end(&p);
}

TEST_CASES(CASE(each_test_has_its_worth), CASE(the_mean_of_the_answers_is_what_is_believed),
           CASE(those_that_turn_the_verdict_stand_first), CASE(what_was_done_or_does_not_apply_is_left_out))
