/* SPDX-License-Identifier: Apache-2.0 */
/* What patients can be divided by, and the groups that result. */
#include "cohort/study.h"

#include "rules/rules.h"

#include <string.h>

typedef const char *(*value_of)(const making *m, const bfl_cohort_patient *p);

static const char *treatment(const making *m, const bfl_cohort_patient *p) {
    (void)m;
    return p->therapy_count ? p->therapies[0].drugs : "";
}
static const char *class_of(const making *m, const bfl_cohort_patient *p) {
    (void)m;
    return p->therapy_count ? p->therapies[0].classes : "";
}
static const char *sex(const making *m, const bfl_cohort_patient *p) { return (void)m, p->sex; }
static const char *stage(const making *m, const bfl_cohort_patient *p) { return (void)m, p->stage; }
static const char *smoking(const making *m, const bfl_cohort_patient *p) { return (void)m, p->smoking; }
static const char *tumour(const making *m, const bfl_cohort_patient *p) { return (void)m, p->tumour; }
static const char *histology(const making *m, const bfl_cohort_patient *p) { return (void)m, p->histology; }
static const char *egfr(const making *m, const bfl_cohort_patient *p) { return (void)m, p->egfr; }
static const char *bone(const making *m, const bfl_cohort_patient *p) {
    return (void)m, p->bone_at_baseline ? "yes" : "no";
}
static const char *flare(const making *m, const bfl_cohort_patient *p) { return (void)m, p->is_flare ? "yes" : "no"; }
static const char *response(const making *m, const bfl_cohort_patient *p) {
    bfl_response best = p->best[m->out->criterion_index];
    return best == BFL_RESPONSE_NONE ? "" : bfl_response_word(best);
}
static const char *age(const making *m, const bfl_cohort_patient *p) {
    if (!p->age_years.present) return "";
    bfl_decimal split = bfl_rule_number(m->rulebook, BFL_NUM_COHORT_AGE__SPLIT_YEARS);
    bool younger = bfl_decimal_compare(p->age_years.value, split) < 0;
    return bfl_arena_printf(m->arena, younger ? "under %s" : "%s or over", bfl_decimal_z(m->arena, split, -1));
}

static const struct {
    const char *name;
    value_of value;
} variables[] = {
    {"treatment", treatment}, {"class", class_of},      {"sex", sex},         {"age", age},   {"stage", stage},
    {"tumour", tumour},       {"histology", histology}, {"smoking", smoking}, {"egfr", egfr}, {"bone", bone},
    {"response", response},   {"flare", flare},
};
enum { VARIABLE_COUNT = sizeof variables / sizeof *variables };

const char *bfl_cohort_variable(size_t index) { return index < VARIABLE_COUNT ? variables[index].name : NULL; }

static size_t find(const char *name) {
    for (size_t i = 0; i < VARIABLE_COUNT; i++)
        if (strcmp(variables[i].name, name) == 0) return i;
    return VARIABLE_COUNT;
}

bool cohort_variable_known(const char *variable) { return find(variable) < VARIABLE_COUNT; }

const char *cohort_value(const making *m, size_t patient, const char *variable) {
    size_t i = find(variable);
    if (i < VARIABLE_COUNT) return variables[i].value(m, &m->patients.items[patient]);
    return strcmp(variable, m->options.by) == 0 ? m->by_values.items[patient] : "";
}

/* A variant that is named and not called negative is a positive test. A later test (a resistance mutation) is no baseline. */
const char *cohort_gene(const bfl_record *record, const char *gene) {
    const char *result = "";
    for (size_t i = 0; i < record->molecular_count; i++) {
        const bfl_molecular *t = &record->moleculars[i];
        if (!bfl_text_equal_nocase(bfl_text_of(t->gene), bfl_text_of(gene)) || (t->when.known && t->when.day > 0))
            continue;
        bool negative = strcmp(t->result, "negative") == 0;
        if (strcmp(t->result, "positive") == 0 || (!negative && t->variant[0])) return "positive";
        if (negative) result = "negative";
    }
    return result;
}

/* ---- levels and groups ---- */

typedef struct level {
    const char *name;
    size_t count;
} level;

static int by_size(const void *a, const void *b, const void *context) {
    (void)context;
    const level *x = a, *y = b;
    if (x->count != y->count) return x->count < y->count ? 1 : -1;
    return strcmp(x->name, y->name);
}

levels cohort_levels(const making *m, const char *variable) {
    BFL_LIST(level) found = {0};
    for (size_t i = 0; i < m->patients.count; i++) {
        const char *value = cohort_value(m, i, variable);
        size_t k = 0;
        if (!value[0]) continue;
        while (k < found.count && strcmp(found.items[k].name, value) != 0) k++;
        if (k == found.count) BFL_PUSH(m->arena, &found)->name = value;
        found.items[k].count++;
    }
    bfl_sort(m->arena, found.items, found.count, sizeof *found.items, by_size, NULL);
    levels out = {BFL_NEW_ARRAY(m->arena, found.count, const char *), BFL_NEW_ARRAY(m->arena, found.count, size_t),
                  found.count};
    for (size_t k = 0; k < found.count; k++) {
        out.names[k] = found.items[k].name;
        out.counts[k] = found.items[k].count;
    }
    return out;
}

void cohort_form_groups(making *m) {
    levels l = cohort_levels(m, m->options.by);
    BFL_LIST(bfl_cohort_group) groups = {0};
    for (size_t k = 0; k < l.count; k++)
        *BFL_PUSH(m->arena, &groups) = (bfl_cohort_group){l.names[k], true, l.counts[k]};
    size_t unstated = 0;
    for (size_t i = 0; i < m->patients.count; i++) {
        const char *value = cohort_value(m, i, m->options.by);
        size_t k = 0;
        while (k < l.count && strcmp(l.names[k], value) != 0) k++;
        m->patients.items[i].group = k;
        unstated += k == l.count;
    }
    if (unstated) *BFL_PUSH(m->arena, &groups) = (bfl_cohort_group){"not stated", false, unstated};
    m->out->groups = groups.items;
    m->out->group_count = groups.count;
}

/* ---- patients with bone metastases ---- */

bool cohort_in_bone_set(const making *m, const bfl_cohort_patient *p) {
    return p->bone_at_baseline || m->bone_count == 0;
}

const char *cohort_bone_words(const making *m) {
    return m->bone_count ? "Of patients with bone metastases at baseline."
                         : "No bone metastasis is recorded at baseline: of all patients.";
}

const char *cohort_flare_words(const making *m) {
    return m->options.flares == BFL_FLARES_STATED ? "as the source calls them" : "suspected or confirmed by boneflare";
}

const char *cohort_group_name(const making *m, size_t group) {
    return group < m->out->group_count ? m->out->groups[group].label : "all";
}

bool cohort_in_group(const bfl_cohort_patient *p, size_t group) { return group == BFL_COHORT_ALL || p->group == group; }

bool cohort_next_group(const making *m, size_t i, size_t *group) {
    *group = i ? i - 1 : BFL_COHORT_ALL;
    return i <= m->out->group_count;
}

size_t cohort_stated_groups(const making *m) {
    size_t count = 0;
    for (size_t i = 0; i < m->out->group_count; i++) count += m->out->groups[i].stated;
    return count;
}
