/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside the work-up: a graph of nodes (rules/graph.c), conditions that a record answers with yes, no or not known
 * yet, and evidence that a node is done. The graph, its numbers and its sentences are rulebook rows; the grammar of their
 * text parameters is explained at the head of rulebook/workup/alp_2026.toml.
 */
#ifndef BFL_WORKUP_PLAN_H
#define BFL_WORKUP_PLAN_H

#include "workup/workup.h"

/* What a condition says. */
typedef struct bfl_answer {
    bfl_said said;         /* NONE = not known yet */
    const char *it;        /* what was found, fills {it}; "" when the condition's own sentence says it all */
    bfl_event_list events; /* what it rests on */
    bool has_day;
    int32_t day; /* of the latest finding, when has_day */
} bfl_answer;

/* What shows that a node is done. */
typedef struct bfl_evidence_found {
    bool done;
    bfl_event_list events;
    bfl_word_list detectors; /* what was looked for, */
    int32_t since;           /* and from which day on */
} bfl_evidence_found;

typedef struct bfl_plan bfl_plan;
/* What a condition says of this record, and how it is told; NULL: nobody asked. Its events are shared: nothing is added to them. */
typedef struct bfl_remembered {
    bfl_answer answer;
    const char *because;
} bfl_remembered;
struct bfl_plan {
    bfl_arena *arena;
    const bfl_findings *findings;
    const bfl_verdict *verdict;
    const bfl_record *record;
    const bfl_rulebook *rulebook;
    const bfl_marker *alp;    /* NULL: never measured */
    int32_t as_of;            /* INT32_MIN when the record has no dated event */
    int32_t raise_day;        /* first day of the rise of ALP that is worked up */
    int32_t question_day;     /* first day of the present bone question */
    int32_t scan_day;         /* first imaging of the present bone question, else of the therapy start */
    int32_t progression_day;  /* first day of the present progression */
    int32_t therapy_day;      /* start of the present therapy, else day 0 */
    size_t asked;             /* steps that are next so far */
    const char *site, *genes; /* {site}, {genes}; NULL before they were asked for */
    bfl_step *pathway;        /* nodes settled so far, for `after` */
    uint16_t *step_of; /* the place in the pathway + 1 of a node, by the number of its name; 0: not settled yet */
    bfl_remembered **remembered; /* by the number of the word; NULL: not asked yet */
    size_t *last_rows;           /* the last usable row + 1 of each analyte, 0: none */
    size_t last_other;           /* the same of rows that name none */
    size_t (*last_images)
        [BFL_ORGAN_COUNT]; /* the last image + 1 of each modality and organ, 0: none; NULL: not asked for */
};

/* ---- facts.c: reading the record ---- */

/* First day from which a result counts for the present rise of ALP. */
int32_t bfl_workup_window(const bfl_plan *plan);
const char *bfl_workup_day(bfl_plan *plan, int32_t day);
/* A word of the vocabularies as it is read: "bone_scan" -> "bone scan". */
const char *bfl_workup_plain(bfl_plan *plan, const char *word);
bool bfl_workup_contains(const char *text, const char *part);
/* Is `word` one of the comma-separated words of the list (ASCII case ignored)? */
bool bfl_workup_listed(const char *list, const char *word);
const char *bfl_workup_words(const bfl_rule *rule, const char *key);
/* The last laboratory row of an analyte (by id or alias, else by the name written) from `since` on; false when none. */
bool bfl_workup_last_lab(const bfl_plan *plan, const char *analyte, int32_t since, size_t *index);
bool bfl_workup_last_row(const bfl_plan *plan, const bfl_analyte *analyte, bfl_text name, int32_t since, size_t *index);
/* The last usable row of each analyte, for the two above. */
void bfl_workup_find_last_rows(bfl_plan *plan);
/* Is the last value of the analyte above (below) its range? NONE when there is none or it has no range. */
bfl_said bfl_workup_lab_said(const bfl_plan *plan, const char *analyte, bool above);
bfl_answer bfl_workup_lab_against(bfl_plan *plan, const char *analyte, bool above);
/* The last statement about an item. */
bool bfl_workup_last_clinical(const bfl_plan *plan, const char *item, size_t *index);
bool bfl_workup_last_said(const bfl_plan *plan, bfl_text item, size_t *index);
bool bfl_workup_bone_imaged(const bfl_lesion *lesion);
/* A bone lesion that is there. */
bool bfl_workup_bone_lesion(const bfl_lesion *lesion);
void bfl_workup_note_event(bfl_plan *plan, bfl_answer *answer, bfl_event_kind kind, size_t index, int32_t day);
bfl_answer bfl_workup_yes(const char *it);
bfl_answer bfl_workup_no(void);
bfl_answer bfl_workup_unknown(void);
bfl_answer bfl_workup_either(bool yes);

/* ---- when.c, when_alp.c, when_bone.c, when_tumour.c: conditions ---- */

/* All of a list of conditions. Empty list: yes. */
bfl_said bfl_workup_says(bfl_plan *plan, bfl_word_list conditions);
/* The same with what it rests on; those events are shared too until one is added. */
bfl_answer bfl_workup_all(bfl_plan *plan, bfl_word_list conditions);
/* Why the list says so, as a sentence. */
const char *bfl_workup_because(bfl_plan *plan, bfl_word_list conditions, bfl_said said);
/* A condition by its name, and the sentence of its answer. */
const bfl_answer *bfl_workup_ask(bfl_plan *plan, bfl_text word);
const char *bfl_workup_tell(bfl_plan *plan, bfl_text word);
/* The first alarm whose rule ends in the name; NULL: none. */
const bfl_alarm *bfl_workup_alarm(const bfl_plan *plan, const char *name);
bfl_answer bfl_workup_of_alarm(bfl_plan *plan, const bfl_alarm *alarm);
/* Is every condition named in the list known to the program? For tests of the rulebook. */
bool bfl_workup_when_known(bfl_arena *arena, const bfl_rulebook *rulebook, const char *conditions);

typedef bfl_answer (*bfl_condition)(bfl_plan *plan, const bfl_rule *rule);
/* Each has a row of workup.when, and its place in the tables is that of the row; NULL: of another table. */
#define BFL_CONDITION(name) (BFL_RULE_WORKUP_WHEN_##name - BFL_RULE_WORKUP_WHEN_ADVANCED)
enum { BFL_WORKUP_CONDITIONS = BFL_CONDITION(WAITING) + 1 };
extern const bfl_condition bfl_workup_alp_conditions[BFL_WORKUP_CONDITIONS];
extern const bfl_condition bfl_workup_bone_conditions[BFL_WORKUP_CONDITIONS];
extern const bfl_condition bfl_workup_tumour_conditions[BFL_WORKUP_CONDITIONS];

/* ---- paget.c ---- */

typedef struct bfl_paget_course {
    bool treated, ended, evaluated;
    size_t therapy;          /* index of the course */
    int32_t end, evaluation; /* last day of the course, and six months after it */
    bfl_maybe before, nadir, last;
    int32_t last_day;
    bfl_event_list events;
} bfl_paget_course;
bfl_paget_course bfl_workup_paget(bfl_plan *plan);

/* ---- done.c: what has been done ---- */

/* Evidence from `since` on. An empty list is never done. */
bfl_evidence_found bfl_workup_done(bfl_plan *plan, bfl_word_list detectors, int32_t since);
/* "GGT, bone ALP": what was not found, "" when done. */
const char *bfl_workup_missing(bfl_plan *plan, const bfl_evidence_found *found);
bool bfl_workup_detector_known(const char *detectors);

/* ---- value.c: what a test is worth ---- */

/* While the question is open: the tests worth doing, most valuable first. */
const bfl_test_worth *bfl_workup_tests(bfl_plan *plan, size_t *count);

/* ---- fill.c: sentences ---- */

typedef struct bfl_filling {
    const bfl_evidence_found *done; /* NULL: nothing was looked for */
    const char *it;
    bool has_by, has_not_before;
    int32_t by, not_before;
} bfl_filling;
/* Fills {drug}, {by}, {not_before}, {genes}, {driver}, {marker}, {site}, {ecog}, {missing}, {it}. */
const char *bfl_workup_fill(bfl_plan *plan, const bfl_sentence *sentence, const bfl_filling *filling);
/* The anticancer drugs begun together that are in force, "carboplatin + pemetrexed". */
const char *bfl_workup_drug(bfl_plan *plan);
/* Driver genes of the rulebook that were not tested, "MET, RET"; "" when all were. */
const char *bfl_workup_untested(bfl_plan *plan);
/* "ALK rearrangement", "" when none is known. */
const char *bfl_workup_driver(bfl_plan *plan, bfl_answer *answer);

/* ---- node.c ---- */

/* Walks a graph: a step for every node, in their order. Where only what is next is read, only that is told in sentences. */
bfl_step *bfl_workup_walk(bfl_plan *plan, const bfl_node *nodes, size_t count, bool only_next);

#endif
