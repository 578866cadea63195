/* SPDX-License-Identifier: Apache-2.0 */
/* The endpoints of one patient, put together; and the public face. */
#include "endpoint/course.h"

#include <string.h>

static const struct {
    const char *id, *name;
} names[BFL_ENDPOINT_COUNT] = {
    [BFL_ENDPOINT_BEST] = {"bor", "Best overall response"},
    [BFL_ENDPOINT_CONFIRMED] = {"cbor", "Confirmed best response"},
    [BFL_ENDPOINT_RESPONSE] = {"or", "Objective response"},
    [BFL_ENDPOINT_BENEFIT] = {"cb", "Clinical benefit"},
    [BFL_ENDPOINT_CONTROL] = {"dc", "Disease control"},
    [BFL_ENDPOINT_RESPONSE_TIME] = {"dor", "Duration of response"},
    [BFL_ENDPOINT_STABLE_TIME] = {"dsd", "Duration of stable disease"},
    [BFL_ENDPOINT_TO_RESPONSE] = {"ttr", "Time to response"},
    [BFL_ENDPOINT_PFS] = {"pfs", "Progression-free survival"},
    [BFL_ENDPOINT_TTP] = {"ttp", "Time to progression"},
    [BFL_ENDPOINT_OS] = {"os", "Overall survival"},
};

const char *bfl_endpoint_state_word(bfl_endpoint_state state) {
    static const char *const words[] = {"not derived", "value", "event", "censored"};
    return (size_t)state < sizeof words / sizeof *words ? words[state] : words[0];
}

const bfl_criterion_result *bfl_endpoint_criterion(const bfl_criteria *criteria, const char *id) {
    for (size_t i = 0; i < criteria->criterion_count; i++)
        if (strcmp(criteria->criteria[i].id, id) == 0) return &criteria->criteria[i];
    return NULL;
}

/* ---- responses ---- */

static void write_best(const bfl_course *c, const bfl_best *best, bool confirmed, bfl_endpoint *item) {
    bfl_reason_list reasons = {0};
    bfl_course_explain(c, best, confirmed, &reasons);
    item->reasons = reasons.items;
    item->reason_count = reasons.count;
    item->response = best->response;
    if (best->response == BFL_RESPONSE_NONE) {
        item->cause = "no assessment";
        return;
    }
    item->state = BFL_ENDPOINT_VALUE;
    item->value = bfl_response_word(best->response);
    item->has_day = true;
    item->day = c->visits[best->visit].day;
}

static void write_yes(const bfl_course *c, bfl_endpoint *item, bfl_rule_index rule, const bfl_best *basis, bool yes) {
    bool confirmed = bfl_course_policy(c, BFL_POLICY_RESPONSE_BASIS) == BASIS_CONFIRMED;
    bfl_reason_list reasons = {0};
    bfl_reason_add(c->arena, &reasons, bfl_rule_of(c->in->rulebook, rule), NULL, "%s %s",
                   confirmed ? "confirmed best response" : "best overall response", bfl_response_word(basis->response));
    if (basis->response == BFL_RESPONSE_NONE)
        item->cause = "no assessment";
    else {
        item->state = BFL_ENDPOINT_VALUE;
        item->value = yes ? "Y" : "N";
    }
    item->reasons = reasons.items;
    item->reason_count = reasons.count;
}

/* No progression at an assessment late enough. */
static bool lasting(const bfl_course *c) {
    int32_t days = bfl_course_policy(c, BFL_POLICY_CLINICAL_BENEFIT_DAYS);
    for (size_t i = 0; i < c->end; i++)
        if (bfl_response_is_controlled(c->visits[i].read) && c->visits[i].day - c->start >= days) return true;
    return false;
}

const bfl_endpoints *bfl_endpoint_derive(bfl_arena *arena, const bfl_endpoint_input *in) {
    bfl_endpoints *out = BFL_NEW(arena, bfl_endpoints);
    bfl_course *c = bfl_course_read(arena, in);
    out->criterion = in->criterion->id;
    out->criterion_name = in->criterion->name;
    out->options = *in->options;
    for (int i = 0; i < BFL_ENDPOINT_COUNT; i++)
        out->items[i] = (bfl_endpoint){.id = names[i].id, .name = names[i].name, .value = "", .cause = ""};
    bfl_best best = bfl_course_best(c, false), confirmed = bfl_course_best(c, true);
    write_best(c, &best, false, &out->items[BFL_ENDPOINT_BEST]);
    write_best(c, &confirmed, true, &out->items[BFL_ENDPOINT_CONFIRMED]);
    const bfl_best *basis = bfl_course_policy(c, BFL_POLICY_RESPONSE_BASIS) == BASIS_CONFIRMED ? &confirmed : &best;
    bool response = bfl_response_is_response(basis->response), stable = bfl_response_is_stable(basis->response);
    write_yes(c, &out->items[BFL_ENDPOINT_RESPONSE], BFL_RULE_ENDPOINT_OR, basis, response);
    write_yes(c, &out->items[BFL_ENDPOINT_BENEFIT], BFL_RULE_ENDPOINT_CB, basis, response || (stable && lasting(c)));
    write_yes(c, &out->items[BFL_ENDPOINT_CONTROL], BFL_RULE_ENDPOINT_DC, basis, response || stable);
    bfl_course_times(c, basis, out->items);
    out->visits = c->visits;
    out->visit_count = c->count;
    out->readings = c->readings.items;
    out->reading_count = c->readings.count;
    return out;
}

/* ---- best responses beside each other ---- */

static bfl_best best_of(bfl_arena *arena, const bfl_endpoint_input *in, bool confirmed, bfl_reason_list *reasons) {
    if (!in->criterion) return (bfl_best){BFL_RESPONSE_NONE, SIZE_MAX, SIZE_MAX, false};
    bfl_course *c = bfl_course_read(arena, in);
    bfl_best best = bfl_course_best(c, confirmed);
    if (reasons) bfl_course_explain(c, &best, confirmed, reasons);
    return best;
}

const bfl_best_responses *bfl_endpoint_best(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                            const bfl_criteria *criteria, const bfl_endpoint_options *options) {
    bfl_best_responses *out = BFL_NEW(arena, bfl_best_responses);
    bfl_endpoint_input in = {record, rulebook, bfl_endpoint_criterion(criteria, "recist11"), options};
    bfl_reason_list reasons = {0};
    if (criteria->visit_count == 0) return out;
    out->overall = best_of(arena, &in, false, &reasons).response;
    out->confirmed = best_of(arena, &in, true, &reasons).response;
    in.criterion = bfl_endpoint_criterion(criteria, "recist11_flare_note");
    out->flare_note = best_of(arena, &in, false, NULL).response;
    in.criterion = bfl_endpoint_criterion(criteria, "soft_tissue");
    out->soft_tissue = best_of(arena, &in, false, NULL).response;
    bfl_reason_add(arena, &reasons, bfl_rule_of(rulebook, BFL_RULE_ENDPOINT_BOR), NULL,
                   "best without confirmation %s; under the note on flare %s; outside bone %s",
                   bfl_response_word(out->overall), bfl_response_word(out->flare_note),
                   bfl_response_word(out->soft_tissue));
    out->reasons = reasons.items;
    out->reason_count = reasons.count;
    return out;
}

/* ---- the public face ---- */

/* The public object and the arena that holds everything in it. */
typedef struct holder {
    bfl_endpoints face; /* first: the public pointer is the object's */
    bfl_arena *arena;
} holder;

typedef struct request {
    const bfl_record *record;
    const bfl_rulebook *rulebook;
    const bfl_endpoint_options *options;
    holder *result;
} request;

static bfl_status body(bfl_arena *arena, void *context, bfl_error *err) {
    request *r = context;
    bfl_endpoint_options options;
    bfl_status status = BFL_OK;
    if (r->options)
        options = *r->options;
    else
        status = bfl_endpoint_options_init(r->rulebook, &options, err);
    if (status) return status;
    const char *id = options.criterion ? options.criterion : "recist11";
    const bfl_criteria *criteria = bfl_criteria_assess(arena, r->record, r->rulebook);
    bfl_endpoint_input in = {r->record, r->rulebook, bfl_endpoint_criterion(criteria, id), &options};
    if (!in.criterion) {
        bfl_buf known = {.arena = arena};
        for (size_t i = 0; i < criteria->criterion_count; i++) bfl_buf_join(&known, ", ", criteria->criteria[i].id);
        return bfl_fail(err, BFL_ENOTFOUND, "criterion", 0, "there is no criterion '%s'; there are %s", id,
                        bfl_buf_z(&known));
    }
    r->result = BFL_NEW(arena, holder);
    *r->result = (holder){*bfl_endpoint_derive(arena, &in), arena};
    return BFL_OK;
}

bfl_status bfl_endpoints_derive(const bfl_record *record, const bfl_rulebook *rulebook,
                                const bfl_endpoint_options *options, bfl_endpoints **out, bfl_error *err) {
    if (!record || !rulebook || !out)
        return bfl_fail(err, BFL_EINVAL, "bfl_endpoints_derive", 0, "record, rulebook and out are needed");
    request r = {record, rulebook, options, NULL};
    bfl_status status = bfl_arena_build(body, &r, err);
    if (!status) *out = &r.result->face;
    return status;
}

void bfl_endpoints_free(bfl_endpoints *endpoints) {
    if (endpoints) bfl_arena_free(((holder *)endpoints)->arena);
}
