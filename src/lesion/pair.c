/* SPDX-License-Identifier: Apache-2.0 */
/* The public face of pairs whose truth is known: made in image/pair.c, written here. */
#include "lesion/lesion.h"

#include "format/format.h"

#include <math.h>
#include <string.h>

struct bfl_ct_pair {
    bfl_arena *arena; /* holds everything, this struct too */
    bfl_pair pair;
};

static const char *const KINDS[] = {[BFL_INSERT_DENSER] = "sclerotic",
                                    [BFL_INSERT_LYTIC] = "lytic",
                                    [BFL_INSERT_RIM] = "rim",
                                    [BFL_INSERT_OUTGROWN] = "hyperostosis"};

const char *bfl_ct_pair_kind(size_t number) { return number < sizeof KINDS / sizeof *KINDS ? KINDS[number] : NULL; }

/* ---- making ---- */

typedef struct request {
    const bfl_scan *scan;
    const bfl_ct_pair_options *options;
    bfl_ct_pair *pair;
} request;

/* A chest of 384 x 320 mm whose slices are half as thick as those wanted: a slice then is a mean over its thickness. */
static bfl_grid body_grid(const bfl_ct_pair_options *o) {
    const double pixel = o->pixel_mm > 0 ? o->pixel_mm : 0.8, length = o->length_mm > 0 ? o->length_mm : 250;
    const double thin = (o->slice_mm > 0 ? o->slice_mm : 2.5) / 2, middle[3] = {-192, -160, -length / 2};
    const int32_t size[3] = {(int32_t)(384 / pixel), (int32_t)(320 / pixel), (int32_t)(length / thin)};
    return bfl_grid_upright(size, (double[3]){pixel, pixel, thin}, middle);
}

/* The baseline's source; with contrast agent in either scan the follow-up's, and the body without it, are in `how`. */
static const bfl_volume *make_body(bfl_arena *arena, const bfl_ct_pair_options *o, bfl_pair_options *how) {
    const bfl_grid grid = body_grid(o);
    if (!(o->contrast_hu[0] > 0) && !(o->contrast_hu[1] > 0))
        return bfl_body_phantom(arena, o->threads, o->seed, &grid);
    const bfl_volume *bodies[3];
    for (size_t i = 0; i < 3; i++)
        bodies[i] = bfl_body_enhanced(arena, o->threads, o->seed, &grid, i < 2 ? (float)o->contrast_hu[i] : 0);
    how->followup = bodies[1];
    how->lesions.plain = bodies[2];
    return bodies[0];
}

static bfl_status make(bfl_arena *arena, void *context, bfl_error *err) {
    request *r = context;
    const bfl_ct_pair_options *o = r->options;
    bfl_pair_options how = {.lesions = {.seed = o->seed,
                                        .wanted = o->lesions,
                                        .kinds = o->kinds,
                                        .radius_mm = (float)o->radius_mm,
                                        .change_hu = (float)o->change_hu,
                                        .least_in_bone = (float)o->least_in_bone},
                            .motion = {.turn_degrees = (float)o->turn_degrees,
                                       .shift_mm = (float)o->shift_mm,
                                       .bend_mm = (float)o->bend_mm,
                                       .joint_degrees = (float)o->joint_degrees},
                            .slice_mm = (float)o->slice_mm};
    for (int i = 0; i < 2; i++) {
        how.noise_hu[i] = (float)o->noise_hu[i];
        how.blur_mm[i] = (float)o->blur_mm[i];
    }
    if (!r->scan && !(how.slice_mm > 0)) how.slice_mm = 2.5F;
    bfl_ct_pair *pair = BFL_NEW(arena, bfl_ct_pair);
    pair->arena = arena;
    const bfl_volume *source = r->scan ? r->scan->volume : make_body(arena, o, &how);
    bfl_status status = bfl_pair_of(arena, o->threads, source, &how, &pair->pair, err);
    r->pair = pair;
    return status;
}

static bool between(double value, double least, double most) { return value >= least && value <= most; }

/* 0 means the default. */
static bool size_or_default(double value, double most) { return !(value > 0) ? value >= 0 : between(value, 0.4, most); }

static bool good_motion(const bfl_ct_pair_options *o) {
    return between(o->turn_degrees, 0, 15) && between(o->shift_mm, 0, 60) && between(o->bend_mm, 0, 20) &&
           between(o->joint_degrees, 0, 10);
}

static bool good_options(const bfl_ct_pair_options *o) {
    bool good = o->lesions <= UINT8_MAX && o->kinds < 1U << (sizeof KINDS / sizeof *KINDS) && good_motion(o);
    for (int i = 0; i < 2; i++)
        good &= between(o->noise_hu[i], 0, 500) && between(o->blur_mm[i], 0, 3) &&
                (between(o->contrast_hu[i], 60, 1000) || between(o->contrast_hu[i], 0, 0));
    return good && between(o->radius_mm, 0, 20) && between(o->least_in_bone, -1, 1) && between(o->change_hu, 0, 1000) &&
           size_or_default(o->pixel_mm, 10) && size_or_default(o->slice_mm, 20) && between(o->length_mm, 0, 600);
}

bfl_status bfl_ct_pair_make(const bfl_scan *scan, const bfl_ct_pair_options *options, bfl_ct_pair **out,
                            bfl_error *err) {
    if (!options || options->struct_size != sizeof *options || !out || !good_options(options))
        return bfl_fail(err, BFL_EINVAL, "", 0, "options within their limits, and out, are needed");
    if (scan && (options->contrast_hu[0] > 0 || options->contrast_hu[1] > 0))
        return bfl_fail(err, BFL_EINVAL, "", 0, "contrast agent is for a made-up body");
    request r = {scan, options, NULL};
    bfl_status status = bfl_arena_build(make, &r, err);
    if (!status) *out = r.pair;
    return status;
}

size_t bfl_ct_pair_lesion_count(const bfl_ct_pair *pair) { return pair->pair.count; }

void bfl_ct_pair_free(bfl_ct_pair *pair) {
    if (pair) bfl_arena_free(pair->arena);
}

/* ---- writing ---- */

typedef struct writing {
    const bfl_pair *pair;
    bfl_ct_pair_image which;
    bfl_text out;
} writing;

static bfl_status write_out(bfl_arena_body body, writing *w, bfl_sink sink, bfl_error *err) {
    bfl_arena *arena = bfl_arena_new();
    if (!arena) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    bfl_status status = bfl_arena_run(arena, body, w, err);
    if (!status && !sink.write(sink.context, w->out.data, w->out.size))
        status = bfl_fail(err, BFL_EIO, "", 0, "the output could not be written");
    bfl_arena_free(arena);
    return status;
}

static bfl_status write_image(bfl_arena *arena, void *context, bfl_error *err) {
    writing *w = context;
    (void)err;
    switch (w->which) {
    case BFL_CT_PAIR_BASELINE: w->out = bfl_nifti_write_volume(arena, w->pair->baseline); break;
    case BFL_CT_PAIR_FOLLOWUP: w->out = bfl_nifti_write_volume(arena, w->pair->followup); break;
    case BFL_CT_PAIR_TRUTH: w->out = bfl_nifti_write_mask(arena, w->pair->truth); break;
    }
    return BFL_OK;
}

bfl_status bfl_ct_pair_write_image(const bfl_ct_pair *pair, bfl_ct_pair_image which, bfl_sink sink, bfl_error *err) {
    if (!pair) return bfl_fail(err, BFL_EINVAL, "", 0, "a pair is needed");
    writing w = {.pair = &pair->pair, .which = which};
    return write_out(write_image, &w, sink, err);
}

/* A place of a frame in the patient's coordinates, as three columns. */
static void add_place(bfl_buf *out, const bfl_grid *grid, const float at[3]) {
    double index[3], mm[3];
    for (int a = 0; a < 3; a++) index[a] = (double)at[a] / grid->spacing_mm[a];
    bfl_grid_to_mm(grid, index, mm);
    for (int a = 0; a < 3; a++) {
        bfl_buf_add(out, ",");
        bfl_buf_double(out, mm[a], 3);
    }
}

static bfl_status write_lesions(bfl_arena *arena, void *context, bfl_error *err) {
    writing *w = context;
    bfl_buf out = {.arena = arena};
    (void)err;
    bfl_buf_add(&out, "lesion,kind,radius_mm,wanted_hu,change_hu,volume_mm3,x_mm,y_mm,z_mm,share_in_bone\n");
    for (size_t n = 0; n < w->pair->count; n++) {
        const bfl_insert *l = &w->pair->items[n];
        bfl_buf_addf(&out, "%zu,%s,", n + 1, KINDS[l->kind]);
        bfl_buf_double(&out, (double)l->radius_mm, 1);
        bfl_buf_add(&out, ",");
        bfl_buf_double(&out, (double)l->change_hu, 0);
        bfl_buf_add(&out, ",");
        bfl_buf_double(&out, (double)l->mean_change_hu, 0);
        bfl_buf_add(&out, ",");
        bfl_buf_double(&out, (double)l->volume_mm3, 0);
        if (l->volume_mm3 > 0)
            add_place(&out, &w->pair->followup->grid, l->centre_mm);
        else
            bfl_buf_add(&out, ",,,");
        bfl_buf_add(&out, ",");
        bfl_buf_double(&out, (double)l->share_in_bone, 2);
        bfl_buf_add(&out, "\n");
    }
    w->out = bfl_text_of(bfl_buf_z(&out));
    return BFL_OK;
}

bfl_status bfl_ct_pair_write_lesions(const bfl_ct_pair *pair, bfl_sink sink, bfl_error *err) {
    if (!pair) return bfl_fail(err, BFL_EINVAL, "", 0, "a pair is needed");
    writing w = {.pair = &pair->pair};
    return write_out(write_lesions, &w, sink, err);
}

/* A voxel of the follow-up, and where that was in the baseline. */
static void place_of(const bfl_pair *pair, size_t voxel, float at[3], float was[3]) {
    const bfl_grid *g = &pair->followup->grid;
    int32_t index[3];
    bfl_voxel_at(g->size, voxel, index);
    for (int a = 0; a < 3; a++) at[a] = (float)((double)index[a] * g->spacing_mm[a]);
    bfl_pair_point(pair, at, was);
}

static bool is_bone(const bfl_pair *pair, size_t voxel) {
    enum { BONE_HU = 200 };
    float at[3], was[3];
    if (pair->followup->hu[voxel] <= BONE_HU) return false;
    place_of(pair, voxel, at, was);
    return bfl_pair_bone(pair, was);
}

/* Bone of the follow-up whose place in the baseline was measured too: every stride-th voxel over 200 HU. Noise and vessels with
 * contrast agent are as dense; only what lies in bone counts. */
static bfl_status write_points(bfl_arena *arena, void *context, bfl_error *err) {
    enum { WANTED = 20000 };
    writing *w = context;
    const bfl_grid *fixed = &w->pair->followup->grid, *moving = &w->pair->baseline->grid;
    const size_t voxels = bfl_grid_voxels(fixed);
    size_t bony = 0, seen = 0;
    bfl_buf out = {.arena = arena};
    (void)err;
    for (size_t v = 0; v < voxels; v++) bony += is_bone(w->pair, v);
    const size_t stride = bony / WANTED + 1;
    bfl_buf_add(&out, "x_mm,y_mm,z_mm,baseline_x_mm,baseline_y_mm,baseline_z_mm\n");
    for (size_t v = 0; v < voxels; v++) {
        if (!is_bone(w->pair, v) || seen++ % stride != 0) continue;
        float at[3], was[3];
        bool inside = true;
        place_of(w->pair, v, at, was);
        for (int a = 0; a < 3; a++)
            inside &= was[a] >= 0 && (double)was[a] <= (moving->size[a] - 1) * moving->spacing_mm[a];
        if (!inside) continue;
        bfl_buf row_of = {.arena = arena};
        add_place(&row_of, fixed, at);
        add_place(&row_of, moving, was);
        bfl_buf_add(&out, bfl_buf_z(&row_of) + 1);
        bfl_buf_add(&out, "\n");
    }
    w->out = bfl_text_of(bfl_buf_z(&out));
    return BFL_OK;
}

bfl_status bfl_ct_pair_write_points(const bfl_ct_pair *pair, bfl_sink sink, bfl_error *err) {
    if (!pair) return bfl_fail(err, BFL_EINVAL, "", 0, "a pair is needed");
    writing w = {.pair = &pair->pair};
    return write_out(write_points, &w, sink, err);
}
