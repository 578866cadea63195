/* SPDX-License-Identifier: Apache-2.0 */
#include "flare/episode.h"

#include <limits.h>
#include <string.h>

enum {
    CALLS_PROGRESSION = 1u << SIGN_PROGRESSED | 1u << SIGN_PROGRESSED_CT,
    GOES_ON = 1u << SIGN_NEW_BLASTIC | 1u << SIGN_NEW_LYTIC | 1u << SIGN_NEW_UNSTATED | 1u << SIGN_LESS_DENSE |
              1u << SIGN_SOFT_MASS | 1u << SIGN_LYTIC_GROWTH | CALLS_PROGRESSION,
    NEW_TROUBLE = GOES_ON | 1u << SIGN_LYTIC_LARGER | 1u << SIGN_FDG_UP,
    ASKS_AGAIN = NEW_TROUBLE | 1u << SIGN_FADING | 1u << SIGN_LOST_DENSITY | 1u << SIGN_TRACER_UP,
    HEALING = 1u << SIGN_SCLEROSED | 1u << SIGN_DENSER,
    GROWS = 1u << SIGN_LARGER | 1u << SIGN_GREW | 1u << SIGN_BEYOND_BONE,
    DESTRUCTION = 1u << SIGN_LOST_DENSITY | 1u << SIGN_LESS_DENSE | 1u << SIGN_LYTIC_LARGER | 1u << SIGN_LYTIC_GROWTH
};

bool study_shows(const bone_study *study, sign which) { return (study->shows >> which & 1u) != 0; }

bool study_new_trouble(const bone_study *study) { return (study->shows & NEW_TROUBLE) != 0; }

/* Healed bone that loses density may be resistance (Ansen): it settles nothing and is asked about. */
bool study_asks_again(const bone_study *study) { return (study->shows & ASKS_AGAIN) != 0; }

/* By the MDA criteria a blastic lesion that grows is progression too: it proves nothing within a flare, and is not quiet. */
bool study_quiet(const bone_study *study) {
    return (study->shows & (ASKS_AGAIN | 1u << SIGN_LARGER | 1u << SIGN_GREW)) == 0;
}

bool study_worse(const bone_study *study) { return (study->shows & (ASKS_AGAIN | HEALING | GROWS)) != 0; }

bool study_goes_on(const bone_study *study) { return (study->shows & GOES_ON) != 0; }

bool study_only_matures(const bone_study *study) {
    return (study->shows & HEALING) != 0 && (study->shows & (NEW_TROUBLE | 1u << SIGN_GREW)) == 0;
}

/* ---- what still counts ---- */

/* What a later study of the same lesion must show to take a sign back. */
static unsigned taken_back_by(sign which) {
    unsigned s = 1u << which;
    if (s & DESTRUCTION || which == SIGN_NEW_LYTIC || which == SIGN_FADING || which == SIGN_GREW) return HEALING;
    if (s & HEALING) return DESTRUCTION;
    if (which == SIGN_FDG_UP) return 1u << SIGN_FDG_DOWN;
    if (which == SIGN_FDG_DOWN) return 1u << SIGN_FDG_UP;
    if (which == SIGN_TRACER_UP) return 1u << SIGN_TRACER_DOWN;
    return which == SIGN_TRACER_DOWN ? 1u << SIGN_TRACER_UP : 0;
}

/* Ids of the lesions that a study after `day` shows with one of the signs; sorted. */
typedef BFL_LIST(const char *) id_list;

static int by_id(const void *a, const void *b, const void *context) {
    (void)context;
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_ids(bfl_arena *arena, const bfl_record *record, const bone_study *study, unsigned signs, id_list *ids) {
    for (size_t i = 0; study->shows & signs && i < study->row_count; i++)
        if (study->rows[i].signs & signs) *BFL_PUSH(arena, ids) = record->lesions[study->rows[i].index].id;
}

static bool has_id(const id_list *ids, const char *id) {
    size_t low = 0, high = ids->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(ids->items[middle], id);
        if (order == 0) return true;
        *(order < 0 ? &low : &high) = order < 0 ? middle + 1 : middle;
    }
    return false;
}

const bfl_event_list *episode_events(bfl_arena *arena, const bfl_findings *f, const episode *e, sign which) {
    static const bfl_event_list none = {0};
    if (!e->imaging || !(e->shows >> which & 1u)) return &none;
    bfl_event_list *all = BFL_NEW(arena, bfl_event_list);
    id_list later = {0};
    int32_t window = bfl_rule_days(f->rulebook, BFL_NUM_FLARE_WINDOW__CURRENT_DAYS);
    for (size_t s = e->study_count; s > e->first; s--) {
        const bone_study *study = &e->studies[s - 1];
        if (study->day < e->studies[e->judged].day - window) break;
        for (size_t i = 0; study_shows(study, which) && i < study->row_count; i++) {
            uint32_t row = study->rows[i].index;
            if (study->rows[i].signs >> which & 1u && !has_id(&later, f->record->lesions[row].id))
                bfl_event_push(arena, all, BFL_EVENT_LESION, row);
        }
        size_t before = later.count;
        add_ids(arena, f->record, study, taken_back_by(which), &later);
        if (later.count > before) bfl_sort(arena, later.items, later.count, sizeof *later.items, by_id, NULL);
    }
    return all;
}

/* ---- reading one lesion row ---- */

static bool is_tracer(bfl_modality modality) {
    return modality == BFL_MODALITY_BONE_SCAN || modality == BFL_MODALITY_NAF_PET || modality == BFL_MODALITY_PSMA_PET;
}

/* Each lesion row with the rows of the same lesion before it. */
typedef struct lesion_history {
    const bfl_record *record;
    size_t *before;     /* index + 1 of the row of the same lesion before this one; 0: none */
    int32_t *first_new; /* day the lesion was first called new, up to this row; INT32_MAX: never */
} lesion_history;

static lesion_history lesion_histories(bfl_arena *arena, const bfl_record *record) {
    size_t n = record->lesion_count, lesion_count;
    lesion_history h = {record, BFL_NEW_ARRAY(arena, n, size_t), BFL_NEW_ARRAY(arena, n, int32_t)};
    const uint32_t *number_of = bfl_record_lesion_numbers(arena, record, false, &lesion_count);
    size_t *last = BFL_NEW_ARRAY(arena, lesion_count, size_t);
    for (size_t i = 0; i < n; i++) {
        const bfl_lesion *row = &record->lesions[i];
        size_t before = last[number_of[i]];
        int32_t first = before ? h.first_new[before - 1] : INT32_MAX;
        bool called_new = row->role == BFL_ROLE_NEW && row->when.known && row->when.day < first;
        h.before[i] = before;
        h.first_new[i] = called_new ? row->when.day : first;
        last[number_of[i]] = i + 1;
    }
    return h;
}

/* The latest earlier row of the same lesion with the same modality; NULL when there is none. */
static const bfl_lesion *earlier_row(const lesion_history *h, size_t index) {
    const bfl_lesion *lesion = &h->record->lesions[index];
    for (size_t at = h->before[index]; at; at = h->before[at - 1]) {
        const bfl_lesion *l = &h->record->lesions[at - 1];
        if (l->when.known && l->when.day < lesion->when.day && l->modality == lesion->modality) return l;
    }
    return NULL;
}

static bool called_new_before(const lesion_history *h, size_t index) {
    size_t before = h->before[index];
    return before && h->first_new[before - 1] < h->record->lesions[index].when.day;
}

static sign new_sign(const bfl_lesion *lesion) {
    switch (lesion->matrix) {
    case BFL_MATRIX_BLASTIC: return SIGN_NEW_BLASTIC;
    case BFL_MATRIX_LYTIC: return SIGN_NEW_LYTIC;
    case BFL_MATRIX_SOFT: return SIGN_SOFT_MASS;
    case BFL_MATRIX_NONE:
    case BFL_MATRIX_MIXED:
    case BFL_MATRIX_MARROW:
    case BFL_MATRIX_COUNT: break;
    }
    return SIGN_NEW_UNSTATED;
}

static bool density_rose(const bfl_findings *f, const bfl_lesion *now, const bfl_lesion *before) {
    if (!now->hu_mean.present || !before || !before->hu_mean.present) return false;
    bfl_decimal rise = bfl_decimal_subtract(now->hu_mean.value, before->hu_mean.value);
    return bfl_decimal_compare(rise, bfl_rule_number(f->rulebook, BFL_NUM_FLARE_DENSITY__RISE_HU)) >= 0;
}

/* What a word about less density means: a blastic lesion without a lytic part fades, one with it that has grown is destroyed. The
 * MDA criteria know no progression by density alone, which phase, slice and dose of the scan move as well. */
static sign sign_of_loss(const bfl_lesion *lesion) {
    static const unsigned grown = BFL_CHANGE_LARGER | BFL_CHANGE_LYTIC_GROWTH | BFL_CHANGE_SOFT_MASS;
    if (lesion->matrix == BFL_MATRIX_BLASTIC && !(lesion->changes & BFL_CHANGE_LYTIC_GROWTH)) return SIGN_FADING;
    return lesion->changes & grown || lesion->state == BFL_LESION_PROGRESSED ? SIGN_LESS_DENSE : SIGN_LOST_DENSITY;
}

static unsigned signs_of_uptake_words(const bfl_lesion *lesion) {
    bool fdg = lesion->modality == BFL_MODALITY_FDG_PET, tracer = is_tracer(lesion->modality);
    unsigned signs = 0;
    if (lesion->changes & BFL_CHANGE_UPTAKE_UP) signs |= fdg ? 1u << SIGN_FDG_UP : tracer ? 1u << SIGN_TRACER_UP : 0;
    if (lesion->changes & BFL_CHANGE_UPTAKE_DOWN)
        signs |= fdg ? 1u << SIGN_FDG_DOWN : tracer ? 1u << SIGN_TRACER_DOWN : 0;
    return signs;
}

/* Signs by what the reader wrote in `change`. */
static unsigned signs_of_words(const bfl_lesion *lesion) {
    unsigned c = lesion->changes, signs = 0;
    if (c & (BFL_CHANGE_SCLEROSED | BFL_CHANGE_RIM | BFL_CHANGE_FILLED_IN)) signs |= 1u << SIGN_SCLEROSED;
    if (c & BFL_CHANGE_DENSER) signs |= 1u << SIGN_DENSER;
    if (c & BFL_CHANGE_LESS_DENSE) signs |= 1u << sign_of_loss(lesion);
    if (c & BFL_CHANGE_LYTIC_GROWTH) signs |= 1u << SIGN_LYTIC_GROWTH;
    if (c & BFL_CHANGE_SOFT_MASS) signs |= 1u << SIGN_SOFT_MASS;
    if (c & BFL_CHANGE_LARGER) signs |= 1u << (lesion->matrix == BFL_MATRIX_LYTIC ? SIGN_LYTIC_LARGER : SIGN_GREW);
    if (c & BFL_CHANGE_MORE) signs |= 1u << new_sign(lesion);
    return signs | signs_of_uptake_words(lesion);
}

static unsigned signs_of_uptake(const bfl_lesion *lesion, const bfl_lesion *same) {
    if (!lesion->uptake || !same->uptake || lesion->uptake == same->uptake) return 0;
    bool up = lesion->uptake > same->uptake;
    if (lesion->modality == BFL_MODALITY_FDG_PET) return 1u << (up ? SIGN_FDG_UP : SIGN_FDG_DOWN);
    return is_tracer(lesion->modality) ? 1u << (up ? SIGN_TRACER_UP : SIGN_TRACER_DOWN) : 0;
}

/* Signs from comparing the row with the same lesion's earlier rows. */
static unsigned signs_of_history(const bfl_findings *f, const lesion_history *h, size_t index) {
    const bfl_lesion *lesion = &h->record->lesions[index], *same = earlier_row(h, index);
    if (!same) return 0;
    unsigned signs = 0;
    bool was_lytic = same->matrix == BFL_MATRIX_LYTIC || same->matrix == BFL_MATRIX_MIXED;
    if (was_lytic && lesion->matrix == BFL_MATRIX_BLASTIC) signs |= 1u << SIGN_SCLEROSED;
    if (same->matrix == BFL_MATRIX_BLASTIC && lesion->matrix == BFL_MATRIX_LYTIC) signs |= 1u << SIGN_LESS_DENSE;
    if (density_rose(f, lesion, same)) signs |= 1u << SIGN_DENSER;
    if (lesion->beyond_bone == BFL_SAID_YES && same->beyond_bone != BFL_SAID_YES) signs |= 1u << SIGN_BEYOND_BONE;
    return signs | signs_of_uptake(lesion, same);
}

/* A lesion that is called larger in the same row as sclerotic or denser has a margin of new bone (Kaneko, of lytic ones): its size
 * is that of the healing. Where the row says destruction too, it is that. */
static unsigned larger_by_new_bone(unsigned signs) {
    static const unsigned size = 1u << SIGN_LYTIC_LARGER | 1u << SIGN_GREW;
    bool healing = (signs & HEALING) != 0, destroyed = (signs & DESTRUCTION & ~size) != 0;
    return signs & size && healing && !destroyed ? (signs & ~size) | 1u << SIGN_LARGER : signs;
}

static bool shows_structure(bfl_modality m) { return m == BFL_MODALITY_CT || m == BFL_MODALITY_MRI; }

static unsigned signs_of(const bfl_findings *f, const lesion_history *h, size_t index) {
    const bfl_lesion *lesion = &h->record->lesions[index];
    unsigned signs = signs_of_words(lesion) | signs_of_history(f, h, index);
    bool there = lesion->state != BFL_LESION_ABSENT && lesion->state != BFL_LESION_NOT_EVALUABLE;
    if (there && lesion->role == BFL_ROLE_NEW && !called_new_before(h, index)) {
        signs |= 1u << new_sign(lesion);
        if (lesion->modality == BFL_MODALITY_FDG_PET) signs |= 1u << SIGN_FDG_UP;
        if (is_tracer(lesion->modality)) signs |= 1u << SIGN_TRACER_UP;
    }
    if (lesion->state == BFL_LESION_PROGRESSED) {
        signs |= 1u << (shows_structure(lesion->modality) ? SIGN_PROGRESSED_CT : SIGN_PROGRESSED);
        if (lesion->modality == BFL_MODALITY_FDG_PET) signs |= 1u << SIGN_FDG_UP;
    }
    if (signs == 0 && lesion->state != BFL_LESION_NOT_EVALUABLE) signs = 1u << SIGN_STABLE;
    return larger_by_new_bone(signs);
}

/* ---- studies and the episode ---- */

/* The studies after a day among the first rows, as they were asked for last. */
struct studies_read {
    bfl_arena *scratch;
    BFL_LIST(bone_study) studies;
    size_t rows;       /* so many rows about bone are read */
    int32_t after_day; /* studies up to here are left out */
    int32_t opened;    /* the first day of the last study */
};

bone_signs bone_signs_of(bfl_arena *arena, const bfl_findings *f) {
    const lesion_history history = lesion_histories(arena, f->record);
    bone_row *rows = BFL_NEW_ARRAY(arena, f->record->lesion_count, bone_row);
    size_t count = 0;
    for (size_t i = 0; i < f->record->lesion_count; i++) {
        const bfl_lesion *lesion = &f->record->lesions[i];
        if (lesion->organ == BFL_ORGAN_BONE && lesion->when.known)
            rows[count++] = (bone_row){(uint32_t)i, signs_of(f, &history, i)};
    }
    struct studies_read *last = BFL_NEW(arena, struct studies_read);
    last->scratch = bfl_arena_scratch(arena);
    return (bone_signs){rows, count, last};
}

static void read_row(const bfl_findings *f, const bone_row *row, struct studies_read *read) {
    int32_t day = f->record->lesions[row->index].when.day;
    if (day <= read->after_day) return;
    if (read->studies.count == 0 || day > read->opened + bfl_rule_days(f->rulebook, BFL_NUM_FLARE_WINDOW__VISIT_DAYS)) {
        BFL_PUSH(read->scratch, &read->studies)->rows = row;
        read->opened = day;
    }
    bone_study *study = &read->studies.items[read->studies.count - 1];
    study->day = day;
    study->shows |= row->signs;
    study->row_count++;
}

/* Bone studies after `after_day`, in order. Those asked for last grow by the rows that are new; else they are read anew. */
static const struct studies_read *bone_studies(const bfl_findings *f, const bone_signs *known, int32_t after_day) {
    struct studies_read *read = known->last;
    bool goes_on = read->rows == 0 || known->rows[read->rows - 1].index < f->record->lesion_count;
    if (!goes_on || read->after_day != after_day) {
        bfl_arena_reset(read->scratch);
        *read = (struct studies_read){.scratch = read->scratch, .after_day = after_day};
    }
    for (; read->rows < known->count && known->rows[read->rows].index < f->record->lesion_count; read->rows++)
        read_row(f, &known->rows[read->rows], read);
    return read;
}

/* The day ALP first stood above noise and above the rulebook's multiple of its baseline; false when it never did. */
static bool alp_question(const bfl_findings *f, int32_t after_day, int32_t *day) {
    const bfl_marker *alp = bfl_markers_find(f->markers, "ALP");
    if (!alp || alp->point_count == 0 || !alp->rcv_up_percent.present) return false;
    bfl_decimal base = alp->points[alp->baseline_index].value;
    bfl_decimal bar =
        bfl_decimal_multiply(base, bfl_rule_number(f->rulebook, BFL_NUM_FLARE_QUESTION__ALP_RISE_X_BASELINE));
    bfl_decimal noise = bfl_decimal_multiply(base, bfl_decimal_add(bfl_decimal_of(100), alp->rcv_up_percent.value));
    for (size_t i = 0; i < alp->point_count; i++) {
        const bfl_marker_point *p = &alp->points[i];
        if (p->day <= after_day || (int32_t)i <= alp->baseline_index) continue;
        bool above_noise = bfl_decimal_compare(bfl_decimal_multiply(p->value, bfl_decimal_of(100)), noise) > 0;
        if (above_noise && bfl_decimal_compare(p->value, bar) >= 0) {
            *day = p->day;
            return true;
        }
    }
    return false;
}

/* The day ALP was first told to rise, where no two numbers show it. */
static bool alp_question_in_words(const bfl_findings *f, int32_t after_day, int32_t *day) {
    const bfl_marker *alp = bfl_markers_find(f->markers, "ALP");
    if (!alp || alp->point_count > 1) return false;
    for (size_t i = 0; i < f->record->lab_count; i++) {
        const bfl_lab *lab = &f->record->labs[i];
        if (lab->analyte != alp->analyte || lab->word != BFL_LAB_RISING) continue;
        if (!lab->when.known || lab->when.day <= after_day) continue;
        *day = lab->when.day;
        return true;
    }
    return false;
}

static const bfl_therapy *therapy_asked_about(const bfl_record *record, int32_t day) {
    const bfl_therapy *in_force = bfl_record_therapy_on(record, day);
    for (size_t i = 0; !in_force && i < record->therapy_count; i++) {
        const bfl_therapy *t = &record->therapies[record->therapy_count - 1 - i];
        if (t->intent == BFL_INTENT_ANTICANCER && t->start.known && t->start.day <= day) in_force = t;
    }
    return in_force;
}

/* Marks the worse studies and the day from which time is judged: growth that comes later is not the healing that began before. */
static void find_worse(episode *e, bool healed, int32_t *judged_day) {
    for (size_t i = 0; i < e->study_count; i++) {
        const bone_study *study = &e->studies[i];
        e->shows |= study->shows;
        bool anew = study_new_trouble(study) || study_shows(study, SIGN_GREW);
        if (healed ? !study_asks_again(study) : !study_worse(study)) continue;
        if (!e->imaging) e->first = i;
        if (!e->imaging || anew) *judged_day = study->day, e->judged = i;
        e->imaging = true;
        e->last = i;
    }
}

bool episode_find(const bfl_findings *f, const bone_signs *signs, int32_t after_day, bool healed, episode *out) {
    const struct studies_read *read = bone_studies(f, signs, after_day);
    episode e = {.studies = read->studies.items, .study_count = read->studies.count, .after_day = after_day};
    int32_t judged_day = 0, serum_day = 0;
    find_worse(&e, healed, &judged_day);
    e.serum = !e.imaging && !healed &&
              (alp_question(f, after_day, &serum_day) || alp_question_in_words(f, after_day, &serum_day));
    if (!e.imaging && !e.serum) return false;
    if (e.serum) judged_day = serum_day;
    e.first_day = e.imaging ? e.studies[e.first].day : serum_day;
    e.last_day = e.imaging ? e.studies[e.last].day : serum_day;
    e.therapy = therapy_asked_about(f->record, e.first_day);
    if (!e.therapy) return false;
    e.therapy_day = judged_day - e.therapy->start.day;
    *out = e;
    return true;
}

size_t undated_worse(const bfl_findings *f) {
    size_t count = 0;
    for (size_t i = 0; i < f->record->lesion_count; i++) {
        const bfl_lesion *l = &f->record->lesions[i];
        if (l->organ != BFL_ORGAN_BONE || l->when.known) continue;
        bool worse = l->role == BFL_ROLE_NEW || l->state == BFL_LESION_PROGRESSED ||
                     (signs_of_words(l) & ~(1u << SIGN_FDG_DOWN | 1u << SIGN_TRACER_DOWN)) != 0;
        if (worse) count++;
    }
    return count;
}
