/* SPDX-License-Identifier: Apache-2.0 */
/* Stored voxels of any type and byte order as CT numbers or labels. */
#include "format/voxels.h"

#include <math.h>
#include <string.h>

size_t bfl_voxel_bytes(bfl_voxel_type type) {
    static const size_t BYTES[] = {1, 1, 2, 2, 4, 4, 4, 8};
    return BYTES[type];
}

size_t bfl_stored_bytes(const bfl_stored_volume *stored) {
    size_t bytes = 0;
    if (__builtin_mul_overflow(bfl_grid_voxels(&stored->grid), bfl_voxel_bytes(stored->type), &bytes)) return 0;
    return bytes;
}

/* The bytes of one voxel as a number, whatever this machine's own byte order. */
static uint64_t bits_at(const unsigned char *bytes, size_t size, bool big_endian) {
    uint64_t bits = 0;
    for (size_t b = 0; b < size; b++) bits |= (uint64_t)bytes[big_endian ? size - 1 - b : b] << (8 * b);
    return bits;
}

static double number_of(bfl_voxel_type type, uint64_t bits) {
    switch (type) {
    case BFL_VOXEL_I8: return (double)(int8_t)bits;
    case BFL_VOXEL_I16: return (double)(int16_t)bits;
    case BFL_VOXEL_I32: return (double)(int32_t)bits;
    case BFL_VOXEL_F32: {
        const uint32_t half = (uint32_t)bits;
        float value = 0;
        memcpy(&value, &half, sizeof value);
        return (double)value;
    }
    case BFL_VOXEL_F64: {
        double value = 0;
        memcpy(&value, &bits, sizeof value);
        return value;
    }
    case BFL_VOXEL_U8:
    case BFL_VOXEL_U16:
    case BFL_VOXEL_U32: break;
    }
    return (double)bits;
}

int16_t bfl_hu_of(double value) {
    if (!(value > BFL_NOT_MEASURED_HU)) return BFL_HU_NONE; /* NaN too */
    if (value < BFL_HU_LOWEST) return BFL_HU_LOWEST;
    if (value > BFL_HU_HIGHEST) return BFL_HU_HIGHEST;
    return (int16_t)lrint(value);
}

bfl_volume *bfl_stored_hu(bfl_arena *arena, const bfl_stored_volume *stored) {
    bfl_volume *volume = bfl_volume_room(arena, &stored->grid);
    const size_t voxels = bfl_grid_voxels(&stored->grid), size = bfl_voxel_bytes(stored->type);
    const unsigned char *bytes = (const unsigned char *)stored->data.data;
    for (size_t v = 0; v < voxels; v++)
        volume->hu[v] =
            bfl_hu_of(number_of(stored->type, bits_at(bytes + v * size, size, stored->big_endian)) * stored->slope +
                      stored->intercept);
    return volume;
}

bfl_mask *bfl_stored_mask(bfl_arena *arena, const bfl_stored_volume *stored) {
    bfl_mask *mask = bfl_mask_new(arena, &stored->grid);
    const size_t voxels = bfl_grid_voxels(&stored->grid), size = bfl_voxel_bytes(stored->type);
    const unsigned char *bytes = (const unsigned char *)stored->data.data;
    for (size_t v = 0; v < voxels; v++) {
        const double value =
            number_of(stored->type, bits_at(bytes + v * size, size, stored->big_endian)) * stored->slope +
            stored->intercept;
        mask->in[v] = value >= 255 ? 255 : value >= 0.5 ? (uint8_t)lrint(value) : 0;
    }
    return mask;
}
