/* SPDX-License-Identifier: Apache-2.0 */
/* Scales and their ticks. */
#include "figure/svg.h"

#include <math.h>

double bfl_axis_at(const bfl_axis *axis, double value) {
    double v = fmin(fmax(value, axis->from), axis->to);
    double part =
        axis->log ? log(v / axis->from) / log(axis->to / axis->from) : (v - axis->from) / (axis->to - axis->from);
    return axis->at_from + part * (axis->at_to - axis->at_from);
}

double bfl_folded_span(const bfl_folded_axis *axis) {
    double span = axis->axis.to - axis->axis.from;
    for (size_t i = 0; i < axis->fold_count; i++) span -= axis->folds[i].to - axis->folds[i].from;
    return span;
}

double bfl_folded_at(const bfl_folded_axis *axis, double value) {
    double v = fmin(fmax(value, axis->axis.from), axis->axis.to), whole = v - axis->axis.from, folded = 0;
    for (size_t i = 0; i < axis->fold_count; i++) {
        const bfl_fold *fold = &axis->folds[i];
        double inside = fmin(fmax(v - fold->from, 0), fold->to - fold->from);
        whole -= inside;
        folded += axis->fold_width * inside / (fold->to - fold->from);
    }
    double room = axis->axis.at_to - axis->axis.at_from - (double)axis->fold_count * axis->fold_width;
    return axis->axis.at_from + folded + room * whole / bfl_folded_span(axis);
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
    static const double within[] = {1, 2, 5}, closer[] = {1, 1.5, 2, 3, 5, 7};
    enum { FEW = 4, CLOSER = sizeof closer / sizeof *closer };
    if (!(from > 0) || !(to > from)) return (bfl_ticks){0};
    bfl_ticks ticks = log_ticks(arena, from, to, within, 3);
    if (ticks.count > most) return log_ticks(arena, from, to, within, 1);
    if (ticks.count >= FEW) return ticks;
    bfl_ticks more = log_ticks(arena, from, to, closer, CLOSER);
    return more.count <= most ? more : ticks;
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

/* ---- time ---- */

bfl_time_unit bfl_time_unit_for(double span_days) {
    if (span_days <= 182) return (bfl_time_unit){"days", 1};
    if (span_days <= 3652.5) return (bfl_time_unit){"months", 365.25 / 12};
    return (bfl_time_unit){"years", 365.25};
}

bfl_time_unit bfl_time_unit_of(const double *ticks, size_t count, double span_days) {
    bfl_time_unit unit = bfl_time_unit_for(span_days);
    for (size_t i = 0; i < count; i++) {
        double value = ticks[i] / unit.days;
        if (fabs(value - round(value)) > 1e-6) return (bfl_time_unit){"days", 1};
    }
    return unit;
}

bfl_ticks bfl_ticks_time(bfl_arena *arena, double from, double to, size_t most, bfl_time_unit unit) {
    static const int days[] = {1, 2, 7, 14, 28, 56, 84}, months[] = {1, 2, 3, 6, 12, 24, 60},
                     years[] = {1, 2, 5, 10, 20, 50, 100};
    enum { STEP_COUNT = sizeof days / sizeof *days };
    const int *steps = unit.days > 300 ? years : unit.days > 1 ? months : days;
    bfl_ticks ticks = {0};
    if (!(to > from) || most == 0) return ticks;
    double step = steps[0], span = (to - from) / unit.days;
    for (size_t i = 0; i < STEP_COUNT && span / step + 1 > (double)most; i++) step = steps[i];
    while (span / step + 1 > (double)most) step *= 2;
    double last = floor(to / unit.days / step + 1e-9);
    for (double i = ceil(from / unit.days / step - 1e-9); i <= last; i++)
        *BFL_PUSH(arena, &ticks) = i * step * unit.days;
    return ticks;
}

const char *bfl_tick_text(bfl_arena *arena, double value, double step) {
    int places = 0;
    for (double s = fabs(step); s > 0 && places < 3 && fabs(s - round(s)) > 1e-6 * s; s *= 10) places++;
    bfl_buf out = {.arena = arena};
    bfl_buf_double(&out, fabs(value), places);
    bool nothing = true;
    for (const char *z = bfl_buf_z(&out); *z; z++) nothing = nothing && (*z == '0' || *z == '.');
    return value < 0 && !nothing ? bfl_arena_printf(arena, "\xE2\x88\x92%s", bfl_buf_z(&out)) : bfl_buf_z(&out);
}
