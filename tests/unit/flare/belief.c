/* SPDX-License-Identifier: Apache-2.0 */
/* Combining, the interval against a quasi-random sample, the decision, and looking back. */
#include "test.h"

#include "flare/decide.h"

#include <stdlib.h>

static bfl_rulebook *rulebook;

static const bfl_rulebook *book(void) {
    if (!rulebook) CHECK_INT(bfl_rulebook_open((bfl_text){NULL, 0}, &rulebook, NULL), BFL_OK);
    return rulebook;
}

static bfl_evidence finding(const char *group, double log_lr, double sd) {
    return (bfl_evidence){.group = group,
                          .direction = log_lr > 0 ? BFL_FOR_FLARE : BFL_FOR_PROGRESSION,
                          .log_lr = log_lr,
                          .log_lr_sd = sd,
                          .raw_log_lr = log_lr,
                          .raw_log_lr_sd = sd};
}

static bool near(double a, double b) { return fabs(a - b) < 1e-9; }

TEST(groups_are_merged_and_shrunk) {
    bfl_evidence items[] = {finding("a", 1, 0.3), finding("a", 2, 0.4), finding("b", 1.5, 0.5)};
    belief prior = {0.5, 0.6, 0.1}, b = belief_of(book(), &prior, items, 3);
    CHECK(near(b.mean, 0.5 + 0.6 * (2 + 0.35 * 1 + 1.5)));
    double a_sd = 0.6 * (0.4 + 0.35 * 0.3), b_sd = 0.6 * 0.5;
    CHECK(near(b.sd, sqrt(0.6 * 0.6 + 0.7 * 0.7 + a_sd * a_sd + b_sd * b_sd)));
    CHECK(near(b.other_odds, 0.1));
    CHECK(near(items[0].log_lr, 2) && near(items[1].log_lr, 1.5) && near(items[2].log_lr, 0.35));
    CHECK(near(items[2].share, 0.6 * 0.35) && near(items[2].raw_log_lr, 1));
}

TEST(the_same_group_in_two_directions_is_two) {
    bfl_evidence items[] = {finding("a", 1, 0.3), finding("a", -0.5, 0.2)};
    belief prior = {0, 0, 0.1}, b = belief_of(book(), &prior, items, 2);
    CHECK(near(b.mean, 0.6 * 0.5));
    CHECK(near(b.sd, sqrt(0.49 + 0.18 * 0.18 + 0.12 * 0.12 + 0.3 * 0.3))); /* conflict: the weaker side, 0.6 * 0.5 */
}

/* What forbids flare is shrunk as any finding is; another cause counts in full. */
TEST(a_veto_is_shrunk_and_another_cause_is_not) {
    bfl_evidence items[] = {finding("a", -2, 0.5), finding("other", 1, 0)};
    items[0].veto = true;
    items[1].direction = BFL_FOR_OTHER;
    belief prior = {1, 0.2, 0.1}, b = belief_of(book(), &prior, items, 2);
    CHECK(near(b.mean, 1 - 0.6 * 2));
    CHECK(near(b.sd, sqrt(0.04 + 0.49 + 0.09)));
    CHECK(near(b.other_odds, 0.1 * exp(1)));
}

/* Healing beside a lesion that is destroyed counts for a third; of another group it counts in full. */
TEST(healing_counts_less_beside_destruction) {
    bfl_evidence items[] = {finding("a", -2, 0.5), finding("a", 1, 0.3), finding("b", 1, 0.3)};
    belief prior = {0, 0, 0.1}, b = belief_of(book(), &prior, items, 3);
    CHECK(near(b.mean, 0.6 * (-2 + 1 + 1)));
    bfl_evidence again[] = {finding("a", -2, 0.5), finding("a", 1, 0.3), finding("b", 1, 0.3)};
    again[0].veto = true;
    b = belief_of(book(), &prior, again, 3);
    CHECK(near(b.mean, 0.6 * (-2 + 0.35 * 1 + 1)));
    bfl_evidence mild[] = {finding("a", 0.5, 0.5), finding("a", 1, 0.3)};
    mild[0].veto = true; /* forbids flare and does not speak for progression: no lesion is destroyed */
    b = belief_of(book(), &prior, mild, 2);
    CHECK(near(b.mean, 0.6 * (0.35 * 0.5 + 1)));
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double halton(unsigned i, unsigned base) {
    double f = 1, r = 0;
    for (; i; i /= base) r += (f /= base) * (i % base);
    return r;
}

/* The uncertainty of prior, model and each ratio drawn apart, point by point of a Halton sequence; nothing analytic. */
TEST(the_interval_is_what_a_sample_gives) {
    enum { POINTS = 16384, PARTS = 5 };
    static const unsigned bases[PARTS] = {2, 3, 5, 7, 11};
    static double sample[POINTS];
    bfl_evidence items[] = {finding("a", 1.4, 0.5), finding("b", 1.1, 0.4), finding("c", 0.7, 0.3)};
    belief prior = {1.07, 0.41, 0.05 / 0.95}, b = belief_of(book(), &prior, items, 3);
    bfl_bone bone = {0};
    belief_publish(book(), &b, &bone);
    double mean = 0;
    for (unsigned i = 0; i < POINTS; i++) {
        double z[PARTS], sum = 1.07;
        for (int k = 0; k < PARTS; k++) z[k] = bfl_num_quantile(bfl_num_normal(0, 1), halton(i + 1, bases[k])).value;
        sum += 0.41 * z[0] + 0.7 * z[1] + 0.6 * (1.4 + 0.5 * z[2] + 1.1 + 0.4 * z[3] + 0.7 + 0.3 * z[4]);
        sample[i] = 0.95 / (1 + exp(-sum));
        mean += sample[i] / POINTS;
    }
    qsort(sample, POINTS, sizeof *sample, by_value);
    CHECK(fabs(bone.p_flare - mean) < 1e-3);
    CHECK(fabs(bone.low - sample[POINTS / 40]) < 3e-3);
    CHECK(fabs(bone.high - sample[POINTS - POINTS / 40]) < 3e-3);
    CHECK(bone.low < bone.p_flare && bone.p_flare < bone.high);
    CHECK(near(bone.p_flare + bone.p_progression + bone.p_other, 1));
}

TEST(probabilities_keep_off_the_ends) {
    bfl_bone bone = {0};
    belief b = {20, 0.1, 0};
    belief_publish(book(), &b, &bone);
    CHECK(near(bone.p_flare, 0.99) && near(bone.high, 0.99));
    b.mean = -20;
    belief_publish(book(), &b, &bone);
    CHECK(near(bone.p_flare, 0.01) && near(bone.low, 0.01));
}

TEST(losses_in_days) {
    bfl_losses l = losses_of(book(), 1, 0, 0);
    CHECK(near(l.flare, 0) && near(l.progression, 120) && near(l.wait, 18));
    l = losses_of(book(), 0, 1, 0);
    CHECK(near(l.flare, 180) && near(l.progression, 0) && near(l.wait, 74));
    l = losses_of(book(), 0, 0, 1);
    CHECK(near(l.flare, 60) && near(l.progression, 80) && near(l.wait, 18));
    l = losses_of(book(), 0.5, 0.3, 0.2);
    CHECK(near(l.flare, 66) && near(l.progression, 76) && near(l.wait, 9 + 22.2 + 3.6));
}

/* Both borders, a hundredth on either side, with something else at 5 %. */
TEST(the_cheapest_answer) {
    bfl_losses l = losses_of(book(), 0.83, 0.12, 0.05);
    CHECK_INT(answer_of(&l, false), BFL_BONE_FLARE_SUSPECTED);
    CHECK_INT(answer_of(&l, true), BFL_BONE_UNDETERMINED);
    l = losses_of(book(), 0.82, 0.13, 0.05);
    CHECK_INT(answer_of(&l, false), BFL_BONE_UNDETERMINED);
    l = losses_of(book(), 0.39, 0.56, 0.05);
    CHECK_INT(answer_of(&l, false), BFL_BONE_UNDETERMINED);
    l = losses_of(book(), 0.38, 0.57, 0.05);
    CHECK_INT(answer_of(&l, false), BFL_BONE_PROGRESSION);
    CHECK_INT(answer_of(&l, true), BFL_BONE_PROGRESSION);
    l = losses_of(book(), 0.5, 0, 0.5);
    CHECK_INT(answer_of(&l, false), BFL_BONE_UNDETERMINED);
}

/* A dearer mistake asks for more certainty. */
TEST(losses_can_be_changed) {
    static const char cautious[] = "{\"flare.loss.miss\": {\"progression_days\": 240}}";
    bfl_rulebook *other = NULL;
    CHECK_INT(bfl_rulebook_open(bfl_text_of(cautious), &other, NULL), BFL_OK);
    bfl_losses l = losses_of(other, 0.85, 0.1, 0.05);
    CHECK_INT(answer_of(&l, false), BFL_BONE_UNDETERMINED);
    l = losses_of(book(), 0.85, 0.1, 0.05);
    CHECK_INT(answer_of(&l, false), BFL_BONE_FLARE_SUSPECTED);
    bfl_rulebook_free(other);
}

TEST_CASES(CASE(groups_are_merged_and_shrunk), CASE(the_same_group_in_two_directions_is_two),
           CASE(a_veto_is_shrunk_and_another_cause_is_not), CASE(healing_counts_less_beside_destruction),
           CASE(the_interval_is_what_a_sample_gives), CASE(probabilities_keep_off_the_ends), CASE(losses_in_days),
           CASE(the_cheapest_answer), CASE(losses_can_be_changed))
