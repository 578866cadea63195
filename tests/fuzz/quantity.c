/* SPDX-License-Identifier: Apache-2.0 */
/* A laboratory row: analyte, value with its comparator, unit, range and method, one a line. Used or reported, never both silent. */
#include "fuzz.h"
#include "record/record.h"

static const char *next_line(bfl_arena *arena, bfl_text *rest) {
    return bfl_arena_text(arena, bfl_text_split(rest, '\n'));
}

static bfl_maybe next_number(bfl_arena *arena, bfl_text *rest) {
    bfl_maybe value = {0};
    value.present = bfl_decimal_parse(bfl_text_of(next_line(arena, rest)), &value.value, NULL) == BFL_OK;
    return value;
}

static void check_lab(const bfl_record *record) {
    PROMISE(record->lab_count == 1);
    const bfl_lab *lab = &record->labs[0];
    bool said = false;
    for (size_t i = 0; i < record->issue_count; i++) {
        const bfl_issue *issue = &record->issues[i];
        PROMISE(issue->code[0] && issue->action[0] && bfl_utf8_valid(bfl_text_of(issue->found), &(size_t){0}));
        said |= strcmp(issue->source.file, "labs.csv") == 0 && issue->severity == BFL_ISSUE_ERROR;
    }
    if (lab->usable) PROMISE(lab->analyte && lab->unit && lab->canonical.present && lab->word == BFL_LAB_NUMBER);
    if (!lab->usable && lab->word == BFL_LAB_NUMBER) PROMISE(said);
    if (lab->ref_low.present && lab->ref_high.present)
        PROMISE(bfl_decimal_compare(lab->ref_low.value, lab->ref_high.value) <= 0);
}

static bfl_status body(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    bfl_text rest = *(const bfl_text *)context;
    bfl_date date = {0, 0, BFL_DATE_RELATIVE};
    bfl_builder *builder = bfl_record_begin(arena, "p");
    bfl_therapy *therapy = bfl_record_add_therapy(builder, date, BFL_NO_DATE);
    therapy->drug = "gefitinib";
    therapy->source = (bfl_source){"therapy.csv", 2, ""};
    bfl_lab *lab = bfl_record_add_lab(builder, date);
    lab->source = (bfl_source){"labs.csv", 2, ""};
    lab->name = next_line(arena, &rest);
    lab->written = next_line(arena, &rest);
    lab->unit_text = next_line(arena, &rest);
    lab->ref_low = next_number(arena, &rest);
    lab->ref_high = next_number(arena, &rest);
    lab->method = next_line(arena, &rest);
    check_lab(bfl_record_seal(arena, builder, NULL));
    return BFL_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    bfl_text text = fuzz_text(data, size);
    bfl_arena *arena = bfl_arena_new();
    if (!arena) return 0;
    PROMISE(bfl_arena_run(arena, body, &text, NULL) == BFL_OK);
    bfl_arena_free(arena);
    return 0;
}
