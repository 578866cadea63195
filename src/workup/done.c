/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What has been done, read from the record. "lab:GGT, lab:BALP|lab:ALP_3": all of the list, one of a|b. Detectors:
 *   lab:ANALYTE  again:ANALYTE (a second value)  image:MODALITY[:ORGAN]  path:ORGAN  drug:INTENT or class or name
 *   clinical:ITEM  gene:NAME        `any` stands for every modality, organ, drug, gene
 */
#include "workup/plan.h"

#include <string.h>

/* One detector, and from which day on it looks. */
typedef struct detector {
    const bfl_word *word;
    int32_t since;
} detector;

static bool is_any(bfl_text word) { return !word.size || bfl_text_equal(word, BFL_TEXT("any")); }

static bool is_word(const char *z, bfl_text word) { return bfl_text_equal(bfl_text_of(z), word); }

static bool contains(const char *z, bfl_text part) { return bfl_text_find_nocase(bfl_text_of(z), part) != SIZE_MAX; }

static bool find_lab(bfl_plan *plan, const detector *d, bfl_event_ref *event) {
    size_t index = 0;
    if (!bfl_workup_last_row(plan, d->word->analyte, d->word->what, d->since, &index)) return false;
    *event = (bfl_event_ref){BFL_EVENT_LAB, (uint32_t)index};
    return true;
}

/* A second value some time after the one that began the rise. */
static bool find_again(bfl_plan *plan, const detector *d, bfl_event_ref *event) {
    int32_t apart = bfl_rule_days(plan->rulebook, BFL_NUM_WORKUP_ALP_REPEAT__AGAIN_AFTER_DAYS);
    detector later = {d->word, plan->raise_day + apart};
    return find_lab(plan, &later, event);
}

/* "T5", "L4-L5", "spine": a place where the cord or the cauda equina runs. */
static bool in_spine(const char *site) {
    static const char *const words[] = {"spin",     "cord",   "vertebra", "cervical",
                                        "thoracic", "lumbar", "sacrum",   "cauda"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (bfl_workup_contains(site, words[i])) return true;
    return *site && strchr("CTLSctls", *site) && site[1] >= '0' && site[1] <= '9';
}

static bool shows_something(const bfl_lesion *lesion) {
    return lesion->when.known && lesion->modality != BFL_MODALITY_CLINICAL && lesion->state != BFL_LESION_NOT_EVALUABLE;
}

static void find_last_images(bfl_plan *plan) {
    plan->last_images = bfl_arena_alloc(plan->arena, BFL_MODALITY_COUNT, sizeof *plan->last_images);
    for (size_t i = 0; i < plan->record->lesion_count; i++) {
        const bfl_lesion *lesion = &plan->record->lesions[i];
        if (shows_something(lesion)) plan->last_images[lesion->modality][lesion->organ] = i + 1;
    }
}

static size_t last_image(bfl_plan *plan, const bfl_word *word) {
    if (!plan->last_images) find_last_images(plan);
    size_t last = 0;
    for (int m = word->modality < 0 ? 0 : word->modality; m < BFL_MODALITY_COUNT; m++) {
        for (int o = word->organ < 0 ? 0 : word->organ; o < BFL_ORGAN_COUNT; o++) {
            if (plan->last_images[m][o] > last) last = plan->last_images[m][o];
            if (word->organ >= 0) break;
        }
        if (word->modality >= 0) break;
    }
    return last;
}

static size_t last_of_spine(const bfl_plan *plan, const bfl_word *word) {
    for (size_t i = plan->record->lesion_count; i > 0; i--) {
        const bfl_lesion *lesion = &plan->record->lesions[i - 1];
        bool wanted = shows_something(lesion) && (word->modality < 0 || (int)lesion->modality == word->modality);
        if (wanted && in_spine(lesion->site)) return i;
    }
    return 0;
}

/* The last of them; rows stand by day. */
static bool find_image(bfl_plan *plan, const detector *d, bfl_event_ref *event) {
    bool spine = bfl_text_equal(d->word->where, BFL_TEXT("spine"));
    size_t last = spine ? last_of_spine(plan, d->word) : last_image(plan, d->word);
    if (!last || plan->record->lesions[last - 1].when.day < d->since) return false;
    *event = (bfl_event_ref){BFL_EVENT_LESION, (uint32_t)(last - 1)};
    return true;
}

static bool find_path(bfl_plan *plan, const detector *d, bfl_event_ref *event) {
    bool found = false;
    for (size_t i = 0; i < plan->record->pathology_count; i++) {
        const bfl_pathology *tissue = &plan->record->pathologies[i];
        if (!tissue->when.known || tissue->when.day < d->since) continue;
        if (!is_any(d->word->what) && !is_word(bfl_organ_word(tissue->organ), d->word->what)) continue;
        *event = (bfl_event_ref){BFL_EVENT_PATHOLOGY, (uint32_t)i};
        found = true;
    }
    return found;
}

static bool find_drug(bfl_plan *plan, const detector *d, bfl_event_ref *event) {
    bool found = false;
    for (size_t i = 0; i < plan->record->therapy_count; i++) {
        const bfl_therapy *therapy = &plan->record->therapies[i];
        bool since = d->since == INT32_MIN || (therapy->start.known && therapy->start.day >= d->since);
        bool named = is_any(d->word->what) || is_word(bfl_intent_word(therapy->intent), d->word->what) ||
                     contains(therapy->class_id, d->word->what) || contains(therapy->drug, d->word->what);
        if (!since || !named) continue;
        *event = (bfl_event_ref){BFL_EVENT_THERAPY, (uint32_t)i};
        found = true;
    }
    return found;
}

static bool find_clinical(bfl_plan *plan, const detector *d, bfl_event_ref *event) {
    size_t index = 0;
    if (!bfl_workup_last_said(plan, d->word->what, &index)) return false;
    if (plan->record->clinicals[index].when.day < d->since) return false;
    *event = (bfl_event_ref){BFL_EVENT_CLINICAL, (uint32_t)index};
    return true;
}

static bool find_gene(bfl_plan *plan, const detector *d, bfl_event_ref *event) {
    bool found = false;
    for (size_t i = 0; i < plan->record->molecular_count; i++) {
        const bfl_molecular *test = &plan->record->moleculars[i];
        if (!test->when.known || test->when.day < d->since) continue;
        if (!is_any(d->word->what) && !contains(test->gene, d->word->what)) continue;
        *event = (bfl_event_ref){BFL_EVENT_MOLECULAR, (uint32_t)i};
        found = true;
    }
    return found;
}

typedef bool (*finder)(bfl_plan *plan, const detector *d, bfl_event_ref *event);
static const finder finders[BFL_DETECTOR_COUNT] = {
    [BFL_DETECT_LAB] = find_lab,   [BFL_DETECT_AGAIN] = find_again, [BFL_DETECT_IMAGE] = find_image,
    [BFL_DETECT_PATH] = find_path, [BFL_DETECT_DRUG] = find_drug,   [BFL_DETECT_CLINICAL] = find_clinical,
    [BFL_DETECT_GENE] = find_gene};

/* How a test is called when it is still to be done: the analyte's name up to its comma, inside a sentence; else the word. */
static const char *called(bfl_plan *plan, const bfl_word *word) {
    const bfl_analyte *analyte = word->analyte;
    if (!analyte) return bfl_workup_plain(plan, bfl_arena_text(plan->arena, word->what));
    bfl_text rest = bfl_text_of(analyte->name);
    char *name = bfl_arena_text(plan->arena, bfl_text_split(&rest, ','));
    bool plain = name[0] >= 'A' && name[0] <= 'Z' && name[1] >= 'a' && name[1] <= 'z';
    if (plain) name[0] = (char)(name[0] - 'A' + 'a');
    return name;
}

/* One of a|b. */
static bool one_of(bfl_plan *plan, const bfl_word_group *words, int32_t since, bfl_event_list *events) {
    for (size_t i = 0; i < words->count; i++) {
        detector d = {&words->items[i], since};
        bfl_event_ref event = {BFL_EVENT_NOTE, 0};
        if (d.word->detector == BFL_DETECTOR_COUNT || !finders[d.word->detector](plan, &d, &event)) continue;
        bfl_event_add(plan->arena, events, event.kind, event.index);
        return true;
    }
    return false;
}

bfl_evidence_found bfl_workup_done(bfl_plan *plan, bfl_word_list detectors, int32_t since) {
    bfl_evidence_found found = {.done = detectors.count > 0, .detectors = detectors, .since = since};
    for (size_t i = 0; i < detectors.count; i++)
        if (!one_of(plan, &detectors.items[i], since, &found.events)) found.done = false;
    return found;
}

/* The first of a|b stands for them. */
const char *bfl_workup_missing(bfl_plan *plan, const bfl_evidence_found *found) {
    bfl_buf missing = {.arena = plan->arena};
    for (size_t i = 0; i < found->detectors.count; i++) {
        const bfl_word_group *group = &found->detectors.items[i];
        bfl_event_list events = {0};
        if (one_of(plan, group, found->since, &events)) continue;
        bfl_buf_join(&missing, ", ", called(plan, &group->items[0]));
    }
    return bfl_buf_z(&missing);
}

bool bfl_workup_detector_known(const char *detectors) {
    bfl_text rest = bfl_text_of(detectors);
    while (rest.size) {
        bfl_text group = bfl_text_split(&rest, ',');
        while (group.size) {
            bfl_text word = bfl_text_trim(bfl_text_split(&group, '|'));
            if (bfl_rules_detector(bfl_text_split(&word, ':')) == BFL_DETECTOR_COUNT || !word.size) return false;
        }
    }
    return true;
}
