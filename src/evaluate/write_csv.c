/* SPDX-License-Identifier: Apache-2.0 */
/* A row a number: part, by, group, method, measure, value, low, high. */
#include "evaluate/trace.h"

enum { PLACES = 6 };

typedef struct table {
    bfl_buf *out;
    const char *part, *by, *group, *method;
} table;

static void begin(const table *t, const char *measure) {
    const char *cells[] = {t->part, t->by, t->group, t->method, measure};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        bfl_csv_write(t->out, bfl_text_of(cells[i]));
        bfl_buf_add(t->out, ",");
    }
}

static void whole(const table *t, const char *measure, uint64_t value) {
    begin(t, measure);
    bfl_buf_addf(t->out, "%llu,,\n", (unsigned long long)value);
}

static void real(const table *t, const char *measure, double value) {
    begin(t, measure);
    bfl_buf_double(t->out, value, PLACES);
    bfl_buf_add(t->out, ",,\n");
}

/* An empty cell is a number that cannot be computed. */
static void number(const table *t, const char *measure, bfl_eval_number n) {
    begin(t, measure);
    if (n.present) bfl_buf_double(t->out, n.value, PLACES);
    bfl_buf_add(t->out, ",");
    if (n.has_interval) bfl_buf_double(t->out, n.low, PLACES);
    bfl_buf_add(t->out, ",");
    if (n.has_interval) bfl_buf_double(t->out, n.high, PLACES);
    bfl_buf_add(t->out, "\n");
}

static void result(const table *t, const bfl_eval_result *r) {
    whole(t, "stop_ill", r->stop_ill);
    whole(t, "keep_ill", r->keep_ill);
    whole(t, "wait_ill", r->wait_ill);
    whole(t, "stop_well", r->stop_well);
    whole(t, "keep_well", r->keep_well);
    whole(t, "wait_well", r->wait_well);
    number(t, "wrong", r->wrong);
    number(t, "abstention", r->abstention);
    number(t, "sensitivity", r->sensitivity);
    number(t, "specificity", r->specificity);
    number(t, "ppv", r->ppv);
    number(t, "npv", r->npv);
    number(t, "days_lost", r->days_lost);
    number(t, "days_missed", r->days_missed);
    number(t, "right_soon_flare", r->right_soon[0]);
    number(t, "right_soon_progression", r->right_soon[1]);
    number(t, "days_to_right_flare", r->days_to_right[0]);
    number(t, "days_to_right_progression", r->days_to_right[1]);
}

static void group(bfl_buf *out, const bfl_eval_group *g) {
    table t = {out, "group", g->by, g->name, ""};
    whole(&t, "patients", g->patients);
    whole(&t, "asked", g->asked);
    whole(&t, "questions", g->questions);
    whole(&t, "progressions", g->progressions);
    number(&t, "auc", g->auc);
    number(&t, "brier", g->brier);
    number(&t, "slope", g->slope);
    number(&t, "intercept", g->intercept);
    for (int m = 0; m < BFL_EVAL_METHOD_COUNT; m++) {
        t.method = bfl_eval_method_word((bfl_eval_method)m);
        result(&t, &g->results[m]);
    }
}

static void curves(bfl_buf *out, const bfl_evaluation *e) {
    for (size_t i = 0; i < e->bin_count; i++) {
        const bfl_eval_bin *b = &e->bins[i];
        table t = {out, "reliability", "from", "", "boneflare"};
        bfl_buf from = {.arena = out->arena};
        bfl_buf_double(&from, b->from, 2);
        t.group = bfl_buf_z(&from);
        whole(&t, "count", b->count);
        real(&t, "expected", b->expected);
        number(&t, "observed", b->observed);
    }
    for (size_t i = 0; i < e->curve_count; i++) {
        const bfl_eval_threshold *c = &e->curve[i];
        bfl_buf at = {.arena = out->arena};
        bfl_buf_double(&at, c->probability, 2);
        table t = {out, "decision_curve", "threshold", bfl_buf_z(&at), ""};
        real(&t, "boneflare_probability", c->boneflare);
        real(&t, "stop_all", c->stop_all);
        real(&t, "stop_none", c->stop_none);
        for (int m = 0; m < BFL_EVAL_METHOD_COUNT; m++)
            real(&t, bfl_eval_method_word((bfl_eval_method)m), c->methods[m]);
    }
}

void bfl_eval_write_csv(bfl_buf *out, const bfl_evaluation *e) {
    bfl_buf_add(out, "part,by,group,method,measure,value,low,high\n");
    table t = {out, "set", "", "", ""};
    whole(&t, "patients", e->patients);
    whole(&t, "without_truth", e->without_truth);
    whole(&t, "without_question", e->without_question);
    whole(&t, "uncalibrated", e->uncalibrated);
    for (size_t i = 0; i < e->group_count; i++) group(out, &e->groups[i]);
    curves(out, e);
    for (size_t i = 0; i < e->ablation_count; i++) {
        const bfl_eval_ablation *a = &e->ablations[i];
        table a_table = {out, "ablation", "without", a->group, "boneflare"};
        number(&a_table, "wrong", a->wrong);
        number(&a_table, "abstention", a->abstention);
        number(&a_table, "brier", a->brier);
        number(&a_table, "auc", a->auc);
    }
}
