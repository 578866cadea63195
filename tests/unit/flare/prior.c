/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The prior and the weights against numbers worked out by another program from the same formulas: a rulebook number that moves
 * must move one of them.
 */
#include "test.h"

#include "flare/decide.h"
#include "flare/prior.h"

static bfl_arena *arena;
static bfl_rulebook *rulebook;

static const bfl_rulebook *book(void) {
    if (!rulebook) CHECK_INT(bfl_rulebook_open((bfl_text){NULL, 0}, &rulebook, NULL), BFL_OK);
    return rulebook;
}

typedef struct setting {
    const char *drug, *tumour, *histology, *line, *rule;
    double log_odds, sd;
} setting;

typedef struct question {
    const char *drug, *tumour, *histology, *line;
    int32_t quiet_day, day; /* quiet_day 0: no study in between */
    bfl_modality modality;
    bool matures;           /* on `day` a known lesion is denser, none is new */
    unsigned changes;       /* of that lesion, beside denser */
    bfl_lesion_state state; /* of it */
    const char *alp_before; /* a day with ALP before the rise; the question is then ALP alone */
    bfl_bone bone;
} question;

static bfl_date on_day(int32_t day) { return (bfl_date){day, day, BFL_DATE_RELATIVE}; }

static bfl_lesion *add_bone(bfl_builder *b, int32_t day, bfl_modality modality, bfl_role role) {
    bfl_lesion *l = bfl_record_add_lesion(b, on_day(day));
    l->id = l->site = role == BFL_ROLE_NEW ? "T5" : "L1";
    l->organ = BFL_ORGAN_BONE, l->role = role, l->modality = modality, l->state = BFL_LESION_PRESENT;
    l->matrix = BFL_MATRIX_BLASTIC;
    return l;
}

static void add_alp(bfl_builder *b, int32_t day, const char *value) {
    bfl_lab *l = bfl_record_add_lab(b, on_day(day));
    l->name = "ALP", l->written = value, l->unit_text = "U/L", l->method = "IFCC", l->note = "";
    l->ref_low = bfl_some(bfl_decimal_of(40)), l->ref_high = bfl_some(bfl_decimal_of(120));
}

static bfl_status ask_in(bfl_arena *a, void *context, bfl_error *err) {
    (void)err;
    question *q = context;
    bfl_builder *b = bfl_record_begin(a, "p");
    bfl_patient *p = bfl_record_patient(b);
    p->tumour = q->tumour, p->histology = q->histology;
    bfl_therapy *t = bfl_record_add_therapy(b, on_day(0), BFL_NO_DATE);
    t->drug = q->drug, t->line = q->line, t->intent = BFL_INTENT_ANTICANCER;
    if (q->alp_before) {
        add_alp(b, 0, "100");
        if (*q->alp_before) add_alp(b, q->quiet_day, q->alp_before);
        add_alp(b, q->day, "260");
    } else {
        if (q->quiet_day) (void)add_bone(b, q->quiet_day, BFL_MODALITY_CT, BFL_ROLE_NON_TARGET);
        bfl_lesion *l = add_bone(b, q->day, q->modality, q->matures ? BFL_ROLE_NON_TARGET : BFL_ROLE_NEW);
        if (q->matures) l->changes = BFL_CHANGE_DENSER | q->changes;
        if (q->state) l->state = q->state;
    }
    const bfl_record *record = bfl_record_seal(a, b, NULL);
    bfl_findings f = {record, book(), bfl_criteria_assess(a, record, book()), bfl_markers_assess(a, record, book()),
                      q->day};
    q->bone = bfl_flare_assess(a, &f)->now;
    return BFL_OK;
}

static const bfl_bone *ask(question *q) {
    if (!arena) arena = bfl_arena_new();
    if (!q->modality) q->modality = BFL_MODALITY_CT;
    CHECK_INT(bfl_arena_run(arena, ask_in, q, NULL), BFL_OK);
    CHECK(q->bone.question);
    return &q->bone;
}

static bool near(double a, double b) { return fabs(a - b) < 2e-6; }

/* Worse at day 56, nothing in between. */
TEST(each_setting_has_its_odds) {
    static const setting settings[] = {
        {"osimertinib", "lung", "adenocarcinoma", "", "flare.prior.egfr_tki_3", 4.087872, 0.524012},
        {"gefitinib", "lung", "adenocarcinoma", "", "flare.prior.egfr_tki_1", 1.623853, 0.408912},
        {"afatinib", "lung", "adenocarcinoma", "", "flare.prior.egfr_tki_2", 1.680024, 0.640627},
        {"alectinib", "lung", "", "", "flare.prior.alk_tki", 1.885960, 0.760074},
        {"dabrafenib", "melanoma", "", "", "flare.prior.targeted", 1.142259, 0.769512},
        {"bevacizumab", "lung", "", "", "flare.prior.vegf_combination", 1.481915, 0.539564},
        {"pembrolizumab", "lung", "", "", "flare.prior.ici", 0.516179, 0.858527},
        {"paclitaxel", "lung", "non-small cell", "", "flare.prior.chemotherapy", 0.431885, 0.662630},
        {"paclitaxel", "lung", "NSCLC", "", "flare.prior.chemotherapy", 0.431885, 0.662630},
        {"paclitaxel", "lung", "small cell", "", "flare.prior.chemotherapy_sclc", 1.364804, 0.488947},
        {"paclitaxel", "breast", "", "", "flare.prior.chemotherapy_breast", 1.276531, 0.608276},
        {"tamoxifen", "breast", "", "", "flare.prior.endocrine", 1.786787, 0.661509},
        {"tamoxifen", "prostate", "", "", "flare.prior.endocrine_prostate", 1.374023, 0.827509},
        {"abiraterone", "prostate", "", "", "flare.prior.androgen_axis", 2.189523, 0.575544},
        {"no such drug", "lung", "", "", "flare.prior.unknown", 0.521293, 1.003514},
        {"gefitinib", "lung", "", "2", "flare.prior.egfr_tki_1", 1.228187, 0.451708},
        {"gefitinib", "lung", "", "line 10", "flare.prior.egfr_tki_1", 1.228187, 0.451708},
        {"gefitinib", "lung", "", "1L", "flare.prior.egfr_tki_1", 1.623853, 0.408912},
    };
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        const setting *s = &settings[i];
        question q = {.drug = s->drug, .tumour = s->tumour, .histology = s->histology, .line = s->line, .day = 56};
        const bfl_bone *bone = ask(&q);
        CHECK_TEXT(bone->prior_rule->id, s->rule);
        CHECK(near(bone->onset.log_odds, s->log_odds));
        CHECK(near(bone->onset.log_odds_sd, s->sd));
        /* What the page says of the time before any finding is where the waterfall begins. */
        const bfl_explanation *steps = bfl_flare_explain(arena, book(), &(bfl_record){0}, bone);
        CHECK(near(bone->prior_p_flare, steps->steps[0].p_flare));
        CHECK(bone->prior_p_flare + bone->prior_p_other < 1);
    }
}

/* Known lesions that only turn denser may have begun to heal on any day: the prior is that of the whole time, mostly. */
TEST(maturing_lesions_are_no_new_onset) {
    question fresh = {.drug = "gefitinib", .tumour = "lung", .day = 200, .quiet_day = 150};
    question mature = fresh;
    mature.matures = true;
    const bfl_onset *onset = &ask(&mature)->onset;
    CHECK_TEXT(onset->rules[onset->rule_count - 1]->id, "flare.onset.maturing");
    CHECK(near(onset->progression, ask(&fresh)->onset.progression));
    CHECK(near(onset->flare, 0.532774));
    CHECK(near(onset->log_odds, 1.927716));
}

/* Under gefitinib: the day it is seen, and the last study on which it was not. */
TEST(time_moves_the_odds) {
    static const struct {
        int32_t day, quiet;
        double flare, progression, log_odds, sd;
    } windows[] = {
        {30, 0, 0.117914, 0.013275, 2.184103, 0.476071},    {84, 0, 0.210063, 0.072987, 1.057119, 0.402983},
        {85, 0, 0.210207, 0.074268, 1.040413, 0.402873},    {120, 0, 0.103151, 0.107747, -0.043591, 0.474282},
        {200, 0, 0.179527, 0.145402, 0.210823, 0.362862},   {400, 0, 0.179246, 0.192070, -0.069104, 0.351225},
        {120, 56, 0.020445, 0.085444, -1.430116, 0.732216}, {200, 150, 0.141691, 0.077508, 0.603265, 0.433174},
    };
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        question q = {.drug = "gefitinib", .tumour = "lung", .day = windows[i].day, .quiet_day = windows[i].quiet};
        const bfl_onset *onset = &ask(&q)->onset;
        CHECK_INT(onset->from_day, windows[i].quiet);
        CHECK_INT(onset->to_day, windows[i].day);
        CHECK(near(onset->flare, windows[i].flare));
        CHECK(near(onset->progression, windows[i].progression));
        CHECK(near(onset->log_odds, windows[i].log_odds));
        CHECK(near(onset->log_odds_sd, windows[i].sd));
    }
}

/* Density and size of known lesions are what a reading alone can make, on any day. What is striking is what the series have counted,
 * within the usual window. */
TEST(a_reading_makes_what_is_faint) {
    const question denser = {.drug = "gefitinib", .tumour = "lung", .day = 56, .matures = true};
    question q = denser;
    CHECK(near(ask(&q)->onset.log_odds, 2.690597));
    CHECK(near(ask(&q)->onset.log_odds_sd, 0.271855));
    q.changes = BFL_CHANGE_LARGER;
    CHECK(near(ask(&q)->onset.log_odds, 2.690597));
    q.changes = BFL_CHANGE_SCLEROSED; /* matures as well, and was seen */
    CHECK(near(ask(&q)->onset.log_odds, 2.402555));
    static const unsigned striking[] = {BFL_CHANGE_LYTIC_GROWTH, BFL_CHANGE_SOFT_MASS, BFL_CHANGE_MORE};
    for (size_t i = 0; i < sizeof striking / sizeof *striking; i++) {
        q = denser, q.changes = striking[i];
        CHECK(near(ask(&q)->onset.log_odds, 1.623853));
    }
    q = denser, q.state = BFL_LESION_PROGRESSED;
    CHECK(near(ask(&q)->onset.log_odds, 1.623853));
    q.modality = BFL_MODALITY_BONE_SCAN;
    CHECK(near(ask(&q)->onset.log_odds, 1.623853));
}

TEST(tracer_and_serum_have_their_own) {
    question naf = {.drug = "gefitinib", .tumour = "lung", .day = 56, .modality = BFL_MODALITY_NAF_PET};
    CHECK(near(ask(&naf)->onset.log_odds, 2.117668));
    question psma = naf;
    psma.modality = BFL_MODALITY_PSMA_PET;
    CHECK(near(ask(&psma)->onset.log_odds, 2.117668));
    question scan = naf;
    scan.modality = BFL_MODALITY_BONE_SCAN;
    CHECK(near(ask(&scan)->onset.log_odds, 1.623853));
    question serum = {.drug = "gefitinib", .tumour = "lung", .day = 13, .alp_before = ""};
    const bfl_bone *bone = ask(&serum);
    CHECK(near(bone->onset.log_odds, 2.493129));
    CHECK(near(bone->onset.log_odds_sd, 0.891211));
    CHECK(near(bone->p_other, 0.4));
    question later = {.drug = "gefitinib", .tumour = "lung", .day = 30, .quiet_day = 13, .alp_before = "101"};
    CHECK(near(ask(&later)->onset.log_odds, 1.135650));
}

/* Every ratio: from its 2x2 table where there is one, else from the stated range. */
TEST(each_finding_has_its_weight) {
    static const struct {
        bfl_rule_index rule;
        double log_lr, sd;
        bool veto;
    } known[] = {
        {BFL_RULE_FLARE_EVIDENCE_ALP_FALLING, 1.386294, 0.410571, false},
        {BFL_RULE_FLARE_EVIDENCE_ALP_FLARE_ALONE, 0.693147, 0.525873, false},
        {BFL_RULE_FLARE_EVIDENCE_ALP_RISE_THEN_FALL, 1.098612, 0.429476, false},
        {BFL_RULE_FLARE_EVIDENCE_ALP_RISING_EARLY, 0.262364, 0.392971, false},
        {BFL_RULE_FLARE_EVIDENCE_ALP_RISING_LATE, -1.897120, 0.483959, false},
        {BFL_RULE_FLARE_EVIDENCE_ALP_STABLE, 0.693147, 0.309445, false},
        {BFL_RULE_FLARE_EVIDENCE_BASELINE_CLEAR, -2.302585, 0.626718, false},
        {BFL_RULE_FLARE_EVIDENCE_BASELINE_SEEN, 1.386294, 0.508273, false},
        {BFL_RULE_FLARE_EVIDENCE_BEYOND_BONE, 0.405465, 0.410571, false},
        {BFL_RULE_FLARE_EVIDENCE_BIOPSY_NO_TUMOUR, 2.079442, 0.707293, false},
        {BFL_RULE_FLARE_EVIDENCE_BIOPSY_TUMOUR, -1.609438, 0.626718, false},
        {BFL_RULE_FLARE_EVIDENCE_BONE_MARKERS_BOTH_UP, 1.461518, 0.400860, false},
        {BFL_RULE_FLARE_EVIDENCE_BONE_MARKERS_NOT_UP, -2.527466, 0.974463, false},
        {BFL_RULE_FLARE_EVIDENCE_CALCIUM_FALLS, 0.262364, 0.392971, false},
        {BFL_RULE_FLARE_EVIDENCE_CALCIUM_HIGH, -1.203973, 0.560516, false},
        {BFL_RULE_FLARE_EVIDENCE_DENSER, 0.693147, 0.353647, false},
        {BFL_RULE_FLARE_EVIDENCE_FADING, -0.223144, 0.417757, false},
        {BFL_RULE_FLARE_EVIDENCE_FDG_FALLS, 1.791759, 0.560516, false},
        {BFL_RULE_FLARE_EVIDENCE_FDG_RISES, -1.049822, 0.540884, false},
        {BFL_RULE_FLARE_EVIDENCE_FURTHER_WORSENING, -1.386294, 0.457081, false},
        {BFL_RULE_FLARE_EVIDENCE_ICTP_NOT_RISING, 0.693147, 0.353647, false},
        {BFL_RULE_FLARE_EVIDENCE_ICTP_RISING, -1.609438, 0.794264, false},
        {BFL_RULE_FLARE_EVIDENCE_LARGER_BLASTIC, -0.223144, 0.353647, false},
        {BFL_RULE_FLARE_EVIDENCE_LARGER_ONLY, -1.386294, 0.477501, false},
        {BFL_RULE_FLARE_EVIDENCE_LARGER_LYTIC, -1.386294, 0.477501, true},
        {BFL_RULE_FLARE_EVIDENCE_LESS_DENSE, -1.203973, 0.560516, false},
        {BFL_RULE_FLARE_EVIDENCE_LOST_DENSITY, -0.693147, 0.457081, false},
        {BFL_RULE_FLARE_EVIDENCE_LYTIC_GROWTH, -2.995732, 0.717707, true},
        {BFL_RULE_FLARE_EVIDENCE_NEW_BLASTIC, 1.098612, 0.391666, false},
        {BFL_RULE_FLARE_EVIDENCE_NEW_LYTIC, -1.897120, 0.644319, true},
        {BFL_RULE_FLARE_EVIDENCE_NEW_UNSTATED, -0.223144, 0.353647, false},
        {BFL_RULE_FLARE_EVIDENCE_NO_FURTHER_WORSENING, 0.693147, 0.410571, false},
        {BFL_RULE_FLARE_EVIDENCE_OWN_MARKER_FALLING, 1.098612, 0.391666, false},
        {BFL_RULE_FLARE_EVIDENCE_OWN_MARKER_RISING, -1.609438, 0.467495, false},
        {BFL_RULE_FLARE_EVIDENCE_PROGRESSION_ELSEWHERE, -2.302585, 0.626718, false},
        {BFL_RULE_FLARE_EVIDENCE_READ_AS_PROGRESSED, -0.510826, 0.439481, false},
        {BFL_RULE_FLARE_EVIDENCE_READ_AS_PROGRESSED_CT, -2.995732, 0.717707, true},
        {BFL_RULE_FLARE_EVIDENCE_RESISTANCE, -1.897120, 0.587394, false},
        {BFL_RULE_FLARE_EVIDENCE_RESPONSE_ELSEWHERE, 1.386294, 0.483959, false},
        {BFL_RULE_FLARE_EVIDENCE_SCLEROSIS_OF_LYTIC, 1.791759, 0.506156, false},
        {BFL_RULE_FLARE_EVIDENCE_SMALLER_ELSEWHERE, 0.916291, 0.410571, false},
        {BFL_RULE_FLARE_EVIDENCE_SOFT_MASS, -2.995732, 0.717707, true},
        {BFL_RULE_FLARE_EVIDENCE_STABLE_ELSEWHERE, 0.262364, 0.324736, false},
        {BFL_RULE_FLARE_EVIDENCE_SYMPTOMS_BETTER, 0.693147, 0.302455, false},
        {BFL_RULE_FLARE_EVIDENCE_SYMPTOMS_WORSE, -1.203973, 0.429476, false},
        {BFL_RULE_FLARE_EVIDENCE_TRACER_FALLS, 1.609438, 0.523283, false},
        {BFL_RULE_FLARE_EVIDENCE_TRACER_RISES, 0.000000, 0.176823, false},
        {BFL_RULE_FLARE_OTHER_FRACTURE, 1.791759, 0.000000, false},
        {BFL_RULE_FLARE_OTHER_NEW_PAIN_ICI, 2.079442, 0.000000, false},
        {BFL_RULE_FLARE_OTHER_PAGET, 2.302585, 0.000000, false},
        {BFL_RULE_FLARE_TIME_UNKNOWN, -0.693147, 0.747754, false},
    };
    size_t held = 0;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        bfl_evidence e = evidence_of(book(), bfl_rule_of(book(), known[i].rule));
        CHECK(near(e.log_lr, known[i].log_lr) && near(e.raw_log_lr, known[i].log_lr));
        CHECK(near(e.log_lr_sd, known[i].sd) && near(e.raw_log_lr_sd, known[i].sd));
        CHECK_INT(e.veto, known[i].veto);
        CHECK(*e.group);
    }
    for (size_t i = 0; i < bfl_rulebook_count(book()); i++)
        held += strncmp(bfl_rulebook_at(book(), i)->id, "flare.evidence.", 15) == 0 ||
                strncmp(bfl_rulebook_at(book(), i)->id, "flare.other.", 12) == 0;
    CHECK_INT(sizeof known / sizeof *known, held + 1); /* and flare.time.unknown */
}

TEST_CASES(CASE(each_setting_has_its_odds), CASE(time_moves_the_odds), CASE(maturing_lesions_are_no_new_onset),
           CASE(a_reading_makes_what_is_faint), CASE(tracer_and_serum_have_their_own),
           CASE(each_finding_has_its_weight))
