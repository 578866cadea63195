/* SPDX-License-Identifier: Apache-2.0 */
/* Causes of an ALP rise, each alone and together, with what speaks for and against. */
#include "patient.h"

static void lung_cancer(patient *p) { bfl_record_patient(p->builder)->tumour = "lung"; }

static void liver_tests(patient *p, int on, const char *alt, const char *ggt, const char *bilirubin) {
    if (*alt) (void)lab(p, on, "ALT", alt, "U/L", "", "40");
    if (*ggt) (void)lab(p, on, "GGT", ggt, "U/L", "", "60");
    if (*bilirubin) (void)lab(p, on, "BIL", bilirubin, "mg/dL", "0.2", "1.2");
}

static int present_count(const patient *p) {
    int n = 0;
    for (size_t i = 0; i < p->markers->cause_count; i++) n += p->markers->causes[i].present;
    return n;
}

/* Present causes first, by falling support; support = for / (for + against + 2). */
static void check_order(const patient *p) {
    const bfl_alp_cause *causes = p->markers->causes;
    CHECK_INT(p->markers->cause_count, 10);
    for (size_t i = 1; i < p->markers->cause_count; i++) {
        CHECK(causes[i - 1].present || !causes[i].present);
        if (causes[i - 1].present == causes[i].present)
            CHECK(bfl_decimal_compare(causes[i - 1].support, causes[i].support) >= 0);
    }
}

/* ---- raised or not ---- */

static void write_normal(patient *p) {
    alp(p, 0, "100");
    alp(p, 30, "110");
}

TEST(no_rise_no_cause) {
    patient p = patient_of(write_normal);
    CHECK(!p.markers->alp_raised && !p.markers->alp_bone);
    CHECK_INT(p.markers->cause_count, 0);
    patient_forget(&p);
}

static void write_up_in_range(patient *p) {
    alp(p, 0, "60");
    alp(p, 30, "100");
}

TEST(up_beyond_noise_is_a_rise_within_the_range) {
    patient p = patient_of(write_up_in_range);
    CHECK(p.markers->alp_raised);
    check_order(&p);
    patient_forget(&p);
}

static int gap;

static void write_old_rise(patient *p) {
    alp(p, 0, "100");
    alp(p, 20, "300");
    alp(p, 20 + gap, "100");
}

TEST(a_rise_counts_for_sixty_days) {
    gap = 60;
    patient p = patient_of(write_old_rise);
    CHECK(p.markers->alp_raised);
    patient_forget(&p);
    gap = 61;
    p = patient_of(write_old_rise);
    CHECK(!p.markers->alp_raised);
    patient_forget(&p);
}

/* ---- bone ---- */

static bool said_of(const patient *p, const char *finding) {
    for (size_t i = 0; i < p->markers->cause_count; i++)
        for (size_t j = 0; j < p->markers->causes[i].for_count; j++)
            if (strcmp(p->markers->causes[i].reasons_for[j].finding, finding) == 0) return true;
    return false;
}

static bool diagnosed_early, image_clear;

static void write_diagnosis(patient *p) {
    drug(p, "gefitinib", 0);
    alp(p, 0, "100");
    alp(p, 20, "300");
    bfl_clinical *c = bfl_record_add_clinical(p->builder, day(diagnosed_early ? -30 : 400));
    c->item = "bone_metastasis";
    c->value = "yes";
    if (image_clear) (void)lesion(p, 0, "skeleton", BFL_ORGAN_BONE, BFL_LESION_ABSENT);
}

TEST(a_diagnosis_makes_bone_disease_known_unless_an_image_is_clear) {
    diagnosed_early = true;
    image_clear = false;
    patient p = patient_of(write_diagnosis);
    CHECK(said_of(&p, "bone metastases diagnosed"));
    patient_forget(&p);
    image_clear = true;
    p = patient_of(write_diagnosis);
    CHECK(!said_of(&p, "bone metastases diagnosed"));
    patient_forget(&p);
    image_clear = diagnosed_early = false; /* later than the rise: not known then */
    p = patient_of(write_diagnosis);
    CHECK(!said_of(&p, "bone metastases diagnosed"));
    patient_forget(&p);
}

static void write_kaneko(patient *p) {
    lung_cancer(p);
    drug(p, "gefitinib", 0);
    lesion(p, 0, "T4", BFL_ORGAN_BONE, BFL_LESION_PRESENT)->matrix = BFL_MATRIX_LYTIC;
    lab(p, 0, "ALP", "379", "IU/L", "104", "338")->method = "JSCC";
    lab(p, 13, "ALP", "952", "IU/L", "104", "338")->method = "JSCC";
    (void)lab(p, 13, "ALP_1", "8.6", "%", "", "");
    (void)lab(p, 13, "ALP_2", "56.3", "%", "", "");
    (void)lab(p, 13, "ALP_3", "35.1", "%", "", "");
    (void)lab(p, 0, "ALT", "14", "IU/L", "", "");
    (void)lab(p, 13, "ALT", "168", "IU/L", "", "");
    (void)lab(p, 0, "AST", "25", "IU/L", "", "");
    (void)lab(p, 13, "AST", "101", "IU/L", "", "");
    (void)lab(p, 0, "GGT", "37", "IU/L", "", "");
    (void)lab(p, 0, "BIL", "0.7", "mg/dL", "", "");
}

TEST(healing_and_liver_injury_together) {
    patient p = patient_of(write_kaneko);
    check_order(&p);
    CHECK(cause(&p, "bone_healing")->present);
    CHECK(cause(&p, "hepatocellular")->present);
    CHECK(cause(&p, "drug")->present);
    CHECK(!cause(&p, "bone_progression")->present);
    CHECK(!cause(&p, "cholestatic")->present);
    CHECK_INT(present_count(&p), 3);
    CHECK(p.markers->alp_bone);
    CHECK(speaks_for(cause(&p, "bone_healing"), "marker.cause.bone_healing.isozyme"));
    CHECK(speaks_for(cause(&p, "bone_healing"), "marker.cause.bone_healing.early_rise"));
    CHECK(speaks_against(cause(&p, "bone_progression"), "marker.cause.bone_progression.early_rise"));
    /* GGT of day 0 says nothing of day 13. */
    CHECK(!speaks_for(cause(&p, "bone_healing"), "marker.cause.bone_healing.ggt_normal"));
    CHECK_DECIMAL(cause(&p, "bone_healing")->support, "0.71"); /* 5 / (5 + 0 + 2) */
    patient_forget(&p);
}

static void write_untreated(patient *p) {
    lung_cancer(p);
    drug(p, "gefitinib", 0);
    (void)bone(p, -3, BFL_CHANGE_NONE);
    alp(p, -3, "300");
}

TEST(untreated_bone_metastases_do_not_heal) {
    patient p = patient_of(write_untreated);
    CHECK(cause(&p, "bone_progression")->present);
    CHECK(!cause(&p, "bone_healing")->present);
    CHECK(speaks_against(cause(&p, "bone_healing"), "marker.cause.bone_healing.no_therapy"));
    patient_forget(&p);
}

static void write_flare_over(patient *p) {
    lung_cancer(p);
    drug(p, "gefitinib", 0);
    (void)bone(p, 0, BFL_CHANGE_NONE);
    (void)bone(p, 42, BFL_CHANGE_SCLEROSED);
    alp(p, 0, "100");
    alp(p, 14, "250");
    alp(p, 42, "110");
}

TEST(rise_and_fall_with_sclerosis) {
    patient p = patient_of(write_flare_over);
    const bfl_alp_cause *healing = cause(&p, "bone_healing");
    CHECK(healing->present);
    CHECK(speaks_for(healing, "marker.cause.bone_healing.rise_then_fall"));
    CHECK(speaks_for(healing, "marker.cause.bone_healing.sclerosis"));
    CHECK_DECIMAL(healing->support, "0.78"); /* 7 / 9 */
    CHECK_INT(present_count(&p), 1);
    patient_forget(&p);
}

static int rise_day;

static void write_rise_on(patient *p) {
    lung_cancer(p);
    drug(p, "gefitinib", 0);
    (void)bone(p, 0, BFL_CHANGE_NONE);
    alp(p, 0, "100");
    alp(p, rise_day, "250");
}

TEST(the_time_of_the_rise_decides) {
    static const int early[] = {5, 56}, late[] = {181, 300};
    for (int i = 0; i < 2; i++) {
        rise_day = early[i];
        patient p = patient_of(write_rise_on);
        CHECK(cause(&p, "bone_healing")->present);
        CHECK(!cause(&p, "bone_progression")->present);
        patient_forget(&p);
        rise_day = late[i];
        p = patient_of(write_rise_on);
        CHECK(!cause(&p, "bone_healing")->present);
        CHECK(cause(&p, "bone_progression")->present);
        CHECK(speaks_for(cause(&p, "bone_progression"), "marker.cause.bone_progression.late_rise"));
        patient_forget(&p);
    }
    static const int between[] = {4, 57, 180};
    for (int i = 0; i < 3; i++) {
        rise_day = between[i];
        patient p = patient_of(write_rise_on);
        CHECK(!speaks_for(cause(&p, "bone_healing"), "marker.cause.bone_healing.early_rise"));
        CHECK(!speaks_for(cause(&p, "bone_progression"), "marker.cause.bone_progression.late_rise"));
        CHECK_INT(present_count(&p), 0); /* undecided */
        patient_forget(&p);
    }
}

static const char *alp_at_scan;

static void write_worse_scan(patient *p) {
    lung_cancer(p);
    drug(p, "letrozole", 0);
    (void)bone(p, 0, BFL_CHANGE_NONE);
    (void)bone(p, 90, BFL_CHANGE_UPTAKE_UP);
    alp(p, 0, "150");
    alp(p, 90, alp_at_scan);
}

TEST(alp_at_the_time_of_a_worse_scan) {
    alp_at_scan = "300";
    patient p = patient_of(write_worse_scan);
    CHECK(cause(&p, "bone_progression")->present);
    CHECK(!cause(&p, "bone_healing")->present);
    CHECK(speaks_for(cause(&p, "bone_progression"), "marker.cause.bone_progression.rising_at_worse_scan"));
    patient_forget(&p);
    alp_at_scan = "150";
    p = patient_of(write_worse_scan);
    CHECK(!cause(&p, "bone_progression")->present);
    CHECK(cause(&p, "bone_healing")->present);
    CHECK(speaks_for(cause(&p, "bone_healing"), "marker.cause.bone_healing.stable_at_worse_scan"));
    patient_forget(&p);
}

static void write_lytic(patient *p) {
    write_worse_scan(p);
    (void)bone(p, 91, BFL_CHANGE_LYTIC_GROWTH);
}

TEST(lytic_growth_outweighs) {
    alp_at_scan = "150";
    patient p = patient_of(write_lytic);
    CHECK(!cause(&p, "bone_healing")->present);
    CHECK(cause(&p, "bone_progression")->present);
    patient_forget(&p);
}

static void write_coleman(patient *p) {
    write_rise_on(p);
    (void)lab(p, 0, "BALP", "15", "ug/L", "5", "22.4");
    (void)lab(p, 30, "BALP", "40", "ug/L", "5", "22.4");
    (void)lab(p, 0, "OC", "10", "ng/mL", "5", "30");
    (void)lab(p, 30, "OC", "25", "ng/mL", "5", "30");
    (void)lab(p, 0, "ICTP", "3", "ng/mL", "", "4.5");
    (void)lab(p, 30, "ICTP", "3", "ng/mL", "", "4.5");
}

static void write_ictp(patient *p) {
    write_rise_on(p);
    (void)lab(p, 0, "ICTP", "3", "ng/mL", "", "4.5");
    (void)lab(p, 30, "ICTP", "8", "ng/mL", "", "4.5");
}

TEST(bone_markers) {
    rise_day = 30;
    patient p = patient_of(write_coleman);
    CHECK(speaks_for(cause(&p, "bone_healing"), "marker.cause.bone_healing.balp_osteocalcin"));
    CHECK(!speaks_for(cause(&p, "bone_progression"), "marker.cause.bone_progression.ictp"));
    CHECK(p.markers->alp_bone);
    patient_forget(&p);
    p = patient_of(write_ictp);
    CHECK(speaks_for(cause(&p, "bone_progression"), "marker.cause.bone_progression.ictp"));
    CHECK(speaks_against(cause(&p, "bone_healing"), "marker.cause.bone_healing.ictp"));
    patient_forget(&p);
}

static void write_bone_agent(patient *p) {
    write_flare_over(p);
    drug(p, "zoledronic acid", 1);
}

TEST(a_bone_agent_lowers_alp_by_itself) {
    patient p = patient_of(write_bone_agent);
    CHECK(speaks_against(cause(&p, "bone_healing"), "marker.cause.bone_healing.bone_agent"));
    patient_forget(&p);
}

/* ---- isolated ---- */

static void write_isolated(patient *p) {
    alp(p, 0, "312");
    liver_tests(p, 0, "19", "22", "0.5");
}

TEST(isolated_alp_is_bone_undecided) {
    patient p = patient_of(write_isolated);
    CHECK(p.markers->alp_raised && p.markers->alp_bone);
    CHECK_INT(present_count(&p), 0);
    check_order(&p);
    CHECK(speaks_for(cause(&p, "bone_progression"), "marker.cause.bone_progression.ggt_normal"));
    CHECK(speaks_against(cause(&p, "cholestatic"), "marker.cause.cholestatic.ggt_normal"));
    CHECK(says(course(&p, "ALP"), "marker.alp.bone_origin"));
    patient_forget(&p);
}

/* ---- liver ---- */

static void write_cholestatic(patient *p) {
    lung_cancer(p);
    drug(p, "carboplatin", 0);
    alp(p, 0, "100");
    alp(p, 21, "700");
    liver_tests(p, 0, "20", "30", "0.5");
    liver_tests(p, 21, "60", "500", "4.5");
}

TEST(cholestasis_is_never_bone_healing) {
    patient p = patient_of(write_cholestatic);
    CHECK(cause(&p, "cholestatic")->present);
    CHECK(!cause(&p, "bone_healing")->present);
    CHECK(!cause(&p, "bone_progression")->present);
    CHECK(!p.markers->alp_bone);
    CHECK(speaks_for(cause(&p, "cholestatic"), "marker.cause.cholestatic.r_low"));
    CHECK(speaks_against(cause(&p, "bone_healing"), "marker.cause.bone_healing.ggt_raised"));
    patient_forget(&p);
}

static void write_checkpoint(patient *p) {
    lung_cancer(p);
    drug(p, "pembrolizumab", 0);
    alp(p, 0, "100");
    alp(p, 84, "1328");
    liver_tests(p, 0, "20", "30", "0.5");
    liver_tests(p, 84, "156", "500", "1.0");
}

TEST(checkpoint_inhibitor_cholangitis) {
    patient p = patient_of(write_checkpoint);
    CHECK(cause(&p, "cholestatic")->present);
    CHECK(cause(&p, "drug")->present);
    CHECK(!cause(&p, "bone_healing")->present);
    CHECK(speaks_for(cause(&p, "cholestatic"), "marker.cause.cholestatic.checkpoint_inhibitor"));
    CHECK(speaks_for(cause(&p, "drug"), "marker.cause.drug.ici_cholangitis"));
    CHECK(speaks_for(cause(&p, "cholestatic"), "marker.cause.cholestatic.extreme"));
    patient_forget(&p);
}

static void write_hepatitis(patient *p) {
    lung_cancer(p);
    alp(p, 0, "180");
    liver_tests(p, 0, "900", "55", "1.0");
}

TEST(hepatocellular_alone) {
    patient p = patient_of(write_hepatitis);
    CHECK(cause(&p, "hepatocellular")->present);
    CHECK(!cause(&p, "cholestatic")->present);
    CHECK(!cause(&p, "drug")->present); /* no drug */
    CHECK_INT(present_count(&p), 1);
    patient_forget(&p);
}

static const char *liver_size;

static void write_liver_lesion(patient *p) {
    lung_cancer(p);
    drug(p, "carboplatin", 0);
    lesion(p, 0, "liver", BFL_ORGAN_LIVER, BFL_LESION_MEASURED)->longest_mm = number("20");
    lesion(p, 84, "liver", BFL_ORGAN_LIVER, BFL_LESION_MEASURED)->longest_mm = number(liver_size);
    alp(p, 0, "100");
    alp(p, 84, "300");
    liver_tests(p, 84, "30", "120", "0.5");
}

TEST(liver_metastases_that_grow) {
    static const struct {
        const char *size;
        bool growing, shrinking;
    } cases[] = {{"24", true, false}, {"23.9", false, false}, {"14.1", false, false}, {"14", false, true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        liver_size = cases[i].size;
        patient p = patient_of(write_liver_lesion);
        const bfl_alp_cause *c = cause(&p, "liver_metastasis");
        CHECK_INT(speaks_for(c, "marker.cause.liver_metastasis.liver_growing"), cases[i].growing);
        CHECK_INT(speaks_against(c, "marker.cause.liver_metastasis.liver_shrinking"), cases[i].shrinking);
        CHECK(!cases[i].growing || c->present);
        patient_forget(&p);
    }
}

/* ---- the rest ---- */

static void write_paget(patient *p) {
    alp(p, 0, "1300");
    liver_tests(p, 0, "20", "20", "0.5");
    clinical(p, 0, "paget", "yes");
}

TEST(paget) {
    patient p = patient_of(write_paget);
    CHECK(cause(&p, "paget")->present);
    CHECK(speaks_for(cause(&p, "paget"), "marker.cause.paget.multiple"));
    CHECK_INT(present_count(&p), 1);
    patient_forget(&p);
}

static void write_paget_biopsy(patient *p) {
    write_worse_scan(p);
    bfl_pathology *row = bfl_record_add_pathology(p->builder, day(1));
    row->site = "ilium";
    row->result = "paget";
}

TEST(paget_beside_metastases) {
    alp_at_scan = "300";
    patient p = patient_of(write_paget_biopsy);
    CHECK(cause(&p, "paget")->present);
    CHECK(cause(&p, "bone_progression")->present);
    patient_forget(&p);
}

static int fracture_day;

static void write_fracture(patient *p) {
    alp(p, 0, "280");
    clinical(p, fracture_day, "fracture", "yes");
}

TEST(a_fracture_heals_for_four_months) {
    fracture_day = -120;
    patient p = patient_of(write_fracture);
    CHECK(cause(&p, "fracture")->present);
    patient_forget(&p);
    fracture_day = -121;
    p = patient_of(write_fracture);
    CHECK(!cause(&p, "fracture")->present);
    patient_forget(&p);
}

static const char *isozyme_note;

static void write_placental(patient *p) {
    lung_cancer(p);
    lab(p, 0, "ALP", "300", "U/L", "45", "125")->note = isozyme_note;
}

TEST(placental_isozyme) {
    isozyme_note = "electrophoresis: Regan isozyme";
    patient p = patient_of(write_placental);
    CHECK(cause(&p, "tumour_isozyme")->present);
    patient_forget(&p);
    isozyme_note = "no placental isozyme";
    p = patient_of(write_placental);
    CHECK(!cause(&p, "tumour_isozyme")->present);
    CHECK_INT(cause(&p, "tumour_isozyme")->for_count, 0);
    patient_forget(&p);
}

static void write_sepsis(patient *p) {
    alp(p, 0, "1001");
    liver_tests(p, 0, "50", "", "1.0");
    clinical(p, 0, "sepsis", "yes");
    clinical(p, 0, "fever", "yes");
}

TEST(sepsis_with_extreme_alp) {
    patient p = patient_of(write_sepsis);
    const bfl_alp_cause *c = cause(&p, "sepsis");
    CHECK(c->present);
    CHECK(speaks_for(c, "marker.cause.sepsis.extreme"));
    CHECK(speaks_for(c, "marker.cause.sepsis.bilirubin_normal"));
    CHECK_DECIMAL(c->support, "0.75"); /* 6 / 8 */
    patient_forget(&p);
}

static void write_fever(patient *p) {
    alp(p, 0, "1000");
    clinical(p, 0, "fever", "yes");
}

TEST(fever_alone_is_no_sepsis) {
    patient p = patient_of(write_fever);
    CHECK(!cause(&p, "sepsis")->present);
    CHECK(!speaks_for(cause(&p, "sepsis"), "marker.cause.sepsis.extreme")); /* exactly 1000 */
    patient_forget(&p);
}

static void write_jscc_extreme(patient *p) {
    lab(p, 0, "ALP", "2000", "U/L", "106", "322")->method = "JSCC"; /* 700 on the IFCC scale */
    clinical(p, 0, "sepsis", "yes");
}

TEST(extreme_is_judged_on_one_scale) {
    patient p = patient_of(write_jscc_extreme);
    CHECK(!speaks_for(cause(&p, "sepsis"), "marker.cause.sepsis.extreme"));
    patient_forget(&p);
}

static void write_dechallenge(patient *p) {
    lung_cancer(p);
    bfl_record_add_therapy(p->builder, day(0), day(50))->drug = "gefitinib";
    alp(p, 0, "100");
    alp(p, 49, "400");
    alp(p, 70, "200");
    liver_tests(p, 0, "20", "", "");
    liver_tests(p, 49, "300", "", "");
    liver_tests(p, 70, "80", "", "");
}

TEST(a_drug_and_its_stop) {
    patient p = patient_of(write_dechallenge);
    const bfl_alp_cause *c = cause(&p, "drug");
    CHECK(c->present);
    CHECK(speaks_for(c, "marker.cause.drug.fell_after_stop"));
    CHECK(speaks_for(c, "marker.cause.drug.rose_under_drug"));
    patient_forget(&p);
}

static void write_said(patient *p) {
    lung_cancer(p);
    drug(p, "gefitinib", 0);
    (void)bone(p, 0, BFL_CHANGE_NONE);
    (void)lab(p, 10, "ALP", "rising", "", "", "");
    (void)lab(p, 10, "GGT", "normal", "", "", "");
}

TEST(a_rise_said_in_words) {
    patient p = patient_of(write_said);
    CHECK(p.markers->alp_raised && p.markers->alp_bone);
    CHECK(cause(&p, "bone_healing")->present);
    CHECK(!cause(&p, "bone_progression")->present);
    patient_forget(&p);
}

TEST_CASES(CASE(no_rise_no_cause), CASE(up_beyond_noise_is_a_rise_within_the_range), CASE(a_rise_counts_for_sixty_days),
           CASE(healing_and_liver_injury_together), CASE(untreated_bone_metastases_do_not_heal),
           CASE(rise_and_fall_with_sclerosis), CASE(the_time_of_the_rise_decides),
           CASE(alp_at_the_time_of_a_worse_scan), CASE(lytic_growth_outweighs), CASE(bone_markers),
           CASE(a_bone_agent_lowers_alp_by_itself), CASE(isolated_alp_is_bone_undecided),
           CASE(cholestasis_is_never_bone_healing), CASE(checkpoint_inhibitor_cholangitis), CASE(hepatocellular_alone),
           CASE(liver_metastases_that_grow), CASE(paget), CASE(paget_beside_metastases),
           CASE(a_fracture_heals_for_four_months), CASE(placental_isozyme), CASE(sepsis_with_extreme_alp),
           CASE(fever_alone_is_no_sepsis), CASE(extreme_is_judged_on_one_scale), CASE(a_drug_and_its_stop),
           CASE(a_rise_said_in_words), CASE(a_diagnosis_makes_bone_disease_known_unless_an_image_is_clear))
