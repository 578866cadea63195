/* SPDX-License-Identifier: Apache-2.0 */
/* The figures of a study: what the cohort holds, handed to the drawing room. No number is worked out here. */
#ifndef BFL_REPORT_COHORT_FIGURES_H
#define BFL_REPORT_COHORT_FIGURES_H

#include "cohort/cohort.h"
#include "figure/figure.h"
#include "report/report.h"

/* Where in the report a figure stands. */
typedef enum bfl_study_part {
    BFL_PART_RESPONSE,
    BFL_PART_FLARE,
    BFL_PART_MARKERS,
    BFL_PART_SURVIVAL,
    BFL_PART_PATIENTS
} bfl_study_part;

typedef struct bfl_study_figure {
    const char *id; /* name of its files, and of its ids in a page */
    bfl_study_part part;
    const bfl_sheet *sheet;
} bfl_study_figure;
typedef BFL_LIST(bfl_study_figure) bfl_study_figures;

/* What the drawers share. */
typedef struct bfl_study_art {
    bfl_arena *arena;
    const bfl_cohort *cohort;
    const bfl_rulebook *rulebook;
    const char *name; /* of the study, or "" */
    bfl_study_figures figures;
} bfl_study_art;

/* All figures, in the order of the report. */
bfl_study_figures bfl_study_draw(bfl_arena *arena, const bfl_cohort *cohort, const bfl_rulebook *rulebook,
                                 const char *name);
/* cohort_page.c: the report. */
void bfl_study_page(bfl_buf *out, const bfl_cohort *cohort, const bfl_rulebook *rulebook, const char *name);

void bfl_study_responses(bfl_study_art *art); /* cohort_response.c: waterfall, spider, swimmer */
void bfl_study_flares(bfl_study_art *art);    /* cohort_times.c: cumulative incidence, of all and by group */
void bfl_study_markers(bfl_study_art *art);   /* cohort_markers.c: courses by group */
void bfl_study_times(bfl_study_art *art);     /* cohort_times.c: survival by group, landmark, forest */
void bfl_study_patients(bfl_study_art *art);  /* cohort_markers.c: courses of single patients */

/* The notes of a figure, and below them the name of the study. */
const char *bfl_study_note(const bfl_study_art *art, const char *note);
void bfl_study_add(bfl_study_art *art, const char *id, bfl_study_part part, const bfl_sheet *sheet);
/* "57 patients", "1 patient" */
const char *bfl_study_count(bfl_arena *arena, uint64_t n, const char *one, const char *many);
/* "95 %" */
const char *bfl_study_level(const bfl_study_art *art);
/* Name of a group; "all patients" for BFL_COHORT_ALL. */
const char *bfl_study_group(const bfl_study_art *art, size_t group);
/* "by treatment" */
const char *bfl_study_by(const bfl_study_art *art);
/* A value, "7.2" or "1250", as a reader of a figure wants it. */
const char *bfl_study_number(bfl_arena *arena, double value);

#endif
