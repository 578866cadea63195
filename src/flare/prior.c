/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The prior. Between the last study on which bone was not yet worse (day a of the therapy) and the one on which it is (day b),
 * either a flare began or progression did. With I the share of patients who flare, F the distribution of the day it begins, and h
 * the rate of bone progression:
 *
 *   flare = I (F(b) - F(a)) / (1 - I F(a)),   progression = 1 - exp(-h (H(b) - H(a))),   prior odds = flare : progression.
 *
 * Progression counts from the smallest burden, so a lesion first has to shrink and grow again: its rate is small at the start and
 * rises to a constant one with the time of regrowth r, H(t) = k (t - r (1 - exp(-t / r))). The published rates are means over a
 * stretch of therapy, and k makes H of that stretch its length.
 *
 * Where b - a is longer than imaging usually is, the record probably lacks a study between: both chances are then mixed of those of
 * the usual interval and of the whole gap.
 *
 * Where lesions known before only mature, the healing may as well have begun on any day since the start: its chance is mixed of the
 * one above and of I F(b).
 *
 * I (a beta distribution), h and the median of F (both log-normal) are uncertain. Each is moved by one standard deviation up and
 * down; half of what the logarithm of the odds moves is its share of the standard deviation of the prior.
 */
#include "flare/prior.h"

#include <math.h>

/* The series that speaks for a combination, a tumour and a histology: first match wins; NULL = any. */
static const struct {
    const char *class_id, *tumour;
    bfl_rule_index rule, onset;
} settings[] = {
    {"egfr_tki_3", NULL, BFL_RULE_FLARE_PRIOR_EGFR_TKI_3, BFL_RULE_FLARE_ONSET_GENERAL},
    {"egfr_tki_1", NULL, BFL_RULE_FLARE_PRIOR_EGFR_TKI_1, BFL_RULE_FLARE_ONSET_EGFR_TKI},
    {"egfr_tki_2", NULL, BFL_RULE_FLARE_PRIOR_EGFR_TKI_2, BFL_RULE_FLARE_ONSET_EGFR_TKI},
    {"alk_tki", NULL, BFL_RULE_FLARE_PRIOR_ALK_TKI, BFL_RULE_FLARE_ONSET_EGFR_TKI},
    {"ros1_tki", NULL, BFL_RULE_FLARE_PRIOR_ALK_TKI, BFL_RULE_FLARE_ONSET_EGFR_TKI},
    {"ici", NULL, BFL_RULE_FLARE_PRIOR_ICI, BFL_RULE_FLARE_ONSET_GENERAL},
    {"vegf", NULL, BFL_RULE_FLARE_PRIOR_VEGF_COMBINATION, BFL_RULE_FLARE_ONSET_GENERAL},
    {"androgen_axis", NULL, BFL_RULE_FLARE_PRIOR_ANDROGEN_AXIS, BFL_RULE_FLARE_ONSET_GENERAL},
    {"braf_mek", NULL, BFL_RULE_FLARE_PRIOR_TARGETED, BFL_RULE_FLARE_ONSET_GENERAL},
    {"met_inhibitor", NULL, BFL_RULE_FLARE_PRIOR_TARGETED, BFL_RULE_FLARE_ONSET_GENERAL},
    {"ret_inhibitor", NULL, BFL_RULE_FLARE_PRIOR_TARGETED, BFL_RULE_FLARE_ONSET_GENERAL},
    {"kras_g12c", NULL, BFL_RULE_FLARE_PRIOR_TARGETED, BFL_RULE_FLARE_ONSET_GENERAL},
    {"endocrine", "prostate", BFL_RULE_FLARE_PRIOR_ENDOCRINE_PROSTATE, BFL_RULE_FLARE_ONSET_GENERAL},
    {"endocrine", NULL, BFL_RULE_FLARE_PRIOR_ENDOCRINE, BFL_RULE_FLARE_ONSET_BREAST},
    {"chemotherapy", "breast", BFL_RULE_FLARE_PRIOR_CHEMOTHERAPY_BREAST, BFL_RULE_FLARE_ONSET_BREAST},
    {"chemotherapy", "small cell", BFL_RULE_FLARE_PRIOR_CHEMOTHERAPY_SCLC, BFL_RULE_FLARE_ONSET_GENERAL},
    {"chemotherapy", NULL, BFL_RULE_FLARE_PRIOR_CHEMOTHERAPY, BFL_RULE_FLARE_ONSET_GENERAL},
};
enum { SETTING_COUNT = sizeof settings / sizeof *settings };

/* ---- the setting of this patient ---- */

static bool in_force(const inquiry *q, const bfl_therapy *t) {
    int32_t washout = bfl_rule_days(q->findings->rulebook, BFL_NUM_FLARE_WINDOW__WASHOUT_DAYS),
            day = q->episode->first_day;
    if (t->intent != BFL_INTENT_ANTICANCER || !t->start.known || t->start.day > day) return false;
    return !t->stop.known || t->stop.day + washout >= day;
}

static bool mentions(const char *text, const char *word) {
    return bfl_text_find_nocase(bfl_text_of(text ? text : ""), bfl_text_of(word)) != SIZE_MAX;
}

/* Written "small cell", "small-cell" or "SCLC"; "non-small cell" is another disease. */
static bool small_cell(const bfl_patient *p) {
    bool named = mentions(p->histology, "small cell") || mentions(p->histology, "small-cell") ||
                 mentions(p->histology, "sclc") || mentions(p->tumour, "sclc");
    return named && !mentions(p->histology, "non") && !mentions(p->histology, "nsclc") && !mentions(p->tumour, "nsclc");
}

static bool about_tumour(const bfl_patient *p, const char *tumour) {
    if (!tumour) return true;
    return bfl_text_equal(bfl_text_of(tumour), BFL_TEXT("small cell")) ? small_cell(p) : mentions(p->tumour, tumour);
}

/* Index into settings, SETTING_COUNT when no drug class is known. */
static size_t setting_of(const inquiry *q) {
    const bfl_record *record = q->findings->record;
    size_t best = SETTING_COUNT;
    for (size_t i = 0; i < record->therapy_count; i++) {
        const bfl_therapy *t = &record->therapies[i];
        if (!in_force(q, t) && t != q->episode->therapy) continue;
        for (size_t k = 0; k < best; k++)
            if (bfl_text_equal(bfl_text_of(t->class_id), bfl_text_of(settings[k].class_id)) &&
                about_tumour(&record->patient, settings[k].tumour))
                best = k;
    }
    return best;
}

static bool later_line(const bfl_therapy *t) {
    for (const char *c = t->line ? t->line : ""; *c; c++)
        if (*c >= '0' && *c <= '9') return *c >= '2' || (c[1] >= '0' && c[1] <= '9');
    return false;
}

static bool sees_by_tracer(bfl_modality m) { return m == BFL_MODALITY_NAF_PET || m == BFL_MODALITY_PSMA_PET; }

/* Does everything that looks worse at the first worse study come from NaF or PSMA PET? */
static bool by_tracer_alone(const inquiry *q) {
    if (!q->episode->imaging) return false;
    const bone_study *first = &q->episode->studies[q->episode->first];
    for (size_t i = 0; i < first->row_count; i++)
        if (first->rows[i].signs && !sees_by_tracer(q->findings->record->lesions[first->rows[i].index].modality))
            return false;
    return true; /* it is worse, so there are rows */
}

/* ---- the densities ---- */

typedef struct competition {
    double logit_incidence, logit_incidence_sd;
    double log_hazard, log_hazard_sd; /* a day, mean over `stretch` */
    double regrowth, stretch;         /* days */
    double worth, worth_usual;        /* days at the mean rate from `from` to `to`, and from `usual_from` */
    double log_median, log_median_sd; /* days */
    double log_spread;
    double late, late_until;     /* share of flares spread evenly over that many days */
    double from, to, usual_from; /* usual_from: where a study was probably done and not written down; else = from */
    double unlisted;             /* probability of that */
    double since_start; /* probability that what is seen began on any day since the start: lesions only mature */
    double log_misread, log_misread_sd; /* chance that the study looks worse and nothing changed */
    bool read;                          /* from images: that chance counts */
} competition;

/* A day: its logarithm, and how many of the late flares have begun by it. */
typedef struct day_reached {
    double day, log_day, late;
} day_reached;

static day_reached reached(const competition *c, double day) {
    if (day <= 0) return (day_reached){.day = 0};
    return (day_reached){day, log(day), day < c->late_until ? day / c->late_until : 1};
}

/* The share of flares that has begun by a day. */
static double begun(const competition *c, double log_median, const day_reached *d) {
    if (d->day <= 0) return 0;
    double usual = erfc((log_median - d->log_day) / (c->log_spread * sqrt(2))) / 2;
    return (1 - c->late) * usual + c->late * d->late;
}

/* The days that count. */
typedef struct days_reached {
    day_reached to, from, usual;
} days_reached;

static days_reached all_reached(const competition *c) {
    return (days_reached){.to = reached(c, c->to),
                          .from = reached(c, c->from),
                          .usual = reached(c, c->usual_from > c->from ? c->usual_from : 0)};
}

/* The share of flares that has begun by them, with one median. */
typedef struct share_begun {
    double by_to, by_from, by_usual;
} share_begun;

static share_begun all_begun(const competition *c, double log_median, const days_reached *d) {
    share_begun b = {begun(c, log_median, &d->to), begun(c, log_median, &d->from), 0};
    b.by_usual = c->usual_from > c->from ? begun(c, log_median, &d->usual) : b.by_from;
    return b;
}

static double flare_begins_between(const competition *c, double share, const share_begun *b) {
    double whole = share * (b->by_to - b->by_from) / (1 - share * b->by_from);
    if (c->usual_from <= c->from) return whole;
    return (1 - c->unlisted) * whole + c->unlisted * share * (b->by_to - b->by_usual) / (1 - share * b->by_usual);
}

static double share_of(double logit) { return 1 / (1 + exp(-logit)); }

/* Healing, or a reading that looks worse where nothing changed. */
static double flare_begins(const competition *c, double share, const share_begun *b, double misread) {
    double since = share * b->by_to;
    double heals = c->since_start * since + (1 - c->since_start) * flare_begins_between(c, share, b);
    return c->read ? heals + (1 - heals) * misread : heals;
}

static double progression_begins(const competition *c, double log_hazard) {
    double hazard = exp(log_hazard), whole = -expm1(-hazard * c->worth);
    if (c->usual_from <= c->from) return whole;
    return (1 - c->unlisted) * whole - c->unlisted * expm1(-hazard * c->worth_usual);
}

static double half_move(double up, double down) { return fabs(log(up / down)) / 2; }

static double by_reading(const competition *c, double share, const share_begun *b) {
    if (!c->read) return 0;
    return half_move(flare_begins(c, share, b, exp(c->log_misread + c->log_misread_sd)),
                     flare_begins(c, share, b, exp(c->log_misread - c->log_misread_sd)));
}

static void compete(const competition *c, bfl_onset *onset) {
    double i = c->logit_incidence, is = c->logit_incidence_sd, h = c->log_hazard, hs = c->log_hazard_sd;
    double share = share_of(i), misread = c->read ? exp(c->log_misread) : 0;
    const days_reached days = all_reached(c);
    share_begun m = all_begun(c, c->log_median, &days), late = all_begun(c, c->log_median + c->log_median_sd, &days),
                early = all_begun(c, c->log_median - c->log_median_sd, &days);
    onset->flare = flare_begins(c, share, &m, misread);
    onset->progression = progression_begins(c, h);
    onset->log_odds = log(onset->flare) - log(onset->progression);
    double incidence =
        half_move(flare_begins(c, share_of(i + is), &m, misread), flare_begins(c, share_of(i - is), &m, misread));
    double median = half_move(flare_begins(c, share, &late, misread), flare_begins(c, share, &early, misread));
    double hazard = half_move(progression_begins(c, h + hs), progression_begins(c, h - hs));
    double reading = by_reading(c, share, &m);
    onset->log_odds_sd = sqrt(incidence * incidence + median * median + hazard * hazard + reading * reading);
}

/* ---- from the rulebook ---- */

static const bfl_rule *used(const inquiry *q, bfl_onset *onset, bfl_rule_index index) {
    const bfl_rule *rule = bfl_rule_of(q->findings->rulebook, index);
    onset->rules[onset->rule_count++] = rule;
    return rule;
}

static void set_rates(const inquiry *q, competition *c, const bfl_rule *flare, const bfl_rule *progression) {
    const bfl_rulebook *book = q->findings->rulebook;
    c->regrowth = bfl_rule_double(book, BFL_NUM_FLARE_ONSET_PROGRESSION__REGROWTH_DAYS);
    c->stretch = bfl_rule_double(book, BFL_NUM_FLARE_ONSET_PROGRESSION__STRETCH_DAYS);
    const bfl_beginning *begins = bfl_rule_beginning(book, flare);
    const bfl_beginning *goes_on = bfl_rule_beginning(book, progression);
    c->logit_incidence = begins->logit_incidence;
    c->logit_incidence_sd = begins->logit_incidence_sd;
    c->log_hazard = goes_on->log_hazard;
    c->log_hazard_sd = goes_on->log_hazard_sd;
}

static void set_onset(const inquiry *q, competition *c, const bfl_rule *onset) {
    const bfl_rulebook *book = q->findings->rulebook;
    const bfl_beginning *begins = bfl_rule_beginning(book, onset);
    c->log_median = begins->log_median;
    c->log_median_sd = begins->log_median_sd;
    c->log_spread = begins->log_spread;
    c->late = bfl_rule_double(book, BFL_NUM_FLARE_ONSET_LATE__LATE_FRACTION);
    c->late_until = bfl_rule_double(book, BFL_NUM_FLARE_ONSET_LATE__UNTIL_DAYS);
}

/* Healing that a series of flares did not count: sclerosis of known lesions is far more frequent than what is called a flare. */
static void set_maturing(const inquiry *q, competition *c, bfl_onset *onset) {
    const bfl_rulebook *book = q->findings->rulebook;
    const bfl_beginning *sclerosis = bfl_rule_beginning(book, used(q, onset, BFL_RULE_FLARE_ONSET_MATURING));
    if (sclerosis->logit_incidence > c->logit_incidence) {
        c->logit_incidence = sclerosis->logit_incidence;
        c->logit_incidence_sd = sclerosis->logit_incidence_sd;
    }
    c->since_start = bfl_rule_double(book, BFL_NUM_FLARE_ONSET_MATURING__SINCE_START_FRACTION);
}

static void modify(const inquiry *q, competition *c, bfl_onset *onset) {
    const bfl_rulebook *book = q->findings->rulebook;
    if (by_tracer_alone(q)) {
        (void)used(q, onset, BFL_RULE_FLARE_MODALITY_TRACER);
        c->logit_incidence += log(bfl_rule_double(book, BFL_NUM_FLARE_MODALITY_TRACER__INCIDENCE_ODDS_RATIO));
    }
    if (later_line(q->episode->therapy)) {
        (void)used(q, onset, BFL_RULE_FLARE_LINE_LATER);
        double sd = bfl_rule_range_sd(book, bfl_rule_double(book, BFL_NUM_FLARE_LINE_LATER__HAZARD_LOW_RATIO),
                                      bfl_rule_double(book, BFL_NUM_FLARE_LINE_LATER__HAZARD_HIGH_RATIO));
        c->log_hazard += log(bfl_rule_double(book, BFL_NUM_FLARE_LINE_LATER__HAZARD_RATIO));
        c->log_hazard_sd = hypot(c->log_hazard_sd, sd);
    }
}

/* Of the studies before the one judged: those before the first worse one; where that is longer ago than findings count, those
 * without new trouble. */
static bool not_yet_worse(const inquiry *q, size_t s) {
    const episode *e = q->episode;
    int32_t window = bfl_rule_days(q->findings->rulebook, BFL_NUM_FLARE_WINDOW__CURRENT_DAYS);
    bool one_event = e->studies[e->judged].day - e->first_day <= window;
    return one_event ? s < e->first : !study_new_trouble(&e->studies[s]);
}

/* The last bone study (or value of ALP) of this therapy on which it was not yet worse, else its start; in days of the therapy. */
static int32_t not_worse_on(const inquiry *q) {
    const episode *e = q->episode;
    int32_t start = e->therapy->start.day, judged = start + e->therapy_day;
    int32_t from = e->after_day > start ? e->after_day : start;
    for (size_t s = 0; e->imaging && s < e->judged; s++)
        if (not_yet_worse(q, s) && e->studies[s].day > from) from = e->studies[s].day;
    const bfl_marker *alp = e->serum ? bfl_markers_find(q->findings->markers, "ALP") : NULL;
    for (size_t i = 0; alp && i < alp->point_count; i++)
        if (alp->points[i].day < judged && alp->points[i].day > from) from = alp->points[i].day;
    return from - start;
}

/* Days of the last, constant rate that the rising one is worth by a day. */
static double worth_by(const competition *c, double day) { return day + c->regrowth * expm1(-day / c->regrowth); }

static void set_window(const inquiry *q, competition *c, int32_t from, int32_t to) {
    const bfl_rulebook *book = q->findings->rulebook;
    c->to = to > 0 ? to : 1;
    c->from = from < c->to ? from : c->to - 1;
    double usual = c->to - bfl_rule_double(book, BFL_NUM_FLARE_ONSET_WINDOW__INTERVAL_DAYS);
    c->usual_from = usual > c->from ? usual : c->from;
    c->unlisted = bfl_rule_double(book, BFL_NUM_FLARE_ONSET_WINDOW__UNLISTED_FRACTION);
    double by_to = worth_by(c, c->to), mean = c->stretch / worth_by(c, c->stretch);
    c->worth = mean * (by_to - worth_by(c, c->from));
    c->worth_usual = mean * (by_to - worth_by(c, c->usual_from));
}

static void set_misreading(const inquiry *q, competition *c, bfl_onset *onset, bool faint) {
    const bfl_rulebook *book = q->findings->rulebook;
    (void)used(q, onset, BFL_RULE_FLARE_ONSET_MISREAD);
    c->read = true;
    c->log_misread = log(bfl_rule_double(book, faint ? BFL_NUM_FLARE_ONSET_MISREAD__STUDY_FRACTION
                                                     : BFL_NUM_FLARE_ONSET_MISREAD__STRIKING_FRACTION));
    c->log_misread_sd = bfl_rule_range_sd(book, bfl_rule_double(book, BFL_NUM_FLARE_ONSET_MISREAD__STUDY_LOW_FRACTION),
                                          bfl_rule_double(book, BFL_NUM_FLARE_ONSET_MISREAD__STUDY_HIGH_FRACTION));
}

/* Is what looks worse faint: density and size of known lesions, no new one, no change of structure, no rise of FDG, no reader who
 * is sure? */
static bool faintly_worse(const inquiry *q) {
    static const sign striking[] = {SIGN_NEW_BLASTIC,   SIGN_NEW_LYTIC,    SIGN_NEW_UNSTATED, SIGN_SCLEROSED,
                                    SIGN_LESS_DENSE,    SIGN_LYTIC_GROWTH, SIGN_SOFT_MASS,    SIGN_PROGRESSED,
                                    SIGN_PROGRESSED_CT, SIGN_FDG_UP};
    const episode *e = q->episode;
    if (!e->imaging) return false;
    for (size_t i = 0; i < sizeof striking / sizeof *striking; i++)
        if (study_shows(&e->studies[e->judged], striking[i])) return false;
    return true;
}

/* Does the study judged show nothing but healing that goes on? */
static bool only_matures(const inquiry *q) {
    const episode *e = q->episode;
    return e->imaging && study_only_matures(&e->studies[e->judged]);
}

static void publish(const competition *c, bfl_bone *bone) {
    bfl_onset *onset = &bone->onset;
    onset->from_day = (int32_t)c->from;
    onset->to_day = (int32_t)c->to;
    compete(c, onset);
    bone->prior_rule = onset->rules[0];
}

static bfl_rule_index window_rule(const inquiry *q) {
    const bfl_rulebook *book = q->findings->rulebook;
    int32_t day = q->episode->therapy_day;
    if (day <= bfl_rule_days(book, BFL_NUM_FLARE_TIME_USUAL__TO_DAYS)) return BFL_RULE_FLARE_TIME_USUAL;
    if (day <= bfl_rule_days(book, BFL_NUM_FLARE_TIME_LATE__TO_DAYS)) return BFL_RULE_FLARE_TIME_LATE;
    const episode *e = q->episode;
    bool trouble = e->imaging && study_new_trouble(&e->studies[e->judged]);
    return trouble ? BFL_RULE_FLARE_TIME_VERY_LATE_NEW : BFL_RULE_FLARE_TIME_VERY_LATE;
}

void prior_set(inquiry *q, bfl_bone *bone) {
    competition c = {0};
    bfl_onset *onset = &bone->onset;
    size_t at = setting_of(q);
    bool known = at < SETTING_COUNT, serum = q->episode->serum;
    const bfl_rule *setting = used(q, onset, known ? settings[at].rule : BFL_RULE_FLARE_PRIOR_UNKNOWN);
    const bfl_rule *begins = used(q, onset,
                                  serum   ? BFL_RULE_FLARE_ONSET_SERUM
                                  : known ? settings[at].onset
                                          : BFL_RULE_FLARE_ONSET_GENERAL);
    set_rates(q, &c, serum ? used(q, onset, BFL_RULE_FLARE_PRIOR_SERUM) : setting, setting);
    set_onset(q, &c, begins);
    modify(q, &c, onset);
    set_window(q, &c, not_worse_on(q), q->episode->therapy_day);
    bool late = q->episode->therapy_day > bfl_rule_days(q->findings->rulebook, BFL_NUM_FLARE_TIME_USUAL__TO_DAYS);
    bool faint = faintly_worse(q);
    if (!serum && (late || faint)) set_misreading(q, &c, onset, faint);
    if (only_matures(q)) set_maturing(q, &c, onset);
    publish(&c, bone);
    evidence_add(q, window_rule(q), NULL, "day %d of %s", q->episode->therapy_day, q->episode->therapy->drug);
}

void prior_set_undated(inquiry *q, bfl_bone *bone) {
    competition c = {0};
    const bfl_rule *setting = used(q, &bone->onset, BFL_RULE_FLARE_PRIOR_UNKNOWN);
    set_rates(q, &c, setting, setting);
    set_onset(q, &c, used(q, &bone->onset, BFL_RULE_FLARE_ONSET_GENERAL));
    set_window(q, &c, 0, bfl_rule_days(q->findings->rulebook, BFL_NUM_FLARE_TIME_USUAL__TO_DAYS));
    publish(&c, bone);
}
