/* SPDX-License-Identifier: Apache-2.0 */
/* A patient in a few lines: rows are added, then assess() seals the record, reads the serum, finds alarms and walks the work-up.
 * The verdict and what the criteria say are set by hand. */
#ifndef BFL_TEST_PATIENT_H
#define BFL_TEST_PATIENT_H

#include "test.h"
#include "workup/workup.h"

typedef struct patient {
    bfl_arena *arena;
    bfl_rulebook *rulebook;
    bfl_builder *builder;
    bfl_criteria criteria;
    bfl_verdict verdict;
    bfl_bone history[4];
    bfl_findings findings;
    const bfl_workup *workup;
} patient;

static inline bfl_date day_date(int32_t day) { return (bfl_date){day, day, BFL_DATE_RELATIVE}; }

static inline patient begin_with(const char *overlay) {
    patient p = {.arena = bfl_arena_new()};
    CHECK_INT(bfl_rulebook_open(bfl_text_of(overlay), &p.rulebook, NULL), BFL_OK);
    p.builder = bfl_record_begin(p.arena, "x");
    bfl_record_set_day0(p.builder, day_date(0));
    return p;
}

static inline patient begin(void) { return begin_with(""); }

static inline void end(patient *p) {
    bfl_rulebook_free(p->rulebook);
    bfl_arena_free(p->arena);
}

static inline bfl_maybe number(const char *text) {
    bfl_maybe value = {.present = *text != '\0'};
    if (value.present) CHECK_INT(bfl_decimal_parse(bfl_text_of(text), &value.value, NULL), BFL_OK);
    return value;
}

static inline bfl_lab *lab(patient *p, int32_t day, const char *name, const char *value, const char *unit,
                           const char *low, const char *high) {
    bfl_lab *row = bfl_record_add_lab(p->builder, day_date(day));
    row->name = name;
    row->written = value;
    row->unit_text = unit;
    row->ref_low = number(low);
    row->ref_high = number(high);
    return row;
}

static inline bfl_lesion *lesion(patient *p, int32_t day, const char *site, bfl_organ organ, bfl_modality modality) {
    bfl_lesion *row = bfl_record_add_lesion(p->builder, day_date(day));
    row->id = row->site = site;
    row->organ = organ;
    row->modality = modality;
    row->state = BFL_LESION_PRESENT;
    return row;
}

static inline bfl_therapy *drug(patient *p, int32_t start, const char *name) {
    bfl_therapy *row = bfl_record_add_therapy(p->builder, day_date(start), BFL_NO_DATE);
    row->drug = name;
    return row;
}

static inline bfl_clinical *said(patient *p, int32_t day, const char *item, const char *value) {
    bfl_clinical *row = bfl_record_add_clinical(p->builder, day_date(day));
    row->item = item;
    row->value = value;
    return row;
}

static inline void gene(patient *p, int32_t day, const char *name, const char *variant, const char *result) {
    bfl_molecular *row = bfl_record_add_molecular(p->builder, day_date(day));
    row->gene = name;
    row->variant = variant;
    row->result = result;
}

static inline void tissue(patient *p, int32_t day, bfl_organ organ, const char *result) {
    bfl_pathology *row = bfl_record_add_pathology(p->builder, day_date(day));
    row->site = bfl_organ_word(organ);
    row->organ = organ;
    row->procedure = "biopsy";
    row->result = result;
}

/* Lung adenocarcinoma, stage IV, EGFR L858R, gefitinib from day 0, bone metastasis known at the start. */
static inline void lung(patient *p) {
    bfl_patient *row = bfl_record_patient(p->builder);
    row->tumour = "lung";
    row->histology = "adenocarcinoma";
    row->stage = "IV";
    drug(p, 0, "gefitinib");
    gene(p, -7, "EGFR", "L858R", "positive");
    lesion(p, -7, "T4", BFL_ORGAN_BONE, BFL_MODALITY_CT)->matrix = BFL_MATRIX_LYTIC;
    lesion(p, -7, "brain", BFL_ORGAN_BRAIN, BFL_MODALITY_MRI)->state = BFL_LESION_ABSENT;
}

/* The bone as it was judged on a day; the last call is the state now. */
static inline void judge(patient *p, int32_t day, bfl_bone_state state) {
    bfl_bone bone = {.day = day, .state = state, .question = state != BFL_BONE_NONE, .because = ""};
    p->history[p->verdict.history_count++] = bone;
    p->verdict.now = bone;
}

static inline void assess(patient *p, int32_t as_of) {
    const bfl_record *record = bfl_record_seal(p->arena, p->builder, NULL);
    record = bfl_record_as_of(p->arena, record, as_of);
    p->findings = (bfl_findings){.record = record,
                                 .rulebook = p->rulebook,
                                 .criteria = &p->criteria,
                                 .markers = bfl_markers_assess(p->arena, record, p->rulebook),
                                 .as_of = as_of};
    p->verdict.history = p->history; /* here, for a patient may have been returned by value */
    if (!p->verdict.now.because) p->verdict.now = (bfl_bone){.day = as_of, .because = ""};
    p->verdict.alarms = bfl_alarms_find(p->arena, &p->findings, &p->verdict.alarm_count);
    p->workup = bfl_workup_assess(p->arena, &p->findings, &p->verdict);
}

static inline const bfl_step *in_list(const bfl_step *steps, size_t count, const char *id) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(steps[i].rule->id, id) == 0) return &steps[i];
    return NULL;
}

/* A node of the pathway, by its last name. */
static inline const bfl_step *node(const patient *p, const char *name) {
    char id[96];
    (void)snprintf(id, sizeof id, "workup.alp.%s", name);
    const bfl_step *found = in_list(p->workup->pathway, p->workup->pathway_count, id);
    if (!found) printf("# no node %s\n", id);
    static const bfl_step none = {.state = (bfl_step_state)-1, .why = "", .action = ""};
    return found ? found : &none;
}

/* A next step, by its last name; NULL when it is not asked for. */
static inline const bfl_step *step(const patient *p, const char *name) {
    char id[96];
    (void)snprintf(id, sizeof id, "workup.step.%s", name);
    return in_list(p->workup->next, p->workup->next_count, id);
}

static inline bool has(const char *text, const char *part) { return strstr(text, part) != NULL; }

#endif
