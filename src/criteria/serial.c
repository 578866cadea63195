/* SPDX-License-Identifier: Apache-2.0 */
#include "criteria/serial.h"
#include "criteria/range.h"

typedef BFL_LIST(size_t) row_list;

bfl_serial bfl_serial_collect(bfl_arena *arena, const bfl_record *record, const char *analyte) {
    const bfl_analyte *wanted = bfl_analyte_find(bfl_text_of(analyte));
    row_list rows = {0};
    for (size_t i = 0; i < record->lab_count; i++) {
        const bfl_lab *lab = &record->labs[i];
        if (lab->analyte != wanted || !lab->usable || !lab->canonical.present) continue;
        if (lab->when.day <= 0) rows.count = 0;
        if (lab->when.day <= 0 || rows.count > 0) *BFL_PUSH(arena, &rows) = i;
    }
    return (bfl_serial){record, rows.items, rows.count};
}

bfl_decimal bfl_serial_value(const bfl_serial *s, size_t index) {
    return s->record->labs[s->rows[index]].canonical.value;
}

int32_t bfl_serial_day(const bfl_serial *s, size_t index) { return s->record->labs[s->rows[index]].when.day; }

size_t bfl_serial_known(const bfl_serial *s, int32_t day) {
    size_t known = 0;
    while (known < s->count && bfl_serial_day(s, known) <= day) known++;
    return known;
}

size_t bfl_serial_second(const bfl_serial *s, size_t index, size_t known, int32_t interval) {
    size_t k = index + 1;
    while (k < known && bfl_serial_day(s, k) - bfl_serial_day(s, index) < interval) k++;
    return k;
}

/* a * 100 >= percent * b, without a division. */
static bool at_least(bfl_decimal a, bfl_decimal percent, bfl_decimal b) {
    return bfl_decimal_compare(bfl_decimal_multiply(a, bfl_decimal_of(100)), bfl_decimal_multiply(b, percent)) >= 0;
}

bool bfl_serial_fallen(const bfl_serial *s, size_t index, bfl_decimal percent) {
    bfl_decimal baseline = bfl_serial_value(s, 0);
    return at_least(bfl_decimal_subtract(baseline, bfl_serial_value(s, index)), percent, baseline);
}

bool bfl_serial_risen(const bfl_serial *s, size_t index, bfl_decimal from, bfl_decimal percent) {
    return at_least(bfl_decimal_subtract(bfl_serial_value(s, index), from), percent, from);
}

void bfl_serial_say(bfl_arena *arena, const bfl_serial *s, const bfl_serial_verdict *verdict,
                    bfl_criterion_visit *visit) {
    visit->response = verdict->response;
    visit->word = verdict->word;
    if (!verdict->rule) return;
    bfl_reason_list reasons = {0};
    bfl_event_list events = {0};
    const bfl_lab *baseline = &s->record->labs[s->rows[0]];
    bfl_event_add(arena, &events, BFL_EVENT_LAB, s->rows[0]);
    bfl_event_add(arena, &events, BFL_EVENT_LAB, s->rows[verdict->at]);
    bfl_reason_add(arena, &reasons, verdict->rule, &events, "%s: baseline %s, day %d %s %s", verdict->word,
                   bfl_decimal_z(arena, bfl_serial_value(s, 0), -1), (int)bfl_serial_day(s, verdict->at),
                   bfl_decimal_z(arena, bfl_serial_value(s, verdict->at), -1), baseline->analyte->units[0].text);
    visit->reasons = reasons.items;
    visit->reason_count = reasons.count;
}

const bfl_criterion_visit *bfl_serial_visits(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                             const bfl_visits *visits, const char *analyte, bfl_serial_judge judge) {
    bfl_serial s = bfl_serial_collect(arena, record, analyte);
    bfl_criterion_visit *out = BFL_NEW_ARRAY(arena, visits->count, bfl_criterion_visit);
    for (size_t i = 0; i < visits->count; i++) out[i].day = visits->items[i].day;
    if (s.count < 2) return out;
    bfl_ranges ranges = bfl_ranges_of(arena, record, rulebook);
    bfl_limit limit = bfl_range_upper(&ranges, &record->labs[s.rows[0]]);
    bfl_serial_course course = {&s, rulebook, limit.value.value};
    for (size_t i = 1; i < visits->count; i++) {
        bfl_serial_verdict v = {.response = BFL_RESPONSE_NE, .word = "NE"};
        if (limit.value.present) v = judge(&course, out[i].day);
        bfl_serial_say(arena, &s, &v, &out[i]);
    }
    return out;
}
