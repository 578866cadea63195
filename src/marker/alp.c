/* SPDX-License-Identifier: Apache-2.0 */
/* Is ALP raised, from where, and why: the facts around the rise, then each cause in turn, ranked by its support. */
#include "marker/alp.h"

#include <stdio.h>

/* ---- is it raised? ---- */

/* Above its range, or up beyond noise from the baseline. */
static bool raised_at(const bfl_course *alp, int i) {
    if (alp->points.items[i].above_range) return true;
    if (i <= alp->marker.baseline_index) return false;
    const bfl_marker_point *base = &alp->points.items[alp->marker.baseline_index];
    return bfl_noise_between(alp->noise, base, &alp->points.items[i]) == BFL_NOISE_UP;
}

/* The word after the last number, when it says that ALP is up; NULL otherwise. */
static const bfl_saying *raised_word(const bfl_course *alp) {
    if (!alp->sayings.count) return NULL;
    const bfl_saying *last = &alp->sayings.items[alp->sayings.count - 1];
    if (alp->points.count && last->day <= alp->points.items[alp->points.count - 1].day) return NULL;
    return last->word == BFL_LAB_HIGH || last->word == BFL_LAB_RISING ? last : NULL;
}

/* The last value when it is raised, else the highest raised one within the window before it; -1 when there is none. */
static int raised_point(const bfl_serum *serum, const bfl_course *alp) {
    int last = (int)alp->points.count - 1, best = -1;
    if (last < 0) return -1;
    if (raised_at(alp, last)) return last;
    int32_t window = bfl_rule_days(serum->rulebook, BFL_NUM_MARKER_ALP_RAISED__WINDOW_DAYS);
    for (int i = last - 1; i >= 0; i--) {
        const bfl_marker_point *point = &alp->points.items[i];
        if (alp->points.items[last].day - point->day > window || !raised_at(alp, i)) continue;
        if (best < 0 || bfl_decimal_compare(point->value, alp->points.items[best].value) > 0) best = i;
    }
    return best;
}

/* ---- the facts around the rise ---- */

static void find_therapy(bfl_alp *alp) {
    const bfl_therapy *therapy = bfl_record_therapy_on(alp->serum->record, alp->day);
    if (therapy && therapy->start.day >= alp->day) therapy = NULL; /* drawn before the first dose */
    alp->has_therapy = therapy != NULL;
    alp->start = therapy ? therapy->start.day : INT32_MIN;
    alp->base = -1;
    for (size_t i = 0; i < alp->course->points.count && therapy; i++)
        if (alp->course->points.items[i].day <= alp->start) alp->base = (int)i;
}

static void find_companions(bfl_alp *alp) {
    const bfl_serum *s = alp->serum;
    int32_t near = bfl_rule_days(s->rulebook, BFL_NUM_MARKER_ALP_NEAR__NEAR_DAYS);
    int32_t pair = bfl_rule_days(s->rulebook, BFL_NUM_MARKER_ALP_IMAGE__PAIR_DAYS);
    alp->alt = bfl_companion_of(s, "ALT", alp->day, near);
    alp->ast = bfl_companion_of(s, "AST", alp->day, near);
    alp->ggt = bfl_companion_of(s, "GGT", alp->day, near);
    alp->bilirubin = bfl_companion_of(s, "BIL", alp->day, near);
    alp->calcium = bfl_companion_of(s, "CA_CORR", alp->day, near);
    if (alp->calcium.level == BFL_LEVEL_UNKNOWN) alp->calcium = bfl_companion_of(s, "CA", alp->day, near);
    alp->balp = bfl_companion_of(s, "BALP", alp->day, pair);
    alp->ctx = bfl_companion_of(s, "CTX", alp->day, pair);
    alp->bone_isozyme = bfl_companion_of(s, "ALP_3_ACT", alp->day, near);
    bfl_companion canalicular = bfl_companion_of(s, "ALP_1_ACT", alp->day, near);
    alp->liver_isozyme = bfl_companion_of(s, "ALP_2_ACT", alp->day, near);
    if (alp->liver_isozyme.level != BFL_LEVEL_HIGH && canalicular.level == BFL_LEVEL_HIGH)
        alp->liver_isozyme = canalicular;
}

/* Rule marker.alp.bone_origin. Isozymes overrule GGT. */
static bool bone_origin(const bfl_alp *alp) {
    if (alp->bone_isozyme.level == BFL_LEVEL_HIGH || alp->balp.level == BFL_LEVEL_HIGH) return true;
    if (alp->bone_isozyme.level == BFL_LEVEL_NORMAL) return false;
    bool above = alp->point < 0 || alp->course->points.items[alp->point].above_range;
    return above && alp->ggt.level == BFL_LEVEL_NORMAL;
}

static void explain_origin(const bfl_alp *alp) {
    const bfl_companion *shown = alp->bone_isozyme.level == BFL_LEVEL_HIGH ? &alp->bone_isozyme
                                 : alp->balp.level == BFL_LEVEL_HIGH       ? &alp->balp
                                                                           : &alp->ggt;
    bfl_reason_add(alp->serum->arena, &alp->course->reasons,
                   bfl_rule_of(alp->serum->rulebook, BFL_RULE_MARKER_ALP_BONE_ORIGIN), &shown->events, "%s",
                   shown->text);
}

bool bfl_alp_extreme(const bfl_alp *alp) {
    if (alp->point < 0) return false;
    const bfl_marker_point *point = &alp->course->points.items[alp->point];
    bfl_decimal value = point->value;
    if (point->comparator == BFL_BELOW) return false;
    if (alp->course->scale) value = bfl_decimal_multiply(value, alp->course->scale->to_default);
    bfl_decimal bar = bfl_rule_number(alp->serum->rulebook, BFL_NUM_MARKER_ALP_MULTIPLE__EXTREME_U_L);
    return bfl_decimal_compare(value, bar) > 0;
}

/* ---- causes ---- */

enum { LONGEST_FINDING = 511 }; // lint: bytes of a sentence, nothing clinical

void bfl_cause_speak(const bfl_alp *alp, bfl_cause *cause, bfl_rule_index rule, bfl_number_index points,
                     const bfl_event_list *events, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const char *finding = bfl_arena_vprintf(alp->serum->arena, LONGEST_FINDING, format, args);
    va_end(args);
    bfl_decimal weight = bfl_rule_number(alp->serum->rulebook, points);
    bool against = bfl_decimal_compare(weight, bfl_decimal_of(0)) < 0;
    bfl_decimal *sum = against ? &cause->points_against : &cause->points_for;
    if (against) weight = bfl_decimal_subtract(bfl_decimal_of(0), weight);
    *sum = bfl_decimal_add(*sum, weight);
    bfl_reason_push(alp->serum->arena, against ? &cause->reasons_against : &cause->reasons_for,
                    bfl_rule_of(alp->serum->rulebook, rule), events, finding);
}

typedef struct cause_entry {
    const char *id;
    bfl_rule_index rule;
    void (*find)(const bfl_alp *alp, bfl_cause *cause);
} cause_entry;

static const cause_entry registry[] = {
    {"bone_healing", BFL_RULE_MARKER_CAUSE_BONE_HEALING, bfl_cause_bone_healing},
    {"bone_progression", BFL_RULE_MARKER_CAUSE_BONE_PROGRESSION, bfl_cause_bone_progression},
    {"hepatocellular", BFL_RULE_MARKER_CAUSE_HEPATOCELLULAR, bfl_cause_hepatocellular},
    {"cholestatic", BFL_RULE_MARKER_CAUSE_CHOLESTATIC, bfl_cause_cholestatic},
    {"liver_metastasis", BFL_RULE_MARKER_CAUSE_LIVER_METASTASIS, bfl_cause_liver_metastasis},
    {"paget", BFL_RULE_MARKER_CAUSE_PAGET, bfl_cause_paget},
    {"fracture", BFL_RULE_MARKER_CAUSE_FRACTURE, bfl_cause_fracture},
    {"tumour_isozyme", BFL_RULE_MARKER_CAUSE_TUMOUR_ISOZYME, bfl_cause_tumour_isozyme},
    {"sepsis", BFL_RULE_MARKER_CAUSE_SEPSIS, bfl_cause_sepsis},
    {"drug", BFL_RULE_MARKER_CAUSE_DRUG, bfl_cause_drug},
};

enum { CAUSE_COUNT = sizeof registry / sizeof *registry };

static bfl_alp_cause judge(const bfl_alp *alp, const cause_entry *entry) {
    const bfl_rulebook *rulebook = alp->serum->rulebook;
    bfl_cause cause = {.id = entry->id};
    entry->find(alp, &cause);
    bfl_decimal constant = bfl_rule_number(rulebook, BFL_NUM_MARKER_CAUSE_SUPPORT__CONSTANT_POINTS);
    bfl_decimal all = bfl_decimal_add(bfl_decimal_add(cause.points_for, cause.points_against), constant);
    bfl_decimal support = bfl_decimal_divide(cause.points_for, all, 2);
    bfl_decimal bar = bfl_rule_number(rulebook, BFL_NUM_MARKER_CAUSE_SUPPORT__BAR_FRACTION);
    return (bfl_alp_cause){.id = entry->id,
                           .name = bfl_rule_of(rulebook, entry->rule)->title,
                           .support = support,
                           .present = bfl_decimal_compare(support, bar) >= 0,
                           .reasons_for = cause.reasons_for.items,
                           .for_count = cause.reasons_for.count,
                           .reasons_against = cause.reasons_against.items,
                           .against_count = cause.reasons_against.count};
}

static int by_support(const void *a, const void *b, const void *context) {
    (void)context;
    const bfl_alp_cause *x = a, *y = b;
    if (x->present != y->present) return x->present ? -1 : 1;
    return bfl_decimal_compare(y->support, x->support);
}

static void rank_causes(const bfl_alp *alp, bfl_markers *out) {
    bfl_alp_cause *causes = BFL_NEW_ARRAY(alp->serum->arena, CAUSE_COUNT, bfl_alp_cause);
    for (size_t i = 0; i < CAUSE_COUNT; i++) causes[i] = judge(alp, &registry[i]);
    bfl_sort(alp->serum->arena, causes, CAUSE_COUNT, sizeof *causes, by_support, NULL);
    out->causes = causes;
    out->cause_count = CAUSE_COUNT;
}

static void explain_raised(const bfl_alp *alp) {
    const bfl_serum *s = alp->serum;
    const bfl_marker_point *point = alp->point < 0 ? NULL : &alp->course->points.items[alp->point];
    bfl_digits value, day;
    const char *finding = point
                              ? BFL_JOIN(s->arena, bfl_digits_decimal(&value, point->value, -1), BFL_TEXT(" on day "),
                                         bfl_digits_whole(&day, point->day),
                                         point->above_range ? BFL_TEXT(" is above its range")
                                                            : BFL_TEXT(" is up beyond noise from baseline"))
                              : BFL_JOIN(s->arena, BFL_TEXT("said to be up on day "), bfl_digits_whole(&day, alp->day));
    bfl_reason_push(s->arena, &alp->course->reasons, bfl_rule_of(s->rulebook, BFL_RULE_MARKER_ALP_RAISED), &alp->event,
                    finding);
}

/* ---- calcium that bone takes up ---- */

static void note_calcium(bfl_serum *serum, const bfl_course *alp) {
    bfl_course *calcium = bfl_course_find(serum, "CA_CORR");
    if (!calcium) calcium = bfl_course_find(serum, "CA");
    for (size_t i = 0; calcium && i < calcium->points.count; i++) {
        const bfl_marker_point *point = &calcium->points.items[i];
        const bfl_therapy *therapy = bfl_record_therapy_on(serum->record, point->day);
        if (!point->below_range || !therapy || point->day <= therapy->start.day) continue;
        bfl_images images = bfl_images_around(serum, point->day, therapy->start.day);
        bfl_shape shape = alp ? alp->marker.shape : BFL_SHAPE_UNKNOWN;
        bool turnover = shape == BFL_SHAPE_FALLING || shape == BFL_SHAPE_RISE_THEN_FALL;
        if (!bfl_seen(&images.bone_denser) && !(turnover && bfl_seen(&images.bone_known))) continue;
        bfl_course_reason(
            serum, calcium, BFL_RULE_MARKER_CALCIUM_HEALING, point->event,
            bfl_arena_printf(serum->arena, "%s is below its range", bfl_point_text(serum, calcium, point)));
    }
}

/* Fills the facts; false when ALP is not raised. */
static bool find_rise(bfl_alp *alp) {
    const bfl_saying *word = raised_word(alp->course);
    alp->point = word ? -1 : raised_point(alp->serum, alp->course);
    if (!word && alp->point < 0) return false;
    bfl_event_ref event =
        word ? (bfl_event_ref){BFL_EVENT_LAB, word->lab} : alp->course->points.items[alp->point].event;
    bfl_event_add(alp->serum->arena, &alp->event, event.kind, event.index);
    alp->day = word ? word->day : alp->course->points.items[alp->point].day;
    find_therapy(alp);
    find_companions(alp);
    alp->images = bfl_images_around(alp->serum, alp->day, alp->start);
    alp->bone_shown = bone_origin(alp);
    return true;
}

void bfl_alp_assess(bfl_serum *serum, bfl_markers *out) {
    bfl_course *course = bfl_course_find(serum, "ALP");
    note_calcium(serum, course);
    if (!course) return;
    bfl_alp *alp = BFL_NEW(serum->arena, bfl_alp);
    alp->serum = serum;
    alp->course = course;
    if (!find_rise(alp)) return;
    out->alp_raised = true;
    out->alp_bone = alp->bone_shown;
    explain_raised(alp);
    if (alp->bone_shown) explain_origin(alp);
    rank_causes(alp, out);
}
