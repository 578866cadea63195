/* SPDX-License-Identifier: Apache-2.0 */
#include "report/cohort_figures.h"

#include <math.h>

void bfl_study_add(bfl_study_art *art, const char *id, bfl_study_part part, const bfl_sheet *sheet) {
    *BFL_PUSH(art->arena, &art->figures) = (bfl_study_figure){id, part, sheet};
}

const char *bfl_study_count(bfl_arena *arena, uint64_t n, const char *one, const char *many) {
    return bfl_arena_printf(arena, "%llu %s", (unsigned long long)n, n == 1 ? one : many);
}

const char *bfl_study_level(const bfl_study_art *art) {
    double percent = art->cohort->level * 100, step = fabs(percent - round(percent)) < 1e-9 ? 1 : 0.1;
    return bfl_arena_printf(art->arena, "%s %%", bfl_tick_text(art->arena, percent, step));
}

const char *bfl_study_group(const bfl_study_art *art, size_t group) {
    return group == BFL_COHORT_ALL ? "all patients" : art->cohort->groups[group].label;
}

const char *bfl_study_by(const bfl_study_art *art) {
    return bfl_arena_printf(art->arena, "by %s", bfl_say_spaced(art->arena, art->cohort->by));
}

const char *bfl_study_number(bfl_arena *arena, double value) {
    double size = fabs(value);
    return bfl_tick_text(arena, value, size >= 100 || fabs(value - round(value)) < 1e-9 ? 1 : size >= 10 ? 0.1 : 0.01);
}

const char *bfl_study_note(const bfl_study_art *art, const char *note) {
    if (!art->name[0]) return note;
    return bfl_arena_printf(art->arena, "%s%sStudy: %s", note, note[0] ? "\n" : "", art->name);
}

bfl_study_figures bfl_study_draw(bfl_arena *arena, const bfl_cohort *cohort, const bfl_rulebook *rulebook,
                                 const char *name) {
    bfl_study_art art = {.arena = arena, .cohort = cohort, .rulebook = rulebook, .name = name};
    bfl_study_responses(&art);
    bfl_study_flares(&art);
    bfl_study_markers(&art);
    bfl_study_times(&art);
    bfl_study_patients(&art);
    return art.figures;
}
