/* SPDX-License-Identifier: Apache-2.0 */
/* One patient through all imaging visits: the question, every method's answer to it, and where each would have stopped. */
#include "evaluate/trace.h"

#include <limits.h>

typedef struct walk {
    const bfl_record *record;
    const bfl_eval_truth *truth;
    const bfl_rulebook *rulebook;
    bool question_only;
    bfl_trace *trace;
} walk;

static int32_t earlier(int32_t a, int32_t b) { return a < b ? a : b; }

/* Is the method's call the right answer for a bone that has, or has not, progressed? */
static bool right(bfl_eval_call call, bool progression) {
    return call == (progression ? BFL_CALL_STOP : BFL_CALL_KEEP);
}

static void ask(const walk *w, const bfl_eval_visit *visit, const bfl_eval_said *said) {
    bfl_trace *t = w->trace;
    const bfl_therapy *therapy = bfl_record_therapy_on(w->record, visit->day);
    t->asked = true;
    t->question_day = visit->day;
    t->therapy_day = therapy ? visit->day - therapy->start.day : visit->day;
    t->progression = w->truth->has_days ? w->truth->progression_day <= visit->day : w->truth->progression;
    t->has_probability = said->has_probability;
    t->probability = said->probability;
    for (int m = 0; m < BFL_EVAL_METHOD_COUNT; m++) t->calls[m] = said->calls[m];
    /* What had not progressed may do so later: the question is then another one. */
    t->open_until = t->progression || !t->has_days ? t->end_day : earlier(t->end_day, w->truth->progression_day - 1);
}

static void listen(const walk *w, const bfl_eval_visit *visit, const bfl_eval_said *said) {
    bfl_trace *t = w->trace;
    for (int m = 0; m < BFL_EVAL_METHOD_COUNT; m++) {
        bool stops = said->calls[m] == BFL_CALL_STOP;
        /* RECIST and iRECIST see all lesions themselves; the others follow RECIST outside bone. */
        if (m != BFL_EVAL_RECIST && m != BFL_EVAL_IRECIST) stops = stops || said->outside;
        if (stops) t->stop_day[m] = earlier(t->stop_day[m], visit->day);
        bool open = t->asked && visit->day >= t->question_day && visit->day <= t->open_until;
        if (open && right(said->calls[m], t->progression)) t->right_day[m] = earlier(t->right_day[m], visit->day);
    }
}

static bfl_status judge(const walk *w, const bfl_eval_visit *visit, bool may_ask, bfl_error *err) {
    bfl_assessment *assessment = NULL;
    bfl_assess_options options = {
        .struct_size = sizeof options, .has_as_of = true, .as_of = {visit->day, visit->day, BFL_DATE_RELATIVE}};
    bfl_status status = bfl_assess(w->record, w->rulebook, &options, &assessment, err);
    if (status) return status;
    bfl_eval_said said = bfl_eval_said_at(assessment, visit);
    bfl_assessment_free(assessment);
    if (may_ask && said.outside) w->trace->outside = true;
    if (may_ask && !said.outside) ask(w, visit, &said);
    if (!w->question_only) listen(w, visit, &said);
    return BFL_OK;
}

static bfl_status follow(bfl_arena *arena, void *context, bfl_error *err) {
    walk *w = context;
    bfl_trace *t = w->trace;
    bfl_eval_visits visits = bfl_eval_visits_of(arena, w->record, w->rulebook);
    t->end_day = visits.count ? visits.items[visits.count - 1].day : 0;
    bfl_status status = BFL_OK;
    for (size_t i = 0; i < visits.count && status == BFL_OK; i++) {
        const bfl_eval_visit *visit = &visits.items[i];
        bool may_ask = visit->worse && !t->asked && !t->outside;
        if (may_ask || !w->question_only) status = judge(w, visit, may_ask, err);
        if (w->question_only && (t->asked || t->outside)) break;
    }
    return status;
}

/* Class of the therapy in force at the question; before there is one, of the first. */
static const char *class_of(const bfl_record *record, int32_t day) {
    const bfl_therapy *therapy = bfl_record_therapy_on(record, day);
    for (size_t i = 0; !therapy && i < record->therapy_count; i++)
        if (record->therapies[i].intent == BFL_INTENT_ANTICANCER) therapy = &record->therapies[i];
    return therapy && therapy->class_id[0] ? therapy->class_id : "unknown";
}

bfl_status bfl_eval_follow(const bfl_record *record, const bfl_eval_truth *truth, const bfl_rulebook *rulebook,
                           bool question_only, bfl_trace *out, bfl_error *err) {
    *out = (bfl_trace){.patient = record->patient.id, .known = truth->known, .class_id = "unknown"};
    out->has_days = truth->known && truth->has_days && !question_only;
    out->failed_day = earlier(truth->progression_day, truth->outside_day);
    for (int m = 0; m < BFL_EVAL_METHOD_COUNT; m++) out->stop_day[m] = out->right_day[m] = INT32_MAX;
    if (!truth->known) return BFL_OK;
    walk w = {record, truth, rulebook, question_only, out};
    bfl_arena *arena = bfl_arena_new();
    if (!arena) return bfl_fail(err, BFL_ENOMEM, "bfl_evaluate", 0, "out of memory");
    bfl_status status = bfl_arena_run(arena, follow, &w, err);
    bfl_arena_free(arena);
    bool named = truth->class_id && truth->class_id[0];
    out->class_id = named ? truth->class_id : class_of(record, out->asked ? out->question_day : 0);
    return status;
}
