/* SPDX-License-Identifier: Apache-2.0 */
/* The verdict on hand-written timelines: each decisive fact changed alone, and the moves of the state. */
#include "test.h"

#include "flare/flare.h"

typedef struct bone_row {
    const char *date, *id;
    bfl_role role;
    bfl_matrix matrix;
    bfl_modality modality;
    bfl_lesion_state state;
    unsigned changes;
    int hu; /* 0 = not stated */
} bone_row;

typedef struct story {
    const char *drug, *start;
    const char *second_drug, *second_start;
    bone_row bone[8];
    const char *primary[4][2]; /* date, size in mm: a lung target */
    const char *alp[6][2];     /* date, value U/L, range 40-120 */
    const char *lab[6][4];     /* date, name, value, unit; range 0-5 */
    const char *clinical[4][3];
    const char *molecular[2][3];
    int32_t as_of;
} story;

static bfl_date date_of(const char *text) {
    bfl_date date = {0, 0, BFL_DATE_NONE};
    if (text) CHECK_INT(bfl_date_parse(bfl_text_of(text), &date, NULL), BFL_OK);
    return date;
}

static bfl_maybe number_of(const char *text) {
    bfl_maybe m = {.present = true};
    CHECK_INT(bfl_decimal_parse(bfl_text_of(text), &m.value, NULL), BFL_OK);
    return m;
}

static void add_therapies(bfl_builder *b, const story *s) {
    if (s->drug) bfl_record_add_therapy(b, date_of(s->start), BFL_NO_DATE)->drug = s->drug;
    if (s->second_drug) bfl_record_add_therapy(b, date_of(s->second_start), BFL_NO_DATE)->drug = s->second_drug;
}

static void add_lesions(bfl_builder *b, const story *s) {
    for (int i = 0; i < 4 && s->primary[i][0]; i++) {
        bfl_lesion *l = bfl_record_add_lesion(b, date_of(s->primary[i][0]));
        *l = (bfl_lesion){.id = "primary",
                          .site = "right upper lobe",
                          .organ = BFL_ORGAN_LUNG,
                          .role = BFL_ROLE_TARGET,
                          .matrix = BFL_MATRIX_SOFT,
                          .modality = BFL_MODALITY_CT,
                          .state = BFL_LESION_MEASURED,
                          .longest_mm = number_of(s->primary[i][1]),
                          .note = "",
                          .source = {"lesions.csv", (uint32_t)(2 + i), ""}};
    }
    for (int i = 0; i < 8 && s->bone[i].id; i++) {
        const bone_row *row = &s->bone[i];
        bfl_lesion *l = bfl_record_add_lesion(b, date_of(row->date));
        *l = (bfl_lesion){.id = row->id,
                          .site = row->id,
                          .organ = BFL_ORGAN_BONE,
                          .role = row->role,
                          .matrix = row->matrix,
                          .modality = row->modality ? row->modality : BFL_MODALITY_CT,
                          .state = row->state ? row->state : BFL_LESION_PRESENT,
                          .changes = row->changes,
                          .note = "",
                          .source = {"lesions.csv", (uint32_t)(20 + i), ""}};
        if (row->hu) l->hu_mean = (bfl_maybe){bfl_decimal_of(row->hu), true};
    }
}

static void add_rest(bfl_builder *b, const story *s) {
    for (int i = 0; i < 6 && s->alp[i][0]; i++) {
        bfl_lab *l = bfl_record_add_lab(b, date_of(s->alp[i][0]));
        l->name = "ALP", l->written = s->alp[i][1], l->unit_text = "U/L", l->method = "IFCC", l->note = "";
        l->ref_low = number_of("40"), l->ref_high = number_of("120");
        l->source = (bfl_source){"labs.csv", (uint32_t)(2 + i), ""};
    }
    for (int i = 0; i < 6 && s->lab[i][0]; i++) {
        bfl_lab *l = bfl_record_add_lab(b, date_of(s->lab[i][0]));
        l->name = s->lab[i][1], l->written = s->lab[i][2], l->unit_text = s->lab[i][3], l->method = l->note = "";
        l->ref_low = number_of("0"), l->ref_high = number_of("5");
        l->source = (bfl_source){"labs.csv", (uint32_t)(20 + i), ""};
    }
    for (int i = 0; i < 4 && s->clinical[i][0]; i++) {
        bfl_clinical *c = bfl_record_add_clinical(b, date_of(s->clinical[i][0]));
        c->item = s->clinical[i][1], c->value = s->clinical[i][2], c->unit = c->site = c->note = "";
        c->source = (bfl_source){"clinical.csv", (uint32_t)(2 + i), ""};
    }
    for (int i = 0; i < 2 && s->molecular[i][0]; i++) {
        bfl_molecular *m = bfl_record_add_molecular(b, date_of(s->molecular[i][0]));
        m->gene = s->molecular[i][1], m->variant = s->molecular[i][2], m->result = "positive";
        m->method = m->specimen = m->note = "", m->source = (bfl_source){"molecular.csv", (uint32_t)(2 + i), ""};
    }
}

typedef struct answer {
    const story *story;
    const bfl_verdict *verdict;
} answer;

static bfl_arena *arena;
static bfl_rulebook *rulebook;

static bfl_status body(bfl_arena *a, void *context, bfl_error *err) {
    (void)err;
    answer *out = context;
    const story *s = out->story;
    bfl_builder *b = bfl_record_begin(a, "p");
    add_therapies(b, s);
    add_lesions(b, s);
    add_rest(b, s);
    const bfl_record *record = bfl_record_seal(a, b, NULL);
    int32_t day = s->as_of ? s->as_of : record->last_day;
    if (s->as_of) record = bfl_record_as_of(a, record, day);
    bfl_findings f = {record, rulebook, bfl_criteria_assess(a, record, rulebook),
                      bfl_markers_assess(a, record, rulebook), day};
    out->verdict = bfl_flare_assess(a, &f);
    return BFL_OK;
}

static const bfl_verdict *judge(const story *s) {
    static const bfl_verdict nothing;
    if (!arena) arena = bfl_arena_new();
    if (!rulebook) CHECK_INT(bfl_rulebook_open((bfl_text){NULL, 0}, &rulebook, NULL), BFL_OK);
    answer out = {.story = s, .verdict = &nothing};
    CHECK_INT(bfl_arena_run(arena, body, &out, NULL), BFL_OK);
    return out.verdict;
}

static const bfl_evidence *evidence(const bfl_verdict *v, const char *id) {
    for (size_t i = 0; i < v->now.evidence_count; i++)
        if (strcmp(v->now.evidence[i].rule->id, id) == 0) return &v->now.evidence[i];
    return NULL;
}

/* Partial response in the lung, a new blastic lesion where PET was active before, no pain: the textbook flare. */
static const story textbook = {.drug = "erlotinib",
                               .start = "d0",
                               .bone = {{"d0", "T5", BFL_ROLE_NONE, BFL_MATRIX_MARROW, BFL_MODALITY_FDG_PET, 0, 0, 0},
                                        {"d56", "T5", BFL_ROLE_NEW, BFL_MATRIX_BLASTIC, 0, 0, 0, 0}},
                               .primary = {{"d0", "40"}, {"d56", "20"}},
                               .alp = {{"d0", "100"}, {"d56", "104"}},
                               .clinical = {{"d56", "pain", "improved"}}};

TEST(textbook_flare) {
    const bfl_verdict *v = judge(&textbook);
    CHECK_TEXT(bfl_bone_state_word(v->now.state), "flare_suspected");
    CHECK(v->now.question && v->now.low > 0.5 && v->now.p_flare > v->now.low && v->now.high >= v->now.p_flare);
    CHECK(fabs(v->now.p_flare + v->now.p_progression + v->now.p_other - 1) < 1e-12);
    CHECK(evidence(v, "flare.evidence.response_elsewhere"));
    CHECK(evidence(v, "flare.evidence.new_blastic"));
    CHECK(evidence(v, "flare.evidence.symptoms_better"));
    CHECK(evidence(v, "flare.evidence.baseline_seen"));
    CHECK(evidence(v, "flare.evidence.alp_stable"));
    CHECK_TEXT(evidence(v, "flare.evidence.alp_stable")->finding, "ALP +4.0 % from baseline on day 56");
    CHECK(evidence(v, "flare.time.usual"));
    CHECK_TEXT(v->now.prior_rule->id, "flare.prior.egfr_tki_1");
    CHECK_INT(v->history_count, 1);
}

/* "T1" is no part of "T12", and a baseline that could not be read says nothing about the place. */
TEST(baseline_speaks_of_its_own_place) {
    static const struct {
        const char *at_baseline, *now;
        bfl_lesion_state state;
        bool seen;
    } cases[] = {{"T12", "T1", 0, false},
                 {"T1", "T12", 0, false},
                 {"T1, T5", "T5", 0, true},
                 {"T5", "t5 ", 0, true},
                 {"T5", "T5", BFL_LESION_NOT_EVALUABLE, false},
                 {"T5", "T5", BFL_LESION_EQUIVOCAL, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        story s = textbook;
        s.bone[0].id = cases[i].at_baseline;
        s.bone[0].state = cases[i].state;
        s.bone[1].id = cases[i].now;
        const bfl_verdict *v = judge(&s);
        CHECK_INT(evidence(v, "flare.evidence.baseline_seen") != NULL, cases[i].seen);
        CHECK(!evidence(v, "flare.evidence.baseline_clear"));
    }
}

/* Changes one thing in the textbook case: less likely flare, and not called flare. */
static void must_turn(const story *changed, const char *rule) {
    const bfl_verdict *before = judge(&textbook), *after = judge(changed);
    if (rule) CHECK(evidence(after, rule));
    CHECK(after->now.p_flare < before->now.p_flare);
    CHECK(after->now.state == BFL_BONE_UNDETERMINED || after->now.state == BFL_BONE_PROGRESSION);
}

TEST(one_fact_turns_it) {
    story s = textbook;
    s.bone[1].changes = BFL_CHANGE_LYTIC_GROWTH;
    must_turn(&s, "flare.evidence.lytic_growth");
    s = textbook;
    s.bone[1].matrix = BFL_MATRIX_LYTIC;
    must_turn(&s, "flare.evidence.new_lytic");
    s = textbook;
    s.bone[1].changes = BFL_CHANGE_SOFT_MASS;
    must_turn(&s, "flare.evidence.soft_mass");
    s = textbook;
    s.primary[1][1] = "60";
    must_turn(&s, "flare.evidence.progression_elsewhere");
    s = textbook;
    s.bone[1].date = s.primary[1][0] = s.alp[1][0] = s.clinical[0][0] = "d270";
    must_turn(&s, "flare.time.very_late_new");
    s = textbook;
    s.bone[0].state = BFL_LESION_ABSENT;
    s.alp[1][1] = "190", s.clinical[0][0] = NULL;
    must_turn(&s, "flare.evidence.baseline_clear");
    s = textbook;
    s.molecular[0][0] = "d60", s.molecular[0][1] = "EGFR", s.molecular[0][2] = "T790M";
    s.clinical[0][2] = "worse";
    must_turn(&s, "flare.evidence.resistance");
}

TEST(a_veto_forbids_flare_whatever_the_sum) {
    story s = textbook;
    s.drug = "osimertinib";
    s.bone[2] = (bone_row){"d56", "L1", BFL_ROLE_NONE, BFL_MATRIX_LYTIC, 0, 0, BFL_CHANGE_LYTIC_GROWTH, 0};
    const bfl_verdict *v = judge(&s);
    const bfl_evidence *growth = evidence(v, "flare.evidence.lytic_growth");
    CHECK(growth && growth->veto);
    CHECK(v->now.state == BFL_BONE_UNDETERMINED || v->now.state == BFL_BONE_PROGRESSION);
}

TEST(drug_class_moves_the_prior) {
    story s = textbook;
    s.drug = "osimertinib";
    double third = judge(&s)->now.p_flare;
    s.drug = "paclitaxel";
    const bfl_verdict *chemo = judge(&s);
    CHECK_TEXT(chemo->now.prior_rule->id, "flare.prior.chemotherapy");
    double first = judge(&textbook)->now.p_flare;
    CHECK(third > first && first > chemo->now.p_flare);
}

TEST(each_drug_class_has_its_prior) {
    static const char *const drugs[][2] = {
        {"osimertinib", "flare.prior.egfr_tki_3"}, {"afatinib", "flare.prior.egfr_tki_2"},
        {"alectinib", "flare.prior.alk_tki"},      {"dabrafenib", "flare.prior.targeted"},
        {"capmatinib", "flare.prior.targeted"},    {"selpercatinib", "flare.prior.targeted"},
        {"sotorasib", "flare.prior.targeted"},     {"tamoxifen", "flare.prior.endocrine"}};
    for (size_t i = 0; i < sizeof drugs / sizeof *drugs; i++) {
        story s = textbook;
        s.drug = drugs[i][0];
        const bfl_rule *prior = judge(&s)->now.prior_rule;
        CHECK_TEXT(prior ? prior->id : NULL, drugs[i][1]);
    }
}

TEST(time_window_edges) {
    story s = textbook;
    s.bone[1].date = s.primary[1][0] = s.alp[1][0] = s.clinical[0][0] = "d125";
    CHECK(evidence(judge(&s), "flare.time.usual"));
    s.bone[1].date = s.primary[1][0] = s.alp[1][0] = s.clinical[0][0] = "d126";
    CHECK(evidence(judge(&s), "flare.time.late"));
    s.bone[1].date = s.primary[1][0] = s.alp[1][0] = s.clinical[0][0] = "d180";
    CHECK(evidence(judge(&s), "flare.time.late"));
    s.bone[1].date = s.primary[1][0] = s.alp[1][0] = s.clinical[0][0] = "d181";
    CHECK(evidence(judge(&s), "flare.time.very_late_new"));
}

TEST(no_therapy_no_question) {
    story s = textbook;
    s.drug = NULL;
    CHECK_TEXT(bfl_bone_state_word(judge(&s)->now.state), "none");
    s = textbook;
    s.bone[1] = (bone_row){0};
    const bfl_verdict *v = judge(&s);
    CHECK_TEXT(bfl_bone_state_word(v->now.state), "none");
    CHECK(!v->now.question && v->history_count == 0);
}

static story followed(const char *date, unsigned changes, bfl_role role, bfl_matrix matrix) {
    story s = textbook;
    s.bone[2] = (bone_row){date, role == BFL_ROLE_NEW ? "L3" : "T5", role, matrix, 0, 0, changes, 0};
    s.primary[2][0] = date, s.primary[2][1] = "18";
    return s;
}

TEST(confirmed_by_a_quiet_study_six_weeks_later) {
    story s = followed("d97", BFL_CHANGE_STABLE, BFL_ROLE_NONE, BFL_MATRIX_BLASTIC); /* 41 days */
    CHECK_TEXT(bfl_bone_state_word(judge(&s)->now.state), "flare_suspected");
    s = followed("d98", BFL_CHANGE_STABLE, BFL_ROLE_NONE, BFL_MATRIX_BLASTIC); /* 42 days */
    const bfl_verdict *v = judge(&s);
    CHECK_TEXT(bfl_bone_state_word(v->now.state), "flare_confirmed");
    CHECK(strstr(v->now.because, "Changed from flare suspected to flare confirmed") != NULL);
    s.primary[2][1] = "40"; /* progression elsewhere by then */
    CHECK(judge(&s)->now.state != BFL_BONE_FLARE_CONFIRMED);
    s = followed("d98", 0, BFL_ROLE_NEW, BFL_MATRIX_BLASTIC);
    v = judge(&s);
    CHECK(v->now.state != BFL_BONE_FLARE_CONFIRMED);
    CHECK(evidence(v, "flare.evidence.further_worsening"));
}

/* The study of day 98 settles what was said on day 56; what was said then stays. A study too soon or too late does not. */
TEST(looking_back_is_apart_from_what_was_known) {
    story s = followed("d98", BFL_CHANGE_STABLE, BFL_ROLE_NONE, BFL_MATRIX_BLASTIC);
    const bfl_verdict *v = judge(&s);
    const bfl_bone *then = &v->history[0];
    CHECK_INT(then->day, 56);
    CHECK_TEXT(bfl_bone_state_word(then->state), "flare_suspected");
    CHECK(then->hindsight.known && then->hindsight.day == 98);
    CHECK_TEXT(bfl_bone_state_word(then->hindsight.state), "flare_confirmed");
    CHECK(then->hindsight.p_flare > then->p_flare && then->hindsight.low > then->low);
    CHECK(!v->now.hindsight.known);
    s = followed("d97", BFL_CHANGE_STABLE, BFL_ROLE_NONE, BFL_MATRIX_BLASTIC);
    CHECK(!judge(&s)->history[0].hindsight.known);
    s = followed("d182", 0, BFL_ROLE_NEW, BFL_MATRIX_LYTIC); /* 126 days later */
    then = &judge(&s)->history[0];
    CHECK(then->hindsight.known && then->hindsight.state != BFL_BONE_FLARE_CONFIRMED);
    s = followed("d183", 0, BFL_ROLE_NEW, BFL_MATRIX_LYTIC);
    CHECK(!judge(&s)->history[0].hindsight.known);
}

TEST(a_confirmed_flare_may_mature_but_new_trouble_asks_again) {
    story s = followed("d98", BFL_CHANGE_STABLE, BFL_ROLE_NONE, BFL_MATRIX_BLASTIC);
    s.bone[3] = (bone_row){"d300", "T5", BFL_ROLE_NONE, BFL_MATRIX_BLASTIC, 0, 0, BFL_CHANGE_DENSER, 0};
    CHECK_TEXT(bfl_bone_state_word(judge(&s)->now.state), "flare_confirmed");
    s.bone[3] = (bone_row){"d300", "L3", BFL_ROLE_NEW, BFL_MATRIX_LYTIC, 0, 0, 0, 0};
    const bfl_verdict *v = judge(&s);
    CHECK(v->now.state == BFL_BONE_UNDETERMINED || v->now.state == BFL_BONE_PROGRESSION);
    CHECK(v->now.p_flare < 0.5);
    CHECK(v->history_count >= 3);
}

TEST(resistance_reopens_a_confirmed_flare) {
    story s = followed("d98", BFL_CHANGE_STABLE, BFL_ROLE_NONE, BFL_MATRIX_BLASTIC);
    s.clinical[1][0] = "d150", s.clinical[1][1] = "pain", s.clinical[1][2] = "worse";
    const bfl_verdict *v = judge(&s);
    double before = v->now.p_flare;
    CHECK_TEXT(bfl_bone_state_word(v->now.state), "flare_confirmed");
    CHECK(!evidence(v, "flare.evidence.symptoms_worse")); /* settled: pain alone does not ask again */
    CHECK_INT(v->now.therapy_day, 150);
    s.molecular[0][0] = "d151", s.molecular[0][1] = "EGFR", s.molecular[0][2] = "T790M";
    v = judge(&s);
    CHECK(evidence(v, "flare.evidence.resistance") && evidence(v, "flare.evidence.symptoms_worse"));
    CHECK(v->now.p_flare < before);
}

static story progressed(void) {
    story s = textbook;
    s.bone[1] = (bone_row){"d56", "L3", BFL_ROLE_NEW, BFL_MATRIX_LYTIC, 0, 0, 0, 0};
    s.primary[1][1] = "60";
    s.clinical[0][2] = "worse";
    return s;
}

TEST(progression_is_left_only_by_bone_evidence_or_a_new_therapy) {
    story s = progressed();
    CHECK_TEXT(bfl_bone_state_word(judge(&s)->now.state), "progression");
    s.clinical[1][0] = "d70", s.clinical[1][1] = "pain", s.clinical[1][2] = "improved";
    CHECK_TEXT(bfl_bone_state_word(judge(&s)->now.state), "progression");
    s.second_drug = "osimertinib", s.second_start = "d80";
    s.bone[2] = (bone_row){"d130", "L3", BFL_ROLE_NONE, BFL_MATRIX_BLASTIC, 0, 0, BFL_CHANGE_SCLEROSED, 0};
    const bfl_verdict *v = judge(&s);
    CHECK_TEXT(v->now.prior_rule->id, "flare.prior.egfr_tki_3");
    CHECK(v->now.state == BFL_BONE_UNDETERMINED || v->now.state == BFL_BONE_FLARE_SUSPECTED);
}

TEST(as_known_then) {
    story s = followed("d98", 0, BFL_ROLE_NEW, BFL_MATRIX_LYTIC);
    s.as_of = 60;
    CHECK_TEXT(bfl_bone_state_word(judge(&s)->now.state), "flare_suspected");
    s.as_of = 0;
    const bfl_verdict *v = judge(&s);
    CHECK(v->now.state != BFL_BONE_FLARE_SUSPECTED);
    CHECK_TEXT(bfl_bone_state_word(v->history[0].state), "flare_suspected");
}

TEST(density_counts_from_fifty_hu) {
    story s = {.drug = "gefitinib",
               .start = "d0",
               .bone = {{"d0", "T5", 0, BFL_MATRIX_BLASTIC, 0, 0, 0, 400},
                        {"d50", "T5", 0, BFL_MATRIX_BLASTIC, 0, 0, 0, 449}}};
    CHECK(!judge(&s)->now.question);
    s.bone[1].hu = 450;
    CHECK(evidence(judge(&s), "flare.evidence.denser"));
}

/* Less dense once and denser later: what was seen first is taken back. Growth of destruction that stays is not. */
TEST(a_later_study_of_the_lesion_takes_a_finding_back) {
    story s = textbook;
    s.bone[2] = (bone_row){"d56", "L1", BFL_ROLE_NON_TARGET, BFL_MATRIX_LYTIC, 0, 0, BFL_CHANGE_LYTIC_GROWTH, 0};
    s.bone[3] = (bone_row){"d98", "L1", BFL_ROLE_NON_TARGET, BFL_MATRIX_LYTIC, 0, 0, BFL_CHANGE_STABLE, 0};
    CHECK(evidence(judge(&s), "flare.evidence.lytic_growth"));
    s.bone[3].changes = BFL_CHANGE_SCLEROSED;
    CHECK(!evidence(judge(&s), "flare.evidence.lytic_growth"));
    s.bone[3].id = "L2"; /* another lesion takes nothing back */
    CHECK(evidence(judge(&s), "flare.evidence.lytic_growth"));
    s.bone[2].changes = BFL_CHANGE_SCLEROSED;
    s.bone[3] = (bone_row){"d98", "L1", BFL_ROLE_NON_TARGET, BFL_MATRIX_LYTIC, 0, 0, BFL_CHANGE_LYTIC_GROWTH, 0};
    const bfl_verdict *v = judge(&s);
    CHECK(evidence(v, "flare.evidence.lytic_growth") && !evidence(v, "flare.evidence.sclerosis_of_lytic"));
}

/* Four months before the study judged is too long ago. */
TEST(old_findings_in_bone_count_no_longer) {
    story s = textbook;
    s.bone[2] = (bone_row){"d56", "L1", BFL_ROLE_NON_TARGET, BFL_MATRIX_LYTIC, 0, 0, BFL_CHANGE_LYTIC_GROWTH, 0};
    s.bone[3] = (bone_row){"d182", "L3", BFL_ROLE_NEW, BFL_MATRIX_BLASTIC, 0, 0, 0, 0}; /* 126 days */
    const bfl_verdict *v = judge(&s);
    CHECK(evidence(v, "flare.evidence.lytic_growth") && evidence(v, "flare.evidence.further_worsening"));
    s.bone[3].date = "d183";
    v = judge(&s);
    CHECK(!evidence(v, "flare.evidence.lytic_growth") && !evidence(v, "flare.evidence.further_worsening"));
}

TEST(disease_elsewhere_is_read_within_six_weeks) {
    story s = textbook;
    s.primary[1][1] = "40";
    s.primary[2][0] = "d98", s.primary[2][1] = "60";
    CHECK(evidence(judge(&s), "flare.evidence.progression_elsewhere"));
    s.primary[2][0] = "d99";
    s.bone[2] = (bone_row){"d99", "T5", BFL_ROLE_NON_TARGET, BFL_MATRIX_BLASTIC, 0, 0, BFL_CHANGE_STABLE, 0};
    CHECK(!evidence(judge(&s), "flare.evidence.progression_elsewhere"));
}

/* A dense lesion that fades may be remodelled; one that turns lytic may not. Fading confirms no healing, and asks again after it. */
TEST(fading_is_not_turning_lytic) {
    story s = textbook;
    s.bone[2] = (bone_row){"d98", "T5", BFL_ROLE_NON_TARGET, BFL_MATRIX_BLASTIC, 0, 0, BFL_CHANGE_LESS_DENSE, 0};
    const bfl_verdict *v = judge(&s);
    CHECK(evidence(v, "flare.evidence.fading") && !evidence(v, "flare.evidence.less_dense"));
    CHECK(!evidence(v, "flare.evidence.no_further_worsening"));
    CHECK_TEXT(bfl_bone_state_word(v->now.state), "flare_suspected");
    s.bone[3] = s.bone[2], s.bone[3].date = "d150", s.bone[2].changes = BFL_CHANGE_STABLE;
    v = judge(&s);
    CHECK(v->now.question && evidence(v, "flare.evidence.fading"));
    CHECK(v->now.state != BFL_BONE_FLARE_CONFIRMED);
    s.bone[3].changes = BFL_CHANGE_DENSER;
    CHECK_TEXT(bfl_bone_state_word(judge(&s)->now.state), "flare_confirmed");
    s.bone[3].date = NULL, s.bone[2].changes = BFL_CHANGE_LESS_DENSE;
    s.bone[2].matrix = BFL_MATRIX_MIXED;
    v = judge(&s);
    CHECK(evidence(v, "flare.evidence.lost_density") && !evidence(v, "flare.evidence.fading"));
    s.bone[2].matrix = BFL_MATRIX_LYTIC, s.bone[2].changes = 0;
    CHECK(evidence(judge(&s), "flare.evidence.less_dense"));
}

/* Density alone is no progression; with growth it is. Neither confirms healing, and denser later takes both back. */
TEST(loss_of_density_alone_is_no_destruction) {
    static const unsigned grown[] = {BFL_CHANGE_LARGER, BFL_CHANGE_LYTIC_GROWTH, BFL_CHANGE_SOFT_MASS};
    story s = textbook;
    s.bone[2] = (bone_row){"d98", "L1", BFL_ROLE_NON_TARGET, BFL_MATRIX_MIXED, 0, 0, BFL_CHANGE_LESS_DENSE, 0};
    const bfl_verdict *v = judge(&s);
    CHECK(evidence(v, "flare.evidence.lost_density") && !evidence(v, "flare.evidence.less_dense"));
    CHECK(!evidence(v, "flare.evidence.no_further_worsening"));
    CHECK(v->now.state != BFL_BONE_FLARE_CONFIRMED);
    for (size_t i = 0; i < sizeof grown / sizeof *grown; i++) {
        s.bone[2].changes = BFL_CHANGE_LESS_DENSE | grown[i];
        v = judge(&s);
        CHECK(evidence(v, "flare.evidence.less_dense") && !evidence(v, "flare.evidence.lost_density"));
    }
    s.bone[2].changes = BFL_CHANGE_LESS_DENSE, s.bone[2].state = BFL_LESION_PROGRESSED;
    CHECK(evidence(judge(&s), "flare.evidence.less_dense"));
    s.bone[2].state = 0;
    s.bone[3] = (bone_row){"d140", "L1", BFL_ROLE_NON_TARGET, BFL_MATRIX_MIXED, 0, 0, BFL_CHANGE_DENSER, 0};
    CHECK(!evidence(judge(&s), "flare.evidence.lost_density"));
}

/* Lytic lesions that turn sclerotic look larger than the bone was (Kaneko): that is new bone. A size alone is not, and growth that
 * the same row states forbids flare as ever. */
TEST(larger_and_denser_is_new_bone) {
    static const unsigned healing[] = {BFL_CHANGE_DENSER, BFL_CHANGE_SCLEROSED, BFL_CHANGE_RIM, BFL_CHANGE_FILLED_IN};
    story s = textbook;
    s.bone[2] = (bone_row){"d56", "L1", BFL_ROLE_NON_TARGET, BFL_MATRIX_LYTIC, 0, 0, BFL_CHANGE_LARGER, 0};
    const bfl_verdict *v = judge(&s);
    CHECK(evidence(v, "flare.evidence.larger_lytic") && !evidence(v, "flare.evidence.larger_only"));
    CHECK(v->now.state != BFL_BONE_FLARE_SUSPECTED);
    for (size_t i = 0; i < sizeof healing / sizeof *healing; i++) {
        s.bone[2].changes = BFL_CHANGE_LARGER | healing[i];
        v = judge(&s);
        CHECK(evidence(v, "flare.evidence.larger_blastic") && !evidence(v, "flare.evidence.larger_lytic"));
        CHECK_TEXT(bfl_bone_state_word(v->now.state), "flare_suspected");
    }
    static const unsigned destroyed[] = {BFL_CHANGE_LYTIC_GROWTH, BFL_CHANGE_LESS_DENSE};
    for (size_t i = 0; i < sizeof destroyed / sizeof *destroyed; i++) {
        s.bone[2].changes = BFL_CHANGE_LARGER | BFL_CHANGE_RIM | destroyed[i];
        CHECK(evidence(judge(&s), "flare.evidence.larger_lytic"));
    }
    s.bone[2].matrix = BFL_MATRIX_BLASTIC, s.bone[2].changes = BFL_CHANGE_LARGER;
    v = judge(&s);
    CHECK(evidence(v, "flare.evidence.larger_only") && !evidence(v, "flare.evidence.larger_blastic"));
    s.bone[3] = (bone_row){"d98", "L1", BFL_ROLE_NON_TARGET, BFL_MATRIX_BLASTIC, 0, 0, BFL_CHANGE_DENSER, 0};
    CHECK(!evidence(judge(&s), "flare.evidence.larger_only"));
    s.bone[2].changes = BFL_CHANGE_LARGER | BFL_CHANGE_DENSER;
    v = judge(&s);
    CHECK(evidence(v, "flare.evidence.larger_blastic") && !evidence(v, "flare.evidence.larger_only"));
}

/* A larger lesion confirms no healing; nor does a quiet study before one that is worse. */
TEST(what_confirms_is_quiet_and_comes_last) {
    static const unsigned larger[] = {BFL_CHANGE_LARGER, BFL_CHANGE_LARGER | BFL_CHANGE_DENSER};
    story s = textbook;
    s.bone[2] = (bone_row){"d98", "T5", BFL_ROLE_NON_TARGET, BFL_MATRIX_BLASTIC, 0, 0, BFL_CHANGE_DENSER, 0};
    const bfl_verdict *v = judge(&s);
    CHECK(v->now.state == BFL_BONE_FLARE_CONFIRMED && evidence(v, "flare.evidence.no_further_worsening"));
    for (size_t i = 0; i < sizeof larger / sizeof *larger; i++) {
        s.bone[2].changes = larger[i];
        v = judge(&s);
        CHECK(v->now.state != BFL_BONE_FLARE_CONFIRMED && !evidence(v, "flare.evidence.no_further_worsening"));
    }
    story open = {.drug = "paclitaxel",
                  .start = "d0",
                  .bone = {{"d0", "T5", 0, BFL_MATRIX_BLASTIC, 0, 0, 0, 0},
                           {"d56", "T5", 0, BFL_MATRIX_BLASTIC, 0, 0, BFL_CHANGE_LARGER, 0},
                           {"d98", "T5", 0, BFL_MATRIX_BLASTIC, 0, 0, BFL_CHANGE_STABLE, 0},
                           {"d150", "T5", 0, BFL_MATRIX_BLASTIC, 0, 0, BFL_CHANGE_DENSER, 0}}};
    v = judge(&open);
    CHECK(v->now.question && evidence(v, "flare.evidence.no_further_worsening"));
    open.bone[3].changes = BFL_CHANGE_LARGER;
    v = judge(&open);
    CHECK(v->now.question && !evidence(v, "flare.evidence.no_further_worsening"));
}

/* From the lowest value on, when a second one confirms it; else against the value before therapy. */
TEST(markers_rise_from_their_lowest) {
    story s = textbook;
    s.bone[1].date = s.primary[1][0] = s.clinical[0][0] = "d84";
    static const char *const alp[][2] = {{"d0", "300"}, {"d28", "100"}, {"d70", "160"}, {"d84", "165"}};
    for (int i = 0; i < 4; i++) s.alp[i][0] = alp[i][0], s.alp[i][1] = alp[i][1];
    const bfl_verdict *v = judge(&s);
    CHECK(evidence(v, "flare.evidence.alp_rising_late") && !evidence(v, "flare.evidence.alp_falling"));
    CHECK_TEXT(evidence(v, "flare.evidence.alp_rising_late")->finding, "ALP +65.0 % from its lowest value on day 84");
    s.alp[2][1] = "105"; /* one value alone */
    v = judge(&s);
    CHECK(evidence(v, "flare.evidence.alp_falling") && !evidence(v, "flare.evidence.alp_rising_late"));
    s.alp[2][1] = "160", s.alp[3][1] = "105"; /* the last one is not up */
    CHECK(evidence(judge(&s), "flare.evidence.alp_falling"));
    s.alp[3][1] = "500"; /* above what it was before therapy: one value is enough */
    s.alp[2][1] = "105";
    CHECK(evidence(judge(&s), "flare.evidence.alp_rising_late"));
    s = textbook;
    static const char *const cea[][2] = {{"d0", "80"}, {"d21", "20"}, {"d42", "40"}, {"d56", "50"}};
    for (int i = 0; i < 4; i++) {
        const char *const row[] = {cea[i][0], "CEA", cea[i][1], "ng/mL"};
        memcpy(s.lab[i], row, sizeof row);
    }
    v = judge(&s);
    CHECK(evidence(v, "flare.evidence.own_marker_rising") && !evidence(v, "flare.evidence.own_marker_falling"));
    s.lab[2][2] = "21";
    v = judge(&s);
    CHECK(evidence(v, "flare.evidence.own_marker_falling") && !evidence(v, "flare.evidence.own_marker_rising"));
}

/* A worse study without laboratory values has those of the worse study before it, for four months. */
TEST(alp_of_the_study_before_counts_while_it_is_current) {
    story s = textbook;
    s.bone[2] = (bone_row){"d182", "T5", BFL_ROLE_NON_TARGET, BFL_MATRIX_BLASTIC, 0, 0, BFL_CHANGE_LARGER, 0};
    CHECK(evidence(judge(&s), "flare.evidence.alp_stable"));
    s.bone[2].date = "d183";
    CHECK(!evidence(judge(&s), "flare.evidence.alp_stable"));
    s.bone[2].date = "d182", s.alp[2][0] = "d182", s.alp[2][1] = "50"; /* its own comes first */
    CHECK(evidence(judge(&s), "flare.evidence.alp_falling"));
}

TEST(bone_markers_at_one_month_speak_of_six) {
    story s = textbook;
    static const char *const rows[][4] = {{"d0", "BALP", "2", "ug/L"},
                                          {"d0", "OC", "2", "ng/mL"},
                                          {"d28", "BALP", "6", "ug/L"},
                                          {"d28", "OC", "6", "ng/mL"}};
    for (int i = 0; i < 4; i++) memcpy(s.lab[i], rows[i], sizeof rows[i]);
    s.bone[1].date = "d180";
    CHECK(evidence(judge(&s), "flare.evidence.bone_markers_both_up"));
    s.bone[1].date = "d181";
    CHECK(!evidence(judge(&s), "flare.evidence.bone_markers_both_up"));
}

TEST(missing_stays_missing_and_repeats_count_less) {
    story s = textbook;
    s.alp[0][0] = NULL;
    s.clinical[0][0] = NULL;
    const bfl_verdict *v = judge(&s);
    for (size_t i = 0; i < v->now.evidence_count; i++)
        CHECK(strcmp(v->now.evidence[i].group, "alp") != 0 && strcmp(v->now.evidence[i].group, "symptoms") != 0);
    double alone = evidence(v, "flare.evidence.new_blastic")->log_lr;
    s.bone[2] = (bone_row){"d56", "L3", 0, BFL_MATRIX_BLASTIC, 0, 0, BFL_CHANGE_SCLEROSED, 0};
    const bfl_evidence *second = evidence(judge(&s), "flare.evidence.new_blastic");
    CHECK(second && second->log_lr < alone && second->log_lr > 0);
}

TEST(worse_bone_without_a_date_is_undetermined) {
    story s = textbook;
    s.bone[1].date = NULL;
    const bfl_verdict *v = judge(&s);
    CHECK_TEXT(bfl_bone_state_word(v->now.state), "undetermined");
    CHECK(evidence(v, "flare.time.unknown"));
}

TEST(alp_alone_asks) {
    story s = {.drug = "gefitinib", .start = "d0", .primary = {{"d0", "40"}}, .alp = {{"d0", "100"}, {"d13", "250"}}};
    const bfl_verdict *v = judge(&s);
    CHECK(v->now.question && evidence(v, "flare.evidence.alp_flare_alone"));
    CHECK(v->now.state != BFL_BONE_PROGRESSION);
    s.alp[1][1] = "120"; /* inside the noise */
    CHECK(!judge(&s)->now.question);
}

/* A lesion that goes on maturing is judged where it began to; one that grows and is no denser, on the day it grew. */
TEST(growth_is_judged_on_its_own_day) {
    story s = {.drug = "erlotinib", .start = "d0"};
    s.bone[0] = (bone_row){"d0", "L1", BFL_ROLE_NON_TARGET, BFL_MATRIX_BLASTIC, 0, 0, 0, 0};
    s.bone[1] = (bone_row){"d56", "L1", BFL_ROLE_NON_TARGET, BFL_MATRIX_BLASTIC, 0, 0, BFL_CHANGE_DENSER, 0};
    s.bone[2] = (bone_row){"d150", "L1", BFL_ROLE_NON_TARGET, BFL_MATRIX_BLASTIC, 0, 0, BFL_CHANGE_DENSER, 0};
    CHECK_INT(judge(&s)->now.onset.to_day, 56);
    s.bone[2].changes |= BFL_CHANGE_LARGER;
    CHECK_INT(judge(&s)->now.onset.to_day, 56);
    s.bone[2].changes = BFL_CHANGE_LARGER;
    CHECK_INT(judge(&s)->now.onset.to_day, 150);
}

TEST_CASES(CASE(textbook_flare), CASE(growth_is_judged_on_its_own_day), CASE(baseline_speaks_of_its_own_place),
           CASE(one_fact_turns_it), CASE(a_veto_forbids_flare_whatever_the_sum), CASE(drug_class_moves_the_prior),
           CASE(each_drug_class_has_its_prior), CASE(time_window_edges), CASE(no_therapy_no_question),
           CASE(confirmed_by_a_quiet_study_six_weeks_later), CASE(looking_back_is_apart_from_what_was_known),
           CASE(a_confirmed_flare_may_mature_but_new_trouble_asks_again), CASE(resistance_reopens_a_confirmed_flare),
           CASE(progression_is_left_only_by_bone_evidence_or_a_new_therapy), CASE(as_known_then),
           CASE(density_counts_from_fifty_hu), CASE(a_later_study_of_the_lesion_takes_a_finding_back),
           CASE(old_findings_in_bone_count_no_longer), CASE(disease_elsewhere_is_read_within_six_weeks),
           CASE(fading_is_not_turning_lytic), CASE(loss_of_density_alone_is_no_destruction),
           CASE(larger_and_denser_is_new_bone), CASE(what_confirms_is_quiet_and_comes_last),
           CASE(markers_rise_from_their_lowest), CASE(alp_of_the_study_before_counts_while_it_is_current),
           CASE(bone_markers_at_one_month_speak_of_six), CASE(missing_stays_missing_and_repeats_count_less),
           CASE(worse_bone_without_a_date_is_undetermined), CASE(alp_alone_asks))
