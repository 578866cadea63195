/* SPDX-License-Identifier: Apache-2.0 */
/* Round marks in the lungs of either scan, and whether they look miliary: many, small, evenly spread. */
#include "lesion/lesion.h"

#include "lesion/output.h"

typedef struct looking {
    bfl_ct *ct;
    uint32_t threads;
} looking;

/* At the lungs of the baseline (0) or the follow-up (1). */
static void look(bfl_arena *arena, void *context, size_t scan) {
    const looking *l = context;
    bfl_ct *ct = l->ct;
    const uint32_t threads = l->threads;
    const bfl_volume *volume = scan ? ct->fixed : ct->moving;
    const bfl_rulebook *rules = ct->rulebook;
    bfl_ct_lungs out = {.litres = 0};
    bfl_arena_mark mark = bfl_arena_here(arena);
    const bfl_lungs lungs = bfl_lungs_of(arena, threads, volume);
    if ((double)lungs.litres * 1000 >= bfl_rule_double(rules, BFL_NUM_CT_LUNG_IN_VIEW__LUNG_ML)) {
        const double score = bfl_rule_double(rules, BFL_NUM_CT_LUNG_MARK__SCORE_HU);
        const bfl_dots dots = bfl_dots_of(arena, threads, volume, &lungs, (float)score);
        out.litres = (double)dots.litres;
        out.marks = dots.count;
        out.per_litre = dots.litres > 0 ? (double)dots.count / out.litres : 0;
        out.randomness = (double)dots.randomness;
        out.upper_share = (double)dots.upper_share;
        out.pleural_share = (double)dots.pleural_share;
        out.pleural_volume = (double)dots.pleural_volume;
    }
    bfl_arena_back(arena, mark);
    out.miliary = bfl_lesion_miliary(rules, &out);
    ct->lungs[scan] = out;
}

bool bfl_lesion_miliary(const bfl_rulebook *rules, const bfl_ct_lungs *l) {
    return l->litres > 0 && l->per_litre >= bfl_rule_double(rules, BFL_NUM_CT_LUNG_MILIARY__MARKS_COUNT) &&
           l->randomness >= bfl_rule_double(rules, BFL_NUM_CT_LUNG_MILIARY__RANDOMNESS_LOW_FRACTION) &&
           l->randomness <= bfl_rule_double(rules, BFL_NUM_CT_LUNG_MILIARY__RANDOMNESS_HIGH_FRACTION) &&
           l->upper_share >= bfl_rule_double(rules, BFL_NUM_CT_LUNG_MILIARY__UPPER_LOW_FRACTION) &&
           l->upper_share <= bfl_rule_double(rules, BFL_NUM_CT_LUNG_MILIARY__UPPER_HIGH_FRACTION);
}

void bfl_lesion_look_at_lungs(bfl_arena *arena, bfl_ct *ct, uint32_t threads) {
    looking l = {ct, threads};
    bfl_arena_mark mark = bfl_arena_here(arena);
    bfl_parallel_own(arena, threads, 2, look, &l);
    bfl_arena_back(arena, mark);
}

const bfl_ct_lungs *bfl_ct_lungs_of(const bfl_ct *ct, bool followup) { return &ct->lungs[followup ? 1 : 0]; }

/* ---- words ---- */

static void add_number(bfl_buf *out, const char *before, double value, int places, const char *after) {
    bfl_buf_add(out, before);
    bfl_buf_double(out, value, places);
    bfl_buf_add(out, after);
}

void bfl_lesion_lungs_text(bfl_buf *out, const bfl_ct *ct) {
    static const char *const NAMES[] = {"baseline", "follow-up"};
    for (int i = 0; i < 2; i++) {
        const bfl_ct_lungs *l = &ct->lungs[i];
        if (!(l->litres > 0)) continue;
        bfl_buf_addf(out, "lungs      %s: %zu round marks in ", NAMES[i], l->marks);
        add_number(out, "", l->litres, 1, " litres, ");
        add_number(out, "", l->per_litre, 1, " a litre");
        if (l->randomness > 0) add_number(out, ", spread ", l->randomness, 2, " of random");
        bfl_buf_add(out, l->miliary ? ": a MILIARY PATTERN\n" : ": no miliary pattern\n");
    }
}

static void lungs_json(bfl_json_writer *j, const char *key, const bfl_ct_lungs *l) {
    bfl_json_open(j, key, "{");
    bfl_json_decimal(j, "litres", bfl_decimal_from_double(l->litres, 2));
    bfl_json_decimal(j, "marks", bfl_decimal_from_double((double)l->marks, 0));
    bfl_json_decimal(j, "per_litre", bfl_decimal_from_double(l->per_litre, 1));
    bfl_json_decimal(j, "randomness", bfl_decimal_from_double(l->randomness, 2));
    bfl_json_decimal(j, "upper_share", bfl_decimal_from_double(l->upper_share, 2));
    bfl_json_decimal(j, "pleural_share", bfl_decimal_from_double(l->pleural_share, 2));
    bfl_json_decimal(j, "pleural_volume", bfl_decimal_from_double(l->pleural_volume, 2));
    bfl_json_key(j, "miliary");
    bfl_buf_add(j->out, l->miliary ? "true" : "false");
    bfl_json_close(j, "}");
}

void bfl_lesion_lungs_json(bfl_json_writer *j, const bfl_ct *ct) {
    if (!(ct->lungs[0].litres > 0) && !(ct->lungs[1].litres > 0)) return;
    bfl_json_open(j, "lungs", "{");
    if (ct->lungs[0].litres > 0) lungs_json(j, "baseline", &ct->lungs[0]);
    if (ct->lungs[1].litres > 0) lungs_json(j, "followup", &ct->lungs[1]);
    bfl_json_close(j, "}");
}
