/* SPDX-License-Identifier: Apache-2.0 */
/* The date asked for: nothing dated later is known on it, and what has no date is known once the last event is. */
#include "test.h"

#include "assess/assess.h"

static bfl_rulebook *rulebook;

static void add_note(bfl_builder *b, bfl_date date, const char *topic) {
    bfl_note *note = bfl_record_add_note(b);
    *note = (bfl_note){.date = date, .topic = topic, .value = "PR", .text = "", .source = {"notes.csv", 2, ""}};
}

/* Day 0 erlotinib, a CT on day 56, notes on day 40 and day 90 and without a date. */
static const bfl_record *small_record(bfl_arena *arena) {
    bfl_builder *b = bfl_record_begin(arena, "p");
    bfl_record_add_therapy(b, (bfl_date){0, 0, BFL_DATE_RELATIVE}, BFL_NO_DATE)->drug = "erlotinib";
    bfl_lesion *l = bfl_record_add_lesion(b, (bfl_date){56, 56, BFL_DATE_RELATIVE});
    *l = (bfl_lesion){.id = "a",
                      .site = "lung",
                      .organ = BFL_ORGAN_LUNG,
                      .role = BFL_ROLE_NON_TARGET,
                      .modality = BFL_MODALITY_CT,
                      .state = BFL_LESION_PRESENT,
                      .note = "",
                      .source = {"lesions.csv", 2, ""}};
    add_note(b, (bfl_date){40, 40, BFL_DATE_RELATIVE}, "response");
    add_note(b, (bfl_date){90, 90, BFL_DATE_RELATIVE}, "progression");
    add_note(b, BFL_NO_DATE, "comment");
    return bfl_record_seal(arena, b, NULL);
}

/* Notes known on a day; a negative day asks for no date. */
static size_t notes_known(const bfl_record *record, int32_t day) {
    bfl_assess_options options = {.struct_size = sizeof options, .has_as_of = day >= 0};
    options.as_of = (bfl_date){day, day, BFL_DATE_RELATIVE};
    bfl_assessment *a = NULL;
    CHECK_INT(bfl_assess(record, rulebook, &options, &a, NULL), BFL_OK);
    size_t count = a ? a->record->note_count : SIZE_MAX;
    bfl_assessment_free(a);
    return count;
}

static bfl_status body(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    (void)err;
    const bfl_record *record = small_record(arena);
    CHECK_INT(record->last_day, 56);
    CHECK_INT(notes_known(record, -1), 3);
    CHECK_INT(notes_known(record, 39), 0);
    CHECK_INT(notes_known(record, 55), 1); /* the undated one is not known before the last event */
    CHECK_INT(notes_known(record, 56), 2); /* the last event's day: the note of day 90 is still to come */
    CHECK_INT(notes_known(record, 89), 2);
    CHECK_INT(notes_known(record, 90), 3);
    return BFL_OK;
}

TEST(later_notes_are_not_known_yet) {
    CHECK_INT(bfl_rulebook_open((bfl_text){NULL, 0}, &rulebook, NULL), BFL_OK);
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, body, NULL, NULL), BFL_OK);
    bfl_arena_free(arena);
    bfl_rulebook_free(rulebook);
}

TEST_CASES(CASE(later_notes_are_not_known_yet))
