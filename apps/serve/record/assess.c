/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/record/record.h"
#include "serve/server.h"

#include <string.h>

bool serve_as_of_query(serve_call *call, bfl_assess_options *out) {
    const char *text = serve_query(call, "as_of");
    bfl_error err = {0};
    uint64_t day;
    *out = (bfl_assess_options){.struct_size = sizeof *out};
    if (!text || !*text) return true;
    bool bare = text[0] && strlen(text) < 4 && serve_parse_whole(text, 999, &day); /* "41" is a day, "2019" a year */
    const char *date = bare ? serve_pool_printf(call->pool, "d%s", text) : text;
    out->has_as_of = bfl_date_parse(bfl_text_of(date), &out->as_of, &err) == BFL_OK;
    if (out->has_as_of) return true;
    serve_problem(call, 400, "bad-date", "as_of must be a date such as 2019-04-04, or a day such as d41.",
                  "Correct the date.");
    return false;
}

static void release_assessment(void *thing) { bfl_assessment_free(thing); }

bool serve_assess(serve_call *call, const serve_version *version, const bfl_assess_options *options,
                  const bfl_assessment **out) {
    bfl_error err = {0};
    bfl_assessment *assessment = NULL;
    bfl_status status = bfl_assess(version->record, call->server->rulebook, options, &assessment, &err);
    if (status) {
        serve_failed(call, status, &err);
        return false;
    }
    *out = serve_pool_own(call->pool, assessment, release_assessment);
    return true;
}

bfl_text serve_assessment_json(serve_call *call, const bfl_assessment *assessment) {
    serve_buf out = {.pool = call->pool};
    bfl_error err = {0};
    if (bfl_report_json(assessment, NULL, serve_buf_sink(&out), &err) != BFL_OK) serve_pool_fail(call->pool);
    return serve_buf_text(&out);
}

/* ---- the summary of the work list ---- */

const char *serve_day_date(serve_pool *pool, const bfl_record *record, int32_t day) {
    char text[40];
    if (!record->has_calendar) return NULL;
    (void)bfl_record_format_day(record, day, text, sizeof text);
    return serve_pool_text(pool, bfl_text_of(text));
}

void serve_put_day(serve_json *w, const char *key, const bfl_record *record, bfl_when when) {
    if (!when.known) {
        serve_json_null(w, key);
        return;
    }
    serve_json_open(w, key, "{");
    serve_json_whole(w, "day", when.day);
    serve_json_text(w, "date", serve_day_date(w->out.pool, record, when.day));
    serve_json_close(w, "}");
}

/* As `boneflare screen` ranks: urgent alarms, alarms, an open question, then what a wrong answer is expected to cost. */
static int64_t urgency_of(const bfl_assessment *a) {
    enum { URGENT = 1000000000, ALARM = 100000000, OPEN = 10000000, MOST_LOSS = 9999999 };
    const bfl_bone *now = &a->verdict->now;
    int64_t urgency = 0;
    for (size_t i = 0; i < a->verdict->alarm_count; i++)
        if (a->verdict->alarms[i].urgent) urgency = URGENT;
    if (a->verdict->alarm_count) urgency += ALARM;
    if (!now->question) return urgency;
    bool open = now->state == BFL_BONE_UNDETERMINED || now->state == BFL_BONE_FLARE_SUSPECTED;
    double loss = now->state == BFL_BONE_PROGRESSION    ? now->losses.progression
                  : now->state == BFL_BONE_UNDETERMINED ? now->losses.wait
                                                        : now->losses.flare;
    int64_t thousandths = loss > 0 ? (int64_t)(loss * 1000) : 0;
    return urgency + (open ? OPEN : 0) + (thousandths < MOST_LOSS ? thousandths : MOST_LOSS);
}

static int64_t questions_of(const bfl_assessment *a) {
    int64_t n = 0;
    for (size_t i = 0; i < a->issue_count; i++) n += a->issues[i].severity != BFL_ISSUE_NOTE;
    return n;
}

bool serve_assessment_keep(serve_call *call, const serve_version *version, const bfl_assessment *a, bool replay,
                           int64_t *id) {
    const bfl_bone *now = &a->verdict->now;
    const bfl_step *step = a->workup->next_count ? &a->workup->next[0] : NULL;
    const char *due = step && step->has_by ? serve_day_date(call->pool, a->record, step->by_day) : NULL;
    store_assessment kept = {.version = version->stored->version,
                             .as_of = replay ? serve_pool_printf(call->pool, "d%d", (int)a->as_of) : "",
                             .rulebook = bfl_rulebook_sha256(call->server->rulebook),
                             .replay = replay,
                             .state = bfl_bone_state_word(now->state),
                             .has_probability = now->question,
                             .p_flare = now->p_flare,
                             .p_progression = now->p_progression,
                             .low = now->low,
                             .high = now->high,
                             .alarms = (int64_t)a->verdict->alarm_count,
                             .questions = questions_of(a),
                             .urgency = urgency_of(a),
                             .next_step = step ? step->action : "",
                             .due = due ? due : "",
                             .json = serve_assessment_json(call, a)};
    memcpy(kept.key, version->stored->key, sizeof kept.key);
    const store_by by = {call->user, call->now_ms};
    bfl_error err = {0};
    bfl_status status = store_assessment_put(call->server->store, &by, &kept, id, &err);
    if (status) serve_failed(call, status, &err);
    return status == BFL_OK;
}

bool serve_record_assessed(serve_call *call, const char *key) {
    const bfl_assess_options options = {.struct_size = sizeof options};
    serve_version version = {0};
    const bfl_assessment *assessment;
    int64_t id;
    return serve_version_load(call, key, 0, &version) && serve_assess(call, &version, &options, &assessment) &&
           serve_assessment_keep(call, &version, assessment, false, &id);
}
