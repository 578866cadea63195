/* SPDX-License-Identifier: Apache-2.0 */
/* Elements of SVG as text. */
#include "figure/svg.h"

#include <math.h>

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

void bfl_svg_text_up(bfl_buf *out, const char *class_name, bfl_anchor anchor, double x, double y, const char *z) {
    static const char *const anchors[] = {"start", "middle", "end"};
    bfl_buf_addf(out, "<text class=\"%s\" text-anchor=\"%s\" transform=\"translate(", class_name, anchors[anchor]);
    bfl_svg_number(out, x);
    bfl_buf_add(out, " ");
    bfl_svg_number(out, y);
    bfl_buf_add(out, ") rotate(-90)\">");
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
    static const double star[] = {0, -1.35, 0.32,  -0.44, 1.28,  -0.42, 0.52,  0.17,  0.79,  1.09,
                                  0, 0.55,  -0.79, 1.09,  -0.52, 0.17,  -1.28, -0.42, -0.32, -0.44};
    static const double right[] = {1.25, 0, -0.75, 1.05, -0.75, -1.05};
    static const struct {
        const double *points;
        size_t count;
    } outlines[] = {[BFL_MARK_SQUARE] = {square, 4}, [BFL_MARK_DIAMOND] = {diamond, 4}, [BFL_MARK_UP] = {up, 3},
                    [BFL_MARK_DOWN] = {down, 3},     [BFL_MARK_CROSS] = {cross, 12},    [BFL_MARK_STAR] = {star, 10},
                    [BFL_MARK_RIGHT] = {right, 3}};
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

void bfl_svg_area(bfl_buf *out, const char *class_name, const double *x, const double *y, size_t count) {
    if (count == 0) return;
    bfl_buf_addf(out, "<path class=\"%s\" d=\"", class_name);
    for (size_t i = 0; i < count; i++) move(out, i ? "L" : "M", x[i], y[i]);
    bfl_buf_add(out, "Z\"/>");
}

void bfl_svg_hatch(bfl_buf *out, const char *class_name, double x, double y, double width, double height, double step,
                   bool rising) {
    if (!(width > 0) || !(height > 0)) return;
    bool any = false;
    for (double c = (floor((x + y) / step) + 1) * step; c < x + y + width + height; c += step) {
        double x1 = fmax(x, c - y - height), x2 = fmin(x + width, c - y);
        if (x2 - x1 < 0.3) continue;
        if (!any) bfl_buf_addf(out, "<path class=\"%s\" d=\"", class_name);
        any = true;
        move(out, "M", rising ? x1 : 2 * x + width - x1, c - x1);
        move(out, "L", rising ? x2 : 2 * x + width - x2, c - x2);
    }
    if (any) bfl_buf_add(out, "\"/>");
}
