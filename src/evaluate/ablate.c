/* SPDX-License-Identifier: Apache-2.0 */
/* The rulebook without one group of evidence, by an overlay: likelihood ratios become 1, a veto is lifted. */
#include "evaluate/trace.h"

#include <string.h>

static const char prefix[] = "flare.evidence.";

static const char *group_of(const bfl_rule *rule) {
    const bfl_parameter *group = bfl_rule_parameter(rule, "group");
    bool evidence = strncmp(rule->id, prefix, sizeof prefix - 1) == 0;
    return evidence && group && !group->numeric ? group->text : NULL;
}

static int by_name(const void *a, const void *b, const void *context) {
    (void)context;
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bfl_eval_names bfl_eval_evidence_groups(bfl_arena *arena, const bfl_rulebook *rulebook) {
    bfl_eval_names names = {0};
    for (size_t i = 0; i < bfl_rulebook_count(rulebook); i++) {
        const char *group = group_of(bfl_rulebook_at(rulebook, i));
        bool listed = !group;
        for (size_t k = 0; k < names.count && !listed; k++) listed = strcmp(names.items[k], group) == 0;
        if (!listed) *BFL_PUSH(arena, &names) = group;
    }
    bfl_sort(arena, names.items, names.count, sizeof *names.items, by_name, NULL);
    return names;
}

/* What a parameter of a silent finding is; NULL: as it was. */
static const char *silent(const bfl_parameter *p) {
    if (p->numeric && strncmp(p->key, "likelihood", sizeof "likelihood" - 1) == 0) return "1";
    return !p->numeric && strcmp(p->key, "veto") == 0 ? "\"no\"" : NULL;
}

/* An overlay replaces the one before, so what was overridden already is said again. */
const char *bfl_eval_overlay_without(bfl_arena *arena, const bfl_rulebook *rulebook, const char *group) {
    bfl_buf out = {.arena = arena};
    bfl_buf_add(&out, "{");
    for (size_t i = 0; i < bfl_rulebook_count(rulebook); i++) {
        const bfl_rule *rule = bfl_rulebook_at(rulebook, i);
        const char *own = group_of(rule);
        bool wanted = own && strcmp(own, group) == 0;
        if (!wanted && !rule->overridden) continue;
        bfl_json_writer w = {.out = &out, .comma = out.size > 1};
        bfl_json_open(&w, rule->id, "{");
        for (size_t k = 0; k < rule->parameter_count; k++) {
            const bfl_parameter *p = &rule->parameters[k];
            const char *value = wanted ? silent(p) : NULL;
            bfl_json_key(&w, p->key);
            if (value || p->numeric)
                bfl_buf_add(&out, value ? value : p->text);
            else
                bfl_json_string(&out, p->text);
        }
        bfl_json_close(&w, "}");
    }
    bfl_buf_add(&out, "}");
    return bfl_buf_z(&out);
}
