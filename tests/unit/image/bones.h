/* SPDX-License-Identifier: Apache-2.0 */
/* A made-up body with a spine, ribs and a sternum, as a function of place, so that its true deformation is known anywhere. */
#ifndef BFL_TEST_IMAGE_BONES_H
#define BFL_TEST_IMAGE_BONES_H

#include "image/image.h"
#include "test.h"

/* How far inside something a place is, as a CT number between two tissues, over a soft edge of about a voxel. */
static inline double bones_edge(double inside_mm, double from_hu, double to_hu) {
    return from_hu + (to_hu - from_hu) / (1 + exp(-inside_mm / 0.7));
}

/* CT number of the body at a place in mm; about 200 x 160 x 150 mm around (100, 80, 75). The chest narrows to the top and the
 * vertebrae grow to the bottom, as they do, or else a shift by one vertebra would fit as well as none. */
static inline double bones_hu(const double at[3]) {
    const double z = at[2] - 75, narrow = 1 - 0.003 * z;
    const double x = (at[0] - 100) / narrow, y = (at[1] - 80) / narrow;
    double hu = bones_edge((1 - sqrt(x * x / (90 * 90) + y * y / (65 * 65))) * 60, -1000, 40);
    const double stretched = z * (1 + 0.0012 * z);
    const double level = stretched - 22 * floor(stretched / 22 + 0.5);
    double inside = 14 - 0.03 * z - sqrt(x * x + (y - 40) * (y - 40));
    inside = fmin(inside, 8.5 - fabs(level));
    hu = fmax(hu, bones_edge(inside, -2000, 350 + 60 * sin(x / 3) * cos(y / 4)));
    const double tilt = level - 0.1 * (y - 20); /* ribs slope to the front */
    const double ring = sqrt(x * x / (78 * 78) + y * y / (54 * 54)) - 1;
    hu = fmax(hu, bones_edge(3.5 - hypot(ring * 62, tilt), -2000, 600));
    hu = fmax(hu, bones_edge(fmin(5 - fabs(y + 55), fmin(18 + 0.1 * z - fabs(x), 60 - fabs(z))), -2000, 400));
    return hu;
}

typedef void (*bones_map)(const double fixed_mm[3], double moving_mm[3]);

static inline bfl_volume *bones_volume(bfl_arena *arena, bfl_grid grid, bones_map map) {
    bfl_volume *v = bfl_volume_new(arena, &grid);
    size_t at = 0;
    for (int32_t k = 0; k < grid.size[2]; k++)
        for (int32_t j = 0; j < grid.size[1]; j++)
            for (int32_t i = 0; i < grid.size[0]; i++, at++) {
                double mm[3] = {i * grid.spacing_mm[0], j * grid.spacing_mm[1], k * grid.spacing_mm[2]};
                if (map) map(mm, mm);
                v->hu[at] = (int16_t)lround(bones_hu(mm));
            }
    return v;
}

#endif
