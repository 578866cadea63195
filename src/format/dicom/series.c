/* SPDX-License-Identifier: Apache-2.0 */
/* Which series of a folder is read, and in what order its slices lie. */
#include "format/dicom/series.h"

#include <math.h>
#include <string.h>

static const double SAME_AXIS = 1e-3, SAME_SPACING = 1e-4, SAME_PLACE_MM = 0.01;
static const double AXIAL = 0.7; /* the normal's part along the body: less than 45 degrees off */
static const double GAP = 1.5;   /* times the median distance */
static const double EVEN = 0.1;  /* of the distance: how far a slice may be off its place */
enum { MOST_GROUP_NOTES = 10 };

typedef struct group {
    const bfl_dicom_slice *first;
    size_t count;
    bool axial;
} group;

typedef struct choosing {
    bfl_arena *arena;
    bfl_notes *notes;
    BFL_LIST(bfl_dicom_slice) slices;
    BFL_LIST(group) groups;
    size_t chosen;
} choosing;

#define NOTE(c, ...) (*BFL_PUSH((c)->arena, (c)->notes) = bfl_arena_printf((c)->arena, __VA_ARGS__))

static void note_aside(choosing *c, const size_t count[BFL_ASIDES]) {
    static const char *const WHAT[BFL_ASIDES] = {[BFL_ASIDE_NOT] = "",
                                                 [BFL_ASIDE_NOT_DICOM] = "no DICOM, or damaged",
                                                 [BFL_ASIDE_NO_IMAGE] = "without an image",
                                                 [BFL_ASIDE_OTHER_MODALITY] = "not CT",
                                                 [BFL_ASIDE_LOCALIZER] = "localizer or scout",
                                                 [BFL_ASIDE_SCREEN] = "screen or colour image",
                                                 [BFL_ASIDE_FRAMES] = "several frames, not all with a place and pixels",
                                                 [BFL_ASIDE_DEPTH] = "pixels are not of 8 or 16 bits",
                                                 [BFL_ASIDE_NO_PLACE] =
                                                     "position, orientation or pixel spacing absent or impossible",
                                                 [BFL_ASIDE_NO_RESCALE] = "no valid rescaling to HU"};
    for (int a = BFL_ASIDE_NOT + 1; a < BFL_ASIDES; a++)
        if (count[a]) NOTE(c, "%zu file%s set aside: %s", count[a], count[a] == 1 ? "" : "s", WHAT[a]);
}

static void collect(choosing *c, const bfl_dicom_source *sources, const bfl_dicom_head *heads, const bool *parsed,
                    size_t count) {
    size_t aside[BFL_ASIDES] = {0};
    for (size_t i = 0; i < count; i++) {
        bfl_dicom_slice slice = {.source = &sources[i]};
        const bfl_aside why = parsed[i] ? bfl_dicom_slice_of(&heads[i], &slice) : BFL_ASIDE_NOT_DICOM;
        aside[why]++;
        if (why == BFL_ASIDE_NOT) *BFL_PUSH(c->arena, &c->slices) = slice;
    }
    note_aside(c, aside);
}

/* Images of two people in one folder: whose scan is it? (A name alone may be spelled in two ways.) */
static bool one_patient(const choosing *c) {
    const unsigned decisive = 1U << BFL_PERSON_ID | 1U << BFL_PERSON_BIRTH | 1U << BFL_PERSON_SEX;
    bfl_scan_person known = {.has = {false}};
    for (size_t i = 0; i < c->slices.count; i++) {
        const bfl_scan_person *p = &c->slices.items[i].head->person;
        if (bfl_scan_person_compare(&known, p).other & decisive) return false;
        for (int f = 0; f < BFL_PERSON_FACTS; f++) {
            if (!p->has[f]) continue;
            known.has[f] = true;
            memcpy(known.hash[f], p->hash[f], sizeof known.hash[f]);
        }
    }
    return true;
}

static bool belongs(const bfl_dicom_slice *a, const bfl_dicom_slice *b) {
    if (strcmp(a->head->text[BFL_TAG_SERIES], b->head->text[BFL_TAG_SERIES]) != 0 || a->derived != b->derived ||
        a->head->rows != b->head->rows || a->head->columns != b->head->columns)
        return false;
    for (int i = 0; i < 2; i++) {
        if (!(fabs(a->spacing_mm[i] - b->spacing_mm[i]) <= SAME_SPACING)) return false;
        for (int x = 0; x < 3; x++)
            if (!(fabs(a->axis[i][x] - b->axis[i][x]) <= SAME_AXIS)) return false;
    }
    return true;
}

static void divide(choosing *c) {
    for (size_t i = 0; i < c->slices.count; i++) {
        bfl_dicom_slice *s = &c->slices.items[i];
        for (s->group = 0; s->group < c->groups.count; s->group++)
            if (belongs(c->groups.items[s->group].first, s)) break;
        if (s->group == c->groups.count) *BFL_PUSH(c->arena, &c->groups) = (group){s, 0, fabs(s->axis[2][2]) >= AXIAL};
        c->groups.items[s->group].count++;
    }
}

static bool better(const group *a, const group *b) {
    if (a->axial != b->axial) return a->axial;
    if (a->first->derived != b->first->derived) return b->first->derived;
    if (a->count != b->count) return a->count > b->count;
    return strcmp(a->first->head->text[BFL_TAG_SERIES], b->first->head->text[BFL_TAG_SERIES]) < 0;
}

static void note_group(choosing *c, const group *g) {
    const bfl_dicom_head *h = g->first->head;
    NOTE(c, "series set aside: %zu %s%sslice%s of %d x %d%s%s", g->count, g->first->derived ? "derived " : "",
         g->axial ? "axial " : "", g->count == 1 ? "" : "s", (int)h->columns, (int)h->rows,
         *h->text[BFL_TAG_DESCRIPTION] ? ", " : "", h->text[BFL_TAG_DESCRIPTION]);
}

static void choose(choosing *c) {
    for (size_t g = 1; g < c->groups.count; g++)
        if (better(&c->groups.items[g], &c->groups.items[c->chosen])) c->chosen = g;
    const group *chosen = &c->groups.items[c->chosen];
    if (c->groups.count > 1)
        NOTE(c, "chosen of %zu series: most axial CT slices, derived ones last; %zu slices", c->groups.count,
             chosen->count);
    size_t noted = 0;
    for (size_t g = 0; g < c->groups.count; g++) {
        if (g == c->chosen) continue;
        if (++noted <= MOST_GROUP_NOTES) note_group(c, &c->groups.items[g]);
    }
    if (noted > MOST_GROUP_NOTES) NOTE(c, "and %zu series more", noted - MOST_GROUP_NOTES);
    if (!chosen->axial) NOTE(c, "no axial series: slices of another orientation are read");
    if (chosen->first->derived) NOTE(c, "the slices are derived, not as scanned");
}

/* ---- the order of its slices ---- */

static int order(double a, double b) { return (a > b) - (a < b); }

static int by_place(const void *a, const void *b, const void *context) {
    const bfl_dicom_slice *x = a, *y = b;
    (void)context;
    int o = order(x->at_mm, y->at_mm);
    if (!o) o = order(x->acquisition, y->acquisition);
    return o ? o : order(x->instance, y->instance);
}

/* Of slices at one place the first acquisition's stays. */
static void drop_duplicates(choosing *c, bfl_dicom_series *s) {
    size_t kept = 0;
    for (size_t i = 0; i < s->count; i++) {
        if (kept && s->slices[i].at_mm - s->slices[kept - 1].at_mm < SAME_PLACE_MM) {
            bfl_dicom_slice *last = &s->slices[kept - 1];
            if (s->slices[i].acquisition < last->acquisition) *last = s->slices[i];
            continue;
        }
        s->slices[kept++] = s->slices[i];
    }
    if (kept < s->count)
        NOTE(c, "%zu duplicate slice%s dropped: another lies at the same place (the first acquisition stays)",
             s->count - kept, s->count - kept == 1 ? "" : "s");
    s->count = kept;
}

static int by_size(const void *a, const void *b, const void *context) {
    (void)context;
    return order(*(const double *)a, *(const double *)b);
}

static double median_distance(bfl_arena *arena, const bfl_dicom_series *s) {
    double *distances = BFL_NEW_ARRAY(arena, s->count, double);
    for (size_t i = 1; i < s->count; i++) distances[i - 1] = s->slices[i].at_mm - s->slices[i - 1].at_mm;
    bfl_sort(arena, distances, s->count - 1, sizeof *distances, by_size, NULL);
    return distances[(s->count - 1) / 2];
}

static void note_gaps(choosing *c, const bfl_dicom_series *s, double median) {
    size_t gaps = 0;
    double widest = 0;
    for (size_t i = 1; i < s->count; i++) {
        const double distance = s->slices[i].at_mm - s->slices[i - 1].at_mm;
        if (distance > GAP * median) gaps++, widest = fmax(widest, distance);
    }
    if (!gaps) return;
    NOTE(c, "%zu gap%s between slices, the widest %s mm where the median is %s mm", gaps, gaps == 1 ? "" : "s",
         bfl_decimal_z(c->arena, bfl_decimal_from_double(widest, 2), 2),
         bfl_decimal_z(c->arena, bfl_decimal_from_double(median, 2), 2));
}

static void space(choosing *c, bfl_dicom_series *s) {
    s->even = true;
    if (s->count < 2) {
        s->step_mm = s->slices[0].thickness_mm; /* 0 when it is not told: refused as a grid */
        NOTE(c, "only one slice");
        return;
    }
    const double median = median_distance(c->arena, s), first = s->slices[0].at_mm;
    s->step_mm = (s->slices[s->count - 1].at_mm - first) / (double)(s->count - 1);
    for (size_t i = 0; i < s->count; i++)
        if (fabs(s->slices[i].at_mm - first - (double)i * s->step_mm) > EVEN * s->step_mm) s->even = false;
    if (s->even) return;
    s->step_mm = median;
    note_gaps(c, s, median);
    NOTE(c, "distances between slices vary: resampled to %s mm",
         bfl_decimal_z(c->arena, bfl_decimal_from_double(median, 2), 2));
}

bfl_status bfl_dicom_series_choose(bfl_arena *arena, const bfl_dicom_source *sources, const bfl_dicom_head *heads,
                                   const bool *parsed, size_t count, const char *where, bfl_notes *notes,
                                   bfl_dicom_series *out, bfl_error *err) {
    choosing c = {.arena = arena, .notes = notes};
    collect(&c, sources, heads, parsed, count);
    if (!c.slices.count)
        return bfl_fail(err, BFL_EPARSE, where, 0, "no CT slice that can be read%s%s", notes->count ? ": " : "",
                        notes->count ? notes->items[notes->count - 1] : "");
    if (!one_patient(&c)) return bfl_fail(err, BFL_EPARSE, where, 0, "images of more than one patient lie together");
    divide(&c);
    choose(&c);
    *out = (bfl_dicom_series){.slices = BFL_NEW_ARRAY(arena, c.groups.items[c.chosen].count, bfl_dicom_slice)};
    for (size_t i = 0; i < c.slices.count; i++)
        if (c.slices.items[i].group == c.chosen) out->slices[out->count++] = c.slices.items[i];
    bfl_sort(arena, out->slices, out->count, sizeof *out->slices, by_place, NULL);
    drop_duplicates(&c, out);
    space(&c, out);
    return BFL_OK;
}
