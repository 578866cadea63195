/* SPDX-License-Identifier: Apache-2.0 */
/* The compared shapes of a course in words: which is the likeliest, what the next value should be, what would speak against it. */
#include "marker/marker.h"
#include "report/report.h"

#include <math.h>
#include <string.h>

/* Two values have a change but no shape. */
enum { LEAST_VALUES = 3, MOST_PLACES = 9 };

bool bfl_form_shown(bfl_arena *arena, const bfl_assessment *a, const bfl_marker *marker, bfl_form_fit *out) {
    if (marker->point_count < LEAST_VALUES || !bfl_marker_is_telling(marker)) return false;
    if (marker->shape == BFL_SHAPE_FALL_THEN_RISE) return false; /* none of the compared shapes falls and rises again */
    *out = bfl_forms_compare(arena, a->record, a->rulebook, marker);
    return out->fitted && out->value_count >= LEAST_VALUES;
}

/* The most probable shape after `best`. */
static bfl_form runner_up(const bfl_form_fit *fit) {
    bfl_form second = fit->best == BFL_FORM_STABLE ? BFL_FORM_FALL : BFL_FORM_STABLE;
    for (int form = 0; form < BFL_FORM_COUNT; form++)
        if ((bfl_form)form != fit->best && fit->probability[form] > fit->probability[second]) second = (bfl_form)form;
    return second;
}

static const char *shape(bfl_arena *arena, const bfl_form_fit *fit, bfl_form form) {
    return bfl_arena_printf(arena, "%s %s", bfl_say_spaced(arena, bfl_form_word(form)),
                            bfl_say_percent(arena, fit->probability[form]));
}

const char *bfl_say_form(bfl_arena *arena, const bfl_form_fit *fit) {
    const char *best = shape(arena, fit, fit->best);
    if (fit->named) return best;
    return bfl_arena_printf(arena, "%s or %s", best, shape(arena, fit, runner_up(fit)));
}

const char *bfl_say_digits(bfl_arena *arena, double value) {
    bfl_buf out = {.arena = arena};
    int places = value > 0 ? 2 - (int)floor(log10(value)) : 0;
    bfl_buf_double(&out, value, places < 0 ? 0 : places > MOST_PLACES ? MOST_PLACES : places);
    return bfl_buf_z(&out);
}

/* What a value of the canonical unit is multiplied with to stand in the unit it was reported in. */
static double reported(const bfl_record *record, const bfl_marker *marker, const char **unit) {
    const bfl_marker_point *last = &marker->points[marker->point_count - 1];
    *unit = marker->analyte->unit_count ? marker->analyte->units[0].text : "";
    if (last->derived || last->event.kind != BFL_EVENT_LAB || !record->labs[last->event.index].unit) return 1;
    *unit = record->labs[last->event.index].unit_text;
    return 1 / bfl_decimal_double(record->labs[last->event.index].unit->factor);
}

const char *bfl_say_next(bfl_arena *arena, const bfl_record *record, const bfl_marker *marker,
                         const bfl_form_fit *fit) {
    const char *unit;
    double factor = reported(record, marker, &unit);
    return bfl_arena_printf(arena, "%s (%s to %s) %s", bfl_say_digits(arena, fit->next * factor),
                            bfl_say_digits(arena, fit->next_low * factor),
                            bfl_say_digits(arena, fit->next_high * factor), unit);
}

const char *bfl_say_contradiction(bfl_arena *arena, const bfl_record *record, const bfl_marker *marker,
                                  const bfl_form_fit *fit) {
    const char *unit;
    double factor = reported(record, marker, &unit);
    bfl_buf out = {.arena = arena};
    if (fit->has_below) bfl_buf_addf(&out, "below %s", bfl_say_digits(arena, fit->below * factor));
    if (fit->has_above)
        bfl_buf_addf(&out, "%sabove %s", out.size ? " or " : "", bfl_say_digits(arena, fit->above * factor));
    return out.size ? bfl_buf_z(&out) : "-";
}

const char *bfl_say_liver_explains(bfl_arena *arena, const bfl_markers *markers) {
    static const char *const liver[] = {"cholestatic", "hepatocellular", "liver_metastasis"};
    if (markers->alp_bone) return "";
    for (size_t i = 0; i < markers->cause_count; i++) {
        const bfl_alp_cause *cause = &markers->causes[i];
        for (size_t k = 0; cause->present && k < sizeof liver / sizeof *liver; k++)
            if (strcmp(cause->id, liver[k]) == 0)
                return bfl_arena_printf(arena,
                                        "The shape of ALP says nothing of bone here: liver tests speak for its "
                                        "liver origin (%s)",
                                        cause->name);
    }
    return "";
}
