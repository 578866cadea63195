/* SPDX-License-Identifier: Apache-2.0 */
/* Liver as the source: leaking cells, bile that does not flow, metastases, and drugs behind the first two. */
#include "marker/alp.h"

static bfl_decimal multiple(const bfl_alp *alp, bfl_number_index number) {
    return bfl_rule_number(alp->serum->rulebook, number);
}

static bool liver_isozyme_raised(const bfl_alp *alp) { return alp->liver_isozyme.level == BFL_LEVEL_HIGH; }

/* The higher of ALT and AST, as multiple of its limit. */
static const bfl_companion *higher_transaminase(const bfl_alp *alp) {
    if (!alp->alt.x_uln.present) return &alp->ast;
    return bfl_companion_reaches(&alp->ast, alp->alt.x_uln.value) ? &alp->ast : &alp->alt;
}

/* R value, only while ALP is not shown to come from bone (rule marker.alp.r_value). */
static bfl_maybe r_value(const bfl_alp *alp) {
    bfl_maybe none = {{0, 0}, false};
    if (alp->bone_shown || alp->point < 0) return none;
    bfl_maybe alp_x_uln = alp->course->points.items[alp->point].x_uln;
    if (!alp->alt.x_uln.present || !alp_x_uln.present || bfl_decimal_is_zero(alp_x_uln.value)) return none;
    return bfl_some(bfl_decimal_divide(alp->alt.x_uln.value, alp_x_uln.value, 2));
}

/* ---- hepatocellular ---- */

static bool rose_since_baseline(const bfl_alp *alp, const char *analyte_id, const bfl_companion *now) {
    const bfl_course *course = bfl_course_find(alp->serum, analyte_id);
    if (!course || now->level != BFL_LEVEL_HIGH || !course->points.count || !now->events.count) return false;
    const bfl_marker_point *base = &course->points.items[course->marker.baseline_index];
    for (size_t i = 0; i < course->points.count; i++)
        if (course->points.items[i].event.index == now->events.items[0].index && &course->points.items[i] > base)
            return bfl_noise_between(course->noise, base, &course->points.items[i]) == BFL_NOISE_UP;
    return false;
}

void bfl_cause_hepatocellular(const bfl_alp *alp, bfl_cause *cause) {
    const bfl_companion *top = higher_transaminase(alp);
    bool high = alp->alt.level == BFL_LEVEL_HIGH || alp->ast.level == BFL_LEVEL_HIGH;
    bool known = alp->alt.level != BFL_LEVEL_UNKNOWN || alp->ast.level != BFL_LEVEL_UNKNOWN;
    if (high && bfl_companion_reaches(top, multiple(alp, BFL_NUM_MARKER_ALP_MULTIPLE__TRANSAMINASE_X_ULN)))
        BFL_SPEAK(alp, cause, HEPATOCELLULAR_TRANSAMINASES_MARKED, &top->events, "%s", top->text);
    else if (high)
        BFL_SPEAK(alp, cause, HEPATOCELLULAR_TRANSAMINASES_RAISED, &top->events, "%s", top->text);
    else if (known)
        BFL_SPEAK(alp, cause, HEPATOCELLULAR_TRANSAMINASES_NORMAL, &top->events, "%s", top->text);
    if (rose_since_baseline(alp, "ALT", &alp->alt))
        BFL_SPEAK(alp, cause, HEPATOCELLULAR_TRANSAMINASES_ROSE, &alp->alt.events, "ALT up beyond noise from baseline");
    else if (rose_since_baseline(alp, "AST", &alp->ast))
        BFL_SPEAK(alp, cause, HEPATOCELLULAR_TRANSAMINASES_ROSE, &alp->ast.events, "AST up beyond noise from baseline");
    if (liver_isozyme_raised(alp))
        BFL_SPEAK(alp, cause, HEPATOCELLULAR_LIVER_ISOZYME, &alp->liver_isozyme.events, "%s", alp->liver_isozyme.text);
    bfl_maybe r = r_value(alp);
    if (r.present && bfl_decimal_compare(r.value, multiple(alp, BFL_NUM_MARKER_ALP_R_VALUE__HEPATOCELLULAR_RATIO)) >= 0)
        BFL_SPEAK(alp, cause, HEPATOCELLULAR_R_HIGH, &alp->alt.events, "R %s",
                  bfl_decimal_z(alp->serum->arena, r.value, 1));
}

/* ---- cholestatic ---- */

static void cholestatic_serum(const bfl_alp *alp, bfl_cause *cause) {
    const bfl_companion *ggt = &alp->ggt, *bil = &alp->bilirubin;
    if (ggt->level == BFL_LEVEL_HIGH &&
        bfl_companion_reaches(ggt, multiple(alp, BFL_NUM_MARKER_ALP_MULTIPLE__GGT_X_ULN)))
        BFL_SPEAK(alp, cause, CHOLESTATIC_GGT_MARKED, &ggt->events, "%s", ggt->text);
    else if (ggt->level == BFL_LEVEL_HIGH)
        BFL_SPEAK(alp, cause, CHOLESTATIC_GGT_RAISED, &ggt->events, "%s", ggt->text);
    else if (ggt->level != BFL_LEVEL_UNKNOWN)
        BFL_SPEAK(alp, cause, CHOLESTATIC_GGT_NORMAL, &ggt->events, "%s", ggt->text);
    if (bil->level == BFL_LEVEL_HIGH &&
        bfl_companion_reaches(bil, multiple(alp, BFL_NUM_MARKER_ALP_MULTIPLE__BILIRUBIN_X_ULN)))
        BFL_SPEAK(alp, cause, CHOLESTATIC_BILIRUBIN_MARKED, &bil->events, "%s", bil->text);
    else if (bil->level == BFL_LEVEL_HIGH)
        BFL_SPEAK(alp, cause, CHOLESTATIC_BILIRUBIN_RAISED, &bil->events, "%s", bil->text);
    else if (bil->level != BFL_LEVEL_UNKNOWN)
        BFL_SPEAK(alp, cause, CHOLESTATIC_BILIRUBIN_NORMAL, &bil->events, "%s", bil->text);
}

static void cholestatic_alp(const bfl_alp *alp, bfl_cause *cause) {
    bfl_maybe r = r_value(alp);
    if (r.present && bfl_decimal_compare(r.value, multiple(alp, BFL_NUM_MARKER_ALP_R_VALUE__CHOLESTATIC_RATIO)) <= 0)
        BFL_SPEAK(alp, cause, CHOLESTATIC_R_LOW, &alp->alt.events, "R %s",
                  bfl_decimal_z(alp->serum->arena, r.value, 1));
    if (liver_isozyme_raised(alp))
        BFL_SPEAK(alp, cause, CHOLESTATIC_LIVER_ISOZYME, &alp->liver_isozyme.events, "%s", alp->liver_isozyme.text);
    else if (alp->bone_isozyme.level == BFL_LEVEL_HIGH && alp->liver_isozyme.level != BFL_LEVEL_UNKNOWN)
        BFL_SPEAK(alp, cause, CHOLESTATIC_BONE_ISOZYME_ONLY, &alp->bone_isozyme.events, "%s", alp->bone_isozyme.text);
    if (bfl_alp_extreme(alp) && !alp->bone_shown)
        BFL_SPEAK(alp, cause, CHOLESTATIC_EXTREME, &alp->event, "on day %d", alp->day);
}

void bfl_cause_cholestatic(const bfl_alp *alp, bfl_cause *cause) {
    cholestatic_serum(alp, cause);
    cholestatic_alp(alp, cause);
    bfl_event_list jaundice = {0};
    if (bfl_stated_around(alp, "jaundice", &jaundice) == BFL_SAID_YES)
        BFL_SPEAK(alp, cause, CHOLESTATIC_JAUNDICE, &jaundice, "jaundice recorded");
    bfl_event_list drug = {0};
    bool pattern = alp->ggt.level == BFL_LEVEL_HIGH || alp->bilirubin.level == BFL_LEVEL_HIGH;
    if (pattern && bfl_suspect_drug(alp, "ici", &drug))
        BFL_SPEAK(alp, cause, CHOLESTATIC_CHECKPOINT_INHIBITOR, &drug, "given before the rise");
}

/* ---- liver metastasis ---- */

void bfl_cause_liver_metastasis(const bfl_alp *alp, bfl_cause *cause) {
    const bfl_images *im = &alp->images;
    if (bfl_seen(&im->liver_known))
        BFL_SPEAK(alp, cause, LIVER_METASTASIS_LIVER_KNOWN, &im->liver_known.events, "liver lesions described");
    else if (bfl_seen(&im->liver_clear))
        BFL_SPEAK(alp, cause, LIVER_METASTASIS_LIVER_ABSENT, &im->liver_clear.events, "liver clear on day %d",
                  im->liver_clear.day);
    if (bfl_seen(&im->liver_growing))
        BFL_SPEAK(alp, cause, LIVER_METASTASIS_LIVER_GROWING, &im->liver_growing.events, "on day %d",
                  im->liver_growing.day);
    else if (bfl_seen(&im->liver_shrinking))
        BFL_SPEAK(alp, cause, LIVER_METASTASIS_LIVER_SHRINKING, &im->liver_shrinking.events, "on day %d",
                  im->liver_shrinking.day);
    if (alp->ggt.level == BFL_LEVEL_HIGH)
        BFL_SPEAK(alp, cause, LIVER_METASTASIS_GGT_RAISED, &alp->ggt.events, "%s", alp->ggt.text);
    else if (alp->ggt.level != BFL_LEVEL_UNKNOWN)
        BFL_SPEAK(alp, cause, LIVER_METASTASIS_GGT_NORMAL, &alp->ggt.events, "%s", alp->ggt.text);
}

/* ---- drug ---- */

/* Up beyond noise and above its range after `start`, against the last value from before it. */
static bool rose_after(const bfl_alp *alp, const char *analyte_id, int32_t start, bfl_event_list *events) {
    const bfl_course *course = bfl_course_find(alp->serum, analyte_id);
    const bfl_marker_point *base = NULL;
    for (size_t i = 0; course && i < course->points.count; i++) {
        const bfl_marker_point *point = &course->points.items[i];
        if (point->day <= start) {
            base = point;
            continue;
        }
        if (!base || !point->above_range || point->day > alp->day) continue;
        if (bfl_noise_between(course->noise, base, point) != BFL_NOISE_UP) continue;
        bfl_event_add(alp->serum->arena, events, point->event.kind, point->event.index);
        return true;
    }
    return false;
}

static bool any_rose_after(const bfl_alp *alp, int32_t start, bfl_event_list *events) {
    static const char *const tests[] = {"ALT", "AST", "GGT", "BIL"};
    bool rose = false;
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        if (rose_after(alp, tests[i], start, events)) rose = true;
    return rose;
}

/* Every liver test drawn at the time is normal, and at least one was drawn. */
static bool liver_tests_normal(const bfl_alp *alp, bfl_event_list *events) {
    const bfl_companion *tests[] = {&alp->alt, &alp->ast, &alp->ggt, &alp->bilirubin};
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        if (tests[i]->level == BFL_LEVEL_HIGH) return false;
        for (size_t k = 0; k < tests[i]->events.count; k++)
            bfl_event_add(alp->serum->arena, events, tests[i]->events.items[k].kind, tests[i]->events.items[k].index);
    }
    return events->count > 0;
}

/* ALP before the drug was no lower, as far as noise lets one tell. */
static bool as_high_before(const bfl_alp *alp, int32_t start) {
    const bfl_course *course = alp->course;
    int before = -1;
    for (size_t i = 0; i < course->points.count; i++)
        if (course->points.items[i].day <= start) before = (int)i;
    if (before < 0 || alp->point <= before || !course->points.items[before].above_range) return false;
    bfl_noise noise =
        bfl_noise_between(course->noise, &course->points.items[before], &course->points.items[alp->point]);
    return noise == BFL_NOISE_WITHIN || noise == BFL_NOISE_DOWN;
}

static bool fell_after_stop(const bfl_alp *alp, const bfl_therapy *drug) {
    const bfl_course *course = alp->course;
    int at_stop = -1;
    if (!drug->stop.known) return false;
    for (size_t i = 0; i < course->points.count; i++) {
        if (course->points.items[i].day <= drug->stop.day)
            at_stop = (int)i;
        else if (at_stop >= 0 && bfl_noise_between(course->noise, &course->points.items[at_stop],
                                                   &course->points.items[i]) == BFL_NOISE_DOWN)
            return true;
    }
    return false;
}

void bfl_cause_drug(const bfl_alp *alp, bfl_cause *cause) {
    bfl_event_list given = {0}, rose = {0}, normal = {0};
    const bfl_therapy *drug = bfl_suspect_drug(alp, "", &given);
    if (!drug) return;
    BFL_SPEAK(alp, cause, DRUG_EXPOSURE, &given, "%s from day %d", drug->drug, drug->start.day);
    if (any_rose_after(alp, drug->start.day, &rose))
        BFL_SPEAK(alp, cause, DRUG_ROSE_UNDER_DRUG, &rose, "up after %s was started", drug->drug);
    bfl_event_list ici = {0};
    bool pattern = alp->ggt.level == BFL_LEVEL_HIGH || alp->bilirubin.level == BFL_LEVEL_HIGH;
    if (pattern && bfl_suspect_drug(alp, "ici", &ici))
        BFL_SPEAK(alp, cause, DRUG_ICI_CHOLANGITIS, &ici, "%s",
                  alp->ggt.level == BFL_LEVEL_HIGH ? alp->ggt.text : alp->bilirubin.text);
    if (fell_after_stop(alp, drug))
        BFL_SPEAK(alp, cause, DRUG_FELL_AFTER_STOP, &given, "%s stopped on day %d", drug->drug, drug->stop.day);
    if (liver_tests_normal(alp, &normal))
        BFL_SPEAK(alp, cause, DRUG_LIVER_TESTS_NORMAL, &normal, "every liver test of that time");
    if (as_high_before(alp, drug->start.day))
        BFL_SPEAK(alp, cause, DRUG_BEFORE_DRUG, &alp->event, "raised before %s", drug->drug);
}
