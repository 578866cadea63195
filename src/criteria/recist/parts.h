/* SPDX-License-Identifier: Apache-2.0 */
/* parts: what the files of this folder share. */
#ifndef BFL_CRITERIA_RECIST_PARTS_H
#define BFL_CRITERIA_RECIST_PARTS_H

#include "criteria/disease.h"
#include "criteria/recist/recist.h"

/* What a visit shows of a lesion that is no target. */
typedef enum bfl_seen {
    BFL_SEEN_NOT_KNOWN, /* first described at a later visit */
    BFL_SEEN_NOT,
    BFL_SEEN_GONE,
    BFL_SEEN_THERE,
    BFL_SEEN_MAYBE_WORSE,
    BFL_SEEN_WORSE_LATER, /* maybe worse, and the next visit that describes it calls it progressed */
    BFL_SEEN_WORSE
} bfl_seen;

/* How many non-targets persist, as it was last told. */
typedef struct bfl_persisting {
    size_t there, followed;
    const char *finding; /* NULL: not told yet */
} bfl_persisting;

typedef struct bfl_recist_case {
    bfl_arena *arena;
    const bfl_record *record;
    const bfl_rulebook *rulebook;
    const bfl_visits *visits;
    bfl_followed *lesions;
    size_t lesion_count;
    bfl_followed **candidates; /* those that may be new, in the same order */
    size_t candidate_count;
    bfl_followed **nontargets; /* in the same order */
    size_t nontarget_count;
    bfl_persisting *persisting;
    bool measurable;
    bool soft_tissue_alone; /* bone is left out, no reasons, no issues */
    bool in_words;          /* there are targets and none has a size at baseline */
    bfl_issue_list issues;
} bfl_recist_case;

/* Does this reading look at the lesion at all? */
static inline bool bfl_recist_in_lens(const bfl_followed *lesion, bfl_recist_lens lens) {
    return lens != BFL_LENS_SOFT_TISSUE || lesion->tracked->organ != BFL_ORGAN_BONE;
}
void bfl_recist_issue(bfl_recist_case *c, size_t row, bfl_severity severity, const bfl_issue *issue);

/* ---- lesions.c ---- */

/* Chooses targets and non-targets from what was known at baseline. */
void bfl_recist_follow(bfl_recist_case *c);

/* ---- heir.c ---- */

/* Marks the parts of targets that split and the wholes that targets merged into: they are followed through their targets. */
void bfl_recist_find_heirs(bfl_recist_case *c);
/* The size of a target by its parts, or by the whole it merged into, at a visit that has no row of its own; MISSING with row
 * SIZE_MAX when there is none of them either. */
bfl_size bfl_recist_heir_size(const bfl_recist_case *c, const bfl_followed *target, size_t visit,
                              bfl_event_list *events);

/* ---- target.c ---- */

typedef struct bfl_target_state {
    bfl_response response;
    bfl_maybe sum, nadir, change, nadir_change;
} bfl_target_state;

/* `nadir` is the smallest complete sum so far. */
bfl_target_state bfl_recist_target(const bfl_recist_case *c, size_t visit, bfl_recist_lens lens, bfl_maybe nadir,
                                   bfl_reason_list *reasons);

/* ---- nontarget.c ---- */

/* Lists the non-targets and looks at each at every visit, once for all readings. */
void bfl_recist_look(bfl_recist_case *c);
bfl_response bfl_recist_nontarget(const bfl_recist_case *c, size_t visit, bfl_recist_lens lens, bfl_response target,
                                  bfl_reason_list *reasons);
/* Does this reading say of the non-targets what the literal one says, given that it does of the targets? */
bool bfl_recist_same_nontarget(const bfl_recist_case *c, size_t visit, bfl_recist_lens lens);

/* ---- newlesion.c ---- */

/* Fills in newness of every candidate at every visit. */
void bfl_recist_find_new(bfl_recist_case *c);
bfl_new_lesions bfl_recist_new(const bfl_recist_case *c, size_t visit, bfl_recist_lens lens, bfl_reason_list *reasons);
/* Does this reading say of new lesions what the literal one says? */
bool bfl_recist_same_new(const bfl_recist_case *c, size_t visit, bfl_recist_lens lens);

/* ---- stands.c ---- */

/* Is the reading without bone as known on any earlier day, between visits, the front of this one? To be asked last. */
bool bfl_recist_stands(const bfl_recist_case *c);

/* ---- flare_note.c ---- */

/* Could this worse-looking bone lesion be healing or flare of an existing one? *rule says why or why not. */
bool bfl_recist_may_be_flare(const bfl_recist_case *c, const bfl_followed *lesion, bfl_rows rows, bool is_new,
                             bfl_rule_index *rule);

#endif
