/* SPDX-License-Identifier: Apache-2.0 */
/* Everything on one axis of days: therapies, studies, lesions with their course, markers, events, and the days with news. */
#include "serve/api/api.h"
#include "serve/record/record.h"
#include "serve/server.h"

#include <string.h>

typedef struct timeline {
    serve_json *w;
    const bfl_record *r;
    const bfl_assessment *a;
} timeline;

static void put_when(const timeline *t, bfl_when when) {
    const char *date = when.known ? serve_day_date(t->w->out.pool, t->r, when.day) : NULL;
    if (when.known)
        serve_json_whole(t->w, "day", when.day);
    else
        serve_json_null(t->w, "day");
    serve_json_text(t->w, "date", date);
}

static void put_day(const timeline *t, int32_t day) { put_when(t, (bfl_when){day, day, true, true}); }

/* ---- what was known when ---- */

static void put_days(const timeline *t) {
    const bfl_verdict *v = t->a->verdict;
    serve_json_open(t->w, "days", "[");
    for (size_t i = 0; i < v->history_count; i++) {
        const bfl_bone *b = &v->history[i];
        serve_json_open(t->w, NULL, "{");
        put_day(t, b->day);
        serve_json_text(t->w, "state", bfl_bone_state_word(b->state));
        if (b->question)
            serve_json_share(t->w, "p_flare", b->p_flare);
        else
            serve_json_null(t->w, "p_flare");
        serve_json_close(t->w, "}");
    }
    serve_json_close(t->w, "]");
}

static void put_alarms(const timeline *t) {
    const bfl_verdict *v = t->a->verdict;
    serve_json_open(t->w, "alarms", "[");
    for (size_t i = 0; i < v->alarm_count; i++) {
        const bfl_alarm *alarm = &v->alarms[i];
        serve_json_open(t->w, NULL, "{");
        put_when(t, (bfl_when){alarm->day, alarm->day, !alarm->undated, true});
        serve_json_text(t->w, "text", alarm->finding);
        serve_json_text(t->w, "rule", alarm->rule->id);
        serve_json_bool(t->w, "urgent", alarm->urgent);
        serve_json_close(t->w, "}");
    }
    serve_json_close(t->w, "]");
}

static void put_sums(const timeline *t) {
    const bfl_criteria *c = t->a->criteria;
    serve_json_open(t->w, "sums", "[");
    for (size_t i = 0; i < c->visit_count; i++) {
        const bfl_recist_visit *v = &c->visits[i];
        if (!v->sum_mm.present) continue;
        serve_json_open(t->w, NULL, "{");
        put_day(t, v->day);
        serve_json_decimal(t->w, "sum_mm", v->sum_mm.value);
        serve_json_maybe(t->w, "change_percent", v->change_percent);
        serve_json_text(t->w, "overall", bfl_response_word(v->overall));
        serve_json_close(t->w, "}");
    }
    serve_json_close(t->w, "]");
}

/* Days after the start of a therapy in which a flare is usual. */
static void put_window(const timeline *t, const bfl_rulebook *rulebook) {
    const bfl_rule *rule = bfl_rulebook_find(rulebook, "flare.time.usual");
    const bfl_parameter *from = rule ? bfl_rule_parameter(rule, "from_days") : NULL;
    const bfl_parameter *to = rule ? bfl_rule_parameter(rule, "to_days") : NULL;
    if (!from || !to) {
        serve_json_null(t->w, "usual_window");
        return;
    }
    serve_json_open(t->w, "usual_window", "{");
    serve_json_decimal(t->w, "from_days", from->number);
    serve_json_decimal(t->w, "to_days", to->number);
    serve_json_text(t->w, "rule", rule->id);
    serve_json_close(t->w, "}");
}

/* ---- what was done and seen ---- */

static void put_therapies(const timeline *t) {
    serve_json_open(t->w, "therapies", "[");
    for (size_t i = 0; i < t->r->therapy_count; i++) {
        const bfl_therapy *x = &t->r->therapies[i];
        serve_json_open(t->w, NULL, "{");
        serve_json_text(t->w, "drug", x->drug);
        serve_json_text(t->w, "class", x->class_id);
        serve_json_text(t->w, "intent", bfl_intent_word(x->intent));
        serve_put_day(t->w, "start", t->r, x->start);
        serve_put_day(t->w, "stop", t->r, x->stop);
        serve_json_text(t->w, "dose", x->dose);
        serve_json_text(t->w, "reason_stopped", x->reason_stopped);
        serve_json_text(t->w, "site", x->site);
        serve_json_text(t->w, "note", x->note);
        serve_json_close(t->w, "}");
    }
    serve_json_close(t->w, "]");
}

static const char *changes_text(serve_pool *pool, unsigned changes) {
    static const char *const words[] = {
#define CHANGE_WORD(name, bit, word) [bit] = word,
        BFL_CHANGES(CHANGE_WORD)};
    serve_buf out = {.pool = pool};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (changes & 1u << i) serve_buf_printf(&out, "%s%s", out.size ? ";" : "", words[i]);
    return serve_buf_text(&out).data;
}

/* Lesions are in the order of their days: was this study told already? */
static bool study_told(const bfl_record *r, size_t i) {
    const bfl_lesion *l = &r->lesions[i];
    for (size_t k = i; k-- > 0 && r->lesions[k].when.day == l->when.day;)
        if (r->lesions[k].when.known && r->lesions[k].modality == l->modality) return true;
    return false;
}

static void put_studies(const timeline *t) {
    serve_json_open(t->w, "studies", "[");
    for (size_t i = 0; i < t->r->lesion_count; i++) {
        const bfl_lesion *l = &t->r->lesions[i];
        if (!l->when.known || study_told(t->r, i)) continue;
        serve_json_open(t->w, NULL, "{");
        put_when(t, l->when);
        serve_json_text(t->w, "modality", bfl_modality_word(l->modality));
        serve_json_close(t->w, "}");
    }
    serve_json_close(t->w, "]");
}

static void put_finding(const timeline *t, const bfl_lesion *l) {
    serve_json_open(t->w, NULL, "{");
    put_when(t, l->when);
    serve_json_text(t->w, "modality", bfl_modality_word(l->modality));
    serve_json_text(t->w, "state", bfl_lesion_state_word(l->state));
    serve_json_text(t->w, "change", changes_text(t->w->out.pool, l->changes));
    serve_json_text(t->w, "role", bfl_role_word(l->role));
    serve_json_maybe(t->w, "longest_mm", l->longest_mm);
    serve_json_maybe(t->w, "short_mm", l->short_mm);
    serve_json_maybe(t->w, "hu_mean", l->hu_mean);
    serve_json_maybe(t->w, "suv_max", l->suv_max);
    serve_json_text(t->w, "note", l->note);
    serve_json_close(t->w, "}");
}

static void put_lesions(const timeline *t) {
    const bfl_record *r = t->r;
    bool *told = SERVE_NEW_ARRAY(t->w->out.pool, r->lesion_count + 1, bool);
    serve_json_open(t->w, "lesions", "[");
    for (size_t i = 0; i < r->lesion_count; i++) {
        const bfl_lesion *l = &r->lesions[i];
        if (told[i]) continue;
        serve_json_open(t->w, NULL, "{");
        serve_json_text(t->w, "id", l->id);
        serve_json_text(t->w, "site", l->site);
        serve_json_text(t->w, "organ", bfl_organ_word(l->organ));
        serve_json_text(t->w, "role", bfl_role_word(l->role));
        serve_json_text(t->w, "matrix", bfl_matrix_word(l->matrix));
        serve_json_open(t->w, "course", "[");
        for (size_t k = i; k < r->lesion_count; k++)
            if (!told[k] && strcmp(r->lesions[k].id, l->id) == 0) {
                told[k] = true;
                put_finding(t, &r->lesions[k]);
            }
        serve_json_close(t->w, "]");
        serve_json_close(t->w, "}");
    }
    serve_json_close(t->w, "]");
}

/* ---- markers and events ---- */

static void put_point(const timeline *t, const bfl_marker_point *p) {
    static const char *const signs[] = {"", "<", ">"};
    serve_json_open(t->w, NULL, "{");
    put_day(t, p->day);
    serve_json_decimal(t->w, "value", p->value);
    serve_json_text(t->w, "comparator", signs[p->comparator]);
    serve_json_maybe(t->w, "times_uln", p->x_uln);
    serve_json_bool(t->w, "derived", p->derived);
    serve_json_close(t->w, "}");
}

static void put_labs(const timeline *t) {
    serve_json_open(t->w, "labs", "{");
    for (size_t i = 0; i < t->a->markers->course_count; i++) {
        const bfl_marker *m = &t->a->markers->courses[i];
        serve_json_open(t->w, m->analyte->id, "{");
        serve_json_text(t->w, "name", m->analyte->name);
        serve_json_text(t->w, "unit", m->analyte->unit_count ? m->analyte->units[0].text : "");
        serve_json_text(t->w, "shape", bfl_shape_word(m->shape));
        serve_json_open(t->w, "points", "[");
        for (size_t k = 0; k < m->point_count; k++) put_point(t, &m->points[k]);
        serve_json_close(t->w, "]");
        serve_json_close(t->w, "}");
    }
    serve_json_close(t->w, "}");
}

static void put_event(const timeline *t, bfl_when when, const char *kind, const char *text) {
    if (!when.known) return;
    serve_json_open(t->w, NULL, "{");
    put_when(t, when);
    serve_json_text(t->w, "kind", kind);
    serve_json_text(t->w, "text", text);
    serve_json_close(t->w, "}");
}

static void put_events(const timeline *t) {
    const bfl_record *r = t->r;
    serve_pool *pool = t->w->out.pool;
    serve_json_open(t->w, "events", "[");
    for (size_t i = 0; i < r->clinical_count; i++) {
        const bfl_clinical *c = &r->clinicals[i];
        put_event(t, c->when, "clinical", serve_pool_printf(pool, "%s: %s %s", c->item, c->value, c->unit));
    }
    for (size_t i = 0; i < r->molecular_count; i++) {
        const bfl_molecular *m = &r->moleculars[i];
        put_event(t, m->when, "molecular", serve_pool_printf(pool, "%s %s %s", m->gene, m->variant, m->result));
    }
    for (size_t i = 0; i < r->pathology_count; i++) {
        const bfl_pathology *p = &r->pathologies[i];
        put_event(t, p->when, "pathology", serve_pool_printf(pool, "%s %s: %s", p->procedure, p->site, p->result));
    }
    serve_json_close(t->w, "]");
}

static void get_timeline(serve_call *call) {
    int64_t number;
    serve_version v = {0};
    const bfl_assessment *a;
    const bfl_assess_options options = {.struct_size = sizeof options};
    if (!serve_version_query(call, &number) || !serve_version_load(call, call->keys[0], number, &v) ||
        !serve_assess(call, &v, &options, &a))
        return;
    serve_reads(call, "patient.read", v.stored->key);
    serve_json w = serve_json_in(call->pool);
    const timeline t = {&w, a->record, a};
    serve_json_open(&w, NULL, "{");
    serve_json_whole(&w, "version", v.stored->version);
    serve_json_text(&w, "day0", serve_day_date(call->pool, t.r, 0));
    put_days(&t);
    put_window(&t, call->server->rulebook);
    put_therapies(&t);
    put_studies(&t);
    put_lesions(&t);
    put_labs(&t);
    put_sums(&t);
    put_events(&t);
    put_alarms(&t);
    serve_json_close(&w, "}");
    serve_reply_json(call, 200, &w);
}

static const serve_route routes[] = {
    {"GET", "/api/v1/patients/{key}/timeline", SERVE_READER, 0, SERVE_PLAIN, get_timeline},
};
const serve_routes serve_timeline_routes = {routes, sizeof routes / sizeof *routes};
