/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence from serum: ALP at the worse scan, bone markers at one month, the own tumour marker, calcium. */
#include "flare/evidence.h"

#include <string.h>

static const bfl_marker_point *baseline_of(const bfl_marker *m) { return &m->points[m->baseline_index]; }

/* 100 * (value - base) / base, one decimal. */
static bfl_decimal percent(bfl_decimal base, bfl_decimal value) {
    bfl_decimal change = bfl_decimal_multiply(bfl_decimal_subtract(value, base), bfl_decimal_of(100));
    return bfl_decimal_divide(change, base, 1);
}

/* "+151.2", "-3.1" */
static const char *signed_z(const inquiry *q, bfl_decimal change) {
    bfl_buf text = {.arena = q->arena};
    if (change.mantissa > 0) bfl_buf_add_text(&text, BFL_TEXT("+"));
    bfl_buf_decimal(&text, change, 1);
    return text.data;
}

static const char *change_z(const inquiry *q, const serum_finding *f) {
    return signed_z(q, percent(f->against, f->value.value));
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

/* ---- findings ---- */

/* What a detector looks at, and where it puts what it finds. */
typedef struct search {
    const inquiry *q;
    const bfl_markers *markers;
    serum_findings found;
} search;

typedef void (*teller)(inquiry *q, const serum_finding *f);

static serum_finding *add(search *s, bfl_rule_index rule, teller tell, const bfl_marker *m) {
    serum_finding *f = BFL_PUSH(s->q->arena, &s->found);
    f->rule = rule;
    f->tell = tell;
    f->analyte = m->analyte;
    f->word = m->said ? m->said : "";
    return f;
}

/* One that rests on a value. */
static serum_finding *add_value(search *s, bfl_rule_index rule, teller tell, const bfl_marker *m,
                                const bfl_marker_point *value) {
    serum_finding *f = add(s, rule, tell, m);
    f->measured = true;
    f->value = *value;
    return f;
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
    for (size_t i = (size_t)(m->baseline_index + 1); i < m->point_count; i++) {
        int32_t apart = m->points[i].day > day ? m->points[i].day - day : day - m->points[i].day;
        if (apart < best) {
            best = apart;
            found = &m->points[i];
        } else if (m->points[i].day > day) { /* they stand by day: later ones are farther */
            break;
        }
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

static void tell_alp(inquiry *q, const serum_finding *f) {
    evidence_add(q, f->rule, &f->events, "ALP %s %% from %s on day %d", change_z(q, f), f->word, f->value.day);
}

static void alp_at_scan(search *s, const bfl_marker *alp) {
    const bfl_marker_point *p = near_worse_study(s->q, alp);
    if (!p) return;
    course_state state = state_at(alp, p);
    if (state.noise == BFL_NOISE_UNKNOWN) return;
    bool early = in_first_weeks(s->q, p->day - s->q->episode->therapy->start.day);
    bfl_rule_index rule = state.noise == BFL_NOISE_DOWN     ? BFL_RULE_FLARE_EVIDENCE_ALP_FALLING
                          : state.noise == BFL_NOISE_WITHIN ? BFL_RULE_FLARE_EVIDENCE_ALP_STABLE
                          : early                           ? BFL_RULE_FLARE_EVIDENCE_ALP_RISING_EARLY
                                                            : BFL_RULE_FLARE_EVIDENCE_ALP_RISING_LATE;
    serum_finding *f = add_value(s, rule, tell_alp, alp, p);
    f->against = state.against;
    f->word = state.from;
}

static void tell_alp_in_words(inquiry *q, const serum_finding *f) {
    evidence_add(q, f->rule, NULL, "ALP described as %s", f->word);
}

static void alp_in_words(search *s, const bfl_marker *m) {
    bfl_rule_index rising = in_first_weeks(s->q, s->q->episode->therapy_day) ? BFL_RULE_FLARE_EVIDENCE_ALP_RISING_EARLY
                                                                             : BFL_RULE_FLARE_EVIDENCE_ALP_RISING_LATE;
    if (has_word(m, "rising"))
        add(s, rising, tell_alp_in_words, m);
    else if (has_word(m, "falling"))
        add(s, BFL_RULE_FLARE_EVIDENCE_ALP_FALLING, tell_alp_in_words, m);
    else if (has_word(m, "stable"))
        add(s, BFL_RULE_FLARE_EVIDENCE_ALP_STABLE, tell_alp_in_words, m);
}

static void tell_alp_alone(inquiry *q, const serum_finding *f) {
    if (f->measured)
        evidence_add(q, f->rule, &f->events, "ALP %s %% from baseline on day %d, no worse scan", change_z(q, f),
                     f->value.day);
    else
        evidence_add(q, f->rule, NULL, "ALP described as %s, no worse scan", f->word);
}

/* ALP rose and no scan is worse: the rise itself is what is asked about. */
static void alp_alone(search *s, const bfl_marker *m) {
    bfl_rule_index rule = in_first_weeks(s->q, s->q->episode->therapy_day) ? BFL_RULE_FLARE_EVIDENCE_ALP_FLARE_ALONE
                                                                           : BFL_RULE_FLARE_EVIDENCE_ALP_RISING_LATE;
    const bfl_marker_point *p = m->point_count > 1 ? near_study(s->q, m, s->q->episode->first_day) : NULL;
    if (p)
        add_value(s, rule, tell_alp_alone, m, p)->against = baseline_of(m)->value;
    else
        add(s, rule, tell_alp_alone, m);
}

static void tell_peak(inquiry *q, const serum_finding *f) {
    evidence_add(q, f->rule, &f->events, "ALP peaked on day %s and fell", bfl_decimal_z(q->arena, f->against, 0));
}

static void alp(search *s) {
    const bfl_marker *m = bfl_markers_find(s->markers, "ALP");
    if (!m) return;
    if (m->shape == BFL_SHAPE_RISE_THEN_FALL && m->peak_day.present && m->point_count)
        add_value(s, BFL_RULE_FLARE_EVIDENCE_ALP_RISE_THEN_FALL, tell_peak, m, &m->points[m->point_count - 1])
            ->against = m->peak_day.value;
    if (s->q->episode->serum)
        alp_alone(s, m);
    else if (m->point_count > 1)
        alp_at_scan(s, m);
    else
        alp_in_words(s, m);
}

/* ---- bone markers at one month (Coleman 1988) ---- */

/* Up beyond noise (1), not up (0), not measured (-1) in the rulebook's window. */
static int up_at_one_month(const search *s, const char *analyte, bfl_event_list *events) {
    const bfl_marker *m = bfl_markers_find(s->markers, analyte);
    if (!m) return -1;
    const bfl_rulebook *book = s->q->findings->rulebook;
    int32_t start = s->q->episode->therapy->start.day;
    int32_t from = start + bfl_rule_days(book, BFL_NUM_FLARE_EVIDENCE_BONE_MARKERS_BOTH_UP__FROM_DAYS);
    int32_t to = start + bfl_rule_days(book, BFL_NUM_FLARE_EVIDENCE_BONE_MARKERS_BOTH_UP__TO_DAYS);
    int answer = -1;
    for (size_t i = 0; i < m->point_count; i++) {
        const bfl_marker_point *p = &m->points[i];
        if (p->day < from || p->day > to || (int32_t)i <= m->baseline_index) continue;
        bfl_noise noise = against_noise(m, baseline_of(m)->value, p->value);
        if (noise == BFL_NOISE_UNKNOWN) continue;
        bfl_event_add(s->q->arena, events, p->event.kind, p->event.index);
        answer = noise == BFL_NOISE_UP || answer == 1;
    }
    return answer;
}

static void tell_both_up(inquiry *q, const serum_finding *f) {
    evidence_add(q, f->rule, &f->events, "bone ALP and osteocalcin up at one month");
}

static void tell_not_both_up(inquiry *q, const serum_finding *f) {
    evidence_add(q, f->rule, &f->events, "bone ALP and osteocalcin not both up at one month");
}

static void at_one_month(search *s) {
    bfl_event_list events = {0};
    int bone_alp = up_at_one_month(s, "BALP", &events);
    if (bone_alp < 0) bone_alp = up_at_one_month(s, "ALP_3_ACT", &events);
    int osteocalcin = bone_alp < 0 ? -1 : up_at_one_month(s, "OC", &events);
    if (osteocalcin < 0) return;
    const bfl_marker *m = bfl_markers_find(s->markers, "OC");
    if (bone_alp == 1 && osteocalcin == 1)
        add(s, BFL_RULE_FLARE_EVIDENCE_BONE_MARKERS_BOTH_UP, tell_both_up, m)->events = events;
    else
        add(s, BFL_RULE_FLARE_EVIDENCE_BONE_MARKERS_NOT_UP, tell_not_both_up, m)->events = events;
}

static void tell_ictp(inquiry *q, const serum_finding *f) {
    evidence_add(q, f->rule, &f->events, "ICTP %s %%", signed_z(q, f->against));
}

/* Its last value under the therapy, against the baseline. */
static void ictp(search *s) {
    const bfl_marker *m = bfl_markers_find(s->markers, "ICTP");
    if (!m || m->point_count < 2 || m->beyond_noise == BFL_NOISE_UNKNOWN) return;
    if (m->points[m->point_count - 1].day <= s->q->episode->therapy->start.day) return;
    bool up = m->beyond_noise == BFL_NOISE_UP;
    add_value(s, up ? BFL_RULE_FLARE_EVIDENCE_ICTP_RISING : BFL_RULE_FLARE_EVIDENCE_ICTP_NOT_RISING, tell_ictp, m,
              &m->points[m->point_count - 1])
        ->against = m->change_percent.value;
}

/* What they said at one month was held against the response at three and six: of a later question they say nothing. */
static void bone_markers(search *s) {
    int32_t until = bfl_rule_days(s->q->findings->rulebook, BFL_NUM_FLARE_TIME_LATE__TO_DAYS);
    if (s->q->episode->therapy_day <= until) at_one_month(s);
    ictp(s);
}

/* ---- the tumour marker of this patient, and calcium ---- */

static bool is_tumour_marker(const bfl_marker *m) {
    return bfl_text_equal(bfl_text_of(m->analyte->role), BFL_TEXT("tumour"));
}

static bool after_start(const inquiry *q, const bfl_marker *m) {
    return m->point_count > 1 && m->points[m->point_count - 1].day > q->episode->therapy->start.day;
}

static void tell_own(inquiry *q, const serum_finding *f) {
    evidence_add(q, f->rule, &f->events, "%s %s %% from %s", f->analyte->name, change_z(q, f), f->word);
}

static void tell_own_in_words(inquiry *q, const serum_finding *f) {
    evidence_add(q, f->rule, &f->events, "%s %s", f->analyte->name, f->word);
}

static void own_marker(search *s, const bfl_marker *m) {
    bool numbers = m->own && after_start(s->q, m);
    bool words = is_tumour_marker(m) && m->point_count < 2;
    const bfl_marker_point *last = m->point_count ? &m->points[m->point_count - 1] : NULL;
    course_state state = {.noise = BFL_NOISE_UNKNOWN};
    if (numbers) state = state_at(m, last);
    bool up = numbers ? state.noise == BFL_NOISE_UP : words && has_word(m, "rising");
    bool down = numbers ? state.noise == BFL_NOISE_DOWN : words && has_word(m, "falling");
    if (!up && !down) return;
    bfl_rule_index rule = up ? BFL_RULE_FLARE_EVIDENCE_OWN_MARKER_RISING : BFL_RULE_FLARE_EVIDENCE_OWN_MARKER_FALLING;
    teller tell = numbers ? tell_own : tell_own_in_words;
    serum_finding *f = last ? add_value(s, rule, tell, m, last) : add(s, rule, tell, m);
    if (!numbers) return;
    f->against = state.against;
    f->word = state.from;
}

/* As the laboratory wrote it; a derived value in the canonical unit. */
static const char *as_written(const inquiry *q, const serum_finding *f) {
    const bfl_marker_point *p = &f->value;
    if (p->derived || p->event.kind != BFL_EVENT_LAB)
        return bfl_arena_printf(q->arena, "%s %s", bfl_decimal_z(q->arena, p->value, 2), f->analyte->units[0].text);
    const bfl_lab *lab = &q->findings->record->labs[p->event.index];
    return bfl_arena_printf(q->arena, "%s %s", lab->written, lab->unit_text);
}

static void tell_calcium_high(inquiry *q, const serum_finding *f) {
    evidence_add(q, f->rule, &f->events, "%s %s on day %d", f->analyte->name, as_written(q, f), f->value.day);
}

static void tell_calcium_low(inquiry *q, const serum_finding *f) {
    evidence_add(q, f->rule, &f->events, "%s %s, below its range, on day %d", f->analyte->name, as_written(q, f),
                 f->value.day);
}

static void calcium(search *s) {
    const bfl_marker *m = bfl_markers_find(s->markers, "CA_CORR");
    if (!m || m->point_count == 0) m = bfl_markers_find(s->markers, "CA");
    if (!m || !after_start(s->q, m)) return;
    const bfl_marker *alp_course = bfl_markers_find(s->markers, "ALP");
    const bfl_marker_point *last = &m->points[m->point_count - 1];
    if (last->above_range)
        add_value(s, BFL_RULE_FLARE_EVIDENCE_CALCIUM_HIGH, tell_calcium_high, m, last);
    else if (last->below_range && alp_course && alp_course->beyond_noise != BFL_NOISE_UP)
        add_value(s, BFL_RULE_FLARE_EVIDENCE_CALCIUM_FALLS, tell_calcium_low, m, last);
}

/* ---- all ---- */

serum_findings serum_findings_of(const inquiry *q) {
    search s = {.q = q, .markers = q->findings->markers};
    alp(&s);
    bone_markers(&s);
    for (size_t i = 0; i < s.markers->course_count; i++) own_marker(&s, &s.markers->courses[i]);
    calcium(&s);
    return s.found;
}

static bool same_value(const bfl_marker_point *a, const bfl_marker_point *b) {
    return a->event.kind == b->event.kind && a->event.index == b->event.index && a->day == b->day &&
           bfl_decimal_compare(a->value, b->value) == 0;
}

/* Those of several values are not compared. */
static bool alike(const serum_finding *a, const serum_finding *b) {
    if (a->rule != b->rule || a->tell != b->tell || a->analyte != b->analyte || a->measured != b->measured)
        return false;
    if (a->events.count || b->events.count || strcmp(a->word, b->word) != 0) return false;
    return !a->measured || (same_value(&a->value, &b->value) && bfl_decimal_compare(a->against, b->against) == 0);
}

bool serum_findings_alike(const serum_findings *a, const serum_findings *b) {
    if (a->count != b->count) return false;
    for (size_t i = 0; i < a->count; i++)
        if (!alike(&a->items[i], &b->items[i])) return false;
    return true;
}

void serum_findings_tell(inquiry *q, const serum_findings *found) {
    for (size_t i = 0; i < found->count; i++) {
        serum_finding f = found->items[i];
        if (f.measured) bfl_event_push(q->arena, &f.events, f.value.event.kind, f.value.event.index);
        f.tell(q, &f);
    }
}
