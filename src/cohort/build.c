/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A study from its records: each is assessed on its own, by as many threads as there are; its row is kept and the rest forgotten.
 * Then the parts of the study, in the order of the tables.
 */
#include "cohort/study.h"

#include "rules/rules.h"

#include <string.h>

/* The public object and the arena that holds everything in it. */
typedef struct holder {
    bfl_cohort face; /* first: the public pointer is the object's */
    bfl_arena *arena;
} holder;

/* ---- one record ---- */

typedef struct slot {
    bfl_arena *arena; /* made once, reset for each record */
    findings found;
} slot;

typedef struct assessing {
    making *m;
    size_t next, done, total;
} assessing;

static bfl_status next_record(void *context, void *bytes, bool *more, bfl_error *err) {
    assessing *a = context;
    slot *s = bytes;
    (void)err;
    *more = a->next < a->total;
    if (*more) s->found = (findings){.record = bfl_study_record(a->m->study, a->next++)};
    return BFL_OK;
}

typedef struct one_record {
    const making *m; /* shared by the threads: only read */
    slot *slot;
} one_record;

static bfl_status assess(bfl_arena *arena, void *context, bfl_error *err) {
    one_record *one = context;
    const making *m = one->m;
    findings *f = &one->slot->found;
    (void)err;
    f->criteria = bfl_criteria_assess(arena, f->record, m->rulebook);
    f->markers = bfl_markers_assess(arena, f->record, m->rulebook);
    bfl_findings known = {f->record, m->rulebook, f->criteria, f->markers, f->record->last_day};
    f->verdict = bfl_flare_assess(arena, &known);
    f->endpoints = BFL_NEW_ARRAY(arena, f->criteria->criterion_count, const bfl_endpoints *);
    for (size_t k = 0; k < f->criteria->criterion_count; k++) {
        bfl_endpoint_input in = {f->record, m->rulebook, &f->criteria->criteria[k], &m->policies};
        f->endpoints[k] = bfl_endpoint_derive(arena, &in);
    }
    return BFL_OK;
}

static bfl_status assess_record(void *context, void *bytes, bfl_error *err) {
    const assessing *a = context;
    slot *s = bytes;
    if (s->arena)
        bfl_arena_reset(s->arena);
    else
        s->arena = bfl_arena_new();
    if (!s->arena) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    one_record one = {a->m, s};
    return bfl_arena_run(s->arena, assess, &one, err);
}

typedef struct kept_record {
    making *m;
    const slot *slot;
} kept_record;

static bfl_status keep(bfl_arena *arena, void *context, bfl_error *err) {
    kept_record *one = context;
    (void)arena, (void)err;
    cohort_add_patient(one->m, &one->slot->found);
    return BFL_OK;
}

static bfl_status keep_row(void *context, void *bytes, bfl_error *err) {
    assessing *a = context;
    kept_record one = {a->m, bytes};
    bfl_status status = bfl_arena_run(a->m->arena, keep, &one, err);
    a->done++;
    if (a->m->options.progress) a->m->options.progress(a->m->options.progress_context, a->done, a->total);
    return status;
}

static void release(void *context, void *bytes) {
    (void)context;
    bfl_arena_free(((slot *)bytes)->arena);
}

static bfl_status add_patients(making *m, bfl_error *err) {
    assessing a = {.m = m, .total = bfl_study_record_count(m->study)};
    bfl_pipeline plan = {&a, sizeof(slot), m->options.threads, next_record, assess_record, keep_row, release};
    return bfl_pipeline_run(&plan, err);
}

/* ---- before ---- */

static bfl_status bad_criterion(making *m, const bfl_criteria *known, bfl_error *err) {
    bfl_buf list = {.arena = m->arena};
    for (size_t k = 0; k < known->criterion_count; k++)
        bfl_buf_addf(&list, "%s%s", k ? ", " : "", known->criteria[k].id);
    return bfl_fail(err, BFL_ENOTFOUND, "criterion", 0, "there is no criterion '%s'; there are %s",
                    m->options.criterion, bfl_buf_z(&list));
}

/* Ids and names of the criteria: those of an empty record. */
static bfl_status list_criteria(making *m, bfl_error *err) {
    const bfl_record *empty = bfl_record_seal(m->arena, bfl_record_begin(m->arena, "none"), NULL);
    const bfl_criteria *known = bfl_criteria_assess(m->arena, empty, m->rulebook);
    bfl_cohort *out = m->out;
    const char **ids = BFL_NEW_ARRAY(m->arena, known->criterion_count, const char *);
    const char **names = BFL_NEW_ARRAY(m->arena, known->criterion_count, const char *);
    out->criterion_index = SIZE_MAX;
    for (size_t k = 0; k < known->criterion_count; k++) {
        ids[k] = known->criteria[k].id;
        names[k] = known->criteria[k].name;
        if (strcmp(ids[k], m->options.criterion) == 0) out->criterion_index = k;
    }
    out->criteria = ids;
    out->criterion_names = names;
    out->criterion_count = known->criterion_count;
    return out->criterion_index == SIZE_MAX ? bad_criterion(m, known, err) : BFL_OK;
}

static bfl_status read_options(making *m, const bfl_cohort_options *given, bfl_error *err) {
    if (given) m->options = *given;
    bfl_cohort_options *o = &m->options;
    if (!o->by || !o->by[0]) o->by = "treatment";
    if (!o->criterion || !o->criterion[0]) o->criterion = "recist11_flare_note";
    if (o->level == 0) o->level = 0.95;
    if (o->landmark_day == 0) o->landmark_day = bfl_rule_days(m->rulebook, BFL_NUM_COHORT_LANDMARK__AFTER_DAYS);
    if (!bfl_num_level_valid(o->level))
        return bfl_fail(err, BFL_EINVAL, "level", 0, "a level of confidence lies between 0 and 1");
    if (o->landmark_day < 0) return bfl_fail(err, BFL_EINVAL, "landmark_day", 0, "a landmark lies after day 0");
    if (!o->endpoints) return bfl_endpoint_options_init(m->rulebook, &m->policies, err);
    m->policies = *o->endpoints;
    return BFL_OK;
}

static bfl_status prepare(bfl_arena *arena, void *context, bfl_error *err) {
    making *m = context;
    holder *h = BFL_NEW(arena, holder);
    h->arena = arena;
    m->out = &h->face;
    const bfl_cohort_options *given = m->options.struct_size ? &m->options : NULL;
    bfl_cohort_options copy = m->options;
    bfl_status status = read_options(m, given ? &copy : NULL, err);
    if (status) return status;
    m->options.by = bfl_arena_text(arena, bfl_text_of(m->options.by));
    m->options.criterion = bfl_arena_text(arena, bfl_text_of(m->options.criterion));
    h->face.by = m->options.by;
    h->face.criterion = m->options.criterion;
    h->face.level = m->options.level;
    h->face.rulebook_version = bfl_arena_text(arena, bfl_text_of(bfl_rulebook_version(m->rulebook)));
    h->face.rulebook_sha256 = bfl_arena_text(arena, bfl_text_of(bfl_rulebook_sha256(m->rulebook)));
    return list_criteria(m, err);
}

/* ---- after ---- */

void cohort_remark(making *m, const char *text) { *BFL_PUSH(m->arena, &m->remarks) = text; }

static bfl_status unknown_variable(making *m, bfl_error *err) {
    bfl_buf list = {.arena = m->arena};
    for (size_t i = 0; bfl_cohort_variable(i); i++) bfl_buf_addf(&list, "%s%s", i ? ", " : "", bfl_cohort_variable(i));
    for (size_t i = 0; i < m->genes.count; i++) bfl_buf_addf(&list, ", %s", m->genes.items[i]);
    return bfl_fail(err, BFL_ENOTFOUND, "by", 0, "there is no variable '%s'; there are %s", m->options.by,
                    bfl_buf_z(&list));
}

static bool variable_found(const making *m) {
    if (cohort_variable_known(m->options.by)) return true;
    for (size_t i = 0; i < m->genes.count; i++)
        if (bfl_text_equal_nocase(bfl_text_of(m->genes.items[i]), bfl_text_of(m->options.by))) return true;
    return false;
}

/* Where one source calls some patients' flares, those it is silent about are "no". */
static void complete_statements(making *m) {
    bool any = false;
    for (size_t i = 0; i < m->patients.count; i++) any |= m->patients.items[i].stated_flare[0] != '\0';
    if (!any && m->options.flares == BFL_FLARES_STATED)
        cohort_remark(m, "the source calls nobody's flare: with its word as the measure there is none");
    for (size_t i = 0; i < m->patients.count && any; i++)
        if (!m->patients.items[i].stated_flare[0]) m->patients.items[i].stated_flare = "no";
}

/* Their days count from their first dated event: a time from it is no time on therapy. */
static void say_untreated(making *m) {
    size_t count = 0;
    for (size_t i = 0; i < m->patients.count; i++) count += m->patients.items[i].therapy_count == 0;
    if (count)
        cohort_remark(m, bfl_arena_printf(m->arena,
                                          "%zu patient%s without a dated start of an anticancer drug: days count from "
                                          "the first dated event, or from day 0 as stated",
                                          count, count == 1 ? "" : "s"));
}

static const char *copied(making *m, const char *text) { return bfl_arena_text(m->arena, bfl_text_of(text)); }

static void keep_issues(making *m) {
    size_t count = bfl_study_issue_count(m->study);
    bfl_issue *issues = BFL_NEW_ARRAY(m->arena, count, bfl_issue);
    for (size_t i = 0; i < count; i++) {
        issues[i] = *bfl_study_issue(m->study, i);
        issues[i].patient = copied(m, issues[i].patient);
        issues[i].source.file = copied(m, issues[i].source.file);
        issues[i].source.stated = copied(m, issues[i].source.stated);
        issues[i].column = copied(m, issues[i].column);
        issues[i].found = copied(m, issues[i].found);
        issues[i].expected = copied(m, issues[i].expected);
        issues[i].action = copied(m, issues[i].action);
    }
    m->out->issues = issues;
    m->out->issue_count = count;
}

static bfl_status finish(bfl_arena *arena, void *context, bfl_error *err) {
    making *m = context;
    (void)arena;
    if (!variable_found(m)) return unknown_variable(m, err);
    complete_statements(m);
    for (size_t i = 0; i < m->patients.count; i++) m->bone_count += m->patients.items[i].bone_at_baseline;
    if (m->patients.count == 0) cohort_remark(m, "the study has no patients: every table says so");
    say_untreated(m);
    cohort_form_groups(m);
    keep_issues(m);
    cohort_describe(m);
    cohort_respond(m);
    cohort_onset(m);
    cohort_markers(m);
    cohort_survive(m);
    cohort_model(m);
    cohort_landmark(m);
    cohort_forest(m);
    cohort_agree(m);
    cohort_published(m);
    cohort_list(m);
    m->out->patients = m->patients.items;
    m->out->patient_count = m->patients.count;
    m->out->tables = m->tables.items;
    m->out->table_count = m->tables.count;
    m->out->remarks = m->remarks.items;
    m->out->remark_count = m->remarks.count;
    return BFL_OK;
}

bfl_status bfl_cohort_build(const bfl_study *study, const bfl_rulebook *rulebook, const bfl_cohort_options *options,
                            bfl_cohort **out, bfl_error *err) {
    if (!study || !rulebook || !out)
        return bfl_fail(err, BFL_EINVAL, "bfl_cohort_build", 0, "study, rulebook and out are needed");
    making m = {.arena = bfl_arena_new(), .study = study, .rulebook = rulebook};
    if (!m.arena) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    if (options) m.options = *options;
    bfl_status status = bfl_arena_run(m.arena, prepare, &m, err);
    if (!status) status = add_patients(&m, err);
    if (!status) status = bfl_arena_run(m.arena, finish, &m, err);
    if (status)
        bfl_arena_free(m.arena);
    else
        *out = m.out;
    return status;
}

void bfl_cohort_free(bfl_cohort *cohort) {
    if (cohort) bfl_arena_free(((holder *)cohort)->arena);
}
