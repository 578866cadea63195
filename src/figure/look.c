/* SPDX-License-Identifier: Apache-2.0 */
/* What a series looks like: the same colour, dash, mark and hatch wherever it is drawn. */
#include "figure/sheet.h"

typedef enum hatch { HATCH_NONE, HATCH_RISING, HATCH_FALLING, HATCH_CROSSED, HATCH_OPEN } hatch;

typedef struct appearance {
    bfl_mark mark;
    hatch hatch;
} appearance;

static const appearance looks[BFL_LOOKS] = {
    [BFL_LOOK_INK] = {BFL_MARK_DOT, HATCH_NONE},        [BFL_LOOK_BLUE] = {BFL_MARK_SQUARE, HATCH_NONE},
    [BFL_LOOK_RED] = {BFL_MARK_UP, HATCH_RISING},       [BFL_LOOK_GREEN] = {BFL_MARK_DIAMOND, HATCH_FALLING},
    [BFL_LOOK_PURPLE] = {BFL_MARK_DOWN, HATCH_CROSSED}, [BFL_LOOK_OCHRE] = {BFL_MARK_CROSS, HATCH_RISING},
    [BFL_LOOK_SKY] = {BFL_MARK_STAR, HATCH_FALLING},    [BFL_LOOK_GREY] = {BFL_MARK_RIGHT, HATCH_OPEN},
};

enum { HATCH_STEP = 6, LEAST_HATCHED = 3, LEAST_RIMMED = 3 };

bfl_look bfl_look_of(size_t index) { return (bfl_look)(index % BFL_LOOKS); }

bfl_mark bfl_look_mark(bfl_look look) { return looks[look].mark; }

const char *bfl_look_class(bfl_arena *arena, const char *kind, bfl_look look) {
    return bfl_arena_printf(arena, "%s c%d d%d", kind, (int)look, (int)look);
}

void bfl_look_bar(bfl_arena *arena, bfl_buf *out, bfl_look look, double x, double y, double width, double height,
                  const char *title) {
    hatch kind = width < LEAST_HATCHED || height < LEAST_HATCHED ? HATCH_NONE : looks[look].hatch;
    if (kind == HATCH_OPEN) {
        bfl_svg_rect(out, bfl_arena_printf(arena, "hollow c%d", (int)look), x + 0.6, y + 0.6, width - 1.2, height - 1.2,
                     0, title);
        return;
    }
    bfl_svg_rect(out, bfl_arena_printf(arena, "fill c%d", (int)look), x, y, width, height, 0, title);
    if (kind == HATCH_RISING || kind == HATCH_CROSSED)
        bfl_svg_hatch(out, "hatch", x, y, width, height, HATCH_STEP, true);
    if (kind == HATCH_FALLING || kind == HATCH_CROSSED)
        bfl_svg_hatch(out, "hatch", x, y, width, height, HATCH_STEP, false);
}

void bfl_look_mark_at(bfl_arena *arena, bfl_buf *out, const bfl_key *key, double x, double y, double size,
                      const char *title) {
    const char *kind = key->kind == BFL_KEY_OPEN_MARK ? "open" : size < LEAST_RIMMED ? "fill" : "mark";
    bfl_svg_mark(out, bfl_arena_printf(arena, "%s c%d", kind, (int)key->look), key->mark, x, y, size, title);
}
