/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every finding with its points: small patients in which it speaks, and the support that follows. The sums stand beside each
 * expectation as for / (for + against + 2), so that no weight of the rulebook can move unnoticed.
 */
#include "patient.h"

static void check_support(void (*write)(patient *p), const char *id, const char *support) {
    patient p = patient_of(write);
    const bfl_alp_cause *c = cause(&p, id);
    char text[48];
    bfl_decimal_format(c->support, text, sizeof text);
    if (strcmp(text, support) != 0) printf("# %s\n", id);
    CHECK_TEXT(text, support);
    patient_forget(&p);
}

static void cancer(patient *p) { bfl_record_patient(p->builder)->tumour = "lung"; }

/* ALP 100 before a drug, 300 on day 20 of it: early rise +2 for healing, -2 for progression. */
static void early(patient *p) {
    cancer(p);
    drug(p, "letrozole", 0);
    alp(p, 0, "100");
    alp(p, 20, "300");
}

/* The same with bone metastases known: +1 each; healing 3 / 5 = 0.60, progression 1 / 5 = 0.20. */
static void known(patient *p) {
    early(p);
    (void)bone(p, 0, BFL_CHANGE_NONE);
}

TEST(starting_points) {
    check_support(known, "bone_healing", "0.60");
    check_support(known, "bone_progression", "0.20");
    check_support(early, "bone_healing", "0.40"); /* 2 / (2 + 1 not known + 2) */
}

/* ---- bone: serum ---- */

static void iso(patient *p, const char *one, const char *two, const char *three) {
    (void)lab(p, 20, "ALP_1", one, "%", "", "");
    (void)lab(p, 20, "ALP_2", two, "%", "", "");
    (void)lab(p, 20, "ALP_3", three, "%", "", "");
}

static void bone_isozyme(patient *p) { known(p), iso(p, "2", "28", "70"); }
static void liver_isozyme(patient *p) { known(p), iso(p, "2", "76", "22"); }
static void liver_isozyme_normal_alt(patient *p) {
    liver_isozyme(p);
    (void)lab(p, 20, "ALT", "20", "U/L", "", "40");
}

TEST(isozymes) {
    check_support(bone_isozyme, "bone_healing", "0.71");               /* 5 / 7 */
    check_support(bone_isozyme, "bone_progression", "0.33");           /* 2 / (2 + 2 + 2) */
    check_support(liver_isozyme, "bone_healing", "0.38");              /* 3 / (3 + 3 + 2) */
    check_support(liver_isozyme, "bone_progression", "0.13");          /* 1 / (1 + 2 + 3 + 2) */
    check_support(liver_isozyme, "hepatocellular", "0.33");            /* 1 / 3 */
    check_support(liver_isozyme, "cholestatic", "0.33");               /* 1 / 3 */
    check_support(liver_isozyme_normal_alt, "hepatocellular", "0.17"); /* 1 / (1 + 3 + 2) */
}

static void isozyme_limits(patient *p) {
    (void)lab(p, 0, "ALP", "1000", "U/L", "", "1000");
    (void)lab(p, 0, "ALP_1", "5", "%", "", "");
    (void)lab(p, 0, "ALP_2", "69", "%", "", "");
    (void)lab(p, 0, "ALP_3", "54", "%", "", "");
    (void)lab(p, 9, "ALP", "1010", "U/L", "", "1000");
    (void)lab(p, 9, "ALP_1", "5", "%", "", "");
    (void)lab(p, 9, "ALP_2", "69", "%", "", "");
    (void)lab(p, 9, "ALP_3", "54", "%", "", "");
}

TEST(usual_shares_of_isozymes) {
    patient p = patient_of(isozyme_limits);
    static const char *const ids[] = {"ALP_1_ACT", "ALP_2_ACT", "ALP_3_ACT"};
    for (int i = 0; i < 3; i++) {
        const bfl_marker *m = course(&p, ids[i]);
        CHECK_INT(m->point_count, 2);
        CHECK(!m->points[0].above_range && m->points[1].above_range);
        CHECK_DECIMAL(m->points[0].x_uln.value, "1");
    }
    patient_forget(&p);
}

static void add(patient *p, int on, const char *analyte, const char *value, const char *low, const char *high) {
    const bfl_analyte *known_analyte = bfl_analyte_find(bfl_text_of(analyte));
    (void)lab(p, on, analyte, value, known_analyte->units[0].text, low, high);
}

static void balp(patient *p) { known(p), add(p, 48, "BALP", "23", "5", "22.4"); } /* 28 days apart */
static void balp_late(patient *p) { known(p), add(p, 49, "BALP", "23", "5", "22.4"); }
static void ctx(patient *p) { known(p), add(p, 20, "CTX", "0.7", "", "0.6"); }
static void ggt_normal(patient *p) { known(p), add(p, 27, "GGT", "40", "", "60"); } /* 7 days apart */
static void ggt_late(patient *p) { known(p), add(p, 28, "GGT", "40", "", "60"); }
static void ggt_high(patient *p) { known(p), add(p, 13, "GGT", "61", "", "60"); }
static void bilirubin_high(patient *p) { known(p), add(p, 20, "BIL", "1.3", "", "1.2"); }
static void calcium_low(patient *p) { known(p), add(p, 20, "CA", "8", "8.5", "10.5"); }
static void calcium_high(patient *p) { known(p), add(p, 20, "CA", "11", "8.5", "10.5"); }
static void ictp(patient *p) { known(p), add(p, 0, "ICTP", "3", "", "5"), add(p, 20, "ICTP", "6", "", "5"); }

TEST(bone_serum) {
    check_support(balp, "bone_healing", "0.67");             /* 4 / 6 */
    check_support(balp, "bone_progression", "0.33");         /* 2 / 6 */
    check_support(balp_late, "bone_healing", "0.60");        /* not at the same time */
    check_support(ctx, "bone_progression", "0.33");          /* 2 / 6 */
    check_support(ggt_normal, "bone_healing", "0.64");       /* 3.5 / 5.5 */
    check_support(ggt_normal, "bone_progression", "0.27");   /* 1.5 / 5.5 */
    check_support(ggt_late, "bone_healing", "0.60");         /* not at the same time */
    check_support(ggt_high, "bone_healing", "0.43");         /* 3 / 7 */
    check_support(ggt_high, "bone_progression", "0.17");     /* 1 / 6 */
    check_support(bilirubin_high, "bone_healing", "0.50");   /* 3 / 6 */
    check_support(calcium_low, "bone_healing", "0.64");      /* 3.5 / 5.5 */
    check_support(calcium_high, "bone_healing", "0.50");     /* 3 / 6 */
    check_support(calcium_high, "bone_progression", "0.33"); /* 2 / 6 */
    check_support(ictp, "bone_healing", "0.50");             /* 3 / 6 */
    check_support(ictp, "bone_progression", "0.43");         /* 3 / 7 */
}

static int month;

static void coleman(patient *p) {
    known(p);
    add(p, 0, "BALP", "10", "5", "100"), add(p, month, "BALP", "20", "5", "100");
    add(p, 0, "OC", "10", "5", "100"), add(p, month, "OC", "20", "5", "100");
}

TEST(bone_alp_and_osteocalcin_at_one_month) {
    static const struct {
        int day;
        const char *support;
    } cases[] = {{13, "0.60"}, {14, "0.75"}, {56, "0.75"}, {57, "0.60"}}; /* 3 / 5, 6 / 8 */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        month = cases[i].day;
        check_support(coleman, "bone_healing", cases[i].support);
    }
}

static void marker_down(patient *p) { known(p), add(p, 0, "CEA", "50", "", "5"), add(p, 20, "CEA", "10", "", "5"); }
static void marker_up(patient *p) { known(p), add(p, 0, "CEA", "50", "", "5"), add(p, 20, "CEA", "100", "", "5"); }

TEST(tumour_markers) {
    check_support(marker_down, "bone_healing", "0.67");     /* 4 / 6 */
    check_support(marker_down, "bone_progression", "0.17"); /* 1 / 6 */
    check_support(marker_up, "bone_healing", "0.50");       /* 3 / 6 */
    check_support(marker_up, "bone_progression", "0.33");   /* 2 / 6 */
}

/* ---- bone: course, images, bedside ---- */

static void no_value_before(patient *p) {
    cancer(p);
    drug(p, "letrozole", 0);
    (void)bone(p, 0, BFL_CHANGE_NONE);
    alp(p, 20, "300");
}

/* ALP 300 before therapy and on day 90, when the bone looks worse. */
static void stable(patient *p, int scan) {
    cancer(p);
    drug(p, "letrozole", 0);
    (void)bone(p, 0, BFL_CHANGE_NONE);
    (void)bone(p, scan, BFL_CHANGE_UPTAKE_UP);
    alp(p, 0, "300");
    alp(p, scan, "300");
}

static void stable_scan(patient *p) { stable(p, 90); }
static void stable_late_scan(patient *p) { stable(p, 181); }
static void stable_last_day(patient *p) { stable(p, 180); }

static int scan_day;

static void rising_scan(patient *p) {
    cancer(p);
    drug(p, "letrozole", 0);
    (void)bone(p, 0, BFL_CHANGE_NONE);
    (void)bone(p, scan_day, BFL_CHANGE_UPTAKE_UP);
    alp(p, 0, "100");
    alp(p, 100, "300");
}

static void late(patient *p) {
    cancer(p);
    drug(p, "letrozole", 0);
    (void)bone(p, 0, BFL_CHANGE_NONE);
    alp(p, 0, "100");
    alp(p, 181, "300");
}

static void fallen(patient *p) {
    cancer(p);
    drug(p, "letrozole", 0);
    (void)bone(p, 0, BFL_CHANGE_NONE);
    alp(p, 0, "400");
    alp(p, 100, "200");
}

TEST(course_against_therapy) {
    check_support(no_value_before, "bone_healing", "0.50");     /* 2 / 4 */
    check_support(no_value_before, "bone_progression", "0.33"); /* 1 / 3 */
    check_support(stable_scan, "bone_healing", "0.50");         /* 3 / (3 + 1 not risen + 2) */
    check_support(stable_scan, "bone_progression", "0.20");     /* 1 / (1 + 2 + 2) */
    check_support(stable_last_day, "bone_healing", "0.50");
    check_support(stable_late_scan, "bone_healing", "0.33");     /* 3 / (3 + 1 + 3 + 2) */
    check_support(stable_late_scan, "bone_progression", "0.43"); /* 3 / (3 + 2 + 2) */
    check_support(late, "bone_healing", "0.20");                 /* 1 / (1 + 2 + 2) */
    check_support(late, "bone_progression", "0.60");             /* 3 / 5 */
    check_support(fallen, "bone_progression", "0.20");           /* 1 / (1 + 2 + 2) */
}

TEST(scan_and_alp_within_four_weeks) {
    static const struct {
        int day;
        const char *healing, *progression;
    } cases[] = {{72, "0.20", "0.60"}, {71, "0.33", "0.33"}}; /* 1/5 and 3/5 paired; 1/3 and 1/3 not */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        scan_day = cases[i].day;
        check_support(rising_scan, "bone_healing", cases[i].healing);
        check_support(rising_scan, "bone_progression", cases[i].progression);
    }
}

static void skeleton_clear(patient *p) {
    early(p);
    (void)lesion(p, 0, "skeleton", BFL_ORGAN_BONE, BFL_LESION_ABSENT);
}

static int seen_day;

static void denser(patient *p) { known(p), (void)bone(p, seen_day, BFL_CHANGE_DENSER); }
static void larger_than_bone(patient *p) { known(p), bone(p, 30, BFL_CHANGE_NONE)->beyond_bone = BFL_SAID_YES; }
static void lytic(patient *p) { known(p), (void)bone(p, 30, BFL_CHANGE_LESS_DENSE); }
static void progressed(patient *p) { known(p), bone(p, 30, BFL_CHANGE_NONE)->state = BFL_LESION_PROGRESSED; }
static void blastic(patient *p) { known(p), bone(p, 30, BFL_CHANGE_NONE)->matrix = BFL_MATRIX_BLASTIC; }
static void new_blastic(patient *p) {
    known(p);
    lesion(p, 0, "T5", BFL_ORGAN_BONE, BFL_LESION_ABSENT)->matrix = BFL_MATRIX_NONE;
    lesion(p, 30, "T5", BFL_ORGAN_BONE, BFL_LESION_PRESENT)->matrix = BFL_MATRIX_BLASTIC;
}

TEST(images_of_bone) {
    check_support(skeleton_clear, "bone_healing", "0.33"); /* 2 / (2 + 2 + 2) */
    seen_day = 65;                                         /* 45 days after the value */
    check_support(denser, "bone_healing", "0.71");         /* 5 / 7 */
    check_support(denser, "bone_progression", "0.17");     /* 1 / (1 + 2 + 1 + 2) */
    seen_day = 66;
    check_support(denser, "bone_healing", "0.60");           /* too long after */
    check_support(larger_than_bone, "bone_healing", "0.67"); /* 4 / 6 */
    check_support(lytic, "bone_healing", "0.33");            /* 3 / (3 + 4 + 2) */
    check_support(lytic, "bone_progression", "0.56");        /* 5 / (5 + 2 + 2) */
    check_support(progressed, "bone_progression", "0.43");   /* 3 / (3 + 2 + 2) */
    check_support(blastic, "bone_healing", "0.60");          /* it may have been blastic before */
    check_support(new_blastic, "bone_healing", "0.71");      /* 5 / 7 */
}

static void old_sclerosis(patient *p) {
    cancer(p);
    drug(p, "letrozole", 0);
    (void)bone(p, 0, BFL_CHANGE_NONE);
    (void)bone(p, seen_day, BFL_CHANGE_DENSER);
    alp(p, 0, "100");
    alp(p, 150, "300");
}

TEST(old_images_do_not_explain_a_new_rise) {
    seen_day = 90;                                        /* 60 days before the value */
    check_support(old_sclerosis, "bone_healing", "0.60"); /* 3 / 5 */
    seen_day = 89;
    check_support(old_sclerosis, "bone_healing", "0.33"); /* 1 / 3 */
}

static const char *pain_word;

static void pain(patient *p) { known(p), clinical(p, 10, "pain", pain_word); }
static void pain_gone(patient *p) { clinical(p, 0, "pain", "stable"), known(p), clinical(p, 10, "pain", "none"); }

TEST(pain_under_therapy) {
    pain_word = "improved";
    check_support(pain, "bone_healing", "0.67");     /* 4 / 6 */
    check_support(pain, "bone_progression", "0.17"); /* 1 / 6 */
    pain_word = "new";
    check_support(pain, "bone_healing", "0.50");     /* 3 / 6 */
    check_support(pain, "bone_progression", "0.33"); /* 2 / 6 */
    pain_word = "none";
    check_support(pain, "bone_healing", "0.60"); /* never any */
    check_support(pain_gone, "bone_healing", "0.67");
}

static void agent(patient *p) {
    known(p);
    alp(p, 40, "110");
    drug(p, "zoledronic acid", 1);
}

static void untreated(patient *p) {
    cancer(p);
    (void)bone(p, 0, BFL_CHANGE_NONE);
    alp(p, 0, "300");
}

static void untreated_without_tumour(patient *p) {
    (void)bone(p, 0, BFL_CHANGE_NONE);
    alp(p, 0, "300");
}

static void untreated_not_known(patient *p) {
    cancer(p);
    alp(p, 0, "300");
    add(p, 0, "CTX", "0.7", "", "0.6");
}

static void untreated_clear(patient *p) {
    untreated_not_known(p);
    (void)lesion(p, 0, "skeleton", BFL_ORGAN_BONE, BFL_LESION_ABSENT);
}

TEST(without_therapy) {
    check_support(agent, "bone_healing", "0.63");                        /* 5 / (5 + 1 + 2) */
    check_support(untreated, "bone_progression", "0.50");                /* 2 / 4 */
    check_support(untreated, "bone_healing", "0.20");                    /* 1 / (1 + 2 + 2) */
    check_support(untreated_without_tumour, "bone_progression", "0.17"); /* 1 / (1 + 3 + 2) */
    check_support(untreated_not_known, "bone_progression", "0.25");      /* 1 / (1 + 1 + 2) */
    check_support(untreated_clear, "bone_progression", "0.20");          /* 1 / (1 + 2 + 2) */
}

/* ---- liver ---- */

static const char *alt_value, *ggt_value, *bilirubin_value;

/* ALP twice its limit with the liver tests above; limits 40, 60, 1 and 100. */
static void liver(patient *p) {
    cancer(p);
    (void)lab(p, 0, "ALP", "200", "U/L", "", "100");
    if (alt_value) add(p, 0, "ALT", alt_value, "", "40");
    if (ggt_value) add(p, 0, "GGT", ggt_value, "", "60");
    if (bilirubin_value) add(p, 0, "BIL", bilirubin_value, "", "1");
}

static void check_liver(const char *alt, const char *ggt, const char *bilirubin, const char *id, const char *support) {
    alt_value = alt, ggt_value = ggt, bilirubin_value = bilirubin;
    check_support(liver, id, support);
}

TEST(liver_tests_of_that_day) {
    check_liver("119", NULL, NULL, "hepatocellular", "0.33");  /* 2.98 x: 1 / 3; R 1.49 */
    check_liver("120", NULL, NULL, "hepatocellular", "0.60");  /* 3 x: 3 / 5 */
    check_liver("400", NULL, NULL, "hepatocellular", "0.67");  /* R 5: 4 / 6 */
    check_liver("399", NULL, NULL, "hepatocellular", "0.60");  /* R 4.99 */
    check_liver("160", NULL, NULL, "cholestatic", "0.33");     /* R 2: 1 / 3 */
    check_liver("161", NULL, NULL, "cholestatic", "0.00");     /* R 2.01 */
    check_liver(NULL, "179", NULL, "cholestatic", "0.33");     /* 2.98 x: 1 / 3 */
    check_liver(NULL, "180", NULL, "cholestatic", "0.50");     /* 3 x: 2 / 4 */
    check_liver(NULL, NULL, "1.9", "cholestatic", "0.33");     /* 1 / 3 */
    check_liver(NULL, NULL, "2.0", "cholestatic", "0.50");     /* 2 / 4 */
    check_liver(NULL, "180", "1.0", "cholestatic", "0.44");    /* 2 / (2 + 0.5 + 2) */
    check_liver(NULL, "40", "2.0", "cholestatic", "0.29");     /* 2 / (2 + 3 + 2) */
    check_liver(NULL, "61", NULL, "liver_metastasis", "0.33"); /* 1 / 3 */
}

static void alt_rose(patient *p) {
    early(p);
    add(p, 0, "ALT", "20", "", "40"), add(p, 20, "ALT", "60", "", "40");
}

static void jaundice(patient *p) { early(p), clinical(p, 20, "jaundice", "yes"); }
static void extreme(patient *p) { (void)lab(p, 0, "ALP", "1001", "U/L", "", "120"); }
static void checkpoint(patient *p) {
    cancer(p);
    drug(p, "pembrolizumab", 0);
    alp(p, 0, "100"), alp(p, 60, "300");
    add(p, 60, "GGT", "61", "", "60");
}
static void one_isozyme(patient *p) { bone_isozyme(p), add(p, 20, "GGT", "61", "", "60"); }

TEST(liver_in_other_ways) {
    check_support(alt_rose, "hepatocellular", "0.50"); /* 2 / 4 */
    check_support(jaundice, "cholestatic", "0.33");    /* 1 / 3 */
    check_support(extreme, "cholestatic", "0.33");     /* 1 / 3 */
    check_support(checkpoint, "cholestatic", "0.50");  /* 2 / 4 */
    check_support(one_isozyme, "cholestatic", "0.20"); /* 1 / (1 + 2 + 2) */
    check_support(checkpoint, "drug", "0.60");         /* 3 / 5 */
}

static bfl_lesion_state liver_state;
static const char *liver_ggt;

static void liver_lesion(patient *p) {
    early(p);
    if (liver_state != BFL_LESION_NONE) (void)lesion(p, 20, "segment 4", BFL_ORGAN_LIVER, liver_state);
    add(p, 20, "GGT", liver_ggt, "", "60");
}

static void liver_smaller(patient *p) {
    liver_lesion(p);
    lesion(p, 21, "segment 4", BFL_ORGAN_LIVER, liver_state)->changes = BFL_CHANGE_SMALLER;
}

TEST(liver_metastases) {
    liver_state = BFL_LESION_PRESENT, liver_ggt = "61";
    check_support(liver_lesion, "liver_metastasis", "0.60");  /* 3 / 5 */
    check_support(liver_smaller, "liver_metastasis", "0.43"); /* 3 / (3 + 2 + 2) */
    liver_ggt = "40";
    check_support(liver_lesion, "liver_metastasis", "0.33"); /* 2 / (2 + 2 + 2) */
    liver_state = BFL_LESION_PROGRESSED;
    check_support(liver_lesion, "liver_metastasis", "0.50"); /* 4 / (4 + 2 + 2) */
    liver_state = BFL_LESION_ABSENT, liver_ggt = "61";
    check_support(liver_lesion, "liver_metastasis", "0.17"); /* 1 / (1 + 3 + 2) */
}

/* ---- drug ---- */

static int stop_day;

static void tki(patient *p) {
    cancer(p);
    bfl_record_add_therapy(p->builder, day(0), stop_day ? day(stop_day) : BFL_NO_DATE)->drug = "gefitinib";
    alp(p, 0, "100"), alp(p, 60, "300");
}

static void tki_liver(patient *p) { tki(p), add(p, 0, "ALT", "20", "", "40"), add(p, 60, "ALT", "60", "", "40"); }
static void tki_normal(patient *p) { tki(p), add(p, 60, "ALT", "20", "", "40"); }
static void tki_before(patient *p) {
    cancer(p);
    drug(p, "gefitinib", 0);
    alp(p, 0, "300"), alp(p, 60, "300");
}
static void tki_stopped(patient *p) { tki(p), alp(p, 80, "150"); }

TEST(drugs) {
    stop_day = 0;
    check_support(tki, "drug", "0.33");        /* 1 / 3 */
    check_support(tki_liver, "drug", "0.60");  /* 3 / 5 */
    check_support(tki_normal, "drug", "0.20"); /* 1 / (1 + 2 + 2) */
    check_support(tki_before, "drug", "0.25"); /* 1 / (1 + 1 + 2) */
    check_support(known, "drug", "0.00");      /* letrozole is not among the classes */
    stop_day = 30;
    check_support(tki, "drug", "0.33"); /* stopped 30 days before */
    stop_day = 29;
    check_support(tki, "drug", "0.00");
    stop_day = 65;
    check_support(tki_stopped, "drug", "0.60"); /* 3 / 5: fell after the stop */
}

/* ---- the rest ---- */

static const char *paget_word, *paget_alp;

static void paget(patient *p) {
    (void)lab(p, 0, "ALP", paget_alp, "U/L", "", "100");
    add(p, 0, "GGT", "40", "", "60");
    clinical(p, 0, "paget", paget_word);
}

TEST(paget_disease) {
    paget_word = "yes", paget_alp = "990";
    check_support(paget, "paget", "0.67"); /* 4 / 6 */
    paget_alp = "1000";
    check_support(paget, "paget", "0.71"); /* 5 / 7 */
    paget_word = "no";
    check_support(paget, "paget", "0.17"); /* 1 / (1 + 3 + 2) */
}

static bool fracture_denied;

static void fracture_biopsy(patient *p) {
    alp(p, 0, "300");
    bfl_pathology *row = bfl_record_add_pathology(p->builder, day(0));
    row->site = "L2";
    row->result = "fracture";
    if (fracture_denied) clinical(p, 0, "fracture", "no");
}

static void fracture_stated(patient *p) {
    alp(p, 0, "300");
    clinical(p, -10, "fracture", "yes");
}

TEST(fractures) {
    fracture_denied = false;
    check_support(fracture_biopsy, "fracture", "0.60"); /* 3 / 5 */
    check_support(fracture_stated, "fracture", "0.60");
    fracture_denied = true;
    check_support(fracture_biopsy, "fracture", "0.43"); /* 3 / (3 + 2 + 2) */
}

static const char *smoking, *third;

static void placental(patient *p) {
    bfl_record_patient(p->builder)->smoking = smoking;
    lab(p, 20, "ALP", "300", "U/L", "45", "125")->note = "placental-type isozyme found";
    if (third) iso(p, "2", "45", third);
}

TEST(isozyme_of_the_tumour) {
    smoking = "never", third = NULL;
    check_support(placental, "tumour_isozyme", "0.60"); /* 3 / 5 */
    smoking = "current";
    check_support(placental, "tumour_isozyme", "0.50"); /* 3 / 6 */
    smoking = "never", third = "50";
    check_support(placental, "tumour_isozyme", "0.43"); /* 97 % named: 3 / (3 + 2 + 2) */
    third = "49.9";
    check_support(placental, "tumour_isozyme", "0.60");
}

static const char *fever;

static void septic(patient *p) {
    alp(p, 0, "300");
    clinical(p, 7, "sepsis", "yes");
    clinical(p, 0, "fever", fever);
}

static void septic_extreme(patient *p) {
    alp(p, 0, "1200");
    clinical(p, 0, "fever", "yes");
    add(p, 0, "BIL", "0.5", "", "1");
}

TEST(septic_patients) {
    fever = "no";
    check_support(septic, "sepsis", "0.50"); /* 3 / (3 + 1 + 2) */
    fever = "yes";
    check_support(septic, "sepsis", "0.67");         /* 4 / 6 */
    check_support(septic_extreme, "sepsis", "0.60"); /* 3 / 5 */
}

TEST_CASES(CASE(starting_points), CASE(isozymes), CASE(usual_shares_of_isozymes), CASE(bone_serum),
           CASE(bone_alp_and_osteocalcin_at_one_month), CASE(tumour_markers), CASE(course_against_therapy),
           CASE(scan_and_alp_within_four_weeks), CASE(images_of_bone), CASE(old_images_do_not_explain_a_new_rise),
           CASE(pain_under_therapy), CASE(without_therapy), CASE(liver_tests_of_that_day), CASE(liver_in_other_ways),
           CASE(liver_metastases), CASE(drugs), CASE(paget_disease), CASE(fractures), CASE(isozyme_of_the_tumour),
           CASE(septic_patients))
