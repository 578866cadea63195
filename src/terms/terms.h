/* SPDX-License-Identifier: Apache-2.0 */
/* terms: the words of the field, compiled from rulebook/terms. Besides the public face: reading a word from a table. */
#ifndef BFL_TERMS_TERMS_H
#define BFL_TERMS_TERMS_H

#include "base/base.h"
#include <boneflare/terms.h>

/* Each returns false for a word that is not in the list (ASCII case ignored, '-' and ' ' taken as '_'); empty = NONE. */
bool bfl_role_parse(bfl_text word, bfl_role *out);
bool bfl_matrix_parse(bfl_text word, bfl_matrix *out);
bool bfl_modality_parse(bfl_text word, bfl_modality *out);
bool bfl_lesion_state_parse(bfl_text word, bfl_lesion_state *out);
bool bfl_uptake_parse(bfl_text word, bfl_uptake *out);
bool bfl_organ_parse(bfl_text word, bfl_organ *out);
bool bfl_intent_parse(bfl_text word, bfl_intent *out);
bool bfl_said_parse(bfl_text word, bfl_said *out);
/* One word of BFL_CHANGES. */
bool bfl_change_parse(bfl_text word, bfl_change *out);
/* A controlled term of CDISC (rulebook/terms/cdisc.toml) and the word of the record it becomes. */
typedef struct bfl_cdisc_term {
    const char *list;  /* "role", "property", "state", "response", "method", "location", "evaluator", "lab" */
    const char *term;  /* submission value, "NON-TARGET" */
    const char *code;  /* NCI concept, "" for a term met in data that is not CDISC's */
    const char *means; /* "non_target"; "" = kept as written */
    bool written;      /* the term that writers use for that word */
} bfl_cdisc_term;

/* ASCII case ignored; NULL when the list has no such term. */
const bfl_cdisc_term *bfl_cdisc_find(const char *list, bfl_text term);
/* The term that is written for a word of the record, "" when there is none. */
const char *bfl_cdisc_written(const char *list, const char *means);

/* "a, b or c": the words that a list takes, for messages. `list` is "role", "matrix", ... "change". */
const char *bfl_terms_choices(bfl_arena *arena, const char *list);
/* The words of a set of changes, separated by ';'. */
const char *bfl_changes_text(bfl_arena *arena, unsigned changes);

#endif
