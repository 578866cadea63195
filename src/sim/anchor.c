/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Published series, simulated: each with the drug, the days and the definitions of its paper as far as they are known, and each
 * figure beside the one printed. Definitions that a paper leaves open are rules "sim.anchor.*_design".
 */
#include "sim/body.h"

#include <math.h>

struct bfl_sim_calibration {
    bfl_arena *arena;
    BFL_LIST(bfl_sim_anchor) anchors;
};

/* Numbers of a series, for shares, means and medians. */
typedef struct sample {
    BFL_LIST(double) values;
} sample;

typedef struct series {
    bfl_arena *arena, *scratch; /* of the samples; of one person */
    const bfl_rulebook *rulebook;
    const bfl_sim_options *options;
    size_t patients;
    bfl_sim_calibration *out;
} series;

static void note(series *s, sample *to, double value) { *BFL_PUSH(s->arena, &to->values) = value; }

static double mean(const sample *x) {
    double sum = 0;
    for (size_t i = 0; i < x->values.count; i++) sum += x->values.items[i];
    return x->values.count ? sum / (double)x->values.count : 0;
}

static double median(const series *s, const sample *x) {
    if (x->values.count == 0) return 0;
    const double *sorted = bfl_num_sorted(s->arena, x->values.items, x->values.count);
    return (sorted[(x->values.count - 1) / 2] + sorted[x->values.count / 2]) / 2;
}

/* ---- comparing ---- */

static bool read_figure(const bfl_rule *rule, const char *key, double *out, const char **unit) {
    size_t length = bfl_text_of(key).size;
    for (size_t i = 0; i < rule->parameter_count; i++) {
        const bfl_parameter *p = &rule->parameters[i];
        if (!bfl_text_starts(bfl_text_of(p->key), bfl_text_of(key))) continue;
        *unit = p->key + length;
        *out = bfl_decimal_double(p->number);
        return true;
    }
    return false;
}

static void compare(series *s, const char *name, double simulated, size_t patients) {
    const bfl_rule *rule = bfl_rule_named(s->rulebook, "sim.anchor.", name);
    bfl_sim_anchor *a = BFL_PUSH(s->arena, &s->out->anchors);
    *a = (bfl_sim_anchor){.rule = rule, .unit = "", .simulated = simulated, .patients = patients};
    a->printed = read_figure(rule, "published_", &a->published, &a->unit);
    bool band = read_figure(rule, "low_", &a->low, &a->unit) && read_figure(rule, "high_", &a->high, &a->unit);
    a->fits = band && patients > 0 && simulated >= a->low && simulated <= a->high;
}

static void compare_share(series *s, const char *name, const sample *x) { compare(s, name, mean(x), x->values.count); }
static void compare_median(series *s, const char *name, const sample *x) {
    compare(s, name, median(s, x), x->values.count);
}

/* ---- looking at a person ---- */

static bool in_bone(const sim_lesion *l) { return l->organ == BFL_ORGAN_BONE; }

static double uptake(const sim_lesion *l, size_t at) { return fmax(0, sim_value(l, at, SIM_UPTAKE)); }

typedef struct scan {
    double total; /* uptake of all foci that can be seen */
    size_t foci;  /* seen */
    size_t fresh; /* of them not seen at baseline */
} scan;

static scan scan_on(const sim_person *p, double day) {
    double seen = sim_number(p, BFL_NUM_SIM_IMAGE_UPTAKE__SEEN_RATIO);
    size_t at = sim_index(p, day);
    scan s = {0, 0, 0};
    for (size_t i = 0; i < p->lesion_count; i++) {
        const sim_lesion *l = &p->lesions[i];
        if (!in_bone(l) || uptake(l, at) < seen) continue;
        s.total += uptake(l, at) - 1;
        s.foci++;
        s.fresh += uptake(l, 0) < seen;
    }
    return s;
}

/* Read as worse: enough new foci, or so much more uptake in all. */
static bool scan_worse(const sim_person *p, double day) {
    scan before = scan_on(p, p->at[0]), now = scan_on(p, day);
    size_t fresh = (size_t)sim_number(p, BFL_NUM_SIM_ANCHOR_SCAN_DESIGN__NEW_FOCI_COUNT);
    double ratio = sim_number(p, BFL_NUM_SIM_ANCHOR_SCAN_DESIGN__WORSE_RATIO);
    return now.fresh >= fresh || (before.foci > 0 && now.total >= before.total * ratio);
}

static bool scan_better(const sim_person *p, double later, double than) {
    return scan_on(p, later).total < scan_on(p, than).total;
}

static bool seen_on_ct(const sim_person *p, const sim_lesion *l, size_t at) {
    double away = sim_hu(p, l, at) - sim_number(p, BFL_NUM_SIM_IMAGE_DENSITY__NORMAL_HU);
    return fabs(away) >= sim_number(p, BFL_NUM_SIM_IMAGE_DENSITY__VISIBLE_HU);
}

/* New sclerosis: seen, dense, and not seen before therapy. */
static bool new_blastic(const sim_person *p, const sim_lesion *l, size_t at) {
    return !seen_on_ct(p, l, 0) && seen_on_ct(p, l, at) && sim_hu(p, l, at) > sim_hu(p, l, 0);
}

static bool any_new_blastic(const sim_person *p, double day) {
    for (size_t i = 0; i < p->lesion_count; i++)
        if (in_bone(&p->lesions[i]) && new_blastic(p, &p->lesions[i], sim_index(p, day))) return true;
    return false;
}

static bool any_denser(const sim_person *p, double day, double hu) {
    for (size_t i = 0; i < p->lesion_count; i++)
        if (in_bone(&p->lesions[i]) &&
            sim_hu(p, &p->lesions[i], sim_index(p, day)) - sim_hu(p, &p->lesions[i], 0) >= hu)
            return true;
    return false;
}

static double alp_percent(const sim_person *p, double day) {
    return 100 * sim_alp(p, sim_index(p, day)) / sim_alp(p, 0);
}

static bool progressed(const sim_person *p, double day) { return p->truth->progression_day <= day; }
static bool anywhere(const sim_person *p, double day) { return progressed(p, day) || p->truth->outside_day <= day; }

/* ---- one person after the other ---- */

typedef struct study study;
typedef void (*look)(study *y, const sim_person *p, bfl_random *r);

enum { SAMPLES_SIZE = 8 };

struct study {
    series *s;
    const char *class_id;
    look each;
    uint64_t number;
    sample samples[SAMPLES_SIZE];
};

static bfl_status one(bfl_arena *arena, void *context, bfl_error *err) {
    study *y = context;
    bfl_sim_options options = {.struct_size = sizeof options, .class_id = y->class_id};
    if (y->s->options) options.seed = y->s->options->seed;
    if (y->s->options) options.world = y->s->options->world;
    sim_person p;
    sim_schedule schedule;
    bfl_status status = sim_begin(&p, y->s->rulebook, &options, y->number, err);
    if (status) return status;
    p.item = y->number;
    status = sim_live(arena, &p, &schedule, err);
    if (status) return status;
    bfl_random r = sim_stream(&p, SIM_FOR_ANCHORS);
    y->each(y, &p, &r);
    return BFL_OK;
}

static bfl_status walk(study *y, const char *class_id, size_t patients, look each, bfl_error *err) {
    bfl_status status = BFL_OK;
    y->class_id = class_id;
    y->each = each;
    for (y->number = 0; y->number < patients && !status; y->number++) {
        status = bfl_arena_run(y->s->scratch, one, y, err);
        bfl_arena_reset(y->s->scratch);
    }
    return status;
}

static void say(study *y, int which, double value) { note(y->s, &y->samples[which], value); }

/* ---- Chao 2009: gefitinib, a bone scan within three months, another one later ---- */

static void look_chao(study *y, const sim_person *p, bfl_random *r) {
    double day = bfl_random_between(r, sim_number(p, BFL_NUM_SIM_ANCHOR_CHAO_DESIGN__FIRST_LOW_DAYS),
                                    sim_number(p, BFL_NUM_SIM_ANCHOR_CHAO_DESIGN__FIRST_HIGH_DAYS));
    double later = sim_number(p, BFL_NUM_SIM_ANCHOR_CHAO_DESIGN__LATER_DAYS);
    bool flare = scan_worse(p, day) && scan_better(p, later, day) && !progressed(p, later);
    say(y, 0, flare);
    if (flare) say(y, 1, day);
}

static bfl_status chao(series *s, bfl_error *err) {
    study y = {.s = s};
    bfl_status status = walk(&y, "egfr_tki_1", s->patients, look_chao, err);
    if (status) return status;
    compare_share(s, "chao_share", &y.samples[0]);
    compare_median(s, "chao_day", &y.samples[1]);
    return BFL_OK;
}

/* ---- Shi 2021: CT every six weeks under four treatments ---- */

enum { SHI_FLARE, SHI_DAY, SHI_ALP_BENEFIT, SHI_ALP_FLARE, SHI_ALP_PROGRESSION, SHI_ROSE };

static void look_shi(study *y, const sim_person *p, bfl_random *r) {
    double every = sim_number(p, BFL_NUM_SIM_ANCHOR_SHI_DESIGN__EVERY_DAYS),
           last = sim_number(p, BFL_NUM_SIM_ANCHOR_SHI_DESIGN__LAST_DAYS);
    double denser = sim_number(p, BFL_NUM_SIM_ANCHOR_SHI_DESIGN__DENSER_HU), when = 0;
    double late = bfl_random_below(r, (uint32_t)sim_number(p, BFL_NUM_SIM_ANCHOR_SHI_DESIGN__LATE_DAYS));
    bool noticed = bfl_random_chance(r, sim_number(p, BFL_NUM_SIM_ANCHOR_SHI_DESIGN__NOTICED_FRACTION));
    for (double day = every; noticed && day <= last && when <= 0 && !anywhere(p, day); day += every)
        if (any_new_blastic(p, day) || any_denser(p, day, denser)) when = day + late;
    say(y, SHI_FLARE, when > 0);
    if (when > 0) say(y, SHI_DAY, when);
    double alp = alp_percent(p, last);
    bool failed = anywhere(p, last);
    say(y, failed ? SHI_ALP_PROGRESSION : when > 0 ? SHI_ALP_FLARE : SHI_ALP_BENEFIT, alp);
    if (failed || when <= 0) return;
    double early = alp_percent(p, sim_number(p, BFL_NUM_SIM_ANCHOR_SHI_DESIGN__EARLY_DAYS));
    say(y, SHI_ROSE, early > 100 + sim_number(p, BFL_NUM_SIM_ANCHOR_SHI_DESIGN__ROSE_PERCENT));
}

static bfl_status shi(series *s, bfl_error *err) {
    static const struct {
        const char *class_id;
        bfl_number_index patients;
    } arms[] = {{"vegf", BFL_NUM_SIM_ANCHOR_SHI_DESIGN__VEGF_PATIENTS},
                {"ici", BFL_NUM_SIM_ANCHOR_SHI_DESIGN__ICI_PATIENTS},
                {"chemotherapy", BFL_NUM_SIM_ANCHOR_SHI_DESIGN__CHEMOTHERAPY_PATIENTS},
                {"egfr_tki_1", BFL_NUM_SIM_ANCHOR_SHI_DESIGN__TKI_PATIENTS}};
    study y = {.s = s};
    double all = 0;
    for (size_t i = 0; i < sizeof arms / sizeof *arms; i++) all += bfl_rule_double(s->rulebook, arms[i].patients);
    for (size_t i = 0; i < sizeof arms / sizeof *arms; i++) {
        double share = bfl_rule_double(s->rulebook, arms[i].patients) / all;
        bfl_status status = walk(&y, arms[i].class_id, (size_t)ceil(share * (double)s->patients), look_shi, err);
        if (status) return status;
    }
    compare_share(s, "shi_share", &y.samples[SHI_FLARE]);
    compare_median(s, "shi_day", &y.samples[SHI_DAY]);
    compare_median(s, "shi_alp_benefit", &y.samples[SHI_ALP_BENEFIT]);
    compare_median(s, "shi_alp_flare", &y.samples[SHI_ALP_FLARE]);
    compare_median(s, "shi_alp_progression", &y.samples[SHI_ALP_PROGRESSION]);
    compare_share(s, "shi_rose_first", &y.samples[SHI_ROSE]);
    return BFL_OK;
}

/* ---- Kanaoka 2023: first CT on osimertinib; Brouns 2023: new or progressive bone in the whole course ---- */

static void look_osimertinib(study *y, const sim_person *p, bfl_random *r) {
    double day = sim_number(p, BFL_NUM_SIM_ANCHOR_KANAOKA_DESIGN__FIRST_CT_DAYS);
    (void)r;
    say(y, 0, any_denser(p, day, sim_number(p, BFL_NUM_SIM_IMAGE_DENSITY__READER_STEP_HU)) || any_new_blastic(p, day));
}

static bfl_status kanaoka(series *s, bfl_error *err) {
    study y = {.s = s};
    bfl_status status = walk(&y, "egfr_tki_3", s->patients, look_osimertinib, err);
    if (!status) compare_share(s, "kanaoka_share", &y.samples[0]);
    return status;
}

/* ---- Stattaus 2009: SCLC under chemotherapy, CT ---- */

static void look_stattaus(study *y, const sim_person *p, bfl_random *r) {
    double day = sim_number(p, BFL_NUM_SIM_ANCHOR_STATTAUS_DESIGN__CT_DAYS);
    size_t at = sim_index(p, day);
    (void)r;
    if (progressed(p, day)) return;
    say(y, 0, any_new_blastic(p, day));
    for (size_t i = 0; i < p->lesion_count; i++) {
        const sim_lesion *l = &p->lesions[i];
        if (in_bone(l) && (new_blastic(p, l, at) || (seen_on_ct(p, l, 0) && sim_hu(p, l, at) > sim_hu(p, l, 0))))
            say(y, 1, sim_hu(p, l, at) - sim_hu(p, l, 0));
    }
}

static bfl_status stattaus(series *s, bfl_error *err) {
    study y = {.s = s};
    bfl_status status = walk(&y, "chemotherapy_sclc", s->patients, look_stattaus, err);
    if (status) return status;
    compare_share(s, "stattaus_new", &y.samples[0]);
    compare_share(s, "stattaus_hu", &y.samples[1]);
    return BFL_OK;
}

/* ---- Lemieux 2002: NSCLC under chemotherapy, worse bone scans ---- */

static void look_lemieux(study *y, const sim_person *p, bfl_random *r) {
    double day = bfl_random_between(r, sim_number(p, BFL_NUM_SIM_ANCHOR_LEMIEUX_DESIGN__SCAN_LOW_DAYS),
                                    sim_number(p, BFL_NUM_SIM_ANCHOR_LEMIEUX_DESIGN__SCAN_HIGH_DAYS));
    double later = day + sim_number(p, BFL_NUM_SIM_ANCHOR_LEMIEUX_DESIGN__LATER_DAYS);
    bool worse = scan_worse(p, day);
    say(y, 0, worse);
    if (worse) say(y, 1, scan_better(p, later, day) && !progressed(p, later));
}

static bfl_status lemieux(series *s, bfl_error *err) {
    study y = {.s = s};
    bfl_status status = walk(&y, "chemotherapy", s->patients, look_lemieux, err);
    if (status) return status;
    compare_share(s, "lemieux_worse", &y.samples[0]);
    compare_share(s, "lemieux_confirmed", &y.samples[1]);
    return BFL_OK;
}

/* ---- Hong 2016: first progression in bone under an EGFR-TKI ---- */

static void look_hong(study *y, const sim_person *p, bfl_random *r) {
    const bfl_truth *t = p->truth;
    bool any = t->progression_day != BFL_TRUTH_NEVER || t->outside_day != BFL_TRUTH_NEVER;
    bool first = any && t->progression_day <= t->outside_day;
    (void)r;
    if (any) say(y, 0, first);
    if (first) say(y, 1, t->progression_day);
}

static bfl_status hong(series *s, bfl_error *err) {
    study y = {.s = s};
    bfl_status status = walk(&y, "egfr_tki_1", s->patients, look_hong, err);
    if (status) return status;
    compare_share(s, "hong_bone_first", &y.samples[0]);
    compare_median(s, "hong_day", &y.samples[1]);
    return BFL_OK;
}

/* ---- Jung 2022: breast and prostate, worse bone scans; ALP stable or falling speaks for flare ---- */

enum { JUNG_FLARE, JUNG_CALM_IN_FLARE, JUNG_CALM_IN_PROGRESSION };

static void look_jung(study *y, const sim_person *p, bfl_random *r) {
    double low = sim_number(p, BFL_NUM_SIM_ANCHOR_JUNG_DESIGN__SCAN_LOW_DAYS),
           high = sim_number(p, BFL_NUM_SIM_ANCHOR_JUNG_DESIGN__SCAN_HIGH_DAYS);
    double day = bfl_random_between(r, low, high),
           later = day + sim_number(p, BFL_NUM_SIM_ANCHOR_JUNG_DESIGN__LATER_DAYS);
    if (!scan_worse(p, day)) return;
    bool flare = scan_better(p, later, day) && !progressed(p, later);
    bool calm = alp_percent(p, day) <= 100 + sim_number(p, BFL_NUM_SIM_ANCHOR_JUNG_DESIGN__STABLE_PERCENT);
    say(y, JUNG_FLARE, flare);
    say(y, flare ? JUNG_CALM_IN_FLARE : JUNG_CALM_IN_PROGRESSION, calm);
}

static bfl_status jung(series *s, bfl_error *err) {
    study y = {.s = s};
    bfl_status status = walk(&y, "endocrine", s->patients, look_jung, err);
    if (!status) status = walk(&y, "androgen_axis", s->patients, look_jung, err);
    if (status) return status;
    compare_share(s, "jung_flare", &y.samples[JUNG_FLARE]);
    compare(s, "jung_alp", mean(&y.samples[JUNG_CALM_IN_FLARE]) - mean(&y.samples[JUNG_CALM_IN_PROGRESSION]),
            y.samples[JUNG_FLARE].values.count);
    return BFL_OK;
}

/* ---- Jiangsu 2025: breast, first line; change of ALP at the pseudo-progression and at the progression ---- */

static void look_jiangsu(study *y, const sim_person *p, bfl_random *r) {
    double day = bfl_random_between(r, sim_number(p, BFL_NUM_SIM_ANCHOR_JIANGSU_DESIGN__CT_LOW_DAYS),
                                    sim_number(p, BFL_NUM_SIM_ANCHOR_JIANGSU_DESIGN__CT_HIGH_DAYS));
    double back = sim_number(p, BFL_NUM_SIM_ANCHOR_JIANGSU_DESIGN__BACK_DAYS);
    double after = sim_number(p, BFL_NUM_SIM_ANCHOR_JIANGSU_DESIGN__AFTER_DAYS);
    const bfl_truth *t = p->truth;
    if (!any_new_blastic(p, day) && !any_denser(p, day, sim_number(p, BFL_NUM_SIM_IMAGE_DENSITY__READER_STEP_HU)))
        return;
    if (anywhere(p, day)) return;
    say(y, 0, sim_alp(p, sim_index(p, day)) - sim_alp(p, 0));
    if (t->progression_day > p->days - after) return;
    double then = t->progression_day + after;
    say(y, 1, sim_alp(p, sim_index(p, then)) - sim_alp(p, sim_index(p, fmax(0, then - back))));
}

static bfl_status jiangsu(series *s, bfl_error *err) {
    study y = {.s = s};
    bfl_status status = walk(&y, "endocrine", s->patients, look_jiangsu, err);
    if (status) return status;
    compare_median(s, "jiangsu_flare", &y.samples[0]);
    compare_median(s, "jiangsu_progression", &y.samples[1]);
    return BFL_OK;
}

/* ---- Coleman 1988: breast; bone ALP and osteocalcin both up at one month; scans at three and six ---- */

static double measured(const sim_person *p, bfl_random *r, double value, bfl_number_index log_sd) {
    return value * exp(sim_error(p, r, sim_number(p, log_sd)));
}

static bool both_up(const sim_person *p, bfl_random *r, double day) {
    const bfl_number_index sd = BFL_NUM_SIM_ANCHOR_COLEMAN_DESIGN__MARKER_LOG_SD;
    double up = 1 + sim_number(p, BFL_NUM_SIM_ANCHOR_COLEMAN_DESIGN__UP_FRACTION);
    size_t at = sim_index(p, day);
    bool alp = measured(p, r, sim_bone_alp(p, at), sd) > up * measured(p, r, sim_bone_alp(p, 0), sd);
    bool osteocalcin = measured(p, r, sim_osteoblasts(p, at), sd) > up * measured(p, r, sim_osteoblasts(p, 0), sd);
    return alp && osteocalcin;
}

static void look_coleman(study *y, const sim_person *p, bfl_random *r) {
    double three = sim_number(p, BFL_NUM_SIM_ANCHOR_COLEMAN_DESIGN__SCAN_DAYS);
    if (p->agent_day <= three) return; /* the series is older than these drugs */
    bool responder = p->responds && !progressed(p, sim_number(p, BFL_NUM_SIM_ANCHOR_COLEMAN_DESIGN__RESPONSE_DAYS));
    bool up = both_up(p, r, sim_number(p, BFL_NUM_SIM_ANCHOR_COLEMAN_DESIGN__MARKER_DAYS));
    say(y, responder ? 0 : 1, up);
    if (responder) say(y, 2, scan_worse(p, three));
}

static bfl_status coleman(series *s, bfl_error *err) {
    study y = {.s = s};
    bfl_status status = walk(&y, "endocrine", s->patients, look_coleman, err);
    if (status) return status;
    compare_share(s, "coleman_responders", &y.samples[0]);
    compare_share(s, "coleman_others", &y.samples[1]);
    compare_share(s, "coleman_scan", &y.samples[2]);
    return BFL_OK;
}

/* ---- Mikah 2016: abiraterone; ALP bounces ---- */

static void look_mikah(study *y, const sim_person *p, bfl_random *r) {
    double top = 0, highest = 0, up = 100 + sim_number(p, BFL_NUM_SIM_ANCHOR_MIKAH_DESIGN__UP_PERCENT);
    double last = sim_number(p, BFL_NUM_SIM_ANCHOR_MIKAH_DESIGN__LAST_DAYS);
    (void)r;
    if (!p->responds) return;
    for (size_t i = p->origin; i < p->at_count && p->at[i] <= last; i++)
        if (alp_percent(p, p->at[i]) > highest) {
            highest = alp_percent(p, p->at[i]);
            top = p->at[i];
        }
    if (highest < up) return;
    say(y, 0, top);
    for (size_t i = sim_index(p, top); i < p->at_count; i++)
        if (alp_percent(p, p->at[i]) <= 100) {
            say(y, 1, p->at[i]);
            return;
        }
    say(y, 1, p->days);
}

static bfl_status mikah(series *s, bfl_error *err) {
    study y = {.s = s};
    bfl_status status = walk(&y, "androgen_axis", s->patients, look_mikah, err);
    if (status) return status;
    compare_median(s, "mikah_peak", &y.samples[0]);
    compare_median(s, "mikah_return", &y.samples[1]);
    return BFL_OK;
}

/* ---- all of them ---- */

typedef struct request {
    series s;
    bfl_sim_calibration *made;
} request;

static bfl_status calibrate(bfl_arena *arena, void *context, bfl_error *err) {
    static bfl_status (*const all[])(series * s, bfl_error * err) = {chao, shi,  kanaoka, stattaus, lemieux,
                                                                     hong, jung, jiangsu, coleman,  mikah};
    request *q = context;
    series *s = &q->s;
    s->arena = arena;
    s->out = BFL_NEW(arena, bfl_sim_calibration);
    s->out->arena = arena;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        bfl_status status = all[i](s, err);
        if (status) return status;
    }
    q->made = s->out;
    return BFL_OK;
}

bfl_status bfl_sim_calibrate(const bfl_rulebook *rulebook, const bfl_sim_options *options, size_t patients,
                             bfl_sim_calibration **out, bfl_error *err) {
    const size_t most = 100000; // lint: a limit of memory
    if (!rulebook || !out) return bfl_fail(err, BFL_EINVAL, "calibrate", 0, "an argument is NULL");
    if (patients == 0 || patients > most)
        return bfl_fail(err, BFL_EINVAL, "patients", 0, "%zu: it takes 1 to %zu", patients, most);
    if (options && options->struct_size != sizeof *options)
        return bfl_fail(err, BFL_EINVAL, "options", 0, "struct_size is not that of this library");
    request q = {.s = {.rulebook = rulebook, .options = options, .patients = patients, .scratch = bfl_arena_new()}};
    if (!q.s.scratch) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    bfl_status status = bfl_arena_build(calibrate, &q, err);
    bfl_arena_free(q.s.scratch);
    if (!status) *out = q.made;
    return status;
}

const bfl_sim_anchor *bfl_sim_calibration_at(const bfl_sim_calibration *calibration, size_t index) {
    return index < calibration->anchors.count ? &calibration->anchors.items[index] : NULL;
}

void bfl_sim_calibration_free(bfl_sim_calibration *calibration) {
    if (calibration) bfl_arena_free(calibration->arena);
}
