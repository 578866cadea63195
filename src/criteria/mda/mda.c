/* SPDX-License-Identifier: Apache-2.0 */
/* MDA bone response, visit by visit. Hamaoka 2004; the flare clause decides what new sclerosis and higher uptake mean. */
#include "criteria/mda/mda.h"
#include "criteria/mda/sign.h"
#include "criteria/study.h"

typedef struct tally {
    size_t known; /* bone lesions shown up to this visit */
    size_t by_sign[BFL_SIGN_WORSE + 1];
    bfl_lesion_sign strongest, flare_like;
    const char *strongest_id, *flare_id;
    bool new_sclerosis, all_unchanged;
    bfl_event_list events;
} tally;

typedef struct course {
    bfl_arena *arena;
    const bfl_record *record;
    const bfl_rulebook *rulebook;
    const bfl_visits *visits;
} course;

static tally look_at_visit(const course *c, size_t visit);
static bfl_response judge(const course *c, size_t visit, const tally *t, bfl_response elsewhere,
                          bfl_reason_list *reasons);

const bfl_criterion_visit *bfl_mda_assess(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                          const bfl_visits *visits, const bfl_criterion_visit *elsewhere) {
    course c = {arena, record, rulebook, visits};
    bfl_criterion_visit *out = BFL_NEW_ARRAY(arena, visits->count, bfl_criterion_visit);
    for (size_t i = 0; i < visits->count; i++) {
        bfl_reason_list reasons = {0};
        out[i].day = visits->items[i].day;
        if (i > 0) {
            tally t = look_at_visit(&c, i);
            out[i].response = judge(&c, i, &t, elsewhere[i].response, &reasons);
        }
        out[i].reasons = reasons.items;
        out[i].reason_count = reasons.count;
    }
    return out;
}

static bool shown_by(const course *c, const bfl_tracked *lesion, const bfl_visit *visit) {
    bfl_rows rows = bfl_visits_until(lesion, visit);
    for (size_t i = 0; i < rows.count; i++)
        if (bfl_study_present(&c->record->lesions[rows.items[i]])) return true;
    return false;
}

static tally look_at_visit(const course *c, size_t visit) {
    tally t = {.strongest_id = "", .flare_id = "", .all_unchanged = true};
    for (size_t i = 0; i < c->visits->lesion_count; i++) {
        const bfl_tracked *lesion = &c->visits->lesions[i];
        if (lesion->organ != BFL_ORGAN_BONE || !shown_by(c, lesion, &c->visits->items[visit])) continue;
        bfl_rows rows = bfl_visits_rows(lesion, &c->visits->items[visit]);
        bfl_lesion_sign sign = bfl_mda_sign(c->record, c->rulebook, c->visits, lesion, rows);
        t.known++;
        t.by_sign[sign.sign]++;
        if (sign.sign != BFL_SIGN_UNSEEN)
            for (size_t j = 0; j < rows.count; j++)
                bfl_event_push(c->arena, &t.events, BFL_EVENT_LESION, rows.items[j]);
        if (t.strongest_id[0] == 0 || sign.sign > t.strongest.sign) {
            t.strongest = sign;
            t.strongest_id = lesion->id;
        }
        if (sign.sign != BFL_SIGN_FLARE_LIKE) continue;
        if (t.flare_id[0] == 0) t.flare_id = lesion->id;
        t.flare_like = sign;
        t.new_sclerosis |= sign.sclerosis;
        t.all_unchanged &= sign.unchanged;
    }
    return t;
}

static bfl_response conclude(const course *c, const tally *t, bfl_reason_list *reasons, bfl_rule_index rule,
                             bfl_response response, const char *finding) {
    bfl_reason_add(c->arena, reasons, bfl_rule_of(c->rulebook, rule), &t->events, "%s: %s", bfl_response_word(response),
                   finding);
    return response;
}

/* Words outside bone that speak for response when no response could be computed: something smaller, nothing worse. */
static bool words_elsewhere_respond(const course *c, size_t visit) {
    const bfl_visit *v = &c->visits->items[visit];
    bool smaller = false;
    for (size_t i = 0; i < c->visits->row_count; i++) {
        const bfl_lesion *row = &c->record->lesions[c->visits->rows[i]];
        if (row->when.day < v->first_day || row->organ == BFL_ORGAN_BONE) continue;
        if (row->when.day > v->day) break;
        bool worse = row->state == BFL_LESION_PROGRESSED || row->role == BFL_ROLE_NEW ||
                     (row->changes & (BFL_CHANGE_LARGER | BFL_CHANGE_MORE));
        if (worse && !bfl_study_absent(row)) return false;
        smaller |= (row->changes & BFL_CHANGE_SMALLER) != 0;
    }
    return smaller;
}

/* Activity that may be flare: response elsewhere makes it healing, progression elsewhere progression, else it stays open. */
static bfl_response apply_flare_clause(const course *c, size_t visit, const tally *t, bfl_response elsewhere,
                                       bfl_reason_list *reasons) {
    const char *said = bfl_arena_printf(c->arena, "'%s' looks more active, outside bone %s", t->flare_id,
                                        bfl_response_word(elsewhere));
    bool computed = elsewhere == BFL_RESPONSE_CR || elsewhere == BFL_RESPONSE_PR;
    bool healing = t->by_sign[BFL_SIGN_BETTER] > 0;
    if (elsewhere == BFL_RESPONSE_PD) return conclude(c, t, reasons, t->flare_like.rule, BFL_RESPONSE_PD, said);
    if (computed || healing || (elsewhere != BFL_RESPONSE_SD && words_elsewhere_respond(c, visit))) {
        (void)conclude(c, t, reasons, BFL_RULE_MDA2004_FLARE,
                       t->new_sclerosis || healing ? BFL_RESPONSE_PR : BFL_RESPONSE_SD, said);
        if (healing) return conclude(c, t, reasons, t->strongest.rule, BFL_RESPONSE_PR, t->strongest_id);
        if (!t->new_sclerosis) return BFL_RESPONSE_SD;
        return conclude(c, t, reasons, BFL_RULE_MDA2004_PR_NEW_SCLEROSIS, BFL_RESPONSE_PR,
                        "sclerosis not seen before, other lesions respond");
    }
    if (t->all_unchanged) return conclude(c, t, reasons, BFL_RULE_MDA2004_SD, BFL_RESPONSE_SD, "no further change");
    return conclude(c, t, reasons, BFL_RULE_MDA2004_FLARE_OPEN, BFL_RESPONSE_NE, said);
}

static bfl_response judge(const course *c, size_t visit, const tally *t, bfl_response elsewhere,
                          bfl_reason_list *reasons) {
    const size_t *n = t->by_sign;
    if (t->known == 0)
        return conclude(c, t, reasons, BFL_RULE_MDA2004_NONE, BFL_RESPONSE_NONE, "no bone disease is known");
    if (n[BFL_SIGN_WORSE] > 0) return conclude(c, t, reasons, t->strongest.rule, BFL_RESPONSE_PD, t->strongest_id);
    if (n[BFL_SIGN_FLARE_LIKE] > 0) return apply_flare_clause(c, visit, t, elsewhere, reasons);
    if (n[BFL_SIGN_BETTER] > 0) return conclude(c, t, reasons, t->strongest.rule, BFL_RESPONSE_PR, t->strongest_id);
    if (n[BFL_SIGN_GONE] == t->known)
        return conclude(c, t, reasons, BFL_RULE_MDA2004_CR, BFL_RESPONSE_CR, "every known bone lesion is gone");
    if (n[BFL_SIGN_UNSEEN] == t->known)
        return conclude(c, t, reasons, BFL_RULE_MDA2004_NE, BFL_RESPONSE_NE,
                        "no study of this visit describes the bone");
    if (n[BFL_SIGN_GONE] > 0 && n[BFL_SIGN_SAME] > 0)
        return conclude(c, t, reasons, BFL_RULE_MDA2004_PR_REGRESSION, BFL_RESPONSE_PR,
                        "some lesions gone, the others unchanged");
    if (n[BFL_SIGN_SAME] > 0)
        return conclude(c, t, reasons, BFL_RULE_MDA2004_SD, BFL_RESPONSE_SD, "no change described");
    return conclude(c, t, reasons, BFL_RULE_MDA2004_NE, BFL_RESPONSE_NE,
                    "some bone lesions gone, the others not described");
}
