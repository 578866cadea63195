/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Targets that split or merge (RECIST 1.1, lesions that split or coalesce): the parts of T01 are named T01.1, T01.2; the whole
 * that T02 and T03 became is named T02/T03. Parts are added; the whole counts once.
 */
#include "criteria/recist/parts.h"

/* Is `id` "T01." and something, or one of the names that '/' joins? */
static bool is_part_of(bfl_text part, bfl_text id) {
    return id.size && part.size > id.size + 1 && part.data[id.size] == '.' && bfl_text_starts(part, id);
}

/* The place of `id` among the names of a whole, 1 the first; 0: it is none of them. */
static size_t place_in(bfl_text whole, bfl_text id) {
    bfl_text rest = whole;
    for (size_t place = 1; rest.size; place++) {
        bfl_text one = bfl_text_split(&rest, '/');
        if (one.size < whole.size && bfl_text_equal(bfl_text_trim(one), id)) return place;
    }
    return 0;
}

void bfl_recist_find_heirs(bfl_recist_case *c) {
    for (size_t i = 0; i < c->lesion_count; i++) {
        bfl_followed *heir = &c->lesions[i];
        bfl_text name = bfl_text_of(heir->tracked->id);
        if (heir->seen_before) continue;
        for (size_t j = 0; j < c->lesion_count && !heir->heir; j++) {
            const bfl_followed *target = &c->lesions[j];
            if (!target->target || !target->seen_before) continue;
            bfl_text id = bfl_text_of(target->tracked->id);
            heir->heir = is_part_of(name, id) || place_in(name, id);
        }
        if (heir->heir) heir->target = heir->nontarget = false;
    }
}

static bfl_size size_at(const bfl_recist_case *c, const bfl_followed *lesion, size_t visit, bfl_modality method) {
    bfl_rows rows = bfl_visits_rows(lesion->tracked, &c->visits->items[visit]);
    return bfl_lesion_size(&(bfl_measure){c->record, c->rulebook}, lesion->tracked, rows, method);
}

/* One more part: a part without a size leaves the whole sum without one. */
static void add_part(bfl_size *sum, const bfl_size *part) {
    bool first = sum->row == SIZE_MAX;
    sum->row = part->row;
    if (part->kind == BFL_SIZE_MISSING || (!first && sum->kind == BFL_SIZE_MISSING)) {
        sum->kind = BFL_SIZE_MISSING;
        return;
    }
    if (first || sum->kind == BFL_SIZE_GONE) sum->kind = part->kind;
    sum->mm = bfl_decimal_add(sum->mm, part->mm);
}

bfl_size bfl_recist_heir_size(const bfl_recist_case *c, const bfl_followed *target, size_t visit,
                              bfl_event_list *events) {
    bfl_size sum = {.kind = BFL_SIZE_MISSING, .row = SIZE_MAX};
    bfl_text id = bfl_text_of(target->tracked->id);
    for (size_t i = 0; i < c->lesion_count; i++) {
        const bfl_followed *heir = &c->lesions[i];
        bfl_text name = bfl_text_of(heir->tracked->id);
        size_t place = heir->heir ? place_in(name, id) : 0;
        if (!heir->heir || (!place && !is_part_of(name, id))) continue;
        bfl_size size = size_at(c, heir, visit, target->method);
        if (size.row == SIZE_MAX) continue;
        bfl_event_add(c->arena, events, BFL_EVENT_LESION, size.row);
        /* The first of the merged targets carries the whole, the others are in it. */
        if (place > 1 && size.kind != BFL_SIZE_MISSING) size = (bfl_size){.kind = BFL_SIZE_GONE, .row = size.row};
        add_part(&sum, &size);
    }
    return sum;
}
