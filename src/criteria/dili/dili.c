/* SPDX-License-Identifier: Apache-2.0 */
/* Liver injury. R is defined for liver ALP; here ALP often comes from bone, so its bone share is taken out where it is known. */
#include "criteria/dili/dili.h"
#include "criteria/study.h"

/* What is looked for on every day. */
typedef enum kind { ALP, ALT, AST, BILIRUBIN, GGT, BONE_ALP, KIND_COUNT } kind;

/* One analyte of the day as value and upper limit; comparisons never divide. */
typedef struct part {
    const bfl_lab *lab; /* NULL: not measured */
    bfl_decimal value, limit;
    bool has_limit;
} part;

typedef struct panel {
    bfl_arena *arena;
    const bfl_record *record;
    const bfl_rulebook *rulebook;
    bfl_ranges *ranges;
    const bfl_analyte *const *analytes; /* by kind */
    size_t from, to;                    /* laboratory rows of the day */
    size_t rows[KIND_COUNT]; /* the first usable one of each kind, bilirubin's perhaps of a day near; or SIZE_MAX */
    part alt, ast, alp, bilirubin, ggt;
    part liver_alp;   /* ALP without its bone share; lab NULL when isozymes are not known */
    int32_t bone_day; /* when bone disease was first known */
    bool bone_source;
    bool any_bilirubin; /* in the record */
    bfl_liver_day *out;
    bfl_reason_list reasons;
    bfl_event_list events; /* those rows; empty before the first reason rests on them */
} panel;

static int32_t first_bone_day(const bfl_record *record);
static void find_rows(panel *p);
static void read_panel(panel *p);
static void judge(panel *p);

static bool measured(const panel *p, kind k) { return p->rows[k] != SIZE_MAX; }

static void begin_day(panel *p, bfl_liver_day *out, int32_t day) {
    out->day = day;
    p->out = out;
    p->reasons = (bfl_reason_list){0};
    p->events = (bfl_event_list){0};
}

const bfl_liver_day *bfl_dili_assess(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                     bfl_ranges *ranges, size_t *count) {
    BFL_LIST(bfl_liver_day) days = {0};
    const bfl_analyte *const wanted[KIND_COUNT] = {
        [ALP] = bfl_analyte_find(BFL_TEXT("ALP")), [ALT] = bfl_analyte_find(BFL_TEXT("ALT")),
        [AST] = bfl_analyte_find(BFL_TEXT("AST")), [BILIRUBIN] = bfl_analyte_find(BFL_TEXT("BIL")),
        [GGT] = bfl_analyte_find(BFL_TEXT("GGT")), [BONE_ALP] = bfl_analyte_find(BFL_TEXT("ALP_3"))};
    panel p = {.arena = arena, .record = record, .rulebook = rulebook, .ranges = ranges, .analytes = wanted};
    p.bone_day = first_bone_day(record);
    for (size_t i = 0; i < record->lab_count; i++) p.any_bilirubin |= record->labs[i].analyte == wanted[BILIRUBIN];
    for (p.from = 0; p.from < record->lab_count; p.from = p.to) {
        int32_t day = record->labs[p.from].when.day;
        for (p.to = p.from; p.to < record->lab_count && record->labs[p.to].when.day == day; p.to++) continue;
        find_rows(&p);
        if (!record->labs[p.from].when.known || (!measured(&p, ALT) && !measured(&p, AST))) continue;
        begin_day(&p, BFL_PUSH(arena, &days), day);
        read_panel(&p);
        judge(&p);
        p.out->reasons = p.reasons.items;
        p.out->reason_count = p.reasons.count;
    }
    *count = days.count;
    return days.items;
}

/* ---- the day's values ---- */

static void find_rows(panel *p) {
    for (int k = 0; k < KIND_COUNT; k++) p->rows[k] = SIZE_MAX;
    for (size_t i = p->to; i-- > p->from;) {
        const bfl_lab *lab = &p->record->labs[i];
        kind k = 0;
        while (k < KIND_COUNT && lab->analyte != p->analytes[k]) k++;
        if (k < KIND_COUNT && lab->usable && lab->canonical.present) p->rows[k] = i;
    }
}

static const bfl_lab *lab_of(const panel *p, kind k) { return measured(p, k) ? &p->record->labs[p->rows[k]] : NULL; }

static void read_part(panel *p, kind k, part *a) {
    a->lab = lab_of(p, k);
    a->has_limit = false;
    if (!a->lab) return;
    a->value = a->lab->canonical.value;
    bfl_limit limit = bfl_range_upper(p->ranges, a->lab);
    a->has_limit = limit.value.present && limit.value.value.mantissa > 0;
    a->limit = limit.value.value;
    if (!a->has_limit || !limit.assumed) return;
    p->out->assumed_range = true;
    bfl_reason_add(p->arena, &p->reasons, limit.assumed, NULL, "%s has no reference range: upper limit %s %s assumed",
                   a->lab->analyte->name, bfl_decimal_z(p->arena, a->limit, -1), a->lab->analyte->units[0].text);
}

/* Bilirubin of another sample, the nearest: one injury is seldom measured in one tube. Rows are in day order. */
static size_t bilirubin_near(const panel *p) {
    int32_t within = bfl_rule_days(p->rulebook, BFL_NUM_DILI_BILIRUBIN_NEAR__WITHIN_DAYS), least = 0;
    const bfl_lab *labs = p->record->labs;
    size_t nearest = SIZE_MAX, first = p->from;
    while (first > 0 && labs[first - 1].when.day >= p->out->day - within) first--;
    for (size_t i = first; i < p->record->lab_count && labs[i].when.day <= p->out->day + within; i++) {
        const bfl_lab *lab = &labs[i];
        if (!lab->usable || !lab->canonical.present || lab->analyte != p->analytes[BILIRUBIN]) continue;
        int32_t apart = lab->when.day < p->out->day ? p->out->day - lab->when.day : lab->when.day - p->out->day;
        if (apart > within || (nearest != SIZE_MAX && apart >= least)) continue;
        nearest = i;
        least = apart;
    }
    return nearest;
}

static void read_bilirubin(panel *p) {
    bool same_day = measured(p, BILIRUBIN);
    if (!same_day && p->any_bilirubin) p->rows[BILIRUBIN] = bilirubin_near(p);
    read_part(p, BILIRUBIN, &p->bilirubin);
    if (same_day || !p->bilirubin.lab) return;
    char day[32];
    (void)bfl_record_format_day(p->record, p->bilirubin.lab->when.day, day, sizeof day);
    bfl_reason_add(p->arena, &p->reasons, bfl_rule_of(p->rulebook, BFL_RULE_DILI_BILIRUBIN_NEAR), NULL,
                   "bilirubin of %s stands in", day);
}

static bfl_maybe multiple(const part *a) {
    if (!a->lab || !a->has_limit) return (bfl_maybe){.present = false};
    return bfl_some(bfl_decimal_divide(a->value, a->limit, 2));
}

/* value >= k * limit */
static bool reaches(const panel *p, const part *a, bfl_number_index k) {
    if (!a->lab || !a->has_limit || a->lab->comparator == BFL_BELOW) return false;
    return bfl_decimal_compare(a->value, bfl_decimal_multiply(bfl_rule_number(p->rulebook, k), a->limit)) >= 0;
}

static bool raised(const part *a) {
    return a->lab && a->has_limit && a->lab->comparator != BFL_BELOW && bfl_decimal_compare(a->value, a->limit) > 0;
}

static int32_t earlier(int32_t a, int32_t b) { return a < b ? a : b; }

/* The day bone disease was first seen or diagnosed; INT32_MAX when never. Rows are in day order. */
static int32_t first_bone_day(const bfl_record *record) {
    size_t diagnosis = bfl_record_bone_diagnosis(record, INT32_MAX);
    int32_t said = diagnosis == SIZE_MAX ? INT32_MAX : record->clinicals[diagnosis].when.day;
    for (size_t i = 0; i < record->lesion_count; i++) {
        const bfl_lesion *row = &record->lesions[i];
        if (row->organ == BFL_ORGAN_BONE && bfl_study_present(row) && row->when.known)
            return earlier(row->when.day, said);
    }
    return said;
}

static void take_out_bone(panel *p) {
    const bfl_lab *bone = lab_of(p, BONE_ALP);
    p->liver_alp.lab = NULL;
    if (!bone || !p->alp.lab || bone->comparator != BFL_EXACTLY) return;
    bfl_decimal rest = bfl_decimal_subtract(bfl_decimal_of(100), bone->canonical.value);
    p->liver_alp = p->alp;
    p->liver_alp.value = bfl_decimal_multiply(bfl_decimal_multiply(p->alp.value, rest), (bfl_decimal){1, -2});
}

static void read_panel(panel *p) {
    read_part(p, ALP, &p->alp);
    read_part(p, ALT, &p->alt);
    read_part(p, AST, &p->ast);
    read_bilirubin(p);
    read_part(p, GGT, &p->ggt);
    take_out_bone(p);
    bool ggt_known = p->ggt.lab && p->ggt.has_limit;
    p->bone_source =
        raised(&p->alp) && !p->liver_alp.lab && !raised(&p->ggt) && (ggt_known || p->bone_day <= p->out->day);
    p->out->alt_x_uln = multiple(&p->alt);
    p->out->ast_x_uln = multiple(&p->ast);
    p->out->alp_x_uln = multiple(&p->alp);
    p->out->bilirubin_x_uln = multiple(&p->bilirubin);
    p->out->ggt_x_uln = multiple(&p->ggt);
}

/* ---- pattern ---- */

/* R as a fraction: (ALT * limit of ALP) / (ALP * limit of ALT). */
typedef struct fraction {
    bfl_decimal over, under;
    bool valid;
} fraction;

static fraction ratio(const part *alt, const part *alp) {
    fraction r = {.valid = alt->lab && alp->lab && alt->has_limit && alp->has_limit};
    if (!r.valid) return r;
    r.over = bfl_decimal_multiply(alt->value, alp->limit);
    r.under = bfl_decimal_multiply(alp->value, alt->limit);
    r.valid =
        !bfl_decimal_is_zero(r.under) && alt->lab->comparator == BFL_EXACTLY && alp->lab->comparator == BFL_EXACTLY;
    return r;
}

static bfl_maybe ratio_value(fraction r) {
    return r.valid ? bfl_some(bfl_decimal_divide(r.over, r.under, 2)) : (bfl_maybe){.present = false};
}

/* -1, 0, 1: R against a number of the rulebook. */
static int ratio_against(const panel *p, fraction r, bfl_number_index number) {
    return bfl_decimal_compare(r.over, bfl_decimal_multiply(bfl_rule_number(p->rulebook, number), r.under));
}

static bfl_liver_pattern pattern_of(const panel *p, fraction r) {
    if (ratio_against(p, r, BFL_NUM_DILI_R__HEPATOCELLULAR_RATIO) >= 0) return BFL_LIVER_HEPATOCELLULAR;
    return ratio_against(p, r, BFL_NUM_DILI_R__CHOLESTATIC_RATIO) <= 0 ? BFL_LIVER_CHOLESTATIC : BFL_LIVER_MIXED;
}

/* The share of bone counts in ALP only. */
static bool rests_on(const panel *p, kind k) { return measured(p, k) && (k != BONE_ALP || p->alp.lab); }

static void find_events(panel *p) {
    if (p->events.items) return;
    p->events = bfl_events_for(p->arena, KIND_COUNT);
    for (kind k = 0; k < KIND_COUNT; k++)
        if (rests_on(p, k)) bfl_event_push(p->arena, &p->events, BFL_EVENT_LAB, p->rows[k]);
}

static void give(panel *p, bfl_rule_index rule, const char *finding) {
    find_events(p);
    bfl_reason_push(p->arena, &p->reasons, bfl_rule_of(p->rulebook, rule), &p->events, finding);
}

static bfl_text told(bfl_digits *digits, bfl_maybe value) {
    return value.present ? bfl_digits_decimal(digits, value.value, 2) : BFL_TEXT("not known");
}

static const char *say_bone_share(const panel *p) {
    bfl_digits alp, without, with;
    return BFL_JOIN(p->arena, BFL_TEXT("ALP without its bone share "), told(&alp, multiple(&p->liver_alp)),
                    BFL_TEXT(" x ULN: R "), told(&without, p->out->r_without_bone), BFL_TEXT(" instead of "),
                    told(&with, p->out->r_value));
}

static const char *say_bone_source(const panel *p) {
    bfl_digits alp, r;
    return BFL_JOIN(p->arena, BFL_TEXT("ALP "), told(&alp, p->out->alp_x_uln), BFL_TEXT(" x ULN with "),
                    p->ggt.lab && p->ggt.has_limit ? BFL_TEXT("normal GGT") : BFL_TEXT("bone disease"),
                    BFL_TEXT(" and no isozymes: R "), told(&r, p->out->r_value), BFL_TEXT(" is not valid"));
}

static const char *say_pattern(const panel *p, fraction used) {
    bfl_digits r;
    return BFL_JOIN(p->arena, BFL_TEXT("R "), told(&r, ratio_value(used)),
                    p->alt.lab ? BFL_TEXT("") : BFL_TEXT(" (from AST)"), BFL_TEXT(": "),
                    bfl_text_of(bfl_liver_pattern_word(p->out->pattern)));
}

static void find_pattern(panel *p) {
    const part *amino = p->alt.lab ? &p->alt : &p->ast;
    bool known = p->liver_alp.lab != NULL;
    fraction r = ratio(amino, &p->alp), without_bone = {.valid = false};
    if (known) without_bone = ratio(amino, &p->liver_alp);
    p->out->r_value = ratio_value(r);
    p->out->r_without_bone = ratio_value(without_bone);
    if (!raised(amino) && !raised(known ? &p->liver_alp : &p->alp)) return;
    if (known && without_bone.valid) give(p, BFL_RULE_DILI_BONE_SHARE, say_bone_share(p));
    p->out->pattern = BFL_LIVER_UNKNOWN;
    if (p->bone_source) {
        give(p, BFL_RULE_DILI_BONE_SOURCE, say_bone_source(p));
        return;
    }
    fraction used = known ? without_bone : r;
    if (!used.valid) return;
    p->out->pattern = pattern_of(p, used);
    give(p, BFL_RULE_DILI_R, say_pattern(p, used));
}

/* ---- thresholds ---- */

/* "ALT 3.10 x ULN" */
static const char *say_multiple(const panel *p, bfl_text name, bfl_maybe times) {
    bfl_digits digits;
    return BFL_JOIN(p->arena, name, BFL_TEXT(" "), told(&digits, times), BFL_TEXT(" x ULN"));
}

static const char *say_both(const panel *p) {
    bfl_digits alt, bilirubin;
    return BFL_JOIN(p->arena, BFL_TEXT("ALT "), told(&alt, p->out->alt_x_uln), BFL_TEXT(" and bilirubin "),
                    told(&bilirubin, p->out->bilirubin_x_uln), BFL_TEXT(" x ULN"));
}

static void find_entry(panel *p) {
    const part *alp = p->liver_alp.lab ? &p->liver_alp : &p->alp;
    bool by_alt = reaches(p, &p->alt, BFL_NUM_DILI_ENTRY_ALT__ALT_X_ULN);
    bool by_alp = !p->bone_source && reaches(p, alp, BFL_NUM_DILI_ENTRY_ALP__ALP_X_ULN);
    bool by_both = reaches(p, &p->alt, BFL_NUM_DILI_ENTRY_ALT_BILIRUBIN__ALT_X_ULN) &&
                   reaches(p, &p->bilirubin, BFL_NUM_DILI_ENTRY_ALT_BILIRUBIN__BILIRUBIN_X_ULN);
    p->out->entry = by_alt || by_alp || by_both;
    if (by_alt) give(p, BFL_RULE_DILI_ENTRY_ALT, say_multiple(p, BFL_TEXT("ALT"), p->out->alt_x_uln));
    if (by_alp) give(p, BFL_RULE_DILI_ENTRY_ALP, say_multiple(p, BFL_TEXT("ALP"), multiple(alp)));
    if (by_both) give(p, BFL_RULE_DILI_ENTRY_ALT_BILIRUBIN, say_both(p));
}

static const char *say_hys_law(const panel *p, const part *alp) {
    bfl_digits alt, ast, bilirubin, of_alp;
    return BFL_JOIN(p->arena, BFL_TEXT("ALT "), told(&alt, p->out->alt_x_uln), BFL_TEXT(", AST "),
                    told(&ast, p->out->ast_x_uln), BFL_TEXT(", bilirubin "), told(&bilirubin, p->out->bilirubin_x_uln),
                    BFL_TEXT(", ALP "), told(&of_alp, multiple(alp)), BFL_TEXT(" x ULN"),
                    p->bone_source ? BFL_TEXT(" (bone is a likely source of ALP)") : BFL_TEXT(""));
}

/* ALP that may come from bone does not show cholestasis, so it does not take the alarm away. */
static void find_hys_law(panel *p) {
    const part *alp = p->liver_alp.lab ? &p->liver_alp : &p->alp;
    bool cells = reaches(p, &p->alt, BFL_NUM_DILI_HY__AMINOTRANSFERASE_X_ULN) ||
                 reaches(p, &p->ast, BFL_NUM_DILI_HY__AMINOTRANSFERASE_X_ULN);
    bool jaundice = reaches(p, &p->bilirubin, BFL_NUM_DILI_HY__BILIRUBIN_X_ULN);
    bool cholestasis = !p->bone_source && reaches(p, alp, BFL_NUM_DILI_HY__ALP_X_ULN);
    p->out->hys_law = cells && jaundice && !cholestasis;
    if (p->out->hys_law) give(p, BFL_RULE_DILI_HY, say_hys_law(p, alp));
}

static void judge(panel *p) {
    find_pattern(p);
    find_entry(p);
    find_hys_law(p);
}
