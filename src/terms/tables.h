/* SPDX-License-Identifier: Apache-2.0 */
/* The tables that tools/rulebook.py writes from rulebook/terms (terms_gen.c). For this room only. */
#ifndef BFL_TERMS_TABLES_H
#define BFL_TERMS_TABLES_H

#include "terms/terms.h"

/* A folded name (no ASCII capitals, space, '-', '_') and the row it means. Sorted by name, byte by byte. */
typedef struct bfl_name {
    const char *name;
    uint16_t row;
} bfl_name;

/* Another spelling of a unit, for all analytes or for one kind (-1 = all). */
typedef struct bfl_unit_alias {
    const char *text, *unit;
    int kind;
} bfl_unit_alias;

typedef struct bfl_drug_class {
    const char *id, *name;
} bfl_drug_class;

/* The categories of an edition, separated by spaces. */
typedef struct bfl_tnm_edition {
    int number;
    const char *categories;
} bfl_tnm_edition;

extern const bfl_analyte bfl_builtin_analytes[]; /* in id order */
extern const bfl_name bfl_builtin_analyte_names[];
extern const uint16_t bfl_builtin_analyte_places[],
    bfl_builtin_drug_places[]; /* row + 1 of the names by hash, 0: free */
extern const bfl_unit_alias bfl_builtin_unit_aliases[];
extern const bfl_drug bfl_builtin_drugs[]; /* in id order */
extern const bfl_name bfl_builtin_drug_names[];
extern const bfl_drug_class bfl_builtin_classes[];
extern const bfl_tnm_edition bfl_builtin_tnm[];
extern const bfl_cdisc_term bfl_builtin_cdisc[]; /* by list, then term without case */
extern const size_t bfl_builtin_analyte_count, bfl_builtin_analyte_name_count, bfl_builtin_unit_alias_count;
extern const size_t bfl_builtin_analyte_place_count, bfl_builtin_drug_place_count; /* powers of two */
extern const size_t bfl_builtin_drug_count, bfl_builtin_drug_name_count, bfl_builtin_class_count, bfl_builtin_tnm_count;
extern const size_t bfl_builtin_cdisc_count;

#endif
