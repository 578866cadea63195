/* SPDX-License-Identifier: Apache-2.0 */
#include "image/mark.h"
#include "image/phantom.h"

#include "bones.h"

static bfl_grid grid_of(void) {
    return bfl_grid_upright((int32_t[3]){140, 112, 74}, (double[3]){1.4, 1.4, 2}, (double[3]){0, 0, 0});
}

typedef struct trial {
    uint32_t wanted;
    float radius_mm, change_hu; /* of all lesions; 0: drawn */
    float least_in_bone;
    size_t inserted, found, inserted_large, found_large, marks, false_marks;
    int wrong_signs;
} trial;

/* Index of the inserted lesion that most of a mark lies on, -1 when less than a fifth does. */
static int lesion_under(const bfl_phantom *p, const bfl_marks *c, const bfl_mark *mark) {
    size_t votes[256] = {0};
    const bfl_grid *g = &p->truth->grid;
    for (size_t n = 0; n < mark->count; n++) {
        const size_t v = mark->voxels[n], row = (size_t)c->after->size[0], slice = row * (size_t)c->after->size[1];
        const double mm = (double)c->after->spacing_mm[0];
        const int32_t at[3] = {(int32_t)lround((double)(v % row) * mm / g->spacing_mm[0]),
                               (int32_t)lround((double)(v / row % (size_t)c->after->size[1]) * mm / g->spacing_mm[1]),
                               (int32_t)lround((double)(v / slice) * mm / g->spacing_mm[2])};
        if (at[0] < g->size[0] && at[1] < g->size[1] && at[2] < g->size[2])
            votes[p->truth->in[bfl_grid_index(g, at[0], at[1], at[2])]]++;
    }
    size_t best = 1;
    for (size_t l = 2; l < 256; l++)
        if (votes[l] > votes[best]) best = l;
    return votes[best] * 5 >= mark->count ? (int)best - 1 : -1;
}

static bfl_status body_trial(bfl_arena *arena, void *context, bfl_error *err) {
    trial *t = context;
    (void)err;
    bfl_volume *before = bones_volume(arena, grid_of(), NULL);
    const bfl_phantom_options options = {.seed = 11,
                                         .wanted = t->wanted,
                                         .radius_mm = t->radius_mm,
                                         .change_hu = t->change_hu,
                                         .least_in_bone = t->least_in_bone};
    bfl_phantom p = bfl_phantom_of(arena, 2, before, &options);
    bfl_phantom_noise(arena, before, 1, 15);
    bfl_phantom_noise(arena, p.volume, 2, 15);
    const bfl_mark_options how = {.threads = 2, .least_score = 4};
    const bfl_marks c = bfl_marks_of(arena, before, p.volume, &how);
    bool hit[256] = {false};
    for (size_t m = 0; m < c.count; m++) {
        const int lesion = lesion_under(&p, &c, &c.items[m]);
        if (m > 0) CHECK(c.items[m - 1].score >= c.items[m].score);
        if (lesion < 0) {
            t->false_marks++;
            continue;
        }
        hit[lesion] = true;
        const bfl_insert *l = &p.items[lesion];
        if (l->kind != BFL_INSERT_RIM) t->wrong_signs += (c.items[m].sign > 0) != (l->kind != BFL_INSERT_LYTIC);
    }
    for (size_t l = 0; l < p.count; l++) {
        if (p.items[l].volume_mm3 < 100) continue;
        t->inserted++;
        t->found += hit[l];
        t->inserted_large += p.items[l].radius_mm >= 5;
        t->found_large += p.items[l].radius_mm >= 5 && hit[l];
    }
    t->marks = c.count;
    return BFL_OK;
}

static trial run(trial t) {
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, body_trial, &t, NULL), BFL_OK);
    bfl_arena_free(arena);
    printf("# %zu of %zu found, of 5 mm and more %zu of %zu, %zu false marks\n", t.found, t.inserted, t.found_large,
           t.inserted_large, t.false_marks);
    return t;
}

TEST(finds_what_was_put_in) {
    const trial t = run((trial){.wanted = 21});
    CHECK(t.inserted >= 12);
    CHECK(t.found * 4 >= t.inserted * 3); /* down to 3 mm and 150 HU, under noise */
    CHECK(t.found_large * 5 >= t.inserted_large * 4);
    CHECK_INT(t.wrong_signs, 0);
    CHECK(t.false_marks <= 1);
}

TEST(nothing_where_nothing_changed) {
    const trial t = run((trial){.wanted = 0});
    CHECK_INT(t.inserted, 0);
    CHECK_INT(t.marks, 0);
}

/* Where most of the bone changed, the changes are no noise. */
TEST(many_lesions_hide_none) {
    const trial t = run((trial){.wanted = 30, .radius_mm = 9, .change_hu = 200, .least_in_bone = -1});
    CHECK(t.inserted >= 12);
    CHECK(t.found * 10 >= t.inserted * 9);
    CHECK_INT(t.wrong_signs, 0);
}

/* ---- one lesion, and one beside it ---- */

typedef struct ball {
    double at[3], radius_mm, hu;
    double core_mm, core_less_hu; /* a shell: around a core of this radius, which lost so much */
} ball;

typedef struct pair_of_balls {
    ball balls[2];
    size_t count, marks;
    float solid; /* of the first mark: score over strength */
} pair_of_balls;

static void paint(bfl_volume *v, const ball *b) {
    size_t voxel = 0;
    for (int32_t k = 0; k < v->grid.size[2]; k++)
        for (int32_t j = 0; j < v->grid.size[1]; j++)
            for (int32_t i = 0; i < v->grid.size[0]; i++, voxel++) {
                const double x = i * v->grid.spacing_mm[0] - b->at[0], y = j * v->grid.spacing_mm[1] - b->at[1],
                             z = k * v->grid.spacing_mm[2] - b->at[2], away = sqrt(x * x + y * y + z * z);
                const double share = 1 / (1 + exp((away - b->radius_mm) / 1.2)), hu = v->hu[voxel]; /* blurred */
                const double core = b->core_mm > 0 ? 1 / (1 + exp((away - b->core_mm) / 0.6)) : 0;
                v->hu[voxel] = (int16_t)lround(hu + (share - core) * (b->hu - hu) - core * b->core_less_hu);
            }
}

static bfl_status balls_trial(bfl_arena *arena, void *context, bfl_error *err) {
    pair_of_balls *t = context;
    (void)err;
    const bfl_volume *before = bones_volume(arena, grid_of(), NULL);
    bfl_volume *after = bones_volume(arena, grid_of(), NULL);
    for (size_t n = 0; n < t->count; n++) paint(after, &t->balls[n]);
    const bfl_marks c = bfl_marks_of(arena, before, after, &(bfl_mark_options){.threads = 2});
    for (size_t m = 0; m < c.count; m++)
        printf("# %d at %.0f %.0f %.0f, %zu voxels, score %.1f\n", c.items[m].sign, (double)c.items[m].peak_mm[0],
               (double)c.items[m].peak_mm[1], (double)c.items[m].peak_mm[2], c.items[m].count,
               (double)c.items[m].score);
    t->marks = c.count;
    t->solid = c.count ? c.items[0].score / c.items[0].strength : 0;
    return BFL_OK;
}

static pair_of_balls with_balls(size_t count, ball one, ball other) {
    pair_of_balls t = {.balls = {one, other}, .count = count};
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, balls_trial, &t, NULL), BFL_OK);
    bfl_arena_free(arena);
    return t;
}

static size_t marks_of_balls(size_t count, ball one, ball other) { return with_balls(count, one, other).marks; }

TEST(the_blurred_edge_of_a_lesion_is_no_lesion) {
    const ball lytic = {{100, 120, 117}, 7, 40, 0, 0}, dense = {{100, 120, 75}, 8, 1200, 0, 0};
    CHECK_INT(marks_of_balls(1, lytic, lytic), 1);
    CHECK_INT(marks_of_balls(1, dense, dense), 1);
}

/* An average over a small shell is highest in its middle, which did not become denser. */
TEST(a_shell_around_a_core_is_one) {
    const ball rim = {{100, 120, 75}, 5, 800, 2.5, 150}, around_same = {{100, 120, 75}, 5, 800, 2.5, 0};
    CHECK_INT(marks_of_balls(1, rim, rim), 1);
    CHECK_INT(marks_of_balls(1, around_same, around_same), 1);
}

/* What a shell encloses makes it solid; a sheet encloses nothing. */
TEST(a_shell_is_no_sheet) {
    const ball rim = {{100, 120, 75}, 7.5, 900, 6, 0};
    const pair_of_balls t = with_balls(1, rim, rim);
    CHECK_INT(t.marks, 1);
    printf("# %.2f\n", (double)t.solid);
    CHECK(t.solid > 0.75F);
}

TEST(a_fainter_lesion_beside_it_is_one) {
    const ball strong = {{94, 120, 75}, 4, 1000, 0, 0}, faint = {{106, 120, 75}, 4, 550, 0, 0};
    CHECK_INT(marks_of_balls(2, strong, faint), 2);
}

TEST_CASES(CASE(finds_what_was_put_in), CASE(nothing_where_nothing_changed), CASE(many_lesions_hide_none),
           CASE(the_blurred_edge_of_a_lesion_is_no_lesion), CASE(a_shell_around_a_core_is_one),
           CASE(a_shell_is_no_sheet), CASE(a_fainter_lesion_beside_it_is_one))
