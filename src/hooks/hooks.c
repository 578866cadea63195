/* SPDX-License-Identifier: Apache-2.0 */
/* From a body to an answer: check, read the prefetch, assess, write. Texts of the answer live until the next call. */
#include "hooks/hooks.h"
#include "assess/assess.h"

#include <string.h>

enum { DEFAULT_BODY_BYTES = 64 * 1024 * 1024 };

/* ---- the object ---- */

typedef struct opening {
    const bfl_rulebook *rulebook;
    const bfl_hooks_options *options;
    bfl_hooks *out;
} opening;

static bfl_status build(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    opening *o = context;
    bfl_hooks *h = BFL_NEW(arena, bfl_hooks);
    const bfl_hooks_options *given = o->options;
    h->home = arena;
    h->rulebook = o->rulebook;
    if (given)
        memcpy(&h->options, given, given->struct_size < sizeof h->options ? given->struct_size : sizeof h->options);
    if (!h->options.body_bytes) h->options.body_bytes = DEFAULT_BODY_BYTES;
    o->out = h;
    return BFL_OK;
}

bfl_status bfl_hooks_open(const bfl_rulebook *rulebook, const bfl_hooks_options *options, bfl_hooks **out,
                          bfl_error *err) {
    if (!rulebook || !out) return bfl_fail(err, BFL_EINVAL, "bfl_hooks_open", 0, "rulebook and out must not be NULL");
    opening o = {rulebook, options, NULL};
    bfl_status status = bfl_arena_build(build, &o, err);
    if (status) return status;
    const char *url = o.out->options.page_url;
    o.out->answer = bfl_arena_new();
    o.out->json = bfl_fhir_json_reader();
    if (!o.out->answer || !o.out->json)
        status = bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    else if (url && url[0] && strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0)
        status = bfl_fail(err, BFL_EINVAL, "page_url", 0, "is no absolute URL");
    if (status)
        bfl_hooks_free(o.out);
    else
        *out = o.out;
    return status;
}

void bfl_hooks_free(bfl_hooks *hooks) {
    if (!hooks) return;
    bfl_json_reader_free(hooks->json);
    bfl_arena_free(hooks->answer);
    bfl_arena_free(hooks->home);
}

/* ---- a call ---- */

/* A call and what is made of it outside the arena of the answer. */
typedef struct job {
    bfl_hook_call call;
    bfl_hooks_feedbacks *feedbacks; /* NULL: a service is called */
    bfl_fhir_forest forest;
    bfl_study *study;
    bfl_assessment *assessment;
} job;

static void check_service(bfl_hook_call *call) {
    call->service = bfl_hook_service_find(call->request->service);
    if (!call->service) bfl_hook_refuse(call, 404, "not-found", "", "there is no such service");
    if (call->request->body.size > call->hooks->options.body_bytes)
        bfl_hook_refuse(
            call, 413, "too-long", "",
            bfl_arena_printf(call->arena, "the body is longer than %zu bytes", call->hooks->options.body_bytes));
}

static bfl_status ask(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    job *j = context;
    bfl_hook_call *call = &j->call;
    call->arena = call->out.arena = arena;
    call->instance = call->patient = call->encounter = call->more_pages = "";
    check_service(call);
    if (!call->problems.count) bfl_hook_parse(call);
    if (!call->problems.count && !call->root) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    if (!call->problems.count && j->feedbacks)
        bfl_hook_read_feedback(call, j->feedbacks);
    else if (!call->problems.count)
        bfl_hook_read_request(call);
    j->forest = (bfl_fhir_forest){.trees = call->trees.items, .count = call->trees.count, .patient = call->patient};
    return BFL_OK;
}

/* Days count from the start of therapy where no date is known; a civil day has no place there. */
static bfl_status assess(job *j, const bfl_record *record, bfl_error *err) {
    const bfl_hook_call *call = &j->call;
    bfl_assess_options options = {.struct_size = sizeof options, .has_as_of = call->has_as_of, .as_of = call->as_of};
    bool relative = call->as_of.precision == BFL_DATE_RELATIVE;
    if (!record->has_calendar && !relative) options.has_as_of = false;
    return bfl_assess(record, call->hooks->rulebook, &options, &j->assessment, err);
}

/* Too many resources, or Bundles in Bundles too deep, is the request's fault. */
static bfl_status judge(job *j, bfl_error *err) {
    bfl_error why = {0};
    bfl_status status = bfl_fhir_parse_forest(&j->forest, NULL, &j->study, &why);
    for (size_t i = 0; !status && i < bfl_study_record_count(j->study); i++) {
        const bfl_record *record = bfl_study_record(j->study, i);
        if (strcmp(record->patient.id, j->forest.record) != 0)
            j->call.others = true;
        else
            status = assess(j, record, &why);
    }
    if (status == BFL_ENOMEM) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    if (status) j->call.http_status = 400;
    j->call.assessment = j->assessment;
    return BFL_OK;
}

static bfl_status answer(bfl_arena *arena, void *context, bfl_error *err) {
    (void)arena;
    (void)err;
    job *j = context;
    bfl_hook_call *call = &j->call;
    if (call->http_status && !call->problems.count)
        bfl_hook_refuse(call, call->http_status, "processing", "prefetch",
                        "the resources that were sent cannot be read");
    if (call->problems.count)
        bfl_hook_outcome_write(call);
    else if (!j->feedbacks && call->service->orders)
        bfl_hook_sign_write(call);
    else if (!j->feedbacks)
        bfl_hook_view_write(call);
    if (!call->http_status) call->http_status = 200;
    return BFL_OK;
}

static bfl_status run(job *j, bfl_hooks_response *out, bfl_error *err) {
    bfl_hooks *hooks = j->call.hooks;
    bfl_arena_reset(hooks->answer);
    bfl_status status = bfl_arena_run(hooks->answer, ask, j, err);
    if (!status && !j->call.problems.count && !j->feedbacks) status = judge(j, err);
    if (!status) status = bfl_arena_run(hooks->answer, answer, j, err);
    if (!status && j->call.root && bfl_json_cut_short(j->call.root))
        status = bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    bfl_assessment_free(j->assessment);
    bfl_study_free(j->study);
    if (status) return status;
    out->http_status = j->call.http_status;
    out->body = (bfl_text){bfl_buf_z(&j->call.out), j->call.out.size};
    out->card_count = j->call.card_count;
    return BFL_OK;
}

static bfl_status checked(const bfl_hooks *hooks, const bfl_hooks_request *request, const void *out, bfl_error *err) {
    if (!hooks || !request || !request->service || !out)
        return bfl_fail(err, BFL_EINVAL, "request", 0, "hooks, request, service and out must not be NULL");
    if (request->struct_size != sizeof *request)
        return bfl_fail(err, BFL_EINVAL, "request", 0, "struct_size is not sizeof(bfl_hooks_request)");
    return BFL_OK;
}

bfl_status bfl_hooks_call(bfl_hooks *hooks, const bfl_hooks_request *request, bfl_hooks_response *out, bfl_error *err) {
    bfl_status status = checked(hooks, request, out, err);
    if (status) return status;
    job j = {.call = {.hooks = hooks, .request = request}};
    return run(&j, out, err);
}

bfl_status bfl_hooks_feedback_read(bfl_hooks *hooks, const bfl_hooks_request *request, bfl_hooks_feedbacks *feedbacks,
                                   bfl_hooks_response *out, bfl_error *err) {
    bfl_status status = checked(hooks, request, feedbacks ? (const void *)out : NULL, err);
    if (status) return status;
    bfl_hooks_feedbacks read = {0};
    job j = {.call = {.hooks = hooks, .request = request}, .feedbacks = &read};
    status = run(&j, out, err);
    if (status) return status;
    *feedbacks = out->http_status == 200 ? read : (bfl_hooks_feedbacks){0};
    return BFL_OK;
}

static bfl_status discover(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    job *j = context;
    j->call.out.arena = arena;
    bfl_hook_discovery_write(&j->call.out, j->call.hooks->rulebook);
    return BFL_OK;
}

bfl_status bfl_hooks_discovery(bfl_hooks *hooks, bfl_hooks_response *out, bfl_error *err) {
    if (!hooks || !out) return bfl_fail(err, BFL_EINVAL, "bfl_hooks_discovery", 0, "hooks and out must not be NULL");
    job j = {.call = {.hooks = hooks}};
    bfl_arena_reset(hooks->answer);
    bfl_status status = bfl_arena_run(hooks->answer, discover, &j, err);
    if (status) return status;
    *out = (bfl_hooks_response){200, {bfl_buf_z(&j.call.out), j.call.out.size}, 0};
    return BFL_OK;
}
