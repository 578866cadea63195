/* SPDX-License-Identifier: Apache-2.0 */
#include "report/ct_picture.h"

#include "format/format.h"
#include "lesion/lesion.h"

#include <math.h>
#include <sodium.h>
#include <string.h>

enum { SIDE = 192, DEEPEST_GREY = 0, BRIGHTEST = 255 };
/* The bone window, level 400 and width 2000; the overview shows bone only. */
static const double WINDOW_LOW = -600, WINDOW_HIGH = 1400, OVERVIEW_LOW = 100, OVERVIEW_HIGH = 1100;
static const double FULL_COLOUR_HU = 350, LEAST_COLOUR_HU = 30;

struct bfl_ct_art {
    const bfl_ct *ct;
    const uint16_t *label;
};

bfl_ct_art *bfl_ct_art_of(bfl_arena *arena, const bfl_ct *ct) {
    bfl_ct_art *art = BFL_NEW(arena, bfl_ct_art);
    *art = (bfl_ct_art){ct, bfl_lesion_labels(arena, ct)};
    return art;
}

void bfl_ct_centre(const bfl_ct_art *art, size_t finding, double mm[3]) {
    const bfl_mark *mark = &art->ct->marks.items[finding];
    const bfl_image *image = art->ct->marks.after;
    double sum[3] = {0, 0, 0};
    for (size_t v = 0; v < mark->count; v++) {
        const size_t at = mark->voxels[v], row = (size_t)image->size[0], slice = row * (size_t)image->size[1];
        const size_t index[3] = {at % row, at / row % (size_t)image->size[1], at / slice};
        for (int a = 0; a < 3; a++) sum[a] += (double)index[a] * (double)image->spacing_mm[a];
    }
    for (int a = 0; a < 3; a++) mm[a] = sum[a] / (double)mark->count;
}

static const char *data_url(bfl_arena *arena, bfl_text png) {
    static const char HEAD[] = "data:image/png;base64,";
    const size_t room = sodium_base64_ENCODED_LEN(png.size, sodium_base64_VARIANT_ORIGINAL);
    char *out = bfl_arena_alloc(arena, sizeof HEAD + room, 1);
    memcpy(out, HEAD, sizeof HEAD);
    (void)sodium_bin2base64(out + sizeof HEAD - 1, room, (const unsigned char *)png.data, png.size,
                            sodium_base64_VARIANT_ORIGINAL);
    return out;
}

static uint8_t grey(double hu, double low, double high) {
    const double share = (hu - low) / (high - low);
    return (uint8_t)lround(fmax(DEEPEST_GREY, fmin(BRIGHTEST, share * BRIGHTEST)));
}

/* ---- values between voxels ---- */

/* The cell that a place lies in; false outside. */
static bool cell_of(const int32_t size[3], const double spacing_mm[3], const double mm[3], int32_t at[3],
                    double part[3]) {
    for (int a = 0; a < 3; a++) {
        const double index = mm[a] / spacing_mm[a];
        if (!(index >= -0.5 && index <= size[a] - 0.5)) return false;
        const double held = fmax(0, fmin(size[a] - 1, index)), whole = fmin(floor(held), fmax(0, size[a] - 2));
        at[a] = (int32_t)whole;
        part[a] = held - whole;
    }
    return true;
}

/* One of the eight voxels around a place, and its weight on straight lines between them. */
static double corner_of(const int32_t size[3], const int32_t at[3], const double part[3], int corner, int32_t v[3]) {
    double weight = 1;
    for (int a = 0; a < 3; a++) {
        const int up = corner >> a & 1;
        weight *= up ? part[a] : 1 - part[a];
        v[a] = at[a] + up < size[a] ? at[a] + up : at[a];
    }
    return weight;
}

static double hu_at(const bfl_volume *volume, const double mm[3]) {
    const bfl_grid *g = &volume->grid;
    int32_t at[3];
    double part[3], sum = 0;
    if (!cell_of(g->size, g->spacing_mm, mm, at, part)) return BFL_HU_LOWEST;
    for (int corner = 0; corner < 8; corner++) {
        int32_t v[3];
        const double weight = corner_of(g->size, at, part, corner, v);
        if (!(weight > 0)) continue;
        const int16_t hu = volume->hu[bfl_grid_index(g, v[0], v[1], v[2])];
        sum += weight * (hu == BFL_HU_NONE ? BFL_HU_LOWEST : hu);
    }
    return sum;
}

static double change_at(const bfl_image *d, const double mm[3]) {
    const double spacing[3] = {(double)d->spacing_mm[0], (double)d->spacing_mm[1], (double)d->spacing_mm[2]};
    int32_t at[3];
    double part[3], sum = 0;
    if (!cell_of(d->size, spacing, mm, at, part)) return 0;
    for (int corner = 0; corner < 8; corner++) {
        int32_t v[3];
        const double weight = corner_of(d->size, at, part, corner, v);
        sum += weight * (double)d->value[bfl_image_index(d, v[0], v[1], v[2])];
    }
    return sum;
}

static uint16_t label_at(const bfl_ct_art *art, const double mm[3]) {
    const bfl_image *d = art->ct->marks.difference;
    int32_t at[3];
    for (int a = 0; a < 3; a++) {
        at[a] = (int32_t)lround(mm[a] / (double)d->spacing_mm[a]);
        if (at[a] < 0 || at[a] >= d->size[a]) return 0;
    }
    return art->label[bfl_image_index(d, at[0], at[1], at[2])];
}

/* ---- cuts ---- */

/* Which axes of the frame run to the right and down in the picture, and whether against their direction. */
static const struct {
    int right, down;
    bool upward;
} LAID[BFL_CT_PLANES] = {[BFL_AXIAL] = {0, 1, false}, [BFL_CORONAL] = {0, 2, true}, [BFL_SAGITTAL] = {1, 2, true}};

static void place_of(bfl_ct_plane plane, const double centre_mm[3], double side_mm, int32_t i, int32_t j,
                     double mm[3]) {
    const double step = side_mm / SIDE, right = (i + 0.5) * step - side_mm / 2, down = (j + 0.5) * step - side_mm / 2;
    memcpy(mm, centre_mm, 3 * sizeof *mm);
    mm[LAID[plane].right] += right;
    mm[LAID[plane].down] += LAID[plane].upward ? -down : down;
}

/* Gold where denser, violet where less dense, over a dimmed picture. */
static void colour(double hu, double change, double noise_hu, uint8_t rgb[3]) {
    static const double GOLD[3] = {255, 205, 60}, VIOLET[3] = {178, 120, 255};
    const double least = fmax(LEAST_COLOUR_HU, 2 * noise_hu), dim = grey(hu, WINDOW_LOW, WINDOW_HIGH) * 0.55;
    const double over = (fabs(change) - least) / (FULL_COLOUR_HU - fmin(least, FULL_COLOUR_HU / 2));
    const double share = fmax(0, fmin(1, over));
    for (int c = 0; c < 3; c++) rgb[c] = (uint8_t)lround(dim + share * ((change > 0 ? GOLD[c] : VIOLET[c]) - dim));
}

static bool at_edge(const uint16_t *labels, int32_t i, int32_t j) {
    const uint16_t own = labels[j * SIDE + i];
    if (!own || i == 0 || j == 0 || i == SIDE - 1 || j == SIDE - 1) return false;
    return labels[j * SIDE + i - 1] != own || labels[j * SIDE + i + 1] != own || labels[(j - 1) * SIDE + i] != own ||
           labels[(j + 1) * SIDE + i] != own;
}

/* The nine cuts of a finding, each drawn by a thread of its own into memory that is there already. */
typedef struct drawing {
    const bfl_ct_art *art;
    const double *centre_mm;
    double side_mm;
    uint8_t *pixels[BFL_CT_PLANES][BFL_CT_SEEN];
    uint16_t *labels[BFL_CT_PLANES];
} drawing;

static void draw_change(const drawing *d, bfl_ct_plane plane) {
    uint8_t *pixels = d->pixels[plane][BFL_SEEN_CHANGE];
    uint16_t *labels = d->labels[plane];
    const bfl_ct *ct = d->art->ct;
    for (int32_t j = 0; j < SIDE; j++)
        for (int32_t i = 0; i < SIDE; i++) {
            double mm[3];
            place_of(plane, d->centre_mm, d->side_mm, i, j, mm);
            labels[j * SIDE + i] = label_at(d->art, mm);
            colour(hu_at(ct->fixed, mm), change_at(ct->marks.difference, mm), ct->fit.noise_hu,
                   pixels + 3 * (j * SIDE + i));
        }
    for (int32_t j = 0; j < SIDE; j++)
        for (int32_t i = 0; i < SIDE; i++)
            if (at_edge(labels, i, j)) memset(pixels + 3 * (j * SIDE + i), BRIGHTEST, 3);
}

static void draw(void *context, size_t index) {
    const drawing *d = context;
    const bfl_ct_plane plane = (bfl_ct_plane)(index / BFL_CT_SEEN);
    const bfl_ct_what what = (bfl_ct_what)(index % BFL_CT_SEEN);
    if (what == BFL_SEEN_CHANGE) {
        draw_change(d, plane);
        return;
    }
    const bfl_volume *volume = what == BFL_SEEN_BASELINE ? d->art->ct->warped : d->art->ct->fixed;
    for (int32_t j = 0; j < SIDE; j++)
        for (int32_t i = 0; i < SIDE; i++) {
            double mm[3];
            place_of(plane, d->centre_mm, d->side_mm, i, j, mm);
            d->pixels[plane][what][j * SIDE + i] = grey(hu_at(volume, mm), WINDOW_LOW, WINDOW_HIGH);
        }
}

void bfl_ct_cuts(const bfl_ct_art *art, bfl_arena *arena, const double centre_mm[3], double side_mm,
                 bfl_ct_montage *out) {
    drawing d = {.art = art, .centre_mm = centre_mm, .side_mm = side_mm};
    for (int p = 0; p < BFL_CT_PLANES; p++) {
        d.labels[p] = BFL_NEW_ARRAY(arena, SIDE * SIDE, uint16_t);
        for (int w = 0; w < BFL_CT_SEEN; w++) d.pixels[p][w] = BFL_NEW_ARRAY(arena, 3 * SIDE * SIDE, uint8_t);
    }
    bfl_parallel(0, (size_t)BFL_CT_PLANES * BFL_CT_SEEN, draw, &d);
    for (int p = 0; p < BFL_CT_PLANES; p++)
        for (int w = 0; w < BFL_CT_SEEN; w++)
            out->picture[p][w] = data_url(arena, bfl_png(arena, d.pixels[p][w], SIDE, SIDE, w == BFL_SEEN_CHANGE));
}

/* ---- the overview ---- */

const char *bfl_ct_overview(const bfl_ct_art *art, bfl_arena *arena, bfl_ct_plane plane, double size_mm[2]) {
    const bfl_image *image = art->ct->marks.after;
    const int across = LAID[plane].right, through = plane == BFL_CORONAL ? 1 : 0;
    const int32_t width = image->size[across], height = image->size[2];
    uint8_t *pixels = BFL_NEW_ARRAY(arena, (size_t)width * (size_t)height, uint8_t);
    for (int32_t k = 0; k < height; k++)
        for (int32_t i = 0; i < width; i++) {
            float most = -HUGE_VALF;
            for (int32_t n = 0; n < image->size[through]; n++) {
                const float hu =
                    image->value[across == 0 ? bfl_image_index(image, i, n, k) : bfl_image_index(image, n, i, k)];
                if (hu > most) most = hu;
            }
            pixels[(size_t)(height - 1 - k) * (size_t)width + (size_t)i] =
                grey((double)most, OVERVIEW_LOW, OVERVIEW_HIGH);
        }
    size_mm[0] = width * (double)image->spacing_mm[across];
    size_mm[1] = height * (double)image->spacing_mm[2];
    return data_url(arena, bfl_png(arena, pixels, width, height, false));
}

bfl_text bfl_ct_packed(bfl_arena *arena, const bfl_ct *ct, bfl_ct_image which) {
    return bfl_lesion_image(arena, ct, which);
}
