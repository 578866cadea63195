/* SPDX-License-Identifier: Apache-2.0 */
/* Whose measurements make the record, and keys and baselines that are there twice. */
#include "format/sdtm/sdtm.h"

#include <string.h>

/* ---- evaluator ---- */

typedef struct reader_count {
    const char *evaluator, *evaluator_id;
    size_t rows, accepted;
} reader_count;

typedef BFL_LIST(reader_count) reader_list;

static bool same(const char *a, const char *b) { return bfl_text_equal_nocase(bfl_text_of(a), bfl_text_of(b)); }

static void count_row(const sdtm_row *w, reader_list *list) {
    const char *evaluator = bfl_sdtm_cell(w, VAR_EVAL), *id = bfl_sdtm_cell(w, VAR_EVALID);
    reader_count *r = NULL;
    for (size_t i = 0; i < list->count && !r; i++)
        if (same(list->items[i].evaluator, evaluator) && same(list->items[i].evaluator_id, id)) r = &list->items[i];
    if (!r) {
        r = BFL_PUSH(w->s->scratch, list);
        *r = (reader_count){evaluator, id, 0, 0};
    }
    r->rows++;
    r->accepted += bfl_sdtm_is(w, VAR_ACPTFL, "Y");
}

static void count_dataset(sdtm *s, const sdtm_dataset *d, reader_list *list) {
    for (size_t j = 0; j < d->lines.count; j++) {
        const sdtm_row w = {.s = s, .d = d, .line = &d->lines.items[j], .patient = ""};
        count_row(&w, list);
    }
}

static const char *kind_of(const reader_count *r) {
    const bfl_cdisc_term *term = bfl_cdisc_find("evaluator", bfl_text_of(r->evaluator));
    return term ? term->means : r->evaluator[0] ? "" : "investigator";
}

/* Without a wish: the investigator, else the adjudicator, else the accepted records, else the first reader there is. */
static sdtm_reader_choice best_of(const reader_list *list) {
    static const char *const order[] = {"investigator", "adjudicator"};
    for (size_t k = 0; k < sizeof order / sizeof *order; k++)
        for (size_t i = 0; i < list->count; i++)
            if (strcmp(kind_of(&list->items[i]), order[k]) == 0)
                return (sdtm_reader_choice){list->items[i].evaluator, NULL, false};
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].accepted) return (sdtm_reader_choice){NULL, NULL, true};
    if (!list->count) return (sdtm_reader_choice){0};
    return (sdtm_reader_choice){list->items[0].evaluator, list->items[0].evaluator_id, false};
}

static const char *words_of(bfl_arena *arena, const char *evaluator, const char *id) {
    if (!evaluator || !evaluator[0]) return "rows without an evaluator";
    const char *who = bfl_issue_quote(arena, bfl_text_of(evaluator));
    return id && id[0] ? bfl_arena_printf(arena, "%s, %s", who, bfl_issue_quote(arena, bfl_text_of(id))) : who;
}

static const char *choice_text(bfl_arena *arena, const sdtm_reader_choice *c) {
    if (c->accepted && !c->evaluator) return "the accepted records";
    return bfl_arena_printf(arena, "%s%s", words_of(arena, c->evaluator, c->evaluator_id),
                            c->accepted ? ", accepted records" : "");
}

static bool passes(const sdtm_reader_choice *c, const char *evaluator, const char *id, bool accepted) {
    if (c->evaluator && !same(c->evaluator, evaluator)) return false;
    if (c->evaluator_id && !same(c->evaluator_id, id)) return false;
    return !c->accepted || accepted;
}

bool bfl_sdtm_is_chosen(const sdtm_row *w) {
    return passes(&w->s->chosen, bfl_sdtm_cell(w, VAR_EVAL), bfl_sdtm_cell(w, VAR_EVALID),
                  bfl_sdtm_is(w, VAR_ACPTFL, "Y"));
}

static void report_others(sdtm *s, const sdtm_dataset *d) {
    reader_list list = {0};
    count_dataset(s, d, &list);
    for (size_t i = 0; i < list.count; i++) {
        const reader_count *r = &list.items[i];
        size_t used =
            passes(&s->chosen, r->evaluator, r->evaluator_id, true) ? (s->chosen.accepted ? r->accepted : r->rows) : 0;
        if (used == r->rows) continue;
        bfl_sdtm_file_issue(s, BFL_CODE_SDTM_EVALUATOR, d->file, 0, "",
                            bfl_arena_printf(s->arena, "%zu rows of %s that are not used", r->rows - used,
                                             words_of(s->arena, r->evaluator, r->evaluator_id)),
                            choice_text(s->arena, &s->chosen));
    }
}

/* "INVESTIGATOR; INDEPENDENT ASSESSOR, RADIOLOGIST 1": who there is, for a message. */
static const char *who_there_is(sdtm *s, const reader_list *list) {
    bfl_buf buf = {.arena = s->scratch};
    for (size_t i = 0; i < list->count; i++)
        bfl_buf_addf(&buf, "%s%s%s", i ? "; " : "",
                     words_of(s->scratch, list->items[i].evaluator, list->items[i].evaluator_id),
                     list->items[i].accepted ? " (some accepted)" : "");
    return bfl_buf_z(&buf);
}

static bool is_there(const sdtm_reader_choice *c, const reader_list *list) {
    for (size_t i = 0; i < list->count; i++)
        if (passes(c, list->items[i].evaluator, list->items[i].evaluator_id, list->items[i].accepted > 0)) return true;
    return list->count == 0;
}

bfl_status bfl_sdtm_choose(sdtm *s, bfl_error *err) {
    reader_list list = {0};
    for (size_t i = 0; i < s->datasets.count; i++) {
        const sdtm_dataset *d = s->datasets.items[i];
        if (d->id == SDTM_TR || d->id == SDTM_TU) count_dataset(s, d, &list);
    }
    bool asked = s->wanted.evaluator || s->wanted.evaluator_id || s->wanted.accepted;
    s->chosen = asked ? s->wanted : best_of(&list);
    if (asked && !is_there(&s->chosen, &list))
        return bfl_fail(err, BFL_ENOTFOUND, "TU and TR", 0, "no row by %s; there are: %s",
                        choice_text(s->scratch, &s->chosen), who_there_is(s, &list));
    for (size_t i = 0; i < s->datasets.count; i++) {
        const sdtm_dataset *d = s->datasets.items[i];
        if (d->id == SDTM_TR || d->id == SDTM_TU) report_others(s, d);
    }
    return BFL_OK;
}

/* ---- keys ---- */

static void check_dataset_keys(sdtm *s, const sdtm_dataset *d) {
    names seen = {.arena = s->scratch, .scratch = s->scratch};
    for (size_t j = 0; j < d->lines.count; j++) {
        sdtm_row w = {.s = s, .d = d, .line = &d->lines.items[j], .patient = ""};
        const char *seq = bfl_sdtm_cell(&w, VAR_SEQ);
        bfl_arena_reset(s->row);
        if (!seq[0]) continue;
        const char *key = bfl_arena_printf(s->row, "%s\x1f%s", bfl_sdtm_cell(&w, VAR_USUBJID), seq);
        name *n = bfl_names_add(&seen, bfl_text_of(key));
        if (!n->value) {
            n->value = &d->lines.items[j];
            continue;
        }
        const sdtm_line *first = n->value;
        w.patient = bfl_sdtm_cell(&w, VAR_USUBJID);
        bfl_sdtm_issue(
            &w, BFL_CODE_SDTM_KEY_TWICE, VAR_SEQ,
            bfl_arena_printf(s->arena, "%s, as in row %u", bfl_issue_quote(s->arena, bfl_text_of(seq)), first->line),
            "each sequence number of a subject once");
    }
}

void bfl_sdtm_check_keys(sdtm *s) {
    for (size_t i = 0; i < s->datasets.count; i++) check_dataset_keys(s, s->datasets.items[i]);
}

/* ---- baselines ---- */

static void check_dataset_baselines(sdtm *s, const sdtm_dataset *d) {
    names seen = {.arena = s->scratch, .scratch = s->scratch};
    for (size_t j = 0; j < d->lines.count; j++) {
        sdtm_row w = {.s = s, .d = d, .line = &d->lines.items[j], .patient = ""};
        bfl_arena_reset(s->row);
        if (!bfl_sdtm_is(&w, VAR_BLFL, "Y")) continue;
        const char *key = bfl_arena_printf(s->row, "%s\x1f%s\x1f%s\x1f%s\x1f%s", bfl_sdtm_cell(&w, VAR_USUBJID),
                                           bfl_sdtm_cell(&w, VAR_TESTCD), bfl_sdtm_cell(&w, VAR_LNKID),
                                           bfl_sdtm_cell(&w, VAR_EVAL), bfl_sdtm_cell(&w, VAR_EVALID));
        name *n = bfl_names_add(&seen, bfl_text_of(key));
        const sdtm_line *first = n->value;
        if (!first) {
            n->value = &d->lines.items[j];
            continue;
        }
        const sdtm_row before = {.s = s, .d = d, .line = first, .patient = ""};
        if (same(bfl_sdtm_cell(&before, VAR_DTC), bfl_sdtm_cell(&w, VAR_DTC))) continue;
        w.patient = bfl_sdtm_cell(&w, VAR_USUBJID);
        bfl_sdtm_issue(&w, BFL_CODE_SDTM_TWO_BASELINES, VAR_BLFL,
                       bfl_arena_printf(s->arena, "a second baseline on %s, the first is row %u",
                                        bfl_issue_quote(s->arena, bfl_text_of(bfl_sdtm_cell(&w, VAR_DTC))),
                                        first->line),
                       "one baseline for a subject, lesion and test");
    }
}

void bfl_sdtm_check_baselines(sdtm *s) {
    for (size_t i = 0; i < s->datasets.count; i++) check_dataset_baselines(s, s->datasets.items[i]);
}
