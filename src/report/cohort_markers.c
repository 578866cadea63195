/* SPDX-License-Identifier: Apache-2.0 */
/* Figures of serial markers: groups side by side, and each patient alone with the flare marked. */
#include "report/cohort_figures.h"

#include <math.h>
#include <string.h>

enum { PANELS = 28 };

static const bfl_key group_keys[] = {
    [BFL_COURSE_FLARE] = {BFL_KEY_LINE, BFL_LOOK_BLUE, BFL_MARK_SQUARE, "flare"},
    [BFL_COURSE_BENEFIT] = {BFL_KEY_LINE, BFL_LOOK_GREEN, BFL_MARK_DIAMOND, "benefit without flare"},
    [BFL_COURSE_PROGRESSION] = {BFL_KEY_LINE, BFL_LOOK_RED, BFL_MARK_UP, "progression"},
    [BFL_COURSE_OTHER] = {BFL_KEY_LINE, BFL_LOOK_GREY, BFL_MARK_RIGHT, "not evaluable"}};
enum { GROUPS = sizeof group_keys / sizeof *group_keys };

/* "markers-" and the analyte in letters, digits and '-': a name of files, and unlike the others by its number if need be. */
static const char *marker_id(bfl_study_art *art, size_t index) {
    bfl_buf out = {.arena = art->arena};
    bfl_buf_add(&out, "markers-");
    for (const char *z = bfl_text_lower(art->arena, bfl_text_of(art->cohort->markers[index].analyte)); *z; z++)
        bfl_buf_addf(&out, "%c", (*z >= 'a' && *z <= 'z') || (*z >= '0' && *z <= '9') ? *z : '-');
    for (size_t i = 0; i < art->figures.count; i++)
        if (strcmp(art->figures.items[i].id, bfl_buf_z(&out)) == 0) bfl_buf_addf(&out, "-%zu", index + 1);
    return bfl_buf_z(&out);
}

/* ---- groups ---- */

static const bfl_course_time *times_of(bfl_study_art *art, const bfl_cohort_marker_time *line, size_t count) {
    bfl_course_time *times = BFL_NEW_ARRAY(art->arena, count, bfl_course_time);
    for (size_t k = 0; k < count; k++) {
        bool present = line[k].median.present && line[k].q1.present && line[k].q3.present;
        times[k] = (bfl_course_time){line[k].n, present, line[k].median.value, line[k].q1.value, line[k].q3.value};
    }
    return times;
}

/* "flare, 7 patients: 100 % on day 0, 180 % on day 28 ..." */
static const char *words_of(bfl_study_art *art, const bfl_cohort_marker *m) {
    bfl_buf out = {.arena = art->arena};
    bfl_buf_add(&out, "Medians as percent of baseline.");
    for (int g = 0; g < BFL_COURSE_GROUPS; g++) {
        if (m->patients[g] == 0) continue;
        bfl_buf_addf(&out, " %s, %s:", group_keys[g].name,
                     bfl_study_count(art->arena, m->patients[g], "patient", "patients"));
        for (size_t k = 0; k < m->time_count; k++)
            if (m->line[g][k].median.present)
                bfl_buf_addf(&out, "%s %s %% on day %d", k ? "," : "",
                             bfl_study_number(art->arena, m->line[g][k].median.value), (int)m->line[g][k].day);
        bfl_buf_add(&out, ".");
    }
    bfl_buf_add(&out, " Quartiles and numbers stand in the table markers.");
    return bfl_buf_z(&out);
}

static void marker(bfl_study_art *art, size_t index) {
    static const bfl_reference baseline = {100, "baseline"};
    const bfl_cohort_marker *m = &art->cohort->markers[index];
    bfl_course_line *lines = BFL_NEW_ARRAY(art->arena, BFL_COURSE_GROUPS, bfl_course_line);
    double *days = BFL_NEW_ARRAY(art->arena, m->time_count, double);
    size_t count = 0;
    for (int g = 0; g < BFL_COURSE_GROUPS; g++)
        if (m->patients[g])
            lines[count++] =
                (bfl_course_line){group_keys[g].name, group_keys[g].look, times_of(art, m->line[g], m->time_count)};
    for (size_t k = 0; count && k < m->time_count; k++) days[k] = m->line[BFL_COURSE_FLARE][k].day;
    bfl_caption caption = {
        .id = marker_id(art, index),
        .title = bfl_arena_printf(art->arena, "%s by course", m->name),
        .subtitle = "Median and quartiles at planned days, percent of baseline; patients with bone metastases",
        .description = words_of(art, m),
        .note = bfl_study_note(art, "")};
    bfl_courses data = {.lines = lines,
                        .count = count,
                        .days = days,
                        .day_count = m->time_count,
                        .reference = &baseline,
                        .x_axis = "Time from start of therapy",
                        .y_axis = "Percent of baseline",
                        .suffix = " %",
                        .nothing = "No patient has serial values."};
    bfl_study_add(art, caption.id, BFL_PART_MARKERS, bfl_courses_draw(art->arena, &caption, &data));
}

void bfl_study_markers(bfl_study_art *art) {
    for (size_t i = 0; i < art->cohort->marker_count; i++) marker(art, i);
}

/* ---- single patients ---- */

static const bfl_cohort_course *course_of(const bfl_cohort_patient *p, const char *analyte) {
    for (size_t i = 0; i < p->course_count; i++)
        if (strcmp(p->courses[i].analyte, analyte) == 0) return &p->courses[i];
    return NULL;
}

static size_t with_percent(const bfl_cohort_course *c) {
    size_t count = 0;
    for (size_t i = 0; c && i < c->point_count; i++) count += c->points[i].percent.present;
    return count;
}

/* ALP; where no patient has a course of it, the first marker of the study. NULL: none. */
static const char *analyte_of(const bfl_cohort *cohort) {
    for (size_t i = 0; i < cohort->patient_count; i++)
        if (with_percent(course_of(&cohort->patients[i], "ALP")) > 1) return "ALP";
    return cohort->marker_count ? cohort->markers[0].analyte : NULL;
}

enum { SEEN_FLARE, SEEN_PROGRESSION, SEEN_DEATH, SEEN_COUNT };
static const bfl_key seen_keys[] = {[SEEN_FLARE] = {BFL_KEY_MARK, BFL_LOOK_PURPLE, BFL_MARK_DIAMOND, "flare seen"},
                                    [SEEN_PROGRESSION] = {BFL_KEY_MARK, BFL_LOOK_RED, BFL_MARK_UP, "progression seen"},
                                    [SEEN_DEATH] = {BFL_KEY_MARK, BFL_LOOK_INK, BFL_MARK_CROSS, "death"}};

/* A patient and the course that is drawn. */
typedef struct drawn {
    const bfl_cohort_patient *patient;
    const bfl_cohort_course *course;
} drawn;
typedef BFL_LIST(drawn) drawn_list;

/* Patients with a course, those with a flare first. */
static drawn_list choose(bfl_study_art *art, const char *analyte) {
    const bfl_cohort *cohort = art->cohort;
    drawn_list list = {0};
    for (int g = 0; analyte && g < GROUPS; g++)
        for (size_t i = 0; i < cohort->patient_count; i++) {
            const bfl_cohort_patient *p = &cohort->patients[i];
            const bfl_cohort_course *c = course_of(p, analyte);
            if ((int)p->course_group == g && with_percent(c) > 1) *BFL_PUSH(art->arena, &list) = (drawn){p, c};
        }
    return list;
}

/* The same scales on every sheet. */
static void scales(bfl_panels *data, const drawn_list *list) {
    data->first_day = 0;
    data->last_day = 28;
    data->least = data->most = 100;
    for (size_t i = 0; i < list->count; i++)
        for (size_t k = 0; k < list->items[i].course->point_count; k++) {
            const bfl_cohort_point *point = &list->items[i].course->points[k];
            if (!point->percent.present) continue;
            data->first_day = fmin(data->first_day, point->day);
            data->last_day = fmax(data->last_day, point->day);
            data->least = fmin(data->least, point->percent.value);
            data->most = fmax(data->most, point->percent.value);
        }
    data->least = fmin(data->least * 0.95, 80);
    data->most = fmax(data->most * 1.05, 125);
}

static void see(const bfl_panels *data, bfl_small_event *events, size_t *count, bfl_maybe day, size_t key) {
    double at = day.present ? bfl_decimal_double(day.value) : -1e9;
    if (at >= data->first_day && at <= data->last_day) events[(*count)++] = (bfl_small_event){at, key};
}

static bfl_small small_of(bfl_study_art *art, const bfl_panels *data, const drawn *d) {
    const bfl_cohort_patient *p = d->patient;
    size_t points = d->course->point_count, events = 0;
    double *x = BFL_NEW_ARRAY(art->arena, points, double), *y = BFL_NEW_ARRAY(art->arena, points, double);
    bfl_small_event *seen = BFL_NEW_ARRAY(art->arena, SEEN_COUNT, bfl_small_event);
    bfl_small small = {.name = p->id,
                       .words = bfl_course_group_word(p->course_group),
                       .x = x,
                       .y = y,
                       .look = group_keys[p->course_group].look,
                       .events = seen};
    for (size_t i = 0; i < points; i++) {
        if (!d->course->points[i].percent.present) continue;
        x[small.count] = d->course->points[i].day;
        y[small.count++] = d->course->points[i].percent.value;
    }
    see(data, seen, &events, p->flare_day, SEEN_FLARE);
    see(data, seen, &events, p->progression_day, SEEN_PROGRESSION);
    see(data, seen, &events, p->death_day, SEEN_DEATH);
    small.event_count = events;
    return small;
}

static void sheet(bfl_study_art *art, const bfl_panels *all, const char *name, size_t number, size_t sheets) {
    bfl_panels data = *all;
    data.smalls += number * PANELS;
    data.count = all->count - number * PANELS;
    if (data.count > PANELS) data.count = PANELS;
    const char *which = sheets > 1 ? bfl_arena_printf(art->arena, ", sheet %zu of %zu", number + 1, sheets) : "";
    bfl_caption caption = {
        .id = bfl_arena_printf(art->arena, "patients-%zu", number + 1),
        .title = bfl_arena_printf(art->arena, "%s of single patients%s", name, which),
        .subtitle = bfl_arena_printf(art->arena, "%s with a baseline and a later value; all on the same scales",
                                     bfl_study_count(art->arena, all->count, "patient", "patients")),
        .description = bfl_arena_printf(art->arena,
                                        "%zu small drawings, one a patient: %s as percent of baseline over time, with "
                                        "flare, progression and death marked. The values stand in the data set adlb.",
                                        data.count, name),
        .note = bfl_study_note(art, data.count ? "Marks beyond the last value of anybody are not drawn." : "")};
    bfl_study_add(art, caption.id, BFL_PART_PATIENTS, bfl_panels_draw(art->arena, &caption, &data));
}

void bfl_study_patients(bfl_study_art *art) {
    const char *analyte = analyte_of(art->cohort);
    drawn_list list = choose(art, analyte);
    bfl_small *smalls = BFL_NEW_ARRAY(art->arena, list.count, bfl_small);
    bfl_panels data = {.smalls = smalls,
                       .count = list.count,
                       .lines = group_keys,
                       .line_count = GROUPS,
                       .events = seen_keys,
                       .event_count = SEEN_COUNT,
                       .reference = 100,
                       .x_axis = "Time from start of therapy",
                       .y_axis = "Percent of baseline",
                       .suffix = " %",
                       .nothing = "No patient has a baseline and a later value."};
    scales(&data, &list);
    for (size_t i = 0; i < list.count; i++) smalls[i] = small_of(art, &data, &list.items[i]);
    const char *name = list.count ? list.items[0].course->name : "Markers";
    size_t sheets = list.count ? (list.count + PANELS - 1) / PANELS : 1;
    for (size_t i = 0; i < sheets; i++) sheet(art, &data, name, i, sheets);
}
