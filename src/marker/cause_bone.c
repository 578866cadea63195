/* SPDX-License-Identifier: Apache-2.0 */
/* Bone as the source: does it heal, or does the tumour grow in it? Most findings speak on both, with other points. */
#include "marker/alp.h"

#include <string.h>

/* ---- the course against the therapy ---- */

static int32_t early_from(const bfl_alp *alp) {
    return bfl_rule_days(alp->serum->rulebook, BFL_NUM_MARKER_ALP_TIME__EARLY_DAYS_FROM);
}

static int32_t early_to(const bfl_alp *alp) {
    return bfl_rule_days(alp->serum->rulebook, BFL_NUM_MARKER_ALP_TIME__EARLY_DAYS_TO);
}

static bool in_early_window(const bfl_alp *alp, int32_t day) {
    return alp->has_therapy && day - alp->start >= early_from(alp) && day - alp->start <= early_to(alp);
}

static bool up_from_base(const bfl_alp *alp, size_t i) {
    const bfl_course *course = alp->course;
    if (alp->base < 0 || (int)i <= alp->base) return false;
    return bfl_noise_between(course->noise, &course->points.items[alp->base], &course->points.items[i]) == BFL_NOISE_UP;
}

/* First value in weeks 1 to 8 that is up beyond noise from before therapy; -1 when there is none. */
static int early_rise(const bfl_alp *alp) {
    for (size_t i = (size_t)(alp->base + 1); alp->base >= 0 && i < alp->course->points.count; i++)
        if (in_early_window(alp, alp->course->points.items[i].day) && up_from_base(alp, i)) return (int)i;
    return -1;
}

static bool early_rise_said(const bfl_alp *alp) {
    for (size_t i = 0; i < alp->course->sayings.count; i++) {
        const bfl_saying *saying = &alp->course->sayings.items[i];
        if (saying->word == BFL_LAB_RISING && in_early_window(alp, saying->day)) return true;
    }
    return false;
}

/* Raised in weeks 1 to 8 while nothing is known from before. */
static bool early_raised(const bfl_alp *alp) { return alp->base < 0 && in_early_window(alp, alp->day); }

static bool late_rise(const bfl_alp *alp) {
    const bfl_marker *m = &alp->course->marker;
    bool up = m->shape == BFL_SHAPE_RISING || m->shape == BFL_SHAPE_FALL_THEN_RISE;
    if (!alp->has_therapy || !up) return false;
    int32_t late = bfl_rule_days(alp->serum->rulebook, BFL_NUM_MARKER_ALP_TIME__LATE_DAYS);
    bfl_decimal begin = bfl_decimal_of((int64_t)alp->start + late);
    if (alp->point < 0) return (int64_t)alp->day > (int64_t)alp->start + late;
    return m->onset_day.present && bfl_decimal_compare(m->onset_day.value, begin) > 0;
}

static bool rose_early_and_fell(const bfl_alp *alp) {
    bool rose = early_rise(alp) >= 0 || early_rise_said(alp);
    return rose && alp->course->marker.shape == BFL_SHAPE_RISE_THEN_FALL;
}

/* Below the value from before therapy, or last said to fall. */
static bool falling(const bfl_alp *alp) {
    const bfl_course *course = alp->course;
    int last = (int)course->points.count - 1;
    if (!alp->has_therapy) return false;
    if (course->marker.shape == BFL_SHAPE_FALLING) return true;
    if (alp->base < 0 || last <= alp->base) return false;
    return bfl_noise_between(course->noise, &course->points.items[alp->base], &course->points.items[last]) ==
           BFL_NOISE_DOWN;
}

/* ---- ALP at the time of a worse scan (Jung 2022) ---- */

/* The ALP value nearest to the worse scan, after therapy began; -1 when none is close enough. */
static int point_at_worse_scan(const bfl_alp *alp) {
    int32_t nearest = bfl_rule_days(alp->serum->rulebook, BFL_NUM_MARKER_ALP_IMAGE__PAIR_DAYS) + 1;
    int found = -1;
    for (size_t i = 0; i < alp->course->points.count; i++) {
        int32_t apart = bfl_days_apart(alp->course->points.items[i].day, alp->images.bone_worse.day);
        if ((int)i <= alp->base || apart >= nearest) continue;
        nearest = apart;
        found = (int)i;
    }
    return found;
}

static bfl_noise noise_at_worse_scan(const bfl_alp *alp) {
    if (!bfl_seen(&alp->images.bone_worse) || alp->base < 0) return BFL_NOISE_UNKNOWN;
    int at = point_at_worse_scan(alp);
    if (at < 0) return BFL_NOISE_UNKNOWN;
    const bfl_marker_point *points = alp->course->points.items;
    bfl_noise noise = bfl_noise_between(alp->course->noise, &points[alp->base], &points[at]);
    /* In the first weeks a rise is what healing does, so it says nothing against it. */
    return noise == BFL_NOISE_UP && in_early_window(alp, points[at].day) ? BFL_NOISE_UNKNOWN : noise;
}

/* ---- other evidence ---- */

/* Up beyond noise from before therapy (or from the first value) at the last value. */
static bool rising_marker(const bfl_alp *alp, const char *analyte_id, bfl_event_list *events) {
    const bfl_course *course = bfl_course_find(alp->serum, analyte_id);
    if (!course || course->marker.beyond_noise != BFL_NOISE_UP) return false;
    const bfl_marker_point *last = &course->points.items[course->points.count - 1];
    bfl_event_add(alp->serum->arena, events, last->event.kind, last->event.index);
    return true;
}

static bool rose_by_one_month(const bfl_alp *alp, const char *analyte_id, bfl_event_list *events) {
    const bfl_course *course = bfl_course_find(alp->serum, analyte_id);
    if (!course || !alp->has_therapy || !course->points.count) return false;
    const bfl_rulebook *rulebook = alp->serum->rulebook;
    int32_t from = bfl_rule_days(rulebook, BFL_NUM_MARKER_CAUSE_BONE_HEALING_BALP_OSTEOCALCIN__AFTER_DAYS_FROM);
    int32_t to = bfl_rule_days(rulebook, BFL_NUM_MARKER_CAUSE_BONE_HEALING_BALP_OSTEOCALCIN__AFTER_DAYS_TO);
    const bfl_marker_point *base = &course->points.items[course->marker.baseline_index];
    for (size_t i = 0; i < course->points.count && base->day <= alp->start; i++) {
        const bfl_marker_point *point = &course->points.items[i];
        int32_t after = point->day - alp->start;
        if (after < from || after > to || bfl_noise_between(course->noise, base, point) != BFL_NOISE_UP) continue;
        bfl_event_add(alp->serum->arena, events, point->event.kind, point->event.index);
        return true;
    }
    return false;
}

typedef enum pain { PAIN_UNKNOWN, PAIN_IMPROVED, PAIN_WORSE } pain;

/* The last word on pain under therapy around the rise. "none" is better only where there was pain before. */
static pain pain_around(const bfl_alp *alp, bfl_event_list *events) {
    const bfl_record *record = alp->serum->record;
    int32_t after = bfl_rule_days(alp->serum->rulebook, BFL_NUM_MARKER_ALP_IMAGE__AFTER_DAYS);
    int32_t before = bfl_rule_days(alp->serum->rulebook, BFL_NUM_MARKER_ALP_IMAGE__BEFORE_DAYS);
    pain now = PAIN_UNKNOWN;
    bool had_pain = false;
    for (size_t i = 0; i < record->clinical_count; i++) {
        const bfl_clinical *c = &record->clinicals[i];
        if (!c->when.known || !bfl_text_equal(bfl_text_of(c->item), BFL_TEXT("pain"))) continue;
        if (c->when.day > alp->day + after) break;
        bfl_text value = bfl_text_of(c->value);
        bool gone = bfl_text_equal_nocase(value, BFL_TEXT("none"));
        bool better = bfl_text_equal_nocase(value, BFL_TEXT("improved")) || (gone && had_pain);
        bool worse = bfl_text_equal_nocase(value, BFL_TEXT("worse")) || bfl_text_equal_nocase(value, BFL_TEXT("new"));
        had_pain = had_pain || !gone;
        if (c->when.day <= alp->start || c->when.day < alp->day - before) continue;
        now = better ? PAIN_IMPROVED : worse ? PAIN_WORSE : PAIN_UNKNOWN;
        *events = (bfl_event_list){0};
        bfl_event_add(alp->serum->arena, events, BFL_EVENT_CLINICAL, i);
    }
    return now;
}

/* Tumour markers that moved that way under the therapy. */
static bool tumour_marker_moved(const bfl_alp *alp, bfl_noise way, const char *word, bfl_event_list *events) {
    for (size_t i = 0; i < alp->serum->courses.count && alp->has_therapy; i++) {
        const bfl_course *course = &alp->serum->courses.items[i];
        if (strcmp(course->analyte->role, "tumour") != 0) continue;
        if (course->marker.beyond_noise == way) {
            const bfl_marker_point *last = &course->points.items[course->points.count - 1];
            bfl_event_add(alp->serum->arena, events, last->event.kind, last->event.index);
        } else if (!course->points.count && strcmp(course->marker.said, word) == 0) {
            bfl_event_add(alp->serum->arena, events, BFL_EVENT_LAB,
                          course->sayings.items[course->sayings.count - 1].lab);
        }
    }
    return events->count > 0;
}

/* Does the bone look worse later than any flare? */
static bool late_scan(const bfl_alp *alp) {
    int32_t late = bfl_rule_days(alp->serum->rulebook, BFL_NUM_MARKER_ALP_TIME__LATE_DAYS);
    const bfl_sight *worse = &alp->images.bone_worse;
    return alp->has_therapy && bfl_seen(worse) && worse->day - alp->start > late;
}

/* Raised before therapy already, and not up since. */
static bool not_risen(const bfl_alp *alp) {
    if (alp->base < 0 || alp->point <= alp->base || !alp->course->points.items[alp->base].above_range) return false;
    return !up_from_base(alp, (size_t)alp->point);
}

/* A bone agent that was started before the last ALP value. */
static const bfl_therapy *bone_agent(const bfl_alp *alp, size_t *index) {
    const bfl_record *record = alp->serum->record;
    for (size_t i = 0; i < record->therapy_count; i++) {
        const bfl_therapy *t = &record->therapies[i];
        if (t->intent != BFL_INTENT_BONE_AGENT || !t->start.known || t->start.day > alp->day) continue;
        *index = i;
        return t;
    }
    return NULL;
}

/* ---- the two causes ---- */

static void healing_bone_agent(const bfl_alp *alp, bfl_cause *cause) {
    size_t agent;
    bool fell = falling(alp) || rose_early_and_fell(alp);
    const bfl_therapy *drug = bone_agent(alp, &agent);
    if (!fell || !drug) return;
    bfl_event_list events = {0};
    bfl_event_add(alp->serum->arena, &events, BFL_EVENT_THERAPY, agent);
    BFL_SPEAK(alp, cause, BONE_HEALING_BONE_AGENT, &events, "%s from day %d", drug->drug, drug->start.day);
}

static void healing_course(const bfl_alp *alp, bfl_cause *cause) {
    const bfl_event_list *event = &alp->event;
    int rise = early_rise(alp);
    if (rise >= 0)
        BFL_SPEAK(alp, cause, BONE_HEALING_EARLY_RISE, event, "up beyond noise on day %d of therapy",
                  alp->course->points.items[rise].day - alp->start);
    else if (early_rise_said(alp))
        BFL_SPEAK(alp, cause, BONE_HEALING_EARLY_RISE, event, "said to rise in the first weeks of therapy");
    else if (early_raised(alp))
        BFL_SPEAK(alp, cause, BONE_HEALING_EARLY_RAISED, event, "raised on day %d of therapy", alp->day - alp->start);
    if (rose_early_and_fell(alp))
        BFL_SPEAK(alp, cause, BONE_HEALING_RISE_THEN_FALL, event, "rose early and fell again");
    if (late_rise(alp)) BFL_SPEAK(alp, cause, BONE_HEALING_LATE_RISE, event, "rose late under therapy");
    if (!alp->has_therapy) BFL_SPEAK(alp, cause, BONE_HEALING_NO_THERAPY, event, "no therapy on day %d", alp->day);
    bfl_noise noise = noise_at_worse_scan(alp);
    if (noise == BFL_NOISE_UP)
        BFL_SPEAK(alp, cause, BONE_HEALING_RISING_AT_WORSE_SCAN, &alp->images.bone_worse.events,
                  "bone looked worse on day %d, ALP up beyond noise", alp->images.bone_worse.day);
    if (noise == BFL_NOISE_WITHIN || noise == BFL_NOISE_DOWN)
        BFL_SPEAK(alp, cause, BONE_HEALING_STABLE_AT_WORSE_SCAN, &alp->images.bone_worse.events,
                  "bone looked worse on day %d, ALP %s", alp->images.bone_worse.day,
                  noise == BFL_NOISE_DOWN ? "down beyond noise" : "within noise");
    if (late_scan(alp))
        BFL_SPEAK(alp, cause, BONE_HEALING_LATE_SCAN, &alp->images.bone_worse.events, "bone looked worse on day %d",
                  alp->images.bone_worse.day);
    if (not_risen(alp)) BFL_SPEAK(alp, cause, BONE_HEALING_NOT_RISEN, event, "raised before therapy, not up since");
    healing_bone_agent(alp, cause);
}

static const char *known_how(const bfl_images *im) {
    return im->bone_diagnosed ? "bone metastases diagnosed" : "bone lesions described";
}

static void healing_images(const bfl_alp *alp, bfl_cause *cause) {
    const bfl_images *im = &alp->images;
    if (bfl_seen(&im->bone_known))
        BFL_SPEAK(alp, cause, BONE_HEALING_BONE_KNOWN, &im->bone_known.events, "%s", known_how(im));
    else if (bfl_seen(&im->bone_clear))
        BFL_SPEAK(alp, cause, BONE_HEALING_BONE_ABSENT, &im->bone_clear.events, "skeleton clear on day %d",
                  im->bone_clear.day);
    else
        BFL_SPEAK(alp, cause, BONE_HEALING_BONE_NOT_KNOWN, NULL, "no bone lesion described");
    if (bfl_seen(&im->bone_denser))
        BFL_SPEAK(alp, cause, BONE_HEALING_SCLEROSIS, &im->bone_denser.events, "denser on day %d", im->bone_denser.day);
    if (bfl_seen(&im->bone_hyperostosis))
        BFL_SPEAK(alp, cause, BONE_HEALING_HYPEROSTOSIS, &im->bone_hyperostosis.events,
                  "larger than the original bone on day %d", im->bone_hyperostosis.day);
    if (bfl_seen(&im->bone_lytic))
        BFL_SPEAK(alp, cause, BONE_HEALING_LYTIC_GROWTH, &im->bone_lytic.events,
                  "lytic growth or soft-tissue mass on day %d", im->bone_lytic.day);
}

static void healing_serum(const bfl_alp *alp, bfl_cause *cause) {
    bool isozymes = alp->bone_isozyme.level != BFL_LEVEL_UNKNOWN;
    if (alp->bone_isozyme.level == BFL_LEVEL_HIGH)
        BFL_SPEAK(alp, cause, BONE_HEALING_ISOZYME, &alp->bone_isozyme.events, "%s", alp->bone_isozyme.text);
    else if (isozymes)
        BFL_SPEAK(alp, cause, BONE_HEALING_ISOZYME_NORMAL, &alp->bone_isozyme.events, "%s", alp->bone_isozyme.text);
    if (alp->balp.level == BFL_LEVEL_HIGH)
        BFL_SPEAK(alp, cause, BONE_HEALING_BALP, &alp->balp.events, "%s", alp->balp.text);
    if (!isozymes && alp->balp.level == BFL_LEVEL_UNKNOWN && alp->ggt.level == BFL_LEVEL_NORMAL)
        BFL_SPEAK(alp, cause, BONE_HEALING_GGT_NORMAL, &alp->ggt.events, "%s", alp->ggt.text);
    if (!isozymes && alp->ggt.level == BFL_LEVEL_HIGH)
        BFL_SPEAK(alp, cause, BONE_HEALING_GGT_RAISED, &alp->ggt.events, "%s", alp->ggt.text);
    if (!isozymes && alp->bilirubin.level == BFL_LEVEL_HIGH)
        BFL_SPEAK(alp, cause, BONE_HEALING_BILIRUBIN_RAISED, &alp->bilirubin.events, "%s", alp->bilirubin.text);
    if (alp->has_therapy && alp->calcium.level == BFL_LEVEL_LOW)
        BFL_SPEAK(alp, cause, BONE_HEALING_CALCIUM_BELOW, &alp->calcium.events, "%s", alp->calcium.text);
    if (alp->calcium.level == BFL_LEVEL_HIGH)
        BFL_SPEAK(alp, cause, BONE_HEALING_CALCIUM_ABOVE, &alp->calcium.events, "%s", alp->calcium.text);
}

static void healing_markers(const bfl_alp *alp, bfl_cause *cause) {
    bfl_event_list both = {0}, ictp = {0}, words = {0}, down = {0}, up = {0};
    if (tumour_marker_moved(alp, BFL_NOISE_DOWN, "falling", &down))
        BFL_SPEAK(alp, cause, BONE_HEALING_MARKER_FALLING, &down, "tumour marker down under therapy");
    if (tumour_marker_moved(alp, BFL_NOISE_UP, "rising", &up))
        BFL_SPEAK(alp, cause, BONE_HEALING_MARKER_RISING, &up, "tumour marker up under therapy");
    if (rose_by_one_month(alp, "BALP", &both) && rose_by_one_month(alp, "OC", &both))
        BFL_SPEAK(alp, cause, BONE_HEALING_BALP_OSTEOCALCIN, &both, "bone ALP and osteocalcin both up at one month");
    if (rising_marker(alp, "ICTP", &ictp))
        BFL_SPEAK(alp, cause, BONE_HEALING_ICTP, &ictp, "ICTP up beyond noise from baseline");
    pain now = pain_around(alp, &words);
    if (now == PAIN_IMPROVED) BFL_SPEAK(alp, cause, BONE_HEALING_PAIN_IMPROVED, &words, "pain better under therapy");
    if (now == PAIN_WORSE) BFL_SPEAK(alp, cause, BONE_HEALING_PAIN_WORSE, &words, "pain new or worse under therapy");
}

void bfl_cause_bone_healing(const bfl_alp *alp, bfl_cause *cause) {
    healing_serum(alp, cause);
    healing_markers(alp, cause);
    healing_course(alp, cause);
    healing_images(alp, cause);
}

static void progression_course(const bfl_alp *alp, bfl_cause *cause) {
    const bfl_event_list *event = &alp->event;
    const bfl_sight *worse = &alp->images.bone_worse;
    if (early_rise(alp) >= 0 || early_rise_said(alp))
        BFL_SPEAK(alp, cause, BONE_PROGRESSION_EARLY_RISE, event, "rise in the first weeks of therapy");
    if (falling(alp)) BFL_SPEAK(alp, cause, BONE_PROGRESSION_FALLING, event, "falling since therapy began");
    if (late_rise(alp)) BFL_SPEAK(alp, cause, BONE_PROGRESSION_LATE_RISE, event, "rose late under therapy");
    if (late_scan(alp))
        BFL_SPEAK(alp, cause, BONE_PROGRESSION_LATE_SCAN, &worse->events, "bone looked worse on day %d", worse->day);
    if (!bfl_tumour_known(alp->serum->record))
        BFL_SPEAK(alp, cause, BONE_PROGRESSION_NO_TUMOUR, NULL, "no tumour in the patient table or pathology");
    else if (!alp->has_therapy && bfl_seen(&alp->images.bone_known))
        BFL_SPEAK(alp, cause, BONE_PROGRESSION_UNTREATED, event, "raised on day %d without therapy", alp->day);
    bfl_noise noise = noise_at_worse_scan(alp);
    if (noise == BFL_NOISE_UP)
        BFL_SPEAK(alp, cause, BONE_PROGRESSION_RISING_AT_WORSE_SCAN, &worse->events,
                  "bone looked worse on day %d, ALP up beyond noise", worse->day);
    else if (noise != BFL_NOISE_UNKNOWN)
        BFL_SPEAK(alp, cause, BONE_PROGRESSION_STABLE_AT_WORSE_SCAN, &worse->events,
                  "bone looked worse on day %d, ALP not up", worse->day);
}

static void progression_images(const bfl_alp *alp, bfl_cause *cause) {
    const bfl_images *im = &alp->images;
    if (bfl_seen(&im->bone_known))
        BFL_SPEAK(alp, cause, BONE_PROGRESSION_BONE_KNOWN, &im->bone_known.events, "%s", known_how(im));
    else if (bfl_seen(&im->bone_clear))
        BFL_SPEAK(alp, cause, BONE_PROGRESSION_BONE_ABSENT, &im->bone_clear.events, "skeleton clear on day %d",
                  im->bone_clear.day);
    else
        BFL_SPEAK(alp, cause, BONE_PROGRESSION_BONE_NOT_KNOWN, NULL, "no bone lesion described");
    if (bfl_seen(&im->bone_lytic))
        BFL_SPEAK(alp, cause, BONE_PROGRESSION_LYTIC_GROWTH, &im->bone_lytic.events,
                  "lytic growth or soft-tissue mass on day %d", im->bone_lytic.day);
    if (bfl_seen(&im->bone_progressed))
        BFL_SPEAK(alp, cause, BONE_PROGRESSION_PROGRESSED, &im->bone_progressed.events, "reported on day %d",
                  im->bone_progressed.day);
    if (bfl_seen(&im->bone_denser))
        BFL_SPEAK(alp, cause, BONE_PROGRESSION_SCLEROSIS, &im->bone_denser.events, "denser on day %d",
                  im->bone_denser.day);
}

static void progression_serum(const bfl_alp *alp, bfl_cause *cause) {
    bool isozymes = alp->bone_isozyme.level != BFL_LEVEL_UNKNOWN;
    if (alp->bone_isozyme.level == BFL_LEVEL_HIGH)
        BFL_SPEAK(alp, cause, BONE_PROGRESSION_ISOZYME, &alp->bone_isozyme.events, "%s", alp->bone_isozyme.text);
    else if (isozymes)
        BFL_SPEAK(alp, cause, BONE_PROGRESSION_ISOZYME_NORMAL, &alp->bone_isozyme.events, "%s", alp->bone_isozyme.text);
    if (alp->balp.level == BFL_LEVEL_HIGH)
        BFL_SPEAK(alp, cause, BONE_PROGRESSION_BALP, &alp->balp.events, "%s", alp->balp.text);
    if (alp->ctx.level == BFL_LEVEL_HIGH)
        BFL_SPEAK(alp, cause, BONE_PROGRESSION_CTX, &alp->ctx.events, "%s", alp->ctx.text);
    if (!isozymes && alp->balp.level == BFL_LEVEL_UNKNOWN && alp->ggt.level == BFL_LEVEL_NORMAL)
        BFL_SPEAK(alp, cause, BONE_PROGRESSION_GGT_NORMAL, &alp->ggt.events, "%s", alp->ggt.text);
    if (!isozymes && alp->ggt.level == BFL_LEVEL_HIGH)
        BFL_SPEAK(alp, cause, BONE_PROGRESSION_GGT_RAISED, &alp->ggt.events, "%s", alp->ggt.text);
    if (alp->calcium.level == BFL_LEVEL_HIGH)
        BFL_SPEAK(alp, cause, BONE_PROGRESSION_CALCIUM_ABOVE, &alp->calcium.events, "%s", alp->calcium.text);
}

void bfl_cause_bone_progression(const bfl_alp *alp, bfl_cause *cause) {
    bfl_event_list ictp = {0}, words = {0}, down = {0}, up = {0};
    if (tumour_marker_moved(alp, BFL_NOISE_DOWN, "falling", &down))
        BFL_SPEAK(alp, cause, BONE_PROGRESSION_MARKER_FALLING, &down, "tumour marker down under therapy");
    if (tumour_marker_moved(alp, BFL_NOISE_UP, "rising", &up))
        BFL_SPEAK(alp, cause, BONE_PROGRESSION_MARKER_RISING, &up, "tumour marker up under therapy");
    progression_serum(alp, cause);
    if (rising_marker(alp, "ICTP", &ictp))
        BFL_SPEAK(alp, cause, BONE_PROGRESSION_ICTP, &ictp, "ICTP up beyond noise from baseline");
    pain now = pain_around(alp, &words);
    if (now == PAIN_WORSE)
        BFL_SPEAK(alp, cause, BONE_PROGRESSION_PAIN_WORSE, &words, "pain new or worse under therapy");
    if (now == PAIN_IMPROVED)
        BFL_SPEAK(alp, cause, BONE_PROGRESSION_PAIN_IMPROVED, &words, "pain better under therapy");
    progression_course(alp, cause);
    progression_images(alp, cause);
}
