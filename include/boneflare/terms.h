/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file terms.h
 * The words of the field: how lesions are described, analytes with their units, drugs with their class, TNM categories.
 *
 * The tables behind the functions are compiled from rulebook/terms. All pointers returned are to static storage.
 */
#ifndef BONEFLARE_TERMS_H
#define BONEFLARE_TERMS_H

#include <boneflare/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* clang-format off */
/* Each list: X(ENUM_SUFFIX, "word in a table"). The first entry of each list is "not stated". */
#define BFL_ROLES(X) \
    X(NONE, "") X(TARGET, "target") X(NON_TARGET, "non_target") X(NEW, "new")
#define BFL_MATRICES(X) \
    X(NONE, "") X(SOFT, "soft") X(LYTIC, "lytic") X(BLASTIC, "blastic") X(MIXED, "mixed") \
    X(MARROW, "marrow")
#define BFL_MODALITIES(X) \
    X(NONE, "") X(CT, "ct") X(MRI, "mri") X(XRAY, "xray") X(BONE_SCAN, "bone_scan") X(FDG_PET, "fdg_pet") \
    X(PSMA_PET, "psma_pet") X(NAF_PET, "naf_pet") X(ULTRASOUND, "ultrasound") X(CLINICAL, "clinical")
/* What is said of the lesion at that study. PROGRESSED = unequivocal progression of a non-target lesion;
 * EQUIVOCAL = possible, not certain, to be new or to be progression; RESPONDED = described as smaller/better without a size. */
#define BFL_LESION_STATES(X) \
    X(NONE, "") X(MEASURED, "measured") X(TOO_SMALL, "too_small") X(ABSENT, "absent") X(PRESENT, "present") \
    X(NOT_EVALUABLE, "not_evaluable") X(PROGRESSED, "progressed") X(EQUIVOCAL, "equivocal")
#define BFL_UPTAKES(X) \
    X(NONE, "") X(ABSENT, "none") X(LOW, "low") X(MODERATE, "moderate") X(HIGH, "high")
#define BFL_ORGANS(X) \
    X(NONE, "") X(BONE, "bone") X(LUNG, "lung") X(LIVER, "liver") X(NODE, "lymph_node") X(BRAIN, "brain") \
    X(ADRENAL, "adrenal") X(PLEURA, "pleura") X(SOFT_TISSUE, "soft_tissue") X(OTHER, "other")
#define BFL_INTENTS(X) \
    X(NONE, "") X(ANTICANCER, "anticancer") X(BONE_AGENT, "bone_agent") X(RADIOTHERAPY, "radiotherapy") \
    X(SURGERY, "surgery") X(SUPPORTIVE, "supportive")
#define BFL_TRISTATES(X) \
    X(NONE, "") X(NO, "no") X(YES, "yes")
/* clang-format on */

#define BFL_ENUM_ROLE(name, word) BFL_ROLE_##name,
typedef enum bfl_role { BFL_ROLES(BFL_ENUM_ROLE) BFL_ROLE_COUNT } bfl_role;
#define BFL_ENUM_MATRIX(name, word) BFL_MATRIX_##name,
typedef enum bfl_matrix { BFL_MATRICES(BFL_ENUM_MATRIX) BFL_MATRIX_COUNT } bfl_matrix;
#define BFL_ENUM_MODALITY(name, word) BFL_MODALITY_##name,
typedef enum bfl_modality { BFL_MODALITIES(BFL_ENUM_MODALITY) BFL_MODALITY_COUNT } bfl_modality;
#define BFL_ENUM_LESION(name, word) BFL_LESION_##name,
typedef enum bfl_lesion_state { BFL_LESION_STATES(BFL_ENUM_LESION) BFL_LESION_COUNT } bfl_lesion_state;
#define BFL_ENUM_UPTAKE(name, word) BFL_UPTAKE_##name,
typedef enum bfl_uptake { BFL_UPTAKES(BFL_ENUM_UPTAKE) BFL_UPTAKE_COUNT } bfl_uptake;
#define BFL_ENUM_ORGAN(name, word) BFL_ORGAN_##name,
typedef enum bfl_organ { BFL_ORGANS(BFL_ENUM_ORGAN) BFL_ORGAN_COUNT } bfl_organ;
#define BFL_ENUM_INTENT(name, word) BFL_INTENT_##name,
typedef enum bfl_intent { BFL_INTENTS(BFL_ENUM_INTENT) BFL_INTENT_COUNT } bfl_intent;
#define BFL_ENUM_TRISTATE(name, word) BFL_SAID_##name,
typedef enum bfl_said { BFL_TRISTATES(BFL_ENUM_TRISTATE) BFL_SAID_COUNT } bfl_said;

/* clang-format off */
/**
 * What the reader says changed since the study before. A set: several may hold at once, separated by ';' in a table.
 * X(SUFFIX, bit, "word")
 */
#define BFL_CHANGES(X) \
    X(LARGER, 0, "larger") X(SMALLER, 1, "smaller") X(STABLE, 2, "stable") X(DENSER, 3, "denser") \
    X(LESS_DENSE, 4, "less_dense") X(SCLEROSED, 5, "sclerosed") X(RIM, 6, "sclerotic_rim") \
    X(FILLED_IN, 7, "filled_in") X(LYTIC_GROWTH, 8, "lytic_growth") X(SOFT_MASS, 9, "soft_tissue_mass") \
    X(UPTAKE_UP, 10, "uptake_up") X(UPTAKE_DOWN, 11, "uptake_down") X(MORE, 12, "more_numerous")
/* clang-format on */
#define BFL_ENUM_CHANGE(name, bit, word) BFL_CHANGE_##name = 1 << (bit),
typedef enum bfl_change { BFL_CHANGE_NONE = 0, BFL_CHANGES(BFL_ENUM_CHANGE) } bfl_change;

/** The word a table uses for the value, "" for "not stated". Static text. */
BFL_API const char *bfl_role_word(bfl_role value);
BFL_API const char *bfl_matrix_word(bfl_matrix value);
BFL_API const char *bfl_modality_word(bfl_modality value);
BFL_API const char *bfl_lesion_state_word(bfl_lesion_state value);
BFL_API const char *bfl_uptake_word(bfl_uptake value);
BFL_API const char *bfl_organ_word(bfl_organ value);
BFL_API const char *bfl_intent_word(bfl_intent value);
BFL_API const char *bfl_said_word(bfl_said value);

/** What kind of quantity an analyte is: decides which units are possible and whether U/L and IU/L are the same. */
typedef enum bfl_analyte_kind {
    BFL_ANALYTE_ENZYME,        /**< catalytic activity: U/L = IU/L, ukat/L = 60 U/L */
    BFL_ANALYTE_CONCENTRATION, /**< mass or molar concentration */
    BFL_ANALYTE_FRACTION,      /**< per cent of a total */
    BFL_ANALYTE_COUNT_OF,      /**< cells per volume */
    BFL_ANALYTE_OTHER
} bfl_analyte_kind;

/** One unit an analyte may be reported in. value * factor = value in the canonical unit (exact decimal factor). */
typedef struct bfl_unit {
    const char *text; /**< as UCUM writes it, "mg/dL" */
    bfl_decimal factor;
    const char *note; /**< what to report when this unit is met ("usually reported in U/mL; ..."), else "" */
} bfl_unit;

/** A reference-range scale whose values must not be mixed with another's (JSCC against IFCC ALP). */
typedef struct bfl_scale {
    const char *id;                 /**< "IFCC", "JSCC" */
    bfl_decimal to_default;         /**< value * to_default = value on the default scale (the first in the list) */
    bfl_maybe low, high;            /**< usual adult reference range on this scale, canonical unit */
    bfl_maybe limit_from, limit_to; /**< a printed upper limit in this span tells this scale from the others */
    const char *rule;               /**< rulebook id of the source, or "" */
} bfl_scale;

/** An analyte the program knows. */
typedef struct bfl_analyte {
    const char *id;   /**< "ALP" */
    const char *name; /**< "Alkaline phosphatase" */
    bfl_analyte_kind kind;
    const char *const *aliases; /**< NULL-terminated: other spellings, LOINC codes */
    const char *loinc;          /**< preferred LOINC code or "" */
    const bfl_unit *units;      /**< the first is canonical */
    size_t unit_count;
    const bfl_scale *scales; /**< may be empty */
    size_t scale_count;
    bfl_maybe plausible_low, plausible_high; /**< canonical unit; outside = reported as implausible */
    const char *role;    /**< "bone", "liver", "tumour", "calcium", "haematology", "isozyme", "other" */
    const char *part_of; /**< for fractions: id of the total ("ALP"); else "" */
} bfl_analyte;

/** By id, alias or LOINC code, ASCII case ignored; NULL when unknown. */
BFL_API const bfl_analyte *bfl_analyte_find(bfl_text name);
/** Number of analytes and the i-th in id order (NULL past the end). */
BFL_API size_t bfl_analyte_count(void);
BFL_API const bfl_analyte *bfl_analyte_at(size_t index);
/** The unit of this analyte written as `text` (aliases: IU/L for U/L, mEq/L, µ or u; case as UCUM or all lower); NULL when impossible. */
BFL_API const bfl_unit *bfl_analyte_unit(const bfl_analyte *analyte, bfl_text text);
/** The scale with that id ("JSCC", ASCII case ignored); NULL when the analyte has none of that name. */
BFL_API const bfl_scale *bfl_analyte_scale(const bfl_analyte *analyte, bfl_text id);
/** The scale that a printed upper limit of the range (canonical unit) belongs to; NULL when it could be any. */
BFL_API const bfl_scale *bfl_analyte_scale_of_limit(const bfl_analyte *analyte, bfl_decimal upper_limit);

/** A drug the program knows. */
typedef struct bfl_drug {
    const char *id; /**< "gefitinib" */
    const char *
        class_id; /**< "egfr_tki_1", "egfr_tki_3", "alk_tki", "chemotherapy", "ici", "vegf", "bisphosphonate", "denosumab"... */
    bfl_intent intent;
    const char *usual_dose;      /**< as on the label, or "" */
    bfl_maybe usual_daily_mg;    /**< total mg a day at the usual dose, for daily oral drugs */
    const char *rule;            /**< rulebook id of the dose's source, or "" */
    bfl_maybe regional_daily_mg; /**< where another dose is usual in one region (alectinib in Japan) */
    const char *regional_dose;   /**< its text, or "" */
    const char *region;          /**< "Japan", or "" */
} bfl_drug;

/** By name, ASCII case ignored; NULL when unknown. */
BFL_API const bfl_drug *bfl_drug_find(bfl_text name);
/** Readable name of a drug class ("1st-generation EGFR-TKI"); the id itself when unknown. */
BFL_API const char *bfl_drug_class_name(const char *class_id);
/** Is the category (as "T4a", "N3", "M1c") one of that TNM edition for lung cancer (6, 7, 8, 9)? Unknown editions give true. */
BFL_API bool bfl_tnm_lung_known(int edition, bfl_text category);

#ifdef __cplusplus
}
#endif
#endif
