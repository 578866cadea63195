/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Real serial values, when ../shared/data is there: cholestatic liver disease must not be called bone healing, even if an
 * anticancer drug is made up for the patient; and people without cancer show how often noise alone raises an alarm.
 */
#include "patient.h"

#include <stdlib.h>

enum { MAX_FIELDS = 24, MAX_BYTES = 16 * 1024 * 1024 };

/* A file beside the repository; empty when it is not there. */
static bfl_text shared_file(bfl_arena *arena, const char *name) {
    const char *here = __FILE__, *root = strstr(here, "tests/unit/");
    bfl_text text = {"", 0};
    char *path = bfl_arena_printf(arena, "%.*s../shared/data/%s", root ? (int)(root - here) : 0, here, name);
    if (bfl_file_read(arena, path, MAX_BYTES, &text, NULL) != BFL_OK) return (bfl_text){"", 0};
    return text;
}

/* Fields of one line; quotes are dropped, and no field of these files holds a comma. */
static size_t fields_of(bfl_arena *arena, bfl_text line, const char **fields) {
    size_t count = 0;
    while (line.size > 0 && count < MAX_FIELDS) {
        bfl_text field = bfl_text_trim(bfl_text_split(&line, ','));
        if (field.size >= 2 && field.data[0] == '"') field = (bfl_text){field.data + 1, field.size - 2};
        fields[count++] = bfl_arena_text(arena, field);
    }
    return count;
}

static bfl_text rows; /* lines of one patient */
static bool treated;
static int positions[8]; /* of the columns the readers below need */

static void add_value(patient *p, int on, const char *analyte, const char *value, const char *unit, const char *high) {
    if (*value && strcmp(value, "NA") != 0) (void)lab(p, on, analyte, value, unit, "", high);
}

/* id, futime, status, trt, age, sex, day, ..., bili, chol, albumin, alk.phos, ast. The range is not in the file: 120 is assumed. */
static void write_pbc(patient *p) {
    bfl_text rest = rows;
    if (treated) drug(p, "gefitinib", 0);
    while (rest.size > 0) {
        const char *f[MAX_FIELDS] = {0};
        if (fields_of(p->arena, bfl_text_split(&rest, '\n'), f) < 16) continue;
        int on = atoi(f[6]);
        add_value(p, on, "BIL", f[11], "mg/dL", "1.2");
        add_value(p, on, "ALP", f[14], "U/L", "120");
        add_value(p, on, "AST", f[15], "U/L", "40");
    }
}

static void write_sdtm(patient *p) {
    bfl_text rest = rows;
    if (treated) drug(p, "gefitinib", 0);
    while (rest.size > 0) {
        const char *f[MAX_FIELDS] = {0};
        if (fields_of(p->arena, bfl_text_split(&rest, '\n'), f) <= (size_t)positions[5] || !*f[positions[5]]) continue;
        (void)lab(p, atoi(f[positions[5]]), f[positions[0]], f[positions[1]], f[positions[2]], f[positions[3]],
                  f[positions[4]]);
    }
}

typedef struct tally {
    int patients, raised, healing, progression, cholestatic, hepatocellular, any;
    int courses, named[BFL_FORM_COUNT]; /* of ALP, of three values or more */
} tally;

static void count(tally *t, const patient *p) {
    t->patients++;
    t->raised += p->markers->alp_raised;
    t->healing += cause(p, "bone_healing")->present;
    t->progression += cause(p, "bone_progression")->present;
    t->cholestatic += cause(p, "cholestatic")->present;
    t->hepatocellular += cause(p, "hepatocellular")->present;
    t->any += p->markers->cause_count && p->markers->causes[0].present;
    const bfl_marker *alp = course(p, "ALP");
    bfl_form_fit fit = {.fitted = false};
    if (alp->point_count < 3) return;
    CHECK(bfl_marker_compare(p->record, p->rulebook, alp, &fit, NULL) == BFL_OK);
    t->courses++;
    t->named[fit.best] += fit.named;
}

static void show(const char *name, const tally *t) {
    printf("# %s: %d patients, ALP raised in %d, a cause named in %d; bone_healing %d, bone_progression %d, "
           "cholestatic %d, hepatocellular %d\n",
           name, t->patients, t->raised, t->any, t->healing, t->progression, t->cholestatic, t->hepatocellular);
    printf("# %d courses of ALP: stable %d, fall %d, rise %d, rise then fall %d, step %d\n", t->courses,
           t->named[BFL_FORM_STABLE], t->named[BFL_FORM_FALL], t->named[BFL_FORM_RISE], t->named[BFL_FORM_RISE_FALL],
           t->named[BFL_FORM_STEP]);
}

/* Assesses the patients of a file that is sorted by the field `id_field`. */
static tally assess_all(bfl_text file, int id_field, void (*write)(patient *p)) {
    tally t = {0};
    bfl_text rest = file;
    (void)bfl_text_split(&rest, '\n');
    while (rest.size > 0) {
        const char *begin = rest.data;
        bfl_text first = {"", 0};
        while (rest.size > 0) {
            bfl_text ahead = rest, line = bfl_text_split(&ahead, '\n'), id = line, whole = line;
            for (int i = 0; i <= id_field; i++) id = bfl_text_split(&whole, ',');
            if (first.size && !bfl_text_equal(first, id)) break;
            first = id;
            rest = ahead;
        }
        rows = (bfl_text){begin, (size_t)(rest.data - begin)};
        patient p = patient_of(write);
        count(&t, &p);
        patient_forget(&p);
    }
    return t;
}

typedef struct shared {
    const char *name;
    bfl_text text;
} shared;

static bfl_status read_body(bfl_arena *arena, void *context, bfl_error *err) {
    shared *s = context;
    (void)err;
    s->text = shared_file(arena, s->name);
    return BFL_OK;
}

TEST(cholestatic_disease_is_not_bone_healing) {
    shared s = {"real/pbcseq.csv", {"", 0}};
    bfl_arena *arena = bfl_arena_new();
    CHECK(bfl_arena_run(arena, read_body, &s, NULL) == BFL_OK);
    for (int i = 0; i < 2 && s.text.size; i++) {
        treated = i == 1;
        tally t = assess_all(s.text, 0, write_pbc);
        show(treated ? "pbcseq, as if on gefitinib" : "pbcseq", &t);
        CHECK_INT(t.patients, 312);
        CHECK(t.raised > 250);
        CHECK_INT(t.healing, 0);
        CHECK_INT(t.progression, 0);
    }
    if (!s.text.size) printf("# ../shared/data/real/pbcseq.csv is not there\n");
    bfl_arena_free(arena);
}

static void find_positions(bfl_arena *arena, bfl_text file) {
    static const char *const wanted[] = {"LBTESTCD", "LBORRES", "LBORRESU", "LBORNRLO", "LBORNRHI", "LBDY"};
    const char *f[MAX_FIELDS] = {0};
    size_t n = fields_of(arena, bfl_text_split(&file, '\n'), f);
    for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++)
        for (size_t i = 0; i < n; i++)
            if (strcmp(f[i], wanted[k]) == 0) positions[k] = (int)i;
}

static bfl_status sdtm_body(bfl_arena *arena, void *context, bfl_error *err) {
    shared *s = context;
    (void)err;
    s->text = shared_file(arena, s->name);
    find_positions(arena, s->text);
    return BFL_OK;
}

TEST(people_without_cancer) {
    shared s = {"sdtm/lb_liver_bone.csv", {"", 0}};
    bfl_arena *arena = bfl_arena_new();
    CHECK(bfl_arena_run(arena, sdtm_body, &s, NULL) == BFL_OK);
    for (int i = 0; i < 2 && s.text.size; i++) {
        treated = i == 1;
        tally t = assess_all(s.text, 2, write_sdtm);
        show(treated ? "lb_liver_bone, as if on gefitinib" : "lb_liver_bone", &t);
        CHECK_INT(t.patients, 254);
        /* With a made-up drug a rise and fall of chance looks like healing: at most one in fifty. */
        CHECK(t.healing * 50 <= (treated ? t.patients : 0));
        CHECK_INT(t.progression, 0);
    }
    if (!s.text.size) printf("# ../shared/data/sdtm/lb_liver_bone.csv is not there\n");
    bfl_arena_free(arena);
}

TEST_CASES(CASE(cholestatic_disease_is_not_bone_healing), CASE(people_without_cancer))
