/* SPDX-License-Identifier: Apache-2.0 */
/* The bone: RECIST's note on flare and the MDA criteria side by side, and the contradictions between them. */
#include "timeline.h"

static char last_summary[512], last_conflict[512];
static void keep(const timeline *t) {
    (void)snprintf(last_summary, sizeof last_summary, "%s", summary(t));
    (void)snprintf(last_conflict, sizeof last_conflict, "%s",
                   t->criteria->conflict_count ? t->criteria->conflicts[0].finding : "");
}
static const char *read_as(const char *lesions) {
    with_timeline((timeline){.lesions = lesions, .check = keep});
    return last_summary;
}

#define PR "0 L lung target soft ct measured 50 -\n56 L lung target soft ct measured 30 -\n"
#define SD "0 L lung target soft ct measured 50 -\n56 L lung target soft ct measured 50 -\n"
#define PD "0 L lung target soft ct measured 50 -\n56 L lung target soft ct measured 70 -\n"
#define BLASTIC "56 X@T5 bone new blastic ct present - -\n"

/* target / non-target / new / overall / under the note / outside bone / MDA */

TEST(a_new_blastic_lesion_with_response_elsewhere) {
    CHECK_TEXT(read_as(PR BLASTIC), "PR/-/unequivocal/PD/PR/PR/PR");
    CHECK_TEXT(
        last_conflict,
        "day 56: RECIST 1.1 says PD, RECIST 1.1 with its note on flare says PR, RECIST 1.1 without "
        "bone says PR, MDA bone criteria 2004 says PR, iRECIST says iUPD, PCWG3 bone says non-PD, PCWG3 says PR");
    CHECK_TEXT(read_as(SD BLASTIC), "SD/-/unequivocal/PD/SD/SD/NE");
    CHECK_TEXT(read_as(PD BLASTIC), "PD/-/unequivocal/PD/PD/PD/PD");
    CHECK_TEXT(last_conflict, "");
}

TEST(lytic_change_or_a_mass_is_never_flare) {
    CHECK_TEXT(read_as(PR "56 X bone new lytic ct present - -\n"), "PR/-/unequivocal/PD/PD/PR/PD");
    CHECK_TEXT(read_as(PR "56 X bone new blastic ct present - lytic_growth\n"), "PR/-/unequivocal/PD/PD/PR/PD");
    CHECK_TEXT(read_as(PR "56 X bone new blastic ct present - soft_tissue_mass\n"), "PR/-/unequivocal/PD/PD/PR/PD");
    CHECK_TEXT(read_as(PR "56 X bone new blastic ct measured 12 -\n"), "PR/-/unequivocal/PD/PD/PR/PD");
    CHECK_TEXT(read_as(PR "56 X bone new mixed ct present - -\n"), "PR/-/unequivocal/PD/PD/PR/PD");
    CHECK_TEXT(read_as(PR "56 X bone new lytic ct present - sclerotic_rim\n"), "PR/-/unequivocal/PD/PR/PR/PR");
}

TEST(what_pet_or_mri_showed_at_that_place_before) {
    CHECK_TEXT(read_as(PR "0 M@T5 bone non_target marrow fdg_pet present - -\n" BLASTIC),
               "PR/NE/unequivocal/PD/PR/PR/PR");
    CHECK_TEXT(read_as(PR "0 M@T5 bone - - fdg_pet absent - -\n" BLASTIC), "PR/-/unequivocal/PD/PD/PR/PR");
    CHECK_TEXT(read_as(PR "0 M@T5 bone - - mri absent - -\n" BLASTIC), "PR/-/unequivocal/PD/PD/PR/PR");
    CHECK_TEXT(read_as(PR "0 skeleton bone - - fdg_pet absent - -\n" BLASTIC), "PR/-/unequivocal/PD/PD/PR/PR");
    /* A normal CT does not exclude marrow disease. */
    CHECK_TEXT(read_as(PR "0 skeleton bone - - ct absent - -\n" BLASTIC), "PR/-/unequivocal/PD/PR/PR/PR");
    CHECK_TEXT(read_as(PR "0 M@L4 bone - - fdg_pet absent - -\n" BLASTIC), "PR/-/unequivocal/PD/PR/PR/PR");
}

TEST(the_note_covers_bone_only_and_other_progression_stays) {
    CHECK_TEXT(read_as(PR BLASTIC "56 Y liver new soft ct present - -\n"), "PR/-/unequivocal/PD/PD/PD/PD");
    CHECK_TEXT(
        read_as(PR "0 H liver non_target soft ct present - -\n56 H liver non_target soft ct progressed - -\n" BLASTIC),
        "PR/PD/unequivocal/PD/PD/PD/PD");
    /* Nothing but the bone to judge: not evaluable, not progression. */
    CHECK_TEXT(read_as("0 skeleton bone - - ct absent - -\n" BLASTIC), "-/-/unequivocal/PD/NE/-/NE");
}

TEST(known_bone_that_looks_worse) {
    CHECK_TEXT(
        read_as(PR
                "0 B bone non_target lytic ct present - -\n56 B bone non_target blastic ct progressed - sclerosed\n"),
        "PR/PD/none/PD/PR/PR/PR");
    CHECK_TEXT(
        read_as(PR "0 B bone non_target lytic ct present - -\n56 B bone non_target lytic ct progressed - larger\n"),
        "PR/PD/none/PD/PD/PR/PD");
    CHECK_TEXT(read_as(PR "0 B bone non_target blastic bone_scan present - -\n56 B bone non_target - bone_scan "
                          "progressed - uptake_up\n"),
               "PR/PD/none/PD/PR/PR/PR");
}

#define LYTIC "0 B bone non_target lytic ct present - -\n"

TEST(mda_healing_of_lytic_lesions) {
    CHECK_TEXT(read_as(SD LYTIC "56 B bone non_target lytic ct present - sclerotic_rim\n"), "SD/non/none/SD/SD/SD/PR");
    CHECK_TEXT(read_as(SD LYTIC "56 B bone non_target lytic ct present - filled_in\n"), "SD/non/none/SD/SD/SD/PR");
    CHECK_TEXT(read_as(SD LYTIC "56 B bone non_target blastic ct present - sclerosed;larger\n"),
               "SD/non/none/SD/SD/SD/PR");
    CHECK_TEXT(read_as(SD LYTIC "56 B bone non_target lytic ct present - stable\n"), "SD/non/none/SD/SD/SD/SD");
    CHECK_TEXT(read_as(SD LYTIC "56 B bone non_target lytic ct present - lytic_growth\n"), "SD/non/none/SD/SD/SD/PD");
    CHECK_TEXT(read_as(SD LYTIC "56 B bone non_target lytic ct present - larger\n"), "SD/non/none/SD/SD/SD/PD");
    CHECK_TEXT(read_as(SD LYTIC "56 B bone non_target lytic ct absent - -\n"), "SD/CR/none/SD/SD/SD/CR");
    CHECK_TEXT(read_as(SD LYTIC), "SD/NE/none/SD/SD/SD/NE");
    CHECK_TEXT(read_as(SD), "SD/-/none/SD/SD/SD/-");
}

TEST(mda_uptake_only_after_excluding_flare) {
    CHECK_TEXT(read_as(PR LYTIC "56 B bone non_target - bone_scan present - uptake_up\n"), "PR/non/none/PR/PR/PR/SD");
    CHECK_TEXT(read_as(SD LYTIC "56 B bone non_target - bone_scan present - uptake_up\n"), "SD/non/none/SD/SD/SD/NE");
    CHECK_TEXT(read_as(PD LYTIC "56 B bone non_target - bone_scan present - uptake_up\n"), "PD/non/none/PD/PD/PD/PD");
    CHECK_TEXT(read_as(SD LYTIC "56 B bone non_target - bone_scan present - uptake_down\n"), "SD/non/none/SD/SD/SD/PR");
}

TEST(mda_measured_soft_tissue_part) {
#define MASS(before, now) \
    "0 B bone target lytic ct measured " #before " -\n56 B bone target lytic ct measured " #now " -\n"
    CHECK_TEXT(read_as(MASS(40, 20)), "PR/-/none/PR/PR/-/PR");
    CHECK_TEXT(read_as(MASS(40, 20.1)), "PR/-/none/PR/PR/-/SD");
    CHECK_TEXT(read_as(MASS(40, 50)), "PD/-/none/PD/PD/-/PD");
    CHECK_TEXT(read_as(MASS(40, 49.9)), "PD/-/none/PD/PD/-/SD");
}

TEST(words_elsewhere_can_show_response) {
    const char *smaller =
        "0 H liver non_target soft ct present - -\n56 H liver non_target soft ct present - smaller\n" BLASTIC;
    CHECK_TEXT(read_as(smaller), "-/non/unequivocal/PD/non-CR/non-PD/non-CR/non-PD/PR");
    const char *mixed =
        "0 H liver non_target soft ct present - -\n56 H liver non_target soft ct present - smaller\n"
        "0 K lung non_target soft ct present - -\n56 K lung non_target soft ct present - larger\n" BLASTIC;
    CHECK_TEXT(read_as(mixed), "-/non/unequivocal/PD/non-CR/non-PD/non-CR/non-PD/NE");
}

static void healing_reasons(const timeline *t) {
    const bfl_criterion_visit *mda = visit_of(t, "mda2004", 1), *note = visit_of(t, "recist11_flare_note", 1);
    CHECK(has_rule(mda->reasons, mda->reason_count, "mda2004.pr.new_sclerosis"));
    CHECK(has_rule(note->reasons, note->reason_count, "recist11.note.flare"));
    CHECK(note->reasons[0].event_count > 0);
}
TEST(every_reading_gives_its_reasons) { with_timeline((timeline){.lesions = PR BLASTIC, .check = healing_reasons}); }

TEST_CASES(CASE(a_new_blastic_lesion_with_response_elsewhere), CASE(lytic_change_or_a_mass_is_never_flare),
           CASE(what_pet_or_mri_showed_at_that_place_before),
           CASE(the_note_covers_bone_only_and_other_progression_stays), CASE(known_bone_that_looks_worse),
           CASE(mda_healing_of_lytic_lesions), CASE(mda_uptake_only_after_excluding_flare),
           CASE(mda_measured_soft_tissue_part), CASE(words_elsewhere_can_show_response),
           CASE(every_reading_gives_its_reasons))
