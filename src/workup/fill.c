/* SPDX-License-Identifier: Apache-2.0 */
/* Sentences of the rulebook with the facts of this record in their {places}. */
#include "workup/plan.h"

#include <string.h>

/* ---- genes ---- */

static bool same_gene(bfl_text alternatives, const char *gene) {
    while (alternatives.size) {
        bfl_text one = bfl_text_trim(bfl_text_split(&alternatives, '|'));
        if (one.size && bfl_text_starts(bfl_text_of(gene), one)) return true;
    }
    return false;
}

static const bfl_molecular *test_of(const bfl_plan *plan, bfl_text alternatives, bool positive, size_t *index) {
    for (size_t i = 0; i < plan->record->molecular_count; i++) {
        const bfl_molecular *test = &plan->record->moleculars[i];
        if (!same_gene(alternatives, test->gene)) continue;
        if (positive && strcmp(test->result, "positive") != 0) continue;
        *index = i;
        return test;
    }
    return NULL;
}

static bfl_text driver_genes(const bfl_plan *plan) {
    return bfl_text_of(bfl_rule_words(plan->rulebook, BFL_TXT_WORKUP_STEP_DRIVERS__GENES_TEXT));
}

const char *bfl_workup_untested(bfl_plan *plan) {
    if (plan->genes) return plan->genes;
    bfl_buf genes = {.arena = plan->arena};
    bfl_text rest = driver_genes(plan);
    while (rest.size) {
        bfl_text alternatives = bfl_text_trim(bfl_text_split(&rest, ','));
        size_t index = 0;
        if (test_of(plan, alternatives, false, &index)) continue;
        bfl_buf_add(&genes, genes.size ? ", " : "");
        bfl_buf_add_text(&genes, bfl_text_split(&alternatives, '|'));
    }
    plan->genes = bfl_buf_z(&genes);
    return plan->genes;
}

const char *bfl_workup_driver(bfl_plan *plan, bfl_answer *answer) {
    bfl_text rest = driver_genes(plan);
    while (rest.size) {
        bfl_text alternatives = bfl_text_trim(bfl_text_split(&rest, ','));
        size_t index = 0;
        const bfl_molecular *test = test_of(plan, alternatives, true, &index);
        if (!test) continue;
        if (answer) bfl_event_add(plan->arena, &answer->events, BFL_EVENT_MOLECULAR, index);
        return bfl_arena_printf(plan->arena, "%s%s%s", test->gene, *test->variant ? " " : "", test->variant);
    }
    return "";
}

/* ---- what fills a place ---- */

static bool in_force(const bfl_therapy *therapy, int32_t day) {
    return therapy->intent == BFL_INTENT_ANTICANCER && therapy->start.known && therapy->start.day <= day &&
           (!therapy->stop.known || therapy->stop.day > day);
}

const char *bfl_workup_drug(bfl_plan *plan) {
    const bfl_therapy *present = bfl_record_therapy_on(plan->record, plan->as_of);
    if (!present) return "the present treatment";
    bfl_buf names = {.arena = plan->arena};
    for (size_t i = 0; i < plan->record->therapy_count; i++) {
        const bfl_therapy *therapy = &plan->record->therapies[i];
        if (therapy != present && (!in_force(therapy, plan->as_of) || therapy->start.day != present->start.day))
            continue;
        bfl_buf_join(&names, " + ", therapy->drug);
    }
    return bfl_buf_z(&names);
}

/* A deterioration said after the last ECOG, or without one; NULL when there is none. */
static const bfl_clinical *worse_since(bfl_plan *plan, int32_t day) {
    size_t index = 0;
    if (!bfl_workup_last_clinical(plan, "deterioration", &index)) return NULL;
    const bfl_clinical *said = &plan->record->clinicals[index];
    return said->when.day >= day && strcmp(said->value, "yes") == 0 ? said : NULL;
}

static const char *ecog(bfl_plan *plan) {
    size_t index = 0;
    bool known = bfl_workup_last_clinical(plan, "ecog", &index);
    const bfl_clinical *said = known ? &plan->record->clinicals[index] : NULL;
    const bfl_clinical *worse = worse_since(plan, said ? said->when.day : INT32_MIN);
    bfl_buf words = {.arena = plan->arena};
    if (said) bfl_buf_addf(&words, "ECOG %s on %s", said->value, bfl_workup_day(plan, said->when.day));
    if (!said) bfl_buf_add(&words, "ECOG is not recorded, assess it first");
    if (worse) bfl_buf_addf(&words, "; deterioration on %s", bfl_workup_day(plan, worse->when.day));
    return bfl_buf_z(&words);
}

static const char *marker(bfl_plan *plan) {
    const bfl_markers *markers = plan->findings->markers;
    bfl_buf names = {.arena = plan->arena};
    for (size_t i = 0; i < markers->course_count; i++)
        if (markers->courses[i].own) bfl_buf_join(&names, ", ", markers->courses[i].analyte->name);
    return names.size ? bfl_buf_z(&names) : "the tumour marker";
}

/* The place to look at: where something grew or is new, the latest one; else the latest bone lesion. */
static const char *site(bfl_plan *plan) {
    const unsigned grown = BFL_CHANGE_LYTIC_GROWTH | BFL_CHANGE_SOFT_MASS | BFL_CHANGE_LARGER;
    const char *name = "";
    int best = 0;
    for (size_t i = 0; i < plan->record->lesion_count; i++) {
        const bfl_lesion *lesion = &plan->record->lesions[i];
        if (!bfl_workup_bone_lesion(lesion) || !*lesion->site) continue;
        int weight = (lesion->changes & grown) || lesion->state == BFL_LESION_PROGRESSED ? 2 : 1;
        if (weight < best) continue;
        best = weight;
        name = lesion->site;
    }
    return *name ? name : "the lesion";
}

static const char *by(bfl_plan *plan, const bfl_filling *f) {
    return f->has_by ? bfl_workup_day(plan, f->by) : "the next visit";
}
static const char *not_before(bfl_plan *plan, const bfl_filling *f) {
    return f->has_not_before ? bfl_workup_day(plan, f->not_before) : "now";
}
static const char *missing(bfl_plan *plan, const bfl_filling *f) {
    const char *names = f->done ? bfl_workup_missing(plan, f->done) : "";
    return *names ? names : "what is still open";
}
static const char *it(bfl_plan *plan, const bfl_filling *f) {
    (void)plan;
    return f->it ? f->it : "";
}
static const char *the_drug(bfl_plan *plan, const bfl_filling *f) {
    (void)f;
    return bfl_workup_drug(plan);
}
static const char *the_ecog(bfl_plan *plan, const bfl_filling *f) {
    (void)f;
    return ecog(plan);
}
static const char *the_marker(bfl_plan *plan, const bfl_filling *f) {
    (void)f;
    return marker(plan);
}
static const char *the_site(bfl_plan *plan, const bfl_filling *f) {
    (void)f;
    if (!plan->site) plan->site = site(plan);
    return plan->site;
}
static const char *the_genes(bfl_plan *plan, const bfl_filling *f) {
    (void)f;
    return bfl_workup_untested(plan);
}
static const char *the_driver(bfl_plan *plan, const bfl_filling *f) {
    (void)f;
    return bfl_workup_driver(plan, NULL);
}

typedef const char *(*words_of)(bfl_plan *plan, const bfl_filling *filling);
static const words_of words[BFL_FILLER_COUNT] = {[BFL_FILL_BY] = by,
                                                 [BFL_FILL_NOT_BEFORE] = not_before,
                                                 [BFL_FILL_MISSING] = missing,
                                                 [BFL_FILL_IT] = it,
                                                 [BFL_FILL_DRUG] = the_drug,
                                                 [BFL_FILL_ECOG] = the_ecog,
                                                 [BFL_FILL_MARKER] = the_marker,
                                                 [BFL_FILL_SITE] = the_site,
                                                 [BFL_FILL_GENES] = the_genes,
                                                 [BFL_FILL_DRIVER] = the_driver};

const char *bfl_workup_fill(bfl_plan *plan, const bfl_sentence *sentence, const bfl_filling *filling) {
    if (sentence->count == 0) return sentence->written;
    bool is_it = sentence->count == 1 && !sentence->pieces->before.size && sentence->pieces->fills == BFL_FILL_IT;
    if (is_it) return it(plan, filling);
    bfl_buf out = {.arena = plan->arena};
    for (size_t i = 0; i < sentence->count; i++) {
        const bfl_piece *piece = &sentence->pieces[i];
        bfl_buf_add_text(&out, piece->before);
        if (piece->fills == BFL_FILLER_COUNT)
            bfl_buf_add_text(&out, piece->place);
        else
            bfl_buf_add(&out, words[piece->fills](plan, filling));
    }
    return bfl_buf_z(&out);
}
