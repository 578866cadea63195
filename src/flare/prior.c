/* SPDX-License-Identifier: Apache-2.0 */
#include "flare/prior.h"

/* The class whose series speaks for a combination: first match wins. */
static const struct {
    const char *class_id;
    bfl_rule_index rule;
} classes[] = {
    {"egfr_tki_3", BFL_RULE_FLARE_PRIOR_EGFR_TKI_3},  {"egfr_tki_1", BFL_RULE_FLARE_PRIOR_EGFR_TKI_1},
    {"egfr_tki_2", BFL_RULE_FLARE_PRIOR_EGFR_TKI_2},  {"alk_tki", BFL_RULE_FLARE_PRIOR_ALK_TKI},
    {"ros1_tki", BFL_RULE_FLARE_PRIOR_ALK_TKI},       {"ici", BFL_RULE_FLARE_PRIOR_ICI},
    {"vegf", BFL_RULE_FLARE_PRIOR_VEGF_COMBINATION},  {"androgen_axis", BFL_RULE_FLARE_PRIOR_ANDROGEN_AXIS},
    {"braf_mek", BFL_RULE_FLARE_PRIOR_TARGETED},      {"met_inhibitor", BFL_RULE_FLARE_PRIOR_TARGETED},
    {"ret_inhibitor", BFL_RULE_FLARE_PRIOR_TARGETED}, {"kras_g12c", BFL_RULE_FLARE_PRIOR_TARGETED},
    {"endocrine", BFL_RULE_FLARE_PRIOR_ENDOCRINE},    {"chemotherapy", BFL_RULE_FLARE_PRIOR_CHEMOTHERAPY},
};

static bool in_force(const inquiry *q, const bfl_therapy *t) {
    int32_t washout = bfl_rule_days(q->findings->rulebook, BFL_NUM_FLARE_WINDOW__WASHOUT_DAYS),
            day = q->episode->first_day;
    if (t->intent != BFL_INTENT_ANTICANCER || !t->start.known || t->start.day > day) return false;
    return !t->stop.known || t->stop.day + washout >= day;
}

static bfl_rule_index prior_rule(const inquiry *q) {
    const bfl_record *record = q->findings->record;
    size_t best = sizeof classes / sizeof *classes;
    for (size_t i = 0; i < record->therapy_count; i++) {
        const bfl_therapy *t = &record->therapies[i];
        if (!in_force(q, t) && t != q->episode->therapy) continue;
        for (size_t k = 0; k < best; k++)
            if (bfl_text_equal(bfl_text_of(t->class_id), bfl_text_of(classes[k].class_id))) best = k;
    }
    return best < sizeof classes / sizeof *classes ? classes[best].rule : BFL_RULE_FLARE_PRIOR_UNKNOWN;
}

static bfl_rule_index window_rule(const inquiry *q) {
    const bfl_rulebook *book = q->findings->rulebook;
    int32_t day = q->episode->therapy_day;
    if (day <= bfl_rule_days(book, BFL_NUM_FLARE_TIME_USUAL__TO_DAYS)) return BFL_RULE_FLARE_TIME_USUAL;
    return day <= bfl_rule_days(book, BFL_NUM_FLARE_TIME_LATE__TO_DAYS) ? BFL_RULE_FLARE_TIME_LATE
                                                                        : BFL_RULE_FLARE_TIME_VERY_LATE;
}

void prior_set(inquiry *q, bfl_bone *bone) {
    bone->prior_rule = bfl_rule_of(q->findings->rulebook, prior_rule(q));
    bone->prior_p_flare = bfl_decimal_double(bfl_rule_value(bone->prior_rule, "p_flare_fraction").value);
    evidence_add(q, window_rule(q), NULL, "day %d of %s", q->episode->therapy_day, q->episode->therapy->drug);
}
