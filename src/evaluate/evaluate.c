/* SPDX-License-Identifier: Apache-2.0 */
/* Records and truths to one evaluation: every patient is followed, on any number of threads, then groups are measured. */
#include "evaluate/trace.h"

#include <limits.h>
#include <string.h>

typedef struct evaluation {
    bfl_evaluation face; /* first: the public pointer is the object's */
    bfl_arena *arena;
} evaluation;

typedef struct request {
    const bfl_record *const *records;
    const bfl_eval_truth *truths;
    size_t count, next;
    const bfl_rulebook *rulebook;
    const bfl_eval_options *options;
    bool question_only;
    bfl_trace *traces;
    evaluation *result;
} request;

/* ---- following ---- */

/* A slot holds the number of a patient; what is found goes to the patient's own trace. */
typedef struct slot {
    size_t patient;
} slot;

static bfl_status next_patient(void *context, void *place, bool *more, bfl_error *err) {
    request *r = context;
    (void)err;
    *more = r->next < r->count;
    if (*more) ((slot *)place)->patient = r->next++;
    return BFL_OK;
}

static bfl_status follow_patient(void *context, void *place, bfl_error *err) {
    const request *r = context;
    size_t i = ((const slot *)place)->patient;
    return bfl_eval_follow(r->records[i], &r->truths[i], r->rulebook, r->question_only, &r->traces[i], err);
}

static bfl_status report_patient(void *context, void *place, bfl_error *err) {
    request *r = context;
    const slot *s = place;
    (void)err;
    if (r->options && r->options->progress)
        r->options->progress(r->options->progress_context, s->patient + 1, r->count);
    return BFL_OK;
}

static bfl_status follow_all(request *r, bfl_error *err) {
    bfl_pipeline plan = {.context = r,
                         .slot_size = sizeof(slot),
                         .threads = r->options ? r->options->threads : 0,
                         .next = next_patient,
                         .work = follow_patient,
                         .emit = report_patient};
    r->next = 0;
    return bfl_pipeline_run(&plan, err);
}

/* Room for every trace before the threads start: they allocate nothing here. */
static bfl_trace *room_for(bfl_arena *arena, const request *r) {
    bfl_trace *traces = BFL_NEW_ARRAY(arena, r->count, bfl_trace);
    for (size_t i = 0; i < r->count; i++)
        traces[i].questions = BFL_NEW_ARRAY(arena, bfl_eval_most_questions(r->records[i]), bfl_question);
    return traces;
}

/* ---- groups ---- */

typedef struct maker {
    const bfl_measure *m;
    const bfl_trace *traces;
    size_t count;
    BFL_LIST(bfl_eval_group) groups;
} maker;

typedef bool (*member)(const bfl_trace *trace, const void *what);

static bool anybody(const bfl_trace *trace, const void *what) {
    (void)what;
    return trace->known;
}

static bool of_class(const bfl_trace *trace, const void *what) {
    return trace->known && strcmp(trace->class_id, what) == 0;
}

static bfl_traces members(const maker *k, member is, const void *what) {
    const bfl_trace **items = BFL_NEW_ARRAY(k->m->arena, k->count, const bfl_trace *);
    size_t n = 0;
    for (size_t i = 0; i < k->count; i++)
        if (is(&k->traces[i], what)) items[n++] = &k->traces[i];
    return (bfl_traces){items, n, INT32_MIN, INT32_MAX};
}

static void count_questions(const bfl_traces *traces, bfl_eval_group *group) {
    for (size_t i = 0; i < traces->count; i++) {
        bool any = false;
        for (size_t q = 0; q < traces->items[i]->question_count; q++) {
            if (!bfl_eval_counts(traces, &traces->items[i]->questions[q])) continue;
            any = true;
            group->questions++;
            group->progressions += traces->items[i]->questions[q].progression;
        }
        group->asked += any;
    }
}

static void add_group(maker *k, const char *by, const char *name, bfl_traces traces) {
    bfl_eval_group *group = BFL_PUSH(k->m->arena, &k->groups);
    *group =
        (bfl_eval_group){.by = by, .name = bfl_arena_text(k->m->arena, bfl_text_of(name)), .patients = traces.count};
    count_questions(&traces, group);
    bfl_measure m = *k->m;
    m.days = m.days && traces.after == INT32_MIN && traces.to == INT32_MAX; /* a window holds no whole course */
    for (int method = 0; method < BFL_EVAL_METHOD_COUNT; method++)
        bfl_eval_measure(&m, traces, (bfl_eval_method)method, &group->results[method]);
    bfl_forecasts forecasts = bfl_eval_forecasts(k->m, traces);
    bfl_eval_calibrate(k->m, &forecasts, group);
}

static int by_text(const void *a, const void *b, const void *context) {
    (void)context;
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_classes(maker *k) {
    bfl_eval_names names = {0};
    for (size_t i = 0; i < k->count; i++) {
        bool listed = !k->traces[i].known;
        for (size_t n = 0; n < names.count && !listed; n++) listed = strcmp(names.items[n], k->traces[i].class_id) == 0;
        if (!listed) *BFL_PUSH(k->m->arena, &names) = k->traces[i].class_id;
    }
    bfl_sort(k->m->arena, names.items, names.count, sizeof *names.items, by_text, NULL);
    for (size_t n = 0; n < names.count; n++)
        add_group(k, "class", names.items[n], members(k, of_class, names.items[n]));
}

static void add_windows(maker *k) {
    const bfl_rulebook *book = k->m->rulebook;
    const int32_t days[] = {bfl_rule_days(book, BFL_NUM_EVALUATE_WINDOWS__FIRST_DAYS),
                            bfl_rule_days(book, BFL_NUM_EVALUATE_WINDOWS__SECOND_DAYS),
                            bfl_rule_days(book, BFL_NUM_EVALUATE_WINDOWS__THIRD_DAYS)};
    enum { LIMITS = sizeof days / sizeof *days };
    for (size_t i = 0; i <= LIMITS; i++) {
        bfl_traces window = members(k, anybody, NULL);
        if (i) window.after = days[i - 1];
        if (i < LIMITS) window.to = days[i];
        const char *name = i == 0 ? bfl_arena_printf(k->m->arena, "up to day %d", (int)window.to)
                           : i == LIMITS
                               ? bfl_arena_printf(k->m->arena, "after day %d", (int)window.after)
                               : bfl_arena_printf(k->m->arena, "day %d to %d", (int)window.after + 1, (int)window.to);
        add_group(k, "window", name, window);
    }
}

/* ---- ablation ---- */

typedef struct without {
    request again;
    bfl_measure m;
    bfl_eval_ablation found;
} without;

/* In an arena of its own: the rulebook beside it lies outside every arena. */
static bfl_status measure_without(bfl_arena *arena, void *context, bfl_error *err) {
    without *w = context;
    w->m.arena = arena;
    w->m.days = false;
    w->again.traces = room_for(arena, &w->again);
    bfl_status status = follow_all(&w->again, err);
    if (status) return status;
    maker k = {.m = &w->m, .traces = w->again.traces, .count = w->again.count};
    bfl_traces traces = members(&k, anybody, NULL);
    bfl_eval_result result;
    bfl_eval_group group = {.by = ""};
    bfl_eval_measure(&w->m, traces, BFL_EVAL_BONEFLARE, &result);
    bfl_forecasts forecasts = bfl_eval_forecasts(&w->m, traces);
    bfl_eval_calibrate(&w->m, &forecasts, &group);
    w->found.wrong = result.wrong;
    w->found.abstention = result.abstention;
    w->found.brier = group.brier;
    w->found.auc = group.auc;
    return BFL_OK;
}

static bfl_status ablate(const request *r, const bfl_measure *m, bfl_text overlay, bfl_eval_ablation *out,
                         bfl_error *err) {
    bfl_eval_options quiet = r->options ? *r->options : (bfl_eval_options){.struct_size = sizeof quiet};
    quiet.progress = NULL;
    without w = {.again = *r, .m = *m};
    w.again.options = &quiet;
    w.again.question_only = true;
    bfl_rulebook *rulebook = NULL;
    bfl_status status = bfl_rulebook_open(overlay, &rulebook, err);
    if (status) return status;
    w.again.rulebook = rulebook;
    bfl_arena *arena = bfl_arena_new();
    status = arena ? bfl_arena_run(arena, measure_without, &w, err)
                   : bfl_fail(err, BFL_ENOMEM, "bfl_evaluate", 0, "out of memory");
    bfl_arena_free(arena);
    bfl_rulebook_free(rulebook);
    const char *group = out->group;
    if (!status) *out = w.found;
    out->group = group;
    return status;
}

static bfl_status ablate_all(const request *r, const bfl_measure *m, bfl_evaluation *out, bfl_error *err) {
    bfl_eval_names names = bfl_eval_evidence_groups(m->arena, r->rulebook);
    bfl_eval_ablation *ablations = BFL_NEW_ARRAY(m->arena, names.count + 1, bfl_eval_ablation);
    for (size_t i = 0; i <= names.count; i++) {
        ablations[i].group = bfl_arena_text(m->arena, bfl_text_of(i ? names.items[i - 1] : ""));
        bfl_text overlay = bfl_text_of(bfl_eval_overlay_without(m->arena, r->rulebook, ablations[i].group));
        bfl_status status = ablate(r, m, overlay, &ablations[i], err);
        if (status) return status;
    }
    out->ablations = ablations;
    out->ablation_count = names.count + 1;
    return BFL_OK;
}

/* ---- the whole ---- */

static void count_left_out(const request *r, bfl_evaluation *out) {
    out->patients = r->count;
    for (size_t i = 0; i < r->count; i++) {
        const bfl_trace *t = &r->traces[i];
        out->without_truth += !t->known;
        out->without_question += t->known && t->question_count == 0;
    }
}

static void define(bfl_arena *arena, const bfl_rulebook *rulebook, bfl_evaluation *out) {
    static const bfl_rule_index counted[] = {BFL_RULE_EVALUATE_QUESTION, BFL_RULE_EVALUATE_WRONG,
                                             BFL_RULE_EVALUATE_DAYS, BFL_RULE_EVALUATE_RIGHT,
                                             BFL_RULE_EVALUATE_INTERVALS};
    enum { COUNTED = sizeof counted / sizeof *counted };
    bfl_eval_definition *all = BFL_NEW_ARRAY(arena, COUNTED + BFL_EVAL_METHOD_COUNT, bfl_eval_definition);
    for (size_t i = 0; i < COUNTED + BFL_EVAL_METHOD_COUNT; i++) {
        const bfl_rule *rule = i < COUNTED ? bfl_rule_of(rulebook, counted[i])
                                           : bfl_rule_named(rulebook, "evaluate.method.",
                                                            bfl_eval_method_word((bfl_eval_method)(i - COUNTED)));
        if (!rule) continue;
        all[out->definition_count++] = (bfl_eval_definition){bfl_arena_text(arena, bfl_text_of(rule->id)),
                                                             bfl_arena_text(arena, bfl_text_of(rule->title)),
                                                             bfl_arena_text(arena, bfl_text_of(rule->text))};
    }
    out->definitions = all;
}

static bfl_status body(bfl_arena *arena, void *context, bfl_error *err) {
    request *r = context;
    r->question_only = r->options && r->options->question_only;
    r->traces = room_for(arena, r);
    evaluation *e = BFL_NEW(arena, evaluation);
    e->arena = arena;
    bfl_evaluation *out = &e->face;
    bfl_status status = follow_all(r, err);
    if (status) return status;
    bfl_measure m = {.arena = arena,
                     .rulebook = r->rulebook,
                     .level = bfl_rule_double(r->rulebook, BFL_NUM_EVALUATE_INTERVALS__LEVEL_FRACTION),
                     .seed = r->options ? r->options->seed : 0,
                     .days = !r->question_only};
    out->seed = m.seed;
    out->rulebook_version = bfl_arena_text(arena, bfl_text_of(bfl_rulebook_version(r->rulebook)));
    out->rulebook_sha256 = bfl_arena_text(arena, bfl_text_of(bfl_rulebook_sha256(r->rulebook)));
    count_left_out(r, out);
    define(arena, r->rulebook, out);
    maker k = {.m = &m, .traces = r->traces, .count = r->count};
    add_group(&k, "all", "all", members(&k, anybody, NULL));
    add_classes(&k);
    add_windows(&k);
    out->groups = k.groups.items;
    out->group_count = k.groups.count;
    bfl_traces all = members(&k, anybody, NULL);
    bfl_forecasts forecasts = bfl_eval_forecasts(&m, all);
    out->uncalibrated = forecasts.without;
    out->bins = bfl_eval_reliability(&m, &forecasts, &out->bin_count);
    out->curve = bfl_eval_decision_curve(&m, all, &out->curve_count);
    if (r->options && r->options->ablation) status = ablate_all(r, &m, out, err);
    r->result = e;
    return status;
}

bfl_status bfl_evaluate(const bfl_record *const *records, const bfl_eval_truth *truths, size_t count,
                        const bfl_rulebook *rulebook, const bfl_eval_options *options, bfl_evaluation **out,
                        bfl_error *err) {
    if (!rulebook || !out || (count && (!records || !truths)))
        return bfl_fail(err, BFL_EINVAL, "bfl_evaluate", 0, "records, truths, rulebook and out are needed");
    request r = {.records = records, .truths = truths, .count = count, .rulebook = rulebook, .options = options};
    bfl_status status = bfl_arena_build(body, &r, err);
    if (!status) *out = &r.result->face;
    return status;
}

void bfl_evaluation_free(bfl_evaluation *face) {
    if (face) bfl_arena_free(((evaluation *)face)->arena);
}
