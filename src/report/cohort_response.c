/* SPDX-License-Identifier: Apache-2.0 */
/* Waterfall, spider and swimmer of a study. */
#include "report/cohort_figures.h"
#include "rules/rules.h"

#include <math.h>

/* One look for each response, by the index of bfl_response. */
static const bfl_key response_keys[] = {
    [BFL_RESPONSE_NONE] = {BFL_KEY_BAR, BFL_LOOK_INK, BFL_MARK_DOT, "no response"},
    [BFL_RESPONSE_CR] = {BFL_KEY_BAR, BFL_LOOK_GREEN, BFL_MARK_DIAMOND, "CR"},
    [BFL_RESPONSE_PR] = {BFL_KEY_BAR, BFL_LOOK_BLUE, BFL_MARK_SQUARE, "PR"},
    [BFL_RESPONSE_SD] = {BFL_KEY_BAR, BFL_LOOK_GREY, BFL_MARK_RIGHT, "SD"},
    [BFL_RESPONSE_NON_CR_NON_PD] = {BFL_KEY_BAR, BFL_LOOK_SKY, BFL_MARK_STAR, "non-CR/non-PD"},
    [BFL_RESPONSE_PD] = {BFL_KEY_BAR, BFL_LOOK_RED, BFL_MARK_UP, "PD"},
    [BFL_RESPONSE_NE] = {BFL_KEY_BAR, BFL_LOOK_INK, BFL_MARK_DOT, "NE"},
    [BFL_RESPONSE_PD_UNCONFIRMED] = {BFL_KEY_BAR, BFL_LOOK_OCHRE, BFL_MARK_CROSS, "PD, not confirmed"}};
enum { RESPONSES = sizeof response_keys / sizeof *response_keys };

static const bfl_key flare_key = {BFL_KEY_MARK, BFL_LOOK_PURPLE, BFL_MARK_DIAMOND, "flare"};

static const char *percent_name(bfl_study_art *art, double value) {
    return bfl_arena_printf(art->arena, "%s%s %%", value > 0 ? "+" : "", bfl_study_number(art->arena, value));
}

/* The limits of partial response and progression of RECIST 1.1: lines of a waterfall, from baseline. */
static bfl_reference *limits(bfl_study_art *art) {
    bfl_reference *lines = BFL_NEW_ARRAY(art->arena, 2, bfl_reference);
    double down = -bfl_rule_double(art->rulebook, BFL_NUM_RECIST11_TARGET_PR__DECREASE_PERCENT);
    double up = bfl_rule_double(art->rulebook, BFL_NUM_RECIST11_TARGET_PD__INCREASE_PERCENT);
    lines[0] = (bfl_reference){down, percent_name(art, down)};
    lines[1] = (bfl_reference){up, percent_name(art, up)};
    return lines;
}

static const char *criterion_name(const bfl_study_art *art) {
    const bfl_cohort *c = art->cohort;
    return c->criterion_count ? c->criterion_names[c->criterion_index] : "";
}

static bfl_response best_of(const bfl_study_art *art, const bfl_cohort_patient *p) {
    return art->cohort->criterion_count ? p->best[art->cohort->criterion_index] : BFL_RESPONSE_NONE;
}

/* ---- waterfall ---- */

static const char *waterfall_words(bfl_study_art *art, const bfl_bar *bars, size_t count, const bfl_reference *lines) {
    size_t shrunk = 0, grown = 0;
    double least = 0, most = 0;
    for (size_t i = 0; i < count; i++) {
        shrunk += bars[i].value <= lines[0].value;
        grown += bars[i].value >= lines[1].value;
        least = i ? fmin(least, bars[i].value) : bars[i].value;
        most = i ? fmax(most, bars[i].value) : bars[i].value;
    }
    if (count == 0) return "No patient has a change of the sum of diameters after baseline.";
    return bfl_arena_printf(
        art->arena,
        "Bars of the best change from baseline, from %s to %s. In %zu of %zu the sum fell to %s or "
        "below, in %zu its least change was %s or above. The same values stand in the table of patients.",
        percent_name(art, most), percent_name(art, least), shrunk, count, lines[0].name, grown, lines[1].name);
}

static void waterfall(bfl_study_art *art) {
    const bfl_cohort *cohort = art->cohort;
    bfl_bar *bars = BFL_NEW_ARRAY(art->arena, cohort->patient_count, bfl_bar);
    size_t count = 0;
    for (size_t i = 0; i < cohort->patient_count; i++) {
        const bfl_cohort_patient *p = &cohort->patients[i];
        if (p->best_change_percent.present)
            bars[count++] =
                (bfl_bar){p->id, bfl_decimal_double(p->best_change_percent.value), best_of(art, p), p->is_flare};
    }
    size_t without = cohort->patient_count - count;
    bfl_reference *lines = limits(art);
    const char *note = without
                           ? bfl_arena_printf(art->arena, "Not drawn: %s without a sum of diameters after baseline.",
                                              bfl_study_count(art->arena, without, "patient", "patients"))
                           : "";
    bfl_caption caption = {.id = "waterfall",
                           .title = "Best change of the sum of diameters",
                           .subtitle = bfl_arena_printf(art->arena, "%s; colour: best overall response by %s",
                                                        bfl_study_count(art->arena, count, "patient", "patients"),
                                                        criterion_name(art)),
                           .description = waterfall_words(art, bars, count, lines),
                           .note = bfl_study_note(art, note)};
    bfl_waterfall data = {.bars = bars,
                          .count = count,
                          .keys = response_keys,
                          .key_count = RESPONSES,
                          .flag = &flare_key,
                          .references = lines,
                          .reference_count = 2,
                          .axis = "Change from baseline",
                          .nothing = "No patient has a sum of diameters after baseline."};
    bfl_study_add(art, caption.id, BFL_PART_RESPONSE, bfl_waterfall_draw(art->arena, &caption, &data));
}

/* ---- spider ---- */

static bool strand_of(bfl_study_art *art, const bfl_cohort_patient *p, bfl_strand *out) {
    double *x = BFL_NEW_ARRAY(art->arena, p->visit_count, double),
           *y = BFL_NEW_ARRAY(art->arena, p->visit_count, double);
    size_t count = 0, after = 0;
    for (size_t i = 0; i < p->visit_count; i++) {
        const bfl_cohort_visit *v = &p->visits[i];
        if (!v->baseline && !v->change_percent.present) continue;
        x[count] = v->day;
        y[count++] = v->baseline ? 0 : bfl_decimal_double(v->change_percent.value);
        after += !v->baseline;
    }
    *out = (bfl_strand){p->id, x, y, count, p->course_group, p->course_group == BFL_COURSE_FLARE};
    return after > 0;
}

static void spider(bfl_study_art *art) {
    static const bfl_key keys[] = {
        [BFL_COURSE_FLARE] = {BFL_KEY_LINE_MARK, BFL_LOOK_BLUE, BFL_MARK_SQUARE, "flare"},
        [BFL_COURSE_BENEFIT] = {BFL_KEY_LINE_MARK, BFL_LOOK_GREEN, BFL_MARK_DIAMOND, "benefit without flare"},
        [BFL_COURSE_PROGRESSION] = {BFL_KEY_LINE_MARK, BFL_LOOK_RED, BFL_MARK_UP, "progression"},
        [BFL_COURSE_OTHER] = {BFL_KEY_LINE_MARK, BFL_LOOK_GREY, BFL_MARK_RIGHT, "not evaluable"}};
    const bfl_cohort *cohort = art->cohort;
    bfl_strand *strands = BFL_NEW_ARRAY(art->arena, cohort->patient_count, bfl_strand);
    size_t count = 0;
    for (size_t i = 0; i < cohort->patient_count; i++) count += strand_of(art, &cohort->patients[i], &strands[count]);
    bfl_caption caption = {
        .id = "spider",
        .title = "Change of the sum of diameters over time",
        .subtitle = bfl_arena_printf(art->arena, "%s with a sum after baseline; a line ends at the last",
                                     bfl_study_count(art->arena, count, "patient", "patients")),
        .description =
            bfl_arena_printf(art->arena,
                             "A line for each of %zu patients: percent change of the sum of diameters from baseline "
                             "at each visit, patients with a flare drawn thicker. The same values stand in the "
                             "data set adtr.",
                             count),
        .note = bfl_study_note(art, "")};
    bfl_spider data = {.strands = strands,
                       .count = count,
                       .keys = keys,
                       .key_count = sizeof keys / sizeof *keys,
                       .references = limits(art),
                       .reference_count = 2,
                       .x_axis = "Time from start of therapy",
                       .y_axis = "Change from baseline",
                       .nothing = "No patient has a sum of diameters after baseline."};
    bfl_study_add(art, caption.id, BFL_PART_RESPONSE, bfl_spider_draw(art->arena, &caption, &data));
}

/* ---- swimmer ---- */

enum { HAPPENED_RESPONSE, HAPPENED_FLARE, HAPPENED_PROGRESSION, HAPPENED_DEATH, HAPPENED_COUNT };
static const bfl_key happened[] = {[HAPPENED_RESPONSE] = {BFL_KEY_MARK, BFL_LOOK_GREEN, BFL_MARK_DOT, "first response"},
                                   [HAPPENED_FLARE] = {BFL_KEY_MARK, BFL_LOOK_PURPLE, BFL_MARK_DIAMOND, "flare"},
                                   [HAPPENED_PROGRESSION] = {BFL_KEY_MARK, BFL_LOOK_RED, BFL_MARK_UP, "progression"},
                                   [HAPPENED_DEATH] = {BFL_KEY_MARK, BFL_LOOK_INK, BFL_MARK_CROSS, "death"}};
static const bfl_key therapies[] = {{BFL_KEY_BAR, BFL_LOOK_BLUE, BFL_MARK_SQUARE, "therapy of the study"},
                                    {BFL_KEY_BAR, BFL_LOOK_OCHRE, BFL_MARK_CROSS, "other therapy"}};

static bfl_maybe first_response(const bfl_study_art *art, const bfl_cohort_patient *p) {
    for (size_t i = 0; art->cohort->criterion_count && i < p->visit_count; i++) {
        bfl_response said = p->visits[i].responses[art->cohort->criterion_index];
        if (said == BFL_RESPONSE_CR || said == BFL_RESPONSE_PR) return bfl_some(bfl_decimal_of(p->visits[i].day));
    }
    return (bfl_maybe){0};
}

static void mark(bfl_lane_event *events, size_t *count, bfl_maybe day, size_t key) {
    if (day.present) events[(*count)++] = (bfl_lane_event){bfl_decimal_double(day.value), key};
}

static bool lane_of(bfl_study_art *art, const bfl_cohort_patient *p, bfl_lane *out) {
    bfl_lane_part *parts = BFL_NEW_ARRAY(art->arena, p->therapy_count, bfl_lane_part);
    bfl_lane_event *events = BFL_NEW_ARRAY(art->arena, HAPPENED_COUNT, bfl_lane_event);
    double end = fmax(p->last_day, 0);
    size_t count = 0;
    for (size_t i = 0; i < p->therapy_count; i++) {
        const bfl_cohort_therapy *t = &p->therapies[i];
        parts[i] = (bfl_lane_part){t->start, t->stop, t->index ? 0 : 1};
        end = fmax(end, t->stop);
    }
    mark(events, &count, first_response(art, p), HAPPENED_RESPONSE);
    mark(events, &count, p->flare_day, HAPPENED_FLARE);
    mark(events, &count, p->progression_day, HAPPENED_PROGRESSION);
    mark(events, &count, p->death_day, HAPPENED_DEATH);
    for (size_t i = 0; i < count; i++) end = fmax(end, events[i].at);
    *out = (bfl_lane){p->id, parts, p->therapy_count, events, count, end, !p->death_day.present};
    return p->therapy_count || count || end > 0;
}

static void swimmer(bfl_study_art *art) {
    const bfl_cohort *cohort = art->cohort;
    bfl_lane *lanes = BFL_NEW_ARRAY(art->arena, cohort->patient_count, bfl_lane);
    size_t count = 0;
    for (size_t i = 0; i < cohort->patient_count; i++) count += lane_of(art, &cohort->patients[i], &lanes[count]);
    bfl_caption caption = {
        .id = "swimmer",
        .title = "Therapy and events of each patient",
        .subtitle = bfl_arena_printf(art->arena, "%s, the longest record at the top; response and progression by %s",
                                     bfl_study_count(art->arena, count, "patient", "patients"), criterion_name(art)),
        .description =
            bfl_arena_printf(art->arena,
                             "A lane for each of %zu patients: bars of therapy over time, with first response, flare, "
                             "progression and death marked. The same days stand in the table of patients.",
                             count),
        .note = bfl_study_note(art, count ? "Marks of the same day stand side by side, the first on its day." : "")};
    bfl_swimmer data = {.lanes = lanes,
                        .count = count,
                        .parts = therapies,
                        .part_count = sizeof therapies / sizeof *therapies,
                        .events = happened,
                        .event_count = HAPPENED_COUNT,
                        .going_on = "no death recorded",
                        .axis = "Time from start of therapy",
                        .nothing = "No patient has a dated therapy or event."};
    bfl_study_add(art, caption.id, BFL_PART_RESPONSE, bfl_swimmer_draw(art->arena, &caption, &data));
}

void bfl_study_responses(bfl_study_art *art) {
    waterfall(art);
    spider(art);
    swimmer(art);
}
