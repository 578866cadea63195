/* SPDX-License-Identifier: Apache-2.0 */
/* When the reading of disease outside bone stands (soft_tissue_stands), and each way in which a later study may change it. */
#include "timeline.h"

static bool stands;
static void keep(const timeline *t) { stands = t->criteria->soft_tissue_stands; }

static bool stands_with(const char *lesions, const char *notes) {
    with_timeline((timeline){.lesions = lesions, .notes = notes, .check = keep});
    return stands;
}

#define TARGET "0 T01 lung target soft ct measured 50 -\n60 T01 lung target soft ct measured 40 -\n"

TEST(a_plain_course_stands) {
    CHECK(stands_with(TARGET, NULL));
    CHECK(
        stands_with(TARGET "60 N01 liver new soft ct measured 12 -\n120 N01 liver new soft ct measured 20 -\n", NULL));
    CHECK(stands_with(TARGET, "60 progression PD\n"));
}

/* An equivocal lesion that a later study confirms is dated back. In bone it is no matter of soft tissue. */
TEST(an_equivocal_lesion_outside_bone_does_not_stand) {
    CHECK(!stands_with(TARGET "60 N01 liver new soft ct equivocal - -\n", NULL));
    CHECK(!stands_with(TARGET "60 N01 liver non_target soft ct equivocal - -\n", NULL));
    CHECK(stands_with(TARGET "60 B01 bone new blastic ct equivocal - -\n", NULL));
}

/* A role that is stated after the first row moves what was read before; in bone, unless it is that of a target, it does not. */
TEST(a_role_that_comes_later_does_not_stand) {
    CHECK(!stands_with("0 T01 lung - soft ct measured 50 -\n60 T01 lung target soft ct measured 40 -\n", NULL));
    CHECK(!stands_with(TARGET "60 X01 liver - soft ct present - -\n120 X01 liver new soft ct present - -\n", NULL));
    CHECK(!stands_with(TARGET "60 X01 liver target soft ct measured 30 -\n", NULL));
    CHECK(stands_with(TARGET "60 X01 liver new soft ct present - -\n120 X01 liver non_target soft ct present - -\n",
                      NULL));
    CHECK(stands_with(TARGET "60 B01 bone - blastic ct present - -\n120 B01 bone new blastic ct present - -\n", NULL));
    CHECK(!stands_with(TARGET "60 B01 bone - lytic ct present - -\n120 B01 bone target lytic ct present 20 -\n", NULL));
}

TEST(an_organ_or_a_place_that_comes_later_does_not_stand) {
    CHECK(!stands_with(TARGET "0 X01 - non_target soft ct present - -\n60 X01 liver non_target soft ct present - -\n",
                       NULL));
    CHECK(stands_with(
        TARGET "0 X01 liver non_target soft ct present - -\n60 X01 liver non_target soft ct present - -\n", NULL));
}

/* It may be dated some days after the visit that it is about. */
TEST(a_stated_response_does_not_stand) {
    CHECK(!stands_with(TARGET, "60 response PR\n"));
    CHECK(!stands_with(TARGET, "60 Response SD\n"));
}

TEST_CASES(CASE(a_plain_course_stands), CASE(an_equivocal_lesion_outside_bone_does_not_stand),
           CASE(a_role_that_comes_later_does_not_stand), CASE(an_organ_or_a_place_that_comes_later_does_not_stand),
           CASE(a_stated_response_does_not_stand))
