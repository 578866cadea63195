/* SPDX-License-Identifier: Apache-2.0 */
/* Courses computed from two others of the same day: isozyme activities, salivary amylase, calcium corrected for albumin. */
#include "marker/course.h"

#include <string.h>

static int find_day(const bfl_course *course, int32_t day) {
    for (size_t i = 0; i < course->points.count; i++)
        if (course->points.items[i].day == day) return (int)i;
    return -1;
}

/* The exact point of that day; NULL when there is none or only a bound. */
static const bfl_marker_point *exact_on(const bfl_course *course, int32_t day) {
    int at = course ? find_day(course, day) : -1;
    if (at < 0 || course->points.items[at].comparator != BFL_EXACTLY) return NULL;
    return &course->points.items[at];
}

static void explain(bfl_serum *serum, bfl_course *course, bfl_rule_index rule, const bfl_marker_point *a,
                    const bfl_marker_point *b, const char *finding) {
    bfl_event_list events = {0};
    bfl_event_add(serum->arena, &events, a->event.kind, a->event.index);
    bfl_event_add(serum->arena, &events, b->event.kind, b->event.index);
    bfl_reason_add(serum->arena, &course->reasons, bfl_rule_of(serum->rulebook, rule), &events, "%s", finding);
}

static bfl_maybe none(void) { return (bfl_maybe){{0, 0}, false}; }

static bfl_maybe share_of(bfl_maybe limit, bfl_maybe percent, int places) {
    if (!limit.present || !percent.present) return none();
    return bfl_some(bfl_decimal_divide(bfl_decimal_multiply(limit.value, percent.value), bfl_decimal_of(100), places));
}

/* ---- isozymes ---- */

/* Activity of one fraction, in whole units: a fraction printed with three digits does not support more. */
static void add_activity(bfl_serum *serum, bfl_course *activity, const bfl_course *total, const bfl_course *fraction,
                         bfl_maybe usual_percent) {
    for (size_t i = 0; i < fraction->points.count; i++) {
        const bfl_marker_point *part = &fraction->points.items[i];
        const bfl_marker_point *whole = exact_on(total, part->day);
        if (!whole || part->comparator != BFL_EXACTLY) continue;
        bfl_decimal value = share_of(bfl_some(whole->value), bfl_some(part->value), 0).value;
        bfl_value_range limits = {none(),
                                  share_of(total->limits.items[find_day(total, part->day)].high, usual_percent, 1)};
        explain(serum, activity, BFL_RULE_MARKER_ISOZYME_ACTIVITY, whole, part,
                bfl_arena_printf(serum->arena, "day %d: %s %% of %s = %s %s", part->day,
                                 bfl_decimal_z(serum->arena, part->value, -1),
                                 bfl_decimal_z(serum->arena, whole->value, -1), bfl_decimal_z(serum->arena, value, 0),
                                 activity->analyte->units[0].text));
        if (limits.high.present)
            explain(serum, activity, BFL_RULE_MARKER_ISOZYME_USUAL_SHARE, whole, part,
                    bfl_arena_printf(serum->arena, "usual up to %s %% of the total's limit = %s",
                                     bfl_decimal_z(serum->arena, usual_percent.value, -1),
                                     bfl_decimal_z(serum->arena, limits.high.value, 1)));
        bfl_course_add(serum, activity,
                       &(bfl_marker_point){.day = part->day, .value = value, .derived = true, .event = whole->event},
                       &limits);
    }
}

/* "marker.isozyme.usual_share" has one percentage for each fraction, named after its analyte. */
static bfl_maybe usual_percent(const bfl_serum *serum, const bfl_analyte *fraction) {
    const bfl_rule *rule = bfl_rule_of(serum->rulebook, BFL_RULE_MARKER_ISOZYME_USUAL_SHARE);
    const char *key = bfl_text_lower(serum->arena, bfl_text_of(fraction->id));
    return bfl_rule_value(rule, bfl_arena_printf(serum->arena, "%s_percent", key));
}

/* ALP_3 (per cent) -> ALP_3_ACT; AMY_S_PCT -> AMY_S. NULL when the terms name no such activity. */
static const bfl_analyte *activity_of(const bfl_serum *serum, const bfl_analyte *fraction) {
    bfl_text id = bfl_text_of(fraction->id), suffix = BFL_TEXT("_PCT");
    if (id.size > suffix.size && bfl_text_equal((bfl_text){id.data + id.size - suffix.size, suffix.size}, suffix))
        return bfl_analyte_find((bfl_text){id.data, id.size - suffix.size});
    return bfl_analyte_find(bfl_text_of(bfl_arena_printf(serum->arena, "%s_ACT", fraction->id)));
}

static void derive_activities(bfl_serum *serum, size_t gathered) {
    for (size_t i = 0; i < gathered; i++) {
        bfl_course fraction = serum->courses.items[i]; /* a copy: the list grows below */
        if (fraction.analyte->kind != BFL_ANALYTE_FRACTION || !*fraction.analyte->part_of) continue;
        const bfl_course *total = bfl_course_find(serum, fraction.analyte->part_of);
        const bfl_analyte *analyte = activity_of(serum, fraction.analyte);
        if (!total || !analyte || bfl_course_find(serum, analyte->id)) continue;
        bfl_course activity = {.analyte = analyte};
        add_activity(serum, &activity, total, &fraction, usual_percent(serum, fraction.analyte));
        if (activity.points.count) *BFL_PUSH(serum->arena, &serum->courses) = activity;
    }
}

/* ---- salivary amylase ---- */

static void add_salivary(bfl_serum *serum, bfl_course *salivary, const bfl_marker_point *total,
                         const bfl_marker_point *pancreatic) {
    if (bfl_decimal_is_zero(total->value) || bfl_decimal_compare(pancreatic->value, total->value) > 0) return;
    bfl_decimal value = bfl_decimal_subtract(total->value, pancreatic->value);
    bfl_decimal share = bfl_decimal_divide(bfl_decimal_multiply(value, bfl_decimal_of(100)), total->value, 0);
    explain(serum, salivary, BFL_RULE_MARKER_AMYLASE_SALIVARY, total, pancreatic,
            bfl_arena_printf(serum->arena, "day %d: %s - %s = %s %s, %s %% of the total", total->day,
                             bfl_decimal_z(serum->arena, total->value, -1),
                             bfl_decimal_z(serum->arena, pancreatic->value, -1), bfl_decimal_z(serum->arena, value, -1),
                             salivary->analyte->units[0].text, bfl_decimal_z(serum->arena, share, 0)));
    bfl_course_add(serum, salivary,
                   &(bfl_marker_point){.day = total->day, .value = value, .derived = true, .event = total->event},
                   &(bfl_value_range){none(), none()});
}

static void derive_salivary(bfl_serum *serum) {
    const bfl_course *total = bfl_course_find(serum, "AMY"), *pancreatic = bfl_course_find(serum, "AMY_P");
    if (!total || !pancreatic) return;
    const bfl_analyte *analyte = bfl_analyte_find(BFL_TEXT("AMY_S"));
    if (!analyte || bfl_course_find(serum, analyte->id)) return;
    bfl_course salivary = {.analyte = analyte};
    for (size_t i = 0; i < pancreatic->points.count; i++) {
        const bfl_marker_point *part = &pancreatic->points.items[i];
        const bfl_marker_point *whole = exact_on(total, part->day);
        if (whole && part->comparator == BFL_EXACTLY) add_salivary(serum, &salivary, whole, part);
    }
    if (salivary.points.count) *BFL_PUSH(serum->arena, &serum->courses) = salivary;
}

/* ---- corrected calcium ---- */

/* The factor that brings `unit` to the canonical unit of the analyte. */
static bfl_decimal factor_of(const bfl_analyte *analyte, const char *unit) {
    const bfl_unit *known = bfl_analyte_unit(analyte, bfl_text_of(unit));
    return known ? known->factor : bfl_decimal_of(1);
}

/* Ca + slope * (40 g/L - albumin), Payne 1973, in the canonical unit of calcium and rounded to its hundredth. */
static bfl_decimal corrected(bfl_serum *serum, const bfl_course *calcium, const bfl_marker_point *ca,
                             const bfl_course *albumin, const bfl_marker_point *alb) {
    bfl_decimal slope = bfl_rule_number(serum->rulebook, BFL_NUM_MARKER_CALCIUM_CORRECTED__PER_G_L_MMOL_L);
    bfl_decimal usual = bfl_rule_number(serum->rulebook, BFL_NUM_MARKER_CALCIUM_CORRECTED__ALBUMIN_G_L);
    bfl_decimal gram = factor_of(albumin->analyte, "g/L"), mmol = factor_of(calcium->analyte, "mmol/L");
    bfl_decimal missing = bfl_decimal_subtract(bfl_decimal_multiply(usual, gram), alb->value); /* canonical */
    bfl_decimal added = bfl_decimal_multiply(bfl_decimal_multiply(missing, slope), mmol);
    /* The one division stands last. */
    return bfl_decimal_add(ca->value, bfl_decimal_divide(added, gram, 2));
}

static void derive_calcium(bfl_serum *serum) {
    const bfl_course *calcium = bfl_course_find(serum, "CA"), *albumin = bfl_course_find(serum, "ALB");
    if (!calcium || !albumin) return;
    const bfl_analyte *analyte = bfl_analyte_find(BFL_TEXT("CA_CORR"));
    if (!analyte || bfl_course_find(serum, analyte->id)) return;
    bfl_course result = {.analyte = analyte};
    for (size_t i = 0; i < calcium->points.count; i++) {
        const bfl_marker_point *ca = &calcium->points.items[i], *alb = exact_on(albumin, ca->day);
        if (!alb || ca->comparator != BFL_EXACTLY) continue;
        bfl_decimal value = corrected(serum, calcium, ca, albumin, alb);
        explain(serum, &result, BFL_RULE_MARKER_CALCIUM_CORRECTED, ca, alb,
                bfl_arena_printf(serum->arena, "day %d: %s with albumin %s %s = %s %s", ca->day,
                                 bfl_decimal_z(serum->arena, ca->value, 2), bfl_decimal_z(serum->arena, alb->value, -1),
                                 albumin->analyte->units[0].text, bfl_decimal_z(serum->arena, value, 2),
                                 analyte->units[0].text));
        bfl_course_add(serum, &result,
                       &(bfl_marker_point){.day = ca->day, .value = value, .derived = true, .event = ca->event},
                       &calcium->limits.items[i]);
    }
    if (result.points.count) *BFL_PUSH(serum->arena, &serum->courses) = result;
}

static int by_id(const void *a, const void *b, const void *context) {
    (void)context;
    return strcmp(((const bfl_course *)a)->analyte->id, ((const bfl_course *)b)->analyte->id);
}

/* Gathered courses stand by id already. */
void bfl_courses_derive(bfl_serum *serum) {
    size_t gathered = serum->courses.count;
    derive_activities(serum, gathered);
    derive_salivary(serum);
    derive_calcium(serum);
    if (serum->courses.count == gathered) return;
    bfl_sort(serum->arena, serum->courses.items, serum->courses.count, sizeof *serum->courses.items, by_id, NULL);
}
