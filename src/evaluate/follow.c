/* SPDX-License-Identifier: Apache-2.0 */
/* One patient through all imaging visits: the questions, every method's answers, and where each would have stopped. */
#include "evaluate/trace.h"

#include <limits.h>

typedef struct walk {
    const bfl_record *record;
    const bfl_eval_truth *truth;
    const bfl_rulebook *rulebook;
    bool question_only;
    bool closed; /* no further question: progression was asked about, or is outside bone */
    bfl_trace *trace;
} walk;

static int32_t earlier(int32_t a, int32_t b) { return a < b ? a : b; }

/* Is the method's call the right answer for a bone that has, or has not, progressed? */
static bool right(bfl_eval_call call, bool progression) {
    return call == (progression ? BFL_CALL_STOP : BFL_CALL_KEEP);
}

/* What had not progressed may do so later: the question is then another one. */
static void open_first(const walk *w, const bfl_question *q) {
    bfl_first_question *first = &w->trace->first[q->progression];
    if (first->asked) return;
    first->asked = true;
    first->day = q->day;
    bool may_turn = w->truth->has_days && !q->progression;
    first->open_until = may_turn ? earlier(w->trace->end_day, w->truth->progression_day - 1) : w->trace->end_day;
}

static void ask(walk *w, const bfl_eval_visit *visit, const bfl_eval_said *said) {
    bfl_trace *t = w->trace;
    const bfl_therapy *therapy = bfl_record_therapy_on(w->record, visit->day);
    bfl_question *q = &t->questions[t->question_count++];
    *q = (bfl_question){.day = visit->day,
                        .therapy_day = therapy ? visit->day - therapy->start.day : visit->day,
                        .has_probability = said->has_probability,
                        .probability = said->probability};
    q->progression = w->truth->has_days ? w->truth->progression_day <= visit->day : w->truth->progression;
    for (int m = 0; m < BFL_EVAL_METHOD_COUNT; m++) q->calls[m] = said->calls[m];
    open_first(w, q);
    w->closed = q->progression || !w->truth->has_days; /* a label speaks of the first question */
}

static void listen(const walk *w, const bfl_eval_visit *visit, const bfl_eval_said *said) {
    bfl_trace *t = w->trace;
    for (int m = 0; m < BFL_EVAL_METHOD_COUNT; m++) {
        bool stops = said->calls[m] == BFL_CALL_STOP;
        /* RECIST and iRECIST see all lesions themselves; the others follow RECIST outside bone. */
        if (m != BFL_EVAL_RECIST && m != BFL_EVAL_IRECIST) stops = stops || said->outside;
        if (stops) t->stop_day[m] = earlier(t->stop_day[m], visit->day);
        for (int ill = 0; ill < 2; ill++) {
            bfl_first_question *first = &t->first[ill];
            bool open = first->asked && visit->day >= first->day && visit->day <= first->open_until;
            if (open && right(said->calls[m], ill)) first->right_day[m] = earlier(first->right_day[m], visit->day);
        }
    }
}

static bfl_status judge(walk *w, const bfl_eval_visit *visit, bool may_ask, bfl_error *err) {
    bfl_assessment *assessment = NULL;
    bfl_assess_options options = {
        .struct_size = sizeof options, .has_as_of = true, .as_of = {visit->day, visit->day, BFL_DATE_RELATIVE}};
    bfl_status status = bfl_assess(w->record, w->rulebook, &options, &assessment, err);
    if (status) return status;
    bfl_eval_said said = bfl_eval_said_at(assessment, visit);
    bfl_assessment_free(assessment);
    if (may_ask && said.outside) w->closed = true;
    if (may_ask && !said.outside) ask(w, visit, &said);
    if (!w->question_only) listen(w, visit, &said);
    return BFL_OK;
}

static bfl_status follow(bfl_arena *arena, void *context, bfl_error *err) {
    walk *w = context;
    bfl_eval_visits visits = bfl_eval_visits_of(arena, w->record, w->rulebook);
    w->trace->end_day = visits.count ? visits.items[visits.count - 1].day : 0;
    bfl_status status = BFL_OK;
    for (size_t i = 0; i < visits.count && status == BFL_OK; i++) {
        bool may_ask = visits.items[i].worse && !w->closed;
        if (may_ask || !w->question_only) status = judge(w, &visits.items[i], may_ask, err);
        if (w->question_only && w->closed) break;
    }
    return status;
}

/* Class of the therapy in force on the day; before there is one, of the first. */
static const char *class_of(const bfl_record *record, int32_t day) {
    const bfl_therapy *therapy = bfl_record_therapy_on(record, day);
    for (size_t i = 0; !therapy && i < record->therapy_count; i++)
        if (record->therapies[i].intent == BFL_INTENT_ANTICANCER) therapy = &record->therapies[i];
    return therapy && therapy->class_id[0] ? therapy->class_id : "unknown";
}

size_t bfl_eval_most_questions(const bfl_record *record) { return record->lesion_count; }

bfl_status bfl_eval_follow(const bfl_record *record, const bfl_eval_truth *truth, const bfl_rulebook *rulebook,
                           bool question_only, bfl_trace *out, bfl_error *err) {
    *out = (bfl_trace){
        .patient = record->patient.id, .known = truth->known, .class_id = "unknown", .questions = out->questions};
    out->has_days = truth->known && truth->has_days && !question_only;
    out->failed_day = earlier(truth->progression_day, truth->outside_day);
    for (int m = 0; m < BFL_EVAL_METHOD_COUNT; m++)
        out->stop_day[m] = out->first[0].right_day[m] = out->first[1].right_day[m] = INT32_MAX;
    if (!truth->known) return BFL_OK;
    walk w = {record, truth, rulebook, question_only, false, out};
    bfl_arena *arena = bfl_arena_new();
    if (!arena) return bfl_fail(err, BFL_ENOMEM, "bfl_evaluate", 0, "out of memory");
    bfl_status status = bfl_arena_run(arena, follow, &w, err);
    bfl_arena_free(arena);
    bool named = truth->class_id && truth->class_id[0];
    out->class_id = named ? truth->class_id : class_of(record, out->question_count ? out->questions[0].day : 0);
    return status;
}
