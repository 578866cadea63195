/* SPDX-License-Identifier: Apache-2.0 */
/* MDA bone response, visit by visit. Hamaoka 2004; the flare clause decides what new sclerosis and higher uptake mean. */
#include "criteria/mda/mda.h"
#include "criteria/mda/sign.h"
#include "criteria/study.h"

#include <string.h>

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
    const size_t
        *shown; /* of each lesion: the first visit by which a study shows it, if it is in bone; else SIZE_MAX */
    size_t bone_count;
    bfl_response said; /* last, */
    const char *of;    /* with which finding, */
    const char *as;    /* in which words; NULL: nothing yet */
} course;

static void find_shown(course *c);
static tally look_at_visit(const course *c, size_t visit);
static bfl_response judge(course *c, size_t visit, const tally *t, bfl_response elsewhere, bfl_reason_list *reasons);

const bfl_criterion_visit *bfl_mda_assess(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                          const bfl_visits *visits, const bfl_criterion_visit *elsewhere) {
    course c = {.arena = arena, .record = record, .rulebook = rulebook, .visits = visits};
    find_shown(&c);
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

static size_t first_shown(const course *c, const bfl_tracked *lesion) {
    for (size_t i = 0; i < c->visits->count; i++) {
        const bfl_visit *visit = &c->visits->items[i];
        bfl_rows rows = i == 0 ? bfl_visits_until(lesion, visit) : bfl_visits_rows(lesion, visit);
        for (size_t k = 0; k < rows.count; k++)
            if (bfl_study_present(&c->record->lesions[rows.items[k]])) return i;
    }
    return SIZE_MAX;
}

static void find_shown(course *c) {
    size_t *shown = BFL_NEW_ARRAY(c->arena, c->visits->lesion_count, size_t);
    for (size_t i = 0; i < c->visits->lesion_count; i++) {
        bool bone = c->visits->lesions[i].organ == BFL_ORGAN_BONE;
        shown[i] = bone ? first_shown(c, &c->visits->lesions[i]) : SIZE_MAX;
        c->bone_count += bone;
    }
    c->shown = shown;
}

static tally look_at_visit(const course *c, size_t visit) {
    tally t = {.strongest_id = "", .flare_id = "", .all_unchanged = true};
    t.events = bfl_events_for(c->arena, c->bone_count);
    for (size_t i = 0; i < c->visits->lesion_count; i++) {
        const bfl_tracked *lesion = &c->visits->lesions[i];
        if (c->shown[i] > visit) continue;
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

/* Mostly in the words of the visit before. */
static bfl_response conclude(course *c, const tally *t, bfl_reason_list *reasons, bfl_rule_index rule,
                             bfl_response response, const char *finding) {
    if (!c->as || c->said != response || strcmp(c->of, finding) != 0) {
        c->said = response;
        c->of = finding;
        c->as = BFL_FINDING(c->arena, bfl_text_of(bfl_response_word(response)), BFL_TEXT(": "), bfl_text_of(finding));
    }
    bfl_reason_push(c->arena, reasons, bfl_rule_of(c->rulebook, rule), &t->events, c->as);
    return response;
}

/* Words outside bone that speak for response when no response could be computed: something smaller, nothing worse. */
static bool words_elsewhere_respond(const course *c, size_t visit) {
    const bfl_visit *v = &c->visits->items[visit];
    bool smaller = false;
    for (size_t i = v->from; i < v->to; i++) {
        const bfl_lesion *row = &c->record->lesions[i];
        if (row->organ == BFL_ORGAN_BONE) continue;
        bool worse = row->state == BFL_LESION_PROGRESSED || row->role == BFL_ROLE_NEW ||
                     (row->changes & (BFL_CHANGE_LARGER | BFL_CHANGE_MORE));
        if (worse && !bfl_study_absent(row)) return false;
        smaller |= (row->changes & BFL_CHANGE_SMALLER) != 0;
    }
    return smaller;
}

/* Activity that may be flare: response elsewhere makes it healing, progression elsewhere progression, else it stays open. */
static bfl_response apply_flare_clause(course *c, size_t visit, const tally *t, bfl_response elsewhere,
                                       bfl_reason_list *reasons) {
    const char *said =
        BFL_JOIN(c->arena, BFL_TEXT("'"), bfl_text_of(t->flare_id), BFL_TEXT("' looks more active, outside bone "),
                 bfl_text_of(bfl_response_word(elsewhere)));
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

static bfl_response judge(course *c, size_t visit, const tally *t, bfl_response elsewhere, bfl_reason_list *reasons) {
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
