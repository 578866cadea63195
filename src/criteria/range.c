/* SPDX-License-Identifier: Apache-2.0 */
#include "criteria/range.h"

typedef BFL_LIST(size_t) row_list;

static bool same_measure(const bfl_lab *a, const bfl_lab *b) {
    return a->analyte == b->analyte && a->scale == b->scale;
}

static void collect(bfl_ranges *ranges) {
    const bfl_record *record = ranges->record;
    row_list rows = {0};
    for (size_t i = 0; i < record->lab_count; i++) {
        const bfl_lab *lab = &record->labs[i];
        bool held = !lab->usable || (!lab->ref_low.present && !lab->ref_high.present);
        for (size_t j = 0; !held && j < rows.count; j++) held = same_measure(lab, &record->labs[rows.items[j]]);
        if (!held) *BFL_PUSH(ranges->arena, &rows) = i;
    }
    ranges->rows = rows.items;
    ranges->count = rows.count;
    ranges->collected = true;
}

/* Another row of the same analyte on the same scale. */
static const bfl_lab *printed_elsewhere(bfl_ranges *ranges, const bfl_lab *lab) {
    if (!ranges->collected) collect(ranges);
    for (size_t i = 0; i < ranges->count; i++)
        if (same_measure(lab, &ranges->record->labs[ranges->rows[i]])) return &ranges->record->labs[ranges->rows[i]];
    return NULL;
}

bfl_limit bfl_range_upper_elsewhere(bfl_ranges *ranges, const bfl_lab *lab) {
    const bfl_lab *other = printed_elsewhere(ranges, lab);
    if (other && other->ref_high.present)
        return (bfl_limit){other->ref_high, bfl_rule_of(ranges->rulebook, BFL_RULE_DILI_USUAL_RANGE_SAME_PATIENT)};
    if (lab->scale && lab->scale->high.present)
        return (bfl_limit){lab->scale->high, bfl_rule_of(ranges->rulebook, BFL_RULE_DILI_USUAL_RANGE_OTHER)};
    const char *name = bfl_text_lower(ranges->arena, bfl_text_of(lab->analyte->id));
    const bfl_rule *usual = bfl_rule_named(ranges->rulebook, "dili.usual_range.", name);
    return usual ? (bfl_limit){bfl_rule_value(usual, "upper_u_l"), usual} : (bfl_limit){.assumed = NULL};
}

bfl_limit bfl_range_lower(bfl_ranges *ranges, const bfl_lab *lab) {
    if (lab->ref_low.present) return (bfl_limit){lab->ref_low, NULL};
    const bfl_lab *other = printed_elsewhere(ranges, lab);
    if (other && other->ref_low.present)
        return (bfl_limit){other->ref_low, bfl_rule_of(ranges->rulebook, BFL_RULE_DILI_USUAL_RANGE_SAME_PATIENT)};
    if (lab->scale && lab->scale->low.present)
        return (bfl_limit){lab->scale->low, bfl_rule_of(ranges->rulebook, BFL_RULE_DILI_USUAL_RANGE_OTHER)};
    return (bfl_limit){.assumed = NULL};
}
