/* SPDX-License-Identifier: Apache-2.0 */
/* One object on one line, schema "boneflare.evaluation/1". A number is null or {"value", "low", "high"}. */
#include "evaluate/trace.h"

enum { PLACES = 6 };

static void whole(bfl_json_writer *w, const char *key, uint64_t value) {
    bfl_json_key(w, key);
    bfl_buf_addf(w->out, "%llu", (unsigned long long)value);
}

static void real(bfl_json_writer *w, const char *key, double value) {
    bfl_json_key(w, key);
    bfl_buf_double(w->out, value, PLACES);
}

static void number(bfl_json_writer *w, const char *key, bfl_eval_number n) {
    if (!n.present) {
        bfl_json_key(w, key);
        bfl_buf_add(w->out, "null");
        return;
    }
    bfl_json_open(w, key, "{");
    real(w, "value", n.value);
    if (n.has_interval) real(w, "low", n.low);
    if (n.has_interval) real(w, "high", n.high);
    bfl_json_close(w, "}");
}

static void result(bfl_json_writer *w, const char *key, const bfl_eval_result *r) {
    bfl_json_open(w, key, "{");
    whole(w, "stop_ill", r->stop_ill);
    whole(w, "keep_ill", r->keep_ill);
    whole(w, "wait_ill", r->wait_ill);
    whole(w, "stop_well", r->stop_well);
    whole(w, "keep_well", r->keep_well);
    whole(w, "wait_well", r->wait_well);
    number(w, "wrong", r->wrong);
    number(w, "abstention", r->abstention);
    number(w, "sensitivity", r->sensitivity);
    number(w, "specificity", r->specificity);
    number(w, "ppv", r->ppv);
    number(w, "npv", r->npv);
    number(w, "days_lost", r->days_lost);
    number(w, "days_missed", r->days_missed);
    number(w, "right_soon_flare", r->right_soon[0]);
    number(w, "right_soon_progression", r->right_soon[1]);
    number(w, "days_to_right_flare", r->days_to_right[0]);
    number(w, "days_to_right_progression", r->days_to_right[1]);
    bfl_json_close(w, "}");
}

static void group(bfl_json_writer *w, const bfl_eval_group *g) {
    bfl_json_open(w, NULL, "{");
    bfl_json_text(w, "by", g->by);
    bfl_json_text(w, "name", g->name);
    whole(w, "patients", g->patients);
    whole(w, "asked", g->asked);
    whole(w, "questions", g->questions);
    whole(w, "progressions", g->progressions);
    number(w, "auc", g->auc);
    number(w, "brier", g->brier);
    number(w, "slope", g->slope);
    number(w, "intercept", g->intercept);
    bfl_json_open(w, "methods", "{");
    for (int m = 0; m < BFL_EVAL_METHOD_COUNT; m++) result(w, bfl_eval_method_word((bfl_eval_method)m), &g->results[m]);
    bfl_json_close(w, "}");
    bfl_json_close(w, "}");
}

static void bins(bfl_json_writer *w, const bfl_evaluation *e) {
    bfl_json_open(w, "reliability", "[");
    for (size_t i = 0; i < e->bin_count; i++) {
        bfl_json_open(w, NULL, "{");
        real(w, "from", e->bins[i].from);
        real(w, "to", e->bins[i].to);
        whole(w, "count", e->bins[i].count);
        whole(w, "progressions", e->bins[i].progressions);
        real(w, "expected", e->bins[i].expected);
        number(w, "observed", e->bins[i].observed);
        bfl_json_close(w, "}");
    }
    bfl_json_close(w, "]");
}

static void curve(bfl_json_writer *w, const bfl_evaluation *e) {
    bfl_json_open(w, "decision_curve", "[");
    for (size_t i = 0; i < e->curve_count; i++) {
        const bfl_eval_threshold *c = &e->curve[i];
        bfl_json_open(w, NULL, "{");
        real(w, "threshold", c->probability);
        real(w, "boneflare_probability", c->boneflare);
        real(w, "stop_all", c->stop_all);
        real(w, "stop_none", c->stop_none);
        for (int m = 0; m < BFL_EVAL_METHOD_COUNT; m++)
            real(w, bfl_eval_method_word((bfl_eval_method)m), c->methods[m]);
        bfl_json_close(w, "}");
    }
    bfl_json_close(w, "]");
}

static void ablations(bfl_json_writer *w, const bfl_evaluation *e) {
    bfl_json_open(w, "ablation", "[");
    for (size_t i = 0; i < e->ablation_count; i++) {
        bfl_json_open(w, NULL, "{");
        bfl_json_text(w, "without", e->ablations[i].group);
        number(w, "wrong", e->ablations[i].wrong);
        number(w, "abstention", e->ablations[i].abstention);
        number(w, "brier", e->ablations[i].brier);
        number(w, "auc", e->ablations[i].auc);
        bfl_json_close(w, "}");
    }
    bfl_json_close(w, "]");
}

static void definitions(bfl_json_writer *w, const bfl_evaluation *e) {
    bfl_json_open(w, "definitions", "{");
    for (size_t i = 0; i < e->definition_count; i++) bfl_json_text(w, e->definitions[i].id, e->definitions[i].text);
    bfl_json_close(w, "}");
}

void bfl_eval_write_json(bfl_buf *out, const bfl_evaluation *e) {
    bfl_json_writer w = {.out = out};
    bfl_json_open(&w, NULL, "{");
    bfl_json_text(&w, "schema", "boneflare.evaluation/1");
    bfl_json_open(&w, "rulebook", "{");
    bfl_json_text(&w, "version", e->rulebook_version);
    bfl_json_text(&w, "sha256", e->rulebook_sha256);
    bfl_json_close(&w, "}");
    whole(&w, "seed", e->seed);
    whole(&w, "patients", e->patients);
    whole(&w, "without_truth", e->without_truth);
    whole(&w, "without_question", e->without_question);
    whole(&w, "uncalibrated", e->uncalibrated);
    bfl_json_open(&w, "groups", "[");
    for (size_t i = 0; i < e->group_count; i++) group(&w, &e->groups[i]);
    bfl_json_close(&w, "]");
    bins(&w, e);
    curve(&w, e);
    ablations(&w, e);
    definitions(&w, e);
    bfl_json_close(&w, "}");
    bfl_buf_add(out, "\n");
}
