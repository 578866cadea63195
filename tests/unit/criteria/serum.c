/* SPDX-License-Identifier: Apache-2.0 */
/* CA-125 by the GCIG and CEA: every limit from both sides. */
#include "timeline.h"

static const char *criterion;
static char words[128];
static void keep(const timeline *t) {
    size_t size = 0;
    words[0] = 0;
    for (size_t i = 1; i < t->criteria->visit_count; i++)
        size += (size_t)snprintf(words + size, sizeof words - size, "%s%s", i > 1 ? " " : "",
                                 bfl_criterion_word(visit_of(t, criterion, i)));
}

static const char *read_as(const char *id, const char *labs) {
    criterion = id;
    with_timeline(
        (timeline){.lesions = "0 A lung target soft ct measured 50 -\n200 A lung target soft ct measured 50 -\n",
                   .labs = labs,
                   .check = keep});
    return words;
}

#define CA(day, value) #day " CA125 " #value " U/mL 0 35\n"
#define CEA(day, value) #day " CEA " #value " ng/mL 0 5\n"
static const char *ca125(const char *labs) { return read_as("ca125_gcig", labs); }
static const char *cea(const char *labs) { return read_as("cea", labs); }

TEST(half_of_baseline_kept_for_four_weeks) {
    CHECK_TEXT(ca125(CA(0, 200) CA(30, 100) CA(58, 100)), "PR");
    CHECK_TEXT(ca125(CA(0, 200) CA(30, 100) CA(57, 100)), "SD");
    CHECK_TEXT(ca125(CA(0, 200) CA(30, 100.1) CA(58, 100)), "SD");
    CHECK_TEXT(ca125(CA(0, 200) CA(30, 100) CA(45, 120) CA(58, 90)), "SD"); /* not kept */
}

TEST(complete_when_normal_both_times) {
    CHECK_TEXT(ca125(CA(0, 200) CA(30, 35) CA(58, 35)), "CR");
    CHECK_TEXT(ca125(CA(0, 200) CA(30, 35) CA(58, 35.1)), "PR");
    CHECK_TEXT(ca125(CA(0, 200) CA(30, 90) CA(58, 30) CA(86, 20)), "CR");
}

TEST(a_baseline_that_can_respond) {
    CHECK_TEXT(ca125(CA(0, 70) CA(30, 35) CA(58, 35)), "CR");
    CHECK_TEXT(ca125(CA(0, 69.9) CA(30, 30) CA(58, 30)), "non-PD");
    CHECK_TEXT(ca125(CA(-14, 200) CA(30, 90) CA(58, 90)), "PR");
    CHECK_TEXT(ca125(CA(-15, 200) CA(30, 90) CA(58, 90)), "non-PD");
}

TEST(doubled_from_the_limit_or_the_lowest) {
    CHECK_TEXT(ca125(CA(0, 200) CA(30, 50) CA(60, 100) CA(67, 100)), "PD");   /* B: never normal */
    CHECK_TEXT(ca125(CA(0, 200) CA(30, 50) CA(60, 99.9) CA(67, 99.9)), "PR"); /* kept fall */
    CHECK_TEXT(ca125(CA(0, 200) CA(30, 50) CA(60, 100) CA(66, 100)), "PDu");  /* not a week later */
    CHECK_TEXT(ca125(CA(0, 200) CA(30, 10) CA(60, 69.9) CA(67, 69.9)), "PR"); /* A: normal once, twice the limit */
    CHECK_TEXT(ca125(CA(0, 200) CA(30, 10) CA(60, 70) CA(67, 70)), "PD");
    CHECK_TEXT(ca125(CA(0, 30) CA(60, 70) CA(67, 70)), "PD"); /* C: normal at baseline */
    CHECK_TEXT(ca125(CA(0, 30) CA(60, 69) CA(67, 70)), "PDu");
    CHECK_TEXT(ca125(CA(0, 30) CA(60, 70) CA(67, 60)), "non-PD");
}

TEST(cea_half_of_a_raised_baseline) {
    CHECK_TEXT(cea(CEA(0, 20) CEA(30, 10) CEA(58, 10)), "response");
    CHECK_TEXT(cea(CEA(0, 20) CEA(30, 10) CEA(57, 10)), "neither");
    CHECK_TEXT(cea(CEA(0, 20) CEA(30, 10.1) CEA(58, 10)), "neither");
    CHECK_TEXT(cea(CEA(0, 5) CEA(30, 2) CEA(58, 2)), "neither"); /* normal all along */
}

TEST(cea_thirty_per_cent_up_twice) {
    CHECK_TEXT(cea(CEA(0, 20) CEA(60, 26) CEA(88, 26)), "progression");
    CHECK_TEXT(cea(CEA(0, 20) CEA(60, 26) CEA(87, 26)), "PDu");
    CHECK_TEXT(cea(CEA(0, 20) CEA(60, 25.9) CEA(88, 25.9)), "neither");
    CHECK_TEXT(cea(CEA(0, 3) CEA(60, 5) CEA(88, 5)), "neither"); /* not above the range */
    CHECK_TEXT(cea(CEA(0, 3) CEA(60, 5.1) CEA(88, 5.1)), "progression");
}

TEST(an_early_rise_of_cea_is_no_progression) {
    CHECK_TEXT(cea(CEA(0, 20) CEA(42, 40)), "neither");
    CHECK_TEXT(cea(CEA(0, 20) CEA(43, 40)), "PDu");
}

static bool surge_said;
static void keep_surge(const timeline *t) {
    const bfl_criterion_visit *v = visit_of(t, "cea", 1);
    surge_said = v->reason_count == 1 && strcmp(v->reasons[0].rule->id, "cea.surge") == 0;
}

TEST(an_early_rise_is_said) {
    with_timeline(
        (timeline){.lesions = "0 A lung target soft ct measured 50 -\n50 A lung target soft ct measured 50 -\n",
                   .labs = CEA(0, 20) CEA(30, 40),
                   .check = keep_surge});
    CHECK(surge_said);
}

TEST(what_is_missing) {
    CHECK_TEXT(ca125(CA(30, 10) CA(60, 10)), "-");
    CHECK_TEXT(ca125(CA(0, 20)), "-");
    CHECK_TEXT(ca125(CA(0, 20) CA(201, 10)), "NE");                          /* not known yet at the visit */
    CHECK_TEXT(ca125("0 CA125 200 U/mL - -\n30 CA125 20 U/mL - -\n"), "NE"); /* no limit anywhere */
    CHECK_TEXT(cea("0 CEA 200 ng/mL - -\n30 CEA 20 ng/mL - -\n"), "NE");
    CHECK_TEXT(cea(CEA(30, 10) CEA(60, 10)), "-");
}

/* ---- disease that cannot be measured: every criterion still speaks, and none invents a sum ---- */

static char said[512];
static void keep_all(const timeline *t) {
    size_t size = 0;
    CHECK(!t->criteria->measurable);
    CHECK(!t->criteria->visits[1].sum_mm.present);
    for (size_t k = 0; k < t->criteria->criterion_count; k++)
        size += (size_t)snprintf(said + size, sizeof said - size, "%s%s %s", k ? ", " : "", t->criteria->criteria[k].id,
                                 bfl_criterion_word(&t->criteria->criteria[k].visits[1]));
}

static const char *all_of(const char *lesions) {
    with_timeline((timeline){.lesions = lesions, .check = keep_all});
    return said;
}

TEST(only_disease_that_cannot_be_measured) {
    CHECK_TEXT(all_of("0 P pleura non_target soft ct present - -\n60 P pleura non_target soft ct present - -\n"),
               "recist11 non-CR/non-PD, recist11_flare_note non-CR/non-PD, soft_tissue non-CR/non-PD, mda2004 -, "
               "irecist non-iCR/non-iUPD, pcwg3_bone -, pcwg3 -, percist10 -, psa_pcwg3 -, ca125_gcig -, cea -");
    CHECK_TEXT(all_of("0 P pleura non_target soft ct present - -\n60 P pleura non_target soft ct absent - -\n"),
               "recist11 CR, recist11_flare_note CR, soft_tissue CR, mda2004 -, irecist iCR, pcwg3_bone -, pcwg3 -, "
               "percist10 -, psa_pcwg3 -, ca125_gcig -, cea -");
    CHECK_TEXT(all_of("0 P pleura non_target soft ct present - -\n60 P pleura non_target soft ct progressed - -\n"),
               "recist11 PD, recist11_flare_note PD, soft_tissue PD, mda2004 -, irecist iUPD, pcwg3_bone -, pcwg3 -, "
               "percist10 -, psa_pcwg3 -, ca125_gcig -, cea -");
    CHECK_TEXT(
        all_of("0 B bone non_target blastic bone_scan present - -\n60 B bone non_target blastic bone_scan present - -\n"
               "60 N bone new blastic bone_scan present - -\n"),
        "recist11 PD, recist11_flare_note non-CR/non-PD, soft_tissue -, mda2004 NE, irecist iUPD, pcwg3_bone non-PD, "
        "pcwg3 non-PD, percist10 -, psa_pcwg3 -, ca125_gcig -, cea -");
}

/* ---- conflicts of all criteria ---- */

static char conflict[512];
static size_t conflicts;
static void keep_conflict(const timeline *t) {
    conflicts = t->criteria->conflict_count;
    (void)snprintf(conflict, sizeof conflict, "%s", conflicts ? t->criteria->conflicts[0].finding : "");
}

TEST(markers_contradict_images) {
    with_timeline(
        (timeline){.lesions = "0 A lung target soft ct measured 50 -\n100 A lung target soft ct measured 50 -\n",
                   .labs = CA(0, 200) CA(30, 400) CA(60, 400),
                   .check = keep_conflict});
    CHECK_INT(conflicts, 1);
    CHECK_TEXT(conflict,
               "day 100: RECIST 1.1 says SD, RECIST 1.1 with its note on flare says SD, RECIST 1.1 without bone says "
               "SD, iRECIST says iSD, CA-125 (GCIG) says PD");
    with_timeline(
        (timeline){.lesions = "0 A lung target soft ct measured 50 -\n100 A lung target soft ct measured 50 -\n",
                   .labs = CA(0, 200) CA(30, 90) CA(60, 90),
                   .check = keep_conflict});
    CHECK_INT(conflicts, 0);
}

TEST_CASES(CASE(half_of_baseline_kept_for_four_weeks), CASE(complete_when_normal_both_times),
           CASE(a_baseline_that_can_respond), CASE(doubled_from_the_limit_or_the_lowest),
           CASE(cea_half_of_a_raised_baseline), CASE(cea_thirty_per_cent_up_twice),
           CASE(an_early_rise_of_cea_is_no_progression), CASE(an_early_rise_is_said), CASE(what_is_missing),
           CASE(only_disease_that_cannot_be_measured), CASE(markers_contradict_images))
