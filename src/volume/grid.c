/* SPDX-License-Identifier: Apache-2.0 */
/* Geometry of a grid: from index to patient coordinates and back, and what a grid may not be. */
#include "volume/volume.h"

#include <math.h>
#include <string.h>

static const int32_t MOST_ALONG_AN_AXIS = 65535;
static const double FINEST_MM = 0.01, COARSEST_MM = 1000, AXIS_TOLERANCE = 1e-3;

static double dot(const double a[3], const double b[3]) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

static bfl_status check_axes(const bfl_grid *grid, const char *where, bfl_error *err) {
    for (int a = 0; a < 3; a++) {
        if (!(fabs(dot(grid->axis[a], grid->axis[a]) - 1) < AXIS_TOLERANCE))
            return bfl_fail(err, BFL_EPARSE, where, 0, "direction of axis %d is no unit vector", a + 1);
        if (!(fabs(dot(grid->axis[a], grid->axis[(a + 1) % 3])) < AXIS_TOLERANCE))
            return bfl_fail(err, BFL_ENOTSUP, where, 0, "axes %d and %d are not orthogonal (a sheared volume)", a + 1,
                            (a + 1) % 3 + 1);
    }
    return BFL_OK;
}

bfl_status bfl_grid_check(const bfl_grid *grid, size_t most_voxels, const char *where, bfl_error *err) {
    size_t voxels = 1;
    for (int a = 0; a < 3; a++) {
        int32_t n = grid->size[a];
        if (n < 1 || n > MOST_ALONG_AN_AXIS)
            return bfl_fail(err, BFL_EPARSE, where, 0, "size along axis %d is %d, expected 1 to %d", a + 1, (int)n,
                            (int)MOST_ALONG_AN_AXIS);
        if (__builtin_mul_overflow(voxels, (size_t)n, &voxels) || voxels > most_voxels)
            return bfl_fail(err, BFL_ELIMIT, where, 0, "has more than %zu voxels", most_voxels);
        double mm = grid->spacing_mm[a];
        if (!(mm >= FINEST_MM && mm <= COARSEST_MM))
            return bfl_fail(err, BFL_EPARSE, where, 0, "spacing along axis %d is not between 0.01 and 1000 mm", a + 1);
        if (!isfinite(grid->origin_mm[a])) return bfl_fail(err, BFL_EPARSE, where, 0, "origin is not a number");
    }
    return check_axes(grid, where, err);
}

size_t bfl_grid_voxels(const bfl_grid *grid) {
    return (size_t)grid->size[0] * (size_t)grid->size[1] * (size_t)grid->size[2];
}

double bfl_grid_voxel_mm3(const bfl_grid *grid) {
    return grid->spacing_mm[0] * grid->spacing_mm[1] * grid->spacing_mm[2];
}

bfl_grid bfl_grid_upright(const int32_t size[3], const double spacing_mm[3], const double origin_mm[3]) {
    bfl_grid grid = {0};
    for (int a = 0; a < 3; a++) {
        grid.size[a] = size[a];
        grid.spacing_mm[a] = spacing_mm[a];
        grid.origin_mm[a] = origin_mm[a];
        grid.axis[a][a] = 1;
    }
    return grid;
}

bool bfl_grid_same(const bfl_grid *a, const bfl_grid *b) {
    const double tolerance = AXIS_TOLERANCE;
    for (int i = 0; i < 3; i++) {
        if (a->size[i] != b->size[i] || fabs(a->spacing_mm[i] - b->spacing_mm[i]) > tolerance) return false;
        if (fabs(a->origin_mm[i] - b->origin_mm[i]) > tolerance) return false;
        for (int j = 0; j < 3; j++)
            if (fabs(a->axis[i][j] - b->axis[i][j]) > tolerance) return false;
    }
    return true;
}

void bfl_grid_to_mm(const bfl_grid *grid, const double index[3], double mm[3]) {
    double at[3] = {grid->origin_mm[0], grid->origin_mm[1], grid->origin_mm[2]};
    for (int a = 0; a < 3; a++)
        for (int x = 0; x < 3; x++) at[x] += grid->axis[a][x] * index[a] * grid->spacing_mm[a];
    memcpy(mm, at, sizeof at);
}

void bfl_grid_to_index(const bfl_grid *grid, const double mm[3], double index[3]) {
    double from[3];
    for (int x = 0; x < 3; x++) from[x] = mm[x] - grid->origin_mm[x];
    for (int a = 0; a < 3; a++) index[a] = dot(from, grid->axis[a]) / grid->spacing_mm[a];
}
