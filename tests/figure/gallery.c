/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every kind of figure with made-up numbers: gallery FOLDER writes KIND-SIZE.svg (alone) and KIND-SIZE.inline.svg (for a page).
 * Sizes: 0, 1, 9 with names that are long or hostile, 57, 500 patients. check.py looks at the files.
 */
#include "figure/figure.h"

#include <math.h>
#include <stdio.h>

static const char *folder;
static bfl_status failed = BFL_OK;
static uint64_t seed;

/* 0..1, the same on every machine. */
static double chance(void) {
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(seed >> 40) / 16777216.0;
}

static size_t one_of(size_t count) { return (size_t)(chance() * (double)count) % count; }

static const char *const hostile[] = {
    "</text><script>alert(1)</script>",
    "a \"quoted\" & 'single' <b>",
    "bevacizumab + carboplatin + paclitaxel + zoledronic acid + radiotherapy of the spine, second line, after "
    "progression",
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
    "\xE6\x82\xA3\xE8\x80\x85\xE6\x82\xA3\xE8\x80\x85\xE6\x82\xA3\xE8\x80\x85\xE6\x82\xA3\xE8\x80\x85\xE6\x82\xA3\xE8"
    "\x80\x85\xE6\x82\xA3\xE8\x80\x85",
    "bad \xFF\xC3 bytes \x01\x1B[31m \xEF\xBF\xBF \xE2\x80\xAE"
    "reversed",
    "",
    " ",
    "M\xC3\xBCller-L\xC3\xBC"
    "denscheidt \xE2\x89\xA5 \xC2\xB5g",
};
enum { HOSTILE = sizeof hostile / sizeof *hostile };

static const char *name_of(bfl_arena *arena, size_t i, bool strange) {
    return strange ? hostile[i % HOSTILE] : bfl_arena_printf(arena, "NSCLC-%03zu", i + 1);
}

static void save(bfl_arena *arena, const bfl_sheet *sheet, const char *name) {
    for (int alone = 0; alone < 2; alone++) {
        bfl_buf out = {.arena = arena};
        bfl_sheet_write(sheet, &out, alone == 1);
        const char *path = bfl_arena_printf(arena, "%s/%s%s.svg", folder, name, alone ? "" : ".inline");
        bfl_status status = bfl_file_write(path, bfl_text_of(bfl_buf_z(&out)), true, NULL);
        if (status != BFL_OK) failed = status;
    }
}

static bfl_caption caption_of(bfl_arena *arena, const char *kind, const char *title, bool strange) {
    return (bfl_caption){.id = kind,
                         .title = strange ? hostile[2] : title,
                         .subtitle = strange ? hostile[0] : "Made-up numbers of a gallery, not patients",
                         .description =
                             bfl_arena_printf(arena, "%s of made-up numbers. %s", title, strange ? hostile[5] : ""),
                         .note = strange ? hostile[3] : "A note below the figure.\nA second line of it."};
}

static const bfl_key responses[] = {{BFL_KEY_BAR, BFL_LOOK_GREEN, BFL_MARK_DIAMOND, "CR"},
                                    {BFL_KEY_BAR, BFL_LOOK_BLUE, BFL_MARK_SQUARE, "PR"},
                                    {BFL_KEY_BAR, BFL_LOOK_GREY, BFL_MARK_RIGHT, "SD"},
                                    {BFL_KEY_BAR, BFL_LOOK_RED, BFL_MARK_UP, "PD"}};
static const bfl_key flag = {BFL_KEY_MARK, BFL_LOOK_PURPLE, BFL_MARK_DIAMOND, "flare"};
static const bfl_reference limits[] = {{20, "+20 %"},
                                       {-30, "\xE2\x88\x92"
                                             "30 %"}};

static void waterfall(bfl_arena *arena, const char *size, size_t count, bool strange) {
    bfl_bar *bars = BFL_NEW_ARRAY(arena, count, bfl_bar);
    for (size_t i = 0; i < count; i++) {
        double value = chance() * 170 - 100;
        bars[i] = (bfl_bar){name_of(arena, i, strange), value > 60 ? value * 4 : value, 0, chance() < 0.25};
        bars[i].category = value <= -95 ? 0 : value <= -30 ? 1 : value < 20 ? 2 : 3;
    }
    bfl_caption caption = caption_of(arena, "waterfall", "Best change of the sum of diameters", strange);
    bfl_waterfall data = {
        bars, count, responses, 4, &flag, limits, 2, "Change from baseline", "No patient has a change."};
    save(arena, bfl_waterfall_draw(arena, &caption, &data), bfl_arena_printf(arena, "waterfall-%s", size));
}

static const bfl_key therapies[] = {{BFL_KEY_BAR, BFL_LOOK_BLUE, BFL_MARK_DOT, "first therapy"},
                                    {BFL_KEY_BAR, BFL_LOOK_OCHRE, BFL_MARK_DOT, "later therapy"}};
static const bfl_key happened[] = {{BFL_KEY_MARK, BFL_LOOK_GREEN, BFL_MARK_DOT, "response"},
                                   {BFL_KEY_MARK, BFL_LOOK_PURPLE, BFL_MARK_DIAMOND, "flare"},
                                   {BFL_KEY_MARK, BFL_LOOK_RED, BFL_MARK_UP, "progression"},
                                   {BFL_KEY_MARK, BFL_LOOK_INK, BFL_MARK_CROSS, "death"}};

static void swimmer(bfl_arena *arena, const char *size, size_t count, bool strange) {
    bfl_lane *lanes = BFL_NEW_ARRAY(arena, count, bfl_lane);
    for (size_t i = 0; i < count; i++) {
        double end = 30 + chance() * 700, change = end * (0.3 + 0.6 * chance());
        bfl_lane_part *parts = BFL_NEW_ARRAY(arena, 2, bfl_lane_part);
        parts[0] = (bfl_lane_part){0, change, 0};
        parts[1] = (bfl_lane_part){change + 10, end, 1};
        bfl_lane_event *events = BFL_NEW_ARRAY(arena, 4, bfl_lane_event);
        events[0] = (bfl_lane_event){end * 0.2, 0};
        events[1] = (bfl_lane_event){end * 0.3, 1};
        events[2] = (bfl_lane_event){change, 2};
        events[3] = (bfl_lane_event){end, 3};
        bool dead = chance() < 0.4;
        lanes[i] = (bfl_lane){name_of(arena, i, strange), parts, 2, events, dead ? 4 : 3, end, !dead};
    }
    bfl_caption caption = caption_of(arena, "swimmer", "Therapy and events", strange);
    bfl_swimmer data = {.lanes = lanes,
                        .count = count,
                        .parts = therapies,
                        .part_count = 2,
                        .events = happened,
                        .event_count = 4,
                        .going_on = "no death recorded",
                        .axis = "Time from start of therapy",
                        .nothing = "No patient has a dated event."};
    save(arena, bfl_swimmer_draw(arena, &caption, &data), bfl_arena_printf(arena, "swimmer-%s", size));
}

static const bfl_key groups[] = {{BFL_KEY_LINE_MARK, BFL_LOOK_BLUE, BFL_MARK_SQUARE, "flare"},
                                 {BFL_KEY_LINE_MARK, BFL_LOOK_GREEN, BFL_MARK_DIAMOND, "benefit"},
                                 {BFL_KEY_LINE_MARK, BFL_LOOK_RED, BFL_MARK_UP, "progression"}};

static void spider(bfl_arena *arena, const char *size, size_t count, bool strange) {
    bfl_strand *strands = BFL_NEW_ARRAY(arena, count, bfl_strand);
    for (size_t i = 0; i < count; i++) {
        size_t points = 2 + one_of(7), key = one_of(3);
        double *x = BFL_NEW_ARRAY(arena, points, double), *y = BFL_NEW_ARRAY(arena, points, double);
        for (size_t k = 1; k < points; k++) {
            x[k] = x[k - 1] + 42 + 20 * chance();
            y[k] = fmax(y[k - 1] + (key == 2 ? 60 : 30) * chance() - (key == 2 ? 10 : 22), -100);
        }
        strands[i] = (bfl_strand){name_of(arena, i, strange), x, y, points, key, key == 0 && count < 100};
    }
    bfl_caption caption = caption_of(arena, "spider", "Change of the sum of diameters over time", strange);
    bfl_spider data = {strands,   count, groups, 3, limits, 2, "Time from start of therapy", "Change from baseline",
                       "Nothing."};
    save(arena, bfl_spider_draw(arena, &caption, &data), bfl_arena_printf(arena, "spider-%s", size));
}

/* A curve of n patients, falling or rising at made-up times. */
static bfl_curve curve_of(bfl_arena *arena, const char *name, bfl_look look, size_t n, bool rising,
                          uint64_t **at_risk) {
    enum { TICKS = 7 };
    bfl_curve_step *steps = BFL_NEW_ARRAY(arena, n, bfl_curve_step);
    double value = 1, time = 0, variance = 0;
    *at_risk = BFL_NEW_ARRAY(arena, TICKS, uint64_t);
    bfl_curve curve = {.name = name, .look = look, .steps = steps, .count = n};
    for (size_t i = 0; i < n; i++) {
        double left = (double)(n - i);
        time += chance() * 1000.0 / (double)n;
        bool event = chance() < 0.65;
        if (event && left > 1) variance += 1 / (left * (left - 1));
        if (event) value *= 1 - 1 / left;
        double shown = rising ? 1 - value : value, half = 1.96 * value * sqrt(variance);
        steps[i] = (bfl_curve_step){
            time, shown, variance > 0 && value > 0, fmax(shown - half, 0), fmin(shown + half, 1), !event};
        if (!curve.has_median && !rising && value <= 0.5) curve.has_median = true, curve.median = time;
        for (size_t k = 0; k < TICKS; k++) (*at_risk)[k] += time >= 84.0 * (double)k;
    }
    return curve;
}

static void curves(bfl_arena *arena, const char *size, size_t count, bool strange, bool rising) {
    static const double ticks[] = {0, 84, 168, 252, 336, 420, 504};
    static const char *const results[] = {"Log-rank test: chi-squared 4.21, 1 df, p = 0.04"};
    bfl_curve all[3];
    bfl_count_row rows[3];
    bfl_key keys[3];
    size_t groups_drawn = count == 0 ? 0 : count == 1 ? 1 : 3;
    for (size_t i = 0; i < groups_drawn; i++) {
        uint64_t *at_risk = NULL;
        const char *name = strange ? hostile[2 + i] : groups[i].name;
        all[i] = curve_of(arena, bfl_arena_printf(arena, "%s (%zu patients, median 210 days)", name, count),
                          groups[i].look, count, rising, &at_risk);
        keys[i] = (bfl_key){BFL_KEY_LINE, groups[i].look, BFL_MARK_DOT, name};
        rows[i] = (bfl_count_row){name, &keys[i], at_risk};
    }
    bfl_caption caption =
        caption_of(arena, "curves", rising ? "Cumulative incidence" : "Progression-free survival", strange);
    bfl_curves data = {.curves = all,
                       .count = groups_drawn,
                       .rising = rising,
                       .ticks = ticks,
                       .tick_count = 7,
                       .at_risk = rows,
                       .at_risk_count = groups_drawn,
                       .results = results,
                       .result_count = 1,
                       .x_axis = "Time from start of therapy",
                       .y_axis = rising ? "Cumulative incidence" : "Without progression",
                       .nothing = "No patient has a time."};
    save(arena, bfl_curves_draw(arena, &caption, &data),
         bfl_arena_printf(arena, "%s-%s", rising ? "incidence" : "survival", size));
}

static void courses(bfl_arena *arena, const char *size, size_t count, bool strange) {
    enum { DAYS = 9 };
    static const bfl_reference baseline = {100, "baseline"};
    double days[DAYS];
    bfl_course_line lines[3];
    for (size_t i = 0; i < 3; i++) {
        bfl_course_time *times = BFL_NEW_ARRAY(arena, DAYS, bfl_course_time);
        for (size_t k = 0; k < DAYS; k++) {
            days[k] = 21.0 * (double)k;
            double middle = i == 0   ? 100 + 90 * sin((double)k / 2.6)
                            : i == 1 ? 100 - 6 * (double)k
                                     : 100 + 45 * (double)k;
            size_t n = count / (k + 1) / 3;
            times[k] = (bfl_course_time){n, n > 0, middle, middle * 0.8, middle * 1.25};
        }
        lines[i] = (bfl_course_line){strange ? hostile[i + 1] : groups[i].name, groups[i].look, times};
    }
    bfl_caption caption = caption_of(arena, "courses", "Alkaline phosphatase", strange);
    bfl_courses data = {lines, 3,           days, DAYS, &baseline, "Time from start of therapy", "Percent of baseline",
                        " %",  "No values."};
    save(arena, bfl_courses_draw(arena, &caption, &data), bfl_arena_printf(arena, "courses-%s", size));
}

static void panels(bfl_arena *arena, const char *size, size_t count, bool strange) {
    bfl_small *smalls = BFL_NEW_ARRAY(arena, count, bfl_small);
    for (size_t i = 0; i < count; i++) {
        enum { POINTS = 8 };
        double *x = BFL_NEW_ARRAY(arena, POINTS, double), *y = BFL_NEW_ARRAY(arena, POINTS, double);
        for (size_t k = 0; k < POINTS; k++) {
            x[k] = 24.0 * (double)k;
            y[k] = k ? fmin(fmax(y[k - 1] * (0.6 + chance()), 20), 900) : 100;
        }
        bfl_small_event *events = BFL_NEW_ARRAY(arena, 2, bfl_small_event);
        events[0] = (bfl_small_event){45 + 10 * chance(), 1};
        events[1] = (bfl_small_event){130 + 40 * chance(), 2};
        size_t key = one_of(3);
        smalls[i] = (bfl_small){
            name_of(arena, i, strange), groups[key].name, x, y, POINTS, groups[key].look, events, key == 0 ? 2 : 0};
    }
    bfl_caption caption = caption_of(arena, "panels", "Courses of single patients", strange);
    bfl_panels data = {smalls,
                       count,
                       groups,
                       3,
                       happened,
                       4,
                       100,
                       0,
                       170,
                       20,
                       900,
                       "Time from start of therapy",
                       "ALP, percent of baseline",
                       " %",
                       "No patient has a course."};
    save(arena, bfl_panels_draw(arena, &caption, &data), bfl_arena_printf(arena, "panels-%s", size));
}

static void forest(bfl_arena *arena, const char *size, size_t count, bool strange) {
    bfl_forest_row *rows = BFL_NEW_ARRAY(arena, count, bfl_forest_row);
    for (size_t i = 0; i < count; i++) {
        double ratio = exp(2.4 * (chance() - 0.5)), wide = exp(0.3 + 3 * chance() * chance());
        bool heading = i % 3 == 1, total = i == 0, missing = i % 7 == 6;
        rows[i] = (bfl_forest_row){.label = strange   ? hostile[i % HOSTILE]
                                            : total   ? "All patients"
                                            : heading ? "Sex"
                                                      : "female",
                                   .indented = !total && !heading,
                                   .total = total,
                                   .counts = {heading ? "" : "7/31", heading ? "" : "5/26"},
                                   .present = !heading && !missing,
                                   .ratio = ratio,
                                   .low = ratio / wide,
                                   .high = ratio * wide,
                                   .weight = 1 / (wide * wide),
                                   .text = heading   ? ""
                                           : missing ? "no events"
                                           : strange ? hostile[1]
                                                     : "0.62 (0.40 to 0.95)",
                                   .p = heading ? "0.23" : ""};
    }
    bfl_caption caption = caption_of(arena, "forest", "Hazard ratios in subgroups", strange);
    bfl_forest data = {rows,
                       count,
                       "Subgroup",
                       {"No flare", "Flare"},
                       "Hazard ratio (95 % CI)",
                       "p (inter.)",
                       "Hazard ratio, logarithmic",
                       strange ? hostile[2] : "flare better",
                       strange ? hostile[2] : "flare worse",
                       "No hazard ratio."};
    save(arena, bfl_forest_draw(arena, &caption, &data), bfl_arena_printf(arena, "forest-%s", size));
}

static bfl_status body(bfl_arena *arena, void *context, bfl_error *err) {
    static const struct {
        const char *name;
        size_t count;
        bool strange;
    } sizes[] = {{"0", 0, false}, {"1", 1, false}, {"strange", 9, true}, {"57", 57, false}, {"500", 500, false}};
    (void)context;
    (void)err;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const char *name = sizes[i].name;
        size_t count = sizes[i].count;
        seed = 20240917 + i;
        waterfall(arena, name, count, sizes[i].strange);
        swimmer(arena, name, count, sizes[i].strange);
        spider(arena, name, count, sizes[i].strange);
        curves(arena, name, count, sizes[i].strange, false);
        curves(arena, name, count, sizes[i].strange, true);
        courses(arena, name, count, sizes[i].strange);
        panels(arena, name, count > 28 ? 28 : count, sizes[i].strange);
        forest(arena, name, count > 40 ? 40 : count > 20 ? 18 : count, sizes[i].strange);
    }
    return failed;
}

int main(int argc, char **argv) {
    if (argc != 2) return 2;
    folder = argv[1];
    bfl_arena *arena = bfl_arena_new();
    bfl_status status = arena ? bfl_arena_run(arena, body, NULL, NULL) : BFL_ENOMEM;
    bfl_arena_free(arena);
    if (status != BFL_OK) printf("gallery: %s\n", bfl_status_name(status));
    return status != BFL_OK;
}
