/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence from the images of the bone. */
#include "flare/evidence.h"

#include <string.h>

enum { LONGEST_FINDING = 511 }; // lint: bytes of a text

static int by_event(const void *a, const void *b, const void *context) {
    (void)context;
    const bfl_event_ref *x = a, *y = b;
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

static bool after(bfl_event_ref a, bfl_event_ref b) { return a.kind == b.kind ? a.index > b.index : a.kind > b.kind; }

bfl_evidence evidence_of(const bfl_rulebook *book, const bfl_rule *rule) {
    const bfl_weight *w = bfl_rule_weight(book, rule);
    bfl_direction named = w->log_lr > 0 ? BFL_FOR_FLARE : w->log_lr < 0 ? BFL_FOR_PROGRESSION : BFL_NEUTRAL;
    return (bfl_evidence){.rule = rule,
                          .group = w->group,
                          .veto = w->veto,
                          .log_lr = w->log_lr,
                          .log_lr_sd = w->sd,
                          .raw_log_lr = w->log_lr,
                          .raw_log_lr_sd = w->sd,
                          .direction = w->other ? BFL_FOR_OTHER : named};
}

/* The events in the order of their rows. Most lists hold a front of rows, or the rows of studies from the last study back. */
static const bfl_event_ref *by_rows(bfl_arena *arena, const bfl_event_list *events) {
    bfl_event_ref *refs = BFL_NEW_ARRAY(arena, events->count, bfl_event_ref);
    const bfl_event_ref *from = events->items;
    bool in_order = true;
    size_t at = 0;
    for (size_t end = events->count, first; end > 0; end = first) {
        for (first = end - 1; first > 0 && !after(from[first - 1], from[first]);) first--;
        if (at > 0 && after(refs[at - 1], from[first])) in_order = false;
        memcpy(&refs[at], &from[first], (end - first) * sizeof *refs);
        at += end - first;
    }
    if (!in_order) bfl_sort(arena, refs, at, sizeof *refs, by_event, NULL);
    return refs;
}

static void add_finding(inquiry *q, bfl_rule_index index, const bfl_event_list *events, const char *finding) {
    const bfl_rulebook *book = q->findings->rulebook;
    enum { USUAL = 16 }; // lint: most days have fewer findings
    if (q->found.capacity == 0) q->found = (evidence_list){BFL_NEW_ARRAY(q->arena, USUAL, bfl_evidence), 0, USUAL};
    bfl_evidence *e = BFL_PUSH(q->arena, &q->found);
    *e = evidence_of(book, bfl_rule_of(book, index));
    e->finding = finding;
    if (!events || !events->count) return;
    e->events = by_rows(q->arena, events);
    e->event_count = events->count;
}

void evidence_add(inquiry *q, bfl_rule_index rule, const bfl_event_list *events, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const char *finding = bfl_arena_vprintf(q->arena, LONGEST_FINDING, format, args);
    va_end(args);
    add_finding(q, rule, events, finding);
}

/* The same lesion mostly has the same text, and sites mostly differ in their first character. */
static bool named_already(const char *const *named, size_t count, const char *site) {
    enum { CAPITAL = 'a' ^ 'A' };
    for (size_t i = 0; i < count; i++)
        if (named[i] == site) return true;
    for (size_t i = 0; i < count; i++) {
        bool may_be = named[i][0] <= ' ' || site[0] <= ' ' || ((named[i][0] ^ site[0]) & ~CAPITAL) == 0;
        if (may_be && bfl_site_same(named[i], site)) return true;
    }
    return false;
}

/* "T5; left 4th rib and 3 more" */
static void add_sites(bfl_buf *text, const bfl_record *record, const bfl_event_list *events) {
    const char *named[4] = {0};
    size_t count = 0, more = 0;
    for (size_t i = 0; i < events->count; i++) {
        const char *site = record->lesions[events->items[i].index].site;
        if (named_already(named, count, site)) continue;
        if (count == sizeof named / sizeof *named) {
            more++;
            continue;
        }
        if (count) bfl_buf_add_text(text, BFL_TEXT("; "));
        bfl_buf_add_text(text, bfl_text_of(site));
        named[count++] = site;
    }
    if (more) bfl_buf_addf(text, " and %zu more", more);
}

/* "new lytic: T5; left 4th rib and 3 more" */
static void add_with_sites(inquiry *q, bfl_rule_index rule, const bfl_event_list *events, const char *what) {
    bfl_buf text = {.arena = q->arena};
    bfl_buf_add_text(&text, bfl_text_of(what));
    bfl_buf_add_text(&text, BFL_TEXT(": "));
    add_sites(&text, q->findings->record, events);
    if (text.size > LONGEST_FINDING) text.data[LONGEST_FINDING] = '\0';
    add_finding(q, rule, events, text.data);
}

static const bfl_event_list *shown(const inquiry *q, sign which) {
    return episode_events(q->arena, q->findings, q->episode, which);
}

/* ---- the character of what is new or changed, and uptake ---- */

static const struct {
    sign which;
    bfl_rule_index rule;
    const char *what;
} told_by[] = {
    {SIGN_NEW_BLASTIC, BFL_RULE_FLARE_EVIDENCE_NEW_BLASTIC, "new blastic"},
    {SIGN_NEW_LYTIC, BFL_RULE_FLARE_EVIDENCE_NEW_LYTIC, "new lytic"},
    {SIGN_NEW_UNSTATED, BFL_RULE_FLARE_EVIDENCE_NEW_UNSTATED, "new, matrix mixed or not stated"},
    {SIGN_SCLEROSED, BFL_RULE_FLARE_EVIDENCE_SCLEROSIS_OF_LYTIC, "lytic lesion now sclerotic"},
    {SIGN_DENSER, BFL_RULE_FLARE_EVIDENCE_DENSER, "denser"},
    {SIGN_LARGER, BFL_RULE_FLARE_EVIDENCE_LARGER_BLASTIC, "larger and denser"},
    {SIGN_GREW, BFL_RULE_FLARE_EVIDENCE_LARGER_ONLY, "larger"},
    {SIGN_BEYOND_BONE, BFL_RULE_FLARE_EVIDENCE_BEYOND_BONE, "larger than the original bone"},
    {SIGN_FADING, BFL_RULE_FLARE_EVIDENCE_FADING, "blastic and less dense"},
    {SIGN_LOST_DENSITY, BFL_RULE_FLARE_EVIDENCE_LOST_DENSITY, "less dense"},
    {SIGN_LESS_DENSE, BFL_RULE_FLARE_EVIDENCE_LESS_DENSE, "less dense and larger, or turning lytic"},
    {SIGN_LYTIC_LARGER, BFL_RULE_FLARE_EVIDENCE_LARGER_LYTIC, "lytic and called larger"},
    {SIGN_LYTIC_GROWTH, BFL_RULE_FLARE_EVIDENCE_LYTIC_GROWTH, "lytic growth"},
    {SIGN_SOFT_MASS, BFL_RULE_FLARE_EVIDENCE_SOFT_MASS, "soft-tissue mass"},
    {SIGN_PROGRESSED, BFL_RULE_FLARE_EVIDENCE_READ_AS_PROGRESSED, "read as unequivocal progression"},
    {SIGN_PROGRESSED_CT, BFL_RULE_FLARE_EVIDENCE_READ_AS_PROGRESSED_CT, "unequivocal progression on CT or MRI"},
    {SIGN_FDG_UP, BFL_RULE_FLARE_EVIDENCE_FDG_RISES, "FDG uptake up or newly avid"},
    {SIGN_TRACER_UP, BFL_RULE_FLARE_EVIDENCE_TRACER_RISES, "tracer uptake up"},
    {SIGN_FDG_DOWN, BFL_RULE_FLARE_EVIDENCE_FDG_FALLS, "FDG uptake down"},
    {SIGN_TRACER_DOWN, BFL_RULE_FLARE_EVIDENCE_TRACER_FALLS, "tracer uptake down"},
};

static void signs_shown(inquiry *q) {
    for (size_t i = 0; i < sizeof told_by / sizeof *told_by; i++) {
        if (!(q->episode->shows >> told_by[i].which & 1u)) continue;
        const bfl_event_list *events = shown(q, told_by[i].which);
        if (events->count) add_with_sites(q, told_by[i].rule, events, told_by[i].what);
    }
}

/* ---- was the site active before therapy? ---- */

static bool word_character(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* As whole words: "T1" is a part of "T1, T2" and not of "T12". */
static bool contains(const char *whole, const char *part) {
    bfl_text needle = bfl_text_trim(bfl_text_of(part));
    for (const char *from = whole; needle.size;) {
        size_t at = bfl_text_find_nocase(bfl_text_of(from), needle);
        if (at == SIZE_MAX) return false;
        const char *start = from + at;
        bool begins = start == whole || !word_character(start[-1]);
        if (begins && !word_character(start[needle.size])) return true;
        from = start + 1;
    }
    return false;
}

static bool same_place(const bfl_lesion *a, const bfl_lesion *b) {
    return bfl_text_equal(bfl_text_of(a->id), bfl_text_of(b->id)) || bfl_site_same(a->site, b->site) ||
           contains(a->site, b->site) || contains(b->site, a->site);
}

static bool whole_skeleton(const bfl_lesion *lesion) { return contains(lesion->site, "skeleton"); }

static bool sees_marrow(bfl_modality m) {
    return m == BFL_MODALITY_FDG_PET || m == BFL_MODALITY_PSMA_PET || m == BFL_MODALITY_NAF_PET ||
           m == BFL_MODALITY_MRI;
}

/* A row of PET or MRI of bone before the therapy that says whether there is something: few, and each new lesion is held against
 * them. */
typedef struct baseline_row {
    const bfl_lesion *lesion;
    uint32_t index;
    bool clear, everywhere; /* nothing is there; of the whole skeleton */
} baseline_row;
typedef BFL_LIST(baseline_row) baseline_rows;

static baseline_rows rows_at_baseline(const inquiry *q) {
    baseline_rows rows = {0};
    const bfl_record *record = q->findings->record;
    for (size_t i = 0; i < record->lesion_count; i++) {
        const bfl_lesion *l = &record->lesions[i];
        if (!l->when.known || l->when.day > q->episode->therapy->start.day) break; /* by day, undated ones last */
        if (l->organ != BFL_ORGAN_BONE || !sees_marrow(l->modality)) continue;
        if (l->state == BFL_LESION_NOT_EVALUABLE || l->state == BFL_LESION_EQUIVOCAL) continue; /* says neither */
        *BFL_PUSH(q->arena, &rows) = (baseline_row){l, (uint32_t)i, l->state == BFL_LESION_ABSENT, whole_skeleton(l)};
    }
    return rows;
}

/* Those about the place of a lesion: active ones and clear ones. */
static void at_baseline(const inquiry *q, const baseline_rows *rows, const bfl_lesion *lesion, bfl_event_list *active,
                        bfl_event_list *clear) {
    for (size_t i = 0; i < rows->count; i++) {
        const baseline_row *row = &rows->items[i];
        if (row->everywhere && !row->clear) continue;
        if (row->everywhere || same_place(row->lesion, lesion))
            bfl_event_add(q->arena, row->clear ? clear : active, BFL_EVENT_LESION, row->index);
    }
}

static void baseline(inquiry *q) {
    static const sign new_signs[] = {SIGN_NEW_BLASTIC, SIGN_NEW_LYTIC, SIGN_NEW_UNSTATED};
    if (!(q->episode->shows & (1u << SIGN_NEW_BLASTIC | 1u << SIGN_NEW_LYTIC | 1u << SIGN_NEW_UNSTATED))) return;
    bfl_event_list active = {0}, clear = {0};
    const baseline_rows rows = rows_at_baseline(q);
    for (size_t s = 0; s < sizeof new_signs / sizeof *new_signs; s++) {
        const bfl_event_list *events = shown(q, new_signs[s]);
        for (size_t i = 0; i < events->count; i++)
            at_baseline(q, &rows, &q->findings->record->lesions[events->items[i].index], &active, &clear);
    }
    if (active.count)
        add_with_sites(q, BFL_RULE_FLARE_EVIDENCE_BASELINE_SEEN, &active, "active before therapy");
    else if (clear.count)
        add_with_sites(q, BFL_RULE_FLARE_EVIDENCE_BASELINE_CLEAR, &clear, "clear before therapy");
}

/* ---- what the next study showed ---- */

static bool same_therapy(const inquiry *q, int32_t day) {
    const bfl_therapy *then = bfl_record_therapy_on(q->findings->record, day);
    return then && then->start.day <= q->episode->therapy->start.day;
}

static bool quiet_under_therapy(const inquiry *q, const bone_study *study) {
    return study_quiet(study) && same_therapy(q, study->day);
}

/* Each row as often as it shows something. */
static void add_rows(inquiry *q, const bone_study *study, bfl_event_list *rows) {
    for (size_t i = 0; i < study->row_count; i++)
        for (unsigned left = study->rows[i].signs; left; left &= left - 1)
            bfl_event_push(q->arena, rows, BFL_EVENT_LESION, study->rows[i].index);
}

/* Worse again within the window, or quiet since: what is worse later is a new event, judged by itself. */
static void course(inquiry *q) {
    const episode *e = q->episode;
    const bfl_rulebook *book = q->findings->rulebook;
    int32_t wait = bfl_rule_days(book, BFL_NUM_FLARE_CONFIRM__AFTER_DAYS);
    int32_t window = bfl_rule_days(book, BFL_NUM_FLARE_WINDOW__CURRENT_DAYS);
    bfl_event_list worse = {0}, quiet = {0};
    int32_t worse_day = 0, quiet_day = 0;
    for (size_t s = e->first + 1; e->imaging && s < e->study_count; s++) {
        const bone_study *study = &e->studies[s];
        bool trouble = study_new_trouble(study), current = study->day >= e->studies[e->judged].day - window;
        if (!study_quiet(study)) quiet.count = 0;
        if (study->day - e->first_day < wait || (!trouble && !quiet_under_therapy(q, study))) continue;
        if (trouble && (!current || !study_goes_on(study) || study->day - e->first_day > window)) continue;
        add_rows(q, study, trouble ? &worse : &quiet);
        *(trouble ? &worse_day : &quiet_day) = study->day;
    }
    if (worse.count)
        evidence_add(q, BFL_RULE_FLARE_EVIDENCE_FURTHER_WORSENING, &worse,
                     "further worsening on day %d, %d days after the first", worse_day, worse_day - e->first_day);
    else if (quiet.count)
        evidence_add(q, BFL_RULE_FLARE_EVIDENCE_NO_FURTHER_WORSENING, &quiet,
                     "no new lesion and no destruction on day %d, %d days after the first", quiet_day,
                     quiet_day - e->first_day);
}

void evidence_from_images(inquiry *q) {
    signs_shown(q);
    baseline(q);
    course(q);
}
