/* SPDX-License-Identifier: Apache-2.0 */
/* PNG (ISO/IEC 15948) of 8 bits a sample, grey or RGB, each row as the difference from the one above where that packs better. */
#include "format/voxels.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static void add_number(bfl_buf *out, uint32_t value) {
    const char bytes[4] = {(char)(value >> 24), (char)(value >> 16), (char)(value >> 8), (char)value};
    bfl_buf_add_text(out, (bfl_text){bytes, 4});
}

static void add_chunk(bfl_buf *out, const char type[4], bfl_text data) {
    add_number(out, (uint32_t)data.size);
    bfl_buf_add_text(out, (bfl_text){type, 4});
    bfl_buf_add_text(out, data);
    uLong sum = crc32(0, (const Bytef *)type, 4);
    sum = crc32(sum, (const Bytef *)data.data, (uInt)data.size);
    add_number(out, (uint32_t)sum);
}

static uint64_t cost(const uint8_t *row, size_t size) {
    uint64_t sum = 0;
    for (size_t i = 0; i < size; i++) sum += (uint64_t)abs((int8_t)row[i]);
    return sum;
}

/* Filters: 1 from the left, 2 from above; the one of smaller differences. */
static void filter(const uint8_t *row, const uint8_t *above, size_t size, size_t step, uint8_t *out, uint8_t *other) {
    out[0] = 1;
    for (size_t i = 0; i < size; i++) out[1 + i] = (uint8_t)(row[i] - (i >= step ? row[i - step] : 0));
    for (size_t i = 0; i < size; i++) other[i] = (uint8_t)(row[i] - (above ? above[i] : 0));
    if (cost(other, size) >= cost(out + 1, size)) return;
    out[0] = 2;
    memcpy(out + 1, other, size);
}

bfl_text bfl_png(bfl_arena *arena, const uint8_t *pixels, int32_t width, int32_t height, bool colour) {
    enum { GREY = 0, RGB = 2, DEPTH = 8 };
    const size_t step = colour ? 3 : 1, size = (size_t)width * step, rows = (size_t)height;
    bfl_buf out = {.arena = arena}, head = {.arena = arena};
    uint8_t *filtered = BFL_NEW_ARRAY(arena, rows * (size + 1), uint8_t), *other = BFL_NEW_ARRAY(arena, size, uint8_t);
    for (size_t r = 0; r < rows; r++)
        filter(pixels + r * size, r ? pixels + (r - 1) * size : NULL, size, step, filtered + r * (size + 1), other);
    add_number(&head, (uint32_t)width);
    add_number(&head, (uint32_t)height);
    bfl_buf_add_text(&head, (bfl_text){(const char[]){DEPTH, colour ? RGB : GREY, 0, 0, 0}, 5});
    bfl_buf_add_text(&out, (bfl_text){"\x89PNG\r\n\x1a\n", 8});
    add_chunk(&out, "IHDR", (bfl_text){head.data, head.size});
    add_chunk(&out, "IDAT", bfl_zlib(arena, (bfl_text){(const char *)filtered, rows * (size + 1)}));
    add_chunk(&out, "IEND", (bfl_text){"", 0});
    return (bfl_text){out.data, out.size};
}
