/* SPDX-License-Identifier: Apache-2.0 */
/* One object a patient, on one line. docs/json.md and docs/assessment.schema.json say what is in it. */
#include "report/report.h"

#include <string.h>

/* The writer, and whose record its days are of. */
typedef struct json {
    bfl_json_writer w;
    const bfl_record *record;
} json;

static void begin(json *j, const char *key) { bfl_json_key(&j->w, key); }
static void open(json *j, const char *key, const char *bracket) { bfl_json_open(&j->w, key, bracket); }
static void close(json *j, const char *bracket) { bfl_json_close(&j->w, bracket); }

static void null(json *j, const char *key) {
    begin(j, key);
    bfl_buf_add(j->w.out, "null");
}

static void text(json *j, const char *key, const char *z) { bfl_json_text(&j->w, key, z); }

/* An empty text is a fact that was not stated. */
static void text_or_null(json *j, const char *key, const char *z) {
    if (z && z[0])
        text(j, key, z);
    else
        null(j, key);
}

static void boolean(json *j, const char *key, bool value) {
    begin(j, key);
    bfl_buf_add(j->w.out, value ? "true" : "false");
}

static void whole(json *j, const char *key, long long value) {
    begin(j, key);
    bfl_buf_addf(j->w.out, "%lld", value);
}

static void number(json *j, const char *key, double value) {
    begin(j, key);
    bfl_buf_double(j->w.out, value, 3);
}

static void maybe(json *j, const char *key, bfl_maybe value) {
    if (!value.present) {
        null(j, key);
        return;
    }
    begin(j, key);
    bfl_buf_decimal(j->w.out, value.value, -1);
}

static void response(json *j, const char *key, bfl_response value) {
    if (value == BFL_RESPONSE_NONE)
        null(j, key);
    else
        text(j, key, bfl_response_word(value));
}

/* "day" and "date" of an object; INT32_MIN (a record without a dated event) is a missing day. */
static void day(json *j, int32_t value) {
    if (value == INT32_MIN) {
        null(j, "day");
        null(j, "date");
        return;
    }
    whole(j, "day", value);
    if (j->record->has_calendar)
        text(j, "date", bfl_say_date(j->w.out->arena, j->record, value));
    else
        null(j, "date");
}

static void dated(json *j, const char *key, bool present, int32_t value) {
    if (!present) {
        null(j, key);
        return;
    }
    open(j, key, "{");
    day(j, value);
    close(j, "}");
}

/* ---- reasons ---- */

static void sources(json *j, const bfl_rule *rule) {
    open(j, "source", "[");
    for (size_t i = 0; rule && i < rule->source_count; i++) text(j, NULL, rule->sources[i]);
    close(j, "]");
}

static void events(json *j, const bfl_event_ref *refs, size_t count) {
    open(j, "events", "[");
    for (size_t i = 0; i < count; i++) text(j, NULL, bfl_say_event(j->w.out->arena, j->record, refs[i]));
    close(j, "]");
}

static void rule_id(json *j, const char *key, const bfl_rule *rule) { text_or_null(j, key, rule ? rule->id : NULL); }

static void reason(json *j, const char *key, const bfl_reason *r) {
    open(j, key, "{");
    rule_id(j, "rule", r->rule);
    text(j, "finding", r->finding);
    sources(j, r->rule);
    events(j, r->events, r->event_count);
    close(j, "}");
}

static void reasons(json *j, const char *key, const bfl_reason *list, size_t count) {
    open(j, key, "[");
    for (size_t i = 0; i < count; i++) reason(j, NULL, &list[i]);
    close(j, "]");
}

/* ---- criteria ---- */

static void recist(json *j, const bfl_recist_visit *v) {
    open(j, "recist", "{");
    response(j, "target", v->target);
    response(j, "nontarget", v->nontarget);
    text(j, "new", bfl_new_lesions_word(v->new_lesions));
    response(j, "overall", v->overall);
    response(j, "overall_flare_note", v->overall_flare_note);
    maybe(j, "sum_mm", v->sum_mm);
    maybe(j, "nadir_mm", v->nadir_mm);
    maybe(j, "change_percent", v->change_percent);
    maybe(j, "nadir_change_percent", v->nadir_change_percent);
    close(j, "}");
}

/* Every criterion of the registry at one visit, so that a new one shows up without a new schema. */
static void readings(json *j, const bfl_criteria *criteria, size_t visit) {
    open(j, "readings", "[");
    for (size_t i = 0; i < criteria->criterion_count; i++) {
        const bfl_criterion_result *c = &criteria->criteria[i];
        if (visit >= c->visit_count) continue;
        open(j, NULL, "{");
        text(j, "criterion", c->id);
        text(j, "name", c->name);
        response(j, "response", c->visits[visit].response);
        text(j, "word", bfl_criterion_word(&c->visits[visit]));
        reasons(j, "reasons", c->visits[visit].reasons, c->visits[visit].reason_count);
        close(j, "}");
    }
    close(j, "]");
}

static void visits(json *j, const bfl_criteria *criteria) {
    open(j, "visits", "[");
    for (size_t i = 0; i < criteria->visit_count; i++) {
        const bfl_recist_visit *v = &criteria->visits[i];
        open(j, NULL, "{");
        day(j, v->day);
        whole(j, "first_day", v->first_day);
        boolean(j, "baseline", v->baseline);
        recist(j, v);
        response(j, "soft_tissue", v->soft_tissue);
        response(j, "mda", bfl_response_of(criteria, "mda2004", i));
        reasons(j, "reasons", v->reasons, v->reason_count);
        readings(j, criteria, i);
        close(j, "}");
    }
    close(j, "]");
}

/* The readings of RECIST share the policies of the endpoints; other criteria have a table of their own. */
static bfl_response best_reading(const bfl_criterion_result *c, const bfl_best_responses *best_of) {
    if (strcmp(c->id, "recist11") == 0) return best_of->overall;
    if (strcmp(c->id, "recist11_flare_note") == 0) return best_of->flare_note;
    if (strcmp(c->id, "soft_tissue") == 0) return best_of->soft_tissue;
    return c->best;
}

static void best(json *j, const bfl_criteria *criteria, const bfl_best_responses *best_of) {
    boolean(j, "measurable", criteria->measurable);
    response(j, "best_overall_response", best_of->overall);
    response(j, "best_overall_response_confirmed", best_of->confirmed);
    response(j, "best_flare_note", best_of->flare_note);
    response(j, "best_soft_tissue", best_of->soft_tissue);
    open(j, "best_readings", "[");
    for (size_t i = 0; i < criteria->criterion_count; i++) {
        const bfl_criterion_result *c = &criteria->criteria[i];
        bfl_response reading = best_reading(c, best_of);
        if (reading == BFL_RESPONSE_NONE) continue;
        open(j, NULL, "{");
        text(j, "criterion", c->id);
        text(j, "name", c->name);
        response(j, "response", reading);
        text(j, "word", c->best_word ? c->best_word : bfl_response_word(reading));
        close(j, "}");
    }
    close(j, "]");
    reasons(j, "best_reasons", best_of->reasons, best_of->reason_count);
    reasons(j, "conflicts", criteria->conflicts, criteria->conflict_count);
}

static void grades(json *j, const bfl_criteria *criteria) {
    open(j, "grades", "[");
    for (size_t i = 0; i < criteria->grade_count; i++) {
        const bfl_grade *g = &criteria->grades[i];
        open(j, NULL, "{");
        text(j, "analyte", g->analyte->id);
        text(j, "term", g->term);
        day(j, g->day);
        whole(j, "grade", g->grade);
        boolean(j, "baseline_abnormal", g->baseline_abnormal);
        maybe(j, "multiple", g->multiple);
        reason(j, "reason", &g->reason);
        close(j, "}");
    }
    close(j, "]");
}

static void liver(json *j, const bfl_criteria *criteria) {
    open(j, "liver", "[");
    for (size_t i = 0; i < criteria->liver_count; i++) {
        const bfl_liver_day *l = &criteria->liver[i];
        open(j, NULL, "{");
        day(j, l->day);
        maybe(j, "alt_x_uln", l->alt_x_uln);
        maybe(j, "ast_x_uln", l->ast_x_uln);
        maybe(j, "alp_x_uln", l->alp_x_uln);
        maybe(j, "bilirubin_x_uln", l->bilirubin_x_uln);
        maybe(j, "ggt_x_uln", l->ggt_x_uln);
        maybe(j, "r_value", l->r_value);
        maybe(j, "r_without_bone", l->r_without_bone);
        text(j, "pattern", bfl_liver_pattern_word(l->pattern));
        boolean(j, "entry", l->entry);
        boolean(j, "hys_law", l->hys_law);
        boolean(j, "assumed_range", l->assumed_range);
        reasons(j, "reasons", l->reasons, l->reason_count);
        close(j, "}");
    }
    close(j, "]");
}

/* ---- markers ---- */

static void point(json *j, const bfl_marker_point *p) {
    static const char *const comparators[] = {"=", "<", ">"};
    open(j, NULL, "{");
    day(j, p->day);
    begin(j, "value");
    bfl_buf_decimal(j->w.out, p->value, -1);
    text(j, "comparator", comparators[p->comparator]);
    maybe(j, "x_uln", p->x_uln);
    boolean(j, "below_range", p->below_range);
    boolean(j, "above_range", p->above_range);
    boolean(j, "derived", p->derived);
    text(j, "event", bfl_say_event(j->w.out->arena, j->record, p->event));
    close(j, "}");
}

static bool all_derived(const bfl_marker *m) {
    for (size_t i = 0; i < m->point_count; i++)
        if (!m->points[i].derived) return false;
    return m->point_count > 0;
}

/* A value with three digits that count; none beyond what a decimal holds. */
static void value(json *j, const char *key, bool present, double x) {
    begin(j, key);
    const char *digits = present ? bfl_say_digits(j->w.out->arena, x) : "-";
    bfl_buf_add(j->w.out, digits[0] == '-' ? "null" : digits);
}

static void day_number(json *j, const char *key, bool present, int32_t x) {
    if (present)
        whole(j, key, x);
    else
        null(j, key);
}

/* The shapes compared, and the next value they let expect. */
static void form(json *j, const bfl_form_fit *fit) {
    open(j, "form", "{");
    text(j, "best", bfl_form_word(fit->best));
    boolean(j, "named", fit->named);
    open(j, "probability", "{");
    for (int k = 0; k < BFL_FORM_COUNT; k++) number(j, bfl_form_word((bfl_form)k), fit->probability[k]);
    close(j, "}");
    day_number(j, "onset_day", fit->has_days, fit->onset_day);
    day_number(j, "peak_day", fit->best == BFL_FORM_RISE_FALL, fit->peak_day);
    day_number(j, "return_day", fit->best == BFL_FORM_RISE_FALL, fit->return_day);
    open(j, "next", "{");
    day(j, fit->next_day);
    value(j, "value", true, fit->next);
    value(j, "low", true, fit->next_low);
    value(j, "high", true, fit->next_high);
    value(j, "contradicted_below", fit->has_below, fit->below);
    value(j, "contradicted_above", fit->has_above, fit->above);
    close(j, "}");
    close(j, "}");
}

static void course(json *j, const bfl_assessment *a, const bfl_marker *m) {
    open(j, NULL, "{");
    text(j, "analyte", m->analyte->id);
    text(j, "name", m->analyte->name);
    text_or_null(j, "unit", m->analyte->unit_count ? m->analyte->units[0].text : NULL);
    text(j, "shape", bfl_shape_word(m->shape));
    text_or_null(j, "said", m->said);
    maybe(j, "last_x_uln", m->last_x_uln);
    maybe(j, "change_percent", m->change_percent);
    maybe(j, "last_change_percent", m->last_change_percent);
    text(j, "beyond_noise", bfl_noise_word(m->beyond_noise));
    text(j, "last_beyond_noise", bfl_noise_word(m->last_beyond_noise));
    maybe(j, "rcv_up_percent", m->rcv_up_percent);
    maybe(j, "rcv_down_percent", m->rcv_down_percent);
    maybe(j, "onset_day", m->onset_day);
    maybe(j, "peak_day", m->peak_day);
    maybe(j, "return_day", m->return_day);
    boolean(j, "own", m->own);
    boolean(j, "derived", all_derived(m));
    bfl_form_fit fit;
    if (bfl_form_shown(j->w.out->arena, a, m, &fit))
        form(j, &fit);
    else
        null(j, "form");
    open(j, "points", "[");
    for (size_t i = 0; i < m->point_count; i++) point(j, &m->points[i]);
    close(j, "]");
    reasons(j, "reasons", m->reasons, m->reason_count);
    close(j, "}");
}

static void markers(json *j, const bfl_assessment *a) {
    const bfl_markers *all = a->markers;
    open(j, "markers", "[");
    for (size_t i = 0; i < all->course_count; i++) course(j, a, &all->courses[i]);
    close(j, "]");
    open(j, "alp", "{");
    boolean(j, "raised", all->alp_raised);
    boolean(j, "bone", all->alp_bone);
    close(j, "}");
    open(j, "alp_causes", "[");
    for (size_t i = 0; i < all->cause_count; i++) {
        const bfl_alp_cause *c = &all->causes[i];
        open(j, NULL, "{");
        text(j, "cause", c->id);
        text(j, "name", c->name);
        maybe(j, "support", bfl_some(c->support));
        boolean(j, "present", c->present);
        reasons(j, "for", c->reasons_for, c->for_count);
        reasons(j, "against", c->reasons_against, c->against_count);
        close(j, "}");
    }
    close(j, "]");
}

/* ---- the bone ---- */

static void evidence(json *j, const bfl_evidence *e) {
    open(j, NULL, "{");
    text(j, "direction", bfl_direction_word(e->direction));
    rule_id(j, "rule", e->rule);
    text(j, "finding", e->finding);
    text_or_null(j, "group", e->group);
    number(j, "weight", e->log_lr);
    number(j, "weight_sd", e->log_lr_sd);
    number(j, "alone", e->raw_log_lr);
    number(j, "alone_sd", e->raw_log_lr_sd);
    number(j, "share", e->share);
    boolean(j, "veto", e->veto);
    text(j, "known", e->rule ? bfl_known_word(e->rule->known) : "expert");
    sources(j, e->rule);
    events(j, e->events, e->event_count);
    close(j, "}");
}

static void interval(json *j, const bfl_bone *b) {
    open(j, "interval", "[");
    number(j, NULL, b->low);
    number(j, NULL, b->high);
    close(j, "]");
}

static void probabilities(json *j, const bfl_bone *b) {
    static const char *const keys[] = {"p_flare", "p_progression", "p_other", "interval", "prior", "losses"};
    for (size_t i = 0; !b->question && i < sizeof keys / sizeof *keys; i++) null(j, keys[i]);
    if (!b->question) return;
    number(j, "p_flare", b->p_flare);
    number(j, "p_progression", b->p_progression);
    number(j, "p_other", b->p_other);
    interval(j, b);
    open(j, "prior", "{");
    rule_id(j, "rule", b->prior_rule);
    number(j, "p_flare", b->prior_p_flare);
    sources(j, b->prior_rule);
    whole(j, "from_therapy_day", b->onset.from_day);
    whole(j, "to_therapy_day", b->onset.to_day);
    number(j, "flare_begins", b->onset.flare);
    number(j, "progression_begins", b->onset.progression);
    close(j, "}");
    open(j, "losses", "{");
    number(j, "flare", b->losses.flare);
    number(j, "progression", b->losses.progression);
    number(j, "wait", b->losses.wait);
    close(j, "}");
}

static void hindsight(json *j, const bfl_hindsight *h) {
    if (!h->known) {
        null(j, "hindsight");
        return;
    }
    open(j, "hindsight", "{");
    day(j, h->day);
    text(j, "state", bfl_bone_state_word(h->state));
    number(j, "p_flare", h->p_flare);
    open(j, "interval", "[");
    number(j, NULL, h->low);
    number(j, NULL, h->high);
    close(j, "]");
    close(j, "}");
}

static void bone_members(json *j, const bfl_bone *b) {
    text(j, "state", bfl_bone_state_word(b->state));
    boolean(j, "question", b->question);
    day(j, b->day);
    if (b->therapy_day == INT32_MIN)
        null(j, "therapy_day");
    else
        whole(j, "therapy_day", b->therapy_day);
    probabilities(j, b);
    text(j, "because", b->because);
    open(j, "evidence", "[");
    for (size_t i = 0; i < b->evidence_count; i++) evidence(j, &b->evidence[i]);
    close(j, "]");
}

static void bone(json *j, const bfl_verdict *verdict) {
    open(j, "bone", "{");
    bone_members(j, &verdict->now);
    open(j, "history", "[");
    for (size_t i = 0; i < verdict->history_count; i++) {
        open(j, NULL, "{");
        bone_members(j, &verdict->history[i]);
        hindsight(j, &verdict->history[i].hindsight);
        close(j, "}");
    }
    close(j, "]");
    close(j, "}");
}

static void alarms(json *j, const bfl_verdict *verdict) {
    open(j, "alarms", "[");
    for (size_t i = 0; i < verdict->alarm_count; i++) {
        const bfl_alarm *a = &verdict->alarms[i];
        open(j, NULL, "{");
        rule_id(j, "rule", a->rule);
        text(j, "title", a->rule ? a->rule->title : "");
        text(j, "finding", a->finding);
        day(j, a->undated ? INT32_MIN : a->day);
        boolean(j, "urgent", a->urgent);
        sources(j, a->rule);
        events(j, a->events, a->event_count);
        close(j, "}");
    }
    close(j, "]");
}

/* ---- what next, and problems ---- */

static void step(json *j, const char *key, const bfl_step *s) {
    open(j, key, "{");
    rule_id(j, "rule", s->rule);
    text(j, "state", bfl_step_state_word(s->state));
    text(j, "action", s->action);
    text_or_null(j, "patient_action", s->patient_action);
    dated(j, "by", s->has_by, s->by_day);
    text_or_null(j, "why", s->why);
    text_or_null(j, "changes", s->changes);
    whole(j, "priority", s->priority);
    sources(j, s->rule);
    events(j, s->events, s->event_count);
    close(j, "}");
}

static void steps(json *j, const char *key, const bfl_step *list, size_t count) {
    open(j, key, "[");
    for (size_t i = 0; i < count; i++) step(j, NULL, &list[i]);
    close(j, "]");
}

static void test_answer(json *j, const char *key, const bfl_rule *finding, double chance, double p_flare,
                        bfl_bone_state state) {
    if (chance <= 0) {
        null(j, key);
        return;
    }
    open(j, key, "{");
    rule_id(j, "finding", finding);
    number(j, "chance", chance);
    number(j, "p_flare", p_flare);
    text(j, "state", bfl_bone_state_word(state));
    close(j, "}");
}

static void tests(json *j, const bfl_workup *w) {
    open(j, "tests", "[");
    for (size_t i = 0; i < w->test_count; i++) {
        const bfl_test_worth *t = &w->tests[i];
        open(j, NULL, "{");
        rule_id(j, "rule", t->rule);
        text(j, "test", t->rule->title);
        number(j, "value_days", t->value_days);
        boolean(j, "decisive", t->decisive);
        dated(j, "from", true, t->from_day);
        dated(j, "by", true, t->by_day);
        test_answer(j, "for_flare", t->if_for, t->chance_for, t->p_flare_for, t->state_for);
        test_answer(j, "against_flare", t->if_against, t->chance_against, t->p_flare_against, t->state_against);
        test_answer(j, "other", NULL, t->chance_other, t->p_flare_other, t->state_other);
        close(j, "}");
    }
    close(j, "]");
}

static void issues(json *j, const bfl_assessment *a) {
    static const char *const severities[] = {"note", "warning", "error"};
    open(j, "issues", "[");
    for (size_t i = 0; i < a->issue_count; i++) {
        const bfl_issue *issue = &a->issues[i];
        open(j, NULL, "{");
        text(j, "severity", severities[issue->severity]);
        text(j, "code", issue->code);
        text_or_null(j, "patient", issue->patient);
        text_or_null(j, "file", issue->source.file);
        if (issue->source.row)
            whole(j, "row", issue->source.row);
        else
            null(j, "row");
        text_or_null(j, "column", issue->column);
        text_or_null(j, "found", issue->found);
        text_or_null(j, "expected", issue->expected);
        text_or_null(j, "action", issue->action);
        close(j, "}");
    }
    close(j, "]");
}

/* ---- the object ---- */

static void head(json *j, const bfl_assessment *a, const bfl_report_options *options) {
    text(j, "schema", "boneflare.assessment/1");
    text(j, "boneflare", bfl_version());
    text(j, "patient", a->record->patient.id);
    open(j, "as_of", "{");
    day(j, a->as_of);
    close(j, "}");
    open(j, "rulebook", "{");
    text(j, "version", bfl_rulebook_version(a->rulebook));
    text(j, "sha256", bfl_rulebook_sha256(a->rulebook));
    close(j, "}");
    open(j, "review", "{");
    text(j, "state", bfl_review_word(options->review));
    text_or_null(j, "reviewer", options->reviewer);
    close(j, "}");
}

void bfl_json_write(bfl_buf *out, const bfl_assessment *a, const bfl_report_options *options) {
    json j = {.w = {.out = out}, .record = a->record};
    open(&j, NULL, "{");
    head(&j, a, options);
    visits(&j, a->criteria);
    best(&j, a->criteria, a->best);
    markers(&j, a);
    grades(&j, a->criteria);
    liver(&j, a->criteria);
    bone(&j, a->verdict);
    alarms(&j, a->verdict);
    steps(&j, "next", a->workup->next, a->workup->next_count);
    if (a->workup->most_useful)
        step(&j, "most_useful", a->workup->most_useful);
    else
        null(&j, "most_useful");
    tests(&j, a->workup);
    steps(&j, "pathway", a->workup->pathway, a->workup->pathway_count);
    issues(&j, a);
    close(&j, "}");
    bfl_buf_add(out, "\n");
}
