/* SPDX-License-Identifier: Apache-2.0 */
/* A record as known on a day, the therapy in force, days and places in words. */
#include "record/rows.h"

static void history(void) {
    begin();
    bfl_record_patient(builder)->death = on("2019-09-01");
    drug("gefitinib", "2019-01-09", "2019-06-01");
    drug("osimertinib", "2019-06-02", "");
    drug("zoledronate", "2019-02-01", "");
    lesion("a", "2019-01-02", "30");
    lesion("a", "2019-02-21", "20");
    lesion("a", "2019-04", "18");
    lesion("b", "", "18");
    lab("ALP", "2019-02-21", "952", "U/L")->ref_high = whole(338);
    note("flare", "2019-02-21", "");
}

TEST(later_events_are_not_known_yet) {
    history();
    const bfl_record *all = seal_it(), *r = bfl_record_as_of(arena, all, 43);
    CHECK(r != all);
    CHECK_INT(r->lesion_count, 2);
    CHECK_INT(r->lab_count, 1);
    CHECK_INT(r->note_count, 1);
    CHECK_INT(r->therapy_count, 2);
    CHECK(!r->therapies[0].stop.known); /* nobody knew that it would stop */
    CHECK_INT(r->patient.death.precision, BFL_DATE_NONE);
    CHECK_INT(r->last_day, 43);
    CHECK_INT(r->issue_count, all->issue_count);
    CHECK_INT(bfl_record_as_of(arena, all, 42)->lesion_count, 1);
    CHECK_INT(bfl_record_as_of(arena, all, -8)->lesion_count, 0);
    CHECK_INT(bfl_record_as_of(arena, all, -8)->last_day, INT32_MIN);
    CHECK_INT(bfl_record_as_of(arena, all, 110)->lesion_count, 2); /* April counts from its last day, 111 */
    CHECK_INT(bfl_record_as_of(arena, all, 111)->lesion_count, 3);
    CHECK_INT(all->therapies[0].stop.known, true);
    end();
}

static void state(const char *item, const char *date, const char *value) {
    bfl_clinical *c = bfl_record_add_clinical(builder, on(date));
    c->item = item;
    c->value = value;
    c->source = at("clinical.csv");
}

/* Unfolded day by day, it is on each day what it is as of that day; the days with news are told. */
static int32_t days_that_unfold(const bfl_record *all, int32_t from, int32_t to) {
    bfl_unfolding *u = bfl_record_unfold(arena, all, from);
    int32_t count = 0;
    for (int32_t day = from, next = bfl_record_next_day(u); day <= to; day++) {
        const bfl_record *r = bfl_record_unfold_to(u, day), *as_of = bfl_record_as_of(arena, all, day);
        CHECK_INT(r->therapy_count, as_of->therapy_count);
        for (size_t i = 0; i < r->therapy_count; i++)
            CHECK_INT(r->therapies[i].stop.known, as_of->therapies[i].stop.known);
        CHECK_INT(r->lesion_count, as_of->lesion_count);
        CHECK_INT(r->lab_count, as_of->lab_count);
        CHECK_INT(r->clinical_count, as_of->clinical_count);
        for (size_t i = 0; i < r->clinical_count; i++) CHECK_TEXT(r->clinicals[i].value, as_of->clinicals[i].value);
        CHECK_INT(r->note_count, as_of->note_count);
        CHECK_INT(r->patient.death.precision, as_of->patient.death.precision);
        CHECK_INT(r->last_day, as_of->last_day);
        if (day != next) continue;
        next = bfl_record_next_day(u);
        count++;
    }
    CHECK_INT(bfl_record_next_day(u), INT32_MAX);
    return count;
}

TEST(a_record_unfolds_day_by_day) {
    history();
    CHECK_INT(days_that_unfold(seal_it(), -10, 300), 3); /* days -7 and 43, and the end of April */
    end();
    history();
    state("pain", "2019-03-01", "worse");
    state("ecog", "2019-02-21", "1");
    state("pain", "", "new");
    state("pain", "2019-02-01", "none");
    CHECK_INT(days_that_unfold(seal_it(), -10, 300), 5);
    end();
}

TEST(a_complete_record_is_itself) {
    begin();
    drug("gefitinib", "d0", "");
    lesion("a", "d41", "20");
    const bfl_record *r = seal_it();
    CHECK(bfl_record_as_of(arena, r, 41) == r);
    CHECK(bfl_record_as_of(arena, r, 40) != r);
    end();
}

TEST(the_therapy_in_force) {
    history();
    const bfl_record *r = seal_it();
    CHECK(bfl_record_therapy_on(r, -1) == NULL);
    CHECK_TEXT(bfl_record_therapy_on(r, 0)->drug, "gefitinib");
    CHECK_TEXT(bfl_record_therapy_on(r, 30)->drug, "gefitinib");  /* not the bone agent that started later */
    CHECK_TEXT(bfl_record_therapy_on(r, 143)->drug, "gefitinib"); /* the day of the stop is still covered */
    CHECK_TEXT(bfl_record_therapy_on(r, 144)->drug, "osimertinib");
    end();
    begin();
    drug("gefitinib", "d0", "d100");
    r = seal_it();
    CHECK(bfl_record_therapy_on(r, 101) == NULL);
    end();
}

TEST(days_in_words) {
    char z[32];
    history();
    const bfl_record *r = seal_it();
    CHECK_INT(bfl_record_format_day(r, 43, z, sizeof z), 10);
    CHECK_TEXT(z, "2019-02-21");
    end();
    begin();
    drug("gefitinib", "d0", "");
    r = seal_it();
    CHECK_INT(bfl_record_format_day(r, 43, z, sizeof z), 6);
    CHECK_TEXT(z, "day 43");
    CHECK_INT(bfl_record_format_day(r, 43, z, 4), 3);
    CHECK_TEXT(z, "day");
    end();
}

TEST(sources_of_events) {
    history();
    const bfl_record *r = seal_it();
    CHECK_TEXT(bfl_record_source(r, (bfl_event_ref){BFL_EVENT_LAB, 0}).file, "labs.csv");
    CHECK_TEXT(bfl_record_source(r, (bfl_event_ref){BFL_EVENT_THERAPY, 0}).file, "therapy.csv");
    CHECK_TEXT(bfl_record_source(r, (bfl_event_ref){BFL_EVENT_NOTE, 0}).file, "notes.csv");
    CHECK_TEXT(bfl_record_source(r, (bfl_event_ref){BFL_EVENT_LESION, 99}).file, "");
    end();
}

TEST(the_same_place) {
    CHECK(bfl_site_same("left 4th rib", " Left  4th\trib "));
    CHECK(bfl_site_same("", "  "));
    CHECK(!bfl_site_same("T5", "T4"));
    CHECK(!bfl_site_same("T1", "T11"));
}

/* Ids are compared as they are; without one, rows are of one lesion, or told apart by site and organ. */
TEST(rows_of_one_lesion_have_one_number) {
    begin();
    drug("gefitinib", "d0", "");
    lesion("b", "d1", "30");
    lesion("a", "d2", "30");
    lesion("b", "d3", "20");
    lesion("", "d4", "18")->site = "liver";
    lesion("", "d5", "18")->site = "lung";
    lesion("", "d6", "18")->site = "liver";
    const bfl_record *r = seal_it();
    size_t count = 0;
    const uint32_t *by_id = bfl_record_lesion_numbers(arena, r, false, &count);
    CHECK_INT(count, 3);
    CHECK(by_id[0] == 0 && by_id[1] == 1 && by_id[2] == 0 && by_id[3] == 2 && by_id[4] == 2 && by_id[5] == 2);
    const uint32_t *by_place = bfl_record_lesion_numbers(arena, r, true, &count);
    CHECK_INT(count, 4);
    CHECK(by_place[2] == 0 && by_place[3] == 2 && by_place[4] == 3 && by_place[5] == 2);
    bfl_arena_free(arena);
}

TEST_CASES(CASE(rows_of_one_lesion_have_one_number), CASE(later_events_are_not_known_yet),
           CASE(a_record_unfolds_day_by_day), CASE(a_complete_record_is_itself), CASE(the_therapy_in_force),
           CASE(days_in_words), CASE(sources_of_events), CASE(the_same_place))
