/* SPDX-License-Identifier: Apache-2.0 */
/* Figures of times: survival by group, cumulative incidence of flare, the landmark analysis, and the forest of hazard ratios. */
#include "report/cohort_figures.h"

#include <math.h>
#include <string.h>

enum { MOST_TICKS = 10 };

/* ---- words ---- */

static const char *interval(bfl_study_art *art, bfl_real low, bfl_real high) {
    if (!low.present && !high.present) return "no interval";
    return bfl_arena_printf(art->arena, "%s to %s",
                            low.present ? bfl_study_number(art->arena, low.value) : "not reached",
                            high.present ? bfl_study_number(art->arena, high.value) : "not reached");
}

/* "flare: 14 patients, 9 events, median 245 days (180 to 301)" */
static const char *curve_name(bfl_study_art *art, const char *group, const bfl_cohort_curve *c) {
    const char *median = c->median.present ? bfl_arena_printf(art->arena, "median %s days (%s)",
                                                              bfl_study_number(art->arena, c->median.value),
                                                              interval(art, c->median_low, c->median_high))
                                           : "median not reached";
    return bfl_arena_printf(art->arena, "%s: %s, %s, %s", group,
                            bfl_study_count(art->arena, c->patients, "patient", "patients"),
                            bfl_study_count(art->arena, c->events, "event", "events"), median);
}

static const char *test_words(bfl_study_art *art, const bfl_cohort_test *test) {
    if (test->state[0]) return bfl_arena_printf(art->arena, "No log-rank test: %s", test->state);
    return bfl_arena_printf(art->arena, "Log-rank test: chi-squared %s, %s df, p %s%s",
                            bfl_study_number(art->arena, test->statistic), bfl_study_number(art->arena, test->df),
                            test->p < 0.0001 ? "" : "= ", bfl_cohort_p(art->arena, test->p));
}

/* ---- survival ---- */

static bfl_curve falling(bfl_study_art *art, const bfl_cohort_curve *c, const char *name, bfl_look look) {
    bfl_curve_step *steps = BFL_NEW_ARRAY(art->arena, c->step_count, bfl_curve_step);
    for (size_t i = 0; i < c->step_count; i++) {
        const bfl_cohort_step *s = &c->steps[i];
        steps[i] = (bfl_curve_step){s->time,      s->survival,   s->low.present && s->high.present,
                                    s->low.value, s->high.value, s->censored > 0};
    }
    return (bfl_curve){.name = curve_name(art, name, c),
                       .look = look,
                       .steps = steps,
                       .count = c->step_count,
                       .has_median = c->median.present,
                       .median = c->median.value};
}

static double *ticks(bfl_study_art *art) {
    double *days = BFL_NEW_ARRAY(art->arena, art->cohort->risk_count, double);
    for (size_t i = 0; i < art->cohort->risk_count; i++) days[i] = art->cohort->risk_days[i];
    return days;
}

/* The curves of a figure while they are gathered. */
typedef struct gathered {
    BFL_LIST(bfl_curve) curves;
    BFL_LIST(bfl_count_row) at_risk;
    bfl_buf words;
} gathered;

static const bfl_key *line_key(bfl_study_art *art, bfl_look look, const char *name) {
    bfl_key *key = BFL_NEW(art->arena, bfl_key);
    *key = (bfl_key){BFL_KEY_LINE, look, bfl_look_mark(look), name};
    return key;
}

static void gather(bfl_study_art *art, gathered *g, const bfl_cohort_curve *c, const char *name, bfl_look look) {
    if (!c || c->state[0] || c->step_count == 0) return;
    bfl_curve *curve = BFL_PUSH(art->arena, &g->curves);
    *curve = falling(art, c, name, look);
    *BFL_PUSH(art->arena, &g->at_risk) = (bfl_count_row){name, line_key(art, look, name), c->at_risk};
    bfl_buf_addf(&g->words, "%s%s", g->words.size ? "; " : "", curve->name);
}

/* Blue first: what stands alone or first is not ink, which everybody together has. */
static bfl_look group_look(size_t group) { return bfl_look_of(group + 1); }

static void survival(bfl_study_art *art, bfl_cohort_endpoint endpoint, const char *id, const char *name,
                     const char *without) {
    const bfl_cohort *cohort = art->cohort;
    gathered g = {.words = {.arena = art->arena}};
    for (size_t i = 0; i < cohort->group_count; i++)
        gather(art, &g, bfl_cohort_curve_find(cohort, endpoint, i), cohort->groups[i].label, group_look(i));
    if (cohort->group_count < 2) {
        g = (gathered){.words = {.arena = art->arena}};
        gather(art, &g, bfl_cohort_curve_find(cohort, endpoint, BFL_COHORT_ALL), "all patients", BFL_LOOK_INK);
    }
    const char *result = test_words(art, &cohort->tests[endpoint]);
    bool divided = cohort->group_count > 1;
    bfl_caption caption = {
        .id = id,
        .title = divided ? bfl_arena_printf(art->arena, "%s %s", name, bfl_study_by(art)) : name,
        .subtitle = bfl_arena_printf(art->arena, "Kaplan-Meier, shaded: %s log-log intervals", bfl_study_level(art)),
        .description =
            bfl_arena_printf(art->arena, "%s. %s. The numbers stand in the tables survival and at_risk.",
                             g.words.size ? bfl_buf_z(&g.words) : "No curve", divided ? result : "One group"),
        .note = bfl_study_note(
            art, g.curves.count ? "Dotted: median. The intervals are those of single times; curves may hide each other."
                                : "")};
    bfl_curves data = {.curves = g.curves.items,
                       .count = g.curves.count,
                       .ticks = ticks(art),
                       .tick_count = cohort->risk_count,
                       .at_risk = g.at_risk.items,
                       .at_risk_count = g.at_risk.count,
                       .results = &result,
                       .result_count = divided,
                       .x_axis = "Time",
                       .y_axis = without,
                       .nothing = "No patient has this time."};
    bfl_study_add(art, id, BFL_PART_SURVIVAL, bfl_curves_draw(art->arena, &caption, &data));
}

static void landmark(bfl_study_art *art) {
    const bfl_cohort_landmark *l = &art->cohort->landmark;
    gathered g = {.words = {.arena = art->arena}};
    gather(art, &g, &l->with, bfl_arena_printf(art->arena, "flare by day %d", (int)l->day), BFL_LOOK_BLUE);
    gather(art, &g, &l->without, bfl_arena_printf(art->arena, "no flare by day %d", (int)l->day), BFL_LOOK_RED);
    const char *result = test_words(art, &l->test);
    bfl_caption caption = {
        .id = "landmark",
        .title =
            bfl_arena_printf(art->arena, "Progression-free survival from day %d, by flare until then", (int)l->day),
        .subtitle = bfl_arena_printf(art->arena, "Kaplan-Meier, shaded: %s log-log intervals", bfl_study_level(art)),
        .description = bfl_arena_printf(art->arena, "%s. %s.", g.words.size ? bfl_buf_z(&g.words) : "No curve", result),
        .note = bfl_study_note(art, l->words ? l->words : "")};
    bfl_curves data = {.curves = g.curves.items,
                       .count = g.curves.count,
                       .ticks = ticks(art),
                       .tick_count = art->cohort->risk_count,
                       .at_risk = g.at_risk.items,
                       .at_risk_count = g.at_risk.count,
                       .results = &result,
                       .result_count = 1,
                       .x_axis = bfl_arena_printf(art->arena, "Time from day %d", (int)l->day),
                       .y_axis = "Without progression",
                       .nothing = "No patient is at risk at the landmark."};
    bfl_study_add(art, caption.id, BFL_PART_SURVIVAL, bfl_curves_draw(art->arena, &caption, &data));
}

/* ---- cumulative incidence ---- */

static bfl_curve rising(bfl_study_art *art, const bfl_cohort_onset *o, int cause, const char *name, bfl_look look,
                        bool banded) {
    bfl_curve_step *steps = BFL_NEW_ARRAY(art->arena, o->step_count, bfl_curve_step);
    uint64_t events = 0;
    for (size_t i = 0; i < o->step_count; i++) {
        const bfl_cohort_incidence_step *s = &o->steps[i];
        steps[i] = (bfl_curve_step){.time = s->time,
                                    .value = s->incidence[cause - 1],
                                    .banded = banded && s->low[cause - 1].present && s->high[cause - 1].present,
                                    .low = s->low[cause - 1].value,
                                    .high = s->high[cause - 1].value};
        events += s->events[cause - 1];
    }
    double last = o->step_count ? o->steps[o->step_count - 1].incidence[cause - 1] : 0;
    const char *whole = bfl_arena_printf(
        art->arena, "%s: %llu of %s, %s %% at the end", name, (unsigned long long)events,
        bfl_study_count(art->arena, o->patients, "patient", "patients"), bfl_tick_text(art->arena, last * 100, 0.1));
    return (bfl_curve){.name = whole, .look = look, .steps = steps, .count = o->step_count};
}

/* Days up to the last step of any of them: incidences often end long before survival does. */
static bfl_ticks onset_ticks(bfl_study_art *art, const bfl_cohort_onset *onsets, size_t count) {
    double last = 1;
    for (size_t i = 0; i < count; i++)
        if (onsets[i].step_count) last = fmax(last, onsets[i].steps[onsets[i].step_count - 1].time);
    return bfl_ticks_time(art->arena, 0, last, MOST_TICKS, (bfl_time_unit){"days", 1});
}

/* At risk just before each tick. */
static const uint64_t *at_risk(bfl_study_art *art, const bfl_cohort_onset *o, const bfl_ticks *days) {
    uint64_t *counts = BFL_NEW_ARRAY(art->arena, days->count, uint64_t);
    for (size_t k = 0; k < days->count; k++) {
        size_t i = 0;
        while (i < o->step_count && o->steps[i].time < days->items[k]) i++;
        counts[k] = i < o->step_count ? o->steps[i].at_risk : 0;
    }
    return counts;
}

static void incidence_figure(bfl_study_art *art, const bfl_caption *caption, const bfl_curve *curves, size_t count,
                             const bfl_count_row *rows, size_t row_count, const bfl_ticks *days) {
    bfl_curves data = {.curves = curves,
                       .count = count,
                       .rising = true,
                       .ticks = days->items,
                       .tick_count = days->count,
                       .at_risk = rows,
                       .at_risk_count = row_count,
                       .x_axis = "Time from start of therapy",
                       .y_axis = "Cumulative incidence",
                       .nothing = "No patient is at risk of a flare."};
    bfl_study_add(art, caption->id, BFL_PART_FLARE, bfl_curves_draw(art->arena, caption, &data));
}

static const char *described(bfl_study_art *art, const bfl_curve *curves, size_t count) {
    bfl_buf words = {.arena = art->arena};
    for (size_t i = 0; i < count; i++) bfl_buf_addf(&words, "%s%s", i ? "; " : "", curves[i].name);
    bfl_buf_addf(&words, "%sThe numbers stand in the tables onset and onset_curve.", count ? ". " : "");
    return bfl_buf_z(&words);
}

static void incidence_of_all(bfl_study_art *art, const bfl_cohort_onset *o) {
    static const bfl_look cause_looks[] = {BFL_LOOK_BLUE, BFL_LOOK_RED, BFL_LOOK_INK};
    bfl_curve *curves = BFL_NEW_ARRAY(art->arena, BFL_CAUSES, bfl_curve);
    size_t count = 0;
    for (int cause = 1; o->step_count && cause <= BFL_CAUSES; cause++)
        curves[count++] = rising(art, o, cause, bfl_flare_cause_word((bfl_flare_cause)cause), cause_looks[cause - 1],
                                 cause == BFL_CAUSE_FLARE);
    bfl_ticks days = onset_ticks(art, o, 1);
    bfl_count_row row = {"all", NULL, at_risk(art, o, &days)};
    bfl_caption caption = {
        .id = "incidence",
        .title = "What came first: flare, progression or death",
        .subtitle = bfl_arena_printf(art->arena,
                                     "Cumulative incidence with competing risks (Aalen-Johansen); shaded: %s interval "
                                     "of flare",
                                     bfl_study_level(art)),
        .description = described(art, curves, count),
        .note = bfl_study_note(
            art, "Of patients with bone metastases at baseline, or of all when none is recorded to have any.")};
    incidence_figure(art, &caption, curves, count, &row, count ? 1 : 0, &days);
}

static void incidence_by_group(bfl_study_art *art) {
    const bfl_cohort *cohort = art->cohort;
    BFL_LIST(bfl_curve) curves = {0};
    BFL_LIST(bfl_count_row) rows = {0};
    bfl_ticks days = onset_ticks(art, cohort->onsets, cohort->onset_count);
    for (size_t i = 0; i < cohort->onset_count; i++) {
        const bfl_cohort_onset *o = &cohort->onsets[i];
        if (o->group == BFL_COHORT_ALL || o->step_count == 0) continue;
        bfl_look look = group_look(o->group);
        *BFL_PUSH(art->arena, &curves) = rising(art, o, BFL_CAUSE_FLARE, bfl_study_group(art, o->group), look, true);
        *BFL_PUSH(art->arena, &rows) =
            (bfl_count_row){bfl_study_group(art, o->group), line_key(art, look, ""), at_risk(art, o, &days)};
    }
    if (curves.count < 2) return;
    bfl_caption caption = {.id = "incidence-by",
                           .title = bfl_arena_printf(art->arena, "Flare %s", bfl_study_by(art)),
                           .subtitle = bfl_arena_printf(art->arena,
                                                        "Cumulative incidence, progression and death competing; "
                                                        "shaded: %s intervals",
                                                        bfl_study_level(art)),
                           .description = described(art, curves.items, curves.count),
                           .note = bfl_study_note(art, "")};
    incidence_figure(art, &caption, curves.items, curves.count, rows.items, rows.count, &days);
}

void bfl_study_flares(bfl_study_art *art) {
    const bfl_cohort_onset none = {.group = BFL_COHORT_ALL, .state = "", .patients = 0};
    const bfl_cohort_onset *all = &none;
    for (size_t i = 0; i < art->cohort->onset_count; i++)
        if (art->cohort->onsets[i].group == BFL_COHORT_ALL) all = &art->cohort->onsets[i];
    incidence_of_all(art, all);
    incidence_by_group(art);
}

/* ---- forest ---- */

static const char *side(bfl_study_art *art, const bfl_cohort_forest_row *row, int which) {
    return bfl_arena_printf(art->arena, "%llu/%llu", (unsigned long long)row->events[which],
                            (unsigned long long)row->patients[which]);
}

static const char *ratio(bfl_study_art *art, double value) {
    return bfl_tick_text(art->arena, value, value >= 100 ? 1 : value >= 10 ? 0.1 : 0.01);
}

static bfl_forest_row forest_row(bfl_study_art *art, const bfl_cohort_forest_row *row) {
    bool present = row->ratio.present && row->low.present && row->high.present && row->low.value > 0;
    bool total = row->level[0] == '\0';
    bfl_forest_row out = {.label = total ? "All patients" : row->level,
                          .indented = !total,
                          .total = total,
                          .counts = {side(art, row, 0), side(art, row, 1)},
                          .present = present,
                          .text = "no estimate",
                          .p = ""};
    if (!present) return out;
    double width = log(row->high.value / row->low.value);
    out.ratio = row->ratio.value;
    out.low = row->low.value;
    out.high = row->high.value;
    out.weight = width > 0 ? 1 / (width * width) : 0; /* inverse variance of the logarithm */
    out.text =
        bfl_arena_printf(art->arena, "%s (%s to %s)", ratio(art, out.ratio), ratio(art, out.low), ratio(art, out.high));
    return out;
}

/* "Sex", "EGFR" */
static const char *variable_name(bfl_study_art *art, const char *variable) {
    if (strcmp(variable, "egfr") == 0) return "EGFR";
    char *name = bfl_arena_text(art->arena, bfl_text_of(bfl_say_spaced(art->arena, variable)));
    if (name[0] >= 'a' && name[0] <= 'z') name[0] = (char)(name[0] - 'a' + 'A');
    return name;
}

/* A heading for each variable, its levels below it. */
static bfl_forest_row *forest_rows(bfl_study_art *art, size_t *count) {
    const bfl_cohort_forest *f = &art->cohort->forest;
    bfl_forest_row *rows = BFL_NEW_ARRAY(art->arena, 2 * f->row_count + 1, bfl_forest_row);
    *count = 0;
    for (size_t i = 0; i < f->row_count; i++) {
        const bfl_cohort_forest_row *row = &f->rows[i];
        bool first = row->level[0] && (i == 0 || strcmp(row->variable, f->rows[i - 1].variable) != 0);
        if (first)
            rows[(*count)++] = (bfl_forest_row){
                .label = variable_name(art, row->variable),
                .counts = {"", ""},
                .text = "",
                .p = row->interaction_p.present ? bfl_cohort_p(art->arena, row->interaction_p.value) : ""};
        rows[(*count)++] = forest_row(art, row);
    }
    return rows;
}

static void forest(bfl_study_art *art) {
    const bfl_cohort_forest *f = &art->cohort->forest;
    size_t count = 0, drawn = 0;
    bfl_forest_row *rows = forest_rows(art, &count);
    for (size_t i = 0; i < count; i++) drawn += rows[i].present;
    bool any = drawn > 0 && !f->state[0];
    bfl_caption caption = {
        .id = "forest",
        .title =
            bfl_arena_printf(art->arena, "Hazard ratios in subgroups%s%s", f->endpoint[0] ? ": " : "", f->endpoint),
        .subtitle = any ? bfl_arena_printf(art->arena, "%s against %s; events/patients; %s intervals", f->compared,
                                           f->reference, bfl_study_level(art))
                        : "",
        .description = bfl_arena_printf(art->arena,
                                        "Hazard ratios of %zu subgroups with their intervals%s%s. The numbers stand in "
                                        "the table forest.",
                                        drawn, any ? "; all patients: " : "", any ? rows[0].text : ""),
        .note = bfl_study_note(art, any ? "The area of a square goes with the inverse variance of the logarithm. "
                                          "Subgroups were not planned: read "
                                          "them as questions, not as answers."
                                        : "")};
    bfl_forest data = {.rows = rows,
                       .count = any ? count : 0,
                       .label_head = "Subgroup",
                       .counts_head = {f->reference, f->compared},
                       .text_head = bfl_arena_printf(art->arena, "Ratio (%s)", bfl_study_level(art)),
                       .p_head = "p (inter.)",
                       .axis = "Hazard ratio, logarithmic",
                       .less = bfl_arena_printf(art->arena, "better with %s", f->compared),
                       .more = bfl_arena_printf(art->arena, "worse with %s", f->compared),
                       .nothing = f->state[0] ? f->state : "No hazard ratio can be given."};
    bfl_study_add(art, caption.id, BFL_PART_SURVIVAL, bfl_forest_draw(art->arena, &caption, &data));
}

void bfl_study_times(bfl_study_art *art) {
    survival(art, BFL_COHORT_PFS, "survival-pfs", "Progression-free survival", "Without progression");
    survival(art, BFL_COHORT_OS, "survival-os", "Overall survival", "Alive");
    landmark(art);
    forest(art);
}
