/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules: the compiled rulebook. Code names rules and numbers by the constants that tools/rulebook.py generates from
 * rulebook/, so a rule that does not exist does not compile:
 *   rule "recist11.target.pr", parameter decrease_percent
 *   -> BFL_RULE_RECIST11_TARGET_PR, BFL_NUM_RECIST11_TARGET_PR__DECREASE_PERCENT (text: BFL_TXT_...)
 */
#ifndef BFL_RULES_RULES_H
#define BFL_RULES_RULES_H

#include "base/base.h"
#include "rulebook_gen.h" /* enum bfl_rule_index, bfl_number_index, bfl_text_index, bfl_key_index */
#include "terms/terms.h"
#include <boneflare/rules.h>

const bfl_rule *bfl_rule_of(const bfl_rulebook *rulebook, bfl_rule_index index);
/* A numeric parameter, overlay applied. O(1). */
bfl_decimal bfl_rule_number(const bfl_rulebook *rulebook, bfl_number_index index);
/* The same as a double, for logarithms and probabilities. */
double bfl_rule_double(const bfl_rulebook *rulebook, bfl_number_index index);
/* A numeric parameter that is a whole number (days, counts). */
int32_t bfl_rule_days(const bfl_rulebook *rulebook, bfl_number_index index);
/* A text parameter, overlay applied. */
const char *bfl_rule_words(const bfl_rulebook *rulebook, bfl_text_index index);
/* A rule by a composed id ("marker.variation." + analyte id in lower case); NULL when there is none. */
const bfl_rule *bfl_rule_named(const bfl_rulebook *rulebook, const char *prefix, const char *name);
/* Its numeric parameter by key, missing when there is none. */
bfl_maybe bfl_rule_value(const bfl_rule *rule, const char *key);

/* The keys (bfl_key_index) of a rule's parameters, in their order: for those who read many of them at once. */
const uint16_t *bfl_rule_keys(const bfl_rulebook *rulebook, const bfl_rule *rule);
/* A text parameter by the number of its key; "" when the rule (NULL allowed) has none. */
const char *bfl_rule_text(const bfl_rulebook *rulebook, const bfl_rule *rule, bfl_key_index key);
/* A parameter by the number of its key; NULL when the rule has none. */
const bfl_parameter *bfl_rule_parameter_at(const bfl_rulebook *rulebook, const bfl_rule *rule, bfl_key_index key);
/* A numeric one, missing when there is none. */
bfl_maybe bfl_rule_number_at(const bfl_rulebook *rulebook, const bfl_rule *rule, bfl_key_index key);
/* The rules whose id begins with the prefix: they follow one another from *first on. */
size_t bfl_rules_with_prefix(const bfl_rulebook *rulebook, const char *prefix, const bfl_rule **first);

/* ---- evidence (weight.c) and noise (variation.c), worked out when the book is opened ---- */

/* What a rule of flare.* weighs: the natural logarithm of its likelihood ratio flare : progression and its standard deviation. */
typedef struct bfl_weight {
    double log_lr, sd;
    const char *group;
    bool veto;
    bool other; /* it speaks for neither, but for something else: the group says so */
} bfl_weight;
const bfl_weight *bfl_rule_weight(const bfl_rulebook *rulebook, const bfl_rule *rule);

/* What a rule of flare.* says of beginnings, on the scale of logarithms, each with its standard deviation; 0 where it says nothing:
 * how many flare, how fast bone progresses, when a flare begins. */
typedef struct bfl_beginning {
    double logit_incidence, logit_incidence_sd;
    double log_hazard, log_hazard_sd; /* a day */
    double log_median, log_median_sd; /* days */
    double log_spread;
} bfl_beginning;
const bfl_beginning *bfl_rule_beginning(const bfl_rulebook *rulebook, const bfl_rule *rule);
/* Standard deviation of a logarithm whose 95 % range is stated. */
double bfl_rule_range_sd(const bfl_rulebook *rulebook, double low, double high);

/* How much a value of an analyte varies: the variance of one value on the log scale, analytical and within-subject variation
 * together, and the reference change value at 95 %, both ways as positive percentages. */
typedef struct bfl_variation {
    double log_variance;
    bfl_decimal up_percent, down_percent;
    bfl_decimal highest_percent, lowest_percent; /* 100 + up, 100 - down: of the earlier value, within noise */
    bfl_decimal hundred_percent;                 /* 100 with as many places */
} bfl_variation;
const bfl_variation *bfl_rule_variation(const bfl_rulebook *rulebook, const bfl_analyte *analyte);

/* ---- grades of laboratory values (grade.c), read when the book is opened ---- */

enum { BFL_GRADES = 4, BFL_PLAIN_UNITS = 4 };

/* Where each grade begins, as a multiple of a limit or of the baseline; missing where it does not. */
typedef struct bfl_grade_column {
    bfl_maybe times[BFL_GRADES];
    bfl_maybe mildest; /* the smallest of them; of a term of low values, the largest */
} bfl_grade_column;

/* Where it begins as a plain value: a value on the canonical scale, and the unit it was written in (NULL: none). */
typedef struct bfl_plain_start {
    const bfl_unit *unit;
    bfl_decimal value;
} bfl_plain_start;

typedef struct bfl_grade_starts {
    bfl_grade_column limit, baseline;
    bfl_plain_start plain[BFL_GRADES][BFL_PLAIN_UNITS];
    bool any_plain;
} bfl_grade_starts;

/* A term of CTCAE as it grades the values of one analyte. */
typedef struct bfl_grade_term {
    const bfl_rule *rule;
    const bfl_analyte *analyte,
        *corrected;                        /* the second: the same quantity, already corrected for albumin; else NULL */
    bool below;                            /* low values count */
    bool by_baseline, by_either, by_limit; /* branch: baseline instead of the limit when abnormal; either; the limit */
    const char *symptom;                   /* clinical item that moves to the stricter column; "": none */
    bfl_grade_starts starts[2];            /* without and with symptoms */
    bool from_baseline[BFL_GRADES];        /* begins at its multiple of the baseline, not above it */
    bool
        none_below_limit; /* no grade begins below the upper limit, nor below a baseline above it: high values count, as they stand */
} bfl_grade_term;
/* Those of an analyte, in the order of their rules. */
const bfl_grade_term *bfl_rule_grades(const bfl_rulebook *rulebook, const bfl_analyte *analyte, size_t *count);

/* ---- graphs (graph.c): rules with an `order`, read when the book is opened ---- */

/* What fills a {place} of a sentence. */
#define BFL_FILLERS(X)          \
    X(BY, "by")                 \
    X(NOT_BEFORE, "not_before") \
    X(MISSING, "missing")       \
    X(IT, "it")                 \
    X(DRUG, "drug")             \
    X(ECOG, "ecog")             \
    X(MARKER, "marker")         \
    X(SITE, "site")             \
    X(GENES, "genes")           \
    X(DRIVER, "driver")
#define BFL_FILL_VALUE(name, word) BFL_FILL_##name,
typedef enum bfl_filler { BFL_FILLERS(BFL_FILL_VALUE) BFL_FILLER_COUNT /* none of them */ } bfl_filler;

/* "Repeat it by {by}.": what stands before each {place}, and after the last one. */
typedef struct bfl_piece {
    bfl_text before, place; /* place empty: the end */
    bfl_filler fills;
} bfl_piece;
typedef struct bfl_sentence {
    const char *written;
    const bfl_piece *pieces;
    size_t count; /* 0: no places, said as written */
} bfl_sentence;

/* What shows in a record that something was done, as the word before the first ':' names it. */
#define BFL_DETECTORS(X)    \
    X(LAB, "lab")           \
    X(AGAIN, "again")       \
    X(IMAGE, "image")       \
    X(PATH, "path")         \
    X(DRUG, "drug")         \
    X(CLINICAL, "clinical") \
    X(GENE, "gene")
#define BFL_DETECTOR_VALUE(name, word) BFL_DETECT_##name,
typedef enum bfl_detector { BFL_DETECTORS(BFL_DETECTOR_VALUE) BFL_DETECTOR_COUNT /* none of them */ } bfl_detector;
bfl_detector bfl_rules_detector(bfl_text word);

/* A word of a list that a rule writes, as "!paget" or "lab:GGT". The same text has the same number. */
typedef struct bfl_word {
    bfl_text text;            /* without its '!', NUL-terminated */
    const char *member;       /* what follows its first '.', as in "alarm.fracture"; NULL: no '.' */
    const bfl_rule *told;     /* the row of workup.when for the text up to its '.'; NULL: none */
    const bfl_sentence *says; /* how that row tells each bfl_said */
    bfl_detector detector;
    bfl_text what, where;       /* what follows its ':' and its second ':' */
    const bfl_analyte *analyte; /* that `what` names; NULL: none */
    int modality, organ;        /* that `what` and `where` name; -1: any; their count: none */
    size_t number;              /* below bfl_rules_word_count(); that itself: a word of no rule */
    bool negated;
} bfl_word;

/* "alp_high, cancer|miliary": all of the list, one of a|b. */
typedef struct bfl_word_group {
    const bfl_word *items;
    size_t count;
} bfl_word_group;
typedef struct bfl_word_list {
    const bfl_word_group *items;
    size_t count;
} bfl_word_list;

/* The day that another one counts from. */
#define BFL_SINCES(X)                       \
    X(NOW, "now")                           \
    X(READY, "ready")                       \
    X(RAISE, "raise")                       \
    X(FINDING, "finding")                   \
    X(AFTER_FINDING, "after_finding")       \
    X(QUESTION, "question")                 \
    X(SCAN, "scan")                         \
    X(PROGRESSION, "progression")           \
    X(THERAPY, "therapy")                   \
    X(BONE_IMAGING, "bone_imaging")         \
    X(PAGET_EVALUATION, "paget_evaluation") \
    X(EVER, "ever")                         \
    X(LAST, "last:")
#define BFL_SINCE_VALUE(name, word) BFL_SINCE_##name,
typedef enum bfl_since_kind { BFL_SINCES(BFL_SINCE_VALUE) BFL_SINCE_COUNT /* none of them */ } bfl_since_kind;
typedef struct bfl_since {
    bfl_since_kind kind;
    const char *what; /* of LAST: what follows its ':' */
} bfl_since;

/* A node as its rule writes it: texts "", lists empty and numbers missing where it does not. */
typedef struct bfl_node {
    const bfl_rule *rule;
    bfl_text name; /* the last part of its id */
    size_t number; /* that of its name among the words */
    bfl_word_list after, who, when, done_by, note_when;
    bfl_since since, from;
    const char *note;
    bfl_sentence action, patient, changes;
    bfl_maybe order, priority, within_days, not_before_days, valid_days;
} bfl_node;

/* Those whose rules begin with the prefix ("workup.alp."), in walking order. */
const bfl_node *bfl_rules_graph(const bfl_rulebook *rulebook, const char *prefix, size_t *count);
size_t bfl_rules_word_count(const bfl_rulebook *rulebook);
/* A sentence, or a list, that is not of a node, taken apart. */
bfl_sentence bfl_rules_sentence(bfl_arena *arena, const char *written);
bfl_word_list bfl_rules_list(bfl_arena *arena, const bfl_rulebook *rulebook, const char *written);
/* A word as a list may hold it, without a '!'. */
const bfl_word *bfl_rules_word(bfl_arena *arena, const bfl_rulebook *rulebook, bfl_text text);

#endif
