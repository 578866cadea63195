/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence from the rest of the patient: disease elsewhere, symptoms, genome, tissue. */
#include "flare/evidence.h"

/* Most words differ in their first letter. */
static bool says(const char *value, const char *word) {
    enum { CAPITAL = 'a' ^ 'A' };
    return ((value[0] ^ word[0]) & ~CAPITAL) == 0 && bfl_z_equal_nocase(value, bfl_text_of(word));
}

static bool says_any(const char *value, const char *const *words, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (says(value, words[i])) return true;
    return false;
}

/* From six weeks before the first worse finding on. */
static bool in_view(const inquiry *q, bfl_when when) {
    int32_t window = bfl_rule_days(q->findings->rulebook, BFL_NUM_FLARE_WINDOW__ELSEWHERE_DAYS);
    return when.known && when.day >= q->episode->first_day - window && when.day > q->episode->therapy->start.day;
}

/* ---- disease elsewhere ---- */

/* The latest visit that speaks for the time of the question: within six weeks of the worse studies judged. */
static const bfl_recist_visit *visit_near(const inquiry *q) {
    const episode *e = q->episode;
    int32_t window = bfl_rule_days(q->findings->rulebook, BFL_NUM_FLARE_WINDOW__ELSEWHERE_DAYS);
    int32_t judged = e->imaging ? e->studies[e->judged].day : e->first_day;
    const bfl_criteria *criteria = q->findings->criteria;
    const bfl_recist_visit *found = NULL;
    for (size_t i = 0; i < criteria->visit_count; i++) {
        const bfl_recist_visit *v = &criteria->visits[i];
        if (v->baseline || v->day < judged - window || v->day > e->last_day + window) continue;
        if (v->day > e->therapy->start.day) found = v;
    }
    return found;
}

/* Rows stand by day, undated ones last. */
static size_t first_row_from(const bfl_record *record, int32_t day) {
    size_t first = record->lesion_count;
    while (first && (!record->lesions[first - 1].when.known || record->lesions[first - 1].when.day >= day)) first--;
    return first;
}

/* Rows about disease outside bone at the visit that carry one of the changes or states asked for. */
static bfl_event_list rows_elsewhere(const inquiry *q, const bfl_recist_visit *visit, unsigned changes,
                                     bool progressed) {
    bfl_event_list rows = {0};
    const bfl_record *record = q->findings->record;
    for (size_t i = first_row_from(record, visit->first_day); i < record->lesion_count; i++) {
        const bfl_lesion *l = &record->lesions[i];
        if (!l->when.known || l->when.day > visit->day) break;
        if (l->organ == BFL_ORGAN_BONE || l->organ == BFL_ORGAN_NONE) continue;
        bool wanted = (l->changes & changes) != 0 || (progressed && l->state == BFL_LESION_PROGRESSED) ||
                      (progressed && l->role == BFL_ROLE_NEW && l->state != BFL_LESION_EQUIVOCAL);
        if (changes == 0 && !progressed) wanted = true;
        if (wanted) bfl_event_push(q->arena, &rows, BFL_EVENT_LESION, i);
    }
    return rows;
}

static void elsewhere_in_words(inquiry *q, const bfl_recist_visit *visit) {
    bfl_event_list larger = rows_elsewhere(q, visit, BFL_CHANGE_LARGER | BFL_CHANGE_MORE | BFL_CHANGE_UPTAKE_UP, true);
    bfl_event_list smaller = rows_elsewhere(q, visit, BFL_CHANGE_SMALLER | BFL_CHANGE_UPTAKE_DOWN, false);
    bfl_event_list stable = rows_elsewhere(q, visit, BFL_CHANGE_STABLE, false);
    if (larger.count)
        evidence_add(q, BFL_RULE_FLARE_EVIDENCE_PROGRESSION_ELSEWHERE, &larger,
                     "disease outside bone described as worse on day %d", visit->day);
    else if (smaller.count)
        evidence_add(q, BFL_RULE_FLARE_EVIDENCE_SMALLER_ELSEWHERE, &smaller,
                     "disease outside bone described as smaller on day %d", visit->day);
    else if (stable.count)
        evidence_add(q, BFL_RULE_FLARE_EVIDENCE_STABLE_ELSEWHERE, &stable,
                     "disease outside bone described as stable on day %d", visit->day);
}

static void elsewhere(inquiry *q) {
    const bfl_recist_visit *visit = visit_near(q);
    if (!visit) return;
    bfl_event_list rows = rows_elsewhere(q, visit, 0, false);
    const char *word = bfl_response_word(visit->soft_tissue);
    switch (visit->soft_tissue) {
    case BFL_RESPONSE_CR:
    case BFL_RESPONSE_PR:
        evidence_add(q, BFL_RULE_FLARE_EVIDENCE_RESPONSE_ELSEWHERE, &rows, "%s outside bone on day %d", word,
                     visit->day);
        break;
    case BFL_RESPONSE_SD:
        evidence_add(q, BFL_RULE_FLARE_EVIDENCE_STABLE_ELSEWHERE, &rows, "%s outside bone on day %d", word, visit->day);
        break;
    case BFL_RESPONSE_PD:
        evidence_add(q, BFL_RULE_FLARE_EVIDENCE_PROGRESSION_ELSEWHERE, &rows, "%s outside bone on day %d", word,
                     visit->day);
        break;
    case BFL_RESPONSE_NONE:
    case BFL_RESPONSE_NON_CR_NON_PD:
    case BFL_RESPONSE_PD_UNCONFIRMED:
    case BFL_RESPONSE_NE: elsewhere_in_words(q, visit); break;
    }
}

/* ---- symptoms ---- */

/* +1 better, -1 worse, 0 neither. ECOG is judged against the last value before the episode's therapy. */
static int sense(const inquiry *q, const bfl_clinical *c) {
    static const char *const better[] = {"improved", "none", "no", "resolved", "better", "less", "relieved"};
    static const char *const worse[] = {"worse", "new", "yes", "increased", "severe"};
    bool pain = says(c->item, "pain"), event = says(c->item, "deterioration") || says(c->item, "fever");
    if ((pain || event) && says_any(c->value, worse, sizeof worse / sizeof *worse)) return -1;
    if ((pain || says(c->item, "deterioration")) && says_any(c->value, better, sizeof better / sizeof *better))
        return 1;
    if (!says(c->item, "ecog") || !c->number.present) return 0;
    const bfl_record *record = q->findings->record;
    for (const bfl_clinical *before = c; before-- > record->clinicals;)
        if (says(before->item, "ecog") && before->number.present && before->when.known)
            return bfl_decimal_compare(c->number.value, before->number.value) > 0 ? -1 : 0;
    return 0;
}

static void symptoms(inquiry *q) {
    const bfl_record *record = q->findings->record;
    bfl_event_list better = {0}, worse = {0};
    int32_t last_worse = 0, last_better = 0;
    for (size_t i = 0; i < record->clinical_count; i++) {
        const bfl_clinical *c = &record->clinicals[i];
        int s = in_view(q, c->when) ? sense(q, c) : 0;
        if (s == 0) continue;
        bfl_event_push(q->arena, s > 0 ? &better : &worse, BFL_EVENT_CLINICAL, i);
        *(s > 0 ? &last_better : &last_worse) = c->when.day;
    }
    bool worse_now = worse.count && (!better.count || last_worse >= last_better);
    if (worse_now) {
        const bfl_clinical *c = &record->clinicals[worse.items[worse.count - 1].index];
        evidence_add(q, BFL_RULE_FLARE_EVIDENCE_SYMPTOMS_WORSE, &worse, "%s: %s on day %d", c->item, c->value,
                     last_worse);
    } else if (better.count) {
        const bfl_clinical *c = &record->clinicals[better.items[better.count - 1].index];
        evidence_add(q, BFL_RULE_FLARE_EVIDENCE_SYMPTOMS_BETTER, &better, "%s: %s on day %d", c->item, c->value,
                     last_better);
    }
}

/* ---- genome and tissue ---- */

/* Is one of the words of "a;b;c" part of the text? */
static bool listed(const char *list, const char *text) {
    for (bfl_text rest = bfl_text_of(list); rest.size;) {
        bfl_text word = bfl_text_trim(bfl_text_split(&rest, ';'));
        if (word.size && bfl_text_find_nocase(bfl_text_of(text), word) != SIZE_MAX) return true;
    }
    return false;
}

static void resistance(inquiry *q) {
    const char *variants = bfl_rule_words(q->findings->rulebook, BFL_TXT_FLARE_EVIDENCE_RESISTANCE__VARIANTS);
    const bfl_record *record = q->findings->record;
    for (size_t i = 0; i < record->molecular_count; i++) {
        const bfl_molecular *m = &record->moleculars[i];
        if (!m->when.known || m->when.day <= q->episode->therapy->start.day || says(m->result, "negative")) continue;
        const char *name = bfl_arena_printf(q->arena, "%s %s", m->gene, m->variant);
        if (!listed(variants, name)) continue;
        bfl_event_list event = {0};
        bfl_event_add(q->arena, &event, BFL_EVENT_MOLECULAR, i);
        evidence_add(q, BFL_RULE_FLARE_EVIDENCE_RESISTANCE, &event, "%s on day %d", name, m->when.day);
    }
}

static void tissue(inquiry *q) {
    static const struct {
        const char *result;
        bfl_rule_index rule;
        bool after_start;
    } readings[] = {{"no_tumour", BFL_RULE_FLARE_EVIDENCE_BIOPSY_NO_TUMOUR, true},
                    {"tumour", BFL_RULE_FLARE_EVIDENCE_BIOPSY_TUMOUR, true},
                    {"paget", BFL_RULE_FLARE_OTHER_PAGET, false},
                    {"fracture", BFL_RULE_FLARE_OTHER_FRACTURE, false}};
    const bfl_record *record = q->findings->record;
    for (size_t i = 0; i < record->pathology_count; i++) {
        const bfl_pathology *p = &record->pathologies[i];
        if (p->organ != BFL_ORGAN_BONE || !p->when.known) continue;
        for (size_t k = 0; k < sizeof readings / sizeof *readings; k++) {
            if (!says(p->result, readings[k].result)) continue;
            if (readings[k].after_start && p->when.day <= q->episode->therapy->start.day) continue;
            bfl_event_list event = {0};
            bfl_event_add(q->arena, &event, BFL_EVENT_PATHOLOGY, i);
            evidence_add(q, readings[k].rule, &event, "bone, %s: %s", p->site, p->result);
        }
    }
}

bool under_checkpoint_inhibitor(const bfl_record *record) {
    for (size_t i = 0; i < record->therapy_count; i++)
        if (says(record->therapies[i].class_id, "ici")) return true;
    return false;
}

/* New pain under a checkpoint inhibitor, a known fracture, known Paget disease. */
static void other_causes(inquiry *q) {
    const bfl_record *record = q->findings->record;
    bool under_ici = under_checkpoint_inhibitor(record);
    for (size_t i = 0; i < record->clinical_count; i++) {
        const bfl_clinical *c = &record->clinicals[i];
        bfl_event_ref row = {BFL_EVENT_CLINICAL, (uint32_t)i};
        bfl_event_list event = {.items = &row, .count = 1};
        if (says(c->item, "paget") && says(c->value, "yes"))
            evidence_add(q, BFL_RULE_FLARE_OTHER_PAGET, &event, "Paget disease is known");
        if (!in_view(q, c->when)) continue;
        if (says(c->item, "fracture") && says(c->value, "yes"))
            evidence_add(q, BFL_RULE_FLARE_OTHER_FRACTURE, &event, "fracture %s on day %d", c->site, c->when.day);
        if (under_ici && says(c->item, "pain") && says(c->value, "new"))
            evidence_add(q, BFL_RULE_FLARE_OTHER_NEW_PAIN_ICI, &event, "new pain on day %d", c->when.day);
    }
}

void evidence_from_patient(inquiry *q) {
    elsewhere(q);
    symptoms(q);
    resistance(q);
    tissue(q);
    other_causes(q);
}
