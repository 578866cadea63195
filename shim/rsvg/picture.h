/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SVG to PNG and PDF, and pages to a PDF, by librsvg and Cairo behind a C face. Both are opened when the first picture is drawn, so
 * that a program which draws none starts as fast as without them. What is allocated here is theirs, and outside every arena.
 */
#ifndef BFL_SHIM_PICTURE_H
#define BFL_SHIM_PICTURE_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum bfl_picture_kind { BFL_PICTURE_PNG, BFL_PICTURE_PDF } bfl_picture_kind;

typedef enum bfl_picture_state {
    BFL_PICTURE_DRAWN,
    BFL_PICTURE_NO_LIBRARY, /* librsvg or Cairo is not installed */
    BFL_PICTURE_NO_MEMORY,
    BFL_PICTURE_NOT_SVG /* librsvg refuses it, or it has no size */
} bfl_picture_state;

typedef struct bfl_picture {
    unsigned char *data;
    size_t size;
} bfl_picture;

/* Draws an SVG document. `scale`: pixels of a PNG for each unit of the drawing; a PDF has 96 units to the inch. On anything but
 * DRAWN *out is untouched. The same bytes at every call on one machine: fonts are the machine's. */
bfl_picture_state bfl_picture_draw(const char *svg, size_t size, bfl_picture_kind kind, double scale, bfl_picture *out);
/* The documents (each ending in NUL) as the pages of one PDF, all as large as the first. `title`: UTF-8, what a reader names the
 * file by. */
bfl_picture_state bfl_picture_book(const char *const *svgs, size_t count, const char *title, bfl_picture *out);
void bfl_picture_free(bfl_picture *picture);

#ifdef __cplusplus
}
#endif
#endif
