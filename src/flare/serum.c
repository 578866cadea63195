/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence from serum: ALP at the worse scan, bone markers at one month, the own tumour marker, calcium. */
#include "flare/evidence.h"

static bfl_event_list one(const inquiry *q, bfl_event_ref ref) {
    bfl_event_list list = {0};
    bfl_event_add(q->arena, &list, ref.kind, ref.index);
    return list;
}

static const bfl_marker_point *baseline_of(const bfl_marker *m) { return &m->points[m->baseline_index]; }

/* 100 * (value - base) / base, one decimal. */
static bfl_decimal percent(bfl_decimal base, bfl_decimal value) {
    bfl_decimal change = bfl_decimal_multiply(bfl_decimal_subtract(value, base), bfl_decimal_of(100));
    return bfl_decimal_divide(change, base, 1);
}

/* "+151.2", "-3.1" */
static const char *signed_z(const inquiry *q, bfl_decimal change) {
    return bfl_arena_printf(q->arena, "%s%s", change.mantissa > 0 ? "+" : "", bfl_decimal_z(q->arena, change, 1));
}

/* Change from `base` to `value` against the reference change value. */
static bfl_noise against_noise(const bfl_marker *m, bfl_decimal base, bfl_decimal value) {
    if (!m->rcv_up_percent.present || !m->rcv_down_percent.present || base.mantissa <= 0) return BFL_NOISE_UNKNOWN;
    bfl_decimal change = percent(base, value);
    if (bfl_decimal_compare(change, m->rcv_up_percent.value) > 0) return BFL_NOISE_UP;
    bfl_decimal down = bfl_decimal_subtract(bfl_decimal_of(0), m->rcv_down_percent.value);
    bool falls = m->rcv_down_percent.value.mantissa > 0 ? bfl_decimal_compare(change, down) < 0
                                                        : bfl_decimal_compare(change, m->rcv_down_percent.value) < 0;
    return falls ? BFL_NOISE_DOWN : BFL_NOISE_WITHIN;
}

/* How a course stands, and the value that says so. */
typedef struct course_state {
    bfl_noise noise;
    bfl_decimal against;
    const char *from; /* "baseline", "its lowest value" */
} course_state;

static const bfl_marker_point *lowest_before(const bfl_marker *m, const bfl_marker_point *end) {
    const bfl_marker_point *least = baseline_of(m);
    for (const bfl_marker_point *p = least; p < end; p++)
        if (bfl_decimal_compare(p->value, least->value) < 0) least = p;
    return least;
}

/* Progression is measured from the lowest value, and a second value confirms it (PSA by PCWG3, CA 125 by GCIG): so a course has risen
 * from there although it may be below what it was before therapy. */
static course_state state_at(const bfl_marker *m, const bfl_marker_point *last) {
    const bfl_marker_point *base = baseline_of(m), *before = last - 1;
    course_state s = {against_noise(m, base->value, last->value), base->value, "baseline"};
    if (s.noise == BFL_NOISE_UP || before <= base) return s;
    bfl_decimal least = lowest_before(m, before)->value;
    bool first = against_noise(m, least, before->value) == BFL_NOISE_UP;
    if (first && against_noise(m, least, last->value) == BFL_NOISE_UP)
        s = (course_state){BFL_NOISE_UP, least, "its lowest value"};
    return s;
}

/* The value nearest to a study, within the rulebook's window, after the baseline value; NULL when there is none. */
static const bfl_marker_point *near_study(const inquiry *q, const bfl_marker *m, int32_t day) {
    int32_t window = bfl_rule_days(q->findings->rulebook, BFL_NUM_FLARE_SERUM__NEAR_DAYS), best = window + 1;
    const bfl_marker_point *found = NULL;
    for (size_t i = 0; i < m->point_count; i++) {
        int32_t apart = m->points[i].day > day ? m->points[i].day - day : day - m->points[i].day;
        if ((int32_t)i <= m->baseline_index || apart >= best) continue;
        best = apart;
        found = &m->points[i];
    }
    return found;
}

/* The value of the last worse study, or of the one before it that has one while that is current. */
static const bfl_marker_point *near_worse_study(const inquiry *q, const bfl_marker *m) {
    const episode *e = q->episode;
    int32_t window = bfl_rule_days(q->findings->rulebook, BFL_NUM_FLARE_WINDOW__CURRENT_DAYS);
    const bfl_marker_point *found = near_study(q, m, e->last_day);
    for (size_t s = e->imaging ? e->last : 0; !found && s > e->first; s--) {
        const bone_study *study = &e->studies[s - 1];
        if (study->day < e->last_day - window) break;
        if (study_worse(study)) found = near_study(q, m, study->day);
    }
    return found;
}

/* ---- ALP ---- */

static bool has_word(const bfl_marker *m, const char *word) {
    return bfl_text_find_nocase(bfl_text_of(m->said ? m->said : ""), bfl_text_of(word)) != SIZE_MAX;
}

static bool in_first_weeks(const inquiry *q, int32_t day_of_therapy) {
    return day_of_therapy <= bfl_rule_days(q->findings->rulebook, BFL_NUM_FLARE_EVIDENCE_ALP_RISING_EARLY__TO_DAYS);
}

static void alp_at_scan(inquiry *q, const bfl_marker *alp) {
    const bfl_marker_point *p = near_worse_study(q, alp);
    if (!p) return;
    course_state state = state_at(alp, p);
    bfl_event_list event = one(q, p->event);
    const char *change = signed_z(q, percent(state.against, p->value));
    bool early = in_first_weeks(q, p->day - q->episode->therapy->start.day);
    switch (state.noise) {
    case BFL_NOISE_UP:
        evidence_add(q, early ? BFL_RULE_FLARE_EVIDENCE_ALP_RISING_EARLY : BFL_RULE_FLARE_EVIDENCE_ALP_RISING_LATE,
                     &event, "ALP %s %% from %s on day %d", change, state.from, p->day);
        break;
    case BFL_NOISE_WITHIN:
    case BFL_NOISE_DOWN:
        evidence_add(
            q, state.noise == BFL_NOISE_DOWN ? BFL_RULE_FLARE_EVIDENCE_ALP_FALLING : BFL_RULE_FLARE_EVIDENCE_ALP_STABLE,
            &event, "ALP %s %% from baseline on day %d", change, p->day);
        break;
    case BFL_NOISE_UNKNOWN: break;
    }
}

static void alp_in_words(inquiry *q, const bfl_marker *m) {
    bfl_rule_index rising = in_first_weeks(q, q->episode->therapy_day) ? BFL_RULE_FLARE_EVIDENCE_ALP_RISING_EARLY
                                                                       : BFL_RULE_FLARE_EVIDENCE_ALP_RISING_LATE;
    if (has_word(m, "rising"))
        evidence_add(q, rising, NULL, "ALP described as %s", m->said);
    else if (has_word(m, "falling"))
        evidence_add(q, BFL_RULE_FLARE_EVIDENCE_ALP_FALLING, NULL, "ALP described as %s", m->said);
    else if (has_word(m, "stable"))
        evidence_add(q, BFL_RULE_FLARE_EVIDENCE_ALP_STABLE, NULL, "ALP described as %s", m->said);
}

/* ALP rose and no scan is worse: the rise itself is what is asked about. */
static void alp_alone(inquiry *q, const bfl_marker *m) {
    bfl_rule_index rule = in_first_weeks(q, q->episode->therapy_day) ? BFL_RULE_FLARE_EVIDENCE_ALP_FLARE_ALONE
                                                                     : BFL_RULE_FLARE_EVIDENCE_ALP_RISING_LATE;
    const bfl_marker_point *p = m->point_count > 1 ? near_study(q, m, q->episode->first_day) : NULL;
    if (!p) {
        evidence_add(q, rule, NULL, "ALP described as %s, no worse scan", m->said);
        return;
    }
    bfl_event_list event = one(q, p->event);
    const char *change = signed_z(q, percent(baseline_of(m)->value, p->value));
    evidence_add(q, rule, &event, "ALP %s %% from baseline on day %d, no worse scan", change, p->day);
}

static void alp(inquiry *q) {
    const bfl_marker *m = bfl_markers_find(q->findings->markers, "ALP");
    if (!m) return;
    if (m->shape == BFL_SHAPE_RISE_THEN_FALL && m->peak_day.present && m->point_count) {
        bfl_event_list event = one(q, m->points[m->point_count - 1].event);
        evidence_add(q, BFL_RULE_FLARE_EVIDENCE_ALP_RISE_THEN_FALL, &event, "ALP peaked on day %s and fell",
                     bfl_decimal_z(q->arena, m->peak_day.value, 0));
    }
    if (q->episode->serum)
        alp_alone(q, m);
    else if (m->point_count > 1)
        alp_at_scan(q, m);
    else
        alp_in_words(q, m);
}

/* ---- bone markers at one month (Coleman 1988) ---- */

/* Up beyond noise (1), not up (0), not measured (-1) in the rulebook's window. */
static int up_at_one_month(const inquiry *q, const char *analyte, bfl_event_list *events) {
    const bfl_marker *m = bfl_markers_find(q->findings->markers, analyte);
    if (!m) return -1;
    const bfl_rulebook *book = q->findings->rulebook;
    int32_t start = q->episode->therapy->start.day;
    int32_t from = start + bfl_rule_days(book, BFL_NUM_FLARE_EVIDENCE_BONE_MARKERS_BOTH_UP__FROM_DAYS);
    int32_t to = start + bfl_rule_days(book, BFL_NUM_FLARE_EVIDENCE_BONE_MARKERS_BOTH_UP__TO_DAYS);
    int answer = -1;
    for (size_t i = 0; i < m->point_count; i++) {
        const bfl_marker_point *p = &m->points[i];
        if (p->day < from || p->day > to || (int32_t)i <= m->baseline_index) continue;
        bfl_noise noise = against_noise(m, baseline_of(m)->value, p->value);
        if (noise == BFL_NOISE_UNKNOWN) continue;
        bfl_event_add(q->arena, events, p->event.kind, p->event.index);
        answer = noise == BFL_NOISE_UP || answer == 1;
    }
    return answer;
}

/* Its last value under the therapy, against the baseline. */
static void ictp(inquiry *q) {
    const bfl_marker *m = bfl_markers_find(q->findings->markers, "ICTP");
    if (!m || m->point_count < 2 || m->beyond_noise == BFL_NOISE_UNKNOWN) return;
    if (m->points[m->point_count - 1].day <= q->episode->therapy->start.day) return;
    bfl_event_list event = one(q, m->points[m->point_count - 1].event);
    bool up = m->beyond_noise == BFL_NOISE_UP;
    evidence_add(q, up ? BFL_RULE_FLARE_EVIDENCE_ICTP_RISING : BFL_RULE_FLARE_EVIDENCE_ICTP_NOT_RISING, &event,
                 "ICTP %s %%", signed_z(q, m->change_percent.value));
}

static void at_one_month(inquiry *q) {
    bfl_event_list events = {0};
    int bone_alp = up_at_one_month(q, "BALP", &events);
    if (bone_alp < 0) bone_alp = up_at_one_month(q, "ALP_3_ACT", &events);
    int osteocalcin = up_at_one_month(q, "OC", &events);
    if (bone_alp == 1 && osteocalcin == 1)
        evidence_add(q, BFL_RULE_FLARE_EVIDENCE_BONE_MARKERS_BOTH_UP, &events,
                     "bone ALP and osteocalcin up at one month");
    else if (bone_alp >= 0 && osteocalcin >= 0)
        evidence_add(q, BFL_RULE_FLARE_EVIDENCE_BONE_MARKERS_NOT_UP, &events,
                     "bone ALP and osteocalcin not both up at one month");
}

/* What they said at one month was held against the response at three and six: of a later question they say nothing. */
static void bone_markers(inquiry *q) {
    int32_t until = bfl_rule_days(q->findings->rulebook, BFL_NUM_FLARE_TIME_LATE__TO_DAYS);
    if (q->episode->therapy_day <= until) at_one_month(q);
    ictp(q);
}

/* ---- the tumour marker of this patient, and calcium ---- */

static bool is_tumour_marker(const bfl_marker *m) {
    return bfl_text_equal(bfl_text_of(m->analyte->role), BFL_TEXT("tumour"));
}

static bool after_start(const inquiry *q, const bfl_marker *m) {
    return m->point_count > 1 && m->points[m->point_count - 1].day > q->episode->therapy->start.day;
}

static void own_marker(inquiry *q) {
    const bfl_markers *markers = q->findings->markers;
    for (size_t i = 0; i < markers->course_count; i++) {
        const bfl_marker *m = &markers->courses[i];
        bool numbers = m->own && after_start(q, m);
        bool words = is_tumour_marker(m) && m->point_count < 2;
        course_state state = {.noise = BFL_NOISE_UNKNOWN};
        if (numbers) state = state_at(m, &m->points[m->point_count - 1]);
        bool up = numbers ? state.noise == BFL_NOISE_UP : words && has_word(m, "rising");
        bool down = numbers ? state.noise == BFL_NOISE_DOWN : words && has_word(m, "falling");
        if (!up && !down) continue;
        bfl_event_list event = {0};
        if (m->point_count) event = one(q, m->points[m->point_count - 1].event);
        const char *change = m->said;
        if (numbers)
            change =
                bfl_arena_printf(q->arena, "%s %% from %s",
                                 signed_z(q, percent(state.against, m->points[m->point_count - 1].value)), state.from);
        evidence_add(q, up ? BFL_RULE_FLARE_EVIDENCE_OWN_MARKER_RISING : BFL_RULE_FLARE_EVIDENCE_OWN_MARKER_FALLING,
                     &event, "%s %s", m->analyte->name, change);
    }
}

/* As the laboratory wrote it; a derived value in the canonical unit. */
static const char *as_written(const inquiry *q, const bfl_marker *m, const bfl_marker_point *p) {
    if (p->derived || p->event.kind != BFL_EVENT_LAB)
        return bfl_arena_printf(q->arena, "%s %s", bfl_decimal_z(q->arena, p->value, 2), m->analyte->units[0].text);
    const bfl_lab *lab = &q->findings->record->labs[p->event.index];
    return bfl_arena_printf(q->arena, "%s %s", lab->written, lab->unit_text);
}

static void calcium(inquiry *q) {
    const bfl_marker *m = bfl_markers_find(q->findings->markers, "CA_CORR");
    if (!m || m->point_count == 0) m = bfl_markers_find(q->findings->markers, "CA");
    const bfl_marker *alp_course = bfl_markers_find(q->findings->markers, "ALP");
    if (!m || !after_start(q, m)) return;
    const bfl_marker_point *last = &m->points[m->point_count - 1];
    bfl_event_list event = one(q, last->event);
    const char *value = as_written(q, m, last);
    if (last->above_range)
        evidence_add(q, BFL_RULE_FLARE_EVIDENCE_CALCIUM_HIGH, &event, "%s %s on day %d", m->analyte->name, value,
                     last->day);
    else if (last->below_range && alp_course && alp_course->beyond_noise != BFL_NOISE_UP)
        evidence_add(q, BFL_RULE_FLARE_EVIDENCE_CALCIUM_FALLS, &event, "%s %s, below its range, on day %d",
                     m->analyte->name, value, last->day);
}

void evidence_from_serum(inquiry *q) {
    alp(q);
    bone_markers(q);
    own_marker(q);
    calcium(q);
}
