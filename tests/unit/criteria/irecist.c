/* SPDX-License-Identifier: Apache-2.0 */
/* iRECIST: tables 2 and 3 of Seymour 2017 row by row in their own words, then whole timelines. */
#include "criteria/irecist/parts.h"
#include "timeline.h"

#define CR BFL_RESPONSE_CR
#define PR BFL_RESPONSE_PR
#define SD BFL_RESPONSE_SD
#define NON BFL_RESPONSE_NON_CR_NON_PD
#define PD BFL_RESPONSE_PD
#define NE BFL_RESPONSE_NE
#define UPD BFL_RESPONSE_PD_UNCONFIRMED
#define NONE BFL_RESPONSE_NONE
#define T BFL_IPART_TARGET
#define NT BFL_IPART_NONTARGET
#define NEW BFL_IPART_NEW

static const bfl_iwindow window = {.minimum_days = 28, .maximum_days = 56};

/* "Timepoint response with no previous iUPD in any category" */
static const char *first(bfl_response target, bfl_response nontarget, bool new_lesions) {
    bfl_iopen state = {.open = false};
    bfl_rule_index rule;
    bfl_ifindings f = {.day = 56, .target = target, .nontarget = nontarget};
    f.progressed = (target == PD ? T : 0u) | (nontarget == PD ? NT : 0u) | (new_lesions ? NEW : 0u);
    return bfl_irecist_word(bfl_irecist_timepoint(&window, &state, &f, &rule));
}

/* "Timepoint response with previous iUPD in any category": `parts` progressed 35 days ago, `further` grew since. */
static bfl_iopen after_state;
static const char *after(unsigned parts, bfl_response target, bfl_response nontarget, bool new_there,
                         unsigned further) {
    after_state = (bfl_iopen){.open = true, .since = 56, .visit = 1, .parts = parts};
    bfl_rule_index rule;
    bfl_ifindings f = {.day = 91, .target = target, .nontarget = nontarget, .new_there = new_there, .further = further};
    f.progressed = (target == PD ? T : 0u) | (nontarget == PD ? NT : 0u);
    return bfl_irecist_word(bfl_irecist_timepoint(&window, &after_state, &f, &rule));
}

TEST(table_2_no_progression) {
    /* Target iCR | Non-target iCR | New No | iCR | iCR */
    CHECK_TEXT(first(CR, CR, false), "iCR");
    CHECK_TEXT(after(T, CR, CR, false, 0), "iCR");
    CHECK(!after_state.open);
    /* Target iCR | Non-target non-iCR/non-iUPD | No | iPR | iPR */
    CHECK_TEXT(first(CR, NON, false), "iPR");
    CHECK_TEXT(after(T, CR, NON, false, 0), "iPR");
    /* Target iPR | non-iCR/non-iUPD | No | iPR | iPR */
    CHECK_TEXT(first(PR, NON, false), "iPR");
    CHECK_TEXT(after(NT, PR, NON, false, 0), "iPR");
    /* Target iSD | non-iCR/non-iUPD | No | iSD | iSD */
    CHECK_TEXT(first(SD, NON, false), "iSD");
    CHECK_TEXT(after(T | NT, SD, NON, false, 0), "iSD");
    CHECK(!after_state.open);
}

/* Target iUPD with no change or decrease | Non-target iUPD with no change or decrease | New Yes | Not applicable | New
 * lesions confirm iCPD if they increased in size or number; without change iUPD remains. */
TEST(table_2_unchanged_progression_with_new_lesions) {
    CHECK_TEXT(after(T | NT | NEW, PD, PD, true, NEW), "iCPD");
    CHECK_TEXT(after(T | NT | NEW, PD, PD, true, 0), "iUPD");
    CHECK(after_state.open);
}

TEST(table_2_progression_in_one_category) {
    /* Target iSD, iPR, iCR | Non-target iUPD | No | iUPD | Remains iUPD unless further increase of non-target disease */
    const bfl_response not_progressing[] = {SD, PR, CR};
    for (size_t i = 0; i < 3; i++) {
        CHECK_TEXT(first(not_progressing[i], PD, false), "iUPD");
        CHECK_TEXT(after(NT, not_progressing[i], PD, false, 0), "iUPD");
        CHECK_TEXT(after(NT, not_progressing[i], PD, false, NT), "iCPD");
        CHECK_TEXT(after(NT, not_progressing[i], NON, false, NT), "iCPD"); /* need not be unequivocal again */
    }
    /* Target iUPD | Non-target non-iCR/non-iUPD, or iCR | No | iUPD | Remains iUPD unless 5 mm further increase */
    CHECK_TEXT(first(PD, NON, false), "iUPD");
    CHECK_TEXT(first(PD, CR, false), "iUPD");
    CHECK_TEXT(after(T, PD, NON, false, 0), "iUPD");
    CHECK_TEXT(after(T, PD, CR, false, T), "iCPD");
    /* Growth in a category that did not progress and does not now confirms nothing. */
    CHECK_TEXT(after(T, PD, NON, false, NT), "iUPD");
}

TEST(table_2_progression_in_two_or_three_categories) {
    /* Target iUPD | Non-target iUPD | No | iUPD | Remains iUPD unless either grows further */
    CHECK_TEXT(first(PD, PD, false), "iUPD");
    CHECK_TEXT(after(T | NT, PD, PD, false, 0), "iUPD");
    CHECK_TEXT(after(T | NT, PD, PD, false, T), "iCPD");
    CHECK_TEXT(after(T | NT, PD, PD, false, NT), "iCPD");
    /* Target iUPD | Non-target iUPD | Yes | iUPD | Remains iUPD unless any of the three grows further */
    CHECK_TEXT(first(PD, PD, true), "iUPD");
    CHECK_TEXT(after(T | NT | NEW, PD, PD, true, T), "iCPD");
    CHECK_TEXT(after(T | NT | NEW, PD, PD, true, NT), "iCPD");
    CHECK_TEXT(after(T | NT | NEW, PD, PD, true, NEW), "iCPD");
    /* Target not progressing | Non-target not progressing | Yes | iUPD | Remains iUPD unless the new lesions grow */
    CHECK_TEXT(first(SD, NON, true), "iUPD");
    CHECK_TEXT(after(NEW, SD, NON, true, 0), "iUPD");
    CHECK_TEXT(after(NEW, SD, NON, true, NEW), "iCPD");
    /* Progression in another category confirms. */
    CHECK_TEXT(after(NT, PD, NON, false, 0), "iCPD");
}

static const char *best(const bfl_response *responses, size_t count) {
    bfl_criterion_visit visits[6] = {{.response = NONE}};
    for (size_t i = 0; i < count; i++) visits[i + 1].response = responses[i];
    return bfl_irecist_word(bfl_irecist_best(visits, count + 1));
}
#define BEST(...) best((const bfl_response[]){__VA_ARGS__}, sizeof((const bfl_response[]){__VA_ARGS__}) / sizeof(PR))

/* "Scenarios of assignments of best overall response using iRECIST" */
TEST(table_3_best_overall_response) {
    CHECK_TEXT(BEST(CR, PR, NE, UPD, PD), "iCR");  /* Example 1 */
    CHECK_TEXT(BEST(UPD, PR, CR, UPD, PD), "iCR"); /* Example 2 */
    CHECK_TEXT(BEST(UPD, NE, CR, CR, SD), "iCR");
    CHECK_TEXT(BEST(UPD, PR, PR, UPD, PD), "iPR"); /* Example 3 */
    CHECK_TEXT(BEST(UPD, SD, PR, SD, PD), "iPR");  /* Example 4 */
    CHECK_TEXT(BEST(UPD, NE, PR, UPD, NE), "iPR");
    CHECK_TEXT(BEST(UPD, SD, UPD, PD, PD), "iSD");  /* Example 5 */
    CHECK_TEXT(BEST(UPD, PD, CR, PR, SD), "iCPD");  /* Example 6 */
    CHECK_TEXT(BEST(UPD, UPD, PD, CR, CR), "iCPD"); /* Example 7 */
    CHECK_TEXT(BEST(UPD, NE, NE, NE, NE), "iUPD");  /* Example 8 */
    CHECK_TEXT(BEST(NON, UPD), "non-iCR/non-iUPD"); /* non-target disease only */
    CHECK_TEXT(BEST(NE, NE), "NE");
}

/* ---- timelines ---- */

static char words[256], last_rule[64];
static const char *overlay = "";
static void keep(const timeline *t) {
    size_t size = 0;
    words[0] = 0;
    for (size_t i = 1; i < t->criteria->visit_count; i++)
        size += (size_t)snprintf(words + size, sizeof words - size, "%s%s", i > 1 ? " " : "",
                                 bfl_criterion_word(visit_of(t, "irecist", i)));
    const bfl_criterion_visit *last = visit_of(t, "irecist", t->criteria->visit_count - 1);
    (void)snprintf(last_rule, sizeof last_rule, "%s", last->reason_count ? last->reasons[0].rule->id : "");
}
static const char *read_as(const char *lesions) {
    with_timeline((timeline){.lesions = lesions, .overlay = overlay, .check = keep});
    return words;
}

#define BASE "0 A lung target soft ct measured 50 -\n"
#define A(day, mm) #day " A lung target soft ct measured " #mm " -\n"
#define X(day, mm) #day " X liver new soft ct measured " #mm " -\n"

TEST(confirmation_needs_five_millimetres_more) {
    CHECK_TEXT(read_as(BASE A(56, 60) A(91, 65)), "iUPD iCPD");
    CHECK_TEXT(read_as(BASE A(56, 60) A(91, 64.9)), "iUPD iUPD");
    /* Increases add up: 4 mm, then 2 mm more. */
    CHECK_TEXT(read_as(BASE A(56, 60) A(91, 64) A(126, 66)), "iUPD iUPD iCPD");
    CHECK_TEXT(read_as(BASE A(56, 60) A(91, 55)), "iUPD iSD");
}

TEST(confirmation_needs_four_weeks) {
    CHECK_TEXT(read_as(BASE A(56, 60) A(84, 66)), "iUPD iCPD");
    CHECK_TEXT(read_as(BASE A(56, 60) A(83, 66)), "iUPD iUPD");
    /* The early scan does not confirm; the next one may, from the first progression on. */
    CHECK_TEXT(read_as(BASE A(56, 60) A(83, 66) A(112, 66)), "iUPD iUPD iCPD");
}

TEST(a_late_scan_confirms_unless_the_policy_refuses) {
    CHECK_TEXT(read_as(BASE A(56, 60) A(113, 66)), "iUPD iCPD");
    overlay = "{\"irecist.confirm.window\": {\"late\": \"refused\"}}";
    CHECK_TEXT(read_as(BASE A(56, 60) A(112, 66)), "iUPD iCPD");
    CHECK_TEXT(read_as(BASE A(56, 60) A(113, 66)), "iUPD iUPD");
    CHECK_TEXT(read_as(BASE A(56, 60) A(113, 66) A(150, 71)), "iUPD iUPD iCPD");
    overlay = "";
}

TEST(the_bar_is_reset_and_progression_starts_anew) {
    CHECK_TEXT(read_as(BASE A(56, 60) A(91, 35) A(126, 45) A(161, 46)), "iUPD iPR iUPD iUPD");
    CHECK_TEXT(read_as(BASE A(56, 60) A(91, 35) A(126, 45) A(161, 50)), "iUPD iPR iUPD iCPD");
    CHECK_TEXT(read_as(BASE A(56, 60) A(91, 65) A(126, 20)), "iUPD iCPD iCPD");
}

TEST(a_new_lesion_and_what_becomes_of_it) {
    CHECK_TEXT(read_as(BASE A(56, 50) X(56, 20) A(91, 50) X(91, 20)), "iUPD iUPD");
    CHECK_TEXT(read_as(BASE A(56, 50) X(56, 20) A(91, 50) X(91, 24.9)), "iUPD iUPD");
    CHECK_TEXT(read_as(BASE A(56, 50) X(56, 20) A(91, 50) X(91, 25)), "iUPD iCPD");
    /* Below 10 mm it is a new non-target: any growth counts. */
    CHECK_TEXT(read_as(BASE A(56, 50) X(56, 8) A(91, 50) X(91, 9)), "iUPD iCPD");
    CHECK_TEXT(read_as(BASE A(56, 50) X(56, 20) A(91, 50) X(91, 20) "91 Y bone new lytic ct present - -\n"),
               "iUPD iCPD");
    CHECK_TEXT(read_as(BASE A(56, 50) X(56, 20) A(91, 35) X(91, 20)), "iUPD iPR");
    CHECK_TEXT(read_as(BASE A(56, 50) X(56, 20) A(91, 50) "91 X liver new soft ct absent - -\n"), "iUPD iSD");
    /* After the reset an old new lesion progresses by the 20 % of RECIST 1.1. */
    CHECK_TEXT(read_as(BASE A(56, 50) X(56, 40) A(91, 35) X(91, 40) A(126, 35) X(126, 47.9)), "iUPD iPR iPR");
    CHECK_TEXT(read_as(BASE A(56, 50) X(56, 40) A(91, 35) X(91, 40) A(126, 35) X(126, 48)), "iUPD iPR iUPD");
    CHECK_TEXT(last_rule, "irecist.new.again");
    CHECK_TEXT(read_as(BASE A(56, 50) X(56, 20) "91 A lung target soft ct absent - -\n" X(91, 20)), "iUPD iPR");
}

TEST(at_most_five_new_targets_two_in_an_organ) {
    /* The third and smallest lesion of an organ is a new non-target: 1 mm more is growth enough. */
#define THREE "56 X1 liver new soft ct measured 30 -\n56 X2 liver new soft ct measured 25 -\n"
#define LATER "91 X1 liver new soft ct measured 30 -\n91 X2 liver new soft ct measured 26 -\n"
    CHECK_TEXT(read_as(BASE A(56, 50) THREE A(91, 50) LATER), "iUPD iUPD");
    CHECK_TEXT(read_as(BASE A(56, 50) THREE "56 X3 liver new soft ct measured 20 -\n" A(91, 50) LATER
                       "91 X3 liver new soft ct measured 21 -\n"),
               "iUPD iCPD");
}

#define IN(organ, id, day, mm) #day " " #id " " #organ " new soft ct measured " #mm " -\n"
#define FOUR(day) IN(lung, X1, day, 30) IN(liver, X2, day, 30) IN(brain, X3, day, 30) IN(pleura, X4, day, 30)
TEST(the_sixth_new_lesion_is_a_new_non_target) {
    CHECK_TEXT(read_as(BASE A(56, 50) FOUR(56) IN(adrenal, X5, 56, 20) A(91, 50) FOUR(91) IN(adrenal, X5, 91, 21)),
               "iUPD iUPD");
    CHECK_TEXT(read_as(BASE A(56, 50) FOUR(56) IN(adrenal, X5, 56, 25) IN(soft_tissue, X6, 56, 20) A(91, 50) FOUR(91)
                           IN(adrenal, X5, 91, 25) IN(soft_tissue, X6, 91, 21)),
               "iUPD iCPD");
}

TEST(non_target_disease_only) {
#define N(day, state, change) #day " N pleura non_target soft ct " #state " - " #change "\n"
    CHECK_TEXT(read_as(N(0, present, -) N(56, present, -) N(91, absent, -)), "non-iCR/non-iUPD iCR");
    CHECK_TEXT(read_as(N(0, present, -) N(56, progressed, -) N(91, progressed, stable)), "iUPD iUPD");
    CHECK_TEXT(read_as(N(0, present, -) N(56, progressed, -) N(91, progressed, larger)), "iUPD iCPD");
    CHECK_TEXT(read_as(N(0, present, -) N(56, progressed, -) N(91, present, larger)), "iUPD iCPD");
    CHECK_TEXT(read_as(N(0, present, -) N(56, progressed, -) N(91, not_evaluable, -) N(126, progressed, larger)),
               "iUPD NE iCPD");
}

TEST_CASES(CASE(table_2_no_progression), CASE(table_2_unchanged_progression_with_new_lesions),
           CASE(table_2_progression_in_one_category), CASE(table_2_progression_in_two_or_three_categories),
           CASE(table_3_best_overall_response), CASE(confirmation_needs_five_millimetres_more),
           CASE(confirmation_needs_four_weeks), CASE(a_late_scan_confirms_unless_the_policy_refuses),
           CASE(the_bar_is_reset_and_progression_starts_anew), CASE(a_new_lesion_and_what_becomes_of_it),
           CASE(at_most_five_new_targets_two_in_an_organ), CASE(the_sixth_new_lesion_is_a_new_non_target),
           CASE(non_target_disease_only))
