/* SPDX-License-Identifier: Apache-2.0 */
/*
 * figure: the drawing room. Numbers in, SVG as text out; no patients, no words of the clinic.
 *
 *   svg.h       scale.c: values to positions, ticks; label.c: widths of texts, labels; element.c: lines, texts, marks
 *   sheet.h     sheet.c: one figure on a sheet, its heading, legend, axes and notes; figure.css, palette.css: the look
 *   drawing.h   one file a kind: waterfall, swimmer, spider, curves (survival and incidence), courses, panels, forest
 *
 * Every kind is distinct without colour too: by dash, mark or hatch. A kind with nothing to draw says so.
 */
#ifndef BFL_FIGURE_FIGURE_H
#define BFL_FIGURE_FIGURE_H

#include "figure/drawing.h"
#include "figure/sheet.h"
#include "figure/svg.h"

#endif
