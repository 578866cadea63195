/* SPDX-License-Identifier: Apache-2.0 */
#include "reconcile/parts.h"

#include <string.h>

const char *bfl_reconciled_word(bfl_reconciled what) {
    static const char *const words[] = {"target", "non-target", "new lesion", "overall", "best response"};
    return (size_t)what < sizeof words / sizeof *words ? words[what] : "";
}

const char *bfl_disagreement_word(bfl_disagreement_kind kind) {
    static const char *const words[] = {"differs", "unknown term", "no visit", "not collected", "twice"};
    return (size_t)kind < sizeof words / sizeof *words ? words[kind] : "";
}

/* The public object and the arena that holds everything in it. */
typedef struct owned {
    bfl_reconciliation face; /* first: the public pointer is the object's */
    bfl_arena *arena;
} owned;

typedef struct request {
    const bfl_study *study;
    const bfl_rulebook *rulebook;
    owned *result;
} request;

static const char *reader_of(bfl_arena *arena, const bfl_study *study) {
    if (study->accepted_only && !study->evaluator) return "the accepted records";
    if (!study->evaluator) return "all readers";
    const char *who = bfl_collected_reader(arena, study->evaluator, study->evaluator_id);
    return study->accepted_only ? bfl_arena_printf(arena, "%s, accepted records", who) : who;
}

static bfl_status body(bfl_arena *arena, void *context, bfl_error *err) {
    request *q = context;
    owned *o = BFL_NEW(arena, owned);
    reconcile r = {.arena = arena, .study = q->study, .rulebook = q->rulebook, .out = &o->face};
    bfl_status status = bfl_endpoint_options_init(q->rulebook, &r.policies, err);
    if (status) return status;
    o->arena = arena;
    o->face.reader = reader_of(arena, q->study);
    o->face.patients = q->study->record_count;
    for (size_t i = 0; i < q->study->record_count; i++) bfl_reconcile_record(&r, q->study->records[i]);
    bfl_reconcile_derived(&r);
    bfl_reconcile_readers(&r);
    o->face.disagreements = r.disagreements.items;
    o->face.disagreement_count = r.disagreements.count;
    o->face.concordances = r.concordances.items;
    o->face.concordance_count = r.concordances.count;
    q->result = o;
    return BFL_OK;
}

bfl_status bfl_reconcile(const bfl_study *study, const bfl_rulebook *rulebook, bfl_reconciliation **out,
                         bfl_error *err) {
    if (!study || !rulebook || !out)
        return bfl_fail(err, BFL_EINVAL, "bfl_reconcile", 0, "study, rulebook and out must not be NULL");
    request q = {study, rulebook, NULL};
    bfl_status status = bfl_arena_build(body, &q, err);
    if (!status) *out = &q.result->face;
    return status;
}

void bfl_reconciliation_free(bfl_reconciliation *reconciliation) {
    if (reconciliation) bfl_arena_free(((owned *)reconciliation)->arena);
}
