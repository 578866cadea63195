/* SPDX-License-Identifier: Apache-2.0 */
#include "report/svg.h"
#include "report/report.h"

#include <math.h>
#include <string.h>
#include <utf8proc.h>

/* ---- scales and ticks ---- */

double bfl_axis_at(const bfl_axis *axis, double value) {
    double v = fmin(fmax(value, axis->from), axis->to);
    double part =
        axis->log ? log(v / axis->from) / log(axis->to / axis->from) : (v - axis->from) / (axis->to - axis->from);
    return axis->at_from + part * (axis->at_to - axis->at_from);
}

bfl_ticks bfl_ticks_linear(bfl_arena *arena, double from, double to, int want) {
    bfl_ticks ticks = {0};
    if (!(to > from) || want < 1) return ticks;
    double rough = (to - from) / want, power = pow(10, floor(log10(rough))), step = power;
    if (rough > 5 * power)
        step = 10 * power;
    else if (rough > 2 * power)
        step = 5 * power;
    else if (rough > power)
        step = 2 * power;
    long long last = (long long)floor(to / step + 1e-9);
    for (long long i = (long long)ceil(from / step - 1e-9); i <= last; i++) *BFL_PUSH(arena, &ticks) = (double)i * step;
    return ticks;
}

static bfl_ticks log_ticks(bfl_arena *arena, double from, double to, const double *within, size_t count) {
    bfl_ticks ticks = {0};
    int last = (int)floor(log10(to));
    for (int decade = (int)floor(log10(from)); decade <= last; decade++)
        for (size_t i = 0; i < count; i++) {
            double value = within[i] * pow(10, decade);
            if (value >= from * (1 - 1e-9) && value <= to * (1 + 1e-9)) *BFL_PUSH(arena, &ticks) = value;
        }
    return ticks;
}

bfl_ticks bfl_ticks_log(bfl_arena *arena, double from, double to, size_t most) {
    static const double within[] = {1, 2, 5};
    if (!(from > 0) || !(to > from)) return (bfl_ticks){0};
    bfl_ticks ticks = log_ticks(arena, from, to, within, 3);
    return ticks.count <= most ? ticks : log_ticks(arena, from, to, within, 1);
}

bfl_ticks bfl_ticks_days(bfl_arena *arena, int32_t from, int32_t to, size_t most) {
    static const int32_t steps[] = {7, 14, 28, 56, 84, 182, 364, 728, 1820, 3640};
    enum { STEP_COUNT = sizeof steps / sizeof *steps };
    bfl_ticks ticks = {0};
    if (to <= from || most == 0) return ticks;
    int64_t step = steps[0], span = (int64_t)to - from;
    for (size_t i = 0; i < STEP_COUNT && span / step + 1 > (int64_t)most; i++) step = steps[i];
    while (span / step + 1 > (int64_t)most) step *= 2;
    int64_t first = from >= 0 ? (from + step - 1) / step : -(-(int64_t)from / step);
    for (int64_t i = first; i * step <= to; i++) *BFL_PUSH(arena, &ticks) = (double)(i * step);
    return ticks;
}

/* ---- labels ---- */

/* Do the texts keep apart, and does no line from the later mark down to its label run through the earlier text? */
static bool clear_of(const bfl_label *earlier, const bfl_label *later, double gap) {
    double end = earlier->left + earlier->width + gap;
    bool apart = end <= later->left || later->left + later->width + gap <= earlier->left;
    if (earlier->lane == later->lane) return apart;
    return earlier->lane > later->lane || end <= later->at || later->at + gap <= earlier->left;
}

int bfl_labels_place(bfl_label *labels, size_t count, double min, double max, double gap) {
    int lanes = 0;
    for (size_t i = count; i-- > 0;) {
        bfl_label *label = &labels[i];
        label->left = fmax(min, fmin(label->at, max - label->width));
        bool placed = false;
        for (label->lane = 0; !placed; label->lane += !placed) {
            placed = true;
            for (size_t k = i + 1; k < count && placed; k++) placed = clear_of(label, &labels[k], gap);
        }
        if (label->lane >= lanes) lanes = label->lane + 1;
    }
    return lanes;
}

void bfl_labels_spread(double *positions, size_t count, double gap, double min, double max) {
    double floor_at = min;
    for (size_t i = 0; i < count; i++) {
        positions[i] = fmax(positions[i], floor_at);
        floor_at = positions[i] + gap;
    }
    double ceiling = max;
    for (size_t i = count; i-- > 0;) {
        positions[i] = fmin(positions[i], ceiling);
        ceiling = positions[i] - gap;
    }
}

/* Advance widths of DejaVu Sans, the widest face a page is likely to meet, in hundredths of the size, for ' ' to '~'. */
static const unsigned char advances[] = {32, 41, 46, 84, 64, 95, 78, 28, 40, 40, 50, 84, 32, 37,  32, 34, 64, 64, 64,
                                         64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 54, 100, 69, 69, 70, 78, 64,
                                         58, 78, 76, 30, 30, 66, 56, 87, 75, 79, 61, 79, 70, 64,  62, 74, 69, 99, 69,
                                         62, 69, 40, 34, 40, 84, 50, 50, 62, 64, 55, 64, 62, 36,  64, 64, 28, 28, 58,
                                         28, 98, 64, 62, 64, 64, 42, 53, 40, 64, 60, 82, 60, 60,  53, 64, 34, 64, 84};

static size_t character(const char *z, double *advance) {
    utf8proc_int32_t code = 0;
    utf8proc_ssize_t size = utf8proc_iterate((const utf8proc_uint8_t *)z, -1, &code);
    if (size <= 0) {
        *advance = 1;
        return 1;
    }
    if (code >= ' ' && code <= '~')
        *advance = advances[code - ' '] / 100.0;
    else
        *advance = utf8proc_charwidth(code) * 0.65;
    return (size_t)size;
}

double bfl_svg_text_width(const char *z, double size) {
    double width = 0;
    while (*z) {
        double advance = 0;
        z += character(z, &advance);
        width += advance;
    }
    return width * size;
}

const char *bfl_svg_fit(bfl_arena *arena, const char *z, double size, double width) {
    if (bfl_svg_text_width(z, size) <= width) return z;
    double used = 0, room = width / size - 1; /* the ellipsis is one em wide */
    size_t cut = 0;
    while (z[cut]) {
        double advance = 0;
        size_t bytes = character(z + cut, &advance);
        if (used + advance > room) break;
        used += advance;
        cut += bytes;
    }
    while (cut && z[cut - 1] == ' ') cut--;
    return bfl_arena_printf(arena, "%.*s…", (int)cut, z);
}

/* ---- elements ---- */

void bfl_svg_number(bfl_buf *out, double value) { bfl_buf_double(out, value, 1); }

static void attribute(bfl_buf *out, const char *name, double value) {
    bfl_buf_addf(out, " %s=\"", name);
    bfl_svg_number(out, value);
    bfl_buf_add(out, "\"");
}

/* Ends an element: with its title inside when there is one. */
static void finish(bfl_buf *out, const char *element, const char *title) {
    if (!title) {
        bfl_buf_add(out, "/>");
        return;
    }
    bfl_buf_add(out, "><title>");
    bfl_html_text(out, title);
    bfl_buf_addf(out, "</title></%s>", element);
}

void bfl_svg_line(bfl_buf *out, const char *class_name, double x1, double y1, double x2, double y2) {
    bfl_buf_addf(out, "<line class=\"%s\"", class_name);
    attribute(out, "x1", x1);
    attribute(out, "y1", y1);
    attribute(out, "x2", x2);
    attribute(out, "y2", y2);
    finish(out, "line", NULL);
}

void bfl_svg_rect(bfl_buf *out, const char *class_name, double x, double y, double width, double height, double round,
                  const char *title) {
    bfl_buf_addf(out, "<rect class=\"%s\"", class_name);
    attribute(out, "x", x);
    attribute(out, "y", y);
    attribute(out, "width", fmax(width, 0));
    attribute(out, "height", fmax(height, 0));
    if (round > 0) attribute(out, "rx", round);
    finish(out, "rect", title);
}

void bfl_svg_text(bfl_buf *out, const char *class_name, bfl_anchor anchor, double x, double y, const char *z) {
    static const char *const anchors[] = {"start", "middle", "end"};
    bfl_buf_addf(out, "<text class=\"%s\" text-anchor=\"%s\"", class_name, anchors[anchor]);
    attribute(out, "x", x);
    attribute(out, "y", y);
    bfl_buf_add(out, ">");
    bfl_html_text(out, z);
    bfl_buf_add(out, "</text>");
}

static void move(bfl_buf *out, const char *command, double x, double y) {
    bfl_buf_add(out, command);
    bfl_svg_number(out, x);
    bfl_buf_add(out, " ");
    bfl_svg_number(out, y);
}

static void mark_outline(bfl_buf *out, bfl_mark mark, double x, double y, double r) {
    static const double square[] = {-0.88, -0.88, 0.88, -0.88, 0.88, 0.88, -0.88, 0.88};
    static const double diamond[] = {0, -1.25, 1.25, 0, 0, 1.25, -1.25, 0};
    static const double up[] = {0, -1.15, 1.1, 0.85, -1.1, 0.85};
    static const double down[] = {0, 1.15, 1.1, -0.85, -1.1, -0.85};
    static const double cross[] = {-0.4, -1.1, 0.4,  -1.1, 0.4,  -0.4, 1.1,  -0.4, 1.1,  0.4,  0.4,  0.4,
                                   0.4,  1.1,  -0.4, 1.1,  -0.4, 0.4,  -1.1, 0.4,  -1.1, -0.4, -0.4, -0.4};
    static const struct {
        const double *points;
        size_t count;
    } outlines[] = {[BFL_MARK_SQUARE] = {square, 4},
                    [BFL_MARK_DIAMOND] = {diamond, 4},
                    [BFL_MARK_UP] = {up, 3},
                    [BFL_MARK_DOWN] = {down, 3},
                    [BFL_MARK_CROSS] = {cross, 12}};
    for (size_t i = 0; i < outlines[mark].count; i++)
        move(out, i ? "L" : "M", x + r * outlines[mark].points[2 * i], y + r * outlines[mark].points[2 * i + 1]);
    bfl_buf_add(out, "Z");
}

void bfl_svg_mark(bfl_buf *out, const char *class_name, bfl_mark mark, double x, double y, double size,
                  const char *title) {
    if (mark == BFL_MARK_DOT) {
        bfl_buf_addf(out, "<circle class=\"%s\"", class_name);
        attribute(out, "cx", x);
        attribute(out, "cy", y);
        attribute(out, "r", size);
        finish(out, "circle", title);
        return;
    }
    bfl_buf_addf(out, "<path class=\"%s\" d=\"", class_name);
    mark_outline(out, mark, x, y, size);
    bfl_buf_add(out, "\"");
    finish(out, "path", title);
}

void bfl_svg_path(bfl_buf *out, const char *class_name, const double *x, const double *y, const bool *gap,
                  size_t count) {
    if (count == 0) return;
    bfl_buf_addf(out, "<path class=\"%s\" d=\"", class_name);
    for (size_t i = 0; i < count; i++) move(out, i == 0 || (gap && gap[i]) ? "M" : "L", x[i], y[i]);
    bfl_buf_add(out, "\"/>");
}
