/* SPDX-License-Identifier: Apache-2.0 */
/* Findings and the lesions of a record: what is taken for what, and why not. */
#include "lesion/lesion.h"

#include "format/format.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

static const char HEADER[] =
    "patient,date,lesion,site,organ,role,matrix,modality,longest_mm,short_mm,state,change,hu_mean,suv_max,uptake,"
    "beyond_bone,soft_tissue_mm,count,slice_mm,note,source\n";

enum { MOST = 4 };

typedef struct trial {
    const char *rows, *overlay;
    bfl_finding findings[MOST];
    size_t count;
    bfl_ct *ct;
    bfl_rulebook *rules;
    bfl_arena *arena; /* of ct */
} trial;

static bfl_status body(bfl_arena *arena, void *context, bfl_error *err) {
    trial *t = context;
    bfl_study *study = NULL;
    const char *csv = bfl_arena_printf(arena, "%s%s", HEADER, t->rows);
    const bfl_table_bytes table = {"lesions.csv", bfl_text_of(csv)};
    bfl_status status = bfl_casefolder_parse(&table, 1, NULL, &study, err);
    if (status) return status;
    t->ct = BFL_NEW(arena, bfl_ct);
    *t->ct = (bfl_ct){.rulebook = t->rules, .finding_count = t->count};
    t->ct->findings = BFL_NEW_ARRAY(arena, MOST, bfl_finding);
    memcpy(t->ct->findings, t->findings, sizeof t->findings);
    t->ct->arena = bfl_arena_new();
    const bfl_record *record = bfl_study_record(study, 0);
    status = bfl_ct_match(t->ct, record, 17990 - record->day0_civil, 18048 - record->day0_civil, err);
    bfl_study_free(study);
    return status;
}

/* Runs a trial; the findings are then in t->findings. The record's days are 2019-04-04 and 2019-06-01. */
static void run(trial *t) {
    t->arena = bfl_arena_new();
    bfl_error err = {.status = BFL_OK};
    CHECK_INT(bfl_rulebook_open(bfl_text_of(t->overlay ? t->overlay : ""), &t->rules, NULL), BFL_OK);
    CHECK_INT(bfl_arena_run(t->arena, body, t, &err), BFL_OK);
    if (err.status) printf("# %s\n", err.message);
    memcpy(t->findings, t->ct->findings, sizeof t->findings);
}

static void done(const trial *t) {
    bfl_arena_free(t->ct->arena);
    bfl_arena_free(t->arena);
    bfl_rulebook_free(t->rules);
}

static bfl_finding at(double x, double longest, const char *place) {
    return (bfl_finding){.id = "ct1",
                         .words = "",
                         .place = place,
                         .before_mm = {x, 0, 0},
                         .longest_mm = longest,
                         .change_hu = 100,
                         .known_site = "",
                         .match = "",
                         .lesion = "ct1"};
}

static void check(const trial *t, size_t n, const char *lesion, bool known, const char *why) {
    const bfl_finding *f = &t->findings[n];
    CHECK_TEXT(f->lesion, lesion);
    CHECK_INT(f->known, known);
    if (!strstr(f->match, why)) printf("# %s\n", f->match);
    CHECK(strstr(f->match, why) != NULL);
}

#define PLACED(id, x)                                                                                  \
    "P,2019-04-04," id                                                                                 \
    ",\"left, back, 9 mm below the top of the scan\",bone,new,blastic,ct,12.0,,equivocal,,700,,,,,,3," \
    "\"new; at " x "/0.0/0.0 mm of this scan\",boneflare ct\n"

TEST(the_same_place) {
    trial t = {.rows = PLACED("ct4", "9.9") PLACED("ct2", "60.0"),
               .findings = {at(0, 30, "left, front, 1 mm"), at(49.9, 12, "left, front, 1 mm")},
               .count = 2};
    run(&t);
    check(&t, 0, "ct4", true, "the same place on the baseline scan, 10 mm apart (lesions.csv:2)");
    check(&t, 1, "ct5", false, "no lesion of the record fits it"); /* 10.1 mm off; ct5: the next free id */
    CHECK(t.findings[0].known_at_baseline);
    done(&t);
    t.overlay = "{\"ct.match.place\":{\"distance_mm\":10.2}}";
    run(&t);
    check(&t, 1, "ct2", true, "10 mm apart");
    done(&t);
}

#define NAMED(id, site, mm) "P,2019-04-01," id "," site ",bone,target,lytic,ct," mm ",,measured,,,,,,,,3,,report\n"

TEST(the_same_side_depth_and_size) {
    trial t = {.rows = NAMED("a", "left 4th rib", "20") NAMED("b", "sternum", "11") NAMED("c", "T5", "10")
                   NAMED("d", "skeleton", "12"),
               .findings = {at(0, 10, "left, front, 9 mm"), at(0, 12, "middle, front, 9 mm"),
                            at(0, 12, "middle, back, 9 mm"), at(0, 12, "right, back, 9 mm")},
               .count = 4};
    run(&t);
    check(&t, 0, "a", true, "the only lesion of that side, depth and size: left 4th rib, 20 mm (lesions.csv:2)");
    check(&t, 1, "b", true, "sternum, 11 mm (lesions.csv:3)");
    check(&t, 2, "c", true, "T5, 10 mm (lesions.csv:4)");
    check(&t, 3, "ct1", false, "no lesion of the record fits it");
    CHECK(t.findings[0].known_target && !t.findings[0].known_at_baseline);
    CHECK_TEXT(t.findings[0].known_site, "left 4th rib");
    done(&t);
    t.findings[0] = at(0, 9.9, "left, front, 9 mm"); /* more than half off */
    run(&t);
    check(&t, 0, "ct1", false, "no lesion of the record fits it");
    done(&t);
    t.overlay = "{\"ct.match.size\":{\"difference_fraction\":0.52}}";
    run(&t);
    check(&t, 0, "a", true, "the only lesion");
    done(&t);
}

/* Where both name a vertebra or a rib it must be the same one. */
TEST(the_same_number) {
    trial t = {
        .rows = NAMED("a", "left 4th rib", "12") NAMED("b", "Th8", "12") NAMED("c", "D11 vertebra", "12"),
        .findings = {at(0, 12, "left, back, 9 mm"), at(0, 12, "middle, back, 9 mm"), at(0, 12, "middle, back, 9 mm")},
        .count = 3};
    t.findings[0].site = "left rib 5, posterior";
    t.findings[1].site = "T8 vertebral body";
    t.findings[2].site = "T11 posterior elements";
    run(&t);
    check(&t, 0, "ct1", false, "no lesion of the record fits it");
    check(&t, 1, "b", true, "Th8, 12 mm (lesions.csv:3)");
    check(&t, 2, "c", true, "D11 vertebra, 12 mm (lesions.csv:4)");
    done(&t);
    t.findings[0] = at(0, 12, "left, back, 9 mm");
    t.findings[0].site = "left rib 4, posterior";
    t.findings[1] = at(0, 12, "middle, back, 9 mm"); /* without a name it could be either */
    t.findings[2] = at(0, 12, "middle, back, 9 mm");
    t.findings[2].site = "thoracic vertebral body, level uncertain";
    run(&t);
    check(&t, 0, "a", true, "left 4th rib, 12 mm");
    check(&t, 1, "ct1", false, "could be b or c");
    check(&t, 2, "ct2", false, "could be b or c");
    done(&t);
}

TEST(what_is_not_told_apart_is_not_matched) {
    trial t = {
        .rows = NAMED("a", "left 4th rib", "12") NAMED("b", "left scapula", "12") NAMED("ct6", "right ilium", "12"),
        .findings = {at(0, 12, "left, back, 9 mm"), at(0, 12, "right, back, 9 mm"), at(0, 13, "right, front, 9 mm")},
        .count = 3};
    run(&t);
    check(&t, 0, "ct7", false, "could be a or b: side, depth and size do not tell them apart");
    check(&t, 1, "ct8", false, "could be ct6"); /* two findings fit it */
    check(&t, 2, "ct9", false, "could be ct6");
    done(&t);
}

TEST(other_organs_and_later_days_do_not_count) {
    trial t = {.rows = "P,2019-04-01,a,left lung,lung,target,soft,ct,12,,measured,,,,,,,,3,,report\n"
                       "P,2019-06-02,b,left rib,bone,target,lytic,ct,12,,measured,,,,,,,,3,,report\n",
               .findings = {at(0, 12, "left, back, 9 mm")},
               .count = 1};
    run(&t);
    check(&t, 0, "ct1", false, "no lesion of the record fits it");
    CHECK_INT(bfl_ct_match(NULL, NULL, 0, 0, NULL), BFL_EINVAL);
    done(&t);
}

TEST_CASES(CASE(the_same_number), CASE(the_same_place), CASE(the_same_side_depth_and_size),
           CASE(what_is_not_told_apart_is_not_matched), CASE(other_organs_and_later_days_do_not_count))
